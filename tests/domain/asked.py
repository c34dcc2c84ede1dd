"""What a desk asks of the authority, made as the desk makes it: from the plan that was shown there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from store_desk.domain.authority import Agreed, CancelRequest, Rules, Ruling, obligation_of, rule_on_cancel
from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES, CancellationCase, CaseState, Origin, before_of
from store_desk.domain.conditions import SHIPPED
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.obligations import Obligation
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Ticket, Visit
from tests.domain.tickets import NOON, SHANGHAI, plan_of

CLERK = "2047"
SUPERVISOR = "1003"
MANAGER = "1001"
RULES = Rules(Policy(), SHIPPED, SHANGHAI)
SOON = NOON + timedelta(minutes=3)


def ids() -> Iterator[str]:
    """New ids in their order."""
    n = 0
    while True:
        n += 1
        yield f"new{n}"


def agreed_of(plan: Plan) -> Agreed:
    """The plan in the terms that an approval is compared by."""
    owed = tuple(step.kind for step in plan.steps if step.obligation)
    return Agreed(plan.level, plan.because, plan.customer_pays_minor, owed)


def owed_of(plan: Plan, case_id: str) -> tuple[Obligation, ...]:
    """The obligations that the desk wrote for the plan."""
    steps = [step for step in plan.steps if step.obligation]
    return tuple(obligation_of(step, case_id=case_id, id_=f"{case_id}-{n}") for n, step in enumerate(steps))


def asks(
    ticket: Ticket,
    reason: Reason = Reason.SELF_RESOLVED,
    *,
    case_id: str = "case1",
    requester: str = CLERK,
    role: Role = Role.CLERK,
    approver: str = "",
    approver_role: Role | None = None,
    desk: str = "XH2",
    slip: str = "XH2-26-S000001-K",
    at: datetime = NOON,
    **changes: Any,
) -> CancelRequest:
    """The request of a desk that saw the ticket like this; `changes` are members of its case."""
    plan = plan_of(ticket, reason, role=role, now=at)
    values: dict[str, Any] = {
        "id": case_id,
        "ticket_id": ticket.id,
        "state": CaseState.PENDING_HEAD_OFFICE,
        "reason": reason,
        "level": plan.level,
        "channel": Channel.COUNTER,
        "origin": Origin.DESK,
        "opened_at": at,
        "requester": requester,
        "consent": Consent(Grade.PAPER),
        "approver": approver,
        "approved_because": plan.because if approver else (),
        "applied_at": at,
        "before": before_of(ticket),
    }
    case = CancellationCase(**(values | changes))
    owed = owed_of(plan, case_id)
    return CancelRequest(case, agreed_of(plan), role, approver_role, owed, desk, slip)


def rule(
    ticket: Ticket | TicketRecord, request: CancelRequest, *, rules: Rules = RULES, now: datetime = SOON
) -> Ruling:
    """What head office decides when the ticket stands like this there."""
    record = ticket if isinstance(ticket, TicketRecord) else TicketRecord(ticket)
    return rule_on_cancel(record, request, rules=rules, now=now, new_id=ids().__next__)


def changed(ruling: Ruling) -> TicketRecord:
    """The record afterwards, which there must be."""
    assert ruling.record is not None
    return ruling.record


def case_in(ruling: Ruling, case_id: str = "case1") -> CancellationCase:
    """The case as the decision left it."""
    found = changed(ruling).case(case_id)
    assert found is not None
    return found.case


def confirmed(ticket: Ticket, **how: Any) -> TicketRecord:
    """The ticket with a cancellation that stands."""
    return changed(rule(ticket, asks(ticket, **how)))


def visit_at(at: datetime) -> Visit:
    """A technician is booked."""
    return Visit("3012", "周启明", "13900001111", at, "WO-7")


def same_but_version(one: Ticket, other: Ticket) -> bool:
    """Whether two tickets differ in their version at most."""
    return replace(one, version=0) == replace(other, version=0)


def standing_cases(record: TicketRecord) -> list[str]:
    """The ids of all cases that are open or confirmed."""
    return [item.case.id for item in record.cases if item.case.state in OPEN_STATES | CONFIRMED_STATES]
