"""What desks did while they stood alone, and what files bring in: stored if unknown, never decided again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.hub.asking import Asked
from store_desk.hub.enrolling import NEWER_RULES
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.codec import from_ms, to_ms
from store_desk.services.conforming import conforms, is_keepable
from store_desk.services.json_text import BadJson, read_json
from store_desk.services.messages import record_from_body, record_to_body
from store_desk.wire.joining import (
    FactMessage,
    FactOutcome,
    FactsReply,
    FactsRequest,
    PersonFact,
    PersonOutcome,
    SlipFact,
    SlipOutcome,
)

# Only work that adds tickets by number takes this lock, one per store, before any other.
NUMBERS_LOCK = 0x53444E

LOCK_NUMBERS: LiteralString = "select pg_advisory_xact_lock(%s, hashtext(%s))"
_PLACES: LiteralString = "select ticket_id, store from ticket_record where ticket_id = any(%s)"
_NUMBERS: LiteralString = "select body from ticket_record where store = %s and number = any(%s)"
_SLIP: LiteralString = "select hash from desk_slip where number = %s"
_ADD_SLIP: LiteralString = """
    insert into desk_slip(number, desk_id, store, ticket_id, case_id, variant, hash, made_at, body)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (number) do nothing"""
_PERSON: LiteralString = "select name, name_other, role, enabled from person where store = %s and id = %s"
_ADD_PERSON: LiteralString = """
    insert into person(store, id, name, name_other, role, enabled, changed_at, changed_by)
    values (%s, %s, %s, %s, %s, %s, %s, %s)"""

# A number is unique by source and store.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Readable:
    """A fact that could be read: the record as head office would keep it."""

    record: TicketRecord
    body: str


def take_facts(asked: Asked, request: FactsRequest) -> FactsReply:
    """Stores what is unknown and says of each fact what became of it."""
    return FactsReply(
        epoch=asked.unit.epoch,
        people=_people(asked, request.people),
        tickets=_tickets(asked, request.tickets),
        slips=[_slip(asked, fact) for fact in request.slips],
        now_ms=to_ms(asked.now),
    )


def _tickets(asked: Asked, facts: list[FactMessage]) -> list[FactOutcome]:
    read = [(fact, _read(fact)) for fact in facts]
    stores = sorted({item.record.ticket.store for _, item in read if item} & set(asked.desk.scope))
    for store in stores:
        asked.unit.connection.execute(LOCK_NUMBERS, (NUMBERS_LOCK, store))
    taken = {store: known_numbers(asked.unit, store, _numbers(read, store)) for store in stores}
    known = {
        row[0]: row[1]
        for row in asked.unit.connection.execute(_PLACES, ([fact.ticket_id for fact in facts],)).fetchall()
    }
    return [_ticket(asked, fact, item, known, taken) for fact, item in read]


def _numbers(read: list[tuple[FactMessage, Readable | None]], store: str) -> list[str]:
    return [item.record.ticket.number for _, item in read if item and item.record.ticket.store == store]


def known_numbers(unit: PgUnit, store: str, numbers: Iterable[str]) -> dict[Key, TicketRecord]:
    """The store's tickets that bear one of these numbers, by (source, number)."""
    rows = unit.connection.execute(_NUMBERS, (store, sorted(set(numbers)))).fetchall()
    found = [record_from_body(row[0]) for row in rows]
    return {(record.ticket.source, record.ticket.number): record for record in found}


def _ticket(
    asked: Asked,
    fact: FactMessage,
    item: Readable | None,
    known: dict[str, str],
    taken: dict[str, dict[Key, TicketRecord]],
) -> FactOutcome:
    if item is None:
        return FactOutcome(ticket_id=fact.ticket_id, result="refused", why="unreadable")
    ticket = item.record.ticket
    if ticket.store not in asked.desk.scope or known.get(ticket.id, ticket.store) not in asked.desk.scope:
        return FactOutcome(ticket_id=ticket.id, result="refused", why="wrong_store")
    if ticket.id in known:
        found = asked.unit.lock_record(ticket.id)
        same = found is not None and record_to_body(found[0]) == item.body
        version = found[0].ticket.version if found else 0
        if same:
            return FactOutcome(ticket_id=ticket.id, result="same", version=version)
        return FactOutcome(ticket_id=ticket.id, result="conflict", version=version, why="differs")
    other = taken[ticket.store].get((ticket.source, ticket.number))
    if other is not None:
        why, version = "number_taken", other.ticket.version
        return FactOutcome(ticket_id=ticket.id, result="conflict", version=version, why=why, other=other.ticket.id)
    add_record(asked.unit, item.record, body=item.body, now=asked.now)
    known[ticket.id] = ticket.store
    taken[ticket.store][ticket.source, ticket.number] = item.record
    return FactOutcome(ticket_id=ticket.id, result="added", version=ticket.version)


def add_record(unit: PgUnit, record: TicketRecord, *, body: str, now: datetime) -> None:
    """Writes a record and the change of its store that tells desks of it."""
    ticket = record.ticket
    change = unit.append_change(
        ticket.store, kind="put", ticket_id=ticket.id, version=ticket.version, body=body, op_id="", at=now
    )
    unit.put_record(record, body=body, seq=change.seq)


def _read(fact: FactMessage) -> Readable | None:
    """The record of a fact, without strokes: those stay where they were drawn. None when nobody can have written it."""
    try:
        read_json(fact.body)
        record = record_from_body(fact.body)
    except (BadJson, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    if not conforms(record) or record.ticket.id != fact.ticket_id or not is_keepable(record.ticket):
        return None
    ids = [item.case.id for item in record.cases]
    fits = all(item.case.ticket_id == fact.ticket_id for item in record.cases) and len(set(ids)) == len(ids)
    if not fits or (record.standing and record.standing not in ids):
        return None
    cases = tuple(replace(item, case=replace(item.case, strokes=())) for item in record.cases)
    record = replace(record, cases=cases)
    return Readable(record, record_to_body(record))


def _slip(asked: Asked, fact: SlipFact) -> SlipOutcome:
    try:
        read_json(fact.body)
    except BadJson:
        return SlipOutcome(number=fact.number, result="refused", why="unreadable")
    row = asked.unit.connection.execute(_SLIP, (fact.number,)).fetchone()
    if row is not None:
        same = bytes(row[0]).hex() == fact.hash
        return SlipOutcome(number=fact.number, result="same" if same else "conflict", why="" if same else "differs")
    values = (
        fact.number, asked.desk.desk_id, asked.desk.store, fact.ticket_id, fact.case_id, fact.variant,
        bytes.fromhex(fact.hash), from_ms(fact.made_at_ms), fact.body,
    )  # fmt: skip
    asked.unit.connection.execute(_ADD_SLIP, values)
    return SlipOutcome(number=fact.number, result="added")


def _people(asked: Asked, facts: list[PersonFact]) -> list[PersonOutcome]:
    outcomes = [_person(asked, fact) for fact in facts]
    if any(item.result == "added" for item in outcomes):
        asked.unit.connection.execute(NEWER_RULES)
    return outcomes


def _person(asked: Asked, fact: PersonFact) -> PersonOutcome:
    if fact.role is Role.HEAD_OFFICE:
        return PersonOutcome(id=fact.id, result="refused", why="role")
    row = asked.unit.connection.execute(_PERSON, (asked.desk.store, fact.id)).fetchone()
    told = (fact.name, fact.name_other, fact.role.value, fact.enabled)
    if row is not None:
        same = tuple(row) == told
        return PersonOutcome(id=fact.id, result="same" if same else "conflict", why="" if same else "differs")
    values = (asked.desk.store, fact.id, *told, asked.now, asked.desk.desk_id)
    asked.unit.connection.execute(_ADD_PERSON, values)
    return PersonOutcome(id=fact.id, result="added")
