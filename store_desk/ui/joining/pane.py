"""The first run's last step for a desk that joins a head office: the form, or later."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.services.office import Joined
from store_desk.ui.joining.form import JoinForm
from store_desk.ui.language import Language
from store_desk.ui.office.link import Join
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import Lane

WIDTH = 560


class JoinPane(QWidget):
    """Signals: ended(Joined, or None when it is to be done later)."""

    ended = Signal(object)

    def __init__(self, language: Language, join: Join, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._title, self._caption = TextLabel("", "display"), TextLabel("", "body", "text2", wrap=True)
        self.form = JoinForm(language, join, lane)
        self.later = Button(" ", kind="ghost", size="large")
        self.setFixedWidth(WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.later)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._caption)
        column.addSpacing(16)
        column.addWidget(self.form)
        column.addLayout(row)
        column.addStretch(1)
        self.form.joined.connect(self._on_joined)
        self.form.busy_changed.connect(self.later.setDisabled)
        self.later.clicked.connect(self._on_later)
        self.setFocusProxy(self.form)
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_joining.pane"))
        self._caption.set_text(say("ui_joining.pane.caption"))
        self.later.set_text(say("ui_joining.pane.later"))

    def _on_joined(self, joined: Joined) -> None:
        self.ended.emit(joined)

    def _on_later(self) -> None:
        self.ended.emit(None)
