"""The sheet after a cancellation: outcome, printing, undo and reopening, on a real store."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Copy, Paper
from store_desk.domain.slip_text import slip_from_json
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.rules import change_setting
from store_desk.services.slips import owed_slips
from store_desk.ui.done.handing import Printed
from store_desk.ui.done.sheet import DoneSheet
from tests.ui.cancel.hands import LONG_MS, focused, press
from tests.ui.cancel.scene import CLERK, SUPERVISOR, Scene, draw, ticket_at

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SIGNED = (((0.1, 0.2, 0.5, 0), (0.4, 0.25, 0.5, 300), (0.8, 0.2, 0.5, 600)),)


def cancelled_at(shop: Scene, level: int) -> Cancelled:
    """A ticket of this level, cancelled at the counter with everything paid."""
    shop.add(ticket_at(level))
    return cancel_ticket(
        shop.desk,
        CLERK,
        CancelTicket(
            ticket_at(level).id,
            Reason.SELF_RESOLVED if level > 2 else Reason.MISTAKE,
            note="清理门封圈异物后不再漏水" if level > 2 else "",
            consent=Consent(Grade.COUNTER),
            strokes=SIGNED,
            settlement="cash",
            approver=SUPERVISOR if level > 2 else None,
        ),
    )


def open_done(shop: Scene, qtbot: QtBot, cancelled: Cancelled, *, auto: bool = False) -> DoneSheet:
    """The sheet, shown; it prints by itself only where a test wants it."""
    change_setting(shop.desk, CLERK, name="printer.auto", value=json.dumps(auto))
    sheet = DoneSheet(shop.bench, cancelled)
    qtbot.addWidget(sheet)
    sheet.resize(1286, 736)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(lambda: sheet._ways is not None and QApplication.focusWidget() is not None)
    return sheet


def rows(sheet: DoneSheet) -> list[str]:
    """What the rows say."""
    return [row.accessibleName() for row in sheet.rows.rows]


def test_it_says_what_happened_step_by_step_and_that_the_check_is_green(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_done(shop, qtbot, cancelled_at(shop, 4))
    assert sheet.title.text() == "工单已撤销"
    said = rows(sheet)
    assert said[0].startswith("通知调度停止 15:00 上门")
    assert "等待快递" in said[2]
    assert said[3].startswith("已收回交通补贴 ¥120.00（现金）")
    assert said[3].endswith("已收")
    assert said[-1].endswith("全部正常")
    shop.bench.language.switch("en")
    assert sheet.title.text() == "Ticket cancelled"
    assert rows(sheet)[3].startswith("¥120.00 of travel allowance received in cash")


def test_enter_goes_on_to_the_next_customer(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_done(shop, qtbot, cancelled_at(shop, 1))
    assert focused() is sheet.next
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Return)


def test_printing_starts_by_itself_where_the_desk_is_set_so(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 1)
    sheet = open_done(shop, qtbot, cancelled, auto=True)
    qtbot.waitUntil(lambda: sheet.handing.state is Printed.DONE)
    assert shop.printer.printed == [(cancelled.slip.number, Paper.A5, False)]
    assert owed_slips(shop.desk, CLERK) == ()
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(shop.printer.printed) == 2)
    assert shop.printer.printed[1] == (cancelled.slip.number, Paper.A5, True)


@pytest.mark.parametrize(
    ("copies", "words"), [(1, "顾客联（A5）"), (2, "顾客联、门店联（A5）"), (3, "顾客联、两份门店联（A5）")]
)
def test_it_is_said_which_copies_came_out(shop: Scene, qtbot: QtBot, copies: int, words: str) -> None:
    shop.printer.copies = copies
    sheet = open_done(shop, qtbot, cancelled_at(shop, 1), auto=True)
    qtbot.waitUntil(lambda: sheet.handing.state is Printed.DONE)
    assert sheet.handing.words().endswith(f"已打印：{words}")


def test_without_the_setting_nothing_prints_until_f9(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_done(shop, qtbot, cancelled_at(shop, 1))
    assert shop.printer.printed == []
    assert "尚未打印" in sheet.handing.words()
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: sheet.handing.has_printed)


def test_a_printer_in_trouble_is_said_in_place_and_the_other_paper_helps(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 1)
    shop.printer.trouble = "media_empty"
    sheet = open_done(shop, qtbot, cancelled, auto=True)
    qtbot.waitUntil(lambda: sheet.handing.state is Printed.FAILED)
    assert sheet.handing.trouble.isVisible()
    assert sheet.title.text() == "工单已撤销"
    assert [slip.row.number for slip in owed_slips(shop.desk, CLERK)] == [cancelled.slip.number]
    shop.printer.trouble = ""
    press(Qt.Key.Key_8, ALT)
    qtbot.waitUntil(lambda: sheet.handing.state is Printed.DONE)
    assert shop.printer.printed == [(cancelled.slip.number, Paper.MM80, False)]
    assert sheet.side.paper is Paper.MM80
    assert not sheet.handing.trouble.isVisible()


def test_the_preview_is_the_slip_as_it_prints(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 1)
    sheet = open_done(shop, qtbot, cancelled)
    qtbot.waitUntil(lambda: bool(sheet.side.view.pdf()), timeout=LONG_MS)
    data = slip_from_json(cancelled.slip.body)
    assert sheet.side.view.pdf() == draw(data, Paper.A5, (Copy.CUSTOMER,), 0, False)


@pytest.mark.req("REQ-STA-10")
def test_undo_names_what_stays_and_restores_the_ticket(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 4)
    sheet = open_done(shop, qtbot, cancelled, auto=True)
    qtbot.waitUntil(lambda: sheet.handing.has_printed)
    press(Qt.Key.Key_Z, CTRL)
    said = sheet.undo.accessibleName()
    assert "¥120.00" in said
    assert "周启明" in said
    assert "已打印的撤销单" in said
    press(Qt.Key.Key_Escape)
    assert sheet.undo.question == ""
    press(Qt.Key.Key_Z, CTRL)
    with qtbot.waitSignal(sheet.withdrawn, timeout=LONG_MS) as undone:
        press(Qt.Key.Key_Return)
        sheet.undo.on_yes()
    assert undone.args == [cancelled.ticket.id]
    assert sheet.title.text() == "撤销已撤回"
    assert sheet.head._title.accessibleName().startswith("撤回完成")
    assert rows(sheet)[0].startswith("退还顾客 ¥120.00")
    with shop.desk.read() as uow:
        assert uow.cases.of_ticket(cancelled.ticket.id)[0].state is CaseState.WITHDRAWN
        ticket = uow.tickets.get(cancelled.ticket.id)
    assert ticket is not None
    assert (ticket.review, ticket.work, ticket.assignee) == (
        ticket_at(4).review,
        ticket_at(4).work,
        ticket_at(4).assignee,
    )
    qtbot.waitUntil(lambda: len(shop.printer.printed) == 2)
    assert shop.printer.printed[1][0] != cancelled.slip.number, "the void slip is printed"
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Return)


def test_who_was_told_is_named_in_the_language_of_the_window(shop: Scene, qtbot: QtBot) -> None:
    ticket = replace(ticket_at(2), assignee="2051")
    shop.add(ticket)
    cancelled = cancel_ticket(
        shop.desk, CLERK, CancelTicket(ticket.id, Reason.MISTAKE, consent=Consent(Grade.COUNTER), strokes=SIGNED)
    )
    sheet = open_done(shop, qtbot, cancelled)
    shop.bench.language.switch("en")
    press(Qt.Key.Key_Z, CTRL)
    assert "Fang Yuan" in sheet.undo.accessibleName() and "方圆" not in sheet.undo.accessibleName()


def test_after_the_window_only_reopening_is_left(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 1)
    sheet = open_done(shop, qtbot, cancelled)
    assert "10 分 00 秒" in sheet.undo.accessibleName()
    shop.clock.pass_(minutes=10, seconds=1)
    sheet.undo.show_time()
    assert not sheet.undo.undo.isVisible()
    press(Qt.Key.Key_Z, CTRL)
    assert sheet.undo.question == ""
    sheet.undo.reopen.click()
    press(Qt.Key.Key_Return)
    assert sheet.undo._wrong.isVisible() and sheet.undo._wrong.text() == "请先写一句为什么重开。"
    assert sheet.undo.question == "reopen"
    for key in "again":
        press(Qt.Key(ord(key.upper())))
    with qtbot.waitSignal(sheet.reopened, timeout=LONG_MS) as reopened:
        press(Qt.Key.Key_Return)
    with shop.desk.read() as uow:
        fresh = uow.tickets.get(reopened.args[0])
    assert fresh is not None
    assert fresh.facts.reopens == cancelled.ticket.number
    assert fresh.description.startswith("again")


def test_an_undo_that_comes_too_late_is_refused_in_place(shop: Scene, qtbot: QtBot) -> None:
    cancelled = cancelled_at(shop, 1)
    sheet = open_done(shop, qtbot, cancelled)
    press(Qt.Key.Key_Z, CTRL)
    shop.clock.pass_(minutes=11)
    sheet.undo.on_yes()
    qtbot.waitUntil(lambda: sheet.undo._wrong.isVisible(), timeout=LONG_MS)
    with shop.desk.read() as uow:
        assert uow.cases.of_ticket(cancelled.ticket.id)[0].state is CaseState.CONFIRMED


def test_the_slip_is_saved_where_the_clerk_says(shop: Scene, qtbot: QtBot, tmp_path: Path) -> None:
    sheet = open_done(shop, qtbot, cancelled_at(shop, 1))
    press(Qt.Key.Key_S, CTRL)
    dialog = sheet.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    sheet.handing.save_to(str(tmp_path / "slip.pdf"))
    qtbot.waitUntil(lambda: "slip.pdf" in sheet.handing.words(), timeout=LONG_MS)
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")
