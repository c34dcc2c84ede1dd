"""The window's end of the wire to head office: how it stands, a signal when that changes, and a bell to ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from store_desk.ui.tasks import on_gui_thread


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the wire stands. `waiting` and `refused` count operations: without an answer, and for a person to deal with.

    `last_contact` is head office's last answer of any kind, None before the first; `problem` is '' or a code of the
    catalogue (`ui_sync.problem.…`) that says why there is no contact.
    """

    connected: bool = True
    last_contact: datetime | None = None
    waiting: int = 0
    refused: int = 0
    running: bool = False
    problem: str = ""


class HeadOfficeLink(QObject):
    """Head office as the window sees it; lives on the GUI thread.

    Signals: changed() when the state is another, settled(case id) when head office has answered on a case and the
    answer stands in this desk's tables. `tell` and `tell_settled` may be called from any thread.
    """

    changed = Signal()
    settled = Signal(str)

    def __init__(self, wake: Callable[[], None], parent: QObject | None = None) -> None:
        """`wake` asks for a round with head office at once and returns without waiting for it."""
        super().__init__(parent)
        self._wake = wake
        self._state = LinkState()
        self._tell = on_gui_thread(self._on_told)
        self._tell_settled = on_gui_thread(self._on_answered)

    def wake(self) -> None:
        """Sync now."""
        self._wake()

    def state(self) -> LinkState:
        """How the wire stands, as last told."""
        return self._state

    def tell(self, state: LinkState) -> None:
        """Another state, from any thread."""
        self._tell(state)

    def tell_settled(self, case_id: str) -> None:
        """A case was answered, from any thread."""
        self._tell_settled(case_id)

    def _on_told(self, state: LinkState) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit()

    def _on_answered(self, case_id: str) -> None:
        self.settled.emit(case_id)
