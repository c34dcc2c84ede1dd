"""The evidence pack of a cancelled ticket: who may have it, where it goes, and what became of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES
from store_desk.domain.errors import DomainError
from store_desk.domain.handing_out import may_export_evidence
from store_desk.domain.staff import Actor
from store_desk.services.look_up import TicketView
from store_desk.ui.bench import Bench
from store_desk.ui.tasks import run


def offers_evidence(actor: Actor | None, view: TicketView) -> bool:
    """Whether the ticket is cancelled (or asked to be) and this person may take its proof away."""
    case = view.cases[0] if view.cases else None
    if actor is None or case is None or case.state not in CONFIRMED_STATES | OPEN_STATES:
        return False
    return any(may_export_evidence(actor, one) for one in view.cases)


class EvidenceExport(QObject):
    """Signals: said(words, tone), exported() when a pack was written."""

    said = Signal(str, str)
    exported = Signal()

    def __init__(self, bench: Bench, over: QWidget) -> None:
        super().__init__(over)
        self._bench = bench
        self._over = over
        self._dialog: QFileDialog | None = None
        self._number = ""
        self._file = ""

    def ask_where(self, number: str) -> None:
        """Asks for a file name, without stopping the window."""
        self._number = number
        title = self._bench.language.say("ui_files.evidence.title")
        dialog = QFileDialog(self._over, title, f"{number}.zip", "ZIP (*.zip)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def save_to(self, name: str) -> None:
        """Writes the pack there."""
        actor, save = self._bench.session.actor, self._bench.save_evidence
        if actor is None or save is None or not self._number:
            return
        self._file = Path(name).name
        self.said.emit(self._bench.language.say("ui_files.evidence.saving"), "")
        work = partial(save, actor, self._number, Path(name))
        run(self, self._bench.printer, work, then=self._on_saved, refused=self._on_refused)

    def _on_saved(self, _: object) -> None:
        self.said.emit(self._bench.language.say("ui_files.evidence.saved", file=self._file), "ok")
        self.exported.emit()

    def _on_refused(self, error: DomainError) -> None:
        self.said.emit(self._bench.language.error(error), "bad")
