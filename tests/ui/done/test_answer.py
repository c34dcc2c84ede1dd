"""The sheet after a cancellation at a desk with head office: what it says before and after the answer, and printing."""

from __future__ import annotations

import json
import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.domain.slip import SlipVariant
from store_desk.services.cancel import Cancelled
from store_desk.services.rules import change_setting
from store_desk.services.slips import owed_slips
from store_desk.ui.done.handing import Printed
from store_desk.ui.done.sheet import DoneSheet
from tests.ui.cancel.hands import LONG_MS, press
from tests.ui.cancel.scene import CLERK
from tests.ui.sync.conftest import office
from tests.ui.sync.scene import Office, begun, cancelled_elsewhere, finished

__all__ = ["office"]

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
# Longer than any test takes: an answer decides when paper moves, not this.
LONG_WAIT_MS = 60_000


def open_done(
    office: Office, qtbot: QtBot, cancelled: Cancelled, *, auto: bool = False, wait_ms: int = LONG_WAIT_MS
) -> DoneSheet:
    """The sheet, shown, with the shop's numbers read."""
    change_setting(office.desk, CLERK, name="printer.auto", value=json.dumps(auto))
    with office.desk.work() as uow:
        uow.settings.put("printer.answer_wait_ms", json.dumps(wait_ms))
    sheet = DoneSheet(office.bench, cancelled)
    qtbot.addWidget(sheet)
    sheet.resize(1286, 736)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(lambda: sheet._ways is not None and QApplication.focusWidget() is not None)
    return sheet


def rows(sheet: DoneSheet) -> list[str]:
    """What the rows say."""
    return [row.accessibleName() for row in sheet.rows.rows]


def numbers(office: Office) -> list[str]:
    """The slips that moved paper."""
    return [number for number, _, _ in office.printer.printed]


def test_a_request_is_recorded_and_becomes_a_cancellation_when_head_office_confirms(
    office: Office, qtbot: QtBot
) -> None:
    sheet = open_done(office, qtbot, office.cancel(office.ticket(4), level=4))
    assert sheet.title.text() == "撤销申请已登记"
    assert sheet.chip.accessibleName() == "待总部确认"
    assert rows(sheet)[0].startswith("15:00 上门已暂停")
    assert rows(sheet)[3].startswith("暂收交通补贴 ¥120.00，作押金")
    assert rows(sheet)[-1].startswith("总部登记撤销")
    assert rows(sheet)[-1].endswith("待总部确认")
    office.clock.pass_(minutes=2)
    office.answer()
    qtbot.waitUntil(lambda: sheet.title.text() == "工单已撤销", timeout=LONG_MS)
    assert sheet.chip.accessibleName() == "总部已确认 14:22"
    assert rows(sheet)[0].startswith("通知调度停止 15:00 上门")
    assert any("总部登记撤销" in row and row.endswith("14:22 已确认") for row in rows(sheet))
    office.bench.language.switch("en")
    assert sheet.title.text() == "Ticket cancelled"
    assert sheet.chip.accessibleName() == "Confirmed by head office 14:22"


def test_an_answer_before_paper_moves_prints_the_final_slip_alone(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.tell()
    sheet = open_done(office, qtbot, cancelled, auto=True)
    assert sheet.handing.words() == "等总部答复，马上打印…"
    assert office.printer.printed == []
    office.answer()
    qtbot.waitUntil(lambda: sheet.handing.has_printed, timeout=LONG_MS)
    with office.desk.read() as uow:
        slips = uow.slips.of_ticket(cancelled.ticket.id)
    assert [slip.variant for slip in slips] == [SlipVariant.CANCELLATION, SlipVariant.REQUEST]
    assert numbers(office) == [slips[0].number]
    assert slips[1].printed_n == 0, "the receipt stays in the chain and never moved paper"
    assert owed_slips(office.desk, CLERK) == ()


def test_without_an_answer_in_time_the_provisional_slip_prints_and_the_final_one_follows(
    office: Office, qtbot: QtBot
) -> None:
    cancelled = office.cancel(office.ticket())
    office.tell()
    sheet = open_done(office, qtbot, cancelled, auto=True, wait_ms=1)
    qtbot.waitUntil(lambda: sheet.handing.has_printed, timeout=LONG_MS)
    assert numbers(office) == [cancelled.slip.number]
    assert sheet.title.text() == "撤销申请已登记"
    office.answer()
    qtbot.waitUntil(lambda: len(numbers(office)) == 2, timeout=LONG_MS)
    with office.desk.read() as uow:
        final = uow.slips.of_ticket(cancelled.ticket.id)[0]
    assert numbers(office)[1] == final.number
    assert not office.printer.printed[1][2], "the final slip has a number of its own and is no reprint"


def test_offline_nothing_is_waited_for(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.tell(connected=False)
    qtbot.waitUntil(lambda: not office.link.state().connected)
    sheet = open_done(office, qtbot, cancelled, auto=True)
    qtbot.waitUntil(lambda: sheet.handing.has_printed, timeout=LONG_MS)
    assert numbers(office) == [cancelled.slip.number]
    assert "联网后自动发送" in rows(sheet)[-1]


def test_an_answer_that_came_before_the_sheet_is_found(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer()
    sheet = open_done(office, qtbot, cancelled)
    qtbot.waitUntil(lambda: sheet.title.text() == "工单已撤销", timeout=LONG_MS)


def test_a_refusal_is_red_lists_what_goes_on_and_leads_to_sync(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket(4), level=4)
    sheet = open_done(office, qtbot, cancelled)
    office.answer(meanwhile=finished)
    qtbot.waitUntil(lambda: sheet.title.text() == "撤销未通过", timeout=LONG_MS)
    assert sheet.chip.accessibleName() == "被拒"
    assert not sheet.undo.isVisible(), "there is nothing to take back"
    assert any("恢复 15:00 上门" in row for row in rows(sheet))
    assert any("退还押金 ¥120.00" in row for row in rows(sheet))
    assert sheet.to_sync.isVisible()
    with qtbot.waitSignal(sheet.sync_asked) as asked:
        press(Qt.Key.Key_S, ALT)
    assert asked.args == [cancelled.case.id]


def test_another_desks_cancellation_takes_the_place_of_this_one(office: Office, qtbot: QtBot) -> None:
    sheet = open_done(office, qtbot, office.cancel(office.ticket()))
    office.answer(meanwhile=cancelled_elsewhere(office))
    qtbot.waitUntil(lambda: sheet.title.text() == "此前已经撤销", timeout=LONG_MS)
    assert sheet.to_sync.isVisible()


def test_a_request_that_needs_a_supervisor_says_so_and_can_be_taken_back(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    sheet = open_done(office, qtbot, cancelled)
    office.answer(meanwhile=begun)
    qtbot.waitUntil(lambda: sheet.title.text() == "等待主管批准", timeout=LONG_MS)
    office.clock.pass_(minutes=30)
    sheet.undo.show_time()
    assert sheet.undo.undo.isVisible(), "until the outcome everything can be taken back (rulings, 11)"
    press(Qt.Key.Key_Z, CTRL)
    with qtbot.waitSignal(sheet.withdrawn, timeout=LONG_MS):
        sheet.undo.on_yes()
    with office.desk.read() as uow:
        assert uow.cases.of_ticket(cancelled.ticket.id)[0].state is CaseState.WITHDRAWN


def test_an_answer_after_taking_it_back_changes_nothing_on_the_sheet(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    sheet = open_done(office, qtbot, cancelled)
    press(Qt.Key.Key_Z, CTRL)
    with qtbot.waitSignal(sheet.withdrawn, timeout=LONG_MS):
        sheet.undo.on_yes()
    with qtbot.waitSignal(office.link.settled):
        office.link.tell_settled(cancelled.case.id)
    assert sheet.title.text() == "撤销已撤回"


def test_an_answer_while_the_printer_works_waits_for_its_end(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.tell(connected=False)
    qtbot.waitUntil(lambda: not office.link.state().connected)
    paper = threading.Event()
    office.bench.printer.submit(paper.wait)
    sheet = open_done(office, qtbot, cancelled, auto=True)
    qtbot.waitUntil(lambda: sheet.handing.state is Printed.RUNNING)
    office.answer()
    qtbot.waitUntil(lambda: sheet.title.text() == "工单已撤销", timeout=LONG_MS)
    paper.set()
    qtbot.waitUntil(lambda: len(numbers(office)) == 2 and sheet.handing.has_printed, timeout=LONG_MS)
    with office.desk.read() as uow:
        final = uow.slips.of_ticket(cancelled.ticket.id)[0]
    assert numbers(office) == [cancelled.slip.number, final.number]
