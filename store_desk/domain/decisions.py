"""What the authority decides on a case that exists, and on tickets that move or are new; pure, as `authority` is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from store_desk.domain.authority import (
    Agreed,
    CancelRequest,
    Result,
    Rules,
    Ruling,
    approvers_of,
    called_off,
    owed_now,
    present_plan,
    reinstated,
    released,
)
from store_desk.domain.case import (
    CASE_MOVES,
    CONFIRMED_STATES,
    OPEN_STATES,
    CancellationCase,
    CaseState,
    advance,
    before_of,
    restore,
    walk,
)
from store_desk.domain.conditions import Approver
from store_desk.domain.errors import MoveNotAllowed, ReasonNotAllowed, TicketDone, TicketRejected
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord, with_case
from store_desk.domain.roles import APPROVERS, Role
from store_desk.domain.ticket import Review, Ticket, Work, move


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
        ticket = _as_before(ticket, mine.case)
    ended = advance(mine.case, CaseState.WITHDRAWN, now=now, by=by)
    after = with_case(
        record, replace(mine, case=ended, obligations=called_off(mine.obligations, now=now)), ticket=ticket
    )
    return Ruling(Result.ACCEPTED, after)


def _as_before(ticket: Ticket, case: CancellationCase) -> Ticket:
    """The ticket's exact state before the case; a duplicate points nowhere again."""
    if case.before is None:
        return ticket
    after = restore(ticket, case.before)
    if case.reason is Reason.DUPLICATE:
        after = replace(after, facts=replace(after.facts, survivor=""))
    return after


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
    condition = rules.conditions.find(mine.case.reason, record.ticket.type, mine.case.level or 0)
    if approver == mine.case.requester or role not in approvers_of(Approver.SUPERVISOR):
        return Ruling(Result.REFUSED_RIGHT)
    request = CancelRequest(mine.case, Agreed(0, (), 0, ()), requester_role)
    try:
        plan = present_plan(record.ticket, request, rules=rules, now=now)
    except (TicketDone, TicketRejected):
        ended = replace(mine.case, state=CaseState.REFUSED, decided_at=now, decided_by="head_office")
        after = with_case(record, replace(mine, case=ended, obligations=called_off(mine.obligations, now=now)))
        found = "rejected" if record.ticket.review is Review.REJECTED else "done"
        at = record.ticket.closed_at.isoformat() if record.ticket.closed_at else ""
        return Ruling(Result.REFUSED_DONE, after, facts=(("state", found), ("at", at)))
    except ReasonNotAllowed:
        # Head office forbids the reason by its present table; a person with the right has agreed all the same.
        plan = None
    if role not in approvers_of(plan.approver if plan else condition.approver):
        return Ruling(Result.REFUSED_RIGHT)
    agreed = tuple(item.kind.value for item in mine.obligations)
    owed = mine.obligations
    added: list[str] = []
    dropped: list[str] = []
    if plan is not None:
        shown = Agreed(plan.level, plan.because, plan.customer_pays_minor, agreed)
        owed, added, dropped = owed_now(mine, shown, plan, now=now, new_id=new_id)
    case = replace(mine.case, approver=approver, level=plan.level if plan else mine.case.level)
    state = CaseState.CONFIRMED_WITH_CONDITIONS if added or dropped else CaseState.CONFIRMED
    case = walk(case, (CaseState.AGREED, CaseState.APPLIED), now=now)
    case = replace(case, state=state, decided_at=now, decided_by="head_office", before=before_of(record.ticket))
    after = with_case(record, replace(mine, case=case, obligations=owed), ticket=released(record.ticket, case, now))
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
    after = with_case(record, replace(mine, case=ended, obligations=called_off(mine.obligations, now=now)))
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
        owed = reinstated(mine.obligations)
        after = with_case(record, replace(mine, case=case, obligations=owed), ticket=released(record.ticket, case, now))
        return Ruling(Result.ACCEPTED, after, facts=(("by", by), ("why", why)))
    if not confirm and mine.case.state in CONFIRMED_STATES:
        ticket = _as_before(record.ticket, mine.case)
        case = replace(told, state=CaseState.REFUSED)
        owed = called_off(mine.obligations, now=now)
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

