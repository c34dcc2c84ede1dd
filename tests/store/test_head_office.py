"""What only the real store has to show of the way to head office: guards, indexes, imports, and the upgrade."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.imports import ImportCounts
from store_desk.domain.record import TicketRecord
from store_desk.services.messages import Answer
from store_desk.services.office_ports import DeliveryState
from store_desk.store import open_store
from store_desk.store.opening import Store
from store_desk.store.publish import begin
from store_desk.store.repositories import deliveries, ticket_records, tickets
from store_desk.store.undo import begin_undo

from .conftest import NOW, make_ticket
from .test_imports import bring_in, never, new_batch, read_row, run_out, stage
from .test_old_databases import OLD
from .test_ports_contract import make_delivery, record_of


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM delivery",
        "REPLACE INTO delivery SELECT * FROM delivery",
        *(
            f"UPDATE delivery SET {name} = {value}"
            for name, value in (
                ("payload", "'{}'"),
                ("digest", "zeroblob(32)"),
                ("signature", "x'00'"),
                ("op_id", "'other'"),
                ("kind", "'ask'"),
                ("ticket_id", "'t2'"),
                ("case_id", "'c2'"),
                ("actor", "'9'"),
                ("role", "'manager'"),
                ("at_ms", "0"),
                ("made_at", "0"),
            )
        ),
    ],
)
def test_what_was_signed_is_kept_whatever_is_tried(store: Store, change: str) -> None:
    made = make_delivery()
    with store.work() as unit:
        unit.deliveries.add(made)
    with pytest.raises(Exception, match=r"never changes|are kept"), store.writing() as unit:
        unit.connection.execute(change)
    with store.work() as unit:
        assert unit.deliveries.get(made.envelope.id) == made
        unit.deliveries.save(replace(made, envelope=replace(made.envelope, inc=3, n=9)))
    with store.read() as unit:
        assert unit.deliveries.next_n(3) == 10


def plan_of(store: Store, sql: str, values: tuple[Any, ...]) -> str:
    with store.reading() as unit:
        return " | ".join(row[3] for row in unit.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (deliveries._ALL_UNANSWERED, (0, 0, 9), "delivery_unanswered"),
        (deliveries._UNANSWERED_OF, ("t",), "delivery_"),
        (deliveries._LATEST_TO_HANDLE, (9,), "delivery_to_handle"),
        (deliveries._LATEST_OTHERS, (9,), "delivery_made"),
        (deliveries._LAST_N, (1,), "(inc=?)"),
        (deliveries._TRIPS, (), "COVERING INDEX delivery_answered"),
        (tickets._REOPENED_FROM, ("t", "XH"), "ticket_reopens"),
        (tickets._DUE, (1, 9), "ticket_open"),
        (tickets._DUE_COUNT, (1,), "ticket_open"),
        (tickets._UNDATED_COUNT, (), "ticket_open"),
        (tickets._FINISHED_COUNT, (1,), "ticket_closed"),
        (tickets._COUNT, (), "ticket_evicted"),
        (ticket_records._UNKNOWN, ("", 9), "ticket_unknown"),
    ],
)
def test_what_is_asked_often_goes_along_an_index(store: Store, sql: str, values: tuple[Any, ...], index: str) -> None:
    plan = plan_of(store, sql, values)
    assert index in plan, plan
    assert "SCAN delivery |" not in plan


def test_counting_deliveries_reads_no_more_than_their_indexes(store: Store) -> None:
    plan = plan_of(store, deliveries._COUNTS, (1,))
    assert "SCAN delivery |" not in plan
    assert all(f"COVERING INDEX delivery_{name}" in plan for name in ("unanswered", "answered")), plan
    assert "delivery_to_handle" in plan


def test_an_import_leaves_alone_what_head_office_knows(store: Store) -> None:
    first = read_row(1, customer="旧名")
    bring_in(store, [first, read_row(2)])
    with store.work() as unit:
        unit.records.mark_known([first.ticket.id])
    path, counts = stage(store, [read_row(1, customer="新名", updated_at=NOW + timedelta(days=1)), read_row(2)])
    assert counts == ImportCounts(rows=2, unchanged=2, without_phone=2)
    run_out(begin(store, path, new_batch()))
    with store.read() as unit:
        assert unit.tickets.get(first.ticket.id) == first.ticket


def test_a_ticket_that_head_office_learns_of_during_an_import_is_left_alone(store: Store) -> None:
    first = read_row(1, customer="旧名")
    bring_in(store, [first])
    path, counts = stage(store, [read_row(1, customer="新名", updated_at=NOW + timedelta(days=1))])
    assert counts.updated == 1
    with store.work() as unit:
        unit.records.mark_known([first.ticket.id])
    run_out(begin(store, path, new_batch()))
    with store.read() as unit:
        assert unit.tickets.get(first.ticket.id) == first.ticket


def test_undoing_an_import_keeps_what_head_office_knows(store: Store) -> None:
    rows = [read_row(at) for at in range(3)]
    batch = bring_in(store, rows)
    with store.work() as unit:
        unit.records.mark_known([rows[0].ticket.id])
        unit.records.put(TicketRecord(rows[1].ticket))
    undoing = begin_undo(store, batch.id, now=NOW, hours=24)
    while not undoing.step(waiting=never, now=NOW).finished:
        continue
    assert (undoing.removed, undoing.kept.count) == (1, 2)
    with store.read() as unit:
        assert unit.tickets.count() == 2


def test_a_number_of_a_ticket_that_left_may_be_imported(store: Store) -> None:
    row = read_row(1)
    bring_in(store, [row])
    with store.work() as unit:
        unit.records.evict(row.ticket.id)
    again = read_row(1, customer="再来")
    bring_in(store, [again])
    with store.read() as unit:
        assert [ticket.id for ticket in unit.tickets.by_number("AS-000001")] == [again.ticket.id]


def test_an_answer_survives_closing(store: Store) -> None:
    made = make_delivery()
    with store.work() as unit:
        unit.deliveries.add(made)
    folder = store.folder
    store.close()
    again = open_store(folder)
    with again.read() as unit:
        assert unit.deliveries.unanswered(limit=9) == [made]
    again.close()


def test_a_database_from_before_head_office_goes_on_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(OLD / "0.1.0", folder)
    store = open_store(folder)
    with store.work() as unit:
        found = unit.records.unknown(limit=100)
        assert len(found) == unit.tickets.count() and list(unit.records.known_ids()) == []
        cased = [record for record in found if record.cases]
        assert cased and all(record.standing == record.cases[-1].case.id for record in cased)
        assert all(len(item.obligations) == 1 for record in cased for item in record.cases)
        unit.records.mark_known(record.ticket.id for record in found)
        first = cased[0]
        after = replace(first, ticket=replace(first.ticket, version=first.ticket.version + 1, customer="新名"))
        unit.records.put(after)
        assert unit.records.get(first.ticket.id) == after
        other = record_of(make_ticket(), CaseState.PENDING_HEAD_OFFICE)
        unit.records.put(other)
        unit.deliveries.add(make_delivery(ticket_id=other.ticket.id))
        unit.records.evict(cased[1].ticket.id)
    with store.read() as unit:
        assert unit.records.unknown(limit=9) == [] and len(unit.deliveries.unanswered(limit=9)) == 1
        assert unit.finder.find("新名", limit=5).hits[0].ticket_id == first.ticket.id
        assert len(unit.slips.of_ticket(cased[1].ticket.id)) == 1
    store.close()


def test_a_delivery_that_is_rechecked_waits_though_it_was_answered(store: Store) -> None:
    made = make_delivery()
    answer = Answer(made.envelope.id, 1, 1, next(iter(deliveries.CONFIRMED_RESULTS)), b"c" * 32)
    with store.work() as unit:
        unit.deliveries.add(made)
        unit.deliveries.save(replace(made, state=DeliveryState.RECHECK, answer=answer, answered_at=NOW))
        told = unit.deliveries.counts(confirmed_since=NOW)
    assert (told.waiting, told.confirmed) == (1, 0)
