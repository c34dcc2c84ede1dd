"""Slips: written with the case, owed until paper moves, reprinted with a mark, drafted for the preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.errors import SlipNotFound
from store_desk.domain.numbers import is_slip_number, slip_number
from store_desk.domain.roles import Right
from store_desk.domain.slip import SlipData
from store_desk.domain.slip_text import sealed_slip, slip_from_json
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.look_up import ticket_of
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.proof import Coded, seal


@dataclass(frozen=True, slots=True)
class SlipToPrint:
    """A slip and how it must be marked: `reprint` 0 is the first print, 1 and more are marked 补打 REPRINT n."""

    row: SlipRow
    data: SlipData
    reprint: int


def write_slip(desk: Desk, uow: UnitOfWork, data: SlipData, *, case: Coded, ticket_id: str, now: datetime) -> SlipRow:
    """Gives the slip its number, its place in the desk's chain and its proof, and stores it as owed.

    All in the caller's transaction.
    """
    year = now.astimezone(desk.zone).year
    number = slip_number(desk.identity.store_code, desk.identity.desk, year, uow.counters.next("slip"))
    data = replace(data, number=number, previous_hash=uow.slips.last_hash(), qr_text="", short_code="")
    data, body, digest = sealed_slip(data, lambda bare: seal(desk, data, case, bare_hash=bare))
    row = SlipRow(
        number=number,
        case_id=case.case_id,
        ticket_id=ticket_id,
        variant=data.variant,
        body=body,
        hash=digest,
        made_at=now,
    )
    uow.slips.add(row)
    return row


def _find(uow: UnitOfWork, number: str) -> SlipRow:
    """The slip of this number, or the latest one of the ticket of this number."""
    number = number.strip()
    row = uow.slips.get(number)
    if row is None and not is_slip_number(number):
        rows = uow.slips.of_ticket(ticket_of(uow, number).id)
        row = rows[0] if rows else None
    if row is None:
        raise SlipNotFound(number=number)
    return row


def slip_of(desk: Desk, actor: Actor, *, number: str) -> SlipToPrint:
    """A slip by its number, or a ticket's latest, as its next print must be marked; changes nothing."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        row = _find(uow, number)
    return SlipToPrint(row, slip_from_json(row.body), row.reprints + 1 if row.printed_n else 0)


def owed_slips(desk: Desk, actor: Actor, *, limit: int = 100) -> tuple[SlipToPrint, ...]:
    """Slips that have not moved paper yet, oldest first."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        rows = uow.slips.owed(limit=limit)
    return tuple(SlipToPrint(row, slip_from_json(row.body), 0) for row in rows)


def record_printed(desk: Desk, actor: Actor, *, number: str, how: str, reprint: int) -> SlipRow:
    """Notes that paper moved (or a file was handed over); `how` names the printer or `file`."""
    demand(actor, Right.PRINT)
    with desk.work() as uow:
        row = _find(uow, number)
        row = replace(row, printed_n=row.printed_n + 1, reprints=max(row.reprints, reprint), owed=False, failure="")
        uow.slips.save(row)
        what = "slip_reprinted" if reprint else "slip_printed"
        facts: dict[str, object] = {"slip": row.number, "how": how, "reprint": reprint}
        uow.journal.write(at=desk.clock(), actor=actor.id, what=what, subject=row.ticket_id, facts=facts)
    return row


def record_not_printed(desk: Desk, actor: Actor, *, number: str, why: str) -> SlipRow:
    """Notes that printing failed; a slip that never moved paper stays owed and listed."""
    with desk.work() as uow:
        row = replace(_find(uow, number), failure=why[:500])
        uow.slips.save(row)
        facts: dict[str, object] = {"slip": row.number, "why": why[:500]}
        uow.journal.write(at=desk.clock(), actor=actor.id, what="slip_not_printed", subject=row.ticket_id, facts=facts)
    return row
