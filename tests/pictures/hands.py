"""A clerk's hands on the running program: keys into whatever has the focus, the customer's pen, and the camera."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import wait
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from store_desk.app.window import Program
from store_desk.ui.customer.screen import CustomerScreen
from store_desk.ui.signin.page import SWITCH_CLERK
from tests.pictures.looks import Look

LONG_MS = 20_000
# Longer than the pause after which typing is looked up, drawn or kept.
QUIET_MS = 140
CTRL, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)


class Flashes(QObject):
    """Notes every widget that came up as a window of its own: it takes the focus away from where somebody types."""

    def __init__(self, frame: QWidget) -> None:
        super().__init__()
        self._frame = frame
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowType()
            # The customer's screen is meant to be a window of its own.
            if isinstance(watched, CustomerScreen):
                return False
            if watched is not self._frame and kind not in (Qt.WindowType.Popup, Qt.WindowType.ToolTip):
                self.seen.append(type(watched).__name__)
        return False


class TooLongError(RuntimeError):
    """What was waited for did not come."""


class Hands:
    """Drives one program and takes pictures of its window; names outside `only` are walked past without a picture."""

    def __init__(self, program: Program, out: Path, look: Look, only: str) -> None:
        self.program = program
        self.look = look
        self._out = out
        self._only = only
        self.taken: list[str] = []
        self._flashes = Flashes(program.frame)
        program.app.installEventFilter(self._flashes)

    def put_down(self) -> None:
        """The walk is over; RuntimeError naming the widgets that flashed up as windows."""
        self.program.app.removeEventFilter(self._flashes)
        if self._flashes.seen:
            raise RuntimeError(f"came up as windows of their own: {', '.join(self._flashes.seen)}")

    @property
    def window(self) -> Any:
        """The main window; there once somebody has signed in."""
        return self.program.window

    @property
    def sheet(self) -> Any:
        """The sheet that is open, or None."""
        return self.program.window.sheets.current

    def wants(self, name: str) -> bool:
        """Whether a picture of this name was asked for."""
        return name.startswith(self._only)

    # --- waiting -----------------------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Lets the program run until the condition holds; TooLongError after 20 seconds."""
        passed = QElapsedTimer()
        passed.start()
        while not condition():
            if passed.elapsed() > LONG_MS:
                raise TooLongError(what)
            QTest.qWait(10)

    def settle(self) -> None:
        """Waits until nothing is being looked up, drawn or kept any more."""
        for _ in range(2):
            QTest.qWait(QUIET_MS // 2)
            self.wait(self._slip_is_drawn, "the slip's turn")
            for lane in (self.program.database, self.program.printer, self.program.files):
                wait([lane.submit(_nothing)])
            QTest.qWait(20)

    def _slip_is_drawn(self) -> bool:
        drawer = getattr(self.sheet, "drawer", None) if self.window is not None else None
        return drawer is None or not drawer._timer.isActive()

    def snap(self, name: str, *, of: QWidget | None = None) -> None:
        """Saves the window (or another one) as it is now."""
        if not self.wants(name):
            return
        QTest.qWait(QUIET_MS)
        self.settle()
        file = self.look.file_name(name)
        (of or self.program.frame).grab().save(str(self._out / file))
        self.taken.append(file)

    # --- keys and pen ------------------------------------------------------------------------------------------

    def focused(self) -> QWidget:
        """The widget that has the focus."""
        self.wait(lambda: QApplication.focusWidget() is not None, "a focus")
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.program.frame

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Presses one key where the focus is."""
        QTest.keyClick(self.focused(), key, modifier)

    def write(self, text: str) -> None:
        """Types a text where the focus is; Chinese arrives whole, as an input method commits it."""
        if text.isascii():
            for char in text:
                QTest.keyClicks(self.focused(), char)
            return
        field = self.focused()
        if isinstance(field, QLineEdit):
            field.insert(text)
            field.textEdited.emit(field.text())

    def sign(self) -> None:
        """The customer signs on the pad: three loops and a line."""
        self.sign_on(self.sheet.consent.pad)
        if self.sheet.consent.small.isVisible():
            self.sheet.consent.small.setFocus()
            self.press(Qt.Key.Key_Return)

    def turn_to_customer(self) -> CustomerScreen:
        """The customer's screen, as large as the window and in its language, signed."""
        turned = self.sheet.consent.turned
        turned.button.click()
        self.wait(lambda: turned.screen is not None, "the customer's screen")
        screen: CustomerScreen = turned.screen
        screen.showNormal()
        screen.resize(*self.look.size)
        screen.switch.choose(self.look.lang)
        self.settle()
        self.sign_on(screen.pad)
        return screen

    def sign_on(self, pad: QWidget) -> None:
        """Writes on this pad: three loops."""
        wide, high = pad.width(), pad.height()
        for number in range(3):
            left = QPoint(int(wide * (0.34 + 0.12 * number)), int(high * 0.34))
            # As large as a person writes on a pad of this height.
            size = max(1.0, high / 180)
            QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=left)
            for step in range(1, 25):
                turn = step / 24 * math.tau
                across, down = step * 1.2 + 12 * math.sin(turn), 15 - 15 * math.cos(turn)
                QTest.mouseMove(pad, left + QPoint(int(across * size), int(down * size)))
            QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=left + QPoint(int(29 * size), 0))

    # --- coming and going --------------------------------------------------------------------------------------

    def sign_in(self, staff_id: str, pin: str) -> None:
        """From the sign-in page (or the lock) to the desk."""
        page = self.program.sign_in
        if page is None:
            raise TooLongError("the sign-in page")
        self.press(*_key(SWITCH_CLERK))
        for _ in range(12):
            QTest.keyClick(page, Qt.Key.Key_Up)
        for _ in range(12):
            person = page.head.list.person()
            if person is not None and person.id == staff_id:
                break
            QTest.keyClick(page, Qt.Key.Key_Down)
        page.pin.setFocus()
        self.write(pin)
        self.wait(lambda: self.window is not None and self.program.frame.currentWidget() is self.window, "the desk")
        # Keys that a program presses carry no time of their own.
        self.window.scanner._clock_ms = _now_ms
        self.settle()

    def lock(self) -> None:
        """Ctrl L."""
        self.press(Qt.Key.Key_L, CTRL)
        self.wait(lambda: self.program.frame.currentWidget() is self.program.sign_in, "the lock")
        self.settle()

    def find(self, text: str) -> None:
        """From anywhere to the ticket that this text finds."""
        self.press(Qt.Key.Key_F2)
        self.window.top.search.clear()
        self.settle()
        self.write(text)
        self.settle()
        self.press(Qt.Key.Key_Return)
        self.settle()

    def open_sheet(self, text: str) -> None:
        """The cancel sheet of the ticket that this text finds, with the customer's identity asked."""
        self.find(text)
        self.press(Qt.Key.Key_F8)
        self.wait(lambda: self.sheet is not None, f"the cancel sheet of {text}")
        self.wait(lambda: self.sheet.work.view is not None, f"the plan of {text}")
        self.settle()

    def leave_sheet(self) -> None:
        """Esc until the desk is there again."""
        for _ in range(4):
            if self.sheet is not None:
                self.press(Qt.Key.Key_Escape)
                self.settle()
        self.press(Qt.Key.Key_F2)
        self.window.top.search.clear()
        self.settle()


def _key(keys: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    modifier, _, name = keys.partition("+")
    return Qt.Key(ord(name)), {"Alt": ALT, "Ctrl": CTRL}[modifier]


def _now_ms(_: object) -> int:
    return int(time.monotonic() * 1000)


def _nothing() -> None:
    return None
