"""How careful a cancellation must be: the level of a ticket, and the joined ladder that the window shows."""

from __future__ import annotations

from enum import Enum

from store_desk.domain.ticket import Review, Status, Ticket, Work

REVIEW_LEVEL: dict[Review, int] = {
    Review.PENDING_REVIEW: 1,
    Review.UNDER_REVIEW: 2,
    Review.APPROVED: 3,
    Review.IN_PROCESS: 4,
}
WORK_LEVEL: dict[Work, int] = {
    Work.UNASSIGNED: 1,
    Work.ASSIGNED: 2,
    Work.IN_PROCESS: 4,
    Work.AWAITING_CONFIRMATION: 5,
}


class Rung(Enum):
    """The rung that a list or the ladder shows: work unless unassigned, else review."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    TO_CONFIRM = "to_confirm"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


# The seven rungs in the order of the drawn ladder.
LADDER = (
    Rung.SUBMITTED,
    Rung.IN_REVIEW,
    Rung.APPROVED,
    Rung.ASSIGNED,
    Rung.IN_PROGRESS,
    Rung.TO_CONFIRM,
    Rung.CLOSED,
)

_BY_REVIEW = {
    Review.PENDING_REVIEW: Rung.SUBMITTED,
    Review.UNDER_REVIEW: Rung.IN_REVIEW,
    Review.APPROVED: Rung.APPROVED,
    Review.IN_PROCESS: Rung.IN_PROGRESS,
    Review.REJECTED: Rung.REJECTED,
}
_BY_WORK = {
    Work.ASSIGNED: Rung.ASSIGNED,
    Work.IN_PROCESS: Rung.IN_PROGRESS,
    Work.AWAITING_CONFIRMATION: Rung.TO_CONFIRM,
    Work.DONE: Rung.CLOSED,
}


def level_of(ticket: Ticket) -> int:
    """The level 1 to 5: the stricter of the two ladders; 0 when the ticket is past cancelling (rejected or done)."""
    if ticket.review is Review.REJECTED or ticket.work is Work.DONE:
        return 0
    return max(REVIEW_LEVEL[ticket.review], WORK_LEVEL[ticket.work])


def rung_of(review: Review, work: Work, status: Status | None = None) -> Rung:
    """The rung to show for the two ladders and the derived status."""
    if status is Status.CANCELLED:
        return Rung.CANCELLED
    if review is Review.REJECTED:
        return Rung.REJECTED
    if work is not Work.UNASSIGNED:
        return _BY_WORK[work]
    return _BY_REVIEW[review]


def is_odd(ticket: Ticket) -> bool:
    """Whether the two ladders stand where they should not together (e.g. not reviewed, yet being worked on).

    Such a ticket takes the stricter route and a diagnostics entry is written; the customer is never blocked.
    """
    early = ticket.review in (Review.PENDING_REVIEW, Review.UNDER_REVIEW)
    return early and ticket.work not in (Work.UNASSIGNED,)
