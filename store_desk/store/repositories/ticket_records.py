"""Tickets with their cases as head office tells of them: written over what is here, a page of a feed at a time."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from store_desk.domain.case import OPEN_STATES, CancellationCase, CaseState
from store_desk.domain.errors import CaseAlreadyOpen
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.services.messages import BodyParts
from store_desk.store.database import DATABASE_ERRORS
from store_desk.store.repositories.cases import (
    ADD_OBLIGATION,
    CASE_COLUMNS,
    OBLIGATION_COLUMNS,
    SAVE_CASE,
    case_from,
    case_values,
    changing_values,
    obligation_from,
    obligation_values,
)
from store_desk.store.rows import (
    COLUMN_NAMES,
    COLUMNS,
    COLUMNS_N,
    KEY_COLUMNS,
    key_values,
    numbers_of,
    texts_of,
    ticket_from,
    ticket_values,
)
from store_desk.store.search_words import keys_from, spelling_words_from, words_from
from store_desk.store.shown_rows import shown_others, shown_values
from store_desk.store.spelling import Spelling

# Records written at a time: a page of a feed. The words index writes what it holds whenever another statement follows,
# so that a page in five parts would cost five times as much there.
PART_RECORDS = 500
PAGE_IDS = 2_000

# Columns that follow the ticket along its life and are in none of the search's indexes.
_MOVING = (
    "type",
    "review",
    "work",
    "updated_at",
    "currency",
    "amount_minor",
    "compensation_minor",
    "assignee",
    "origin_channel",
    "due_at",
    "review_since",
    "closed_at",
    "version",
)
_FIXED = tuple(name for name in COLUMN_NAMES[1:] if name not in _MOVING)
_moving_of = operator.itemgetter(*map(COLUMN_NAMES.index, _MOVING))
_fixed_of = operator.itemgetter(*map(COLUMN_NAMES.index, _FIXED))

_TOP = "SELECT coalesce(max(row), 0) FROM ticket"
_SEEN = f"SELECT id, row, evicted, {', '.join(_FIXED)} FROM ticket WHERE id IN (SELECT value FROM json_each(?))"
_ADD = (
    f"INSERT INTO ticket ({COLUMNS}, {KEY_COLUMNS}, case_id, row, known)"
    f" VALUES ({', '.join('?' * (COLUMNS_N + 5 + 3))})"
)
_VERSIONS = "SELECT id, version FROM ticket WHERE known <> 0 AND evicted = 0 AND id IN (SELECT value FROM json_each(?))"
_TOLD = "case_id = ?, known = CASE WHEN ? THEN row ELSE known END"
_MOVE = f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in _MOVING)}, {_TOLD} WHERE row = ?"
_CHANGE = (
    f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in COLUMN_NAMES[1:])},"
    f" number_key = ?, order_key = ?, phone_key = ?, serial_key = ?, tail = ?, evicted = 0, {_TOLD} WHERE row = ?"
)
_ADD_WORDS = "INSERT INTO ticket_words (rowid, words) VALUES (?, ?)"
_PUT_WORDS = "REPLACE INTO ticket_words (rowid, words) VALUES (?, ?)"

_HAS_CASES = "SELECT id, body FROM cancellation_case WHERE ticket_id = ?"
_ADD_CASE = f"INSERT INTO cancellation_case ({CASE_COLUMNS}, desk, slip, place) VALUES ({', '.join('?' * (14 + 3))})"
_SAVE_CASE = SAVE_CASE.replace(" WHERE", ", desk = ?, slip = ?, place = ? WHERE")
_PUT_OBLIGATION = (
    f"{ADD_OBLIGATION} ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, state = excluded.state,"
    " due_at = excluded.due_at, amount_minor = excluded.amount_minor, text = excluded.text, result = excluded.result,"
    " closed_at = excluded.closed_at"
)

_GET = f"SELECT {COLUMNS}, case_id FROM ticket WHERE id = ? AND evicted = 0"
_CASES = (
    f"SELECT {CASE_COLUMNS}, desk, slip FROM cancellation_case WHERE ticket_id = ? ORDER BY place IS NULL, place, n"
)
_OBLIGATIONS = (
    f"SELECT {', '.join('o.' + name for name in OBLIGATION_COLUMNS.split(', '))} FROM obligation o"
    " JOIN cancellation_case c ON c.id = o.case_id WHERE c.ticket_id = ? ORDER BY o.n"
)
_CASE_STATES = (
    "SELECT c.id, c.state FROM ticket t JOIN cancellation_case c ON c.ticket_id = t.id WHERE t.id = ? AND t.evicted = 0"
)
_ROW = "SELECT row FROM ticket WHERE id = ? AND evicted = 0"
_EVICT = (
    "UPDATE ticket SET evicted = 1, known = row, number_key = '', order_key = '', phone_key = '',"
    " serial_key = '', source_key = '', tail = '' WHERE row = ?"
)
_DROP_WORDS = "DELETE FROM ticket_words WHERE rowid = ?"
_UNKNOWN = "SELECT id FROM ticket WHERE known = 0 AND evicted = 0 AND id > ? ORDER BY id LIMIT ?"
_MARK_KNOWN = "UPDATE ticket SET known = row WHERE known = 0 AND id IN (SELECT value FROM json_each(?))"
# A number that this desk has given to another ticket meanwhile keeps the row known: it is here, only not offered.
_MARK_UNKNOWN = (
    "UPDATE OR IGNORE ticket SET known = 0 WHERE known > 0 AND evicted = 0 AND id IN (SELECT value FROM json_each(?))"
)
_KNOWN = f"SELECT row, id FROM ticket WHERE row > ? AND known > 0 AND evicted = 0 ORDER BY row LIMIT {PAGE_IDS}"


class _Row(NamedTuple):
    """A record to be written: the ticket's values, its names' other form, its cases, which of them stands."""

    values: tuple[Any, ...]
    others: tuple[str, str]
    cases: tuple[CaseRecord, ...]
    standing: str


class StoredRecords:
    """Implements `services.ports.Records`."""

    def __init__(self, connection: Any, spelling: Spelling) -> None:
        self._connection = connection
        self._run = connection.execute
        self._spelling = spelling

    def get(self, ticket_id: str) -> TicketRecord | None:
        """The record as this desk's tables have it, cases oldest first; strokes are left out."""
        row = self._run(_GET, (ticket_id,)).fetchone()
        if row is None:
            return None
        cases = self._run(_CASES, (ticket_id,)).fetchall()
        owed: dict[str, list[Any]] = {}
        for item in self._run(_OBLIGATIONS, (ticket_id,)) if cases else ():
            owed.setdefault(item[1], []).append(obligation_from(item))
        shown = tuple(
            CaseRecord(replace(case_from(case), strokes=()), tuple(owed.get(case[0], ())), case[14], case[15])
            for case in cases
        )
        return TicketRecord(ticket_from(row), shown, row[COLUMNS_N] or "")

    def case_states(self, ticket_id: str) -> dict[str, CaseState]:
        """The states of the cases that `get` shows, by case."""
        return {case_id: CaseState(state) for case_id, state in self._run(_CASE_STATES, (ticket_id,))}

    def put(self, record: TicketRecord, *, known: bool = True) -> None:
        """Writes ticket, cases and obligations over what is there and makes `standing` the ticket's case.

        Cases, obligations and strokes that are only here stay. Raises CaseAlreadyOpen when the record opens a case
        while another, of which it does not tell, is open here.
        """
        others = (record.ticket.facts.customer_other, record.ticket.facts.product_other)
        self._put_part([_Row(ticket_values(record.ticket), others, record.cases, record.standing)], known=known)

    def put_many(self, records: Iterable[BodyParts]) -> None:
        """As `put`, for pages of a feed; of several records of one ticket the last is written.

        Raises what `record_from_body` raises for what is no ticket.
        """
        left = iter(records)
        while part := list(islice(left, PART_RECORDS)):
            rows = [_Row(shown_values(shown), shown_others(shown), cases, standing) for shown, cases, standing in part]
            self._put_part(list({row.values[0]: row for row in rows}.values()), known=True)

    def evict(self, ticket_id: str) -> bool:
        """Takes a ticket out of the lists and the search; its cases, slips and operations stay."""
        found = self._run(_ROW, (ticket_id,)).fetchone()
        if found is None:
            return False
        self._run(_EVICT, found)
        self._run(_DROP_WORDS, found)
        return True

    def unknown(self, *, limit: int, after: str = "") -> list[TicketRecord]:
        """Tickets that head office has not been told of, by id."""
        ids = [ticket_id for (ticket_id,) in self._run(_UNKNOWN, (after, limit)).fetchall()]
        return [record for record in map(self.get, ids) if record is not None]

    def mark_known(self, ticket_ids: Iterable[str]) -> None:
        """Marks tickets as such that head office knows."""
        self._run(_MARK_KNOWN, (json.dumps(list(ticket_ids)),))

    def mark_unknown(self, ticket_ids: Iterable[str]) -> None:
        """Head office has lost them, so they are offered to it again."""
        self._run(_MARK_UNKNOWN, (json.dumps(list(ticket_ids)),))

    def versions(self, ticket_ids: Iterable[str]) -> dict[str, int]:
        """The versions here of those that head office knows and that are listed here."""
        return dict(self._run(_VERSIONS, (json.dumps(list(ticket_ids)),)).fetchall())

    def known_ids(self) -> Iterator[str]:
        """Ids of all tickets that head office knows and that are listed here, read in pages."""
        last = -1
        while page := self._run(_KNOWN, (last,)).fetchall():
            yield from (ticket_id for _, ticket_id in page)
            last = page[-1][0]

    def _put_part(self, rows: list[_Row], *, known: bool) -> None:
        """Writes records of different tickets: tickets, then all words together, then cases."""
        ids = json.dumps([row.values[0] for row in rows])
        there = {row[0]: row[1:] for row in self._run(_SEEN, (ids,))}
        top = 0
        latin: set[str] = set()
        added: list[tuple[Any, ...]] = []
        moved: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        fresh_words: list[tuple[int, str]] = []
        changed_words: list[tuple[int, str]] = []
        for values, others, _, standing in rows:
            case_id = standing or None
            seen = there.get(values[0])
            if seen is not None and not seen[1] and seen[2:] == _fixed_of(values):
                moved.append((*_moving_of(values), case_id, known, seen[0]))
                continue
            keys = keys_from(*numbers_of(values))
            texts = texts_of(values)
            words = words_from(texts, others, keys)
            latin |= spelling_words_from(texts, others)
            if seen is not None:
                changed.append((*values[1:], *key_values(keys), case_id, known, seen[0]))
                changed_words.append((seen[0], words))
                continue
            top = (top or self._run(_TOP).fetchone()[0]) + 1
            added.append((*values, *key_values(keys), case_id, top, top if known else 0))
            fresh_words.append((top, words))
        self._spelling.learn(self._connection, latin)
        # What changes comes first: it may give up a number that a new ticket bears.
        self._run_all(_MOVE, moved)
        self._run_all(_CHANGE, changed)
        self._run_all(_ADD, added)
        # All words together: every other statement makes the words index write what it holds so far.
        self._run_all(_ADD_WORDS, fresh_words)
        self._run_all(_PUT_WORDS, changed_words)
        for row in rows:
            if row.cases:
                self._put_cases(row, is_new=row.values[0] not in there)

    def _run_all(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.executemany(statement, rows)

    def _put_cases(self, row: _Row, *, is_new: bool) -> None:
        """Writes cases that end before those that open, since only one may be open at any moment."""
        ticket_id, number = row.values[:2]
        here = {} if is_new else dict(self._run(_HAS_CASES, (ticket_id,)).fetchall())
        placed = sorted(enumerate(row.cases), key=lambda item: item[1].case.state in OPEN_STATES)
        for place, item in placed:
            case = item.case
            try:
                if case.id in here:
                    shown = _with_strokes(case, here[case.id])
                    self._run(_SAVE_CASE, (*changing_values(shown), item.desk, item.slip, place, case.id))
                else:
                    self._run(_ADD_CASE, (*case_values(case), item.desk, item.slip, place))
            except DATABASE_ERRORS as error:
                if "UNIQUE constraint failed: cancellation_case.ticket_id" not in str(error):
                    raise
                raise CaseAlreadyOpen(number=number) from error
            for obligation in item.obligations:
                self._run(_PUT_OBLIGATION, obligation_values(obligation))


def _with_strokes(case: CancellationCase, body: str) -> CancellationCase:
    """The case with the strokes that were drawn here, which never leave the desk."""
    if case.strokes or '"strokes"' not in body:
        return case
    kept = case_from((case.id, case.ticket_id, *case_values(case)[2:13], body)).strokes
    return replace(case, strokes=kept)
