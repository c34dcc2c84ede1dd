"""All tickets of a store at one number of its feed, kept in chunks that any hub can serve and a desk can resume.

Each chunk is a gzip member of lines, each line the JSON list [ticket id, version, body]; the chunks one after another
are one gzip file. Building reads in one moment of the database (repeatable read), so that number, hash and rows belong
together (sync design, section 7).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import class_row

from store_desk.hub.errors import SnapshotGone, StoreUnknown
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.codec import compact
from store_desk.services.messages import SnapshotRow

# A snapshot is served until the store's feed has gone on by so many changes.
BUCKET = 2_000
# Text per chunk before compression; about 1 MiB of it remains.
CHUNK_TEXT = 4 * 1024 * 1024
FETCH_ROWS = 2_000
GZIP_LEVEL = 6
SNAPSHOT_LOCK = 0x53445353
# How many snapshots of a store are kept, the newest included: a desk may be in the middle of the one before.
KEPT = 2

_LATEST: LiteralString = """
    select s.snapshot_id, s.store, s.epoch, s.seq, s.hash, s.rows, s.chunks, s.bytes as size, s.sha256, s.built_at
      from snapshot s join store_head h on h.store = s.store join meta m on m.name = 'epoch' and m.value = s.epoch
     where s.store = %s and s.seq >= h.floor and s.seq <= h.seq and h.seq - s.seq < %s
     order by s.seq desc, s.built_at desc limit 1"""
_ADD: LiteralString = """
    insert into snapshot(snapshot_id, store, epoch, seq, hash, rows, chunks, bytes, sha256, built_at)
    values (%s, %s, %s, %s, %s, 0, 0, 0, '', %s)"""
_FINISH: LiteralString = "update snapshot set rows = %s, chunks = %s, bytes = %s, sha256 = %s where snapshot_id = %s"
_ROWS: LiteralString = "select ticket_id, version, body from ticket_record where store = %s order by ticket_id"
_CLEAR: LiteralString = """
    delete from snapshot where store = %s and snapshot_id not in
        (select snapshot_id from snapshot where store = %s order by built_at desc limit %s)"""


@dataclass(frozen=True, slots=True)
class SnapshotHead:
    """What a desk needs to fetch and check one. `sha256` is over the bytes of all chunks, `size` their number."""

    snapshot_id: str
    store: str
    epoch: str
    seq: int
    hash: bytes
    rows: int
    chunks: int
    size: int
    sha256: bytes
    built_at: datetime


def current(database: HubDatabase, store: str, *, bucket: int = BUCKET) -> SnapshotHead:
    """A snapshot that is at most `bucket` changes old; builds one where there is none. Raises StoreUnknown."""
    found = database.snapshot_read(lambda unit: _latest(unit.connection, store, bucket))
    if found is not None:
        return found
    with database.alone() as connection:
        key = int.from_bytes(hashlib.sha256(store.encode()).digest()[:4], "big", signed=True)
        # Held by the connection, so that the waiting hub finds what the other one built.
        connection.execute("select pg_advisory_lock(%s, %s)", (SNAPSHOT_LOCK, key))
        return _latest(connection, store, bucket) or build(connection, store)


def build(connection: Connection[Any], store: str) -> SnapshotHead:
    """Builds a snapshot in one transaction and clears away older ones; the connection is in autocommit mode."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        head = _begin(connection, store)
        rows = chunks = size = 0
        whole = hashlib.sha256()
        for data, count in _chunks(connection, store):
            connection.execute(
                "insert into snapshot_chunk(snapshot_id, n, sha256, data) values (%s, %s, %s, %s)",
                (head.snapshot_id, chunks, hashlib.sha256(data).digest(), data),
            )
            whole.update(data)
            rows, chunks, size = rows + count, chunks + 1, size + len(data)
        connection.execute(_FINISH, (rows, chunks, size, whole.digest(), head.snapshot_id))
    connection.execute(_CLEAR, (store, store, KEPT))
    return replace(head, rows=rows, chunks=chunks, size=size, sha256=whole.digest())


def read_chunk(database: HubDatabase, snapshot_id: str, n: int) -> bytes:
    """The bytes of chunk n (from 0); raises SnapshotGone."""
    row = database.snapshot_read(
        lambda unit: unit.connection.execute(
            "select data from snapshot_chunk where snapshot_id = %s and n = %s", (snapshot_id, n)
        ).fetchone()
    )
    if row is None:
        raise SnapshotGone
    return bytes(row[0])


def rows_of(chunk: bytes) -> Iterator[SnapshotRow]:
    """The tickets of one chunk."""
    for line in gzip.decompress(chunk).decode().splitlines():
        ticket_id, version, body = json.loads(line)
        yield SnapshotRow(ticket_id, version, body)


def _latest(connection: Connection[Any], store: str, bucket: int) -> SnapshotHead | None:
    with connection.cursor(row_factory=class_row(SnapshotHead)) as cursor:
        return cursor.execute(_LATEST, (store, bucket)).fetchone()


def _begin(connection: Connection[Any], store: str) -> SnapshotHead:
    row = connection.execute(
        "select h.seq, h.hash, m.value from store_head h join meta m on m.name = 'epoch' where h.store = %s", (store,)
    ).fetchone()
    if row is None:
        raise StoreUnknown(store=store)
    seq, hash_, epoch = row
    built_at = datetime.now(UTC)
    snapshot_id = uuid.uuid4().hex
    connection.execute(_ADD, (snapshot_id, store, epoch, seq, hash_, built_at))
    return SnapshotHead(snapshot_id, store, epoch, seq, hash_, 0, 0, 0, b"", built_at)


def _chunks(connection: Connection[Any], store: str) -> Iterator[tuple[bytes, int]]:
    """The store's tickets as compressed chunks with their numbers of rows."""
    lines: list[bytes] = []
    size = 0
    with connection.cursor(name="tickets") as cursor:
        cursor.itersize = FETCH_ROWS
        for row in cursor.execute(_ROWS, (store,)):
            line = compact(row).encode() + b"\n"
            lines.append(line)
            size += len(line)
            if size >= CHUNK_TEXT:
                yield gzip.compress(b"".join(lines), GZIP_LEVEL, mtime=0), len(lines)
                lines, size = [], 0
    if lines:
        yield gzip.compress(b"".join(lines), GZIP_LEVEL, mtime=0), len(lines)
