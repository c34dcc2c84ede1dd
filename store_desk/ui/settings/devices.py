"""Devices of the desk, each with a way to try it: printers, cash drawer, signature, the customer's display."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from store_desk.domain.errors import DomainError
from store_desk.domain.printer_address import (
    BAUD,
    BAUDS,
    AddressWrong,
    Line,
    ReceiptAddress,
    is_receipt_address,
    read_address,
    typed_address,
)
from store_desk.domain.slip import Paper
from store_desk.ui.parts.buttons import Chip
from store_desk.ui.parts.inputs import LineEdit, Segmented
from store_desk.ui.settings.device_rows import RECEIPT, DrawerRow, PadRow, ScannerRow, ScreenRow, small_button
from store_desk.ui.settings.printer_state import StateRow, printer_name
from store_desk.ui.settings.scanner import ScannerEnds
from store_desk.ui.settings.section import CONTROL_HEIGHT, CONTROL_WIDTH, OpenSelect, Section
from store_desk.ui.tasks import run

ROLL: Final = "printer.roll"
NETWORK, PORT, BAUD_ROW = "device.network", "device.port", "device.baud"
_ADDRESS_MAX: Final = 200
_ROLLS: Final = (Paper.MM80.value, Paper.MM58.value)
_TOLD: Final = ("kind", "host", "port")


class DevicesSection(Section):
    """One row by device, then how they are connected; all that reaches a printer runs on the printer lane."""

    def build(self) -> None:
        self._ports: list[tuple[str, str]] = []
        self.states = {paper: self._add_printer(paper) for paper in (Paper.A5, Paper.MM80)}
        self.drawer = DrawerRow(self)
        self.states[Paper.MM80].known.connect(self.drawer.show_printer)
        self.scanner = ScannerRow(self)
        self.pad = PadRow(self)
        self.screens = ScreenRow(self)
        self.add_group(self._say("group.receipt"))
        self._build_connection()
        self.add_group(self._say("group.scanner"))
        self.ends = ScannerEnds(self)
        self.ends.changed.connect(self.scanner.show_ends)

    def enter(self) -> None:
        for state in self.states.values():
            state.ask()
        run(self, self.room.bench.printer, self.room.bench.printing.receipt_ports, then=self._on_ports)

    def _say(self, key: str, **facts: object) -> str:
        return self.room.bench.language.say(f"ui_devices.{key}", **facts)

    # --- rows ----------------------------------------------------------------------------------------------

    def _add_printer(self, paper: Paper) -> StateRow:
        button, chip = small_button(self._say("test_print"), icon="printer"), Chip(self.room.say("printer.asking"))
        button.clicked.connect(self._on_test_a5 if paper is Paper.A5 else self._on_test_receipt)
        name = f"device.{paper.value}"
        title = self.room.say(name)
        row = self.add_row(name, title, self.room.say("printer.asking"), button, extra=chip)
        return StateRow(self.room, paper, row, chip, title=title)

    def _build_connection(self) -> None:
        at = self._address()
        self.network = LineEdit(placeholder="192.168.1.50")
        self.network.setFixedSize(CONTROL_WIDTH, CONTROL_HEIGHT)
        self.network.setMaxLength(_ADDRESS_MAX)
        self.network.editingFinished.connect(self._on_network)
        self.network.textEdited.connect(self._on_network_edited)
        self.network_row = self.add_row(NETWORK, self.room.say(NETWORK), self._say("network.caption"), self.network)
        self.port = OpenSelect()
        self.port.picked.connect(self._on_port)
        self.add_row(PORT, self.room.say(PORT), self._say("port.caption"), self.port)
        self.baud = OpenSelect(tuple((str(baud), str(baud)) for baud in BAUDS), value=str(at.baud if at else BAUD))
        self.baud.picked.connect(self._on_baud)
        self.add_row(BAUD_ROW, self.room.say(BAUD_ROW), self._say("baud.caption"), self.baud)
        rolls = tuple((roll, self._say(f"roll.{roll}"), "", "") for roll in _ROLLS)
        stored = self.room.stored.text(ROLL)
        roll = Segmented(rolls, value=stored if stored in _ROLLS else _ROLLS[0], height=CONTROL_HEIGHT)
        roll.chosen.connect(self._on_roll)
        self.add_row(ROLL, self.room.say(ROLL), self._say("roll.caption"), roll)
        self._show_address()

    # --- receipt printer -----------------------------------------------------------------------------------

    def _address(self) -> ReceiptAddress | None:
        text = self.room.stored.text(RECEIPT)
        if not is_receipt_address(text):
            return None
        try:
            return read_address(text)
        except AddressWrong:
            return None

    def _show_address(self) -> None:
        """Puts the stored address into the field or the list that it belongs to."""
        at = self._address()
        # Host and port where that says all; an address with options of its own stays as it is.
        plain = at is not None and at.line is Line.NETWORK and not at.limit_s
        network = at is not None and at.line is Line.NETWORK
        text = str(at).removeprefix("escpos+tcp://") if plain else str(at) if network else ""
        self.network.setText(text)
        self.network.set_tone("")
        options = [("", self._say("port.none"))]
        options += [(address, self._port_words(address, words)) for address, words in self._ports]
        here = "" if at is None or network else str(replace(at, baud=BAUD))
        if here and here not in dict(options):
            options.append((here, printer_name(self.room, here)))
        self.port.set_options(tuple(options), value=here)
        self.baud.setEnabled(at is not None and at.line is Line.SERIAL)

    def _port_words(self, address: str, words: str) -> str:
        at = read_address(address)
        line = self._say(f"line.{at.line.value}")
        device = at.device or at.serial
        return self._say("port.named", line=line, device=device, words=words) if words else f"{line} {device}".strip()

    def _store_address(self, address: str) -> None:
        self.room.stored.put(RECEIPT, address)
        self._show_address()
        self.drawer.show_printer("unknown")
        self.states[Paper.MM80].ask()

    def _on_ports(self, ports: list[tuple[str, str]]) -> None:
        self._ports = list(ports)
        self._show_address()

    def _on_network_edited(self, _text: str) -> None:
        self.network.set_tone("")
        self.network_row.set_words(self.room.say(NETWORK), self._say("network.caption"))

    def _on_network(self) -> None:
        text, at = self.network.text().strip(), self._address()
        if not text:
            if at is not None and at.line is Line.NETWORK:
                self._store_address("")
            return
        try:
            address = str(typed_address(text))
        except AddressWrong as error:
            self.network.set_tone("bad")
            code = error.code if error.code in _TOLD else "other"
            self.network_row.set_words(self.room.say(NETWORK), self._say(f"network.wrong.{code}", text=text))
            return
        if address != self.room.stored.text(RECEIPT):
            self._store_address(address)

    def _on_port(self, address: str) -> None:
        at = read_address(address) if address else None
        if at is not None and at.line is Line.SERIAL:
            at = replace(at, baud=int(self.baud.value()))
        self._store_address("" if at is None else str(at))

    def _on_baud(self, baud: str) -> None:
        at = self._address()
        if at is not None and at.line is Line.SERIAL:
            self._store_address(str(replace(at, baud=int(baud))))

    def _on_roll(self, roll: str) -> None:
        self.room.stored.put(ROLL, roll)

    # --- trying --------------------------------------------------------------------------------------------

    def _on_test_a5(self) -> None:
        self._test(Paper.A5)

    def _on_test_receipt(self) -> None:
        self._test(Paper.MM80)

    def _test(self, paper: Paper) -> None:
        printing = self.room.bench.printing
        self.noted.emit(self._say("test_running"), "")
        run(
            self,
            self.room.bench.printer,
            lambda: printing.test_page(paper),
            then=self._on_tested,
            refused=self._on_failed,
        )

    def _on_tested(self, _nothing: object) -> None:
        self.noted.emit(self._say("test_done"), "ok")

    def _on_failed(self, error: DomainError) -> None:
        self.refuse(error)
        for state in self.states.values():
            state.ask()
