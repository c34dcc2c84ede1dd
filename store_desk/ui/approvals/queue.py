"""The queue: one painted row for each request, the chosen one with its bar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.look.glyphs import paint_glyph
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Watching

ROW = 86
LEFT, TEXT, INSET, GLYPH = 20, 52, 8, 18
TOP = 2


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What a row says."""

    id: str
    glyph: str
    name: str
    waits: str
    reason: str
    amount: str
    third: str
    spoken: str


class QueueRows(Watching):
    """The rows; signal: chosen(case id) by a click."""

    chosen = Signal(str)
    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[QueueRow, ...] = ()
        self._current = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rows(self, rows: tuple[QueueRow, ...], current: str) -> None:
        """Shows other rows with one of them chosen."""
        self._rows, self._current = rows, current
        self.setFixedHeight(max(1, len(rows)) * ROW + TOP)
        chosen = next((row.spoken for row in rows if row.id == current), "")
        self.setAccessibleName(chosen)
        self.update()

    def place_of(self, case_id: str) -> int:
        """Where the row stands, -1 when it is not there."""
        return next((place for place, row in enumerate(self._rows) if row.id == case_id), -1)

    def sizeHint(self) -> QSize:
        return QSize(360, max(1, len(self._rows)) * ROW + TOP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - TOP) // ROW)
        if 0 <= place < len(self._rows):
            self.chosen.emit(self._rows[place].id)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, row in enumerate(self._rows):
            self._paint_row(painter, QRectF(0, TOP + place * ROW, self.width(), ROW), row)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        if row.id == self._current:
            inner = rect.adjusted(INSET, 0, -INSET, -4)
            frame(painter, inner, RADIUS["row_selection"], fill="accent_soft")
            bar = QRectF(inner.left(), inner.top() + 12, 3, inner.height() - 24)
            painter.fillRect(bar, THEME.colour("accent"))
        else:
            line = QRectF(TEXT, rect.bottom() - 4, rect.width() - TEXT - LEFT, 1)
            painter.fillRect(line, THEME.colour("line"))
        top, right = rect.top(), rect.width() - LEFT
        paint_glyph(painter, row.glyph, QRectF(LEFT + 1, top + 13, GLYPH, GLYPH))
        waits = text_width(row.waits, "label")
        draw_text(painter, row.waits, right - waits, top + 11, "label", "text2")
        draw_text(painter, row.name, TEXT, top + 10, "subhead", "text", width=right - waits - TEXT - 12)
        room = right - TEXT
        if row.amount:
            width = text_width(row.amount, "labelb")
            draw_text(painter, row.amount, right - width, top + 33, "labelb", "warn")
            paint_icon(painter, "coins", right - width - 20, top + 35, 14, THEME.colour("warn"))
            room -= width + 32
        draw_text(painter, row.reason, TEXT, top + 33, "small", "text2", width=room)
        draw_text(painter, row.third, TEXT, top + 56, "caption", "text2", width=right - TEXT)


class QueueList(QuietScroll):
    """The rows in a column that scrolls; the chosen row stays in sight. Signal: chosen(case id)."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        rows = QueueRows()
        super().__init__(rows, parent)
        self.rows = rows
        self.rows.chosen.connect(self.chosen)

    def show_rows(self, rows: tuple[QueueRow, ...], current: str) -> None:
        """Shows other rows with one of them chosen."""
        self.rows.show_rows(rows, current)
        place = self.rows.place_of(current)
        if place >= 0:
            self.ensureVisible(0, TOP + place * ROW + ROW // 2, 0, ROW // 2)
