"""A ticket's row made from its JSON is the row of the ticket that the JSON stands for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Visit, Work
from store_desk.services.codec import decode, encode
from store_desk.store.rows import ticket_values
from store_desk.store.shown_rows import shown_values

from .conftest import NOW, make_ticket

FULL = make_ticket(
    customer="陈国栋",
    type=TicketType.COMPLAINT,
    review=Review.IN_PROCESS,
    work=Work.DONE,
    currency="EUR",
    amount_minor=12_345,
    due_at=NOW + timedelta(days=3),
    review_since=NOW,
    closed_at=NOW + timedelta(days=4),
    version=7,
    facts=TicketFacts(
        customer_other="Chen Guodong",
        purchased_on=date(2025, 2, 28),
        visit=Visit("T1", at=NOW),
        words=(("Farbe", "rot"),),
    ),
)


def shown(ticket: Ticket, **changed: Any) -> dict[str, Any]:
    """The ticket as it comes: through JSON."""
    members: dict[str, Any] = json.loads(json.dumps({**encode(ticket), **changed}))
    return members


@pytest.mark.parametrize(
    "members",
    [
        shown(FULL),
        shown(make_ticket()),
        shown(make_ticket(due_at=NOW)),
        shown(make_ticket(), due_at=None, amount_minor=None),
        shown(make_ticket(), version=1, currency="CNY", facts={}),
        # Members of a later version are passed over; moments before 1970 and with fractions are read all the same.
        shown(FULL, colour="red", facts={"colour": "red", "member": "V1"}),
        shown(FULL, created_at=-1, updated_at=1_700_000_000_000.5),
    ],
)
def test_the_row_of_a_ticket_is_the_same_either_way(members: dict[str, Any]) -> None:
    assert shown_values(members) == ticket_values(decode(Ticket, members))


WITHOUT_STORE = {name: member for name, member in shown(FULL).items() if name != "store"}


@pytest.mark.parametrize(
    "members",
    [
        shown(FULL, type="gift"),
        shown(FULL, review=None),
        shown(FULL, work=["done"]),
        shown(FULL, created_at="yesterday"),
        shown(FULL, created_at=None),
        shown(FULL, closed_at=10**17),
        shown(FULL, facts=None),
        shown(FULL, facts="red"),
        shown(FULL, facts={"visit": 3}),
        WITHOUT_STORE,
        ["a", "list"],
        None,
    ],
)
def test_what_is_no_ticket_makes_no_row(members: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
        ticket_values(decode(Ticket, members))
    with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
        shown_values(members)


def test_tickets_without_facts_share_nothing_that_can_change() -> None:
    one, other = (decode(Ticket, shown(make_ticket())) for _ in range(2))
    assert one.facts == other.facts == TicketFacts()
    assert replace(one.facts, member="V1") != other.facts
