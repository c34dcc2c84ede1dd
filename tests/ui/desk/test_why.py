"""Why a ticket is still active, asked on its page."""

from __future__ import annotations

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.services.cancel import CancelTicket, cancel_ticket
from tests.ui.desk.scene import CLERK, Scene


def test_the_question_is_absent_where_nobody_cancelled(desk: Scene) -> None:
    desk.start()
    assert not desk.page.detail.why.isVisible()


def test_a_request_that_waits_is_explained_with_what_to_do(desk: Scene) -> None:
    desk.start()
    ticket = desk.page.detail.opened()
    assert ticket is not None
    ticket_id = ticket.view.line.ticket.id
    command = CancelTicket(
        ticket_id, Reason.SELF_RESOLVED, evidence=(("how", "好了"),), consent=Consent(Grade.PAPER),
        identity=(), park=True, settlement="later",
    )  # fmt: skip
    cancel_ticket(desk.bench.desk, CLERK, command)
    desk.page.refresh()
    desk.page.open_ticket_id(ticket_id)
    why = desk.page.detail.why
    desk.qtbot.waitUntil(why.isVisible)
    why.ask.click()
    desk.qtbot.waitUntil(why.panel.isVisible)
    assert "等主管批准" in why.answer()
    assert "本柜台不属于总部" in why.answer()
    assert "请主管到“审批”里批准或拒绝" in why.answer()
    desk.bench.language.switch("en")
    assert "It waits for a supervisor" in why.answer()
