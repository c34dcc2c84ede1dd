"""The processes below this one, as Linux shows them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def _all() -> Iterator[tuple[int, str, int]]:
    """Number, state and parent of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                state, parent = entry.joinpath("stat").read_text().rpartition(")")[2].split()[:2]
                yield int(entry.name), state, int(parent)


def children(of: int) -> list[int]:
    """The living children of a process."""
    return [pid for pid, state, parent in _all() if parent == of and state not in "ZX"]


def readers() -> list[int]:
    """The import processes that this one has started: those it knows, and those that they have started."""
    own = [pid for pid in children(os.getpid()) if _is_reader(pid)]
    return own + [below for pid in own for below in children(pid)]


def living(pids: list[int]) -> list[int]:
    """Which of these still run; one that has ended and waits for its parent does not."""
    return [pid for pid, state, _ in _all() if pid in pids and state not in "ZX"]


def zombies() -> list[int]:
    """Children that have ended and that nobody asked."""
    return [pid for pid, state, parent in _all() if parent == os.getpid() and state == "Z"]


def end(pid: int) -> None:
    """Kills a process; nothing happens to one that is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _is_reader(pid: int) -> bool:
    with suppress(OSError):
        return b"import_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
