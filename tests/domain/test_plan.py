"""The plan: what happens, who must agree, what it costs and what is at stake, for every level, reason and type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store_desk.domain.conditions import SHIPPED, Approver, Condition, Conditions, evidence_of
from store_desk.domain.consent import Channel, Consent, Grade, accepted_grades, is_complete, text_hash
from store_desk.domain.errors import ReasonNotAllowed, TicketDone, TicketRejected
from store_desk.domain.obligations import ObligationKind
from store_desk.domain.plan import approval_covers
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import ALWAYS_APPROVED, CATALOGUE, DEFAULT_TILES, Reason, all_evidence_fields
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketType, Visit, Work
from tests.domain.tickets import AT_LEVEL, NOON, SHANGHAI, at_level, kinds, plan_of, ticket_at

# Without a supervisor up to this level; 0: never without.
LEVEL_MAX = {
    "self_resolved": 4, "solved_by_store": 4, "agreement": 4, "mistake": 2, "need_changed": 4, "waived": 4,
    "wrong_information": 3, "dissatisfied": 0, "past_deadline": 0, "force_majeure": 0, "not_genuine": 0,
    "duplicate": 3, "returned_refunded": 4, "other_channel": 4, "other": 2,
}  # fmt: skip
ASKS = {
    "self_resolved": ["how"],
    "solved_by_store": ["record"],
    "agreement": ["remedy", "amount", "due"],
    "mistake": [],
    "need_changed": ["text"],
    "waived": [],
    "wrong_information": ["field", "wrong", "right"],
    "dissatisfied": ["aspect", "about", "text"],
    "past_deadline": ["deadline"],
    "force_majeure": ["event", "date"],
    "not_genuine": ["finding", "photo"],
    "duplicate": ["survivor"],
    "returned_refunded": ["goods_receipt", "refund_reference"],
    "other_channel": ["which"],
    "other": ["text"],
}
ROLE_LEVELS = {Role.CLERK: 2, Role.SENIOR: 3, Role.SUPERVISOR: 5, Role.MANAGER: 5}
THEN = {
    "agreement": "remedy",
    "dissatisfied": "improve",
    "wrong_information": "recreate_ticket",
    "duplicate": "merge_into",
    "returned_refunded": "refund_to_customer",
    "other_channel": "export_evidence",
    "not_genuine": "call_customer",
}
STEP_KINDS = {kind.value for kind in ObligationKind} | {
    "tell_reviewer", "tell_technician", "tell_customer", "check_status", "recreate_ticket", "merge_into",
    "export_evidence",
}  # fmt: skip
FULL = Visit("3012", "周启明", "139", NOON + timedelta(days=2), "WO-1")


def test_the_reason_catalogue_is_the_specified_table() -> None:
    assert {reason.value: rule.level_max for reason, rule in CATALOGUE.items()} == LEVEL_MAX
    assert {reason.value: [item.name for item in rule.evidence] for reason, rule in CATALOGUE.items()} == ASKS
    counted = {reason.value: rule.counts for reason, rule in CATALOGUE.items() if rule.counts != "never"}
    assert counted == {"need_changed": "softly", "waived": "softly", "not_genuine": "after_review"}
    assert len(set(DEFAULT_TILES)) == 9


@pytest.mark.req("REQ-CND-10")
@pytest.mark.parametrize(("level", "reason", "kind"), list(product(AT_LEVEL, Reason, TicketType)))
def test_every_level_reason_and_type_has_a_whole_plan(level: int, reason: Reason, kind: TicketType) -> None:
    for role in ROLE_LEVELS:
        plan = plan_of(at_level(level, type=kind), reason, role=role)
        assert plan.level == level
        grounds = set(plan.because)
        assert ("role_level" in grounds) == (level > ROLE_LEVELS[role])
        limit = LEVEL_MAX[reason.value]
        assert ("reason_always" in grounds) == (limit == 0)
        assert ("reason_level" in grounds) == (0 < limit < level)
        assert ("awaiting_confirmation" in grounds) == (level == 5)
        assert [item.name for item in plan.evidence] == ASKS[reason.value]
        assert kinds(plan)[-2:] == ["tell_customer", "check_status"]
        assert set(kinds(plan)) <= STEP_KINDS
        then = THEN.get(reason.value)
        assert then is None or then in kinds(plan)
        assert plan.conditions_version == SHIPPED.version
        head_office = reason in (Reason.PAST_DEADLINE, Reason.FORCE_MAJEURE)
        assert plan.approver is (Approver.MANAGER if head_office else Approver.SUPERVISOR)


visits = st.none() | st.builds(
    Visit,
    technician=st.sampled_from(["", "3012"]),
    technician_name=st.sampled_from(["", "周启明"]),
    at=st.none() | st.datetimes(datetime(2026, 5, 12), datetime(2026, 5, 17), timezones=st.just(SHANGHAI)),
    free_until=st.none() | st.datetimes(datetime(2026, 5, 13), datetime(2026, 5, 16), timezones=st.just(SHANGHAI)),
    fee_after_minor=st.integers(0, 20_000),
)
tickets = st.builds(
    lambda review, work, kind, compensation, **facts: ticket_at(
        review, work, type=kind, compensation_minor=compensation, facts=facts
    ),
    st.sampled_from([rung for rung in Review if rung is not Review.REJECTED]),
    st.sampled_from([rung for rung in Work if rung is not Work.DONE]),
    st.sampled_from(TicketType),
    st.integers(0, 50_000),
    visit=visits,
    parcel=st.none() | st.builds(Parcel, what=st.sampled_from(["", "配件"]), waybill=st.sampled_from(["", "SF1"])),
    parts_reserved=st.sampled_from(["", "泵"]),
    parts_used_minor=st.integers(0, 2),
    compensation_kind=st.sampled_from(["", "coupon", "travel"]),
)
tariffs = st.fixed_dictionaries({level: st.integers(0, 20_000) for level in range(1, 6)})


@settings(max_examples=300, deadline=None)
@given(tickets, st.sampled_from(Reason), st.sampled_from(list(ROLE_LEVELS)), tariffs, st.integers(0, 90_000))
def test_a_plan_adds_up_whatever_the_ticket(
    ticket: Ticket, reason: Reason, role: Role, tariff: dict[int, int], agreed: int
) -> None:
    """Money both ways is the sum of the steps; stricter roles never remove a ground; the same facts, the same plan."""
    policy = Policy(tariff_minor=tariff)
    how: dict[str, Any] = {"role": role, "policy": policy, "agreed_minor": agreed}
    plan = plan_of(ticket, reason, **how)
    assert plan == plan_of(ticket, reason, **how)
    assert plan.customer_pays_minor == sum(step.amount_minor for step in plan.steps if step.amount_minor > 0)
    assert plan.store_pays_minor == -sum(step.amount_minor for step in plan.steps if step.amount_minor < 0)
    assert plan.store_pays_minor == (agreed if reason is Reason.AGREEMENT else 0)
    assert ("collect_amount" in plan.because) == (plan.customer_pays_minor >= 10_000)
    assert ("parts_used" in plan.because) == (ticket.facts.parts_used_minor > 0)
    assert set(plan_of(ticket, reason, **(how | {"role": Role.MANAGER})).because) <= set(plan.because)
    for step in plan.steps:
        assert step.owner, step
        assert not step.obligation or (step.due_at is not None or step.kind == "release_parts")
    assert {step.kind for step in plan.steps if step.obligation} <= {kind.value for kind in ObligationKind}
    if ticket.compensation_minor:
        coupon = ticket.facts.compensation_kind == "coupon"
        assert ("void_code" in kinds(plan)) == coupon
        assert ("return_compensation" in kinds(plan)) == (not coupon)
        assert "compensation_back" in [right.code for right in plan.rights]


@pytest.mark.parametrize("work", Work)
def test_a_rejected_request_cannot_be_planned(work: Work) -> None:
    with pytest.raises(TicketRejected):
        plan_of(ticket_at(Review.REJECTED, work))


@pytest.mark.parametrize("review", [rung for rung in Review if rung is not Review.REJECTED])
def test_finished_work_cannot_be_planned(review: Review) -> None:
    with pytest.raises(TicketDone):
        plan_of(ticket_at(review, Work.DONE))


@pytest.mark.req("REQ-STA-01", "REQ-STA-05")
def test_level_one_tells_nobody_to_stop() -> None:
    assert kinds(plan_of(at_level(1))) == ["tell_customer", "check_status"]
    assert plan_of(at_level(1), Reason.MISTAKE, role=Role.CLERK).because == ()


@pytest.mark.req("REQ-STA-02", "REQ-STA-06")
def test_level_two_gives_a_stop_notice() -> None:
    assert kinds(plan_of(at_level(2)))[0] == "tell_reviewer"
    plan = plan_of(ticket_at(Review.PENDING_REVIEW, Work.ASSIGNED, assignee="3012"))
    assert (plan.level, plan.steps[0].kind, plan.steps[0].owner, plan.odd) == (2, "tell_technician", "3012", True)


def test_an_approved_and_assigned_ticket_is_level_three_and_stops_the_assignee_too() -> None:
    plan = plan_of(ticket_at(Review.APPROVED, Work.ASSIGNED, assignee="3012"))
    assert plan.level == 3
    assert "tell_technician" in kinds(plan)


@pytest.mark.req("REQ-STA-04", "REQ-STA-07", "REQ-LOG-01", "REQ-LOG-02", "REQ-LOG-03")
def test_level_four_stops_visit_and_work_and_calls_goods_back() -> None:
    parcel = Parcel("滚筒", "drum", "顺丰", "SF1", "95338")
    facts = {"visit": FULL, "parcel": parcel, "parts_reserved": "泵", "work_percent": 30}
    plan = plan_of(at_level(4, facts=facts))
    assert kinds(plan)[:4] == ["stop_visit", "stop_work", "recall_goods", "release_parts"]
    visit, work, goods, parts = plan.steps[:4]
    assert dict(visit.facts)["phone"] == "139"
    assert (visit.owner, visit.due_at) == ("3012", NOON + timedelta(minutes=15))
    assert dict(work.facts)["percent"] == 30
    assert dict(goods.facts)["phone"] == "95338"
    assert (goods.owner, goods.due_at) == ("warehouse", NOON + timedelta(hours=24))
    assert all(step.obligation for step in (visit, work, goods, parts))


def test_a_repair_at_the_store_is_handed_back() -> None:
    assert "hand_back_item" in kinds(plan_of(at_level(4)))
    assert "hand_back_item" not in kinds(plan_of(at_level(4, facts={"visit": FULL})))
    assert "hand_back_item" not in kinds(plan_of(at_level(3)))
    assert "hand_back_item" not in kinds(plan_of(at_level(4, type=TicketType.COMPLAINT)))


@pytest.mark.req("REQ-STA-08")
def test_level_five_offers_to_close_or_to_do_it_again() -> None:
    assert plan_of(at_level(5)).offers == ("confirm_and_close",)
    assert plan_of(at_level(5), Reason.DISSATISFIED).offers == ("rework",)
    assert plan_of(at_level(5)).because == ("reason_level", "awaiting_confirmation")
    assert plan_of(at_level(1), Reason.SOLVED_BY_STORE).offers == ("confirm_and_close",)


@pytest.mark.req("REQ-MOD-01")
def test_an_early_ticket_with_a_wrong_detail_can_be_changed_instead() -> None:
    assert plan_of(at_level(2), Reason.WRONG_INFORMATION).offers == ("change_instead",)
    assert plan_of(at_level(3), Reason.WRONG_INFORMATION).offers == ()


ALONE: dict[str, tuple[Any, dict[str, Any]]] = {
    "role_level": (at_level(3), {"role": Role.CLERK}),
    "reason_level": (at_level(3), {"reason": Reason.MISTAKE}),
    "reason_always": (at_level(1), {"reason": Reason.FORCE_MAJEURE}),
    "collect_amount": (at_level(3, compensation_minor=10_000), {}),
    "visit_today": (at_level(4, facts={"visit": replace(FULL, at=NOON + timedelta(hours=3))}), {}),
    "parts_used": (at_level(4, facts={"parts_used_minor": 1}), {}),
    "review_overdue": (at_level(2, review_since=NOON - timedelta(hours=24, seconds=1)), {}),
}


@pytest.mark.req("REQ-SUP-03", "REQ-OPS-05")
@pytest.mark.parametrize("ground", ALONE)
def test_each_ground_for_approval_stands_alone(ground: str) -> None:
    ticket, how = ALONE[ground]
    rest = {name: value for name, value in how.items() if name != "reason"}
    assert plan_of(ticket, how.get("reason", Reason.SELF_RESOLVED), **rest).because == (ground,)


def test_just_below_each_limit_nobody_is_asked() -> None:
    assert plan_of(at_level(3, compensation_minor=9_999)).because == ()
    assert plan_of(at_level(2, review_since=NOON - timedelta(hours=24))).because == ()
    assert plan_of(at_level(2), role=Role.CLERK).because == ()
    assert plan_of(at_level(3), role=Role.SENIOR).because == ()
    assert plan_of(at_level(3, compensation_minor=9_999), policy=Policy(collect_approval_minor=9_999)).because


def test_today_is_the_day_of_the_stores_zone() -> None:
    """00:30 in Shanghai is still yesterday in UTC; 23:30 tonight there is today."""
    tonight = datetime(2026, 5, 14, 23, 30, tzinfo=SHANGHAI)
    after_midnight = datetime(2026, 5, 15, 0, 30, tzinfo=SHANGHAI)
    assert plan_of(at_level(4, facts={"visit": replace(FULL, at=tonight)})).because == ("visit_today",)
    assert plan_of(at_level(4, facts={"visit": replace(FULL, at=after_midnight)})).because == ()


@pytest.mark.parametrize("reason", sorted(ALWAYS_APPROVED, key=lambda r: r.value))
def test_conditions_cannot_take_away_an_approval_that_is_always_asked(reason: Reason) -> None:
    lenient = Conditions(2, (Condition(reason, approver=Approver.ROLE),))
    assert "reason_always" in plan_of(at_level(1), reason, conditions=lenient).because


@pytest.mark.req("REQ-MON-02")
def test_the_visit_is_free_until_its_hour_and_costs_after() -> None:
    visit = replace(FULL, free_until=NOON, fee_after_minor=8_000)
    ticket = at_level(4, facts={"visit": visit})
    free = plan_of(ticket, now=NOON)
    fees = [(s.code, s.amount_minor, s.obligation) for s in free.steps if s.kind == "pay_fee"]
    assert fees == [("fee_visit_free", 0, False)]
    late = plan_of(ticket, now=NOON + timedelta(seconds=1))
    fees = [(s.code, s.amount_minor, s.obligation) for s in late.steps if s.kind == "pay_fee"]
    assert fees == [("fee_visit", 8_000, True)]
    assert late.customer_pays_minor == 8_000


def test_the_tariff_of_the_level_is_charged_and_nothing_by_default() -> None:
    assert "pay_fee" not in kinds(plan_of(at_level(4)))
    plan = plan_of(at_level(4), policy=Policy(tariff_minor={4: 3_000}))
    assert plan.customer_pays_minor == 3_000
    assert plan_of(at_level(3), policy=Policy(tariff_minor={4: 3_000})).customer_pays_minor == 0


@pytest.mark.req("REQ-MON-01", "REQ-MON-03")
def test_compensation_comes_back_and_a_coupon_is_voided() -> None:
    given = {"compensation_kind": "travel", "compensation_on": date(2026, 5, 10)}
    plan = plan_of(at_level(3, compensation_minor=5_000, facts=given))
    step = plan.steps[0]
    assert (step.kind, step.amount_minor, step.owner) == ("return_compensation", 5_000, "customer")
    assert step.due_at == NOON + timedelta(days=7)
    coupon = plan_of(at_level(3, compensation_minor=5_000, facts={"compensation_kind": "coupon"}))
    assert (coupon.steps[0].kind, coupon.steps[0].amount_minor, coupon.customer_pays_minor) == ("void_code", 0, 0)


@pytest.mark.req("REQ-RSN-02")
def test_money_flows_in_both_directions_at_once() -> None:
    due = NOON + timedelta(days=2)
    plan = plan_of(
        at_level(3, compensation_minor=5_000), Reason.AGREEMENT, agreed_minor=12_000, agreed_due=due
    )
    assert (plan.customer_pays_minor, plan.store_pays_minor) == (5_000, 12_000)
    remedy = next(step for step in plan.steps if step.kind == "remedy")
    assert (remedy.amount_minor, remedy.due_at, remedy.owner) == (-12_000, due, "store")


@pytest.mark.req("REQ-WAR-05", "REQ-WAR-06")
def test_rights_carry_the_days_of_this_purchase() -> None:
    facts = {"purchased_on": date(2026, 5, 8), "warranty_until": date(2027, 5, 8)}
    rights = {right.code: dict(right.facts) for right in plan_of(at_level(1, facts=facts)).rights}
    assert rights == {
        "queue_place": {},
        "return_window": {"until": "2026-05-15", "days": 1},
        "exchange_window": {"until": "2026-05-23", "days": 9},
        "warranty_keeps": {"until": "2027-05-08", "days": 359},
    }


def test_rights_that_are_over_are_not_promised() -> None:
    facts = {"purchased_on": date(2026, 4, 1), "warranty_until": date(2026, 5, 13)}
    codes = [right.code for right in plan_of(at_level(1, facts=facts)).rights]
    assert codes == ["queue_place", "warranty_over"]
    last_day = {"purchased_on": date(2026, 5, 7), "warranty_until": date(2026, 5, 14)}
    codes = [right.code for right in plan_of(at_level(1, facts=last_day)).rights]
    assert codes == ["queue_place", "return_window", "exchange_window", "warranty_keeps"]


@pytest.mark.req("REQ-CND-10")
def test_the_most_specific_condition_wins_whatever_the_order() -> None:
    reason, kind = Reason.WAIVED, TicketType.REPAIR
    rows = {
        "any": Condition(reason, allowed=False),
        "level": Condition(reason, None, 3, approver=Approver.SUPERVISOR),
        "type": Condition(reason, kind, None, approver=Approver.MANAGER),
        "both": Condition(reason, kind, 3, evidence=("photo",)),
    }
    for order in (list(rows), list(reversed(rows))):
        table = Conditions(7, tuple(rows[name] for name in order))
        assert table.find(reason, kind, 3) == rows["both"]
        assert table.find(reason, kind, 2) == rows["type"]
        assert table.find(reason, TicketType.RETURN, 3) == rows["level"]
        assert table.find(reason, TicketType.RETURN, 2) == rows["any"]
        assert table.find(Reason.MISTAKE, kind, 1) == Condition(Reason.MISTAKE)
        without = Conditions(7, tuple(rows[name] for name in order if name != "both"))
        assert without.find(reason, kind, 3) == rows["type"]


def test_conditions_forbid_ask_a_manager_and_ask_for_other_evidence() -> None:
    forbid = Conditions(2, (Condition(Reason.WAIVED, allowed=False),))
    with pytest.raises(ReasonNotAllowed):
        plan_of(at_level(1), Reason.WAIVED, conditions=forbid)
    strict = Conditions(3, (Condition(Reason.WAIVED, approver=Approver.MANAGER, evidence=("photo", "text")),))
    plan = plan_of(at_level(1), Reason.WAIVED, conditions=strict)
    assert (plan.because, plan.approver, plan.conditions_version) == (("reason_always",), Approver.MANAGER, 3)
    assert [item.name for item in plan.evidence] == ["photo", "text"]
    assert evidence_of(Condition(Reason.AGREEMENT, evidence=())) == ()
    assert "photo" in all_evidence_fields()


CUSTOMER_GRADES = {Grade.COUNTER, Grade.PAPER, Grade.REFUSED}


@pytest.mark.req("REQ-CHN-02", "REQ-CHN-05")
@pytest.mark.parametrize(("level", "channel", "reason"), list(product(range(1, 6), Channel, Reason)))
def test_grades_follow_channel_level_and_reason(level: int, channel: Channel, reason: Reason) -> None:
    grades = set(accepted_grades(level=level, channel=channel, reason=reason))
    if reason is Reason.NOT_GENUINE:
        assert grades == {Grade.STORE_STARTED}
        return
    either = CATALOGUE[reason].started_by.value == "either"
    assert (Grade.VERBAL in grades) == (level <= 2)
    assert (Grade.STORE_STARTED in grades) == either
    assert Grade.PROXY in grades
    if channel is Channel.COUNTER:
        assert grades >= CUSTOMER_GRADES and Grade.PHONE not in grades
    else:
        assert not grades & CUSTOMER_GRADES
        assert (Grade.PHONE in grades) == (channel is not Channel.PROXY)


@pytest.mark.parametrize(
    ("consent", "strokes", "complete"),
    [
        (Consent(Grade.COUNTER), False, False),
        (Consent(Grade.COUNTER), True, True),
        (Consent(Grade.PAPER), False, True),
        (Consent(Grade.PHONE, reference=" "), False, False),
        (Consent(Grade.PHONE, reference="REC-1"), False, True),
        (Consent(Grade.PROXY, name="王", relation="子", authority=""), False, False),
        (Consent(Grade.PROXY, name="王", relation="子", authority="委托书"), False, True),
        (Consent(Grade.REFUSED), False, False),
        (Consent(Grade.REFUSED, witness="2051"), False, True),
        (Consent(Grade.VERBAL), False, True),
        (Consent(Grade.STORE_STARTED), False, True),
    ],
)
def test_each_grade_needs_its_detail(consent: Consent, strokes: bool, complete: bool) -> None:
    assert is_complete(consent, has_strokes=strokes) is complete


def test_the_read_back_hash_tells_texts_apart() -> None:
    assert text_hash("撤销") == text_hash("撤销")
    assert text_hash("撤销") != text_hash("撤銷")
    assert len(text_hash("")) == 64


def test_an_approval_covers_what_did_not_get_stricter() -> None:
    agreed = plan_of(at_level(3, compensation_minor=5_000))
    assert approval_covers(agreed, agreed)
    assert approval_covers(agreed, plan_of(at_level(2)))
    assert not approval_covers(agreed, plan_of(at_level(4, compensation_minor=5_000)))
    assert not approval_covers(agreed, plan_of(at_level(3, compensation_minor=5_001)))
    assert not approval_covers(agreed, plan_of(at_level(3, facts={"parts_used_minor": 1})))
