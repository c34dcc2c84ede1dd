"""The loose ends of a case: what is still owed, by whom, until when, and the moves between its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class ObligationKind(Enum):
    """What is owed."""

    RETURN_COMPENSATION = "return_compensation"
    VOID_CODE = "void_code"
    PAY_FEE = "pay_fee"
    REFUND_TO_CUSTOMER = "refund_to_customer"
    RECALL_GOODS = "recall_goods"
    STOP_VISIT = "stop_visit"
    STOP_WORK = "stop_work"
    RELEASE_PARTS = "release_parts"
    HAND_BACK_ITEM = "hand_back_item"
    REMEDY = "remedy"
    CALL_CUSTOMER = "call_customer"
    IMPROVE = "improve"
    RESUME = "resume"


class ObligationState(Enum):
    """Where an obligation stands; the last three close it."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    WAIVED = "waived"
    VOID = "void"


OBLIGATION_MOVES: dict[ObligationState, frozenset[ObligationState]] = {
    ObligationState.OPEN: frozenset(
        {ObligationState.WAITING, ObligationState.DONE, ObligationState.WAIVED, ObligationState.VOID}
    ),
    ObligationState.WAITING: frozenset({ObligationState.DONE, ObligationState.WAIVED, ObligationState.VOID}),
    ObligationState.DONE: frozenset(),
    ObligationState.WAIVED: frozenset(),
    ObligationState.VOID: frozenset(),
}
CLOSED_STATES = frozenset({ObligationState.DONE, ObligationState.WAIVED, ObligationState.VOID})

# Kinds that a withdrawal can simply call off; of the others, what is done already must be turned round.
MONEY_KINDS = frozenset({ObligationKind.RETURN_COMPENSATION, ObligationKind.PAY_FEE})
# Kinds that are on hold while an answer is awaited, and must go on again when there is no cancellation after all.
HOLD_KINDS = frozenset({ObligationKind.STOP_VISIT, ObligationKind.STOP_WORK, ObligationKind.RECALL_GOODS})


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed under a case; `owner` is customer, store or a staff number."""

    id: str
    case_id: str
    kind: ObligationKind
    owner: str
    state: ObligationState
    due_at: datetime | None = None
    amount_minor: int = 0
    text: str = ""
    result: str = ""
    closed_at: datetime | None = None
