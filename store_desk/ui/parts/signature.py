"""The pad on which the customer signs: strokes as vectors with pressure and time, on paper in both themes."""

from __future__ import annotations

import itertools
import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.domain.slip import Point, Stroke
from store_desk.ui.look.theme import THEME, baseline, font, text_width
from store_desk.ui.look.tokens import COLOURS, RADIUS
from store_desk.ui.parts.painting import focus_ring, frame

# A signature shorter than this is asked about (design, cancel sheet 5).
SHORT_MS = 300
SHORT_PX = 40
POINTS_MAX = 20_000
INK_THIN, INK_SWELL, INK_MAX = 1.2, 2.0, 5.0
# The width for which the ink is made; a large pad writes with a broader nib, so that both look alike.
INK_WIDTH = 360
# Where the line to sign on stands on a large pad, from its top.
LARGE_BASE = 0.7


class SignaturePad(QWidget):
    """Takes strokes by mouse, touch and pen. Signals: changed() after every stroke and after clearing.

    A point is (x, y, pressure, ms): x and y in units of the pad's width, ms since the first point. A `large` pad is the
    whole screen's purpose: a broad nib, and the accent round it.
    """

    changed = Signal()
    accessible_role = QAccessible.Role.Canvas

    def __init__(
        self, *, hint: str = "", height: int = 136, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._large = large
        self._hint, self._name, self._moment = hint, "", ""
        self._strokes: list[list[Point]] = []
        self._count = 0
        self._ink: QPixmap | None = None
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
        self._strokes = [list(stroke) for stroke in strokes if stroke]
        self._count = sum(map(len, self._strokes))
        self._began = time.monotonic() - (self._strokes[-1][-1][3] / 1000 if self._strokes else 0)
        self._ink = None
        self.update()

    def set_words(self, *, hint: str, name: str, moment: str) -> None:
        """The hint on the empty pad, the printed name and the time below the line."""
        self._hint, self._name, self._moment = hint, name, moment
        self.setAccessibleName(hint)
        self.update()

    def clear(self) -> None:
        """Takes all strokes away."""
        self._strokes = []
        self._count = 0
        self._ink = None
        self._drawing = False
        self.update()
        self.changed.emit()

    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return self._count == 0

    def is_too_short(self) -> bool:
        """Whether what was drawn is hardly a signature: under 0.3 s or under 40 px of stroke."""
        points = [point for stroke in self._strokes for point in stroke]
        if not points:
            return True
        length = 0.0
        for stroke in self._strokes:
            for a, b in itertools.pairwise(stroke):
                length += ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
        return points[-1][3] - points[0][3] < SHORT_MS or length * self.width() < SHORT_PX

    def _start(self, at: QPointF, pressure: float) -> None:
        if self._count == 0:
            self._began = time.monotonic()
            # The hint goes away with the first stroke.
            self.update()
        self._drawing = True
        self._strokes.append([])
        self._add(at, pressure)

    def _add(self, at: QPointF, pressure: float) -> None:
        if not self._drawing or self._count >= POINTS_MAX:
            return
        width = max(1, self.width())
        x = min(1.0, max(0.0, at.x() / width))
        y = min(self.height() / width, max(0.0, at.y() / width))
        since = round((time.monotonic() - self._began) * 1000)
        stroke = self._strokes[-1]
        stroke.append((round(x, 5), round(y, 5), round(pressure, 3), since))
        self._count += 1
        self._ink_point(stroke)

    def _ink_point(self, stroke: list[Point]) -> None:
        """Puts what the last point settles on the layer of ink and repaints there only."""
        layer = self._layer()
        painter = QPainter(layer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_settled(painter, stroke, len(stroke) - 1, self.width(), self._nib())
        painter.end()
        corners = [QPointF(x * self.width(), y * self.width()) for x, y, _, _ in stroke[-3:]]
        xs, ys = [at.x() for at in corners], [at.y() for at in corners]
        around = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        most = INK_MAX * self._nib()
        self.update(around.adjusted(-most, -most, most, most).toAlignedRect())

    def _nib(self) -> float:
        return max(1.0, self.width() / INK_WIDTH) if self._large else 1.0

    def _layer(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._ink is None or self._ink.size() != size:
            layer = QPixmap(size)
            layer.setDevicePixelRatio(ratio)
            layer.fill(Qt.GlobalColor.transparent)
            painter = QPainter(layer)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for stroke in self._strokes:
                for index in range(len(stroke)):
                    _draw_settled(painter, stroke, index, self.width(), self._nib())
            painter.end()
            self._ink = layer
        return self._ink

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, width = ("accent", 2) if self._large else ("control", 1)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="paper", line=line, width=width)
        base = round(self.height() * LARGE_BASE) if self._large else self.height() - 32
        painter.setPen(QPen(QColor(COLOURS["line_strong"][0]), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(16, base + 0.5), QPointF(self.width() - 16, base + 0.5))
        self._words(painter, base)
        painter.drawPixmap(0, 0, self._layer())
        for stroke in self._strokes:
            _draw_tail(painter, stroke, self.width(), self._nib())
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["panel"])

    def _words(self, painter: QPainter, base: int) -> None:
        # The pad is paper in both themes, so its words are those of the light scheme.
        painter.setFont(font("small"))
        painter.setPen(QColor(COLOURS["text2"][0]))
        painter.drawText(QPointF(16, baseline(base + 6, "small")), self._name)
        width = text_width(self._moment, "small")
        painter.drawText(QPointF(self.width() - 16 - width, baseline(base + 6, "small")), self._moment)
        if self.is_empty():
            x = (self.width() - text_width(self._hint, "small")) / 2
            painter.drawText(QPointF(x, baseline(base / 2 - 9, "small")), self._hint)


def _pen(pressure: float, nib: float) -> QPen:
    pen = QPen(THEME.colour("ink"), (INK_THIN + INK_SWELL * pressure) * nib)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _at(point: Point, width: int) -> QPointF:
    return QPointF(point[0] * width, point[1] * width)


def _draw_settled(painter: QPainter, stroke: list[Point], index: int, width: int, nib: float) -> None:
    """Draws the piece of a stroke that the point at `index` settles.

    A stroke runs smoothly through the middles between its points, so a point settles the bend around the one before it.
    """
    here = _at(stroke[index], width)
    if index == 0:
        painter.setPen(_pen(stroke[0][2], nib))
        painter.drawPoint(here)
        return
    before = _at(stroke[index - 1], width)
    painter.setPen(_pen((stroke[index - 1][2] + stroke[index][2]) / 2, nib))
    if index == 1:
        painter.drawLine(before, (before + here) / 2)
        return
    path = QPainterPath((_at(stroke[index - 2], width) + before) / 2)
    path.quadTo(before, (before + here) / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _draw_tail(painter: QPainter, stroke: list[Point], width: int, nib: float) -> None:
    """Draws the last half piece, which the next point would still bend."""
    if len(stroke) > 1:
        last, before = _at(stroke[-1], width), _at(stroke[-2], width)
        painter.setPen(_pen(stroke[-1][2], nib))
        painter.drawLine((before + last) / 2, last)
