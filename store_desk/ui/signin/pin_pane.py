"""The right half: what PIN is asked, the boxes, one line for what went wrong, the keypad, and a link below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.ui.parts.buttons import LinkButton
from store_desk.ui.parts.pin import Keypad, PinBoxes
from store_desk.ui.parts.text import TextLabel

CENTRE = Qt.AlignmentFlag.AlignHCenter
BOX = 40


class PinPane(QWidget):
    """Signals: completed(str PIN), link_clicked()."""

    completed = Signal(str)
    link_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel(style="heading", align=CENTRE, wrap=True)
        self._caption = TextLabel(style="small", colour="text2", align=CENTRE, wrap=True)
        self.boxes = PinBoxes(side=BOX)
        self._line = TextLabel(style="small", colour="bad", align=CENTRE, wrap=True)
        self.keypad = Keypad("")
        self.link = LinkButton("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addSpacing(4)
        column.addWidget(self._caption)
        column.addSpacing(19)
        column.addWidget(self.boxes, 0, CENTRE)
        column.addSpacing(5)
        column.addWidget(self._line)
        column.addSpacing(4)
        column.addWidget(self.keypad, 0, CENTRE)
        column.addSpacing(24)
        column.addWidget(self.link, 0, CENTRE)
        column.addStretch(1)
        self.boxes.completed.connect(self.completed)
        self.boxes.changed.connect(self.on_changed)
        self.keypad.digit.connect(self.on_digit)
        self.keypad.cleared.connect(self.on_cleared)
        self.keypad.back.connect(self.boxes.back)
        self.link.clicked.connect(self.link_clicked)
        self.setFocusProxy(self.boxes)

    def show_words(self, *, title: str, caption: str, name: str, clear: str, link: str) -> None:
        """What is asked; `name` is what screen readers call the boxes."""
        self._title.set_text(title)
        self._caption.set_text(caption)
        self.boxes.setAccessibleName(name)
        self.keypad.set_clear_words(clear)
        self.link.set_text(link)

    def show_line(self, text: str, *, colour: str = "bad") -> None:
        """Says something below the boxes; empty takes it away."""
        self._line.set_look(colour=colour)
        self._line.set_text(text)
        self.boxes.setAccessibleDescription(text)

    def line(self) -> str:
        """What is said below the boxes."""
        return self._line.text()

    def title(self) -> str:
        """What is asked."""
        return self._title.text()

    def set_busy(self, busy: bool) -> None:
        """Takes no digits while the PIN is looked at; the focus comes back afterwards."""
        self.boxes.setEnabled(not busy)
        self.keypad.setEnabled(not busy)
        self.link.setEnabled(not busy)
        if not busy:
            self.boxes.setFocus()

    def show_wrong(self, text: str) -> None:
        """Empties the boxes, marks them and says why."""
        self.set_busy(False)
        self.boxes.clear()
        self.boxes.set_wrong(True)
        self.show_line(text)

    def on_changed(self, text: str) -> None:
        """A new digit ends what was said about the last try."""
        if text and self._line.text() and self.boxes.isEnabled():
            self.show_line("")

    def on_digit(self, digit: str) -> None:
        """A digit of the keypad."""
        self.boxes.setFocus()
        self.boxes.type_digit(digit)

    def on_cleared(self) -> None:
        """The keypad's clearing key."""
        self.boxes.setFocus()
        self.boxes.clear()
