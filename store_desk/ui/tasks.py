"""Background work for the window: one-thread lanes, and tasks that bring their result back to the GUI thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from store_desk.domain.errors import DomainError


class Lane:
    """One thread that does one thing after the other: the database lane, the printer lane, the file lane.

    Work functions take and return domain objects, never widgets. `waiting` says how many are in the queue; long work
    on the lane looks at it to make room.
    """

    def __init__(self, name: str, *, on_start: Callable[[], None] | None = None) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name, initializer=on_start or _nothing)
        self._waiting = 0
        self._stopped = False

    def submit(self, work: Callable[[], Any]) -> Future[Any]:
        """Queues the work; it runs on the lane's thread. A lane that has stopped answers a cancelled future."""
        if self._stopped:
            late: Future[Any] = Future()
            late.cancel()
            return late
        self._waiting += 1

        def run_it() -> Any:
            self._waiting -= 1
            return work()

        return self._pool.submit(run_it)

    def waiting(self) -> int:
        """How many pieces of work wait behind the running one."""
        return self._waiting

    def stop(self) -> None:
        """Finishes what is running and what is queued, then ends the thread; what is queued is kept, not dropped."""
        self._stopped = True
        self._pool.shutdown(wait=True)


def _nothing() -> None:
    return None


class Task(QObject):
    """One piece of work on a lane, owned by the widget that asked; closing the widget first is harmless.

    Signals, always on the GUI thread: succeeded(result: object), refused(error: DomainError), and after either
    finished(). An error that is no DomainError is a bug: it goes to sys.excepthook and arrives as failed(text).
    """

    succeeded = Signal(object)
    refused = Signal(object)
    failed = Signal(str)
    finished = Signal()
    _arrived = Signal(object, object)

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def start(self, lane: Lane, work: Callable[[], Any]) -> Task:
        """Queues the work on the lane and returns at once."""
        lane.submit(work).add_done_callback(self._deliver)
        return self

    def _deliver(self, future: Future[Any]) -> None:
        # Runs on the lane's thread; only the queued signal crosses over. The owner may be gone already.
        if future.cancelled():
            return
        error = future.exception()
        try:
            self._arrived.emit(None if error else future.result(), error)
        except RuntimeError:
            return

    @Slot(object, object)
    def _on_arrived(self, result: object, error: object) -> None:
        if error is None:
            self.succeeded.emit(result)
        elif isinstance(error, DomainError):
            self.refused.emit(error)
        elif isinstance(error, BaseException):
            sys.excepthook(type(error), error, error.__traceback__)
            self.failed.emit(f"{type(error).__name__}: {error}")
        self.finished.emit()
        self.deleteLater()


def run(
    owner: QObject,
    lane: Lane,
    work: Callable[[], Any],
    *,
    then: Callable[[Any], None] | None = None,
    refused: Callable[[DomainError], None] | None = None,
) -> Task:
    """Runs `work` on the lane; `then` gets its result, `refused` its refusal, both bound methods of living widgets."""
    task = Task(owner)
    if then is not None:
        task.succeeded.connect(then)
    if refused is not None:
        task.refused.connect(refused)
    return task.start(lane, work)
