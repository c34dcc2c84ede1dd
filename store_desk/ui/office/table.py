"""A plain table of records: columns by shares of the width, one row chosen, a coloured word at its end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Watching

ROW, HEAD, PAD, INSET, GAP = 44, 34, 28, 16, 12


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `tones` gives single cells a colour by their column, `strong` is the column in a stronger face."""

    id: str
    cells: tuple[str, ...]
    tones: tuple[tuple[int, str], ...] = ()


class OfficeTable(Watching):
    """Signals: chosen(id), opened(id) by Enter or a double click."""

    chosen = Signal(str)
    opened = Signal(str)
    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[tuple[str, float], ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._current = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, heads: tuple[tuple[str, float], ...], lines: tuple[Line, ...], current: str) -> None:
        """Shows other rows; `heads` are words and shares of the width, which add up to 1."""
        self._heads, self._lines, self._current = heads, lines, current
        self.setFixedHeight(HEAD + ROW * max(1, len(lines)))
        line = next((line for line in lines if line.id == current), None)
        self.setAccessibleName(", ".join(cell for cell in line.cells if cell) if line else "")
        self.update()

    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def current(self) -> str:
        """The chosen row's id."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(600, HEAD + ROW * max(1, len(self._lines)))

    def _at(self, y: float) -> Line | None:
        place = int((y - HEAD) // ROW)
        return self._lines[place] if y >= HEAD and 0 <= place < len(self._lines) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        line = self._at(event.position().y())
        if line is not None:
            self.chosen.emit(line.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        line = self._at(event.position().y())
        if line is not None:
            self.opened.emit(line.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        ids = [line.id for line in self._lines]
        if step and ids:
            place = ids.index(self._current) + step if self._current in ids else 0
            self.chosen.emit(ids[min(len(ids) - 1, max(0, place))])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.width() - 2 * PAD
        x = float(PAD)
        for words, share in self._heads:
            draw_text(painter, words, x, 9, "captionb", "text2", width=room * share - GAP)
            x += room * share
        painter.fillRect(QRectF(PAD, HEAD - 1, room, 1), THEME.colour("line"))
        for place, line in enumerate(self._lines):
            self._paint_line(painter, HEAD + place * ROW, line, room)

    def _paint_line(self, painter: QPainter, top: float, line: Line, room: float) -> None:
        rect = QRectF(INSET, top + 1, self.width() - 2 * INSET, ROW - 2)
        if line.id == self._current:
            frame(painter, rect, RADIUS["row_selection"], fill="accent_soft")
            if self.hasFocus():
                frame(painter, rect, RADIUS["row_selection"], line="focus", width=2)
        else:
            painter.fillRect(QRectF(PAD, top + ROW - 1, room, 1), THEME.colour("line"))
        tones = dict(line.tones)
        x = float(PAD)
        for column, (cell, (_, share)) in enumerate(zip(line.cells, self._heads, strict=False)):
            style = "label" if column == 0 else "small"
            colour = tones.get(column, "text" if column == 0 else "text2")
            draw_text(painter, cell, x, top + ROW / 2 - 9, style, colour, width=room * share - GAP)
            x += room * share
