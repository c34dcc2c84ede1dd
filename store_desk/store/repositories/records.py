"""What is only ever added: journal, slips and operations; with the counters that number them."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from store_desk.domain.journal import GENESIS, Entry, JournalHead, entry_hash
from store_desk.domain.slip import SlipVariant
from store_desk.services.codec import compact, from_ms, to_ms
from store_desk.services.ports import Operation, SlipRow

# Entries are streamed in pages, so that a reader never holds the database.
PAGE = 1_000
# The incarnation of a desk that has never been cloned or restored under a head office.
FIRST_INCARNATION = 1

_ENTRY_COLUMNS = "n, at, actor, what, subject, facts, previous, hash"
_HEAD = "SELECT n, hash, at FROM journal ORDER BY n DESC LIMIT 1"
_WRITE = f"INSERT INTO journal ({_ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ENTRIES = f"SELECT {_ENTRY_COLUMNS} FROM journal WHERE n > ? ORDER BY n LIMIT ?"
_ABOUT = f"SELECT {_ENTRY_COLUMNS} FROM journal WHERE subject <> '' AND subject = ? ORDER BY n DESC LIMIT ?"
_COUNT = "SELECT count(*) FROM journal WHERE at >= ? AND what = ? AND actor = ?"

_SLIP_COLUMNS = "number, case_id, ticket_id, variant, body, hash, made_at, printed_n, reprints, owed, failure"
_ADD_SLIP = f"INSERT INTO slip ({_SLIP_COLUMNS}) VALUES ({', '.join('?' * 11)})"
_SAVE_SLIP = "UPDATE slip SET printed_n = ?, reprints = ?, owed = ?, failure = ? WHERE number = ?"
_GET_SLIP = f"SELECT {_SLIP_COLUMNS} FROM slip WHERE number = ?"
# A stop sheet is nobody's proof of the cancellation, so it never is a ticket's latest slip.
_SLIPS_OF = f"SELECT {_SLIP_COLUMNS} FROM slip WHERE ticket_id = ? ORDER BY variant = 'stop_sheet', n DESC"
_OWED = f"SELECT {_SLIP_COLUMNS} FROM slip WHERE owed = 1 ORDER BY n LIMIT ?"
_LAST_SLIP = "SELECT hash FROM slip ORDER BY n DESC LIMIT 1"

_LAST_OPERATION = "SELECT n FROM operation WHERE inc = ? ORDER BY n DESC LIMIT 1"
_ADD_OPERATION = (
    "INSERT INTO operation (inc, n, op_id, kind, ticket_id, case_id, payload, digest, actor, created_at, state)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_OPERATIONS_OF = (
    "SELECT op_id, kind, ticket_id, case_id, payload, actor, created_at, state FROM operation"
    " WHERE ticket_id = ? ORDER BY inc, n"
)
_COUNT_ON = "INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
_SKIP = (
    "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
)
_COUNTED = "SELECT value FROM counter WHERE name = ?"


class StoredJournal:
    """Implements `services.ports.Journal`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute
        # The last entry that was written through this object: number, hash and time in milliseconds.
        self.wrote: tuple[int, str, int] | None = None

    def write(self, *, at: datetime, actor: str, what: str, subject: str = "", facts: dict[str, object]) -> None:
        """Adds the next entry of the chain."""
        n, previous, _ = self._last()
        n += 1
        # A file's name may hold bytes that are no text; the chain is made of text.
        text = compact(dict(sorted(facts.items()))).encode(errors="replace").decode()
        at_ms = to_ms(at)
        own = entry_hash(n=n, at_ms=at_ms, actor=actor, what=what, subject=subject, facts=text, previous=previous)
        self._run(_WRITE, (n, at_ms, actor, what, subject, text, previous, own))
        self.wrote = (n, own, at_ms)

    def head(self) -> JournalHead:
        """Where the chain ends."""
        n, own, at = self._last()
        return JournalHead(n, own, None if at is None else from_ms(at))

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Entries after number `after`, oldest first."""
        left = limit
        while left is None or left > 0:
            page = self._run(_ENTRIES, (after, PAGE if left is None else min(PAGE, left))).fetchall()
            if not page:
                return
            for row in page:
                yield Entry(*row)
            after = page[-1][0]
            left = None if left is None else left - len(page)

    def about(self, subject: str, *, limit: int) -> list[Entry]:
        """The latest entries about a ticket (by its id), newest first."""
        return [Entry(*row) for row in self._run(_ABOUT, (subject, limit))]

    def count_today(self, *, what: str, actor: str, since: datetime) -> int:
        """How many such entries of this person there are since then."""
        (count,) = self._run(_COUNT, (to_ms(since), what, actor)).fetchone()
        return int(count)

    def _last(self) -> tuple[int, str, int | None]:
        row = self._run(_HEAD).fetchone()
        return (0, GENESIS, None) if row is None else (row[0], row[1], row[2])


class StoredSlips:
    """Implements `services.ports.Slips`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add(self, slip: SlipRow) -> None:
        """Stores a new slip at the end of the desk's chain."""
        self._run(
            _ADD_SLIP,
            (
                slip.number,
                slip.case_id,
                slip.ticket_id,
                slip.variant.value,
                slip.body,
                slip.hash,
                to_ms(slip.made_at),
                slip.printed_n,
                slip.reprints,
                int(slip.owed),
                slip.failure,
            ),
        )

    def save(self, slip: SlipRow) -> None:
        """Writes how often it was printed, whether it is owed, and the last failure; nothing else of a slip changes."""
        self._run(_SAVE_SLIP, (slip.printed_n, slip.reprints, int(slip.owed), slip.failure, slip.number))

    def get(self, number: str) -> SlipRow | None:
        """The slip with this number."""
        row = self._run(_GET_SLIP, (number,)).fetchone()
        return None if row is None else _slip_from(row)

    def of_ticket(self, ticket_id: str) -> list[SlipRow]:
        """The ticket's slips, latest first, stop sheets after all others."""
        return [_slip_from(row) for row in self._run(_SLIPS_OF, (ticket_id,))]

    def owed(self, *, limit: int) -> list[SlipRow]:
        """Slips that have not moved paper yet, oldest first."""
        return [_slip_from(row) for row in self._run(_OWED, (limit,))]

    def last_hash(self) -> str:
        """The hash of this desk's latest slip, 64 zeros before the first."""
        row = self._run(_LAST_SLIP).fetchone()
        return GENESIS if row is None else str(row[0])


class StoredOperations:
    """Implements `services.ports.Operations`; numbers are dense per incarnation of the desk."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add(self, operation: Operation) -> None:
        """Puts the operation at the end of the log."""
        row = self._run(_LAST_OPERATION, (FIRST_INCARNATION,)).fetchone()
        self._run(
            _ADD_OPERATION,
            (
                FIRST_INCARNATION,
                1 if row is None else row[0] + 1,
                operation.id,
                operation.kind,
                operation.ticket_id,
                operation.case_id,
                operation.payload,
                hashlib.sha256(operation.payload.encode()).digest(),
                operation.actor,
                to_ms(operation.at),
                operation.state,
            ),
        )

    def of_ticket(self, ticket_id: str) -> list[Operation]:
        """The ticket's operations, oldest first."""
        return [
            Operation(row[0], row[1], row[2], row[3], row[4], row[5], from_ms(row[6]), row[7])
            for row in self._run(_OPERATIONS_OF, (ticket_id,))
        ]


class StoredCounters:
    """Implements `services.ports.Counters`; gapless, because a transaction that fails takes its number back."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def next(self, name: str) -> int:
        """The counter's next number, beginning with 1."""
        self._run(_COUNT_ON, (name,))
        (value,) = self._run(_COUNTED, (name,)).fetchone()
        return int(value)

    def skip(self, name: str, by: int) -> None:
        """Leaves out so many numbers."""
        self._run(_SKIP, (name, by))


def _slip_from(row: Any) -> SlipRow:
    return SlipRow(
        number=row[0],
        case_id=row[1],
        ticket_id=row[2],
        variant=SlipVariant(row[3]),
        body=row[4],
        hash=row[5],
        made_at=from_ms(row[6]),
        printed_n=row[7],
        reprints=row[8],
        owed=bool(row[9]),
        failure=row[10],
    )
