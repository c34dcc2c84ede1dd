"""Buttons with their key inside, icon buttons, links and chips."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width, line_height
from store_desk.ui.look.glyphs import paint_glyph
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import BUTTON, CHIP, RADIUS

Kind = Literal["primary", "secondary", "ghost", "danger"]
Size = Literal["small", "normal", "large", "customer"]
Tone = Literal["neutral", "line", "accent", "ok", "warn", "bad"]


class Button(QAbstractButton):
    """A painted button; `key` is shown as a cap at its right (several keys separated by a space give several caps).

    `set_reason(text)` disables it and says why, in the tooltip and to screen readers.
    """

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        key: str = "",
        kind: Kind = "secondary",
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._key, self._kind, self._size = icon, key, kind, size
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Changes the key caps."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Changes the icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_reason(self, reason: str) -> None:
        """Disables the button and says why; an empty reason enables it."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def _pad(self) -> int:
        return {"small": 10, "normal": 14, "large": 18, "customer": 22}[self._size]

    def _content_width(self) -> float:
        width = text_width(self.text(), self._style())
        if self._icon:
            width += 16 + (8 if self.text() else 0)
        for part in self._key.split():
            width += 6 + key_width(part)
        return width + (6 if self._key else 0)

    def _style(self) -> str:
        return "label" if self._size in ("small", "normal") else "subhead"

    def sizeHint(self) -> QSize:
        return QSize(round(self._content_width() + 2 * self._pad() + 1), BUTTON[self._size])

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _colours(self) -> tuple[str | None, str | None, str]:
        over = self.isEnabled() and self.underMouse()
        if not self.isEnabled():
            ghost = self._kind == "ghost"
            return None if ghost else "sunken", None, "disabled" if ghost else "text3"
        if self._kind == "primary":
            pressed = "accent_press" if self.isDown() else "accent_hover" if over else "accent"
            return pressed, None, "on_accent"
        if self._kind == "danger":
            return ("bad_soft" if over or self.isDown() else "surface"), "bad_line", "bad"
        fill = "hover" if over or self.isDown() else None
        if self._kind == "ghost":
            return fill, None, "text2"
        return fill or "surface", "line_strong", "text"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, line, colour = self._colours()
        radius = RADIUS["button_large" if self._size in ("large", "customer") else "button"]
        frame(painter, QRectF(self.rect()), radius, fill=fill, line=line)
        style = self._style()
        x = (self.width() - self._content_width()) / 2
        middle = self.height() / 2
        if self._icon:
            paint_icon(painter, self._icon, x, middle - 8, 16, THEME.colour(colour))
            x += 16 + (8 if self.text() else 0)
        x += draw_text(painter, self.text(), x, middle - line_height(style) / 2, style, colour)
        x += 6 if self._key else 0
        for part in self._key.split():
            x += 6
            x += draw_key(painter, part, x, middle, on_accent=self._kind == "primary" and self.isEnabled())
        if self.hasFocus():
            ring = radius
            focus_ring(painter, self, ring)
            if self._kind == "primary" and self.isEnabled():
                frame(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), ring - 2, line="on_accent", width=1.5)


class IconButton(QAbstractButton):
    """A square button with an icon only; `name` is what screen readers and the tooltip say."""

    def __init__(self, icon: str, name: str, *, side: int = 36, outline: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._icon, self._side, self._outline = icon, side, outline
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Changes what it is called."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        """Changes the icon."""
        self._icon = icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill = "hover" if self.isEnabled() and (self.underMouse() or self.isDown()) else None
        if fill or self._outline:
            line = "line_strong" if self._outline else None
            frame(painter, QRectF(self.rect()), RADIUS["button"], fill=fill, line=line)
        px = 18
        colour = THEME.colour("text2" if self.isEnabled() else "disabled")
        paint_icon(painter, self._icon, (self.width() - px) / 2, (self.height() - px) / 2, px, colour)
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button"])


class LinkButton(QAbstractButton):
    """Words that do something, in the accent colour, with an optional icon before them."""

    def __init__(self, text: str, *, icon: str = "", colour: str = "accent_text", parent: QWidget | None = None):
        super().__init__(parent)
        self._icon, self._colour = icon, colour
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "label") + (24 if self._icon else 0) + 9), 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 4.0
        colour = self._colour if self.isEnabled() else "disabled"
        if self._icon:
            paint_icon(painter, self._icon, x, self.height() / 2 - 8, 16, THEME.colour(colour))
            x += 24
        draw_text(painter, self.text(), x, self.height() / 2 - 9, "label", colour)
        if self.hasFocus():
            focus_ring(painter, self, 6)


class Chip(QWidget):
    """A small fact: icon or glyph and words, in a tone that means something."""

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        glyph: str = "",
        tone: Tone = "neutral",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._icon, self._glyph, self._tone = text, icon, glyph, tone
        self.set_chip(text, icon=icon, glyph=glyph, tone=tone)

    def set_chip(self, text: str, *, icon: str = "", glyph: str = "", tone: Tone = "neutral") -> None:
        """Changes all of it."""
        self._text, self._icon, self._glyph, self._tone = text, icon, glyph, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self._text, "captionb") + 16 + (20 if self._icon or self._glyph else 0) + 1), CHIP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        looks: dict[str, tuple[str, str | None, str]] = {
            "neutral": ("sunken", None, "text2"),
            "line": ("surface", "line_strong", "text2"),
            "accent": ("accent_soft", None, "accent_text"),
            "ok": ("ok_soft", None, "ok"),
            "warn": ("warn_soft", None, "warn"),
            "bad": ("bad_soft", None, "bad"),
        }
        fill, line, colour = looks[self._tone]
        frame(painter, QRectF(self.rect()), RADIUS["chip"], fill=fill, line=line)
        x = 8.0
        if self._glyph:
            paint_glyph(painter, self._glyph, QRectF(x, self.height() / 2 - 7, 14, 14), THEME.colour(colour))
            x += 20
        elif self._icon:
            paint_icon(painter, self._icon, x, self.height() / 2 - 7, 14, THEME.colour(colour))
            x += 20
        draw_text(painter, self._text, x, self.height() / 2 - 8, "captionb", colour)
