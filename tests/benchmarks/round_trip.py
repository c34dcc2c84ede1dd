"""One cancellation from the desk to head office and its answer back, beside a durable commit at both ends and HTTP.

The desk writes three durable transactions on the way (the request, that it was sent, the answer), head office one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from store_desk.app.wiring import OpenDesk
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.sync.cycle import run_cycle
from tests.benchmarks.data import tickets
from tests.benchmarks.head_office import (
    STORE,
    bare_desk_commits,
    bare_http,
    bare_hub_commits,
    bench_folder,
    head_office,
    joined_desk,
    link_of,
)
from tests.benchmarks.result import Result, median, p99

TRIPS = 200
WARM = 10
BY = Actor("1003", "陈国栋", Role.SUPERVISOR)


def measure_all(size: int) -> list[Result]:
    """`size` bounds how many there are."""
    trips = min(TRIPS, max(20, size))
    with (
        bench_folder() as folder,
        head_office(folder, easy_tickets(trips + WARM)) as office,
        joined_desk(office, folder / "desk") as opened,
    ):
        wall, cpu = _trips(opened, trips)
        desk, hub, line = (
            bare_desk_commits(folder, trips),
            bare_hub_commits(office, trips),
            bare_http(office, trips),
        )
    limit = median(desk) + median(hub) + median(line)
    parts = f"limit = {median(desk):.1f} desk + {median(hub):.1f} hub + {median(line):.1f} HTTP;"
    return [
        Result(
            "cancel to answer, over HTTP", median(wall), p99(wall), p99(cpu), limit, median(wall) / limit, parts, True
        )
    ]


def easy_tickets(count: int) -> Iterator[Ticket]:
    """Tickets that anybody may cancel."""
    for ticket in islice(tickets(count, store=STORE[0]), count):
        yield replace(
            ticket,
            review=Review.PENDING_REVIEW,
            work=Work.UNASSIGNED,
            compensation_minor=0,
            closed_at=None,
            due_at=None,
        )


def easy_cancel(opened: OpenDesk, ticket_id: str) -> None:
    """A cancellation without anything to settle."""
    command = CancelTicket(ticket_id=ticket_id, reason=Reason.MISTAKE, consent=Consent(Grade.PAPER))
    cancel_ticket(opened.desk, BY, command)


def _trips(opened: OpenDesk, trips: int) -> tuple[list[float], list[float]]:
    link = link_of(opened)
    with opened.desk.read() as uow:
        ids = list(uow.records.known_ids())
    wall: list[float] = []
    cpu: list[float] = []
    for n, ticket_id in enumerate(ids[: trips + WARM]):
        at, spent = time.perf_counter(), time.thread_time()
        easy_cancel(opened, ticket_id)
        report = run_cycle(opened.desk, link)
        taken, burnt = (time.perf_counter() - at) * 1000, (time.thread_time() - spent) * 1000
        if report.answered != 1:
            raise SystemExit(f"{report.answered} answers")
        if n >= WARM:
            wall.append(taken)
            cpu.append(burnt)
        if n % 50 == 0:
            opened.store.checkpoint()
    link.close()
    return wall, cpu
