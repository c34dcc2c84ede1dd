"""A cycle with nothing to send and nothing to hear, beside the service's plainest answer over HTTP."""

from __future__ import annotations

import time

from store_desk.sync.cycle import run_cycle
from tests.benchmarks.head_office import (
    bare_http,
    bench_folder,
    clocked,
    head_office,
    joined_desk,
    link_of,
    put_tickets,
)
from tests.benchmarks.result import Result, median, p99

CYCLES = 300
WARM = 10


def measure_all(size: int) -> list[Result]:
    """In a store of `size` tickets: how many there are must not matter."""
    with bench_folder() as folder, head_office(folder) as office:
        put_tickets(office, size)
        with joined_desk(office, folder / "desk") as opened:
            link = link_of(opened)
            clocked(WARM, lambda n: run_cycle(opened.desk, link))
            spent = time.thread_time()
            wall = clocked(CYCLES, lambda n: run_cycle(opened.desk, link))
            cpu = (time.thread_time() - spent) * 1000 / CYCLES
            link.close()
        raw = bare_http(office, CYCLES)
    ratio = median(wall) / median(raw)
    return [Result("quiet cycle", median(wall), p99(wall), cpu, median(raw), ratio, "CPU is the mean;", True)]
