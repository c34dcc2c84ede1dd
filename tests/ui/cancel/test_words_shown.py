"""Tests of words on the cancel sheet that depend on the clock, the language and who signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from store_desk.domain.consent import Grade
from store_desk.ui.cancel.due import due_chip
from store_desk.ui.cancel.sheet import CancelSheet
from store_desk.ui.language import Language
from store_desk.words import Lang
from tests.ui.cancel.hands import LONG_MS, codes, focused, open_sheet, settled, write
from tests.ui.cancel.scene import NOW, Scene, ticket_at

AGREEMENT, MISTAKE = "2", "3"


def asked(shop: Scene, qtbot: QtBot, *, digit: str) -> CancelSheet:
    """The sheet on a ticket of level 2 with a reason."""
    sheet = open_sheet(shop, qtbot, ticket_at(2).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0], timeout=LONG_MS)
    write(digit)
    settled(sheet, qtbot)
    return sheet


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"hours": 29, "minutes": 56}, "剩 1 天 5 小时"),
        ({"hours": 23, "minutes": 50}, "剩 23 小时"),
        ({"hours": 48, "minutes": 20}, "剩 2 天"),
        ({"hours": 1, "minutes": 59}, "剩 1 小时 59 分钟"),
        ({"minutes": 40}, "剩 40 分钟"),
        ({"hours": -23, "minutes": -50}, "超时 23 小时"),
    ],
)
def test_the_time_left_is_counted_as_in_the_list(left: dict[str, float], words: str) -> None:
    ticket = replace(ticket_at(1), due_at=NOW + timedelta(**left))
    chip = due_chip(ticket, now=NOW, language=Language("zh"))
    assert chip is not None and chip.accessibleName() == words


@pytest.mark.parametrize(("lang", "who"), [("zh", "陈国栋"), ("en", "Chen Guodong")])
def test_a_reviewer_who_works_here_is_named_in_the_windows_language(
    shop: Scene, qtbot: QtBot, lang: Lang, who: str
) -> None:
    shop.bench.language.switch(lang)
    ticket = ticket_at(2)
    shop.add(replace(ticket, facts=replace(ticket.facts, reviewer="陈国栋")))
    sheet = asked(shop, qtbot, digit=MISTAKE)
    qtbot.waitUntil(lambda: bool(sheet.plan.steps.rows), timeout=LONG_MS)
    assert who in sheet.plan.steps.rows[0].accessibleName()


def test_a_day_is_asked_for_like_today_and_a_wrong_one_is_explained_beside_its_name(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(2))
    sheet = asked(shop, qtbot, digit=AGREEMENT)
    fields = sheet.reasons.evidence
    qtbot.waitUntil(lambda: "due_on" in fields.edits or len(fields.wrong) == 2, timeout=LONG_MS)
    day = next(name for name in fields.wrong if fields.edits[name].placeholderText())
    assert fields.edits[day].placeholderText() == "2026-05-14"
    fields.edits[day].setFocus()
    write("30 Nov")
    assert fields.wrong[day].text() == ""
    sheet.reasons.note.setFocus()
    qtbot.waitUntil(lambda: fields.wrong[day].text() == "请写成 2026-05-14", timeout=LONG_MS)
    fields.edits[day].setFocus()
    fields.edits[day].selectAll()
    write("2026-05-30")
    qtbot.waitUntil(lambda: fields.wrong[day].text() == "", timeout=LONG_MS)


def test_under_a_proxys_signature_never_stands_the_customers_name(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(2))
    sheet = asked(shop, qtbot, digit=MISTAKE)
    sheet.consent.on_way(Grade.PROXY)
    settled(sheet, qtbot)
    pad = sheet.consent.pad
    assert "signature.proxy" in codes(sheet)
    assert pad._name == "" and pad._hint.startswith("请代办人")
    words = [chip.text() for chip in sheet.foot.chips]
    assert "代办人签字" in words and "顾客签字" not in words
    sheet.consent.proxy["proxy_name"].setFocus()
    write("Li Ming")
    settled(sheet, qtbot)
    assert pad._name == "Li Ming"
