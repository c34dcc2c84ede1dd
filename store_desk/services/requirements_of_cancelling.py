"""What must be there before a ticket is cancelled: identity, consent, acknowledged rights, a second person."""

from __future__ import annotations

from store_desk.domain.conditions import Approver
from store_desk.domain.consent import Channel, Consent, Grade, is_complete
from store_desk.domain.errors import (
    ApprovalNeeded,
    ConsentMissing,
    IdentityMismatch,
    IdentityMissing,
    RightsNotAcknowledged,
    WitnessInvalid,
)
from store_desk.domain.identity import BY_PHONE, IdentityKind, matches
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.slip import Stroke
from store_desk.domain.staff import Actor, check_approver
from store_desk.domain.ticket import Ticket
from store_desk.services.ports import UnitOfWork


def identity(
    ticket: Ticket, answers: tuple[tuple[IdentityKind, str], ...], *, channel: Channel, policy: Policy
) -> tuple[str, ...]:
    """The kinds that matched. Raises IdentityMismatch for a wrong answer, IdentityMissing for too few by phone.

    At the counter the person stands there with the ticket or the goods, and consent carries the weight; the window
    asks for one answer all the same (`identity_counter`), and a wrong answer is refused on every channel.
    From afar only some kinds are counted: a receipt's tail would be the order number again.
    """
    afar = channel in (Channel.PHONE, Channel.EMAIL, Channel.CHAT)
    matched: list[str] = []
    for kind, value in answers:
        if not matches(ticket, kind, value):
            raise IdentityMismatch(kind=kind.value)
        if kind.value not in matched:
            matched.append(kind.value)
    counted = sum(kind.value in matched for kind in (*BY_PHONE, IdentityKind.TEXT_CODE))
    if afar and counted < policy.identity_phone:
        raise IdentityMissing(needed=policy.identity_phone, given=counted)
    return tuple(matched)


def consent(given: Consent | None, *, strokes: tuple[Stroke, ...], plan: Plan, actor: Actor, uow: UnitOfWork) -> None:
    """Raises ConsentMissing unless the grade is accepted here and complete; WitnessInvalid for a bad witness."""
    accepted = tuple(grade.value for grade in plan.consent)
    if given is None or given.grade not in plan.consent or not is_complete(given, has_strokes=bool(strokes)):
        raise ConsentMissing(accepted=accepted)
    if given.grade is Grade.REFUSED:
        witness = uow.people.get(given.witness)
        if witness is None or not witness.enabled or witness.id == actor.id:
            raise WitnessInvalid(witness=given.witness)


def rights(acknowledged: bool, *, plan: Plan) -> None:
    """Raises RightsNotAcknowledged when something is at stake and was not ticked (REQ-WAR-06)."""
    if plan.rights and not acknowledged:
        raise RightsNotAcknowledged()


def grounds(plan: Plan, *, consent: Consent | None) -> tuple[str, ...]:
    """Why a second person must agree; what the store itself starts always needs one."""
    if consent is not None and consent.grade is Grade.STORE_STARTED and not plan.because:
        return ("reason_always",)
    return plan.because


def approval(plan: Plan, *, actor: Actor, approver: Actor | None, consent: Consent | None) -> tuple[str, ...]:
    """The grounds on which a second person agreed, empty when none was needed; to be kept with the case.

    What the store itself starts always needs one. Raises ApprovalNeeded, ApproverIsRequester or
    ApproverRightMissing unless a fit second person agreed.
    """
    because = grounds(plan, consent=consent)
    if not because:
        return ()
    if approver is None:
        raise ApprovalNeeded(because=because, manager_only=plan.approver is Approver.MANAGER)
    check_approver(actor, approver, manager_only=plan.approver is Approver.MANAGER)
    return because
