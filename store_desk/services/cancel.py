"""Cancelling a ticket: the plan beforehand, and the whole of it in one durable transaction.

A desk without head office decides itself. With one the case waits for its answer: at levels 1 and 2 the ticket counts
as cancelled in this store meanwhile, above them everything is on hold (rulings, 12).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store_desk.domain.case import (
    CONFIRMED_STATES,
    OPEN_STATES,
    CancellationCase,
    CaseState,
    Origin,
    before_of,
    release,
    status_of,
    walk,
)
from store_desk.domain.conditions import Approver
from store_desk.domain.consent import Channel, Consent
from store_desk.domain.errors import (
    CaseAlreadyOpen,
    ReasonMissing,
    TicketAlreadyCancelled,
    TicketMoved,
    TicketNotFound,
)
from store_desk.domain.identity import IdentityKind
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import MONEY_KINDS, Obligation, ObligationKind, ObligationState
from store_desk.domain.office_errors import TicketOfOtherStore
from store_desk.domain.plan import Plan, plan_cancellation
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right
from store_desk.domain.slip import Stroke
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Status, Ticket
from store_desk.services import evidence as evidence_rules
from store_desk.services import requirements_of_cancelling as must
from store_desk.services.cancel_record import record_cancellation
from store_desk.services.canonical import canonical_json, plan_to_json
from store_desk.services.desk import Desk
from store_desk.services.enrolment import SILENT_MAX, enrolment_of, silent_for
from store_desk.services.linked import link_tickets
from store_desk.services.operations import remember
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.proof import coded
from store_desk.services.read_back import read_back_text
from store_desk.services.rules import conditions_in_force, policy_in_force
from store_desk.services.slip_making import cancellation_slip, request_slip
from store_desk.services.slips import write_slip

# The life of a case at a desk that is its own authority, from the draft to its end.
WITHOUT_APPROVAL = (CaseState.REQUESTED, CaseState.AGREED, CaseState.APPLIED, CaseState.CONFIRMED)
WITH_APPROVAL = (CaseState.REQUESTED, CaseState.PENDING_APPROVAL, *WITHOUT_APPROVAL[1:])
# Sent for approval: somebody else decides later, here or at head office.
PARKED = (CaseState.REQUESTED, CaseState.PENDING_APPROVAL)
# Up to this level a ticket counts as cancelled in its store while head office's answer is awaited.
AT_ONCE_LEVEL_MAX = 2
# Notices that leave at once; all others wait for the end of the undo window.
STOP_KINDS = frozenset({"tell_reviewer", "tell_technician", "stop_visit", "stop_work", "recall_goods"})


@dataclass(frozen=True, slots=True)
class CancelTicket:
    """A cancellation as asked for. `seen_version` is the ticket's version that the plan was shown for (None: any).

    `evidence` holds (field, value) as entered; `identity` what the customer answered; `settlement` says how the money
    to collect was settled: cash (in hand), later. `approver` has given a PIN already. `rights_acknowledged` is what
    the clerk ticked. `park` sends the request for approval instead of asking for the approver's PIN now.
    """

    ticket_id: str
    reason: Reason | None
    channel: Channel = Channel.COUNTER
    seen_version: int | None = None
    note: str = ""
    suggestion: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    identity: tuple[tuple[IdentityKind, str], ...] = ()
    consent: Consent | None = None
    strokes: tuple[Stroke, ...] = ()
    settlement: str = "later"
    rights_acknowledged: bool = True
    approver: Actor | None = None
    park: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a cancellation left: all of it is committed when this is returned.

    `operation` is the id under which head office will answer; '' at a desk that decides itself.
    """

    case: CancellationCase
    ticket: Ticket
    obligations: tuple[Obligation, ...]
    slip: SlipRow
    checks: tuple[tuple[str, bool], ...]
    linked_number: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with the ticket it was made for and the read-back text that goes with it."""

    ticket: Ticket
    plan: Plan
    read_back_zh: str
    read_back_en: str


def preview_plan(desk: Desk, actor: Actor, command: CancelTicket) -> PlanView:
    """What cancelling would take, before anything changes; a command without a reason raises ReasonMissing.

    Evidence that is missing or incomplete does not matter here; the plan takes what is there.
    """
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        ticket = _cancellable(uow, command.ticket_id)
        plan = _plan(desk, uow, actor, ticket, command, policy_in_force(uow))
    text = read_back_text(ticket, plan, note=command.note, evidence=dict(command.evidence))
    return PlanView(ticket, plan, text.zh, text.en)


def _plan(desk: Desk, uow: UnitOfWork, actor: Actor, ticket: Ticket, command: CancelTicket, policy: Policy) -> Plan:
    if command.reason is None:
        raise ReasonMissing()
    assignee = uow.people.get(ticket.assignee) if ticket.assignee else None
    minor, due = evidence_rules.agreed(command.evidence, currency=ticket.currency, zone=desk.zone)
    plan = plan_cancellation(
        ticket,
        command.reason,
        channel=command.channel,
        role=actor.role,
        policy=policy,
        conditions=conditions_in_force(uow),
        now=desk.clock(),
        zone=desk.zone,
        agreed_minor=minor,
        agreed_due=due,
        assignee_name=assignee.name if assignee else "",
        assignee_other=assignee.name_other if assignee else "",
    )
    if silent_for(uow, now=desk.clock()) > SILENT_MAX:
        plan = replace(plan, because=(*plan.because, "head_office_silent"))
    return plan


def _cancellable(uow: UnitOfWork, ticket_id: str) -> Ticket:
    """The ticket, unless a case on it stands or waits, or it is another store's."""
    ticket = uow.tickets.get(ticket_id)
    if ticket is None:
        raise TicketNotFound(number=ticket_id)
    enrolment = enrolment_of(uow)
    if enrolment is not None and ticket.store not in (enrolment.store, ""):
        raise TicketOfOtherStore(number=ticket.number, store=ticket.store)
    for case in uow.cases.of_ticket(ticket_id)[:1]:
        if case.state in CONFIRMED_STATES:
            raise TicketAlreadyCancelled(number=ticket.number)
        if case.state in OPEN_STATES:
            raise CaseAlreadyOpen(number=ticket.number)
    return ticket


def cancel_ticket(desk: Desk, actor: Actor, command: CancelTicket) -> Cancelled:
    """Cancels: case, obligations, notices, slip, operation, ticket and journal in one transaction.

    A desk without head office is its own authority, so the case ends `confirmed`; with one it ends
    `pending_head_office`, and either way `pending_approval` when it is parked. When this returns, everything is on the
    disk; when it raises, nothing is. Raises one of the refusals of `domain.errors`.
    """
    demand(actor, Right.CANCEL)
    if command.reason is None:
        raise ReasonMissing()
    now = desk.clock()
    with desk.work() as uow:
        ticket = _cancellable(uow, command.ticket_id)
        if command.seen_version not in (None, ticket.version):
            raise TicketMoved(number=ticket.number)
        enrolment = remember(uow, ticket.id)
        policy = policy_in_force(uow)
        plan = _plan(desk, uow, actor, ticket, command, policy)
        evidence = evidence_rules.check(command.evidence, note=command.note, plan=plan, ticket=ticket, uow=uow)
        identity = must.identity(ticket, command.identity, channel=command.channel, policy=policy)
        must.consent(command.consent, strokes=command.strokes, plan=plan, actor=actor, uow=uow)
        must.rights(command.rights_acknowledged, plan=plan)
        because = _agreed_by(plan, actor, command)
        life = _life(plan, parked=command.park and bool(because), alone=enrolment is None)
        case = _case(desk, actor, command, ticket, plan, because, life, evidence=evidence, identity=identity, now=now)
        linked = link_tickets(desk, uow, actor, ticket, case, now=now)
        case = replace(case, linked_ticket=linked)
        obligations = _obligations(desk, case, plan, command.settlement, now=now)
        after = _ticket_meanwhile(ticket, case, now=now)
        uow.cases.add(case)
        if after is not ticket:
            uow.tickets.save(after, seen_version=ticket.version)
        uow.obligations.add_all(obligations)
        uow.notices.add_all(_notices(desk, case, plan, policy, now=now))
        make = cancellation_slip if case.state in CONFIRMED_STATES else request_slip
        data = make(desk, uow, actor, ticket, case, plan, obligations, policy=policy, approver=command.approver)
        pays = {"customer_pays_minor": plan.customer_pays_minor, "store_pays_minor": plan.store_pays_minor}
        slip = write_slip(desk, uow, data, case=coded(case, **pays), ticket_id=ticket.id, now=now)
        checks = _checks(uow, case, plan, obligations) if case.state in CONFIRMED_STATES else ()
        operation = record_cancellation(
            desk,
            uow,
            actor,
            ticket,
            case,
            slip,
            checks,
            obligations,
            plan,
            evidence=command.evidence,
            approver=command.approver,
            enrolment=enrolment,
        )
        uow.drafts.drop(ticket.id)
    return Cancelled(case, after, obligations, slip, checks, linked, operation if enrolment else "")


def _agreed_by(plan: Plan, actor: Actor, command: CancelTicket) -> tuple[str, ...]:
    """The grounds for a second person: agreed to by one now, or to be decided on later when the request is parked."""
    if not command.park or command.approver is not None:
        return must.approval(plan, actor=actor, approver=command.approver, consent=command.consent)
    return must.grounds(plan, consent=command.consent)


def _life(plan: Plan, *, parked: bool, alone: bool) -> tuple[CaseState, ...]:
    """The steps of the case's life that are taken now."""
    if parked:
        return PARKED
    steps = WITH_APPROVAL if plan.because else WITHOUT_APPROVAL
    return steps if alone else (*steps[:-1], CaseState.PENDING_HEAD_OFFICE)


def _ticket_meanwhile(ticket: Ticket, case: CancellationCase, *, now: datetime) -> Ticket:
    """The ticket once the case is written: released when that stands or counts as standing here, else untouched."""
    at_once = case.state is CaseState.PENDING_HEAD_OFFICE and (case.level or 0) <= AT_ONCE_LEVEL_MAX
    if case.state in CONFIRMED_STATES or at_once:
        return _with_survivor(release(ticket, now=now), case)
    return ticket


def _case(
    desk: Desk,
    actor: Actor,
    command: CancelTicket,
    ticket: Ticket,
    plan: Plan,
    because: tuple[str, ...],
    life: tuple[CaseState, ...],
    *,
    evidence: tuple[tuple[str, str], ...],
    identity: tuple[str, ...],
    now: datetime,
) -> CancellationCase:
    """The case, walked through its life to the end that this desk may give it."""
    text = read_back_text(ticket, plan, note=command.note, evidence=dict(evidence))
    approver = command.approver
    case = CancellationCase(
        id=desk.new_id(),
        ticket_id=ticket.id,
        state=CaseState.DRAFT,
        reason=plan.reason,
        level=plan.level,
        channel=command.channel,
        origin=Origin.DESK,
        opened_at=now,
        requester=actor.id,
        note=command.note,
        suggestion=command.suggestion,
        evidence=evidence,
        identity=identity,
        consent=command.consent,
        strokes=command.strokes,
        approver=approver.id if approver and because else "",
        approved_because=because,
        conditions_version=plan.conditions_version,
        plan=plan_to_json(plan),
        read_back_zh=text.zh,
        read_back_en=text.en,
        settlement=command.settlement,
        before=before_of(ticket),
    )
    by = f"desk:{desk.identity.store_code}{desk.identity.desk}"
    return walk(case, life, now=now, by=by)


def _obligations(
    desk: Desk, case: CancellationCase, plan: Plan, settlement: str, *, now: datetime
) -> tuple[Obligation, ...]:
    made: list[Obligation] = []
    for step in plan.steps:
        if not step.obligation:
            continue
        kind = ObligationKind(step.kind)
        paid = kind in MONEY_KINDS and settlement == "cash"
        made.append(
            Obligation(
                id=desk.new_id(),
                case_id=case.id,
                kind=kind,
                owner=step.owner,
                state=ObligationState.DONE if paid else ObligationState.OPEN,
                due_at=step.due_at,
                amount_minor=abs(step.amount_minor),
                text=canonical_json({"code": step.code, "facts": dict(step.facts)}),
                result="cash" if paid else "",
                closed_at=now if paid else None,
            )
        )
    return tuple(made)


def _notices(desk: Desk, case: CancellationCase, plan: Plan, policy: Policy, *, now: datetime) -> tuple[Notice, ...]:
    """Stop-notices leave at once, everything else when undoing is no longer possible (REQ-NTF-06)."""
    later = now + timedelta(seconds=policy.undo_window_s)
    recipients = {step.kind: step.owner for step in plan.steps if step.kind in STOP_KINDS}
    made = [Notice(desk.new_id(), case.id, who, kind, NoticeState.QUEUED, now) for kind, who in recipients.items()]
    if case.state not in CONFIRMED_STATES:
        # The rest is told when there is an outcome to tell of.
        return tuple(made) if case.state is not CaseState.PENDING_APPROVAL else ()
    made += [
        Notice(desk.new_id(), case.id, who, "ticket_cancelled", NoticeState.HELD, later)
        for who in told_afterwards(plan_kinds={step.kind for step in plan.steps}, case=case, money=_has_money(plan))
    ]
    return tuple(made)


def _has_money(plan: Plan) -> bool:
    return bool(plan.customer_pays_minor or plan.store_pays_minor)


def told_afterwards(*, plan_kinds: set[str], case: CancellationCase, money: bool) -> tuple[str, ...]:
    """Who hears of a cancellation once it stands and can no longer be undone."""
    held = ["customer", "manager"]
    if money:
        held.append("finance")
    if case.reason is Reason.OTHER_CHANNEL:
        held.append("head_office")
    if "recall_goods" in plan_kinds:
        held.append("warehouse")
    if "release_parts" in plan_kinds:
        held.append("purchasing")
    return tuple(held)


def _with_survivor(ticket: Ticket, case: CancellationCase) -> Ticket:
    if case.reason is not Reason.DUPLICATE:
        return ticket
    return replace(ticket, facts=replace(ticket.facts, survivor=dict(case.evidence)["survivor"]))


def _checks(
    uow: UnitOfWork, case: CancellationCase, plan: Plan, obligations: tuple[Obligation, ...]
) -> tuple[tuple[str, bool], ...]:
    """The check after every cancellation, on what the database now says (REQ-STA-10)."""
    listed = next(iter(uow.tickets.listed([case.ticket_id])), None)
    ticket = listed.ticket if listed else None
    status = status_of(ticket.review, ticket.work, listed.case_state) if listed and ticket else None
    reserved = any(step.kind == "release_parts" for step in plan.steps)
    return (
        ("status_cancelled", status is Status.CANCELLED),
        ("assignee_released", ticket is not None and ticket.assignee == ""),
        ("reminders_stopped", ticket is not None and ticket.due_at is None),
        ("order_freed", not reserved or any(o.kind is ObligationKind.RELEASE_PARTS for o in obligations)),
    )


def case_for_preview(
    desk: Desk, uow: UnitOfWork, actor: Actor, command: CancelTicket
) -> tuple[Ticket, CancellationCase, Plan, tuple[Obligation, ...]]:
    """What would be written if the sheet were confirmed now; nothing is checked for being complete."""
    ticket = _cancellable(uow, command.ticket_id)
    plan = _plan(desk, uow, actor, ticket, command, policy_in_force(uow))
    now = desk.clock()
    fit = evidence_rules.presentable(command.evidence, plan=plan)
    kinds = tuple(kind.value for kind, _ in command.identity)
    life = _life(plan, parked=False, alone=enrolment_of(uow) is None)
    case = _case(desk, actor, command, ticket, plan, plan.because, life, evidence=fit, identity=kinds, now=now)
    return ticket, case, plan, _obligations(desk, case, plan, command.settlement, now=now)


def needs_manager(plan: Plan) -> bool:
    """Whether only a manager may approve this plan."""
    return plan.approver is Approver.MANAGER
