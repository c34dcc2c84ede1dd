"""A slip turned into the bytes of a receipt printer, beside bare pypdfium2 drawing the same page."""

from __future__ import annotations

import time
from collections.abc import Callable

from store_desk.domain.slip import Copy, Paper
from store_desk.printing.escpos_job import slip_job
from store_desk.printing.raster import DPI
from store_desk.slips.render import render_slip, warm
from tests.benchmarks.result import Result, median, p99
from tests.slips.samples import usual

ROUNDS = 40
GOAL = 3.0


def measure_all(size: int) -> list[Result]:
    """One row a roll; `size` does not matter here."""
    warm()
    results = []
    for paper in (Paper.MM80, Paper.MM58):
        pdf = render_slip(usual(), paper=paper, copies=(Copy.CUSTOMER,))
        limit = median(_times(lambda pdf=pdf: _bare(pdf))[1])  # type: ignore[misc]
        wall, cpu = _times(lambda pdf=pdf, paper=paper: slip_job(pdf, paper, copies=1, open_drawer=False))  # type: ignore[misc]
        ratio = median(cpu) / limit
        name = f"slip {paper.value} to thermal dots"
        results.append(
            Result(name, median(wall), p99(wall), p99(cpu), limit, ratio, f"<= {GOAL:.0f} x bare", ratio <= GOAL)
        )
    return results


def _bare(pdf: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=DPI / 72, grayscale=True)
    document.close()


def _times(work: Callable[[], object]) -> tuple[list[float], list[float]]:
    wall, cpu = [], []
    for _ in range(ROUNDS):
        at, spent = time.perf_counter(), time.thread_time()
        work()
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return wall[5:], cpu[5:]
