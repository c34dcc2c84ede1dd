"""Entering a PIN: boxes that show dots, and a keypad for touch."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import PIN_BOX, RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Watching

GAP = 4
BLINK_MS = 530


class PinBoxes(Watching):
    """Takes digits only; letters go on to the screen. Signals: changed(str), completed(str) with the last digit."""

    changed = Signal(str)
    completed = Signal(str)
    accessible_role = QAccessible.Role.EditableText

    def __init__(
        self, digits: int = 6, *, name: str = "PIN", side: int = PIN_BOX[0], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._digits, self._side = digits, side
        self._text = ""
        self._caret = True
        self._wrong = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._blink.timeout.connect(self._on_blink)

    def text(self) -> str:
        """The digits so far."""
        return self._text

    def clear(self) -> None:
        """Empties the boxes."""
        self._set("")

    def set_wrong(self, wrong: bool) -> None:
        """Marks the boxes red until the next digit."""
        self._wrong = wrong
        self.update()

    def type_digit(self, digit: str) -> None:
        """As if the digit had been typed."""
        if digit.isascii() and digit.isdigit() and len(digit) == 1 and len(self._text) < self._digits:
            self._set(self._text + digit)
            if len(self._text) == self._digits:
                self.completed.emit(self._text)

    def spoken_value(self) -> str:
        """How many digits there are, never which."""
        return f"{len(self._text)} / {self._digits}"

    def back(self) -> None:
        """Takes the last digit away."""
        self._set(self._text[:-1])

    def _set(self, text: str) -> None:
        self._text = text
        self._caret = True
        if text:
            self._wrong = False
        self.changed.emit(text)
        self.update()

    def _on_blink(self) -> None:
        self._caret = not self._caret if self.hasFocus() else True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._digits * (self._side + GAP) - GAP + 2, self._side + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() == Qt.Key.Key_Backspace:
            self.back()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif len(text) == 1 and text.isascii() and text.isdigit():
            self.type_digit(text)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() and not self._blink.isActive():
            self._blink.start()
        elif not self.hasFocus():
            self._blink.stop()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self._digits):
            box = QRectF(1 + index * (self._side + GAP), 1, self._side, self._side)
            at = self.hasFocus() and index == min(len(self._text), self._digits - 1)
            line = "bad" if self._wrong else "focus" if at else "control"
            frame(painter, box, RADIUS["input"], fill="surface", line=line, width=2 if at or self._wrong else 1)
            if index < len(self._text):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(THEME.colour("text"))
                painter.drawEllipse(box.center(), 4, 4)
            elif at and self._caret:
                painter.setPen(QPen(THEME.colour("accent"), 1.5))
                middle = box.center().x()
                painter.drawLine(QPointF(middle, box.top() + 10), QPointF(middle, box.bottom() - 10))


class _Key(QPushButton):
    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setFixedSize(80, 60)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(text or icon)

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        digit = self.text().isdigit()
        over = self.underMouse() or self.isDown()
        if digit:
            fill = "hover" if over else "surface"
            frame(painter, QRectF(self.rect()), RADIUS["keypad"], fill=fill, line="line_strong")
        elif over:
            frame(painter, QRectF(self.rect()), RADIUS["keypad"], fill="hover")
        middle = self.height() / 2
        if self._icon:
            paint_icon(painter, self._icon, self.width() / 2 - 10, middle - 10, 20, THEME.colour("text2"))
            return
        style = "digit" if digit else "small"
        half = 16 if digit else 9
        x = (self.width() - text_width(self.text(), style)) / 2
        draw_text(painter, self.text(), x, middle - half, style, "text" if digit else "text2")


class Keypad(QWidget):
    """Digits for touch. Signals: digit(str), cleared(), back()."""

    digit = Signal(str)
    cleared = Signal()
    back = Signal()

    def __init__(self, clear_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for number in range(1, 10):
            grid.addWidget(self._digit_key(str(number)), (number - 1) // 3, (number - 1) % 3)
        self._clear = _Key(clear_words, "", self)
        self._clear.clicked.connect(self.cleared)
        grid.addWidget(self._clear, 3, 0)
        grid.addWidget(self._digit_key("0"), 3, 1)
        back = _Key("", "delete", self)
        back.setAccessibleName("⌫")
        back.clicked.connect(self.back)
        grid.addWidget(back, 3, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_clear_words(self, words: str) -> None:
        """Changes the words of the clearing key."""
        self._clear.setText(words)
        self._clear.setAccessibleName(words)

    def _digit_key(self, text: str) -> QPushButton:
        key = _Key(text, "", self)
        key.clicked.connect(lambda: self.digit.emit(text))
        return key
