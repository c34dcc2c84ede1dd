"""Who writes next: the one who came first, whatever SQLite would have done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from store_desk.domain.errors import DatabaseLocked
from store_desk.store.turns import Turns

PATIENCE_S = 30.0


def until(true: Callable[[], bool]) -> None:
    """Waits for it."""
    end = monotonic() + PATIENCE_S
    while not true():
        assert monotonic() < end
        sleep(0.001)


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for() -> None:
    turns = Turns(within_s=PATIENCE_S)
    told: list[str] = []

    def write(name: str) -> None:
        with turns.taken():
            told.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "bcd"]
    with turns.taken():
        told.append("a")
        for n, thread in enumerate(threads):
            thread.start()
            until(lambda n=n: turns.waiting == n + 2)
    # Whoever had the turn comes after all who waited for it.
    write("a")
    for thread in threads:
        thread.join()
    assert told == ["a", "b", "c", "d", "a"] and turns.waiting == 0


def test_whoever_waits_too_long_is_told_and_leaves_the_line() -> None:
    turns = Turns(within_s=0.05)
    told: list[type[Exception]] = []

    def write() -> None:
        try:
            with turns.taken():
                told.append(AssertionError)
        except DatabaseLocked as error:
            told.append(type(error))

    with turns.taken():
        late = threading.Thread(target=write)
        late.start()
        late.join()
        assert told == [DatabaseLocked] and turns.waiting == 1
    with turns.taken():
        pass
    assert turns.waiting == 0


def test_an_error_within_a_turn_gives_it_on() -> None:
    turns = Turns(within_s=PATIENCE_S)
    with pytest.raises(ZeroDivisionError), turns.taken():
        raise ZeroDivisionError
    with turns.taken(), turns.taken():
        assert turns.waiting == 1
    assert turns.waiting == 0
