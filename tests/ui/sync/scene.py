"""A desk with a head office: the real desk and store of the cancel sheet's tests, joined to real rules of deciding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from store_desk.domain.authority import Result, Rules, Ruling, rule_on_cancel
from store_desk.domain.conditions import SHIPPED
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.decisions import rule_on_asking
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.answers import take_answers
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.canonical import canonical_json
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.services.messages import GENESIS, Answer, next_answer_chain, record_from_body, record_to_body
from store_desk.services.office_ports import Delivery
from store_desk.services.payloads import cancel_from_payload, decision_from_payload
from store_desk.services.sync_view import SyncRow, read_sync
from store_desk.ui.bench import Bench
from store_desk.ui.sync.link import HeadOfficeLink, LinkState
from store_desk.words import Lang
from tests.ui.cancel.scene import CLERK, NOW, SUPERVISOR, Clock, Printer, ticket_at
from tests.ui.cancel.scene import scene as plain_scene

OTHER_DESK = "XH1"
SIGNED = (((0.1, 0.2, 0.5, 0), (0.4, 0.25, 0.5, 300), (0.8, 0.2, 0.5, 600)),)
# Customer, their other name, product, its other name: one a ticket.
PEOPLE = (
    ("何静", "He Jing", "北岸 除湿机", "Norra dehumidifier"),
    ("王秀兰", "Wang Xiulan", "北岸 K7 滚筒洗衣机", "Norra K7 washer"),
    ("李建国", "Li Jianguo", "奥达 书桌", "Oda desk"),
    ("陈丽", "Chen Li", "电水壶", "kettle"),
    ("汤姆·贝克尔", "Tom Becker", "哈登 回音壁", "Harden soundbar"),
    ("赵敏", "Zhao Min", "空气炸锅", "air fryer"),
    ("周强", "Zhou Qiang", "哈登 电视", "Harden television"),
    ("孙悦", "Sun Yue", "扫地机", "robot vacuum"),
)


class OwnKey:
    """An Ed25519 key of the desk's own."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass
class Office:
    """The desk with its link, and a head office that decides by the real rules when a test lets it."""

    desk: Desk
    bench: Bench
    clock: Clock
    printer: Printer
    link: HeadOfficeLink
    woken: list[datetime] = field(default_factory=list)
    chain: bytes = GENESIS
    made: int = 0

    # --- at the desk -------------------------------------------------------------------------------------

    def ticket(self, level: int = 1, *, person: int = -1, work: Work | None = None) -> Ticket:
        """Stores a ticket of this level, each of another customer."""
        self.made += 1
        name, other, product, product_other = PEOPLE[person if person >= 0 else self.made % len(PEOPLE)]
        plain = ticket_at(level, number=f"XH2-26-0047{self.made:02d}-K")
        facts = replace(plain.facts, customer_other=other, product_other=product_other)
        changed: dict[str, Any] = {"work": work} if work is not None else {}
        ticket = replace(
            plain, id=f"{self.made:032x}", customer=name, product=product, facts=facts, phone=f"1380000{self.made:04d}",
            serial=f"S-{self.made}", order_number=f"SO-{self.made}", **changed,
        )  # fmt: skip
        with self.desk.work() as uow:
            uow.tickets.add(ticket)
        return ticket

    def cancel(self, ticket: Ticket, *, by: Actor = CLERK, level: int = 1, park: bool = False) -> Cancelled:
        """Cancels as the sheet does."""
        high = level > 2
        command = CancelTicket(
            ticket.id,
            Reason.SELF_RESOLVED if high else Reason.MISTAKE,
            note="清理门封圈异物后不再漏水" if high else "",
            consent=Consent(Grade.COUNTER),
            strokes=SIGNED,
            settlement="cash",
            approver=SUPERVISOR if high and not park else None,
            park=park,
        )
        return cancel_ticket(self.desk, by, command)

    def rows(self) -> tuple[SyncRow, ...]:
        """What the page would show."""
        return read_sync(self.desk, CLERK).rows

    def tell(self, *, connected: bool = True, ago_s: float = 20, problem: str = "", running: bool = False) -> LinkState:
        """Tells the window how the wire stands, with the counts as they are."""
        counts = read_sync(self.desk, CLERK).counts
        at = self.clock() - timedelta(seconds=ago_s)
        state = LinkState(connected, at, counts.waiting, counts.to_handle, running, problem)
        self.link.tell(state)
        return state

    # --- at head office ----------------------------------------------------------------------------------

    def send(self) -> None:
        """Everything that waits has been sent and not been answered."""
        with self.desk.work() as uow:
            for delivery in uow.deliveries.unanswered(limit=100):
                now = self.clock()
                uow.deliveries.save(replace(delivery, sent_n=delivery.sent_n + 1, sent_at=now - timedelta(seconds=1)))

    def answer(self, *, meanwhile: Callable[[TicketRecord], TicketRecord] | None = None) -> list[Result]:
        """Head office decides on everything that waits, after `meanwhile` happened to each ticket."""
        self.send()
        given: list[Answer] = []
        with self.desk.read() as uow:
            waiting = uow.deliveries.unanswered(limit=100)
            bodies = {item.envelope.ticket_id: uow.mirror.get(item.envelope.ticket_id) for item in waiting}
        for delivery in waiting:
            row = bodies[delivery.envelope.ticket_id]
            assert row is not None
            record = record_from_body(row.body)
            given.append(self._decide(delivery, meanwhile(record) if meanwhile else record))
        with self.desk.work() as uow:
            take_answers(self.desk, uow, given, now=self.clock())
        for delivery in waiting:
            self.link.tell_settled(delivery.envelope.case_id)
        return [answer.result for answer in given]

    def _decide(self, delivery: Delivery, record: TicketRecord) -> Answer:
        sent, now = delivery.envelope, self.clock()
        ruling = self._rule(delivery, record)
        after = ruling.record or record
        version = after.ticket.version
        self.chain = next_answer_chain(self.chain, op_id=sent.id, result=ruling.result, version=version)
        return Answer(
            id=sent.id, inc=sent.inc, n=sent.n, result=ruling.result, chain=self.chain, version=version, store="XH",
            seq=sent.n, body=record_to_body(after), facts=canonical_json(dict(ruling.facts)), at_ms=to_ms(now),
        )  # fmt: skip

    def _rule(self, delivery: Delivery, record: TicketRecord) -> Ruling:
        sent = delivery.envelope
        if sent.kind == "ask":
            return rule_on_asking(record, sent.case_id, why=decision_from_payload(sent.payload).why)
        rules = Rules(Policy(), SHIPPED, ZoneInfo("Asia/Shanghai"))
        request = cancel_from_payload(sent.payload)
        return rule_on_cancel(record, request, rules=rules, now=self.clock(), new_id=self.desk.new_id)


def finished(record: TicketRecord) -> TicketRecord:
    """The depot finished the work two minutes before."""
    ticket = replace(
        record.ticket, review=Review.IN_PROCESS, work=Work.DONE, closed_at=NOW - timedelta(minutes=2),
        version=record.ticket.version + 1,
    )  # fmt: skip
    return replace(record, ticket=ticket)


def begun(record: TicketRecord) -> TicketRecord:
    """A technician began to work on it."""
    ticket = replace(
        record.ticket, review=Review.IN_PROCESS, work=Work.IN_PROCESS, assignee="周启明",
        version=record.ticket.version + 1,
    )  # fmt: skip
    return replace(record, ticket=ticket)


def cancelled_elsewhere(office: Office) -> Callable[[TicketRecord], TicketRecord]:
    """Another desk cancelled the ticket first."""

    def meanwhile(record: TicketRecord) -> TicketRecord:
        with office.desk.read() as uow:
            mine = uow.cases.of_ticket(record.ticket.id)[0]
        first = replace(mine, id=office.desk.new_id(), requester="2051", opened_at=NOW - timedelta(minutes=40))
        rules = Rules(Policy(), SHIPPED, ZoneInfo("Asia/Shanghai"))
        with office.desk.read() as uow:
            sent = uow.deliveries.of_ticket(record.ticket.id)[0].envelope
        request = replace(cancel_from_payload(sent.payload), case=first, desk=OTHER_DESK, slip="XH1-26-S000031-K")
        done = rule_on_cancel(record, request, rules=rules, now=NOW - timedelta(minutes=39), new_id=office.desk.new_id)
        assert done.record is not None
        cases = tuple(CaseRecord(item.case, item.obligations, OTHER_DESK, item.slip) for item in done.record.cases)
        return replace(done.record, cases=cases)

    return meanwhile


@contextmanager
def office_scene(template: Path, folder: Path, *, lang: Lang = "zh") -> Iterator[Office]:
    """A desk that belongs to a head office."""
    with plain_scene(template, folder, lang=lang) as shop:
        woken: list[datetime] = []
        desk = replace(shop.desk, signer=OwnKey())
        link = HeadOfficeLink(lambda: woken.append(shop.clock()))
        bench = replace(shop.bench, desk=desk, head_office=link)
        with desk.work() as uow:
            put_enrolment(uow, Enrolment("https://hub.example", "desk-2", 1, "XH", ("XH",)))
        yield Office(desk, bench, shop.clock, shop.printer, link, woken)
