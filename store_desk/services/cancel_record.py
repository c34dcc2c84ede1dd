"""What a cancellation leaves for head office and for the journal, in the transaction of the cancellation itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from store_desk.domain.authority import Agreed, CancelRequest
from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.level import is_odd
from store_desk.domain.obligations import Obligation
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services import evidence as evidence_rules
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, desk_label
from store_desk.services.operations import record_operation
from store_desk.services.payloads import cancel_to_payload, ticket_to_payload
from store_desk.services.ports import SlipRow, UnitOfWork

# How the journal calls what was written.
JOURNALLED = {
    CaseState.CONFIRMED: "ticket_cancelled",
    CaseState.PENDING_HEAD_OFFICE: "cancellation_requested",
    CaseState.PENDING_APPROVAL: "cancellation_sent_for_approval",
}


def record_cancellation(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    ticket: Ticket,
    case: CancellationCase,
    slip: SlipRow,
    checks: tuple[tuple[str, bool], ...],
    obligations: tuple[Obligation, ...],
    plan: Plan,
    *,
    evidence: tuple[tuple[str, str], ...],
    approver: Actor | None,
    enrolment: Enrolment | None,
) -> str:
    """The operation for head office and the journal entry, in the same transaction as the rest."""
    now = case.opened_at
    minor, due = evidence_rules.agreed(evidence, currency=ticket.currency, zone=desk.zone)
    request = CancelRequest(
        # What head office keeps of strokes is their hash, which is in the read-back's proof (rulings, 25).
        case=replace(case, strokes=()),
        agreed=Agreed(
            plan.level,
            plan.because,
            plan.customer_pays_minor,
            tuple(step.kind for step in plan.steps if step.obligation),
        ),
        requester_role=actor.role,
        approver_role=approver.role if approver else None,
        obligations=obligations,
        desk=desk_label(desk),
        slip=slip.number,
        agreed_minor=minor,
        agreed_due=due,
    )
    payload = cancel_to_payload(request, number=ticket.number, seen_version=ticket.version)
    op_id = record_operation(
        desk,
        uow,
        actor,
        kind="cancel",
        ticket_id=ticket.id,
        case_id=case.id,
        payload=payload,
        enrolment=enrolment,
        now=now,
    )
    if case.linked_ticket and case.reason is Reason.WRONG_INFORMATION and enrolment is not None:
        _record_made(desk, uow, actor, case, enrolment=enrolment, now=now)
    facts: dict[str, object] = {
        "case": case.id,
        "number": ticket.number,
        "reason": case.reason.value,
        "level": case.level,
        "slip": slip.number,
        "approver": case.approver,
        "because": list(case.approved_because),
        "checks": dict(checks),
    }
    if enrolment is not None:
        facts["operation"] = op_id
    if is_odd(ticket):
        facts["odd_ladders"] = f"{ticket.review.value}/{ticket.work.value}"
    uow.journal.write(at=now, actor=actor.id, what=JOURNALLED[case.state], subject=ticket.id, facts=facts)
    return op_id


def _record_made(
    desk: Desk, uow: UnitOfWork, actor: Actor, case: CancellationCase, *, enrolment: Enrolment, now: datetime
) -> None:
    """The corrected ticket enters head office's books by an operation of its own, after the cancellation."""
    for made in uow.tickets.by_number(case.linked_ticket)[:1]:
        uow.records.mark_known([made.id])
        record_operation(
            desk,
            uow,
            actor,
            kind="ticket",
            ticket_id=made.id,
            case_id="",
            payload=ticket_to_payload(made),
            enrolment=enrolment,
            now=now,
        )
