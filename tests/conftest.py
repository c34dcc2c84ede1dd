"""What all tests share: an offscreen window system, a founded desk, and the marker for real exports."""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.app.qt_start import work_around
from store_desk.store import search
from tests.shop import Shop, open_shop

work_around()
# The tests share a machine that may stop any of them for longer than a clerk would wait for an answer.
search.STALL_S = 60.0
# Calculates a function of a module with one argument elsewhere and answers, or raises, what it did.
Apart = Callable[[Callable[[Any], Any], Any], Any]
# Cycles are collected between tests, on the main thread, as the program does it; see ui/collecting.py.
gc.disable()
# A run in the background of a shell ignores interrupts, and would pass that on to the programs that are tested.
if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A run says something of the change that it tests, so the same code is tried with the same examples; whoever looks for
# new ones says so.
EXPLORE = "STORE_DESK_EXPLORE"
settings.register_profile("same", derandomize=True)
settings.register_profile("new", max_examples=1_000, print_blob=True)
settings.load_profile("new" if os.environ.get(EXPLORE) else "same")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MUST_RUN = "STORE_DESK_NO_SKIP"


WORKERS_MAX = 4


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All tests are shared out among the cores; some that were asked for by name begin at once in this process."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.option.collectonly:
        return 0
    return min(os.cpu_count() or 1, WORKERS_MAX)


CRASHES: pytest.StashKey[TemporaryDirectory[str]] = pytest.StashKey()
CRASH: pytest.StashKey[IO[str]] = pytest.StashKey()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """A process that shares the tests leaves in a file where it crashed; its error stream is read by nobody."""
    if hasattr(config, "workerinput"):
        config.stash[CRASH] = Path(config.workerinput["crash"]).open("w", encoding="utf-8")  # noqa: SIM115  # to the end
        faulthandler.enable(config.stash[CRASH])
    elif not config.option.collectonly:
        config.stash[CRASHES] = TemporaryDirectory(prefix="store-desk-crashes-")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Names that file."""
    node.workerinput["crash"] = str(Path(node.config.stash[CRASHES].name) / node.gateway.id)


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport) -> None:
    """Shows the stacks of all threads beside the test that crashed."""
    told = Path(report.node.config.stash[CRASHES].name) / report.node.gateway.id
    report.longrepr = f"{report.longrepr}\n{told.read_text(encoding='utf-8') or 'ended from outside'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long calculations come first, or one core has nothing to do at the end; no real exports, no tests."""
    long = {item.path for item in items if "apart" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in long)
    if SHARED_DATA.is_dir():
        return
    skip = pytest.mark.skip(reason="the folder of real exports beside the checkout is not there")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(skip)


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
    if hasattr(session.config, "workerinput"):
        # The process that shares out the tests hears of all of them.
        return
    if os.environ.get(MUST_RUN) and _skipped and exitstatus == 0:
        print("\nskipped, where nothing may be missing:", *_skipped, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# How long a state may take to come where all cores are busy with something else, in milliseconds.
PATIENCE_MS = 30_000


class PatientBot(QtBot):
    """Waits as long as a busy machine may need; a wait of less than a second is meant so and kept."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE_MS) -> None:
        """Until it is true."""
        super().waitUntil(callback, timeout=_patient(timeout))

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **further: Any) -> Any:
        """Until it was sent."""
        return super().waitSignal(signal, timeout=_patient(timeout), **further)


def _patient(timeout: int) -> int:
    return timeout if timeout < 1000 else max(timeout, PATIENCE_MS)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The robot at the keyboard, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """A fresh interpreter for long calculations: nothing of windows in it, and cycles are collected as usual."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=gc.enable) as pool:
        yield lambda function, argument: pool.submit(function, argument).result()


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
    """Frees what a test left in cycles before the next one begins, on the main thread, and puts the look back."""
    yield
    theme = sys.modules.get("store_desk.ui.look.theme")
    if theme is not None and theme.THEME.scheme != "light":
        # There is one for the whole process, and the next test begins as a program does.
        theme.THEME.set_scheme("light")
    gc.collect(2 if "qtbot" in request.fixturenames else 1)
