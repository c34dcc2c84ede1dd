"""Imports: what the check counts, publishing beside other work, stopping, undoing, and crashes in the middle."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.case import CaseState, Origin
from store_desk.domain.errors import BatchNotFound, BatchTooOld, ImportRunning
from store_desk.domain.imports import ImportCounts, ReadRow, RefusedRow
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Ticket
from store_desk.services.ports import Batch, Draft
from store_desk.store import open_store, publish
from store_desk.store.opening import Store
from store_desk.store.publish import Publication, begin
from store_desk.store.staging import StagingWriter, compare, refused_rows, throw_away
from store_desk.store.undo import Undoing, begin_stop, begin_undo, take_back_unfinished

from .conftest import NOW, make_case, make_ticket


def never() -> bool:
    return False


def read_row(at: int, *, cancelled: bool = False, reason: Reason | None = None, **given: Any) -> ReadRow:
    """Row `at` of an export of another system."""
    values: dict[str, Any] = {
        "number": f"AS-{at:06d}",
        "source": "erp",
        "customer": f"客户{at}",
        "created_at": NOW + timedelta(minutes=at),
        "updated_at": NOW + timedelta(minutes=at),
        **given,
    }
    ticket = make_ticket(**values)
    shown = repr([values, cancelled, reason]).encode()
    return ReadRow(at + 2, ticket, cancelled, reason, hashlib.sha256(shown).digest()[:16])


def stage(store: Store, rows: Iterable[ReadRow], refused: Iterable[RefusedRow] = ()) -> tuple[Path, ImportCounts]:
    path = store.folder / "import.staging"
    with StagingWriter(path, store.keys.database) as writer:
        for row in rows:
            writer.add(row)
        for bad in refused:
            writer.refuse(bad)
    return path, compare(path, database=store.path, key=store.keys.database)


def new_batch() -> Batch:
    return Batch(0, "erp.csv", NOW, "9001", "running", ImportCounts())


def run_out(work: Publication | Undoing, waiting: Callable[[], bool] = never) -> int:
    steps = 1
    while not work.step(waiting=waiting, now=NOW).finished:
        steps += 1
    return steps


def bring_in(store: Store, rows: Iterable[ReadRow]) -> Batch:
    path, _ = stage(store, rows)
    publication = begin(store, path, new_batch())
    run_out(publication)
    throw_away(path)
    return publication.batch


def everything(store: Store) -> list[tuple[Any, ...]]:
    """All tickets with their cases as they can be seen, without version and place."""
    with store.read() as unit:
        return sorted(
            (item.ticket.number, replace(item.ticket, version=0), item.case_state)
            for item in unit.tickets.all_matching(None)
        )


def test_an_import_brings_tickets_that_can_be_found_and_opened(store: Store) -> None:
    rows = [read_row(2), read_row(0, customer="王秀兰", phone="13800136021"), read_row(1)]
    path, counts = stage(store, rows, [RefusedRow(9, "number", "", "number_missing")])
    assert counts == ImportCounts(rows=4, added=3, refused=1, without_phone=2)
    publication = begin(store, path, new_batch())
    run_out(publication)
    assert publication.batch.state == "done" and publication.batch.counts == counts
    with store.read() as unit:
        assert unit.tickets.get(rows[1].ticket.id) == rows[1].ticket
        for typed in ("王秀兰", "wangxl", "6021", "AS-000000"):
            assert [hit.ticket_id for hit in unit.finder.find(typed, limit=5).hits] == [rows[1].ticket.id], typed
        assert [item.ticket.number for item in unit.tickets.all_matching(None)] == [
            "AS-000000",
            "AS-000001",
            "AS-000002",
        ]
        assert unit.batches.all(limit=5) == [publication.batch]


def test_checking_changes_nothing(store: Store) -> None:
    path, _ = stage(store, [read_row(0)])
    throw_away(path)
    assert everything(store) == []
    assert not list(store.folder.glob("import.staging*"))


def test_the_staging_file_cannot_be_read_without_the_key(store: Store) -> None:
    path, _ = stage(store, [read_row(0, customer="Wang Xiulan")])
    assert b"Xiulan" not in path.read_bytes()


def test_importing_the_same_file_again_changes_nothing(store: Store) -> None:
    rows = [read_row(at) for at in range(5)]
    bring_in(store, rows)
    before = everything(store)
    path, counts = stage(store, [replace(row, ticket=replace(row.ticket, id=make_ticket().id)) for row in rows])
    assert counts == ImportCounts(rows=5, unchanged=5, without_phone=5)
    run_out(begin(store, path, new_batch()))
    assert everything(store) == before


def test_a_newer_row_updates_its_ticket_and_an_older_one_does_not(store: Store) -> None:
    bring_in(store, [read_row(0, customer="王秀兰"), read_row(1, customer="李雷", updated_at=NOW + timedelta(days=9))])
    newer = read_row(0, customer="韩梅梅", updated_at=NOW + timedelta(days=1))
    older = read_row(1, customer="魏华", updated_at=NOW + timedelta(days=8))
    path, counts = stage(store, [newer, older])
    assert (counts.updated, counts.unchanged) == (1, 1)
    run_out(begin(store, path, new_batch()))
    with store.read() as unit:
        (first,) = unit.tickets.by_number("AS-000000")
        assert (first.customer, first.version) == ("韩梅梅", 2)
        assert unit.finder.find("王秀兰", limit=5).hits == ()
        assert unit.finder.find("韩梅梅", limit=5).hits[0].ticket_id == first.id
        assert unit.tickets.by_number("AS-000001")[0].customer == "李雷"


def test_a_ticket_with_a_case_here_keeps_its_state_and_the_row_is_reported(store: Store) -> None:
    bring_in(store, [read_row(0), read_row(1)])
    with store.work() as unit:
        (ticket,) = unit.tickets.by_number("AS-000000")
        unit.cases.add(make_case(ticket, CaseState.CONFIRMED))
    before = everything(store)
    path, counts = stage(store, [read_row(0, customer="x", updated_at=NOW + timedelta(days=1)), read_row(1)])
    assert (counts.conflicts, counts.unchanged) == (1, 1)
    assert refused_rows(path, key=store.keys.database) == [RefusedRow(2, "number", "AS-000000", "conflict_case")]
    run_out(begin(store, path, new_batch()))
    assert everything(store) == before


def test_a_cancelled_row_gets_a_confirmed_case_without_level_or_slip(store: Store) -> None:
    closed = NOW + timedelta(hours=5)
    bring_in(
        store,
        [
            read_row(0, cancelled=True, reason=Reason.DUPLICATE, closed_at=closed, due_at=NOW),
            read_row(1, cancelled=True, due_at=NOW),
            read_row(2, due_at=NOW),
        ],
    )
    with store.read() as unit:
        (ticket,) = unit.tickets.by_number("AS-000000")
        (case,) = unit.cases.of_ticket(ticket.id)
        assert (case.state, case.origin, case.level, case.reason) == (
            CaseState.CONFIRMED,
            Origin.IMPORT,
            None,
            Reason.DUPLICATE,
        )
        assert case.decided_at == closed == ticket.closed_at and ticket.due_at is None
        (other,) = unit.tickets.by_number("AS-000001")
        assert unit.cases.of_ticket(other.id)[0].reason is Reason.OTHER
        assert unit.slips.of_ticket(ticket.id) == []
        assert unit.tickets.listed([ticket.id])[0].case_state is CaseState.CONFIRMED
        assert [item.ticket.number for item in unit.tickets.needing_action(until=NOW, limit=5)[0]] == ["AS-000002"]


def test_an_export_may_cancel_a_ticket_later_and_open_it_again(store: Store) -> None:
    bring_in(store, [read_row(0)])
    bring_in(store, [read_row(0, cancelled=True, updated_at=NOW + timedelta(days=1))])
    with store.read() as unit:
        (ticket,) = unit.tickets.by_number("AS-000000")
        assert unit.tickets.listed([ticket.id])[0].case_state is CaseState.CONFIRMED
    bring_in(store, [read_row(0, updated_at=NOW + timedelta(days=2))])
    with store.read() as unit:
        assert unit.tickets.listed([ticket.id])[0].case_state is CaseState.SUPERSEDED


def test_a_cancellation_never_waits_longer_than_one_small_part(store: Store) -> None:
    path, _ = stage(store, [read_row(at) for at in range(450)])
    publication = begin(store, path, new_batch())
    assert publication.step(waiting=lambda: True, now=NOW).done == publish.PART_ROWS
    with store.work() as unit:
        (ticket,) = unit.tickets.by_number("AS-000007")
        unit.cases.add(make_case(ticket, CaseState.CONFIRMED))
        assert unit.tickets.count() == publish.PART_ROWS
    assert publication.step(waiting=never, now=NOW).done > 2 * publish.PART_ROWS
    run_out(publication)
    with store.read() as unit:
        assert unit.tickets.count() == 450


def test_a_ticket_touched_between_check_and_publishing_keeps_what_it_has(store: Store) -> None:
    bring_in(store, [read_row(0, customer="王秀兰"), read_row(1)])
    path, counts = stage(store, [read_row(at, customer="新", updated_at=NOW + timedelta(days=1)) for at in (0, 1)])
    assert counts.updated == 2
    with store.work() as unit:
        (ticket,) = unit.tickets.by_number("AS-000000")
        unit.tickets.save(replace(ticket, assignee="T7", version=2), seen_version=1)
    publication = begin(store, path, new_batch())
    run_out(publication)
    assert (publication.batch.counts.updated, publication.batch.counts.unchanged) == (1, 1)
    with store.read() as unit:
        assert unit.tickets.by_number("AS-000000")[0].customer == "王秀兰"


def test_a_number_that_appeared_meanwhile_is_not_taken_twice(store: Store) -> None:
    path, _ = stage(store, [read_row(at) for at in range(3)])
    with store.work() as unit:
        unit.tickets.add(make_ticket(number="AS-000001", source="erp", customer="王秀兰"))
    publication = begin(store, path, new_batch())
    run_out(publication)
    assert (publication.batch.counts.added, publication.batch.counts.unchanged) == (2, 1)
    with store.read() as unit:
        assert unit.tickets.count() == 3
        assert [hit.matched for hit in unit.finder.find("王秀兰", limit=9).hits] == ["name"]


def test_a_second_import_waits_for_the_first(store: Store) -> None:
    path, _ = stage(store, [read_row(0)])
    publication = begin(store, path, new_batch())
    with pytest.raises(ImportRunning):
        begin(store, path, new_batch())
    run_out(publication)


def test_undoing_an_import_removes_and_restores_everything_that_nobody_touched(store: Store) -> None:
    bring_in(store, [read_row(at, customer=f"旧{at}", cancelled=at == 3) for at in range(5)])
    before = everything(store)
    later = NOW + timedelta(days=1)
    batch = bring_in(
        store,
        [read_row(at, customer=f"新{at}", updated_at=later, cancelled=at == 2) for at in range(4)]
        + [read_row(at, cancelled=at == 7) for at in range(6, 260)],
    )
    assert (batch.counts.added, batch.counts.updated) == (254, 4)
    undoing = begin_undo(store, batch.id, now=NOW, hours=24)
    run_out(undoing)
    assert (undoing.removed, undoing.restored, undoing.kept.count) == (254, 4, 0)
    assert everything(store) == before
    with store.read() as unit:
        assert unit.finder.find("新", limit=9).hits == ()
        assert len(unit.finder.find("旧", limit=9).hits) == 5
        assert unit.finder.find("客户", limit=9).hits == ()
        kept = unit.batches.get(batch.id)
        assert kept is not None and kept.state == "undone"


def test_undoing_keeps_and_names_tickets_that_were_touched(store: Store) -> None:
    bring_in(store, [read_row(0)])
    later = NOW + timedelta(days=1)
    batch = bring_in(store, [read_row(0, customer="新", updated_at=later), *(read_row(at) for at in range(1, 6))])
    with store.work() as unit:

        def of(number: str) -> Ticket:
            return unit.tickets.by_number(number)[0]

        unit.cases.add(make_case(of("AS-000001"), CaseState.CONFIRMED))
        unit.drafts.put(Draft(of("AS-000002").id, "1001", "{}", NOW))
        unit.tickets.save(replace(of("AS-000003"), assignee="T7", version=2), seen_version=1)
        unit.tickets.save(replace(of("AS-000000"), assignee="T7", version=3), seen_version=2)
    undoing = begin_undo(store, batch.id, now=NOW, hours=24)
    run_out(undoing)
    assert (undoing.removed, undoing.restored) == (2, 0)
    assert set(undoing.kept.numbers) == {"AS-000000", "AS-000001", "AS-000002", "AS-000003"}


def test_undoing_both_imports_one_after_the_other_leaves_nothing(store: Store) -> None:
    first = bring_in(store, [read_row(at) for at in range(4)])
    second = bring_in(store, [read_row(at, customer="新", updated_at=NOW + timedelta(days=1)) for at in range(4)])
    early = begin_undo(store, first.id, now=NOW, hours=24)
    for batch in (second, first):
        run_out(begin_undo(store, batch.id, now=NOW, hours=24))
    del early
    assert everything(store) == []


def test_an_undo_is_refused_after_its_time_twice_and_for_unknown_imports(store: Store) -> None:
    batch = bring_in(store, [read_row(0)])
    with pytest.raises(BatchTooOld):
        begin_undo(store, batch.id, now=NOW + timedelta(hours=25), hours=24)
    with pytest.raises(BatchNotFound):
        begin_undo(store, 99, now=NOW, hours=24)
    run_out(begin_undo(store, batch.id, now=NOW, hours=24))
    with pytest.raises(BatchNotFound):
        begin_undo(store, batch.id, now=NOW, hours=24)


def test_a_stopped_import_leaves_the_store_as_it_was(store: Store) -> None:
    bring_in(store, [read_row(0, customer="旧")])
    before = everything(store)
    later = NOW + timedelta(days=1)
    path, _ = stage(store, [read_row(0, customer="新", updated_at=later), *(read_row(at) for at in range(1, 400))])
    publication = begin(store, path, new_batch())
    publication.step(waiting=lambda: True, now=NOW)
    assert everything(store) != before
    publication.close()
    run_out(begin_stop(store, publication.batch), waiting=lambda: True)
    assert everything(store) == before
    with store.read() as unit:
        assert unit.batches.all(limit=1)[0].state == "stopped" and unit.batches.unfinished() == []
    bring_in(store, [read_row(0, customer="新", updated_at=later)])


def test_an_import_that_a_crash_left_half_done_is_taken_back_at_the_next_start(store: Store) -> None:
    path, _ = stage(store, [read_row(at) for at in range(400)])
    publication = begin(store, path, new_batch())
    publication.step(waiting=lambda: True, now=NOW)
    # As after a crash: the file is opened by another program without anything having been closed.
    again = open_store(store.folder)
    assert [batch.id for batch in take_back_unfinished(again, now=NOW)] == [publication.batch.id]
    with again.read() as unit:
        assert unit.tickets.count() == 0
        assert unit.batches.all(limit=1)[0].state == "stopped"
    assert take_back_unfinished(again, now=NOW) == []
    again.close()
    publication.close()


def test_an_error_while_staging_leaves_a_file_that_is_not_taken_for_one(store: Store) -> None:
    path = store.folder / "import.staging"
    with pytest.raises(ZeroDivisionError), StagingWriter(path, store.keys.database) as writer:
        writer.add(read_row(0))
        raise ZeroDivisionError
    throw_away(path)
    assert not path.exists()
