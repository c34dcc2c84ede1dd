"""The staging file of an import: a child process writes read rows into it, and publishing moves them over in SQL.

The file is encrypted with the store's key and is worthless after the import; it is written without any durability,
because a crash throws it away. Everything that costs time per row (keys, tokens, facts) is worked out here, in two
halves that may run in two processes: `staged` beside the reading, `StagingWriter.add_staged` beside the writing.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import operator
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.imports import ImportCounts, ReadRow, RefusedRow
from store_desk.domain.reasons import Reason
from store_desk.store.database import DATABASE_ERRORS, our_errors, raw_key
from store_desk.store.rows import COLUMN_NAMES, COLUMNS, COLUMNS_N, KEY_COLUMNS, key_values, ticket_from, ticket_values
from store_desk.store.search_words import Keys, keys_of, latin_words, words_from

STAGING_SUFFIX = ".staging"
FLUSH_ROWS = 1_000
WORDS_FLUSH = 10_000
# Texts whose words for misspelt queries have been taken already; emptied when there are more.
SPELLED_MAX = 50_000
_CLOSED_AT = COLUMN_NAMES.index("closed_at")
_DUE_AT = COLUMN_NAMES.index("due_at")
_UPDATED_AT = COLUMN_NAMES.index("updated_at")
_VERSION = COLUMN_NAMES.index("version")
_WORDED = operator.itemgetter(
    *map(COLUMN_NAMES.index, ("customer", "product", "brand", "category", "problem_type", "description"))
)

_TABLES = (
    f"CREATE TABLE row (n INTEGER PRIMARY KEY, line INTEGER, {COLUMNS}, {KEY_COLUMNS},"
    " words TEXT, digest BLOB, cancelled INTEGER, reason TEXT, case_id TEXT)",
    "CREATE TABLE refused (line INTEGER, field TEXT, value TEXT, code TEXT)",
    "CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID",
    # What is to happen to each row, oldest ticket first: add, update, same, conflict; filled by compare.
    "CREATE TABLE plan (seq INTEGER PRIMARY KEY, n INTEGER, action TEXT, ticket_row INTEGER, version INTEGER,"
    " old_case TEXT)",
    # What takes long to count and never changes again, so that publishing need not count while somebody waits.
    "CREATE TABLE told (refused INTEGER, without_phone INTEGER)",
)
_ADD = f"INSERT INTO row VALUES (NULL, {', '.join('?' * (1 + COLUMNS_N + 5 + 5))})"
_REFUSE = "INSERT INTO refused VALUES (?, ?, ?, ?)"
_TELL = "INSERT INTO told SELECT (SELECT count(*) FROM refused), (SELECT count(*) FROM row WHERE phone_key = '')"
_STAGED = f"SELECT line, cancelled, reason, digest, {COLUMNS} FROM row ORDER BY n"
_ADD_WORD = "INSERT OR IGNORE INTO word VALUES (?)"

_HAS_CASE_HERE = "EXISTS (SELECT 1 FROM store.cancellation_case c WHERE c.ticket_id = t.id AND c.origin <> 'import')"
# A row is newer by the export's update time; the same time with other content is a changed mapping and newer too.
# What head office knows is changed by head office alone.
_PLAN = f"""
    INSERT INTO plan (n, action, ticket_row, version, old_case)
    SELECT r.n,
           CASE
               WHEN t.row IS NULL THEN 'add'
               WHEN t.digest = r.digest OR t.known > 0 THEN 'same'
               WHEN {_HAS_CASE_HERE} THEN 'conflict'
               WHEN r.updated_at >= t.updated_at THEN 'update'
               ELSE 'same'
           END,
           t.row, t.version, t.case_id
      FROM row r
      LEFT JOIN store.ticket t ON t.row = (
          SELECT x.row FROM store.ticket x
           WHERE x.source = r.source AND x.store = r.store AND x.number = r.number AND x.evicted = 0
           ORDER BY x.known DESC LIMIT 1)
     ORDER BY r.created_at, r.n
"""
_COUNTS = "SELECT action, count(*) FROM plan GROUP BY action"


# A read row as plain values, which pass between processes: line, the ticket's values, its keys, names in the other
# language, whether it is cancelled and why, digest.
StagedRow = tuple[int, tuple[Any, ...], tuple[str, ...], tuple[str, str], bool, str, bytes]


def staged(read: ReadRow) -> StagedRow:
    """The row as plain values, ready for the staging file but for its words."""
    ticket = read.ticket
    facts = ticket.facts
    return (
        read.line,
        ticket_values(ticket),
        key_values(keys_of(ticket)),
        (facts.customer_other, facts.product_other),
        read.cancelled,
        (read.reason or Reason.OTHER).value,
        read.digest,
    )


@contextmanager
def opened(path: Path, key: bytes, *, mode: str = "rw") -> Iterator[Any]:
    """A connection to a staging file, without durability; errors of the disk become ours."""
    with our_errors():
        connection = sqlcipher.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f'PRAGMA key="{raw_key(key)}"')
            for pragma in ("journal_mode=off", "synchronous=0", "temp_store=2", "cache_size=-32000"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
        finally:
            connection.close()


class StagingWriter:
    """Writes one import's rows; to be used as a context manager, in the child process that reads the file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._opened = opened(path, key, mode="rwc")
        self._rows: list[tuple[Any, ...]] = []
        self._words: set[str] = set()
        self._written_words: set[str] = set()
        self._spelled: set[str] = set()
        path.unlink(missing_ok=True)

    def __enter__(self) -> StagingWriter:
        self._connection = self._opened.__enter__()
        self._connection.execute("BEGIN")
        for statement in _TABLES:
            self._connection.execute(statement)
        self.path.chmod(0o600)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                with our_errors():
                    self._flush()
                    self._flush_words()
                    self._connection.execute(_TELL)
                    self._connection.execute("COMMIT")
        finally:
            self._opened.__exit__(kind, error, trace)

    def add(self, read: ReadRow) -> None:
        """Takes a row that is a ticket."""
        self.add_staged(staged(read))

    def add_staged(self, row: StagedRow) -> None:
        """Takes a row that is a ticket, as `staged` gave it."""
        line, ticket, keys, others, cancelled, reason, digest = row
        texts = _WORDED(ticket)
        values = list(ticket)
        values[_VERSION] = 1
        case_id = None
        if cancelled:
            # As after a cancellation at the desk: nothing is due any more, and it ended with the export's last change.
            values[_DUE_AT] = None
            values[_CLOSED_AT] = values[_CLOSED_AT] or values[_UPDATED_AT]
            case_id = secrets.token_hex(16)
        self._learn((*texts[:4], *others))
        words = words_from(texts, others, Keys._make(keys))
        self._rows.append((line, *values, *keys, words, digest, int(cancelled), reason, case_id))
        if len(self._rows) >= FLUSH_ROWS:
            self._flush()
        if len(self._words) >= WORDS_FLUSH:
            self._flush_words()

    def _learn(self, texts: tuple[str, ...]) -> None:
        """Takes the Latin words of texts that were not seen yet."""
        spelled = self._spelled
        for text in texts:
            if text and text not in spelled:
                spelled.add(text)
                self._words.update(latin_words(text))
        if len(spelled) > SPELLED_MAX:
            spelled.clear()

    def refuse(self, row: RefusedRow) -> None:
        """Takes a row that cannot be a ticket."""
        self._connection.execute(_REFUSE, (row.line, row.field, row.value, row.code))

    def _flush(self) -> None:
        self._connection.executemany(_ADD, self._rows)
        self._rows.clear()

    def _flush_words(self) -> None:
        self._connection.executemany(_ADD_WORD, [(word,) for word in self._words - self._written_words])
        self._written_words |= self._words
        self._words = set()


def compare(path: Path, *, database: Path, key: bytes) -> ImportCounts:
    """Works out what each staged row would do and answers the numbers; nothing is changed in the store.

    Reads the store through a connection of its own, so that it can run in the child process as well.
    """
    with opened(path, key) as connection:
        connection.execute("ATTACH ? AS store KEY ?", (f"{database.absolute().as_uri()}?mode=ro", raw_key(key)))
        connection.execute("BEGIN")
        connection.execute("DELETE FROM plan")
        connection.execute(_PLAN)
        connection.execute("COMMIT")
        connection.execute("DETACH store")
        return counts_of(connection)


def counts_of(connection: Any) -> ImportCounts:
    """The numbers of a compared staging file."""
    return counts_from(dict(connection.execute(_COUNTS).fetchall()), *told_of(connection))


def told_of(connection: Any) -> tuple[int, int]:
    """How many rows were refused, and how many have no telephone number."""
    refused, without_phone = connection.execute("SELECT refused, without_phone FROM told").fetchone()
    return refused, without_phone


def counts_from(by_action: dict[str, int], refused: int, without_phone: int) -> ImportCounts:
    """The numbers of an import from what happens to how many rows; `late` ones stay as they are."""
    return ImportCounts(
        rows=sum(by_action.values()) + refused,
        added=by_action.get("add", 0),
        updated=by_action.get("update", 0),
        unchanged=by_action.get("same", 0) + by_action.get("late", 0),
        refused=refused,
        conflicts=by_action.get("conflict", 0),
        without_phone=without_phone,
    )


def refused_rows(path: Path, *, key: bytes, most: int = -1) -> list[RefusedRow]:
    """Rows that cannot be taken and, after `compare`, those of tickets that have a case here; the first `most` lines.

    Without `most`, all of them.
    """
    with opened(path, key) as connection:
        rows = connection.execute(
            "SELECT line, field, value, code FROM refused UNION ALL SELECT r.line, 'number', r.number, 'conflict_case'"
            " FROM plan p JOIN row r ON r.n = p.n WHERE p.action = 'conflict' ORDER BY 1 LIMIT ?",
            (most,),
        )
        return [RefusedRow(*row) for row in rows]


def staged_rows(path: Path, *, key: bytes) -> Generator[ReadRow, None, None]:
    """The rows of a staging file, in the order of the file that was read; for who keeps tickets in no desk's store."""
    with opened(path, key) as connection:
        for line, cancelled, reason, digest, *values in connection.execute(_STAGED):
            yield ReadRow(line, ticket_from(values), bool(cancelled), Reason(reason), digest)


def refused_count(path: Path, *, key: bytes) -> int:
    """How many rows of the file cannot be tickets."""
    with opened(path, key) as connection:
        return told_of(connection)[0]


def throw_away(path: Path) -> None:
    """Removes a staging file and what SQLite may have put beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_staging(path: Path, *, key: bytes) -> bool:
    """Whether the file is a complete staging file."""
    try:
        with opened(path, key) as connection:
            connection.execute("SELECT count(*) FROM plan").fetchone()
    except DATABASE_ERRORS:
        return False
    return True
