"""Finding tickets and looking at one: the search box, the desk's lists, the whole of a ticket, a full number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store_desk.domain.case import CONFIRMED_STATES, CancellationCase, CaseState, status_of, undo_left_s
from store_desk.domain.errors import NumberAmbiguous, RevealQuotaUsed, TicketNotFound
from store_desk.domain.journal import Entry
from store_desk.domain.level import Rung, level_of, rung_of
from store_desk.domain.obligations import Obligation
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import Status, Ticket
from store_desk.services.desk import Desk
from store_desk.services.enrolment import enrolment_of
from store_desk.services.ports import Draft, ListedTicket, SlipRow, UnitOfWork
from store_desk.services.rules import policy_in_force
from store_desk.services.sync_view import is_to_handle

LIST_LIMIT = 50
EVENTS_MAX = 100
# Longer queries are cut: nobody types more, and a pasted page must not keep the lane busy.
QUERY_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One row of a list: the ticket, what is derived of it, and which field the search hit (empty without one).

    `to_handle` tells that head office answered otherwise than expected and nobody has dealt with it yet.
    """

    ticket: Ticket
    status: Status
    rung: Rung
    level: int
    settled: bool
    case_at: datetime | None
    has_draft: bool
    matched: str = ""
    exact: bool = False
    case_state: CaseState | None = None
    to_handle: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the one box found, best first. `capped`: the search gave up early; `guessed`: only near misses."""

    text: str
    lines: tuple[TicketLine, ...]
    more: bool
    capped: bool
    guessed: bool


@dataclass(frozen=True, slots=True)
class DeskLists:
    """The three groups of the desk with nothing searched, each with its count (counted up to 1,000)."""

    needs_action: tuple[TicketLine, ...]
    needs_action_count: int
    open_here: tuple[TicketLine, ...]
    open_here_count: int
    finished_today: tuple[TicketLine, ...]
    finished_today_count: int
    owed_slips: int


@dataclass(frozen=True, slots=True)
class TicketView:
    """The whole of one ticket as the desk shows it; `undo_left_s` counts from the moment of reading."""

    line: TicketLine
    cases: tuple[CancellationCase, ...]
    obligations: tuple[Obligation, ...]
    slips: tuple[SlipRow, ...]
    events: tuple[Entry, ...]
    others: tuple[TicketLine, ...]
    others_count: int
    draft: Draft | None
    undo_left_s: int
    reopen_until: datetime | None
    customer_caused: int


def line_of(listed: ListedTicket, *, matched: str = "", exact: bool = False, to_handle: bool = False) -> TicketLine:
    """A list row from what the store gave."""
    ticket = listed.ticket
    status = status_of(ticket.review, ticket.work, listed.case_state)
    return TicketLine(
        ticket=ticket,
        status=status,
        rung=rung_of(ticket.review, ticket.work, status),
        level=level_of(ticket),
        settled=listed.settled,
        case_at=listed.case_at,
        has_draft=listed.has_draft,
        matched=matched,
        exact=exact,
        case_state=listed.case_state,
        to_handle=to_handle,
    )


def _to_handle(uow: UnitOfWork) -> frozenset[str]:
    """Tickets with an answer that a person has to deal with; none at a desk that decides itself."""
    if enrolment_of(uow) is None:
        return frozenset()
    return frozenset(item.envelope.ticket_id for item in uow.deliveries.latest(limit=LIST_LIMIT) if is_to_handle(item))


def find_tickets(desk: Desk, actor: Actor, *, text: str, limit: int = LIST_LIMIT) -> Found:
    """What the one search box finds, exact hits first, closed tickets too; at most `limit` rows."""
    demand(actor, Right.LOOK_UP)
    text = text[:QUERY_LENGTH_MAX]
    with desk.read() as uow:
        answer = uow.finder.find(text, limit=limit)
        hits = {hit.ticket_id: hit for hit in answer.hits}
        listed = uow.tickets.listed(hits)
        handle = _to_handle(uow)
    lines = tuple(
        line_of(
            item,
            matched=hits[item.ticket.id].matched,
            exact=hits[item.ticket.id].exact,
            to_handle=item.ticket.id in handle,
        )
        for item in listed
    )
    return Found(text, lines, answer.more, answer.capped, answer.guessed)


def desk_lists(desk: Desk, actor: Actor, *, limit: int = LIST_LIMIT) -> DeskLists:
    """The lists of the first screen: due today or overdue, open, finished today (in the store's zone)."""
    demand(actor, Right.LOOK_UP)
    now = desk.clock().astimezone(desk.zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    with desk.read() as uow:
        due, due_count = uow.tickets.needing_action(until=tomorrow, limit=limit)
        open_, open_count = uow.tickets.open_here(until=tomorrow, limit=limit)
        done, done_count = uow.tickets.finished_since(midnight, limit=limit)
        owed = len(uow.slips.owed(limit=100))
        handle = _to_handle(uow)

    def lines(found: list[ListedTicket]) -> tuple[TicketLine, ...]:
        return tuple(line_of(item, to_handle=item.ticket.id in handle) for item in found)

    return DeskLists(
        lines(due),
        due_count,
        lines(open_),
        open_count,
        lines(done),
        done_count,
        owed,
    )


def ticket_of(uow: UnitOfWork, number: str) -> Ticket:
    """The one ticket with this number (or source key, or id); raises TicketNotFound or NumberAmbiguous."""
    found = uow.tickets.by_number(number.strip())
    if not found:
        raise TicketNotFound(number=number)
    if len(found) > 1:
        raise NumberAmbiguous(number=number, count=len(found), keys=tuple(t.source_key or t.id for t in found))
    return found[0]


def ticket_id_of(desk: Desk, actor: Actor, *, number: str) -> str:
    """The id of the one ticket with this number; raises TicketNotFound or NumberAmbiguous."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        return ticket_of(uow, number).id


def open_ticket(desk: Desk, actor: Actor, *, ticket_id: str) -> TicketView:
    """Everything about one ticket; raises TicketNotFound when it is gone."""
    demand(actor, Right.LOOK_UP)
    now = desk.clock()
    with desk.read() as uow:
        listed = uow.tickets.listed([ticket_id])
        if not listed:
            raise TicketNotFound(number=ticket_id)
        line = line_of(listed[0], to_handle=ticket_id in _to_handle(uow))
        cases = tuple(uow.cases.of_ticket(ticket_id))
        obligations = tuple(item for case in cases for item in uow.obligations.of_case(case.id))
        others, others_count = uow.tickets.of_customer(line.ticket, limit=LIST_LIMIT)
        policy = policy_in_force(uow)
        return TicketView(
            line=line,
            cases=cases,
            obligations=obligations,
            slips=tuple(uow.slips.of_ticket(ticket_id)),
            events=tuple(uow.journal.about(ticket_id, limit=EVENTS_MAX)),
            others=tuple(map(line_of, others)),
            others_count=others_count,
            draft=uow.drafts.get(ticket_id),
            undo_left_s=undo_left_s(cases[0], now=now, window_s=policy.undo_window_s) if cases else 0,
            reopen_until=_reopen_until(cases, policy.reopen_days),
            customer_caused=_customer_caused(uow, others, now),
        )


def _reopen_until(cases: tuple[CancellationCase, ...], days: int) -> datetime | None:
    if not cases or cases[0].decided_at is None or cases[0].state is CaseState.WITHDRAWN:
        return None
    return cases[0].decided_at + timedelta(days=days)


# Only these may count against a customer, and only as a fact that is shown (REQ-IMP-01).
CUSTOMER_CAUSED = frozenset({Reason.NEED_CHANGED, Reason.WAIVED})
COUNT_DAYS = 365


def _customer_caused(uow: UnitOfWork, others: list[ListedTicket], now: datetime) -> int:
    count = 0
    for item in others:
        if item.case_state not in CONFIRMED_STATES:
            continue
        if item.case_at is None or now - item.case_at > timedelta(days=COUNT_DAYS):
            continue
        count += any(
            case.reason in CUSTOMER_CAUSED and case.state in CONFIRMED_STATES
            for case in uow.cases.of_ticket(item.ticket.id)
        )
    return count


def reveal_phone(desk: Desk, actor: Actor, *, ticket_id: str, why: str = "") -> str:
    """The full number, with a journal entry and against the day's quota; raises RevealQuotaUsed."""
    demand(actor, Right.REVEAL)
    now = desk.clock()
    midnight = now.astimezone(desk.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with desk.work() as uow:
        limit = policy_in_force(uow).reveal_per_day
        if uow.journal.count_today(what="phone_revealed", actor=actor.id, since=midnight) >= limit:
            raise RevealQuotaUsed(limit=limit)
        ticket = uow.tickets.get(ticket_id)
        if ticket is None:
            raise TicketNotFound(number=ticket_id)
        uow.journal.write(at=now, actor=actor.id, what="phone_revealed", subject=ticket_id, facts={"why": why})
        return ticket.phone
