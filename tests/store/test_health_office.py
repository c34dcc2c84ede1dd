"""What `doctor` says of a desk with a head office, and that nobody changes what was signed without its being told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Work
from store_desk.services.enrolment import Contact, put_contact
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case
from store_desk.store.health import Check
from store_desk.store.health_office import RECORDS, check_office
from tests.services.given import evidence
from tests.services.office import SmallOffice
from tests.shop import Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with its people."""
    made = open_shop(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """Head office, which the shop has joined."""
    shop.cancel(shop.ticket())
    return SmallOffice(shop)


def checks(shop: Shop) -> dict[str, Check]:
    """The checks by name."""
    return {item.name: item for item in check_office(shop.opened.store, now=shop.clock())}


def tamper(shop: Shop, statement: str, *values: object) -> None:
    """Changes the database behind the program's back, guards taken away."""
    with shop.opened.store.writing() as unit:
        for name in ("delivery_fixed", "operation_fixed", "delivery_no_delete", "operation_no_delete"):
            unit.connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        unit.connection.execute(statement, values)


def work_on(shop: Shop, office: SmallOffice) -> None:
    """Some of everything: cancelled, made anew, taken back, reopened."""
    for reason in (Reason.MISTAKE, Reason.WRONG_INFORMATION, Reason.SELF_RESOLVED):
        ticket = shop.ticket()
        office.knows(ticket)
        shop.cancel(ticket, reason, evidence=evidence(reason))
        if reason is not Reason.SELF_RESOLVED:
            withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
        shop.clock.forward(minutes=1)
    office.answer()
    reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")


def test_a_desk_without_head_office_has_no_such_checks(shop: Shop) -> None:
    assert check_office(shop.opened.store, now=shop.clock()) == []


def test_what_was_done_before_joining_is_no_fault(shop: Shop, office: SmallOffice) -> None:
    found = checks(shop)
    assert found[RECORDS].ok and found["office_waiting"].detail == "0"
    assert (found["office_contact"].ok, found["office_contact"].detail) == (False, "-")


def test_waiting_operations_contact_clock_and_answers_are_told(shop: Shop, office: SmallOffice) -> None:
    work_on(shop, office)
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=shop.clock(), offset_ms=-1_250))
    found = checks(shop)
    assert all(item.ok for item in found.values()), found
    assert found["office_waiting"].detail.startswith("1 · 20") and found["office_clock"].detail == "-1.250 s"
    shop.clock.forward(days=4)
    found = checks(shop)
    assert {name for name, item in found.items() if not item.ok} == {"office_waiting", "office_contact"}
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=shop.clock(), offset_ms=6 * 60_000, problem="hub_not_genuine"))
    found = checks(shop)
    assert not found["office_clock"].ok and "hub_not_genuine" in found["office_contact"].detail


def test_an_answer_to_be_dealt_with_is_told(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket, version=2, work=Work.DONE)
    shop.cancel(ticket)
    office.answer()
    assert (checks(shop)["office_to_handle"].ok, checks(shop)["office_to_handle"].detail) == (False, "1")


TAMPERED = {
    "a delivery's content": "UPDATE delivery SET payload = replace(payload, 'XH', 'YY') WHERE n = 1",
    "content in both places": None,
    "who did it": "UPDATE delivery SET actor = '9999' WHERE n = 1",
    "the signature": "UPDATE delivery SET signature = zeroblob(64) WHERE n = 2",
    "the log": "UPDATE operation SET payload = '{}' WHERE state = 'pending'",
    "a delivery taken away": "DELETE FROM delivery WHERE n = 2",
    "an operation taken away": "DELETE FROM operation WHERE state = 'pending'",
    "the moment": "UPDATE operation SET created_at = created_at + 1 WHERE state = 'pending'",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_told(shop: Shop, office: SmallOffice, what: str) -> None:
    work_on(shop, office)
    assert checks(shop)[RECORDS].ok
    statement = TAMPERED[what]
    if statement is not None:
        tamper(shop, statement)
    else:
        other = '{"v":1}'
        digest = hashlib.sha256(other.encode()).digest()
        with shop.desk.read() as uow:
            (first, *_) = uow.deliveries.of_incarnation(1)
        for table in ("delivery", "operation"):
            tamper(
                shop, f"UPDATE {table} SET payload = ?, digest = ? WHERE op_id = ?", other, digest, first.envelope.id
            )
    found = checks(shop)[RECORDS]
    assert not found.ok and "operation " in found.detail, found
