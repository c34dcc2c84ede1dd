"""What services need from outside for a desk with a head office: the way of operations, mirror, positions, records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from store_desk.domain.case import CaseState
from store_desk.domain.record import TicketRecord
from store_desk.services.messages import Answer, AnswerPosition, BodyParts, Envelope, FeedPosition


class DeliveryState(Enum):
    """Where an operation stands on its way: `recheck` is one that a restored head office no longer knows."""

    WAITING = "waiting"
    RECHECK = "recheck"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One operation on its way to head office. `envelope` bears its present number; the bytes in it never change.

    `answer` is the latest answer (its body is not kept); `handled_*` says that a person has dealt with one that differs
    from what was expected. `sent_n` counts the attempts.
    """

    envelope: Envelope
    state: DeliveryState
    made_at: datetime
    sent_n: int = 0
    sent_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    handled_at: datetime | None = None
    handled_by: str = ""
    handled_how: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What the Sync line and page show: waiting for an answer, to be dealt with by a person, confirmed since a moment.

    `oldest_waiting_at` is None when nothing waits; `round_trip_ms` the median of the latest answers, None before any.
    """

    waiting: int
    to_handle: int
    confirmed: int
    oldest_waiting_at: datetime | None
    round_trip_ms: int | None


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """Head office's record of a ticket on which own operations wait for an answer."""

    ticket_id: str
    version: int
    body: str


class Deliveries(Protocol):
    """Operations on their way to head office, numbered without gaps per incarnation."""

    def add(self, delivery: Delivery) -> None: ...
    def save(self, delivery: Delivery) -> None:
        """Writes everything but the bytes that were signed; the envelope may bear a new inc and n."""
        ...

    def get(self, op_id: str) -> Delivery | None: ...
    def next_n(self, inc: int) -> int:
        """The number after the highest one of this incarnation, 1 for the first."""
        ...

    def note_sent(self, op_ids: Iterable[str], *, at: datetime) -> None:
        """Those of them that are still WAITING or RECHECK went out once more."""
        ...

    def unanswered(self, *, limit: int, after: tuple[int, int] = (0, 0)) -> list[Delivery]:
        """WAITING and RECHECK after (inc, n), by (inc, n)."""
        ...

    def unanswered_of(self, ticket_id: str) -> list[Delivery]:
        """WAITING and RECHECK of one ticket, by (inc, n)."""
        ...

    def of_ticket(self, ticket_id: str) -> list[Delivery]:
        """All of one ticket, latest first."""
        ...

    def of_incarnation(self, inc: int) -> list[Delivery]:
        """All of one incarnation, by n."""
        ...

    def latest(self, *, limit: int) -> list[Delivery]:
        """To be dealt with first, then by the time they were made, latest first."""
        ...

    def counts(self, *, confirmed_since: datetime) -> DeliveryCounts: ...


class Mirror(Protocol):
    """Head office's records of tickets on which own operations wait."""

    def get(self, ticket_id: str) -> MirrorRow | None: ...
    def put(self, row: MirrorRow) -> None: ...
    def drop(self, ticket_id: str) -> None: ...
    def ids(self) -> list[str]: ...


class Positions(Protocol):
    """How far feeds and answers have been taken."""

    def feeds(self) -> list[FeedPosition]: ...
    def put_feed(self, position: FeedPosition) -> None: ...
    def drop_feeds(self) -> None: ...
    def answers(self) -> list[AnswerPosition]:
        """By inc."""
        ...

    def put_answers(self, position: AnswerPosition) -> None: ...


class Records(Protocol):
    """Tickets with their cases as head office tells of them."""

    def get(self, ticket_id: str) -> TicketRecord | None:
        """The record as this desk's tables have it, cases oldest first; strokes are left out."""
        ...

    def put(self, record: TicketRecord, *, known: bool = True) -> None:
        """Writes ticket, cases and obligations over what is there and makes `standing` the ticket's case.

        Cases and obligations that are only here stay. `known` marks the ticket as one that head office knows.
        """
        ...

    def put_many(self, records: Iterable[BodyParts]) -> None:
        """As `put`, for pages of a feed; raises what `record_from_body` raises for what is no ticket."""
        ...

    def evict(self, ticket_id: str) -> bool:
        """Takes a ticket out of the lists and the search; its cases, slips and operations stay."""
        ...

    def unknown(self, *, limit: int, after: str = "") -> list[TicketRecord]:
        """Tickets that head office has not been told of (standalone's own, imported), by id."""
        ...

    def case_states(self, ticket_id: str) -> dict[str, CaseState]:
        """The states of the cases that `get` shows, by case."""
        ...

    def versions(self, ticket_ids: Iterable[str]) -> dict[str, int]:
        """The versions here of those that head office knows and that are listed here."""
        ...

    def mark_known(self, ticket_ids: Iterable[str]) -> None: ...
    def mark_unknown(self, ticket_ids: Iterable[str]) -> None:
        """Head office has lost them, so they are offered to it again."""
        ...

    def known_ids(self) -> Iterator[str]:
        """Ids of all tickets that head office knows and that are listed here."""
        ...
