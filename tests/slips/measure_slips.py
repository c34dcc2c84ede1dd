"""CPU time of a slip, warm, on each paper: `python -m tests.slips.measure_slips`."""

from __future__ import annotations

import statistics
import time

from store_desk.domain.slip import Copy, Paper
from store_desk.slips.render import render_slip, warm
from tests.slips import samples

ROUNDS = 60


def main() -> None:
    """Prints median and slowest of sixty slips in milliseconds, after the cost of warming up."""
    start = time.process_time()
    warm()
    print(f"warm() {(time.process_time() - start) * 1000:.0f} ms")
    for name, data in (("usual", samples.usual()), ("longest, rare characters", samples.longest())):
        for paper in Paper:
            start = time.process_time()
            render_slip(data, paper=paper, copies=(Copy.CUSTOMER,))
            first = (time.process_time() - start) * 1000
            times = []
            for _ in range(ROUNDS):
                start = time.process_time()
                render_slip(data, paper=paper, copies=(Copy.CUSTOMER,))
                times.append((time.process_time() - start) * 1000)
            worst = max(times)
            print(
                f"{paper.value:>5} {name}: median {statistics.median(times):.1f}, worst {worst:.1f}, first {first:.1f}"
            )


if __name__ == "__main__":
    main()
