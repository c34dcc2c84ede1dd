"""Why a ticket is still active: both sides' words, the place in the queue, and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import TicketNotFound
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, Work
from store_desk.services.approve import decline_case
from store_desk.services.enrolment import Contact, Enrolment, put_contact, put_enrolment
from store_desk.services.why_active import WhyActive, read_why
from store_desk.services.withdraw import withdraw_case
from tests.shop import Shop


def ask(shop: Shop, ticket_id: str) -> WhyActive:
    """The answer to a clerk."""
    return read_why(shop.desk, shop.clerk, ticket_id=ticket_id)


def enrol(shop: Shop, *, spoke: timedelta | None = timedelta(seconds=30), problem: str = "") -> None:
    """The desk belongs to a head office that answered so long ago."""
    at = None if spoke is None else shop.clock() - spoke
    with shop.desk.work() as uow:
        put_enrolment(uow, Enrolment("https://hq.example.com", "a" * 32, 1, "XH", ("XH",)))
        put_contact(uow, Contact(at=at, problem=problem))


def test_a_ticket_that_nobody_cancelled_is_to_be_cancelled(shop: Shop) -> None:
    answer = ask(shop, shop.ticket().id)
    assert (answer.here, answer.there, answer.advice) == ("none", "", ("cancel_it",))


def test_a_parked_request_sends_to_the_supervisor(shop: Shop) -> None:
    ticket = shop.ticket(Review.APPROVED, Work.ASSIGNED)
    parked = shop.cancel(ticket, Reason.SELF_RESOLVED, evidence=(("how", "好了"),), park=True)
    assert ask(shop, ticket.id).advice == ("ask_supervisor",)
    decline_case(shop.desk, case_id=parked.case.id, approver=shop.supervisor, why="技师已到楼下")
    answer = ask(shop, ticket.id)
    assert (answer.here, answer.advice, answer.why) == ("refused", ("declined_here",), "技师已到楼下")


def test_a_cancellation_that_was_taken_back_says_so(shop: Shop) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    assert ask(shop, ticket.id).advice == ("is_cancelled",)
    withdraw_case(shop.desk, shop.clerk, ticket_id=done.ticket.id)
    assert ask(shop, ticket.id).advice == ("was_withdrawn",)


def test_what_waits_for_head_office_has_its_place_in_the_queue(shop: Shop) -> None:
    enrol(shop)
    first, second = shop.ticket(), shop.ticket(phone="13600001111", serial="X-2")
    shop.cancel(first)
    shop.cancel(second, consent=Consent(Grade.PAPER))
    answer = ask(shop, second.id)
    assert (answer.here, answer.there) == ("pending_head_office", "none")
    assert (answer.place, answer.queued, answer.sent_n) == (2, 2, 0)
    assert answer.advice == ("wait_for_answer", "goes_by_itself")
    assert answer.spoke_at == shop.clock() - timedelta(seconds=30)


@pytest.mark.parametrize(
    ("spoke", "problem", "advice"),
    [
        (timedelta(hours=2), "", "check_link"),
        (None, "", "never_spoke"),
        (timedelta(days=31), "", "silent"),
        (timedelta(seconds=5), "desk_revoked", "see_problem"),
    ],
)
def test_what_is_wrong_with_the_wire_is_part_of_the_answer(
    shop: Shop, spoke: timedelta | None, problem: str, advice: str
) -> None:
    enrol(shop)
    ticket = shop.ticket()
    shop.cancel(ticket)
    enrol(shop, spoke=spoke, problem=problem)
    assert ask(shop, ticket.id).advice[-1] == advice


def test_an_unknown_ticket_is_refused(shop: Shop) -> None:
    with pytest.raises(TicketNotFound):
        ask(shop, "0" * 32)
