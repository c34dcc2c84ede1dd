"""Buttons with their key inside, icon buttons, links and chips."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from store_desk.ui.look.glyphs import paint_glyph
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import BUTTON, CHIP, RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width, line_height

Kind = Literal["primary", "secondary", "ghost", "danger"]
Size = Literal["small", "normal", "large", "customer"]
Tone = Literal["neutral", "line", "accent", "ok", "warn", "bad"]
KEY_GAP = 10


class Button(QPushButton):
    """A painted button; `key` is shown as one cap at its right ("F8", "Ctrl ↵").

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
        self._bare = False
        self.setText(text)
        self.setAutoDefault(False)
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

    def set_icon(self, icon: str) -> None:
        """Changes the icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Changes the key that is shown; none while another part has it."""
        if key != self._key:
            self._key = key
            self.updateGeometry()
            self.update()

    def set_reason(self, reason: str) -> None:
        """Disables the button and says why; an empty reason enables it."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def set_bare(self, bare: bool) -> None:
        """Shows the icon alone where room is short; the words are then in the tooltip. For buttons with an icon."""
        if bare != self._bare:
            self._bare = bare
            self.updateGeometry()
            self.update()
        if bare:
            self.setToolTip(self.text())
        elif self.toolTip() == self.text():
            self.setToolTip("")

    def is_bare(self) -> bool:
        """Whether it shows its icon alone."""
        return self._bare

    def width_needed(self, *, bare: bool) -> int:
        """How many pixels it needs, with its words or without."""
        return round(self._content_width("" if bare else self.text()) + sum(self._side_pads()) + 1)

    def _shown(self) -> str:
        return "" if self._bare else self.text()

    def _content_width(self, words: str) -> float:
        width = text_width(words, self._style())
        if self._icon:
            width += 16 + (8 if words else 0)
        return width + (KEY_GAP + key_width(self._key) if self._key else 0)

    def _side_pads(self) -> tuple[int, int]:
        pad = {"small": 10, "normal": 14, "large": 18, "customer": 22}[self._size]
        # A cap is lighter than a word, so it stands closer to the edge.
        return pad, pad - 4 if self._key else pad

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def _style(self) -> str:
        return "label" if self._size in ("small", "normal") else "subhead"

    def sizeHint(self) -> QSize:
        return QSize(self.width_needed(bare=self._bare), BUTTON[self._size])

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _colours(self) -> tuple[str | None, str | None, str]:
        over = self.isEnabled() and self.underMouse()
        if not self.isEnabled():
            looks = {"primary": ("sunken", "line_strong", "text3"), "danger": ("sunken", "line_strong", "text3")}
            plain = (None, None, "disabled") if self._kind == "ghost" else ("surface", "line_strong", "disabled")
            return looks.get(self._kind, plain)
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
        left, right = self._side_pads()
        x = left + (self.width() - left - right - self._content_width(self._shown())) / 2
        middle = self.height() / 2
        if self._icon:
            paint_icon(painter, self._icon, x, middle - 8, 16, THEME.colour(colour))
            x += 16 + (8 if self._shown() else 0)
        x += draw_text(painter, self._shown(), x, middle - line_height(style) / 2, style, colour)
        if self._key:
            draw_key(painter, self._key, x + KEY_GAP, middle, on_accent=self._kind == "primary" and self.isEnabled())
        if self.hasFocus():
            focus_ring(painter, self, radius)
            if self._kind == "primary" and self.isEnabled():
                frame(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), radius - 2, line="on_accent", width=1.5)


class IconButton(QToolButton):
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
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        fill = "hover" if over else "surface" if self._outline else None
        if fill or self._outline:
            line = "line_strong" if self._outline else None
            frame(painter, QRectF(self.rect()), RADIUS["button"], fill=fill, line=line)
        px = 18
        colour = THEME.colour("text2" if self.isEnabled() else "disabled")
        paint_icon(painter, self._icon, (self.width() - px) / 2, (self.height() - px) / 2, px, colour)
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button"])


class LinkButton(QPushButton):
    """Words that do something, in the accent colour, with an optional icon before them."""

    def __init__(self, text: str, *, icon: str = "", colour: str = "accent_text", parent: QWidget | None = None):
        super().__init__(parent)
        self._icon, self._colour = icon, colour
        self.setAutoDefault(False)
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

    accessible_role = QAccessible.Role.StaticText

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
        return QSize(
            round(text_width(self._text, "captionb") + 16 + (20 if self._icon or self._glyph else 0) + 1), CHIP
        )

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
