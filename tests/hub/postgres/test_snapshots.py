"""Snapshots belong to one number of the feed; clearing up never lets a desk take a gap for the whole."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from store_desk.domain.authority import Result
from store_desk.hub.changes import read_changes
from store_desk.hub.errors import SnapshotGone, StoreUnknown
from store_desk.hub.postgres import snapshots
from store_desk.hub.postgres.clearing import prune
from store_desk.hub.postgres.epoch import new_epoch
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import ChangesAsked, ChangesReply
from tests.hub.given import (
    NOON,
    OFFICE,
    Counter,
    add_store,
    all_answers,
    asked,
    enrol,
    feed_operations,
    whole_feed,
)


@pytest.fixture
def desk(hub_database: HubDatabase) -> Counter:
    """The first desk of a store with a few tickets."""
    add_store(hub_database)
    counter = enrol(hub_database, "d1")
    tickets = [counter.ticket() for _ in range(20)]
    counter.push(hub_database, *tickets)
    counter.push(hub_database, *(counter.cancel(item.ticket_id) for item in tickets[:10]))
    return counter


def _rows(database: HubDatabase, head: snapshots.SnapshotHead) -> dict[str, tuple[int, str]]:
    """The tickets of a snapshot, fetched and checked as a desk does it."""
    data = [snapshots.read_chunk(database, head.snapshot_id, n) for n in range(head.chunks)]
    assert hashlib.sha256(b"".join(data)).digest() == head.sha256
    assert sum(len(item) for item in data) == head.size
    rows = {row.ticket_id: (row.version, row.body) for item in data for row in snapshots.rows_of(item)}
    assert len(rows) == head.rows
    return rows


def _replayed(database: HubDatabase, seq: int) -> dict[str, tuple[int, str]]:
    """What the feed says up to a number."""
    return {change.ticket_id: (change.version, change.body) for change in whole_feed(database) if change.seq <= seq}


def _ask(database: HubDatabase, question: ChangesAsked) -> ChangesReply:
    def work(unit):  # type: ignore[no-untyped-def]
        return read_changes(unit, unit.desk("d1", 1), question, now_ms=0)

    return database.snapshot_read(work)


def test_a_snapshot_is_what_the_feed_says_up_to_its_number(hub_database: HubDatabase, desk: Counter) -> None:
    head = snapshots.current(hub_database, "XH")
    assert (head.seq, head.rows, head.chunks) == (30, 20, 1)
    assert head.hash == whole_feed(hub_database)[-1].hash
    assert _rows(hub_database, head) == _replayed(hub_database, 30)


def test_a_snapshot_built_while_desks_work_is_of_one_moment(hub_database: HubDatabase, desk: Counter) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            born = desk.ticket()
            desk.push(hub_database, born, desk.cancel(born.ticket_id))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(8):
            head = snapshots.current(hub_database, "XH", bucket=1)
            assert _rows(hub_database, head) == _replayed(hub_database, head.seq)
    finally:
        stop.set()
        thread.join()


def test_a_large_store_comes_in_chunks_that_make_one_file(hub_database: HubDatabase, desk: Counter) -> None:
    hub_database.transaction(
        lambda unit: unit.connection.execute(
            "insert into ticket_record(ticket_id, store, number, review, work, version, seq, changed_at, body)"
            " select 'z' || n, 'XH', n, '', '', 1, 1, now(), repeat(md5(n::text), 50)"
            " from generate_series(1, 6000) n"
        )
    )
    head = snapshots.current(hub_database, "XH")
    assert head.chunks == 3
    assert head.rows == 6020
    whole = b"".join(snapshots.read_chunk(hub_database, head.snapshot_id, n) for n in range(head.chunks))
    assert gzip.decompress(whole).count(b"\n") == head.rows
    assert len(_rows(hub_database, head)) == head.rows


def test_a_snapshot_is_used_again_until_the_feed_has_gone_on(
    hub_database: HubDatabase, desk: Counter, conninfo: str
) -> None:
    first = snapshots.current(hub_database, "XH", bucket=3)
    desk.push(hub_database, desk.ticket(), desk.ticket())
    with HubDatabase(conninfo, size=1) as other:
        assert snapshots.current(other, "XH", bucket=3) == first
    desk.push(hub_database, desk.ticket())
    second = snapshots.current(hub_database, "XH", bucket=3)
    assert second.seq == 33
    assert _rows(hub_database, first), "a desk in the middle of the one before can finish it"
    with hub_database.alone() as connection:
        new_epoch(connection, why="restored")
    third = snapshots.current(hub_database, "XH", bucket=3)
    assert (third.seq, third.epoch != second.epoch) == (33, True)
    with pytest.raises(SnapshotGone):
        snapshots.read_chunk(hub_database, first.snapshot_id, 0)


def test_hubs_that_are_asked_at_once_build_one_snapshot(
    hub_database: HubDatabase, desk: Counter, conninfo: str
) -> None:
    found: list[snapshots.SnapshotHead] = []
    start = threading.Barrier(4)

    def ask() -> None:
        with HubDatabase(conninfo, size=1) as hub:
            start.wait(10)
            found.append(snapshots.current(hub, "XH"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({head.snapshot_id for head in found}) == 1
    assert len(found) == 4


def test_a_store_without_tickets_and_one_that_is_not_there(hub_database: HubDatabase, desk: Counter) -> None:
    add_store(hub_database, "NJ")
    head = snapshots.current(hub_database, "NJ")
    assert (head.seq, head.rows, head.chunks) == (0, 0, 0)
    with pytest.raises(StoreUnknown):
        snapshots.current(hub_database, "ZZ")


def test_after_clearing_up_old_positions_get_a_snapshot_and_old_operations_are_never_done_again(
    hub_database: HubDatabase, desk: Counter
) -> None:
    old = whole_feed(hub_database)
    later = replace(OFFICE, clock=lambda: NOON + timedelta(days=100))
    fresh = desk.ticket()
    hub_database.apply_batch(later, desk_id="d1", envelopes=[fresh])
    first_op = feed_operations(hub_database)[0]
    before = all_answers(hub_database, "d1")
    with hub_database.alone() as connection:
        gone = prune(connection, now=NOON + timedelta(days=110), operations_kept=timedelta(days=60))
        assert (gone.changes, gone.operations, gone.answers) == (29, 30, 30)
        assert prune(connection, now=NOON + timedelta(days=110)) == type(gone)()
    assert _ask(hub_database, asked(hub_database)).reset == "too_old"
    at_floor = _ask(hub_database, asked(hub_database, seq=30, hash_=old[29].hash, settled=31, chain=before[30].chain))
    assert (at_floor.reset, [change.seq for change in at_floor.changes]) == ("", [31])
    copy = replace(fresh, id=first_op, n=1)
    reply = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[copy])
    assert (reply.answers, reply.stopped, reply.have) == ((), "fork", 31)
    assert _rows(hub_database, snapshots.current(hub_database, "XH")).keys() >= {old[0].ticket_id}
    assert desk.push(hub_database, desk.cancel(old[25].ticket_id)).answers[0].result in set(Result)
