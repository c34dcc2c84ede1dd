"""What a supervisor sees: who waits for approval and why, and the cancellations that deserve a second look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from store_desk.domain.case import CONFIRMED_STATES, CancellationCase, CaseState, Origin, status_of
from store_desk.domain.consent import Channel
from store_desk.domain.errors import TicketNotFound
from store_desk.domain.obligations import Obligation
from store_desk.domain.office_errors import CaseNotWaiting
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right
from store_desk.domain.slip import Both
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Ticket
from store_desk.services.desk import Desk
from store_desk.services.enrolment import enrolment_of
from store_desk.services.kept_plan import plan_of
from store_desk.services.look_up import CUSTOMER_CAUSED, TicketLine, line_of
from store_desk.services.office_ports import DeliveryState
from store_desk.services.oversight import Concern, Watched
from store_desk.services.ports import UnitOfWork
from store_desk.services.reopen import ENDED
from store_desk.services.rules import policy_in_force

QUEUE_MAX = 100
FOUND_MAX = 50
OTHERS_MAX = 50
# So many cancellations of one customer's own making within the window are told; nothing else follows from it.
OFTEN = 3
OFTEN_WINDOW = timedelta(days=30)
HISTORY_WINDOW = timedelta(days=365)
REPRINTS_MANY = 3
# A slip that went by text is expected back within so long, and missed for so long after that.
SIGN_WITHIN = timedelta(days=7)
LOOK_BACK = timedelta(days=30)
HANDLED_WINDOW = timedelta(days=7)
HANDLED = "exception_handled"
USED = "approvals.used"
# Who stands there comes first, this desk's before another's, then who holds the telephone, then who wrote.
AT_COUNTER = frozenset({Channel.COUNTER, Channel.PROXY})
PEOPLE_KEPT = 200
# Outcomes that head office may turn into a confirmation.
DISPUTED_STATES = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue: `pays_minor` is what the customer would give back, `desk` where it was asked (`XH2`)."""

    case: CancellationCase
    ticket: Ticket
    line: TicketLine
    pays_minor: int
    requester: Both
    desk: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier cancellation of the same customer; `counts` tells that it was of the customer's own making."""

    ticket: Ticket
    reason: Reason
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class WaitingView:
    """All that is shown of one request."""

    waiting: Waiting
    plan: Plan
    owed: tuple[Obligation, ...]
    because: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    limits: tuple[tuple[str, int], ...]
    enrolled: bool


@dataclass(frozen=True, slots=True)
class Handled:
    """An exception that somebody dealt with."""

    concern: str
    number: str
    at: datetime
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What deserves a second look, most urgent first, and what was dealt with lately."""

    found: tuple[Watched, ...]
    handled: tuple[Handled, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rail needs: whether there is an Approvals page here at all, and its numbers."""

    offered: bool
    waiting: int
    exceptions: int


def standing(desk: Desk, actor: Actor) -> Standing:
    """Whether this person has an Approvals page at this desk: with head office, or once something was parked."""
    with desk.read() as uow:
        waiting = uow.oversight.count_waiting()
        offered = enrolment_of(uow) is not None or waiting > 0 or uow.settings.get(USED) is not None
        found = len(_found(uow, now=desk.clock())) if offered else 0
    return Standing(offered, waiting, found)


def remember_used(desk: Desk) -> None:
    """From now on this desk has an Approvals page, also while nothing waits."""
    with desk.work() as uow:
        if uow.settings.get(USED) is None:
            uow.settings.put(USED, "true")


def approvals(desk: Desk, actor: Actor) -> tuple[Waiting, ...]:
    """The queue: people at the counter first (this one before others), then by telephone, then by waiting time."""
    demand(actor, Right.APPROVE)
    with desk.read() as uow:
        names = names_of(uow)
        rows = [_waiting(uow, case, names, own=_label(desk)) for case in uow.oversight.waiting(limit=QUEUE_MAX)]
    known = [row for row in rows if row is not None]
    return tuple(sorted(known, key=lambda row: (_rank(row, own=_label(desk)), row.case.opened_at)))


def _rank(row: Waiting, *, own: str) -> int:
    if row.case.channel in AT_COUNTER:
        return 0 if row.desk == own else 1
    return 2 if row.case.channel is Channel.PHONE else 3


def waiting_view(desk: Desk, actor: Actor, *, case_id: str) -> WaitingView:
    """One request; raises CaseNotWaiting when it has been decided meanwhile."""
    demand(actor, Right.APPROVE)
    now = desk.clock()
    with desk.read() as uow:
        case = uow.cases.get(case_id)
        if case is None or case.state is not CaseState.PENDING_APPROVAL:
            raise CaseNotWaiting()
        row = _waiting(uow, case, names_of(uow), own=_label(desk))
        if row is None:
            raise TicketNotFound(number=case.ticket_id)
        policy = policy_in_force(uow)
        plan = plan_of(case, row.ticket)
        return WaitingView(
            waiting=row,
            plan=plan,
            owed=tuple(uow.obligations.of_case(case.id)),
            because=case.approved_because or plan.because,
            earlier=_earlier(uow, row.ticket, now=now),
            limits=(("collect", policy.collect_approval_minor), ("review_h", policy.review_overdue_h)),
            enrolled=enrolment_of(uow) is not None,
        )


def _label(desk: Desk) -> str:
    return f"{desk.identity.store_code}{desk.identity.desk}"


def names_of(uow: UnitOfWork) -> dict[str, Both]:
    """The store's people by number, in both languages."""
    return {person.id: Both(person.name, person.name_other or person.name) for person in uow.people.all()[:PEOPLE_KEPT]}


def desk_of(uow: UnitOfWork, case: CancellationCase, *, own: str) -> str:
    """The desk that made the case, as `XH2`; this one where nothing else is known."""
    record = uow.records.get(case.ticket_id)
    found = record.case(case.id) if record else None
    return found.desk if found and found.desk else own


def _waiting(uow: UnitOfWork, case: CancellationCase, names: dict[str, Both], *, own: str) -> Waiting | None:
    listed = next(iter(uow.tickets.listed([case.ticket_id])), None)
    if listed is None:
        return None
    who = names.get(case.requester, Both(case.requester, case.requester))
    pays = plan_of(case, listed.ticket).customer_pays_minor
    return Waiting(case, listed.ticket, line_of(listed), pays, who, desk_of(uow, case, own=own))


def _earlier(uow: UnitOfWork, ticket: Ticket, *, now: datetime) -> tuple[Earlier, ...]:
    """The customer's cancellations of the last twelve months on other tickets, latest first."""
    others, _ = uow.tickets.of_customer(ticket, limit=OTHERS_MAX)
    found: list[Earlier] = []
    for item in others:
        if item.case_state not in CONFIRMED_STATES or item.case_at is None or now - item.case_at > HISTORY_WINDOW:
            continue
        case = next((case for case in uow.cases.of_ticket(item.ticket.id) if case.state in CONFIRMED_STATES), None)
        if case is not None:
            found.append(Earlier(item.ticket, case.reason, item.case_at, case.reason in CUSTOMER_CAUSED))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


# --- exceptions --------------------------------------------------------------------------------------------


def exceptions(desk: Desk, actor: Actor) -> Exceptions:
    """What deserves a second look, and what was dealt with in the last seven days."""
    demand(actor, Right.APPROVE)
    now = desk.clock()
    with desk.read() as uow:
        found = _found(uow, now=now)
        entries = uow.oversight.handled(since=now - HANDLED_WINDOW, limit=FOUND_MAX)
    handled = []
    for entry in entries:
        facts = json.loads(entry.facts)
        at = datetime.fromtimestamp(entry.at_ms / 1000, tz=now.tzinfo)
        handled.append(Handled(facts["concern"], facts.get("number", ""), at, entry.actor, facts.get("how", "")))
    return Exceptions(found, tuple(handled))


def _found(uow: UnitOfWork, *, now: datetime) -> tuple[Watched, ...]:
    watch = uow.oversight
    since = now - LOOK_BACK
    visits = watch.with_visit(since=since, limit=FOUND_MAX)
    often = watch.often(
        since=now - OFTEN_WINDOW,
        least=OFTEN,
        reasons=tuple(sorted(reason.value for reason in CUSTOMER_CAUSED)),
        limit=FOUND_MAX,
    )
    return (
        *watch.unsigned(since=since - SIGN_WITHIN, until=now - SIGN_WITHIN, limit=FOUND_MAX),
        *watch.money_short(now=now, limit=FOUND_MAX),
        *often,
        *(item for item in visits if _had_left(item)),
        *watch.reprinted(since=since, least=REPRINTS_MANY, limit=FOUND_MAX),
    )


def _had_left(item: Watched) -> bool:
    """Whether it was too late to stop the technician for nothing: after the last free moment of a booked visit."""
    visit = item.ticket.facts.visit
    if visit is None or visit.at is None:
        return False
    return visit.free_until is not None and item.at > visit.free_until


def handle_exception(desk: Desk, actor: Actor, *, concern: Concern, case_id: str, how: str) -> None:
    """Notes in the journal that somebody looked at it and what was done; it leaves the list.

    Raises TicketNotFound when the case is gone.
    """
    demand(actor, Right.APPROVE)
    with desk.work() as uow:
        case = uow.cases.get(case_id)
        ticket = uow.tickets.get(case.ticket_id) if case else None
        if case is None or ticket is None:
            raise TicketNotFound(number=case_id)
        facts: dict[str, object] = {"case": case_id, "concern": concern.value, "number": ticket.number, "how": how}
        uow.journal.write(at=desk.clock(), actor=actor.id, what=HANDLED, subject=ticket.id, facts=facts)


def note_call(desk: Desk, actor: Actor, *, case_id: str) -> str:
    """Notes that the approver calls the desk first; answers the store's telephone number ('' when there is none)."""
    demand(actor, Right.APPROVE)
    with desk.work() as uow:
        case = uow.cases.get(case_id)
        if case is None:
            raise CaseNotWaiting()
        uow.journal.write(
            at=desk.clock(), actor=actor.id, what="approver_calls", subject=case.ticket_id, facts={"case": case_id}
        )
    return desk.identity.phone


# --- outcomes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disputed:
    """A case whose outcome head office may overrule.

    `slip` is the case's first slip, '' where none is known; `reopened` the number of a live ticket that was made by
    reopening this one, '' without one; `sent` tells that an overruling of the case was made here and has no answer yet.
    """

    case: CancellationCase
    ticket: Ticket
    desk: str
    slip: str = ""
    reopened: str = ""
    sent: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is confirmed, so that overruling refuses it; otherwise overruling confirms it."""
        return self.case.state in CONFIRMED_STATES


def outcomes(desk: Desk, actor: Actor) -> tuple[Disputed, ...]:
    """Refused and superseded cases that head office may confirm after all, those that are asked about first."""
    demand(actor, Right.APPROVE)
    with desk.read() as uow:
        return _overrulable(uow, uow.oversight.disputed(limit=QUEUE_MAX))


def confirmed_outcomes(desk: Desk, actor: Actor) -> tuple[Disputed, ...]:
    """Confirmed cases that head office may refuse after all, the latest cancelled first."""
    demand(actor, Right.APPROVE)
    with desk.read() as uow:
        return _overrulable(uow, uow.oversight.confirmed(limit=QUEUE_MAX))


def find_outcomes(desk: Desk, actor: Actor, *, number: str) -> tuple[Disputed, ...]:
    """The cases of a slip's or a ticket's number that head office may overrule either way; of a ticket latest first.

    Of slips that were made at other desks head office's desk knows the first one of each case, which the later ones
    name.
    """
    demand(actor, Right.APPROVE)
    number = number.strip()
    if not number:
        return ()
    with desk.read() as uow:
        cases = uow.oversight.of_slip(number.upper(), limit=QUEUE_MAX)
        if not cases:
            cases = [case for ticket in uow.tickets.by_number(number) for case in uow.cases.of_ticket(ticket.id)]
        return _overrulable(uow, [case for case in cases if _may_be_overruled(case)][:QUEUE_MAX])


def _may_be_overruled(case: CancellationCase) -> bool:
    """What was cancelled before this program came has no decision of head office that could be another one."""
    return case.origin is Origin.DESK and case.state in CONFIRMED_STATES | DISPUTED_STATES


def _overrulable(uow: UnitOfWork, cases: list[CancellationCase]) -> tuple[Disputed, ...]:
    found: list[Disputed] = []
    for case in cases:
        ticket = uow.tickets.get(case.ticket_id)
        if ticket is not None:
            reopened = _reopened_from(uow, ticket) if case.state in CONFIRMED_STATES else ""
            record = uow.records.get(case.ticket_id)
            mine = record.case(case.id) if record else None
            label, slip = (mine.desk, mine.slip) if mine else ("", "")
            found.append(Disputed(case, ticket, label or ticket.store, slip, reopened, _is_sent(uow, case)))
    return tuple(found)


def _reopened_from(uow: UnitOfWork, ticket: Ticket) -> str:
    for made in uow.tickets.reopened_from(ticket):
        if status_of(made.ticket.review, made.ticket.work, made.case_state) not in ENDED:
            return made.ticket.number
    return ""


def _is_sent(uow: UnitOfWork, case: CancellationCase) -> bool:
    """Whether an overruling of the case waits for head office's service."""
    mine = (item for item in uow.deliveries.of_ticket(case.ticket_id) if item.envelope.case_id == case.id)
    return any(item.envelope.kind == "overrule" and item.state is not DeliveryState.ANSWERED for item in mine)
