"""What to do about a forgotten PIN: whom to ask, and the recovery sheet for the last manager."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import Select, TextArea
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.signin.person import MANAGER, Person

SHEET_LINES = 9


class HelpPane(QWidget):
    """Explains. Signals: back(), recovery_asked()."""

    back = Signal()
    recovery_asked = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._managers: tuple[Person, ...] = ()
        self._title = TextLabel(style="heading", wrap=True)
        self._manager = TextLabel(colour="text2", wrap=True)
        self._names = TextLabel(style="strong", wrap=True)
        self._last = TextLabel(colour="text2", wrap=True)
        self.recover = Button("", icon="key-round", size="large")
        self.leave = Button("", key="Esc", kind="ghost", size="large")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._title, self._manager, self._names, self._last):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self.recover)
        column.addWidget(self.leave)
        column.addStretch(1)
        self.recover.clicked.connect(self.recovery_asked)
        self.leave.clicked.connect(self.back)
        self.setFocusProxy(self.leave)
        self.retranslate()

    def show_help(self, people: tuple[Person, ...], *, why_not: str) -> None:
        """Names the managers; `why_not` says why the sheet cannot be used yet."""
        self._managers = tuple(person for person in people if person.role == MANAGER)
        self.recover.set_reason(why_not)
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        say, lang = self._language.say, self._language.now
        joiner = ", " if lang == "en" else "、"
        names = joiner.join(f"{person.name_in(lang)} {person.id}" for person in self._managers)
        self._title.set_text(say("ui_signin.help"))
        self._manager.set_text(say("ui_signin.help.manager"))
        self._names.set_text(say("ui_signin.help.managers", names=names) if names else "")
        self._names.setVisible(bool(names))
        self._last.set_text(say("ui_signin.help.last"))
        self.recover.set_text(say("ui_signin.help.recover"))
        self.leave.set_text(say("ui_signin.help.back"))


class RecoveryPane(QWidget):
    """Takes the recovery sheet. Signals: back(), given(str staff id, str sheet)."""

    back = Signal()
    given = Signal(str, str)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._title = TextLabel(style="heading", wrap=True)
        self._caption = TextLabel(style="small", colour="text2", wrap=True)
        self._who = TextLabel(style="label")
        self.who = Select()
        self._sheet = TextLabel(style="label")
        self.sheet = TextArea(lines=SHEET_LINES)
        self._line = TextLabel(style="small", colour="bad", wrap=True)
        self.go = Button("", kind="primary", size="large")
        self.leave = Button("", key="Esc", kind="ghost", size="large")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._title, self._caption, self._who, self.who, self._sheet, self.sheet, self._line):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.leave)
        row.addWidget(self.go, 1)
        column.addLayout(row)
        column.addStretch(1)
        self.go.clicked.connect(self.on_go)
        self.leave.clicked.connect(self.back)
        self.sheet.textChanged.connect(self.on_typed)
        QWidget.setTabOrder(self.sheet, self.go)
        QWidget.setTabOrder(self.go, self.leave)
        self.setFocusProxy(self.sheet)

    def show_managers(self, people: tuple[Person, ...], *, chosen: str) -> None:
        """Offers the managers, the chosen one first where it is one."""
        managers = [person for person in people if person.role == MANAGER]
        options = tuple((person.id, f"{person.name_in(self._language.now)} {person.id}") for person in managers)
        ids = [person.id for person in managers]
        self.who.set_options(options, value=chosen if chosen in ids else ids[0] if ids else "")
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_signin.recover"))
        self._caption.set_text(say("ui_signin.recover.caption"))
        self._who.set_text(say("ui_signin.recover.who"))
        self.who.setAccessibleName(say("ui_signin.recover.who"))
        self._sheet.set_text(say("ui_signin.recover.sheet"))
        self.sheet.setAccessibleName(say("ui_signin.recover.sheet"))
        self.go.set_text(say("ui_signin.recover.go"))
        self.leave.set_text(say("ui_signin.help.back"))

    def show_line(self, text: str, *, colour: str = "bad") -> None:
        """Says something below the sheet."""
        self._line.set_look(colour=colour)
        self._line.set_text(text)
        self.sheet.setAccessibleDescription(text)

    def line(self) -> str:
        """What is said below the sheet."""
        return self._line.text()

    def set_busy(self, busy: bool) -> None:
        """Takes no entry while the sheet is looked at."""
        for part in (self.who, self.sheet, self.go):
            part.setEnabled(not busy)
        if not busy:
            self.sheet.setFocus()

    def forget(self) -> None:
        """Leaves nothing of the sheet on the screen."""
        self.sheet.clear()
        self.show_line("")

    def on_typed(self) -> None:
        """Typing ends what was said about the last try."""
        if self._line.text() and self.sheet.isEnabled():
            self.show_line("")

    def on_go(self) -> None:
        """Hands the sheet on."""
        if self.sheet.toPlainText().strip() and self.who.value():
            self.given.emit(self.who.value(), self.sheet.toPlainText())
        else:
            self.show_line(self._language.say("ui_signin.recover.lines"))
            self.sheet.setFocus()
