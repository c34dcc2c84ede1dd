"""Processes that a rehearsal starts: none of them outlives it, whatever becomes of it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

WAIT_S = 20.0
SEALED = ("SD_HUB_", "STORE_DESK_")
# prctl(2): the signal that a process gets when the one that started it is gone.
_PR_SET_PDEATHSIG = 1


def program(*words: str) -> list[str]:
    """What starts a module of this program with these words."""
    return [sys.executable, "-m", *words]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, so that a child finds the same program."""
    here = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH", "")
    # Sealed against whatever else is set for this computer's own desk and head office; keys stay in the folder.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SEALED)}
    return kept | {"PYTHONPATH": os.pathsep.join(part for part in (here, known) if part)} | more


def start(
    command: Sequence[str],
    *,
    log: Path,
    pipes: bool = False,
    user: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Starts a process in a group of its own, so that an interrupt at the terminal reaches only the rehearsal.

    An interrupt that comes meanwhile ends the process again and is raised then.
    """
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "linux":
        options["preexec_fn"] = _end_with_the_rehearsal(os.getpid())
    if user is not None:
        options |= {"user": user, "group": _group_of(user), "extra_groups": []}
    with log.open("ab") as stream, _interrupts_held() as held:
        standard: IO[bytes] | int = subprocess.PIPE if pipes else stream
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE if pipes else subprocess.DEVNULL,
            stdout=standard,
            stderr=stream,
            encoding="utf-8",
            cwd=cwd,
            env=dict(env) if env is not None else None,
            **options,
        )
    if held:
        kill(process)
        raise KeyboardInterrupt
    return process


@contextmanager
def _interrupts_held() -> Iterator[list[int]]:
    """Notes interrupts in place of raising them.

    What is raised in the functions that Python runs around a fork (logging has some) is swallowed there, and leaves
    their locks as they are.
    """
    held: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda number, _frame: held.append(number)) for name in names
              if callable(signal.getsignal(name))}  # fmt: skip
    try:
        yield held
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def end(process: subprocess.Popen[str] | None, how: int = signal.SIGTERM) -> None:
    """Asks a process to end, makes it where it does not, and waits for it."""
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                # What had still to be written has no reader any more.
                continue


def kill(process: subprocess.Popen[str] | None) -> None:
    """Ends a process at once, as a power cut would."""
    end(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _end_with_the_rehearsal(parent: int) -> Callable[[], None]:
    """Asks Linux to end the child when the rehearsal is killed, which then can clear up nothing itself."""
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask
