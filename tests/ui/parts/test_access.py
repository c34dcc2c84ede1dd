"""What a screen reader is told of each part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.ui.parts.buttons import Button, Chip, IconButton, LinkButton
from store_desk.ui.parts.frame import HintBar, Rail
from store_desk.ui.parts.inputs import CheckBox, LineEdit, SearchField, Segmented, Select, TextArea, Toggle
from store_desk.ui.parts.parts import Avatar, Banner, Ladder, PlanRow, ProgressBar, SectionHead, SettingRow, Tile
from store_desk.ui.parts.pdf import PdfView
from store_desk.ui.parts.pin import Keypad, PinBoxes
from store_desk.ui.parts.signature import SignaturePad
from store_desk.ui.parts.text import Run, Runs, TextLabel

Role = QAccessible.Role
PAPERS = (("a5", "A5", "", ""), ("80", "80 mm", "", ""))


def _ladder() -> QWidget:
    ladder = Ladder()
    ladder.set_steps((("Submitted", "10:26"), ("In review", "")), 1, spoken="step 2 of 2, In review")
    return ladder


def _rail() -> QWidget:
    rail = Rail("禾")
    rail.set_items((("desk", "search", "Desk", 0), ("sync", "refresh-cw", "Sync", 3)))
    return rail


def _hints() -> QWidget:
    bar = HintBar()
    bar.set_hints([(("F8",), "Cancel ticket")])
    return bar


def _named(part: QWidget, name: str) -> QWidget:
    part.setAccessibleName(name)
    return part


PARTS: list[tuple[Callable[[], QWidget], QAccessible.Role, str]] = [
    (lambda: Button("Print", key="F9"), Role.Button, "Print"),
    (lambda: IconButton("lock", "Lock"), Role.Button, "Lock"),
    (lambda: LinkButton("Forgot PIN"), Role.Button, "Forgot PIN"),
    (lambda: Chip("Repair", icon="wrench"), Role.StaticText, "Repair"),
    (lambda: TextLabel("Wang Xiulan"), Role.StaticText, "Wang Xiulan"),
    (lambda: Runs((Run("Repair"), Run(key="F9"))), Role.StaticText, "Repair F9"),
    (lambda: CheckBox("Cash received"), Role.CheckBox, "Cash received"),
    (lambda: Toggle(on="On", off="Off", name="Print at once"), Role.CheckBox, "Print at once"),
    (lambda: Segmented(PAPERS, name="Paper"), Role.ComboBox, "Paper"),
    (lambda: Select((("a", "Laser"),), name="Printer"), Role.ComboBox, "Printer"),
    (lambda: LineEdit(placeholder="Phone"), Role.EditableText, "Phone"),
    (lambda: _named(SearchField(), "Search"), Role.EditableText, "Search"),
    (lambda: TextArea(name="Note"), Role.EditableText, "Note"),
    (lambda: PinBoxes(name="Supervisor PIN"), Role.EditableText, "Supervisor PIN"),
    (lambda: Tile("1", "Already solved"), Role.CheckBox, "1 Already solved"),
    (lambda: PlanRow("truck", "Recall 1 part", "SF 6021", right="Auto"), Role.ListItem, "Recall 1 part, SF 6021, Auto"),
    (lambda: SectionHead(2, "Reason"), Role.Heading, "2 Reason"),
    (lambda: Banner("warn", "cloud-off", "Offline", "Keep working."), Role.AlertMessage, "Offline Keep working."),
    (lambda: Avatar("Lin"), Role.Graphic, "L"),
    (lambda: _named(ProgressBar(), "Import"), Role.ProgressBar, "Import"),
    (_ladder, Role.Indicator, "step 2 of 2, In review"),
    (_rail, Role.PageTabList, "Desk, Sync 3"),
    (_hints, Role.StatusBar, "F8 Cancel ticket"),
    (lambda: SignaturePad(hint="Customer signs here"), Role.Canvas, "Customer signs here"),
    (lambda: _named(PdfView(), "Slip"), Role.Document, "Slip"),
]


@pytest.mark.parametrize(("make", "role", "name"), PARTS, ids=[f"{role.name}-{name}" for _, role, name in PARTS])
def test_each_part_tells_its_role_and_name(
    qtbot: QtBot, make: Callable[[], QWidget], role: QAccessible.Role, name: str
) -> None:
    part = make()
    qtbot.addWidget(part)
    told = QAccessible.queryAccessibleInterface(part)
    assert told.role() == role
    assert told.text(QAccessible.Text.Name) == name


def _value(part: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Value)


def test_what_is_chosen_is_told_as_the_value(qtbot: QtBot) -> None:
    paper = Segmented(PAPERS, value="a5", name="Paper")
    qtbot.addWidget(paper)
    assert _value(paper) == "A5"
    paper.choose("80")
    assert _value(paper) == "80 mm"


def test_a_pin_is_told_by_its_length_only(qtbot: QtBot) -> None:
    boxes = PinBoxes()
    qtbot.addWidget(boxes)
    boxes.type_digit("7")
    assert _value(boxes) == "1 / 6"
    assert "7" not in boxes.accessibleDescription() + boxes.accessibleName()


def test_a_chosen_tile_is_told_as_checked(qtbot: QtBot) -> None:
    tile = Tile("1", "Already solved", need="needs a note")
    qtbot.addWidget(tile)
    told = QAccessible.queryAccessibleInterface(tile)
    assert told.state().checked == 0
    tile.set_selected(True)
    assert told.state().checked == 1
    assert told.text(QAccessible.Text.Description) == "needs a note"


def test_a_setting_lends_its_title_to_a_control_without_a_name(qtbot: QtBot) -> None:
    toggle = Toggle(on="On", off="Off")
    row = SettingRow("Print at once", "", toggle)
    qtbot.addWidget(row)
    assert QAccessible.queryAccessibleInterface(toggle).text(QAccessible.Text.Name) == "Print at once"


def test_every_key_of_the_keypad_has_a_name(qtbot: QtBot) -> None:
    pad = Keypad("Clear")
    qtbot.addWidget(pad)
    told = QAccessible.queryAccessibleInterface(pad)
    names = [told.child(index).text(QAccessible.Text.Name) for index in range(told.childCount())]
    assert set("0123456789") | {"Clear"} <= set(names)
    assert all(names)
