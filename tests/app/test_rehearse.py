"""The rehearsal of a whole head office: what it answers, that it holds in trouble, and that nothing of it stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest

from store_desk.app.rehearsal.compare import Books, compare
from store_desk.app.rehearsal.desk_child import shown
from store_desk.app.rehearsal.desks import RehearsedDesk
from store_desk.app.rehearsal.postgres import programs
from store_desk.app.rehearsal.scenery import ticket
from store_desk.app.rehearsal.trouble import BadLine, Weather
from store_desk.domain.record import TicketRecord
from tests.shop import NOON

needs_postgres = pytest.mark.skipif(programs() is None, reason="no PostgreSQL can be started here")
WAIT_S = 150
KEYS = {"operations", "outcomes", "lost", "doubled", "equal", "seconds"}


@pytest.fixture
def room() -> Iterator[Path]:
    """An empty temporary folder that every user may enter, with a short name."""
    folder = Path(tempfile.mkdtemp(prefix="rh-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def start(room: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "store_desk", "rehearse", "--json", "--lang", "en", *words],
        env=os.environ | {"TMPDIR": str(room)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def left_behind(room: Path) -> list[str]:
    """Folders in the room, and processes that were started from it."""
    found = [path.name for path in room.iterdir()]
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(room) in entry.read_text("utf-8", errors="replace"):
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


@needs_postgres
@pytest.mark.parametrize("words", [(), ("--faults", "8")], ids=["quiet", "in trouble"])
def test_a_rehearsed_day_loses_and_doubles_nothing_and_leaves_nothing_behind(
    room: Path, words: tuple[str, ...]
) -> None:
    process = start(room, "--tickets", "30", *words)
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, err[-3000:]
    figures = json.loads(out)
    assert set(figures) == KEYS
    assert (figures["lost"], figures["doubled"], figures["equal"]) == (0, 0, True)
    assert figures["operations"] > 10
    assert sum(figures["outcomes"].values()) > 5
    assert left_behind(room) == []


@needs_postgres
def test_an_interrupted_rehearsal_ends_with_all_its_processes_and_folders(room: Path) -> None:
    process = start(room)
    until = time.monotonic() + WAIT_S
    while not any(room.glob("sd-rehearsal-*/*.log")) and time.monotonic() < until:
        select_wait(process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "stopped"
    assert left_behind(room) == []


INTERRUPTED_IN_A_FORK = """
import os, signal, sys
from pathlib import Path
from store_desk.app.rehearsal import processes

os.register_at_fork(before=lambda: signal.raise_signal(signal.SIGINT))
try:
    processes.start(["sleep", "600"], log=Path(sys.argv[1]) / "log")
except KeyboardInterrupt:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        sys.exit(7)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks with functions of Python around it")
def test_an_interrupt_around_the_start_of_a_process_is_neither_swallowed_nor_leaves_that_process(room: Path) -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_IN_A_FORK, str(room)], check=False, timeout=WAIT_S)
    assert done.returncode == 7


def select_wait(process: subprocess.Popen[str]) -> None:
    """Waits for a moment, or for the end of the process, whichever is first."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return
    raise AssertionError("it ended by itself")


def test_more_desks_than_one_machine_plays_are_wrong_use(room: Path) -> None:
    process = start(room, "--desks", "500")
    out, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 2
    assert json.loads(out)["error"]["code"] == "wrong_use"
    assert left_behind(room) == []


# --- what the comparison finds ---------------------------------------------------------------------------------

RECORD = TicketRecord(ticket(1, rng=Random(1), store="XH", now=NOON))


def desk(saved: set[str], **changes: object) -> RehearsedDesk:
    made = RehearsedDesk("XH", 1, Path(), Path(), Random(1), saved=saved)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def state(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "desk": "XH1",
        "held": {"a": "accepted"},
        "feeds": {"XH": [3, "00"]},
        "kept_back": 0,
        "unheard": {},
        "in_conflict": [],
        "records": {RECORD.ticket.id: json.loads(json.dumps(shown(RECORD)))},
        "refused": {},
    }
    return whole | changes


def books(**changes: object) -> Books:
    made = Books({RECORD.ticket.id: ("XH", RECORD)}, {"a": "accepted"}, {}, {"XH": (3, "00")})
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_equal_books_are_found_equal() -> None:
    found = compare(books(), [(desk({"a"}), state())], moves=set())
    assert (found.operations, found.lost, found.doubled, found.unequal) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("there", "here", "by"),
    [
        (books(operations={}), state(), desk({"a"})),
        (books(), state(held={}), desk({"a"})),
        (books(), state(held={"a": ""}), desk({"a"})),
        (books(), state(), desk({"a"}, vanished={"a"})),
    ],
    ids=["unknown at head office", "gone at the desk", "without an answer", "not on the disk after a power cut"],
)
def test_an_operation_that_somebody_saw_saved_and_is_gone_is_lost(
    there: Books, here: dict[str, object], by: RehearsedDesk
) -> None:
    assert compare(there, [(by, here)], moves=set()).lost == 1


def test_an_operation_that_went_with_a_replaced_disk_unsent_is_told_of_and_not_counted() -> None:
    found = compare(books(), [(desk({"a", "b"}, gone={"b"}, put_back=1), state())], moves=set())
    assert (found.operations, found.lost, found.gone_with_disks) == (1, 0, 1)


def test_two_effects_of_one_operation_are_doubled() -> None:
    assert compare(books(twice={"a": 2}), [(desk({"a"}), state())], moves=set()).doubled == 1


@pytest.mark.parametrize(
    "here",
    [
        state(records={}),
        state(feeds={"XH": [2, "00"]}),
        state(kept_back=1),
        state(held={"a": "refused_done"}),
        state(records={RECORD.ticket.id: json.loads(json.dumps(shown(TicketRecord(RECORD.ticket, (), "x"))))}),
    ],
    ids=["ticket missing", "feed behind", "kept back", "another answer", "another status"],
)
def test_a_desk_that_shows_something_else_than_head_office_is_unequal(here: dict[str, object]) -> None:
    assert compare(books(), [(desk({"a"}), here)], moves=set()).unequal == 1


@pytest.mark.parametrize(("role", "unequal"), [("desk", 1), ("head_office", 2)])
def test_a_desk_that_follows_no_store_is_not_equal_to_everything(role: str, unequal: int) -> None:
    there = books(heads={"XH": (3, "00"), "PD": (1, "11")})
    here = state(feeds={}, records={})
    assert compare(there, [(desk({"a"}, role=role), here)], moves=set()).unequal == unequal


def test_a_move_of_the_technicians_system_that_is_not_known_any_more_is_lost() -> None:
    assert compare(books(), [(desk({"a"}), state())], moves={"m"}).lost == 1


@pytest.mark.parametrize(("put_back", "unequal"), [(1, 0), (0, 1)], ids=["disk replaced", "no disk replaced"])
def test_a_number_given_twice_is_for_a_person_only_where_a_disk_was_replaced(put_back: int, unequal: int) -> None:
    mine = json.loads(json.dumps(shown(RECORD)))
    both = {RECORD.ticket.id: mine, "f" * 32: mine}
    here = state(records=both, in_conflict=["f" * 32])
    found = compare(books(), [(desk({"a"}, put_back=put_back), here)], moves=set())
    assert (found.unequal, len(found.for_a_person)) == (unequal, 1 - unequal)


# --- the bad line ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weather", [Weather(lost=1.0), Weather(late=1.0)], ids=["lost", "late"])
def test_a_request_in_bad_weather_fails_as_a_broken_line_does(weather: Weather) -> None:
    line = BadLine(Random(1))
    line.weather = weather
    with line, pytest.raises(httpx.TransportError):
        line.post("http://127.0.0.1:9/v1/changes", content=b"{}")
