"""A desk of the rehearsal in a process of its own, which can be killed like a computer whose power goes.

It is spoken to in lines of JSON: a request on standard input, then what was saved meanwhile (`saved`), then one
`done` or `fault`, on standard output. It ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import IO, Any

from store_desk.app.office_line import copy_loader
from store_desk.app.rehearsal import scenery
from store_desk.app.rehearsal.clerks import Clerks
from store_desk.app.rehearsal.trouble import BadLine, Death, Weather, mortal
from store_desk.app.wiring import OpenDesk, SetUpAnswers, clock, found_store, open_desk
from store_desk.domain.authority import Result
from store_desk.domain.errors import DomainError
from store_desk.domain.record import TicketRecord
from store_desk.domain.staff import Staff
from store_desk.services.codec import encode
from store_desk.services.enrolment import Enrolment, desk_label, put_enrolment
from store_desk.services.linked import next_number
from store_desk.services.ports import UnitOfWork
from store_desk.sync.cycle import run_cycle
from store_desk.sync.hub_client import HttpLink

# More than any rehearsal makes.
ALL = 10_000_000
# How the journal calls a ticket that head office could not take.
IN_CONFLICT = "offered_in_conflict"
# What only one side keeps.
OWN_ONLY = frozenset({"strokes", "checks"})
# Enrolments from one address are let in one a second; the rehearsal's desks come together.
ENROL_TRIES = 30
ENROL_WAIT_S = 1.0

Request = dict[str, Any]


class Child:
    """What this process has open."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._told: set[str] = set()
        self._opened: OpenDesk | None = None

    def say(self, kind: str, value: object) -> None:
        """One line to the rehearsal."""
        self._out.write(json.dumps({kind: value}, ensure_ascii=False) + "\n")
        self._out.flush()

    def answer(self, request: Request) -> None:
        """Does one request."""
        try:
            self.say("done", getattr(self, "do_" + request["do"])(request))
        except Exception:  # noqa: BLE001  # the edge: the rehearsal is told of a fault of the program as one
            self.say("fault", traceback.format_exc())

    # --- founding and opening ----------------------------------------------------------------------------------

    def do_found(self, request: Request) -> object:
        """A new store in the folder, with its staff and tickets of the time before it joined."""
        folder = Path(request["folder"])
        is_office = request["store"] == scenery.OFFICE
        boss = scenery.HEAD_OFFICE if is_office else scenery.MANAGER
        found_store(
            folder,
            SetUpAnswers(
                store_code=request["store"],
                store_name=request["name"],
                desk=request["desk"],
                manager_id=boss.id,
                manager_name=boss.name,
                pin=scenery.PINS[boss.id],
                demo=True,
            ),
        )
        opened = open_desk(folder)
        try:
            rng = Random(request["seed"])
            hashed = {one.id: opened.desk.pins.hash(scenery.PINS[one.id]) for one in scenery.STAFF if one is not boss}
            now = clock()
            with opened.desk.work() as uow:
                for actor in (*scenery.STAFF, scenery.HEAD_OFFICE) if is_office else scenery.STAFF:
                    known = uow.people.get(actor.id)
                    pin_hash = known.pin_hash if known else hashed[actor.id]
                    person = Staff(actor.id, actor.name, actor.role, actor.name_other, True, pin_hash, False)
                    (uow.people.save if known else uow.people.add)(person)
                for n in range(1, request["own"] + 1):
                    ticket = scenery.ticket(n, rng=rng, store=request["store"], now=now, source="")
                    number = next_number(opened.desk, uow, now=ticket.created_at)
                    uow.tickets.add(replace(ticket, number=number))
        finally:
            opened.close()
        return {}

    def do_open(self, request: Request) -> object:
        """Opens the folder's desk; answers the operations that are on its disk."""
        self._opened = opened = open_desk(Path(request["folder"]), now=_ClockWith(timedelta(seconds=request["skew"])))
        rng = Random(request["seed"])
        self._death = Death()
        self._desk = mortal(opened.desk, self._death)
        self._line = BadLine(rng)
        self._load_copy = copy_loader(opened.store)
        self._clerks = Clerks(self._desk, rng, head_office=opened.desk.identity.store_code == scenery.OFFICE)
        self._rng = rng
        with opened.desk.read() as uow:
            self._told = {item.envelope.id for item in uow.deliveries.latest(limit=ALL)}
        return {"saved": sorted(self._told)}

    def do_join(self, request: Request) -> object:
        """Enrols with the code and takes the first copy."""
        identity = self._desk.identity
        who = Enrolment(request["url"], identity.desk_id, 0, identity.store_code, ())
        for left in reversed(range(ENROL_TRIES)):
            try:
                reply = HttpLink(self._desk, who=who).enrol(request["code"])
                break
            except DomainError:
                if not left:
                    raise
                time.sleep(ENROL_WAIT_S)
        with self._desk.work() as uow:
            put_enrolment(
                uow, Enrolment(request["url"], reply.desk_id, reply.inc, reply.store, tuple(reply.scope), reply.role)
            )
        return self.do_sync(request)

    # --- the day -----------------------------------------------------------------------------------------------

    def do_work(self, request: Request) -> object:
        """So many acts of its people, with a cycle after every few; cycles fail as the weather is."""
        self._line.weather = Weather(**request["weather"])
        self._death.within, self._death.after = request["dies"]
        self._clerks.look_round()
        before = request["acts"]
        while before > 0:
            some = min(before, self._rng.randint(1, request["between"]))
            for _ in range(some):
                self._clerks.act()
                self._tell_saved()
            before -= some
            self._cycle()
            self._clerks.look_round()
        return {}

    def do_evening(self, _request: Request) -> object:
        """Decides all that waits for somebody here."""
        self._calm()
        self._clerks.look_round()
        decided = self._clerks.decide_everything()
        self._tell_saved()
        return {"decided": decided}

    def do_sync(self, _request: Request) -> object:
        """One cycle in calm weather; `settled` when nothing is left to tell."""
        self._calm()
        problem = self._cycle()
        with self._desk.read() as uow:
            owed = bool(uow.deliveries.unanswered(limit=1) or uow.records.unknown(limit=1))
            feeds = {position.store: position.seq for position in uow.positions.feeds()}
        return {"settled": not problem and not owed, "problem": problem, "feeds": feeds}

    def _calm(self) -> None:
        self._line.weather = Weather()
        self._death.within = 0
        self._line.deliver_late()

    def _cycle(self) -> str:
        """A cycle with head office; the code of what stopped it, or ''."""
        try:
            run_cycle(self._desk, HttpLink(self._desk, client=self._line), load_copy=self._load_copy)
        except DomainError as error:
            return error.code
        finally:
            self._tell_saved()
        return ""

    def _tell_saved(self) -> None:
        """Tells of operations that are on the disk now: a person has seen them saved."""
        with self._desk.read() as uow:
            fresh = {item.envelope.id for item in uow.deliveries.unanswered(limit=ALL)} - self._told
        if fresh:
            self._told |= fresh
            self.say("saved", sorted(fresh))

    # --- the end -----------------------------------------------------------------------------------------------

    def do_state(self, _request: Request) -> object:
        """Everything that is to be compared."""
        with self._desk.read() as uow:
            deliveries = uow.deliveries.latest(limit=ALL)
            unheard: dict[str, list[str]] = {}
            for item in deliveries:
                if item.answer is not None and item.answer.result is Result.REFUSED_SCOPE:
                    unheard.setdefault(item.envelope.ticket_id, []).append(item.envelope.case_id)
            return {
                "desk": desk_label(self._desk),
                "held": {
                    item.envelope.id: item.answer.result.value if item.answer is not None else "" for item in deliveries
                },
                "feeds": {item.store: [item.seq, item.hash.hex()] for item in uow.positions.feeds()},
                "kept_back": len(uow.mirror.ids()),
                "unheard": unheard,
                "in_conflict": [entry.subject for entry in uow.journal.entries() if entry.what == IN_CONFLICT],
                "records": dict(_records(uow)),
                "refused": dict(self._clerks.refused),
            }

    def do_end(self, _request: Request) -> object:
        """Closes the desk."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        return {}


class _ClockWith:
    """The computer's clock, wrong by so much."""

    def __init__(self, skew: timedelta) -> None:
        self._skew = skew

    def __call__(self) -> Any:
        return clock() + self._skew


def _records(uow: UnitOfWork) -> Iterator[tuple[str, object]]:
    for ticket_id in uow.records.known_ids():
        record = uow.records.get(ticket_id)
        if record is not None:
            yield ticket_id, shown(record)


def shown(record: TicketRecord) -> dict[str, Any]:
    """A record in what every desk and head office must agree on; each desk adds to what is owed under a case."""
    return {
        "ticket": encode(record.ticket),
        "cases": [{"desk": item.desk, "case": encode(item.case, leave_out=OWN_ONLY)} for item in record.cases],
        "standing": record.standing,
    }


def main() -> int:
    """Answers requests until there are no more."""
    # Standard output for our own lines alone: whatever else prints there goes to standard error.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    child = Child(out)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            child.answer(request)
        except BrokenPipeError:
            return 0
        if request["do"] == "end":
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
