"""A process under the recorder: imports everything once, then forks a child per point that does one job and may die.

Started as a program with the recorder preloaded. It reads one JSON line per point from standard input and answers
with one line: `signal` (the child's death), `said` (what the child had acknowledged by then) and `calls` (counted).
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store_desk.app.wiring import open_desk
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import DomainError
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.services import cancel
from store_desk.services.desk import Desk
from store_desk.services.drafts import save_draft
from store_desk.services.ports import UnitOfWork
from store_desk.services.withdraw import withdraw_case
from tests.shop import Clock

SUPERVISOR = Actor("1003", "陈国栋", Role.SUPERVISOR)
MANAGER = Actor("1001", "赵文", Role.MANAGER)
Say = Callable[[str], None]


def cancel_once(desk: Desk, ticket_id: str, say: Say) -> None:
    """One whole cancellation, acknowledged after it returned."""
    command = cancel.CancelTicket(
        ticket_id, Reason.SELF_RESOLVED, note="清理了充电口", consent=Consent(Grade.PAPER), approver=MANAGER
    )
    cancel.cancel_ticket(desk, SUPERVISOR, command)
    say("ok")


def withdraw_once(desk: Desk, ticket_id: str, say: Say) -> None:
    """Takes the cancellation back."""
    withdraw_case(desk, SUPERVISOR, ticket_id=ticket_id)
    say("ok")


def save_draft_once(desk: Desk, ticket_id: str, say: Say) -> None:
    """Saves a draft twice, as typing does."""
    save_draft(desk, SUPERVISOR, ticket_id=ticket_id, body='{"note": "清理"}')
    say("first")
    save_draft(desk, SUPERVISOR, ticket_id=ticket_id, body='{"note": "清理了充电口"}')
    say("ok")


def cancel_with_slip_later(desk: Desk, ticket_id: str, say: Say) -> None:
    """A planted fault: the slip is written in a second transaction."""
    from store_desk.services import slips

    rows: list[Any] = []

    class Held:
        """Slips that are kept for later."""

        def __init__(self, real: Any) -> None:
            self._real = real

        def add(self, row: Any) -> None:
            rows.append(row)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    class Unit:
        """The transaction with the slips held back."""

        def __init__(self, real: UnitOfWork) -> None:
            self._real = real
            self.slips = Held(real.slips)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    right = slips.write_slip

    def wrong(desk: Desk, uow: UnitOfWork, *rest: Any, **named: Any) -> Any:
        return right(desk, Unit(uow), *rest, **named)  # type: ignore[arg-type]  # stands in for the transaction

    cancel.write_slip = wrong
    command = cancel.CancelTicket(ticket_id, Reason.MISTAKE, consent=Consent(Grade.PAPER), approver=MANAGER)
    cancel.cancel_ticket(desk, SUPERVISOR, command)
    with desk.work() as uow:
        for row in rows:
            uow.slips.add(row)
    say("ok")


def cancel_said_too_early(desk: Desk, ticket_id: str, say: Say) -> None:
    """A planted fault: "saved" is said before the transaction is committed."""
    from dataclasses import replace

    @contextmanager
    def hasty() -> Iterator[UnitOfWork]:
        with desk.work() as uow:
            yield uow
            say("ok")

    command = cancel.CancelTicket(ticket_id, Reason.MISTAKE, consent=Consent(Grade.PAPER), approver=MANAGER)
    cancel.cancel_ticket(replace(desk, work=hasty), SUPERVISOR, command)


JOBS: dict[str, Callable[[Desk, str, Say], None]] = {
    job.__name__: job
    for job in (cancel_once, withdraw_once, save_draft_once, cancel_with_slip_later, cancel_said_too_early)
}


def child(point: dict[str, Any], speak: int) -> None:
    """Opens the store, arms the recorder, does the job, closes; what it acknowledges goes out at once."""

    def say(text: str) -> None:
        os.write(speak, text.encode() + b"\n")

    recorder = ctypes.CDLL(None)
    folder = Path(point["folder"])
    log = os.open(point["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if point.get("log") else -1
    opened = open_desk(folder, now=Clock())
    if point.get("statement") is not None:
        watch_statements(opened.store.database.connection(), point["statement"], log)
    recorder.recorder_arm(str(folder).encode(), point["mode"], ctypes.c_long(point["k"]), log)
    try:
        JOBS[point["job"]](opened.desk, point["ticket"], say)
    except DomainError as error:
        say(f"refused {error.code}")
    try:
        opened.close()
    except DomainError as error:
        say(f"closed {error.code}")
    say(f"calls {recorder.recorder_disarm()}")


def watch_statements(connection: Any, last: int, log: int) -> None:
    """Dies when statement number `last` begins (0: never); each is written to the log."""
    seen = 0

    def traced(sql: str) -> None:
        nonlocal seen
        seen += 1
        if log >= 0:
            os.write(log, f"{seen} {' '.join(sql.split())[:60]}\n".encode())
        if seen == last:
            os.kill(os.getpid(), 9)

    connection.set_trace_callback(traced)


def run(point: dict[str, Any]) -> dict[str, Any]:
    """One point in a child of its own."""
    hear, speak = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            os.close(hear)
            child(point, speak)
            status = 0
        except BaseException:
            import traceback

            os.write(speak, b"crash " + traceback.format_exc().replace("\n", " | ").encode()[-900:] + b"\n")
        finally:
            os._exit(status)
    os.close(speak)
    heard = b""
    while part := os.read(hear, 65_536):
        heard += part
    os.close(hear)
    _, status = os.waitpid(pid, 0)
    lines = heard.decode().splitlines()
    calls = [int(line.split()[1]) for line in lines if line.startswith("calls ")]
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "said": [line for line in lines if not line.startswith("calls ")],
        "calls": calls[0] if calls else None,
    }


def main() -> None:
    """Answers points until the input ends."""
    # Warm: everything that a job imports is imported before the first fork.
    import store_desk.services.read_back
    import store_desk.store.repositories.tickets
    import store_desk.words.errors
    import store_desk.words.plan
    import store_desk.words.slip
    import store_desk.words.trade  # noqa: F401

    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
