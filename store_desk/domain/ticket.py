"""The after-sales ticket with its two ladders, the moves between their rungs, and the one function that moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from store_desk.domain.errors import MoveNotAllowed


class Review(Enum):
    """The ladder of the request's approval (审核), in order."""

    PENDING_REVIEW = "pending_review"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    IN_PROCESS = "in_process"


class Work(Enum):
    """The ladder of dispatch (处理), in order."""

    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    IN_PROCESS = "in_process"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    DONE = "done"


class TicketType(Enum):
    """What the customer asked for."""

    REPAIR = "repair"
    RETURN = "return"
    EXCHANGE = "exchange"
    COMPLAINT = "complaint"


class Status(Enum):
    """Derived from the ladders and the case, never stored."""

    OPEN = "open"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    REJECTED = "rejected"


# Which rung may follow which. Moving back happens only by withdrawing a case, which restores the exact earlier state.
REVIEW_MOVES: dict[Review, frozenset[Review]] = {
    Review.PENDING_REVIEW: frozenset({Review.UNDER_REVIEW, Review.APPROVED, Review.REJECTED}),
    Review.UNDER_REVIEW: frozenset({Review.APPROVED, Review.REJECTED}),
    Review.APPROVED: frozenset({Review.IN_PROCESS}),
    Review.REJECTED: frozenset(),
    Review.IN_PROCESS: frozenset(),
}
WORK_MOVES: dict[Work, frozenset[Work]] = {
    Work.UNASSIGNED: frozenset({Work.ASSIGNED}),
    Work.ASSIGNED: frozenset({Work.IN_PROCESS, Work.UNASSIGNED}),
    Work.IN_PROCESS: frozenset({Work.AWAITING_CONFIRMATION}),
    Work.AWAITING_CONFIRMATION: frozenset({Work.DONE, Work.IN_PROCESS}),
    Work.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A technician's booked visit; `free_until` is the last moment at which calling it off costs nothing."""

    technician: str = ""
    technician_name: str = ""
    technician_phone: str = ""
    at: datetime | None = None
    work_order: str = ""
    free_until: datetime | None = None
    fee_after_minor: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """Goods or parts on their way."""

    what: str = ""
    what_other: str = ""
    carrier: str = ""
    waybill: str = ""
    carrier_phone: str = ""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What only some tickets carry; stored beside the columns that are searched.

    `*_other` is the same text in the other language where a ticket has both. `parts_used_minor` and
    `work_percent` tell how far the work has gone. `words` are columns of an import that no field fits.
    """

    customer_other: str = ""
    product_other: str = ""
    member: str = ""
    contact_note: str = ""
    purchased_on: date | None = None
    warranty_until: date | None = None
    compensation_kind: str = ""
    compensation_on: date | None = None
    refund_reference: str = ""
    receipt: str = ""
    member_card: str = ""
    visit: Visit | None = None
    parcel: Parcel | None = None
    parts_used_minor: int = 0
    parts_reserved: str = ""
    work_percent: int = 0
    reviewer: str = ""
    reopens: str = ""
    survivor: str = ""
    recreated_from: str = ""
    inherited_reason: str = ""
    handler_before: str = ""
    priority: str = ""
    queue_since: datetime | None = None
    cancel_words: str = ""
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """One after-sales ticket.

    `id` is a UUIDv7 in hex; `number` is unique by (source, store, number) and has a check character only when it is
    ours. Times are aware UTC; amounts are minor units of `currency`. `version` grows with every change; a change
    names the version it saw. `review_since` is when the present rung of review began.
    """

    id: str
    number: str
    store: str
    customer: str
    type: TicketType
    review: Review
    work: Work
    created_at: datetime
    updated_at: datetime
    currency: str = "CNY"
    source: str = ""
    source_key: str = ""
    order_number: str = ""
    phone: str = ""
    serial: str = ""
    product: str = ""
    brand: str = ""
    category: str = ""
    problem_type: str = ""
    description: str = ""
    amount_minor: int | None = None
    compensation_minor: int = 0
    assignee: str = ""
    origin_channel: str = ""
    due_at: datetime | None = None
    review_since: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1
    facts: TicketFacts = field(default_factory=TicketFacts)


def filed_again(ticket: Ticket, *, id_: str, number: str, now: datetime) -> Ticket:
    """The ticket as a new one of this desk, at the foot of both ladders; facts and due time are the caller's.

    Compensation is not carried over: what was given on the old ticket is settled there.
    """
    return replace(
        ticket,
        id=id_,
        number=number,
        source="",
        source_key="",
        review=Review.PENDING_REVIEW,
        work=Work.UNASSIGNED,
        assignee="",
        created_at=now,
        updated_at=now,
        review_since=now,
        closed_at=None,
        compensation_minor=0,
        version=1,
    )


def move(
    ticket: Ticket,
    *,
    review: Review | None = None,
    work: Work | None = None,
    now: datetime,
    assignee: str | None = None,
) -> Ticket:
    """The ticket one step further on its ladders, with the next version; the only way a rung changes.

    Raises MoveNotAllowed when a ladder has no such step. Restoring a withdrawn case is `restore`.
    """
    if review is not None and review not in REVIEW_MOVES[ticket.review]:
        raise MoveNotAllowed(before=ticket.review.value, after=review.value)
    if work is not None and work not in WORK_MOVES[ticket.work]:
        raise MoveNotAllowed(before=ticket.work.value, after=work.value)
    return replace(
        ticket,
        review=review or ticket.review,
        work=work or ticket.work,
        review_since=now if review is not None else ticket.review_since,
        closed_at=now if work is Work.DONE or review is Review.REJECTED else ticket.closed_at,
        assignee=ticket.assignee if assignee is None else assignee,
        updated_at=now,
        version=ticket.version + 1,
    )


def mask_phone(phone: str) -> str:
    """The number as lists and slips show it: the first three and the last four digits, `138 **** 6021`."""
    digits = "".join(c for c in phone if c.isdigit())
    if not digits:
        return ""
    if len(digits) < 8:
        return "*" * max(0, len(digits) - 4) + digits[-4:] if len(digits) > 4 else "****"
    return f"{digits[-11:-8] if len(digits) >= 11 else digits[:-8] or '*'} **** {digits[-4:]}"
