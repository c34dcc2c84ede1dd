"""What one desk did while it was alone, sent to head office and answered: 10,000 operations, or fewer if asked."""

from __future__ import annotations

import time

from store_desk.services.office_ports import DeliveryState
from store_desk.sync.cycle import run_cycle
from tests.benchmarks.head_office import bench_folder, head_office, joined_desk, link_of
from tests.benchmarks.result import Result
from tests.benchmarks.round_trip import easy_cancel, easy_tickets

OPERATIONS = 10_000
GOAL_S = 20.0


def measure_all(size: int) -> list[Result]:
    """Cancellations, made through the services first; the clock runs from the first request to the last answer."""
    count = min(OPERATIONS, size)
    with (
        bench_folder() as folder,
        head_office(folder, easy_tickets(count)) as office,
        joined_desk(office, folder / "desk") as opened,
    ):
        with opened.desk.read() as uow:
            ids = list(uow.records.known_ids())
        for n, ticket_id in enumerate(ids):
            easy_cancel(opened, ticket_id)
            if n % 500 == 0:
                opened.store.checkpoint()
        opened.store.checkpoint()
        link = link_of(opened)
        at, spent = time.perf_counter(), time.thread_time()
        run_cycle(opened.desk, link)
        taken, burnt = time.perf_counter() - at, time.thread_time() - spent
        link.close()
        with opened.desk.read() as uow:
            answered = [item for item in uow.deliveries.latest(limit=count * 2) if _is_answered(item.state)]
    if len(answered) < count:
        raise SystemExit(f"{len(answered)} of {count} answered")
    goal = GOAL_S * count / OPERATIONS
    told = f"<= {goal:.1f} s; {count / taken:,.0f} operations/s,"
    name = f"backlog of {count:,} operations"
    return [Result(name, taken * 1000, taken * 1000, burnt * 1000, None, None, told, taken <= goal)]


def _is_answered(state: DeliveryState) -> bool:
    return state is DeliveryState.ANSWERED
