"""Devices of the desk, each with a way to try it: printers, cash drawer, signature, the customer's display."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

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
from store_desk.ui.customer.screen import customer_screen
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.inputs import LineEdit, Segmented, Toggle
from store_desk.ui.settings.device_tries import ScreenSign, TryPad
from store_desk.ui.settings.printer_state import StateRow, printer_name
from store_desk.ui.settings.section import CONTROL_HEIGHT, CONTROL_WIDTH, OpenSelect, Section, line_of
from store_desk.ui.tasks import run

RECEIPT: Final = "printer.80mm"
DRAWER: Final = "printer.drawer"
ROLL: Final = "printer.roll"
SCREEN: Final = "signature.screen"
NETWORK, PORT, BAUD_ROW, PAD = "device.network", "device.port", "device.baud", "device.signature"
_ADDRESS_MAX: Final = 200
_ROLLS: Final = (Paper.MM80.value, Paper.MM58.value)
_TOLD: Final = ("kind", "host", "port")


class DevicesSection(Section):
    """Rows by device; everything that reaches a printer runs on the printer lane."""

    def build(self) -> None:
        self._ports: list[tuple[str, str]] = []
        self._most = 0.0
        self._sign: ScreenSign | None = None
        self.add_group(self._say("group.printers"))
        self.states = {paper: self._add_printer(paper) for paper in (Paper.A5, Paper.MM80)}
        self.add_group(self._say("group.receipt"))
        self._build_connection()
        self.add_group(self._say("group.drawer"))
        self._build_drawer()
        self.add_group(self._say("group.signature"))
        self._build_pad()
        self._build_screen()

    def enter(self) -> None:
        for state in self.states.values():
            state.ask()
        run(self, self.room.bench.printer, self.room.bench.printing.receipt_ports, then=self._on_ports)

    def _say(self, key: str, **facts: object) -> str:
        return self.room.bench.language.say(f"ui_devices.{key}", **facts)

    # --- rows ----------------------------------------------------------------------------------------------

    def _add_printer(self, paper: Paper) -> StateRow:
        button, chip = Button(self._say("test_print"), icon="printer"), Chip(self.room.say("printer.asking"))
        button.setFixedHeight(CONTROL_HEIGHT)
        button.clicked.connect(self._on_test_a5 if paper is Paper.A5 else self._on_test_receipt)
        name = f"printer.{paper.value}"
        row = self.add_row(
            f"device.{paper.value}", self.room.say(name), self.room.say("printer.asking"), button, extra=chip
        )
        return StateRow(self.room, paper, row, chip)

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

    def _build_drawer(self) -> None:
        self.drawer = Toggle(on=self.room.say("on"), off=self.room.say("off"), name=self.room.say(DRAWER))
        self.drawer.setChecked(self.room.stored.flag(DRAWER))
        self.drawer.toggled.connect(self._on_drawer)
        self.try_drawer = Button(self._say("drawer.test"))
        self.try_drawer.setFixedHeight(CONTROL_HEIGHT)
        self.try_drawer.clicked.connect(self._on_try_drawer)
        controls = line_of(self.try_drawer, self.drawer, spacing=16)
        controls.setFocusProxy(self.drawer)
        self.add_row(DRAWER, self.room.say(DRAWER), self._say("drawer.caption"), controls)

    def _build_pad(self) -> None:
        clear = Button(self._say("signature.clear"), icon="eraser")
        clear.setFixedHeight(CONTROL_HEIGHT)
        clear.clicked.connect(self._on_clear)
        self.pad_row = self.add_row(PAD, self.room.say(PAD), self._say("signature.caption"), clear)
        self.pad = TryPad(hint=self._say("signature.hint"))
        self.pad.felt.connect(self._on_felt)
        self.column.addSpacing(12)
        self.column.addWidget(self.pad)
        self.column.addSpacing(8)

    def _build_screen(self) -> None:
        value = self.room.stored.text(SCREEN)
        names = [screen.name() for screen in QGuiApplication.screens()]
        options = [("", self._say("screen.auto")), *((name, name) for name in names)]
        if value and value not in names:
            options.append((value, self._say("screen.gone", name=value)))
        self.screens = OpenSelect(tuple(options), value=value)
        self.screens.picked.connect(self._on_screen)
        show = Button(self._say("screen.test"))
        show.setFixedHeight(CONTROL_HEIGHT)
        show.clicked.connect(self.show_screen)
        controls = line_of(show, self.screens)
        controls.setFocusProxy(self.screens)
        self.add_row(SCREEN, self.room.say(SCREEN), self._say("screen.caption"), controls)

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

    def _on_drawer(self, on: bool) -> None:
        self.room.stored.put(DRAWER, on)

    def _on_try_drawer(self) -> None:
        self.noted.emit(self._say("drawer.opening"), "")
        printing = self.room.bench.printing
        run(self, self.room.bench.printer, printing.open_drawer, then=self._on_drawer_opened, refused=self._on_failed)

    def _on_drawer_opened(self, _nothing: object) -> None:
        self.noted.emit(self._say("drawer.opened"), "ok")

    def _on_felt(self, kind: str, pressure: float) -> None:
        self._most = max(self._most, pressure)
        shown = self._say(f"signature.felt.{kind}", pressure=round(pressure * 100), most=round(self._most * 100))
        self.pad_row.set_words(self.room.say(PAD), shown)

    def _on_clear(self) -> None:
        self._most = 0.0
        self.pad.clear()
        self.pad_row.set_words(self.room.say(PAD), self._say("signature.caption"))

    def _on_screen(self, name: str) -> None:
        self.room.stored.put(SCREEN, name)

    def show_screen(self) -> QWidget | None:
        """Fills the customer's display with a sign for a moment; gives it, or None where there is no other display."""
        chosen = customer_screen(QGuiApplication.screens(), own=self.screen(), name=self.room.stored.text(SCREEN))
        if chosen is None:
            self.noted.emit(self._say("screen.only"), "ok")
            return None
        self._sign = ScreenSign(self._say("screen.here"))
        self._sign.show_on(chosen)
        self.noted.emit(self._say("screen.shown", name=chosen.name()), "ok")
        return self._sign
