"""Taking head office's changes: the next one, whole and unaltered, or nothing; and what is done after a restore."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.office_errors import FeedBroken, HubTooOld
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.ticket import Ticket, Work
from store_desk.hub.apply import apply_operation
from store_desk.services.answers import take_answers
from store_desk.services.enrolment import read_enrolment
from store_desk.services.feed import (
    apply_changes,
    apply_copy,
    begin_anew,
    bodies_to_offer,
    finish_copy,
    move_to_incarnation,
)
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    Change,
    FeedPosition,
    SnapshotRow,
    body_hash_of,
    next_feed_hash,
    record_from_body,
    record_to_body,
)
from store_desk.services.office_ports import Delivery, DeliveryState
from store_desk.services.withdraw import withdraw_case
from tests.hub.given import a_ticket
from tests.services.given import journal
from tests.services.office import DESK, SmallOffice, first_case
from tests.shop import Shop


class Line:
    """Head office with its feed, and a desk that follows it from the beginning."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.office = SmallOffice(shop)
        with shop.desk.work() as uow:
            uow.positions.put_feed(FeedPosition("XH", "e1", 0, GENESIS))

    def tells(self, ticket: Ticket, *cases: CaseRecord, standing: str = "", kind: str = "put") -> Change:
        """A change of head office's books."""
        record = TicketRecord(ticket, cases, standing)
        body = record_to_body(record) if kind == "put" else ""
        with self.office.hub.transaction() as unit:
            change = unit.append_change(
                ticket.store, kind=kind, ticket_id=ticket.id, version=ticket.version, body=body, op_id="",
                at=self.shop.clock(),
            )  # fmt: skip
            if kind == "put":
                unit.put_record(record, body=body, seq=change.seq)
        return change

    def decides(self) -> list[Answer]:
        """What head office makes of everything that waits, with the changes it causes."""
        with self.shop.desk.read() as uow:
            waiting = [item.envelope for item in uow.deliveries.unanswered(limit=100)]
        answers = []
        for envelope in waiting:
            with self.office.hub.transaction() as unit:
                answers.append(apply_operation(unit, self.office.office, desk_id=DESK, envelope=envelope))
        return answers

    @property
    def changes(self) -> list[Change]:
        """The whole feed."""
        return [change for _, change in sorted(self.office.hub.books.feed.items())]

    def take(self, changes: Sequence[Change]) -> int:
        """The desk takes a page."""
        with self.shop.desk.work() as uow:
            return apply_changes(self.shop.desk, uow, changes, now=self.shop.clock())

    @property
    def at(self) -> FeedPosition:
        """Where the desk stands."""
        with self.shop.desk.read() as uow:
            (position,) = uow.positions.feeds()
        return position

    def known(self) -> set[str]:
        """The tickets that are here and that head office knows."""
        with self.shop.desk.read() as uow:
            return set(uow.records.known_ids())

    def delivery(self, op_id: str) -> Delivery:
        """An operation."""
        with self.shop.desk.read() as uow:
            found = uow.deliveries.get(op_id)
        assert found is not None
        return found


@pytest.fixture
def line(shop: Shop) -> Line:
    """The line between the shop and its head office."""
    return Line(shop)


def resealed(change: Change, previous: bytes, **changes: Any) -> Change:
    """The change with other members, and hashes that fit again: as another version of head office sends it."""
    other = replace(change, **changes)
    hashed = body_hash_of(other.salt, other.body)
    link = next_feed_hash(
        previous, seq=other.seq, ticket_id=other.ticket_id, kind=other.kind, version=other.version, body_hash=hashed
    )
    return replace(other, body_hash=hashed, hash=link)


# --- the next one, or nothing ----------------------------------------------------------------------------------


def test_changes_are_taken_in_order_and_the_position_moves(line: Line) -> None:
    tickets = [a_ticket() for _ in range(3)]
    for ticket in tickets:
        line.tells(ticket)
    assert line.take(line.changes) == 3
    assert line.known() == {ticket.id for ticket in tickets}
    assert (line.at.seq, line.at.hash, line.at.epoch) == (3, line.changes[-1].hash, "e1")
    assert line.shop.load(tickets[0].id) == tickets[0]


def test_what_was_taken_before_is_passed_over(line: Line) -> None:
    ticket = a_ticket()
    line.tells(ticket)
    line.take(line.changes)
    line.tells(replace(ticket, customer="李雷", version=2))
    assert line.take(line.changes) == 1 and line.take(line.changes) == 0
    assert line.shop.load(ticket.id).customer == "李雷"


def broken_pages(line: Line) -> dict[str, list[Change]]:
    """Pages of three changes with something wrong in the last but one."""
    one, two, three = line.changes
    return {
        "gap": [one, three],
        "first missing": [two, three],
        "out of order": [two, one, three],
        "wrong hash": [one, replace(two, hash=GENESIS), three],
        "altered body": [one, replace(two, body=two.body.replace("王秀兰", "王秀英")), three],
        "altered body hash": [one, replace(two, body_hash=GENESIS), three],
        "altered salt": [one, replace(two, salt=b"x" * 16), three],
        "altered version": [one, replace(two, version=9), three],
        "another ticket": [one, replace(two, ticket_id=one.ticket_id), three],
        "altered kind": [one, replace(two, kind="evict"), three],
    }


@pytest.mark.parametrize(
    "what",
    [
        "gap", "first missing", "out of order", "wrong hash", "altered body", "altered body hash", "altered salt",
        "altered version", "another ticket", "altered kind",
    ],
)  # fmt: skip
def test_nothing_of_a_page_is_kept_when_one_change_does_not_fit(line: Line, what: str) -> None:
    for _ in range(3):
        line.tells(a_ticket())
    page = broken_pages(line)[what]
    with pytest.raises(FeedBroken) as broken:
        line.take(page)
    assert broken.value.facts == {"seq": 1 if what in ("first missing", "out of order") else 2}
    assert line.known() == set() and line.at == FeedPosition("XH", "e1", 0, GENESIS)
    assert line.take(line.changes) == 3, "and the right page can still be taken"


@pytest.mark.parametrize("what", ["kind", "content"])
def test_what_a_newer_head_office_says_stops_the_applying_and_is_never_skipped(line: Line, what: str) -> None:
    for _ in range(3):
        line.tells(a_ticket())
    one, two, _ = line.changes
    newer = json.dumps(json.loads(two.body) | {"v": 2})
    strange = resealed(two, one.hash, **({"kind": "archive"} if what == "kind" else {"body": newer}))
    with pytest.raises(HubTooOld):
        line.take([one, strange])
    assert line.known() == set() and line.at.seq == 0
    assert line.take([one]) == 1, "what is before it can be taken"
    with pytest.raises(HubTooOld):
        line.take([strange])
    assert line.at.seq == 1


def test_a_change_of_a_store_that_this_desk_does_not_follow_is_nothing_to_it(line: Line) -> None:
    line.office.hub.add_store("PD")
    line.tells(a_ticket("PD"))
    assert line.take(line.changes) == 0 and line.known() == set()


@pytest.mark.parametrize("kind", ["evict", "erase"])
def test_a_ticket_that_left_the_store_leaves_the_desk(line: Line, kind: str) -> None:
    gone, stays = a_ticket(), a_ticket()
    line.tells(gone)
    line.tells(stays)
    line.tells(replace(gone, version=2), kind=kind)
    assert line.take(line.changes) == 3 and line.known() == {stays.id}
    line.tells(replace(gone, version=3))
    assert line.take(line.changes) == 1 and line.known() == {stays.id, gone.id}, "and may come back"


# --- changes and answers ---------------------------------------------------------------------------------------


def test_an_older_change_never_overwrites_a_newer_answer(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.shop.cancel(ticket)
    answers = line.office.answer()
    assert answers[0].version == 2
    before, same = line.changes
    for change in (before, same):
        assert line.take([change]) == 1
        assert line.shop.load(ticket.id).version == 2 and line.shop.load(ticket.id).closed_at is not None
    assert line.at.seq == 2
    with line.shop.desk.read() as uow:
        assert uow.cases.of_ticket(ticket.id)[0].state is CaseState.CONFIRMED


def test_a_change_on_a_ticket_that_waits_is_kept_aside(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.shop.cancel(ticket)
    line.tells(replace(ticket, work=Work.ASSIGNED, assignee="3012", version=2))
    assert line.take(line.changes) == 2
    shown = line.shop.load(ticket.id)
    assert (shown.work, shown.assignee) == (ticket.work, ""), "the clerk sees what was done here"
    with line.shop.desk.read() as uow:
        row = uow.mirror.get(ticket.id)
        assert uow.cases.of_ticket(ticket.id)[0].state is CaseState.PENDING_HEAD_OFFICE
    assert row is not None and row.version == 2
    assert record_from_body(row.body).ticket.assignee == "3012"


def test_of_two_changes_kept_aside_the_newer_one_stays(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.shop.cancel(ticket)
    for version in (2, 3):
        line.tells(replace(ticket, customer=f"顾客{version}", version=version))
    line.take(line.changes)
    with line.shop.desk.read() as uow:
        row = uow.mirror.get(ticket.id)
    assert row is not None and row.version == 3


def test_after_the_answer_the_newest_of_both_is_shown(line: Line) -> None:
    """The change overtakes the answer: what came after the answer stays."""
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.shop.cancel(ticket)
    (answer,) = line.decides()
    record = line.office.hub.books.records[ticket.id][0]
    line.tells(replace(record.ticket, customer="更名", version=3), *record.cases, standing=record.standing)
    line.take(line.changes)
    with line.shop.desk.work() as uow:
        take_answers(line.shop.desk, uow, [answer], now=line.shop.clock())
    assert (line.shop.load(ticket.id).version, line.shop.load(ticket.id).customer) == (3, "更名")
    with line.shop.desk.read() as uow:
        assert uow.mirror.ids() == []


@pytest.mark.req("REQ-NTF-02")
def test_a_cancellation_at_another_desk_is_seen_here(line: Line) -> None:
    here = line.shop.ticket()
    like = line.shop.cancel(here).case
    ticket = replace(a_ticket(), version=2)
    other = first_case(ticket, replace(like, ticket_id=ticket.id))
    line.tells(replace(ticket, version=1))
    line.tells(ticket, other, standing=other.case.id)
    line.take(line.changes)
    with line.shop.desk.read() as uow:
        (case,) = uow.cases.of_ticket(ticket.id)
        assert uow.slips.of_ticket(ticket.id) == [], "its paper is the other desk's"
    assert case.state is CaseState.CONFIRMED


# --- offering, and beginning anew ------------------------------------------------------------------------------


def test_a_ticket_is_offered_as_it_was_before_anything_that_waits(line: Line) -> None:
    ticket = line.shop.ticket()
    line.shop.cancel(ticket)
    with line.shop.desk.read() as uow:
        offered = bodies_to_offer(line.shop.desk, uow, limit=10, after="")
    ((ticket_id, body),) = offered
    assert ticket_id == ticket.id and record_from_body(body) == TicketRecord(ticket)


def test_what_head_office_knows_is_not_offered(line: Line) -> None:
    line.tells(a_ticket())
    line.take(line.changes)
    with line.shop.desk.read() as uow:
        assert bodies_to_offer(line.shop.desk, uow, limit=10, after="") == []


def test_offers_go_on_after_the_last_one(line: Line) -> None:
    ids = sorted(line.shop.ticket().id for _ in range(3))
    with line.shop.desk.read() as uow:
        first = bodies_to_offer(line.shop.desk, uow, limit=2, after="")
        rest = bodies_to_offer(line.shop.desk, uow, limit=2, after=first[-1][0])
    assert [ticket_id for ticket_id, _ in first + rest] == ids


def anew(line: Line, answers: Sequence[Answer], rows: Sequence[TicketRecord], *, epoch: str = "e2") -> int:
    """Head office was restored: it knows these answers and these tickets."""
    shop = line.shop
    enrolment = read_enrolment(shop.desk)
    assert enrolment is not None
    position = FeedPosition("XH", epoch, 7, b"\x07" * 32)
    known: dict[int, Sequence[Answer]] = {1: answers}
    with shop.desk.work() as uow:
        forgotten = begin_anew(shop.desk, uow, enrolment, epoch=epoch, answers=known, now=shop.clock())
    seen: set[str] = set()
    copied = [SnapshotRow(row.ticket.id, row.ticket.version, record_to_body(row)) for row in rows]
    with shop.desk.work() as uow:
        apply_copy(shop.desk, uow, copied, store="XH", seen=seen, now=shop.clock())
    with shop.desk.work() as uow:
        finish_copy(
            shop.desk, uow, enrolment, positions=[position], seen=seen, epoch=epoch, answers=known, now=shop.clock()
        )
    assert line.at == position
    return forgotten


def test_beginning_anew_offers_again_what_was_forgotten(line: Line) -> None:
    kept, forgotten = line.shop.ticket(), line.shop.ticket()
    for ticket in (kept, forgotten):
        line.tells(ticket)
    line.take(line.changes)
    done = [line.shop.cancel(ticket) for ticket in (kept, forgotten)]
    (first, second) = line.office.answer()
    before = line.delivery(done[1].operation)
    still = [line.office.hub.books.records[kept.id][0], TicketRecord(forgotten)]
    assert anew(line, [first], still) == 1
    again = line.delivery(done[1].operation)
    assert (again.state, again.answer and again.answer.result) == (DeliveryState.RECHECK, Result.ACCEPTED)
    assert again.envelope == before.envelope, "with its old id, number and bytes"
    assert line.delivery(done[0].operation).state is DeliveryState.ANSWERED
    with line.shop.desk.read() as uow:
        (position,) = uow.positions.answers()
        assert uow.cases.of_ticket(forgotten.id)[0].state is CaseState.CONFIRMED, "shown as before until re-answered"
    assert position == AnswerPosition(1, 1, first.chain) and second.n == 2
    found = [facts for _, what, facts in journal(line.shop) if what == "head_office_restored"]
    assert found == [{"epoch": "e2", "operations": 1}]


def test_a_head_office_that_forgot_everything_gets_everything_again(line: Line) -> None:
    tickets = [line.shop.ticket() for _ in range(3)]
    for ticket in tickets:
        line.tells(ticket)
    line.take(line.changes)
    for ticket in tickets:
        line.shop.cancel(ticket)
    line.office.answer()
    assert anew(line, [], [TicketRecord(ticket) for ticket in tickets]) == 3
    with line.shop.desk.read() as uow:
        waiting = uow.deliveries.unanswered(limit=10)
        (position,) = uow.positions.answers()
    assert [item.envelope.n for item in waiting] == [1, 2, 3] and position == AnswerPosition(1, 0, GENESIS)


def test_answers_older_than_head_office_keeps_them_are_no_loss(line: Line) -> None:
    tickets = [line.shop.ticket() for _ in range(3)]
    for ticket in tickets:
        line.tells(ticket)
        line.shop.cancel(ticket)
    answers = line.office.answer()
    records = [line.office.hub.books.records[ticket.id][0] for ticket in tickets]
    assert anew(line, answers[1:], records) == 0


def test_tickets_that_head_office_lost_are_offered_again(line: Line) -> None:
    kept, lost = a_ticket(), a_ticket()
    for ticket in (kept, lost):
        line.tells(ticket)
    line.take(line.changes)
    anew(line, [], [TicketRecord(kept)])
    with line.shop.desk.read() as uow:
        offered = bodies_to_offer(line.shop.desk, uow, limit=10, after="")
    assert [ticket_id for ticket_id, _ in offered] == [lost.id]
    assert line.shop.load(lost.id) == lost, "nothing is taken away here"


def test_an_answer_that_was_never_taken_is_taken_with_the_copy(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    done = line.shop.cancel(ticket)
    answers = line.decides()
    anew(line, answers, [line.office.hub.books.records[ticket.id][0]])
    assert line.delivery(done.operation).state is DeliveryState.ANSWERED
    with line.shop.desk.read() as uow:
        assert uow.cases.of_ticket(ticket.id)[0].state is CaseState.CONFIRMED and uow.mirror.ids() == []


def test_the_copy_does_not_touch_what_waits(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.take(line.changes)
    done = line.shop.cancel(ticket)
    anew(line, [], [TicketRecord(replace(ticket, customer="更名", version=4))])
    assert line.delivery(done.operation).state is DeliveryState.WAITING
    assert line.shop.load(ticket.id).customer == ticket.customer
    with line.shop.desk.read() as uow:
        row = uow.mirror.get(ticket.id)
    assert row is not None and row.version == 4


def test_the_same_copy_twice_is_the_same(line: Line) -> None:
    ticket = line.shop.ticket()
    line.tells(ticket)
    line.shop.cancel(ticket)
    answers = line.office.answer()
    record = line.office.hub.books.records[ticket.id][0]
    for _ in range(2):
        assert anew(line, answers, [record]) == 0
    with line.shop.desk.read() as uow:
        assert len(uow.slips.of_ticket(ticket.id)) == 2, "the request and one confirmation"


# --- a copied computer -----------------------------------------------------------------------------------------


def test_a_new_incarnation_takes_what_waits_with_its_old_ids(line: Line) -> None:
    shop = line.shop
    first = shop.ticket()
    line.tells(first)
    shop.cancel(first)
    line.office.answer()
    tickets = [shop.ticket(), shop.ticket()]
    done = [shop.cancel(ticket) for ticket in tickets]
    withdraw_case(shop.desk, shop.clerk, ticket_id=tickets[0].id)
    with shop.desk.read() as uow:
        before = [item.envelope for item in uow.deliveries.unanswered(limit=9)]
    enrolment = read_enrolment(shop.desk)
    assert enrolment is not None
    with shop.desk.work() as uow:
        move_to_incarnation(shop.desk, uow, enrolment, inc=2, now=shop.clock())
    with shop.desk.read() as uow:
        after = [item.envelope for item in uow.deliveries.unanswered(limit=9)]
    assert [(item.inc, item.n) for item in after] == [(2, 1), (2, 2), (2, 3)]
    assert [replace(item, inc=1, n=old.n) for item, old in zip(after, before, strict=True)] == before
    assert [item.id for item in after][:2] == [item.operation for item in done]
    moved = read_enrolment(shop.desk)
    assert moved is not None and moved.inc == 2


def test_numbers_that_may_be_on_paper_already_are_left_out(line: Line) -> None:
    shop = line.shop
    before = shop.cancel(shop.ticket()).slip.number
    enrolment = read_enrolment(shop.desk)
    assert enrolment is not None
    with shop.desk.work() as uow:
        move_to_incarnation(shop.desk, uow, enrolment, inc=2, now=shop.clock())
    after = shop.cancel(shop.ticket()).slip.number
    serial = [int(number.split("-S")[1].split("-")[0]) for number in (before, after)]
    assert serial[1] - serial[0] > 9_999
