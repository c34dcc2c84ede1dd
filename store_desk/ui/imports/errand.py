"""One piece of import work on the file lane: its progress, its answer or refusal, and the wish to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from store_desk.domain.errors import DomainError
from store_desk.ui.tasks import Lane, run

# A picture every 50 ms is as smooth as anybody sees; more would only fill the event queue.
PROGRESS_GAP_S: Final = 0.05
# Before that a speed says nothing.
SPEED_AFTER_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How much is done, of how much (0: not known), the seconds since the start, and what was done already then.

    A check counts rows; an import counts parts of the whole, of which reading may be done when it begins.
    """

    done: int
    total: int
    seconds: float
    begun: int = 0

    @property
    def percent(self) -> int:
        """How much of the whole is done; 100 only when all is."""
        return min(100, 100 * self.done // self.total) if self.total > 0 else 0

    @property
    def speed(self) -> float:
        """What is done in a second, on the average; 0 in the first half second, when it says nothing yet."""
        return (self.done - self.begun) / self.seconds if self.seconds >= SPEED_AFTER_S else 0.0

    @property
    def seconds_left(self) -> int | None:
        """About how long it takes; None while it cannot be said."""
        speed = self.speed
        return max(1, round((self.total - self.done) / speed)) if speed > 0 and self.total > self.done else None


class Errand(QObject):
    """Work with a turn number, by which an old answer is told from the present one.

    Signals, on the GUI thread: moved(turn, Progress), answered(turn, result), refused(turn, DomainError).
    """

    moved = Signal(int, object)
    answered = Signal(int, object)
    refused = Signal(int, object)

    def __init__(self, turn: int, parent: QObject) -> None:
        super().__init__(parent)
        self._turn = turn
        self._stop = Event()
        self._start = time.monotonic()
        self._last = 0.0
        self._begun: int | None = None

    def start(self, lane: Lane, work: Callable[[], object]) -> None:
        """Queues the work; it may call progress() and stopped() from the lane."""
        run(self, lane, work, then=self._on_answer, refused=self._on_refused)

    def progress(self, done: int, total: int) -> None:
        """Called on the lane after each chunk; passed on at most twenty times a second."""
        now = time.monotonic()
        if now - self._last < PROGRESS_GAP_S and done != total:
            return
        self._last = now
        if self._begun is None:
            # What is there at the first word was no work of this errand: it would make the rest look short.
            self._begun, self._start = done, now
        try:
            self.moved.emit(self._turn, Progress(done, total, now - self._start, self._begun))
        except RuntimeError:
            # The window has gone; nobody waits for the rest.
            self._stop.set()

    def stop(self) -> None:
        """Asks the work to end; called on the GUI thread."""
        self._stop.set()

    def stopped(self) -> bool:
        """Called on the lane between chunks."""
        return self._stop.is_set()

    @Slot(object)
    def _on_answer(self, answer: object) -> None:
        self.answered.emit(self._turn, answer)
        self.deleteLater()

    @Slot(object)
    def _on_refused(self, error: DomainError) -> None:
        self.refused.emit(self._turn, error)
        self.deleteLater()
