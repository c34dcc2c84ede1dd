"""Takes an import back: what nobody touched since goes or is restored, the rest stays and is named."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from store_desk.domain.errors import BatchNotFound, BatchTooOld
from store_desk.services.ports import Batch
from store_desk.store.opening import Store
from store_desk.store.publish import Progress, batch_or_refuse
from store_desk.store.rows import COLUMN_NAMES, COLUMNS_N, key_values, ticket_from
from store_desk.store.search_words import keys_of, words_of
from store_desk.store.unit_of_work import StoredWork

PART_ROWS = 50
STEP_ROWS = 400
# Numbers of tickets that stay are named up to here; the count goes on.
NAMED_MAX = 1_000

_UNTOUCHED = """
    t.version = t.import_version AND t.known = 0
    AND NOT EXISTS (
        SELECT 1 FROM import_batch b WHERE b.id > :batch AND b.state = 'done' AND EXISTS (
            SELECT 1 FROM import_change i WHERE i.batch = b.id AND i.ticket_row = t.row))
    AND NOT EXISTS (SELECT 1 FROM cancellation_case c WHERE c.ticket_id = t.id AND c.origin <> 'import')
    AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id)
    AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.subject <> '' AND j.subject = t.id)
"""
# Touched means: known to head office, changed since by a person or a later import, a case of its own, a draft, or
# spoken of in the journal.
_PAGE = f"""
    SELECT t.row, t.id, t.number, {_UNTOUCHED} FROM ticket t
     WHERE t.import_batch IS NOT NULL AND t.import_batch = :batch AND t.row < :below ORDER BY t.row DESC LIMIT :limit
"""
_CHANGES = f"""
    SELECT i.ticket_row, t.number, {_UNTOUCHED}, i.before, i.case_id
      FROM import_change i JOIN ticket t ON t.row = i.ticket_row
     WHERE i.batch = :batch AND i.ticket_row > :after ORDER BY i.ticket_row LIMIT :limit
"""
_RESTORED = tuple(name for name in COLUMN_NAMES if name not in ("id", "version"))
_RESTORE = (
    f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in _RESTORED)}, number_key = ?, order_key = ?,"
    " phone_key = ?, serial_key = ?, tail = ?, version = version + 1, digest = ?,"
    " case_id = ?, import_version = CASE WHEN ? THEN version + 1 ELSE 0 END WHERE row = ?"
)
_CONFIRM_AGAIN = "UPDATE cancellation_case SET state = 'confirmed', decided_at = opened_at WHERE id = ?"
_LAST_ROW = 1 << 62


@dataclass(frozen=True, slots=True)
class Kept:
    """What an undo left: the numbers of touched tickets (at most a thousand) and how many there are."""

    numbers: tuple[str, ...] = ()
    count: int = 0


class Undoing:
    """One import on its way out; every method must run on the database lane, outside a transaction."""

    def __init__(self, store: Store, batch: Batch, *, ends_as: str) -> None:
        self._store = store
        self._batch = batch
        self._ends_as = ends_as
        self._below = _LAST_ROW
        self._after = -1
        self._adding = True
        self._done = 0
        self.removed = 0
        self.restored = 0
        self.kept = Kept()
        with store.reading() as unit:
            (added,) = unit.connection.execute(
                "SELECT count(*) FROM ticket WHERE import_batch IS NOT NULL AND import_batch = ?", (batch.id,)
            ).fetchone()
            (changed,) = unit.connection.execute(
                "SELECT count(*) FROM import_change WHERE batch = ?", (batch.id,)
            ).fetchone()
        self._total = added + changed

    def step(self, *, waiting: Callable[[], bool], now: datetime) -> Progress:
        """One short transaction; the batch is marked in the last one."""
        with self._store.writing() as unit:
            left = STEP_ROWS
            while left > 0:
                taken = self._part(unit)
                self._done += taken
                left -= max(taken, 1)
                if self._done_with(taken):
                    unit.batches.save(replace(self._batch, state=self._ends_as, finished_at=now))
                    return Progress(self._total, self._total, True)
                if waiting():
                    break
        return Progress(self._done, self._total, False)

    def _done_with(self, taken: int) -> bool:
        if taken == 0 and self._adding:
            self._adding = False
            return False
        return taken == 0

    def _part(self, unit: StoredWork) -> int:
        return self._take_out(unit.connection) if self._adding else self._restore(unit.connection)

    def _take_out(self, connection: Any) -> int:
        page = connection.execute(_PAGE, {"batch": self._batch.id, "below": self._below, "limit": PART_ROWS}).fetchall()
        for row, ticket_id, number, untouched in page:
            self._below = row
            if not untouched:
                self._keep(number)
                continue
            connection.execute("DELETE FROM cancellation_case WHERE ticket_id = ?", (ticket_id,))
            connection.execute("DELETE FROM ticket_words WHERE rowid = ?", (row,))
            connection.execute("DELETE FROM ticket WHERE row = ?", (row,))
            self.removed += 1
        return len(page)

    def _restore(self, connection: Any) -> int:
        page = connection.execute(
            _CHANGES, {"batch": self._batch.id, "after": self._after, "limit": PART_ROWS}
        ).fetchall()
        for row, number, untouched, before, changed_case in page:
            self._after = row
            if untouched:
                self._restore_one(connection, row, json.loads(before), changed_case)
                self.restored += 1
            else:
                self._keep(number)
        return len(page)

    def _restore_one(self, connection: Any, row: int, before: list[Any], changed_case: str | None) -> None:
        old_digest, old_case, old_import_version = before[COLUMNS_N:]
        ticket = ticket_from(before)
        keys = keys_of(ticket)
        values = [value for name, value in zip(COLUMN_NAMES, before, strict=False) if name in _RESTORED]
        digest = bytes.fromhex(old_digest) if old_digest else None
        was_untouched = old_import_version == ticket.version
        connection.execute(_RESTORE, (*values, *key_values(keys), digest, old_case, was_untouched, row))
        connection.execute("UPDATE ticket_words SET words = ? WHERE rowid = ?", (words_of(ticket, keys), row))
        if changed_case is not None and old_case is None:
            connection.execute("DELETE FROM cancellation_case WHERE id = ?", (changed_case,))
        elif changed_case is not None:
            connection.execute(_CONFIRM_AGAIN, (changed_case,))

    def _keep(self, number: str) -> None:
        numbers = self.kept.numbers
        self.kept = Kept((*numbers, number) if len(numbers) < NAMED_MAX else numbers, self.kept.count + 1)


def begin_undo(store: Store, batch_id: int, *, now: datetime, hours: int) -> Undoing:
    """The undo of a finished import; raises BatchNotFound, or BatchTooOld after `hours` (policy.import_undo_h)."""
    with store.reading() as unit:
        batch = batch_or_refuse(unit, batch_id)
    if batch.state != "done":
        raise BatchNotFound(batch=batch_id)
    if now - (batch.finished_at or batch.started_at) > timedelta(hours=hours):
        raise BatchTooOld(batch=batch_id, hours=hours)
    return Undoing(store, batch, ends_as="undone")


def begin_stop(store: Store, batch: Batch) -> Undoing:
    """Takes back what a running import has published; the publication must have been closed before."""
    return Undoing(store, batch, ends_as="stopped")


def take_back_unfinished(store: Store, *, now: datetime) -> list[Batch]:
    """Takes back imports that a crash or a power cut left half published; to be called at the start. Answers them."""
    with store.reading() as unit:
        unfinished = unit.batches.unfinished()
    for batch in unfinished:
        undoing = begin_stop(store, batch)
        while not undoing.step(waiting=lambda: False, now=now).finished:
            continue
    return unfinished
