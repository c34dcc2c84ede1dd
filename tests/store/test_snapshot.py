"""A whole copy of a store: staged over restarts, shown all at once, and never over what waits for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.record import TicketRecord
from store_desk.services.messages import FeedPosition, SnapshotRow, parts_of_body, record_from_body, record_to_body
from store_desk.services.ports import Hits, UnitOfWork
from store_desk.store import health, open_store, snapshot, snapshot_words
from store_desk.store.opening import Store
from store_desk.store.snapshot import Loaded
from tests.shop import open_shop

from .conftest import NOW, make_ticket
from .test_ports_contract import make_delivery, obligation_of, record_of


def rows_of(records: Iterable[TicketRecord]) -> list[SnapshotRow]:
    """The copy of these records, in the order of ids."""
    ordered = sorted(records, key=lambda record: record.ticket.id)
    return [SnapshotRow(record.ticket.id, record.ticket.version, record_to_body(record)) for record in ordered]


def some(count: int, **given: object) -> list[TicketRecord]:
    return [TicketRecord(make_ticket(customer=f"Kunde{at} 王秀兰", **given)) for at in range(count)]


def stored(store: Store, records: Iterable[TicketRecord]) -> list[TicketRecord | None]:
    with store.read() as unit:
        return [unit.records.get(record.ticket.id) for record in records]


def test_a_fresh_desk_has_everything_of_the_copy(store: Store) -> None:
    records = some(1_200)
    cased = record_of(make_ticket(customer="陈国栋", brand="Nordufer"), CaseState.REFUSED, CaseState.CONFIRMED)
    last = replace(cased.cases[1], obligations=(obligation_of(cased.standing),))
    records.append(replace(cased, cases=(cased.cases[0], last)))
    told: list[tuple[str, int]] = []
    position = FeedPosition("XH", "e1", 77, b"h" * 32)

    def also(unit: UnitOfWork, loaded: Loaded) -> None:
        unit.positions.put_feed(position)

    loaded = store.load_snapshot(
        rows_of(records), token="a", also=also, told=lambda stage, done, _: told.append((stage, done))
    )
    assert loaded == Loaded(added=1_201)
    assert stored(store, records) == records
    with store.read() as unit:
        assert unit.positions.feeds() == [position] and len(list(unit.records.known_ids())) == 1_201
        assert unit.finder.find("陈国栋", limit=5).hits[0].ticket_id == cased.ticket.id
        assert unit.finder.find("kunde77", limit=5).hits[0].ticket_id == records[77].ticket.id
        assert unit.finder.find("nordufre", limit=5).guessed
    assert told[0] == ("staged", 1_000) and ("published", 1_201) in told
    assert not (store.folder / snapshot.FILE).exists() and not snapshot.words_are_owed(store)
    assert [item.name for item in (*health.check(store), *health.check_deep(store)) if not item.ok] in (
        [],
        ["key_protection"],
    )


def test_indexes_that_are_made_afterwards_are_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "BULK_ROWS", 10)
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with store.reading() as unit:
        before = unit.connection.execute(wanted).fetchall()
    records = some(50, due_at=NOW)
    store.load_snapshot(rows_of(records), token="a")
    with store.reading() as unit:
        assert unit.connection.execute(wanted).fetchall() == before
        assert unit.tickets.needing_action(until=NOW, limit=1)[1] == 50
    assert stored(store, records) == records


def test_a_broken_download_goes_on_after_a_restart(store: Store) -> None:
    records = some(2_500)
    rows = rows_of(records)
    pages = iter([False, True])
    assert store.load_snapshot(rows, token="a", stopped=lambda: next(pages)) is None
    with store.read() as unit:
        assert unit.tickets.count() == 0
    folder = store.folder
    store.close()
    again = open_store(folder)
    try:
        count, after = snapshot.staged_so_far(again, token="a")
        assert (count, after) == (2_000, rows[1_999].ticket_id)
        assert again.load_snapshot(rows[1_500:], token="a") == Loaded(added=2_500)
        assert stored(again, records) == records
    finally:
        again.close()


def test_another_copy_throws_away_what_the_last_one_left(store: Store) -> None:
    old, new = some(1_100), some(3)
    assert store.load_snapshot(rows_of(old), token="a", stopped=lambda: True) is None
    assert snapshot.staged_so_far(store, token="b") == (0, "")
    assert store.load_snapshot(rows_of(new), token="b") == Loaded(added=3)


def test_a_torn_file_begins_anew(store: Store, folder: Path) -> None:
    (folder / snapshot.FILE).write_bytes(b"x" * 5_000)
    assert store.load_snapshot(rows_of(some(2)), token="a") == Loaded(added=2)


def test_nothing_is_seen_of_a_copy_that_fails_on_the_way(store: Store) -> None:
    known = some(1)[0]
    with store.work() as unit:
        unit.records.put(known)
    changed = replace(known, ticket=replace(known.ticket, version=2, customer="别人"))

    def fails(unit: UnitOfWork, loaded: Loaded) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.load_snapshot(rows_of([changed, *some(5)]), token="a", also=fails)
    with store.read() as unit:
        assert unit.tickets.count() == 1 and unit.records.get(known.ticket.id) == known
    assert store.load_snapshot([], token="a") == Loaded(added=5, changed=1)
    assert stored(store, [changed]) == [changed]


def test_what_is_here_is_replaced_kept_back_or_offered_again(store: Store) -> None:
    same, moved, gone, elsewhere = some(4)
    elsewhere = replace(elsewhere, ticket=replace(elsewhere.ticket, store="AB"))
    waits, evicted, imported = some(3)
    case_moved = record_of(make_ticket(), CaseState.PENDING_APPROVAL)
    owes = record_of(make_ticket(), CaseState.CONFIRMED)
    owes = replace(owes, cases=(replace(owes.cases[0], obligations=(obligation_of(owes.standing),)),))
    own = make_ticket()
    with store.work() as unit:
        for record in (same, moved, gone, elsewhere, waits, evicted, case_moved, owes):
            unit.records.put(record)
        unit.records.put(imported, known=False)
        unit.tickets.add(own)
        unit.records.evict(evicted.ticket.id)
        unit.deliveries.add(make_delivery(ticket_id=waits.ticket.id))
    after = replace(moved, ticket=replace(moved.ticket, version=2, customer="别人"))
    decided = replace(case_moved.cases[0], case=replace(case_moved.cases[0].case, state=CaseState.CONFIRMED))
    case_after = replace(case_moved, cases=(decided,))
    waits_after = replace(waits, ticket=replace(waits.ticket, version=9))
    copy = rows_of([same, after, waits_after, evicted, case_after, owes, imported])
    absorbed: list[str] = []

    def absorb(unit: UnitOfWork, record: TicketRecord) -> None:
        absorbed.append(record.ticket.id)
        unit.records.put(record)

    loaded = store.load_snapshot(copy, token="a", of_store="XH", absorb=absorb)
    assert loaded == Loaded(changed=3, unchanged=3, to_mirror=1, lost=1)
    assert set(absorbed) == {after.ticket.id, evicted.ticket.id, case_moved.ticket.id}
    held = [same, after, case_after, owes, evicted, imported, waits]
    assert stored(store, held) == held
    with store.read() as unit:
        row = unit.mirror.get(waits.ticket.id)
        assert row is not None and row.version == 9 and record_from_body(row.body) == waits_after
        assert {record.ticket.id for record in unit.records.unknown(limit=9)} == {own.id, gone.ticket.id}
        assert set(unit.records.known_ids()) == {item.ticket.id for item in (*held, elsewhere)}
        assert unit.finder.find("别人", limit=5).hits[0].ticket_id == after.ticket.id
    assert store.load_snapshot(copy, token="b", of_store="XH") == Loaded(unchanged=6, to_mirror=1)


def test_words_go_on_after_a_stop_and_leave_changed_tickets_alone(store: Store) -> None:
    records = some(3)
    stops = iter([False, True])
    loaded = store.load_snapshot(rows_of(records), token="a", stopped=lambda: next(stops, True))
    assert loaded == Loaded(added=3) and snapshot.words_are_owed(store)
    assert not next(item for item in health.check(store) if item.name == "search_words").ok
    changed = replace(records[0], ticket=replace(records[0].ticket, customer="Anders", version=2))
    with store.work() as unit:
        unit.records.put(changed)
    while snapshot.add_words(store):
        continue
    assert not snapshot.words_are_owed(store) and not (store.folder / snapshot.FILE).exists()
    with store.read() as unit:
        found = unit.finder.find("anders", limit=5)
        assert [hit.ticket_id for hit in found.hits] == [changed.ticket.id] and not found.guessed
        assert [hit.ticket_id for hit in unit.finder.find("kunde2", limit=5).hits] == [records[2].ticket.id]


def test_words_that_an_earlier_version_owes_are_made_from_the_tickets(store: Store) -> None:
    records = some(2)
    stops = iter([False, True])
    store.load_snapshot(rows_of(records), token="a", stopped=lambda: next(stops, True))
    with store.writing() as unit:
        unit.settings.put(snapshot.WORDS_OWED, "500 nordufer")
    (store.folder / snapshot.FILE).write_bytes(b"of another shape")
    assert not snapshot.add_words(store)
    assert not snapshot.words_are_owed(store) and not (store.folder / snapshot.FILE).exists()
    with store.read() as unit:
        assert unit.finder.find("kunde1", limit=5).hits[0].ticket_id == records[1].ticket.id


@pytest.fixture
def words_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are indexed beside the staging from the first ticket on, in pieces of a hundred tickets."""
    monkeypatch.setattr(snapshot, "WORDS_APART_ROWS", 1)
    monkeypatch.setattr(snapshot_words, "ROWS", 100)


QUERIES = ("王秀兰", "wangxiulan", "wxl", "kunde7", "kunde", "nordufre", "维修", "6021", "没有")


def answers(store: Store) -> list[Hits]:
    with store.read() as unit:
        return [unit.finder.find(text, limit=200) for text in QUERIES]


def words_are_sound(store: Store) -> bool:
    """Raises where the index of words contradicts itself."""
    with store.writing() as unit:
        unit.connection.execute("INSERT INTO ticket_words (ticket_words) VALUES ('integrity-check')")
    return all(item.ok for item in health.check_deep(store))


@pytest.mark.usefixtures("words_apart")
def test_a_first_copy_brings_its_words_and_is_searched_as_any_other(store: Store, tmp_path: Path) -> None:
    records = [*some(250), *some(30, brand="Nordufer", problem_type="维修", phone="13800006021")]
    rows = rows_of(records)
    stops = iter([False])
    loaded = store.load_snapshot(rows, token="a", total=280, stopped=lambda: next(stops, True))
    assert loaded == Loaded(added=280) and not snapshot.words_are_owed(store)
    assert list(store.folder.glob("snapshot.*")) == []
    shop = open_shop(tmp_path / "other")
    other = shop.opened.store
    with other.work() as unit:
        unit.records.put_many(parts_of_body(row.body) for row in rows)
    assert answers(store) == answers(other) and answers(store)[0].hits and words_are_sound(store)
    for changing in (store, other):
        with changing.work() as unit:
            unit.records.put(replace(records[7], ticket=replace(records[7].ticket, customer="Anders", version=2)))
            unit.records.evict(records[70].ticket.id)
            unit.tickets.add(replace(make_ticket(customer="王秀兰"), id="f" * 32, number="own"))
        while changing.tidy():
            continue
    assert answers(store) == answers(other) and words_are_sound(store)
    shop.close()


@pytest.mark.usefixtures("words_apart")
def test_words_of_rows_from_before_a_restart_are_there_too(store: Store) -> None:
    records = some(2_500)
    rows = rows_of(records)
    pages = iter([False, True])
    assert store.load_snapshot(rows, token="a", total=2_500, stopped=lambda: next(pages)) is None
    folder = store.folder
    store.close()
    again = open_store(folder)
    try:
        assert again.load_snapshot(rows[2_000:], token="a", total=2_500, stopped=lambda: True) is None
        assert snapshot.staged_so_far(again, token="a") == (2_000, rows[1_999].ticket_id)
        assert again.load_snapshot(rows[2_000:], token="a", total=2_500) == Loaded(added=2_500)
        with again.read() as unit:
            for at in (0, 1_999, 2_000, 2_499):
                found = unit.finder.find(f"kunde{at}", limit=1).hits
                assert [hit.ticket_id for hit in found] == [records[at].ticket.id]
        assert not snapshot.words_are_owed(again) and words_are_sound(again)
    finally:
        again.close()


@pytest.mark.usefixtures("words_apart")
def test_a_ticket_made_while_the_first_copy_comes_in_keeps_its_words(store: Store) -> None:
    records = some(5)
    own = make_ticket(customer="Anders")

    def coming() -> Iterable[SnapshotRow]:
        yield from rows_of(records)
        with store.work() as unit:
            unit.tickets.add(own)

    assert store.load_snapshot(coming(), token="a", total=5) == Loaded(added=5)
    with store.read() as unit:
        assert [hit.ticket_id for hit in unit.finder.find("anders", limit=5).hits] == [own.id]
        assert [hit.ticket_id for hit in unit.finder.find("kunde3", limit=5).hits] == [records[3].ticket.id]
    assert words_are_sound(store)


@pytest.mark.usefixtures("words_apart")
def test_a_first_copy_that_fails_at_the_last_moment_leaves_no_words(store: Store) -> None:
    rows = rows_of(some(5))

    def fails(unit: UnitOfWork, loaded: Loaded) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.load_snapshot(rows, token="a", total=5, also=fails)
    assert not any(found.hits for found in answers(store)) and words_are_sound(store)
    assert store.load_snapshot([], token="a", total=5) == Loaded(added=5)
    assert len(answers(store)[0].hits) == 5 and words_are_sound(store)
