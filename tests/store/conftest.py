"""A real store in a temporary folder, and tickets to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.case import CancellationCase, CaseState, Origin
from store_desk.domain.consent import Channel
from store_desk.domain.numbers import ticket_number
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, Ticket, TicketType, Work
from store_desk.services.desk import DeskIdentity
from store_desk.services.ids import IdMaker
from store_desk.store import create_store
from store_desk.store.opening import Store

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
IDENTITY = DeskIdentity("XH", "星河电器", 2, "0" * 32, store_name_other="Xinghe")

new_id = IdMaker()
_made = iter(range(4711, 10**6))


def make_ticket(**given: Any) -> Ticket:
    """A ticket with a number of its own; any field can be given."""
    values: dict[str, Any] = {
        "id": new_id(),
        "number": ticket_number("XH", 2, 2026, next(_made)),
        "store": "XH",
        "customer": "王秀兰",
        "type": TicketType.REPAIR,
        "review": Review.APPROVED,
        "work": Work.ASSIGNED,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Ticket(**{**values, **given})


def make_case(ticket: Ticket, state: CaseState = CaseState.APPLIED, **given: Any) -> CancellationCase:
    """A case of the ticket."""
    values: dict[str, Any] = {
        "id": new_id(),
        "ticket_id": ticket.id,
        "state": state,
        "reason": Reason.NEED_CHANGED,
        "level": 3,
        "channel": Channel.COUNTER,
        "origin": Origin.DESK,
        "opened_at": NOW,
        "requester": "1001",
    }
    return CancellationCase(**{**values, **given})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder."""
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A new, empty store."""
    opened = create_store(folder, identity=IDENTITY)
    yield opened
    opened.close()


@pytest.fixture
def having(store: Store) -> Callable[..., list[Ticket]]:
    """Puts tickets into the store, oldest first, and answers them."""

    def put(*tickets: Ticket) -> list[Ticket]:
        with store.work() as unit:
            for ticket in tickets:
                unit.tickets.add(ticket)
        return list(tickets)

    return put
