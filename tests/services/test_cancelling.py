"""Cancelling on a real store: what each level demands, what is refused, and everything that one cancellation leaves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from store_desk.domain.case import CaseState, status_of
from store_desk.domain.conditions import Approver, Condition, Conditions
from store_desk.domain.consent import Channel, Consent, Grade, text_hash
from store_desk.domain.errors import (
    ApprovalNeeded,
    ApproverIsRequester,
    ApproverRightMissing,
    CaseAlreadyOpen,
    ConsentMissing,
    DomainError,
    EvidenceInvalid,
    EvidenceMissing,
    IdentityMismatch,
    IdentityMissing,
    ReasonMissing,
    ReasonNotAllowed,
    RightMissing,
    RightsNotAcknowledged,
    TicketAlreadyCancelled,
    TicketDone,
    TicketMoved,
    TicketNotFound,
    TicketRejected,
    WitnessInvalid,
)
from store_desk.domain.identity import IdentityKind
from store_desk.domain.journal import GENESIS
from store_desk.domain.notices import NoticeState
from store_desk.domain.numbers import is_own_ticket_number, is_slip_number
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.reasons import CATALOGUE, Reason
from store_desk.domain.slip import SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json, slip_hash
from store_desk.domain.ticket import Parcel, Review, Status, Ticket, Visit, Work
from store_desk.services.cancel import cancel_ticket, preview_plan
from store_desk.services.draft_slip import draft_slip
from store_desk.services.drafts import save_draft
from store_desk.services.look_up import open_ticket
from store_desk.services.rules import change_setting, conditions_to_json
from tests.shop import NOON, Shop, with_facts

STROKES = (((0.1, 0.2, 0.5, 0), (0.3, 0.4, 0.6, 12)),)
LEVELS = {
    1: (Review.PENDING_REVIEW, Work.UNASSIGNED),
    2: (Review.UNDER_REVIEW, Work.UNASSIGNED),
    3: (Review.APPROVED, Work.UNASSIGNED),
    4: (Review.IN_PROCESS, Work.IN_PROCESS),
    5: (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
}
# Evidence that each reason is content with.
GIVEN: dict[Reason, dict[str, str]] = {
    Reason.SELF_RESOLVED: {"how": "清理了充电口"},
    Reason.SOLVED_BY_STORE: {"record": "WX-1"},
    Reason.AGREEMENT: {"remedy": "补发配件", "amount": "¥1,200.50", "due": "2026/5/20"},
    Reason.NEED_CHANGED: {"text": "改买新的"},
    Reason.WRONG_INFORMATION: {"field": "电话", "wrong": "13800006021", "right": "13900006021"},
    Reason.DISSATISFIED: {"aspect": "speed", "text": "等了三个星期没有人联系"},
    Reason.PAST_DEADLINE: {"deadline": "2026-05-01"},
    Reason.FORCE_MAJEURE: {"event": "台风", "date": "2026年5月3日"},
    Reason.NOT_GENUINE: {"finding": "检测正常", "photo": "P-77"},
    Reason.RETURNED_REFUNDED: {"goods_receipt": "R-1", "refund_reference": "TK-9"},
    Reason.OTHER_CHANNEL: {"which": "消费者协会"},
    Reason.OTHER: {"text": "顾客不愿意说明具体原因"},
}


def evidence(reason: Reason, **changes: str) -> tuple[tuple[str, str], ...]:
    """What the reason asks for, with single values changed."""
    return tuple((GIVEN.get(reason, {}) | changes).items())


def nothing_changed(shop: Shop, ticket: Ticket, slips: int = 0) -> None:
    """The ticket stands as it was and nothing hangs on it."""
    view = open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert view.line.ticket == ticket
    assert not view.cases and not view.obligations and len(view.slips) == slips


def journal(shop: Shop) -> list[tuple[str, str, dict[str, Any]]]:
    """(actor, what, facts) of every entry."""
    with shop.desk.read() as uow:
        return [(entry.actor, entry.what, json.loads(entry.facts)) for entry in uow.journal.entries()]


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


# --- identity, consent, approval ---------------------------------------------------------------------------

PHONE = {"channel": Channel.PHONE, "consent": Consent(Grade.PHONE, reference="REC-1")}
LAST4 = (IdentityKind.PHONE_LAST4, "6021")
ORDER = (IdentityKind.ORDER_NUMBER, "SO-88421907")


@pytest.mark.req("REQ-CHN-02")
def test_by_phone_two_answers_must_match_and_the_recording_is_the_consent(shop: Shop) -> None:
    ticket = shop.ticket()
    short: Iterable[tuple[Any, ...]] = ((), (LAST4,), (LAST4, LAST4), (ORDER, (IdentityKind.RECEIPT, "1907")))
    for answers in short:
        with pytest.raises(IdentityMissing):
            shop.cancel(ticket, identity=answers, **PHONE)
    with pytest.raises(ConsentMissing):
        shop.cancel(ticket, identity=(LAST4, ORDER), channel=Channel.PHONE)
    nothing_changed(shop, ticket)
    done = shop.cancel(ticket, identity=(LAST4, ORDER), **PHONE)
    slip = slip_from_json(done.slip.body)
    assert done.case.identity == ("phone_last4", "order_number")
    assert slip.consent.zh == "电话确认，无签名" and "REC-1" in slip.consent_detail.zh
    assert slip.strokes == () and slip.asked.zh == "电话"


@pytest.mark.parametrize("channel", [Channel.COUNTER, Channel.PHONE])
def test_a_wrong_answer_is_refused_on_every_channel(shop: Shop, channel: Channel) -> None:
    with pytest.raises(IdentityMismatch) as refusal:
        shop.cancel(shop.ticket(), identity=((IdentityKind.PHONE_LAST4, "0000"),), channel=channel)
    assert refusal.value.facts == {"kind": "phone_last4"}


@pytest.mark.req("REQ-CHN-04")
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.CHAT])
def test_a_written_request_names_where_it_is_kept(shop: Shop, channel: Channel) -> None:
    done = shop.cancel(
        shop.ticket(), channel=channel, identity=(LAST4, ORDER), consent=Consent(Grade.PHONE, reference="MSG-4")
    )
    assert done.case.channel is channel


@pytest.mark.parametrize(
    "consent",
    [None, Consent(Grade.COUNTER), Consent(Grade.PHONE, reference="R"), Consent(Grade.PROXY, name="王")],
)
def test_consent_that_is_missing_incomplete_or_unfit_is_refused(shop: Shop, consent: Consent | None) -> None:
    ticket = shop.ticket()
    with pytest.raises(ConsentMissing) as refusal:
        shop.cancel(ticket, consent=consent)
    assert refusal.value.facts["accepted"] == ("counter", "paper", "refused", "proxy", "verbal")
    nothing_changed(shop, ticket)


def test_the_signed_strokes_go_onto_the_slip(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), consent=Consent(Grade.COUNTER), strokes=STROKES)
    slip = slip_from_json(done.slip.body)
    assert slip.strokes == STROKES and slip.signed_at == NOON
    assert done.case.strokes == STROKES


def test_verbal_consent_ends_at_level_two(shop: Shop) -> None:
    verbal = Consent(Grade.VERBAL)
    assert shop.cancel(shop.ticket(*LEVELS[2]), consent=verbal).case.consent == verbal
    with pytest.raises(ConsentMissing):
        shop.cancel(shop.ticket(*LEVELS[3]), Reason.WAIVED, by=shop.senior, consent=verbal)


@pytest.mark.parametrize("witness", ["", "2047", "0000"])
def test_a_refused_signature_needs_another_member_of_staff(shop: Shop, witness: str) -> None:
    with pytest.raises((WitnessInvalid, ConsentMissing)):
        shop.cancel(shop.ticket(), consent=Consent(Grade.REFUSED, witness=witness))


def test_a_witness_is_named_on_the_slip(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), consent=Consent(Grade.REFUSED, witness="2051"))
    assert "2051" in slip_from_json(done.slip.body).consent_detail.zh


@pytest.mark.req("REQ-CHN-05")
def test_a_proxy_signs_in_their_own_name(shop: Shop) -> None:
    proxy = Consent(Grade.PROXY, name="王小明", relation="儿子", authority="委托书")
    done = shop.cancel(shop.ticket(), channel=Channel.PROXY, consent=proxy)
    slip = slip_from_json(done.slip.body)
    assert slip.signer.zh == "王小明"
    assert "委托书" in slip.consent_detail.zh
    with pytest.raises(ConsentMissing):
        shop.cancel(shop.ticket(), channel=Channel.PROXY, consent=Consent(Grade.PAPER))


def test_approval_comes_from_another_person_with_the_role(shop: Shop) -> None:
    ticket = shop.ticket(*LEVELS[3])
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED)}
    with pytest.raises(ApproverRightMissing):
        shop.cancel(ticket, Reason.SELF_RESOLVED, approver=shop.senior, **how)
    with pytest.raises(ApproverIsRequester):
        shop.cancel(
            ticket, Reason.DISSATISFIED, by=shop.supervisor, approver=shop.supervisor,
            evidence=evidence(Reason.DISSATISFIED),
        )  # fmt: skip
    nothing_changed(shop, ticket)


@pytest.mark.req("REQ-CND-04", "REQ-CND-05")
@pytest.mark.parametrize("reason", [Reason.PAST_DEADLINE, Reason.FORCE_MAJEURE])
def test_where_head_office_would_decide_only_the_manager_approves(shop: Shop, reason: Reason) -> None:
    ticket = shop.ticket()
    with pytest.raises(ApprovalNeeded) as refusal:
        shop.cancel(ticket, reason, evidence=evidence(reason))
    assert refusal.value.facts["manager_only"] is True
    with pytest.raises(ApproverRightMissing):
        shop.cancel(ticket, reason, evidence=evidence(reason), approver=shop.supervisor)
    assert shop.cancel(ticket, reason, evidence=evidence(reason), approver=shop.manager).case.approver == "1001"


@pytest.mark.req("REQ-CND-06")
def test_what_the_store_starts_needs_a_second_person_who_is_named_everywhere(shop: Shop) -> None:
    """Also where neither level nor reason would ask for one."""
    ticket = shop.ticket()
    how: dict[str, Any] = {"evidence": evidence(Reason.WRONG_INFORMATION), "consent": Consent(Grade.STORE_STARTED)}
    with pytest.raises(ApprovalNeeded):
        shop.cancel(ticket, Reason.WRONG_INFORMATION, **how)
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, approver=shop.supervisor, **how)
    assert (done.case.approver, done.case.approved_because) == ("1003", ("reason_always",))
    slip = slip_from_json(done.slip.body)
    assert slip.approver is not None and "1003" in slip.approver.zh


def test_an_approver_nobody_asked_for_is_not_recorded(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), approver=shop.supervisor)
    assert done.case.approver == ""
    assert slip_from_json(done.slip.body).approver is None


def test_rights_at_stake_must_be_acknowledged(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(RightsNotAcknowledged):
        shop.cancel(ticket, rights_acknowledged=False)
    nothing_changed(shop, ticket)


# --- what it leaves ----------------------------------------------------------------------------------------


def busy(shop: Shop, **changes: Any) -> Ticket:
    """A ticket at level 4 with a visit tomorrow, a parcel under way, parts and a compensation."""
    visit = Visit("3012", "周启明", "13900001111", NOON + timedelta(days=1), "WO-7")
    plain = shop.ticket(*LEVELS[4], assignee="3012", compensation_minor=5_000, due_at=NOON, **changes)
    parcel = Parcel("滚筒", "drum", "顺丰", "SF1")
    ticket = with_facts(plain, visit=visit, parcel=parcel, parts_reserved="泵", compensation_kind="travel")
    ticket = replace(ticket, version=2)
    with shop.desk.work() as uow:
        uow.tickets.save(ticket, seen_version=1)
    return ticket


def cancel_busy(shop: Shop, ticket: Ticket, **changes: Any) -> Any:
    """Cancels it with a supervisor's consent."""
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED), "approver": shop.supervisor}
    return shop.cancel(ticket, Reason.SELF_RESOLVED, **(how | changes))


@pytest.mark.req("REQ-STA-04", "REQ-STA-07", "REQ-LOG-01", "REQ-LOG-02", "REQ-LOG-03", "REQ-MON-01")
def test_what_is_owed_becomes_obligations_with_owner_and_time(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    owed = {item.kind: item for item in done.obligations}
    assert set(owed) == {
        ObligationKind.STOP_VISIT,
        ObligationKind.STOP_WORK,
        ObligationKind.RECALL_GOODS,
        ObligationKind.RELEASE_PARTS,
        ObligationKind.RETURN_COMPENSATION,
    }
    assert all(item.state is ObligationState.OPEN for item in done.obligations)
    assert owed[ObligationKind.STOP_VISIT].owner == "3012"
    back = owed[ObligationKind.RETURN_COMPENSATION]
    assert (back.owner, back.amount_minor, back.due_at) == ("customer", 5_000, NOON + timedelta(days=7))
    assert not open_ticket(shop.desk, shop.clerk, ticket_id=done.ticket.id).line.settled


def test_money_in_hand_closes_its_obligation(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop), settlement="cash")
    back = next(item for item in done.obligations if item.kind is ObligationKind.RETURN_COMPENSATION)
    assert (back.state, back.result, back.closed_at) == (ObligationState.DONE, "cash", NOON)
    slip = slip_from_json(done.slip.body)
    assert slip.money_total is not None and slip.money_total.label.zh == "顾客已付"


@pytest.mark.req("REQ-NTF-01", "REQ-NTF-04", "REQ-NTF-06")
def test_stop_notices_leave_at_once_and_all_others_wait_for_the_undo_window(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    with shop.desk.read() as uow:
        notices = uow.notices.of_case(done.case.id)
    at_once = {item.what: item.to for item in notices if item.state is NoticeState.QUEUED}
    assert at_once == {"stop_visit": "3012", "stop_work": "3012", "recall_goods": "warehouse"}
    held = {item.to for item in notices if item.state is NoticeState.HELD}
    assert held == {"customer", "manager", "finance", "warehouse", "purchasing"}
    for item in notices:
        assert item.leaves_at == (NOON if item.state is NoticeState.QUEUED else NOON + timedelta(minutes=10))
        assert item.to


def test_no_notice_is_addressed_to_nobody(shop: Shop) -> None:
    """A visit without a name and a review without a reviewer still reach somebody."""
    for state in (LEVELS[2], LEVELS[4], (Review.PENDING_REVIEW, Work.ASSIGNED)):
        done = shop.cancel(
            shop.ticket(*state), Reason.SELF_RESOLVED, by=shop.manager, evidence=evidence(Reason.SELF_RESOLVED)
        )
        with shop.desk.read() as uow:
            assert all(item.to for item in uow.notices.of_case(done.case.id))
            assert all(item.owner for item in uow.obligations.of_case(done.case.id))


@pytest.mark.req("REQ-STA-10")
def test_the_check_afterwards_is_green_and_in_the_journal(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    names = ["status_cancelled", "assignee_released", "reminders_stopped", "order_freed"]
    assert done.checks == tuple((name, True) for name in names)
    actor, what, facts = journal(shop)[-1]
    assert (actor, what, facts["checks"]) == ("2047", "ticket_cancelled", dict.fromkeys(names, True))
    assert facts["approver"] == "1003" and facts["slip"] == done.slip.number


@pytest.mark.req("REQ-OPS-04")
def test_one_operation_tells_the_whole_of_it(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, note="已修好")
    with shop.opened.store.reading() as uow:
        (operation,) = uow.operations.of_ticket(ticket.id)
    told = json.loads(operation.payload)
    assert (operation.kind, operation.actor, operation.case_id) == ("cancel", "2047", done.case.id)
    assert told["reason"] == "self_resolved" and told["slip"] == done.slip.number and told["seen_version"] == 2
    assert told["approver"] == "1003" and told["consent"] == "paper"


@pytest.mark.req("REQ-EVD-03", "REQ-COM-04", "REQ-COM-05")
def test_the_slip_says_what_was_agreed_and_is_the_next_link_of_the_chain(shop: Shop) -> None:
    first = shop.cancel(shop.ticket())
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, note="已修好")
    slip = slip_from_json(done.slip.body)
    assert is_slip_number(done.slip.number) and done.slip.number.startswith("XH2-26-S000002-")
    assert slip_from_json(first.slip.body).previous_hash == GENESIS
    assert slip.previous_hash == first.slip.hash
    assert done.slip.hash == slip_hash(slip)
    assert (slip.variant, slip.status) == (SlipVariant.CANCELLATION, SlipStatus.FINAL)
    assert slip.ticket_number == ticket.number and slip.customer_phone == "138 **** 6021"
    assert "13800006021" not in done.slip.body
    assert (slip.review.zh, slip.work.zh) == ("处理中", "处理中")
    assert slip.customer_words == "已修好" and slip.reason.zh == "已自行解决"
    assert slip.money_total is not None and slip.money_total.amount_minor == 5_000
    assert len(slip.obligations) == 5 and all(line.value.zh or line.label.zh == "释放备件" for line in slip.obligations)
    assert slip.clerk.zh == "林晓雨 2047" and slip.approver is not None
    assert slip.read_back.zh == done.case.read_back_zh and ticket.number in slip.read_back.zh
    assert slip.read_back_hash == text_hash(f"{slip.read_back.zh}\n{slip.read_back.en}")
    assert slip.promise.zh == "本店已确认撤销。"
    assert "2026-06-13" in slip.how_to_reopen.zh and "021-5550 0198" in slip.how_to_object.zh
    assert done.slip.owed and done.slip.printed_n == 0


def test_the_day_on_the_slip_is_the_stores_day(shop: Shop) -> None:
    """Half past midnight in Shanghai is still the day before in UTC."""
    shop.clock.now = datetime(2026, 5, 14, 16, 30, tzinfo=UTC)
    done = shop.cancel(shop.ticket(), Reason.SELF_RESOLVED, note="清理了充电口")
    assert any("5 月 15 日" in line.zh for line in slip_from_json(done.slip.body).agreed)


def test_money_in_both_directions_has_one_total(shop: Shop) -> None:
    for amount, label, total in (("20", "顾客应付", 3_000), ("80", "门店应付", 3_000), ("50", "顾客应付", 0)):
        ticket = shop.ticket(*LEVELS[3], compensation_minor=5_000)
        done = shop.cancel(
            ticket, Reason.AGREEMENT, by=shop.manager, evidence=evidence(Reason.AGREEMENT, amount=amount)
        )
        slip = slip_from_json(done.slip.body)
        assert slip.money_total is not None
        assert (slip.money_total.label.zh, slip.money_total.amount_minor) == (label, total)
    paid = shop.cancel(
        shop.ticket(*LEVELS[3], compensation_minor=5_000), Reason.AGREEMENT, by=shop.manager, settlement="cash",
        evidence=evidence(Reason.AGREEMENT, amount="20"),
    )  # fmt: skip
    slip = slip_from_json(paid.slip.body)
    assert slip.money_total is not None
    assert (slip.money_total.label.zh, slip.money_total.amount_minor) == ("门店应付", 2_000)


@pytest.mark.req("REQ-WAR-01")
def test_the_warranty_is_untouched_by_a_cancellation(shop: Shop) -> None:
    plain = shop.ticket()
    dated = with_facts(plain, warranty_until=date(2027, 1, 1), purchased_on=date(2026, 1, 1))
    with shop.desk.work() as uow:
        uow.tickets.save(replace(dated, version=2), seen_version=1)
    done = shop.cancel(replace(dated, version=2))
    assert done.ticket.facts == dated.facts
    assert any("保修到" in right.zh for right in slip_from_json(done.slip.body).rights)
    assert "不影响法定保修" in slip_from_json(done.slip.body).legal.zh


@pytest.mark.req("REQ-RSN-02")
def test_an_agreement_binds_the_store(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.AGREEMENT, evidence=evidence(Reason.AGREEMENT))
    (remedy,) = done.obligations
    assert (remedy.kind, remedy.owner, remedy.amount_minor) == (ObligationKind.REMEDY, "store", 120_050)
    # The end of that day in the store's zone.
    assert remedy.due_at == datetime(2026, 5, 20, 15, 59, 59, tzinfo=UTC)
    slip = slip_from_json(done.slip.body)
    assert "补发配件" in slip.agreed[0].zh and "补发配件" in slip.read_back.zh
    with shop.desk.read() as uow:
        assert "finance" in {item.to for item in uow.notices.of_case(done.case.id)}


@pytest.mark.req("REQ-CND-02")
def test_a_waiver_is_read_back_and_printed(shop: Shop) -> None:
    slip = slip_from_json(shop.cancel(shop.ticket(), Reason.WAIVED).slip.body)
    assert "本人主动放弃" in slip.read_back.zh
    assert any("本人主动放弃" in line.zh for line in slip.agreed)


@pytest.mark.req("REQ-RSN-05")
def test_dissatisfaction_opens_a_task_for_the_manager(shop: Shop) -> None:
    done = shop.cancel(
        shop.ticket(), Reason.DISSATISFIED, evidence=evidence(Reason.DISSATISFIED), approver=shop.supervisor
    )
    (task,) = done.obligations
    assert (task.kind, task.owner, task.due_at) == (ObligationKind.IMPROVE, "manager", NOON + timedelta(days=3))


@pytest.mark.req("REQ-CND-08", "REQ-MON-04")
def test_a_refund_stays_open_until_it_is_seen(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.RETURNED_REFUNDED, evidence=evidence(Reason.RETURNED_REFUNDED))
    assert [item.kind for item in done.obligations] == [ObligationKind.REFUND_TO_CUSTOMER]


@pytest.mark.req("REQ-CND-09")
def test_head_office_hears_of_another_channel(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.OTHER_CHANNEL, evidence=evidence(Reason.OTHER_CHANNEL))
    with shop.desk.read() as uow:
        assert "head_office" in {item.to for item in uow.notices.of_case(done.case.id)}


@pytest.mark.req("REQ-CND-07")
def test_a_duplicate_points_to_the_ticket_that_is_kept(shop: Shop) -> None:
    ticket, kept = shop.ticket(description="不脱水"), shop.ticket()
    for number in (ticket.number, "XH2-26-000009-A"):
        with pytest.raises(EvidenceInvalid):
            shop.cancel(ticket, Reason.DUPLICATE, evidence=(("survivor", number),))
    done = shop.cancel(ticket, Reason.DUPLICATE, evidence=(("survivor", kept.number.lower()),), note="同一台")
    assert done.ticket.facts.survivor == kept.number == done.linked_number
    assert shop.load(ticket.id) == done.ticket
    view = open_ticket(shop.desk, shop.clerk, ticket_id=kept.id)
    merged = next(json.loads(entry.facts) for entry in view.events if entry.what == "duplicate_merged")
    assert merged == {"from": ticket.number, "note": "同一台", "description": "不脱水"}
    # A cancelled ticket is no survivor: nothing would live on in it.
    with pytest.raises(EvidenceInvalid):
        shop.cancel(kept, Reason.DUPLICATE, evidence=(("survivor", ticket.number),))


@pytest.mark.req("REQ-CND-03", "REQ-IMP-02")
def test_a_wrong_detail_is_put_right_in_a_new_ticket_that_keeps_its_place(shop: Shop) -> None:
    ticket = shop.ticket(*LEVELS[3], assignee="3012", compensation_minor=5_000)
    done = shop.cancel(
        ticket, Reason.WRONG_INFORMATION, by=shop.senior, evidence=evidence(Reason.WRONG_INFORMATION)
    )
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert is_own_ticket_number(made.number) and made.number != ticket.number
    assert (made.phone, made.review, made.work, made.assignee) == ("13900006021", *LEVELS[1], "")
    assert (made.facts.recreated_from, made.facts.queue_since) == (ticket.number, ticket.created_at)
    assert (made.customer, made.serial, made.compensation_minor) == (ticket.customer, ticket.serial, 0)
    assert done.case.linked_ticket == made.number
    assert any(made.number in line.zh for line in slip_from_json(done.slip.body).agreed)


def test_a_corrected_name_does_not_keep_the_wrong_one_in_the_other_language(shop: Shop) -> None:
    wrong = {"field": "姓名", "wrong": "王秀兰", "right": "汪秀兰"}
    done = shop.cancel(shop.ticket(), Reason.WRONG_INFORMATION, evidence=tuple(wrong.items()))
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert (made.customer, made.facts.customer_other) == ("汪秀兰", "")


def test_a_detail_of_no_field_is_noted_in_the_description(shop: Shop) -> None:
    wrong = {"field": "颜色", "wrong": "白", "right": "黑"}
    done = shop.cancel(shop.ticket(), Reason.WRONG_INFORMATION, evidence=tuple(wrong.items()))
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert "颜色: 白 -> 黑" in made.description


@pytest.mark.req("REQ-OFF-05", "REQ-IMP-01")
def test_nothing_blocks_a_customer_who_cancels_often(shop: Shop) -> None:
    """Decisions 30: the count is a fact that is shown; no block of any kind exists."""
    for _ in range(25):
        done = shop.cancel(shop.ticket(), Reason.WAIVED)
        assert done.case.state is CaseState.CONFIRMED and done.case.approved_because == ()
    shop.cancel(shop.ticket())
    last = shop.ticket()
    assert preview_plan(shop.desk, shop.clerk, shop.command(last)).plan.because == ()
    assert open_ticket(shop.desk, shop.clerk, ticket_id=last.id).customer_caused == 25
    shop.clock.forward(days=366)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=last.id).customer_caused == 0
    assert shop.cancel(last).case.state is CaseState.CONFIRMED


def test_the_preview_writes_nothing_and_says_the_same(shop: Shop) -> None:
    ticket = busy(shop)
    command = shop.command(ticket, Reason.SELF_RESOLVED, note="已修好", approver=shop.supervisor)
    view = preview_plan(shop.desk, shop.clerk, command)
    draft = draft_slip(shop.desk, shop.clerk, command)
    assert draft.number == ""
    nothing_changed(shop, ticket)
    done = shop.cancel(ticket, Reason.SELF_RESOLVED, note="已修好", approver=shop.supervisor)
    real = slip_from_json(done.slip.body)
    assert replace(real, number="") == draft
    assert view.read_back_zh == done.case.read_back_zh


def test_the_draft_goes_with_the_cancellation_and_stays_with_a_refusal(shop: Shop) -> None:
    ticket = shop.ticket()
    save_draft(shop.desk, shop.clerk, ticket_id=ticket.id, body="{}")
    with pytest.raises(ConsentMissing):
        shop.cancel(ticket, consent=None)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).draft is not None
    shop.cancel(ticket)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).draft is None


def test_a_refused_cancellation_uses_up_no_number(shop: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        shop.cancel(shop.ticket(*LEVELS[3]), Reason.WAIVED)
    assert "-S000001-" in shop.cancel(shop.ticket()).slip.number
