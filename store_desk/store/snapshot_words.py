"""The words index of a first copy, made while its rows are staged: in a file of its own, by a thread of its own.

SQLite lets go of Python's lock while it works, so that a statement with the words of many rows runs on another core
than the reading of the next ones. The finished index is moved into the store as the tables that it is made of, in the
transaction that publishes the rows. Nothing of the file outlives the run: after a crash it is made again from the
staged rows, and without it the words follow in short transactions.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.store.database import our_errors, raw_key
from store_desk.store.staging import throw_away

FILE = "snapshot.words"
# Rows of one statement. The index writes a piece of itself at the end of each, and later joins the pieces.
ROWS = 20_000
# Pages that may wait for the thread; more would only take memory.
PAGES_MAX = 2
_CACHE_KIB = 64_000
# The index writes earlier when its own memory is full; this is more than the words of one page need.
_INDEX_BYTES = 64 * 1024 * 1024

DEFINITION = "SELECT sql FROM main.sqlite_master WHERE name = 'ticket_words'"
# A statement for many rows holds no lock of Python's; `executemany` would take it again for every row.
_ADD = "INSERT INTO ticket_words (rowid, words) SELECT ? + key, value FROM json_each(?)"
_BUFFER = "INSERT INTO ticket_words (ticket_words, rank) VALUES ('hashsize', ?)"
_PARTS = ("data", "idx", "docsize")


class WordsFile:
    """Takes the words of rows 1, 2, 3 … in order and indexes them meanwhile; for one thread, closed by that thread."""

    def __init__(self, path: Path, key: bytes, *, definition: str) -> None:
        """`definition` is the statement that made the store's own index (`DEFINITION`)."""
        self.path = path
        self.count = 0
        self._waiting: list[str] = []
        self._running: list[Future[None]] = []
        throw_away(path)
        with our_errors():
            self._connection = _connect(path, key)
            self._connection.execute(definition)
            self._connection.execute(
                "INSERT INTO ticket_words (ticket_words, rank) VALUES ('hashsize', ?)", (_INDEX_BYTES,)
            )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="snapshot-words")

    def add(self, words: Sequence[str]) -> None:
        """Takes the words of the next rows; waits while the thread is far behind, raises what went wrong there."""
        self._waiting += words
        if len(self._waiting) >= ROWS:
            self._hand_over()

    def finish(self) -> None:
        """Waits until everything is indexed and written, so that another connection can read it."""
        self._hand_over()
        while self._running:
            self._running.pop(0).result()

    def close(self) -> None:
        """Ends the thread and lets go of the file."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._connection.close()

    def _hand_over(self) -> None:
        while len(self._running) >= PAGES_MAX:
            self._running.pop(0).result()
        if self._waiting:
            self._running.append(self._thread.submit(self._index, self.count + 1, self._waiting))
            self.count += len(self._waiting)
            self._waiting = []

    def _index(self, first: int, words: list[str]) -> None:
        # Each page is a transaction, so that writing them is the thread's work too and not all done at the end.
        with our_errors():
            self._connection.execute(_ADD, (first, json.dumps(words, ensure_ascii=False)))


def _connect(path: Path, key: bytes) -> Any:
    """A connection without durability: a crash throws the file away."""
    uri = f"{path.absolute().as_uri()}?mode=rwc"
    connection = sqlcipher.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f'PRAGMA key="{raw_key(key)}"')
        for pragma in ("journal_mode=off", "synchronous=0", "temp_store=2", f"cache_size=-{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        path.chmod(0o600)
    except BaseException:
        connection.close()
        raise
    return connection


def take_over(connection: Any) -> None:
    """Puts the finished index, attached as `words`, in the place of the store's empty one, in the open transaction."""
    for part in _PARTS:
        connection.execute(f"DELETE FROM main.ticket_words_{part}")
        connection.execute(f"INSERT INTO main.ticket_words_{part} SELECT * FROM words.ticket_words_{part}")
    # Other connections see that the file changed. This one's index keeps in memory what it was made of, until it has
    # to take something back.
    connection.execute("SAVEPOINT index_changed")
    connection.execute("INSERT INTO main.ticket_words (rowid, words) VALUES (0, '')")
    connection.execute("ROLLBACK TO index_changed")
    connection.execute("RELEASE index_changed")
