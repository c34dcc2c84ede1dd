"""A ticket as a row of its table and back; the order of columns is that of `domain.ticket.Ticket`."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from typing import Any

from store_desk.domain.case import CaseState
from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Work
from store_desk.services.codec import compact, decode, encode, from_ms, from_ms_or_none, to_ms, to_ms_or_none
from store_desk.services.ports import ListedTicket
from store_desk.store.search_words import Keys

COLUMNS = (
    "id, number, store, customer, type, review, work, created_at, updated_at, currency, source, source_key,"
    " order_number, phone, serial, product, brand, category, problem_type, description, amount_minor,"
    " compensation_minor, assignee, origin_channel, due_at, review_since, closed_at, version, facts"
)
COLUMN_NAMES = tuple(name.strip() for name in COLUMNS.split(","))
COLUMNS_N = len(COLUMN_NAMES)
# Of a ticket's values: its numbers, as `search_words.keys_from` takes them, and its texts, as `words_from` does.
numbers_of = operator.itemgetter(*map(COLUMN_NAMES.index, ("number", "order_number", "phone", "serial")))
texts_of = operator.itemgetter(
    *map(COLUMN_NAMES.index, ("customer", "product", "brand", "category", "problem_type", "description"))
)
KEY_COLUMNS = "number_key, order_key, phone_key, serial_key, tail"
OF_TICKET = ", ".join(f"t.{name}" for name in COLUMN_NAMES)

# What a list shows beside the ticket: state and moment of the last case, nothing owed, a draft waits.
BESIDE = (
    "c.state, COALESCE(c.ended_at, c.decided_at, c.applied_at, c.opened_at),"
    " NOT EXISTS (SELECT 1 FROM obligation o WHERE o.case_id = t.case_id AND o.state IN ('open', 'waiting')),"
    " EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id)"
)
LISTED = f"SELECT {OF_TICKET}, {BESIDE} FROM ticket t LEFT JOIN cancellation_case c ON c.id = t.case_id"

_REVIEW = {item.value: item for item in Review}
_WORK = {item.value: item for item in Work}
_TYPE = {item.value: item for item in TicketType}
_CASE_STATE = {item.value: item for item in CaseState}
_NO_FACTS = TicketFacts()


def ticket_values(ticket: Ticket) -> tuple[Any, ...]:
    """The ticket's values in the order of COLUMNS."""
    return (
        ticket.id,
        ticket.number,
        ticket.store,
        ticket.customer,
        ticket.type.value,
        ticket.review.value,
        ticket.work.value,
        to_ms(ticket.created_at),
        to_ms(ticket.updated_at),
        ticket.currency,
        ticket.source,
        ticket.source_key,
        ticket.order_number,
        ticket.phone,
        ticket.serial,
        ticket.product,
        ticket.brand,
        ticket.category,
        ticket.problem_type,
        ticket.description,
        ticket.amount_minor,
        ticket.compensation_minor,
        ticket.assignee,
        ticket.origin_channel,
        to_ms_or_none(ticket.due_at),
        to_ms_or_none(ticket.review_since),
        to_ms_or_none(ticket.closed_at),
        ticket.version,
        facts_text(ticket.facts),
    )


def key_values(keys: Keys) -> tuple[str, ...]:
    """The keys in the order of KEY_COLUMNS."""
    return tuple(keys)


def facts_text(facts: TicketFacts) -> str:
    """The facts as compact JSON; an empty text when there are none."""
    return "" if facts is _NO_FACTS or facts == _NO_FACTS else compact(encode(facts))


def facts_from(text: str) -> TicketFacts:
    """The facts from their text."""
    if not text:
        return _NO_FACTS
    facts: TicketFacts = decode(TicketFacts, json.loads(text))
    return facts


def ticket_from(row: Sequence[Any]) -> Ticket:
    """The ticket from a row that begins with COLUMNS."""
    return Ticket(
        row[0],
        row[1],
        row[2],
        row[3],
        _TYPE[row[4]],
        _REVIEW[row[5]],
        _WORK[row[6]],
        from_ms(row[7]),
        from_ms(row[8]),
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        row[14],
        row[15],
        row[16],
        row[17],
        row[18],
        row[19],
        row[20],
        row[21],
        row[22],
        row[23],
        from_ms_or_none(row[24]),
        from_ms_or_none(row[25]),
        from_ms_or_none(row[26]),
        row[27],
        facts_from(row[28]),
    )


def listed_from(row: Sequence[Any]) -> ListedTicket:
    """The listed ticket from a row of LISTED."""
    state, at, settled, has_draft = row[COLUMNS_N : COLUMNS_N + 4]
    return ListedTicket(
        ticket_from(row),
        None if state is None else _CASE_STATE[state],
        from_ms_or_none(at),
        bool(settled),
        bool(has_draft),
    )
