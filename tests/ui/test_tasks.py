"""Work on lanes: what comes of it arrives on the GUI thread, or nowhere when who asked has gone meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.domain.errors import DomainError, ImportStopped
from store_desk.ui.tasks import Lane, on_gui_thread, run

ROOT = Path(__file__).resolve().parents[2]
ENDS_S = 240
# Widgets go at every moment of the work that they asked for. When lanes still held the tasks and told them themselves,
# this ended the process with a fault of memory within 450 rounds, five times of five.
RACE = """
import gc, random, sys, time
from PySide6.QtWidgets import QApplication, QWidget
import shiboken6
from store_desk.app.qt_start import work_around
from store_desk.ui.tasks import Lane, on_gui_thread, run

work_around()
gc.disable()
app = QApplication([])
lanes, chance = [Lane("one"), Lane("other")], random.Random(1)
sys.setswitchinterval(1e-5)


class Asking(QWidget):
    got = 0

    def __init__(self):
        super().__init__()
        self.child = QWidget(self)

    def on(self, result):
        Asking.got += 1

    def ask(self):
        told = on_gui_thread(self.on)
        for lane in lanes:
            for owner in (self, self.child, self):
                run(owner, lane, lambda: told(self.child is None), then=self.on)


for number in range(4_000):
    asking = [Asking() for _ in range(4)]
    for one in asking:
        one.ask()
    for _ in range(chance.randrange(4)):
        app.processEvents()
    until = time.perf_counter() + chance.random() * 0.0005
    while time.perf_counter() < until:
        pass
    way = chance.randrange(3)
    for one in asking:
        if way == 0:
            shiboken6.delete(one)
        elif way == 1:
            one.deleteLater()
    del asking, one
    if number % 200 == 0:
        gc.collect()
for lane in lanes:
    lane.stop()
app.processEvents()
print("got", Asking.got)
"""


class Asker(QWidget):
    """Notes what arrives, and where."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.refusals: list[DomainError] = []
        self.threads: set[int] = set()

    def on_result(self, *result: object) -> None:
        """A result."""
        self.results += result
        self.threads.add(threading.get_ident())

    def on_refused(self, error: DomainError) -> None:
        """A refusal."""
        self.refusals.append(error)


@pytest.fixture
def lane() -> Iterator[Lane]:
    """A lane that ends with the test."""
    made = Lane("test")
    yield made
    made.stop()


def _refuse() -> None:
    raise ImportStopped()


def test_a_result_and_a_refusal_arrive_on_the_gui_thread(qtbot: QtBot, lane: Lane) -> None:
    asker = Asker()
    qtbot.addWidget(asker)
    run(asker, lane, threading.get_ident, then=asker.on_result)
    run(asker, lane, _refuse, refused=asker.on_refused)
    qtbot.waitUntil(lambda: bool(asker.refusals))
    assert asker.threads == {threading.get_ident()} and asker.results != [threading.get_ident()]
    assert isinstance(asker.refusals[0], ImportStopped)


def test_nothing_arrives_at_who_has_gone(qtbot: QtBot, lane: Lane) -> None:
    asker, owner, go = Asker(), QObject(), threading.Event()
    qtbot.addWidget(asker)
    run(owner, lane, go.wait, then=asker.on_result)
    task = run(asker, lane, str)
    shiboken6.delete(owner)
    go.set()
    with qtbot.waitSignal(task.finished):
        pass
    assert asker.results == []


def test_any_thread_may_tell_and_what_it_tells_arrives_on_the_gui_thread(qtbot: QtBot, lane: Lane) -> None:
    asker, gone = Asker(), Asker()
    qtbot.addWidget(asker)
    told, lost = on_gui_thread(asker.on_result), on_gui_thread(gone.on_result)
    shiboken6.delete(gone)

    def tell() -> None:
        lost("never")
        told("half", 50)

    run(asker, lane, tell)
    qtbot.waitUntil(lambda: bool(asker.results))
    assert asker.results == ["half", 50] and asker.threads == {threading.get_ident()}
    assert gone.results == []


def test_a_lane_that_has_stopped_takes_nothing_on(qtbot: QtBot) -> None:
    stopped, asker = Lane("stopped"), Asker()
    qtbot.addWidget(asker)
    stopped.stop()
    ran: list[int] = []
    run(asker, stopped, lambda: ran.append(1), then=asker.on_result)
    assert ran == [] and asker.results == []


def test_a_widget_may_go_at_any_moment_of_the_work_that_it_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", RACE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=ENDS_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.removeprefix("got ")) > 0
