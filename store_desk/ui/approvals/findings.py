"""The table of exceptions: one painted row for each, with what to do at its right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Watching

ROW, HEAD, TILE, BUTTON, INSET = 64, 36, 32, 32, 8
# Where the columns begin, as shares of the width; the last ends at the right.
TICKET, WHO, UNTIL = 0.58, 0.74, 0.84


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What a row says; `tone` is bad or warn, `do` the word of its button ('' for none)."""

    id: str
    icon: str
    tone: str
    title: str
    sub: str
    number: str
    who: str
    until: str
    urgent: bool
    do: str


class FindingTable(Watching):
    """Rows under a head. Signals: chosen(id), acted(id)."""

    chosen = Signal(str)
    acted = Signal(str)
    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FindingRow, ...] = ()
        self._heads: tuple[str, ...] = ()
        self._current = ""
        self._pad = 32
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[FindingRow, ...], heads: tuple[str, ...], *, current: str, pad: int) -> None:
        """Shows other rows; `heads` are the words of the five columns."""
        self._rows, self._heads, self._pad = rows, heads, pad
        self._current = current
        self.setFixedHeight(HEAD + max(1, len(rows)) * ROW)
        row = next((row for row in rows if row.id == current), None)
        self.setAccessibleName(", ".join((row.title, row.sub, row.number, row.who)) if row else "")
        self.update()

    def rows(self) -> tuple[FindingRow, ...]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(800, HEAD + max(1, len(self._rows)) * ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - HEAD) // ROW)
        if event.position().y() < HEAD or not 0 <= place < len(self._rows):
            return
        row = self._rows[place]
        self.chosen.emit(row.id)
        if row.do and self._button(place).contains(event.position()):
            self.acted.emit(row.id)

    def _button(self, place: int) -> QRectF:
        width = text_width(self._rows[place].do, "label") + 28
        top = HEAD + place * ROW + (ROW - BUTTON) / 2
        return QRectF(self.width() - self._pad - width, top, width, BUTTON)

    def _at(self, share: float) -> float:
        return self._pad + (self.width() - 2 * self._pad) * share

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for share, words in zip((0.0, TICKET, WHO, UNTIL), self._heads, strict=False):
            draw_text(painter, words, self._at(share), 8, "captionb", "text2")
        if len(self._heads) > 4:
            right = self.width() - self._pad - text_width(self._heads[4], "captionb")
            draw_text(painter, self._heads[4], right, 8, "captionb", "text2")
        painter.fillRect(QRectF(0, HEAD - 1, self.width(), 1), THEME.colour("line"))
        for place, row in enumerate(self._rows):
            self._paint_row(painter, place, row)

    def _paint_row(self, painter: QPainter, place: int, row: FindingRow) -> None:
        rect = QRectF(0, HEAD + place * ROW, self.width(), ROW)
        if row.id == self._current:
            inner = rect.adjusted(INSET, 2, -INSET, -2)
            frame(painter, inner, RADIUS["row_selection"], fill="accent_soft")
            painter.fillRect(QRectF(inner.left(), inner.top() + 12, 3, inner.height() - 24), THEME.colour("accent"))
            if self.hasFocus():
                frame(painter, inner, RADIUS["row_selection"], line="focus", width=2)
        else:
            line = QRectF(self._pad, rect.bottom() - 1, self.width() - 2 * self._pad, 1)
            painter.fillRect(line, THEME.colour("line"))
        middle = rect.center().y()
        tile = QRectF(self._pad, middle - TILE / 2, TILE, TILE)
        frame(painter, tile, RADIUS["button"], fill=f"{row.tone}_soft")
        paint_icon(painter, row.icon, tile.left() + 8, tile.top() + 8, 16, THEME.colour(row.tone))
        x = self._pad + TILE + 12
        room = self._at(TICKET) - x - 16
        draw_text(painter, row.title, x, middle - 19, "label", "text", width=room)
        draw_text(painter, row.sub, x, middle + 1, "caption", "text2", width=room)
        draw_text(
            painter,
            row.number,
            self._at(TICKET),
            middle - 9,
            "small",
            "text2",
            width=self._at(WHO) - self._at(TICKET) - 12,
        )
        draw_text(
            painter, row.who, self._at(WHO), middle - 9, "small", "text2", width=self._at(UNTIL) - self._at(WHO) - 12
        )
        self._paint_until(painter, row, middle)
        if row.do:
            box = self._button(place)
            frame(painter, box, RADIUS["button"], fill="surface", line="line_strong")
            draw_text(painter, row.do, box.left() + 14, box.center().y() - 9, "label", "text")

    def _paint_until(self, painter: QPainter, row: FindingRow, middle: float) -> None:
        if not row.until:
            return
        box = QRectF(self._at(UNTIL), middle - 12, text_width(row.until, "captionb") + 37, 24)
        colour = "bad" if row.urgent else "text2"
        frame(painter, box, RADIUS["chip"], fill="bad_soft" if row.urgent else "sunken")
        paint_icon(painter, "clock", box.left() + 8, middle - 7, 14, THEME.colour(colour))
        draw_text(painter, row.until, box.left() + 28, middle - 8, "captionb", colour)
