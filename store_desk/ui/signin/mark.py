"""The shop's one-character sign."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from store_desk.ui.look.theme import text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame

MARK = 52
# The character's size in a mark of 52 pixels, drawn from the text style of 32.
CHARACTER = 28 / 32


class Mark(QWidget):
    """A character on the accent colour."""

    def __init__(self, text: str, *, side: int = MARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text[:1]
        self.setFixedSize(side, side)

    def set_text(self, text: str) -> None:
        """Shows another shop's character."""
        self._text = text[:1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.width()
        frame(painter, QRectF(self.rect()), RADIUS["keypad"], fill="accent")
        painter.translate(side / 2, side / 2)
        painter.scale(CHARACTER * side / MARK, CHARACTER * side / MARK)
        draw_text(painter, self._text, -text_width(self._text, "display") / 2, -20, "display", "on_accent")
