"""Creating and opening a store, and the open store itself with its transactions."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store_desk.domain.errors import AlreadySetUp, DatabaseDamaged, DiskFailed, DiskFull, DomainError, NotSetUp
from store_desk.services.desk import DeskIdentity
from store_desk.services.ports import UnitOfWork
from store_desk.store import DATABASE_FILE
from store_desk.store.backup import last_copy, put_remains_aside
from store_desk.store.database import DATABASE_ERRORS, StoreDatabase, our_errors
from store_desk.store.files import put_in_place
from store_desk.store.high_water import HighWater, notice, settled, was_put_back
from store_desk.store.keys import DeskKeys, fingerprint, load_keys, new_keys, save_keys
from store_desk.store.pins import Pins
from store_desk.store.spelling import Spelling
from store_desk.store.unit_of_work import StoredWork, reading, writing
from store_desk.store.upgrade import upgrade

if TYPE_CHECKING:
    from store_desk.domain.record import TicketRecord
    from store_desk.services.messages import SnapshotRow
    from store_desk.store.snapshot import Loaded

# Pages of the words index that one tidying rewrites at most: about twenty milliseconds.
MERGE_PAGES = 200
# Joining begins when there are more pieces than this.
PIECES_MAX = 6
# Files up to this size are looked through at every start; larger ones when the desk is idle (`health`).
CHECKED_AT_START_BYTES = 4 * 1024 * 1024
# The log and the memory that connections share take as much before anything is read.
ROOM_NEEDED_BYTES = 64 * 1024

IDENTITY_PREFIX = "identity."


class Store:
    """An open store.

    `work()` and `read()` open a transaction on the calling thread's own connection, which is made at the first use in
    that thread; a lane calls `close_lane()` when it ends. Only one transaction may be open per thread. `close()` closes
    the connections of all threads; no transaction may be open then.
    """

    def __init__(self, folder: Path, database: StoreDatabase, keys: DeskKeys) -> None:
        self.folder = folder
        self.path = folder / DATABASE_FILE
        self.keys = keys
        self.pins = Pins(keys.pins)
        self.database = database
        self.spelling = Spelling()
        self._mark = HighWater(folder)
        # Held by the one thread that works with the staging file of a whole copy.
        self.copying = threading.RLock()
        self._lock = threading.Lock()
        self._connections: list[Any] = [] if database.is_closed() else [database.connection()]

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that writes: BEGIN IMMEDIATE, COMMIT at the end, rolled back on any error."""
        return self.writing()

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads, from one snapshot."""
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[StoredWork]:
        """As `work`, with what only this package may see."""
        self.connect_lane()
        with writing(self.database, self.spelling) as unit:
            yield unit
        # Only now is it certain that what the mark says is there.
        if unit.journalled is not None:
            self._reached(*unit.journalled)

    def _reached(self, n: int, own: str, at_ms: int) -> None:
        # What is committed stands, so that nothing that goes wrong here may look like a failure of it.
        with suppress(*DATABASE_ERRORS):
            self._mark.put(self.database.connection(), n=n, own=own, at_ms=at_ms)

    def leave_numbers_out(self) -> None:
        """Own numbers that may be on paper are not given again: this database is older than what was done with it."""
        from store_desk.services.feed import NUMBERS_LEFT_OUT

        with self.writing() as unit:
            for name in ("ticket", "slip"):
                unit.counters.skip(name, NUMBERS_LEFT_OUT)
        settled(self.folder)

    @contextmanager
    def reading(self) -> Iterator[StoredWork]:
        """As `read`, with what only this package may see."""
        self.connect_lane()
        with reading(self.database, self.spelling) as unit:
            yield unit

    def connect_lane(self) -> None:
        """Opens the calling thread's connection if it has none, so that the first transaction need not."""
        if self.database.is_closed():
            with our_errors():
                self.database.connect()
            with self._lock:
                self._connections.append(self.database.connection())

    def close_lane(self) -> None:
        """Closes the calling thread's connection."""
        if not self.database.is_closed():
            with self._lock:
                self._connections.remove(self.database.connection())
            self.database.close()

    def close(self) -> None:
        """Writes the log into the file and closes every connection."""
        with suppress(DomainError):
            self.checkpoint()
        self.close_lane()
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def checkpoint(self, *, truncate: bool = False) -> bool:
        """Moves the write-ahead log into the file without making anybody wait; true when all of it went.

        To be called when the lane is idle. `truncate` also empties the log, for which no reader may be active.
        """
        self.connect_lane()
        with our_errors():
            mode = "TRUNCATE" if truncate else "PASSIVE"
            busy, pages, moved = self.database.connection().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return bool(busy == 0 and pages == moved)

    def tidy(self) -> bool:
        """One small step of joining the pieces of the words index; true while there is more to do.

        Many pieces double what a look-up of words costs. To be called again and again while the lane is idle.
        """
        with self.writing() as unit:
            (pieces,) = unit.connection.execute("SELECT count(DISTINCT segid) FROM ticket_words_idx").fetchone()
            if pieces <= PIECES_MAX:
                return False
            # A negative number goes on with joining all of them, so that a step can stop anywhere.
            merge = "INSERT INTO ticket_words (ticket_words, rank) VALUES ('merge', ?)"
            unit.connection.execute(merge, (-MERGE_PAGES,))
            return True

    def load_snapshot(
        self,
        rows: Iterable[SnapshotRow],
        *,
        token: str,
        total: int = 0,
        of_store: str | None = None,
        absorb: Callable[[UnitOfWork, TicketRecord], None] | None = None,
        also: Callable[[UnitOfWork, Loaded], None] | None = None,
        told: Callable[[str, int, int], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> Loaded | None:
        """Takes over head office's whole copy of a store, see `store_desk.store.snapshot.load`."""
        from store_desk.store import snapshot

        return snapshot.load(
            self,
            rows,
            token=token,
            total=total,
            of_store=of_store,
            absorb=absorb,
            also=also,
            told=told or (lambda _stage, _done, _total: None),
            stopped=stopped or (lambda: False),
        )

    @property
    def identity(self) -> DeskIdentity:
        """Which store and desk this is, as the settings say now."""
        with self.reading() as unit:
            return identity_from(unit.settings.under(IDENTITY_PREFIX))


def identity_from(texts: dict[str, str]) -> DeskIdentity:
    """The identity from its settings, JSON texts by field name."""
    known = {item.name for item in fields(DeskIdentity)}
    try:
        return DeskIdentity(**{name: json.loads(text) for name, text in texts.items() if name in known})
    except (TypeError, ValueError) as error:
        raise DatabaseDamaged(detail="it does not say whose it is", backup="-") from error


def create(folder: Path, *, identity: DeskIdentity, keys: DeskKeys | None = None) -> Store:
    """Makes a new store; what a crash leaves behind is no store, and the next attempt begins anew."""
    path = folder / DATABASE_FILE
    if path.exists():
        raise AlreadySetUp(folder=str(folder))
    keys = keys or new_keys()
    fresh = folder / f"{DATABASE_FILE}.new"
    with our_errors():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in (fresh.name, fresh.name + "-wal", fresh.name + "-shm"):
            (folder / name).unlink(missing_ok=True)
        put_remains_aside(folder)
        save_keys(folder, keys)
        database = StoreDatabase(fresh, keys.database, mode="rwc")
        database.connect()
        upgrade(database, folder)
        with writing(database, Spelling()) as unit:
            shown = replace(identity, fingerprint=fingerprint(keys))
            for item in fields(DeskIdentity):
                text = json.dumps(getattr(shown, item.name), ensure_ascii=False)
                unit.settings.put(IDENTITY_PREFIX + item.name, text)
        database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        fresh.chmod(0o600)
        settled(folder)
        put_in_place(fresh, path)
    return open_folder(folder)


def look_through(connection: Any) -> None:
    """Reads every page of the tables, which the encryption authenticates; raises DatabaseDamaged."""
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise DatabaseDamaged(detail=str(answer), backup="")


def open_folder(folder: Path) -> Store:
    """Opens the store of the folder, see `store_desk.store.open_store`."""
    path = folder / DATABASE_FILE
    if not path.is_file():
        raise NotSetUp(folder=str(folder))
    keys = load_keys(folder)
    database = StoreDatabase(path, keys.database)
    try:
        if not path.stat().st_size:
            # What some file systems make of a file after a power cut; SQLite would take it for a new database.
            raise DatabaseDamaged(detail="the file is empty", backup="")
        with our_errors():
            database.connect()
            connection = database.connection()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            lost = notice(folder, connection)
            if lost is not None:
                database.close()
                database.connect()
                connection = database.connection()
            if path.stat().st_size <= CHECKED_AT_START_BYTES:
                look_through(connection)
            upgrade(database, folder)
    except DatabaseDamaged as error:
        database.close()
        raise DatabaseDamaged(detail=error.facts["detail"], backup=str(last_copy(folder) or "-")) from error
    except DiskFailed as error:
        database.close()
        # On a disk without any room SQLite cannot even share memory, and says no more than that it failed.
        raise DiskFull() if shutil.disk_usage(folder).free < ROOM_NEEDED_BYTES else error from error
    except BaseException:
        database.close()
        raise
    store = Store(folder, database, keys)
    if lost is not None or was_put_back(folder):
        try:
            store.leave_numbers_out()
        except DomainError:
            store.close()
            raise
    return store
