"""A ticket as cells of an export, under headings that an import recognises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from store_desk.domain.imports import Field
from store_desk.domain.money import digits_of
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.exchange.phones import read_phone
from store_desk.exchange.synonyms import HEADINGS
from store_desk.exchange.vocabulary import (
    CANCELLED_NAMES,
    REVIEW_NAMES,
    TYPE_NAMES,
    WORK_NAMES,
)

# The fields of an export in the order of a reader's interest; the time of day stands in the same cell as the date.
EXPORTED: Final = tuple(field for field in Field if field is not Field.CREATED_TIME)
_OTHER: Final = "words:"


def ticket_headings(lang: str) -> dict[str, str]:
    """Key to heading of every exported field, in Chinese (`zh`) or English."""
    place = 0 if lang == "zh" else 1
    return {field.value: HEADINGS[field].split("|")[place] for field in EXPORTED}


def other_headings(tickets: Iterable[Ticket]) -> dict[str, str]:
    """Key to heading of the columns that these tickets carry beside our fields."""
    return {f"{_OTHER}{heading}": heading for ticket in tickets for heading, _ in ticket.facts.words}


def ticket_cells(
    ticket: Ticket, *, lang: str, zone: str, country: str, cancelled: bool = False, reason: Reason | None = None
) -> dict[str, str]:
    """The ticket's cells by key; times as the store's clock shows them, amounts without a sign of currency.

    A moment that the clock shows twice when summer time ends, or one with parts of a second, has its offset.
    """
    place = 0 if lang == "zh" else 1
    facts = ticket.facts
    clock = ZoneInfo(zone)
    state = CANCELLED_NAMES if cancelled else _state_names(ticket)
    cells = {
        Field.NUMBER: ticket.number,
        Field.ORDER_NUMBER: ticket.order_number,
        Field.CUSTOMER: ticket.customer,
        Field.PHONE: _phone(ticket, country),
        Field.STORE: ticket.store,
        Field.CATEGORY: ticket.category,
        Field.PRODUCT: ticket.product,
        Field.BRAND: ticket.brand,
        Field.SERIAL: ticket.serial,
        Field.PROBLEM_TYPE: ticket.problem_type,
        Field.DESCRIPTION: ticket.description,
        Field.TYPE: TYPE_NAMES[ticket.type][place],
        Field.STATE: state[place],
        Field.REVIEW: REVIEW_NAMES[ticket.review][place],
        Field.WORK: WORK_NAMES[ticket.work][place],
        Field.CANCEL_REASON: facts.cancel_words or (reason.value if reason else ""),
        Field.AMOUNT: "" if ticket.amount_minor is None else _plain(ticket.amount_minor, ticket.currency),
        Field.COMPENSATION: _plain(ticket.compensation_minor, ticket.currency) if ticket.compensation_minor else "",
        Field.CURRENCY: ticket.currency,
        Field.CREATED_AT: _shown(ticket.created_at, clock),
        Field.UPDATED_AT: _shown(ticket.updated_at, clock),
        Field.DUE_AT: _shown(ticket.due_at, clock),
        Field.CLOSED_AT: _shown(ticket.closed_at, clock),
        Field.ASSIGNEE: ticket.assignee,
        Field.CHANNEL: ticket.origin_channel,
        Field.WARRANTY_UNTIL: facts.warranty_until.isoformat() if facts.warranty_until else "",
        Field.PURCHASED_ON: facts.purchased_on.isoformat() if facts.purchased_on else "",
        Field.WAYBILL: facts.parcel.waybill if facts.parcel else "",
        Field.CARRIER: facts.parcel.carrier if facts.parcel else "",
        Field.SOURCE_KEY: ticket.source_key,
    }
    return {
        **{field.value: text for field, text in cells.items()},
        **{f"{_OTHER}{heading}": text for heading, text in facts.words},
    }


def _state_names(ticket: Ticket) -> tuple[str, str]:
    """What the list shows: the rung of work, or of review while nobody has it."""
    if ticket.work is Work.UNASSIGNED or ticket.review is Review.REJECTED:
        return REVIEW_NAMES[ticket.review]
    return WORK_NAMES[ticket.work]


def _phone(ticket: Ticket, country: str) -> str:
    """The number with its extension where the note has it."""
    note = ticket.facts.contact_note
    return note if note and read_phone(note, country).number == ticket.phone else ticket.phone


def _plain(minor: int, currency: str) -> str:
    digits = digits_of(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{rest:0{digits}d}" if digits else "")


def _shown(moment: datetime | None, clock: ZoneInfo) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(clock)
    if local.microsecond or local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return local.isoformat(" ")
    return local.replace(tzinfo=None).isoformat(" ")
