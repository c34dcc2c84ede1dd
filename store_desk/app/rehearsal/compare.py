"""After the calm: what every desk holds beside what head office holds, in figures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, LiteralString

from store_desk.app.rehearsal.desk_child import shown
from store_desk.domain.case import CONFIRMED_STATES
from store_desk.domain.record import TicketRecord
from store_desk.services.messages import record_from_body

if TYPE_CHECKING:
    from store_desk.app.rehearsal.desks import RehearsedDesk
    from store_desk.hub.postgres.pool import HubDatabase
    from store_desk.hub.postgres.unit import PgUnit

_RECORDS: LiteralString = "select ticket_id, store, body from ticket_record"
_OPERATIONS: LiteralString = "select op_id, result from operation"
_TWICE: LiteralString = "select op_id, count(*) from feed where op_id <> '' group by op_id having count(*) > 1"
_HEADS: LiteralString = "select store, seq, hash from store_head"


@dataclass
class Books:
    """Head office's books at one moment."""

    records: dict[str, tuple[str, TicketRecord]]
    operations: dict[str, str]
    twice: dict[str, int]
    heads: dict[str, tuple[int, str]]


@dataclass
class Findings:
    """What the comparison found; each line of `told` is one thing that must not be.

    `for_a_person` are numbers that a replaced disk made a desk give twice, offered to head office and refused there.
    """

    operations: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    unequal: int = 0
    gone_with_disks: int = 0
    told: list[str] = field(default_factory=list)
    for_a_person: list[str] = field(default_factory=list)


def read_books(database: HubDatabase) -> Books:
    """Everything of head office that is compared, from one moment."""

    def work(unit: PgUnit) -> Books:
        run = unit.connection.execute
        return Books(
            {str(row[0]): (str(row[1]), record_from_body(row[2])) for row in run(_RECORDS).fetchall()},
            {str(row[0]): str(row[1]) for row in run(_OPERATIONS).fetchall()},
            {str(row[0]): int(row[1]) for row in run(_TWICE).fetchall()},
            {str(row[0]): (int(row[1]), bytes(row[2]).hex()) for row in run(_HEADS).fetchall()},
        )

    return database.snapshot_read(work)


def compare(books: Books, states: list[tuple[RehearsedDesk, dict[str, Any]]], *, moves: set[str]) -> Findings:
    """Desks and head office side by side; `moves` are ids of the technicians' system that were answered."""
    found = Findings()
    cases = [item.case for _, record in books.records.values() for item in record.cases]
    found.outcomes = dict(sorted(Counter(case.state.value for case in cases).items()))
    replaced = {desk.label for desk, _ in states if desk.put_back}
    for desk, state in states:
        _operations(found, books, desk, state)
        _records(found, books, desk, state, replaced)
    found.operations += len(moves)
    for move in sorted(moves - books.operations.keys()):
        found.lost += 1
        found.told.append(f"move {move} is not known")
    for op_id, count in books.twice.items():
        found.doubled += 1
        found.told.append(f"operation {op_id} had {count} effects")
    for ticket_id, (_, record) in books.records.items():
        standing = [item for item in record.cases if item.case.state in CONFIRMED_STATES]
        if len(standing) > 1:
            found.doubled += 1
            found.told.append(f"ticket {ticket_id} is cancelled {len(standing)} times")
    return found


def _operations(found: Findings, books: Books, desk: RehearsedDesk, state: dict[str, Any]) -> None:
    """Every operation that somebody saw saved is answered here and known there, alike."""
    held: dict[str, str] = state["held"]
    for op_id in sorted(desk.saved | held.keys()):
        if op_id in desk.gone and op_id not in held:
            if op_id not in books.operations:
                found.gone_with_disks += 1
                continue
        elif op_id not in held or not held[op_id] or op_id not in books.operations or op_id in desk.vanished:
            found.lost += 1
            known = books.operations.get(op_id, "unknown")
            found.told.append(f"{desk.label}: operation {op_id} here {held.get(op_id, 'missing')!r}, there {known}")
        elif held[op_id] != books.operations[op_id]:
            found.unequal += 1
            found.told.append(f"{desk.label}: operation {op_id} {held[op_id]}, there {books.operations[op_id]}")
        found.operations += 1


def _records(found: Findings, books: Books, desk: RehearsedDesk, state: dict[str, Any], replaced: set[str]) -> None:
    """What a desk shows is what head office has, at the same place of the feed."""
    here: dict[str, Any] = state["records"]
    differs: list[str] = []
    for ticket_id, (store, record) in books.records.items():
        if store not in state["feeds"]:
            continue
        mine = here.get(ticket_id)
        if mine is None:
            differs.append(f"ticket {ticket_id} is missing")
            continue
        away = _only_here(mine, record, unheard=state["unheard"].get(ticket_id, []), replaced=replaced)
        left, right = _without(mine, away), _without(json.loads(json.dumps(shown(record))), away)
        if left != right:
            versions = f"{left['ticket'].get('version')} / {right['ticket'].get('version')}"
            differs.append(f"ticket {ticket_id} (version {versions}) differs: {_first_difference(left, right)}")
    for ticket_id in sorted(here.keys() - books.records.keys()):
        number = here[ticket_id]["ticket"]["number"]
        other = next((known for known, (_, record) in books.records.items() if record.ticket.number == number), "")
        offered = ticket_id in state["in_conflict"]
        if other and offered and replaced:
            # A desk whose disk was replaced gave the number again before it knew; the books show both to a person.
            found.for_a_person.append(f"{desk.label}: tickets {ticket_id} and {other} have one number, {number}")
            continue
        taken = f"; its number is that of {other}" if other else ""
        differs.append(f"ticket {ticket_id} is only here{taken}{'; offered in conflict' if offered else ''}")
    for store in sorted((books.heads.keys() if desk.role == "head_office" else {desk.store}) - state["feeds"].keys()):
        # It would be equal to anything.
        differs.append(f"{store} is not followed")
    for store, (seq, chain) in state["feeds"].items():
        if books.heads.get(store) != (seq, chain):
            differs.append(f"{store} stands at {seq}, there {books.heads.get(store, (0, ''))[0]}")
    if state["kept_back"]:
        differs.append(f"{state['kept_back']} records are kept back")
    found.unequal += len(differs)
    found.told += [f"{desk.label}: {text}" for text in differs]


def _only_here(mine: dict[str, Any], record: TicketRecord, *, unheard: list[str], replaced: set[str]) -> set[str]:
    """Cases that rightly stand at one desk alone.

    Head office never took them in, since it did not know the ticket (`unheard`), or both the disk of the desk that made
    them and head office's own books went back behind them, so that they live on only where they were shown.
    """
    away = set(unheard)
    for item in mine["cases"]:
        case_id = str(item["case"]["id"])
        if item["desk"] in replaced and record.case(case_id) is None:
            away.add(case_id)
    return away


def _without(record: dict[str, Any], away: set[str]) -> dict[str, Any]:
    """A record without these cases."""
    cases = [item["case"] for item in record["cases"] if item["case"]["id"] not in away]
    return {"ticket": record["ticket"], "cases": cases, "standing": record["standing"]}


def _first_difference(mine: Any, theirs: Any, at: str = "") -> str:
    """Where two values differ first, for people who look into it."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in sorted(mine.keys() | theirs.keys()):
            if mine.get(name) != theirs.get(name):
                return _first_difference(mine.get(name), theirs.get(name), f"{at}.{name}")
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        for n, (left, right) in enumerate(zip(mine, theirs, strict=True)):
            if left != right:
                return _first_difference(left, right, f"{at}[{n}]")
    return f"{at} {str(mine)[:120]} / {str(theirs)[:120]}"
