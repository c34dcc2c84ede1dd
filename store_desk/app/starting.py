"""What opening the desk for a window finds from the time before: imports half done, committed work that is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from store_desk.app.log import LOGGER
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.store.high_water import work_lost
from store_desk.store.undo import take_back_unfinished
from store_desk.ui.language import Language

Told = Callable[[Language], str]


def begin_desk(folder: Path, *, now: Callable[[], datetime], tell_lost: bool) -> tuple[OpenDesk, list[Told]]:
    """The opened desk, and what is to be said to the first who signs in.

    With `tell_lost`, raises WorkLost where committed work is missing, so that somebody reads it before going on; else
    it is among what is said. Raises as `open_desk`.
    """
    opened = open_desk(folder, now=now)
    lost = work_lost(folder)
    if lost is not None:
        LOGGER.error("%s", lost)
        if tell_lost:
            opened.close()
            raise lost
    told: list[Told] = []
    for batch in take_back_unfinished(opened.store, now=now()):
        LOGGER.warning("import taken back: %s", batch.file)
        told.append(_taken_back(batch.file))
    if lost is not None:
        told.append(lambda language: language.error(lost))
    return opened, told


def _taken_back(file: str) -> Told:
    return lambda language: language.say("ui_shell.taken_back", file=file)
