"""Taking head office's answers: in order, each once, proved by their chain; and what the store shows afterwards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.ticket import Ticket, Work
from store_desk.hub.apply import Stop, apply_operation
from store_desk.services.answers import AnswersDiverged, CopyFound, Settled, take_answers
from store_desk.services.enrolment import Contact, put_contact
from store_desk.services.look_up import open_ticket
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    digest_of,
    next_answer_chain,
    record_from_body,
)
from store_desk.services.office_ports import DeliveryState
from store_desk.services.withdraw import withdraw_case
from tests.services.office import DESK, SmallOffice, first_case, papers, told
from tests.shop import Shop


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office."""
    return SmallOffice(shop)


def decided(office: SmallOffice, *, insist: bool = True) -> list[Answer]:
    """What head office makes of everything that waits; the desk has not taken it yet."""
    with office.shop.desk.read() as uow:
        waiting = [item.envelope for item in uow.deliveries.unanswered(limit=100)]
    answers = []
    for envelope in waiting:
        with office.hub.transaction() as unit:
            answer = apply_operation(unit, office.office, desk_id=DESK, envelope=envelope, insist=insist)
        answers.append(answer)
    return answers


def take(shop: Shop, answers: Sequence[Answer]) -> Settled:
    """The desk takes answers in one transaction."""
    with shop.desk.work() as uow:
        return take_answers(shop.desk, uow, answers, now=shop.clock())


def position(shop: Shop, inc: int = 1) -> AnswerPosition:
    """How far answers have been taken."""
    with shop.desk.read() as uow:
        found = {item.inc: item for item in uow.positions.answers()}
    return found.get(inc, AnswerPosition(inc, 0, GENESIS))


def three(shop: Shop, office: SmallOffice) -> list[Ticket]:
    """Three cancellations on their way."""
    tickets = [shop.ticket() for _ in range(3)]
    for ticket in tickets:
        office.knows(ticket)
        shop.cancel(ticket)
    return tickets


def state(shop: Shop, ticket: Ticket) -> CaseState:
    """Where the ticket's last case stands."""
    with shop.desk.read() as uow:
        return uow.cases.of_ticket(ticket.id)[0].state


# --- order, chain, once ----------------------------------------------------------------------------------------


def test_answers_are_taken_in_the_order_of_their_numbers_however_they_come(shop: Shop, office: SmallOffice) -> None:
    tickets = three(shop, office)
    answers = decided(office)
    shuffled = random.Random(3).sample(answers, 3)
    settled = take(shop, shuffled)
    assert (settled.taken, settled.differing, settled.unknown) == (3, 0, 0)
    assert position(shop) == AnswerPosition(1, 3, answers[-1].chain)
    assert {state(shop, ticket) for ticket in tickets} == {CaseState.CONFIRMED}


def test_each_answer_is_taken_once(shop: Shop, office: SmallOffice) -> None:
    (first, *_) = three(shop, office)
    answers = decided(office)
    take(shop, answers)
    slips = len(papers(shop, first))
    shop.clock.forward(hours=1)
    assert take(shop, [*answers, *answers]).taken == 0
    assert len(papers(shop, first)) == slips and len(told(shop)) == 3


def test_a_number_that_is_missing_is_waited_for(shop: Shop, office: SmallOffice) -> None:
    tickets = three(shop, office)
    one, two, last = decided(office)
    assert take(shop, [one, last]).taken == 1
    assert [state(shop, ticket) for ticket in tickets] == [
        CaseState.CONFIRMED, CaseState.PENDING_HEAD_OFFICE, CaseState.PENDING_HEAD_OFFICE,
    ]  # fmt: skip
    assert take(shop, [two, last]).taken == 2 and position(shop).settled == 3


@pytest.mark.parametrize("altered", ["result", "version", "chain"])
def test_an_answer_that_does_not_follow_is_not_taken_and_nothing_with_it(
    shop: Shop, office: SmallOffice, altered: str
) -> None:
    tickets = three(shop, office)
    one, two, last = decided(office)
    wrong = {
        "result": replace(two, result=Result.ALREADY_CANCELLED),
        "version": replace(two, version=99),
        "chain": replace(two, chain=GENESIS),
    }[altered]
    with pytest.raises(AnswersDiverged):
        take(shop, [one, wrong, last])
    assert position(shop).settled == 0
    assert {state(shop, ticket) for ticket in tickets} == {CaseState.PENDING_HEAD_OFFICE}
    with shop.desk.read() as uow:
        assert len(uow.deliveries.unanswered(limit=10)) == 3


def test_answers_of_another_history_do_not_follow(shop: Shop, office: SmallOffice) -> None:
    three(shop, office)
    one, two, _ = decided(office)
    take(shop, [one])
    other = next_answer_chain(b"\x07" * 32, op_id=two.id, result=two.result, version=two.version)
    with pytest.raises(AnswersDiverged):
        take(shop, [replace(two, chain=other)])
    assert position(shop) == AnswerPosition(1, 1, one.chain)


def test_an_answer_to_a_copy_stops_everything(shop: Shop, office: SmallOffice) -> None:
    three(shop, office)
    one, two, _ = decided(office)
    with pytest.raises(CopyFound) as found:
        take(shop, [one, replace(two, clone=True)])
    assert found.value.inc == 1 and position(shop).settled == 0


def test_answers_to_operations_that_are_not_here_are_counted(shop: Shop, office: SmallOffice) -> None:
    """This desk was restored from an older copy: head office knows more of it than it does."""
    answer = Answer("f" * 32, 1, 1, Result.ACCEPTED, b"", 4)
    chain = next_answer_chain(GENESIS, op_id=answer.id, result=answer.result, version=4)
    settled = take(shop, [replace(answer, chain=chain)])
    assert (settled.taken, settled.unknown, settled.cases) == (1, 1, ())
    assert position(shop) == AnswerPosition(1, 1, chain)


def test_incarnations_are_settled_each_for_itself(shop: Shop, office: SmallOffice) -> None:
    three(shop, office)
    answers = decided(office)
    foreign = Answer("f" * 32, 2, 1, Result.ACCEPTED, b"", None)
    chain = next_answer_chain(GENESIS, op_id=foreign.id, result=foreign.result, version=None)
    take(shop, [replace(foreign, chain=chain), *answers])
    assert (position(shop, 1).settled, position(shop, 2)) == (3, AnswerPosition(2, 1, chain))


# --- what the answer changes -----------------------------------------------------------------------------------


def test_the_answer_brings_head_offices_own_record(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket, version=6, customer="王秀兰（更正）")
    shop.cancel(ticket)
    (answer,) = decided(office)
    take(shop, [answer])
    after = shop.load(ticket.id)
    assert (after.version, after.customer) == (7, "王秀兰（更正）") and answer.version == 7
    with shop.desk.read() as uow:
        record = uow.records.get(ticket.id)
        assert uow.mirror.ids() == []
    assert answer.body is not None and record is not None
    assert record.ticket == record_from_body(answer.body).ticket


def test_only_the_last_answer_ends_the_waiting(shop: Shop, office: SmallOffice) -> None:
    """Between them the clerk sees what was done here, never the state that the first answer tells of."""
    ticket = shop.ticket()
    office.knows(ticket)
    shop.cancel(ticket)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    one, two = decided(office)
    take(shop, [one])
    assert state(shop, ticket) is CaseState.WITHDRAWN
    with shop.desk.read() as uow:
        assert uow.mirror.ids() == [ticket.id] and len(uow.deliveries.unanswered_of(ticket.id)) == 1
    take(shop, [two])
    with shop.desk.read() as uow:
        assert uow.mirror.ids() == []
    assert state(shop, ticket) is CaseState.WITHDRAWN
    assert replace(shop.load(ticket.id), version=ticket.version) == ticket
    assert shop.load(ticket.id).version == two.version == 3


def test_an_operation_made_while_the_answer_was_on_its_way_is_not_lost(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    shop.cancel(ticket)
    one = decided(office)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    take(shop, one)
    assert state(shop, ticket) is CaseState.WITHDRAWN
    two = decided(office)
    assert [answer.n for answer in two] == [2]
    take(shop, two)
    assert (state(shop, ticket), two[0].result) == (CaseState.WITHDRAWN, Result.ACCEPTED)


def test_a_withdrawal_that_came_too_late_leaves_the_cancellation(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    with shop.desk.work() as uow:
        put_contact(uow, Contact(offset_ms=0))
    shop.cancel(ticket)
    shop.clock.forward(minutes=20)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    one, two = decided(office)
    assert (one.result, two.result) == (Result.ACCEPTED, Result.REFUSED_LATE)
    assert take(shop, [one, two]).differing == 1
    assert state(shop, ticket) is CaseState.CONFIRMED and shop.load(ticket.id).closed_at is not None


@pytest.mark.req("REQ-EXC-01")
def test_a_refusal_gives_the_ticket_back_as_head_office_has_it(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket, work=Work.DONE, closed_at=shop.clock(), version=4)
    done = shop.cancel(ticket)
    (answer,) = office.answer()
    assert (answer.result, state(shop, ticket)) == (Result.REFUSED_DONE, CaseState.REFUSED)
    assert (shop.load(ticket.id).work, shop.load(ticket.id).version) == (Work.DONE, 5)
    assert [row.variant.value for row in papers(shop, ticket)] == ["request", "refusal"]
    with shop.desk.read() as uow:
        delivery = uow.deliveries.get(done.operation)
    assert delivery is not None and delivery.state is DeliveryState.ANSWERED and delivery.handled_at is None


@pytest.mark.req("REQ-EXC-01")
def test_a_refused_scope_has_no_record_and_ends_the_case_all_the_same(shop: Shop, office: SmallOffice) -> None:
    """Head office does not know the ticket, nor does its answer bring one."""
    ticket = shop.ticket(due_at=shop.clock())
    shop.cancel(ticket)
    (answer,) = decided(office, insist=True)
    assert (answer.result, answer.body, answer.version) == (Result.REFUSED_SCOPE, None, None)
    take(shop, [answer])
    assert state(shop, ticket) is CaseState.REFUSED
    assert replace(shop.load(ticket.id), version=0) == replace(ticket, version=0), "the ticket lives as before"
    with shop.desk.read() as uow:
        assert uow.mirror.ids() == [] and uow.deliveries.unanswered(limit=1) == []


@pytest.mark.req("REQ-EXC-07")
def test_an_id_that_was_used_twice_is_refused_and_reported(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    done = shop.cancel(ticket)
    with shop.desk.read() as uow:
        (waiting,) = uow.deliveries.unanswered(limit=1)
    # Somebody else has used this id for something else: only a copied or tampered database can.
    copy = replace(waiting.envelope, payload="{}", digest=digest_of("{}"))
    with office.hub.transaction() as unit:
        unit.save_desk(replace(unit.lock_desk(DESK, 1), desk_id="other"))  # type: ignore[type-var, arg-type]
        apply_operation(unit, office.office, desk_id="other", envelope=copy)
    (answer,) = decided(office)
    assert answer.result is Result.REFUSED_KEY_REUSE
    take(shop, [answer])
    assert state(shop, ticket) is CaseState.REFUSED
    view = open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert {item.kind.value for item in view.obligations if item.case_id == done.case.id} >= {"call_customer"}


@pytest.mark.req("REQ-EXC-01")
def test_who_was_second_sees_the_first_as_the_one_that_stands(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    office.knows(ticket, first_case(ticket, done.case))
    office.answer()
    with shop.desk.read() as uow:
        record = uow.records.get(ticket.id)
    assert record is not None and record.standing == "c" * 32
    assert {item.case.id: item.case.state for item in record.cases} == {
        done.case.id: CaseState.SUPERSEDED, "c" * 32: CaseState.CONFIRMED,
    }  # fmt: skip


def test_an_expired_case_yields_to_a_late_answer(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    shop.cancel(ticket)
    with shop.desk.work() as uow:
        (case,) = uow.cases.of_ticket(ticket.id)
        uow.cases.save(replace(case, state=CaseState.EXPIRED))
    shop.clock.now += timedelta(days=9)
    office.answer()
    assert state(shop, ticket) is CaseState.CONFIRMED


def test_head_office_stops_where_it_does_not_know_the_ticket_yet(shop: Shop, office: SmallOffice) -> None:
    shop.cancel(shop.ticket())
    with pytest.raises(Stop, match="unknown"):
        decided(office, insist=False)
    with shop.desk.read() as uow:
        assert len(uow.deliveries.unanswered(limit=9)) == 1
