"""The test of the way to head office: five questions, each with its answer in plain words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.services.office import Check
from store_desk.ui.language import Language
from store_desk.ui.office.link import CheckOffice
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import Run, Runs
from store_desk.ui.tasks import Lane, on_gui_thread, run
from store_desk.words import catalogue

NAMES: Final = ("link", "name", "reachable", "clock", "signed_in")
LOOKS: Final = {
    "ok": ("circle-check", "ok"),
    "warn": ("triangle-alert", "warn"),
    "bad": ("circle-x", "bad"),
    "skipped": ("circle-dashed", "text3"),
    "": ("circle-dashed", "text3"),
    "running": ("hourglass", "text2"),
}


class ChecksView(QWidget):
    """A button and five lines. Signal: finished(bool) tells whether all went well."""

    finished = Signal(bool)

    def __init__(self, language: Language, check: CheckOffice, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language, self._check, self._lane = language, check, lane
        self._found: dict[str, Check] = {}
        self._running = False
        self.address = ""
        self.go = Button(" ", icon="plug")
        self._lines = {name: Runs(height=24) for name in NAMES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        for line in self._lines.values():
            column.addWidget(line)
        self.go.clicked.connect(self.start)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def start(self) -> None:
        """Asks all five; each answer shows as soon as it is there."""
        if self._running:
            return
        self._running = True
        self._found = {}
        self.retranslate()
        check, address, told = self._check, self.address, on_gui_thread(self._on_told)
        task = run(self, self._lane, lambda: check(address, told), then=self._on_done)
        task.failed.connect(self._on_failed)

    def _on_told(self, check: Check) -> None:
        self._found[check.name] = check
        self.retranslate()

    def _on_done(self, checks: tuple[Check, ...]) -> None:
        self._found = {check.name: check for check in checks}
        self._running = False
        self.retranslate()
        self.finished.emit(all(check.state in ("ok", "skipped") for check in checks))

    def _on_failed(self, _text: str) -> None:
        self._running = False
        self.retranslate()

    def words(self) -> list[str]:
        """What the five lines say."""
        return [line.accessibleName() for line in self._lines.values()]

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self.go.set_text(say("ui_joining.test"))
        self.go.setEnabled(not self._running)
        waiting = next((name for name in NAMES if name not in self._found), "") if self._running else ""
        for name, line in self._lines.items():
            check = self._found.get(name)
            state = check.state if check else "running" if name == waiting else ""
            icon, colour = LOOKS[state]
            runs = [Run(icon=icon, colour=colour), Run(say(f"ui_joining.check.{name}"), "label", gap=10)]
            if check is not None:
                runs.append(
                    Run(self._answer(check), "small", "text2" if state in ("ok", "skipped") else colour, gap=12)
                )
            line.set_runs(tuple(runs))
            line.setVisible(bool(self._found) or self._running)

    def _answer(self, check: Check) -> str:
        words = catalogue("ui_joining")
        for key in (f"{check.name}.{check.detail}", f"{check.name}.{check.state}", f"check.{check.state}"):
            if key in words:
                return self._language.say(f"ui_joining.{key}", **check.facts)
        return check.detail
