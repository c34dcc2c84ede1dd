"""What the sheet after a cancellation offers only where it is wanted: the evidence pack, and the stop sheet."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.handing_out import may_export_evidence
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Paper
from store_desk.services.cancel import Cancelled
from store_desk.services.stop_sheet import stop_sheet, stops_of
from store_desk.ui.bench import Bench
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import Run, Runs
from store_desk.ui.tasks import run


class Offers(QWidget):
    """Signal: settled() when an offer was carried out or refused."""

    settled = Signal()

    def __init__(self, bench: Bench, cancelled: Cancelled, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._cancelled = cancelled
        self._paper = Paper.A5
        self.evidence = Button("", icon="archive", size="normal")
        self.stop = Button("", icon="printer", size="normal")
        self._status = Runs(height=20)
        self._dialog: QFileDialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.stop, self.evidence):
            row.addWidget(button)
        row.addWidget(self._status, 1)
        self.evidence.clicked.connect(self.ask_where)
        self.stop.clicked.connect(self.print_stop_sheet)
        actor = bench.session.actor
        leaves = cancelled.case.reason is Reason.OTHER_CHANNEL and bench.save_evidence is not None
        self.evidence.setVisible(leaves and actor is not None and may_export_evidence(actor, cancelled.case))
        self.stop.setVisible(bool(stops_of(cancelled.obligations)))
        if self.evidence.isHidden() and self.stop.isHidden():
            # Only hidden here, never shown: without a parent it would come up as a window of its own.
            self.hide()

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.evidence.set_text(say("ui_done.evidence"))
        self.stop.set_text(say("ui_done.stop_sheet"))

    def show_paper(self, paper: Paper) -> None:
        """The paper of the stop sheet."""
        self._paper = paper

    def end(self) -> None:
        """The cancellation was taken back: nothing is left to stop or to prove."""
        self.hide()

    # --- stop sheet --------------------------------------------------------------------------------------

    def print_stop_sheet(self) -> None:
        """Writes the stop sheet if need be and prints it."""
        actor = self._bench.session.actor
        if actor is None:
            return
        self.stop.setEnabled(False)
        work = partial(stop_sheet, self._bench.desk, actor, number=self._cancelled.ticket.number)
        run(self, self._bench.database, lambda: work().number, then=self.on_written, refused=self.on_refused)

    def on_written(self, number: str) -> None:
        """The sheet is kept; now paper moves."""
        work = partial(self._bench.printing.print_slip, number, paper=self._paper, reprint=False)
        run(self, self._bench.printer, work, then=self.on_printed, refused=self.on_refused)

    def on_printed(self, _: object) -> None:
        """Paper has moved."""
        self._say("printer-check", self._bench.language.say("ui_done.stop_sheet.printed"), "ok")

    # --- evidence ----------------------------------------------------------------------------------------

    def ask_where(self) -> None:
        """Asks for a file name, without stopping the window."""
        say, number = self._bench.language.say, self._cancelled.ticket.number
        dialog = QFileDialog(self, say("ui_done.evidence.title"), f"{number}.zip", "ZIP (*.zip)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def save_to(self, name: str) -> None:
        """Writes the pack there."""
        actor, save = self._bench.session.actor, self._bench.save_evidence
        if actor is None or save is None:
            return
        self.evidence.setEnabled(False)
        work = partial(save, actor, self._cancelled.ticket.number, Path(name))
        run(self, self._bench.printer, work, then=self.on_saved, refused=self.on_refused)

    def on_saved(self, _: object) -> None:
        """The file is there."""
        self._say("file-check", self._bench.language.say("ui_done.evidence.saved"), "ok")

    def on_refused(self, error: DomainError) -> None:
        """It could not be done; said in place, and it can be tried again."""
        self._say("triangle-alert", self._bench.language.error(error), "warn")

    def _say(self, icon: str, words: str, colour: str) -> None:
        self._status.set_runs((Run(icon=icon, px=16, colour=colour), Run(words, "small", "text2")))
        self._status.setAccessibleName(words)
        self.stop.setEnabled(True)
        self.evidence.setEnabled(True)
        self.settled.emit()
