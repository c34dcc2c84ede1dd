"""One transaction at head office on PostgreSQL: reads lock in one order, writes are gathered and sent together.

Writes wait until the next read, or until `flush`; they then travel in one round trip, a statement for each table. What
the transaction has locked nobody else can change, so it is remembered for the rest of it; the rows that every operation
writes, desk and store number, are written once, at its end.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection

from store_desk.domain.authority import Result
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.hub.errors import StoreUnknown
from store_desk.hub.ports import DeskRow, KnownOperation, PersonRow, StoreHead
from store_desk.hub.postgres import statements as sql
from store_desk.services.codec import from_ms, to_ms
from store_desk.services.messages import (
    GENESIS,
    Answer,
    Change,
    body_hash_of,
    next_feed_hash,
    record_from_body,
)

SALT_BYTES = 16
Place = tuple[str, int]
Row = tuple[Any, ...]


class _Later:
    """Rows to be written, by table; of a record only its last state. Positions of desks and stores go last."""

    def __init__(self) -> None:
        self.new_records: dict[str, Row] = {}
        self.records: dict[str, Row] = {}
        self.changes: list[Row] = []
        self.answers: list[Row] = []
        self.operations: list[Row] = []
        self.places: list[tuple[LiteralString, Row]] = []

    def __len__(self) -> int:
        kept = len(self.new_records) + len(self.records) + len(self.places)
        return kept + len(self.changes) + len(self.answers) + len(self.operations)

    def statements(self) -> Iterator[tuple[LiteralString, Sequence[Any]]]:
        """Each statement with its values."""
        tables: tuple[tuple[LiteralString, Collection[Row]], ...] = (
            (sql.ADD_RECORDS, self.new_records.values()),
            (sql.SAVE_RECORDS, self.records.values()),
            (sql.ADD_CHANGES, self.changes),
            (sql.ADD_ANSWERS, self.answers),
            (sql.ADD_OPERATIONS, self.operations),
        )
        for statement, rows in tables:
            if rows:
                yield statement, [list(column) for column in zip(*rows, strict=True)]
        yield from self.places


class PgUnit:
    """Implements `hub.ports.HubUnit` within a transaction that its maker has begun and will end."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self._later = _Later()
        self._sent = 0
        self._epoch = ""
        self._desks: dict[tuple[str, int], DeskRow] = {}
        self._known: dict[str, KnownOperation | None] = {}
        self._records: dict[str, tuple[TicketRecord, str]] = {}
        # Tickets that were not there when they were looked for; if one comes in meanwhile, adding it fails.
        self._absent: set[str] = set()
        self._places: dict[str, Place] = {}
        self._operation_places: dict[str, Place] = {}
        self._locked: Place | None = None
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._written_desks: set[tuple[str, int]] = set()
        self._written_heads: set[str] = set()
        self._kept: tuple[dict[tuple[str, int], DeskRow], dict[str, tuple[int, bytes]]] = ({}, {})
        self._people: dict[tuple[str, str], PersonRow | None] = {}
        self._rules: dict[str, str | None] = {}
        self._zones: dict[str, str] = {}
        self._at: datetime | None = None

    @property
    def written(self) -> int:
        """How many rows wait to be written, or have been in this transaction."""
        return self._sent + len(self._later)

    # --- sending ---------------------------------------------------------------------------------------------

    def flush(self, *after: LiteralString) -> None:
        """Sends the writes that wait, then the statements of `after`, and raises what any of them raised."""
        if not self._later and not after:
            return
        later, self._later = self._later, _Later()
        self._sent += len(later)
        with self.connection.pipeline():
            for statement, values in later.statements():
                self.connection.execute(statement, values)
            for statement in after:
                self.connection.execute(statement)

    def mark(self) -> None:
        """Sets the savepoint that `give_up` goes back to."""
        self.flush(sql.SAVEPOINT)
        self._kept = (dict(self._desks), dict(self._heads))

    def keep(self) -> None:
        """Sends what waits and sets the savepoint anew: what is written so far stays, whatever comes after."""
        self.flush(sql.KEEP, sql.SAVEPOINT)
        self._kept = (dict(self._desks), dict(self._heads))

    def give_up(self) -> None:
        """Forgets the writes that wait and undoes those since the savepoint; rows locked since then are free again."""
        self._later = _Later()
        self.connection.execute(sql.GIVE_UP)
        desks, heads = self._kept
        self._desks, self._heads = dict(desks), dict(heads)
        self._written_desks &= desks.keys()
        self._written_heads &= heads.keys()
        for remembered in (self._records, self._absent, self._places, self._known, self._operation_places):
            remembered.clear()

    def finish(self, *after: LiteralString) -> None:
        """Sends everything that waits, the desks and the stores' numbers last."""
        for desk_id, inc in self._written_desks:
            desk = self._desks[desk_id, inc]
            self._later.places.append((sql.SAVE_DESK, (desk.last_n, desk.chain, desk_id, inc)))
        for store in self._written_heads:
            self._later.places.append((sql.SAVE_HEAD, (*self._heads[store], store)))
        self._written_desks.clear()
        self._written_heads.clear()
        self.flush(*after)

    def _rows(self, statement: LiteralString, *values: Any) -> list[Row]:
        self.flush()
        return self.connection.execute(statement, values).fetchall()

    def _row(self, statement: LiteralString, *values: Any) -> Row | None:
        self.flush()
        return self.connection.execute(statement, values).fetchone()

    # --- desks -----------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> str:
        """The epoch of this history; '' in a database that no hub has been started on."""
        if not self._epoch:
            row = self._row(sql.EPOCH)
            self._epoch = str(row[0]) if row else ""
        return self._epoch

    def lock_desk(self, desk_id: str, inc: int) -> DeskRow | None:
        """The desk's incarnation, held to the end of the transaction."""
        key = (desk_id, inc)
        if key not in self._desks:
            row = self._row(sql.LOCK_DESK, desk_id, inc)
            if row is None:
                return None
            self._desks[key] = _desk_of(row)
        return self._desks[key]

    def desk(self, desk_id: str, inc: int) -> DeskRow | None:
        """The desk's incarnation as it is."""
        self.finish()
        row = self._row(sql.DESK, desk_id, inc)
        return _desk_of(row) if row else None

    def save_desk(self, desk: DeskRow) -> None:
        """Writes last_n and chain."""
        key = (desk.desk_id, desk.inc)
        self._desks[key] = desk
        self._written_desks.add(key)

    # --- operations and answers ------------------------------------------------------------------------------

    def expect(self, op_ids: Sequence[str], ticket_ids: Sequence[str], *, scope: Sequence[str]) -> None:
        """Reads ahead for a batch: what is known of its operations, and its tickets, locked in the order of their ids.

        All tickets are locked before any store's number is taken, and the numbers of several stores (those in `scope`)
        in the order of their codes: two batches of known tickets never wait for each other in a circle.
        """
        self._known.update(dict.fromkeys(op_ids))
        for row in self._rows(sql.OPERATIONS, list(op_ids)):
            self._remember(row)
        stores = {self._take(row) for row in self._rows(sql.LOCK_RECORDS, sorted(set(ticket_ids)))}
        self._absent.update(set(ticket_ids) - self._records.keys())
        stores.intersection_update(scope)
        if len(stores) > 1:
            self._lock_heads(stores)

    def operation(self, op_id: str) -> KnownOperation | None:
        """The operation with the first answer it was given."""
        if op_id not in self._known:
            row = self._row(sql.OPERATIONS, [op_id])
            self._known[op_id] = None
            if row is not None:
                self._remember(row)
        return self._known[op_id]

    def _remember(self, row: Row) -> None:
        answer = _answer_of(row[2:])
        self._known[answer.id] = KnownOperation(answer.id, row[0], row[1], answer)
        if row[14] is not None:
            self._operation_places[answer.id] = (row[13], row[14])

    def add_operation(self, known: KnownOperation, *, kind: str, ticket_id: str, payload: str, at: datetime) -> None:
        """Records a decided operation; one that came in elsewhere meanwhile fails the transaction, to be run again."""
        answer = known.answer
        values = (
            known.id, known.digest, known.desk_id, answer.inc, answer.n, kind, ticket_id, answer.result.value, at,
            _storable(payload),
        )  # fmt: skip
        self._later.operations.append(values)
        self._known[known.id] = known

    def add_answer(self, desk_id: str, answer: Answer) -> None:
        """Records the answer under (desk, inc, n), and which change has the body that went with it."""
        place: Place | None = None
        if answer.seq is not None:
            place = (answer.store, answer.seq)
        elif answer.body is not None:
            place = self._operation_places.get(answer.id, self._locked)
        if place is not None:
            self._operation_places.setdefault(answer.id, place)
        values = (
            desk_id, answer.inc, answer.n, answer.id, answer.result.value, answer.chain, answer.version, answer.store,
            answer.seq, *(place or (None, None)), answer.facts, from_ms(answer.at_ms),
        )  # fmt: skip
        self._later.answers.append(values)

    def answer_at(self, desk_id: str, inc: int, n: int) -> Answer | None:
        """The answer under this number."""
        row = self._row(sql.ANSWER_AT, desk_id, inc, n)
        return _answer_of(row) if row else None

    def answers_after(self, desk_id: str, inc: int, n: int, *, limit: int) -> list[Answer]:
        """Answers with a greater number, in order, with their bodies where the feed still has them."""
        return [_answer_of(row) for row in self._rows(sql.ANSWERS_AFTER, desk_id, inc, n, limit)]

    # --- records and changes ---------------------------------------------------------------------------------

    def lock_record(self, ticket_id: str) -> tuple[TicketRecord, str] | None:
        """The ticket's record and the store it belongs to, held to the end of the transaction."""
        if ticket_id not in self._records and ticket_id not in self._absent:
            for row in self._rows(sql.LOCK_RECORDS, [ticket_id]):
                self._take(row)
        self._locked = self._places.get(ticket_id)
        return self._records.get(ticket_id)

    def _take(self, row: Row) -> str:
        ticket_id, store, seq, body = row
        self._records[ticket_id] = (record_from_body(body), store)
        self._places[ticket_id] = (store, seq)
        return str(store)

    def put_record(self, record: TicketRecord, *, body: str, seq: int) -> None:
        """Stores the record in the store that its ticket names; one that was not locked must be new."""
        ticket = record.ticket
        digits = "".join(sign for sign in ticket.phone if sign.isdigit())
        state = record.state
        values = (
            ticket.store, _storable(ticket.number), _storable(ticket.order_number), digits[-4:],
            ticket.review.value, ticket.work.value, state.value if state else "", ticket.version, seq,
            self._at or ticket.updated_at, body, ticket.id,
        )  # fmt: skip
        is_new = ticket.id not in self._records or ticket.id in self._later.new_records
        (self._later.new_records if is_new else self._later.records)[ticket.id] = values
        self._records[ticket.id] = (record, ticket.store)
        self._places[ticket.id] = (ticket.store, seq)

    def append_change(
        self, store: str, *, kind: str, ticket_id: str, version: int, body: str, op_id: str, at: datetime
    ) -> Change:
        """Takes the store's next number (the last lock of the transaction) and writes the change with its hash."""
        if store not in self._heads:
            self._lock_heads({store})
        before, previous = self._heads[store]
        seq = before + 1
        salt = os.urandom(SALT_BYTES)
        body_hash = body_hash_of(salt, body)
        hash_ = next_feed_hash(previous, seq=seq, ticket_id=ticket_id, kind=kind, version=version, body_hash=body_hash)
        self._heads[store] = (seq, hash_)
        self._at = at
        self._written_heads.add(store)
        values = (store, seq, kind, ticket_id, version, op_id, at, salt, body_hash, hash_, body)
        self._later.changes.append(values)
        return Change(store, seq, kind, ticket_id, version, body, salt, body_hash, hash_)

    def _lock_heads(self, stores: set[str]) -> None:
        for store, seq, hash_ in self._rows(sql.LOCK_HEADS, sorted(stores)):
            self._heads[store] = (seq, hash_)
        for store in stores:
            if store not in self._heads:
                raise StoreUnknown(store=store)

    def head(self, store: str) -> StoreHead:
        """Where the store's feed ends; raises StoreUnknown."""
        self.finish()
        row = self._row(sql.HEAD, store)
        if row is None:
            raise StoreUnknown(store=store)
        return StoreHead(store, row[0], row[1], row[2])

    def changes_after(self, store: str, seq: int, *, limit: int) -> list[Change]:
        """The store's changes with a greater number, in order."""
        return [Change(*row) for row in self._rows(sql.CHANGES_AFTER, store, seq, limit)]

    def change_hash(self, store: str, seq: int) -> bytes | None:
        """The hash of that change; 32 zero bytes for number 0, None where it was pruned or never was."""
        if seq == 0:
            return GENESIS
        row = self._row(sql.CHANGE_HASH, store, seq)
        return bytes(row[0]) if row else None

    # --- what is looked up -----------------------------------------------------------------------------------

    def person(self, store: str, person_id: str) -> PersonRow | None:
        """A person as head office knows them."""
        key = (store, person_id)
        if key not in self._people:
            row = self._row(sql.PERSON, store, person_id)
            self._people[key] = PersonRow(row[0], row[1], row[2], Role(row[3]), row[4]) if row else None
        return self._people[key]

    def rules_text(self, name: str) -> str | None:
        """The latest published text under a name."""
        if name not in self._rules:
            row = self._row(sql.RULES_TEXT, name)
            self._rules[name] = row[0] if row else None
        return self._rules[name]

    def rules_version(self) -> int:
        """A number that grows with everything published."""
        row = self._row(sql.RULES_VERSION)
        return int(row[0]) if row else 0

    def store_zone(self, store: str) -> str:
        """The time zone's name of a store; raises StoreUnknown."""
        if store not in self._zones:
            row = self._row(sql.STORE_ZONE, store)
            if row is None:
                raise StoreUnknown(store=store)
            self._zones[store] = row[0]
        return self._zones[store]

    def stores(self) -> Iterable[str]:
        """The codes of all stores, in order."""
        return [row[0] for row in self._rows(sql.STORES)]


def _storable(text: str) -> str:
    """The text without the one character that PostgreSQL cannot keep; it must not make an operation fail for ever."""
    return text.replace("\x00", "\ufffd")


def _desk_of(row: Row) -> DeskRow:
    desk_id, inc, store, number, key, role, scope, last_n, chain, revoked, name = row
    return DeskRow(desk_id, inc, store, number, key, role, tuple(scope), last_n, chain, revoked, name)


def _answer_of(row: Row) -> Answer:
    op_id, inc, n, result, chain, version, store, seq, body, facts, at = row[:11]
    return Answer(op_id, inc, n, Result(result), chain, version, store, seq, body, facts, to_ms(at))
