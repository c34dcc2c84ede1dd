"""The recorder, compiled once; the process that runs jobs under it; and prepared stores to be copied."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Parcel, Review, TicketFacts, Visit, Work
from tests.conftest import MUST_RUN
from tests.shop import NOON, open_shop

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled recorder; where it cannot be compiled the tests are skipped, unless they must run."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        why = "the recorder needs gcc and Linux"
        if os.environ.get(MUST_RUN):
            pytest.fail(why)
        pytest.skip(why)
    library = tmp_path_factory.mktemp("recorder") / "recorder.so"
    made = subprocess.run(
        [compiler, "-O1", "-Wall", "-shared", "-fPIC", "-o", str(library), str(HERE / "recorder.c"), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return library


class Bench:
    """The process under the recorder, asked for one point at a time."""

    def __init__(self, recorder: Path) -> None:
        environment = {**os.environ, "LD_PRELOAD": str(recorder), "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        assert self._read() == {"ready": True}

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def point(self, **values: Any) -> dict[str, Any]:
        """Runs one point and answers how the child ended and what it had said."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"mode": 0, "k": 0, **values}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def bench(recorder: Path) -> Iterator[Bench]:
    """One process for all points of the run."""
    made = Bench(recorder)
    yield made
    made.close()


@dataclass(frozen=True)
class Prepared:
    """A closed store to be copied, with the ticket that the job is about."""

    folder: Path
    ticket_id: str

    def copy(self, to: Path) -> Path:
        """A fresh copy of the folder."""
        shutil.copytree(self.folder, to)
        return to


def _prepare(folder: Path, *, cancelled: bool) -> Prepared:
    shop = open_shop(folder)
    visit = Visit("3012", "周启明", "139", NOON.replace(day=16), "WO-1")
    facts = TicketFacts(visit=visit, parcel=Parcel("配件", "part", "SF", "SF1"), parts_reserved="泵")
    ticket = shop.ticket(
        Review.IN_PROCESS, Work.IN_PROCESS, assignee="3012", due_at=NOON, compensation_minor=5_000, facts=facts
    )
    # A slip before it, so that the chain has something to hold on to.
    shop.cancel(shop.ticket())
    if cancelled:
        shop.cancel(ticket, Reason.SELF_RESOLVED, by=shop.supervisor, note="清理了充电口", settlement="cash")
    shop.close()
    return Prepared(folder, ticket.id)


@pytest.fixture(scope="session")
def open_ticket(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A store with a ticket at level 4 whose cancellation writes to every table."""
    return _prepare(tmp_path_factory.mktemp("prepared") / "desk", cancelled=False)


@pytest.fixture(scope="session")
def cancelled_ticket(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The same store with the ticket cancelled and its money taken."""
    return _prepare(tmp_path_factory.mktemp("prepared") / "desk", cancelled=True)
