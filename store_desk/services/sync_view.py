"""What the Sync page shows: operations on their way to head office, and what a person has done about the answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from store_desk.domain.authority import QUIET_RESULTS, Result
from store_desk.domain.case import CancellationCase
from store_desk.domain.roles import Right
from store_desk.domain.slip import Both
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Ticket
from store_desk.services.desk import Desk
from store_desk.services.office_ports import Delivery, DeliveryCounts, DeliveryState
from store_desk.services.ports import SlipRow, UnitOfWork

ROWS_MAX = 200
# Ways in which a person deals with an answer that differs from what was expected; they go to the journal.
HANDLED_HOW = frozenset({"told", "reopened", "supervisor", "head_office"})


class Standing(Enum):
    """How an operation stands: on its way, or what head office made of it."""

    QUEUED = "queued"
    WAITING = "waiting"
    RECHECK = "recheck"
    CONFIRMED = "confirmed"
    CONDITIONS = "conditions"
    NEEDS_APPROVAL = "needs_approval"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


_STANDING = {
    Result.ACCEPTED: Standing.CONFIRMED,
    Result.ALREADY_OVER: Standing.CONFIRMED,
    Result.ACCEPTED_WITH_CONDITIONS: Standing.CONDITIONS,
    Result.NEEDS_APPROVAL: Standing.NEEDS_APPROVAL,
    Result.ALREADY_CANCELLED: Standing.SUPERSEDED,
}
UNANSWERED = frozenset({Standing.QUEUED, Standing.WAITING, Standing.RECHECK})
# What needs no words about case and slip.
PLAIN = UNANSWERED | {Standing.CONFIRMED}


@dataclass(frozen=True, slots=True)
class SyncRow:
    """One operation with what its row and panel need.

    `ticket` is as it is in this desk's tables now, None where it has left the store. `case` and its latest `slip` are
    there for answers that differ from what was expected.
    """

    delivery: Delivery
    standing: Standing
    to_handle: bool
    ticket: Ticket | None
    case: CancellationCase | None
    slip: SlipRow | None

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.delivery.envelope.id

    @property
    def result(self) -> Result | None:
        """Head office's answer, None before it."""
        return self.delivery.answer.result if self.delivery.answer else None

    @property
    def facts(self) -> dict[str, str | int]:
        """The facts of the answer, empty before it."""
        return dict(json.loads(self.delivery.answer.facts)) if self.delivery.answer else {}


@dataclass(frozen=True, slots=True)
class SyncView:
    """The page: rows with those to deal with first, the counts, and people's names by number."""

    rows: tuple[SyncRow, ...]
    counts: DeliveryCounts
    people: dict[str, Both]


def standing_of(delivery: Delivery) -> Standing:
    """How the operation stands."""
    if delivery.state is DeliveryState.RECHECK:
        return Standing.RECHECK
    if delivery.answer is None:
        return Standing.WAITING if delivery.sent_n else Standing.QUEUED
    return _STANDING.get(delivery.answer.result, Standing.REFUSED)


def is_to_handle(delivery: Delivery) -> bool:
    """Whether head office answered otherwise than expected, and nobody has dealt with it yet."""
    if delivery.state is not DeliveryState.ANSWERED or delivery.answer is None:
        return False
    return delivery.answer.result not in QUIET_RESULTS and delivery.handled_at is None


def read_sync(desk: Desk, actor: Actor, *, limit: int = ROWS_MAX) -> SyncView:
    """The page as it is now, at most `limit` operations; those to deal with come first, then the latest."""
    demand(actor, Right.LOOK_UP)
    now = desk.clock().astimezone(desk.zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with desk.read() as uow:
        found = uow.deliveries.latest(limit=limit)
        listed = uow.tickets.listed(dict.fromkeys(item.envelope.ticket_id for item in found))
        tickets = {item.ticket.id: item.ticket for item in listed}
        rows = [_row(uow, item, tickets.get(item.envelope.ticket_id)) for item in found]
        counts = uow.deliveries.counts(confirmed_since=midnight)
        people = {person.id: Both(person.name, person.name_other) for person in uow.people.all()}
    return SyncView(tuple(sorted(rows, key=_rank)), counts, people)


def _rank(row: SyncRow) -> int:
    """Sorting keeps the store's order within each rank."""
    if not row.to_handle:
        return 2
    return 0 if row.standing in (Standing.REFUSED, Standing.SUPERSEDED) else 1


def _row(uow: UnitOfWork, delivery: Delivery, ticket: Ticket | None) -> SyncRow:
    sent, standing = delivery.envelope, standing_of(delivery)
    case, slip = None, None
    if sent.case_id and standing not in PLAIN:
        case = uow.cases.get(sent.case_id)
        slip = next((item for item in uow.slips.of_ticket(sent.ticket_id) if item.case_id == sent.case_id), None)
    return SyncRow(delivery, standing, is_to_handle(delivery), ticket, case, slip)


def mark_handled(desk: Desk, actor: Actor, *, op_id: str, how: str) -> Delivery | None:
    """Writes down that a person has dealt with an answer, with the journal; `how` is one of HANDLED_HOW.

    Answers the operation; one that needs nobody, or that somebody dealt with already, stays as it is.
    """
    demand(actor, Right.SETTLE)
    if how not in HANDLED_HOW:
        raise ValueError(how)
    now = desk.clock()
    with desk.work() as uow:
        delivery = uow.deliveries.get(op_id)
        if delivery is None or delivery.answer is None or not is_to_handle(delivery):
            return delivery
        handled = replace(delivery, handled_at=now, handled_by=actor.id, handled_how=how)
        uow.deliveries.save(handled)
        facts: dict[str, object] = {
            "operation": op_id,
            "case": delivery.envelope.case_id,
            "result": delivery.answer.result.value,
            "how": how,
        }
        uow.journal.write(
            at=now, actor=actor.id, what="answer_handled", subject=delivery.envelope.ticket_id, facts=facts
        )
    return handled


def mark_decided(uow: UnitOfWork, *, ticket_id: str, case_id: str, by: str, now: datetime) -> None:
    """A second person has decided on the case: what asked for one is dealt with, in the caller's transaction."""
    for delivery in uow.deliveries.of_ticket(ticket_id):
        waits = delivery.answer is not None and delivery.answer.result is Result.NEEDS_APPROVAL
        if waits and delivery.envelope.case_id == case_id and is_to_handle(delivery):
            uow.deliveries.save(replace(delivery, handled_at=now, handled_by=by, handled_how="supervisor"))
