"""Opens the encrypted database file with the pragmas that durability rests on, and turns SQLite's errors into ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DiskFailed,
    DiskFull,
    DomainError,
)
from store_desk.store.turns import Turns

# "SDSK" in ASCII; tells our files from other databases.
APPLICATION_ID = 0x5344534B
BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 64_000
# The write-ahead log is cut back to this size when a checkpoint has emptied it.
WAL_LIMIT_BYTES = 64 * 1024 * 1024
STATEMENTS_KEPT = 400
# SQLITE_IOERR_SHMSIZE: the memory that readers and writers share lies in a file, which a full disk cannot hold.
NO_ROOM_TO_SHARE = 10 | 19 << 8

# synchronous=2 is FULL: with NORMAL an acknowledged cancellation can be lost at a power cut. mmap only slows the first
# query on a cold file. Checkpoints are made when the lane is idle, never by the transaction of a cancellation.
PRAGMAS: dict[str, int | str] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
    "temp_store": 2,
    "cache_size": -CACHE_KIB,
    "wal_autocheckpoint": 0,
    "journal_size_limit": WAL_LIMIT_BYTES,
    "trusted_schema": 0,
    # Else INSERT OR REPLACE deletes behind the back of the guards.
    "recursive_triggers": 1,
}

DATABASE_ERRORS: tuple[type[Exception], ...] = (sqlcipher.Error, peewee.PeeweeException, sqlite3.Error)
OUTSIDE_ERRORS: tuple[type[Exception], ...] = (*DATABASE_ERRORS, OSError)


def raw_key(key: bytes) -> str:
    """SQLCipher's text form of a raw 32-byte key: no key derivation, so a connection opens in a millisecond."""
    return f"x'{key.hex()}'"


class StoreDatabase(SqlCipherDatabase):  # type: ignore[misc]  # playhouse is untyped
    """peewee's database on our file; every new connection has its pragmas set and checked."""

    def __init__(self, path: Path, key: bytes, *, mode: str = "rw") -> None:
        super().__init__(
            f"{path.absolute().as_uri()}?mode={mode}",
            passphrase=raw_key(key),
            pragmas=tuple(PRAGMAS.items()),
            autoconnect=False,
            lock_type="IMMEDIATE",
            uri=True,
            cached_statements=STATEMENTS_KEPT,
            # Each lane uses its own connection; only closing at the end of the program happens elsewhere.
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_MS / 1000,
        )
        # Of this process; other processes are SQLite's to keep out.
        self.turns = Turns(within_s=BUSY_TIMEOUT_MS / 1000)

    def _connect(self) -> Any:
        return self.prepared(sqlcipher.connect(self.database, isolation_level=None, **self._plain_parameters()))

    def _plain_parameters(self) -> dict[str, Any]:
        return {name: value for name, value in self.connect_params.items() if name != "passphrase"}

    def prepared(self, connection: Any) -> Any:
        """The connection with key and pragmas set and checked; closed again when that fails."""
        try:
            # SQLCipher writes to standard error when a key does not fit; that is for us to say.
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f'PRAGMA key="{self.connect_params["passphrase"]}"')
            self._add_conn_hooks(connection)
            check_pragmas(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def check_pragmas(connection: Any) -> None:
    """Raises DiskFailed when a connection does not have the settings that durability rests on."""
    for name, wanted in PRAGMAS.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise DiskFailed(detail=f"{name} is {found}, not {wanted}")


def our_error(error: BaseException) -> DomainError | None:
    """The refusal that stands for an error of SQLite or the disk; None when it is a mistake of the program."""
    if isinstance(error, OSError):
        return DiskFull() if error.errno == 28 else DiskFailed(detail=str(error))
    cause: BaseException | None = error
    while cause is not None and not hasattr(cause, "sqlite_errorcode"):
        cause = cause.__cause__ or cause.__context__
    full_code = getattr(cause, "sqlite_errorcode", 0)
    code = full_code & 0xFF
    text = str(error).lower()
    if code == 13 or full_code == NO_ROOM_TO_SHARE or "disk is full" in text:
        return DiskFull()
    if code in (11, 26) or "malformed" in text or "not a database" in text:
        return DatabaseDamaged(detail=str(error), backup="")
    if code in (5, 6) or "locked" in text:
        return DatabaseLocked()
    if code in (8, 10, 14, 22) or "i/o error" in text or "unable to open" in text:
        return DiskFailed(detail=str(error))
    return None


@contextmanager
def our_errors() -> Iterator[None]:
    """Turns every error of SQLite and the disk inside the block into ours; a mistake of the program stays as it is."""
    try:
        yield
    except OUTSIDE_ERRORS as error:
        ours = our_error(error)
        if ours is None:
            raise
        raise ours from error
