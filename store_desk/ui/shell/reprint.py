"""Printing a slip from the desk: once more (marked), or one that is owed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.bench import Bench
from store_desk.ui.shell.printers import PrinterWatch
from store_desk.ui.shell.top_bar import TopBar
from store_desk.ui.tasks import run


class Reprint(QObject):
    """Prints on the printer lane and says in the top bar how it ended. Signals: ended() either way."""

    ended = Signal()

    def __init__(self, bench: Bench, window: QWidget, *, top: TopBar, printers: PrinterWatch) -> None:
        super().__init__(window)
        self._bench = bench
        self._top = top
        self._printers = printers

    def print_slip(self, number: str) -> None:
        """Sends the slip to the default paper's printer."""
        printing, paper = self._bench.printing, self._printers.paper
        say = self._bench.language.say

        def said(_: object) -> None:
            self._top.say(say("ui_shell.printed", number=number))
            self.ended.emit()

        run(
            self,
            self._bench.printer,
            lambda: printing.print_slip(number, paper=paper, reprint=True),
            then=said,
            refused=self._on_refused,
        )

    def _on_refused(self, error: DomainError) -> None:
        self._top.say(self._bench.language.error(error))
        self._printers.look()
        self.ended.emit()
