"""A ticket's row made from its JSON, where the ticket itself is not needed.

A table has most members as JSON has them. Making the ticket between the two takes four times as long as all else, and a
million of them are felt. What is unusual in any way is left to `codec.decode`, so that both ways read the same.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Work
from store_desk.services.codec import decode
from store_desk.store.rows import COLUMN_NAMES, facts_text, ticket_values

# What a ticket's JSON leaves out; the last column, the facts, is a text of its own.
_DEFAULTS = tuple((item.name, item.default) for item in fields(Ticket))[:-1]
_TYPE, _REVIEW, _WORK, _CREATED, _UPDATED = map(
    COLUMN_NAMES.index, ("type", "review", "work", "created_at", "updated_at")
)
_MOMENTS = tuple(map(COLUMN_NAMES.index, ("created_at", "updated_at", "due_at", "review_since", "closed_at")))
_TYPES = frozenset(item.value for item in TicketType)
_REVIEWS = frozenset(item.value for item in Review)
_WORKS = frozenset(item.value for item in Work)
# Milliseconds up to the year 9999, the last that a moment can be of.
_MS_MAX = 253_402_300_799_999


def shown_values(shown: dict[str, Any]) -> tuple[Any, ...]:
    """As `rows.ticket_values`, from a ticket's JSON; raises what `codec.decode` raises."""
    if type(shown) is not dict:
        raise TypeError("a ticket is an object")
    values = [shown.get(name, default) for name, default in _DEFAULTS]
    if (
        MISSING in values
        or values[_TYPE] not in _TYPES
        or values[_REVIEW] not in _REVIEWS
        or values[_WORK] not in _WORKS
        or values[_CREATED] is None
        or values[_UPDATED] is None
        or any((at := values[n]) is not None and not (type(at) is int and 0 <= at <= _MS_MAX) for n in _MOMENTS)
    ):
        return ticket_values(decode(Ticket, shown))
    return (*values, facts_text(decode(TicketFacts, shown["facts"])) if "facts" in shown else "")


def shown_others(shown: dict[str, Any]) -> tuple[str, str]:
    """The other form of the customer's and the product's name, from JSON of which `shown_values` were made."""
    facts = shown.get("facts")
    return (facts.get("customer_other", ""), facts.get("product_other", "")) if facts else ("", "")
