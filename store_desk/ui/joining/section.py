"""The settings' section about head office: whether this desk belongs to one, the last contact, and the way there.

A desk that head office no longer knows, since it was restored from before the desk joined, is offered the way again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import DeskUnknown
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Contact, Enrolment, contact_of, enrolment_of
from store_desk.services.office import Joined
from store_desk.ui.joining.checks import ChecksView
from store_desk.ui.joining.form import JoinForm, address_of
from store_desk.ui.parts.areas import Banner
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.settings.section import Section, value_label
from store_desk.ui.settings.times import moment
from store_desk.ui.tasks import run


@dataclass(frozen=True, slots=True)
class Standing:
    """How this desk stands with head office; `waiting` counts operations without an answer."""

    enrolment: Enrolment | None
    contact: Contact
    waiting: int

    @property
    def forgotten(self) -> bool:
        """Whether head office said last that it does not know this desk."""
        return self.enrolment is not None and self.contact.problem == DeskUnknown.code


def read_office(desk: Desk) -> Standing:
    """How it stands, in one transaction."""
    with desk.read() as uow:
        waiting = uow.deliveries.counts(confirmed_since=desk.clock()).waiting
        return Standing(enrolment_of(uow), contact_of(uow), waiting)


class HeadOfficeSection(Section):
    """State, address, last contact, fingerprint and the test; the form while the desk stands alone or was forgotten.

    Signal: joined(Joined).
    """

    joined = Signal(object)
    for_managers = True

    def build(self) -> None:
        room, bench = self.room, self.room.bench
        say = bench.language.say
        self._forgotten = Banner("warn", "cloud-alert", "")
        self._above = QWidget()
        above = QVBoxLayout(self._above)
        above.setContentsMargins(0, 8, 0, 8)
        above.addWidget(self._forgotten)
        self.column.addWidget(self._above)
        self._above.hide()
        self._chip = Chip()
        self._state = self.add_row("office.state", say("ui_joining.state"), " ", self._chip)
        self._address = value_label("")
        self._spoke = value_label("")
        self._rows = (
            self.add_row("office.address", say("ui_joining.address"), say("ui_joining.address.row"), self._address),
            self.add_row("office.contact", say("ui_joining.contact"), " ", self._spoke),
        )
        self._copy = Button(room.say("desk.copy"), icon="copy")
        self._copy.clicked.connect(self._on_copy)
        self.add_row("office.fingerprint", say("ui_joining.fingerprint"), bench.desk.identity.fingerprint, self._copy)
        self.checks: ChecksView | None = None
        self.form: JoinForm | None = None
        if bench.check_office is not None:
            self.add_group(say("ui_joining.test.group"))
            self.checks = ChecksView(bench.language, bench.check_office, bench.far)
            self.column.addWidget(self.checks)
        if bench.join is not None and room.may():
            self.form = JoinForm(bench.language, bench.join, bench.far)
            self.form.hide()
            self.column.addWidget(self.form)
            self.form.joined.connect(self._on_joined)
            if self.checks is not None:
                self.form.address.textChanged.connect(self._on_address)
        self._done = Banner("ok", "cloud-check", "")
        self._done.hide()
        self.column.addWidget(self._done)

    def enter(self) -> None:
        """Reads how it stands."""
        bench = self.room.bench
        run(self, bench.database, partial(read_office, bench.desk), then=self._on_read, refused=self._on_refused)

    def _on_read(self, standing: Standing) -> None:
        enrolment, contact = standing.enrolment, standing.contact
        bench = self.room.bench
        say = bench.language.say
        title = say("ui_joining.state")
        if enrolment is None:
            self._chip.set_chip(say("ui_joining.state.alone"), icon="store")
            self._state.set_words(title, say("ui_joining.state.alone.caption"))
        else:
            trouble = bool(contact.problem)
            if trouble:
                self._chip.set_chip(say("ui_joining.state.trouble"), icon="cloud-alert", tone="warn")
            else:
                self._chip.set_chip(say("ui_joining.state.joined"), icon="cloud-check", tone="ok")
            caption = say(f"ui_joining.role.{enrolment.role}", store=enrolment.store, n=len(enrolment.scope))
            self._state.set_words(title, caption)
            self._address.set_text(enrolment.url)
        spoke = moment(bench, contact.at) if contact.at else say("ui_joining.contact.never")
        self._spoke.set_text(spoke)
        self._rows[1].set_words(say("ui_joining.contact"), say("ui_joining.contact.caption"))
        for row in self._rows:
            row.setVisible(enrolment is not None)
        self._show_forgotten(standing)
        if self.form is not None:
            self.form.setVisible(enrolment is None or standing.forgotten)
        if self.checks is not None:
            self.checks.setVisible(enrolment is not None or self.form is not None)

    def _show_forgotten(self, standing: Standing) -> None:
        """Why a desk that has joined is to join again, and that nothing is lost by it."""
        say = self.room.bench.language.say
        self._above.setVisible(standing.forgotten)
        if not standing.forgotten or standing.enrolment is None:
            return
        who = say("ui_joining.forgotten.here" if self.form is not None else "ui_joining.forgotten.manager")
        text = say("ui_joining.forgotten.text", n=standing.waiting, who=who)
        self._forgotten.set_words(say("ui_joining.forgotten"), text)
        if self.form is not None:
            self.form.join_again(standing.enrolment.url)
            self._bring_up(self.form)

    def _bring_up(self, form: JoinForm) -> None:
        """Puts the form under the words that speak of it, on the page and in the order of the Tab key."""
        self.column.removeWidget(form)
        self.column.insertWidget(self.column.indexOf(self._above) + 1, form)
        parts: list[QWidget] = [form.address, form.code, form.go, self._copy]
        if self.checks is not None:
            parts.append(self.checks.go)
        for first, then in pairwise(parts):
            QWidget.setTabOrder(first, then)

    def _on_refused(self, error: DomainError) -> None:
        self.refuse(error)

    def _on_address(self, _text: str) -> None:
        if self.checks is not None and self.form is not None:
            self.checks.address = address_of(self.form.address.text())

    def _on_joined(self, joined: Joined) -> None:
        say = self.room.bench.language.say
        text = say("ui_joining.done.text", tickets=joined.tickets)
        if joined.conflicts:
            text = f"{text} {say('ui_joining.done.conflicts', n=joined.conflicts)}"
        self._done.set_words(say("ui_joining.done", store=joined.store, desk=joined.desk), text)
        self._done.show()
        if self.checks is not None:
            self.checks.address = ""
        self.joined.emit(joined)
        self.enter()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.room.bench.desk.identity.fingerprint)
        self.noted.emit(self.room.say("desk.copied"), "ok")
