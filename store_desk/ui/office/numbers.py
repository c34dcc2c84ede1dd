"""The shop's numbers and tariffs, published as a whole: those that differ from the shipped ones."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.services.office import Sheet
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.office.section import PAD, OfficeSection
from store_desk.ui.parts.areas import SettingRow
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.numbers import (
    GROUPS,
    RULES,
    TARIFF,
    Number,
    bounds_of,
    default_of,
    entered,
    numbers_of,
    shown,
)

FIELD_WIDTH = 120
ROW_WIDTH_MAX = 800


class NumbersSection(OfficeSection):
    """Every number in a row of its own, with its unit."""

    source = "policy"

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, parent)
        self._mine: dict[str, int] = {}
        self.fields: dict[str, LineEdit] = {}
        self._rows: dict[str, SettingRow] = {}
        self._units: dict[str, TextLabel] = {}
        self._heads: dict[str, TextLabel] = {}
        self.note = TextLabel("", "small", "text2", elide=True)
        self.publish = Button(" ", icon="send", kind="primary")
        self.publish.clicked.connect(self.on_publish)
        self._build()

    def _build(self) -> None:
        holder = QWidget()
        holder.setMaximumWidth(ROW_WIDTH_MAX)
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(PAD, 0, PAD, 12)
        rows.setSpacing(0)
        for group in GROUPS:
            self._heads[group] = TextLabel("", "captionb", "text2")
            rows.addSpacing(14)
            rows.addWidget(self._heads[group])
            for number in numbers_of(group):
                rows.addWidget(self._row(number))
        rows.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(PAD, 10, PAD, 20)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.publish)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(QuietScroll(holder), 1)
        column.addLayout(foot)

    def _row(self, number: Number) -> SettingRow:
        field = LineEdit(name=number.name)
        field.setObjectName(number.name)
        field.setFixedSize(FIELD_WIDTH, 36)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.textEdited.connect(self.on_typed)
        unit = TextLabel("", "small", "text2")
        unit.setFixedWidth(72)
        control = QWidget()
        line = QHBoxLayout(control)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(field)
        line.addWidget(unit)
        row = SettingRow(number.name, "", control)
        self.fields[number.name], self._units[number.name], self._rows[number.name] = field, unit, row
        return row

    # --- showing -------------------------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet) -> None:
        self._mine = dict(sheet.body or {})
        self._fill()
        super().show_sheet(sheet)

    def take_body(self, body: Any, *, keep: bool) -> None:
        """Goes on with another body as what was entered here."""
        self._mine = dict(body or {})
        self._fill()
        self.reread()

    def _fill(self) -> None:
        currency = self.bench.desk.identity.currency
        for number in RULES + TARIFF:
            value = self._mine.get(number.name, default_of(number))
            self.fields[number.name].setText(shown(number, value, currency=currency))
            self.fields[number.name].set_tone("")

    def is_changed(self) -> bool:
        """Whether something here has not been published yet."""
        return self.sheet is not None and self.body() != dict(self.sheet.body or {})

    def is_in_hand(self) -> bool:
        return self.is_changed()

    def body(self) -> dict[str, int]:
        """What would be published: numbers that differ from the shipped ones, and names this program does not know."""
        known = {number.name for number in RULES + TARIFF}
        made = {name: value for name, value in self._mine.items() if name not in known}
        currency = self.bench.desk.identity.currency
        for number in RULES + TARIFF:
            value = entered(number, self.fields[number.name].text(), currency=currency)
            kept = number.name in dict(self.sheet.body or {}) if self.sheet else False
            if value is not None and (value != default_of(number) or kept):
                made[number.name] = value
        return made

    def entries(self, body: Any) -> dict[str, str]:
        currency = self.bench.desk.identity.currency
        given = dict(body or {})
        return {
            self._title(number): shown(number, given.get(number.name, default_of(number)), currency=currency)
            for number in RULES + TARIFF
        }

    def _title(self, number: Number) -> str:
        key = "rule.tariff_minor" if number.level else f"rule.{number.name}"
        return self.bench.language.say(f"ui_settings.{key}", level=number.level)

    def reread(self) -> None:
        say = self.bench.language.say
        currency = self.bench.desk.identity.currency
        for group, head in self._heads.items():
            head.set_text(say(f"ui_settings.group.{group}"))
        for number in RULES + TARIFF:
            unit = say(f"ui_settings.unit.{number.unit}", currency=currency)
            self._units[number.name].set_text(unit)
            self.fields[number.name].setAccessibleName(self._title(number))
            least, greatest = (shown(number, value, currency=currency) for value in bounds_of(number))
            bounds = say("ui_settings.bounds", least=least, greatest=greatest, unit=unit)
            self._rows[number.name].set_words(self._title(number), bounds)
        self.publish.set_text(self.say("publish"))
        self.on_typed()

    def on_typed(self, *_: object) -> None:
        """A number was changed: marks what cannot be read, and says what is not published yet."""
        currency = self.bench.desk.identity.currency
        wrong = False
        for number in RULES + TARIFF:
            field = self.fields[number.name]
            unreadable = entered(number, field.text(), currency=currency) is None
            field.set_tone("bad" if unreadable else "")
            wrong = wrong or unreadable
        changed = self.is_changed()
        self.publish.setEnabled(changed and not wrong)
        self.note.set_text(self.say("wrong") if wrong else self.say("changed") if changed else self.version_words())

    def on_publish(self) -> None:
        """Publishes all of it over the version that was shown."""
        if self.publish.isEnabled():
            self.publish_asked.emit(self.body())
