"""What a clerk's hands do on the cancel sheet: keys into whatever has the focus, and the customer's pen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from store_desk.ui.cancel.sheet import CancelSheet
from tests.ui.cancel.scene import SUPERVISOR_PIN, Scene

LONG_MS = 20_000


def focused() -> QWidget:
    """The widget that has the focus."""
    widget = QApplication.focusWidget()
    if widget is None:
        raise AssertionError("nothing has the focus")
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses one key where the focus is."""
    QTest.keyClick(focused(), key, modifier)


def write(text: str) -> None:
    """Types a text where the focus is; Chinese arrives as an input method commits it."""
    for char in text:
        widget = focused()
        if ord(char) < 128:
            QTest.keyClick(widget, char)
        elif isinstance(widget, QLineEdit):
            widget.insert(char)
            widget.textEdited.emit(widget.text())


def sign(sheet: CancelSheet) -> None:
    """The customer draws three strokes on the pad."""
    pad = sheet.consent.pad
    for number in range(3):
        left = QPoint(60 + 70 * number, 20)
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=left)
        for step in range(1, 9):
            QTest.mouseMove(pad, left + QPoint(step * 6, (step % 3) * 9))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=left + QPoint(50, 10))


def open_sheet(shop: Scene, qtbot: QtBot, ticket_id: str, *, size: tuple[int, int] = (1286, 736)) -> CancelSheet:
    """The sheet, shown and with the ticket read."""
    sheet = CancelSheet(shop.bench, ticket_id)
    qtbot.addWidget(sheet)
    sheet.resize(*size)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(lambda: sheet.work.view is not None and QApplication.focusWidget() is not None)
    return sheet


def settled(sheet: CancelSheet, qtbot: QtBot) -> None:
    """Waits until the plan shown is the plan for what was entered."""
    qtbot.waitUntil(lambda: not sheet.work._waiting and not sheet._go_on_with_plan)
    QApplication.processEvents()


def codes(sheet: CancelSheet) -> list[str]:
    """What is missing, as the footer says it."""
    return list(sheet.foot.missing_codes())


def do_missing(
    sheet: CancelSheet,
    qtbot: QtBot,
    *,
    digit: str,
    note: str = "Door seal cleaned",
    result: bool = False,
    until: str = "",
) -> None:
    """Does what the footer lists, one after the other, jumping on with Enter, until all is set or `until` is next."""
    for _ in range(20):
        settled(sheet, qtbot)
        missing = codes(sheet)
        if not missing or missing[0] == until:
            return
        sheet.setFocus()
        press(Qt.Key.Key_Return)
        _do(sheet, qtbot, missing[0], digit=digit, note=note, result=result)
    raise AssertionError(codes(sheet))


def _do(sheet: CancelSheet, qtbot: QtBot, code: str, *, digit: str, note: str, result: bool) -> None:
    if code == "identity":
        write("6021")
    elif code == "reason":
        write(digit)
    elif code == "note":
        write(note)
    elif code == "approval":
        write(SUPERVISOR_PIN)
        qtbot.waitUntil(lambda: sheet.work.approver is not None, timeout=LONG_MS)
    elif code == "result":
        press(Qt.Key.Key_Right)
        if not result:
            press(Qt.Key.Key_Right)
    elif code == "recording":
        write("R-260514-0917")
    elif code == "signature":
        sign(sheet)
        if sheet.consent.small.isVisible():
            press(Qt.Key.Key_Tab)
            press(Qt.Key.Key_Return)
    else:
        press(Qt.Key.Key_Space)
