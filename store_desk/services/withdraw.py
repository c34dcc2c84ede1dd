"""Taking a cancellation back: the ticket's exact state again, a void slip, and what is left over as an obligation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store_desk.domain.case import (
    CASE_MOVES,
    CancellationCase,
    CaseState,
    Origin,
    advance,
    before_of,
    check_undo,
    restore,
)
from store_desk.domain.errors import NoCaseToWithdraw, TicketNotFound
from store_desk.domain.money import format_minor
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import MONEY_KINDS, Obligation, ObligationKind, ObligationState
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right
from store_desk.domain.slip import Both, SlipData, SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Review, Ticket, move
from store_desk.services.canonical import canonical_json
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, contact_of
from store_desk.services.operations import record_operation, remember
from store_desk.services.payloads import Decision, Move, decision_to_payload, move_to_payload
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.proof import coded
from store_desk.services.rules import policy_in_force
from store_desk.services.slip_making import signed_by
from store_desk.services.slips import write_slip
from store_desk.words import both


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What withdrawing left; `left_over` are the obligations for what could not simply be called off."""

    case: CancellationCase
    ticket: Ticket
    slip: SlipRow | None
    left_over: tuple[Obligation, ...]


def withdraw_case(desk: Desk, actor: Actor, *, ticket_id: str) -> Withdrawn:
    """Takes the ticket's last case back, in one transaction.

    Possible any time before an outcome and, after one, within the undo window. Raises
    NoCaseToWithdraw, UndoWindowOver, RightMissing.
    """
    demand(actor, Right.WITHDRAW)
    now = desk.clock()
    with desk.work() as uow:
        ticket = uow.tickets.get(ticket_id)
        if ticket is None:
            raise TicketNotFound(number=ticket_id)
        enrolment = remember(uow, ticket_id)
        case = next(iter(uow.cases.of_ticket(ticket_id)), None)
        movable = case is not None and CaseState.WITHDRAWN in CASE_MOVES[case.state]
        if case is None or not movable or case.before is None or case.origin is Origin.IMPORT:
            raise NoCaseToWithdraw(number=ticket.number)
        policy = policy_in_force(uow)
        # Head office's cases bear the times of its clock.
        offset = contact_of(uow).offset_ms if enrolment is not None else None
        decided = now + timedelta(milliseconds=offset or 0)
        check_undo(case, now=decided, window_s=policy.undo_window_s, number=ticket.number)
        after = _as_before(ticket, case)
        ended = advance(case, CaseState.WITHDRAWN, now=now, by=actor.id)
        uow.cases.save(ended)
        if after is not ticket:
            uow.tickets.save(after, seen_version=ticket.version)
        drop_recreated(desk, uow, actor, ticket, case, enrolment=enrolment, now=now)
        left_over = _turn_round(desk, uow, case, policy=policy, now=now)
        _go_on(desk, uow, case, now=now)
        slip = _void_slip(desk, uow, actor, ticket, case, left_over, now=now)
        record_operation(
            desk,
            uow,
            actor,
            kind="withdraw",
            ticket_id=ticket.id,
            case_id=case.id,
            payload=decision_to_payload(Decision(case.id, person=actor.id, role=actor.role)),
            enrolment=enrolment,
            now=now,
        )
        facts: dict[str, object] = {
            "case": case.id,
            "number": ticket.number,
            "slip": slip.number if slip else "",
            "left_over": [item.kind.value for item in left_over],
        }
        uow.journal.write(at=now, actor=actor.id, what="case_withdrawn", subject=ticket.id, facts=facts)
    return Withdrawn(ended, after, slip, left_over)


def _as_before(ticket: Ticket, case: CancellationCase) -> Ticket:
    """The ticket exactly as it was; the same object where the case had not touched it yet (it was only on hold)."""
    before = case.before
    if before is None or before_of(ticket) == before:
        return ticket
    after = restore(ticket, before)
    if case.reason is Reason.DUPLICATE:
        after = replace(after, facts=replace(after.facts, survivor=""))
    return after


def drop_recreated(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    ticket: Ticket,
    case: CancellationCase,
    *,
    enrolment: Enrolment | None,
    now: datetime,
) -> None:
    """Closes the ticket that "cancel and recreate" made, pointing to the one that lives again.

    One that went on meanwhile stays as it is: within the undo window that is somebody's deliberate work.
    """
    if case.reason is not Reason.WRONG_INFORMATION:
        return
    for made in uow.tickets.by_number(case.linked_ticket):
        if made.facts.recreated_from != ticket.number or made.version > 1 or uow.cases.of_ticket(made.id):
            continue
        closed = move(made, review=Review.REJECTED, now=now)
        closed = replace(closed, due_at=None, facts=replace(closed.facts, survivor=ticket.number))
        remember(uow, made.id)
        uow.tickets.save(closed, seen_version=made.version)
        if enrolment is not None:
            record_operation(
                desk,
                uow,
                actor,
                kind="move",
                ticket_id=made.id,
                case_id="",
                payload=move_to_payload(Move(review=Review.REJECTED)),
                enrolment=enrolment,
                now=now,
            )
        facts: dict[str, object] = {"number": made.number, "survivor": ticket.number}
        uow.journal.write(at=now, actor=actor.id, what="recreated_ticket_dropped", subject=made.id, facts=facts)


def _turn_round(
    desk: Desk, uow: UnitOfWork, case: CancellationCase, *, policy: Policy, now: datetime
) -> tuple[Obligation, ...]:
    """Calls off what is open; money that was taken already becomes an obligation to give it back."""
    made: list[Obligation] = []
    due = now + timedelta(days=policy.settle_days)
    for item in uow.obligations.of_case(case.id):
        if item.state in (ObligationState.OPEN, ObligationState.WAITING):
            uow.obligations.save(replace(item, state=ObligationState.VOID, closed_at=now, result="withdrawn"))
        elif item.state is ObligationState.DONE and item.kind in MONEY_KINDS and item.amount_minor:
            made.append(
                Obligation(
                    id=desk.new_id(),
                    case_id=case.id,
                    kind=ObligationKind.REFUND_TO_CUSTOMER,
                    owner="store",
                    state=ObligationState.OPEN,
                    due_at=due,
                    amount_minor=item.amount_minor,
                    text=canonical_json({"code": "give_back", "facts": {}}),
                )
            )
        elif item.state is ObligationState.DONE and item.kind not in MONEY_KINDS:
            made.append(
                Obligation(
                    id=desk.new_id(),
                    case_id=case.id,
                    kind=ObligationKind.CALL_CUSTOMER,
                    owner="store",
                    state=ObligationState.OPEN,
                    due_at=due,
                    text=canonical_json({"code": "done_already", "facts": {"kind": item.kind.value}}),
                )
            )
    uow.obligations.add_all(made)
    return tuple(made)


def _go_on(desk: Desk, uow: UnitOfWork, case: CancellationCase, *, now: datetime) -> None:
    """Stop-notices that have left are answered with "go on"; the rest never leaves."""
    told = [item for item in uow.notices.of_case(case.id) if item.leaves_at <= now]
    uow.notices.call_off(case.id)
    uow.notices.add_all(
        Notice(desk.new_id(), case.id, item.to, f"go_on:{item.what}", NoticeState.QUEUED, now) for item in told
    )


def _void_slip(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    ticket: Ticket,
    case: CancellationCase,
    left_over: tuple[Obligation, ...],
    *,
    now: datetime,
) -> SlipRow | None:
    """The withdrawal notice, made from the slip that it voids."""
    rows = [row for row in uow.slips.of_ticket(ticket.id) if row.case_id == case.id]
    if not rows:
        return None
    old = slip_from_json(rows[0].body)
    steps: list[Both] = [both("slip.void.what", slip=old.number), both("slip.void.go_on")]
    for item in left_over:
        if item.amount_minor:
            steps.append(both("slip.void.give_back", amount=format_minor(item.amount_minor, old.currency)))
    data: SlipData = replace(
        old,
        variant=SlipVariant.VOID,
        status=SlipStatus.FINAL,
        number="",
        issued_at=now,
        money=(),
        money_total=None,
        agreed=(),
        obligations=(),
        rights=(),
        next_steps=tuple(steps),
        promise=Both("", ""),
        how_to_reopen=Both("", ""),
        strokes=(),
        signed_at=None,
        consent=Both("", ""),
        consent_detail=Both("", ""),
        read_back=Both("", ""),
        read_back_hash="",
        clerk=signed_by(actor),
        approver=None,
        withdraws=old.number,
    )
    return write_slip(desk, uow, data, case=coded(case), ticket_id=ticket.id, now=now)
