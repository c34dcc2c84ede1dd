"""The writers of this process one after the other, in the order in which they came.

SQLite lets in whoever happens to ask while nobody writes: one lane with much to write keeps the others out for seconds,
since each asks again only after a pause that grows. Here nobody waits for more than what was before them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from store_desk.domain.errors import DatabaseLocked


class Turns:
    """A line of threads, of which the first writes."""

    def __init__(self, *, within_s: float) -> None:
        """Nobody waits longer than `within_s`."""
        self._within_s = within_s
        self._lock = threading.Lock()
        self._line: deque[threading.Lock] = deque()
        self._writer = 0

    @property
    def waiting(self) -> int:
        """How many are in the line, the one that writes among them."""
        return len(self._line)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """This thread's turn; raises DatabaseLocked when it does not come in time."""
        own = threading.get_ident()
        if self._writer == own:
            # A transaction within another: SQLite says what is wrong with that.
            yield
            return
        turn = threading.Lock()
        try:
            with self._lock:
                if self._line:
                    turn.acquire()
                self._line.append(turn)
            if not turn.acquire(timeout=self._within_s):
                raise DatabaseLocked()
            self._writer = own
            yield
        finally:
            self._leave(turn, own)

    def _leave(self, turn: threading.Lock, own: int) -> None:
        with self._lock:
            if turn not in self._line:
                return
            was_first = self._line[0] is turn
            self._line.remove(turn)
            if was_first:
                if self._writer == own:
                    self._writer = 0
                if self._line:
                    self._line[0].release()
