"""Start: to the sign-in page, and from the PIN to the desk with rows, beside a bare Qt window with a table.

Each run is a process of its own, offscreen, so that what is imported counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.lookup import build
from tests.benchmarks.lookup_kinds import desk_of, folder_for
from tests.benchmarks.result import Result, median, p99

RUNS = 7
GOAL = 1.25
MEMORY_GOAL = 1.5
PIN = "204726"
COMPILED = Path(tempfile.gettempdir()) / "store-desk-compiled"


def measure_all(size: int) -> list[Result]:
    """Processor time of whole processes; memory is told in MiB under the same headings."""
    folder = folder_for(size)
    store = build(folder, size)
    _have_a_clerk(store)
    store.close()
    for what in ("bare", "desk"):
        _run(what, folder)
    pairs = [(_run("bare", folder), _run("desk", folder)) for _ in range(RUNS)]
    bare, ours = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    limit = median([run["window"] for run in bare])
    results = [
        _result("start to sign-in", [run["window"] for run in ours], limit, GOAL),
        _result("PIN to rows, without its hashing", [run["rows"] for run in ours], limit, GOAL),
    ]
    memory = median([run["memory"] for run in bare])
    results.append(_result("memory with rows (MiB)", [run["memory"] for run in ours], memory, MEMORY_GOAL))
    return results


def _result(name: str, values: list[float], limit: float, goal: float) -> Result:
    ratio = median(values) / limit
    return Result(name, median(values), p99(values), None, limit, ratio, f"<= {goal} x", ratio <= goal)


def _have_a_clerk(store: object) -> None:
    from store_desk.domain.roles import Role
    from store_desk.domain.staff import Staff
    from store_desk.store.opening import Store

    assert isinstance(store, Store)
    desk = desk_of(store)
    with desk.work() as uow:
        if uow.people.get("2047") is None:
            uow.people.add(Staff("2047", "林晓雨", Role.CLERK, "", True, desk.pins.hash(PIN), False))


def _run(what: str, folder: Path) -> dict[str, float]:
    # As an installed program: with its modules compiled, which the first run does.
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONPYCACHEPREFIX=str(COMPILED))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.start_child", what, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=120,
    )
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured
