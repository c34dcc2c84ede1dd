"""What becomes of a case that exists: taken back, agreed to, declined, asked about, overruled; tickets that move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store_desk.domain.authority import CancelRequest, Result, Rules, Ruling, rule_on_cancel
from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES, CaseState, before_of
from store_desk.domain.conditions import SHIPPED, Approver, Condition, Conditions
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.decisions import (
    rule_on_approval,
    rule_on_asking,
    rule_on_decline,
    rule_on_move,
    rule_on_new_ticket,
    rule_on_overruling,
    rule_on_withdraw,
)
from store_desk.domain.errors import DomainError
from store_desk.domain.obligations import ObligationState
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Work
from tests.domain.asked import (
    CLERK,
    MANAGER,
    RULES,
    SOON,
    SUPERVISOR,
    asks,
    case_in,
    changed,
    confirmed,
    ids,
    rule,
    same_but_version,
    standing_cases,
    visit_at,
)
from tests.domain.tickets import NOON, SHANGHAI, at_level, ticket_at

HEAD_OFFICE = "9100"
LATER = SOON + timedelta(minutes=2)


def withdraw(record: TicketRecord, case_id: str = "case1", *, now: Any = LATER, rules: Rules = RULES) -> Ruling:
    """The customer takes it back."""
    return rule_on_withdraw(record, case_id, rules=rules, now=now, by=CLERK)


def approve(
    record: TicketRecord, *, by: str = SUPERVISOR, role: Role = Role.SUPERVISOR, rules: Rules = RULES
) -> Ruling:
    """A second person agrees."""
    return rule_on_approval(
        record, "case1", approver=by, role=role, requester_role=Role.CLERK, rules=rules, now=LATER,
        new_id=ids().__next__,
    )  # fmt: skip


def decline(record: TicketRecord, *, role: Role = Role.SUPERVISOR) -> Ruling:
    """A second person does not agree."""
    return rule_on_decline(record, "case1", approver=SUPERVISOR, role=role, why="先修好", now=LATER)


def overrule(
    record: TicketRecord, *, confirm: bool, role: Role = Role.HEAD_OFFICE, why: str = "总部决定", case_id: str = "case1"
) -> Ruling:
    """Head office's staff overrule."""
    return rule_on_overruling(record, case_id, confirm=confirm, by=HEAD_OFFICE, role=role, why=why, now=LATER)


def waiting(ticket: Ticket, **how: Any) -> TicketRecord:
    """The ticket with a case that was sent for approval."""
    return changed(rule(ticket, asks(ticket, state=CaseState.PENDING_APPROVAL, applied_at=None, **how)))


def refused(ticket: Ticket) -> TicketRecord:
    """The ticket with a case that was declined."""
    return changed(decline(waiting(ticket)))


# --- taking back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_withdrawing_restores_the_exact_ticket(level: int) -> None:
    ticket = at_level(level, assignee="3012", due_at=NOON, version=4, facts={"words": (("备注", "急"),)})
    record = confirmed(ticket, approver=SUPERVISOR, approver_role=Role.SUPERVISOR)
    ruling = withdraw(record)
    assert ruling.result is Result.ACCEPTED
    assert changed(ruling).ticket == replace(ticket, version=record.ticket.version + 1)
    assert (case_in(ruling).state, case_in(ruling).ended_at) == (CaseState.WITHDRAWN, LATER)


def test_it_restores_what_head_office_knew_not_what_the_desk_saw() -> None:
    there = at_level(1, assignee="3012", due_at=NOON)
    ruling = withdraw(changed(rule(there, asks(at_level(1)))))
    assert same_but_version(changed(ruling).ticket, there)


@pytest.mark.req("REQ-CND-07")
def test_a_duplicate_that_is_taken_back_points_nowhere() -> None:
    ticket = at_level(1)
    record = confirmed(ticket, reason=Reason.DUPLICATE, evidence=(("survivor", "N9"),))
    assert same_but_version(changed(withdraw(record)).ticket, ticket)


@pytest.mark.parametrize(("late_s", "result"), [(0, Result.ACCEPTED), (1, Result.REFUSED_LATE)])
def test_the_window_is_over_after_ten_minutes_from_applying(late_s: int, result: Result) -> None:
    record = confirmed(at_level(1))
    ruling = withdraw(record, now=NOON + timedelta(minutes=10, seconds=late_s))
    assert ruling.result is result
    if result is Result.REFUSED_LATE:
        assert ruling.record is None and dict(ruling.facts) == {"minutes": 10}


def test_the_window_is_the_published_one() -> None:
    record = confirmed(at_level(1))
    wide = Rules(Policy(undo_window_s=3_600), SHIPPED, SHANGHAI)
    assert withdraw(record, now=NOON + timedelta(minutes=59), rules=wide).result is Result.ACCEPTED
    assert dict(withdraw(record, now=NOON + timedelta(minutes=61), rules=wide).facts) == {"minutes": 60}


def test_before_an_outcome_there_is_no_window() -> None:
    ticket = at_level(3, assignee="3012")
    record = waiting(ticket)
    ruling = withdraw(record, now=NOON + timedelta(days=40))
    assert ruling.result is Result.ACCEPTED and case_in(ruling).state is CaseState.WITHDRAWN
    assert same_but_version(changed(ruling).ticket, ticket)


def test_what_was_owed_is_called_off_and_what_was_settled_stays() -> None:
    ticket = at_level(1, compensation_minor=500, facts={"parts_reserved": "泵"})
    record = confirmed(ticket)
    parts, money = record.cases[0].obligations
    paid = replace(money, state=ObligationState.DONE, result="cash")
    record = replace(record, cases=(replace(record.cases[0], obligations=(parts, paid)),))
    off, kept = changed(withdraw(record)).cases[0].obligations
    assert (off.state, off.closed_at) == (ObligationState.VOID, LATER) and kept == paid


@pytest.mark.parametrize("state", ["refused", "withdrawn", "superseded", "unknown"])
def test_what_is_over_cannot_be_taken_back(state: str) -> None:
    record = confirmed(at_level(1))
    if state != "unknown":
        case = replace(record.cases[0].case, state=CaseState(state))
        record = replace(record, cases=(replace(record.cases[0], case=case),))
    ruling = withdraw(record, "case1" if state != "unknown" else "no such case")
    assert (ruling.result, ruling.record, dict(ruling.facts)) == (Result.ALREADY_OVER, None, {"state": state})


def test_taking_back_the_second_leaves_the_first() -> None:
    ticket = at_level(1)
    record = changed(rule(confirmed(ticket, case_id="first"), asks(ticket)))
    assert withdraw(record).result is Result.ALREADY_OVER
    freed = changed(withdraw(record, "first"))
    assert same_but_version(freed.ticket, ticket) and standing_cases(freed) == []


# --- approval --------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-05", "REQ-SUP-03")
@pytest.mark.parametrize(
    ("by", "role"), [(SUPERVISOR, Role.SUPERVISOR), (MANAGER, Role.MANAGER), (HEAD_OFFICE, Role.HEAD_OFFICE)]
)
def test_a_second_person_confirms_a_waiting_case(by: str, role: Role) -> None:
    ticket = at_level(3, assignee="3012", due_at=NOON)
    ruling = approve(waiting(ticket), by=by, role=role)
    assert ruling.result is Result.ACCEPTED
    case = case_in(ruling)
    assert (case.state, case.approver, case.applied_at, case.decided_at) == (CaseState.CONFIRMED, by, LATER, LATER)
    assert case.before == before_of(ticket)
    after = changed(ruling).ticket
    assert (after.assignee, after.due_at, after.closed_at) == ("", None, LATER)
    assert same_but_version(changed(withdraw(changed(ruling))).ticket, ticket), "and it can still be taken back"


@pytest.mark.req("REQ-OPS-01")
@pytest.mark.parametrize(
    ("by", "role"),
    [(CLERK, Role.MANAGER), ("2051", Role.SENIOR), ("3012", Role.TECHNICIAN), ("9001", Role.AUDITOR)],
)
def test_nobody_else_approves(by: str, role: Role) -> None:
    ruling = approve(waiting(at_level(3)), by=by, role=role)
    assert (ruling.result, ruling.record) == (Result.REFUSED_RIGHT, None)


def test_approving_makes_the_plan_anew() -> None:
    ticket = at_level(3, facts={"parcel": Parcel("滚筒", "drum", "顺丰", "SF1")})
    record = waiting(ticket)
    there = replace(record.ticket, work=Work.IN_PROCESS, facts=TicketFacts(visit=visit_at(NOON + timedelta(days=1))))
    ruling = approve(replace(record, ticket=there))
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS
    facts = dict(ruling.facts)
    assert (facts["added"], facts["dropped"]) == ("stop_visit,stop_work", "recall_goods")
    case = case_in(ruling)
    assert (case.state, case.level) == (CaseState.CONFIRMED_WITH_CONDITIONS, 4)
    states = {item.kind.value: item.state.value for item in changed(ruling).cases[0].obligations}
    assert states == {"recall_goods": "void", "stop_visit": "open", "stop_work": "open"}


@pytest.mark.req("REQ-EXC-01")
def test_what_was_finished_meanwhile_cannot_be_approved() -> None:
    record = waiting(at_level(5))
    done = replace(record.ticket, work=Work.DONE, closed_at=SOON)
    ruling = approve(replace(record, ticket=done))
    assert ruling.result is Result.REFUSED_DONE and dict(ruling.facts)["state"] == "done"
    assert case_in(ruling).state is CaseState.REFUSED and same_but_version(changed(ruling).ticket, done)


def test_what_was_rejected_meanwhile_is_said_to_be_rejected() -> None:
    record = waiting(ticket_at(Review.UNDER_REVIEW))
    ruling = approve(replace(record, ticket=replace(record.ticket, review=Review.REJECTED, closed_at=SOON)))
    assert ruling.result is Result.REFUSED_DONE
    assert dict(ruling.facts) == {"state": "rejected", "at": SOON.isoformat()}


@pytest.mark.req("REQ-CND-04")
def test_a_supervisor_does_not_approve_what_the_conditions_leave_to_a_manager() -> None:
    record = waiting(at_level(1), reason=Reason.PAST_DEADLINE)
    assert approve(record).result is Result.REFUSED_RIGHT
    assert approve(record, by=MANAGER, role=Role.MANAGER).result is Result.ACCEPTED
    assert approve(record, by=HEAD_OFFICE, role=Role.HEAD_OFFICE).result is Result.ACCEPTED


@pytest.mark.req("REQ-CND-10")
def test_who_must_agree_follows_the_level_that_the_ticket_has_now() -> None:
    rows = (*SHIPPED.rows, Condition(Reason.SELF_RESOLVED, level=4, approver=Approver.MANAGER))
    rules = Rules(Policy(), Conditions(2, rows), SHANGHAI)
    record = waiting(at_level(3))
    assert approve(record, rules=rules).result is Result.ACCEPTED
    record = replace(record, ticket=replace(record.ticket, work=Work.IN_PROCESS))
    assert approve(record, rules=rules).result is Result.REFUSED_RIGHT
    assert approve(record, by=MANAGER, role=Role.MANAGER, rules=rules).result is Result.ACCEPTED_WITH_CONDITIONS


@pytest.mark.req("REQ-CND-10")
def test_a_person_with_the_right_may_agree_to_what_the_conditions_forbid() -> None:
    ticket = at_level(1)
    forbid = Rules(Policy(), Conditions(2, (Condition(Reason.SELF_RESOLVED, allowed=False),)), SHANGHAI)
    record = changed(rule(ticket, asks(ticket), rules=forbid))
    ruling = approve(record, rules=forbid)
    assert ruling.result is Result.ACCEPTED and case_in(ruling).state is CaseState.CONFIRMED


@pytest.mark.parametrize("decide", [approve, decline])
def test_a_case_is_decided_on_once(decide: Callable[[TicketRecord], Ruling]) -> None:
    for first in (approve, decline, withdraw):
        ruling = decide(changed(first(waiting(at_level(3)))))
        assert (ruling.result, ruling.record) == (Result.ALREADY_OVER, None)
        assert dict(ruling.facts)["state"] in ("confirmed", "refused", "withdrawn")


def test_a_case_that_is_not_known_is_not_decided_on() -> None:
    nothing = TicketRecord(at_level(3))
    for ruling in (approve(nothing), decline(nothing), overrule(nothing, confirm=True), withdraw(nothing)):
        assert (ruling.result, dict(ruling.facts)) == (Result.ALREADY_OVER, {"state": "unknown"})


@pytest.mark.req("REQ-OPS-05", "REQ-EXC-01")
def test_declining_ends_it_refused_with_a_line_that_the_clerk_reads() -> None:
    ticket = at_level(3, compensation_minor=500)
    ruling = decline(waiting(ticket))
    case = case_in(ruling)
    assert (case.state, case.decided_by, case.decided_why, case.decided_at) == (
        CaseState.REFUSED, SUPERVISOR, "先修好", LATER,
    )  # fmt: skip
    assert same_but_version(changed(ruling).ticket, ticket)
    assert [item.state for item in changed(ruling).cases[0].obligations] == [ObligationState.VOID]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SENIOR, Role.TECHNICIAN, Role.AUDITOR])
def test_nobody_else_declines(role: Role) -> None:
    assert decline(waiting(at_level(3)), role=role).result is Result.REFUSED_RIGHT


# --- asking and overruling -------------------------------------------------------------------------------------


@pytest.mark.req("REQ-DIS-01")
def test_a_store_may_ask_about_a_refusal_which_stands_meanwhile() -> None:
    record = refused(at_level(3))
    ruling = rule_on_asking(record, "case1", why="顾客坚持")
    assert ruling.result is Result.ACCEPTED
    assert (case_in(ruling).state, case_in(ruling).asked) == (CaseState.REFUSED, "顾客坚持")
    assert same_but_version(changed(ruling).ticket, record.ticket)


def test_a_case_that_was_not_refused_is_not_asked_about() -> None:
    for record in (confirmed(at_level(1)), waiting(at_level(3))):
        assert rule_on_asking(record, "case1", why="?").result is Result.ALREADY_OVER


@pytest.mark.req("REQ-EXC-01")
def test_head_office_confirms_what_was_refused() -> None:
    record = changed(rule_on_asking(refused(at_level(3, assignee="3012")), "case1", why="顾客坚持"))
    ruling = overrule(record, confirm=True)
    assert ruling.result is Result.ACCEPTED
    case = case_in(ruling)
    assert (case.state, case.decided_by, case.decided_why, case.asked) == (
        CaseState.CONFIRMED, HEAD_OFFICE, "总部决定", "",
    )  # fmt: skip
    assert changed(ruling).standing == "case1" and changed(ruling).ticket.assignee == ""
    assert case.before == before_of(record.ticket)


@pytest.mark.req("REQ-EXC-01")
def test_head_office_refuses_what_was_confirmed_and_the_ticket_lives_again() -> None:
    ticket = at_level(2, assignee="3012", due_at=NOON, compensation_minor=500)
    ruling = overrule(confirmed(ticket), confirm=False)
    assert ruling.result is Result.ACCEPTED and case_in(ruling).state is CaseState.REFUSED
    assert same_but_version(changed(ruling).ticket, ticket) and standing_cases(changed(ruling)) == []
    assert [item.state for item in changed(ruling).cases[0].obligations] == [ObligationState.VOID]


def test_a_merging_that_head_office_refuses_points_nowhere() -> None:
    ticket = at_level(1)
    record = confirmed(ticket, reason=Reason.DUPLICATE, evidence=(("survivor", "N9"),))
    assert same_but_version(changed(overrule(record, confirm=False)).ticket, ticket)


@pytest.mark.req("REQ-MON-01")
def test_what_head_office_confirms_is_owed_again_and_what_was_settled_stays() -> None:
    record = waiting(at_level(3, compensation_minor=500, facts={"parts_reserved": "泵"}))
    parts, money = record.cases[0].obligations
    released = replace(parts, state=ObligationState.DONE)
    record = replace(record, cases=(replace(record.cases[0], obligations=(released, money)),))
    done, owed = changed(overrule(changed(decline(record)), confirm=True)).cases[0].obligations
    assert (owed.state, owed.closed_at, owed.result) == (ObligationState.OPEN, None, "")
    assert done.state is ObligationState.DONE


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize(
    ("role", "why"),
    [(Role.MANAGER, "因为"), (Role.SUPERVISOR, "因为"), (Role.CLERK, "因为"), (Role.HEAD_OFFICE, " \n ")],
)
def test_only_head_office_overrules_and_only_with_a_reason(confirm: bool, role: Role, why: str) -> None:
    record = refused(at_level(3)) if confirm else confirmed(at_level(1))
    ruling = overrule(record, confirm=confirm, role=role, why=why)
    assert (ruling.result, ruling.record) == (Result.REFUSED_RIGHT, None)


def test_two_cancellations_of_one_ticket_are_not_confirmed() -> None:
    ticket = at_level(1)
    record = changed(rule(confirmed(ticket, case_id="first", slip="S1"), asks(ticket)))
    ruling = overrule(record, confirm=True)
    assert (ruling.result, ruling.record) == (Result.ALREADY_CANCELLED, None)
    assert dict(ruling.facts) == {"case": "first", "slip": "S1"}


def test_there_is_nothing_to_overrule_where_it_is_so_already() -> None:
    assert overrule(confirmed(at_level(1)), confirm=True).result is Result.ALREADY_OVER
    assert overrule(refused(at_level(3)), confirm=False).result is Result.ALREADY_OVER
    assert overrule(waiting(at_level(3)), confirm=True).result is Result.ALREADY_OVER


# --- moving, and new tickets -----------------------------------------------------------------------------------


def step(record: TicketRecord, **how: Any) -> Ruling:
    """A technician's system moves the ticket."""
    return rule_on_move(record, **({"review": None, "work": None, "assignee": None, "now": SOON} | how))


def test_a_ticket_goes_on_along_its_ladders() -> None:
    ruling = step(TicketRecord(at_level(3, version=3)), work=Work.ASSIGNED, assignee="3012")
    after = changed(ruling).ticket
    assert ruling.result is Result.ACCEPTED
    assert (after.work, after.assignee, after.version, after.updated_at) == (Work.ASSIGNED, "3012", 4, SOON)


@pytest.mark.req("REQ-STA-05")
def test_a_cancelled_ticket_is_never_assigned_again() -> None:
    ruling = step(confirmed(at_level(1)), work=Work.ASSIGNED, assignee="3012")
    assert (ruling.result, ruling.record, dict(ruling.facts)) == (Result.ALREADY_CANCELLED, None, {"case": "case1"})


def test_work_may_go_on_while_a_case_waits() -> None:
    record = waiting(at_level(3))
    after = changed(step(record, work=Work.ASSIGNED))
    assert after.cases == record.cases and after.standing == "case1" and after.ticket.work is Work.ASSIGNED


def test_a_step_that_the_ladder_has_not_is_refused() -> None:
    ruling = step(TicketRecord(at_level(1)), work=Work.DONE)
    assert (ruling.result, ruling.record) == (Result.REFUSED_MOVE, None)
    assert dict(ruling.facts) == {"review": "pending_review", "work": "unassigned"}


@pytest.mark.req("REQ-REO-01")
def test_a_new_ticket_enters_the_books_once_at_version_one() -> None:
    ruling = rule_on_new_ticket(None, at_level(1, version=6))
    assert ruling.result is Result.ACCEPTED and changed(ruling) == TicketRecord(at_level(1, version=1))
    again = rule_on_new_ticket(changed(ruling), at_level(1, customer="别人"))
    assert (again.result, again.record) == (Result.ALREADY_OVER, None)


# --- whatever is asked of whatever -----------------------------------------------------------------------------

PEOPLE = st.sampled_from([("2047", Role.CLERK), ("2051", Role.SENIOR), (SUPERVISOR, Role.SUPERVISOR)])
APPROVERS = st.sampled_from(
    [("", None), (SUPERVISOR, Role.SUPERVISOR), (MANAGER, Role.MANAGER), ("2047", Role.SUPERVISOR), ("3012", None)]
)
MOMENTS = st.integers(-400, 400).map(lambda hours: NOON + timedelta(hours=hours))
FACTS = st.builds(
    TicketFacts,
    visit=st.none() | MOMENTS.map(visit_at),
    parcel=st.none() | st.just(Parcel("滚筒", "drum", "顺丰", "SF1")),
    parts_used_minor=st.sampled_from([0, 900]),
    parts_reserved=st.sampled_from(["", "泵"]),
    compensation_kind=st.sampled_from(["", "coupon"]),
)
TICKETS = st.builds(
    ticket_at,
    st.sampled_from(Review),
    st.sampled_from(Work),
    type=st.sampled_from(TicketType),
    compensation_minor=st.sampled_from([0, 1, 9_999, 10_000, 50_000]),
    review_since=st.none() | MOMENTS,
    facts=FACTS,
    version=st.integers(1, 9),
)
ALL_RULES = st.builds(
    Rules,
    st.builds(
        Policy,
        undo_window_s=st.sampled_from([0, 600]),
        tariff_minor=st.sampled_from([{}, {1: 0, 2: 500}, {4: 12_000}]),
    ),
    st.sampled_from([SHIPPED, Conditions(2, tuple(Condition(reason, allowed=False) for reason in Reason))]),
    st.just(SHANGHAI),
)


@st.composite
def requests(draw: st.DrawFn, case_id: str = "case1") -> CancelRequest:
    """What a desk may send: made from a ticket that stood otherwise there, with a claim that may be anything."""
    seen = draw(TICKETS)
    requester, role = draw(PEOPLE)
    approver, approver_role = draw(APPROVERS)
    consent = draw(st.none() | st.sampled_from(Grade).map(Consent))
    how: dict[str, Any] = {
        "case_id": case_id,
        "requester": requester,
        "role": role,
        "approver": approver,
        "approver_role": approver_role,
        "consent": consent,
        "state": draw(st.sampled_from(CaseState)),
        "at": draw(MOMENTS),
    }
    try:
        return asks(seen, draw(st.sampled_from(Reason)), **how)
    except DomainError:
        return asks(at_level(1), draw(st.sampled_from(Reason)), **how)


@st.composite
def records(draw: st.DrawFn) -> TicketRecord:
    """A record in any state, also in those that no history leads to."""
    ticket = draw(TICKETS)
    cases: list[CaseRecord] = []
    for n in range(draw(st.integers(0, 3))):
        asked = draw(requests(f"case{n}"))
        case = replace(
            asked.case,
            before=draw(st.none() | TICKETS.map(before_of)),
            level=draw(st.none() | st.integers(0, 5)),
            applied_at=draw(st.none() | MOMENTS),
        )
        cases.append(CaseRecord(case, asked.obligations, asked.desk, asked.slip))
    standing = draw(st.sampled_from(["", "no such case", *(item.case.id for item in cases)]))
    return TicketRecord(ticket, tuple(cases), standing)


WHICH = st.sampled_from(["case0", "case1", "case2", "no such case"])
ROLES = st.sampled_from(Role)


@st.composite
def deeds(draw: st.DrawFn, n: int = 1) -> Callable[[TicketRecord, Rules], Ruling]:
    """Anything that can be asked of the authority, at any time, by anybody."""
    now, which, role = draw(MOMENTS), draw(WHICH), draw(ROLES)
    asked, mover, confirm, new = draw(requests(f"case{n}")), draw(TICKETS), draw(st.booleans()), draw(st.booleans())
    why = draw(st.sampled_from(["", "因为"]))
    who = draw(st.sampled_from([CLERK, SUPERVISOR, HEAD_OFFICE]))
    kind = draw(st.sampled_from(["cancel", "withdraw", "approve", "decline", "ask", "overrule", "move", "ticket"]))

    def do(record: TicketRecord, rules: Rules) -> Ruling:
        if kind == "cancel":
            return rule_on_cancel(record, asked, rules=rules, now=now, new_id=ids().__next__)
        if kind == "withdraw":
            return rule_on_withdraw(record, which, rules=rules, now=now, by=who)
        if kind == "approve":
            return rule_on_approval(
                record, which, approver=who, role=role, requester_role=Role.CLERK, rules=rules, now=now,
                new_id=ids().__next__,
            )  # fmt: skip
        if kind == "decline":
            return rule_on_decline(record, which, approver=who, role=role, why=why, now=now)
        if kind == "ask":
            return rule_on_asking(record, which, why=why)
        if kind == "overrule":
            return rule_on_overruling(record, which, confirm=confirm, by=who, role=role, why=why, now=now)
        if kind == "move":
            return rule_on_move(record, review=mover.review, work=mover.work if confirm else None, assignee="", now=now)
        return rule_on_new_ticket(None if new else record, mover)

    return do


@settings(max_examples=200, deadline=None)
@given(records(), ALL_RULES, deeds())
def test_nothing_that_is_asked_of_any_record_raises(
    record: TicketRecord, rules: Rules, deed: Callable[[TicketRecord, Rules], Ruling]
) -> None:
    ruling = deed(record, rules)
    assert isinstance(ruling.result, Result)
    if ruling.record is not None and ruling.record.ticket.id == record.ticket.id and ruling.record.cases:
        assert ruling.record.ticket.version == record.ticket.version + 1


@settings(max_examples=80, deadline=None)
@given(TICKETS, ALL_RULES, st.data())
def test_through_any_history_versions_count_up_and_one_cancellation_stands(
    ticket: Ticket, rules: Rules, data: st.DataObject
) -> None:
    record = TicketRecord(ticket)
    for n in range(data.draw(st.integers(1, 7))):
        ruling = data.draw(deeds(n % 3))(record, rules)
        if ruling.record is None or ruling.record.ticket.version == 1:
            continue
        after = ruling.record
        assert after.ticket.version == record.ticket.version + 1
        alive = standing_cases(after)
        assert len(alive) <= 1, "two cancellations of one ticket"
        assert not alive or after.standing == alive[0], "what is open or confirmed decides the status"
        assert {item.case.id for item in record.cases} <= {item.case.id for item in after.cases}, "a case is gone"
        record = after


@settings(max_examples=400, deadline=None)
@given(TICKETS, requests(), ALL_RULES, MOMENTS)
def test_nobody_pays_more_than_was_agreed_unless_a_second_person_agrees(
    ticket: Ticket, asked: CancelRequest, rules: Rules, now: Any
) -> None:
    ruling = rule_on_cancel(TicketRecord(ticket), asked, rules=rules, now=now, new_id=ids().__next__)
    (item,) = changed(ruling).cases
    if item.case.state in CONFIRMED_STATES:
        owed = [
            one.amount_minor
            for one in item.obligations
            if one.state is not ObligationState.VOID and one.kind.value in ("pay_fee", "return_compensation")
        ]
        assert sum(owed) <= asked.agreed.customer_pays_minor
    assert (item.case.state in OPEN_STATES) is (ruling.result is Result.NEEDS_APPROVAL)
