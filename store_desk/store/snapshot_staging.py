"""The staging file of a store's whole copy: rows come in over minutes or hours, survive a restart, and are read in SQL.

Unlike an import's, this file is committed page by page: a download that broke off goes on where it was. The file is
encrypted with the store's key; a copy by another name (`token`) throws away what the last one left.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.services.messages import SnapshotRow, record_from_body
from store_desk.store.database import DATABASE_ERRORS, our_errors, raw_key
from store_desk.store.repositories.cases import (
    CASE_COLUMNS,
    OBLIGATION_COLUMNS,
    case_from,
    case_values,
    obligation_from,
    obligation_values,
)
from store_desk.store.rows import COLUMNS, COLUMNS_N, KEY_COLUMNS, key_values, ticket_from, ticket_values
from store_desk.store.search_words import keys_of, spelling_words, words_of
from store_desk.store.staging import throw_away

# Rows of one commit: what a crash costs at most.
PAGE_ROWS = 1_000

_TABLES = (
    "CREATE TABLE head (token TEXT NOT NULL)",
    f"CREATE TABLE row (n INTEGER PRIMARY KEY, {COLUMNS}, {KEY_COLUMNS}, standing, words)",
    "CREATE UNIQUE INDEX row_id ON row (id)",
    f"CREATE TABLE told_case (row_n INTEGER, {CASE_COLUMNS}, desk, slip, place)",
    "CREATE INDEX told_case_row ON told_case (row_n)",
    f"CREATE TABLE owed (row_n INTEGER, {OBLIGATION_COLUMNS})",
    "CREATE INDEX owed_row ON owed (row_n)",
    "CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID",
)
_ADD_ROW = f"INSERT INTO row VALUES ({', '.join('?' * (1 + COLUMNS_N + 5 + 2))})"
_ADD_CASE = f"INSERT INTO told_case VALUES ({', '.join('?' * (1 + 14 + 3))})"
_ADD_OWED = f"INSERT INTO owed VALUES ({', '.join('?' * (1 + 10))})"
_TOP = "SELECT coalesce(max(n), 0), coalesce((SELECT id FROM row ORDER BY n DESC LIMIT 1), '') FROM row"
_ROW = f"SELECT {COLUMNS}, standing FROM staging.row WHERE n = ?"
_CASES = f"SELECT {CASE_COLUMNS}, desk, slip FROM staging.told_case WHERE row_n = ? ORDER BY place"
_OWED = f"SELECT {OBLIGATION_COLUMNS} FROM staging.owed WHERE row_n = ? ORDER BY rowid"


class SnapshotStaging:
    """One copy's staging file; `count` rows are in it, the last of them of ticket `after`."""

    def __init__(self, path: Path, key: bytes, *, token: str) -> None:
        self.path = path
        self._key = key
        self._connection = self._reopened(token) or self._fresh(token)
        self.count, self.after = self._connection.execute(_TOP).fetchone()
        self._written: set[str] = set()

    def stage(
        self, rows: Iterable[SnapshotRow], *, progress: Callable[[int], None], stopped: Callable[[], bool]
    ) -> bool:
        """Takes rows, page by page; false when it was stopped before their end. A row that is there is passed over."""
        left = iter(rows)
        while page := list(islice(left, PAGE_ROWS)):
            with our_errors():
                self._stage_page([record_from_body(row.body) for row in page if row.ticket_id > self.after])
            progress(self.count)
            if stopped():
                return False
        return True

    def close(self) -> None:
        """Lets go of the file; what is in it stays."""
        self._connection.close()

    def _stage_page(self, records: list[TicketRecord]) -> None:
        rows: list[tuple[Any, ...]] = []
        cases: list[tuple[Any, ...]] = []
        owed: list[tuple[Any, ...]] = []
        words: set[str] = set()
        count = self.count
        for record in records:
            ticket = record.ticket
            count += 1
            keys = keys_of(ticket)
            words |= spelling_words(ticket)
            rows.append((count, *ticket_values(ticket), *key_values(keys), record.standing, words_of(ticket, keys)))
            for place, item in enumerate(record.cases):
                cases.append((count, *case_values(item.case), item.desk, item.slip, place))
                owed += [(count, *obligation_values(obligation)) for obligation in item.obligations]
        connection = self._connection
        connection.execute("BEGIN")
        try:
            connection.executemany(_ADD_ROW, rows)
            connection.executemany(_ADD_CASE, cases)
            connection.executemany(_ADD_OWED, owed)
            fresh = [(word,) for word in words - self._written]
            connection.executemany("INSERT OR IGNORE INTO word VALUES (?)", fresh)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        self._written |= words
        if rows:
            self.count, self.after = count, rows[-1][1]

    def _reopened(self, token: str) -> Any:
        """The connection to what an earlier run left of the same copy; None when there is nothing of use."""
        if not self.path.exists():
            return None
        try:
            connection = self._connect("rw")
        except DATABASE_ERRORS:
            # Another key, or a file that a power cut tore: the copy is fetched again.
            return None
        try:
            found = connection.execute("SELECT token FROM head").fetchone()
        except DATABASE_ERRORS:
            found = None
        if found == (token,):
            return connection
        connection.close()
        return None

    def _fresh(self, token: str) -> Any:
        throw_away(self.path)
        with our_errors():
            connection = self._connect("rwc")
            self.path.chmod(0o600)
            connection.execute("BEGIN")
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO head VALUES (?)", (token,))
            connection.execute("COMMIT")
        return connection

    def _connect(self, mode: str) -> Any:
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlcipher.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f'PRAGMA key="{raw_key(self._key)}"')
            for pragma in ("journal_mode=truncate", "synchronous=1", "temp_store=2", "cache_size=-32000"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection


def staged_record(connection: Any, n: int) -> TicketRecord:
    """The record of a row, from the staging file that is attached to the store's connection."""
    row = connection.execute(_ROW, (n,)).fetchone()
    owed: dict[str, list[Any]] = {}
    for item in connection.execute(_OWED, (n,)):
        owed.setdefault(item[1], []).append(obligation_from(item))
    cases = tuple(
        CaseRecord(case_from(case), tuple(owed.get(case[0], ())), case[14], case[15])
        for case in connection.execute(_CASES, (n,)).fetchall()
    )
    return TicketRecord(ticket_from(row), cases, row[COLUMNS_N])
