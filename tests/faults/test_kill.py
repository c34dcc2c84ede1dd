"""A desk that dies, or whose disk fails, at any step: nothing of a job is there or all of it, and a second try ends it.

Every call that changes a file of the data folder is one point, whatever made it; nothing of the program is replaced.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from store_desk.app.wiring import open_desk
from tests.faults.after import inspect, try_again
from tests.faults.conftest import Bench, Prepared
from tests.shop import Clock

SIGKILL = 9
FAULTS = {
    "killed before": 1,
    "killed in the middle of a write": 2,
    "no room from then on": 3,
    "no room once": 4,
    "input/output error once": 5,
    "read-only from then on": 6,
}
ALREADY = {"cancel_once": "ticket_already_cancelled", "withdraw_once": "no_case_to_withdraw"}
BEFORE = {"cancel_once": "none", "withdraw_once": "confirmed", "save_draft_once": "none"}
AFTER = {"cancel_once": "confirmed", "withdraw_once": "withdrawn", "save_draft_once": "none"}
# A job in fewer calls than this was not seen by the recorder.
CALLS_MIN = 10


@dataclass
class Tally:
    """What a walk over all points saw."""

    points: int = 0
    killed: int = 0
    undone: int = 0
    done: int = 0
    refused: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def calls_of(bench: Bench, prepared: Prepared, job: str, tmp_path: Path) -> list[str]:
    """The job's calls in order, counted on a run of its own."""
    folder, log = prepared.copy(tmp_path / "counted"), tmp_path / "calls"
    answer = bench.point(folder=str(folder), ticket=prepared.ticket_id, job=job, log=str(log))
    assert answer["exit"] == 0 and "ok" in answer["said"], answer
    calls = log.read_text().splitlines()
    assert len(calls) == answer["calls"] >= CALLS_MIN
    shutil.rmtree(folder)
    log.unlink()
    return calls


def one_point(bench: Bench, prepared: Prepared, job: str, tmp_path: Path, tally: Tally, **point: int) -> None:
    """Runs one point, looks at what it left, tries again undisturbed, and looks once more."""
    folder = prepared.copy(tmp_path / "point")
    where = f"{job} {point}"
    answer = bench.point(folder=str(folder), ticket=prepared.ticket_id, job=job, **point)
    tally.points += 1
    tally.killed += answer["signal"] == SIGKILL
    said = answer["said"]
    tally.refused |= {text.split()[1] for text in said if text.startswith("refused")}
    if answer["signal"] not in (0, SIGKILL) or any(text.startswith("crash") for text in said):
        tally.faults.append(f"{where}: ended badly: {answer}")
    state, faults = inspect(folder, prepared.ticket_id)
    tally.faults += [f"{where}: {text}" for text in faults]
    tally.done += state == AFTER.get(job, "confirmed")
    tally.undone += state == BEFORE.get(job, "none")
    if state not in (BEFORE.get(job, "none"), AFTER.get(job, "confirmed")):
        tally.faults.append(f"{where}: stands at {state}")
    if "ok" in said and state != AFTER.get(job, "confirmed"):
        tally.faults.append(f"{where}: acknowledged and lost")
    if job in ALREADY:
        again = try_again(folder, prepared.ticket_id, job)
        wanted = ALREADY[job] if state == AFTER[job] else "done"
        if again != wanted:
            tally.faults.append(f"{where}: the second try says {again}, not {wanted}")
        state, faults = inspect(folder, prepared.ticket_id)
        tally.faults += [f"{where}: after the second try: {text}" for text in faults]
        if state != AFTER[job]:
            tally.faults.append(f"{where}: after the second try it stands at {state}")
    if job == "save_draft_once":
        tally.faults += [f"{where}: {text}" for text in draft_faults(folder, prepared.ticket_id, said)]
    shutil.rmtree(folder)


def draft_faults(folder: Path, ticket_id: str, said: list[str]) -> list[str]:
    """A draft that was acknowledged is there; one that was not may be, whole."""
    bodies = {'{"note": "清理"}': 1, '{"note": "清理了充电口"}': 2}
    opened = open_desk(folder, now=Clock())
    with opened.desk.read() as uow:
        draft = uow.drafts.get(ticket_id)
    opened.close()
    kept = 0 if draft is None else bodies.get(draft.body, -1)
    if kept < ("first" in said) + ("ok" in said):
        return [f"draft {kept} is kept, {said} was acknowledged"]
    return []


@pytest.mark.req("REQ-OPS-04")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_cancellation_is_there_whole_or_not_at_all(
    fault: str, bench: Bench, open_ticket: Prepared, tmp_path: Path
) -> None:
    """At every call of a cancellation and of closing the desk after it."""
    tally = Tally()
    calls = calls_of(bench, open_ticket, "cancel_once", tmp_path)
    for k, call in enumerate(calls, 1):
        if FAULTS[fault] == 2 and " write " not in call:
            continue
        one_point(bench, open_ticket, "cancel_once", tmp_path, tally, mode=FAULTS[fault], k=k)
    assert not tally.faults, tally.faults[:10]
    assert tally.undone and tally.done, tally
    if FAULTS[fault] <= 2:
        assert tally.killed == tally.points
    else:
        assert not tally.killed and tally.refused <= {"disk_full", "disk_failed"} and tally.refused


@pytest.mark.parametrize("fault", FAULTS)
def test_a_withdrawal_is_there_whole_or_not_at_all(
    fault: str, bench: Bench, cancelled_ticket: Prepared, tmp_path: Path
) -> None:
    """At every second call, so that the walk stays short; frames come in pairs of header and page."""
    tally = Tally()
    calls = calls_of(bench, cancelled_ticket, "withdraw_once", tmp_path)
    for k in range(1 + FAULTS[fault] % 2, len(calls) + 1, 2):
        one_point(bench, cancelled_ticket, "withdraw_once", tmp_path, tally, mode=FAULTS[fault], k=k)
    assert not tally.faults, tally.faults[:10]
    assert tally.undone and tally.done, tally


@pytest.mark.req("REQ-OPS-03")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_draft_that_was_saved_outlives_a_kill(
    fault: str, bench: Bench, open_ticket: Prepared, tmp_path: Path
) -> None:
    """At every call of saving a draft twice."""
    tally = Tally()
    calls = calls_of(bench, open_ticket, "save_draft_once", tmp_path)
    for k in range(1, len(calls) + 1):
        one_point(bench, open_ticket, "save_draft_once", tmp_path, tally, mode=FAULTS[fault], k=k)
    assert not tally.faults, tally.faults[:10]


# Steps that must be seen, by what the statement or the call begins with (reliability: named steps).
NAMED_STATEMENTS = (
    "BEGIN IMMEDIATE",
    "INSERT INTO cancellation_case",
    "UPDATE ticket SET",
    "INSERT INTO obligation",
    "INSERT INTO notice",
    "INSERT INTO counter (name, value) VALUES ('slip'",
    "INSERT INTO slip",
    "INSERT INTO operation",
    "INSERT INTO journal",
    "DELETE FROM draft",
    "COMMIT",
    "PRAGMA wal_checkpoint",
)
NAMED_CALLS = ("write desk.db-wal", "sync desk.db-wal", "write desk.db ", "truncate desk.db-wal", "unlink desk.db-wal")


def test_a_kill_at_every_named_step_leaves_nothing_or_everything(
    bench: Bench, open_ticket: Prepared, tmp_path: Path
) -> None:
    """Before each statement of the transaction, and with every named step seen."""
    calls = calls_of(bench, open_ticket, "cancel_once", tmp_path)
    assert [name for name in NAMED_CALLS if not any(f" {name}" in call for call in calls)] == []
    log = tmp_path / "statements"
    folder = open_ticket.copy(tmp_path / "listed")
    bench.point(folder=str(folder), ticket=open_ticket.ticket_id, job="cancel_once", statement=0, log=str(log))
    statements = [line.split(" ", 1)[1] for line in log.read_text().splitlines() if not _is_call(line)]
    assert [name for name in NAMED_STATEMENTS if not any(text.startswith(name) for text in statements)] == []
    tally = Tally()
    for n in range(1, len(statements) + 1):
        one_point(bench, open_ticket, "cancel_once", tmp_path, tally, statement=n)
    assert not tally.faults, tally.faults[:10]
    assert tally.killed == tally.points == len(statements)
    assert tally.undone >= statements.index("COMMIT")


def _is_call(line: str) -> bool:
    return line.split()[1] in ("write", "sync", "truncate", "unlink", "rename", "create")


@pytest.mark.parametrize(
    ("job", "symptom"),
    [("cancel_with_slip_later", "one cancellation slip"), ("cancel_said_too_early", "acknowledged and lost")],
)
def test_the_net_catches_a_planted_fault(
    job: str, symptom: str, bench: Bench, open_ticket: Prepared, tmp_path: Path
) -> None:
    """A slip in a second transaction, and a desk that says saved before it is: both are found."""
    tally = Tally()
    calls = calls_of(bench, open_ticket, job, tmp_path)
    for k in range(1, len(calls) + 1):
        one_point(bench, open_ticket, job, tmp_path, tally, mode=FAULTS["killed before"], k=k)
        if any(symptom in text for text in tally.faults):
            break
    assert any(symptom in text for text in tally.faults), tally
