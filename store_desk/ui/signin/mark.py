"""The shop's one-character sign."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from store_desk.ui.look.theme import text_width
from store_desk.ui.parts.painting import draw_text, frame


class Mark(QWidget):
    """A character on the accent colour."""

    def __init__(self, text: str, *, side: int = 52, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text[:1]
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), 13, fill="accent")
        x = (self.width() - text_width(self._text, "title")) / 2
        draw_text(painter, self._text, x, self.height() / 2 - 16, "title", "on_accent")
