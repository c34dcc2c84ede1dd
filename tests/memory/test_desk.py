"""Images of the disk in memory, and that a transaction costs little; its rules are those of `test_ports_contract`."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from store_desk.domain.case import CaseState
from store_desk.services.office_ports import MirrorRow
from tests.memory.desk import MemoryDeskStore
from tests.memory.tables import WrongUse
from tests.store.conftest import NOW, make_case, make_ticket
from tests.store.test_ports_contract import make_delivery

TRANSACTION_US_MAX = 100


def test_an_image_is_put_back_whole_however_often() -> None:
    store = MemoryDeskStore()
    ticket, later = make_ticket(), make_ticket()
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.counters.next("slip")
    image = store.image()
    for _ in range(2):
        with store.work() as unit:
            unit.tickets.add(later)
            unit.tickets.save(replace(ticket, version=2), seen_version=1)
            unit.cases.add(make_case(ticket, CaseState.APPLIED))
            assert unit.counters.next("slip") == 2
        after = store.image()
        store.restore(image)
        with store.read() as unit:
            assert unit.tickets.get(ticket.id) == ticket and unit.tickets.get(later.id) is None
            assert unit.cases.of_ticket(ticket.id) == []
    store.restore(after)
    with store.read() as unit:
        assert unit.tickets.count() == 2 and len(unit.cases.of_ticket(ticket.id)) == 1


def test_taking_back_a_transaction_does_not_touch_an_image() -> None:
    store = MemoryDeskStore()
    with store.work() as unit:
        unit.mirror.put(MirrorRow("a", 1, "{}"))
    image = store.image()
    with pytest.raises(ZeroDivisionError), store.work() as unit:
        unit.mirror.drop("a")
        unit.mirror.put(MirrorRow("b", 1, "{}"))
        raise ZeroDivisionError
    assert store.unit.mirror.ids() == ["a"]
    store.restore(image)
    assert store.unit.mirror.ids() == ["a"]


def test_another_store_takes_an_image_as_a_copied_computer_would() -> None:
    one, other = MemoryDeskStore(), MemoryDeskStore()
    with one.work() as unit:
        unit.settings.put("a", "1")
    other.restore(one.image())
    with other.work() as unit:
        unit.settings.put("a", "2")
    assert (one.unit.settings.get("a"), other.unit.settings.get("a")) == ("1", "2")


def test_transactions_are_not_nested() -> None:
    store = MemoryDeskStore()
    with store.read(), pytest.raises(WrongUse), store.work():
        pass


def test_a_transaction_costs_next_to_nothing() -> None:
    """The best of several runs, since other work on the machine only ever adds."""
    store = MemoryDeskStore()
    tickets = [make_ticket() for _ in range(50)]
    with store.work() as unit:
        for ticket in tickets:
            unit.tickets.add(ticket)
        for n in range(1, 50):
            unit.deliveries.add(make_delivery(n))
    best = min(_one(store, tickets[at % 50].id, at + 50) for at in range(200))
    assert best * 1e6 < TRANSACTION_US_MAX


def _one(store: MemoryDeskStore, ticket_id: str, n: int) -> float:
    delivery = make_delivery(n, ticket_id=ticket_id)
    began = time.perf_counter()
    with store.work() as unit:
        ticket = unit.tickets.get(ticket_id)
        assert ticket is not None
        unit.tickets.save(replace(ticket, version=ticket.version + 1), seen_version=ticket.version)
        unit.deliveries.add(delivery)
        unit.mirror.put(MirrorRow(ticket_id, 1, "{}"))
        unit.journal.write(at=NOW, actor="1001", what="cancelled", subject=ticket_id, facts={})
    return time.perf_counter() - began
