"""The frame of the Approvals page: the column of the queue, and the head over the exceptions."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.slip import Both
from store_desk.ui.approvals.queue import QueueList
from store_desk.ui.bench import Bench
from store_desk.ui.parts.areas import Hairline
from store_desk.ui.parts.choices import Segmented
from store_desk.ui.parts.text import TextLabel


class QueueSide(QWidget):
    """The tabs over the queue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = Segmented((), stretch=True)
        self.list = QueueList()
        tabs = QVBoxLayout()
        tabs.setContentsMargins(20, 14, 20, 14)
        tabs.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tabs)
        column.addWidget(Hairline())
        column.addWidget(self.list, 1)


class ExceptionsHead(QWidget):
    """Title, store, tabs, and the sentence that exceptions block nothing."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.tabs = Segmented(())
        self._title, self._sub = TextLabel("", "title"), TextLabel("", "small", "text2")
        self._inform = TextLabel("", "small", "text2")
        row = QHBoxLayout()
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self._inform)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        self._column.addWidget(self._title)
        self._column.addWidget(self._sub)
        self._column.addSpacing(14)
        self._column.addLayout(row)

    def set_pad(self, pad: int) -> None:
        """The padding at both sides."""
        self._column.setContentsMargins(pad, 22, pad, 0)

    def reread(self) -> None:
        """All words again."""
        say = self._bench.language.say
        identity = self._bench.desk.identity
        store = self._bench.language.of(Both(identity.store_name, identity.store_name_other))
        self._title.set_text(say("ui_approvals.page"))
        self._sub.set_text(say("ui_approvals.page.sub", store=store))
        self._inform.set_text(say("ui_approvals.only_inform"))
