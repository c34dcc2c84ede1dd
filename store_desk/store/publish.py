"""Moves a compared staging file into the store in short transactions, so that look-ups and cancellations go on.

`Publication.step` runs one transaction on the lane: it takes rows a few at a time, and commits as soon as somebody
waits for the lane; while nobody does, a transaction grows to a bound that keeps its commit short.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from store_desk.domain.errors import BatchNotFound, ImportRunning
from store_desk.services.codec import to_ms
from store_desk.services.ports import Batch
from store_desk.store.backup import keep_rolling_copy
from store_desk.store.database import DATABASE_ERRORS, our_errors, raw_key
from store_desk.store.opening import Store
from store_desk.store.rows import COLUMN_NAMES, COLUMNS, KEY_COLUMNS
from store_desk.store.search_words import cuts_of
from store_desk.store.staging import counts_from, told_of
from store_desk.store.unit_of_work import StoredWork

# Rows taken at a time before asking whether somebody waits: about five milliseconds.
PART_ROWS = 100
# Rows of one transaction while nobody waits. Most of the work of indexes is done at its end, whoever comes meanwhile
# waits for it; so transactions grow while their ends are short, and shrink on a slow disk.
STEP_ROWS_BUSY = 300
STEP_ROWS_MIN = 600
STEP_ROWS_MAX = 1_500
END_S = 0.030
CHECKPOINT_ROWS = 2_500
WORDS_PER_STEP = 300

_WIDE = f"{COLUMNS}, {KEY_COLUMNS}"
_NAMES = tuple(name.strip() for name in _WIDE.split(","))
_FROM_STAGING = ", ".join(f"r.{name}" for name in _NAMES)
_CHANGED = tuple(name for name in _NAMES if name not in ("id", "version"))
_PART = "staging.plan p JOIN staging.row r ON r.n = p.n WHERE p.seq > :after AND p.seq <= :upto"

_ADD = f"""
    INSERT INTO ticket (row, {_WIDE}, case_id, import_batch, import_version, digest)
    SELECT :base + p.seq, {_FROM_STAGING}, r.case_id, :batch, r.version, r.digest
      FROM {_PART} AND p.action = 'add' ORDER BY p.seq
"""
_ADD_WORDS = f"""
    INSERT INTO ticket_words (rowid, words)
    SELECT :base + p.seq, r.words FROM {_PART} AND p.action = 'add' ORDER BY p.seq
"""
_CASE = """
    INSERT INTO cancellation_case (id, ticket_id, state, reason, level, channel, origin, opened_at, requester,
                                   approver, applied_at, decided_at, ended_at, body)
    SELECT r.case_id, {ticket_id}, 'confirmed', r.reason, NULL, 'counter', 'import', r.closed_at, '', '', NULL,
           r.closed_at, NULL, '{{}}' FROM {source} AND r.cancelled = 1
"""
_ADD_CASES = _CASE.format(ticket_id="r.id", source=_PART + " AND p.action = 'add'")
_TAKEN = f"""
    UPDATE staging.plan SET action = 'late' WHERE seq IN (
        SELECT p.seq FROM {_PART} AND p.action = 'add' AND EXISTS (
            SELECT 1 FROM ticket t WHERE t.source = r.source AND t.store = r.store AND t.number = r.number))
"""
# A ticket that was touched between comparing and publishing keeps what it has.
_LATE = """
    UPDATE staging.plan SET action = 'late' WHERE seq > :after AND seq <= :upto AND action = 'update' AND NOT EXISTS (
        SELECT 1 FROM ticket t WHERE t.row = plan.ticket_row AND t.version = plan.version
           AND t.known = 0 AND t.case_id IS plan.old_case)
"""
_UPDATED = _PART + " AND p.action = 'update'"
_REMEMBER = f"""
    INSERT INTO import_change (batch, ticket_row, version, before, case_id)
    SELECT :batch, t.row, t.version + 1,
           json_array({", ".join("t." + name for name in COLUMN_NAMES)}, hex(t.digest), t.case_id, t.import_version),
           CASE WHEN r.cancelled = 1 AND t.case_id IS NULL THEN r.case_id
                WHEN r.cancelled = 0 AND t.case_id IS NOT NULL THEN t.case_id END
      FROM staging.plan p JOIN staging.row r ON r.n = p.n JOIN ticket t ON t.row = p.ticket_row
     WHERE p.seq > :after AND p.seq <= :upto AND p.action = 'update'
"""
_UPDATE_CASES = _CASE.format(
    ticket_id="t.id",
    source="staging.plan p JOIN staging.row r ON r.n = p.n JOIN ticket t ON t.row = p.ticket_row"
    " WHERE p.seq > :after AND p.seq <= :upto AND p.action = 'update' AND t.case_id IS NULL",
)
# An export that shows an imported cancellation as open again: the case stays, superseded by what is so now.
_SUPERSEDE = f"""
    UPDATE cancellation_case SET state = 'superseded', decided_at = :now WHERE origin = 'import' AND id IN (
        SELECT p.old_case FROM {_UPDATED} AND r.cancelled = 0 AND p.old_case IS NOT NULL)
"""
_UPDATE = f"""
    UPDATE ticket SET {", ".join(f"{name} = r.{name}" for name in _CHANGED)}, version = ticket.version + 1,
           import_version = ticket.version + 1, digest = r.digest,
           case_id = CASE WHEN r.cancelled = 1 AND ticket.case_id IS NULL THEN r.case_id ELSE ticket.case_id END
      FROM staging.plan p JOIN staging.row r ON r.n = p.n
     WHERE p.seq > :after AND p.seq <= :upto AND p.action = 'update' AND ticket.row = p.ticket_row
"""
_UPDATE_WORDS = f"REPLACE INTO ticket_words (rowid, words) SELECT p.ticket_row, r.words FROM {_UPDATED}"
_HAS_UPDATES = "SELECT 1 FROM staging.plan WHERE seq > :after AND seq <= :upto AND action = 'update' LIMIT 1"
_MOVED = "SELECT action, count(*) FROM staging.plan WHERE seq > :after AND seq <= :upto GROUP BY action"
_WORD_PAGE = "SELECT word FROM staging.word WHERE word > ? ORDER BY word LIMIT ?"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a publication or an undo is: rows done of `total`; `finished` when nothing is left to do."""

    done: int
    total: int
    finished: bool


class Publication:
    """One import on its way into the store; every method must run on the database lane, outside a transaction."""

    def __init__(self, store: Store, staging: Path, batch: Batch) -> None:
        self._store = store
        self._staging = staging
        self._after = 0
        self._last_word = ""
        self._checkpointed = 0
        self._rows = STEP_ROWS_MIN
        self.batch = batch
        store.connect_lane()
        self._connection = store.database.connection()
        with our_errors():
            uri = f"{staging.absolute().as_uri()}?mode=rw"
            self._connection.execute("ATTACH ? AS staging KEY ?", (uri, raw_key(store.keys.database)))
            self._connection.execute("PRAGMA staging.journal_mode=memory")
            self._connection.execute("PRAGMA staging.synchronous=0")
            (self._total,) = self._connection.execute("SELECT COALESCE(max(seq), 0) FROM staging.plan").fetchone()
            self._told = told_of(self._connection)
            self._actions: Counter[str] = Counter()

    def step(self, *, waiting: Callable[[], bool], now: datetime) -> Progress:
        """One short transaction; when it answers `finished`, the batch is done and the staging file may go."""
        with self._store.writing() as unit:
            if self._after < self._total:
                moved_at = self._move_rows(unit, waiting, now)
            elif self._learn_words(unit):
                moved_at = 0.0
            else:
                counts = counts_from(self._actions, *self._told)
                self.batch = replace(self.batch, state="done", counts=counts, finished_at=now)
                unit.batches.save(self.batch)
                moved_at = -1.0
        if moved_at < 0:
            self.close()
            return Progress(self._total, self._total, True)
        if moved_at:
            self._pace(time.perf_counter() - moved_at, waited=waiting())
            self._keep_log_short(waiting)
        return Progress(self._after, self._total, False)

    def close(self) -> None:
        """Lets go of the staging file; after the last step, or when the import is given up."""
        with our_errors():
            # Names alone: the file names beside them may be no text that Python can read.
            attached = {name for (name,) in self._connection.execute("SELECT name FROM pragma_database_list")}
            if "staging" in attached:
                self._connection.execute("DETACH staging")

    def _keep_log_short(self, waiting: Callable[[], bool]) -> None:
        """Moves the write-ahead log into the file while nobody waits, else a large import would make it gigabytes."""
        if self._after - self._checkpointed >= CHECKPOINT_ROWS and not waiting():
            self._store.checkpoint()
            self._checkpointed = self._after

    def _pace(self, end_s: float, *, waited: bool) -> None:
        """Small transactions while somebody works here, growing ones while nobody does and their ends are short."""
        if waited:
            self._rows = STEP_ROWS_BUSY
            return
        factor = 0.5 if end_s > END_S else 1.25
        self._rows = max(STEP_ROWS_MIN, min(STEP_ROWS_MAX, int(self._rows * factor)))

    def _move_rows(self, unit: StoredWork, waiting: Callable[[], bool], now: datetime) -> float:
        """Moves rows until somebody waits; answers when the part began that cannot be cut short."""
        connection = unit.connection
        (top,) = connection.execute("SELECT max(row) FROM ticket").fetchone()
        values = {"batch": self.batch.id, "base": (top or 0) - self._after, "now": to_ms(now)}
        last, updates = self._after, False
        while last < self._total and last - self._after < self._rows:
            first, last = last, min(last + PART_ROWS, self._total)
            updates = self._move_part(connection, {**values, "after": first, "upto": last}) or updates
            if waiting():
                break
        moved_at = time.perf_counter()
        # All words together at the end: every other statement makes the words index write what it holds so far.
        step = {**values, "after": self._after, "upto": last}
        connection.execute(_ADD_WORDS, step)
        if updates:
            connection.execute(_UPDATE_WORDS, step)
        for action, count in connection.execute(_MOVED, step):
            self._actions[action] += count
        self._after = last
        return moved_at

    def _move_part(self, connection: Any, values: dict[str, int]) -> bool:
        """Moves one part without its words; answers whether it changed tickets that were there already."""
        connection.execute("SAVEPOINT part")
        try:
            connection.execute(_ADD, values)
        except DATABASE_ERRORS as error:
            if "UNIQUE" not in str(error):
                raise
            connection.execute("ROLLBACK TO part")
            connection.execute(_TAKEN, values)
            connection.execute(_ADD, values)
        connection.execute("RELEASE part")
        connection.execute(_ADD_CASES, values)
        if connection.execute(_HAS_UPDATES, values).fetchone() is None:
            return False
        for statement in (_LATE, _REMEMBER, _UPDATE_CASES, _SUPERSEDE, _UPDATE):
            connection.execute(statement, values)
        return True

    def _learn_words(self, unit: StoredWork) -> bool:
        """Writes the next words for misspelt queries; false when there are none left."""
        page = [word for (word,) in unit.connection.execute(_WORD_PAGE, (self._last_word, WORDS_PER_STEP))]
        unit.connection.executemany(
            "INSERT OR IGNORE INTO spelling (cut, word) VALUES (?, ?)",
            [(cut, word) for word in page for cut in cuts_of(word)],
        )
        self._last_word = page[-1] if page else self._last_word
        return bool(page)


def copy_before_import(store: Store) -> None:
    """Keeps a rolling copy of the store unless it has no tickets yet; takes seconds, so never on the database lane."""
    with store.reading() as unit:
        empty = unit.connection.execute("SELECT 1 FROM ticket LIMIT 1").fetchone() is None
    if not empty:
        with our_errors():
            keep_rolling_copy(store.database.connection(), store.folder, why="import")


def begin(store: Store, staging: Path, batch: Batch) -> Publication:
    """Stores the batch as running and opens its publication; raises ImportRunning when another one has not ended.

    `copy_before_import` comes first, on another thread.
    """
    with store.writing() as unit:
        if unit.batches.unfinished():
            raise ImportRunning()
    with store.writing() as unit:
        kept = unit.batches.add(replace(batch, state="running"))
    return Publication(store, staging, kept)


def batch_or_refuse(unit: StoredWork, batch_id: int) -> Batch:
    """The batch; raises BatchNotFound."""
    batch = unit.batches.get(batch_id)
    if batch is None:
        raise BatchNotFound(batch=batch_id)
    return batch
