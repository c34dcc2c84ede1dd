"""Sending a request to Approvals from the cancel sheet: it waits there, and goes on when somebody has decided."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.services.approvals_view import approvals
from store_desk.services.approve import approve_case, decline_case
from store_desk.ui.cancel.sheet import CancelSheet
from tests.ui.cancel.hands import LONG_MS, codes, do_missing, open_sheet, press
from tests.ui.cancel.scene import CLERK, SUPERVISOR, Scene, ticket_at

CTRL = Qt.KeyboardModifier.ControlModifier


def sent(shop: Scene, qtbot: QtBot) -> CancelSheet:
    """A request of level 4 that was sent to Approvals with everything else entered."""
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    do_missing(sheet, qtbot, digit="1", until="approval")
    sheet.approval.park.click()
    assert "approval" not in codes(sheet)
    do_missing(sheet, qtbot, digit="1")
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: sheet.parking.is_sent, timeout=LONG_MS)
    return sheet


def test_a_parked_request_waits_in_the_sheet_and_in_approvals(shop: Scene, qtbot: QtBot) -> None:
    sheet = sent(shop, qtbot)
    assert "正在等主管批准" in sheet.notice.words()
    waiting = approvals(shop.bench.desk, SUPERVISOR)
    assert [row.case.state for row in waiting] == [CaseState.PENDING_APPROVAL]
    with qtbot.waitSignal(sheet.closed):
        sheet.keep()
    assert len(approvals(shop.bench.desk, SUPERVISOR)) == 1


def test_the_sheet_goes_on_by_itself_when_a_supervisor_agrees(shop: Scene, qtbot: QtBot) -> None:
    sheet = sent(shop, qtbot)
    case = approvals(shop.bench.desk, SUPERVISOR)[0].case
    with qtbot.waitSignal(sheet.cancelled, timeout=LONG_MS) as done:
        approve_case(shop.bench.desk, CLERK, case_id=case.id, approver=SUPERVISOR)
        sheet.parking.look()
    assert done.args[0].case.state is CaseState.CONFIRMED
    assert done.args[0].case.approver == SUPERVISOR.id


def test_the_sheet_says_the_line_of_a_supervisor_who_declines(shop: Scene, qtbot: QtBot) -> None:
    sheet = sent(shop, qtbot)
    case = approvals(shop.bench.desk, SUPERVISOR)[0].case
    decline_case(shop.bench.desk, case_id=case.id, approver=SUPERVISOR, why="技师已经到楼下")
    sheet.parking.look()
    qtbot.waitUntil(lambda: "技师已经到楼下" in sheet.notice.words(), timeout=LONG_MS)
