"""Logs and crashes: one rotating JSON file, an id for every bug that a clerk can tell to support."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

FILE_BYTES_MAX = 2 * 1024 * 1024
FILES = 5
LOGGER = logging.getLogger("store_desk")


class JsonLines(logging.Formatter):
    """One JSON object a line; control characters in a name cannot forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's moment, level, place and message, with the trace of an error."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": record.name,
            "what": record.getMessage(),
        }
        if record.exc_info:
            import traceback

            entry["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def start_log(folder: Path) -> None:
    """Writes to `logs/` in the data folder from now on; without room for it the program goes on without."""
    # Only needed once there is a window, and slow to import.
    import faulthandler
    from logging.handlers import RotatingFileHandler

    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "logs" / "store-desk.log", maxBytes=FILE_BYTES_MAX, backupCount=FILES, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(JsonLines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    # Standard error may be missing or no file, as in a program without a console.
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            faulthandler.enable(sys.stderr)


def catch_bugs(show: Callable[[str, str], None]) -> None:
    """Sends every error that nobody expected to the log and, with its id, to `show(text, id)`."""

    def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        bug = os.urandom(4).hex()
        LOGGER.error("bug %s", bug, exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        show(f"{kind.__name__}: {error}", bug)

    sys.excepthook = on_bug
    threading.excepthook = lambda args: on_bug(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
