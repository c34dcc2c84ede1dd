"""Starts the window: sign-in first with as little as possible, everything else behind it."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store_desk.app.qt_start import why_not, work_around

if TYPE_CHECKING:
    from store_desk.app.window import Program

ENVIRONMENT = 3


def parse(argv: list[str]) -> argparse.Namespace:
    """The options of the window."""
    parser = argparse.ArgumentParser(prog="store-desk", allow_abbrev=False, description="Opens the window.")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--lang", choices=("zh", "en"), default=None)
    parser.add_argument("--demo", action="store_true", help="a practice store with its own data")
    parser.add_argument("--scheme", choices=("light", "dark", "system"), default=None)
    parser.add_argument("--clerk", default=None)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def system_language() -> str:
    """Chinese unless the system plainly says English."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), locale.getlocale()[0] or "")
    return "en" if name.lower().startswith("en") else "zh"


def folder_of(options: Any) -> Path:
    """The data folder: named, the practice store's own, or the platform's usual place."""
    from store_desk.app.folders import default_folder

    if options.data is not None:
        return Path(options.data)
    usual = default_folder()
    return usual.with_name(usual.name + "-demo") if options.demo else usual


def run_window(argv: list[str]) -> int:
    """Opens the window and runs it to its end; 3 when the surroundings do not allow one."""
    options = parse(argv)
    reason = why_not()
    if reason:
        print(reason, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return ENVIRONMENT
    work_around()
    program = make_program(options)
    return program.run() if program is not None else ENVIRONMENT


def make_program(options: Any) -> Program | None:
    """The program, or None after saying why there can be none (it is open already)."""
    from store_desk.app.window import Program

    return Program.make(options, folder_of(options), system_language())
