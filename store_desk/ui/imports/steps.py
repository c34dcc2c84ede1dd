"""The four steps along the top: done ones carry a check, the present one is filled."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import check_path, draw_text, frame

STEPS: Final = ("choose", "match", "check", "bring")
DISC: Final = 22
LINE: Final = 40


class StepsBar(QWidget):
    """Shows where the import stands."""

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._current = 0
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Marks the present step; 4 means that all are done."""
        self._current = index
        at = min(index, len(STEPS) - 1)
        self.setAccessibleName(self._language.say("ui_imports.steps.name", n=at + 1, step=self._words(STEPS[at])))
        self.update()

    def _words(self, step: str) -> str:
        return self._language.say(f"ui_imports.step.{step}")

    def sizeHint(self) -> QSize:
        return QSize(round(sum(text_width(self._words(step), "label") + DISC + 10 + LINE + 28 for step in STEPS)), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0.0
        for index, step in enumerate(STEPS):
            disc = QRectF(x, 3, DISC, DISC)
            self._paint_disc(painter, disc, index)
            words, here = self._words(step), index <= self._current
            x += DISC + 10
            x += draw_text(painter, words, x, 5, "label", "text" if here else "text2")
            if index < len(STEPS) - 1:
                painter.fillRect(QRectF(x + 14, 13.5, LINE, 1), THEME.colour("line_strong"))
                x += LINE + 28

    def _paint_disc(self, painter: QPainter, disc: QRectF, index: int) -> None:
        if index < self._current:
            frame(painter, disc, DISC / 2, fill="accent_soft")
            pen = QPen(THEME.colour("accent_text"), 1.6)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(check_path(disc.adjusted(3, 3, -3, -3)))
            return
        here = index == self._current
        frame(painter, disc, DISC / 2, fill="accent" if here else None, line=None if here else "control", width=1.5)
        digit = str(index + 1)
        x = disc.center().x() - text_width(digit, "captionb") / 2
        draw_text(painter, digit, x, disc.center().y() - 8, "captionb", "on_accent" if here else "text2")
