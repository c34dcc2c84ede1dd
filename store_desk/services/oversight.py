"""What a supervisor watches over, as the database is asked for it: bounded queries, each along an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from store_desk.domain.case import CancellationCase
from store_desk.domain.journal import Entry
from store_desk.domain.ticket import Ticket


class Concern(Enum):
    """Why a cancellation is looked at again; it informs and is logged, and blocks nothing."""

    UNSIGNED = "unsigned"
    MONEY_SHORT = "money_short"
    OFTEN = "often"
    TECHNICIAN_LEFT = "technician_left"
    REPRINTED = "reprinted"


@dataclass(frozen=True, slots=True)
class Watched:
    """One cancellation with what was found: `count` of cancellations or reprints, `amount_minor` that is missing.

    `at` is when it was done, `due_at` until when the open thing should have been done.
    """

    concern: Concern
    case_id: str
    ticket: Ticket
    at: datetime
    staff: str
    count: int = 0
    amount_minor: int = 0
    due_at: datetime | None = None


class Oversight(Protocol):
    """The queries of approvals, exceptions and outcomes."""

    def waiting(self, *, limit: int) -> list[CancellationCase]:
        """Cases that wait for approval, oldest first."""
        ...

    def count_waiting(self) -> int: ...
    def unsigned(self, *, since: datetime, until: datetime, limit: int) -> list[Watched]:
        """Confirmed by telephone between the two moments, with no signed paper attached since; latest first."""
        ...

    def money_short(self, *, now: datetime, limit: int) -> list[Watched]:
        """Money of customers that should have come in by now; longest overdue first."""
        ...

    def often(self, *, since: datetime, least: int, reasons: tuple[str, ...], limit: int) -> list[Watched]:
        """The latest cancellation of each telephone number that has at least so many for these reasons."""
        ...

    def with_visit(self, *, since: datetime, limit: int) -> list[Watched]:
        """Cancellations of tickets that had a visit, latest first; whether the technician had left is the caller's."""
        ...

    def reprinted(self, *, since: datetime, least: int, limit: int) -> list[Watched]:
        """Cancellations whose slip was printed again so often; latest first."""
        ...

    def handled(self, *, since: datetime, limit: int) -> list[Entry]:
        """Journal entries of exceptions that somebody dealt with; latest first."""
        ...

    def disputed(self, *, limit: int) -> list[CancellationCase]:
        """Refused and superseded cases, those that a store asks about first, then the latest (of the newest 20,000)."""
        ...

    def confirmed(self, *, limit: int) -> list[CancellationCase]:
        """Confirmed cases that were made at a desk, the latest cancelled first."""
        ...

    def of_slip(self, number: str, *, limit: int) -> list[CancellationCase]:
        """Cases with this slip: any of this desk's slips, or the first one of a case among the newest 20,000."""
        ...
