"""Tickets: constant statements, and every write keeps keys and words of the search in step."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from store_desk.domain.errors import TicketMoved
from store_desk.domain.ticket import Ticket
from store_desk.services.codec import to_ms
from store_desk.services.ports import ListedTicket
from store_desk.store.rows import (
    COLUMN_NAMES,
    COLUMNS,
    COLUMNS_N,
    KEY_COLUMNS,
    LISTED,
    key_values,
    listed_from,
    ticket_from,
    ticket_values,
)
from store_desk.store.search_words import key_of, keys_of, spelling_words, words_of
from store_desk.store.spelling import Spelling

# Lists say "1,000+" beyond this.
COUNT_MAX = 1_000
SAME_NUMBER_MAX = 50
# Tickets due later than the list asks for are few; of more than this the newest are looked for among the first.
LATER_MAX = 2_000
STREAM_ROWS = 500

_KEYS_N = 5
_GET = f"SELECT {COLUMNS} FROM ticket WHERE id = ? AND evicted = 0"
_BY_KEY = f"SELECT {COLUMNS} FROM ticket WHERE number_key = ? ORDER BY row DESC LIMIT {SAME_NUMBER_MAX}"
_BY_SOURCE_KEY = (
    f"SELECT {COLUMNS} FROM ticket WHERE source_key <> '' AND source_key = ? ORDER BY row DESC LIMIT {SAME_NUMBER_MAX}"
)
_ADD = f"INSERT INTO ticket ({COLUMNS}, {KEY_COLUMNS}) VALUES ({', '.join('?' * (COLUMNS_N + _KEYS_N))})"
_ADD_WORDS = "INSERT INTO ticket_words (rowid, words) VALUES (?, ?)"
_CHANGE_WORDS = "UPDATE ticket_words SET words = ? WHERE rowid = ?"
# What the search index is made of; when none of it changed, a save leaves the index alone.
SEARCHED = "number, order_number, phone, serial, customer, product, brand, category, problem_type, description, facts"
_SEARCHED_OF = operator.itemgetter(*(COLUMN_NAMES.index(name) for name in SEARCHED.split(", ")))
_SEEN = f"SELECT row, version, number, {SEARCHED} FROM ticket WHERE id = ? AND evicted = 0"
_SAVE = f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in COLUMN_NAMES[1:])} WHERE row = ? AND version = ?"
_SAVE_KEYS = "UPDATE ticket SET number_key = ?, order_key = ?, phone_key = ?, serial_key = ?, tail = ? WHERE row = ?"
_LISTED_IDS = f"{LISTED} WHERE t.id IN (SELECT value FROM json_each(?)) AND t.evicted = 0"

_OPEN = "t.closed_at IS NULL AND t.work <> 'done' AND t.review <> 'rejected' AND t.evicted = 0"
_NOT_CANCELLED = "(c.state IS NULL OR c.state NOT IN ('confirmed', 'confirmed_with_conditions'))"
_DUE = f"{LISTED} WHERE {_OPEN} AND t.due_at <= ? AND {_NOT_CANCELLED} ORDER BY t.due_at, t.row LIMIT ?"
_DUE_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE {_OPEN} AND t.due_at <= ? LIMIT {COUNT_MAX})"
_UNDATED = f"{LISTED} WHERE {_OPEN} AND t.due_at IS NULL AND {_NOT_CANCELLED} ORDER BY t.row DESC LIMIT ?"
_UNDATED_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE {_OPEN} AND t.due_at IS NULL LIMIT {COUNT_MAX})"
_LATER_ROWS = f"SELECT t.row FROM ticket t WHERE {_OPEN} AND t.due_at > ? LIMIT {LATER_MAX}"
_LATER = f"{LISTED} WHERE t.row IN (SELECT value FROM json_each(?)) AND {_NOT_CANCELLED} ORDER BY t.row DESC LIMIT ?"
_FINISHED = f"{LISTED} WHERE t.closed_at >= ? AND t.evicted = 0 ORDER BY t.closed_at DESC, t.row DESC LIMIT ?"
_FINISHED_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ticket WHERE closed_at >= ? AND evicted = 0 LIMIT {COUNT_MAX})"
_OF_PHONE = f"{LISTED} WHERE t.phone_key = ? AND t.phone_key <> '' AND t.id <> ? ORDER BY t.row DESC LIMIT ?"
_OF_PHONE_COUNT = (
    f"SELECT count(*) FROM (SELECT 1 FROM ticket WHERE phone_key = ? AND phone_key <> '' AND id <> ? LIMIT {COUNT_MAX})"
)
_SAME_SERIAL = (
    f"{LISTED} WHERE t.serial_key = ? AND t.serial_key <> '' AND t.id <> ? AND t.created_at >= ?"
    " ORDER BY t.row DESC LIMIT ?"
)
_SAME_ORDER = (
    f"{LISTED} WHERE t.order_key = ? AND t.order_key <> '' AND t.id <> ? AND t.created_at >= ?"
    " ORDER BY t.row DESC LIMIT ?"
)
# The words of the partial index: most tickets have no facts at all.
_REOPENED_FROM = (
    f"{LISTED} WHERE instr(t.facts, '\"reopens\":') > 0 AND json_extract(t.facts, '$.reopens') = ?"
    f" AND t.store = ? AND t.evicted = 0 ORDER BY t.row DESC LIMIT {SAME_NUMBER_MAX}"
)
_STREAM = f"{LISTED} WHERE t.row > ? AND t.evicted = 0 ORDER BY t.row LIMIT {STREAM_ROWS}"
_STREAM_ROWS = f"SELECT row FROM ticket WHERE row > ? AND evicted = 0 ORDER BY row LIMIT {STREAM_ROWS}"
_ROW_OF = "SELECT row FROM ticket WHERE id = ? AND evicted = 0"
# One whose number the store has under its code already stays under the other name.
_CLAIM = (
    "UPDATE OR IGNORE ticket SET store = ?"
    " WHERE known = 0 AND evicted = 0 AND store <> ? AND trim(store) IN (SELECT value FROM json_each(?))"
)
_COUNT = "SELECT (SELECT count(*) FROM ticket) - (SELECT count(*) FROM ticket WHERE evicted = 1)"


class StoredTickets:
    """Implements `services.ports.Tickets` on one connection."""

    def __init__(self, connection: Any, spelling: Spelling) -> None:
        self._run = connection.execute
        self._connection = connection
        self._spelling = spelling

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket with this id."""
        row = self._run(_GET, (ticket_id,)).fetchone()
        return None if row is None else ticket_from(row)

    def by_number(self, number: str) -> list[Ticket]:
        """Tickets with this number, else with this source key, else with this id; newest first, at most 50.

        Spelling, spaces and hyphens do not matter unless several tickets differ in nothing else.
        """
        key = key_of(number)
        found = [ticket_from(row) for row in self._run(_BY_KEY, (key,))] if key else []
        exact = [ticket for ticket in found if ticket.number == number]
        if found:
            return exact or found
        found = [ticket_from(row) for row in self._run(_BY_SOURCE_KEY, (number,))]
        if not found and (ticket := self.get(number)) is not None:
            found = [ticket]
        return found

    def add(self, ticket: Ticket) -> None:
        """Stores a new ticket."""
        keys = keys_of(ticket)
        row = self._run(_ADD, (*ticket_values(ticket), *key_values(keys))).lastrowid
        self._run(_ADD_WORDS, (row, words_of(ticket, keys)))
        self._spelling.learn(self._connection, spelling_words(ticket))

    def save(self, ticket: Ticket, *, seen_version: int) -> None:
        """Writes the ticket if its stored version is `seen_version`, else raises TicketMoved."""
        values = ticket_values(ticket)
        seen = self._run(_SEEN, (ticket.id,)).fetchone()
        if seen is None or seen[1] != seen_version:
            raise TicketMoved(number=ticket.number)
        row = seen[0]
        if self._run(_SAVE, (*values[1:], row, seen_version)).rowcount != 1:
            raise TicketMoved(number=ticket.number)
        if tuple(seen[3:]) != searched_of(values):
            keys = keys_of(ticket)
            self._run(_SAVE_KEYS, (*key_values(keys), row))
            self._run(_CHANGE_WORDS, (words_of(ticket, keys), row))
            self._spelling.learn(self._connection, spelling_words(ticket))

    def listed(self, ids: Iterable[str]) -> list[ListedTicket]:
        """The tickets with their case state, in the order asked for; unknown ids are left out."""
        wanted = list(ids)
        if not wanted:
            return []
        found = {row[0]: listed_from(row) for row in self._run(_LISTED_IDS, (json.dumps(wanted),))}
        return [found[ticket_id] for ticket_id in wanted if ticket_id in found]

    def needing_action(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        """Open tickets due until then (most urgent first), and how many there are (counted up to 1,000)."""
        due = to_ms(until)
        (count,) = self._run(_DUE_COUNT, (due,)).fetchone()
        return self._listed(_DUE, due, limit), count

    def open_here(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        """Open tickets that are not in needing_action, newest first, and their count (up to 1,000)."""
        due = to_ms(until)
        later = [row for (row,) in self._run(_LATER_ROWS, (due,))]
        (undated,) = self._run(_UNDATED_COUNT).fetchone()
        found = self._listed(_UNDATED, limit)
        if later:
            found += self._listed(_LATER, json.dumps(later), limit)
            found.sort(key=lambda item: item.ticket.created_at, reverse=True)
        return found[:limit], min(COUNT_MAX, undated + len(later))

    def finished_since(self, since: datetime, *, limit: int) -> tuple[list[ListedTicket], int]:
        """Tickets cancelled or closed since then, latest first, and their count (up to 1,000)."""
        (count,) = self._run(_FINISHED_COUNT, (to_ms(since),)).fetchone()
        return self._listed(_FINISHED, to_ms(since), limit), count

    def of_customer(self, ticket: Ticket, *, limit: int) -> tuple[list[ListedTicket], int]:
        """Other tickets of the same telephone (or, without one, none), newest first, and their count."""
        phone = keys_of(ticket).phone
        if not phone:
            return [], 0
        (count,) = self._run(_OF_PHONE_COUNT, (phone, ticket.id)).fetchone()
        return self._listed(_OF_PHONE, phone, ticket.id, limit), count

    def duplicates_of(self, ticket: Ticket, *, since: datetime, limit: int) -> list[ListedTicket]:
        """Candidates for the surviving ticket: same customer and same serial or order, made since then."""
        keys = keys_of(ticket)
        found = self._listed(_SAME_SERIAL, keys.serial, ticket.id, to_ms(since), COUNT_MAX)
        found += self._listed(_SAME_ORDER, keys.order, ticket.id, to_ms(since), COUNT_MAX)
        same = {item.ticket.id: item for item in found if _same_customer(ticket, item.ticket)}
        return sorted(same.values(), key=lambda item: item.ticket.created_at, reverse=True)[:limit]

    def reopened_from(self, ticket: Ticket) -> list[ListedTicket]:
        """Tickets of the same store that were made by reopening this one, newest first, at most 50."""
        return self._listed(_REOPENED_FROM, ticket.number, ticket.store)

    def claim(self, names: Iterable[str], *, store: str) -> int:
        """Puts tickets that stand under one of these names, unknown to head office, under the store's code."""
        told = json.dumps([name.strip() for name in names if name.strip()])
        return int(self._run(_CLAIM, (store, store, told)).rowcount)

    def count(self) -> int:
        """How many tickets there are."""
        (count,) = self._run(_COUNT).fetchone()
        return int(count)

    def all_matching(self, ids: Iterable[str] | None) -> Iterator[ListedTicket]:
        """Every ticket (None) or these, oldest first, streamed."""
        if ids is not None:
            rows = sorted(row for ticket_id in ids for (row,) in self._run(_ROW_OF, (ticket_id,)))
            for row in rows:
                yield from self._listed(f"{LISTED} WHERE t.row = ?", row)
            return
        last = -1
        while page := self._run(_STREAM_ROWS, (last,)).fetchall():
            yield from self._listed(_STREAM, last)
            last = page[-1][0]

    def _listed(self, sql: str, *values: Any) -> list[ListedTicket]:
        return [listed_from(row) for row in self._run(sql, values)]


def searched_of(values: Sequence[Any]) -> tuple[Any, ...]:
    """What the search is made of, in the order of SEARCHED, from a ticket's values."""
    found: tuple[Any, ...] = _SEARCHED_OF(values)
    return found


def _same_customer(one: Ticket, other: Ticket) -> bool:
    if one.phone and other.phone:
        return keys_of(one).phone == keys_of(other).phone
    return bool(one.customer) and one.customer == other.customer
