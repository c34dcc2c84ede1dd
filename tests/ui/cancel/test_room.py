"""Tests of what fits in the lowest window: evidence, plan and consent are seen without scrolling."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from store_desk.ui.cancel.sheet import CancelSheet
from store_desk.words import Lang
from tests.ui.cancel.hands import LONG_MS, focused, open_sheet, press, settled, write
from tests.ui.cancel.scene import Scene, ticket_at

AGREEMENT, DISSATISFIED, WRONG_DETAILS, NEED_CHANGED = "2", "5", "7", "4"


def asked(shop: Scene, qtbot: QtBot, *, level: int, digit: str) -> CancelSheet:
    """The sheet with the customer known and a reason chosen."""
    shop.add(ticket_at(level))
    sheet = open_sheet(shop, qtbot, ticket_at(level).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0], timeout=LONG_MS)
    write(digit)
    settled(sheet, qtbot)
    return sheet


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("digit", [AGREEMENT, DISSATISFIED, WRONG_DETAILS])
def test_what_a_reason_asks_for_is_seen_without_scrolling(shop: Scene, qtbot: QtBot, lang: Lang, digit: str) -> None:
    shop.bench.language.switch(lang)
    sheet = asked(shop, qtbot, level=4, digit=digit)
    qtbot.waitUntil(lambda: sheet.reasons.evidence.isVisible(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: sheet._columns.request.missing_height() <= 0, timeout=LONG_MS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_five_steps_are_seen_without_scrolling_above_approval_and_signature(
    shop: Scene, qtbot: QtBot, lang: Lang
) -> None:
    shop.bench.language.switch(lang)
    sheet = asked(shop, qtbot, level=4, digit=NEED_CHANGED)
    qtbot.waitUntil(lambda: sheet.approval.isVisible() and len(sheet.plan.steps.rows) == 5, timeout=LONG_MS)
    qtbot.waitUntil(
        lambda: sheet.plan.steps.hidden_height() == 0 and sheet._columns.plan.missing_height() <= 0, timeout=LONG_MS
    )


def test_the_question_gives_way_once_it_is_answered_and_comes_back_with_the_channel(shop: Scene, qtbot: QtBot) -> None:
    sheet = asked(shop, qtbot, level=4, digit=AGREEMENT)
    qtbot.waitUntil(lambda: not sheet.asking._label.isVisible(), timeout=LONG_MS)
    press(Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: sheet.asking._label.isVisible(), timeout=LONG_MS)


def test_sending_it_to_a_supervisor_stands_beside_the_title_as_in_the_design(shop: Scene, qtbot: QtBot) -> None:
    sheet = asked(shop, qtbot, level=4, digit=NEED_CHANGED)
    qtbot.waitUntil(lambda: sheet.approval.park.isVisible(), timeout=LONG_MS)
    head, park = sheet.approval.head, sheet.approval.park
    assert park.parentWidget() is head.parentWidget()
    assert park.geometry().left() >= head.geometry().right()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_money_both_ways_is_never_cut(shop: Scene, qtbot: QtBot, lang: Lang) -> None:
    shop.bench.language.switch(lang)
    sheet = asked(shop, qtbot, level=4, digit=AGREEMENT)
    given = (("amount", "50.00"), ("due", "2026-05-30"), ("remedy", "送新门封圈"))
    amounts, words = sheet.plan._pay_amount, sheet.plan._pay_words
    for evidence, both in (((), False), (given, True)):
        sheet.reasons.entered.emit({"evidence": evidence})
        qtbot.waitUntil(lambda both=both: ("50.00" in amounts.accessibleName()) is both, timeout=LONG_MS)
        for settlement in ("", "later", "cash"):
            sheet.plan.entered.emit({"settlement": settlement})
            settled(sheet, qtbot)
            for part in (amounts, words):
                qtbot.waitUntil(
                    lambda part=part: part.isHidden() or part.width() >= part.sizeHint().width(), timeout=LONG_MS
                )
            assert not amounts.isHidden()
