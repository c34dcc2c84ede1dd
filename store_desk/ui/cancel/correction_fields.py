"""The fields of a correction: which detail of the ticket is wrong, what it says now, what it should say."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from store_desk.domain.ticket import Ticket, mask_phone
from store_desk.services.linked import correctable
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import FIELD_LENGTH_MAX, Entries
from store_desk.ui.parts.choices import Select
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel

# The evidence that is asked for together, and shown as one correction.
NAMES = ("field", "wrong", "right")
# The details that can be put right, those that are wrong most often first.
DETAILS = ("phone", "customer", "product", "serial", "order_number", "brand", "category", "description")


class CorrectionFields(QWidget):
    """Signal: entered(dict) of the evidence that changed: the detail with what it says now, or what it should say.

    What the ticket says is read from the ticket, a telephone number masked, so that nobody copies it by hand.
    """

    entered = Signal(dict)

    def __init__(self, bench: Bench, ticket: Ticket, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._ticket = ticket
        say = bench.language.say
        options = tuple((detail, say(f"ui_cancel.correct.{detail}")) for detail in DETAILS)
        self.detail = Select(options, name=say("trade.evidence.field"))
        self.detail.setPlaceholderText(say("ui_cancel.correct.choose"))
        self.detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.right = LineEdit(name=say("trade.evidence.right"))
        self.right.setMaxLength(FIELD_LENGTH_MAX)
        self.said = TextLabel(style="caption", colour="text2", elide=True)
        self.said.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(TextLabel(say("trade.evidence.field"), "label"), 0, 0)
        grid.addWidget(TextLabel(say("trade.evidence.right"), "label"), 0, 1)
        grid.addWidget(self.detail, 1, 0)
        grid.addWidget(self.right, 1, 1)
        grid.addWidget(self.said, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.detail.picked.connect(self.on_detail)
        self.right.textEdited.connect(self.on_right)

    def show_entries(self, entries: Entries) -> None:
        """Shows what was entered, by whatever name the detail was given."""
        field = correctable(entries.evidence_of("field"))
        if self.detail.value() != field:
            self.detail.set_value(field)
        right = entries.evidence_of("right")
        if self.right.text() != right and not self.right.hasFocus():
            self.right.setText(right)
        said = entries.evidence_of("wrong")
        self.said.set_text(self._bench.language.say("ui_cancel.correct.said", value=said) if said else "")
        self.said.setHidden(not said)

    def _says_now(self, field: str) -> str:
        value = str(getattr(self._ticket, field)).strip()
        if field == "phone":
            value = mask_phone(value)
        return value[:FIELD_LENGTH_MAX] or self._bench.language.say("ui_cancel.correct.nothing")

    def on_detail(self, field: str) -> None:
        """The wrong detail was picked."""
        words = self._bench.language.say(f"ui_cancel.correct.{field}")
        self.entered.emit({"field": words, "wrong": self._says_now(field)})

    def on_right(self, text: str) -> None:
        """What it should say is typed."""
        self.entered.emit({"right": text})
