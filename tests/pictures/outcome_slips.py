"""The papers of a desk that has a head office: the request, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipData
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.desk import Desk
from store_desk.services.slips import record_printed
from tests.services.office import SmallOffice, first_case, papers, text

OUTCOME_KINDS = ("request", "refusal", "superseded", "final", "follow-up")
CLERK = Actor("2047", "林晓雨", Role.CLERK, "Lin Xiaoyu")


@dataclass(frozen=True)
class _Scene:
    desk: Desk
    clock: Callable[[], datetime]


def outcome_slips(desk: Desk, counter: CancelTicket, phone: CancelTicket) -> dict[str, SlipData]:
    """One ticket was done already and then cancelled elsewhere; the other had only moved on meanwhile."""
    scene = _Scene(desk, desk.clock)
    office = SmallOffice(scene)
    ticket, moved = _load(desk, counter.ticket_id), _load(desk, phone.ticket_id)
    office.knows(replace(ticket, review=Review.APPROVED, work=Work.DONE, closed_at=desk.clock()))
    done = _ask(desk, counter)
    office.answer()
    taken = {"request": text(done.slip), "refusal": text(papers(scene, ticket)[-1])}
    seen = _load(desk, ticket.id).version
    with desk.work() as uow:
        uow.tickets.save(replace(ticket, version=seen + 1), seen_version=seen)
    again = _ask(desk, counter)
    office.knows(ticket, first_case(ticket, again.case), version=seen + 2)
    office.answer()
    taken["superseded"] = text(papers(scene, ticket)[-1])
    office.knows(moved, facts=replace(moved.facts, parcel=None, visit=None), compensation_minor=0)
    _ask(desk, phone)
    office.answer()
    taken["final"], taken["follow-up"] = (text(row) for row in papers(scene, moved)[-2:])
    return taken


def _ask(desk: Desk, command: CancelTicket) -> Cancelled:
    """The request, its slip in the customer's hand."""
    done = cancel_ticket(desk, CLERK, command)
    record_printed(desk, CLERK, number=done.slip.number, how="A5", reprint=0)
    return done


def _load(desk: Desk, ticket_id: str) -> Ticket:
    with desk.read() as uow:
        found = uow.tickets.get(ticket_id)
    if found is None:
        raise LookupError(ticket_id)
    return found
