"""One answer: its name above, the entry, and one line below that explains it or says what is wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.pin import PinBoxes
from store_desk.ui.parts.text import TextLabel


class Field(QWidget):
    """A line of entry or PIN boxes; its words are `ui_setup.NAME`, `.hint` and `.wrong`."""

    def __init__(
        self,
        name: str,
        language: Language,
        *,
        text: str = "",
        secret: bool = False,
        pin: bool = False,
        capitals: bool = False,
    ) -> None:
        super().__init__()
        self.name = name
        self._language = language
        self._capitals = capitals
        self._wrong = ""
        self._label = TextLabel(style="label")
        self._below = TextLabel(style="caption", colour="text3", elide=True)
        self.entry: LineEdit | PinBoxes
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label)
        if pin:
            self.entry = PinBoxes(side=34)
            self.entry.changed.connect(self.on_changed)
        else:
            self.entry = LineEdit()
            self.entry.setText(text)
            self.entry.textEdited.connect(self.on_changed)
            if secret:
                self.entry.setEchoMode(QLineEdit.EchoMode.Password)
        column.addWidget(self.entry)
        column.addWidget(self._below)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.entry)
        self.retranslate()

    def text(self) -> str:
        """What was entered, without spaces around it."""
        return self.entry.text().strip() if isinstance(self.entry, LineEdit) else self.entry.text()

    def set_text(self, text: str) -> None:
        """Enters a text."""
        if isinstance(self.entry, LineEdit):
            self.entry.setText(text)
        self.show_wrong("")

    def clear(self) -> None:
        """Empties the entry."""
        self.entry.clear()

    def wrong(self) -> str:
        """What is said to be wrong."""
        return self._wrong

    def show_wrong(self, text: str) -> None:
        """Says in place what is wrong; empty goes back to the explanation."""
        self._wrong = text
        if isinstance(self.entry, LineEdit):
            self.entry.set_tone("bad" if text else "")
        else:
            self.entry.set_wrong(bool(text))
        self.retranslate()

    def on_changed(self, text: str) -> None:
        """An entry ends what was said about the last one; codes are written in capitals."""
        if self._wrong and text:
            self.show_wrong("")
        if self._capitals and isinstance(self.entry, LineEdit) and text != text.upper():
            at = self.entry.cursorPosition()
            self.entry.setText(text.upper())
            self.entry.setCursorPosition(at)

    def retranslate(self) -> None:
        """Reads all words again."""
        name = self._language.say(f"ui_setup.{self.name}")
        below = self._wrong or self._language.say(f"ui_setup.{self.name}.hint")
        self._label.set_text(name)
        self._below.set_text(below)
        self._below.set_look(colour="bad" if self._wrong else "text3")
        self.entry.setAccessibleName(name)
        self.entry.setAccessibleDescription(below)
