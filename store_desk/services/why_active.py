"""Why a ticket still shows as active: what this desk says, what head office says, when they spoke, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store_desk.domain.case import CONFIRMED_STATES, CancellationCase, CaseState
from store_desk.domain.errors import TicketNotFound
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.enrolment import SILENT_MAX, contact_of, enrolment_of
from store_desk.services.messages import record_from_body
from store_desk.services.office_ports import Delivery
from store_desk.services.ports import UnitOfWork

# Within so long of the last contact an answer is on its way; nothing need be done.
FRESH = timedelta(minutes=2)
QUEUE_MAX = 1_000


@dataclass(frozen=True, slots=True)
class WhyActive:
    """The answer as codes of the words, most important advice first.

    `here` and `there` are `none` (no cancellation known) or a case's state; `there` is '' at a desk without head
    office. `version` is head office's version of the ticket, `place` of `queued` where this desk's next operation on
    the ticket stands in the queue (0: nothing of it waits), `sent_n` how often it was sent. `problem` is the code of
    what stops the wire now. `by` and `at` tell who decided the case and when.
    """

    number: str
    here: str
    there: str
    advice: tuple[str, ...]
    version: int = 0
    spoke_at: datetime | None = None
    place: int = 0
    queued: int = 0
    sent_n: int = 0
    since: datetime | None = None
    problem: str = ""
    by: str = ""
    at: datetime | None = None
    why: str = ""
    case_id: str = ""


def why_active(uow: UnitOfWork, ticket_id: str, *, now: datetime) -> WhyActive:
    """The answer from what is stored; raises TicketNotFound."""
    ticket = uow.tickets.get(ticket_id)
    if ticket is None:
        raise TicketNotFound(number=ticket_id)
    case = next(iter(uow.cases.of_ticket(ticket_id)), None)
    here = case.state.value if case else "none"
    told = WhyActive(ticket.number, here, "", _advice(here, "", case))
    if case is not None:
        at = case.ended_at or case.decided_at or case.opened_at
        told = replace(told, by=case.decided_by, at=at, why=case.decided_why, case_id=case.id)
    if enrolment_of(uow) is None:
        return told
    contact = contact_of(uow)
    mine = uow.deliveries.unanswered_of(ticket_id)
    place, queued = _place(uow, mine)
    record = _at_head_office(uow, ticket_id)
    there = _state_there(record, case)
    wire = _wire(contact.at, contact.problem, now=now, waits=bool(mine))
    return replace(
        told,
        there=there,
        advice=(*_advice(here, there, case), *wire),
        version=record.ticket.version if record else 0,
        spoke_at=contact.at,
        place=place,
        queued=queued,
        sent_n=mine[0].sent_n if mine else 0,
        since=mine[0].made_at if mine else None,
        problem=contact.problem,
    )


def _place(uow: UnitOfWork, mine: list[Delivery]) -> tuple[int, int]:
    """The place of the ticket's next operation in the queue, and how long that is."""
    if not mine:
        return 0, 0
    ids = [item.envelope.id for item in uow.deliveries.unanswered(limit=QUEUE_MAX)]
    first = mine[0].envelope.id
    return (ids.index(first) + 1 if first in ids else QUEUE_MAX), len(ids)


def _at_head_office(uow: UnitOfWork, ticket_id: str) -> TicketRecord | None:
    """Head office's record as last told: apart while own operations wait, else the tables themselves."""
    row = uow.mirror.get(ticket_id)
    return record_from_body(row.body) if row is not None else uow.records.get(ticket_id)


def _state_there(record: TicketRecord | None, case: CancellationCase | None) -> str:
    if record is None:
        return "none"
    known = record.case(case.id) if case else None
    found = known or record.stands
    return found.case.state.value if found else "none"


_HERE = {
    "none": "cancel_it",
    CaseState.PENDING_APPROVAL.value: "ask_supervisor",
    CaseState.PENDING_HEAD_OFFICE.value: "wait_for_answer",
    CaseState.EXPIRED.value: "call_head_office",
    CaseState.REFUSED.value: "ask_head_office",
    CaseState.SUPERSEDED.value: "see_other",
    CaseState.WITHDRAWN.value: "was_withdrawn",
}


def _advice(here: str, there: str, case: CancellationCase | None) -> tuple[str, ...]:
    """What to do by what both sides say."""
    if case is not None and case.state in CONFIRMED_STATES:
        return ("is_cancelled",)
    if here == CaseState.REFUSED.value and not there:
        return ("declined_here",)
    if here == CaseState.REFUSED.value and case is not None and case.asked:
        return ("was_asked",)
    if there and there != here and there not in ("none", CaseState.PENDING_HEAD_OFFICE.value):
        return ("differs", _HERE.get(here, "sync_now"))
    return (_HERE.get(here, "sync_now"),)


def _wire(spoke_at: datetime | None, problem: str, *, now: datetime, waits: bool) -> tuple[str, ...]:
    """What to do about the wire: nothing while it is well."""
    if problem:
        return ("see_problem",)
    if spoke_at is None:
        return ("never_spoke",)
    if now - spoke_at > SILENT_MAX:
        return ("silent",)
    if waits and now - spoke_at > FRESH:
        return ("check_link",)
    return ("goes_by_itself",) if waits else ()


def read_why(desk: Desk, actor: Actor, *, ticket_id: str) -> WhyActive:
    """The answer, read in a transaction of its own."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        return why_active(uow, ticket_id, now=desk.clock())
