"""The cancellation case: its states, the moves between them, and when it can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from store_desk.domain.consent import Channel, Consent
from store_desk.domain.errors import MoveNotAllowed, UndoWindowOver
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Stroke
from store_desk.domain.ticket import Review, Status, Ticket, Work


class CaseState(Enum):
    """The life of a case."""

    DRAFT = "draft"
    REQUESTED = "requested"
    PENDING_APPROVAL = "pending_approval"
    AGREED = "agreed"
    APPLIED = "applied"
    PENDING_HEAD_OFFICE = "pending_head_office"
    CONFIRMED = "confirmed"
    CONFIRMED_WITH_CONDITIONS = "confirmed_with_conditions"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


CASE_MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.DRAFT: frozenset({CaseState.REQUESTED, CaseState.WITHDRAWN}),
    CaseState.REQUESTED: frozenset(
        {CaseState.PENDING_APPROVAL, CaseState.AGREED, CaseState.REFUSED, CaseState.WITHDRAWN}
    ),
    CaseState.PENDING_APPROVAL: frozenset({CaseState.AGREED, CaseState.REFUSED, CaseState.WITHDRAWN}),
    CaseState.AGREED: frozenset({CaseState.APPLIED, CaseState.WITHDRAWN}),
    CaseState.APPLIED: frozenset({CaseState.PENDING_HEAD_OFFICE, CaseState.CONFIRMED, CaseState.WITHDRAWN}),
    CaseState.PENDING_HEAD_OFFICE: frozenset(
        {
            CaseState.CONFIRMED,
            CaseState.CONFIRMED_WITH_CONDITIONS,
            CaseState.REFUSED,
            CaseState.SUPERSEDED,
            CaseState.EXPIRED,
            CaseState.PENDING_APPROVAL,
            CaseState.WITHDRAWN,
        }
    ),
    # An expired case yields to a later answer.
    CaseState.EXPIRED: frozenset(
        {
            CaseState.CONFIRMED,
            CaseState.CONFIRMED_WITH_CONDITIONS,
            CaseState.REFUSED,
            CaseState.SUPERSEDED,
            CaseState.PENDING_APPROVAL,
            CaseState.WITHDRAWN,
        }
    ),
    # After an outcome only withdrawing within the undo window is left.
    CaseState.CONFIRMED: frozenset({CaseState.WITHDRAWN}),
    CaseState.CONFIRMED_WITH_CONDITIONS: frozenset({CaseState.WITHDRAWN}),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
}

CONFIRMED_STATES = frozenset({CaseState.CONFIRMED, CaseState.CONFIRMED_WITH_CONDITIONS})
ENDED_STATES = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.WITHDRAWN})
# At most one case per ticket may be in one of these; a draft is not a case yet.
OPEN_STATES = frozenset(CaseState) - CONFIRMED_STATES - ENDED_STATES - {CaseState.DRAFT}


class Origin(Enum):
    """Where a case was born."""

    DESK = "desk"
    IMPORT = "import"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Before:
    """The ticket's exact state before the case, so that withdrawing restores it to the letter."""

    review: Review
    work: Work
    assignee: str
    updated_at: datetime
    review_since: datetime | None
    closed_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CancellationCase:
    """One attempt to take a ticket back.

    `plan` is the agreed plan as canonical JSON; `level` is None on imported cases. `decided_why` is the line that a
    person gave with a decision; `asked` why a store asks head office to look at a refusal again.
    """

    id: str
    ticket_id: str
    state: CaseState
    reason: Reason
    level: int | None
    channel: Channel
    origin: Origin
    opened_at: datetime
    requester: str
    note: str = ""
    suggestion: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    identity: tuple[str, ...] = ()
    consent: Consent | None = None
    strokes: tuple[Stroke, ...] = ()
    approver: str = ""
    approved_because: tuple[str, ...] = ()
    applied_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    decided_why: str = ""
    asked: str = ""
    ended_at: datetime | None = None
    conditions_version: int = 0
    plan: str = ""
    read_back_zh: str = ""
    read_back_en: str = ""
    settlement: str = ""
    linked_ticket: str = ""
    before: Before | None = None
    checks: tuple[tuple[str, bool], ...] = field(default=())


def advance(case: CancellationCase, state: CaseState, *, now: datetime, by: str = "") -> CancellationCase:
    """The case one step on; raises MoveNotAllowed when its life has no such step."""
    if state not in CASE_MOVES[case.state]:
        raise MoveNotAllowed(before=case.state.value, after=state.value)
    if state is CaseState.APPLIED:
        return replace(case, state=state, applied_at=now)
    if state in CONFIRMED_STATES or state in (CaseState.REFUSED, CaseState.SUPERSEDED):
        return replace(case, state=state, decided_at=now, decided_by=by)
    if state is CaseState.WITHDRAWN:
        return replace(case, state=state, ended_at=now)
    return replace(case, state=state)


def walk(case: CancellationCase, states: tuple[CaseState, ...], *, now: datetime, by: str = "") -> CancellationCase:
    """The case after several steps of its life at one moment, as `advance` after `advance` would leave it."""
    at = case.state
    for state in states:
        if state not in CASE_MOVES[at]:
            raise MoveNotAllowed(before=at.value, after=state.value)
        at = state
    decided = any(state in CONFIRMED_STATES for state in states)
    return replace(
        case,
        state=at,
        applied_at=now if CaseState.APPLIED in states else case.applied_at,
        decided_at=now if decided else case.decided_at,
        decided_by=by if decided else case.decided_by,
    )


def check_undo(case: CancellationCase, *, now: datetime, window_s: int, number: str) -> None:
    """Raises UndoWindowOver when an outcome stands and the window since `applied` has closed."""
    if case.state not in CONFIRMED_STATES:
        return
    applied = case.applied_at
    if applied is None or now - applied > timedelta(seconds=window_s):
        raise UndoWindowOver(number=number, minutes=window_s // 60)


def undo_left_s(case: CancellationCase, *, now: datetime, window_s: int) -> int:
    """Seconds that are left of the undo window; 0 when it is over or the case has not been applied."""
    if case.applied_at is None or case.state is CaseState.WITHDRAWN:
        return 0
    return max(0, window_s - int((now - case.applied_at).total_seconds()))


def status_of(review: Review, work: Work, case_state: CaseState | None) -> Status:
    """The derived status of a ticket from its ladders and the state of its last case."""
    if case_state in CONFIRMED_STATES:
        return Status.CANCELLED
    if case_state in OPEN_STATES:
        return Status.CANCELLING
    if review is Review.REJECTED:
        return Status.REJECTED
    if work is Work.DONE:
        return Status.DONE
    return Status.OPEN


def before_of(ticket: Ticket) -> Before:
    """What must be kept of a ticket to restore it."""
    return Before(
        ticket.review,
        ticket.work,
        ticket.assignee,
        ticket.updated_at,
        ticket.review_since,
        ticket.closed_at,
        ticket.due_at,
    )


def restore(ticket: Ticket, before: Before) -> Ticket:
    """The ticket as it was before the case, with the next version."""
    return replace(
        ticket,
        review=before.review,
        work=before.work,
        assignee=before.assignee,
        updated_at=before.updated_at,
        review_since=before.review_since,
        closed_at=before.closed_at,
        due_at=before.due_at,
        version=ticket.version + 1,
    )


def release(ticket: Ticket, *, now: datetime) -> Ticket:
    """The ticket once its cancellation stands: nobody works on it any more; the ladders keep their last rungs."""
    return replace(ticket, assignee="", due_at=None, updated_at=now, closed_at=now, version=ticket.version + 1)
