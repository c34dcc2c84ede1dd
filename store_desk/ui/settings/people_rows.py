"""The rows and forms of the staff section."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.roles import Role
from store_desk.domain.staff import Staff, is_locked
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.parts import Avatar, Hairline, Panel
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.section import OpenSelect, Room, Secret

ROLE_WIDTH = 140


def role_options(room: Room, roles: tuple[Role, ...]) -> tuple[tuple[str, str], ...]:
    """The roles in words."""
    return tuple((role.value, room.bench.language.say(f"trade.role.{role.value}")) for role in roles)


class PersonRow(QWidget):
    """One person. Signals: role_picked(Staff, Role), pin_asked(Staff), unlock_asked(Staff), disable_asked(Staff)."""

    role_picked = Signal(object, object)
    pin_asked = Signal(object)
    unlock_asked = Signal(object)
    disable_asked = Signal(object)

    def __init__(
        self, room: Room, person: Staff, *, roles: tuple[Role, ...], last_manager: bool, now: datetime
    ) -> None:
        super().__init__()
        self.person = person
        self._room = room
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(0, 12, 0, 12)
        row.setSpacing(10)
        row.addWidget(Avatar(person.name, side=36, quiet=not person.enabled))
        row.addLayout(self._texts(), 1)
        self._add_chips(row, now)
        self._add_controls(row, roles, last_manager, now)
        column.addWidget(Hairline())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _texts(self) -> QVBoxLayout:
        person, english = self.person, self._room.bench.language.now == "en"
        name = person.name_other if english and person.name_other else person.name
        role = self._room.bench.language.say(f"trade.role.{person.role.value}")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(TextLabel(name, "strong", "text" if person.enabled else "text3", elide=True))
        line = self._room.say("staff.line", number=person.id, role=role)
        actor = self._room.bench.session.actor
        if actor is not None and actor.id == person.id:
            line += f" · {self._room.say('staff.you')}"
        texts.addWidget(TextLabel(line, "small", "text2", elide=True))
        return texts

    def _add_chips(self, row: QHBoxLayout, now: datetime) -> None:
        person = self.person
        if not person.enabled:
            row.addWidget(Chip(self._room.say("staff.off"), icon="user-x"))
        elif is_locked(person, now=now) and person.locked_until is not None:
            until = person.locked_until.astimezone(self._room.bench.desk.zone)
            row.addWidget(Chip(self._room.say("staff.locked", time=f"{until:%H:%M}"), icon="lock", tone="warn"))
        elif person.pin_is_first:
            row.addWidget(Chip(self._room.say("staff.is_first"), icon="key-round"))

    def _add_controls(self, row: QHBoxLayout, roles: tuple[Role, ...], last_manager: bool, now: datetime) -> None:
        person, may = self.person, self._room.may()
        why = self._room.say("staff.last_manager") if last_manager else ""
        self.role = OpenSelect(role_options(self._room, roles), value=person.role.value)
        self.role.setFixedWidth(ROLE_WIDTH)
        self.role.setAccessibleName(f"{self._room.say('staff.role')}, {person.name}")
        self.role.setEnabled(may and person.enabled and not last_manager)
        self.role.setToolTip(why)
        self.role.picked.connect(self._on_role)
        self.more = Button(self._room.say("staff.reset"), icon="key-round", size="small")
        self.more.clicked.connect(self._on_pin)
        self.unlock = Button(self._room.say("staff.unlock"), icon="lock-open", size="small")
        self.unlock.clicked.connect(self._on_unlock)
        self.off = Button(self._room.say("staff.disable"), size="small", kind="ghost")
        self.off.clicked.connect(self._on_off)
        self.off.set_reason(why)
        for widget in (self.unlock, self.more, self.off, self.role):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.unlock.setVisible(is_locked(person, now=now) and person.enabled)
        if not may or not person.enabled:
            for button in (self.unlock, self.more, self.off):
                button.hide()

    def _on_role(self, value: str) -> None:
        self.role_picked.emit(self.person, Role(value))

    def _on_pin(self) -> None:
        self.pin_asked.emit(self.person)

    def _on_unlock(self) -> None:
        self.unlock_asked.emit(self.person)

    def _on_off(self) -> None:
        self.disable_asked.emit(self.person)


class _Form(Panel):
    """A panel with labelled fields and two buttons."""

    def __init__(self, room: Room, title: str) -> None:
        super().__init__("sunken")
        self._room = room
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 16, 20, 16)
        self._column.setSpacing(12)
        self._column.addWidget(TextLabel(title, "subhead"))
        self._fields = QHBoxLayout()
        self._fields.setSpacing(12)
        self._column.addLayout(self._fields)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _field(self, words: str, widget: QWidget, *, width: int = 0) -> None:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(TextLabel(words, "label", "text2"))
        widget.setAccessibleName(words)
        if width:
            widget.setFixedWidth(width)
        column.addWidget(widget)
        self._fields.addLayout(column, 0 if width else 1)

    def _finish(self, hint: str, *buttons: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(TextLabel(hint, "small", "text2", wrap=True), 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(row)


class AddForm(_Form):
    """A new person. Signal: sent((number, name, other name, Role, first PIN))."""

    sent = Signal(object)

    def __init__(self, room: Room, *, roles: tuple[Role, ...], digits: int) -> None:
        super().__init__(room, room.say("staff.add"))
        self._digits = digits
        self.number, self.name, self.other = LineEdit(), LineEdit(), LineEdit()
        self.role = OpenSelect(role_options(room, roles), value=Role.CLERK.value)
        self.role.setFixedHeight(40)
        self.pin = Secret(digits=digits)
        self._field(room.say("staff.number"), self.number, width=88)
        self._field(room.say("staff.name"), self.name)
        self._field(room.say("staff.name_other"), self.other)
        self._field(room.say("staff.role"), self.role, width=ROLE_WIDTH)
        self._field(room.say("staff.first_pin", digits=digits), self.pin, width=150)
        self.add = Button(room.say("staff.add.confirm"), key="Enter", kind="primary")
        self.add.clicked.connect(self._on_add)
        for edit in (self.number, self.name, self.other, self.pin):
            edit.returnPressed.connect(self._on_add)
            edit.textChanged.connect(self._on_typed)
        self._finish(room.say("staff.first_pin.hint"), self.add)
        self._on_typed("")

    def _on_typed(self, _text: str) -> None:
        whole = bool(self.number.text().strip() and self.name.text().strip()) and len(self.pin.text()) == self._digits
        self.add.setEnabled(whole)

    def _on_add(self) -> None:
        if self.add.isEnabled():
            texts = (self.number.text().strip(), self.name.text().strip(), self.other.text().strip())
            self.sent.emit((*texts, Role(self.role.value()), self.pin.text()))


class PinForm(_Form):
    """A new first PIN. Signals: sent(Staff, PIN), kept() when nothing is to change."""

    sent = Signal(object, str)
    kept = Signal()

    def __init__(self, room: Room, person: Staff, *, digits: int) -> None:
        super().__init__(room, room.say("staff.reset.of", name=person.name))
        self._person, self._digits = person, digits
        self.pin = Secret(digits=digits)
        self.pin.returnPressed.connect(self._on_set)
        self.pin.textChanged.connect(self._on_typed)
        self._field(room.say("staff.first_pin", digits=digits), self.pin, width=180)
        self._fields.addStretch(1)
        keep = Button(room.say("staff.keep"), key="Esc", kind="ghost")
        keep.clicked.connect(self.kept)
        self.set = Button(room.say("staff.reset.confirm"), key="Enter", kind="primary")
        self.set.clicked.connect(self._on_set)
        self._finish(room.say("staff.first_pin.hint"), keep, self.set)
        self._on_typed("")

    def _on_typed(self, text: str) -> None:
        self.set.setEnabled(len(text) == self._digits)

    def _on_set(self) -> None:
        if self.set.isEnabled():
            self.sent.emit(self._person, self.pin.text())


class AskPanel(_Form):
    """Switching an account off, asked in place. Signals: confirmed(Staff), kept()."""

    confirmed = Signal(object)
    kept = Signal()

    def __init__(self, room: Room, person: Staff) -> None:
        super().__init__(room, room.say("staff.disable"))
        self._person = person
        self.keep = Button(room.say("staff.keep"), key="Esc")
        self.keep.clicked.connect(self.kept)
        off = Button(room.say("staff.disable.confirm"), kind="danger")
        off.clicked.connect(self._on_off)
        self._finish(room.say("staff.disable.ask", name=person.name), self.keep, off)

    def _on_off(self) -> None:
        self.confirmed.emit(self._person)
