"""A head office and desks in memory on a line that fails when it is told to, request by request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from store_desk.domain.case import CancellationCase
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import DomainError
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, TicketType, Work
from store_desk.hub.ports import DeskRow
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.messages import Answer, ChangesAsked, ChangesReply, Envelope, PushReply, record_to_body
from store_desk.services.office_ports import Delivery
from store_desk.sync.cycle import CycleReport, run_cycle
from store_desk.sync.link import Copy, PublishedRules
from tests.memory.hub import MemoryHub
from tests.simulation.desks import CLERK, SimulatedDesk
from tests.simulation.line import HeadOffice, SimulatedLine, Weather
from tests.simulation.world import NOON

T = TypeVar("T")


class Line(SimulatedLine):
    """Notes every request. The `fail_at`-th (from 1) raises `error`, before or after it was carried out."""

    def __init__(self, office: HeadOffice, desk: SimulatedDesk) -> None:
        super().__init__(office, desk, Random(1), Weather(), [], lambda: None)
        self.asked: list[str] = []
        self.pushed: list[tuple[Envelope, ...]] = []
        self.fail_at = 0
        self.after = False
        self.error: Callable[[], Exception] = RuntimeError

    def push(self, envelopes: Sequence[Envelope], *, epoch: str, insist: bool = False) -> PushReply:
        self.pushed.append(tuple(envelopes))
        return self._named("push", lambda: super(Line, self).push(envelopes, epoch=epoch, insist=insist))

    def changes(self, asked: ChangesAsked, *, wait_s: float = 0) -> ChangesReply:
        return self._named("changes", lambda: super(Line, self).changes(asked, wait_s=wait_s))

    def answers(self, inc: int, *, after: int = 0) -> list[Answer]:
        return self._named("answers", lambda: super(Line, self).answers(inc, after=after))

    def copy(self, store: str) -> Copy:
        return self._named("copy", lambda: super(Line, self).copy(store))

    def offer(self, bodies: Sequence[str]) -> list[tuple[str, str]]:
        return self._named("offer", lambda: super(Line, self).offer(bodies))

    def incarnation(self, inc: int) -> int:
        return self._named("incarnation", lambda: super(Line, self).incarnation(inc))

    def rules(self, have: int) -> PublishedRules | None:
        texts = self.office.hub.books.rules
        return self._named("rules", lambda: None if have == len(texts) else PublishedRules(len(texts), dict(texts)))

    def _named(self, name: str, carry_out: Callable[[], T]) -> T:
        self.asked.append(name)
        with self.desk.store.read():
            # Transactions are not nested, so none was open: the network is never used inside one.
            pass
        failing = len(self.asked) == self.fail_at
        if failing and not self.after:
            raise self.error()
        reply = carry_out()
        if failing:
            raise self.error()
        return reply


class Scene:
    """Two desks of XH and head office with some tickets; `now` is moved by hand."""

    def __init__(self, *, tickets: int = 4, skew: timedelta = timedelta()) -> None:
        self.now = NOON
        self.rng = Random(7)
        self.hub = MemoryHub()
        self.hub.add_store("XH")
        self.new_id = _ids()
        self.office = HeadOffice(self.hub, lambda: self.now, self.new_id.__next__)
        self.desk, self.other = self._desk("xh1", 1, skew), self._desk("xh2", 2)
        self.tickets = [self.bring(n) for n in range(tickets)]

    def _desk(self, name: str, number: int, skew: timedelta = timedelta()) -> SimulatedDesk:
        made = SimulatedDesk(name, "XH", number, ("XH",), "desk", lambda: self.now, Random(number), skew=skew)
        self.hub.books.desks[name, 1] = DeskRow(name, 1, "XH", number, b"", "desk", ("XH",))
        made.join(1)
        return made

    def ticket(self, n: int, review: Review = Review.PENDING_REVIEW, work: Work = Work.UNASSIGNED) -> Ticket:
        """A ticket that nobody has yet."""
        return Ticket(
            id=f"{n:032d}", number=f"XH-T{n:04d}", store="XH", customer="王秀兰", type=TicketType.REPAIR, review=review,
            work=work, created_at=NOON - timedelta(days=2), updated_at=NOON - timedelta(days=1),
            review_since=NOON - timedelta(hours=3), source="erp", product="北岸 K7",
        )  # fmt: skip

    def bring(self, n: int, review: Review = Review.PENDING_REVIEW, work: Work = Work.UNASSIGNED) -> Ticket:
        """A ticket in head office's books."""
        ticket = self.ticket(n, review, work)
        self.tells(TicketRecord(ticket))
        return ticket

    def tells(self, record: TicketRecord, *, body: str = "", kind: str = "put") -> None:
        """A change of the books that no desk made."""
        ticket, body = record.ticket, body or record_to_body(record)
        with self.hub.transaction() as unit:
            change = unit.append_change(
                ticket.store, kind=kind, ticket_id=ticket.id, version=ticket.version, body=body, op_id="", at=self.now
            )
            unit.put_record(record, body=body, seq=change.seq)

    def moves(self, ticket: Ticket, **changes: Any) -> None:
        """Head office's books go on with a ticket."""
        record = self.hub.books.records[ticket.id][0]
        after = replace(record.ticket, version=record.ticket.version + 1, **changes)
        self.tells(replace(record, ticket=after))

    def line(self, desk: SimulatedDesk | None = None) -> Line:
        """A desk's line."""
        return Line(self.office, desk or self.desk)

    def round(self, desk: SimulatedDesk | None = None, line: Line | None = None, **how: Any) -> CycleReport:
        """One cycle."""
        here = desk or self.desk
        return run_cycle(here.desk, line or self.line(here), **how)

    def cancel(
        self, ticket: Ticket, *, desk: SimulatedDesk | None = None, actor: Actor = CLERK, **changes: Any
    ) -> Cancelled:
        """Cancels at a desk what is there now."""
        values: dict[str, Any] = {"ticket_id": ticket.id, "reason": Reason.WAIVED, "consent": Consent(Grade.PAPER)}
        return cancel_ticket((desk or self.desk).desk, actor, CancelTicket(**(values | changes)))

    def case(self, ticket: Ticket, desk: SimulatedDesk | None = None) -> CancellationCase:
        """The ticket's last case at a desk."""
        with (desk or self.desk).store.read() as uow:
            return uow.cases.of_ticket(ticket.id)[0]

    def operations(self, desk: SimulatedDesk | None = None) -> list[Delivery]:
        """All operations of a desk in the order of their numbers."""
        with (desk or self.desk).store.read() as uow:
            return sorted(uow.deliveries.latest(limit=10_000), key=lambda item: (item.envelope.inc, item.envelope.n))

    def restore_hub(self, image: Any, *, epoch: str = "") -> None:
        """Head office goes back to a backup."""
        self.hub.books = image.image()
        if epoch:
            self.hub.books.epoch = epoch


def _ids() -> Iterator[str]:
    n = 0
    while True:
        n += 1
        yield f"f{n:031x}"


def unsettled(scene: Scene, desk: SimulatedDesk | None = None) -> list[str]:
    """Everything in which a desk and head office do not agree; empty when all is settled."""
    desk = desk or scene.desk
    books = scene.hub.books
    found = [f"{op} had {n} effects" for op, n in Counter(books.caused_by.values()).items() if op and n > 1]
    for item in scene.operations(desk):
        known = books.operations.get(item.envelope.id)
        if item.answer is None or known is None or known.answer.result is not item.answer.result:
            found.append(f"{item.envelope.kind} {item.envelope.n}: {item.state.value}")
    with desk.store.read() as uow:
        found += [f"{ticket_id} is kept aside" for ticket_id in uow.mirror.ids()]
        found += [f"{record.ticket.number} is not known there" for record in uow.records.unknown(limit=9)]
        for ticket_id, (record, _, _) in books.records.items():
            here = uow.records.get(ticket_id)
            cases = {item.case.id: item.case.state for item in here.cases} if here else None
            if here is None or here.ticket != record.ticket or here.standing != record.standing:
                found.append(f"{record.ticket.number} differs")
            elif cases != {item.case.id: item.case.state for item in record.cases}:
                found.append(f"the cases of {record.ticket.number} differ")
        for position in uow.positions.feeds():
            head = books.heads[position.store]
            if (position.epoch, position.seq, position.hash) != (books.epoch, head.seq, head.hash):
                found.append(f"stands at {position.seq} of {head.seq}")
    return found


def failing(make: Callable[..., DomainError]) -> Callable[[], DomainError]:
    """The failure with whatever facts it has."""
    return lambda: make(detail="x", url="https://office.test")
