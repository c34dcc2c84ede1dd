"""Tests of a correction on the cancel sheet, and of where the keys lead from its fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.services.linked import correctable
from store_desk.ui.cancel.correction_fields import DETAILS, CorrectionFields
from store_desk.ui.cancel.sheet import CancelSheet
from store_desk.words import Lang, catalogue
from tests.ui.cancel.hands import codes, do_missing, focused, open_sheet, press, settled, write
from tests.ui.cancel.scene import Scene, ticket_at

WRONG_DETAILS = "7"
OTHER_CHANNEL = "9"


def choose(sheet: CancelSheet, qtbot: QtBot, digit: str) -> None:
    """F3 and a digit, until the sheet has gone on from the reason."""
    press(Qt.Key.Key_F3)
    write(digit)
    settled(sheet, qtbot)


def correction(sheet: CancelSheet) -> CorrectionFields:
    """The fields of the correction, which must be shown."""
    fields = sheet.reasons.evidence.correction
    if fields is None:
        raise AssertionError("no correction is asked for")
    return fields


def test_every_detail_offered_is_one_that_a_new_ticket_can_take_in_both_languages() -> None:
    words = catalogue("ui_cancel")
    for detail in DETAILS:
        assert [correctable(text) for text in words[f"correct.{detail}"]] == [detail, detail]


@pytest.mark.req("REQ-CND-03")
def test_a_correction_is_picked_and_typed_and_what_was_wrong_is_read_from_the_ticket(shop: Scene, qtbot: QtBot) -> None:
    ticket = ticket_at(1)
    shop.add(ticket)
    sheet = open_sheet(shop, qtbot, ticket.id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    choose(sheet, qtbot, WRONG_DETAILS)
    qtbot.waitUntil(lambda: focused() is correction(sheet).detail)
    press(Qt.Key.Key_Down)
    assert sheet.work.entries.evidence == (("field", "电话"), ("wrong", "138 **** 6021"))
    assert "138 **** 6021" in correction(sheet).said.text()
    press(Qt.Key.Key_Tab)
    assert focused() is correction(sheet).right
    write("139000")
    settled(sheet, qtbot)
    assert not [code for code in codes(sheet) if code.startswith("evidence.")]
    write("06021")
    do_missing(sheet, qtbot, digit=WRONG_DETAILS)
    with qtbot.waitSignal(sheet.cancelled) as done:
        sheet.work.confirm()
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.args[0].linked_number)
    assert (made.phone, made.customer) == ("13900006021", ticket.customer)


@pytest.mark.parametrize("right", ["没有", "13800006021"])
def test_a_value_that_corrects_nothing_is_missing_still(shop: Scene, qtbot: QtBot, right: str) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    choose(sheet, qtbot, WRONG_DETAILS)
    correction(sheet).detail.setCurrentIndex(0)
    correction(sheet).on_detail("phone")
    correction(sheet).on_right(right)
    settled(sheet, qtbot)
    assert [code for code in codes(sheet) if code.startswith("evidence.")] == ["evidence.right"]


def test_a_correction_stands_in_the_other_language_after_switching(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    choose(sheet, qtbot, WRONG_DETAILS)
    correction(sheet).on_detail("serial")
    shop.bench.language.switch("en")
    settled(sheet, qtbot)
    assert correction(sheet).detail.currentText() == "Serial number"
    assert correction(sheet).said.text() == "It said: NK7-25A-0091874"


@pytest.mark.req("REQ-CND-03")
def test_nobody_is_told_that_a_corrected_ticket_loses_its_place(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    choose(sheet, qtbot, WRONG_DETAILS)
    plan = sheet.work.plan
    assert plan is not None and "queue_place" not in [right.code for right in plan.rights]
    choose(sheet, qtbot, OTHER_CHANNEL)
    plan = sheet.work.plan
    assert plan is not None and "queue_place" in [right.code for right in plan.rights]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_enter_that_ends_an_answer_chooses_no_reason(shop: Scene, qtbot: QtBot, key: Qt.Key) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    press(key)
    settled(sheet, qtbot)
    assert sheet.work.entries.reason is None and focused() is sheet.reasons.tiles[0]
    press(Qt.Key.Key_Tab)
    press(key)
    settled(sheet, qtbot)
    assert sheet.work.entries.reason is shop_reason(sheet, 1)


def shop_reason(sheet: CancelSheet, index: int) -> object:
    """The reason of this tile."""
    opening = sheet.work.opening
    return opening.tiles[index] if opening is not None else None


def lowest(sheet: CancelSheet, widget: QWidget) -> int:
    """Where the widget ends below what is seen of the left column without scrolling; 0 or less when it is seen."""
    view = sheet._columns.request.viewport()
    return widget.mapTo(view, widget.rect().bottomLeft()).y() - view.height()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evidence_and_note_are_seen_together_in_the_lowest_window(shop: Scene, qtbot: QtBot, lang: Lang) -> None:
    shop.bench.language.switch(lang)
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    choose(sheet, qtbot, OTHER_CHANNEL)
    qtbot.waitUntil(lambda: sheet._columns.request.missing_height() <= 0)
    assert sheet.reasons.note.placeholderText().startswith({"zh": "备注", "en": "Note"}[lang])
    choose(sheet, qtbot, WRONG_DETAILS)
    correction(sheet).on_detail("phone")
    settled(sheet, qtbot)
    qtbot.waitUntil(lambda: lowest(sheet, correction(sheet)) <= 0)
    assert sheet._columns.request.verticalScrollBar().value() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_title_above_the_pad_is_never_cut(shop: Scene, qtbot: QtBot, lang: Lang) -> None:
    shop.bench.language.switch(lang)
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    head, ways, clear = sheet.consent.head, sheet.consent.ways, sheet.consent.clear
    choose(sheet, qtbot, OTHER_CHANNEL)
    qtbot.waitUntil(lambda: ways.isVisible() and head.width() >= head.title_width())
    assert clear.is_bare() == (lang == "en")
    assert clear.toolTip() == ("Clear" if lang == "en" else "")
    assert clear.accessibleName() and ways.text()
