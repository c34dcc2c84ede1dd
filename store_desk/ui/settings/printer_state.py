"""A row that says how a printer is, asked on the printer lane, and what printers are called here."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from store_desk.domain.errors import DomainError
from store_desk.domain.printer_address import AddressWrong, Line, is_receipt_address, read_address
from store_desk.domain.slip import Paper
from store_desk.services.ports import PrinterState
from store_desk.ui.parts.buttons import Chip
from store_desk.ui.parts.parts import SettingRow
from store_desk.ui.settings.section import Room
from store_desk.ui.tasks import run
from store_desk.words import catalogue

FOLDER: Final = "folder:"
SYSTEM: Final = "system:"
_LOOKS: Final[dict[str, tuple[str, Literal["ok", "warn", "bad", "neutral"]]]] = {
    "ready": ("circle-check", "ok"),
    "busy": ("printer", "neutral"),
    "offline": ("plug", "bad"),
    "paper_out": ("triangle-alert", "warn"),
    "cover_open": ("triangle-alert", "warn"),
    "unknown": ("circle-help", "neutral"),
}


def printer_name(room: Room, address: str) -> str:
    """What a printer is called on the screen: the system's name, host and port, or the folder."""
    if address.startswith(FOLDER):
        return room.say("printer.folder_at", folder=address.removeprefix(FOLDER))
    if is_receipt_address(address):
        try:
            at = read_address(address)
        except AddressWrong:
            return address
        place = {Line.NETWORK: f"{at.host}:{at.port}", Line.SERIAL: at.device, Line.USB: at.serial}[at.line]
        return f"{room.bench.language.say(f'ui_devices.line.{at.line.value}')} {place}".strip()
    return address.removeprefix(SYSTEM)


def show_state(room: Room, chip: Chip, code: str) -> None:
    """Puts a printer's state into a chip; `none` stands for no printer."""
    if code == "none":
        chip.set_chip(room.say("printer.none_chosen"), icon="plug", tone="neutral")
        return
    icon, tone = _LOOKS[code]
    chip.set_chip(room.say(f"printer.{code}"), icon=icon, tone=tone)


class StateRow(QObject):
    """Puts a printer's state into a row's caption and its chip; a late answer never overwrites a newer one.

    With a `title` of its own the chip also says when no printer is chosen. Signal: known(code of the state).
    """

    known = Signal(str)

    def __init__(self, room: Room, paper: Paper, row: SettingRow, chip: Chip, *, title: str = "") -> None:
        super().__init__(row)
        self._room, self._paper = room, paper
        self.row, self.chip = row, chip
        self._name = f"printer.{paper.value}"
        self._title, self._says_none = title or room.say(self._name), bool(title)
        self._turn = 0
        chip.hide()

    def ask(self) -> None:
        """Asks the printer; the row tells its answer."""
        self._turn += 1
        turn, paper, printing = self._turn, self._paper, self._room.bench.printing
        run(
            self,
            self._room.bench.printer,
            lambda: (turn, printing.state(paper)),
            then=self._on_state,
            refused=self._on_no_state,
        )

    def _on_state(self, answer: tuple[int, PrinterState]) -> None:
        turn, state = answer
        if turn != self._turn:
            return
        code = state.code if state.code in _LOOKS else "none"
        self._show(code, self._caption(code, state))

    def _show(self, code: str, caption: str) -> None:
        self.row.set_words(self._title, caption)
        self.chip.setVisible(code != "none" or self._says_none)
        show_state(self._room, self.chip, code)
        self.known.emit(code)

    def _caption(self, code: str, state: PrinterState) -> str:
        name = printer_name(self._room, state.name)
        # The reason says more than the state, where the printer gave one that has words.
        if state.reason in catalogue("printers"):
            why = self._room.bench.language.say(f"printers.{state.reason}")
            return self._room.bench.language.say("ui_devices.says", name=name, why=why)
        return self._room.say(f"printer.says.{code}", name=name)

    def _on_no_state(self, _error: DomainError) -> None:
        if not self._room.stored.text(self._name):
            self._show("none", self._room.say("printer.says.none"))
