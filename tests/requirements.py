"""Which tests show which row of the requirements list: `python -m tests.requirements [--json]`.

Exit status 1 when a row that is claimed done has no test.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.requirements_rows import CLAIMED, ROWS

ROOT = Path(__file__).resolve().parents[1]


class Collector:
    """Remembers the rows that each collected test is marked with."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Takes the marks of every test; cases of one test count once."""
        for item in items:
            for mark in item.iter_markers("req"):
                for row in mark.args:
                    self.tests[row].add(item.nodeid.split("[")[0])


def collect(paths: list[str] | None = None) -> tuple[int, dict[str, list[str]]]:
    """pytest's own answer (0: all could be collected) and, for every row, its tests."""
    seen = Collector()
    where = paths or [str(ROOT / "tests")]
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["--collect-only", "-q", "--rootdir", str(ROOT), "-p", "no:cacheprovider", *where], [seen])
    return int(code), {row: sorted(tests) for row, tests in sorted(seen.tests.items())}


def report(tests: dict[str, list[str]]) -> dict[str, object]:
    """Rows with their tests, rows without, claimed rows without, and marks that name no row."""
    return {
        "rows": {row: tests.get(row, []) for row in ROWS},
        "without": [row for row in ROWS if row not in tests],
        "claimed": sorted(CLAIMED),
        "claimed_without": sorted(CLAIMED - tests.keys()),
        "unknown": sorted(set(tests) - set(ROWS)),
    }


def print_table(found: dict[str, list[str]], made: dict[str, object]) -> None:
    """The report for people."""
    for row, title in ROWS.items():
        state = "done" if row in CLAIMED else ("begun" if found.get(row) else "-")
        print(f"{row}  {state:5}  {len(found.get(row, [])):3}  {title}")
        for test in found.get(row, []):
            print(f"    {test}")
    for name in ("claimed_without", "unknown"):
        print(f"{name}: {made[name] or 'none'}")


def main() -> int:
    """Collects, prints, and answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirements", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    wanted = parser.parse_args()
    code, found = collect()
    made = report(found)
    if wanted.json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        print_table(found, made)
    if code:
        print("some tests could not be collected", file=sys.stderr)
    return 1 if code or made["claimed_without"] else 0


if __name__ == "__main__":
    sys.exit(main())
