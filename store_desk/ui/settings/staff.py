"""People: who works here, what they may do, first PINs, locks, switched-off accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.domain.policy import Policy
from store_desk.domain.roles import Role
from store_desk.domain.staff import Staff
from store_desk.services import people
from store_desk.ui.parts.buttons import Button
from store_desk.ui.settings.people_rows import AddForm, AskPanel, PersonRow, PinForm
from store_desk.ui.settings.section import Section
from store_desk.ui.tasks import run

# Head office has no account at a desk.
ROLES: Final = (Role.CLERK, Role.SENIOR, Role.SUPERVISOR, Role.TECHNICIAN, Role.MANAGER, Role.AUDITOR)
PIN_DIGITS: Final = Policy().pin_digits


class StaffSection(Section):
    """A form in place for what needs more than a click, then one row per person."""

    for_managers = True
    width_max = 1_000

    def build(self) -> None:
        self._said = ""
        self._form_place = QVBoxLayout()
        self._form_place.setContentsMargins(0, 0, 0, 0)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self.column.addLayout(self._form_place)
        self.column.addLayout(self._list)
        self._form: QWidget | None = None
        self._back_to = ""
        self._add = Button(self.room.say("staff.add"), icon="user-plus")
        self._add.set_reason("" if self.room.may() else self.room.say("manager_only"))
        self._add.clicked.connect(self.open_add)

    def footer(self) -> tuple[QWidget, ...]:
        return (self._add,)

    def enter(self) -> None:
        desk = self.room.bench.desk
        run(self, self.room.bench.database, lambda: people.people_here(desk), then=self._on_people)

    def rows(self) -> list[PersonRow]:
        """The rows as they stand."""
        items = [self._list.itemAt(index) for index in range(self._list.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, PersonRow)]

    # --- forms in place ------------------------------------------------------------------------------------

    def open_add(self) -> None:
        """Opens the form for a new person."""
        if not self.room.may():
            return
        form = AddForm(self.room, roles=ROLES, digits=PIN_DIGITS)
        form.sent.connect(self._on_add)
        self._open_form(form, back_to="")
        form.number.setFocus()

    def close_form(self) -> bool:
        """Closes the form; False when there was none."""
        form, self._form = self._form, None
        if form is None:
            return False
        form.hide()
        form.deleteLater()
        row = next((row for row in self.rows() if row.person.id == self._back_to), None)
        (row.more if row is not None else self._add).setFocus()
        return True

    def _open_form(self, form: QWidget, *, back_to: str) -> None:
        self.close_form()
        self._form, self._back_to = form, back_to
        self._form_place.addWidget(form)
        form.show()

    def _open_pin(self, person: Staff) -> None:
        form = PinForm(self.room, person, digits=PIN_DIGITS)
        form.sent.connect(self._on_reset)
        form.kept.connect(self.close_form)
        self._open_form(form, back_to=person.id)
        form.pin.setFocus()

    def _ask_disable(self, person: Staff) -> None:
        panel = AskPanel(self.room, person)
        panel.confirmed.connect(self._on_disable)
        panel.kept.connect(self.close_form)
        self._open_form(panel, back_to=person.id)
        panel.keep.setFocus()

    # --- what people ask for -------------------------------------------------------------------------------

    def _on_people(self, everybody: tuple[Staff, ...]) -> None:
        for row in self.rows():
            self._list.removeWidget(row)
            row.deleteLater()
        managers = sum(person.enabled and person.role is Role.MANAGER for person in everybody)
        now = self.room.bench.desk.clock()
        for person in everybody:
            last = person.enabled and person.role is Role.MANAGER and managers == 1
            row = PersonRow(self.room, person, roles=ROLES, last_manager=last, now=now)
            row.role_picked.connect(self._on_role)
            row.pin_asked.connect(self._open_pin)
            row.unlock_asked.connect(self._on_unlock)
            row.disable_asked.connect(self._ask_disable)
            self._list.addWidget(row)

    def _do(self, work: Callable[[], Staff], said: str) -> None:
        self._said = said
        run(self, self.room.bench.database, work, then=self._on_done, refused=self._on_refused)

    def _on_add(self, answers: tuple[str, str, str, Role, str]) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        number, name, other, role, pin = answers
        if actor is not None:
            self._do(
                lambda: people.add_staff(desk, actor, staff_id=number, name=name, role=role, pin=pin, name_other=other),
                "staff.added",
            )

    def _on_role(self, person: Staff, role: Role) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        if actor is not None:
            self._do(lambda: people.set_role(desk, actor, staff_id=person.id, role=role), "staff.changed")

    def _on_reset(self, person: Staff, pin: str) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        if actor is not None:
            self._do(lambda: people.reset_pin(desk, actor, staff_id=person.id, pin=pin), "staff.reset.done")

    def _on_unlock(self, person: Staff) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        if actor is not None:
            self._do(lambda: people.unlock_staff(desk, actor, staff_id=person.id), "staff.unlocked")

    def _on_disable(self, person: Staff) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        if actor is not None:
            self._do(lambda: people.disable_staff(desk, actor, staff_id=person.id), "staff.disabled")

    def _on_done(self, person: Staff) -> None:
        language = self.room.bench.language
        role = language.say(f"trade.role.{person.role.value}")
        self.noted.emit(self.room.say(self._said, name=person.name, role=role), "ok")
        self.close_form()
        self.enter()

    def _on_refused(self, error: object) -> None:
        from store_desk.domain.errors import DomainError

        if isinstance(error, DomainError):
            self.refuse(error)
        self.enter()
