"""What the authority decides on a cancellation: the same pure functions at head office and where a desk stands for it.

Each `rule_on_…`, here and in `decisions`, takes the record as it is now and answers a `Ruling`: the result, and
the record afterwards where anything changed. Money and rights are always computed again; a request is trusted for
identity alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import Enum

from store_desk.domain.case import (
    CONFIRMED_STATES,
    OPEN_STATES,
    CancellationCase,
    CaseState,
    before_of,
    release,
)
from store_desk.domain.conditions import Approver, Conditions
from store_desk.domain.consent import Grade
from store_desk.domain.errors import ReasonNotAllowed, TicketDone, TicketRejected
from store_desk.domain.obligations import CLOSED_STATES, HOLD_KINDS, Obligation, ObligationKind, ObligationState
from store_desk.domain.plan import Plan, PlanStep, plan_cancellation
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord, with_case
from store_desk.domain.roles import APPROVERS, Role
from store_desk.domain.ticket import Ticket

Fact = str | int
# How an obligation is marked whose case came to nothing.
NOT_CANCELLED = "not_cancelled"


class Result(Enum):
    """What became of an operation. Everything from ALREADY_CANCELLED on differs from what the desk expected."""

    ACCEPTED = "accepted"
    ALREADY_OVER = "already_over"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    ALREADY_CANCELLED = "already_cancelled"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED_DONE = "refused_done"
    REFUSED_LATE = "refused_late"
    REFUSED_SCOPE = "refused_scope"
    REFUSED_RIGHT = "refused_right"
    REFUSED_MOVE = "refused_move"
    REFUSED_UNREADABLE = "refused_unreadable"
    REFUSED_KEY_REUSE = "refused_key_reuse"


# Results after which nothing is left for a person to do.
QUIET_RESULTS = frozenset({Result.ACCEPTED, Result.ALREADY_OVER})


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions are made by: the shop's numbers, the condition table, the store's time zone."""

    policy: Policy
    conditions: Conditions
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the customer and the approver saw: the plan in the terms that an approval is compared by."""

    level: int
    because: tuple[str, ...]
    customer_pays_minor: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """A cancellation as a desk sends it.

    `case` is the case as it stands there (pending_head_office, or pending_approval when it was sent for approval);
    `agreed_minor` and `agreed_due` the remedy that was agreed on.
    """

    case: CancellationCase
    agreed: Agreed
    requester_role: Role
    approver_role: Role | None = None
    obligations: tuple[Obligation, ...] = ()
    desk: str = ""
    slip: str = ""
    agreed_minor: int = 0
    agreed_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision. `record` is the ticket's record afterwards, None when nothing changed."""

    result: Result
    record: TicketRecord | None = None
    facts: tuple[tuple[str, Fact], ...] = ()


def rule_on_cancel(
    record: TicketRecord, request: CancelRequest, *, rules: Rules, now: datetime, new_id: Callable[[], str]
) -> Ruling:
    """Decides a cancellation: first come first served, never refused silently, never wider than what was approved."""
    if record.case(request.case.id) is not None:
        # A second operation for one case can only be a copy of the desk's database at work.
        return Ruling(Result.ALREADY_OVER)
    first = record.stands
    if first is not None and (first.case.state in CONFIRMED_STATES or first.case.state in OPEN_STATES):
        return _superseded(record, request, first, now=now)
    try:
        plan = present_plan(record.ticket, request, rules=rules, now=now)
    except TicketDone:
        return _refused(record, request, Result.REFUSED_DONE, (("state", "done"),), now=now)
    except TicketRejected:
        return _refused(record, request, Result.REFUSED_DONE, (("state", "rejected"),), now=now)
    except ReasonNotAllowed:
        return _waits(record, request, ("conditions_changed",), now=now)
    missing = _uncovered(plan, request)
    if missing or request.case.state is CaseState.PENDING_APPROVAL:
        return _waits(record, request, missing or plan.because, now=now)
    return _confirmed(record, request, plan, now=now, new_id=new_id)


def present_plan(ticket: Ticket, request: CancelRequest, *, rules: Rules, now: datetime) -> Plan:
    """The plan as it would be made now; raises as plan_cancellation does."""
    return plan_cancellation(
        ticket,
        request.case.reason,
        channel=request.case.channel,
        role=request.requester_role,
        policy=rules.policy,
        conditions=rules.conditions,
        now=now,
        zone=rules.zone,
        agreed_minor=request.agreed_minor,
        agreed_due=request.agreed_due,
    )


def _uncovered(plan: Plan, request: CancelRequest) -> tuple[str, ...]:
    """Why the present plan needs an approval that was not given; empty when all is covered."""
    because = set(plan.because)
    consent = request.case.consent
    if consent is not None and consent.grade is Grade.STORE_STARTED and not because:
        because = {"reason_always"}
    approver = request.case.approver
    fit = request.approver_role in approvers_of(plan.approver)
    valid = bool(approver) and approver != request.case.requester and fit
    granted = set(request.case.approved_because) | set(request.agreed.because) if valid else set()
    missing = [code for code in sorted(because) if code not in granted]
    if not missing and because and plan.level > request.agreed.level:
        missing.append("level_rose")
    if plan.customer_pays_minor > request.agreed.customer_pays_minor:
        missing.append("more_to_pay")
    return tuple(missing)


def approvers_of(approver: Approver) -> frozenset[Role]:
    """The roles whose agreement counts, head office's own people among them."""
    named = frozenset({Role.MANAGER}) if approver is Approver.MANAGER else APPROVERS
    return named | {Role.HEAD_OFFICE}


def reinstated(items: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
    """What is owed again when a case that had come to nothing is confirmed after all; what was to stop has gone on."""
    return tuple(
        replace(item, state=ObligationState.OPEN, closed_at=None, result="")
        if item.result == NOT_CANCELLED and item.kind not in HOLD_KINDS
        else item
        for item in items
    )


def _received(request: CancelRequest, ticket: Ticket) -> CaseRecord:
    """The case as it arrived, with head office's own knowledge of the ticket before it."""
    case = replace(request.case, before=before_of(ticket), strokes=())
    return CaseRecord(case, request.obligations, request.desk, request.slip)


def _superseded(record: TicketRecord, request: CancelRequest, first: CaseRecord, *, now: datetime) -> Ruling:
    mine = _received(request, record.ticket)
    ended = replace(mine.case, state=CaseState.SUPERSEDED, decided_at=now, decided_by="head_office")
    after = with_case(record, replace(mine, case=ended, obligations=called_off(mine.obligations, now=now)))
    at = first.case.decided_at or first.case.applied_at or first.case.opened_at
    facts = (
        ("case", first.case.id),
        ("desk", first.desk),
        ("slip", first.slip),
        ("reason", first.case.reason.value),
        ("state", first.case.state.value),
        ("at", at.isoformat()),
    )
    return Ruling(Result.ALREADY_CANCELLED, after, facts=facts)


def _refused(
    record: TicketRecord, request: CancelRequest, result: Result, facts: tuple[tuple[str, Fact], ...], *, now: datetime
) -> Ruling:
    mine = _received(request, record.ticket)
    ended = replace(mine.case, state=CaseState.REFUSED, decided_at=now, decided_by="head_office")
    after = with_case(record, replace(mine, case=ended, obligations=called_off(mine.obligations, now=now)))
    closed = record.ticket.closed_at
    return Ruling(result, after, facts=(*facts, ("at", closed.isoformat() if closed else "")))


def _waits(record: TicketRecord, request: CancelRequest, because: tuple[str, ...], *, now: datetime) -> Ruling:
    mine = _received(request, record.ticket)
    waiting = replace(mine.case, state=CaseState.PENDING_APPROVAL, approved_because=because, approver="")
    after = with_case(record, replace(mine, case=waiting))
    return Ruling(Result.NEEDS_APPROVAL, after, facts=(("because", ",".join(because)),))


def _confirmed(
    record: TicketRecord, request: CancelRequest, plan: Plan, *, now: datetime, new_id: Callable[[], str]
) -> Ruling:
    mine = _received(request, record.ticket)
    owed, added, dropped = owed_now(mine, request.agreed, plan, now=now, new_id=new_id)
    conditions = bool(added or dropped or plan.level > request.agreed.level)
    state = CaseState.CONFIRMED_WITH_CONDITIONS if conditions else CaseState.CONFIRMED
    case = replace(mine.case, state=state, level=plan.level, decided_at=now, decided_by="head_office")
    after = with_case(record, replace(mine, case=case, obligations=owed), ticket=released(record.ticket, case, now))
    facts: tuple[tuple[str, Fact], ...] = ()
    if conditions:
        facts = (("level", plan.level), ("added", ",".join(added)), ("dropped", ",".join(dropped)))
    return Ruling(Result.ACCEPTED_WITH_CONDITIONS if conditions else Result.ACCEPTED, after, facts)


def released(ticket: Ticket, case: CancellationCase, now: datetime) -> Ticket:
    """The ticket of a confirmed case; a duplicate points to its survivor."""
    after = release(ticket, now=now)
    if case.reason is Reason.DUPLICATE:
        survivor = dict(case.evidence).get("survivor", "")
        after = replace(after, facts=replace(after.facts, survivor=survivor))
    return after


def owed_now(
    mine: CaseRecord, agreed: Agreed, plan: Plan, *, now: datetime, new_id: Callable[[], str]
) -> tuple[tuple[Obligation, ...], list[str], list[str]]:
    """What is owed under the present plan: obligations kept, with other sums, added and called off.

    The kinds of those that are new or of another sum come second, of those called off third.
    """
    present: dict[str, list[PlanStep]] = {}
    for step in plan.steps:
        if step.obligation:
            present.setdefault(step.kind, []).append(step)
    kept: list[Obligation] = []
    added: list[str] = []
    dropped: list[str] = []
    for item in mine.obligations:
        kind = item.kind.value
        steps = present.get(kind, [])
        step_now = steps.pop(0) if steps and kind in agreed.kinds else None
        if item.state in CLOSED_STATES or kind not in agreed.kinds:
            kept.append(item)
        elif step_now is None:
            dropped.append(kind)
            kept.append(replace(item, state=ObligationState.VOID, closed_at=now, result="head_office"))
        elif abs(step_now.amount_minor) != item.amount_minor:
            # Told like something new: the customer has another sum on paper.
            added.append(kind)
            kept.append(replace(item, amount_minor=abs(step_now.amount_minor)))
        else:
            kept.append(item)
    for step in plan.steps:
        if step.obligation and step.kind not in agreed.kinds:
            added.append(step.kind)
            kept.append(obligation_of(step, case_id=mine.case.id, id_=new_id()))
    return tuple(kept), added, dropped


def obligation_of(step: PlanStep, *, case_id: str, id_: str) -> Obligation:
    """The open obligation that a step leaves; `text` is the step's code with its facts, as canonical JSON."""
    return Obligation(
        id=id_,
        case_id=case_id,
        kind=ObligationKind(step.kind),
        owner=step.owner,
        state=ObligationState.OPEN,
        due_at=step.due_at,
        amount_minor=abs(step.amount_minor),
        text=json.dumps(
            {"code": step.code, "facts": dict(step.facts)}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ),
    )


def called_off(items: tuple[Obligation, ...], *, now: datetime) -> tuple[Obligation, ...]:
    """The obligations of a case that came to nothing; what was settled already stays settled."""
    return tuple(
        item
        if item.state in CLOSED_STATES
        else replace(item, state=ObligationState.VOID, closed_at=now, result=NOT_CANCELLED)
        for item in items
    )
