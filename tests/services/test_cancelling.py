"""Cancelling on a real store: what each level and reason demands, and every refusal before anything changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store_desk.domain.case import CaseState, status_of
from store_desk.domain.conditions import Approver, Condition, Conditions
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import (
    ApprovalNeeded,
    ApproverRightMissing,
    CaseAlreadyOpen,
    DomainError,
    EvidenceInvalid,
    EvidenceMissing,
    ReasonMissing,
    ReasonNotAllowed,
    RightMissing,
    TicketAlreadyCancelled,
    TicketDone,
    TicketMoved,
    TicketNotFound,
    TicketRejected,
)
from store_desk.domain.reasons import CATALOGUE, Reason
from store_desk.domain.ticket import Review, Status, Ticket, Work
from store_desk.services.cancel import cancel_ticket, preview_plan
from store_desk.services.draft_slip import draft_slip
from store_desk.services.rules import change_setting, conditions_to_json
from tests.services.given import GIVEN, LEVELS, evidence, journal, nothing_changed
from tests.shop import NOON, Shop


@pytest.mark.req("REQ-STA-01", "REQ-STA-05", "REQ-RSN-03", "REQ-CHN-01")
def test_a_clerk_cancels_at_level_one_in_one_go(shop: Shop) -> None:
    ticket = shop.ticket(due_at=NOON + timedelta(days=1))
    done = shop.cancel(ticket)
    assert (done.case.state, done.case.level, done.case.approver) == (CaseState.CONFIRMED, 1, "")
    assert done.case.decided_by == "desk:XH2"
    assert shop.load(ticket.id) == done.ticket
    assert (done.ticket.closed_at, done.ticket.due_at, done.ticket.version) == (NOON, None, 2)
    assert (done.ticket.review, done.ticket.work) == (ticket.review, ticket.work)
    assert status_of(done.ticket.review, done.ticket.work, done.case.state) is Status.CANCELLED


@pytest.mark.parametrize("level", [2, 3, 4, 5])
@pytest.mark.req("REQ-STA-02", "REQ-STA-03", "REQ-STA-04", "REQ-STA-08", "REQ-OPS-05", "REQ-SUP-03")
def test_above_their_level_a_second_person_is_needed(shop: Shop, level: int) -> None:
    ticket = shop.ticket(*LEVELS[level], assignee="3012")
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED)}
    if level > 2:
        with pytest.raises(ApprovalNeeded) as refusal:
            shop.cancel(ticket, Reason.SELF_RESOLVED, **how)
        assert "role_level" in refusal.value.facts["because"]  # type: ignore[operator]
        nothing_changed(shop, ticket)
        how["approver"] = shop.supervisor
    done = shop.cancel(ticket, Reason.SELF_RESOLVED, **how)
    assert done.case.level == level
    assert done.case.approver == ("1003" if level > 2 else "")
    assert bool(done.case.approved_because) == (level > 2)


@pytest.mark.parametrize(("by", "level"), [("clerk", 2), ("senior", 3), ("supervisor", 4), ("manager", 4)])
def test_each_role_goes_up_to_its_level_alone(shop: Shop, by: str, level: int) -> None:
    shop.cancel(
        shop.ticket(*LEVELS[level]), Reason.SELF_RESOLVED, by=getattr(shop, by), evidence=evidence(Reason.SELF_RESOLVED)
    )
    with pytest.raises(ApprovalNeeded):
        shop.cancel(
            shop.ticket(*LEVELS[level + 1]),
            Reason.SELF_RESOLVED,
            by=getattr(shop, by),
            evidence=evidence(Reason.SELF_RESOLVED),
        )


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.DUPLICATE])
def test_every_reason_can_be_carried_through_with_what_it_asks_for(shop: Shop, reason: Reason) -> None:
    ticket = shop.ticket()
    grade = Grade.STORE_STARTED if reason is Reason.NOT_GENUINE else Grade.PAPER
    done = shop.cancel(
        ticket, reason, evidence=evidence(reason), consent=Consent(grade), approver=shop.manager
    )
    assert done.case.reason is reason
    assert {name for name, _ in done.case.evidence} == set(GIVEN.get(reason, {}))
    with shop.desk.read() as uow:
        assert uow.cases.get(done.case.id) == done.case
        assert uow.obligations.of_case(done.case.id) == list(done.obligations)


@pytest.mark.parametrize(
    ("reason", "field"),
    [(r, item.name) for r, rule in CATALOGUE.items() for item in rule.evidence if item.required],
)
@pytest.mark.req("REQ-OPS-03", "REQ-CND-01")
def test_missing_evidence_is_named_and_nothing_changes(shop: Shop, reason: Reason, field: str) -> None:
    ticket = shop.ticket()
    consent = Consent(Grade.STORE_STARTED if reason is Reason.NOT_GENUINE else Grade.PAPER)
    for value in ("", "  \t"):
        with pytest.raises(EvidenceMissing) as refusal:
            shop.cancel(
                ticket, reason, evidence=evidence(reason, **{field: value}), consent=consent, approver=shop.manager
            )
        assert field in refusal.value.facts["fields"]  # type: ignore[operator]
    nothing_changed(shop, ticket)


@pytest.mark.parametrize(
    ("reason", "field", "value"),
    [
        (Reason.AGREEMENT, "amount", "-5"),
        (Reason.AGREEMENT, "amount", "12.345"),
        (Reason.AGREEMENT, "amount", "1e3"),
        (Reason.AGREEMENT, "amount", "十二"),
        (Reason.AGREEMENT, "amount", "٣"),
        (Reason.AGREEMENT, "amount", "99999999999999"),
        (Reason.AGREEMENT, "due", "2026-02-30"),
        (Reason.AGREEMENT, "due", "tomorrow"),
        (Reason.DISSATISFIED, "aspect", "colour"),
        (Reason.SELF_RESOLVED, "how", "长" * 2_001),
        (Reason.SELF_RESOLVED, "photo", "P-1"),
        (Reason.DUPLICATE, "survivor", "XH2-26-999999-X"),
    ],
)
def test_evidence_of_the_wrong_kind_is_refused(shop: Shop, reason: Reason, field: str, value: str) -> None:
    ticket = shop.ticket()
    with pytest.raises(EvidenceInvalid) as refusal:
        shop.cancel(ticket, reason, evidence=evidence(reason, **{field: value}), approver=shop.supervisor)
    assert refusal.value.facts["field"] == field
    nothing_changed(shop, ticket)


def test_evidence_is_kept_in_one_form(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.AGREEMENT, evidence=evidence(Reason.AGREEMENT))
    assert dict(done.case.evidence) == {"amount": "1200.50", "due": "2026-05-20", "remedy": "补发配件"}


@pytest.mark.parametrize(("reason", "field"), [(Reason.SELF_RESOLVED, "how"), (Reason.OTHER, "text")])
@pytest.mark.req("REQ-RSN-01", "REQ-COM-02")
def test_the_note_stands_for_the_field_that_says_the_same(shop: Shop, reason: Reason, field: str) -> None:
    done = shop.cancel(shop.ticket(), reason, note="已经自己修好，不再需要上门服务")
    assert dict(done.case.evidence) == {field: "已经自己修好，不再需要上门服务"}
    with pytest.raises(EvidenceMissing):
        shop.cancel(shop.ticket(), Reason.SOLVED_BY_STORE, note="WX-1 已经修好")


def test_a_note_too_short_does_not_stand_for_a_text(shop: Shop) -> None:
    with pytest.raises(EvidenceMissing):
        shop.cancel(shop.ticket(), Reason.OTHER, note="不想要")


# --- reason ------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-RSN-06")
def test_no_entry_lets_the_reason_be_skipped(shop: Shop) -> None:
    """Plan, preview and cancellation ask for it; the database itself takes no case without one."""
    ticket = shop.ticket()
    command = shop.command(ticket, None)
    for ask in (preview_plan, draft_slip, cancel_ticket):
        with pytest.raises(ReasonMissing):
            ask(shop.desk, shop.manager, command)
    nothing_changed(shop, ticket)
    done = shop.cancel(shop.ticket())
    for reason in (None, ""):
        with pytest.raises(Exception, match="constraint failed"), shop.opened.store.writing() as unit:
            unit.connection.execute(
                "INSERT INTO cancellation_case (id, ticket_id, state, reason, level, channel, origin, opened_at,"
                " requester, approver, body) SELECT 'x', ?, 'confirmed', ?, level, channel, origin, opened_at,"
                " requester, approver, body FROM cancellation_case WHERE id = ?",
                (ticket.id, reason, done.case.id),
            )
    nothing_changed(shop, ticket)


@pytest.mark.req("REQ-RSN-05")
@pytest.mark.parametrize("reason", [Reason.DISSATISFIED, Reason.MISTAKE])
def test_the_reason_of_a_case_can_never_be_changed(shop: Shop, reason: Reason) -> None:
    done = shop.cancel(shop.ticket(), reason, evidence=evidence(reason), approver=shop.supervisor)
    with pytest.raises(Exception, match="keeps its ticket, reason"), shop.desk.work() as uow:
        uow.cases.save(replace(done.case, reason=Reason.OTHER))
    with shop.desk.read() as uow:
        kept = uow.cases.get(done.case.id)
    assert kept is not None and kept.reason is reason


@pytest.mark.req("REQ-CND-10")
def test_the_conditions_in_force_decide_and_their_version_is_kept(shop: Shop) -> None:
    table = Conditions(
        9,
        (
            Condition(Reason.MISTAKE, level=1, allowed=False),
            Condition(Reason.WAIVED, approver=Approver.MANAGER, evidence=("text",)),
        ),
    )
    change_setting(shop.desk, shop.manager, name="conditions", value=conditions_to_json(table))
    with pytest.raises(ReasonNotAllowed):
        shop.cancel(shop.ticket())
    assert shop.cancel(shop.ticket(*LEVELS[2])).case.conditions_version == 9
    how: dict[str, Any] = {"note": "顾客不再需要这次维修服务"}
    with pytest.raises(ApprovalNeeded) as refusal:
        shop.cancel(shop.ticket(), Reason.WAIVED, **how)
    assert refusal.value.facts["manager_only"] is True
    with pytest.raises(ApproverRightMissing):
        shop.cancel(shop.ticket(), Reason.WAIVED, approver=shop.supervisor, **how)
    done = shop.cancel(shop.ticket(), Reason.WAIVED, approver=shop.manager, **how)
    assert dict(done.case.evidence) == {"text": "顾客不再需要这次维修服务"}


# --- ticket ------------------------------------------------------------------------------------------------


def test_a_ticket_past_cancelling_is_refused_with_its_reason(shop: Shop) -> None:
    refused: list[tuple[Ticket, type[DomainError]]] = [
        (shop.ticket(Review.REJECTED), TicketRejected),
        (shop.ticket(Review.APPROVED, Work.DONE), TicketDone),
    ]
    for ticket, kind in refused:
        with pytest.raises(kind):
            shop.cancel(ticket)
        nothing_changed(shop, ticket)
    with pytest.raises(TicketNotFound):
        shop.cancel(replace(refused[0][0], id="0" * 32))


def test_a_second_cancellation_is_refused(shop: Shop) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    for ask in (preview_plan, draft_slip, cancel_ticket):
        with pytest.raises(TicketAlreadyCancelled):
            ask(shop.desk, shop.clerk, shop.command(ticket, seen_version=None))


@pytest.mark.parametrize(
    "state", ["requested", "pending_approval", "agreed", "applied", "pending_head_office", "expired"]
)
def test_a_case_that_waits_blocks_another(shop: Shop, state: str) -> None:
    ticket, other = shop.ticket(), shop.ticket()
    case = shop.cancel(other).case
    waiting = replace(case, id="c" * 32, ticket_id=ticket.id, state=CaseState(state))
    with shop.desk.work() as uow:
        uow.cases.add(waiting)
    with pytest.raises(CaseAlreadyOpen):
        shop.cancel(ticket)
    with pytest.raises(CaseAlreadyOpen), shop.desk.work() as uow:
        uow.cases.add(replace(waiting, id="d" * 32))


def test_a_ticket_that_moved_since_the_plan_is_not_cancelled(shop: Shop) -> None:
    ticket = shop.ticket()
    with shop.desk.work() as uow:
        uow.tickets.save(replace(ticket, review=Review.APPROVED, version=2), seen_version=1)
    with pytest.raises(TicketMoved):
        shop.cancel(ticket)
    nothing_changed(shop, shop.load(ticket.id))
    assert shop.cancel(ticket, Reason.WAIVED, seen_version=None, by=shop.senior).case.level == 3


def test_roles_without_the_right_cancel_nothing(shop: Shop) -> None:
    ticket = shop.ticket()
    for who in ("3012", "9001"):
        with pytest.raises(RightMissing) as refusal:
            shop.cancel(ticket, by=shop.actor(who))
        assert refusal.value.facts["right"] == "cancel"
        assert preview_plan(shop.desk, shop.actor(who), shop.command(ticket)).plan.because == ("role_level",)
    nothing_changed(shop, ticket)


def test_odd_ladders_take_the_stricter_route_and_are_noted(shop: Shop) -> None:
    ticket = shop.ticket(Review.PENDING_REVIEW, Work.IN_PROCESS)
    done = shop.cancel(
        ticket, Reason.SELF_RESOLVED, evidence=evidence(Reason.SELF_RESOLVED), approver=shop.supervisor
    )
    assert done.case.level == 4
    assert journal(shop)[-1][2]["odd_ladders"] == "pending_review/in_process"


def test_a_comma_that_groups_no_thousands_is_asked_again() -> None:
    from store_desk.services.evidence import amount_minor_of

    assert amount_minor_of("12,5", currency="CNY") is None
    assert amount_minor_of("1,299.50", currency="CNY") == 129_950
    assert amount_minor_of("1,000,000", currency="CNY") == 100_000_000
