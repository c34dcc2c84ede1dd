"""The shop's numbers and the nine reasons: a manager changes them, everybody else reads them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from store_desk.domain.reasons import CATALOGUE, DEFAULT_TILES, TILES, Reason
from store_desk.ui.parts.buttons import Button, IconButton
from store_desk.ui.parts.parts import SettingRow
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.numbers import GROUPS, Number, numbers_of
from store_desk.ui.settings.section import OpenSelect, Section, line_of
from store_desk.words import catalogue


class RulesSection(Section):
    """One row per number, in groups."""

    for_managers = True

    def build(self) -> None:
        for group in GROUPS:
            self.add_group(self.room.say(f"group.{group}"))
            for number in numbers_of(group):
                title, caption = self._words(number)
                self.add_number(number, title, caption)

    def _words(self, number: Number) -> tuple[str, str]:
        name = "tariff_minor" if number.level else number.name
        return self.room.say(f"rule.{name}", level=number.level), self.room.say(f"rule.{number.name}.caption")


def tiles_of(codes: list[str]) -> list[Reason]:
    """The nine tiles of a stored list; what is missing or unknown is filled up in the shipped order."""
    known = {reason.value: reason for reason in Reason}
    tiles = [known[code] for code in dict.fromkeys(codes) if code in known][:TILES]
    tiles += [reason for reason in (*DEFAULT_TILES, *Reason) if reason not in tiles]
    return tiles[:TILES]


def swapped(tiles: list[Reason], at: int, reason: Reason) -> list[Reason]:
    """The tiles with `reason` at place `at`; a reason that had a place gets the one that is left."""
    after = list(tiles)
    if reason in after:
        after[after.index(reason)] = after[at]
    after[at] = reason
    return after


class ReasonsSection(Section):
    """Nine rows: the digit, the reason, up and down."""

    for_managers = True

    def build(self) -> None:
        self._tiles = tiles_of(self.room.stored.words("reasons.tiles"))
        self._selects: list[OpenSelect] = []
        self._rows: list[SettingRow] = []
        for place in range(TILES):
            self._add_tile(place)
        self.column.addSpacing(12)
        self.column.addWidget(TextLabel(self.room.say("reasons.zero", n=len(CATALOGUE) - TILES), "small", "text2"))
        self.column.addWidget(TextLabel(self.room.say("reasons.hint"), "small", "text2", wrap=True))
        self._reset = Button(self.room.say("reasons.reset"), icon="rotate-ccw")
        self._reset.clicked.connect(self._on_reset)
        self._reset.set_reason("" if self.room.may() else self.room.say("manager_only"))
        self._show()

    def footer(self) -> tuple[QWidget, ...]:
        return (self._reset,)

    def _add_tile(self, place: int) -> None:
        say = self.room.bench.language.say
        options = tuple((reason.value, say(f"trade.reason.{reason.value}")) for reason in Reason)
        select = OpenSelect(options)
        select.setProperty("place", place)
        select.setEnabled(self.room.may())
        select.picked.connect(self._on_picked)
        up = IconButton("arrow-up", self.room.say("reasons.up"))
        down = IconButton("arrow-down", self.room.say("reasons.down"))
        for button, end, slot in ((up, 0, self._on_up), (down, TILES - 1, self._on_down)):
            button.setProperty("place", place)
            button.setEnabled(self.room.may() and place != end)
            button.clicked.connect(slot)
        self._selects.append(select)
        title = self.room.say("reasons.tile", digit=place + 1)
        row = self.add_row(f"reasons.tile.{place + 1}", title, " ", line_of(select, up, down, spacing=4))
        select.setAccessibleName(title)
        self._rows.append(row)

    def _show(self) -> None:
        for place, reason in enumerate(self._tiles):
            self._selects[place].set_value(reason.value)
            needs = f"needs.{reason.value}"
            words = self.room.bench.language.say(f"trade.{needs}") if needs in catalogue("trade") else "—"
            self._rows[place].set_words(self.room.say("reasons.tile", digit=place + 1), words)

    def _store(self, tiles: list[Reason]) -> None:
        self._tiles = tiles
        self._show()
        self.room.stored.put("reasons.tiles", [reason.value for reason in tiles])

    def _place(self) -> int:
        return int(self.sender().property("place"))

    def _on_picked(self, code: str) -> None:
        self._store(swapped(self._tiles, self._place(), Reason(code)))

    def _on_up(self) -> None:
        place = self._place()
        self._store(swapped(self._tiles, place - 1, self._tiles[place]))

    def _on_down(self) -> None:
        place = self._place()
        self._store(swapped(self._tiles, place + 1, self._tiles[place]))

    def _on_reset(self) -> None:
        self._store(list(DEFAULT_TILES))
