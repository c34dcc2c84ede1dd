"""Files of tickets brought in at head office: read apart as a desk reads them, written as changes store by store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import LiteralString

from store_desk.domain.case import CancellationCase, CaseState, Origin
from store_desk.domain.consent import Channel
from store_desk.domain.errors import ValuesUnknown
from store_desk.domain.imports import ReadRow
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.hub.facts import LOCK_NUMBERS, NUMBERS_LOCK, add_record, known_numbers
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.conforming import conforms
from store_desk.services.messages import record_to_body

# Rows of one transaction: small enough that desks of the store hardly wait.
ROWS_AT_ONCE = 200
# The same name for all files, as at a desk, so that a newer export finds the same tickets.
SOURCE = "file"
UNKNOWN_TOLD_MAX = 20

_STORES: LiteralString = "select code, name_zh, name_en, currency, timezone, country from store"


@dataclass(slots=True)
class Counts:
    """What became of the rows; `stores` got or changed any, `unknown_stores` are names of none, with their rows."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: int = 0
    refused: int = 0
    store_unknown: int = 0
    stores: set[str] = field(default_factory=set)
    unknown_stores: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Bringing:
    """One import: whether it is only tried, and the store that takes every row ('': each row names its own)."""

    store: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The stores of head office: code by code and name, and currency, time zone and country by code."""

    codes: dict[str, str]
    homes: dict[str, tuple[str, str, str]]

    def home(self, store: str) -> tuple[str, str, str]:
        """Currency, time zone and country for rows that do not say; raises StoreUnknown for a store that is none."""
        if store and store not in self.homes:
            from store_desk.hub.errors import StoreUnknown

            raise StoreUnknown(store=store)
        return self.homes.get(store) or next(iter(self.homes.values()), ("CNY", "Asia/Shanghai", "CN"))


def known_stores(database: HubDatabase) -> Known:
    """The stores as they are now."""
    found = database.snapshot_read(lambda unit: unit.connection.execute(_STORES).fetchall())
    codes = {name: row[0] for row in found for name in row[:3] if name}
    return Known(codes, {row[0]: (row[3], row[4], row[5]) for row in found})


def bring_in(
    database: HubDatabase,
    bringing: Bringing,
    known: Known,
    rows: Iterable[ReadRow],
    *,
    total: int,
    refused: int,
    now: datetime,
    new_id: Callable[[], str],
    progress: Callable[[int, int], None],
) -> Counts:
    """Brings the rows of a file in that was read to its end; `refused` of its `total` rows are no tickets.

    Broken off half way, it is begun again: rows that are in already are unchanged.
    """
    counts = Counts(rows=refused, refused=refused)
    wanted = _rows(rows, counts)
    while some := list(islice(wanted, ROWS_AT_ONCE)):
        for store, items in _by_store(some, bringing.store, known.codes, counts).items():
            _take(database, store, items, counts, dry_run=bringing.dry_run, now=now, new_id=new_id)
        progress(counts.rows, max(counts.rows, total))
    return counts


def refuse_unexplained(unknown: Sequence[tuple[str, str, int, str]]) -> None:
    """Raises ValuesUnknown for words that the mapping does not explain and without which rows would be lost."""
    if not unknown:
        return
    first = unknown[0][0]
    raise ValuesUnknown(
        field=first,
        values=tuple(word for field, word, _, _ in unknown if field == first)[:UNKNOWN_TOLD_MAX],
        proposals=tuple(f"{field}:{word}={guess}" for field, word, _, guess in unknown)[:UNKNOWN_TOLD_MAX],
    )


def _rows(read: Iterable[ReadRow], counts: Counts) -> Iterator[ReadRow]:
    for row in read:
        counts.rows += 1
        if conforms(row.ticket):
            yield row
        else:
            counts.refused += 1


def _by_store(rows: list[ReadRow], given: str, codes: dict[str, str], counts: Counts) -> dict[str, list[ReadRow]]:
    """The rows by the store that they belong to: the one given, else the one that their own column names."""
    found: dict[str, list[ReadRow]] = {}
    for row in rows:
        code = given or codes.get(row.ticket.store.strip(), "")
        if not code:
            counts.refused += 1
            counts.store_unknown += 1
            counts.unknown_stores[row.ticket.store.strip()] += 1
            continue
        found.setdefault(code, []).append(replace(row, ticket=replace(row.ticket, store=code)))
    return found


def _take(
    database: HubDatabase,
    store: str,
    rows: list[ReadRow],
    counts: Counts,
    *,
    dry_run: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """One transaction; counted once it is committed, since it may run more than once."""

    def work(unit: PgUnit) -> list[str]:
        if not dry_run:
            unit.connection.execute(LOCK_NUMBERS, (NUMBERS_LOCK, store))
        known = known_numbers(unit, store, [row.ticket.number for row in rows])
        if not dry_run:
            # Locked in one go and in order; a desk may be cancelling one of them at this moment.
            unit.expect((), [record.ticket.id for record in known.values()], scope=(store,))
        return [_one(unit, row, known, dry_run=dry_run, now=now, new_id=new_id) for row in rows]

    run = database.snapshot_read if dry_run else database.transaction
    for outcome in run(work):
        setattr(counts, outcome, getattr(counts, outcome) + 1)
        if outcome in ("added", "updated"):
            counts.stores.add(store)


def _one(
    unit: PgUnit,
    row: ReadRow,
    known: dict[tuple[str, str], TicketRecord],
    *,
    dry_run: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """What becomes of a row: added, updated, unchanged or conflicts."""
    key = (row.ticket.source, row.ticket.number)
    before = known.get(key)
    if before is not None:
        locked = None if dry_run else unit.lock_record(before.ticket.id)
        before = locked[0] if locked else before
        as_it_was = replace(row.ticket, id=before.ticket.id, version=before.ticket.version)
        if as_it_was == before.ticket and row.cancelled == bool(before.cases):
            return "unchanged"
        if before.cases:
            return "unchanged" if row.cancelled else "conflicts"
        if row.ticket.updated_at < before.ticket.updated_at:
            return "unchanged"
    id_ = before.ticket.id if before else row.ticket.id
    version = before.ticket.version + 1 if before else 1
    record = TicketRecord(replace(row.ticket, id=id_, version=version))
    if row.cancelled:
        record = _cancelled(record, row.reason or Reason.OTHER, new_id())
    if not dry_run:
        add_record(unit, record, body=record_to_body(record), now=now)
    known[key] = record
    return "updated" if before else "added"


def _cancelled(record: TicketRecord, reason: Reason, case_id: str) -> TicketRecord:
    """An imported cancellation: confirmed, without level or slip."""
    at = record.ticket.closed_at or record.ticket.updated_at
    case = CancellationCase(
        id=case_id,
        ticket_id=record.ticket.id,
        state=CaseState.CONFIRMED,
        reason=reason,
        level=None,
        channel=Channel.COUNTER,
        origin=Origin.IMPORT,
        opened_at=at,
        requester="",
        decided_at=at,
    )
    return TicketRecord(record.ticket, (CaseRecord(case),), case_id)
