"""Reopening: a new linked ticket with the old reason, handler and a raised priority; the old one stays closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from store_desk.domain.case import CONFIRMED_STATES, CancellationCase, CaseState, status_of
from store_desk.domain.errors import AlreadyReopened, NoteMissing, TicketNotCancelled, TicketNotFound
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Status, Ticket, TicketFacts, filed_again
from store_desk.services.attachments import hand_on
from store_desk.services.desk import Desk
from store_desk.services.enrolment import enrolment_of
from store_desk.services.linked import next_number
from store_desk.services.operations import record_operation
from store_desk.services.payloads import ticket_to_payload
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import policy_in_force

NOTE_LENGTH_MAX = 2_000
# What is over can be made again.
ENDED = frozenset({Status.CANCELLED, Status.DONE, Status.REJECTED})


@dataclass(frozen=True, slots=True)
class Reopened:
    """The new ticket, and the case of the old one if it had been cancelled."""

    ticket: Ticket
    case: CancellationCase | None


def reopen_ticket(desk: Desk, actor: Actor, *, ticket_id: str, note: str) -> Reopened:
    """Makes the linked ticket at pending_review.

    Within `reopen_days` of the cancellation it gets priority, a shorter due time and its former handler as a
    proposal; the reason of the old cancellation is copied. Raises NoteMissing without a word about why,
    TicketNotCancelled for a ticket that is open, AlreadyReopened while the one made of it is open.
    """
    demand(actor, Right.REOPEN)
    note = note.strip()[:NOTE_LENGTH_MAX]
    if not any(character.isalnum() for character in note):
        raise NoteMissing()
    now = desk.clock()
    with desk.work() as uow:
        old = uow.tickets.get(ticket_id)
        if old is None:
            raise TicketNotFound(number=ticket_id)
        case = next(iter(uow.cases.of_ticket(ticket_id)), None)
        if case is not None and case.state is CaseState.WITHDRAWN:
            # What was taken back is no reason to hand on.
            case = None
        status = status_of(old.review, old.work, case.state if case else None)
        if status not in ENDED:
            raise TicketNotCancelled(number=old.number)
        _refuse_second(uow, old)
        policy = policy_in_force(uow)
        ended = (case.decided_at if case and case.state in CONFIRMED_STATES else old.closed_at) or old.updated_at
        recent = now - ended <= timedelta(days=policy.reopen_days)
        handler = (case.before.assignee if case and case.before else "") or old.assignee
        ticket = replace(
            filed_again(old, id_=desk.new_id(), number=next_number(desk, uow, now=now), now=now),
            due_at=now + timedelta(hours=policy.reopen_due_h) if recent else None,
            description=f"{note}\n{old.description}".strip(),
            facts=_inherited(old, case, handler=handler, recent=recent),
        )
        uow.tickets.add(ticket)
        hand_on(desk, uow, from_ticket=old.id, to_ticket=ticket.id)
        enrolment = enrolment_of(uow)
        if enrolment is not None:
            uow.records.mark_known([ticket.id])
        record_operation(
            desk,
            uow,
            actor,
            kind="ticket",
            ticket_id=ticket.id,
            case_id=case.id if case else "",
            payload=ticket_to_payload(ticket),
            enrolment=enrolment,
            now=now,
        )
        uow.journal.write(
            at=now, actor=actor.id, what="ticket_reopened", subject=ticket.id, facts={"reopens": old.number}
        )
        uow.journal.write(
            at=now, actor=actor.id, what="ticket_reopened_as", subject=old.id, facts={"number": ticket.number}
        )
    return Reopened(ticket, case)


def _refuse_second(uow: UnitOfWork, old: Ticket) -> None:
    """Raises AlreadyReopened while a ticket made of this one is open: two would be worked on for one fault."""
    for made in uow.tickets.reopened_from(old):
        if status_of(made.ticket.review, made.ticket.work, made.case_state) not in ENDED:
            raise AlreadyReopened(number=old.number, reopened=made.ticket.number)


def _inherited(old: Ticket, case: CancellationCase | None, *, handler: str, recent: bool) -> TicketFacts:
    facts = old.facts
    return TicketFacts(
        customer_other=facts.customer_other,
        product_other=facts.product_other,
        member=facts.member,
        member_card=facts.member_card,
        contact_note=facts.contact_note,
        purchased_on=facts.purchased_on,
        warranty_until=facts.warranty_until,
        receipt=facts.receipt,
        reopens=old.number,
        inherited_reason=case.reason.value if case else "",
        handler_before=handler if recent else "",
        priority="reopened" if recent else "",
    )
