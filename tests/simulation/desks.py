"""A desk of the simulation: the program's services over a store in memory that can be killed and put back in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor, Staff
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.services.ports import UnitOfWork
from tests.memory.desk import MemoryDeskStore

CLERK = Actor("2047", "林晓雨", Role.CLERK)
SENIOR = Actor("2051", "方圆", Role.SENIOR)
SUPERVISOR = Actor("1003", "陈国栋", Role.SUPERVISOR)
MANAGER = Actor("1001", "赵文", Role.MANAGER)
HEAD_OFFICE = Actor("9100", "总部", Role.HEAD_OFFICE)
PEOPLE = (CLERK, SENIOR, SUPERVISOR, MANAGER, HEAD_OFFICE)


class Killed(Exception):
    """The power goes."""


class _Pins:
    """Nobody types a PIN here."""

    def hash(self, pin: str) -> str:
        return pin

    def verify(self, pin_hash: str, pin: str) -> bool:
        return pin_hash == pin


class _Signer:
    """Signatures are checked where requests arrive, which is not part of these histories."""

    def __init__(self, name: str) -> None:
        self.public_key = sha256(name.encode()).digest()

    def sign(self, message: bytes) -> bytes:
        return sha256(self.public_key + message).digest() * 2


@dataclass
class SimulatedDesk:
    """One counter computer. `killed_in` transactions from now the power goes, before or after the commit."""

    name: str
    store_code: str
    number: int
    scope: tuple[str, ...]
    role: str
    clock: Callable[[], datetime]
    rng: Random
    skew: timedelta = timedelta()
    store: MemoryDeskStore = field(default_factory=MemoryDeskStore)
    images: list[tuple[Any, frozenset[str]]] = field(default_factory=list)
    saved: dict[str, int] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    killed_in: int = 0
    killed_after_commit: bool = False
    restored: int = 0
    begun_anew: int = 0

    def __post_init__(self) -> None:
        self.ids = _Ids(self.rng)
        self.desk = Desk(
            identity=DeskIdentity(self.store_code, f"{self.store_code}店", self.number, self.name),
            work=self._work,
            read=self.store.read,
            clock=self._now,
            new_id=self.ids,
            pins=_Pins(),
            signer=_Signer(self.name),
        )
        with self.store.work() as uow:
            for actor in PEOPLE:
                uow.people.add(Staff(actor.id, actor.name, actor.role))

    def _now(self) -> datetime:
        return self.clock() + self.skew

    @contextmanager
    def _work(self) -> Iterator[UnitOfWork]:
        with self.store.work() as uow:
            yield uow
            if self._dies(after=False):
                raise Killed
        if self._dies(after=True):
            raise Killed

    def _dies(self, *, after: bool) -> bool:
        if self.killed_in <= 0 or after is not self.killed_after_commit:
            return False
        self.killed_in -= 1
        return self.killed_in == 0

    def join(self, inc: int) -> None:
        """Enrols, as after a one-time code."""
        with self.store.work() as uow:
            put_enrolment(
                uow, Enrolment("https://hub", self.name, inc, self.store_code, self.scope, role=self.role)
            )

    def take_image(self) -> None:
        """Somebody copies the disk."""
        self.images.append((self.store.image(), frozenset(self.saved)))

    def restore_image(self) -> None:
        """Somebody puts an old copy of the disk back; what was made since and never sent is gone with it."""
        image, known = self.rng.choice(self.images)
        self.lost |= set(self.saved) - known
        self.store.restore(image)
        self.restored += 1


class _Ids:
    """Ids by seed, ordered as they are made."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.n = 0

    def __call__(self) -> str:
        self.n += 1
        return f"{self.n:012x}{self.rng.getrandbits(80):020x}"
