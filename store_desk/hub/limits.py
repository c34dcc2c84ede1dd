"""How much one asker may ask: a bucket of tokens each, refilled with time, forgotten when full."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

# More askers than this at once and the fullest buckets are forgotten first.
BUCKETS_MAX = 100_000


class TokenBuckets:
    """A bucket per key with `burst` tokens, refilled at `rate` a second. Safe from any thread."""

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> int:
        """Takes a token; 0 when there was one, else in how many whole seconds there will be one."""
        now = self._clock()
        with self._lock:
            level, at = self._levels.get(key, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._rate)
            if level < 1.0:
                self._levels[key] = (level, now)
                return max(1, math.ceil((1.0 - level) / self._rate))
            self._levels[key] = (level - 1.0, now)
            if len(self._levels) > BUCKETS_MAX:
                self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        """Drops the buckets that are full again; they would begin full anyway."""
        rate, burst = self._rate, self._burst
        self._levels = {
            key: (level, at) for key, (level, at) in self._levels.items() if level + (now - at) * rate < burst
        }
