"""A small head office for tests of one desk: it decides by the real rules and its answers are really taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from store_desk.domain.authority import Result
from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.obligations import Obligation
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.slip import SlipData
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.ticket import Ticket
from store_desk.hub.apply import Office, apply_operation
from store_desk.hub.ports import DeskRow
from store_desk.services.answers import settle, take_answers
from store_desk.services.cancel import Cancelled
from store_desk.services.canonical import canonical_json
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.services.messages import GENESIS, Answer, record_to_body
from store_desk.services.office_ports import DeliveryState
from store_desk.services.ports import SlipRow
from store_desk.services.verdicts import TOLD
from tests.memory.hub import MemoryHub
from tests.services.given import journal
from tests.shop import Shop

DESK = "desk-2"


class HasDesk(Protocol):
    """What head office needs of a shop."""

    @property
    def desk(self) -> Desk: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...


class SmallOffice:
    """Head office with one store. The shop's clock is its own too."""

    def __init__(self, shop: HasDesk) -> None:
        self.shop = shop
        self.hub = MemoryHub()
        self.hub.add_store("XH")
        self.office = Office(shop.clock, shop.desk.new_id)
        with self.hub.transaction() as unit:
            unit.save_desk(DeskRow(DESK, 1, "XH", 2, b"", "desk", ("XH",)))
        with shop.desk.work() as uow:
            put_enrolment(uow, Enrolment("https://office.test", DESK, 1, "XH", ("XH",)))

    def knows(self, ticket: Ticket, *cases: CaseRecord, **changes: Any) -> TicketRecord:
        """Writes the ticket into head office's books, as it is there by now."""
        standing = cases[-1].case.id if cases else ""
        record = TicketRecord(replace(ticket, **changes), cases, standing)
        with self.hub.transaction() as unit:
            unit.put_record(record, body=record_to_body(record), seq=0)
        return record

    def answer(self) -> list[Answer]:
        """Takes everything that waits, decides it, and lets the desk take the answers."""
        with self.shop.desk.work() as uow:
            waiting = uow.deliveries.unanswered(limit=100)
        answers = []
        for delivery in waiting:
            with self.hub.transaction() as unit:
                answers.append(apply_operation(unit, self.office, desk_id=DESK, envelope=delivery.envelope))
        with self.shop.desk.work() as uow:
            take_answers(self.shop.desk, uow, answers, now=self.shop.clock())
        return answers

    def says_again(self, done: Cancelled, record: TicketRecord, result: Result, **facts: Any) -> None:
        """Another answer to the same cancellation, as a restored head office gives it."""
        with self.shop.desk.work() as uow:
            delivery = uow.deliveries.get(done.operation)
            assert delivery is not None
            body = record_to_body(record)
            answer = Answer(
                done.operation, 1, 1, result, GENESIS, record.ticket.version, "XH", 1, body, canonical_json(facts)
            )
            waiting = replace(delivery, state=DeliveryState.RECHECK)
            settle(self.shop.desk, uow, waiting, answer, now=self.shop.clock())


def first_case(ticket: Ticket, like: CancellationCase, *, slip: str = "XH1-26-S000031-M") -> CaseRecord:
    """A confirmed cancellation of the same ticket, made at another desk."""
    case = replace(like, id="c" * 32, state=CaseState.CONFIRMED, decided_at=like.opened_at, strokes=(), plan="")
    return CaseRecord(case, (), "XH1", slip)


def papers(shop: HasDesk, ticket: Ticket) -> list[SlipRow]:
    """The ticket's slips in the order they were written."""
    with shop.desk.read() as uow:
        return uow.slips.of_ticket(ticket.id)[::-1]


def text(row: SlipRow) -> SlipData:
    """What a slip says."""
    return slip_from_json(row.body)


def owed(shop: Shop, case_id: str) -> list[Obligation]:
    """The obligations of a case that are open."""
    with shop.desk.read() as uow:
        return [item for item in uow.obligations.of_case(case_id) if item.state.value == "open"]


def told(shop: Shop) -> list[dict[str, Any]]:
    """What the journal says of outcomes, oldest first."""
    return [facts for _, what, facts in journal(shop) if what == TOLD]
