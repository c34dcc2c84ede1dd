"""Transactions: all or nothing, two writers, a full disk, facts that are never changed."""

from __future__ import annotations

import multiprocessing
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.case import CaseState
from store_desk.domain.errors import CaseAlreadyOpen, DatabaseLocked, DiskFailed, DiskFull, TicketMoved
from store_desk.domain.journal import GENESIS, first_broken
from store_desk.domain.slip import SlipVariant
from store_desk.services.ports import Operation, SlipRow
from store_desk.store import open_store
from store_desk.store.opening import Store

from .conftest import NOW, make_case, make_ticket


def _slip(number: str, ticket_id: str, case_id: str) -> SlipRow:
    return SlipRow(number, case_id, ticket_id, SlipVariant.CANCELLATION, "{}", "ab" * 32, NOW)


def test_an_error_inside_the_block_takes_everything_back(store: Store) -> None:
    ticket = make_ticket()
    with pytest.raises(KeyError), store.work() as unit:
        unit.tickets.add(ticket)
        assert unit.counters.next("ticket") == 1
        unit.journal.write(at=NOW, actor="1001", what="x", facts={})
        raise KeyError("a mistake")
    with store.work() as unit:
        assert unit.tickets.get(ticket.id) is None
        assert unit.finder.find(ticket.number, limit=5).hits == ()
        assert unit.journal.head().n == 0
        assert unit.counters.next("ticket") == 1


def test_a_reading_block_cannot_write(store: Store) -> None:
    with pytest.raises(DiskFailed), store.read() as unit:
        unit.counters.next("x")
    with store.work() as unit:
        assert unit.counters.next("x") == 1


def test_a_reading_block_sees_one_moment(store: Store) -> None:
    store.connect_lane()
    with store.read() as unit:
        assert unit.tickets.count() == 0

        def write() -> None:
            with store.work() as other:
                other.tickets.add(make_ticket())
            store.close_lane()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert unit.tickets.count() == 0
    with store.read() as unit:
        assert unit.tickets.count() == 1


def test_two_threads_that_read_and_then_write_never_lose_a_number(store: Store) -> None:
    def count() -> None:
        for _ in range(50):
            with store.work() as unit:
                unit.counters.next("n")
                unit.journal.write(at=NOW, actor="1", what="n", facts={})
        store.close_lane()

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.work() as unit:
        assert unit.counters.next("n") == 151
        assert first_broken(unit.journal.entries()) is None
        assert unit.journal.head().n == 150


def _count_in_process(folder: Path) -> None:
    other = open_store(folder)
    for _ in range(40):
        with other.work() as unit:
            unit.counters.next("n")
    other.close()


def test_two_processes_count_without_a_gap(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count_in_process, args=(store.folder,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    with store.work() as unit:
        assert unit.counters.next("n") == 81


def test_a_writer_that_never_ends_is_named_and_nothing_waits_for_ever(store: Store) -> None:
    store.connect_lane()
    store.database.connection().execute("PRAGMA busy_timeout=20")
    holder = open_store(store.folder)
    with holder.work() as unit:
        unit.counters.next("n")
        with pytest.raises(DatabaseLocked), store.work():
            pytest.fail("two writers at once")
    holder.close()


def test_a_full_disk_refuses_and_nothing_is_half_saved(store: Store) -> None:
    kept = make_ticket(description="x" * 1_000)
    with store.work() as unit:
        unit.tickets.add(kept)
    with store.writing() as unit:
        (pages,) = unit.connection.execute("PRAGMA page_count").fetchone()
    store.database.connection().execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(DiskFull), store.work() as unit:
        unit.counters.next("ticket")
        for _ in range(200):
            unit.tickets.add(make_ticket(description="长" * 2_000))
    with store.work() as unit:
        assert unit.tickets.count() == 1
        assert unit.counters.next("ticket") == 1
        assert unit.tickets.get(kept.id) == kept
    store.database.connection().execute(f"PRAGMA max_page_count={1 << 30}")
    with store.work() as unit:
        unit.tickets.add(make_ticket())


def test_a_ticket_that_moved_meanwhile_is_not_overwritten(store: Store) -> None:
    ticket = make_ticket()
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.tickets.save(replace(ticket, customer="李雷", version=2), seen_version=1)
    with pytest.raises(TicketMoved), store.work() as unit:
        unit.tickets.save(replace(ticket, customer="韩梅梅", version=2), seen_version=1)
    with pytest.raises(TicketMoved), store.work() as unit:
        unit.tickets.save(make_ticket(), seen_version=1)
    with store.read() as unit:
        found = unit.tickets.get(ticket.id)
        assert found is not None and found.customer == "李雷"


def test_a_second_open_case_is_refused_by_the_database_itself(store: Store) -> None:
    ticket = make_ticket()
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(make_case(ticket, CaseState.PENDING_APPROVAL))
    with pytest.raises(CaseAlreadyOpen) as refused, store.work() as unit:
        unit.cases.add(make_case(ticket, CaseState.REQUESTED))
    assert refused.value.facts["number"] == ticket.number


def test_after_a_withdrawn_case_another_one_may_be_opened(store: Store) -> None:
    ticket = make_ticket()
    first = make_case(ticket, CaseState.APPLIED)
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(first)
        unit.cases.save(replace(first, state=CaseState.WITHDRAWN, ended_at=NOW + timedelta(minutes=1)))
        second = make_case(ticket, CaseState.CONFIRMED)
        unit.cases.add(second)
        assert [case.id for case in unit.cases.of_ticket(ticket.id)] == [second.id, first.id]
        (listed,) = unit.tickets.listed([ticket.id])
        assert listed.case_state is CaseState.CONFIRMED


@pytest.mark.req("REQ-RSN-06")
def test_the_database_takes_no_case_without_a_reason(store: Store) -> None:
    ticket = make_ticket()
    case = make_case(ticket)
    with pytest.raises(sqlcipher.IntegrityError), store.writing() as unit:
        unit.tickets.add(ticket)
        unit.connection.execute(
            "INSERT INTO cancellation_case (id, ticket_id, state, reason, channel, origin, opened_at, requester,"
            " approver, body) VALUES (?, ?, 'requested', '', 'counter', 'desk', 0, '', '', '{}')",
            (case.id, ticket.id),
        )


def test_a_case_needs_its_ticket(store: Store) -> None:
    with pytest.raises(sqlcipher.IntegrityError), store.work() as unit:
        unit.cases.add(make_case(make_ticket()))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal",
        "UPDATE journal SET what = 'y'",
        "DELETE FROM slip",
        "UPDATE slip SET body = 'y'",
        "UPDATE slip SET hash = 'y'",
        "DELETE FROM operation",
        "UPDATE operation SET payload = 'y'",
        "DELETE FROM cancellation_case",
        "UPDATE cancellation_case SET ticket_id = 'y'",
        "INSERT OR REPLACE INTO journal SELECT n, at, actor, 'y', subject, facts, previous, hash FROM journal",
    ],
)
def test_what_happened_cannot_be_unwritten(store: Store, statement: str) -> None:
    ticket = make_ticket()
    case = make_case(ticket)
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(case)
        unit.slips.add(_slip("XH2-26-S000001-K", ticket.id, case.id))
        unit.operations.add(Operation("1" * 32, "cancel", ticket.id, case.id, "{}", "1001", NOW, "pending"))
        unit.journal.write(at=NOW, actor="1001", what="x", facts={})
    with pytest.raises(sqlcipher.IntegrityError), store.writing() as unit:
        unit.connection.execute(statement)


def test_of_a_slip_only_printing_can_change(store: Store) -> None:
    ticket = make_ticket()
    case = make_case(ticket)
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(case)
        assert unit.slips.last_hash() == GENESIS
        slip = _slip("XH2-26-S000001-K", ticket.id, case.id)
        unit.slips.add(slip)
        assert unit.slips.owed(limit=5) == [slip]
        printed = replace(slip, printed_n=1, owed=False, failure="paper_out")
        unit.slips.save(printed)
        assert unit.slips.get(slip.number) == printed
        assert unit.slips.owed(limit=5) == []
        assert unit.slips.of_ticket(ticket.id) == [printed]
        assert unit.slips.last_hash() == slip.hash


def test_operations_are_numbered_densely_and_carry_the_hash_of_their_bytes(store: Store) -> None:
    ticket = make_ticket()
    with store.writing() as unit:
        unit.tickets.add(ticket)
        for at in range(3):
            operation = Operation(f"{at:032x}", "cancel", ticket.id, "c", '{"a":1}', "1001", NOW, "pending")
            unit.operations.add(operation)
        rows = unit.connection.execute("SELECT inc, n, length(digest) FROM operation ORDER BY n").fetchall()
        assert rows == [(1, 1, 32), (1, 2, 32), (1, 3, 32)]
        assert unit.operations.of_ticket(ticket.id)[2] == operation


def test_the_journal_is_a_chain_that_shows_a_changed_entry(store: Store) -> None:
    with store.writing() as unit:
        for at in range(5):
            unit.journal.write(at=NOW, actor="1001", what="look", subject="t1", facts={"b": 2, "a": at})
        assert first_broken(unit.journal.entries()) is None
        assert [entry.n for entry in unit.journal.about("t1", limit=2)] == [5, 4]
        assert unit.journal.count_today(what="look", actor="1001", since=NOW) == 5
        assert [entry.n for entry in unit.journal.entries(after=3)] == [4, 5]
        assert [entry.n for entry in unit.journal.entries(limit=2)] == [1, 2]
        assert next(unit.journal.entries()).facts == '{"a":0,"b":2}'
        unit.connection.execute("DROP TRIGGER journal_no_update")
        unit.connection.execute("UPDATE journal SET facts = '{}' WHERE n = 3")
        assert first_broken(unit.journal.entries()) == 3
