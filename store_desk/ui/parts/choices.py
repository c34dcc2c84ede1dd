"""Choosing one of a few: segments side by side, and a drop-down."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QFrame, QListView, QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, font, text_width
from store_desk.ui.look.tokens import INPUT, RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width
from store_desk.ui.parts.text import Watching

KEY_GAP = 10


class Segmented(Watching):
    """One of a few, side by side. Options are (value, words, icon, key). Signal: chosen(str), by a person only.

    Left and right move; the value is None while nothing is chosen.
    """

    chosen = Signal(str)
    accessible_role = QAccessible.Role.ComboBox

    def __init__(
        self,
        options: tuple[tuple[str, str, str, str], ...],
        *,
        value: str | None = None,
        height: int = 40,
        name: str = "",
        stretch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._value = value
        self._stretch = stretch
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def value(self) -> str | None:
        """What is chosen."""
        return self._value

    def set_value(self, value: str | None) -> None:
        """Chooses without a signal."""
        self._value = value
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, self.spoken_value()))
        self.update()

    def spoken_value(self) -> str:
        """What is chosen, in words."""
        return next((words for value, words, _, _ in self._options if value == self._value), "")

    def set_options(self, options: tuple[tuple[str, str, str, str], ...]) -> None:
        """Changes the options (e.g. their words); a value that is gone is dropped."""
        self._options = options
        if self._value not in [option[0] for option in options]:
            self._value = None
        self.updateGeometry()
        self.update()

    def _inner(self, words: str, icon: str, key: str) -> float:
        # The chosen one is set bolder; all are measured so, or the others would move.
        return text_width(words, "labelb") + (24 if icon else 0) + (KEY_GAP + key_width(key) if key else 0)

    def _natural(self) -> list[float]:
        return [self._inner(words, icon, key) + 28 for _, words, icon, key in self._options]

    def _widths(self) -> list[float]:
        if self._stretch and self._options:
            return [(self.width() - 6) / len(self._options)] * len(self._options)
        return self._natural()

    def sizeHint(self) -> QSize:
        natural = self._natural()
        width = max(natural, default=0) * len(natural) if self._stretch else sum(natural)
        return QSize(round(width) + 6, self.height())

    def minimumSizeHint(self) -> QSize:
        if self._stretch:
            # Where room is short the segments come closer together; their words are never cut.
            natural = [width - 16 for width in self._natural()]
            return QSize(round(max(natural, default=0) * len(natural)) + 6, self.height())
        return self.sizeHint()

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._options):
            value = self._options[index][0]
            self.set_value(value)
            self.chosen.emit(value)

    def choose(self, value: str) -> None:
        """Chooses as a person would, with the signal."""
        self._choose([option[0] for option in self._options].index(value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = 3.0
        for index, width in enumerate(self._widths()):
            if x <= event.position().x() < x + width:
                self._choose(index)
            x += width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        values = [option[0] for option in self._options]
        index = values.index(self._value) if self._value in values else -1
        if event.key() == Qt.Key.Key_Right:
            self._choose(min(index + 1, len(values) - 1))
        elif event.key() == Qt.Key.Key_Left:
            self._choose(max(index - 1, 0))
        elif event.key() == Qt.Key.Key_Space and index < 0:
            self._choose(0)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["button_large"], fill="sunken")
        x = 3.0
        for (value, words, icon, key), width in zip(self._options, self._widths(), strict=True):
            cell = QRectF(x, 3, width, self.height() - 6)
            on = value == self._value
            if on:
                frame(painter, cell, RADIUS["button"], fill="surface", line="control")
            style = "labelb" if on else "label"
            inner = self._inner(words, icon, key) - text_width(words, "labelb") + text_width(words, style)
            at = cell.left() + (width - inner) / 2
            middle = self.height() / 2
            colour = "disabled" if not self.isEnabled() else "text" if on else "text2"
            if icon:
                paint_icon(painter, icon, at, middle - 8, 16, THEME.colour("accent_text" if on else colour))
                at += 24
            at += draw_text(painter, words, at, middle - 9, style, colour)
            if key:
                draw_key(painter, key, at + KEY_GAP, middle)
            x += width
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button_large"])


class Select(QComboBox):
    """A drop-down of (value, words) pairs with type-ahead. Signal: picked(str), by a person only."""

    picked = Signal(str)

    def __init__(
        self,
        options: tuple[tuple[str, str], ...] = (),
        *,
        value: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        view = QListView(self)
        view.setObjectName("popup")
        self.setView(view)
        # The list draws its own round frame; the pop-up's square one would show behind its corners.
        pop_up = view.window()
        if isinstance(pop_up, QFrame):
            pop_up.setFrameShape(QFrame.Shape.NoFrame)
        pop_up.setWindowFlags(
            Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        pop_up.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFont(font("body"))
        self.setFixedHeight(INPUT)
        self.setMinimumWidth(120)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options, value=value)
        self.activated.connect(self._on_activated)

    def set_options(self, options: tuple[tuple[str, str], ...], *, value: str = "") -> None:
        """Changes the options and chooses one, without a signal."""
        self.blockSignals(True)
        self.clear()
        for key, words in options:
            self.addItem(words, key)
        self.set_value(value)
        self.blockSignals(False)
        self.update()

    def value(self) -> str:
        """The value chosen, '' for none."""
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def set_value(self, value: str) -> None:
        """Chooses without a signal."""
        self.setCurrentIndex(self.findData(value))

    def _on_activated(self, index: int) -> None:
        self.picked.emit(self.value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a page must not change what is chosen on it.
        event.ignore()

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.width())
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        focused = self.hasFocus()
        line = "focus" if focused else "control" if self.isEnabled() else "line_strong"
        fill = "surface" if self.isEnabled() else "sunken"
        frame(painter, QRectF(self.rect()), RADIUS["input"], fill=fill, line=line, width=2 if focused else 1)
        colour = "text" if self.currentIndex() >= 0 and self.isEnabled() else "text3"
        words = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        draw_text(painter, words, 13, self.height() / 2 - 10, "body", colour, width=self.width() - 46)
        paint_icon(painter, "chevron-down", self.width() - 28, self.height() / 2 - 8, 16, THEME.colour("text2"))
