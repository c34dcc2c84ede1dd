"""Every kind of query through the service, end to end, over a store of the asked size."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from store_desk.app.wiring import clock
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.services.desk import Desk
from store_desk.services.ids import IdMaker
from store_desk.services.look_up import desk_lists, find_tickets, open_ticket
from store_desk.store.opening import Store
from tests.benchmarks.lookup import build, queries, sample
from tests.benchmarks.result import Result, median, p99

QUERIES = 200
FRAME_MS = 16.0
CPU_GOAL_MS = 5.0
# Kinds that are one row by its key: their goal is a ratio to the row probe as well.
EXACT = frozenset({"ticket_exact", "order_exact", "phone_exact", "serial_exact"})


def folder_for(size: int) -> Path:
    """Where the store of this size is kept from run to run."""
    return Path(tempfile.gettempdir()) / f"store-desk-lookup-{size}"


def desk_of(store: Store) -> Desk:
    """The services' context over a store."""
    return Desk(store.identity, store.work, store.read, clock, IdMaker(), store.pins)


def measure_all(size: int) -> list[Result]:
    """One row a kind of query, and the desk's first lists."""
    store = build(folder_for(size), size)
    desk, actor = desk_of(store), Actor("1", "bench", Role.CLERK)
    known = sample(size)
    rng = random.Random(11)
    probe = _probe(store, [ticket.id for ticket in rng.choices(known, k=1_000)])
    results: list[Result] = []
    for name, texts in queries(known, rng, QUERIES):
        wall, cpu = [], []
        for text in texts:
            at, spent = time.perf_counter(), time.thread_time()
            find_tickets(desk, actor, text=text)
            cpu.append((time.thread_time() - spent) * 1000)
            wall.append((time.perf_counter() - at) * 1000)
        holds = p99(cpu) < CPU_GOAL_MS and p99(wall) < FRAME_MS
        goal = "p99 < 5 ms CPU, < 16 ms"
        results.append(
            Result(f"find {name}", median(wall), p99(wall), p99(cpu), probe, median(wall) / probe, goal, holds)
        )
    results.append(_timed("desk lists", lambda: desk_lists(desk, actor), 100))
    found = [ticket.id for ticket in rng.choices(known, k=100)]
    turn = iter(found * 2)
    results.append(_timed("open ticket", lambda: open_ticket(desk, actor, ticket_id=next(turn)), 100))
    store.close()
    return results


def _timed(name: str, work: object, times: int) -> Result:
    wall, cpu = [], []
    for _ in range(times):
        at, spent = time.perf_counter(), time.thread_time()
        work()  # type: ignore[operator]
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return Result(name, median(wall), p99(wall), p99(cpu), None, None, "p99 < 16 ms", p99(wall) < FRAME_MS)


def _probe(store: Store, ids: list[str]) -> float:
    spent = []
    with store.reading() as unit:
        for ticket_id in ids:
            at = time.perf_counter()
            unit.connection.execute("SELECT number FROM ticket WHERE id = ?", (ticket_id,)).fetchone()
            spent.append((time.perf_counter() - at) * 1000)
    return median(spent)
