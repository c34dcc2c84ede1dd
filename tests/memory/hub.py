"""Head office's database in memory: the rules of `hub.ports.HubUnit` over dicts, with images to restore from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from store_desk.domain.record import TicketRecord
from store_desk.hub.ports import DeskRow, HubUnit, KnownOperation, PersonRow, StoreHead
from store_desk.services.messages import GENESIS, Answer, Change, body_hash_of, next_feed_hash

T = TypeVar("T")
_NOTHING = object()


@dataclass
class Books:
    """All tables. Values are immutable, so an image is a copy of the dicts."""

    epoch: str = "e1"
    desks: dict[tuple[str, int], DeskRow] = field(default_factory=dict)
    operations: dict[str, KnownOperation] = field(default_factory=dict)
    answers: dict[tuple[str, int, int], Answer] = field(default_factory=dict)
    records: dict[str, tuple[TicketRecord, str, str]] = field(default_factory=dict)
    feed: dict[tuple[str, int], Change] = field(default_factory=dict)
    caused_by: dict[tuple[str, int], str] = field(default_factory=dict)
    heads: dict[str, StoreHead] = field(default_factory=dict)
    people: dict[tuple[str, str], PersonRow] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def image(self) -> Books:
        """A copy that later changes do not reach."""
        return Books(
            self.epoch,
            *(
                dict(table)
                for table in (
                    self.desks,
                    self.operations,
                    self.answers,
                    self.records,
                    self.feed,
                    self.caused_by,
                    self.heads,
                    self.people,
                    self.rules,
                )
            ),
        )


class MemoryHub:
    """Head office in memory. `transaction` commits all or nothing."""

    def __init__(self, *, zone: str = "Asia/Shanghai") -> None:
        self.books = Books()
        self.zone = zone

    def add_store(self, code: str) -> None:
        """A store with an empty feed."""
        self.books.heads[code] = StoreHead(code, 0, GENESIS)

    @contextmanager
    def transaction(self) -> Iterator[MemoryUnit]:
        """One transaction; anything raised inside takes all of it back."""
        unit = MemoryUnit(self.books, self.zone)
        try:
            yield unit
        except BaseException:
            unit.roll_back()
            raise

    def run(self, work: Callable[[HubUnit], T]) -> T:
        """The work in a transaction of its own."""
        with self.transaction() as unit:
            return work(unit)


class MemoryUnit:
    """Implements `hub.ports.HubUnit`."""

    def __init__(self, books: Books, zone: str) -> None:
        self._books = books
        self._zone = zone
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    def _put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append((table, key, table.get(key, _NOTHING)))
        table[key] = value

    def roll_back(self) -> None:
        """Takes everything back."""
        for table, key, before in reversed(self._undo):
            if before is _NOTHING:
                table.pop(key, None)
            else:
                table[key] = before
        self._undo.clear()

    @property
    def epoch(self) -> str:
        return self._books.epoch

    def lock_desk(self, desk_id: str, inc: int) -> DeskRow | None:
        return self._books.desks.get((desk_id, inc))

    def desk(self, desk_id: str, inc: int) -> DeskRow | None:
        return self._books.desks.get((desk_id, inc))

    def save_desk(self, desk: DeskRow) -> None:
        self._put(self._books.desks, (desk.desk_id, desk.inc), desk)

    def operation(self, op_id: str) -> KnownOperation | None:
        return self._books.operations.get(op_id)

    def add_operation(self, known: KnownOperation, *, kind: str, ticket_id: str, payload: str, at: datetime) -> None:
        if known.id in self._books.operations:
            raise ValueError(f"operation {known.id} twice")
        self._put(self._books.operations, known.id, known)

    def add_answer(self, desk_id: str, answer: Answer) -> None:
        key = (desk_id, answer.inc, answer.n)
        if key in self._books.answers:
            raise ValueError(f"answer {key} twice")
        self._put(self._books.answers, key, answer)

    def answer_at(self, desk_id: str, inc: int, n: int) -> Answer | None:
        return self._books.answers.get((desk_id, inc, n))

    def answers_after(self, desk_id: str, inc: int, n: int, *, limit: int) -> list[Answer]:
        found: list[Answer] = []
        while len(found) < limit:
            n += 1
            answer = self._books.answers.get((desk_id, inc, n))
            if answer is None:
                break
            found.append(answer)
        return found

    def lock_record(self, ticket_id: str) -> tuple[TicketRecord, str] | None:
        found = self._books.records.get(ticket_id)
        return (found[0], found[1]) if found else None

    def put_record(self, record: TicketRecord, *, body: str, seq: int) -> None:
        self._put(self._books.records, record.ticket.id, (record, record.ticket.store, body))

    def append_change(
        self, store: str, *, kind: str, ticket_id: str, version: int, body: str, op_id: str, at: datetime
    ) -> Change:
        head = self._books.heads[store]
        seq = head.seq + 1
        salt = hashlib.sha256(f"{store}{seq}{ticket_id}".encode()).digest()[:16]
        hashed = body_hash_of(salt, body)
        link = next_feed_hash(head.hash, seq=seq, ticket_id=ticket_id, kind=kind, version=version, body_hash=hashed)
        change = Change(store, seq, kind, ticket_id, version, body, salt, hashed, link)
        self._put(self._books.heads, store, replace(head, seq=seq, hash=link))
        self._put(self._books.feed, (store, seq), change)
        self._put(self._books.caused_by, (store, seq), op_id)
        return change

    def head(self, store: str) -> StoreHead:
        return self._books.heads[store]

    def changes_after(self, store: str, seq: int, *, limit: int) -> list[Change]:
        found: list[Change] = []
        while len(found) < limit:
            seq += 1
            change = self._books.feed.get((store, seq))
            if change is None:
                break
            found.append(change)
        return found

    def change_hash(self, store: str, seq: int) -> bytes | None:
        if seq == 0:
            return GENESIS
        change = self._books.feed.get((store, seq))
        return change.hash if change else None

    def person(self, store: str, person_id: str) -> PersonRow | None:
        return self._books.people.get((store, person_id))

    def rules_text(self, name: str) -> str | None:
        return self._books.rules.get(name)

    def rules_version(self) -> int:
        return len(self._books.rules)

    def store_zone(self, store: str) -> str:
        return self._zone

    def stores(self) -> Iterable[str]:
        return list(self._books.heads)
