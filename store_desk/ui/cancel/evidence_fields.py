"""The fields for what a reason asks for: texts, amounts, days, a choice, another ticket."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.attachments import AttachmentKind
from store_desk.domain.reasons import EvidenceField, Kind
from store_desk.domain.ticket import Ticket
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.correction_fields import NAMES, CorrectionFields
from store_desk.ui.cancel.entries import FIELD_LENGTH_MAX
from store_desk.ui.cancel.file_button import FileButton
from store_desk.ui.cancel.missing import Known, field_is_right
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit, Segmented
from store_desk.ui.parts.text import TextLabel

ICONS = {Kind.AMOUNT: "coins", Kind.DATE: "calendar-clock", Kind.TICKET: "scan-barcode"}

HINTS_WRONG = {Kind.AMOUNT: "ui_cancel.evidence.invalid_amount", Kind.DATE: "ui_cancel.evidence.invalid_day"}
# The field that a file may stand for.
PHOTO = "photo"
# Texts that take a line of their own.
WIDE = frozenset({"remedy", "record", "which", "event", "how", "text"})


class EvidenceFields(QWidget):
    """Signal: entered(dict) with the evidence pairs, at every key."""

    entered = Signal(dict)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._items: tuple[EvidenceField, ...] = ()
        self._key: object = None
        self.edits: dict[str, LineEdit] = {}
        self.choices: dict[str, Segmented] = {}
        # What is wrong with an amount or a day, beside its name.
        self.wrong: dict[str, TextLabel] = {}
        self.candidates: list[Button] = []
        self.files: list[FileButton] = []
        self.correction: CorrectionFields | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 2)
        self._rows.setSpacing(0)
        self._body: QWidget | None = None

    def show_fields(self, items: tuple[EvidenceField, ...], work: CancelWork) -> None:
        """Shows the fields of the chosen reason; they are built anew only when the reason changes."""
        self._work = work
        tickets = work.opening.candidates if work.opening is not None else ()
        key = (items, self._bench.language.now, tickets)
        if key != self._key:
            self._key, self._items = key, items
            self._build(items, work)
        self.setVisible(bool(items))
        known = work.known()
        if known is not None:
            self._show_values(work, known)

    def _build(self, items: tuple[EvidenceField, ...], work: CancelWork) -> None:
        opening = work.opening
        if self._body is not None:
            self._rows.removeWidget(self._body)
            self._body.deleteLater()
        self.edits, self.choices, self.wrong = {}, {}, {}
        self.candidates, self.files, self.correction = [], [], None
        if opening is not None and tuple(item.name for item in items) == NAMES:
            self._body = self.correction = CorrectionFields(self._bench, opening.ticket)
            self.edits["right"] = self.correction.right
            self.correction.entered.connect(self.on_corrected)
        else:
            self._body = self._cells(items, opening.candidates if opening is not None else ())
        self._rows.addWidget(self._body)

    def _cells(self, items: tuple[EvidenceField, ...], tickets: tuple[Ticket, ...]) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        at = 0
        for item in items:
            # Short things share a line: an amount and a day, an aspect and a person.
            wide = item.kind is Kind.TICKET or item.name in WIDE
            at += at % 2 if wide else 0
            grid.addWidget(self._cell(item, tickets), at // 2, at % 2, 1, 2 if wide else 1)
            at += 2 if wide else 1
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return body

    def _cell(self, item: EvidenceField, tickets: tuple[Ticket, ...]) -> QWidget:
        say = self._bench.language.say
        name = say(f"trade.evidence.{item.name}")
        cell = QWidget()
        rows = QVBoxLayout(cell)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        label = QHBoxLayout()
        label.setSpacing(8)
        label.addWidget(TextLabel(name, "label"))
        if not item.required:
            label.addWidget(TextLabel(say("ui_cancel.evidence.optional"), "caption", "text3"))
        if item.kind in HINTS_WRONG:
            self.wrong[item.name] = TextLabel("", "caption", "bad", elide=True)
            label.addWidget(self.wrong[item.name], 1)
        else:
            label.addStretch(1)
        rows.addLayout(label)
        if item.kind is Kind.CHOICE:
            words = {
                "quality": "trade.aspect.quality",
                "speed": "trade.aspect.speed",
                "attitude": "trade.aspect.attitude",
            }
            options = tuple((code, say(words.get(code, f"trade.{item.name}.{code}")), "", "") for code in item.choices)
            choice = Segmented(options, name=name, stretch=True)
            choice.setMinimumWidth(150)
            choice.chosen.connect(partial(self.on_edited, item.name))
            self.choices[item.name] = choice
            rows.addWidget(choice)
            return cell
        hint = {Kind.DATE: self._sample_day(), Kind.TICKET: say("ui_cancel.evidence.scan")}.get(item.kind, "")
        edit = LineEdit(icon=ICONS.get(item.kind, ""), placeholder=hint, name=name)
        edit.setMaxLength(FIELD_LENGTH_MAX)
        edit.textEdited.connect(partial(self.on_edited, item.name))
        edit.editingFinished.connect(self.on_left)
        self.edits[item.name] = edit
        rows.addWidget(edit)
        if item.name == PHOTO:
            rows.addWidget(self._file_button(), 0, Qt.AlignmentFlag.AlignLeft)
        if item.kind is Kind.TICKET and tickets:
            rows.addLayout(self._candidates(item, tickets))
        return cell

    def _sample_day(self) -> str:
        """Today in the store's zone, as a day is written here."""
        desk = self._bench.desk
        return desk.clock().astimezone(desk.zone).date().isoformat()

    def _file_button(self) -> FileButton:
        """The photo itself, kept with the ticket; its name and hash become the value."""
        ticket_id = self._work.ticket_id if self._work is not None else ""
        button = FileButton(self._bench, ticket_id, kind=AttachmentKind.PHOTO)
        button.attached.connect(self.on_attached)
        self.files.append(button)
        return button

    def on_attached(self, value: str) -> None:
        """A photo was kept: the field names it with its hash."""
        self.edits[PHOTO].setText(value)
        self.on_edited(PHOTO, value)

    def _candidates(self, item: EvidenceField, tickets: tuple[Ticket, ...]) -> QVBoxLayout:
        """Other tickets of the customer, to be picked instead of typed."""
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(TextLabel(self._bench.language.say("ui_cancel.evidence.candidates"), "caption", "text3"))
        for ticket in tickets:
            button = Button(f"{ticket.number} · {ticket.product}"[:48], icon="link", size="small")
            button.clicked.connect(partial(self.on_picked, item.name, ticket.number))
            self.candidates.append(button)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _show_values(self, work: CancelWork, known: Known) -> None:
        if self.correction is not None:
            self.correction.show_entries(work.entries)
            return
        for item in self._items:
            value = work.entries.evidence_of(item.name)
            if item.name in self.choices:
                self.choices[item.name].set_value(value or None)
                continue
            edit = self.edits[item.name]
            if edit.text() != value and not edit.hasFocus():
                edit.setText(value)
            checked = item.kind in HINTS_WRONG and value.strip() and not edit.hasFocus()
            wrong = bool(checked) and not field_is_right(item, value, known=known)
            edit.set_tone("bad" if wrong else "")
            words = self._bench.language.say(HINTS_WRONG[item.kind], day=self._sample_day()) if wrong else ""
            edit.setToolTip(words)
            edit.setAccessibleDescription(words)
            if item.name in self.wrong:
                self.wrong[item.name].set_text(words)

    def focus_field(self, name: str) -> None:
        """Puts the cursor into this field."""
        widget: QWidget | None = self.edits.get(name) or self.choices.get(name)
        if self.correction is not None and name != "right":
            widget = self.correction.detail
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def mark_wrong(self, name: str) -> None:
        """Marks a field that the desk refused."""
        if name in self.edits:
            self.edits[name].set_tone("bad")
            self.focus_field(name)

    def on_left(self) -> None:
        """A field was left: now what it holds can be called wrong."""
        work = self._work
        known = work.known() if work is not None else None
        if work is not None and known is not None:
            self._show_values(work, known)

    def on_edited(self, name: str, value: str) -> None:
        """A field is typed or chosen."""
        self.on_corrected({name: value})

    def on_corrected(self, given: dict[str, str]) -> None:
        """Some fields have new values; an empty one is taken away."""
        if self._work is None:
            return
        kept = {**dict(self._work.entries.evidence), **given}
        self.entered.emit({"evidence": tuple(sorted((name, value) for name, value in kept.items() if value))})

    def on_picked(self, name: str, number: str) -> None:
        """One of the customer's other tickets was picked."""
        self.edits[name].setText(number)
        self.on_edited(name, number)

    def take_scan(self, text: str) -> bool:
        """Puts a scan into the field that has the cursor; answers whether there is one."""
        for name, edit in self.edits.items():
            if edit.hasFocus():
                edit.setText(text)
                self.on_edited(name, text)
                return True
        return False
