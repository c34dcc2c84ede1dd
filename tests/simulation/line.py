"""The line between a desk and head office: loses requests and replies, doubles them, and delivers copies later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import NoReturn, TypeVar

from store_desk.domain.office_errors import HubUnreachable
from store_desk.hub.apply import Office, Stop, apply_batch, apply_operation
from store_desk.hub.changes import read_changes
from store_desk.hub.ports import DeskRow, HubUnit
from store_desk.services.codec import to_ms
from store_desk.services.messages import (
    Answer,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
    SnapshotRow,
    record_from_body,
    record_to_body,
)
from store_desk.sync.link import Copy, PublishedRules
from tests.memory.hub import MemoryHub
from tests.simulation.desks import SimulatedDesk

T = TypeVar("T")


class HubCrash(Exception):
    """Head office dies in the middle of a batch; what was committed stays."""


@dataclass
class Weather:
    """How bad the line is, and how busy the counter: chances per request."""

    lost: float = 0.0
    reply_lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    crash: float = 0.0
    busy: float = 0.0


@dataclass
class HeadOffice:
    """The service: the program's rules over books in memory. `told` keeps every answer ever given, by history."""

    hub: MemoryHub
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    history: int = 0
    told: dict[tuple[int, str], Answer] = field(default_factory=dict)
    accepted_at: dict[str, int] = field(default_factory=dict)
    moments: int = 0

    def push(
        self,
        desk_id: str,
        envelopes: Sequence[Envelope],
        crash_after: int | None = None,
        *,
        epoch: str = "",
        insist: bool = False,
    ) -> PushReply:
        """A batch, each operation in a transaction of its own."""
        office = Office(self.clock, self.new_id)
        done = 0

        def one(envelope: Envelope) -> Answer:
            nonlocal done
            if crash_after is not None and done >= crash_after:
                raise HubCrash
            answer = self.hub.run(
                lambda unit: apply_operation(
                    unit, office, desk_id=desk_id, envelope=envelope, epoch=epoch, insist=insist
                )
            )
            done += 1
            self.moments += 1
            self.accepted_at.setdefault(envelope.id, self.moments)
            return answer

        return apply_batch(
            one, tuple(envelopes), epoch=self.hub.books.epoch, have=0, now_ms=to_ms(self.clock())
        )

    def changes(self, desk_id: str, asked: ChangesAsked) -> ChangesReply:
        """What is new, from one moment."""
        row = self.row(desk_id)
        return self.hub.run(lambda unit: read_changes(unit, row, asked, now_ms=to_ms(self.clock())))

    def row(self, desk_id: str) -> DeskRow:
        """The desk's latest incarnation."""
        rows = [row for (known, _), row in self.hub.books.desks.items() if known == desk_id]
        return max(rows, key=lambda row: row.inc)

    def incarnation(self, desk_id: str, inc: int) -> int:
        """A new incarnation, greater than any that the desk has heard of."""
        row = self.row(desk_id)
        new = max(row.inc, inc) + 1
        fresh = DeskRow(desk_id, new, row.store, row.desk, row.public_key, row.role, row.scope)
        self.hub.run(lambda unit: unit.save_desk(fresh))
        return new


class SimulatedLine:
    """Implements `sync.link.HubLink` for one desk, in bad weather."""

    def __init__(
        self,
        office: HeadOffice,
        desk: SimulatedDesk,
        rng: Random,
        weather: Weather,
        later: list[Callable[[], None]],
        meanwhile: Callable[[], None],
    ) -> None:
        self.office = office
        self.desk = desk
        self.desk_id = desk.name
        self.rng = rng
        self.weather = weather
        self.later = later
        self.meanwhile = meanwhile

    def push(self, envelopes: Sequence[Envelope], *, epoch: str, insist: bool = False) -> PushReply:
        batch = tuple(envelopes)
        crash = self.rng.randrange(len(batch) + 1) if self.rng.random() < self.weather.crash else None
        reply = self._request(lambda: self.office.push(self.desk_id, batch, crash, epoch=epoch, insist=insist))
        for answer in reply.answers:
            self.office.told.setdefault((self.office.history, answer.id), answer)
        return reply

    def push_ahead(self, envelopes: Sequence[Envelope], *, epoch: str) -> Callable[[], PushReply]:
        """Head office acts at once, or only when the desk has written down what it was told before."""
        if self.rng.random() < 0.3:
            return lambda: self.push(envelopes, epoch=epoch)
        try:
            reply = self.push(envelopes, epoch=epoch)
        except Exception as error:
            return partial(_raise, error)
        return lambda: reply

    def changes(self, asked: ChangesAsked, *, wait_s: float = 0) -> ChangesReply:
        return self._request(lambda: self.office.changes(self.desk_id, asked))

    def answers(self, inc: int, *, after: int = 0) -> list[Answer]:
        def ask(unit: HubUnit) -> list[Answer]:
            return unit.answers_after(self.desk_id, inc, after, limit=100_000)

        return self._request(lambda: self.office.hub.run(ask))

    def copy(self, store: str) -> Copy:
        self.desk.begun_anew += 1

        def ask(unit: HubUnit) -> Copy:
            head = unit.head(store)
            rows = [
                SnapshotRow(ticket_id, record.ticket.version, body)
                for ticket_id, (record, at, body) in self.office.hub.books.records.items()
                if at == store
            ]
            return Copy(FeedPosition(store, unit.epoch, head.seq, head.hash), iter(rows), len(rows))

        return self._request(lambda: self.office.hub.run(ask))

    def offer(self, bodies: Sequence[str]) -> list[tuple[str, str]]:
        def take(unit: HubUnit) -> list[tuple[str, str]]:
            return [_take_fact(unit, body, now=self.office.clock()) for body in bodies]

        return self._request(lambda: self.office.hub.run(take))

    def incarnation(self, inc: int) -> int:
        return self._request(lambda: self.office.incarnation(self.desk_id, inc))

    def rules(self, have: int) -> PublishedRules | None:
        return None

    def _request(self, carry_out: Callable[[], T]) -> T:
        reply = self._carried(carry_out)
        if self.rng.random() < self.weather.busy:
            # No transaction is open while the network is used, so the clerk goes on working.
            self.meanwhile()
        return reply

    def _carried(self, carry_out: Callable[[], T]) -> T:
        if self.rng.random() < self.weather.lost:
            raise HubUnreachable(detail="lost")
        if self.rng.random() < self.weather.late:
            self.later.append(lambda: _quietly(carry_out))
            raise HubUnreachable(detail="late")
        try:
            reply = carry_out()
            if self.rng.random() < self.weather.doubled:
                _quietly(carry_out)
        except HubCrash as crash:
            raise HubUnreachable(detail="crash") from crash
        if self.rng.random() < self.weather.reply_lost:
            raise HubUnreachable(detail="reply lost")
        return reply


def _take_fact(unit: HubUnit, body: str, *, now: datetime) -> tuple[str, str]:
    """A ticket that head office does not know is stored as it is; nothing is decided again."""
    record = record_from_body(body)
    ticket = record.ticket
    known = unit.lock_record(ticket.id)
    if known is not None:
        return ticket.id, "same" if record_to_body(known[0]) == body else "conflict"
    change = unit.append_change(
        ticket.store, kind="put", ticket_id=ticket.id, version=ticket.version, body=body, op_id="", at=now
    )
    unit.put_record(record, body=body, seq=change.seq)
    return ticket.id, "added"


def _raise(error: Exception) -> NoReturn:
    raise error


def _quietly(carry_out: Callable[[], object]) -> None:
    """A copy of a request arrives; nobody listens to its reply."""
    try:
        carry_out()
    except (HubCrash, Stop):
        return
