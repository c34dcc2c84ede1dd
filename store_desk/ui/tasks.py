"""Background work for the window: one-thread lanes, and tasks that bring their result back to the GUI thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from itertools import count
from typing import Any
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

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

    def start(self, lane: Lane, work: Callable[[], Any]) -> Task:
        """Queues the work on the lane and returns at once."""
        _courier().send(self, lane, work)
        return self

    def arrive(self, result: object, error: BaseException | None) -> None:
        """Tells what came of it."""
        if error is None:
            self.succeeded.emit(result)
        elif isinstance(error, DomainError):
            self.refused.emit(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)
            self.failed.emit(f"{type(error).__name__}: {error}")
        self.finished.emit()
        self.deleteLater()


class _Errand:
    """A task's work on its way to a lane, and what came of it on the way back."""

    __slots__ = ("error", "result", "task", "work")

    def __init__(self, task: Task, work: Callable[[], Any]) -> None:
        self.task: Task | None = task
        self.work: Callable[[], Any] | None = work
        self.result: object = None
        self.error: BaseException | None = None

    def empty(self) -> None:
        """Lets go of everything, on the GUI thread: a lane that did so last would take widgets apart."""
        self.task = self.work = self.result = self.error = None


class _Courier(QObject):
    """Brings what comes of work from the lanes to the GUI thread; lives there as long as the program.

    No other object of the window is touched by a lane: it could be taken apart at that very moment, and the program
    with it.
    """

    _came = Signal(int)
    _called = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._errands: dict[int, _Errand] = {}
        self._numbers = count(1)
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)
        self._called.connect(self._on_called, Qt.ConnectionType.QueuedConnection)

    def send(self, task: Task, lane: Lane, work: Callable[[], Any]) -> None:
        """Takes the work to the lane."""
        number, errand = next(self._numbers), _Errand(task, work)
        self._errands[number] = errand
        if lane.submit(partial(self._do, number, errand)).cancelled():
            del self._errands[number]

    def _do(self, number: int, errand: _Errand) -> None:
        # On the lane's thread. What the work refers to stays in the errand, to be let go of elsewhere.
        try:
            errand.result = errand.work() if errand.work is not None else None
        except BaseException as error:  # noqa: BLE001  # told where it was asked; see arrive
            errand.error = error
        self._came.emit(number)

    @Slot(int)
    def _on_came(self, number: int) -> None:
        errand = self._errands.pop(number)
        task, result, error = errand.task, errand.result, errand.error
        errand.empty()
        if task is not None and isValid(task):
            task.arrive(result, error)

    def call(self, then: WeakMethod[Callable[..., None]], *values: object) -> None:
        """Calls a method on the GUI thread; from any thread."""
        self._called.emit(then, values)

    @Slot(object, object)
    def _on_called(self, then: WeakMethod[Callable[..., None]], values: tuple[object, ...]) -> None:
        method = then()
        if method is not None and isValid(method.__self__):  # type: ignore[attr-defined]  # a bound method
            method(*values)


@cache
def _courier() -> _Courier:
    return _Courier()


def on_gui_thread(then: Callable[..., None]) -> Callable[..., None]:
    """A function for any thread that has `then`, a bound method of a QObject, called with its values on the GUI thread.

    To be made on the GUI thread. Once the object is gone, calls come to nothing.
    """
    return partial(_courier().call, WeakMethod(then))


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
