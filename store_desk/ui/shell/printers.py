"""The printer's state in words at the bottom right, asked for now and then on the printer lane."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from store_desk.domain.slip import Paper
from store_desk.services.ports import PrinterState
from store_desk.ui.bench import Bench
from store_desk.ui.parts.frame import HintBar
from store_desk.ui.tasks import run

# Asking an office printer costs it a connection; half a minute is soon enough to see paper run out.
LOOK_MS = 30_000
FIRST_LOOK_MS = 1_500


class PrinterWatch(QObject):
    """Keeps the hint bar's right side true; `paper` is the default paper."""

    def __init__(self, bench: Bench, hints: HintBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._hints = hints
        self.paper = Paper.A5
        self._state: PrinterState | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        # The first look waits until the desk has its rows: it reads the printing code from the disk.
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(FIRST_LOOK_MS)
        self._first.timeout.connect(self.look)

    def start(self) -> None:
        """From now on."""
        self._timer.start()
        self._first.start()

    def stop(self) -> None:
        """No more."""
        self._timer.stop()
        self._first.stop()

    def look(self) -> None:
        """Asks once."""
        run(self, self._bench.printer, self._read, then=self._on_read)

    def _read(self) -> tuple[Paper, PrinterState]:
        from store_desk.services.rules import read_settings

        stored = read_settings(self._bench.desk, "printer.")
        paper = Paper(json.loads(stored.get("paper", '"a5"')))
        return paper, self._bench.printing.state(paper)

    def _on_read(self, read: tuple[Paper, PrinterState]) -> None:
        self.paper, self._state = read
        self.show_state()

    def show_state(self) -> None:
        """Puts the last answer into the present language."""
        if self._state is None:
            self._hints.set_right("", "")
            return
        say = self._bench.language.say
        words = say(f"ui_shell.printer.{self._state.code}", paper=say(f"trade.paper.{self.paper.value}"))
        well = self._state.code in ("ready", "busy", "none", "unknown")
        self._hints.set_right("printer" if well else "triangle-alert", words, colour="text2" if well else "warn")
