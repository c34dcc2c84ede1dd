"""The sheets over the desk: cancelling a ticket, and what follows it; one at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from store_desk.services.cancel import Cancelled
from store_desk.ui.bench import Bench
from store_desk.ui.look.tokens import RAIL
from store_desk.ui.parts.frame import HintBar, Scrim
from store_desk.ui.shell.overlay import Overlay


class Sheets(QObject):
    """Shows the sheets over a window and says how each was left.

    Signals: changed() when another sheet or none shows, left() when a cancellation was not made, finished() when the
    sheet after one was closed, withdrawn(ticket id), reopened(new ticket id), not_printed() when a slip stays owed,
    sync_asked(case id) when a refusal is to be dealt with.
    """

    changed = Signal()
    left = Signal()
    finished = Signal()
    withdrawn = Signal(str)
    reopened = Signal(str)
    not_printed = Signal()
    sync_asked = Signal(str)

    def __init__(self, bench: Bench, window: QWidget, *, overlay: Overlay, hints: HintBar) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window
        self._overlay = overlay
        self._hints = hints
        self._scrim: Scrim | None = None
        # The sheet that shows; each kind has its own further methods.
        self.current: Any = None

    def open_cancel(self, ticket_id: str) -> None:
        """The cancel sheet of the ticket; nothing while another sheet shows."""
        if self.current is not None:
            return
        from store_desk.ui.cancel.sheet import CancelSheet

        sheet = CancelSheet(self._bench, ticket_id)
        sheet.closed.connect(self._on_left)
        sheet.cancelled.connect(self._on_cancelled)
        self._show(sheet)

    def close(self) -> None:
        """Takes the sheet away."""
        sheet, scrim = self.current, self._scrim
        self.current = self._scrim = None
        for gone in (sheet, scrim):
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.changed.emit()

    def put_away(self) -> str:
        """Closes with what was typed kept as a draft; the ticket to go on with, or '' for none."""
        if self.current is None:
            return ""
        ticket_id: str = getattr(self.current, "ticket_id", "")
        keep = getattr(self.current, "save_now", None)
        if keep is not None:
            keep()
        self.close()
        return ticket_id

    def place(self) -> None:
        """Lays the sheet beside the rail and above the hints, for the window's present size."""
        if self.current is not None:
            self.current.setGeometry(RAIL, 0, self._window.width() - RAIL, self._window.height() - self._hints.height())
        if self._scrim is not None:
            # The scrim dims the rail only; the sheet covers the rest.
            self._scrim.setGeometry(0, 0, RAIL, self._window.height())

    def _show(self, sheet: Any) -> None:
        # A key or a scan may have asked for the sheet while something lay over the desk.
        self._overlay.close_it()
        scrim = Scrim(self._window)
        scrim.setGeometry(self._window.rect())
        scrim.show()
        sheet.setParent(self._window)
        self.current, self._scrim = sheet, scrim
        sheet.hints_changed.connect(self.changed)
        self.place()
        self._overlay.slide_in(sheet)
        self._hints.raise_()
        sheet.setFocus()
        self.changed.emit()

    def _on_left(self) -> None:
        self.close()
        self.left.emit()

    def _on_cancelled(self, cancelled: Cancelled) -> None:
        from store_desk.ui.done.sheet import DoneSheet

        self.close()
        sheet = DoneSheet(self._bench, cancelled)
        sheet.closed.connect(self._on_finished)
        sheet.withdrawn.connect(self.withdrawn)
        sheet.not_printed.connect(self.not_printed)
        sheet.reopened.connect(self._on_reopened)
        sheet.sync_asked.connect(self._on_sync)
        self._show(sheet)

    def _on_finished(self) -> None:
        self.close()
        self.finished.emit()

    def _on_sync(self, case_id: str) -> None:
        self.close()
        self.finished.emit()
        self.sync_asked.emit(case_id)

    def _on_reopened(self, ticket_id: str) -> None:
        self.close()
        self.reopened.emit(ticket_id)
