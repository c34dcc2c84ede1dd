"""`sync` and `join`: rounds with head office without a window, and becoming one of its desks."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Self

from store_desk.cli.call import Answer, AtDesk, Call, Stop
from store_desk.cli.shapes import moment
from store_desk.cli.verbs.files import read_within
from store_desk.domain.errors import DomainError, Family, FileUnreadable
from store_desk.domain.office_errors import NotEnrolled
from store_desk.domain.roles import Right
from store_desk.services.desk import Desk
from store_desk.services.enrolment import read_enrolment
from store_desk.words import say_error

if TYPE_CHECKING:
    from store_desk.app.wiring import OpenDesk
    from store_desk.sync.cycle import CycleReport

# How long a wish to stop may go unheard.
HEED_S = 0.2
AUTHORITY_BYTES_MAX = 1024 * 1024
# After so long without anything from head office a person is told that it is waited for, and then ever again.
WAITING_S = 3.0
WAITING_AGAIN_S = 10.0


class Waiting:
    """Says on standard error that head office is waited for, soon and then now and again, while nothing comes.

    Whoever waits half a minute for the end of a slow line would think that the program hangs.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._progress = call.terminal.progress()
        self._began = self._heard = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="waiting", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # It ends before anything else is said, so that nothing is said of waiting afterwards.
        self._over.set()
        self._thread.join()

    def told(self, _step: str, done: int, of: int) -> None:
        """Something went on: the line of progress, and no reason to speak of waiting."""
        self._heard = time.monotonic()
        if of:
            self._progress(done, of)

    def _watch(self) -> None:
        wait = WAITING_S
        while not self._over.wait(wait):
            now = time.monotonic()
            left = self._heard + WAITING_S - now
            if left > 0:
                wait = left
                continue
            seconds = round(now - self._began)
            self._call.terminal.tell(self._call.say("errors.hub_unreachable.waiting", seconds=seconds))
            wait = WAITING_AGAIN_S


def sync(call: Call) -> Answer:
    """One round with head office, or rounds until stopped. Nobody signs in: nothing of a customer is shown."""
    from store_desk.app.office_line import one_round

    with call.open() as opened:
        if read_enrolment(opened.desk) is None:
            raise NotEnrolled()
        if call.options.once:
            with Waiting(call) as waiting:
                report = one_round(opened, told=waiting.told)
        else:
            report = _until_stopped(call, opened)
        return _answer(call, opened.desk, report)


def _until_stopped(call: Call, opened: OpenDesk) -> CycleReport:
    from store_desk.app.office_line import EVERY_S, line_settings, number_of, one_round
    from store_desk.sync.backoff import Pace
    from store_desk.sync.cycle import CycleReport

    every = number_of(line_settings(opened.desk), "every_s", EVERY_S, least=1, most=3_600)
    pace = Pace(Random(), now=time.monotonic(), every_s=every)
    total = CycleReport()
    bell = threading.Event()
    with Stop().watching() as stop:
        while not stop():
            if pace.wait_s(time.monotonic()) > 0:
                bell.wait(HEED_S)
                continue
            try:
                with Waiting(call) as waiting:
                    report = one_round(opened, told=waiting.told)
            except DomainError as error:
                if error.family is not Family.ENVIRONMENT:
                    raise
                said = error.facts.get("retry_after_s")
                pace.failed(time.monotonic(), retry_after_s=float(said) if isinstance(said, int) else 0.0)
                call.terminal.tell(say_error(call.terminal.lang, error))
                continue
            pace.succeeded(time.monotonic())
            total = _sum(total, report)
            if report.sent or report.answered or report.received:
                call.terminal.tell(_line(call, report))
    return total


def _sum(total: CycleReport, report: CycleReport) -> CycleReport:
    """What all rounds did, and how it stands after the last."""
    return replace(
        report,
        sent=total.sent + report.sent,
        answered=total.answered + report.answered,
        received=total.received + report.received,
        conflicts=total.conflicts + report.conflicts,
        restored=total.restored or report.restored,
        copied=total.copied or report.copied,
    )


def _line(call: Call, report: CycleReport) -> str:
    return call.say(
        "sync.round",
        sent=report.sent,
        answered=report.answered,
        received=report.received,
        waiting=report.waiting,
        refused=report.refused,
    )


def _answer(call: Call, desk: Desk, report: CycleReport) -> Answer:
    at = moment(report.last_contact, desk.zone)
    body: dict[str, object] = {
        "sent": report.sent,
        "answered": report.answered,
        "received": report.received,
        "waiting": report.waiting,
        "refused": report.refused,
        "last_contact": at,
        "conflicts": report.conflicts,
        "restored": report.restored,
        "copied": report.copied,
    }
    return Answer(body, (_line(call, report), call.say("sync.contact", at=at or "-")))


def join(call: Call) -> Answer:
    """Joins a head office with a one-time code."""
    from store_desk.app.office_line import join_here

    authority = _authority(call.options.authority)
    with call.at_desk(Right.SETTINGS) as here, Waiting(call) as waiting:
        joined = join_here(here.opened, call.options.url, call.options.code, waiting.told, authority=authority)
    body: dict[str, object] = {
        "store": joined.store,
        "desk": joined.desk,
        "role": joined.role,
        "tickets": joined.tickets,
        "conflicts": joined.conflicts,
    }
    lines = [call.say("sync.joined", store=joined.store, desk=joined.desk)]
    if joined.tickets:
        lines.append(call.say("sync.joined.tickets", n=joined.tickets, conflicts=joined.conflicts))
    return Answer(body, tuple(lines))


def _authority(path: Path | None) -> str:
    """The text of a PEM file, empty without one."""
    if path is None:
        return ""
    content = read_within(path, AUTHORITY_BYTES_MAX)
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise FileUnreadable(file=path.name, detail="PEM") from error


def answered(call: Call, here: AtDesk) -> bool:
    """Sends what was just done and waits a moment for head office's answer; says so when there is none."""
    if read_enrolment(here.desk) is None:
        return False
    from store_desk.app.office_line import wait_for_answer

    return wait_for_answer(here.opened)
