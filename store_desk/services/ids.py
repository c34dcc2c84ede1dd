"""Identifiers: UUIDv7 in hex, growing also when the clock jumps back."""

from __future__ import annotations

import os
import threading
import time


class IdMaker:
    """Makes UUIDv7 texts of 32 hex digits; ids of one maker sort by age. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        with self._lock:
            stamp = max(time.time_ns() // 1_000_000, self._last)
            if stamp == self._last:
                # The same millisecond: count within it through the random field's top bits.
                self._count += 1
                if self._count >= 0xFFF:
                    stamp += 1
                    self._count = 0
            else:
                self._count = 0
            self._last = stamp
            count = self._count
        low = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1) | (1 << 63)
        return f"{stamp & ((1 << 48) - 1):012x}7{count:03x}{low:016x}"

    _count = 0
