"""Other systems (an ERP, a help desk) move tickets and bring new ones in, by the same rules as a desk."""

from __future__ import annotations

from dataclasses import replace
from typing import LiteralString

from store_desk.domain.ticket import Ticket, TicketType
from store_desk.hub.apply import Stop, apply_operation
from store_desk.hub.asking import Asked
from store_desk.hub.facts import LOCK_NUMBERS, NUMBERS_LOCK, known_numbers
from store_desk.hub.refusals import Refused
from store_desk.services.codec import from_ms, from_ms_or_none, to_ms
from store_desk.services.messages import Answer, Envelope, digest_of
from store_desk.services.payloads import Move, move_to_payload, ticket_to_payload
from store_desk.wire.office import SystemMove, SystemReply, SystemTicket, TicketNamed
from store_desk.wire.values import AnswerMessage

_BY_NUMBER: LiteralString = """
    select ticket_id, body::json -> 'ticket' ->> 'source' from ticket_record
     where number = %s and store = any(%s) limit 50"""
_BY_ID: LiteralString = "select store from ticket_record where ticket_id = %s"


def move(asked: Asked, request: SystemMove) -> SystemReply:
    """One step of a ticket along its ladders."""
    if request.review is None and request.work is None and request.assignee is None:
        raise Refused("bad_request", why="review, work or assignee")
    ticket_id = _find(asked, request.ticket)
    payload = move_to_payload(Move(request.review, request.work, request.assignee))
    return _done(asked, request.id, "move", ticket_id, payload, at_ms=request.at_ms)


def bring(asked: Asked, request: SystemTicket) -> SystemReply:
    """A new ticket; the same id again is answered as the first time. A number is unique by source and store."""
    asked.may_see(request.store)
    source = request.source or asked.desk.name
    # Before any other lock, as wherever tickets are added by number.
    asked.unit.connection.execute(LOCK_NUMBERS, (NUMBERS_LOCK, request.store))
    if asked.unit.operation(request.id) is None:
        other = known_numbers(asked.unit, request.store, [request.number]).get((source, request.number))
        if other is not None and other.ticket.id != request.ticket_id:
            raise Refused("number_taken", store=request.store, number=request.number, id=other.ticket.id)
    ticket = Ticket(
        id=request.ticket_id,
        number=request.number,
        store=request.store,
        customer=request.customer,
        type=TicketType(request.type),
        review=request.review,
        work=request.work,
        created_at=from_ms(request.created_at_ms),
        updated_at=from_ms(request.created_at_ms),
        source=source,
        source_key=request.source_key,
        order_number=request.order_number,
        phone=request.phone,
        serial=request.serial,
        product=request.product,
        brand=request.brand,
        category=request.category,
        problem_type=request.problem_type,
        description=request.description,
        amount_minor=request.amount_minor,
        assignee=request.assignee,
        due_at=from_ms_or_none(request.due_at_ms),
        review_since=from_ms(request.created_at_ms),
    )
    payload = ticket_to_payload(ticket)
    return _done(asked, request.id, "ticket", request.ticket_id, payload, at_ms=request.created_at_ms)


def _find(asked: Asked, named: TicketNamed) -> str:
    """The ticket's id; tickets of other stores do not exist for the asker."""
    if named.id:
        row = asked.unit.connection.execute(_BY_ID, (named.id,)).fetchone()
        if row is None or row[0] not in asked.desk.scope:
            raise Refused("ticket_not_found")
        return named.id
    if not named.number:
        raise Refused("bad_request", why="ticket: id or number")
    if named.store:
        asked.may_see(named.store)
    stores = [named.store] if named.store else list(asked.desk.scope)
    rows = asked.unit.connection.execute(_BY_NUMBER, (named.number, stores)).fetchall()
    found = [ticket_id for ticket_id, source in rows if not named.source or (source or "") == named.source]
    if not found:
        raise Refused("ticket_not_found")
    if len(found) > 1:
        raise Refused("number_ambiguous", count=len(found))
    return str(found[0])


def _done(asked: Asked, id_: str, kind: str, ticket_id: str, payload: str, *, at_ms: int | None) -> SystemReply:
    """Applies it as an operation under the system's next number, or repeats the answer that it was given."""
    desk = asked.unit.lock_desk(asked.desk.desk_id, asked.desk.inc)
    if desk is None:
        raise Refused("unknown_desk")
    digest = digest_of(payload)
    known = asked.unit.operation(id_)
    if known is not None:
        if known.desk_id != desk.desk_id or known.digest != digest:
            raise Refused("conflict", why="another operation bears this id")
        return _reply(asked, known.answer)
    now_ms = to_ms(asked.now)
    envelope = Envelope(
        id=id_,
        inc=desk.inc,
        n=desk.last_n + 1,
        kind=kind,
        ticket_id=ticket_id,
        case_id="",
        payload=payload,
        digest=digest,
        signature=b"",
        actor="",
        role="",
        at_ms=now_ms if at_ms is None else at_ms,
    )
    try:
        answer = apply_operation(asked.unit, asked.office, desk_id=desk.desk_id, envelope=envelope)
    except Stop as stop:
        raise Refused("conflict", why=stop.why) from stop
    return _reply(asked, answer)


def _reply(asked: Asked, answer: Answer) -> SystemReply:
    """The answer without the record: another system learns what became of its step, not everything about a ticket."""
    return SystemReply(answer=AnswerMessage.of(replace(answer, body=None)), now_ms=to_ms(asked.now))
