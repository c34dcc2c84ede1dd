"""What the PIN boxes stand for at the moment: a PIN, a new one, or the new one once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from store_desk.domain.errors import (
    DomainError,
    KeyMissing,
    LockedOut,
    PinNotAcceptable,
    SetUpInvalid,
    StaffDisabled,
    WrongPin,
)
from store_desk.ui.language import Language
from store_desk.ui.signin.gate import Gate
from store_desk.ui.signin.person import Person
from store_desk.ui.signin.pin_pane import PinPane

if TYPE_CHECKING:
    from store_desk.services.people import SignedIn


class Step(Enum):
    """What the next six digits are."""

    PIN = "pin"
    NEW = "new"
    REPEAT = "repeat"


class Entry(QObject):
    """Leads from six digits to somebody who is signed in, and says in place what is not right.

    Signals: signed_in(Actor), locked(Person with the end of the lock), busy(bool), sheet_right(str staff id),
    sheet_wrong(str sentence).
    """

    signed_in = Signal(object)
    locked = Signal(object)
    busy = Signal(bool)
    sheet_right = Signal(str)
    sheet_wrong = Signal(str)

    def __init__(self, gate: Gate, pane: PinPane, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._gate, self._pane, self._language = gate, pane, language
        self._person: Person | None = None
        self._step = Step.PIN
        self._old = self._new = self._sheet = ""
        self._sheet_for = ""
        self._checking_sheet = self._busy = False
        pane.completed.connect(self.on_completed)
        gate.signed_in.connect(self.on_right)
        gate.sheet_right.connect(self.on_sheet_right)
        gate.refused.connect(self.on_refused)
        gate.failed.connect(self.on_failed)

    def begin(self, person: Person | None) -> None:
        """The PIN of this person, from the first digit."""
        self._step = Step.PIN
        self._old = self._new = self._sheet = ""
        self._gate.drop_waiting()
        self._set_busy(False)
        self._pane.boxes.clear()
        self._pane.boxes.set_wrong(False)
        self.show_person(person)

    def show_person(self, person: Person | None) -> None:
        """The same person with what is known now, e.g. a lock."""
        self._person = person
        until = person.locked_until(datetime.now(UTC)) if person is not None else None
        text = self._language.say("ui_signin.locked_out", until=f"{until:%H:%M}") if until is not None else ""
        self._pane.show_line(text, colour="warn")
        self.retranslate()

    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._busy

    def is_choosing(self) -> bool:
        """Whether a new PIN is being chosen."""
        return self._step is not Step.PIN

    def retranslate(self) -> None:
        """Reads all words again; what was said about the last try stays until the next digit."""
        say, step = self._language.say, self._step.value
        name = self._person.name_in(self._language.now) if self._person is not None else ""
        caption = "new.recovered" if self._sheet and self._step is Step.NEW else f"{step}.caption"
        title = say(f"ui_signin.{step}")
        self._pane.show_words(
            title=title,
            caption=say(f"ui_signin.{caption}"),
            name=say("ui_signin.pin.of", name=name) if self._step is Step.PIN else title,
            clear=say("ui_signin.pin.clear"),
            link=say("ui_signin.new.leave" if self.is_choosing() else "ui_signin.pin.forgot"),
        )

    def check_sheet(self, staff_id: str, sheet: str) -> None:
        """Looks at the recovery sheet; a new PIN for this manager follows."""
        self._checking_sheet = True
        self._sheet = sheet
        self._sheet_for = staff_id
        self._gate.check_sheet(sheet)

    def on_completed(self, pin: str) -> None:
        """Six digits are there."""
        if self._busy or self._person is None:
            return
        if self._step is Step.NEW:
            self._new = pin
            self._go(Step.REPEAT)
        elif self._step is Step.REPEAT and pin != self._new:
            self._go(Step.NEW)
            self._pane.show_wrong(self._language.say("ui_signin.new.differ"))
        else:
            self._ask(self._person.id, pin)

    def _ask(self, staff_id: str, pin: str) -> None:
        self._set_busy(True)
        key = "new.saving" if self.is_choosing() else "pin.checking" if self._gate.bench else "pin.waiting"
        self._pane.show_line(self._language.say(f"ui_signin.{key}"), colour="text2")
        if self._step is Step.PIN:
            self._old = pin
            self._gate.sign_in(staff_id, pin)
        elif self._sheet:
            self._gate.recover(self._sheet, staff_id, pin)
        else:
            self._gate.change(staff_id, self._old, pin)

    def _go(self, step: Step) -> None:
        self._step = step
        self._pane.boxes.clear()
        self._pane.show_line("")
        self.retranslate()

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy.emit(busy)
            self._pane.set_busy(busy)

    def on_right(self, signed: SignedIn) -> None:
        """The PIN is right; a first PIN is replaced before anything else."""
        self._set_busy(False)
        if signed.must_change_pin:
            self._go(Step.NEW)
            return
        self._old = self._new = self._sheet = ""
        self.signed_in.emit(signed.actor)

    def on_sheet_right(self) -> None:
        """The recovery sheet is this store's."""
        self._checking_sheet = False
        self.sheet_right.emit(self._sheet_for)
        self._go(Step.NEW)

    def show_recovering(self, person: Person | None) -> None:
        """Whose PIN is chosen with the sheet."""
        self._person = person
        self.retranslate()

    def on_refused(self, error: DomainError) -> None:
        """Says why not, where it was typed."""
        if self._checking_sheet:
            self._checking_sheet = False
            self._sheet = ""
            self.sheet_wrong.emit(self._sheet_words(error))
            return
        self._set_busy(False)
        if self._step is Step.REPEAT:
            self._go(Step.NEW)
        text = self._words(error)
        self._pane.show_wrong(text)
        if isinstance(error, LockedOut) and self._person is not None:
            until = datetime.fromisoformat(str(error.facts["until"]))
            self._person = replace(self._person, locked_until_ms=round(until.timestamp() * 1000))
            self.locked.emit(self._person)

    def _words(self, error: DomainError) -> str:
        say = self._language.say
        if isinstance(error, WrongPin):
            left = error.facts["left"]
            return say("ui_signin.wrong.last") if left == 1 else say("ui_signin.wrong", left=left)
        if isinstance(error, LockedOut):
            until = datetime.fromisoformat(str(error.facts["until"])).astimezone()
            return say("ui_signin.locked_out", until=f"{until:%H:%M}")
        if isinstance(error, StaffDisabled):
            return say("ui_signin.disabled")
        if isinstance(error, PinNotAcceptable):
            return say("ui_signin.new.trivial")
        return self._language.error(error)

    def _sheet_words(self, error: DomainError) -> str:
        say = self._language.say
        if isinstance(error, KeyMissing):
            return say("ui_signin.recover.other")
        if isinstance(error, SetUpInvalid):
            line = error.facts.get("value")
            return say("ui_signin.recover.line", n=line) if line else say("ui_signin.recover.lines")
        return self._language.error(error)

    def on_failed(self, text: str) -> None:
        """A bug, told to the log elsewhere: nothing happened, one may try again."""
        if self._checking_sheet:
            self._checking_sheet = False
            self.sheet_wrong.emit(self._language.say("ui_signin.failed"))
            return
        self._set_busy(False)
        self._pane.show_wrong(self._language.say("ui_signin.failed"))
