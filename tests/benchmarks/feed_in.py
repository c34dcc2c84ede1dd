"""Changes of head office taken into a desk, beside bare executemany of the same rows into the same indexes.

The limit leaves out the search's words and everything that makes a change be checked: hash, chain and content.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store_desk.domain.record import TicketRecord
from store_desk.domain.ticket import Ticket, Work
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.services.feed import apply_changes
from store_desk.services.messages import (
    GENESIS,
    Change,
    FeedPosition,
    body_hash_of,
    next_feed_hash,
    record_to_body,
)
from tests.benchmarks.data import tickets
from tests.benchmarks.head_office import bench_folder
from tests.benchmarks.result import Result, median, p99
from tests.shop import Shop, open_shop

ROWS_MAX = 100_000
PAGE = 500
GOAL = 30_000
STORE = "XH"


def measure_all(size: int) -> list[Result]:
    """New tickets, then the same tickets a step further along."""
    count = min(ROWS_MAX, max(PAGE, size))
    with bench_folder() as folder:
        shop = open_shop(folder / "desk")
        with shop.desk.work() as uow:
            put_enrolment(uow, Enrolment("https://office.example", "0" * 32, 1, STORE, (STORE,), epoch="e"))
            uow.positions.put_feed(FeedPosition(STORE, "e", 0, GENESIS))
        first = list(tickets(count, store=STORE))
        changes = changes_of(first)
        born = _apply(shop, changes)
        limit_born = _bare(shop, folder / "bare.db", count, update=False)
        moved = [replace(ticket, work=Work.IN_PROCESS, version=ticket.version + 1) for ticket in first]
        after = _apply(shop, changes_of(moved, seq=count, chain=changes[-1].hash))
        limit_after = _bare(shop, folder / "bare.db", count, update=True)
        shop.close()
    return [
        _result("feed in, new tickets, page of 500", born, limit_born, count),
        _result("feed in, moved tickets, page of 500", after, limit_after, count),
    ]


def changes_of(made: Iterable[Ticket], *, seq: int = 0, chain: bytes = GENESIS) -> list[Change]:
    """A piece of a feed with its hashes."""
    found: list[Change] = []
    for ticket in made:
        seq += 1
        body = record_to_body(TicketRecord(ticket))
        salt = os.urandom(16)
        body_hash = body_hash_of(salt, body)
        chain = next_feed_hash(
            chain, seq=seq, ticket_id=ticket.id, kind="put", version=ticket.version, body_hash=body_hash
        )
        found.append(
            Change(
                store=STORE,
                seq=seq,
                kind="put",
                ticket_id=ticket.id,
                version=ticket.version,
                body=body,
                salt=salt,
                body_hash=body_hash,
                hash=chain,
            )
        )
    return found


def _apply(shop: Shop, changes: list[Change]) -> list[float]:
    """Milliseconds of each page, as the cycle takes them: one durable transaction."""
    taken: list[float] = []
    now = datetime.now(UTC)
    for at in range(0, len(changes), PAGE):
        began = time.perf_counter()
        with shop.desk.work() as uow:
            apply_changes(shop.desk, uow, changes[at : at + PAGE], now=now)
        taken.append((time.perf_counter() - began) * 1000)
        if at % (PAGE * 20) == 0:
            shop.opened.store.checkpoint()
    return taken


def _bare(shop: Shop, path: Path, count: int, *, update: bool) -> list[float]:
    """Milliseconds of each page of the very rows, by executemany under the same indexes, key and durability."""
    from sqlcipher3 import dbapi2 as sqlcipher

    shop.opened.store.checkpoint(truncate=True)
    path.unlink(missing_ok=True)
    shutil.copyfile(shop.opened.store.path, path)
    connection: Any = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{shop.opened.store.keys.database.hex()}'\"")
    for pragma in ("journal_mode=wal", "synchronous=full", "cache_size=-64000", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    rows = connection.execute("SELECT * FROM ticket WHERE known > 0 ORDER BY row LIMIT ?", (count,)).fetchall()
    names = [item[1] for item in connection.execute("PRAGMA table_info(ticket)")]
    if update:
        at = [names.index(name) for name in ("work", "updated_at", "version", "row")]
        statement = "UPDATE ticket SET work = ?, updated_at = ?, version = ? + 1 WHERE row = ?"
        rows = [tuple(row[n] for n in at) for row in rows]
    else:
        connection.execute("DELETE FROM ticket WHERE known > 0")
        statement = f"INSERT INTO ticket ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    taken: list[float] = []
    for start in range(0, len(rows), PAGE):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, rows[start : start + PAGE])
        connection.execute("COMMIT")
        taken.append((time.perf_counter() - began) * 1000)
        if start % (PAGE * 20) == 0:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    connection.close()
    return taken


def _result(name: str, ours: list[float], raw: list[float], count: int) -> Result:
    rate = count / sum(ours) * 1000
    told = f">= {GOAL:,} rows/s: {rate:,.0f},"
    return Result(name, median(ours), p99(ours), None, median(raw), sum(ours) / sum(raw), told, rate >= GOAL)
