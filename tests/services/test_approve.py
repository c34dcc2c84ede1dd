"""A second person decides later: agreeing, declining, asking head office, overruling; with and without head office."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.errors import ApproverIsRequester, ApproverRightMissing, RightMissing, TicketNotFound
from store_desk.domain.office_errors import CaseNotWaiting, NothingToAsk, ReasonForOverrulingMissing
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import DEFAULT_TILES, Reason
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket, Work
from store_desk.services.approve import WHY_LENGTH_MAX, approve_case, ask_head_office, decline_case, overrule
from store_desk.services.cancel import Cancelled
from store_desk.services.enrolment import read_contact
from store_desk.services.office_ports import Delivery
from store_desk.services.payloads import decision_from_payload
from store_desk.services.published import take_rules
from store_desk.services.rules import conditions_in_force, read_policy, read_tiles
from tests.services.given import LEVELS, evidence, journal
from tests.services.office import SmallOffice, papers
from tests.shop import NOON, Shop

HEAD_OFFICE = Actor("9100", "总部", Role.HEAD_OFFICE)


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office."""
    return SmallOffice(shop)


def parked(shop: Shop, level: int = 3, reason: Reason = Reason.SELF_RESOLVED, **how: Any) -> tuple[Ticket, Cancelled]:
    """A ticket with a request that was sent for approval."""
    ticket = shop.ticket(*LEVELS[level], assignee="3012", due_at=NOON)
    return ticket, shop.cancel(ticket, reason, evidence=evidence(reason), park=True, **how)


def case_of(shop: Shop, ticket: Ticket) -> CancellationCase:
    """The ticket's last case."""
    with shop.desk.read() as uow:
        return uow.cases.of_ticket(ticket.id)[0]


def last(shop: Shop) -> Delivery:
    """The operation made last."""
    with shop.desk.read() as uow:
        return uow.deliveries.of_incarnation(1)[-1]


# --- parking ---------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-05")
def test_a_request_that_needs_a_second_person_can_wait_for_one(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop)
    assert (done.case.state, done.case.approved_because, done.case.approver) == (
        CaseState.PENDING_APPROVAL, ("role_level",), "",
    )  # fmt: skip
    assert shop.load(ticket.id) == ticket, "nothing is stopped before somebody agrees"
    office.knows(ticket)
    (answer,) = office.answer()
    assert answer.result is Result.NEEDS_APPROVAL and case_of(shop, ticket).state is CaseState.PENDING_APPROVAL


def test_what_needs_nobody_is_not_parked(shop: Shop, office: SmallOffice) -> None:
    _, done = parked(shop, level=1)
    assert done.case.state is CaseState.PENDING_HEAD_OFFICE


# --- agreeing --------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-05", "REQ-SUP-03")
def test_with_a_head_office_an_approved_case_waits_for_its_answer(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop)
    office.knows(ticket)
    office.answer()
    after = approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    assert (after.case.state, after.case.approver) == (CaseState.PENDING_HEAD_OFFICE, "1003")
    sent = last(shop).envelope
    said = decision_from_payload(sent.payload)
    assert (sent.kind, sent.actor, sent.role) == ("approve", "1003", "supervisor")
    assert (said.person, said.role, said.requester_role) == ("1003", Role.SUPERVISOR, Role.CLERK)
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED and case_of(shop, ticket).state is CaseState.CONFIRMED
    assert shop.load(ticket.id).assignee == ""
    assert papers(shop, ticket)[-1].variant is SlipVariant.CANCELLATION
    assert [(who, facts["at_desk"]) for who, what, facts in journal(shop) if what == "case_approved"] == [
        ("1003", "2047")
    ]


@pytest.mark.req("REQ-OPS-05")
def test_agreeing_before_head_office_has_heard_of_the_request_goes_in_order(shop: Shop, office: SmallOffice) -> None:
    ticket, done = parked(shop)
    office.knows(ticket)
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    assert [answer.result for answer in office.answer()] == [Result.NEEDS_APPROVAL, Result.ACCEPTED]
    assert case_of(shop, ticket).state is CaseState.CONFIRMED


@pytest.mark.req("REQ-OPS-05")
def test_a_desk_of_its_own_confirms_at_once(shop: Shop) -> None:
    ticket, done = parked(shop)
    after = approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.manager)
    assert (after.case.state, after.case.approver) == (CaseState.CONFIRMED, "1001")
    assert case_of(shop, ticket).state is CaseState.CONFIRMED and shop.load(ticket.id).closed_at == NOON
    assert papers(shop, ticket)[-1].variant is SlipVariant.CANCELLATION


def test_at_a_desk_of_its_own_the_plan_is_made_anew(shop: Shop) -> None:
    ticket, done = parked(shop)
    with shop.desk.work() as uow:
        moved = replace(shop_ticket(uow, ticket), work=Work.IN_PROCESS, version=2)
        uow.tickets.save(moved, seen_version=1)
    after = approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    assert (after.case.state, after.case.level) == (CaseState.CONFIRMED_WITH_CONDITIONS, 4)
    assert "stop_work" in {item.kind.value for item in after.obligations}


def shop_ticket(uow: Any, ticket: Ticket) -> Ticket:
    """The ticket as it is inside a transaction."""
    found = uow.tickets.get(ticket.id)
    assert isinstance(found, Ticket)
    return found


@pytest.mark.req("REQ-OPS-01")
def test_nobody_approves_their_own_request_or_without_the_role(shop: Shop, office: SmallOffice) -> None:
    _, done = parked(shop, reason=Reason.DISSATISFIED, by=shop.supervisor)
    with pytest.raises(ApproverIsRequester):
        approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    for who in (shop.clerk, shop.senior, shop.actor("3012"), shop.actor("9001")):
        with pytest.raises(RightMissing):
            approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=who)
    assert last(shop).envelope.kind == "cancel"
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.manager)


@pytest.mark.req("REQ-CND-04")
def test_where_the_conditions_name_a_manager_a_supervisor_is_not_enough(shop: Shop, office: SmallOffice) -> None:
    _, done = parked(shop, level=1, reason=Reason.PAST_DEADLINE)
    with pytest.raises(ApproverRightMissing) as refusal:
        approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    assert refusal.value.facts["manager_only"] is True
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.manager)


# --- declining -------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-05", "REQ-EXC-01")
@pytest.mark.parametrize("enrolled", [True, False])
def test_declining_refuses_with_a_line_and_a_paper(shop: Shop, enrolled: bool) -> None:
    office = SmallOffice(shop) if enrolled else None
    ticket, done = parked(shop)
    after = decline_case(shop.desk, case_id=done.case.id, approver=shop.supervisor, why="  先修好再说  ")
    assert (after.case.state, after.case.decided_by, after.case.decided_why) == (
        CaseState.REFUSED, "1003", "先修好再说",
    )  # fmt: skip
    assert shop.load(ticket.id).assignee == "3012"
    assert papers(shop, ticket)[-1].variant is SlipVariant.REFUSAL
    if office is not None:
        office.knows(ticket)
        assert [answer.result for answer in office.answer()] == [Result.NEEDS_APPROVAL, Result.ACCEPTED]
        assert case_of(shop, ticket).state is CaseState.REFUSED
        assert [row.variant for row in papers(shop, ticket)].count(SlipVariant.REFUSAL) == 1, "told once"


@pytest.mark.parametrize("why", ["", " \n\t"])
def test_declining_needs_a_line(shop: Shop, why: str) -> None:
    ticket, done = parked(shop)
    with pytest.raises(ReasonForOverrulingMissing):
        decline_case(shop.desk, case_id=done.case.id, approver=shop.supervisor, why=why)
    assert case_of(shop, ticket).state is CaseState.PENDING_APPROVAL


def test_a_line_is_not_a_novel(shop: Shop) -> None:
    _, done = parked(shop)
    after = decline_case(shop.desk, case_id=done.case.id, approver=shop.supervisor, why="长" * 9_000)
    assert len(after.case.decided_why) == WHY_LENGTH_MAX


def test_what_was_decided_is_not_decided_again(shop: Shop, office: SmallOffice) -> None:
    _, done = parked(shop)
    approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.supervisor)
    with pytest.raises(CaseNotWaiting):
        decline_case(shop.desk, case_id=done.case.id, approver=shop.manager, why="不行")
    with pytest.raises(CaseNotWaiting):
        approve_case(shop.desk, shop.clerk, case_id=done.case.id, approver=shop.manager)
    with pytest.raises(TicketNotFound):
        approve_case(shop.desk, shop.clerk, case_id="no such case", approver=shop.manager)
    assert last(shop).envelope.n == 2


# --- asking and overruling -------------------------------------------------------------------------------------


def refused(shop: Shop, office: SmallOffice) -> tuple[Ticket, Cancelled]:
    """A cancellation that head office refused."""
    ticket = shop.ticket()
    office.knows(ticket, work=Work.DONE, version=3)
    done = shop.cancel(ticket)
    office.answer()
    return ticket, done


@pytest.mark.req("REQ-DIS-01")
def test_asking_is_a_new_operation_and_never_the_old_one_again(shop: Shop, office: SmallOffice) -> None:
    ticket, done = refused(shop, office)
    asked = ask_head_office(shop.desk, shop.clerk, case_id=done.case.id, why="顾客坚持没有修")
    assert (asked.case.state, asked.case.asked) == (CaseState.REFUSED, "顾客坚持没有修")
    sent = last(shop).envelope
    assert (sent.kind, sent.n, sent.id != done.operation) == ("ask", 2, True)
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED and case_of(shop, ticket).asked == "顾客坚持没有修"
    assert case_of(shop, ticket).state is CaseState.REFUSED


def test_only_a_refusal_is_asked_about_and_only_a_head_office_is_asked(shop: Shop) -> None:
    ticket, done = parked(shop)
    with pytest.raises(NothingToAsk):
        ask_head_office(shop.desk, shop.clerk, case_id=done.case.id, why="?")
    decline_case(shop.desk, case_id=done.case.id, approver=shop.supervisor, why="不行")
    with pytest.raises(NothingToAsk):
        ask_head_office(shop.desk, shop.clerk, case_id=done.case.id, why="?")
    assert case_of(shop, ticket).asked == ""


@pytest.mark.req("REQ-EXC-01")
def test_overruling_changes_nothing_here_until_head_office_has_taken_it(shop: Shop, office: SmallOffice) -> None:
    ticket, done = refused(shop, office)
    with office.hub.transaction() as unit:
        row = unit.lock_desk("desk-2", 1)
        assert row is not None
        unit.save_desk(replace(row, role="head_office"))
    op_id = overrule(shop.desk, HEAD_OFFICE, case_id=done.case.id, confirm=True, why="确实没有修")
    assert case_of(shop, ticket).state is CaseState.REFUSED and last(shop).envelope.id == op_id
    (answer,) = office.answer()
    case = case_of(shop, ticket)
    assert (answer.result, case.state, case.decided_by, case.decided_why) == (
        Result.ACCEPTED, CaseState.CONFIRMED, "9100", "确实没有修",
    )  # fmt: skip


def test_only_head_office_overrules_and_only_with_a_reason(shop: Shop, office: SmallOffice) -> None:
    _, done = refused(shop, office)
    for who in (shop.clerk, shop.supervisor, shop.manager):
        with pytest.raises(RightMissing):
            overrule(shop.desk, who, case_id=done.case.id, confirm=True, why="因为")
    with pytest.raises(ReasonForOverrulingMissing):
        overrule(shop.desk, HEAD_OFFICE, case_id=done.case.id, confirm=True, why="  ")
    assert last(shop).envelope.n == 1


def test_there_is_nothing_to_overrule_at_a_desk_of_its_own(shop: Shop) -> None:
    done = shop.cancel(shop.ticket())
    with pytest.raises(NothingToAsk):
        overrule(shop.desk, HEAD_OFFICE, case_id=done.case.id, confirm=False, why="因为")


# --- what head office publishes --------------------------------------------------------------------------------


@pytest.mark.req("REQ-CND-10")
def test_published_rules_are_in_force_and_an_unreadable_one_changes_nothing(shop: Shop, office: SmallOffice) -> None:
    rows = [{"reason": "mistake", "approver": "supervisor"}]
    conditions = json.dumps({"version": 7, "rows": rows})
    take_rules(shop.desk, version=3, texts={"conditions": conditions, "policy": '{"undo_window_s": -4}'})
    _, done = parked(shop, level=1, reason=Reason.MISTAKE)
    assert (done.case.conditions_version, done.case.approved_because) == (7, ("reason_always",))
    assert read_policy(shop.desk) == Policy()
    (facts,) = [facts for _, what, facts in journal(shop) if what == "rules_published"]
    assert facts == {"version": 3, "taken": ["conditions"], "unreadable": ["policy"]}
    take_rules(shop.desk, version=4, texts={"conditions": "[", "policy": '{"undo_window_s": 900}'})
    assert read_policy(shop.desk).undo_window_s == 900
    with shop.desk.read() as uow:
        assert conditions_in_force(uow).version == 7
    assert read_contact(shop.desk).rules_version == 4


@pytest.mark.parametrize("text", ["[", '["no such reason"]', "7"])
def test_published_tiles_that_cannot_be_read_change_nothing(shop: Shop, text: str) -> None:
    take_rules(shop.desk, version=3, texts={"tiles": text})
    assert read_tiles(shop.desk) == DEFAULT_TILES
    (facts,) = [facts for _, what, facts in journal(shop) if what == "rules_published"]
    assert facts["unreadable"] == ["tiles"]
