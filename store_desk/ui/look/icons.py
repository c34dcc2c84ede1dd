"""Lucide icons, drawn by Qt's SVG painter in any colour and kept as pixmaps."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from store_desk.resources import resource


def stroke_of(px: int) -> float:
    """The stroke of an icon drawn at this size, in the icon's own 24 units."""
    return 2.0 if px <= 16 else 1.75 if px <= 24 else 1.5


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=1024)
def icon_pixmap(name: str, px: int, colour: str, ratio: float = 1.0, stroke: float | None = None) -> QPixmap:
    """The icon at `px` logical pixels in the colour (a #AARRGGBB text) for a screen of this pixel ratio."""
    from PySide6.QtSvg import QSvgRenderer

    tint = QColor(colour)
    text = _source(name).replace("currentColor", tint.name())
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke or stroke_of(px)}"')
    renderer = QSvgRenderer(QByteArray(text.encode()))
    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(tint.alphaF())
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_icon(painter: QPainter, name: str, x: float, y: float, px: int, colour: QColor) -> None:
    """Paints the icon with its top left corner at (x, y)."""
    device = painter.device()
    ratio = device.devicePixelRatioF()
    painter.drawPixmap(round(x), round(y), icon_pixmap(name, px, colour.name(QColor.NameFormat.HexArgb), ratio))
