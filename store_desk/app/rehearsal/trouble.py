"""Trouble by chance: a line that loses, doubles and delays requests, and a desk that dies within a transaction."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import httpx

from store_desk.services.desk import Desk
from store_desk.sync.transport import HubClient

if TYPE_CHECKING:
    from store_desk.services.ports import UnitOfWork

# So many delayed requests are kept at most; the oldest is let go first.
LATE_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances per request: lost on the way, its reply lost, arriving twice, arriving long after it was given up."""

    lost: float = 0.0
    reply_lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0


class BadLine(HubClient):
    """The client of head office on a bad line. `weather` may change at any time; calm passes everything on."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = rng
        self._late: list[httpx.Request] = []
        self.weather = Weather()

    def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        """Sends a request as the weather is."""
        if self._late and self._rng.random() < self.weather.late:
            self._carry(self._late.pop(self._rng.randrange(len(self._late))))
        if self._rng.random() < self.weather.lost:
            raise httpx.ConnectError("lost by the rehearsal", request=request)
        if self._rng.random() < self.weather.late:
            self._late = [*self._late, _copy(request)][-LATE_MAX:]
            raise httpx.ReadTimeout("delayed by the rehearsal", request=request)
        if self._rng.random() < self.weather.doubled:
            self._carry(_copy(request))
        reply = super().send(request, **how)
        if self._rng.random() < self.weather.reply_lost:
            raise httpx.ReadTimeout("reply lost by the rehearsal", request=request)
        return reply

    def deliver_late(self) -> None:
        """Everything that is still on the way arrives now."""
        while self._late:
            self._carry(self._late.pop(self._rng.randrange(len(self._late))))

    def _carry(self, request: httpx.Request) -> None:
        """A copy arrives; nobody listens to its reply."""
        with suppress(httpx.HTTPError):
            super().send(request)


def _copy(request: httpx.Request) -> httpx.Request:
    return httpx.Request(
        request.method, request.url, headers=request.headers, content=request.read(), extensions=request.extensions
    )


@dataclass
class Death:
    """The power goes `within` so many transactions (0: never), before or after what they wrote is durable."""

    within: int = 0
    after: bool = False

    def may_come(self, *, after: bool) -> None:
        """Ends this process now if it is time."""
        if self.within <= 0 or after is not self.after:
            return
        self.within -= 1
        if self.within == 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def mortal(desk: Desk, death: Death) -> Desk:
    """The desk whose transactions may be cut off by its death."""
    work = desk.work

    @contextmanager
    def within() -> Iterator[UnitOfWork]:
        with work() as uow:
            yield uow
            death.may_come(after=False)
        death.may_come(after=True)

    def begin() -> AbstractContextManager[UnitOfWork]:
        return within()

    return replace(desk, work=begin)
