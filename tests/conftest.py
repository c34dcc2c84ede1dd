"""What all tests share: an offscreen window system, a founded desk, and the marker for real exports."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.app.qt_start import work_around
from tests.behind import Behind
from tests.shop import Shop, open_shop

work_around()
# Cycles are collected between tests, on the main thread, as the program does it; see ui/collecting.py.
gc.disable()

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MUST_RUN = "STORE_DESK_NO_SKIP"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait for long calculations come last; those of real exports are skipped where these are missing."""
    items.sort(key=lambda item: "behind" in getattr(item, "fixturenames", ()))
    if SHARED_DATA.is_dir():
        return
    skip = pytest.mark.skip(reason="the folder of real exports beside the checkout is not there")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(skip)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begins the long calculations of the modules that have been collected, unless they are only to be listed."""
    if session.config.option.collectonly:
        return
    waiting = {item.module for item in session.items if "behind" in getattr(item, "fixturenames", ())}
    for module in sorted(waiting, key=lambda one: one.__name__):
        _behind.begin(module.BEHIND)


# What may be skipped even where the surroundings are complete: hardware, and data that does not ship.
MAY_SKIP = ("the folder of real exports beside the checkout is not there", "no receipt printer is plugged in")
_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes why a test was skipped, unless that reason holds anywhere."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason not in MAY_SKIP:
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be missing, a skipped test fails the run."""
    if os.environ.get(MUST_RUN) and _skipped and exitstatus == 0:
        print("\nskipped, where nothing may be missing:", *_skipped, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_behind = Behind()


@pytest.fixture(scope="session")
def behind() -> Iterator[Behind]:
    """Long calculations that have been going on since the tests were collected."""
    yield _behind
    _behind.end()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real exports."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real exports beside the checkout is not there")
    return SHARED_DATA


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A founded store on a real encrypted database, with a clock that the test moves."""
    made = open_shop(tmp_path / "desk")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def collected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Frees what a test left in cycles before the next one begins, on the main thread."""
    yield
    gc.collect(2 if "qtbot" in request.fixturenames else 1)
