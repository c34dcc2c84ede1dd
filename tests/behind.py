"""Long calculations on the other cores while the tests run one after the other; the tests that need them come last.

A test asks for its part with `behind.of(function, argument)`; its module names functions and arguments beforehand in
`BEHIND`, so that the parts can begin as soon as the tests have been collected. The functions belong to modules and
share nothing with the test process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

# A module's long calculations: pairs of a function and its one argument.
Parts = Iterable[tuple[Callable[[Any], Any], Any]]


class Behind:
    """The pool and what it was asked for."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._futures: dict[tuple[str, str, str], Future[Any]] = {}

    def begin(self, parts: Parts) -> None:
        """Asks for these parts, in this order."""
        for function, argument in parts:
            self._ask(function, argument)

    def of(self, function: Callable[[Any], Any], argument: Any) -> Any:
        """The result of this part; raises what it raised."""
        return self._ask(function, argument).result()

    def end(self) -> None:
        """Stops; what has not begun never will."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, function: Callable[[Any], Any], argument: Any) -> Future[Any]:
        key = (function.__module__, function.__qualname__, repr(argument))
        if key not in self._futures:
            if self._pool is None:
                # A fresh interpreter: nothing of windows and threads goes along.
                context = multiprocessing.get_context("spawn")
                others = max(1, (os.cpu_count() or 2) - 1)
                self._pool = ProcessPoolExecutor(others, mp_context=context, initializer=gc.enable)
            self._futures[key] = self._pool.submit(function, argument)
        return self._futures[key]
