"""A ticket with all its cases, as head office keeps it and as desks are told of it: one value, changed as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES, CancellationCase, CaseState
from store_desk.domain.obligations import Obligation
from store_desk.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with what is owed under it; `desk` names where it was made (`XH2`), `slip` its first slip there."""

    case: CancellationCase
    obligations: tuple[Obligation, ...] = ()
    desk: str = ""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """The ticket and its cases, oldest first; `standing` is the id of the case that decides its status, or ''."""

    ticket: Ticket
    cases: tuple[CaseRecord, ...] = ()
    standing: str = ""

    def case(self, case_id: str) -> CaseRecord | None:
        """The case of this id."""
        return next((item for item in self.cases if item.case.id == case_id), None)

    @property
    def stands(self) -> CaseRecord | None:
        """The case that decides the ticket's status."""
        return self.case(self.standing) if self.standing else None

    @property
    def state(self) -> CaseState | None:
        """The state of the standing case."""
        found = self.stands
        return found.case.state if found else None


def with_case(record: TicketRecord, changed: CaseRecord, *, ticket: Ticket | None = None) -> TicketRecord:
    """The record with this case added or put in the place of its earlier self, and the ticket's next version.

    A case that is open or confirmed stands from then on; one that ended otherwise stands only where none other does.
    """
    known = record.case(changed.case.id) is not None
    cases = (
        tuple(changed if item.case.id == changed.case.id else item for item in record.cases)
        if known
        else (*record.cases, changed)
    )
    lively = changed.case.state in CONFIRMED_STATES or changed.case.state in OPEN_STATES
    other = record.stands if record.standing != changed.case.id else None
    stays = other is not None and (other.case.state in CONFIRMED_STATES or other.case.state in OPEN_STATES)
    standing = changed.case.id if lively or not stays else record.standing
    after = replace(ticket or record.ticket, version=record.ticket.version + 1)
    return TicketRecord(after, cases, standing)
