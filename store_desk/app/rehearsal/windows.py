"""Two desks' windows beside each other on the rehearsal's head office, until both are closed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store_desk.app.rehearsal import processes, scenery
from store_desk.app.rehearse import Asked, staged

if TYPE_CHECKING:
    from store_desk.app.rehearsal.day import Told

WINDOWS = 2
LOOK_S = 0.5


def show_windows(asked: Asked, *, told: Told, lang: str = "") -> None:
    """Opens the windows and waits for their end; raises what founding raises. Nothing is left behind."""
    with staged(Asked(max(WINDOWS, asked.desks), asked.tickets), told=told) as stage:
        shown = [desk for desk in stage.desks if desk.role == "desk"][:WINDOWS]
        opened = []
        try:
            for desk in shown:
                # The window is this desk's only program from now on.
                desk.ask("end")
                desk.close()
                words = ("--data", str(desk.folder), *(("--lang", lang) if lang else ()))
                log = stage.folder / f"{desk.label}-window.log"
                command = processes.program("store_desk", *words)
                opened.append(processes.start(command, log=log, env=processes.environment()))
                told("window", desk=desk.label, folder=desk.folder)
            told("pins", pins=", ".join(f"{one.id} {one.name} {scenery.PINS[one.id]}" for one in scenery.STAFF))
            told("windows_open", url=stage.office.services[0].url)
            while any(window.poll() is None for window in opened):
                time.sleep(LOOK_S)
        finally:
            for window in opened:
                processes.end(window)
