"""A second person decides later: approving or declining what was sent for approval, asking head office, overruling."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from store_desk.domain import decisions
from store_desk.domain.authority import Result, Rules, Ruling
from store_desk.domain.case import CaseState, walk
from store_desk.domain.conditions import Approver
from store_desk.domain.errors import ApproverIsRequester, ApproverRightMissing, RightMissing, TicketNotFound
from store_desk.domain.office_errors import CaseNotWaiting, NothingToAsk, ReasonForOverrulingMissing
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.roles import APPROVERS, Right, Role
from store_desk.domain.staff import Actor, demand
from store_desk.services.answers import absorb
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment
from store_desk.services.operations import record_operation, remember
from store_desk.services.payloads import Decision, decision_to_payload
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import conditions_in_force, policy_in_force
from store_desk.services.sync_view import mark_decided

WHY_LENGTH_MAX = 500


def approve_case(desk: Desk, actor: Actor, *, case_id: str, approver: Actor) -> CaseRecord:
    """A second person agrees to a case that waits for approval.

    `actor` is signed in at the desk, `approver` has given a PIN. With a head office the case then waits for its
    answer; without one it is confirmed. Raises CaseNotWaiting, ApproverIsRequester, ApproverRightMissing.
    """
    demand(approver, Right.APPROVE)
    now = desk.clock()
    with desk.work() as uow:
        record, mine = _waiting(uow, case_id)
        _check_approver(uow, record, mine, approver)
        enrolment = remember(uow, record.ticket.id)
        requester = _role_of(uow, mine.case.requester)
        if enrolment is None:
            ruling = decisions.rule_on_approval(
                record,
                case_id,
                approver=approver.id,
                role=approver.role,
                requester_role=requester,
                rules=_rules(desk, uow),
                now=now,
                new_id=desk.new_id,
            )
            after = _ruled(desk, uow, ruling, case_id, now=now)
        else:
            case = walk(mine.case, (CaseState.AGREED, CaseState.APPLIED, CaseState.PENDING_HEAD_OFFICE), now=now)
            uow.cases.save(replace(case, approver=approver.id))
            after = replace(mine, case=replace(case, approver=approver.id))
        decision = Decision(case_id, person=approver.id, role=approver.role, requester_role=requester)
        _send(desk, uow, approver, "approve", record, decision, enrolment, now=now)
        mark_decided(uow, ticket_id=record.ticket.id, case_id=case_id, by=approver.id, now=now)
        facts: dict[str, object] = {"case": case_id, "number": record.ticket.number, "at_desk": actor.id}
        uow.journal.write(at=now, actor=approver.id, what="case_approved", subject=record.ticket.id, facts=facts)
    return after


def decline_case(desk: Desk, *, case_id: str, approver: Actor, why: str) -> CaseRecord:
    """A second person does not agree; `why` is one line that the clerk reads. The case ends refused (rulings, 10)."""
    demand(approver, Right.APPROVE)
    if not why.strip():
        raise ReasonForOverrulingMissing()
    why = why.strip()[:WHY_LENGTH_MAX]
    now = desk.clock()
    with desk.work() as uow:
        record, _ = _waiting(uow, case_id)
        enrolment = remember(uow, record.ticket.id)
        ruling = decisions.rule_on_decline(record, case_id, approver=approver.id, role=approver.role, why=why, now=now)
        after = _ruled(desk, uow, ruling, case_id, now=now)
        decision = Decision(case_id, person=approver.id, role=approver.role, why=why)
        _send(desk, uow, approver, "decline", record, decision, enrolment, now=now)
        mark_decided(uow, ticket_id=record.ticket.id, case_id=case_id, by=approver.id, now=now)
        facts: dict[str, object] = {"case": case_id, "number": record.ticket.number, "why": why}
        uow.journal.write(at=now, actor=approver.id, what="case_declined", subject=record.ticket.id, facts=facts)
    return after


def ask_head_office(desk: Desk, actor: Actor, *, case_id: str, why: str) -> CaseRecord:
    """Asks head office to look at a refused case again: a new operation, never the old one sent once more.

    Raises NothingToAsk for a case that was not refused, or at a desk without head office.
    """
    demand(actor, Right.CANCEL)
    now = desk.clock()
    with desk.work() as uow:
        record, mine = _known(uow, case_id)
        if mine.case.state not in (CaseState.REFUSED, CaseState.SUPERSEDED):
            raise NothingToAsk()
        enrolment = remember(uow, record.ticket.id)
        if enrolment is None:
            raise NothingToAsk()
        why = why.strip()[:WHY_LENGTH_MAX] or mine.case.note or "-"
        asked = replace(mine.case, asked=why)
        uow.cases.save(asked)
        decision = Decision(case_id, person=actor.id, role=actor.role, why=why)
        _send(desk, uow, actor, "ask", record, decision, enrolment, now=now)
        facts: dict[str, object] = {"case": case_id, "number": record.ticket.number, "why": why}
        uow.journal.write(at=now, actor=actor.id, what="head_office_asked", subject=record.ticket.id, facts=facts)
    return replace(mine, case=asked)


def overrule(desk: Desk, actor: Actor, *, case_id: str, confirm: bool, why: str) -> str:
    """Head office's staff overrule an outcome with a reason; answers the id of the operation.

    What stands here changes when head office's service has taken it. Raises RightMissing for anybody else,
    ReasonForOverrulingMissing, NothingToAsk where there is nothing to overrule.
    """
    if actor.role is not Role.HEAD_OFFICE:
        raise RightMissing(right=Right.APPROVE.value, who=actor.name or actor.id, role=actor.role.value)
    if not why.strip():
        raise ReasonForOverrulingMissing()
    now = desk.clock()
    with desk.work() as uow:
        record, _ = _known(uow, case_id)
        enrolment = remember(uow, record.ticket.id)
        if enrolment is None:
            raise NothingToAsk()
        why = why.strip()[:WHY_LENGTH_MAX]
        decision = Decision(case_id, person=actor.id, role=actor.role, why=why, confirm=confirm)
        op_id = _send(desk, uow, actor, "overrule", record, decision, enrolment, now=now)
        facts: dict[str, object] = {
            "case": case_id,
            "number": record.ticket.number,
            "confirm": confirm,
            "why": why,
        }
        uow.journal.write(at=now, actor=actor.id, what="outcome_overruled", subject=record.ticket.id, facts=facts)
    return op_id


def _known(uow: UnitOfWork, case_id: str) -> tuple[TicketRecord, CaseRecord]:
    case = uow.cases.get(case_id)
    record = uow.records.get(case.ticket_id) if case else None
    mine = record.case(case_id) if record else None
    if record is None or mine is None:
        raise TicketNotFound(number=case_id)
    return record, mine


def _waiting(uow: UnitOfWork, case_id: str) -> tuple[TicketRecord, CaseRecord]:
    record, mine = _known(uow, case_id)
    if mine.case.state is not CaseState.PENDING_APPROVAL:
        raise CaseNotWaiting()
    return record, mine


def _check_approver(uow: UnitOfWork, record: TicketRecord, mine: CaseRecord, approver: Actor) -> None:
    """Another person than the requester, with a role that approves; a manager where the conditions ask for one."""
    if approver.id == mine.case.requester:
        raise ApproverIsRequester(approver=approver.id)
    condition = conditions_in_force(uow).find(mine.case.reason, record.ticket.type, mine.case.level or 0)
    only = condition.approver is Approver.MANAGER
    allowed = {Role.MANAGER, Role.HEAD_OFFICE} if only else APPROVERS | {Role.HEAD_OFFICE}
    if approver.role not in allowed:
        raise ApproverRightMissing(approver=approver.name or approver.id, manager_only=only)


def _role_of(uow: UnitOfWork, person_id: str) -> Role:
    person = uow.people.get(person_id)
    return person.role if person else Role.CLERK


def _rules(desk: Desk, uow: UnitOfWork) -> Rules:
    return Rules(policy_in_force(uow), conditions_in_force(uow), desk.zone)


def _ruled(desk: Desk, uow: UnitOfWork, ruling: Ruling, case_id: str, *, now: datetime) -> CaseRecord:
    """Writes what this desk itself decided, with the papers that follow."""
    if ruling.result is Result.REFUSED_RIGHT:
        raise ApproverRightMissing(approver="", manager_only=False)
    if ruling.record is None:
        raise CaseNotWaiting()
    absorb(desk, uow, ruling.record, now=now, known=False)
    after = ruling.record.case(case_id)
    if after is None:
        raise CaseNotWaiting()
    return after


def _send(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    kind: str,
    record: TicketRecord,
    decision: Decision,
    enrolment: Enrolment | None,
    *,
    now: datetime,
) -> str:
    return record_operation(
        desk,
        uow,
        actor,
        kind=kind,
        ticket_id=record.ticket.id,
        case_id=decision.case_id,
        payload=decision_to_payload(decision),
        enrolment=enrolment,
        now=now,
    )
