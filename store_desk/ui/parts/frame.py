"""The window's frame parts: rail, hint bar, and the scrim that says "you have not left the desk"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import HINT_BAR, RADIUS, RAIL
from store_desk.ui.parts.painting import draw_key, draw_text, frame, key_width
from store_desk.ui.parts.text import Watching

ITEM = 64
BADGE_FULL = 100


class Rail(Watching):
    """Where one can go: (key, icon, words, badge) above, the last one at the bottom. Signal: chosen(str)."""

    chosen = Signal(str)
    accessible_role = QAccessible.Role.PageTabList

    def __init__(self, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        self._items: tuple[tuple[str, str, str, int], ...] = ()
        self._current = ""
        self._urgent: frozenset[str] = frozenset()
        self._focus_index = 0
        self.setFixedWidth(RAIL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_items(self, items: tuple[tuple[str, str, str, int], ...]) -> None:
        """Changes the places; a badge of 0 is not shown."""
        self._items = items
        spoken = [f"{words} {badge}" if badge else words for _, _, words, badge in items]
        self.setAccessibleName(", ".join(spoken))
        self.update()

    def set_current(self, key: str) -> None:
        """Marks where one is."""
        self._current = key
        keys = [item[0] for item in self._items]
        self._focus_index = keys.index(key) if key in keys else 0
        self.update()

    def current(self) -> str:
        """Where one is, '' for nowhere."""
        return self._current

    def set_urgent(self, keys: frozenset[str]) -> None:
        """The places whose badge is red: something there was refused."""
        self._urgent = keys
        self.update()

    def spoken_value(self) -> str:
        """Where one is, in words."""
        return next((words for key, _, words, _ in self._items if key == self._current), "")

    def _rect(self, index: int) -> QRectF:
        if index == len(self._items) - 1:
            return QRectF(6, self.height() - ITEM - 6, RAIL - 12, 58)
        return QRectF(6, 78 + index * ITEM, RAIL - 12, 56)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, item in enumerate(self._items):
            if self._rect(index).contains(event.position()):
                self.chosen.emit(item[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._focus_index = (self._focus_index + step) % max(1, len(self._items))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Enter) and self._items:
            self.chosen.emit(self._items[self._focus_index][0])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("canvas"))
        painter.fillRect(QRectF(RAIL - 1, 0, 1, self.height()), THEME.colour("line"))
        frame(painter, QRectF(22, 14, 36, 36), 10, fill="accent")
        x = 40 - text_width(self._mark, "mark") / 2
        draw_text(painter, self._mark, x, 18, "mark", "on_accent")
        for index, (key, icon, words, badge) in enumerate(self._items):
            rect = self._rect(index)
            on = key == self._current
            if on:
                frame(painter, rect, RADIUS["row_selection"], fill="accent_soft")
                painter.fillRect(QRectF(0, rect.top() + 12, 3, rect.height() - 24), THEME.colour("accent"))
            colour = "accent_text" if on else "text2"
            paint_icon(painter, icon, 30, rect.top() + 8, 20, THEME.colour(colour))
            style = "badge" if on else "captionb"
            draw_text(painter, words, 40 - text_width(words, style) / 2, rect.top() + 31, style, colour)
            if badge:
                self._badge(painter, rect.top() + 1, badge, urgent=key in self._urgent, on=on)
            if self.hasFocus() and index == self._focus_index:
                frame(painter, rect, RADIUS["row_selection"], line="focus", width=2)

    def _badge(self, painter: QPainter, top: float, count: int, *, urgent: bool, on: bool) -> None:
        text = str(count) if count < BADGE_FULL else f"{BADGE_FULL - 1}+"
        width = max(16.0, text_width(text, "badge") + 8)
        # A ring of the ground keeps the badge apart from the icon it lies on.
        frame(painter, QRectF(42.5, top - 1.5, width + 3, 19), 9.5, fill="accent_soft" if on else "canvas")
        frame(painter, QRectF(44, top, width, 16), 8, fill="bad" if urgent else "text2")
        draw_text(painter, text, 44 + (width - text_width(text, "badge")) / 2, top, "badge", "surface")


class HintBar(QWidget):
    """What works now: key caps with words at the left; at the right the printer's state and the time."""

    accessible_role = QAccessible.Role.StatusBar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints: list[tuple[tuple[str, ...], str]] = []
        self._right: tuple[str, str, str] = ("", "", "text2")
        self._clock = ""
        self.setFixedHeight(HINT_BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hints(self, hints: list[tuple[tuple[str, ...], str]]) -> None:
        """Shows other hints: (keys, words)."""
        self._hints = hints
        self.setAccessibleName("; ".join(f"{' '.join(keys)} {words}" for keys, words in hints))
        self.update()

    def set_right(self, icon: str, words: str, *, colour: str = "text2") -> None:
        """The printer's state in words."""
        self._right = (icon, words, colour)
        self.setAccessibleDescription(words)
        self.update()

    def set_clock(self, text: str) -> None:
        """The time of day."""
        self._clock = text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("canvas"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), THEME.colour("line"))
        middle = self.height() / 2 + 0.5
        icon, words, colour = self._right
        right = self.width() - 20 - text_width(self._clock, "caption")
        draw_text(painter, self._clock, right, middle - 8, "caption", "text2")
        if words:
            right -= 16 + text_width(words, "caption")
            draw_text(painter, words, right, middle - 8, "caption", colour)
            right -= 20
            paint_icon(painter, icon, right, middle - 7, 14, THEME.colour(colour))
        x = 20.0
        for keys, hint in self._hints:
            width = sum(key_width(key) + 4 for key in keys) + text_width(hint, "caption") + 22
            if x + width > right - 12:
                break
            for key in keys:
                x += draw_key(painter, key, x, middle) + 4
            x += draw_text(painter, hint, x + 2, middle - 8, "caption", "text2") + 20


class Scrim(QWidget):
    """Dims what lies under a sheet or palette. Signal: clicked()."""

    clicked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(THEME.colour("scrim")))
