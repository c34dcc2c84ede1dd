"""Tests of the rows after a cancellation: all seen in the lowest window, names and words of one language."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.rules import change_setting
from store_desk.ui.done.sheet import DoneSheet
from store_desk.words import Lang
from tests.ui.cancel.hands import LONG_MS, press
from tests.ui.cancel.scene import CLERK, SUPERVISOR, Scene, ticket_at

SIGNED = (((0.1, 0.2, 0.5, 0), (0.4, 0.25, 0.5, 300), (0.8, 0.2, 0.5, 600)),)
CTRL = Qt.KeyboardModifier.ControlModifier


def done(shop: Scene, qtbot: QtBot, *, level: int, reviewer: str = "") -> DoneSheet:
    """The sheet after cancelling a ticket of this level, nothing printed."""
    ticket = ticket_at(level)
    shop.add(replace(ticket, facts=replace(ticket.facts, reviewer=reviewer)) if reviewer else ticket)
    change_setting(shop.desk, CLERK, name="printer.auto", value=json.dumps(False))
    reason = Reason.NEED_CHANGED if level > 2 else Reason.MISTAKE
    command = CancelTicket(
        ticket.id,
        reason,
        note="改买新机器" if level > 2 else "",
        consent=Consent(Grade.COUNTER),
        strokes=SIGNED,
        settlement="later",
        approver=SUPERVISOR if level > 2 else None,
    )
    sheet = DoneSheet(shop.bench, cancel_ticket(shop.desk, CLERK, command))
    qtbot.addWidget(sheet)
    sheet.resize(1286, 736)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(lambda: sheet._ways is not None, timeout=LONG_MS)
    return sheet


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_row_is_seen_without_scrolling_beside_the_stop_sheet(shop: Scene, qtbot: QtBot, lang: Lang) -> None:
    shop.bench.language.switch(lang)
    sheet = done(shop, qtbot, level=4)
    qtbot.waitUntil(lambda: sheet.offers.stop.isVisible() and len(sheet.rows.rows) == 6, timeout=LONG_MS)
    qtbot.waitUntil(lambda: sheet.rows.hidden_height() == 0 and sheet.column.missing_height() <= 0, timeout=LONG_MS)


@pytest.mark.parametrize(("lang", "who"), [("zh", "陈国栋"), ("en", "Chen Guodong")])
def test_who_was_told_is_named_in_the_windows_language(shop: Scene, qtbot: QtBot, lang: Lang, who: str) -> None:
    shop.bench.language.switch(lang)
    sheet = done(shop, qtbot, level=2, reviewer="陈国栋")
    qtbot.waitUntil(lambda: who in sheet.rows.rows[0].accessibleName(), timeout=LONG_MS)


def test_the_check_is_one_english_sentence(shop: Scene, qtbot: QtBot) -> None:
    shop.bench.language.switch("en")
    sheet = done(shop, qtbot, level=1)
    said = sheet.rows.rows[-1].accessibleName()
    assert "Status is cancelled, assignee released" in said


def test_enter_stands_on_one_button_only(shop: Scene, qtbot: QtBot) -> None:
    sheet = done(shop, qtbot, level=1)
    assert sheet.next._key == "Enter"
    press(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: sheet.undo.question == "undo", timeout=LONG_MS)
    assert sheet.next._key == ""
    press(Qt.Key.Key_Escape)
    assert sheet.next._key == "Enter"
