"""A button that keeps a file with the ticket: chosen in a dialog, or dropped on it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from store_desk.domain.attachments import AttachmentKind
from store_desk.domain.errors import DomainError, FileTooLarge, FileUnreadable
from store_desk.domain.staff import Actor
from store_desk.services.attachments import MIB, attach, evidence_value
from store_desk.services.rules import read_policy
from store_desk.ui.bench import Bench
from store_desk.ui.parts.buttons import Button
from store_desk.ui.tasks import run


class FileButton(Button):
    """Signal: attached(the evidence value: name and hash of the file that is kept now)."""

    attached = Signal(str)

    def __init__(self, bench: Bench, ticket_id: str, *, kind: AttachmentKind, parent: QWidget | None = None) -> None:
        super().__init__(bench.language.say("ui_cancel.evidence.file"), icon="image", size="small", parent=parent)
        self._bench = bench
        self._ticket_id = ticket_id
        self._wanted = kind
        self._dialog: QFileDialog | None = None
        self.setAcceptDrops(True)
        self.clicked.connect(self.ask_which)

    def ask_which(self) -> None:
        """Asks for the file, without stopping the window."""
        dialog = QFileDialog(self, self._bench.language.say("ui_cancel.evidence.file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def take(self, name: str) -> None:
        """Keeps this file with the ticket."""
        actor = self._bench.session.actor
        if actor is None:
            return
        self.setEnabled(False)
        work = partial(_keep, self._bench, actor, self._ticket_id, Path(name), self._wanted)
        run(self, self._bench.database, work, then=self.on_kept, refused=self.on_refused)

    def on_kept(self, value: str) -> None:
        """The file is kept."""
        self.setEnabled(True)
        self.setToolTip("")
        self.set_text(self._bench.language.say("ui_cancel.evidence.file"))
        self.attached.emit(value)

    def on_refused(self, error: DomainError) -> None:
        """Nothing was kept: the button says why."""
        self.setEnabled(True)
        words = self._bench.language.error(error)
        self.setToolTip(words)
        self.set_text(self._bench.language.say("ui_cancel.evidence.file_refused"))
        self.setAccessibleName(words)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(event.mimeData().urls()[0].toLocalFile())


def _keep(bench: Bench, actor: Actor, ticket_id: str, path: Path, kind: AttachmentKind) -> str:
    """Reads and keeps the file, never more of it than may be kept; on the database lane."""
    limit = read_policy(bench.desk).attachment_max_mib
    try:
        with path.open("rb") as file:
            content = file.read(limit * MIB + 1)
    except OSError as error:
        detail = os.strerror(error.errno) if error.errno else str(error)
        raise FileUnreadable(file=path.name, detail=detail) from error
    if len(content) > limit * MIB:
        raise FileTooLarge(file=path.name, limit=limit)
    return evidence_value(attach(bench.desk, actor, ticket_id=ticket_id, name=path.name, content=content, kind=kind))
