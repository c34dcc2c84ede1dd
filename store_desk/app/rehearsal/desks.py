"""The rehearsal's side of a desk: starts its process, asks it, notices its death, and keeps what people saw saved."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO, Any

from store_desk.app.rehearsal import processes

MODULE = "store_desk.app.rehearsal.desk_child"
# No single request takes so long unless something hangs.
ANSWER_S = 180.0
# Of what a process wrote before it died, characters.
LAST_WORDS = 500


class DeskFault(Exception):
    """A desk's program failed in a way that it may not."""


class DeskDied(Exception):
    """A desk's process ended before it answered."""


@dataclass
class RehearsedDesk:
    """One desk. `saved` are operations that somebody saw saved, `gone` those that went with a disk that was replaced.

    `vanished` are those that were not on the disk after a mere power cut: there must be none.
    """

    store: str
    number: int
    folder: Path
    log: Path
    rng: Random
    url: str = ""
    skew_s: int = 0
    role: str = "desk"
    saved: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    vanished: set[str] = field(default_factory=set)
    put_back: int = 0
    deaths: int = 0
    _process: subprocess.Popen[str] | None = None
    _lines: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    _image: Path | None = None
    _cut: bool = False

    @property
    def label(self) -> str:
        """How cases name it."""
        return f"{self.store}{self.number}"

    # --- asking ------------------------------------------------------------------------------------------------

    def ask(self, do: str, **more: object) -> dict[str, Any]:
        """The answer to one request; raises DeskDied or DeskFault."""
        self.send(do, **more)
        return self.finish()

    def send(self, do: str, **more: object) -> None:
        """Sends a request, whose answer `finish` gives."""
        if self._process is None or self._process.stdin is None:
            raise DeskDied(self.label)
        try:
            self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise DeskDied(self.label) from error

    def finish(self) -> dict[str, Any]:
        """Waits for the answer, noting what is saved meanwhile; raises DeskDied or DeskFault."""
        while True:
            try:
                line = self._lines.get(timeout=ANSWER_S)
            except queue.Empty:
                raise DeskFault(f"{self.label}: no answer") from None
            if not line:
                raise DeskDied(f"{self.label}: {self._last_words()}")
            said = json.loads(line)
            if "saved" in said:
                self.saved |= set(said["saved"])
            elif "fault" in said:
                raise DeskFault(f"{self.label}: {said['fault']}")
            elif not self._cut:
                answer: dict[str, Any] = said["done"]
                return answer

    def _last_words(self) -> str:
        try:
            return self.log.read_text("utf-8", errors="replace").strip()[-LAST_WORDS:]
        except OSError:
            return ""

    # --- living and dying --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the process, which has nothing open yet."""
        self._lines = queue.SimpleQueue()
        self._cut = False
        self._process = processes.start(
            processes.program(MODULE), log=self.log, pipes=True, env=processes.environment()
        )
        if self._process.stdout is not None:
            listener = _listener(self._process.stdout, self._lines)
            threading.Thread(target=listener, name=f"desk-{self.label}", daemon=True).start()

    def open(self) -> None:
        """Opens the store; what is missing on its disk is noted."""
        answer = self.ask("open", folder=str(self.folder), seed=self.rng.getrandbits(62), skew=self.skew_s)
        on_disk = set(answer["saved"])
        self.vanished |= self.saved - on_disk - self.gone
        self.saved |= on_disk

    def kill(self) -> None:
        """The power goes."""
        processes.kill(self._process)
        self._process = None

    def cut_off(self) -> None:
        """The power goes, within a request or after it; `finish` finds the process dead in either case."""
        if self._process is not None:
            self._process.kill()
            self._cut = True

    def revive(self) -> None:
        """After a death: the process starts again and finds what is on the disk."""
        self.kill()
        self.deaths += 1
        self.start()
        self.open()

    # --- images of the disk ------------------------------------------------------------------------------------

    def take_image(self) -> None:
        """Copies the folder as it is; the desk must not be within a request."""
        target = self.folder.with_name(self.folder.name + ".image")
        shutil.rmtree(target, ignore_errors=True)
        # What shared memory says is made anew from the log.
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("*-shm"))
        self._image = target

    @property
    def has_image(self) -> bool:
        """Whether there is one."""
        return self._image is not None

    def restore_image(self) -> None:
        """Somebody puts the old copy of the disk back; what was made since and not sent is gone with the disk."""
        if self._image is None:
            return
        self.kill()
        shutil.rmtree(self.folder)
        shutil.copytree(self._image, self.folder)
        self.start()
        answer = self.ask("open", folder=str(self.folder), seed=self.rng.getrandbits(62), skew=self.skew_s)
        on_disk = set(answer["saved"])
        self.gone = (self.gone | self.saved) - on_disk
        self.put_back += 1

    def close(self) -> None:
        """Ends the process, without ceremony."""
        processes.kill(self._process)
        self._process = None


def _listener(stream: IO[str], lines: queue.SimpleQueue[str]) -> Callable[[], None]:
    """Hands on every line, then an empty one, from a thread of its own."""

    def listen() -> None:
        try:
            for line in stream:
                lines.put(line)
        except (OSError, ValueError):
            # Closed while it was read, by whoever ended the process.
            pass
        finally:
            lines.put("")

    return listen
