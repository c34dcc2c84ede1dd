"""The part of a ticket that scrolls: what is still owed, its files, and the events."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from store_desk.domain.money import format_minor
from store_desk.domain.obligations import CLOSED_STATES, Obligation
from store_desk.ui.bench import Bench
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.events import EventRow, events_of
from store_desk.ui.desk.files import FileRow, FilesBlock, recordings_of
from store_desk.ui.desk.moments import Moments
from store_desk.ui.parts.parts import PlanRow
from store_desk.ui.parts.text import TextLabel

OWING_ROW = 40
OWING_ICONS = {
    "return_compensation": "coins",
    "void_code": "gift",
    "pay_fee": "coins",
    "refund_to_customer": "coins",
    "recall_goods": "truck",
    "stop_visit": "calendar-clock",
    "stop_work": "circle-pause",
    "release_parts": "package",
    "hand_back_item": "package-check",
    "remedy": "gift",
    "call_customer": "phone",
    "improve": "trending-up",
    "resume": "rotate-cw",
}


class Story(QScrollArea):
    """Loose ends and files above, events below. Arrow keys scroll it when it has the focus.

    Signal: file_asked(attachment id).
    """

    file_asked = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(0)
        self.viewport().setAutoFillBackground(False)
        self._shown = ""
        self._pad = 0
        self._top: QWidget | None = None
        self.verticalScrollBar().rangeChanged.connect(self.on_range)

    def set_top(self, top: QWidget) -> None:
        """A part that stands above everything else and lives on when another ticket is shown."""
        self._top = top

    def set_pad(self, pad: int) -> None:
        """How far the words stay away from the right edge, with or without the scroll bar."""
        self._pad = pad
        self.on_range()

    def on_range(self) -> None:
        """The scroll bar came or went."""
        body = self.widget()
        layout = body.layout() if body is not None else None
        if layout is not None:
            bar = self.verticalScrollBar()
            layout.setContentsMargins(0, 18, self._pad - (bar.sizeHint().width() if bar.maximum() else 0), 12)

    def show_story(self, opened: Opened, moments: Moments) -> None:
        """Shows the ticket's loose ends and events; the place is kept while it is the same ticket."""
        say = self._bench.language.say
        body = QWidget()
        body.setAutoFillBackground(False)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 18, self._pad, 12)
        column.setSpacing(0)
        if self._top is not None:
            # The old body is deleted with all that is in it.
            column.addWidget(self._top)
        owing = [item for item in opened.view.obligations if item.state not in CLOSED_STATES]
        if owing:
            column.addWidget(TextLabel(say("ui_desk.owing.title"), "heading"))
            column.addSpacing(4)
            for place, item in enumerate(owing):
                column.addWidget(self._owing_row(item, opened, moments, line=place < len(owing) - 1))
            column.addSpacing(16)
        focused = QApplication.focusWidget()
        kept_row = focused.id() if isinstance(focused, FileRow) and self.isAncestorOf(focused) else ""
        files = None
        if opened.files or recordings_of(opened):
            files = FilesBlock(self._bench, opened, moments)
            files.asked.connect(self.file_asked)
            column.addWidget(files)
        events = events_of(opened, language=self._bench.language, moments=moments)
        head = QHBoxLayout()
        head.addWidget(TextLabel(say("ui_desk.events.title"), "heading"))
        head.addStretch(1)
        head.addWidget(TextLabel(say("ui_desk.events.count", n=len(events)), "caption", "text2"))
        column.addLayout(head)
        column.addSpacing(4)
        for place, words in enumerate(events):
            row = EventRow(words, newest=place == 0, last=place == len(events) - 1, full=moments.full(words.at))
            column.addWidget(row)
        column.addStretch(1)
        self.setAccessibleName(say("ui_desk.events.title"))
        kept = self.verticalScrollBar().value() if self._shown == opened.view.line.ticket.id else 0
        self._shown = opened.view.line.ticket.id
        self.setWidget(body)
        self.on_range()
        self.verticalScrollBar().setValue(kept)
        self._order_files(files)
        if kept_row:
            self.focus_file(kept_row)

    def _owing_row(self, item: Obligation, opened: Opened, moments: Moments, *, line: bool) -> PlanRow:
        say = self._bench.language.say
        title = say(f"trade.obligation.{item.kind.value}")
        if item.amount_minor:
            title = f"{title} {format_minor(item.amount_minor, opened.view.line.ticket.currency)}"
        late = item.due_at is not None and item.due_at < moments.now
        right = say("ui_desk.owing.due", when=moments.booked(item.due_at).strip()) if item.due_at else ""
        return PlanRow(
            OWING_ICONS[item.kind.value],
            title,
            right=right,
            right_icon="triangle-alert" if late else "",
            tone="bad" if late else "plain",
            height=OWING_ROW,
            line=line,
        )

    def _order_files(self, files: FilesBlock | None) -> None:
        """Tab goes from the story to its files, and on."""
        before: QWidget = self
        for row in files.rows if files is not None else ():
            QWidget.setTabOrder(before, row)
            before = row

    def file_rows(self) -> list[FileRow]:
        """The rows that open a file, in order."""
        body = self.widget()
        return body.findChildren(FileRow) if body is not None else []

    def focus_file(self, attachment_id: str) -> None:
        """The focus on this file's row; on the story where it is gone, so that it is never lost."""
        row = next((one for one in self.file_rows() if one.id() == attachment_id), None)
        (row or self).setFocus(Qt.FocusReason.OtherFocusReason)
        if row is not None:
            self.ensureWidgetVisible(row)

    def event_titles(self) -> list[str]:
        """What the events say, newest first."""
        body = self.widget()
        return [row.title() for row in body.findChildren(EventRow)] if body is not None else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 52, Qt.Key.Key_Up: -52}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)
