"""The check that is drawn once when a ticket has been cancelled."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import SLOW_MS
from store_desk.ui.parts.painting import check_path, frame

SIDE = 56


class DoneMark(QWidget):
    """A green disc whose check is drawn in 240 ms, or another sign: an arrow back after an undo, an hourglass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self._sign = ("", "", "")
        self.setFixedSize(SIDE, SIDE)
        self._drawing = QVariantAnimation(self)
        self._drawing.setStartValue(0.0)
        self._drawing.setEndValue(1.0)
        self._drawing.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._drawing.valueChanged.connect(self.on_share)

    def draw(self) -> None:
        """Draws the check once."""
        duration = THEME.duration(SLOW_MS)
        if duration == 0:
            self.on_share(1.0)
            return
        self._drawing.setDuration(duration)
        self._drawing.start()

    def show_undone(self) -> None:
        """Shows the arrow back instead."""
        self.show_sign("undo-2", fill="sunken", colour="text2")

    def show_sign(self, icon: str, *, fill: str, colour: str) -> None:
        """Shows an icon on a disc in place of the check; an empty one lets the check be drawn again."""
        self._drawing.stop()
        self._sign = (icon, fill, colour)
        self.update()

    def on_share(self, share: float) -> None:
        """How much of the check is drawn, 0 to 1."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        disc = QRectF(self.rect())
        icon, fill, colour = self._sign
        if icon:
            frame(painter, disc, SIDE / 2, fill=fill)
            paint_icon(painter, icon, SIDE / 2 - 14, SIDE / 2 - 14, 28, THEME.colour(colour))
            return
        frame(painter, disc, SIDE / 2, fill="ok_soft")
        pen = QPen(THEME.colour("ok"), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_part(check_path(disc.adjusted(10, 10, -10, -10)), self._share))


def _part(path: QPainterPath, share: float) -> QPainterPath:
    """The first part of a path of straight lines."""
    length = path.length() * share
    done = QPainterPath()
    steps = 24
    for step in range(steps + 1):
        point = path.pointAtPercent(path.percentAtLength(length * step / steps))
        done.moveTo(point) if step == 0 else done.lineTo(point)
    return done
