"""The top bar: the one search box, what was said last, the clerk, the lock."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.staff import Actor
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import TOP_BAR
from store_desk.ui.parts.buttons import Chip, IconButton
from store_desk.ui.parts.inputs import SearchField
from store_desk.ui.parts.parts import Avatar, Hairline
from store_desk.ui.parts.text import TextLabel

# Long enough to be read while a customer is served, and gone before the next one wonders about it.
NEWS_MS = 30_000


class DeskSearch(SearchField):
    """The search box. Signals: moved(int) for the arrows, entered(), cleared() for Escape; focus stays here."""

    moved = Signal(int)
    entered = Signal()
    cleared = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.moved.emit(1)
        elif event.key() == Qt.Key.Key_Up:
            self.moved.emit(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.cleared.emit()
        else:
            super().keyPressEvent(event)


class TopBar(QWidget):
    """Signals: lock_asked()."""

    lock_asked = Signal()

    def __init__(self, language: Language, *, desk_number: int, demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._desk_number = desk_number
        self._actor: Actor | None = None
        self.setFixedHeight(TOP_BAR)
        self.search = DeskSearch()
        self.search.setMinimumWidth(420)
        self.search.setMaximumWidth(620)
        self._said = TextLabel("", "small", "text2", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self._old = QTimer(self)
        self._old.setSingleShot(True)
        self._old.setInterval(NEWS_MS)
        self._old.timeout.connect(self.forget)
        self._demo = Chip("", tone="warn", icon="info")
        # Only hidden here, never shown: without a parent it would come up as a window of its own.
        if not demo:
            self._demo.hide()
        self._avatar = Avatar("")
        self._name = TextLabel("", "strong")
        self._number = TextLabel("", "caption", "text2")
        self._lock = IconButton("lock", "")
        self._lock.clicked.connect(self.lock_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 1)
        row.setSpacing(16)
        row.addWidget(self.search, 3)
        row.addWidget(self._said, 2)
        row.addWidget(self._demo)
        self._lines = QHBoxLayout()
        row.addLayout(self._lines)
        line = Hairline(vertical=True)
        line.setFixedHeight(36)
        row.addWidget(line)
        row.addWidget(self._avatar)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self._name)
        names.addWidget(self._number)
        names.addStretch(1)
        row.addLayout(names)
        row.addWidget(self._lock)
        self.on_language_changed()
        language.changed.connect(self.on_language_changed)

    def add_line(self, line: QWidget) -> None:
        """A line of news that always shows, before the clerk."""
        self._lines.addWidget(line)

    def set_actor(self, actor: Actor | None) -> None:
        """Shows who is at the desk; another person is not told what the one before did."""
        if actor is None or self._actor is None or actor.id != self._actor.id:
            self.forget()
        self._actor = actor
        self.on_language_changed()

    def say(self, text: str) -> None:
        """One quiet line of news, e.g. that a slip was printed; it goes by itself before it is old."""
        self._said.set_text(text)
        self._old.start()

    def said(self) -> str:
        """The news that stands there."""
        return self._said.text()

    def forget(self) -> None:
        """Takes the news away."""
        self._old.stop()
        self._said.set_text("")

    def on_language_changed(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self.search.setPlaceholderText(say("ui_shell.search.placeholder"))
        self.search.setAccessibleName(say("ui_shell.search.name"))
        self._demo.set_chip(say("ui_shell.demo"), tone="warn", icon="info")
        self._lock.set_name(say("ui_shell.lock"))
        if self._actor is None:
            self._name.set_text("")
            self._number.set_text("")
            return
        english = self._language.now == "en" and self._actor.name_other
        self._name.set_text(self._actor.name_other if english else self._actor.name)
        self._number.set_text(say("ui_shell.clerk.number", id=self._actor.id, desk=self._desk_number))
        self._avatar.set_text(self._actor.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("canvas"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, THEME.colour("line"))
