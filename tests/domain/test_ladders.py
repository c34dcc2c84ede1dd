"""The two ladders, the level, the derived status and the life of a case: every pair walked."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from store_desk.domain.case import (
    CASE_MOVES,
    CONFIRMED_STATES,
    OPEN_STATES,
    CancellationCase,
    CaseState,
    Origin,
    advance,
    before_of,
    check_undo,
    release,
    restore,
    status_of,
    undo_left_s,
)
from store_desk.domain.consent import Channel
from store_desk.domain.errors import MoveNotAllowed, UndoWindowOver
from store_desk.domain.level import is_odd, level_of, rung_of
from store_desk.domain.obligations import CLOSED_STATES, OBLIGATION_MOVES, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import REVIEW_MOVES, WORK_MOVES, Review, Status, Work, move
from tests.domain.tickets import NOON, ticket_at

LATER = NOON + timedelta(minutes=5)
# Written here a second time on purpose: the rungs that may follow each other.
REVIEW_STEPS = {
    ("pending_review", "under_review"),
    ("pending_review", "approved"),
    ("pending_review", "rejected"),
    ("under_review", "approved"),
    ("under_review", "rejected"),
    ("approved", "in_process"),
}
WORK_STEPS = {
    ("unassigned", "assigned"),
    ("assigned", "in_process"),
    ("assigned", "unassigned"),
    ("in_process", "awaiting_confirmation"),
    ("awaiting_confirmation", "done"),
    ("awaiting_confirmation", "in_process"),
}
CASE_STEPS = {
    ("draft", "requested"),
    ("requested", "pending_approval"),
    ("requested", "agreed"),
    ("requested", "refused"),
    ("pending_approval", "agreed"),
    ("pending_approval", "refused"),
    ("agreed", "applied"),
    ("applied", "pending_head_office"),
    ("applied", "confirmed"),
    *(
        (waiting, answer)
        for waiting in ("pending_head_office", "expired")
        for answer in ("confirmed", "confirmed_with_conditions", "refused", "superseded", "pending_approval")
    ),
    ("pending_head_office", "expired"),
}
# Any time before an outcome, and after one that stands (within the window).
WITHDRAWABLE = {
    "draft", "requested", "pending_approval", "agreed", "applied", "pending_head_office", "expired",
    "confirmed", "confirmed_with_conditions",
}  # fmt: skip


def a_case(state: CaseState) -> CancellationCase:
    """A case in this state that was applied at noon."""
    return CancellationCase(
        "c1", "t1", state, Reason.MISTAKE, 1, Channel.COUNTER, Origin.DESK, NOON, "2047", applied_at=NOON
    )


@pytest.mark.parametrize(("before", "after"), list(product(Review, Review)))
def test_the_review_ladder_has_exactly_its_steps(before: Review, after: Review) -> None:
    ticket = ticket_at(before)
    if (before.value, after.value) in REVIEW_STEPS:
        moved = move(ticket, review=after, now=LATER)
        assert (moved.review, moved.version, moved.review_since, moved.updated_at) == (after, 2, LATER, LATER)
        assert (moved.closed_at == LATER) == (after is Review.REJECTED)
    else:
        with pytest.raises(MoveNotAllowed) as refusal:
            move(ticket, review=after, now=LATER)
        assert refusal.value.facts == {"before": before.value, "after": after.value}


@pytest.mark.parametrize(("before", "after"), list(product(Work, Work)))
def test_the_work_ladder_has_exactly_its_steps(before: Work, after: Work) -> None:
    ticket = ticket_at(work=before)
    if (before.value, after.value) in WORK_STEPS:
        moved = move(ticket, work=after, now=LATER, assignee="3012")
        assert (moved.work, moved.assignee, moved.review_since) == (after, "3012", ticket.review_since)
        assert (moved.closed_at == LATER) == (after is Work.DONE)
    else:
        with pytest.raises(MoveNotAllowed):
            move(ticket, work=after, now=LATER)


def test_every_rung_stands_in_the_tables_of_moves() -> None:
    assert set(REVIEW_MOVES) == set(Review)
    assert set(WORK_MOVES) == set(Work)
    assert set(CASE_MOVES) == set(CaseState)
    assert set(OBLIGATION_MOVES) == set(ObligationState)


@pytest.mark.req("REQ-STA-09")
@pytest.mark.parametrize(("review", "work"), list(product(Review, Work)))
def test_the_level_is_the_stricter_ladder_and_the_stricter_route_never_blocks(review: Review, work: Work) -> None:
    """All twenty-five combinations, odd ones too."""
    by_review = {"pending_review": 1, "under_review": 2, "approved": 3, "in_process": 4, "rejected": 0}
    by_work = {"unassigned": 1, "assigned": 2, "in_process": 4, "awaiting_confirmation": 5, "done": 0}
    one, other = by_review[review.value], by_work[work.value]
    ticket = ticket_at(review, work)
    assert level_of(ticket) == (max(one, other) if one and other else 0)
    assert is_odd(ticket) == (one in (1, 2) and work is not Work.UNASSIGNED)


@pytest.mark.parametrize(("review", "work", "state"), list(product(Review, Work, [None, *CaseState])))
def test_the_status_is_derived_from_ladders_and_case(review: Review, work: Work, state: CaseState | None) -> None:
    status = status_of(review, work, state)
    if state in CONFIRMED_STATES:
        wanted = Status.CANCELLED
    elif state is not None and state.value in WITHDRAWABLE - {"draft"}:
        wanted = Status.CANCELLING
    elif review is Review.REJECTED:
        wanted = Status.REJECTED
    else:
        wanted = Status.DONE if work is Work.DONE else Status.OPEN
    assert status is wanted


def test_lists_show_work_unless_unassigned_and_rejection_its_own_sign() -> None:
    assert rung_of(Review.APPROVED, Work.UNASSIGNED).value == "approved"
    assert rung_of(Review.APPROVED, Work.ASSIGNED).value == "assigned"
    assert rung_of(Review.PENDING_REVIEW, Work.IN_PROCESS).value == "in_progress"
    assert rung_of(Review.IN_PROCESS, Work.UNASSIGNED).value == "in_progress"
    assert rung_of(Review.REJECTED, Work.ASSIGNED).value == "rejected"
    assert rung_of(Review.APPROVED, Work.DONE, Status.DONE).value == "closed"
    assert rung_of(Review.APPROVED, Work.ASSIGNED, Status.CANCELLED).value == "cancelled"


@pytest.mark.parametrize(("before", "after"), list(product(CaseState, CaseState)))
def test_a_case_takes_exactly_the_steps_of_its_life(before: CaseState, after: CaseState) -> None:
    allowed = (before.value, after.value) in CASE_STEPS or (after.value == "withdrawn" and before.value in WITHDRAWABLE)
    if not allowed:
        with pytest.raises(MoveNotAllowed):
            advance(a_case(before), after, now=LATER)
        return
    moved = advance(a_case(before), after, now=LATER, by="desk")
    assert moved.state is after
    decided = after.value in ("confirmed", "confirmed_with_conditions", "refused", "superseded")
    assert (moved.decided_at == LATER) == decided
    assert (moved.ended_at == LATER) == (after is CaseState.WITHDRAWN)
    assert moved.applied_at == (LATER if after is CaseState.APPLIED else NOON)


def test_open_states_are_those_before_an_outcome() -> None:
    assert {state.value for state in OPEN_STATES} == WITHDRAWABLE - {"draft", "confirmed", "confirmed_with_conditions"}


def test_closed_obligations_never_move_again() -> None:
    for state in ObligationState:
        assert (not OBLIGATION_MOVES[state]) == (state in CLOSED_STATES)


@pytest.mark.parametrize("state", [CaseState.CONFIRMED, CaseState.CONFIRMED_WITH_CONDITIONS])
def test_undoing_ends_with_its_window(state: CaseState) -> None:
    case = a_case(state)
    check_undo(case, now=NOON + timedelta(seconds=600), window_s=600, number="N")
    with pytest.raises(UndoWindowOver) as refusal:
        check_undo(case, now=NOON + timedelta(seconds=601), window_s=600, number="N")
    assert refusal.value.facts == {"number": "N", "minutes": 10}
    assert undo_left_s(case, now=NOON + timedelta(seconds=1), window_s=600) == 599
    assert undo_left_s(case, now=NOON + timedelta(days=1), window_s=600) == 0


def test_before_an_outcome_undoing_has_no_window() -> None:
    check_undo(a_case(CaseState.PENDING_HEAD_OFFICE), now=NOON + timedelta(days=3), window_s=600, number="N")


def test_releasing_and_restoring_gives_the_same_ticket_with_a_higher_version() -> None:
    from dataclasses import replace

    ticket = ticket_at(Review.IN_PROCESS, Work.IN_PROCESS, assignee="3012", due_at=LATER)
    released = release(ticket, now=LATER)
    assert (released.assignee, released.due_at, released.closed_at) == ("", None, LATER)
    assert (released.review, released.work) == (ticket.review, ticket.work)
    back = restore(released, before_of(ticket))
    assert replace(back, version=ticket.version) == ticket
    assert back.version == 3
