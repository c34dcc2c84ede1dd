"""What head office finds when a cancellation arrives, row by row of the outcomes table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store_desk.domain.authority import Result, Rules
from store_desk.domain.case import CaseState, before_of
from store_desk.domain.conditions import SHIPPED, Condition, Conditions
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.obligations import ObligationState
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, Work
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
    rule,
    same_but_version,
    standing_cases,
    visit_at,
)
from tests.domain.tickets import AT_LEVEL, NOON, SHANGHAI, at_level, ticket_at

AGREED: dict[str, Any] = {"approver": SUPERVISOR, "approver_role": Role.SUPERVISOR}
TOMORROW = NOON + timedelta(days=1)
TODAY = NOON + timedelta(hours=2)


def because(ruling: Any) -> list[str]:
    """The grounds that head office names."""
    return str(dict(ruling.facts)["because"]).split(",")


# --- unchanged -------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-STA-01", "REQ-STA-02", "REQ-STA-03", "REQ-STA-04", "REQ-STA-05", "REQ-STA-06", "REQ-STA-08")
@pytest.mark.parametrize("level", AT_LEVEL)
def test_an_unchanged_ticket_is_cancelled_as_asked(level: int) -> None:
    ticket = at_level(level, assignee="3012", due_at=NOON, version=7)
    ruling = rule(ticket, asks(ticket, **AGREED))
    assert (ruling.result, ruling.facts) == (Result.ACCEPTED, ())
    case = case_in(ruling)
    assert (case.state, case.decided_at, case.decided_by, case.level) == (
        CaseState.CONFIRMED, SOON, "head_office", level,
    )  # fmt: skip
    after = changed(ruling).ticket
    assert (after.assignee, after.due_at, after.closed_at, after.version) == ("", None, SOON, 8)
    assert (after.review, after.work) == AT_LEVEL[level], "the ladders keep their last rungs"
    assert changed(ruling).standing == "case1"


@pytest.mark.parametrize("level", [1, 2])
def test_at_the_low_levels_a_clerk_needs_nobody(level: int) -> None:
    ticket = at_level(level)
    assert rule(ticket, asks(ticket)).result is Result.ACCEPTED


def test_what_was_owed_stays_as_the_desk_wrote_it() -> None:
    ticket = at_level(4, compensation_minor=5_000, facts={"visit": visit_at(TOMORROW), "parts_reserved": "泵"})
    request = asks(ticket, **AGREED)
    ruling = rule(ticket, request)
    assert ruling.result is Result.ACCEPTED
    assert changed(ruling).cases[0].obligations == request.obligations != ()
    assert (changed(ruling).cases[0].desk, changed(ruling).cases[0].slip) == ("XH2", "XH2-26-S000001-K")


def test_head_office_keeps_its_own_knowledge_of_the_ticket_before() -> None:
    seen = at_level(1)
    there = at_level(1, assignee="3012", due_at=TOMORROW)
    case = case_in(rule(there, asks(seen)))
    assert case.before == before_of(there) != before_of(seen)


def test_strokes_do_not_stay_at_head_office() -> None:
    ticket = at_level(1)
    case = case_in(rule(ticket, asks(ticket, strokes=(((0.1, 0.2, 0.5, 0),),))))
    assert case.strokes == ()


@pytest.mark.req("REQ-CND-07")
def test_a_duplicate_points_to_its_survivor() -> None:
    ticket = at_level(1)
    after = confirmed(ticket, reason=Reason.DUPLICATE, evidence=(("survivor", "XH2-26-000009-M"),)).ticket
    assert after.facts.survivor == "XH2-26-000009-M"


# --- moved on meanwhile, still possible ------------------------------------------------------------------------


def test_a_step_that_needs_nobody_is_a_condition() -> None:
    ruling = rule(at_level(2), asks(at_level(1)))
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS
    assert (case_in(ruling).state, case_in(ruling).level) == (CaseState.CONFIRMED_WITH_CONDITIONS, 2)
    assert dict(ruling.facts) == {"level": 2, "added": "", "dropped": ""}


@pytest.mark.req("REQ-LOG-02")
def test_a_visit_booked_meanwhile_is_to_be_stopped() -> None:
    seen = at_level(1)
    ruling = rule(replace(seen, facts=TicketFacts(visit=visit_at(TOMORROW))), asks(seen))
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS and dict(ruling.facts)["added"] == "stop_visit"
    (added,) = changed(ruling).cases[0].obligations
    assert (added.kind.value, added.state, added.case_id, added.owner) == (
        "stop_visit", ObligationState.OPEN, "case1", "3012",
    )  # fmt: skip
    assert added.due_at == SOON + timedelta(minutes=15)


def test_a_parcel_that_has_arrived_meanwhile_is_not_called_back() -> None:
    seen = at_level(1, facts={"parcel": Parcel("滚筒", "drum", "顺丰", "SF1"), "parts_reserved": "泵"})
    there = replace(seen, facts=TicketFacts(parts_reserved="泵"))
    ruling = rule(there, asks(seen))
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS and dict(ruling.facts)["dropped"] == "recall_goods"
    states = {item.kind.value: item for item in changed(ruling).cases[0].obligations}
    assert states["release_parts"].state is ObligationState.OPEN
    gone = states["recall_goods"]
    assert (gone.state, gone.closed_at, gone.result) == (ObligationState.VOID, SOON, "head_office")


def test_money_that_was_taken_already_is_not_called_off() -> None:
    seen = at_level(1, compensation_minor=5_000)
    request = asks(seen)
    paid = replace(request.obligations[0], state=ObligationState.DONE, result="cash", closed_at=NOON)
    ruling = rule(replace(seen, compensation_minor=0), replace(request, obligations=(paid,)))
    assert changed(ruling).cases[0].obligations == (paid,)


@pytest.mark.req("REQ-MON-01")
def test_a_sum_that_was_corrected_meanwhile_is_owed_as_it_is_now_and_told() -> None:
    seen = at_level(1, compensation_minor=5_000)
    ruling = rule(replace(seen, compensation_minor=900), asks(seen))
    (owed,) = changed(ruling).cases[0].obligations
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS
    assert (owed.amount_minor, dict(ruling.facts)["added"]) == (900, "return_compensation")


def test_what_is_easier_than_agreed_is_no_condition() -> None:
    ruling = rule(at_level(2), asks(at_level(3), **AGREED))
    assert ruling.result is Result.ACCEPTED and case_in(ruling).level == 2


# --- not covered by the approval that was given ----------------------------------------------------------------


def moved(**changes: Any) -> Ticket:
    """The easy ticket as it stands at head office by now."""
    facts = changes.pop("facts", TicketFacts())
    return at_level(1, facts=facts, **changes)


@pytest.mark.parametrize(
    ("there", "code"),
    [
        (at_level(3), "role_level"),
        (moved(facts=TicketFacts(parts_used_minor=1)), "parts_used"),
        (moved(facts=TicketFacts(visit=visit_at(TODAY))), "visit_today"),
        (moved(compensation_minor=10_000), "collect_amount"),
        (moved(compensation_minor=1), "more_to_pay"),
        (at_level(5), "awaiting_confirmation"),
        (ticket_at(Review.UNDER_REVIEW, review_since=NOON - timedelta(hours=25)), "review_overdue"),
    ],
)
def test_a_plan_that_nobody_agreed_to_waits_with_the_ground(there: Ticket, code: str) -> None:
    ruling = rule(there, asks(at_level(1)))
    assert ruling.result is Result.NEEDS_APPROVAL and code in because(ruling)
    case = case_in(ruling)
    assert (case.state, case.approver, list(case.approved_because)) == (
        CaseState.PENDING_APPROVAL, "", because(ruling),
    )  # fmt: skip
    after = changed(ruling).ticket
    assert after.closed_at is None and same_but_version(after, there), "work goes on until somebody agrees"


def test_the_reason_reaches_only_so_far() -> None:
    ruling = rule(at_level(3), asks(at_level(2), Reason.MISTAKE, requester=SUPERVISOR, role=Role.SUPERVISOR))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["reason_level"]


def test_an_approval_does_not_reach_to_a_higher_level() -> None:
    seen = at_level(1)
    request = asks(seen, Reason.DISSATISFIED, requester="2051", role=Role.SUPERVISOR, **AGREED)
    ruling = rule(at_level(3), request)
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["level_rose"]


def test_an_approval_does_not_reach_to_more_money() -> None:
    seen = at_level(3, compensation_minor=500)
    ruling = rule(replace(seen, compensation_minor=501), asks(seen, **AGREED))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["more_to_pay"]


def test_less_to_pay_needs_nobody_but_is_told() -> None:
    seen = at_level(3, compensation_minor=500)
    ruling = rule(replace(seen, compensation_minor=499), asks(seen, **AGREED))
    assert ruling.result is Result.ACCEPTED_WITH_CONDITIONS
    assert [item.amount_minor for item in changed(ruling).cases[0].obligations] == [499]


def test_an_approval_covers_only_the_grounds_it_was_given_for() -> None:
    seen = at_level(3)
    ruling = rule(replace(seen, facts=TicketFacts(parts_used_minor=900)), asks(seen, **AGREED))
    assert because(ruling) == ["parts_used"]


@pytest.mark.parametrize(
    ("approver", "role"),
    [
        (CLERK, Role.SUPERVISOR),
        (SUPERVISOR, Role.CLERK),
        (SUPERVISOR, Role.TECHNICIAN),
        (SUPERVISOR, Role.AUDITOR),
        (SUPERVISOR, None),
        ("", Role.SUPERVISOR),
    ],
)
@pytest.mark.req("REQ-OPS-01", "REQ-OPS-05")
def test_the_requester_or_a_person_without_the_role_does_not_approve(approver: str, role: Role | None) -> None:
    ticket = at_level(3)
    ruling = rule(ticket, asks(ticket, approver=approver, approver_role=role))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["role_level"]


@pytest.mark.req("REQ-CND-06")
def test_what_the_store_starts_waits_without_a_supervisor() -> None:
    ticket = at_level(1)
    how: dict[str, Any] = {"reason": Reason.DUPLICATE, "consent": Consent(Grade.STORE_STARTED)}
    ruling = rule(ticket, asks(ticket, **how))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["reason_always"]
    agreed = asks(ticket, **how, **AGREED)
    agreed = replace(agreed, case=replace(agreed.case, approved_because=("reason_always",)))
    assert rule(ticket, agreed).result is Result.ACCEPTED


@pytest.mark.req("REQ-OPS-05")
def test_what_was_sent_for_approval_waits_although_nothing_changed() -> None:
    ticket = at_level(3)
    ruling = rule(ticket, asks(ticket, state=CaseState.PENDING_APPROVAL))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["role_level"]


@pytest.mark.req("REQ-CND-10")
@pytest.mark.parametrize("state", [CaseState.PENDING_HEAD_OFFICE, CaseState.PENDING_APPROVAL])
def test_old_conditions_that_forbid_now_make_it_wait_and_never_refuse(state: CaseState) -> None:
    ticket = at_level(1)
    stricter = Conditions(2, (*SHIPPED.rows, Condition(Reason.SELF_RESOLVED, allowed=False)))
    ruling = rule(ticket, asks(ticket, state=state), rules=Rules(Policy(), stricter, SHANGHAI))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["conditions_changed"]
    assert case_in(ruling).state is CaseState.PENDING_APPROVAL


def test_a_tariff_published_meanwhile_is_more_to_pay() -> None:
    ticket = at_level(1)
    ruling = rule(ticket, asks(ticket), rules=Rules(Policy(tariff_minor={1: 300}), SHIPPED, SHANGHAI))
    assert because(ruling) == ["more_to_pay"]


def test_the_day_of_a_visit_is_the_stores_day() -> None:
    """22:00 UTC is tomorrow in Shanghai already."""
    late = NOON.replace(hour=22, minute=0)
    seen = at_level(1, facts={"visit": visit_at(NOON.replace(hour=15))})
    booked = replace(seen, facts=TicketFacts(visit=visit_at(late + timedelta(hours=3))))
    assert rule(booked, asks(seen, at=NOON.replace(hour=17)), now=late).result is Result.NEEDS_APPROVAL
    again = replace(seen, facts=TicketFacts(visit=visit_at(NOON.replace(hour=15, minute=30))))
    assert rule(again, asks(seen, at=late), now=late).result is Result.ACCEPTED


# --- finished, or rejected -------------------------------------------------------------------------------------


@pytest.mark.req("REQ-EXC-01")
@pytest.mark.parametrize(
    ("there", "state"),
    [
        (ticket_at(Review.IN_PROCESS, Work.DONE, closed_at=NOON), "done"),
        (ticket_at(Review.REJECTED, closed_at=NOON), "rejected"),
    ],
)
def test_what_is_over_already_is_refused_with_the_state_and_the_time(there: Ticket, state: str) -> None:
    seen = at_level(1, compensation_minor=500)
    request = asks(seen)
    ruling = rule(there, request)
    assert ruling.result is Result.REFUSED_DONE
    assert dict(ruling.facts) == {"state": state, "at": NOON.isoformat()}
    case = case_in(ruling)
    assert (case.state, case.decided_at, case.decided_by) == (CaseState.REFUSED, SOON, "head_office")
    assert same_but_version(changed(ruling).ticket, there) and changed(ruling).ticket.version == there.version + 1
    (owed,) = changed(ruling).cases[0].obligations
    assert (owed.state, owed.result) == (ObligationState.VOID, "not_cancelled")


def test_a_refusal_leaves_what_was_settled() -> None:
    request = asks(at_level(1, compensation_minor=500))
    paid = replace(request.obligations[0], state=ObligationState.DONE, result="cash")
    ruling = rule(ticket_at(Review.REJECTED), replace(request, obligations=(paid,)))
    assert changed(ruling).cases[0].obligations == (paid,)


# --- cancelled elsewhere, or merged ----------------------------------------------------------------------------


def test_who_comes_second_is_told_of_the_first_and_its_slip() -> None:
    ticket = at_level(1, compensation_minor=500)
    record = confirmed(ticket, case_id="first", desk="XH1", slip="XH1-26-S000031-M", reason=Reason.WAIVED)
    ruling = rule(record, asks(ticket), now=SOON + timedelta(hours=1))
    assert ruling.result is Result.ALREADY_CANCELLED
    assert dict(ruling.facts) == {
        "case": "first",
        "desk": "XH1",
        "slip": "XH1-26-S000031-M",
        "reason": "waived",
        "state": "confirmed",
        "at": SOON.isoformat(),
    }
    after = changed(ruling)
    assert case_in(ruling).state is CaseState.SUPERSEDED
    assert after.standing == "first" and standing_cases(after) == ["first"]
    assert after.case("first") == record.case("first"), "the first one is not touched"
    assert [item.state for item in after.cases[1].obligations] == [ObligationState.VOID]
    assert same_but_version(after.ticket, record.ticket)


def test_a_merged_ticket_is_superseded_by_its_merging() -> None:
    ticket = at_level(1)
    merged = confirmed(ticket, case_id="merge", reason=Reason.DUPLICATE, evidence=(("survivor", "N9"),))
    ruling = rule(merged, asks(ticket))
    assert ruling.result is Result.ALREADY_CANCELLED and dict(ruling.facts)["reason"] == "duplicate"
    assert changed(ruling).ticket.facts.survivor == "N9"


def test_a_case_that_waits_elsewhere_comes_first_too() -> None:
    ticket = at_level(3)
    waiting = changed(rule(ticket, asks(ticket, case_id="first", slip="S1")))
    ruling = rule(waiting, asks(ticket, **AGREED))
    assert ruling.result is Result.ALREADY_CANCELLED
    assert (dict(ruling.facts)["state"], dict(ruling.facts)["slip"]) == ("pending_approval", "S1")
    assert standing_cases(changed(ruling)) == ["first"]


@pytest.mark.parametrize("ended", [CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.SUPERSEDED])
def test_a_case_that_came_to_nothing_stands_in_nobodys_way(ended: CaseState) -> None:
    ticket = at_level(1)
    first = confirmed(ticket, case_id="first").cases[0]
    record = TicketRecord(ticket, (replace(first, case=replace(first.case, state=ended)),), "first")
    ruling = rule(record, asks(ticket))
    assert ruling.result is Result.ACCEPTED and changed(ruling).standing == "case1"


def test_one_case_is_decided_once() -> None:
    ticket = at_level(1)
    ruling = rule(confirmed(ticket), asks(ticket, note="again"))
    assert (ruling.result, ruling.record) == (Result.ALREADY_OVER, None)


# --- which results need somebody -------------------------------------------------------------------------------


def test_head_office_counts_role_and_money_anew_whatever_the_desk_says() -> None:
    """A desk that says "level 1, nothing to pay" of what is level 4 with a fee is not believed."""
    there = at_level(4, compensation_minor=700)
    request = asks(at_level(1))
    claimed = replace(request, case=replace(request.case, level=1, conditions_version=99))
    ruling = rule(there, claimed, rules=RULES)
    assert because(ruling) == ["role_level", "more_to_pay"]


def test_a_manager_agrees_where_the_conditions_name_one() -> None:
    ticket = at_level(1)
    request = asks(ticket, Reason.PAST_DEADLINE, approver=MANAGER, approver_role=Role.MANAGER)
    assert rule(ticket, request).result is Result.ACCEPTED


@pytest.mark.req("REQ-CND-04")
def test_a_supervisor_is_not_enough_where_the_conditions_name_a_manager() -> None:
    ticket = at_level(1)
    ruling = rule(ticket, asks(ticket, Reason.PAST_DEADLINE, **AGREED))
    assert ruling.result is Result.NEEDS_APPROVAL and because(ruling) == ["reason_always"]
