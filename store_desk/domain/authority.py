"""What the authority decides on an operation: the same pure functions at head office and wherever a desk stands for it.

Each `rule_on_…` takes the ticket's record as it is now and answers a `Ruling`: the result, and the record afterwards
where anything changed. Money and rights are always computed again; a request is trusted for identity alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from store_desk.domain.case import (
    CASE_MOVES,
    CONFIRMED_STATES,
    OPEN_STATES,
    CancellationCase,
    CaseState,
    advance,
    before_of,
    release,
    restore,
    walk,
)
from store_desk.domain.conditions import Conditions
from store_desk.domain.consent import Grade
from store_desk.domain.errors import MoveNotAllowed, ReasonNotAllowed, TicketDone, TicketRejected
from store_desk.domain.obligations import CLOSED_STATES, Obligation, ObligationKind, ObligationState
from store_desk.domain.plan import Plan, PlanStep, plan_cancellation
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord, with_case
from store_desk.domain.roles import APPROVERS, Role
from store_desk.domain.ticket import Review, Ticket, Work, move

Fact = str | int


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
        plan = _present_plan(record.ticket, request, rules=rules, now=now)
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


def _present_plan(ticket: Ticket, request: CancelRequest, *, rules: Rules, now: datetime) -> Plan:
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
    valid = bool(approver) and approver != request.case.requester and request.approver_role in APPROVERS
    granted = set(request.case.approved_because) | set(request.agreed.because) if valid else set()
    missing = [code for code in sorted(because) if code not in granted]
    if not missing and because and plan.level > request.agreed.level:
        missing.append("level_rose")
    if plan.customer_pays_minor > request.agreed.customer_pays_minor:
        missing.append("more_to_pay")
    return tuple(missing)


def _received(request: CancelRequest, ticket: Ticket) -> CaseRecord:
    """The case as it arrived, with head office's own knowledge of the ticket before it."""
    case = replace(request.case, before=before_of(ticket), strokes=())
    return CaseRecord(case, request.obligations, request.desk, request.slip)


def _superseded(record: TicketRecord, request: CancelRequest, first: CaseRecord, *, now: datetime) -> Ruling:
    mine = _received(request, record.ticket)
    ended = replace(mine.case, state=CaseState.SUPERSEDED, decided_at=now, decided_by="head_office")
    after = with_case(record, replace(mine, case=ended, obligations=_called_off(mine.obligations, now=now)))
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
    after = with_case(record, replace(mine, case=ended, obligations=_called_off(mine.obligations, now=now)))
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
    owed, added, dropped = _owed_now(mine, request.agreed, plan, now=now, new_id=new_id)
    conditions = bool(added or dropped or plan.level > request.agreed.level)
    state = CaseState.CONFIRMED_WITH_CONDITIONS if conditions else CaseState.CONFIRMED
    case = replace(mine.case, state=state, level=plan.level, decided_at=now, decided_by="head_office")
    after = with_case(record, replace(mine, case=case, obligations=owed), ticket=_released(record.ticket, case, now))
    facts: tuple[tuple[str, Fact], ...] = ()
    if conditions:
        facts = (("level", plan.level), ("added", ",".join(added)), ("dropped", ",".join(dropped)))
    return Ruling(Result.ACCEPTED_WITH_CONDITIONS if conditions else Result.ACCEPTED, after, facts)


def _released(ticket: Ticket, case: CancellationCase, now: datetime) -> Ticket:
    """The ticket of a confirmed case; a duplicate points to its survivor."""
    after = release(ticket, now=now)
    if case.reason is Reason.DUPLICATE:
        survivor = dict(case.evidence).get("survivor", "")
        after = replace(after, facts=replace(after.facts, survivor=survivor))
    return after


def _owed_now(
    mine: CaseRecord, agreed: Agreed, plan: Plan, *, now: datetime, new_id: Callable[[], str]
) -> tuple[tuple[Obligation, ...], list[str], list[str]]:
    """What is owed under the present plan: obligations kept, added and called off, with the kinds of the latter two."""
    present = {step.kind for step in plan.steps if step.obligation}
    kept: list[Obligation] = []
    dropped: list[str] = []
    for item in mine.obligations:
        if item.kind.value in agreed.kinds and item.kind.value not in present and item.state not in CLOSED_STATES:
            dropped.append(item.kind.value)
            kept.append(replace(item, state=ObligationState.VOID, closed_at=now, result="head_office"))
        else:
            kept.append(item)
    added: list[str] = []
    for step in plan.steps:
        if step.obligation and step.kind not in agreed.kinds and step.kind not in added:
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


def _called_off(items: tuple[Obligation, ...], *, now: datetime) -> tuple[Obligation, ...]:
    """The obligations of a case that came to nothing; what was settled already stays settled."""
    return tuple(
        item
        if item.state in CLOSED_STATES
        else replace(item, state=ObligationState.VOID, closed_at=now, result="not_cancelled")
        for item in items
    )


def rule_on_withdraw(record: TicketRecord, case_id: str, *, rules: Rules, now: datetime, by: str) -> Ruling:
    """Takes a case back: the ticket's exact state before it, as head office knew it."""
    mine = record.case(case_id)
    if mine is None or CaseState.WITHDRAWN not in CASE_MOVES[mine.case.state]:
        return Ruling(Result.ALREADY_OVER, facts=(("state", mine.case.state.value if mine else "unknown"),))
    applied = mine.case.applied_at
    if mine.case.state in CONFIRMED_STATES:
        window = timedelta(seconds=rules.policy.undo_window_s)
        if applied is None or now - applied > window:
            return Ruling(Result.REFUSED_LATE, facts=(("minutes", rules.policy.undo_window_s // 60),))
    ticket = record.ticket
    if record.standing == case_id and mine.case.state in CONFIRMED_STATES and mine.case.before is not None:
        ticket = restore(ticket, mine.case.before)
        if mine.case.reason is Reason.DUPLICATE:
            ticket = replace(ticket, facts=replace(ticket.facts, survivor=""))
    ended = advance(mine.case, CaseState.WITHDRAWN, now=now, by=by)
    after = with_case(
        record, replace(mine, case=ended, obligations=_called_off(mine.obligations, now=now)), ticket=ticket
    )
    return Ruling(Result.ACCEPTED, after)


def rule_on_approval(
    record: TicketRecord,
    case_id: str,
    *,
    approver: str,
    role: Role,
    requester_role: Role,
    rules: Rules,
    now: datetime,
    new_id: Callable[[], str],
) -> Ruling:
    """A second person agrees to a waiting case; the plan is computed again and becomes what was agreed."""
    mine = record.case(case_id)
    if mine is None or mine.case.state is not CaseState.PENDING_APPROVAL:
        return Ruling(Result.ALREADY_OVER, facts=(("state", mine.case.state.value if mine else "unknown"),))
    if approver == mine.case.requester or role not in APPROVERS | {Role.HEAD_OFFICE}:
        return Ruling(Result.REFUSED_RIGHT)
    request = CancelRequest(mine.case, Agreed(0, (), 0, ()), requester_role)
    try:
        plan = _present_plan(record.ticket, request, rules=rules, now=now)
    except (TicketDone, TicketRejected):
        ended = replace(mine.case, state=CaseState.REFUSED, decided_at=now, decided_by="head_office")
        after = with_case(record, replace(mine, case=ended, obligations=_called_off(mine.obligations, now=now)))
        return Ruling(Result.REFUSED_DONE, after, facts=(("state", "done"),))
    except ReasonNotAllowed:
        # Head office forbids the reason by its present table; a person with the right has agreed all the same.
        plan = None
    agreed = tuple(item.kind.value for item in mine.obligations)
    owed = mine.obligations
    added: list[str] = []
    dropped: list[str] = []
    if plan is not None:
        shown = Agreed(plan.level, plan.because, plan.customer_pays_minor, agreed)
        owed, added, dropped = _owed_now(mine, shown, plan, now=now, new_id=new_id)
    case = replace(mine.case, approver=approver, level=plan.level if plan else mine.case.level)
    state = CaseState.CONFIRMED_WITH_CONDITIONS if added or dropped else CaseState.CONFIRMED
    case = walk(case, (CaseState.AGREED, CaseState.APPLIED), now=now)
    case = replace(case, state=state, decided_at=now, decided_by="head_office", before=before_of(record.ticket))
    after = with_case(record, replace(mine, case=case, obligations=owed), ticket=_released(record.ticket, case, now))
    facts = (("approver", approver), ("added", ",".join(added)), ("dropped", ",".join(dropped)))
    return Ruling(Result.ACCEPTED_WITH_CONDITIONS if added or dropped else Result.ACCEPTED, after, facts=facts)


def rule_on_decline(
    record: TicketRecord, case_id: str, *, approver: str, role: Role, why: str, now: datetime
) -> Ruling:
    """A second person does not agree: the case ends refused, decided by that person."""
    mine = record.case(case_id)
    if mine is None or mine.case.state is not CaseState.PENDING_APPROVAL:
        return Ruling(Result.ALREADY_OVER, facts=(("state", mine.case.state.value if mine else "unknown"),))
    if role not in APPROVERS | {Role.HEAD_OFFICE}:
        return Ruling(Result.REFUSED_RIGHT)
    ended = replace(
        mine.case, state=CaseState.REFUSED, decided_at=now, decided_by=approver, approver=approver, decided_why=why
    )
    after = with_case(record, replace(mine, case=ended, obligations=_called_off(mine.obligations, now=now)))
    return Ruling(Result.ACCEPTED, after, facts=(("approver", approver), ("why", why)))


def rule_on_asking(record: TicketRecord, case_id: str, *, why: str) -> Ruling:
    """A store asks head office to look at a refused case again; it stays refused until somebody overrules."""
    mine = record.case(case_id)
    if mine is None or mine.case.state not in (CaseState.REFUSED, CaseState.SUPERSEDED):
        return Ruling(Result.ALREADY_OVER, facts=(("state", mine.case.state.value if mine else "unknown"),))
    return Ruling(Result.ACCEPTED, with_case(record, replace(mine, case=replace(mine.case, asked=why))))


def rule_on_overruling(
    record: TicketRecord, case_id: str, *, confirm: bool, by: str, role: Role, why: str, now: datetime
) -> Ruling:
    """Head office overrules an outcome with a reason: a refused case is confirmed, or a confirmed one refused."""
    mine = record.case(case_id)
    if role is not Role.HEAD_OFFICE or not why.strip():
        return Ruling(Result.REFUSED_RIGHT)
    if mine is None:
        return Ruling(Result.ALREADY_OVER, facts=(("state", "unknown"),))
    told = replace(mine.case, decided_at=now, decided_by=by, decided_why=why, asked="")
    if confirm and mine.case.state in (CaseState.REFUSED, CaseState.SUPERSEDED):
        other = record.stands
        if other is not None and other.case.id != case_id and other.case.state in CONFIRMED_STATES | OPEN_STATES:
            return Ruling(Result.ALREADY_CANCELLED, facts=(("case", other.case.id), ("slip", other.slip)))
        case = replace(told, state=CaseState.CONFIRMED, before=before_of(record.ticket), applied_at=now)
        after = with_case(record, replace(mine, case=case), ticket=_released(record.ticket, case, now))
        return Ruling(Result.ACCEPTED, after, facts=(("by", by), ("why", why)))
    if not confirm and mine.case.state in CONFIRMED_STATES:
        ticket = restore(record.ticket, mine.case.before) if mine.case.before is not None else record.ticket
        case = replace(told, state=CaseState.REFUSED)
        owed = _called_off(mine.obligations, now=now)
        after = with_case(record, replace(mine, case=case, obligations=owed), ticket=ticket)
        return Ruling(Result.ACCEPTED, after, facts=(("by", by), ("why", why)))
    return Ruling(Result.ALREADY_OVER, facts=(("state", mine.case.state.value),))


def rule_on_move(
    record: TicketRecord,
    *,
    review: Review | None,
    work: Work | None,
    assignee: str | None,
    now: datetime,
) -> Ruling:
    """A ticket goes on along its ladders; never once a cancellation of it stands."""
    if record.state in CONFIRMED_STATES:
        return Ruling(Result.ALREADY_CANCELLED, facts=(("case", record.standing),))
    try:
        ticket = move(record.ticket, review=review, work=work, assignee=assignee, now=now)
    except MoveNotAllowed:
        facts = (("review", record.ticket.review.value), ("work", record.ticket.work.value))
        return Ruling(Result.REFUSED_MOVE, facts=facts)
    return Ruling(Result.ACCEPTED, replace(record, ticket=ticket))


def rule_on_new_ticket(known: TicketRecord | None, ticket: Ticket) -> Ruling:
    """A ticket that a desk made (reopened, corrected) enters head office's books, once."""
    if known is not None:
        return Ruling(Result.ALREADY_OVER, facts=(("state", "known"),))
    return Ruling(Result.ACCEPTED, TicketRecord(replace(ticket, version=1)))

