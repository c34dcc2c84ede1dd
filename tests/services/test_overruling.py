"""Head office finds a case by its numbers or in a list and overrules it either way; what that does at the store."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState, Origin
from store_desk.domain.errors import RightMissing
from store_desk.domain.obligations import ObligationKind
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services.approvals_view import Disputed, confirmed_outcomes, find_outcomes, outcomes
from store_desk.services.approve import overrule
from store_desk.services.cancel import Cancelled
from store_desk.services.reopen import reopen_ticket
from tests.services.given import LEVELS
from tests.services.office import DESK, SmallOffice, owed, papers
from tests.shop import NOON, Shop

OFFICER = Actor("8001", "沈岚", Role.HEAD_OFFICE)


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office, for which the shop's own desk speaks too."""
    made = SmallOffice(shop)
    with made.hub.transaction() as unit:
        row = unit.lock_desk(DESK, 1)
        assert row is not None
        unit.save_desk(replace(row, role="head_office"))
    return made


def confirmed(shop: Shop, office: SmallOffice, level: int = 1) -> tuple[Ticket, Cancelled]:
    """A cancellation that head office has confirmed."""
    ticket = shop.ticket(*LEVELS[level], assignee="3012", due_at=NOON)
    office.knows(ticket)
    done = shop.cancel(ticket)
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED
    return ticket, done


def ids(found: tuple[Disputed, ...]) -> list[str]:
    """Whose cases these are."""
    return [item.ticket.id for item in found]


def test_confirmed_cases_are_listed_the_latest_first_and_refused_ones_apart(shop: Shop, office: SmallOffice) -> None:
    first, _ = confirmed(shop, office)
    shop.clock.forward(minutes=5)
    second, _ = confirmed(shop, office)
    assert ids(confirmed_outcomes(shop.desk, OFFICER)) == [second.id, first.id]
    assert all(item.stands and not item.sent for item in confirmed_outcomes(shop.desk, OFFICER))
    assert outcomes(shop.desk, OFFICER) == ()


def test_a_case_is_found_by_each_of_its_slips_and_by_its_ticket(shop: Shop, office: SmallOffice) -> None:
    ticket, _ = confirmed(shop, office)
    confirmed(shop, office)
    numbers = [row.number for row in papers(shop, ticket)]
    assert len(numbers) == 2
    for number in (*numbers, numbers[0].lower(), f"  {ticket.number} "):
        (item,) = find_outcomes(shop.desk, OFFICER, number=number)
        assert (item.ticket.id, item.stands) == (ticket.id, True)
        assert item.slip in ("", numbers[0])
    for number in ("", "   ", "XH9-26-S000001-Z", "%", "'"):
        assert find_outcomes(shop.desk, OFFICER, number=number) == ()


def test_a_slip_of_another_desk_is_found_by_what_its_record_says(shop: Shop, office: SmallOffice) -> None:
    ticket, done = confirmed(shop, office)
    with shop.desk.work() as uow:
        record = uow.records.get(ticket.id)
        assert record is not None
        theirs = replace(record.cases[0], desk="XH1", slip="XH1-26-S000031-M")
        uow.records.put(replace(record, cases=(theirs,)), known=True)
    (item,) = find_outcomes(shop.desk, OFFICER, number="xh1-26-s000031-m")
    assert (item.case.id, item.desk, item.slip) == (done.case.id, "XH1", "XH1-26-S000031-M")


def test_what_was_cancelled_before_this_program_came_is_no_decision_to_overrule(
    shop: Shop, office: SmallOffice
) -> None:
    ticket, _ = confirmed(shop, office)
    with shop.desk.work() as uow:
        record = uow.records.get(ticket.id)
        assert record is not None
        old = replace(record.cases[0], case=replace(record.cases[0].case, id="d" * 32, origin=Origin.IMPORT), slip="")
        uow.records.put(replace(record, cases=(*record.cases, old)), known=True)
    assert "d" * 32 not in {item.case.id for item in confirmed_outcomes(shop.desk, OFFICER)}
    assert "d" * 32 not in {item.case.id for item in find_outcomes(shop.desk, OFFICER, number=ticket.number)}


def test_only_who_approves_may_look(shop: Shop, office: SmallOffice) -> None:
    for ask in (confirmed_outcomes, lambda desk, who: find_outcomes(desk, who, number="x")):
        with pytest.raises(RightMissing):
            ask(shop.desk, shop.clerk)


@pytest.mark.req("REQ-EXC-01")
def test_refusing_a_confirmed_case_does_what_the_window_says(shop: Shop, office: SmallOffice) -> None:
    ticket, done = confirmed(shop, office, level=1)
    shop.clock.forward(hours=1)
    overrule(shop.desk, OFFICER, case_id=done.case.id, confirm=False, why="顾客没有同意")
    (waiting,) = confirmed_outcomes(shop.desk, OFFICER)
    assert waiting.sent, "on its way, and nothing has changed yet"
    (answer,) = office.answer()
    assert answer.result is Result.ACCEPTED
    # The cancellation no longer stands.
    (item,) = outcomes(shop.desk, OFFICER)
    assert (item.case.state, item.case.decided_by, item.case.decided_why, item.sent) == (
        CaseState.REFUSED, "8001", "顾客没有同意", False,
    )  # fmt: skip
    assert confirmed_outcomes(shop.desk, OFFICER) == ()
    # The ticket is where it was.
    now = shop.load(ticket.id)
    assert (now.review, now.work, now.assignee, now.due_at, now.closed_at) == (
        ticket.review, ticket.work, "3012", NOON, None,
    )  # fmt: skip
    # The store has a refusal slip for the customer, in place of the final one, and a call to make.
    assert [row.variant for row in papers(shop, ticket)] == [
        SlipVariant.REQUEST, SlipVariant.CANCELLATION, SlipVariant.REFUSAL,
    ]  # fmt: skip
    assert [row.variant for row in papers(shop, ticket) if row.owed] == [SlipVariant.REFUSAL]
    calls = [one for one in owed(shop, done.case.id) if one.kind is ObligationKind.CALL_CUSTOMER]
    assert [json.loads(call.text)["code"] for call in calls] == ["outcome_refused"]


def test_who_refuses_a_case_is_told_of_the_ticket_that_was_reopened_from_it(shop: Shop, office: SmallOffice) -> None:
    ticket, _ = confirmed(shop, office)
    shop.clock.forward(hours=2)
    made = reopen_ticket(shop.desk, shop.supervisor, ticket_id=ticket.id, note="又坏了")
    (item,) = confirmed_outcomes(shop.desk, OFFICER)
    assert item.reopened == made.ticket.number
