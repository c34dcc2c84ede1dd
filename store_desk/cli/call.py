"""One call of a verb: its options, its terminal, the desk that it opens, and the person who acts."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from store_desk.cli import secrets_asked
from store_desk.cli.terminal import Terminal
from store_desk.domain.errors import DomainError, WrongUse
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.services import people
from store_desk.services.desk import Desk
from store_desk.services.rules import read_settings
from store_desk.store.high_water import work_lost
from store_desk.words import say_error

if TYPE_CHECKING:
    from store_desk.app.wiring import OpenDesk


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verb answers: the JSON object, and the same as lines for people.

    `failure` decides the exit status where a verb has an answer and a failure both: what `doctor` found.
    """

    body: dict[str, object]
    lines: tuple[str, ...] = ()
    failure: DomainError | None = None


@dataclass(frozen=True, slots=True)
class AtDesk:
    """An open desk and who acts at it."""

    opened: OpenDesk
    desk: Desk
    actor: Actor


class Call:
    """What a verb is given."""

    def __init__(self, options: argparse.Namespace, terminal: Terminal) -> None:
        self.options = options
        self.terminal = terminal

    def say(self, key: str, **facts: object) -> str:
        """The sentence of a word key in the language of the call."""
        return self.terminal.say(key, **facts)

    @property
    def folder(self) -> Path:
        """The data folder: `--data`, else the platform's usual place."""
        given: Path | None = getattr(self.options, "data", None)
        if given is not None:
            return given
        from store_desk.app.folders import default_folder

        return default_folder()

    @property
    def clerk(self) -> str:
        """The staff number of `--clerk`; raises WrongUse without one."""
        given: str = getattr(self.options, "clerk", "") or ""
        if not given.strip():
            raise WrongUse(detail=self.say("cli.wrong.no_clerk"))
        return given.strip()

    @contextmanager
    def open(self) -> Iterator[OpenDesk]:
        """The open desk of the folder; its setting chooses the language unless the call did."""
        from store_desk.app.wiring import open_desk

        opened = open_desk(self.folder)
        try:
            self._take_language(opened.desk)
            yield opened
        finally:
            _close(opened)

    def _take_language(self, desk: Desk) -> None:
        if self.terminal.fixed:
            return
        stored = read_settings(desk, "look.").get("language", "").strip('"')
        if stored == "zh" or stored == "en":
            self.terminal.lang = "zh" if stored == "zh" else "en"

    def person(self, desk: Desk) -> Actor:
        """Who acts, once the PIN is right."""
        clerk = self.clerk
        pin = secrets_asked.ask(self.terminal, secrets_asked.PIN, who=clerk)
        return people.act_as(desk, staff_id=clerk, pin=pin, first_pin=True)

    @contextmanager
    def at_desk(self, right: Right) -> Iterator[AtDesk]:
        """The open desk with the person who acts; raises RightMissing when that person's role lacks the right."""
        with self.open() as opened:
            actor = self.person(opened.desk)
            demand(actor, right)
            lost = work_lost(self.folder)
            if lost is not None:
                self.terminal.tell(say_error(self.terminal.lang, lost))
            yield AtDesk(opened, opened.desk, actor)


def _close(opened: OpenDesk) -> None:
    """Closes the desk. What was committed stands, so a disk that cannot fold the log away now is no failure."""
    try:
        opened.close()
    except DomainError:
        opened.store.close()


@contextmanager
def unhurried() -> Iterator[None]:
    """Takes no interrupt within the block, so that what was committed is also answered; such work takes a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


class Stop:
    """Turns the first interrupt into a wish to stop that long work asks about; a second one stops at once."""

    def __init__(self) -> None:
        self._wished = False

    def __call__(self) -> bool:
        return self._wished

    @contextmanager
    def watching(self) -> Iterator[Stop]:
        """Watches for interrupts within the block."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)

    def _on_interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        if self._wished:
            raise KeyboardInterrupt
        self._wished = True


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, on one line."""
    return " · ".join(part for part in parts if part)
