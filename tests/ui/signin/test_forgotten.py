"""A forgotten PIN: whom to ask, and the recovery sheet of the last manager."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from store_desk.services import people
from store_desk.store.keys import new_keys, recovery_sheet
from store_desk.ui.signin.forgotten import HelpPane, RecoveryPane
from tests.ui.signin.scene import MANAGER, Scene

NEW_PIN = "730194"


def ask_for_help(shop: Scene) -> HelpPane:
    """Opens the help with the keyboard."""
    shop.page.pin.link.setFocus()
    shop.key(Qt.Key.Key_Return)
    pane = shop.page.right.currentWidget()
    assert isinstance(pane, HelpPane)
    return pane


def ask_for_recovery(shop: Scene) -> RecoveryPane:
    """Goes on to the sheet with the keyboard."""
    ask_for_help(shop).recover.setFocus()
    shop.key(Qt.Key.Key_Return)
    pane = shop.page.right.currentWidget()
    assert isinstance(pane, RecoveryPane)
    return pane


def give(shop: Scene, pane: RecoveryPane, sheet: str) -> None:
    """Types a sheet and goes on."""
    pane.sheet.setFocus()
    pane.sheet.setPlainText(sheet)
    pane.go.setFocus()
    shop.key(Qt.Key.Key_Return)


def test_help_says_that_a_manager_resets_and_escape_goes_back_to_the_pin(shop: Scene) -> None:
    shop.attach()
    pane = ask_for_help(shop)
    texts = [child.accessibleName() for child in pane.children() if hasattr(child, "accessibleName")]
    assert "可以帮您的人：赵文 1001" in texts
    shop.key(Qt.Key.Key_Escape)
    assert shop.page.right.currentWidget() is shop.page.pin
    assert shop.page.pin.boxes.hasFocus()


def test_the_sheet_cannot_be_used_before_the_data_is_open(shop: Scene) -> None:
    assert not ask_for_help(shop).recover.isEnabled()
    shop.attach()
    pane = shop.page.right.currentWidget()
    assert isinstance(pane, HelpPane) and pane.recover.isEnabled()


def test_the_last_manager_comes_back_with_the_recovery_sheet(shop: Scene) -> None:
    shop.attach()
    pane = ask_for_recovery(shop)
    give(shop, pane, recovery_sheet(shop.opened.store.keys).lower().replace(" ", ""))
    shop.qtbot.waitUntil(lambda: shop.page.pin.title() == shop.say("new"), timeout=5000)
    assert pane.sheet.toPlainText() == ""
    for _ in range(2):
        shop.press(NEW_PIN)
    assert shop.wait_for_sign_in().id == MANAGER
    assert not people.sign_in(shop.opened.desk, staff_id=MANAGER, pin=NEW_PIN).must_change_pin


def test_a_slip_in_the_sheet_names_the_line(shop: Scene) -> None:
    shop.attach()
    pane = ask_for_recovery(shop)
    lines = recovery_sheet(shop.opened.store.keys).splitlines()
    lines[2] = ("A" if lines[2][0] != "A" else "B") + lines[2][1:]
    give(shop, pane, "\n".join(lines))
    shop.qtbot.waitUntil(lambda: pane.line() == shop.say("recover.line", n=3), timeout=5000)
    assert pane.sheet.toPlainText() == "\n".join(lines)
    give(shop, pane, "\n".join(lines[:2]))
    shop.qtbot.waitUntil(lambda: pane.line() == shop.say("recover.lines"), timeout=5000)


def test_another_stores_sheet_is_refused(shop: Scene) -> None:
    shop.attach()
    pane = ask_for_recovery(shop)
    give(shop, pane, recovery_sheet(new_keys()))
    shop.qtbot.waitUntil(lambda: pane.line() == shop.say("recover.other"), timeout=5000)
    QTest.keyClick(pane.sheet, Qt.Key.Key_Escape)
    assert shop.page.right.currentWidget() is shop.page.pin
    assert pane.sheet.toPlainText() == ""
