"""What a quiet moment is used for: above all the words that a copy of head office still owes the search."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from store_desk.app.housekeeping import keep_house
from store_desk.app.main import make_program, parse
from store_desk.services.messages import SnapshotRow, record_to_body
from store_desk.store import snapshot
from store_desk.store.opening import Store
from tests.shop import open_shop
from tests.store.conftest import make_ticket
from tests.store.test_ports_contract import record_of

LONG_MS = 20_000


def copy_of(count: int) -> list[SnapshotRow]:
    """A store's whole copy, in the order of ticket ids."""
    records = [record_of(make_ticket(customer=f"Kunde{n}")) for n in range(count)]
    rows = [SnapshotRow(item.ticket.id, item.ticket.version, record_to_body(item)) for item in records]
    return sorted(rows, key=lambda row: row.ticket_id)


def owing(store: Store, count: int = 3) -> None:
    """Takes over a copy and is stopped before its words are added."""
    stops = iter([False, True])
    store.load_snapshot(copy_of(count), token="a", stopped=lambda: next(stops, True))
    assert snapshot.words_are_owed(store)


def finds(store: Store, name: str) -> bool:
    """Whether the search finds the name."""
    with store.read() as unit:
        return bool(unit.finder.find(name, limit=5).hits)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store of a shop."""
    shop = open_shop(tmp_path / "data")
    yield shop.opened.store
    shop.close()


def test_a_quiet_moment_adds_the_words_of_a_copy(store: Store) -> None:
    owing(store)
    keep_house(store, waiting=lambda: False)
    assert not snapshot.words_are_owed(store) and finds(store, "kunde2")
    assert not (store.folder / snapshot.FILE).exists()


def test_who_waits_is_let_through_and_the_rest_comes_later(store: Store) -> None:
    owing(store)
    keep_house(store, waiting=lambda: True)
    assert snapshot.words_are_owed(store)
    turns = iter([False, True])
    keep_house(store, waiting=lambda: next(turns, True))
    assert snapshot.words_are_owed(store)
    while snapshot.words_are_owed(store):
        keep_house(store, waiting=lambda: False)
    assert finds(store, "kunde0")


def test_a_copy_that_is_being_taken_over_is_left_to_its_thread(store: Store) -> None:
    owing(store)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.copying:
            held.set()
            done.wait()

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    try:
        keep_house(store, waiting=lambda: False)
        assert snapshot.words_are_owed(store)
    finally:
        done.set()
        other.join()
    keep_house(store, waiting=lambda: False)
    assert not snapshot.words_are_owed(store)


def test_asking_how_far_another_copy_is_loses_no_words(store: Store) -> None:
    owing(store)
    assert snapshot.staged_so_far(store, token="b") == (0, "")
    assert not snapshot.words_are_owed(store) and finds(store, "kunde1")


def test_the_next_start_adds_what_the_last_run_left(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "data"
    shop = open_shop(folder)
    owing(shop.opened.store)
    shop.close()
    program = make_program(parse(["--data", str(folder)]))
    assert program is not None
    try:
        program._after_first_paint()
        qtbot.waitUntil(lambda: program.bench is not None, timeout=LONG_MS)

        def added() -> bool:
            return not program.database.submit(lambda: snapshot.words_are_owed(program.opened.store)).result()

        # It makes way for whoever asks, this test too, and goes on in the next quiet moment.
        qtbot.waitUntil(added, timeout=LONG_MS)
    finally:
        program.end()
