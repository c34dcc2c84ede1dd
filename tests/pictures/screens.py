"""Starts the program once for each look, with a practice store whose clock stands at the scene's, and walks it."""

from __future__ import annotations

import shutil
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from store_desk.app.demo import demo_pins, make_demo, scene
from store_desk.app.window import Program
from store_desk.ui.look.theme import THEME
from tests.pictures.hands import Hands
from tests.pictures.looks import LOOKS, Look
from tests.pictures.walks import WALKS, Walk


def scene_clock() -> datetime:
    """The moment at which the scene stands."""
    return datetime.fromisoformat(scene()["clock"]).astimezone(UTC)


def take_screens(out: Path, work: Path, *, only: str, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """Takes the pictures whose name begins with `only`; answers their file names."""
    walks = [walk for walk in WALKS if any(name.startswith(only) for name in walk.names)]
    sign_in = "09-sign-in".startswith(only)
    taken: list[str] = []
    if not walks and not sign_in:
        return taken
    template = work / "template"
    make_demo(template, now=scene_clock)
    for number, look in enumerate(looks):
        folder = work / f"store-{number}"
        shutil.copytree(template, folder)
        taken += _walk(out, folder, look, only=only, walks=walks)
    return taken


def start(folder: Path, look: Look, *, demo: bool) -> Program:
    """The program's window, shown, at the scene's clock."""
    options: Any = Namespace(data=folder, lang=look.lang, scheme=look.scheme, demo=demo, clerk=None, json=False)
    THEME.set_scheme("light")
    program = Program.make(options, folder, look.lang, now=scene_clock)
    if program is None:
        raise RuntimeError(f"the folder is in use: {folder}")
    # A blinking cursor and a moving sheet would make every picture a different one.
    QApplication.setCursorFlashTime(0)
    THEME.reduced_motion = True
    program.frame.resize(*look.size)
    program.frame.show()
    program.frame.activateWindow()
    program._after_first_paint()
    return program


def stop(program: Program) -> None:
    """Closes the window and frees it, so that the next program begins alone."""
    program.frame.close()
    program.frame.deleteLater()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _walk(out: Path, folder: Path, look: Look, *, only: str, walks: list[Walk]) -> list[str]:
    program = start(folder, look, demo=True)
    hands = Hands(program, out, look, only)
    pins = demo_pins()
    at_desk = ""
    try:
        hands.wait(lambda: program.bench is not None, "the opened store")
        hands.settle()
        hands.snap("09-sign-in")
        for walk in walks:
            if at_desk != walk.who:
                if at_desk:
                    hands.lock()
                hands.sign_in(walk.who, pins[walk.who])
                at_desk = walk.who
            walk.go(hands, pins)
        hands.put_down()
    finally:
        stop(program)
    return hands.taken
