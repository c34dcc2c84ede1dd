"""Who may hand a ticket's evidence to somebody outside the store."""

from __future__ import annotations

from store_desk.domain.case import ENDED_STATES, CancellationCase
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right, has_right
from store_desk.domain.staff import Actor


def may_export_evidence(actor: Actor, case: CancellationCase | None) -> bool:
    """Whether the person may export the pack of the case's ticket; without a case the right alone decides.

    A customer who goes to another channel is given the evidence at once, by the very person who cancelled: it must not
    wait for a supervisor. A case that was taken back or refused leaves nothing to prove out there.
    """
    return has_right(actor.role, Right.EVIDENCE) or (case is not None and _is_own_dispute(actor, case))


def _is_own_dispute(actor: Actor, case: CancellationCase) -> bool:
    disputed = case.reason is Reason.OTHER_CHANNEL and case.state not in ENDED_STATES
    return disputed and case.requester == actor.id and has_right(actor.role, Right.CANCEL)
