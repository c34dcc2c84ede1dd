"""What an outcome leaves at the desk that asked: papers, tasks, notices; and nothing twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.decisions import rule_on_overruling
from store_desk.domain.errors import ApprovalNeeded
from store_desk.domain.notices import NoticeState
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord, with_case
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipStatus, SlipVariant
from store_desk.domain.ticket import Review, Status, Work
from store_desk.services.answers import absorb
from store_desk.services.approve import approve_case, decline_case
from store_desk.services.cancel import Cancelled
from store_desk.services.enrolment import Contact, put_contact
from store_desk.services.look_up import open_ticket
from store_desk.services.outcomes import apply_fed_outcome, expire_overdue
from store_desk.services.slips import owed_slips, record_printed
from store_desk.services.withdraw import withdraw_case
from tests.services.given import LEVELS, busy, cancel_busy, evidence
from tests.services.office import SmallOffice, first_case, owed, papers, text, told
from tests.shop import NOON, Shop


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office."""
    return SmallOffice(shop)


def state_of(shop: Shop, done: Cancelled) -> CaseState:
    """Where the case stands now."""
    with shop.desk.read() as uow:
        case = uow.cases.get(done.case.id)
    assert case is not None
    return case.state


def kinds(shop: Shop, done: Cancelled) -> list[str]:
    """The kinds of what is open under the case."""
    return [item.kind.value for item in owed(shop, done.case.id)]


def printed(shop: Shop, done: Cancelled) -> None:
    """The customer holds the provisional slip."""
    record_printed(shop.desk, shop.clerk, number=done.slip.number, how="A5", reprint=0)


# --- confirmed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [False, True])
def test_a_confirmation_leaves_one_final_slip_to_print(shop: Shop, office: SmallOffice, held: bool) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    assert done.slip.variant is SlipVariant.REQUEST
    if held:
        printed(shop, done)
    shop.clock.forward(seconds=1)
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED and state_of(shop, done) is CaseState.CONFIRMED
    first, final = papers(shop, ticket)
    assert (final.variant, text(final).status) == (SlipVariant.CANCELLATION, SlipStatus.FINAL)
    assert text(final).confirms == first.number == done.slip.number
    assert text(final).previous_hash == first.hash
    assert (first.owed, first.printed_n) == (False, int(held))
    assert [item.row.number for item in owed_slips(shop.desk, shop.clerk)] == [final.number]
    assert kinds(shop, done) == []
    (line,) = told(shop)
    assert (line["told"], line["slips"], line["instead_of"]) == ("confirmed", [final.number], first.number)
    assert line["printed"] is held
    assert set(line["checks"]) == {"status_cancelled", "assignee_released", "reminders_stopped", "order_freed"}
    assert all(line["checks"].values())


def test_everybody_else_is_told_only_once_it_is_confirmed(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    office.knows(ticket)
    done = cancel_busy(shop, ticket)
    with shop.desk.read() as uow:
        before = {item.what for item in uow.notices.of_case(done.case.id)}
    assert before == {"stop_visit", "stop_work", "recall_goods"}
    office.answer()
    with shop.desk.read() as uow:
        notices = uow.notices.of_case(done.case.id)
    later = {item.to: (item.state, item.leaves_at) for item in notices if item.what == "ticket_cancelled"}
    assert set(later) == {"customer", "manager", "finance", "warehouse", "purchasing"}
    assert set(later.values()) == {(NoticeState.HELD, NOON + timedelta(minutes=10))}
    assert len(notices) == 3 + len(later), "nobody is told to stop twice"


def test_a_late_confirmation_lets_the_notices_leave_at_once(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    with shop.desk.work() as uow:
        put_contact(uow, Contact(offset_ms=0))
    done = shop.cancel(ticket)
    shop.clock.forward(hours=3)
    office.answer()
    with shop.desk.read() as uow:
        assert {item.leaves_at for item in uow.notices.of_case(done.case.id)} == {shop.clock()}


def test_what_changed_meanwhile_is_on_a_follow_up_and_somebody_calls(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    # The parcel has arrived, and a visit is left.
    office.knows(ticket, facts=type(ticket.facts)(visit=ticket.facts.visit, parts_reserved="泵"))
    done = cancel_busy(shop, ticket)
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED_WITH_CONDITIONS
    assert state_of(shop, done) is CaseState.CONFIRMED_WITH_CONDITIONS
    first, final, follow_up = papers(shop, ticket)
    assert [row.variant for row in (final, follow_up)] == [SlipVariant.CANCELLATION, SlipVariant.FOLLOW_UP]
    assert text(follow_up).confirms == final.number and text(follow_up).previous_hash == final.hash
    assert any("召回货物" in line.zh for line in text(follow_up).agreed)
    assert not first.owed and final.owed and follow_up.owed
    (call,) = [item for item in owed(shop, done.case.id) if item.kind is ObligationKind.CALL_CUSTOMER]
    assert json.loads(call.text)["code"] == "outcome_conditions"
    assert call.owner == "store" and call.due_at == NOON + timedelta(hours=24)
    assert shop.load(ticket.id).phone == ticket.phone, "the call's number is at hand"


# --- superseded ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [False, True])
def test_who_came_second_gets_a_paper_that_names_the_first(shop: Shop, office: SmallOffice, held: bool) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    if held:
        printed(shop, done)
    office.knows(ticket, first_case(ticket, done.case))
    (answer,) = office.answer()
    assert answer.result is Result.ALREADY_CANCELLED and state_of(shop, done) is CaseState.SUPERSEDED
    request, paper = papers(shop, ticket)
    assert paper.variant is SlipVariant.FOLLOW_UP and text(paper).withdraws == request.number
    said = "".join(line.zh for line in text(paper).agreed)
    assert "XH1" in said and "XH1-26-S000031-M" in said and "14:21" in said
    assert kinds(shop, done) == (["call_customer"] if held else [])
    with shop.desk.read() as uow:
        assert not [item for item in uow.notices.of_case(done.case.id) if item.what == "ticket_cancelled"]


def test_a_deposit_taken_for_nothing_is_given_back(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, settlement="cash")
    office.knows(ticket, first_case(ticket, done.case))
    office.answer()
    assert kinds(shop, done) == ["refund_to_customer", "call_customer"]
    refund, _ = owed(shop, done.case.id)
    assert (refund.amount_minor, refund.due_at) == (5_000, NOON + timedelta(days=7))
    assert [line.amount_minor for line in text(papers(shop, ticket)[-1]).obligations] == [5_000]


# --- refused ---------------------------------------------------------------------------------------------------


def test_a_refusal_makes_one_task_for_each_hold_and_gives_back_the_deposit(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    office.knows(ticket, work=Work.DONE, review=Review.APPROVED, closed_at=NOON)
    done = cancel_busy(shop, ticket, settlement="cash")
    shop.clock.forward(minutes=1)
    (answer,) = office.answer()
    assert answer.result is Result.REFUSED_DONE and state_of(shop, done) is CaseState.REFUSED
    assert kinds(shop, done) == ["resume", "resume", "resume", "refund_to_customer", "call_customer"]
    tasks = owed(shop, done.case.id)
    codes = [json.loads(item.text)["code"] for item in tasks]
    assert codes == ["resume_visit", "resume_work", "resume_goods", "give_back", "outcome_refused"]
    assert [item.owner for item in tasks] == ["3012", "3012", "warehouse", "store", "store"]
    with shop.desk.read() as uow:
        standing = [item for item in uow.notices.of_case(done.case.id) if item.state is NoticeState.QUEUED]
    assert {item.what for item in standing} == {"go_on:stop_visit", "go_on:stop_work", "go_on:recall_goods"}
    request, paper = papers(shop, ticket)
    assert paper.variant is SlipVariant.REFUSAL and text(paper).withdraws == request.number
    assert len(text(paper).obligations) == 4 and not request.owed
    assert "已于 14:21 完成" in text(paper).agreed[0].zh
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).line.status is Status.DONE


def test_a_refused_correction_takes_the_new_ticket_back(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, evidence=evidence(Reason.WRONG_INFORMATION))
    office.knows(ticket, work=Work.DONE, review=Review.APPROVED)
    office.answer()
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert made.review is Review.REJECTED and made.facts.survivor == ticket.number


def test_a_ticket_that_head_office_does_not_know_is_refused_in_words(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    office.says_again(done, TicketRecord(ticket), Result.REFUSED_SCOPE)
    assert state_of(shop, done) is CaseState.REFUSED
    paper = papers(shop, ticket)[-1]
    assert paper.variant is SlipVariant.REFUSAL and "其他门店" in text(paper).agreed[0].zh
    assert [item.kind for item in owed(shop, done.case.id)] == [ObligationKind.CALL_CUSTOMER]


# --- approval --------------------------------------------------------------------------------------------------


def parked(shop: Shop, office: SmallOffice) -> tuple[Any, Cancelled]:
    """A request at level 4 that was sent for approval."""
    ticket = busy(shop)
    office.knows(ticket)
    with pytest.raises(ApprovalNeeded):
        cancel_busy(shop, ticket, approver=None)
    return ticket, cancel_busy(shop, ticket, approver=None, park=True)


def test_what_waits_for_approval_prints_nothing_and_stops_nobody(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop, office)
    (answer,) = office.answer()
    assert answer.result is Result.NEEDS_APPROVAL and state_of(shop, done) is CaseState.PENDING_APPROVAL
    assert [row.variant for row in papers(shop, ticket)] == [SlipVariant.REQUEST]
    assert "主管" in text(papers(shop, ticket)[0]).promise.zh
    with shop.desk.read() as uow:
        assert uow.notices.of_case(done.case.id) == []


def test_an_approval_makes_the_papers_at_the_desk_that_asked(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop, office)
    office.answer()
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    office.answer()
    assert state_of(shop, done) in (CaseState.CONFIRMED, CaseState.CONFIRMED_WITH_CONDITIONS)
    final = next(row for row in papers(shop, ticket) if row.variant is SlipVariant.CANCELLATION)
    assert text(final).approver is not None and text(final).approver.zh.endswith("1003")  # type: ignore[union-attr]
    with shop.desk.read() as uow:
        what = {item.what for item in uow.notices.of_case(done.case.id)}
    assert what == {"stop_visit", "stop_work", "recall_goods", "ticket_cancelled"}


def test_what_was_declined_says_by_whom_and_why(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop, office)
    office.answer()
    decline_case(shop.desk, case_id=done.case.id, approver=shop.supervisor, why="技师已在路上")
    office.answer()
    paper = papers(shop, ticket)[-1]
    assert paper.variant is SlipVariant.REFUSAL
    assert text(paper).agreed[0].zh == "陈国栋 1003 未批准这次撤销：技师已在路上"
    assert kinds(shop, done) == ["call_customer"], "nobody had been told to stop"
    assert len(told(shop)) == 1, "head office says the same as the desk did"


def test_a_desk_on_its_own_makes_the_same_papers_when_its_supervisor_agrees(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, approver=None, park=True)
    assert "本店主管" in text(done.slip).promise.zh
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    rows = papers(shop, ticket)
    final = next(row for row in rows if row.variant is SlipVariant.CANCELLATION)
    assert text(final).promise.zh == "本店已确认撤销。" and text(final).confirms == done.slip.number


# --- twice, and otherwise --------------------------------------------------------------------------------------


def test_the_same_answer_of_a_restored_head_office_is_silent(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    office.answer()
    record = office.hub.books.records[ticket.id][0]
    office.says_again(done, record, Result.ACCEPTED)
    assert len(papers(shop, ticket)) == 2 and len(told(shop)) == 1 and kinds(shop, done) == []


def test_another_answer_makes_new_papers_and_a_task(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    office.knows(ticket)
    done = cancel_busy(shop, ticket, settlement="cash")
    office.answer()
    printed(shop, done)
    with shop.desk.read() as uow:
        now = uow.records.get(ticket.id)
    assert now is not None
    mine = now.cases[0]
    over = office.knows(ticket, work=Work.DONE, review=Review.APPROVED, version=9)
    ended = replace(mine.case, state=CaseState.REFUSED, decided_by="head_office")
    refused = with_case(over, replace(mine, case=ended))
    office.says_again(done, refused, Result.REFUSED_DONE, state="done", at="")
    assert [row.variant for row in papers(shop, ticket)][-1] is SlipVariant.REFUSAL
    assert kinds(shop, done) == ["resume", "resume", "resume", "refund_to_customer", "call_customer"]
    # And back again: what the refusal left open is called off, and somebody must tell the customer.
    again = with_case(refused, mine)
    office.says_again(done, again, Result.ACCEPTED)
    assert [row.variant for row in papers(shop, ticket)][-1] is SlipVariant.CANCELLATION
    left = [item for item in owed(shop, done.case.id) if item.kind is ObligationKind.CALL_CUSTOMER]
    assert [json.loads(item.text)["code"] for item in left] == ["outcome_changed"]
    assert ObligationKind.RESUME not in {item.kind for item in owed(shop, done.case.id)}
    with shop.desk.read() as uow:
        queued = {item.what for item in uow.notices.of_case(done.case.id) if item.state is NoticeState.QUEUED}
    assert queued == {"stop_visit", "stop_work", "recall_goods"}


def test_somebody_calls_when_a_restored_head_office_asks_for_approval_of_what_it_had_confirmed(
    shop: Shop, office: SmallOffice
) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    office.answer()
    with shop.desk.read() as uow:
        now = uow.records.get(ticket.id)
    assert now is not None
    mine = now.cases[0]
    waits = replace(mine, case=replace(mine.case, state=CaseState.PENDING_APPROVAL))
    moved = TicketRecord(replace(now.ticket, version=9), (waits,), mine.case.id)
    # By the feed, before the answer to the operation itself is there; and once more.
    for _ in range(2):
        with shop.desk.work() as uow:
            absorb(shop.desk, uow, moved, now=shop.clock())
    assert state_of(shop, done) is CaseState.PENDING_APPROVAL
    (call,) = owed(shop, done.case.id)
    assert (call.kind, json.loads(call.text)["code"]) == (ObligationKind.CALL_CUSTOMER, "outcome_changed")


def test_a_withdrawal_that_came_too_late_brings_the_final_slip_back(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    office.answer()
    shop.clock.forward(minutes=9)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    # Head office learns of it too late only because its window is shorter.
    office.hub.books.rules["policy"] = '{"undo_window_s":60}'
    (answer,) = office.answer()
    assert answer.result is Result.REFUSED_LATE and state_of(shop, done) is CaseState.CONFIRMED
    variants = [row.variant for row in papers(shop, ticket)]
    assert variants[-2:] == [SlipVariant.VOID, SlipVariant.CANCELLATION]
    assert kinds(shop, done) == ["call_customer"]


def test_an_answer_to_what_was_taken_back_makes_no_paper(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    office.answer()
    assert state_of(shop, done) is CaseState.WITHDRAWN
    assert [row.variant for row in papers(shop, ticket)] == [SlipVariant.REQUEST, SlipVariant.VOID]


def test_what_head_office_overrules_comes_back_through_the_feed(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    office.knows(ticket, work=Work.DONE, review=Review.APPROVED)
    done = cancel_busy(shop, ticket, settlement="cash")
    office.answer()
    for confirm, variant in ((True, SlipVariant.CANCELLATION), (False, SlipVariant.REFUSAL)):
        shop.clock.forward(hours=1)
        with shop.desk.work() as uow:
            record = uow.records.get(ticket.id)
            assert record is not None
            ruling = rule_on_overruling(
                record, done.case.id, confirm=confirm, by="8001", role=Role.HEAD_OFFICE, why="照片", now=shop.clock()
            )
            assert ruling.record is not None
            for _ in range(2):
                absorb(shop.desk, uow, ruling.record, now=shop.clock())
        assert papers(shop, ticket)[-1].variant is variant
    assert "8001 未批准这次撤销：照片" in text(papers(shop, ticket)[-1]).agreed[0].zh
    assert [row.variant for row in papers(shop, ticket)] == [
        SlipVariant.REQUEST,
        SlipVariant.REFUSAL,
        SlipVariant.CANCELLATION,
        SlipVariant.REFUSAL,
    ]
    assert sorted(kinds(shop, done)) == ["call_customer", "refund_to_customer", "resume", "resume", "resume"]
    assert [row.number for row in papers(shop, ticket) if row.owed] == [papers(shop, ticket)[-1].number]


def test_another_desks_case_makes_no_papers_here(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    other = first_case(ticket, done.case)
    with shop.desk.work() as uow:
        record = TicketRecord(ticket, (other,), other.case.id)
        made = apply_fed_outcome(
            shop.desk, uow, before=CaseState.PENDING_APPROVAL, record=record, case=other, now=shop.clock()
        )
    assert made is None and len(papers(shop, ticket)) == 1


def test_an_operation_that_head_office_holds_otherwise_is_reported(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    office.says_again(done, TicketRecord(ticket), Result.REFUSED_KEY_REUSE)
    assert [item.owner for item in owed(shop, done.case.id)] == ["store", "manager"]
    assert papers(shop, ticket)[-1].variant is SlipVariant.REFUSAL


# --- no answer -------------------------------------------------------------------------------------------------


def test_without_an_answer_in_time_a_case_expires_with_a_call(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    shop.clock.forward(hours=23, minutes=59)
    assert expire_overdue(shop.desk, limit=10) == 0
    shop.clock.forward(minutes=1)
    assert expire_overdue(shop.desk, limit=10) == 1
    assert expire_overdue(shop.desk, limit=10) == 0
    assert state_of(shop, done) is CaseState.EXPIRED
    (call,) = owed(shop, done.case.id)
    assert json.loads(call.text)["code"] == "outcome_expired"
    # A later answer settles it all the same, and the call is no longer needed.
    office.answer()
    assert state_of(shop, done) is CaseState.CONFIRMED and kinds(shop, done) == []
    with shop.desk.read() as uow:
        (gone,) = [item for item in uow.obligations.of_case(done.case.id) if item.id == call.id]
    assert (gone.state, gone.result) == (ObligationState.VOID, "overtaken")


def test_only_so_many_expire_at_a_time(shop: Shop, office: SmallOffice) -> None:
    for _ in range(3):
        shop.cancel(shop.ticket())
    shop.clock.forward(hours=25)
    assert [expire_overdue(shop.desk, limit=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_level_gets_its_final_slip(shop: Shop, office: SmallOffice, level: int) -> None:
    ticket = shop.ticket(*LEVELS[level])
    office.knows(ticket)
    done = shop.cancel(ticket, by=shop.senior, consent=Consent(Grade.PAPER), approver=shop.supervisor)
    office.answer()
    assert state_of(shop, done) is CaseState.CONFIRMED
    assert papers(shop, ticket)[-1].variant is SlipVariant.CANCELLATION
