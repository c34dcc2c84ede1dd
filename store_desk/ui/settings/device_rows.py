"""One row for each device beside the printers: cash drawer, scanner, signature pad, and the customer's screen."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputDevice, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.domain.printer_address import is_receipt_address
from store_desk.ui.customer.screen import customer_screen
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.inputs import Toggle
from store_desk.ui.settings.device_tries import ScreenSign, TryPad
from store_desk.ui.settings.printer_state import printer_name, show_state
from store_desk.ui.settings.scanner import Burst, ScanField, burst_words
from store_desk.ui.settings.section import CONTROL_HEIGHT, CONTROL_WIDTH, OpenSelect, Section, line_of
from store_desk.ui.tasks import run

RECEIPT: Final = "printer.80mm"
DRAWER: Final = "printer.drawer"
SCREEN: Final = "signature.screen"
PAD: Final = "device.signature"
SCANNER: Final = "device.scanner"
Tone = Literal["ok", "warn", "neutral"]


def small_button(words: str, *, icon: str = "") -> Button:
    """A button as high as the other controls of a row."""
    button = Button(words, icon=icon)
    button.setFixedHeight(CONTROL_HEIGHT)
    return button


class DeviceRow(QObject):
    """A row with its name, its state in plain words, a chip, and something to try it with."""

    def __init__(self, section: Section, name: str, title: str, control: QWidget) -> None:
        super().__init__(section)
        self.section, self.room, self.title = section, section.room, title
        self.chip = Chip(" ")
        self.row = section.add_row(name, title, " ", control, extra=self.chip)

    def say(self, key: str, **facts: object) -> str:
        """A word of the devices."""
        return self.room.bench.language.say(f"ui_devices.{key}", **facts)

    def show(self, caption: str, state: str, tone: Tone, icon: str) -> None:
        """The state in a sentence, and in a word."""
        self.row.set_words(self.title, caption)
        self.chip.set_chip(state, icon=icon, tone=tone)


class DrawerRow(DeviceRow):
    """The cash drawer hangs on the receipt printer, so its state is that printer's."""

    def __init__(self, section: Section) -> None:
        room = section.room
        say = room.bench.language.say
        on, off = say("ui_devices.drawer.on"), say("ui_devices.drawer.off")
        self.toggle = Toggle(on=on, off=off, name=room.say(DRAWER))
        self.toggle.setChecked(room.stored.flag(DRAWER))
        self.toggle.setToolTip(room.say(DRAWER))
        self.test = small_button(say("ui_devices.drawer.test"))
        controls = line_of(self.test, self.toggle, spacing=16)
        super().__init__(section, DRAWER, room.say("device.drawer"), controls)
        # The search for a setting gives the focus to the switch, and a screen reader hears what it switches.
        controls.setFocusProxy(self.toggle)
        controls.setAccessibleName(room.say(DRAWER))
        self.toggle.toggled.connect(self._on_toggled)
        self.test.clicked.connect(self._on_test)
        self.show_printer("unknown")

    def show_printer(self, code: str) -> None:
        """The receipt printer's state is known."""
        address = self.room.stored.text(RECEIPT)
        if not is_receipt_address(address):
            self.show(self.say("drawer.without"), self.say("drawer.none"), "neutral", "plug")
            return
        key = "drawer.opens" if self.room.stored.flag(DRAWER) else "drawer.stays"
        self.row.set_words(self.title, self.say(key, name=printer_name(self.room, address)))
        show_state(self.room, self.chip, code)
        self._code = code

    _code = "unknown"

    def _on_toggled(self, on: bool) -> None:
        self.room.stored.put(DRAWER, on)
        self.show_printer(self._code)

    def _on_test(self) -> None:
        self.section.noted.emit(self.say("drawer.opening"), "")
        bench = self.room.bench
        run(self, bench.printer, bench.printing.open_drawer, then=self._on_opened, refused=self.section.refuse)

    def _on_opened(self, _nothing: object) -> None:
        self.section.noted.emit(self.say("drawer.opened"), "ok")


class ScannerRow(DeviceRow):
    """The scanner, tried in a field that looks nothing up."""

    def __init__(self, section: Section) -> None:
        room = section.room
        self.field = ScanField(placeholder=room.bench.language.say("ui_devices.scanner.here"))
        self.field.setFixedSize(CONTROL_WIDTH, CONTROL_HEIGHT)
        super().__init__(section, SCANNER, room.say(SCANNER), self.field)
        self.field.delivered.connect(self._on_delivered)
        self.show_ends()

    def show_ends(self) -> None:
        """What is set for this desk, before anything was scanned."""
        prefix = self.room.stored.text("scanner.prefix")
        end = self.room.say(f"scanner.suffix.{self.room.stored.text('scanner.suffix')}")
        key = "scanner.set.prefix" if prefix else "scanner.set"
        self.show(self.say(key, prefix=prefix, end=end), self.say("not_tried"), "neutral", "circle-help")

    def _on_delivered(self, burst: Burst) -> None:
        words, good = burst_words(self.room, burst)
        self.field.setAccessibleDescription(words)
        if good:
            self.show(words, self.say("works"), "ok", "circle-check")
        else:
            self.show(words, self.say("look_at"), "warn", "triangle-alert")


class PadRow(DeviceRow):
    """What the customer signs with; the button opens a pad that tells what it feels, then clears it."""

    def __init__(self, section: Section) -> None:
        language = section.room.bench.language
        self.button = small_button(language.say("ui_devices.signature.try"), icon="signature")
        super().__init__(section, PAD, section.room.say(PAD), self.button)
        self._paper = QWidget(section)
        around = QVBoxLayout(self._paper)
        around.setContentsMargins(0, 10, 0, 6)
        self.pad = TryPad(hint=self.say("signature.hint"))
        around.addWidget(self.pad)
        self._paper.hide()
        section.column.addWidget(self._paper)
        self._most = 0.0
        self.pad.felt.connect(self._on_felt)
        self.button.clicked.connect(self._on_button)
        self._show_present()

    def _show_present(self) -> None:
        kinds = {device.type() for device in QInputDevice.devices()}
        pen = kinds & {QInputDevice.DeviceType.Stylus, QInputDevice.DeviceType.Airbrush}
        kind = "pen" if pen else "touch" if QInputDevice.DeviceType.TouchScreen in kinds else "mouse"
        self.show(self.say(f"signature.has.{kind}"), self.say("not_tried"), "neutral", "circle-help")

    def _on_button(self) -> None:
        self._most = 0.0
        self.pad.clear()
        self._paper.show()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)
        self.button.set_icon("eraser")
        self.button.set_text(self.say("signature.clear"))
        self._show_present()

    def _on_felt(self, kind: str, pressure: float) -> None:
        self._most = max(self._most, pressure)
        words = self.say(f"signature.felt.{kind}", pressure=round(pressure * 100), most=round(self._most * 100))
        self.show(words, self.say("works"), "ok", "circle-check")


class ScreenRow(DeviceRow):
    """The display that is turned to the customer: which one, whether it is there, and a sign to find it by."""

    def __init__(self, section: Section) -> None:
        room = section.room
        self.select = OpenSelect()
        self.test = small_button(room.bench.language.say("ui_devices.screen.test"))
        controls = line_of(self.test, self.select)
        super().__init__(section, SCREEN, room.say(SCREEN), controls)
        controls.setFocusProxy(self.select)
        self.select.setAccessibleName(room.say(SCREEN))
        self._sign: ScreenSign | None = None
        self.select.picked.connect(self._on_picked)
        self.test.clicked.connect(self.show_sign)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            # A display that is plugged in or pulled out shows at once.
            app.screenAdded.connect(self._on_screens)
            app.screenRemoved.connect(self._on_screens)
        self.show_screens()

    def chosen(self) -> QScreen | None:
        """The display that the customer would be shown; None where the clerk's own is turned round."""
        own = self.section.screen()
        return customer_screen(QGuiApplication.screens(), own=own, name=self.room.stored.text(SCREEN))

    def show_screens(self) -> None:
        """Reads which displays there are."""
        name = self.room.stored.text(SCREEN)
        names = [screen.name() for screen in QGuiApplication.screens()]
        options = [("", self.say("screen.auto")), *((one, one) for one in names)]
        if name and name not in names:
            options.append((name, self.say("screen.gone", name=name)))
        self.select.set_options(tuple(options), value=name)
        chosen = self.chosen()
        if name and name not in names:
            key = "screen.instead" if chosen is not None else "screen.turned"
            words = self.say(key, name=chosen.name() if chosen is not None else "")
            self.show(words, self.say("screen.missing"), "warn", "triangle-alert")
        elif chosen is None:
            self.show(self.say("screen.turned"), self.say("screen.one"), "neutral", "tablet-smartphone")
        else:
            size = chosen.size()
            words = self.say("screen.is", name=chosen.name(), width=size.width(), height=size.height())
            self.show(words, self.say("screen.connected"), "ok", "circle-check")

    def show_sign(self) -> QWidget | None:
        """Fills the customer's display with a sign for a moment; gives it, or None where there is no other display."""
        chosen = self.chosen()
        if chosen is None:
            self.section.noted.emit(self.say("screen.only"), "ok")
            return None
        self._sign = ScreenSign(self.say("screen.here"))
        self._sign.show_on(chosen)
        self.section.noted.emit(self.say("screen.shown", name=chosen.name()), "ok")
        return self._sign

    def _on_picked(self, name: str) -> None:
        self.room.stored.put(SCREEN, name)
        self.show_screens()

    def _on_screens(self, _screen: QScreen) -> None:
        self.show_screens()
