"""Waiting for head office's answer on a case that was just written: what it says, and when paper may move."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from store_desk.domain.case import OPEN_STATES
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Actor
from store_desk.services.cancel import Cancelled
from store_desk.services.desk import Desk
from store_desk.services.look_up import open_ticket
from store_desk.ui.bench import Bench
from store_desk.ui.tasks import run


def read_again(desk: Desk, actor: Actor, cancelled: Cancelled) -> Cancelled:
    """The cancellation as it stands now, with its latest slip; a ticket that has left the store stays as it was."""
    view = open_ticket(desk, actor, ticket_id=cancelled.ticket.id)
    case = next((item for item in view.cases if item.id == cancelled.case.id), cancelled.case)
    slips = [slip for slip in view.slips if slip.case_id == case.id and slip.variant is not SlipVariant.STOP_SHEET]
    return replace(
        cancelled,
        case=case,
        ticket=view.line.ticket,
        obligations=tuple(item for item in view.obligations if item.case_id == case.id),
        slip=slips[0] if slips else cancelled.slip,
        checks=case.checks or cancelled.checks,
    )


class Answering(QObject):
    """Listens for the answer. Signals: answered(Cancelled), print_due() once, when the slip may be printed.

    At a desk that decides itself nothing is waited for.
    """

    answered = Signal(object)
    print_due = Signal()

    def __init__(self, bench: Bench, cancelled: Cancelled, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._cancelled = cancelled
        self._held = False
        self._stopped = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.release)
        if bench.head_office is not None:
            bench.head_office.settled.connect(self._on_settled)

    @property
    def is_held(self) -> bool:
        """Whether printing waits for the answer now."""
        return self._held

    @property
    def is_awaited(self) -> bool:
        """Whether head office, or a second person, has yet to decide."""
        return self._bench.head_office is not None and self._cancelled.case.state in OPEN_STATES

    def hold_print(self, wait_ms: int) -> None:
        """Lets printing wait for an answer that may come at once; without contact there is nothing to wait for."""
        office = self._bench.head_office
        self._held = True
        if self.is_awaited and office is not None and office.state().connected:
            self._patience.start(wait_ms)
        else:
            self.release()

    def release(self) -> None:
        """The slip may be printed."""
        self._patience.stop()
        if self._held and not self._stopped:
            self._held = False
            self.print_due.emit()

    def look(self) -> None:
        """Reads the case again: the answer may have come before anybody listened."""
        actor = self._bench.session.actor
        if actor is None or self._stopped or not self.is_awaited:
            return
        work = partial(read_again, self._bench.desk, actor, self._cancelled)
        run(self, self._bench.database, work, then=self._on_read)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._stopped = True
        self._patience.stop()

    def _on_settled(self, case_id: str) -> None:
        if case_id == self._cancelled.case.id:
            self.look()

    def _on_read(self, now: Cancelled) -> None:
        if self._stopped or now.case.state is self._cancelled.case.state:
            return
        self._cancelled = now
        self.answered.emit(now)
        self.release()
