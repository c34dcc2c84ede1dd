"""The state glyph: a ring that fills as the ticket advances, so that a state is never told by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from store_desk.ui.look.theme import THEME

COLOUR = {
    "submitted": "text3",
    "in_review": "text3",
    "approved": "text2",
    "assigned": "text2",
    "in_progress": "accent_text",
    "to_confirm": "ok",
    "closed": "ok",
    "cancelled": "text3",
    "rejected": "text3",
}
PIE = {"approved": 0.25, "assigned": 0.5, "in_progress": 0.75, "to_confirm": 1.0}


def glyph_colour(key: str) -> QColor:
    """The token colour that goes with the state."""
    return THEME.colour(COLOUR[key])


def paint_glyph(painter: QPainter, key: str, rect: QRectF, colour: QColor | None = None) -> None:
    """Paints the glyph of a rung (values of domain.level.Rung) into the square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tint = colour or glyph_colour(key)
    side = min(rect.width(), rect.height())
    width = max(1.5, side / 10)
    ring = QRectF(0, 0, side - width, side - width)
    ring.moveCenter(rect.center())
    if key in ("closed", "cancelled", "rejected"):
        _disc(painter, key, ring, side, tint)
        painter.restore()
        return
    pen = QPen(tint, width)
    if key == "submitted":
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1.6, 1.6])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    if key == "in_review":
        painter.drawEllipse(rect.center(), side * 0.16, side * 0.16)
    elif key in PIE:
        inner = ring.adjusted(width * 1.4, width * 1.4, -width * 1.4, -width * 1.4)
        painter.drawPie(inner, 90 * 16, round(-360 * 16 * PIE[key]))
    painter.restore()


def _disc(painter: QPainter, key: str, ring: QRectF, side: float, tint: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(ring)
    pen = QPen(THEME.colour("surface"), max(1.4, side / 9))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    centre, reach = ring.center(), side * 0.17
    if key == "closed":
        points = [
            QPointF(centre.x() - reach * 1.2, centre.y() + reach * 0.1),
            QPointF(centre.x() - reach * 0.3, centre.y() + reach),
            QPointF(centre.x() + reach * 1.3, centre.y() - reach * 0.8),
        ]
        painter.drawPolyline(points)
    elif key == "cancelled":
        painter.drawLine(centre + QPointF(-reach, -reach), centre + QPointF(reach, reach))
        painter.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))
    else:
        painter.drawLine(centre + QPointF(-reach * 1.3, 0), centre + QPointF(reach * 1.3, 0))
