"""The pad on which the customer signs: strokes as vectors with pressure and time, on paper in both themes."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.domain.slip import Point, Stroke
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, focus_ring, frame

# A signature shorter than this is asked about (design, cancel sheet 5).
SHORT_MS = 300
SHORT_PX = 40
POINTS_MAX = 20_000


class SignaturePad(QWidget):
    """Takes strokes by mouse, touch and pen. Signals: changed() after every stroke and after clearing.

    A point is (x, y, pressure, ms): x and y in units of the pad's width, ms since the first point.
    """

    changed = Signal()

    def __init__(self, *, hint: str = "", height: int = 136, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint, self._name, self._moment = hint, "", ""
        self._strokes: list[list[Point]] = []
        self._drawing = False
        self._began = 0.0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setAccessibleName(hint)

    def sizeHint(self) -> QSize:
        return QSize(360, self.height())

    def strokes(self) -> tuple[Stroke, ...]:
        """What was drawn, ready to be kept."""
        return tuple(tuple(stroke) for stroke in self._strokes if stroke)

    def set_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Shows strokes that were kept (a restored draft); no signal."""
        self._strokes = [list(stroke) for stroke in strokes]
        self.update()

    def set_words(self, *, hint: str, name: str, moment: str) -> None:
        """The hint on the empty pad, the printed name and the time below the line."""
        self._hint, self._name, self._moment = hint, name, moment
        self.setAccessibleName(hint)
        self.update()

    def clear(self) -> None:
        """Takes all strokes away."""
        self._strokes = []
        self._drawing = False
        self.update()
        self.changed.emit()

    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not self.strokes()

    def is_too_short(self) -> bool:
        """Whether what was drawn is hardly a signature: under 0.3 s or under 40 px of stroke."""
        points = [point for stroke in self._strokes for point in stroke]
        if not points:
            return True
        length = 0.0
        for stroke in self._strokes:
            for a, b in zip(stroke, stroke[1:], strict=False):
                length += ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
        return points[-1][3] - points[0][3] < SHORT_MS or length * self.width() < SHORT_PX

    def _start(self, at: QPointF, pressure: float) -> None:
        if not self._strokes:
            self._began = time.monotonic()
        self._drawing = True
        self._strokes.append([])
        self._add(at, pressure)

    def _add(self, at: QPointF, pressure: float) -> None:
        if not self._drawing or sum(map(len, self._strokes)) >= POINTS_MAX:
            return
        width = max(1, self.width())
        x = min(1.0, max(0.0, at.x() / width))
        y = min(self.height() / width, max(0.0, at.y() / width))
        since = round((time.monotonic() - self._began) * 1000)
        self._strokes[-1].append((round(x, 5), round(y, 5), round(pressure, 3), since))
        self.update()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._start(event.position(), 0.5)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._add(event.position(), 0.5)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        # Accepted, or Qt sends the same strokes again as mouse events.
        event.accept()
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._start(event.position(), event.pressure())
        elif event.type() == QEvent.Type.TabletMove:
            self._add(event.position(), event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="paper", line="control")
        base = self.height() - 32
        pen = QPen(THEME.colour("line_strong"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(16, base, self.width() - 16, base)
        self._words(painter, base)
        ink = QPen(THEME.colour("ink"), 2.2)
        ink.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            if stroke:
                pressure = sum(point[2] for point in stroke) / len(stroke)
                ink.setWidthF(1.2 + 2.0 * pressure)
                painter.setPen(ink)
                painter.drawPath(_path(stroke, self.width()))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["panel"])

    def _words(self, painter: QPainter, base: int) -> None:
        # The pad is paper in both themes, so its words are those of the light scheme.
        painter.save()
        grey = Qt.GlobalColor.darkGray
        draw_text(painter, "", 0, 0, "small", "text")
        painter.setPen(grey)
        from store_desk.ui.look.theme import baseline, font

        painter.setFont(font("small"))
        painter.drawText(QPointF(16, baseline(base + 6, "small")), self._name)
        width = text_width(self._moment, "small")
        painter.drawText(QPointF(self.width() - 16 - width, baseline(base + 6, "small")), self._moment)
        if self.is_empty():
            x = (self.width() - text_width(self._hint, "small")) / 2
            painter.drawText(QPointF(x, baseline(base / 2 - 9, "small")), self._hint)
        painter.restore()


def _path(stroke: list[Point], width: int) -> QPainterPath:
    """The stroke as a smooth line through the middles of its points."""
    points = [QPointF(x * width, y * width) for x, y, _, _ in stroke]
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.1, 0.1))
        return path
    for a, b in zip(points[1:], points[2:], strict=False):
        path.quadTo(a, (a + b) / 2)
    path.lineTo(points[-1])
    return path
