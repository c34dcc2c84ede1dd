"""PIN boxes, segments, drop-downs, buttons, tiles and labels under keys and mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import COLOURS
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.frame import Rail
from store_desk.ui.parts.inputs import CheckBox, LineEdit, Segmented, Select, Toggle
from store_desk.ui.parts.parts import Tile
from store_desk.ui.parts.pin import Keypad, PinBoxes
from store_desk.ui.parts.text import TextLabel

Key = Qt.Key
WAYS = (("phone", "Phone last 4", "", ""), ("receipt", "Receipt", "", ""), ("card", "Card", "", ""))


class Screen(QWidget):
    """A screen that keeps the keys its parts leave to it."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self.keys: list[str] = []
        column = QVBoxLayout(self)
        for part in parts:
            column.addWidget(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.text())


def _shown(qtbot: QtBot, *parts: QWidget) -> Screen:
    screen = Screen(*parts)
    qtbot.addWidget(screen)
    # The test holds the parts only; the screen has to outlive this function with them.
    parts[0].screen = screen  # type: ignore[attr-defined]
    screen.show()
    qtbot.waitExposed(screen)
    parts[0].setFocus()
    return screen


def test_pin_boxes_take_digits_and_leave_letters_to_the_screen(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    screen = _shown(qtbot, boxes)
    qtbot.keyClicks(boxes, "1a2p")
    assert boxes.text() == "12"
    assert screen.keys == ["a", "p"]


def test_full_width_and_other_digits_are_not_taken_for_a_pin(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    _shown(qtbot, boxes)
    for digit in ("１", "٣", "²", "12", ""):
        boxes.type_digit(digit)
    assert boxes.text() == ""


def test_a_full_pin_is_told_once(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    _shown(qtbot, boxes)
    told: list[str] = []
    boxes.completed.connect(told.append)
    qtbot.keyClicks(boxes, "1234567")
    assert told == ["123456"]
    assert boxes.text() == "123456"


def test_backspace_takes_one_digit_and_delete_all(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    _shown(qtbot, boxes)
    qtbot.keyClicks(boxes, "123")
    qtbot.keyClick(boxes, Key.Key_Backspace)
    assert boxes.text() == "12"
    qtbot.keyClick(boxes, Key.Key_Delete)
    assert boxes.text() == ""


def _has(widget: QWidget, token: str) -> bool:
    image = widget.grab().toImage()
    wanted = QColor(COLOURS[token][0])
    return any(image.pixelColor(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_wrong_boxes_are_red_until_the_next_digit(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    qtbot.addWidget(boxes)
    boxes.set_wrong(True)
    assert _has(boxes, "bad")
    boxes.type_digit("1")
    assert not _has(boxes, "bad")


def test_the_keypad_types_into_the_boxes(qtbot: QtBot) -> None:
    boxes, pad = PinBoxes(digits=4), Keypad("Clear")
    _shown(qtbot, boxes, pad)
    pad.digit.connect(boxes.type_digit)
    pad.back.connect(boxes.back)
    pad.cleared.connect(boxes.clear)
    keys = {key.accessibleName(): key for key in pad.findChildren(QWidget)}
    for name in "120":
        qtbot.mouseClick(keys[name], Qt.MouseButton.LeftButton)
    assert boxes.text() == "120"
    qtbot.mouseClick(keys["⌫"], Qt.MouseButton.LeftButton)
    assert boxes.text() == "12"
    qtbot.mouseClick(keys["Clear"], Qt.MouseButton.LeftButton)
    assert boxes.text() == ""


def test_segments_move_by_arrow_keys_and_stop_at_the_ends(qtbot: QtBot) -> None:
    ways = Segmented(WAYS)
    _shown(qtbot, ways)
    told: list[str] = []
    ways.chosen.connect(told.append)
    assert ways.value() is None
    for _ in range(4):
        qtbot.keyClick(ways, Key.Key_Right)
    assert ways.value() == "card"
    qtbot.keyClick(ways, Key.Key_Left)
    assert ways.value() == "receipt"
    assert told[:3] == ["phone", "receipt", "card"]


def test_a_click_chooses_the_segment_under_it(qtbot: QtBot) -> None:
    ways = Segmented(WAYS, stretch=True)
    _shown(qtbot, ways)
    ways.resize(330, 40)
    with qtbot.waitSignal(ways.chosen) as told:
        qtbot.mouseClick(ways, Qt.MouseButton.LeftButton, pos=QPoint(165, 20))
    assert told.args == ["receipt"]


def test_setting_a_segment_from_the_program_tells_nobody(qtbot: QtBot) -> None:
    ways = Segmented(WAYS)
    qtbot.addWidget(ways)
    with qtbot.assertNotEmitted(ways.chosen):
        ways.set_value("card")
        ways.set_options(WAYS[:2])
    assert ways.value() is None


def test_choosing_another_segment_moves_none_of_them(qtbot: QtBot) -> None:
    ways = Segmented(WAYS, value="phone")
    qtbot.addWidget(ways)
    before = ways.sizeHint()
    ways.set_value("card")
    assert ways.sizeHint() == before


def test_a_drop_down_moves_by_keys_and_finds_by_letters(qtbot: QtBot) -> None:
    select = Select((("a", "Laser"), ("b", "Receipt"), ("c", "Folder")), value="a", name="Printer")
    _shown(qtbot, select)
    with qtbot.waitSignal(select.picked) as told:
        qtbot.keyClick(select, Key.Key_Down)
    assert told.args == ["b"]
    with qtbot.waitSignal(select.picked):
        qtbot.keyClicks(select, "f")
    assert select.value() == "c"


def test_a_drop_down_opens_a_list_as_wide_as_itself(qtbot: QtBot) -> None:
    select = Select((("a", "Laser"), ("b", "Receipt")), value="a", name="Printer")
    _shown(qtbot, select)
    select.resize(240, 40)
    select.showPopup()
    assert select.view().isVisible()
    assert select.view().width() >= 230
    with qtbot.waitSignal(select.picked) as told:
        qtbot.keyClick(select.view(), Key.Key_Down)
        qtbot.keyClick(select.view(), Key.Key_Return)
    assert told.args == ["b"]
    assert not select.view().isVisible()


def test_new_options_are_set_without_telling(qtbot: QtBot) -> None:
    select = Select((("a", "Laser"),), value="a")
    qtbot.addWidget(select)
    with qtbot.assertNotEmitted(select.picked):
        select.set_options((("x", "甲"), ("y", "乙")), value="y")
    assert select.value() == "y"


def test_a_button_with_a_reason_is_disabled_and_says_why(qtbot: QtBot) -> None:
    button = Button("Cancel this ticket", key="Ctrl ↵", kind="primary")
    _shown(qtbot, button)
    button.set_reason("2 left")
    assert not button.isEnabled()
    assert button.toolTip() == "2 left"
    assert button.accessibleDescription() == "2 left"
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.set_reason("")
    assert button.isEnabled()
    assert button.toolTip() == ""


@pytest.mark.parametrize("kind", ["primary", "danger"])
def test_a_disabled_main_button_keeps_its_outline(qtbot: QtBot, kind: str) -> None:
    button = Button("撤销", kind=kind)  # type: ignore[arg-type]
    qtbot.addWidget(button)
    button.setEnabled(False)
    image = button.grab().toImage()
    middle = image.pixelColor(image.width() // 2, 0)
    assert middle == QColor(COLOURS["line_strong"][0])


@pytest.mark.parametrize("size", ["small", "normal", "large", "customer"])
def test_a_button_has_room_for_all_its_words_and_its_key(qtbot: QtBot, size: str) -> None:
    plain = Button("Cancel this ticket", size=size)  # type: ignore[arg-type]
    keyed = Button("Cancel this ticket", size=size, key="Ctrl ↵", icon="check")  # type: ignore[arg-type]
    qtbot.addWidget(plain)
    qtbot.addWidget(keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width() + 60
    assert keyed.minimumSizeHint() == keyed.sizeHint()


def test_space_presses_the_focused_button(qtbot: QtBot) -> None:
    button = Button("Print")
    _shown(qtbot, button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Key.Key_Space)


@pytest.mark.parametrize("make", [lambda: CheckBox("Cash received"), lambda: Toggle(on="On", off="Off")])
def test_a_box_is_ticked_by_space_and_anywhere_on_it(qtbot: QtBot, make: type) -> None:
    box = make()
    _shown(qtbot, box)
    qtbot.keyClick(box, Key.Key_Space)
    assert box.isChecked()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 3, box.height() - 3))
    assert not box.isChecked()


def test_a_click_on_a_tile_asks_and_the_screen_decides(qtbot: QtBot) -> None:
    tile = Tile("1", "Already solved")
    _shown(qtbot, tile)
    with qtbot.waitSignal(tile.clicked):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert not tile.is_selected()
    tile.set_selected(True)
    assert tile.is_selected()
    tile.set_selected(False)
    assert not tile.is_selected()


def test_an_elided_label_has_its_whole_text_as_tooltip(qtbot: QtBot) -> None:
    label = TextLabel("北岸 K7 滚筒洗衣机 10 kg", "body", elide=True)
    screen = _shown(qtbot, label)
    screen.resize(60, 60)
    qtbot.waitUntil(lambda: label.width() < 100)
    assert label.toolTip() == "北岸 K7 滚筒洗衣机 10 kg"
    screen.resize(600, 60)
    qtbot.waitUntil(lambda: label.width() > 300)
    assert label.toolTip() == ""


def test_the_rail_goes_by_mouse_and_by_keys(qtbot: QtBot) -> None:
    rail = Rail("禾")
    rail.set_items((("desk", "search", "Desk", 0), ("sync", "refresh-cw", "Sync", 3), ("set", "settings", "Set", 0)))
    rail.set_current("desk")
    _shown(qtbot, rail)
    rail.resize(80, 600)
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(40, 76 + 64 + 20))
    assert told.args == ["sync"]
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.keyClick(rail, Key.Key_Up)
        qtbot.keyClick(rail, Key.Key_Return)
    assert told.args == ["set"]


def _letters_foot(entry: LineEdit) -> int:
    image = entry.grab().toImage()
    rows = [
        y
        for y in range(6, image.height() - 6)
        if any(image.pixelColor(x, y).lightness() < 110 for x in range(10, min(24, image.width())))
    ]
    return max(rows)


def test_entries_keep_their_baseline_with_chinese_in_them(qtbot: QtBot) -> None:
    latin, mixed = LineEdit(), LineEdit()
    for entry, text in ((latin, "xx"), (mixed, "xx    王")):
        qtbot.addWidget(entry)
        entry.resize(200, 40)
        entry.setText(text)
    assert abs(_letters_foot(latin) - _letters_foot(mixed)) <= 1


def test_dark_buttons_are_painted_from_the_dark_tokens(qtbot: QtBot) -> None:
    button = Button("Print", kind="primary")
    qtbot.addWidget(button)
    THEME.set_scheme("dark")
    image = button.grab().toImage()
    assert image.pixelColor(8, image.height() // 2) == QColor(COLOURS["accent"][1])


def test_what_is_too_long_for_its_line_is_read_from_the_beginning_and_gone_on_with_at_the_end(qtbot: QtBot) -> None:
    line, other = LineEdit(), LineEdit()
    line.setFixedWidth(120)
    screen = _shown(qtbot, line, other)
    with qtbot.waitActive(screen):
        screen.activateWindow()
    line.setFocus()
    qtbot.keyClicks(line, "a letter of authority")
    assert line.cursorPosition() == 21
    other.setFocus()
    qtbot.waitUntil(lambda: line.cursorPosition() == 0)
    line.setFocus()
    qtbot.keyClicks(line, "!")
    assert line.text() == "a letter of authority!"
