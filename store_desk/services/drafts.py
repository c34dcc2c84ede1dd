"""Drafts: an unfinished cancellation is kept while the clerk types, so that a power cut loses the last keys at most."""

from __future__ import annotations

from store_desk.domain.errors import TicketNotFound
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.ports import Draft

DRAFT_LENGTH_MAX = 512 * 1024


def save_draft(desk: Desk, actor: Actor, *, ticket_id: str, body: str) -> Draft:
    """Keeps the sheet's fields (JSON made by the sheet; at most 512 KiB, longer ones are cut by the caller).

    Raises TicketNotFound when the ticket is gone.
    """
    demand(actor, Right.CANCEL)
    draft = Draft(ticket_id, actor.id, body[:DRAFT_LENGTH_MAX], desk.clock())
    with desk.work() as uow:
        if uow.tickets.get(ticket_id) is None:
            raise TicketNotFound(number=ticket_id)
        uow.drafts.put(draft)
    return draft


def draft_of(desk: Desk, *, ticket_id: str) -> Draft | None:
    """The draft on this ticket, whoever began it."""
    with desk.read() as uow:
        return uow.drafts.get(ticket_id)


def drop_draft(desk: Desk, actor: Actor, *, ticket_id: str) -> None:
    """Throws the draft away."""
    demand(actor, Right.CANCEL)
    with desk.work() as uow:
        uow.drafts.drop(ticket_id)


def all_drafts(desk: Desk) -> tuple[Draft, ...]:
    """Every draft that waits, latest first."""
    with desk.read() as uow:
        return tuple(sorted(uow.drafts.all(), key=lambda draft: draft.saved_at, reverse=True))
