"""What cancelling this ticket would take: a pure function of ticket, reason, channel, tariff, conditions and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from store_desk.domain.conditions import Approver, Conditions, evidence_of
from store_desk.domain.consent import Channel, Grade, accepted_grades
from store_desk.domain.errors import ReasonNotAllowed, TicketDone, TicketRejected
from store_desk.domain.level import is_odd, level_of
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import ALWAYS_APPROVED, CATALOGUE, EvidenceField, Reason
from store_desk.domain.roles import ROLE_LEVEL, Role
from store_desk.domain.ticket import Review, Ticket, TicketType, Work

PlanFact = str | int | None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing that will happen. `code` names its sentence in the word catalogue, `facts` fill it.

    `kind` is an obligation kind or one of tell_reviewer, tell_technician, tell_customer, check_status,
    recreate_ticket, merge_into, export_evidence. `amount_minor` is what the customer pays (positive) or the store
    pays (negative). `automatic` steps need nobody; `needs_network` steps wait while the desk is offline.
    `obligation` steps leave something owed until `due_at`.
    """

    kind: str
    code: str
    facts: tuple[tuple[str, PlanFact], ...] = ()
    amount_minor: int = 0
    automatic: bool = True
    needs_network: bool = False
    obligation: bool = False
    owner: str = "store"
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RightAtStake:
    """Something the customer stands to lose, as a code of the word catalogue with its facts."""

    code: str
    facts: tuple[tuple[str, PlanFact], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it, as shown before anything changes and as agreed.

    `because` lists why a second person must agree (empty: nobody); `approver` says who may. `offers` are the better
    ways out that must be shown: confirm_and_close, change_instead, rework, reopen. `odd` marks ladders that do not fit.
    """

    ticket_id: str
    ticket_version: int
    reason: Reason
    channel: Channel
    level: int
    steps: tuple[PlanStep, ...]
    because: tuple[str, ...]
    approver: Approver
    evidence: tuple[EvidenceField, ...]
    consent: tuple[Grade, ...]
    rights: tuple[RightAtStake, ...]
    customer_pays_minor: int
    store_pays_minor: int
    currency: str
    offers: tuple[str, ...]
    conditions_version: int
    promise_h: int
    odd: bool


def plan_cancellation(
    ticket: Ticket,
    reason: Reason,
    *,
    channel: Channel,
    role: Role,
    policy: Policy,
    conditions: Conditions,
    now: datetime,
    zone: tzinfo = UTC,
    agreed_minor: int = 0,
    agreed_due: datetime | None = None,
    assignee_name: str = "",
    assignee_other: str = "",
) -> Plan:
    """The plan for this ticket and reason; `agreed_minor` is what the store owes under the reason `agreement`.

    `assignee_name` is the name behind the ticket's assignee, where that is one of the store's people, and
    `assignee_other` the same in the other language.

    Raises TicketDone or TicketRejected for a ticket that is past cancelling, ReasonNotAllowed when the conditions
    forbid the reason here.
    """
    level = level_of(ticket)
    if ticket.review is Review.REJECTED:
        raise TicketRejected(number=ticket.number)
    if level == 0:
        raise TicketDone(number=ticket.number)
    condition = conditions.find(reason, ticket.type, level)
    if not condition.allowed:
        raise ReasonNotAllowed(reason=reason.value)
    steps = _steps(
        ticket,
        reason,
        level=level,
        policy=policy,
        now=now,
        agreed_minor=agreed_minor,
        agreed_due=agreed_due,
        assignee_name=assignee_name,
        assignee_other=assignee_other,
    )
    collects = sum(step.amount_minor for step in steps if step.amount_minor > 0)
    pays = -sum(step.amount_minor for step in steps if step.amount_minor < 0)
    because = _because(ticket, reason, level=level, role=role, collects=collects, policy=policy, now=now, zone=zone)
    if condition.approver is not Approver.ROLE and not because:
        because = ("reason_always",)
    return Plan(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        reason=reason,
        channel=channel,
        level=level,
        steps=steps,
        because=because,
        approver=Approver.MANAGER if condition.approver is Approver.MANAGER else Approver.SUPERVISOR,
        evidence=evidence_of(condition),
        consent=accepted_grades(level=level, channel=channel, reason=reason),
        rights=_rights(ticket, reason, policy=policy, now=now, zone=zone),
        customer_pays_minor=collects,
        store_pays_minor=pays,
        currency=ticket.currency,
        offers=_offers(ticket, reason, level=level),
        conditions_version=conditions.version,
        promise_h=policy.promise_h,
        odd=is_odd(ticket),
    )


def _because(
    ticket: Ticket,
    reason: Reason,
    *,
    level: int,
    role: Role,
    collects: int,
    policy: Policy,
    now: datetime,
    zone: tzinfo,
) -> tuple[str, ...]:
    """Why a second person must agree, in a fixed order."""
    visit = ticket.facts.visit
    since = ticket.review_since
    overdue = timedelta(hours=policy.review_overdue_h)
    grounds = (
        ("role_level", level > ROLE_LEVEL.get(role, 0)),
        ("reason_level", reason not in ALWAYS_APPROVED and level > CATALOGUE[reason].level_max),
        ("reason_always", reason in ALWAYS_APPROVED),
        ("collect_amount", collects >= policy.collect_approval_minor > 0),
        (
            "visit_today",
            visit is not None
            and visit.at is not None
            and visit.at.astimezone(zone).date() == now.astimezone(zone).date(),
        ),
        ("parts_used", ticket.facts.parts_used_minor > 0),
        ("awaiting_confirmation", ticket.work is Work.AWAITING_CONFIRMATION),
        ("review_overdue", ticket.review is Review.UNDER_REVIEW and since is not None and now - since > overdue),
    )
    return tuple(code for code, holds in grounds if holds)


def _steps(
    ticket: Ticket,
    reason: Reason,
    *,
    level: int,
    policy: Policy,
    now: datetime,
    agreed_minor: int,
    agreed_due: datetime | None,
    assignee_name: str,
    assignee_other: str,
) -> tuple[PlanStep, ...]:
    """The steps of every rung reached, then those of the reason, then what always happens."""
    steps = [
        *_stop_steps(ticket, (assignee_name or ticket.assignee, assignee_other), policy=policy, now=now),
        *_goods_steps(ticket, level=level, policy=policy, now=now),
        *_money_steps(ticket, level=level, policy=policy, now=now),
        *_reason_steps(ticket, reason, policy=policy, now=now, agreed_minor=agreed_minor, agreed_due=agreed_due),
    ]
    steps.append(PlanStep("tell_customer", "tell_customer"))
    steps.append(PlanStep("check_status", "check_status"))
    return tuple(steps)


def _stop_steps(ticket: Ticket, assignee: tuple[str, str], *, policy: Policy, now: datetime) -> list[PlanStep]:
    """Who is told to stop, at once: reviewer, technician, the visit, the work."""
    steps: list[PlanStep] = []
    facts = ticket.facts
    acknowledged_by = now + timedelta(minutes=policy.acknowledge_minutes)
    if ticket.review is Review.UNDER_REVIEW:
        reviewer = facts.reviewer or "reviewer"
        steps.append(PlanStep("tell_reviewer", "tell_reviewer", (("who", facts.reviewer),), owner=reviewer))
    visit = facts.visit
    working = ticket.work in (Work.IN_PROCESS, Work.AWAITING_CONFIRMATION) or ticket.review is Review.IN_PROCESS
    who = (visit.technician_name if visit else "") or assignee[0]
    names: tuple[tuple[str, PlanFact], ...] = (("who", who),)
    if assignee[1] and who == assignee[0]:
        names += (("who_en", assignee[1]),)
    owner = (visit.technician if visit else "") or who or "store"
    if visit is not None and visit.at is not None:
        stop = (*names, ("at", visit.at.isoformat()), ("phone", visit.technician_phone))
        steps.append(PlanStep("stop_visit", "stop_visit", stop, obligation=True, owner=owner, due_at=acknowledged_by))
    elif ticket.work in (Work.ASSIGNED, Work.IN_PROCESS, Work.AWAITING_CONFIRMATION):
        steps.append(PlanStep("tell_technician", "tell_technician", names, owner=owner))
    if working and ticket.work is not Work.AWAITING_CONFIRMATION:
        order = visit.work_order if visit else ""
        work: tuple[tuple[str, PlanFact], ...] = (("order", order), ("percent", facts.work_percent), *names)
        steps.append(PlanStep("stop_work", "stop_work", work, obligation=True, owner=owner, due_at=acknowledged_by))
    return steps


def _goods_steps(ticket: Ticket, *, level: int, policy: Policy, now: datetime) -> list[PlanStep]:
    """What comes back: parcels, reserved parts, the customer's own item."""
    steps: list[PlanStep] = []
    facts = ticket.facts
    parcel = facts.parcel
    if parcel is not None and (parcel.what or parcel.waybill):
        due = now + timedelta(hours=policy.recall_answer_h)
        about = (
            ("what", parcel.what),
            ("what_en", parcel.what_other),
            ("carrier", parcel.carrier),
            ("waybill", parcel.waybill),
            ("phone", parcel.carrier_phone),
        )
        steps.append(PlanStep("recall_goods", "recall_goods", about, obligation=True, owner="warehouse", due_at=due))
    if facts.parts_reserved:
        steps.append(PlanStep("release_parts", "release_parts", (("what", facts.parts_reserved),), obligation=True))
    at_store = ticket.type in (TicketType.REPAIR, TicketType.EXCHANGE) and facts.visit is None and parcel is None
    if level >= 4 and at_store:
        due = now + timedelta(days=policy.settle_days)
        steps.append(
            PlanStep(
                "hand_back_item",
                "hand_back_item",
                (("product", ticket.product),),
                automatic=False,
                obligation=True,
                due_at=due,
            )
        )
    return steps


def _money_steps(ticket: Ticket, *, level: int, policy: Policy, now: datetime) -> list[PlanStep]:
    """What the customer gives back and pays (REQ-MON-01, REQ-MON-02)."""
    steps: list[PlanStep] = []
    facts = ticket.facts
    due = now + timedelta(days=policy.settle_days)
    if ticket.compensation_minor > 0:
        code = facts.compensation_kind == "coupon"
        given = (
            ("kind", facts.compensation_kind),
            ("on", facts.compensation_on.isoformat() if facts.compensation_on else ""),
        )
        steps.append(
            PlanStep(
                "void_code" if code else "return_compensation",
                "void_code" if code else "return_compensation",
                given,
                amount_minor=0 if code else ticket.compensation_minor,
                automatic=code,
                obligation=True,
                owner="store" if code else "customer",
                due_at=due,
            )
        )
    fee = policy.tariff_minor.get(level, 0)
    if fee > 0:
        steps.append(
            PlanStep(
                "pay_fee", "fee_tariff", (("level", level),), fee, False, obligation=True, owner="customer", due_at=due
            )
        )
    visit = facts.visit
    if visit is not None and visit.fee_after_minor > 0 and visit.free_until is not None:
        late = now > visit.free_until
        until = (("until", visit.free_until.isoformat()),)
        amount = visit.fee_after_minor if late else 0
        steps.append(
            PlanStep(
                "pay_fee",
                "fee_visit" if late else "fee_visit_free",
                until,
                amount,
                automatic=not late,
                obligation=late,
                owner="customer",
                due_at=due,
            )
        )
    return steps


def _reason_steps(
    ticket: Ticket, reason: Reason, *, policy: Policy, now: datetime, agreed_minor: int, agreed_due: datetime | None
) -> list[PlanStep]:
    """What the reason itself sets going."""
    settle_by = now + timedelta(days=policy.settle_days)
    if reason is Reason.AGREEMENT:
        return [
            PlanStep(
                "remedy",
                "remedy",
                amount_minor=-agreed_minor,
                automatic=False,
                obligation=True,
                due_at=agreed_due or settle_by,
            )
        ]
    if reason is Reason.DISSATISFIED:
        due = now + timedelta(days=policy.improve_days)
        return [PlanStep("improve", "improve", automatic=False, obligation=True, owner="manager", due_at=due)]
    if reason is Reason.RETURNED_REFUNDED:
        amount = (("amount", ticket.amount_minor),)
        return [
            PlanStep("refund_to_customer", "refund_arrival", amount, automatic=False, obligation=True, due_at=settle_by)
        ]
    if reason is Reason.NOT_GENUINE:
        return [PlanStep("call_customer", "tell_in_writing", automatic=False, obligation=True, due_at=settle_by)]
    if reason is Reason.WRONG_INFORMATION:
        return [PlanStep("recreate_ticket", "recreate_ticket")]
    if reason is Reason.DUPLICATE:
        return [PlanStep("merge_into", "merge_into")]
    if reason is Reason.OTHER_CHANNEL:
        return [PlanStep("export_evidence", "export_evidence")]
    return []


def _rights(ticket: Ticket, reason: Reason, *, policy: Policy, now: datetime, zone: tzinfo) -> tuple[RightAtStake, ...]:
    """What the customer may lose, with dates computed for this purchase (REQ-WAR-05, REQ-WAR-06)."""
    # A corrected ticket keeps its place in the queue (REQ-CND-03); nobody is to be told the contrary.
    rights = [] if reason is Reason.WRONG_INFORMATION else [RightAtStake("queue_place")]
    facts = ticket.facts
    today = now.astimezone(zone).date()
    if facts.purchased_on is not None:
        for code, days in (("return_window", policy.return_days), ("exchange_window", policy.exchange_days)):
            last = facts.purchased_on + timedelta(days=days)
            if today <= last:
                rights.append(RightAtStake(code, (("until", last.isoformat()), ("days", (last - today).days))))
    if facts.warranty_until is not None:
        left = (facts.warranty_until - today).days
        code = "warranty_keeps" if left >= 0 else "warranty_over"
        rights.append(RightAtStake(code, (("until", facts.warranty_until.isoformat()), ("days", max(0, left)))))
    if ticket.compensation_minor > 0:
        rights.append(RightAtStake("compensation_back", (("amount", ticket.compensation_minor),)))
    return tuple(rights)


def _offers(ticket: Ticket, reason: Reason, *, level: int) -> tuple[str, ...]:
    """Better ways out that the sheet must show before it cancels."""
    offers: list[str] = []
    if level == 5:
        offers.append("rework" if reason is Reason.DISSATISFIED else "confirm_and_close")
    elif reason is Reason.SOLVED_BY_STORE:
        offers.append("confirm_and_close")
    if reason in (Reason.WRONG_INFORMATION, Reason.NEED_CHANGED) and level <= 2:
        offers.append("change_instead")
    return tuple(offers)


def approval_covers(agreed: Plan, present: Plan) -> bool:
    """Whether the approval that was given for one plan still covers another.

    It does when nothing got stricter: no higher level, no new ground, no more to pay.
    """
    return (
        present.level <= agreed.level
        and set(present.because) <= set(agreed.because)
        and present.customer_pays_minor <= agreed.customer_pays_minor
    )
