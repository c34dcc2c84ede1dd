"""What can be opened and taken away of the ticket on the desk: its files, and its evidence pack."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.desk.detail import Detail
from store_desk.ui.desk.proving import EvidenceExport
from store_desk.ui.desk.viewing import Viewing


class Papers(QObject):
    """Does what the detail asks for and tells the detail what became of it. Signals: exported(), changed()."""

    exported = Signal()
    changed = Signal()

    def __init__(self, bench: Bench, over: QWidget, detail: Detail) -> None:
        super().__init__(over)
        self.viewing = Viewing(bench, over)
        self.proving = EvidenceExport(bench, over)
        self.proving.exported.connect(self.exported)
        self.viewing.changed.connect(self.changed)
        for teller in (self.viewing, self.proving):
            teller.said.connect(detail.head.say)
        self.viewing.closed.connect(detail.story.focus_file)
        detail.file_asked.connect(self.viewing.open)
        detail.evidence_asked.connect(self.proving.ask_where)

    def picture_is_open(self) -> bool:
        """Whether a photo lies over the desk."""
        return not self.viewing.preview.isHidden()

    def shut(self) -> None:
        """Another ticket or a search: what was open is put away."""
        self.viewing.shut()
