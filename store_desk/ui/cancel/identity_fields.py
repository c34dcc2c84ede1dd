"""The fields for identity answers: one with a choice of kinds at the counter, all kinds side by side by telephone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from store_desk.domain.identity import IdentityKind, matches
from store_desk.domain.ticket import Ticket
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import Entries
from store_desk.ui.parts.inputs import LineEdit, Segmented
from store_desk.words import catalogue

ICONS = {
    IdentityKind.PHONE_LAST4: "phone",
    IdentityKind.RECEIPT: "receipt-text",
    IdentityKind.MEMBER_CARD: "id-card",
    IdentityKind.ORDER_NUMBER: "receipt-text",
    IdentityKind.SERIAL_TAIL: "scan-barcode",
}
LAST4 = 4
NARROW = 124
NARROW_BY_PHONE = 122


class IdentityFields(QWidget):
    """Signals: answered(IdentityKind, str) with the answer that matched or '' when it was taken away,
    missed(IdentityKind) once per wrong answer."""

    answered = Signal(object, str)
    missed = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._ticket: Ticket | None = None
        self._kinds: tuple[IdentityKind, ...] = ()
        self._by_phone = False
        self._kind: IdentityKind | None = None
        self._wrong: dict[IdentityKind, str] = {}
        self._given: dict[IdentityKind, str] = {}
        self.edits: dict[IdentityKind, LineEdit] = {}
        self.choice = Segmented((), stretch=True)
        # Its words fit side by side in the narrowest column; the natural width with its air would not.
        self.choice.setMinimumWidth(180)
        self.choice.chosen.connect(self.on_kind)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for kind in ICONS:
            edit = LineEdit(icon=ICONS[kind])
            edit.textEdited.connect(partial(self.on_edited, kind))
            edit.returnPressed.connect(partial(self.on_finished, kind))
            edit.editingFinished.connect(partial(self.on_finished, kind))
            self.edits[kind] = edit
            self._row.addWidget(edit)
        self._row.addWidget(self.choice, 1)

    @property
    def is_wrong(self) -> bool:
        """Whether a field shows an answer that does not match."""
        return any(self._given.get(kind) == text for kind, text in self._wrong.items() if text)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        for kind, edit in self.edits.items():
            words = say(f"ui_cancel.identity.{kind.value}")
            # The narrow field shows few letters; its kind stands in full beside it, and is read out.
            short = f"identity.short.{kind.value}"
            edit.setPlaceholderText(say(f"ui_cancel.{short}") if short in catalogue("ui_cancel") else words)
            edit.setAccessibleName(words)
        self._show_choice()

    def show_fields(self, kinds: tuple[IdentityKind, ...], entries: Entries, ticket: Ticket, *, locked: bool) -> None:
        """Shows the fields for these kinds with the answers that matched."""
        changed = (kinds, entries.by_phone) != (self._kinds, self._by_phone)
        self._ticket, self._kinds, self._by_phone = ticket, kinds, entries.by_phone
        if changed or self._kind not in kinds:
            answered = [kind for kind, _ in entries.answers if kind in kinds]
            self._kind = next(iter((*answered, *kinds)), None)
            self._show_choice()
        for kind, edit in self.edits.items():
            edit.setVisible(kind in kinds and (entries.by_phone or kind is self._kind))
            if not entries.by_phone or kind is IdentityKind.PHONE_LAST4:
                edit.setFixedWidth(NARROW_BY_PHONE if entries.by_phone else NARROW)
            else:
                edit.setMinimumWidth(96)
                edit.setMaximumWidth(400)
            edit.setEnabled(not locked)
            answer = entries.answer_of(kind)
            if answer and edit.text() != answer and not edit.hasFocus():
                edit.setText(answer)
            self._given[kind] = edit.text().strip()
            wrong = bool(self._wrong.get(kind)) and self._given[kind] == self._wrong[kind]
            edit.set_tone("ok" if answer else "bad" if wrong else "")
        self.choice.setVisible(not entries.by_phone and bool(kinds))
        self.choice.setEnabled(not locked)

    def _show_choice(self) -> None:
        say = self._bench.language.say
        self.choice.set_options(tuple((k.value, say(f"ui_cancel.identity.{k.value}"), "", "") for k in self._kinds))
        self.choice.set_value(self._kind.value if self._kind else None)
        self.choice.setAccessibleName(say("ui_cancel.identity"))

    def focus_open(self) -> None:
        """Puts the cursor into the first field that has no right answer yet."""
        shown = [edit for kind, edit in self.edits.items() if not edit.isHidden() and edit.isEnabled()]
        open_ = [edit for edit in shown if edit.property("tone") != "ok"]
        for edit in (open_ or shown)[:1]:
            edit.setFocus()
            edit.selectAll()

    def take_scan(self, text: str) -> bool:
        """Puts a scan into the field that has the cursor; answers whether there is one."""
        for kind, edit in self.edits.items():
            if edit.hasFocus():
                edit.setText(text)
                self.on_edited(kind, text)
                self.on_finished(kind)
                return True
        return False

    def on_kind(self, value: str) -> None:
        """Another kind of answer was chosen at the counter."""
        self._kind = IdentityKind(value)
        for kind, edit in self.edits.items():
            edit.setVisible(kind is self._kind)
        self.edits[self._kind].setFocus()

    def on_edited(self, kind: IdentityKind, text: str) -> None:
        """The answer is looked at while it is typed; four figures of a telephone number are the whole answer."""
        given = text.strip()
        self._given[kind] = given
        if self._ticket is not None and matches(self._ticket, kind, given):
            self.answered.emit(kind, given)
            return
        self.answered.emit(kind, "")
        if kind is IdentityKind.PHONE_LAST4 and len(given) == LAST4:
            self._miss(kind, given)
        else:
            self.edits[kind].set_tone("")

    def on_finished(self, kind: IdentityKind) -> None:
        """The field was left or Enter pressed: now a wrong answer is one."""
        given = self.edits[kind].text().strip()
        if given and self._ticket is not None and not matches(self._ticket, kind, given):
            self._miss(kind, given)

    def _miss(self, kind: IdentityKind, given: str) -> None:
        # Leaving the field after Enter must not count the same answer twice.
        if self._wrong.get(kind) == given:
            return
        self._wrong[kind] = given
        self.missed.emit(kind)
        if self.edits[kind].hasFocus():
            # The next figures are a new answer, not the end of the wrong one.
            self.edits[kind].selectAll()
