"""Two small forms inside the action panel: the note of a reopening, and the question before everything is undone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import TextArea
from store_desk.ui.parts.text import TextLabel

NOTE_LENGTH_MAX = 2_000


class InPlaceForm(QWidget):
    """A question with its two answers. Signal: left() when it is not to be done. Ctrl+Enter does it, Esc leaves."""

    left = Signal()

    def __init__(self, bench: Bench, *, yes: str, no: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._keys = (yes, no)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.title = TextLabel("", "subhead")
        self.column.addWidget(self.title)
        self.trouble = TextLabel("", "small", "bad", wrap=True)
        self.trouble.hide()
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self.yes = Button("", key="Ctrl Enter", kind="primary", size="large")
        self.no = Button("", key="Esc", kind="secondary", size="large")
        self.yes.clicked.connect(self.on_yes)
        self.no.clicked.connect(self.on_no)
        self._row.addStretch(1)
        self._row.addWidget(self.no)
        self._row.addWidget(self.yes)

    def finish_layout(self) -> None:
        """Puts trouble and buttons below what the form asks."""
        self.column.addWidget(self.trouble)
        self.column.addLayout(self._row)

    def reread_buttons(self) -> None:
        """The buttons' words in the present language."""
        self.yes.set_text(self._bench.language.say(self._keys[0]))
        self.no.set_text(self._bench.language.say(self._keys[1]))

    def stop(self) -> None:
        """Forgets what was said and entered."""
        self.show_trouble("")
        self.yes.setEnabled(True)

    def working(self) -> None:
        """It has been sent and is not sent twice."""
        self.show_trouble("")
        self.yes.set_reason(self._bench.language.say("ui_desk.working"))

    def show_refusal(self, words: str) -> None:
        """What the store answered; it can be tried again."""
        self.yes.set_reason("")
        self.show_trouble(words)

    def show_trouble(self, words: str) -> None:
        """Says what is missing or was refused."""
        self.trouble.set_text(words)
        self.trouble.setVisible(bool(words))

    def on_yes(self) -> None:
        """To be done."""

    def on_no(self) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.yes.isEnabled():
                self.on_yes()
        elif event.key() == Qt.Key.Key_Escape:
            self.on_no()
        else:
            super().keyPressEvent(event)


class NoteForm(InPlaceForm):
    """Why a ticket is reopened. Signal: given(note)."""

    given = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, yes="ui_desk.reopen.yes", no="ui_desk.reopen.no", parent=parent)
        self.note = TextArea(lines=2)
        self.column.addWidget(self.note)
        self.finish_layout()
        self.reread()

    def reread(self, *, objection: bool = False) -> None:
        """The words in the present language; an objection to a refusal asks for other words."""
        say = self._bench.language.say
        self.title.set_text(say("ui_desk.reopen.ask"))
        words = say("ui_desk.reopen.object" if objection else "ui_desk.reopen.note")
        self.note.setPlaceholderText(words)
        self.note.setAccessibleName(words)
        self.reread_buttons()

    def start(self) -> None:
        """Ready for the first word."""
        self.note.setFocus()

    def stop(self) -> None:
        super().stop()
        self.note.clear()

    def on_yes(self) -> None:
        note = self.note.toPlainText().strip()[:NOTE_LENGTH_MAX]
        if not note:
            self.show_trouble(self._bench.language.say("ui_desk.reopen.empty"))
            self.note.setFocus()
            return
        self.working()
        self.given.emit(note)


class UndoForm(InPlaceForm):
    """Whether the whole cancellation is taken back. Signal: given()."""

    given = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, yes="ui_desk.undo.yes", no="ui_desk.undo.no", parent=parent)
        self._text = TextLabel("", "small", "text2", wrap=True)
        self.column.addWidget(self._text)
        self.finish_layout()
        self.reread()

    def reread(self) -> None:
        """The words in the present language."""
        say = self._bench.language.say
        self.title.set_text(say("ui_desk.undo.ask"))
        self._text.set_text(say("ui_desk.undo.text"))
        self.reread_buttons()

    def start(self) -> None:
        """Focus on staying, so that a stray Enter undoes nothing."""
        self.no.setFocus()

    def on_yes(self) -> None:
        self.working()
        self.given.emit()
