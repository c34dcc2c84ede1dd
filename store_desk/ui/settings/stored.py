"""The settings as this screen holds them: read once, written one at a time, never on the GUI thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from store_desk.domain.errors import DomainError
from store_desk.domain.roles import Right, has_right
from store_desk.domain.slip import Paper
from store_desk.services.rules import change_setting, read_settings
from store_desk.ui.bench import Bench
from store_desk.ui.tasks import Lane, run

Value = str | int | bool | list[str]

# What holds while nothing is stored; policy numbers have theirs in domain/policy.py.
DEFAULTS: Final[dict[str, Value]] = {
    "printer.a5": "",
    "printer.80mm": "",
    "printer.paper": "a5",
    "printer.copies": 2,
    "printer.auto": True,
    "printer.store_copy_phone": False,
    "printer.drawer": False,
    "printer.roll": "80mm",
    "signature.screen": "",
    "slip.language": "both",
    "look.language": "system",
    "look.scheme": "system",
    "look.reduced_motion": False,
    "scanner.prefix": "",
    "scanner.suffix": "enter",
}


class Stored(QObject):
    """All settings of the desk. Signals: loaded(), saved(name), refused(name, error)."""

    loaded = Signal()
    saved = Signal(str)
    refused = Signal(str, object)

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._values: dict[str, Value] = {}
        self._writing: dict[str, int] = {}
        self.ready = False

    def load(self) -> None:
        """Reads everything again; `loaded` follows."""
        desk = self._bench.desk
        run(self, self._bench.database, lambda: read_settings(desk, ""), then=self._on_loaded)

    def value(self, name: str) -> Value:
        """The value in force: the stored one, else the default (an empty text for a name nobody knows)."""
        return self._values.get(name, DEFAULTS.get(name, ""))

    def text(self, name: str) -> str:
        """The value as a text."""
        return str(self.value(name))

    def flag(self, name: str) -> bool:
        """The value as on or off."""
        return self.value(name) is True

    def number(self, name: str, default: int) -> int:
        """The value as a whole number."""
        value = self._values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def words(self, name: str) -> list[str]:
        """The value as a list of texts; empty when nothing is stored."""
        value = self._values.get(name)
        return list(value) if isinstance(value, list) else []

    def may_change_rules(self) -> bool:
        """Whether the person at the desk is a manager here; looks and devices are open to everybody."""
        actor = self._bench.session.actor
        return actor is not None and has_right(actor.role, Right.SETTINGS)

    def put(self, name: str, value: Value) -> None:
        """Writes one setting; `saved` or `refused` follows. The same value again writes nothing."""
        actor = self._bench.session.actor
        if actor is None or (self.value(name) == value and name in self._values):
            return
        before = self._values.get(name)
        self._values[name] = value
        turn = self._writing[name] = self._writing.get(name, 0) + 1
        desk, text = self._bench.desk, json.dumps(value, ensure_ascii=False)
        write = _Write(name, before, turn, self)
        write.saved.connect(self.saved)
        write.refused.connect(self._on_refused)
        write.start(self._bench.database, lambda: change_setting(desk, actor, name=name, value=text))

    def _on_loaded(self, stored: object) -> None:
        if not isinstance(stored, dict):
            return
        for name, text in stored.items():
            if name not in self._writing:
                self._values[name] = _read(text)
        self.ready = True
        self.loaded.emit()

    @Slot(object, object)
    def _on_refused(self, write: _Write, error: DomainError) -> None:
        # A later change of the same setting stands on its own feet; only the last one is put back.
        if self._writing.get(write.name) == write.turn:
            if write.before is None:
                self._values.pop(write.name, None)
            else:
                self._values[write.name] = write.before
        self.refused.emit(write.name, error)


class _Write(QObject):
    """One change on its way to the database. Signals: saved(name), refused(write, error).

    WORKAROUND for PySide6 6.12.0: a lambda or partial connected to a Task's signals is a crash once the task is gone,
    so what the answer needs travels in an object of its own.
    """

    saved = Signal(str)
    refused = Signal(object, object)

    def __init__(self, name: str, before: Value | None, turn: int, parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self.before = before
        self.turn = turn

    def start(self, lane: Lane, work: Callable[[], None]) -> None:
        """Queues the change."""
        run(self, lane, work, then=self._on_done, refused=self._on_refused)

    def _on_done(self, _nothing: object) -> None:
        self.saved.emit(self.name)
        self.deleteLater()

    def _on_refused(self, error: DomainError) -> None:
        self.refused.emit(self, error)
        self.deleteLater()


def _read(text: str) -> Value:
    """A stored JSON text as a value; something that is no JSON counts as plain text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, list):
        return [str(item) for item in value]
    return text


def paper_of(code: str) -> Paper:
    """The paper of a stored `printer.paper`; A5 for anything else."""
    return Paper.MM80 if code == Paper.MM80.value else Paper.A5
