"""How far the journal has ever come, kept beside the database, so that a database that lost committed work is seen.

A write-ahead log that is missing or damaged takes the last commits with it, and what is left opens as if nothing were
wrong. The mark is written after each commit, so it is never ahead of what was committed; it is not synced, because it
may be behind. It holds two slots which are written in turn: a torn one leaves the other. A mark of another journal
(its first entry differs) says nothing. What a restored backup lacks is known to who restored it: there is no mark then.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from store_desk.domain.errors import WorkLost
from store_desk.domain.journal import GENESIS
from store_desk.store import DATABASE_FILE
from store_desk.store.files import PRIVATE, new_quarantine, write_private

MARK_FILE: Final = "journal.mark"
# What was found missing, until a manager has dealt with it.
LOST_FILE: Final = "lost.json"
# There for as long as the database in the folder is an older one than was used here, put back by somebody.
PUT_BACK_FILE: Final = "put-back"
SLOT_BYTES: Final = 256
SLOTS: Final = 2
CHECK_CHARACTERS: Final = 32
LOST_KEPT_MAX: Final = 50
LOST_BYTES_MAX: Final = 1024 * 1024
_HEAD: Final = "SELECT n, hash, at FROM journal ORDER BY n DESC LIMIT 1"
_ENTRY: Final = "SELECT hash FROM journal WHERE n = ?"
_JOURNAL: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'journal'"


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a journal: the last entry's number, hash and time (ms since 1970), and the hash of the first one."""

    n: int
    hash: str
    at_ms: int
    first: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Work that is missing: the mark that tells of it, the entries that are there (the last one's time), the copy."""

    n: int
    hash: str
    have: int
    since_ms: int
    kept: str


class HighWater:
    """Writes the mark of one store. One that cannot be written is not told: nothing depends on it but a warning."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARK_FILE
        self._slot = 0
        self._first = ""

    def put(self, connection: Any, *, n: int, own: str, at_ms: int) -> None:
        """Notes that the journal has come this far. To be called after the commit."""
        self._first = self._first or _hash_at(connection, 1)
        self._slot = (self._slot + 1) % SLOTS
        with suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), PRIVATE)
            try:
                os.lseek(handle, self._slot * SLOT_BYTES, os.SEEK_SET)
                os.write(handle, _slot_of(Mark(n, own, at_ms, self._first)))
            finally:
                os.close(handle)


def _slot_of(mark: Mark) -> bytes:
    text = f"{mark.n} {mark.hash} {mark.at_ms} {mark.first}"
    return f"{_check(text)} {text} ".ljust(SLOT_BYTES - 1).encode() + b"\n"


def _check(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:CHECK_CHARACTERS]


def read_mark(folder: Path) -> Mark | None:
    """The mark; None where there is none that is whole."""
    try:
        with (folder / MARK_FILE).open("rb") as file:
            raw = file.read(SLOTS * SLOT_BYTES)
    except OSError:
        return None
    found = [mark for at in range(SLOTS) if (mark := _mark_from(raw[at * SLOT_BYTES : (at + 1) * SLOT_BYTES]))]
    return max(found, key=lambda mark: mark.n, default=None)


def _mark_from(raw: bytes) -> Mark | None:
    check, _, text = raw.decode("ascii", "replace").strip().partition(" ")
    try:
        n, own, at_ms, first = text.split(" ")
        return Mark(int(n), own, int(at_ms), first) if check == _check(text) else None
    except ValueError:
        return None


def forget(folder: Path) -> None:
    """Takes the mark away: the database that it speaks of goes, or another one comes."""
    (folder / MARK_FILE).unlink(missing_ok=True)


def put_back(folder: Path) -> None:
    """Notes, durably, that an older database takes its place in the folder now; what was told of the other one goes."""
    write_private(folder / PUT_BACK_FILE, b"")
    forget(folder)
    deal_with(folder)


def notice(folder: Path, connection: Any) -> Lost | None:
    """What the opened database lacks, if anything; the files are copied and it is written down before anything else.

    To be called before anything is written through any connection: a log that is damaged goes with the next write.
    Where something is missing, the connection must be opened anew: copying the file has cost it its locks (POSIX drops
    all that a process holds on a file when it closes any handle of it), and others would take the file for unused.
    """
    # Read before the database, which others may be writing: so it can never be newer than what is then found.
    mark = read_mark(folder)
    if mark is None or connection.execute(_JOURNAL).fetchone() is None:
        return None
    n, _, at_ms = connection.execute(_HEAD).fetchone() or (0, GENESIS, 0)
    if n and _hash_at(connection, 1) != mark.first:
        return None
    if n >= mark.n and _hash_at(connection, mark.n) == mark.hash:
        return None
    known = next((item for item in lost_items(folder) if (item.n, item.hash) == (mark.n, mark.hash)), None)
    if known is not None:
        return known
    lost = Lost(mark.n, mark.hash, min(n, mark.n - 1), at_ms, _keep_files(folder))
    with suppress(OSError):
        _write_lost(folder, (*lost_items(folder), lost))
    return lost


def _hash_at(connection: Any, n: int) -> str:
    row = connection.execute(_ENTRY, (n,)).fetchone()
    return str(row[0]) if row else ""


def was_put_back(folder: Path) -> bool:
    """Whether the database in the folder is an older one that has not been opened since it was put back."""
    return (folder / PUT_BACK_FILE).exists()


def settled(folder: Path) -> None:
    """The database in the folder counts from now on, as it is."""
    with suppress(OSError):
        forget(folder)
        (folder / PUT_BACK_FILE).unlink(missing_ok=True)


def _keep_files(folder: Path) -> str:
    """Copies database, log, keys and mark aside; the copy's name, empty where there is no room for it."""
    from store_desk.store.keys import CHECK_FILE, KEYS_FILE

    target: Path | None = None
    try:
        target = new_quarantine(folder)
        for name in (KEYS_FILE, CHECK_FILE, MARK_FILE, f"{DATABASE_FILE}-wal", DATABASE_FILE):
            if (folder / name).exists():
                shutil.copy2(folder / name, target / name)
    except OSError:
        if target is not None:
            shutil.rmtree(target, ignore_errors=True)
        return ""
    return target.name


def lost_items(folder: Path) -> tuple[Lost, ...]:
    """What was found missing and nobody has dealt with yet, oldest first."""
    try:
        with (folder / LOST_FILE).open("rb") as file:
            items = json.loads(file.read(LOST_BYTES_MAX))
        return tuple(_lost_from(item) for item in items)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _lost_from(item: Mapping[str, Any]) -> Lost:
    return Lost(int(item["n"]), str(item["hash"]), int(item["have"]), int(item["since_ms"]), str(item["kept"]))


def _write_lost(folder: Path, items: tuple[Lost, ...]) -> None:
    write_private(folder / LOST_FILE, json.dumps([asdict(item) for item in items[-LOST_KEPT_MAX:]]).encode())


def work_lost(folder: Path) -> WorkLost | None:
    """What is missing, as the refusal that says so; None where nothing is."""
    items = lost_items(folder)
    if not items:
        return None
    since = min(item.since_ms for item in items)
    return WorkLost(
        entries=sum(item.n - item.have for item in items),
        since=datetime.fromtimestamp(since / 1000, UTC).isoformat() if since else "",
        kept=str(folder / items[-1].kept) if items[-1].kept else "",
    )


def deal_with(folder: Path) -> bool:
    """Takes the warning away, once a person has read it; true when there was one. The copies of the files stay."""
    with suppress(FileNotFoundError):
        (folder / LOST_FILE).unlink()
        return True
    return False
