"""`python -m tests.benchmarks [--size N] [--only NAME] [--json OUT]`: speed beside the raw limit of the same run.

Not tests: machines differ and are noisy, so nothing here fails a build. Quote the ratios.
"""

from __future__ import annotations

import argparse
import importlib
import json
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.result import Result, table

DESK = ("lookup_kinds", "cancelling", "slip", "raster", "start", "importing")
SYNC = ("hub_batches", "hub_single", "round_trip", "backlog", "feed_in", "snapshot", "cycle_quiet")
WORKS = (*DESK, *SYNC)
SIZE = 100_000


def main() -> None:
    """Runs the benchmarks that were asked for and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="tickets in the store")
    parser.add_argument("--only", choices=WORKS, default=None)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    results: list[Result] = []
    for name in WORKS if options.only is None else (options.only,):
        module = importlib.import_module(f"tests.benchmarks.{name}")
        results += module.measure_all(options.size)
    print(table(results))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
