"""A request that was sent to Approvals: the sheet waits for the answer, or is left while it waits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from store_desk.domain.case import CaseState
from store_desk.services.cancel import Cancelled
from store_desk.services.desk import Desk
from store_desk.ui.tasks import run

if TYPE_CHECKING:
    from store_desk.ui.cancel.sheet import CancelSheet

LOOK_MS: Final = 2_000


def read_decided(desk: Desk, parked: Cancelled) -> Cancelled | None:
    """The request as it stands now with its latest slip; None while it still waits."""
    with desk.read() as uow:
        case = uow.cases.get(parked.case.id)
        ticket = uow.tickets.get(parked.ticket.id)
        if case is None or ticket is None or case.state is CaseState.PENDING_APPROVAL:
            return None
        owed = tuple(uow.obligations.of_case(case.id))
        slips = [slip for slip in uow.slips.of_ticket(ticket.id) if slip.case_id == case.id]
        slip = slips[0] if slips else parked.slip
        return Cancelled(case, ticket, owed, slip, case.checks, parked.linked_number, parked.operation)


class Parking(QObject):
    """Looks now and then whether somebody has decided. Signal: agreed(Cancelled) when the ticket is cancelled."""

    agreed = Signal(object)

    def __init__(self, sheet: CancelSheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._bench = sheet.work.bench
        self._parked: Cancelled | None = None
        self._declined: Cancelled | None = None
        self._again = QTimer(self)
        self._again.setInterval(LOOK_MS)
        self._again.timeout.connect(self.look)
        self._bench.language.changed.connect(self.retranslate)

    @property
    def is_sent(self) -> bool:
        """Whether the request has left this sheet, which can then be closed at any time."""
        return self._parked is not None

    def takes(self, cancelled: Cancelled) -> bool:
        """Begins to wait when this was sent for approval; False for everything else."""
        if cancelled.case.state is not CaseState.PENDING_APPROVAL:
            return False
        self._parked = cancelled
        self._sheet.lock_entries()
        self.retranslate()
        self._again.start()
        if self._bench.head_office is not None:
            self._bench.head_office.wake()
        return True

    def retranslate(self) -> None:
        """Says again that it waits, or that it was declined."""
        if self._declined is not None:
            self._show_declined(self._declined)
        elif self._parked is not None:
            say = self._bench.language.say
            self._sheet.notice.say("warn", "hourglass", say("ui_cancel.parked"), say("ui_cancel.parked.text"))

    def look(self) -> None:
        """Asks whether it was decided."""
        if self._parked is not None:
            run(self, self._bench.database, partial(read_decided, self._bench.desk, self._parked), then=self._on_read)

    def _on_read(self, decided: Cancelled | None) -> None:
        if decided is None or not self._again.isActive():
            return
        self._again.stop()
        if decided.case.state in (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.SUPERSEDED):
            self._declined = decided
            self._show_declined(decided)
            return
        self.agreed.emit(decided)

    def _show_declined(self, decided: Cancelled) -> None:
        say, case = self._bench.language.say, decided.case
        why = case.decided_why or say(f"trade.case.{case.state.value}")
        title = say("ui_cancel.parked.declined", who=case.approver or case.decided_by)
        self._sheet.notice.say("bad", "ban", title, why)
