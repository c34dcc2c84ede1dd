"""When to ask head office next: regularly, at once when there is work, ever more seldom while it does not answer."""

from __future__ import annotations

from random import Random
from typing import Final

FIRST_S: Final = 1.0
MOST_S: Final = 300.0
# Less than this between two failed attempts helps nobody.
LEAST_S: Final = 0.25
# All desks of a region find their network again in the same second; they come back over a minute.
RETURN_S: Final = 60.0
EVERY_S: Final = 15.0


class Pace:
    """The moment of the next attempt on a monotonic clock (seconds); no clock of its own and no waiting.

    After failures the delay is even between nothing and 1, 2, 4 … 300 seconds (full jitter), so that desks that failed
    together do not come back together. What head office asks for with Retry-After is kept to, whatever wakes us.
    """

    def __init__(self, random: Random, *, now: float, every_s: float = EVERY_S) -> None:
        self._random = random
        self._every = every_s
        self._failures = 0
        self._held_until = now
        # The first attempt is made at once: a desk that is switched on has not lost anything.
        self._next = now

    @property
    def failures(self) -> int:
        """Failed attempts since the last one that went well."""
        return self._failures

    def succeeded(self, now: float) -> None:
        """Head office answered."""
        self._failures = 0
        self._held_until = now
        self._next = now + self._every

    def failed(self, now: float, *, retry_after_s: float = 0) -> None:
        """It did not; `retry_after_s` is what it asked for."""
        # Beyond the longest delay the power only grows.
        top = min(MOST_S, FIRST_S * 2 ** min(self._failures, 16))
        self._failures += 1
        delay = max(LEAST_S, self._random.uniform(0, top))
        if retry_after_s > 0:
            # All were told the same second; a tenth more spreads them.
            delay = max(delay, retry_after_s * (1 + self._random.uniform(0, 0.1)))
            self._held_until = now + retry_after_s
        self._next = now + delay

    def wake(self, now: float) -> None:
        """There is work, or a person asks: at once, unless head office asked to be left alone."""
        self._next = min(self._next, max(now, self._held_until))

    def returned(self, now: float) -> None:
        """The network is there again; only after a lost connection, and then some time within a minute."""
        if self._failures:
            self._next = min(self._next, max(now + self._random.uniform(0, RETURN_S), self._held_until))

    def wait_s(self, now: float) -> float:
        """Seconds until the next attempt, 0 when it is due."""
        return max(0.0, self._next - now)
