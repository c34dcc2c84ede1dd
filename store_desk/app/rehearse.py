"""Rehearses a whole head office on this machine: founds it, lives through a day of it, and compares all books."""

from __future__ import annotations

import importlib
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from store_desk.app.rehearsal import scenery
from store_desk.app.rehearsal.compare import Findings, compare, read_books
from store_desk.app.rehearsal.day import Day, Told
from store_desk.app.rehearsal.desks import RehearsedDesk
from store_desk.app.rehearsal.office import RehearsedOffice
from store_desk.app.rehearsal.system import TechniciansSystem
from store_desk.domain.errors import OutsideFailure, WrongUse

TICKETS_MAX = 200_000
SERVICES = 2
# Tickets that a desk made while it stood alone.
OWN_TICKETS = 5
# Clocks of desks, seconds wrong at most.
SKEW_MAX_S = 180
QUIET_SEED = 20_260_514
# What head office is made of here; `fastapi` is for its services.
HEAD_OFFICE = (
    "fastapi",
    "store_desk.hub.administration",
    "store_desk.hub.enrolling",
    "store_desk.hub.facts",
    "store_desk.hub.founding",
    "store_desk.hub.postgres.epoch",
    "store_desk.hub.postgres.pool",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be rehearsed; `faults` is the seed of the trouble, None for a quiet day."""

    desks: int = 2
    tickets: int = 200
    faults: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it. `findings.told` are the differences one by one."""

    findings: Findings
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing is lost, doubled or unequal."""
        found = self.findings
        return not (found.lost or found.doubled or found.unequal)


def check(asked: Asked) -> None:
    """Raises WrongUse for more than one machine plays, OutsideFailure where parts of head office are missing."""
    if not 1 <= asked.desks <= scenery.DESKS_MAX:
        raise WrongUse(detail=f"--desks 1..{scenery.DESKS_MAX}")
    if not 1 <= asked.tickets <= TICKETS_MAX:
        raise WrongUse(detail=f"--tickets 1..{TICKETS_MAX}")
    try:
        # What head office needs is there before anything begins; an interrupt within an import is not told as one.
        for name in HEAD_OFFICE:
            importlib.import_module(name)
    except ImportError as error:
        raise OutsideFailure(detail="pip install 'store-desk[hub]'") from error
    from store_desk.app.rehearsal.postgres import programs

    if programs() is None:
        raise OutsideFailure(detail="PostgreSQL: initdb")


def rehearse(asked: Asked, *, told: Told) -> Figures:
    """A day from founding to comparison; raises OutsideFailure, NotSettled or DeskFault. Leaves nothing behind."""
    began = time.monotonic()
    with staged(asked, told=told) as stage:
        stage.day.run()
        told("comparing")
        states = [(desk, desk.ask("state")) for desk in stage.desks]
        with stage.office.database() as database:
            books = read_books(database)
        findings = compare(books, states, moves=stage.system.answered)
        refused = sum(sum(state["refused"].values()) for _, state in states)
        # A desk that died has forgotten what it refused before; nothing is said of none.
        if refused:
            told("refusals", n=refused)
    return Figures(findings, time.monotonic() - began)


@dataclass
class Stage:
    """Everything that runs."""

    folder: Path
    office: RehearsedOffice
    desks: list[RehearsedDesk]
    system: TechniciansSystem
    day: Day


@contextmanager
def staged(asked: Asked, *, told: Told) -> Iterator[Stage]:
    """Head office with its desks, founded and joined; at the end every process and folder is gone."""
    check(asked)
    folder = Path(tempfile.mkdtemp(prefix="sd-rehearsal-"))
    desks: list[RehearsedDesk] = []
    office: RehearsedOffice | None = None
    with _ended_by_signals():
        try:
            told("founding", desks=asked.desks, tickets=asked.tickets)
            office = RehearsedOffice(folder, services=SERVICES)
            desks += _desks(folder, asked, office)
            system = _open(asked, office, desks)
            trouble = Random(asked.faults) if asked.faults is not None else None
            rng = Random(_seed(asked))
            yield Stage(folder, office, desks, system, Day(office, desks, system, asked.tickets, rng, trouble, told))
        finally:
            with _uninterrupted():
                for desk in desks:
                    desk.close()
                if office is not None:
                    office.close()
                shutil.rmtree(folder, ignore_errors=True)


def _seed(asked: Asked) -> int:
    return QUIET_SEED if asked.faults is None else asked.faults


def _desks(folder: Path, asked: Asked, office: RehearsedOffice) -> list[RehearsedDesk]:
    """The store's desks, and one of head office's own."""
    rng = Random(_seed(asked) + 1)
    places = [(scenery.store_of(n), scenery.desk_in_store(n), "desk") for n in range(1, asked.desks + 1)]
    found: list[RehearsedDesk] = []
    for n, (store, number, role) in enumerate([*places, (scenery.OFFICE, 1, "head_office")]):
        name = f"{store}{number}"
        desk = RehearsedDesk(store, number, folder / name, folder / f"{name}.log", Random(rng.getrandbits(62)))
        desk.url = office.services[n % len(office.services)].url
        desk.skew_s = rng.randint(-SKEW_MAX_S, SKEW_MAX_S)
        desk.role = role
        found.append(desk)
    return found


def _open(asked: Asked, office: RehearsedOffice, desks: list[RehearsedDesk]) -> TechniciansSystem:
    """Founds all of them side by side, then enrols the desks."""
    names = dict(scenery.STORES) | {scenery.OFFICE: "总部"}
    for desk in desks:
        desk.start()
        desk.send(
            "found",
            folder=str(desk.folder),
            store=desk.store,
            name=names[desk.store],
            desk=desk.number,
            own=OWN_TICKETS if desk.role == "desk" else 0,
            seed=desk.rng.getrandbits(62),
        )
    stores = scenery.stores_of(asked.desks)
    codes = tuple(code for code, _ in stores)
    rng = Random(_seed(asked) + 2)
    tickets = list(scenery.tickets(asked.tickets, rng=rng, stores=codes, now=datetime.now(UTC)))
    office.found(stores, iter(tickets))
    system = TechniciansSystem(office.services[0].url, tickets, Random(_seed(asked) + 3))
    for desk in desks:
        desk.finish()
        desk.open()
    office.wait()
    everywhere = (scenery.OFFICE, *codes)
    for desk in desks:
        scope = everywhere if desk.role == "head_office" else ()
        desk.send("join", url=desk.url, code=office.code_for(desk.store, desk.number, role=desk.role, scope=scope))
    system.join(office.code_for(scenery.OFFICE, 99, role="system", scope=codes))
    for desk in desks:
        desk.finish()
    return system


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within it, being asked to end is an interrupt, so that everything is cleared away."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = None
    with suppress(ValueError):
        # Only the main thread may; elsewhere whoever started it takes care of its end.
        before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Clearing away is not broken off by a second interrupt."""
    before = None
    with suppress(ValueError):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
