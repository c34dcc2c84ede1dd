"""Long polls: who waits holds no connection and no thread; one short query a moment looks for all of them.

PostgreSQL's NOTIFY would make every commit queue for one lock, and is lost behind connection poolers. The query reads
levels (the numbers of the feeds), not events, so that nothing can be missed between asking and waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import LiteralString

from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit

TICK_S = 0.25
# After a failure of the database the next look waits longer.
CALM_S = 2.0

_HEADS: LiteralString = "select store, seq from store_head where store = any(%s)"


@dataclass(eq=False, slots=True)
class Waiter:
    """One who waits for any of the stores to go beyond these numbers, or for the rules to be newer."""

    heads: dict[str, int]
    rules: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Watch:
    """Looks for all waiters of this process. `failed` is told of an error of the database."""

    def __init__(self, database: HubDatabase, *, failed: Callable[[Exception], None]) -> None:
        self._database = database
        self._failed = failed
        self._waiters: set[Waiter] = set()
        self._somebody = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.closed = False

    def start(self) -> None:
        """Begins to look; within a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def wait(self, heads: dict[str, int], *, rules: int, seconds: float) -> bool:
        """Waits until there is something newer; False when the time was over, or the service ends."""
        if self.closed or seconds <= 0:
            return False
        waiter = Waiter(heads, rules)
        self._waiters.add(waiter)
        self._somebody.set()
        try:
            async with asyncio.timeout(seconds):
                await waiter.woken.wait()
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return not self.closed

    def close(self) -> None:
        """Lets all who wait go at once, and everybody who comes later; from the loop's thread."""
        self.closed = True
        for waiter in self._waiters:
            waiter.woken.set()

    async def stop(self) -> None:
        """Ends the looking."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._somebody.wait()
            await asyncio.sleep(TICK_S)
            if not self._waiters:
                self._somebody.clear()
                continue
            stores = sorted({store for waiter in self._waiters for store in waiter.heads})
            try:
                heads, rules = await asyncio.to_thread(self._look, stores)
            except Exception as error:  # noqa: BLE001  # the edge: the looking goes on whatever the database says
                self._failed(error)
                await asyncio.sleep(CALM_S)
                continue
            for waiter in tuple(self._waiters):
                if rules != waiter.rules or any(heads.get(store) != seq for store, seq in waiter.heads.items()):
                    waiter.woken.set()

    def _look(self, stores: list[str]) -> tuple[dict[str, int], int]:
        def read(unit: PgUnit) -> tuple[dict[str, int], int]:
            rows = unit.connection.execute(_HEADS, (stores,)).fetchall()
            return {str(store): int(seq) for store, seq in rows}, unit.rules_version()

        return self._database.snapshot_read(read)
