"""The staging file of a store's whole copy: rows come in over minutes or hours, survive a restart, and are read in SQL.

Unlike an import's, this file is committed page by page: a download that broke off goes on where it was. The file is
encrypted with the store's key; a copy by another name (`token`) throws away what the last one left.

Rows are made from the JSON of the copy itself: a desk's first copy is the one moment when its speed is that of Python,
and the tickets as objects would take longer than all the rest.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.services.messages import SnapshotRow, parts_of_body
from store_desk.store.database import DATABASE_ERRORS, our_errors, raw_key
from store_desk.store.repositories.cases import (
    CASE_COLUMNS,
    OBLIGATION_COLUMNS,
    case_from,
    case_values,
    obligation_from,
    obligation_values,
)
from store_desk.store.rows import COLUMNS, COLUMNS_N, KEY_COLUMNS, numbers_of, texts_of, ticket_from
from store_desk.store.search_words import Keys, cuts_of, keys_from, keys_of, latin_words, words_from, words_of
from store_desk.store.shown_rows import shown_others, shown_values
from store_desk.store.snapshot_words import WordsFile
from store_desk.store.staging import throw_away

# Rows taken at a time, and of one commit: what a crash costs at most, half a second of reading what is fetched already.
PAGE_ROWS = 1_000
COMMIT_ROWS = 10_000
# Texts whose words have been taken already; emptied when there are more.
TEXTS_MAX = 50_000
# The shape of the file; one of another shape is thrown away.
_SHAPE = 2

_TABLES = (
    "CREATE TABLE head (token TEXT NOT NULL)",
    f"CREATE TABLE row (n INTEGER PRIMARY KEY, {COLUMNS}, {KEY_COLUMNS}, standing)",
    "CREATE UNIQUE INDEX row_id ON row (id)",
    f"CREATE TABLE told_case (row_n INTEGER, {CASE_COLUMNS}, desk, slip, place)",
    "CREATE INDEX told_case_row ON told_case (row_n)",
    f"CREATE TABLE owed (row_n INTEGER, {OBLIGATION_COLUMNS})",
    "CREATE INDEX owed_row ON owed (row_n)",
    "CREATE TABLE spelling (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) WITHOUT ROWID",
)
_ADD_ROW = f"INSERT INTO row VALUES ({', '.join('?' * (1 + COLUMNS_N + 5 + 1))})"
_ADD_CASE = f"INSERT INTO told_case VALUES ({', '.join('?' * (1 + 14 + 3))})"
_ADD_OWED = f"INSERT INTO owed VALUES ({', '.join('?' * (1 + 10))})"
_TOP = "SELECT coalesce(max(n), 0), coalesce((SELECT id FROM row ORDER BY n DESC LIMIT 1), '') FROM row"
_ADD_SPELLING = "INSERT OR IGNORE INTO spelling VALUES (?, ?)"
_PAGE = f"SELECT {COLUMNS} FROM row WHERE n > ? ORDER BY n LIMIT {PAGE_ROWS}"
_ROW = f"SELECT {COLUMNS}, standing FROM staging.row WHERE n = ?"
_CASES = f"SELECT {CASE_COLUMNS}, desk, slip FROM staging.told_case WHERE row_n = ? ORDER BY place"
_OWED = f"SELECT {OBLIGATION_COLUMNS} FROM staging.owed WHERE row_n = ? ORDER BY rowid"


class SnapshotStaging:
    """One copy's staging file; `count` rows are in it, the last of them of ticket `after`."""

    def __init__(self, path: Path, key: bytes, *, token: str, words: WordsFile | None = None) -> None:
        """`words` is given the words of every row, in order; those of rows that are there already come first."""
        self.path = path
        self._key = key
        self._words = words
        self._token = f"{_SHAPE} {token}"
        self._connection = self._reopened() or self._fresh()
        self.count, self.after = self._connection.execute(_TOP).fetchone()
        self._committed = self.count
        self._latin = _FreshWords()

    def stage(
        self, rows: Iterable[SnapshotRow], *, progress: Callable[[int], None], stopped: Callable[[], bool]
    ) -> bool:
        """Takes rows, page by page; false when it was stopped before their end. A row that is there is passed over."""
        left = iter(rows)
        if not self._word_again(stopped):
            return False
        try:
            while page := list(islice(left, PAGE_ROWS)):
                self._stage_page([row.body for row in page if row.ticket_id > self.after])
                progress(self.count)
                if stopped():
                    return False
        finally:
            # Also when the rows broke off: what came is kept.
            self._commit()
        if self._words is not None:
            self._words.finish()
        return True

    def close(self) -> None:
        """Lets go of the file; what is in it stays."""
        self._connection.close()

    def _word_again(self, stopped: Callable[[], bool]) -> bool:
        """The words of rows that an earlier run staged, since its index went with it; false when it was stopped."""
        last = 0
        while self._words is not None and last < self.count:
            if stopped():
                return False
            with our_errors():
                page = [ticket_from(row) for row in self._connection.execute(_PAGE, (last,))]
            self._words.add([words_of(ticket, keys_of(ticket)) for ticket in page])
            last += len(page)
        return True

    def _stage_page(self, bodies: list[str]) -> None:
        page = _Page(self.count)
        for body in bodies:
            page.take(body, self._latin)
        connection = self._connection
        with our_errors():
            if not connection.in_transaction:
                connection.execute("BEGIN")
            try:
                connection.executemany(_ADD_ROW, page.rows)
                connection.executemany(_ADD_CASE, page.cases)
                connection.executemany(_ADD_OWED, page.owed)
                connection.executemany(_ADD_SPELLING, [(cut, word) for word in page.latin for cut in cuts_of(word)])
            except BaseException:
                # This object is of no use from here on; the next one finds what was committed.
                connection.rollback()
                raise
        if page.rows:
            self.count, self.after = page.rows[-1][:2]
        if self.count - self._committed >= COMMIT_ROWS:
            self._commit()
        if self._words is not None:
            self._words.add([words_from(*worded) for worded in page.worded])

    def _commit(self) -> None:
        with our_errors():
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
        self._committed = self.count

    def _reopened(self) -> Any:
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
        if found == (self._token,):
            return connection
        connection.close()
        return None

    def _fresh(self) -> Any:
        throw_away(self.path)
        with our_errors():
            connection = self._connect("rwc")
            self.path.chmod(0o600)
            connection.execute("BEGIN")
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO head VALUES (?)", (self._token,))
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


class _FreshWords:
    """The Latin words of many texts, each text and mostly each word once: names and products come again and again."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._words: set[str] = set()

    def of(self, texts: Iterable[str]) -> set[str]:
        """The words of these texts that have not been told of yet."""
        found: set[str] = set()
        for text in texts:
            if text and text not in self._texts:
                self._texts.add(text)
                found.update(latin_words(text))
        if len(self._texts) > TEXTS_MAX:
            self._texts.clear()
        found -= self._words
        self._words |= found
        return found


class _Page:
    """Rows of one commit as the tables have them, with what their words are made of."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.rows: list[tuple[Any, ...]] = []
        self.cases: list[tuple[Any, ...]] = []
        self.owed: list[tuple[Any, ...]] = []
        self.worded: list[tuple[tuple[str, str, str, str, str, str], tuple[str, str], Keys]] = []
        self.latin: set[str] = set()

    def take(self, body: str, latin: _FreshWords) -> None:
        """Adds the next ticket; raises what `record_from_body` raises."""
        ticket, cases, standing = parts_of_body(body)
        values = shown_values(ticket)
        keys = keys_from(*numbers_of(values))
        others = shown_others(ticket)
        texts = texts_of(values)
        self._count += 1
        self.rows.append((self._count, *values, *keys, standing))
        self.worded.append((texts, others, keys))
        self.latin |= latin.of((*texts[:4], *others))
        for place, item in enumerate(cases):
            self.cases.append((self._count, *case_values(item.case), item.desk, item.slip, place))
            self.owed += [(self._count, *obligation_values(obligation)) for obligation in item.obligations]


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
