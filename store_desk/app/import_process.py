"""Talks to the process that reads a file: whatever becomes of it, the desk gets an answer or a typed error."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from store_desk.domain.errors import DomainError, FileUnreadable, ImportStopped, OutsideFailure, all_errors

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]
# So often the desk is told that it goes on, and asks whether it shall, however long the other side is silent.
BEAT_S = 0.1
# A line longer than this is no answer of ours.
LINE_CHARACTERS_MAX = 64 * 1024 * 1024
STOPPED = "the reader stopped"


def command() -> list[str]:
    """What starts this program as the process that reads."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--import-child"]
    return [sys.executable, "-m", "store_desk.app.import_child"]


def ask_process(
    request: dict[str, Any],
    *,
    progress: Progress | None = None,
    stop: Stop | None = None,
    program: Sequence[str] = (),
) -> dict[str, Any]:
    """The answer to one request; raises the error that the process names, or FileUnreadable when it dies.

    ImportStopped when `stop` answers true, which is asked ten times a second. No process is left behind.
    `program` is started instead of this one.
    """
    name = Path(str(request["path"])).name
    try:
        child = subprocess.Popen(
            program or command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            # A group of its own, so that what it has started goes with it.
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideFailure(detail=error.strerror or str(error)) from error
    try:
        said = _converse(child, request, progress, stop)
    finally:
        _end(child)
    if said is None:
        raise FileUnreadable(file=name, detail=STOPPED)
    if "error" in said:
        raise error_from(said["error"])
    result: dict[str, Any] = said["result"]
    return result


def _converse(
    child: subprocess.Popen[str], request: dict[str, Any], progress: Progress | None, stop: Stop | None
) -> dict[str, Any] | None:
    """The line with the result or the error; None when the process ends without, or says what nobody understands."""
    if child.stdin is None or child.stdout is None:
        raise OutsideFailure(detail="no pipe to the reading process")
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child.stdout, lines), name="import-listener", daemon=True).start()
    # One that ended before it read everything may have said why.
    with suppress(OSError):
        child.stdin.write(json.dumps(request) + "\n")
        child.stdin.close()
    at: tuple[int, int] = (0, 1)
    while True:
        if stop is not None and stop():
            raise ImportStopped()
        try:
            line = lines.get(timeout=BEAT_S)
        except queue.Empty:
            line = None
        if line is not None:
            said = _understood(line)
            if said is None or "progress" not in said:
                return said
            at = said["progress"]
        if progress is not None:
            progress(*at)


def _listen(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    """Hands on every line, then an empty one; on a thread of its own, because pipes cannot be waited for everywhere."""
    with stream:
        try:
            while line := stream.readline(LINE_CHARACTERS_MAX):
                lines.put(line)
        finally:
            lines.put("")


def _understood(line: str) -> dict[str, Any] | None:
    """One line of ours: progress as two numbers, a result or an error as an object; None for anything else."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    match said:
        case {"progress": [int() as done, int() as total]}:
            return {"progress": (done, total)}
        case {"result": dict()} | {"error": {"code": str(), "facts": dict()}}:
            return said
    return None


def _end(child: subprocess.Popen[str]) -> None:
    """Ends the process, if it still runs, and all it has started, and waits for it."""
    # Not asked before whether it has ended: until it is waited for, its number belongs to nobody else.
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


def error_from(said: dict[str, Any]) -> DomainError:
    """The typed refusal that the process named."""
    facts = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in said["facts"].items()}
    for kind in all_errors():
        if kind.code == said["code"]:
            return kind(**facts)
    return OutsideFailure(detail=str(said["code"]))
