"""The devices in the settings: entered, stored and tried as a person does it."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.slip import Paper
from store_desk.services.ports import PrinterState
from store_desk.services.rules import change_setting, read_settings
from store_desk.ui.bench import Bench
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit, Segmented
from store_desk.ui.parts.parts import SettingRow
from store_desk.ui.settings.device_rows import DeviceRow
from store_desk.ui.settings.device_tries import ScreenSign
from store_desk.ui.settings.devices import DevicesSection
from store_desk.ui.settings.page import SettingsPage
from store_desk.ui.settings.printer_state import StateRow
from tests.ui.settings.benches import Printers
from tests.ui.settings.test_page import opened


@pytest.fixture
def page(qtbot: QtBot, bench: Bench) -> SettingsPage:
    """The page with the devices in front."""
    made = opened(qtbot, bench)
    made.show_section("devices")
    return made


def devices(page: SettingsPage) -> DevicesSection:
    assert isinstance(page.section, DevicesSection)
    return page.section


def caption(row: SettingRow) -> str:
    """The words below a row's title."""
    return row._caption.accessibleName()


def printers(bench: Bench) -> Printers:
    assert isinstance(bench.printing, Printers)
    return bench.printing


def stored(bench: Bench, name: str) -> object:
    return json.loads(bench.database.submit(lambda: read_settings(bench.desk, "")).result()[name])


def test_an_address_typed_by_a_person_is_stored_whole(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    field = devices(page).network
    field.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClicks(field, "192.168.1.50")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert stored(bench, "printer.80mm") == "escpos+tcp://192.168.1.50:9100"
    assert field.text() == "192.168.1.50:9100"


@pytest.mark.parametrize(("typed", "said"), [("a b", "192.168.1.50"), ("printer:99999", "65535"), ("http://x", "小票")])
def test_a_wrong_address_is_said_in_place_and_not_stored(
    qtbot: QtBot, page: SettingsPage, bench: Bench, typed: str, said: str
) -> None:
    field = devices(page).network
    field.setFocus()
    with qtbot.assertNotEmitted(page.stored.saved, wait=50):
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said in caption(devices(page).network_row)


def test_a_serial_port_is_chosen_with_its_speed(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    section = devices(page)
    qtbot.waitUntil(lambda: section.port.count() == 3)
    assert not section.baud.isEnabled()
    with qtbot.waitSignal(page.stored.saved):
        section.port.picked.emit("escpos+serial:///dev/ttyUSB0?baud=9600")
    assert section.baud.isEnabled()
    with qtbot.waitSignal(page.stored.saved):
        section.baud.set_value("115200")
        section.baud.picked.emit("115200")
    assert stored(bench, "printer.80mm") == "escpos+serial:///dev/ttyUSB0?baud=115200"
    assert section.port.value() == "escpos+serial:///dev/ttyUSB0?baud=9600"


def test_each_printer_prints_its_test_page(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    for name, paper in (("device.a5", Paper.A5), ("device.80mm", Paper.MM80)):
        button = page.findChild(Button, name)
        assert button is not None
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda paper=paper: ("test", paper) in printers(bench).printed)  # type: ignore[misc]


def test_states_are_said_in_plain_words_with_the_reason(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    printers(bench).states[Paper.MM80] = PrinterState("escpos+tcp://h:9100", "ready", "x", reason="paper_low")
    row = devices(page).states[Paper.MM80]
    row.ask()
    qtbot.waitUntil(lambda: "纸快用完" in caption(row.row))
    assert "网络 h:9100" in caption(row.row)


def test_the_drawer_is_switched_on_and_tried(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    section = devices(page)
    with qtbot.waitSignal(page.stored.saved):
        section.drawer.toggle.setFocus()
        qtbot.keyClick(section.drawer.toggle, Qt.Key.Key_Space)
    assert stored(bench, "printer.drawer") is True
    section.drawer.test.setFocus()
    qtbot.keyClick(section.drawer.test, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: printers(bench).kicks == 1)
    qtbot.waitUntil(lambda: "钱箱" in page._note.accessibleName())


def test_a_drawer_that_does_not_open_is_explained(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    printers(bench).broken = True
    devices(page).drawer.test.setFocus()
    qtbot.keyClick(devices(page).drawer.test, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "盖子未关" in page._note.accessibleName())


def test_the_narrow_roll_is_stored(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    roll = page.findChild(Segmented, "printer.roll")
    assert roll is not None
    roll.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClick(roll, Qt.Key.Key_Right)
    assert stored(bench, "printer.roll") == "58mm"


def test_the_pad_tells_mouse_from_pen_and_how_hard_it_is_pressed(qtbot: QtBot, page: SettingsPage) -> None:
    section = devices(page).pad
    assert not section.pad.isVisible() and "未试" in section.chip.accessibleName()
    section.button.setFocus()
    qtbot.keyClick(section.button, Qt.Key.Key_Space)
    assert section.pad.hasFocus()
    qtbot.mousePress(section.pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    qtbot.mouseRelease(section.pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    assert "鼠标" in caption(section.row)
    at = QPointF(40, 40)
    for pressure in (0.9, 0.4):
        event = QTabletEvent(
            QEvent.Type.TabletMove, QPointingDevice.primaryPointingDevice(), at, at, pressure, 0.0, 0.0, 0.0, 0.0, 0.0,
            Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(section.pad, event)
    assert "压力 40%，最大 90%" in caption(section.row)
    assert section.chip.accessibleName() == "正常"
    qtbot.keyClick(section.button, Qt.Key.Key_Space)
    assert section.pad.is_empty() and section.chip.accessibleName() == "未试"


def test_a_single_display_is_said_to_be_turned_round(page: SettingsPage) -> None:
    assert len(QGuiApplication.screens()) == 1
    assert devices(page).screens.show_sign() is None
    assert "只有这一个屏幕" in page._note.accessibleName()


def test_the_sign_on_a_display_goes_away_with_a_key(qtbot: QtBot, page: SettingsPage) -> None:
    sign = ScreenSign("顾客屏在这里")
    sign.show_on(QGuiApplication.primaryScreen())
    with qtbot.waitSignal(sign.destroyed):
        qtbot.keyClick(sign, Qt.Key.Key_Escape)


def test_every_device_has_one_row_with_its_state_in_words(qtbot: QtBot, page: SettingsPage) -> None:
    section = devices(page)
    qtbot.waitUntil(lambda: section.states[Paper.MM80].chip.accessibleName() == "缺纸")
    rows: list[StateRow | DeviceRow] = [*section.states.values(), section.drawer, section.scanner]
    for row in (*rows, section.pad, section.screens):
        assert caption(row.row).strip() and row.chip.accessibleName().strip() and row.chip.isVisible()
    assert caption(section.screens.row) == "只有这一个屏幕，签名时转向顾客"


def test_the_drawer_says_which_printer_it_hangs_on(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    section = devices(page)
    assert "请先在下面连接" in caption(section.drawer.row) and section.drawer.chip.accessibleName() == "不可用"
    printers(bench).states[Paper.MM80] = PrinterState("escpos+tcp://192.168.1.50:9100", "ready")
    section.network.setFocus()
    qtbot.keyClicks(section.network, "192.168.1.50")
    qtbot.keyClick(section.network, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: section.drawer.chip.accessibleName() == "就绪")
    assert "192.168.1.50:9100" in caption(section.drawer.row)
    section.drawer.toggle.click()
    assert "印完撤销单后打开" in caption(section.drawer.row)


def test_a_scan_is_tried_and_what_is_set_is_said(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    section = devices(page)
    assert "无前缀，以 Enter 结束" in caption(section.scanner.row)
    section.scanner.field.setFocus()
    qtbot.keyClicks(section.scanner.field, "XH226004711K")
    qtbot.keyClick(section.scanner.field, Qt.Key.Key_Return)
    assert section.scanner.chip.accessibleName() == "正常" and "会被认作扫描" in caption(section.scanner.row)
    prefix = page.findChild(LineEdit, "scanner.prefix")
    assert prefix is not None
    prefix.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClicks(prefix, "]C1")
        qtbot.keyClick(prefix, Qt.Key.Key_Return)
    assert "前缀 ]C1" in caption(section.scanner.row)
    section.scanner.field.setFocus()
    qtbot.keyClicks(section.scanner.field, "XH226004711K")
    qtbot.keyClick(section.scanner.field, Qt.Key.Key_Return)
    assert section.scanner.chip.accessibleName() == "需检查" and "没有 ]C1" in caption(section.scanner.row)


def test_a_display_that_is_gone_is_said_in_words(qtbot: QtBot, bench: Bench) -> None:
    actor = bench.session.actor
    assert actor is not None
    change_setting(bench.desk, actor, name="signature.screen", value=json.dumps("HDMI-2"))
    page = opened(qtbot, bench)
    page.show_section("devices")
    screens = devices(page).screens
    assert screens.chip.accessibleName() == "未连接" and screens.select.value() == "HDMI-2"
    assert "HDMI-2（未连接）" in screens.select.currentText()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_the_devices_is_cut_off_in_the_smallest_window(qtbot: QtBot, bench: Bench, lang: str) -> None:
    bench.language.switch("en" if lang == "en" else "zh")
    page = opened(qtbot, bench)
    page.resize(1286, 672)
    page.show_section("devices")
    section = devices(page)
    for button in section.findChildren(Button):
        assert button.width() >= button.sizeHint().width()
    assert section.width() <= page._scroll.viewport().width()


def test_the_devices_are_found_by_their_words(qtbot: QtBot, page: SettingsPage) -> None:
    page.side.open_find()
    qtbot.keyClicks(page.side.field, "drawer")
    qtbot.keyClick(page.side.field, Qt.Key.Key_Return)
    assert isinstance(page.section, DevicesSection)
    assert page.focusWidget() is page.section.drawer.toggle
