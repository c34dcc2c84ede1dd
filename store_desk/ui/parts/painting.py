"""Small painting shared by all parts: text on fixed baselines, key caps, rounded frames, focus rings."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from store_desk.ui.look.theme import THEME, baseline, font, metrics, spec, text_width
from store_desk.ui.look.tokens import KEY_CAP, RADIUS


def draw_text(
    painter: QPainter, text: str, x: float, top: float, style: str, colour: str, *, width: float | None = None
) -> float:
    """Draws one line in its line box that begins at `top`, elided to `width`; answers the advance."""
    shown = text
    if width is not None and text_width(text, style) > width:
        shown = metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))
    painter.setFont(font(style))
    painter.setPen(THEME.colour(colour))
    painter.drawText(QPointF(x, baseline(top, style)), shown)
    return text_width(shown, style)


def line_height(style: str) -> int:
    """The height of a line box of the style."""
    return spec(style).line


def wrap_text(text: str, style: str, width: float) -> list[str]:
    """The text broken into lines of at most `width`: at spaces in Latin, between characters in Chinese."""
    measure = metrics(style).horizontalAdvance
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and measure(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while measure(line.rstrip()) > width and len(line) > 1:
                cut = len(line)
                while cut > 1 and measure(line[:cut]) > width:
                    cut -= 1
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line.rstrip())
    return lines


# Characters that may not begin a line in Chinese setting.
NOT_FIRST = frozenset("，。、；：？！）】》”’%…·,.;:?!)]")


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    word = ""
    for char in text:
        wide = ord(char) >= 0x2E80
        if wide and char not in NOT_FIRST:
            if word:
                pieces.append(word)
            word = char
        elif char == " ":
            pieces.append(word + " ")
            word = ""
        elif word and ord(word[-1]) >= 0x2E80 and not wide and char not in NOT_FIRST:
            pieces.append(word)
            word = char
        else:
            word += char
    if word:
        pieces.append(word)
    return pieces


def draw_key(painter: QPainter, text: str, x: float, middle: float, *, on_accent: bool = False) -> float:
    """Draws a key cap whose middle lies at `middle`; answers its width."""
    width = key_width(text)
    rect = QRectF(x + 0.5, middle - KEY_CAP / 2 + 0.5, width - 1, KEY_CAP - 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if on_accent:
        tint = QColor(THEME.colour("on_accent"))
        tint.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
    else:
        painter.setPen(QPen(THEME.colour("keycap_line"), 1))
        painter.setBrush(THEME.colour("keycap"))
    painter.drawRoundedRect(rect, RADIUS["key"], RADIUS["key"])
    inner = x + (width - text_width(text, "captionb")) / 2
    draw_text(painter, text, inner, middle - 8, "captionb", "on_accent" if on_accent else "text2")
    return width


def key_width(text: str) -> float:
    """How wide the key cap of this text is."""
    return max(float(KEY_CAP), text_width(text, "captionb") + 12)


def frame(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: str | None = None,
    line: str | None = None,
    width: float = 1,
) -> None:
    """A rounded rectangle with its outline drawn inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if line else 0
    painter.setPen(QPen(THEME.colour(line), width) if line else Qt.PenStyle.NoPen)
    painter.setBrush(THEME.colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, widget: QWidget, radius: float) -> None:
    """The focus ring, two pixels inside the widget's edge; never left out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(THEME.colour("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius, radius)


def check_path(rect: QRectF) -> QPainterPath:
    """A check mark within the square."""
    path = QPainterPath()
    path.moveTo(rect.left() + rect.width() * 0.24, rect.top() + rect.height() * 0.52)
    path.lineTo(rect.left() + rect.width() * 0.43, rect.top() + rect.height() * 0.70)
    path.lineTo(rect.left() + rect.width() * 0.78, rect.top() + rect.height() * 0.32)
    return path
