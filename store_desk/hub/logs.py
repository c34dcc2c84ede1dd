"""The service's log: one JSON object a line, of named fields only, and no person's data in any of them."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

# Whatever else is handed over is left out, so that nothing slips in by mistake.
FIELDS = frozenset(
    {
        "event", "level", "at", "request", "method", "route", "status", "ms", "desk", "store", "code", "bytes",
        "operations", "stopped", "fault", "kind", "frames", "epoch", "why", "port", "version", "rows", "logger",
    }
)  # fmt: skip
TEXT_MAX = 300
FRAMES_MAX = 30


def _only_named(_logger: Any, _method: str, shown: MutableMapping[str, Any]) -> dict[str, Any]:
    return {name: _short(value) for name, value in shown.items() if name in FIELDS}


def _short(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_short(item) for item in value][:FRAMES_MAX]
    return value if isinstance(value, int | float | bool) or value is None else str(value)[:TEXT_MAX]


def frames_of(error: BaseException) -> list[str]:
    """Where an error came from, without its words: those may quote somebody's data."""
    found = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in found]


def make_log(stream: TextIO | None = None) -> structlog.stdlib.BoundLogger:
    """The service's logger. Control characters are escaped by JSON, so no value can begin a line of its own."""
    log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _only_named,
            structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
        ],
    )
    return log


class LibraryLines(logging.Handler):
    """Passes what libraries log on as lines of ours: logger, level and the kind of error, never their words."""

    def __init__(self, log: structlog.stdlib.BoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line for a record; `event` is its template, without what was put into it but the kind of an error.

        Of a message of several lines only the first is kept: below it stands a trace with its error's words.
        """
        kind, frames = "", []
        if record.exc_info and record.exc_info[1] is not None:
            kind, frames = type(record.exc_info[1]).__name__, frames_of(record.exc_info[1])
        elif isinstance(record.args, tuple):
            kind = next((type(item).__name__ for item in record.args if isinstance(item, BaseException)), "")
        event = str(record.msg).split("\n", 1)[0][:TEXT_MAX]
        self._log.warning(event, logger=record.name, kind=kind, frames=frames)
