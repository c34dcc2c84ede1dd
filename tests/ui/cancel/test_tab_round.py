"""Tests of the Tab key on the cancel sheet: its order, and that nothing is left out or reached below the sheet."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.ui.cancel.sheet import CancelSheet
from tests.ui.cancel.hands import focused, open_sheet, press, settled, write
from tests.ui.cancel.scene import Scene, ticket_at

SHIFT = Qt.KeyboardModifier.ShiftModifier
STOPS_MAX = 60
# Within the outline of a chosen tile.
INSIDE = 4


def opened(shop: Scene, qtbot: QtBot, digit: str) -> CancelSheet:
    """The sheet of a washing machine with a reason chosen."""
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write(digit)
    settled(sheet, qtbot)
    return sheet


def round_from(start: QWidget, *, back: bool = False) -> list[QWidget]:
    """Every stop of one round, beginning with this one."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    stops: list[QWidget] = [start]
    for _ in range(STOPS_MAX):
        if back:
            press(Qt.Key.Key_Backtab, SHIFT)
        else:
            press(Qt.Key.Key_Tab)
        if focused() is start:
            return stops
        stops.append(focused())
    raise AssertionError("the round does not end")


def test_tab_goes_through_the_sections_in_their_order_and_round(shop: Scene, qtbot: QtBot) -> None:
    sheet = opened(shop, qtbot, "9")
    stops = round_from(sheet.asking.channel)
    which, note = sheet.reasons.evidence.edits["which"], sheet.reasons.note
    wanted = [
        sheet.asking.channel,
        *sheet.reasons.tiles,
        which,
        note,
        sheet.plan.cash,
        sheet.plan.rights,
        sheet.consent.pad,
        sheet.foot.keep,
        *sheet.foot.chips,
    ]
    assert [stop for stop in stops if stop in wanted] == wanted
    assert sheet.side.isAncestorOf(stops[-1])
    assert all(sheet.isAncestorOf(stop) for stop in stops)


def test_shift_and_tab_go_the_same_way_back(shop: Scene, qtbot: QtBot) -> None:
    sheet = opened(shop, qtbot, "2")
    first, *others = round_from(sheet.asking.channel)
    assert round_from(sheet.asking.channel, back=True) == [first, *reversed(others)]


def test_the_focus_is_seen_on_the_chosen_tile(shop: Scene, qtbot: QtBot) -> None:
    sheet = opened(shop, qtbot, "3")
    tile = sheet.reasons.tiles[2]
    qtbot.waitUntil(tile.is_selected)
    pictures = []
    for widget in (sheet.reasons.note, tile):
        widget.setFocus()
        picture = QImage(tile.size(), QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        tile.render(painter, QPoint())
        painter.end()
        pictures.append(picture)
    changed = sum(
        pictures[0].pixel(x, y) != pictures[1].pixel(x, y)
        for x in range(INSIDE, tile.width() - INSIDE)
        for y in (INSIDE, 5)
    )
    assert changed > tile.width() / 2, "more than the outline, which a chosen tile has anyway"
