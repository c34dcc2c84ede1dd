"""Transactions that commit late: the store's number misses nothing, where a sequence or a time of change lose rows."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import LiteralString

from psycopg import Connection

from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.messages import Change
from tests.embedded_postgres import EmbeddedPostgres
from tests.hub.given import NOON, add_store, check_feed

STORES = ("A1", "A2", "A3")
WRITERS = 8
EACH = 25
# The two ways that look right and are not: a cursor on a sequence, and one on the time of the change.
NAIVE: tuple[LiteralString, ...] = (
    "create table by_number(id bigserial primary key, store text, what text)",
    "create table by_time(at timestamptz default clock_timestamp(), store text, what text primary key)",
)
AFTER_NUMBER: LiteralString = "select id, what from by_number where store = %s and id > %s order by id"
AFTER_TIME: LiteralString = "select at, what from by_time where store = %s and at > %s order by at"


class RolledBack(Exception):
    """A writer that changes its mind."""


@dataclass
class Reader:
    """Follows each store by all three cursors until it is told that nothing more will come."""

    database: HubDatabase
    feed: dict[str, list[Change]] = field(default_factory=lambda: {store: [] for store in STORES})
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STORES, 0))
    times: dict[str, object] = field(default_factory=lambda: dict.fromkeys(STORES, NOON - timedelta(days=9_000)))
    by_number: set[str] = field(default_factory=set)
    by_time: set[str] = field(default_factory=set)

    def poll(self) -> bool:
        """Reads once, in one moment; answers whether the feed brought anything."""
        return self.database.snapshot_read(self._poll)

    def _poll(self, unit: PgUnit) -> bool:
        found = False
        for store, changes in self.feed.items():
            page = unit.changes_after(store, changes[-1].seq if changes else 0, limit=5)
            changes += page
            found = found or bool(page)
            self._follow(unit.connection, store)
        return found

    def _follow(self, connection: Connection[tuple[object, ...]], store: str) -> None:
        for number, what in connection.execute(AFTER_NUMBER, (store, self.numbers[store])).fetchall():
            self.numbers[store] = int(str(number))
            self.by_number.add(str(what))
        for at, what in connection.execute(AFTER_TIME, (store, self.times[store])).fetchall():
            self.times[store] = at
            self.by_time.add(str(what))


def _write(database: HubDatabase, writer: int, committed: list[str]) -> None:
    """Transactions as the hub makes them, some of which stay open for up to 400 ms or are rolled back."""
    chance = random.Random(writer)
    for turn in range(EACH):
        what = f"{writer}-{turn}"
        store = chance.choice(STORES)
        hold = chance.uniform(0.05, 0.4) if chance.random() < 0.1 else chance.uniform(0, 0.02)
        before, after = (hold, 0.0) if chance.random() < 0.5 else (0.0, hold)
        fails = chance.random() < 0.05

        def work(unit: PgUnit, what=what, store=store, before=before, after=after, fails=fails) -> None:  # type: ignore[no-untyped-def]
            unit.connection.execute("insert into by_number(store, what) values (%s, %s)", (store, what))
            unit.connection.execute("insert into by_time(store, what) values (%s, %s)", (store, what))
            unit.connection.execute("select pg_sleep(%s)", (before,))
            unit.append_change(store, kind="put", ticket_id=what, version=1, body=what, op_id=what, at=NOON)
            unit.flush()
            unit.connection.execute("select pg_sleep(%s)", (after,))
            if fails:
                raise RolledBack

        try:
            database.transaction(work)
        except RolledBack:
            continue
        committed.append(what)


def test_a_reader_of_the_feed_misses_nothing_that_commits_late(
    postgres: EmbeddedPostgres, database_name: str, hub_database: HubDatabase
) -> None:
    with postgres.connect(database_name) as connection:
        for statement in NAIVE:
            connection.execute(statement)
    for store in STORES:
        add_store(hub_database, store)
    committed: list[str] = []
    with HubDatabase(postgres.conninfo(database_name), size=WRITERS) as writers_database:
        threads = [
            threading.Thread(target=_write, args=(writers_database, writer, committed)) for writer in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        reader = Reader(hub_database)
        while any(thread.is_alive() for thread in threads):
            reader.poll()
    while reader.poll():
        pass
    assert len(committed) > WRITERS * EACH * 0.8
    seen = [change.ticket_id for changes in reader.feed.values() for change in changes]
    assert sorted(seen) == sorted(committed), "everything once, and nothing that was rolled back"
    for store, changes in reader.feed.items():
        check_feed(changes, store)
    lost = {name: len(set(committed) - got) for name, got in (("number", reader.by_number), ("time", reader.by_time))}
    assert lost["number"] > 0, "the sequence must lose rows here, or this test shows nothing"
    assert lost["time"] > 0, "the time of change must lose rows here, or this test shows nothing"
