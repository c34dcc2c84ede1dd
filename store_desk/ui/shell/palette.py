"""Commands by name (Ctrl K), those of the current ticket first; and the page of keys (F1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, font
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, frame, key_width

ROW = 44
SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done: its words, icon, keys as caps, the group's words, and what does it.

    `also` is its name in the other language: who cannot read this one finds the switch all the same.
    """

    name: str
    icon: str
    keys: tuple[str, ...]
    group: str
    do: Callable[[], None]
    also: str = ""


class _Rows(QWidget):
    """The list of commands, painted; the chosen one is done by Enter or a click. Signal: picked(int)."""

    picked = Signal(int)

    def __init__(self, none: str) -> None:
        super().__init__()
        self._none = none
        self._commands: list[Command] = []
        self.current = self._first = 0
        self.setFixedHeight(ROW)

    def show_commands(self, commands: list[Command]) -> None:
        self._commands = commands
        self.current = self._first = 0
        self.setFixedHeight(ROW * min(SHOWN_MAX, max(1, len(commands))))
        self.update()

    def move_choice(self, step: int) -> None:
        if self._commands:
            self.current = (self.current + step) % len(self._commands)
            # The list moves along so that the chosen one is always seen.
            self._first = max(self.current - SHOWN_MAX + 1, min(self._first, self.current))
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._first + int(event.position().y() // ROW)
        if index < len(self._commands):
            self.picked.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._commands:
            draw_text(painter, self._none, 20, 12, "body", "text2")
        shown = self._commands[self._first : self._first + SHOWN_MAX]
        for index, command in enumerate(shown, self._first):
            rect = QRectF(8, (index - self._first) * ROW + 2, self.width() - 16, ROW - 4)
            if index == self.current:
                frame(painter, rect, RADIUS["button"], fill="accent_soft")
            colour = "accent_text" if index == self.current else "text"
            middle = rect.center().y()
            paint_icon(painter, command.icon, 22, middle - 8, 16, THEME.colour("text2"))
            x = 50 + draw_text(painter, command.name, 50, middle - 10, "body", colour)
            draw_text(painter, command.group, x + 12, middle - 8, "caption", "text3")
            right = self.width() - 22.0
            for key in reversed(command.keys):
                right -= key_width(key)
                draw_key(painter, key, right, middle)
                right -= 4


class Palette(QWidget):
    """Typing narrows the list. Signals: closed()."""

    closed = Signal()

    def __init__(self, commands: list[Command], *, placeholder: str, none: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._all = commands
        self._matching = commands
        self._entry = QLineEdit()
        self._entry.setFont(font("body"))
        self._entry.setFixedHeight(44)
        self._entry.setTextMargins(0, 2, 0, 0)
        self._entry.setPlaceholderText(placeholder)
        self._entry.setAccessibleName(placeholder)
        self._entry.textChanged.connect(self.on_text)
        self._rows = _Rows(none)
        self._rows.picked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._entry)
        column.addWidget(self._rows)
        self.setFixedWidth(640)
        self.setFocusProxy(self._entry)
        self._entry.installEventFilter(self)
        self.on_text("")

    def on_text(self, text: str) -> None:
        """Shows the commands whose name holds every word that was typed."""
        words = text.casefold().split()
        self._matching = [c for c in self._all if all(word in f"{c.name} {c.also}".casefold() for word in words)]
        self._rows.show_commands(self._matching)
        self.adjustSize()

    def _do(self, index: int) -> None:
        command = self._matching[index]
        self.closed.emit()
        command.do()

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Qt: there is one field here, and what lies below is not reached."""
        return True

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._rows.move_choice(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._matching:
                    self._do(self._rows.current)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        frame(QPainter(self), QRectF(self.rect()), RADIUS["palette"], fill="surface", line="line_strong")


class KeyHelp(QWidget):
    """All keys by place, in columns. Signals: closed()."""

    closed = Signal()

    def __init__(self, title: str, groups: list[tuple[str, list[tuple[tuple[str, ...], str]]]], *, parent: QWidget):
        super().__init__(parent)
        self._title, self._groups = title, groups
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        longest = max(len(keys) for _, keys in groups)
        self.setFixedSize(320 * len(groups) + 40, 120 + 34 * longest)

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Qt: Tab closes it as every key does."""
        self.closed.emit()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["palette"], fill="surface", line="line_strong")
        draw_text(painter, self._title, 28, 24, "title", "text")
        for column, (name, keys) in enumerate(self._groups):
            x = 28 + column * 320
            draw_text(painter, name, x, 72, "captionb", "text2")
            for row, (caps, words) in enumerate(keys):
                y = 112 + row * 34
                at = float(x)
                for cap in caps:
                    at += draw_key(painter, cap, at, y) + 4
                draw_text(painter, words, max(at + 6, x + 110), y - 9, "small", "text", width=200)
