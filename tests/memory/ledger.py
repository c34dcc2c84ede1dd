"""What a desk writes down, in memory: slips, operations, deliveries, journal, people, settings and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from store_desk.domain.attachments import Attachment
from store_desk.domain.authority import QUIET_RESULTS, Result
from store_desk.domain.case import CONFIRMED_STATES, CancellationCase, CaseState, Origin
from store_desk.domain.errors import StaffExists, StaffNotFound
from store_desk.domain.journal import GENESIS, Entry, JournalHead, entry_hash
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Staff
from store_desk.services.codec import compact, from_ms, to_ms
from store_desk.services.messages import AnswerPosition, FeedPosition
from store_desk.services.office_ports import Delivery, DeliveryCounts, DeliveryState, MirrorRow
from store_desk.services.oversight import Watched
from store_desk.services.ports import Batch, Draft, Operation, SlipRow
from tests.memory.tables import Disk, Table, WrongUse
from tests.memory.trade import MemoryCases

ROUND_TRIPS = 21
CONFIRMED_RESULTS = QUIET_RESULTS | {Result.ACCEPTED_WITH_CONDITIONS}
HANDLED = "exception_handled"


class MemorySlips:
    """`services.ports.Slips`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)
        self.of = Table(disk)
        self.last = Table(disk)

    def add(self, slip: SlipRow) -> None:
        if slip.number in self.rows:
            raise WrongUse(f"slip {slip.number} is there already")
        self.rows.put(slip.number, slip)
        self.of.append(slip.ticket_id, slip.number)
        self.last.put("hash", slip.hash)

    def save(self, slip: SlipRow) -> None:
        before = self.rows.get(slip.number)
        if before is not None:
            kept = replace(
                before, printed_n=slip.printed_n, reprints=slip.reprints, owed=slip.owed, failure=slip.failure
            )
            self.rows.put(slip.number, kept)

    def get(self, number: str) -> SlipRow | None:
        row: SlipRow | None = self.rows.get(number)
        return row

    def of_ticket(self, ticket_id: str) -> list[SlipRow]:
        rows = [self.rows.get(number) for number in reversed(self.of.get(ticket_id, ()))]
        return sorted(rows, key=lambda row: row.variant is SlipVariant.STOP_SHEET)

    def owed(self, *, limit: int) -> list[SlipRow]:
        return [row for row in self.rows.values() if row.owed][:limit]

    def last_hash(self) -> str:
        return str(self.last.get("hash", GENESIS))


class MemoryOperations:
    """`services.ports.Operations`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def add(self, operation: Operation) -> None:
        if operation.id in self.rows:
            raise WrongUse(f"operation {operation.id} is there already")
        self.rows.put(operation.id, operation)

    def of_ticket(self, ticket_id: str) -> list[Operation]:
        """The ticket's operations, oldest first."""
        return [row for row in self.rows.values() if row.ticket_id == ticket_id]


def _number(delivery: Delivery) -> tuple[int, int]:
    return delivery.envelope.inc, delivery.envelope.n


def _made(delivery: Delivery) -> tuple[datetime, int, int]:
    return delivery.made_at, delivery.envelope.inc, delivery.envelope.n


def _to_handle(delivery: Delivery) -> bool:
    answered = delivery.state is DeliveryState.ANSWERED and delivery.handled_at is None
    return answered and delivery.answer is not None and delivery.answer.result not in QUIET_RESULTS


class MemoryDeliveries:
    """`services.ports.Deliveries`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)
        self.numbers = Table(disk)
        self.waiting = Table(disk)

    def add(self, delivery: Delivery) -> None:
        if delivery.envelope.id in self.rows:
            raise WrongUse(f"delivery {delivery.envelope.id} is there already")
        self._write(delivery)

    def save(self, delivery: Delivery) -> None:
        before = self.rows.get(delivery.envelope.id)
        if before is None:
            return
        envelope = delivery.envelope
        kept = replace(before.envelope, inc=envelope.inc, n=envelope.n, offset_ms=envelope.offset_ms)
        if _number(before) != _number(delivery):
            self.numbers.drop(_number(before))
        self._write(replace(delivery, envelope=kept, made_at=before.made_at))

    def _write(self, delivery: Delivery) -> None:
        own = delivery.envelope.id
        if delivery.answer is not None and delivery.answer.body is not None:
            delivery = replace(delivery, answer=replace(delivery.answer, body=None))
        if self.numbers.get(_number(delivery), own) != own:
            raise WrongUse(f"number {_number(delivery)} belongs to another delivery")
        self.numbers.put(_number(delivery), own)
        self.rows.put(own, delivery)
        if delivery.state is DeliveryState.ANSWERED:
            self.waiting.drop(own)
        elif own not in self.waiting:
            self.waiting.put(own, True)

    def get(self, op_id: str) -> Delivery | None:
        row: Delivery | None = self.rows.get(op_id)
        return row

    def next_n(self, inc: int) -> int:
        return max((n for of, n in self.numbers if of == inc), default=0) + 1

    def note_sent(self, op_ids: Iterable[str], *, at: datetime) -> None:
        for op_id in op_ids:
            if op_id in self.waiting:
                row = self.rows.get(op_id)
                self.save(replace(row, sent_n=row.sent_n + 1, sent_at=at))

    def unanswered(self, *, limit: int, after: tuple[int, int] = (0, 0)) -> list[Delivery]:
        rows = sorted((self.rows.get(op_id) for op_id in self.waiting), key=_number)
        return [row for row in rows if _number(row) > after][:limit]

    def unanswered_of(self, ticket_id: str) -> list[Delivery]:
        rows = (self.rows.get(op_id) for op_id in self.waiting)
        return sorted((row for row in rows if row.envelope.ticket_id == ticket_id), key=_number)

    def of_ticket(self, ticket_id: str) -> list[Delivery]:
        rows = (row for row in self.rows.values() if row.envelope.ticket_id == ticket_id)
        return sorted(rows, key=_made, reverse=True)

    def of_incarnation(self, inc: int) -> list[Delivery]:
        return sorted((row for row in self.rows.values() if row.envelope.inc == inc), key=_number)

    def latest(self, *, limit: int) -> list[Delivery]:
        rows = sorted(self.rows.values(), key=_made, reverse=True)
        return sorted(rows, key=lambda row: not _to_handle(row))[:limit]

    def counts(self, *, confirmed_since: datetime) -> DeliveryCounts:
        rows = self.rows.values()
        waiting = [self.rows.get(op_id) for op_id in self.waiting]
        answered = [row for row in rows if row.state is DeliveryState.ANSWERED and row.answered_at is not None]
        confirmed = [
            row
            for row in answered
            if row.answered_at >= confirmed_since and row.answer and row.answer.result in CONFIRMED_RESULTS
        ]
        sent = sorted((row for row in answered if row.sent_at is not None), key=lambda row: row.answered_at)
        trips = [max(0, (row.answered_at - row.sent_at) // timedelta(milliseconds=1)) for row in sent[-ROUND_TRIPS:]]
        return DeliveryCounts(
            waiting=len(waiting),
            to_handle=sum(map(_to_handle, rows)),
            confirmed=len(confirmed),
            oldest_waiting_at=min((row.made_at for row in waiting), default=None),
            round_trip_ms=int(median(trips)) if trips else None,
        )


class MemoryMirror:
    """`services.ports.Mirror`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def get(self, ticket_id: str) -> MirrorRow | None:
        row: MirrorRow | None = self.rows.get(ticket_id)
        return row

    def put(self, row: MirrorRow) -> None:
        self.rows.put(row.ticket_id, row)

    def drop(self, ticket_id: str) -> None:
        self.rows.drop(ticket_id)

    def ids(self) -> list[str]:
        return sorted(self.rows)


class MemoryPositions:
    """`services.ports.Positions`."""

    def __init__(self, disk: Disk) -> None:
        self.of_feeds = Table(disk)
        self.of_answers = Table(disk)

    def feeds(self) -> list[FeedPosition]:
        return [self.of_feeds.get(store) for store in sorted(self.of_feeds)]

    def put_feed(self, position: FeedPosition) -> None:
        self.of_feeds.put(position.store, position)

    def drop_feeds(self) -> None:
        for store in self.of_feeds:
            self.of_feeds.drop(store)

    def answers(self) -> list[AnswerPosition]:
        return [self.of_answers.get(inc) for inc in sorted(self.of_answers)]

    def put_answers(self, position: AnswerPosition) -> None:
        self.of_answers.put(position.inc, position)


class MemoryJournal:
    """`services.ports.Journal`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def write(self, *, at: datetime, actor: str, what: str, subject: str = "", facts: dict[str, object]) -> None:
        n = len(self.rows) + 1
        previous = self.rows.get(n - 1).hash if n > 1 else GENESIS
        text = compact(dict(sorted(facts.items()))).encode(errors="replace").decode()
        at_ms = to_ms(at)
        own = entry_hash(n=n, at_ms=at_ms, actor=actor, what=what, subject=subject, facts=text, previous=previous)
        self.rows.put(n, Entry(n, at_ms, actor, what, subject, text, previous, own))

    def head(self) -> JournalHead:
        n = len(self.rows)
        last = self.rows.get(n)
        return JournalHead(n, GENESIS, None) if last is None else JournalHead(n, last.hash, from_ms(last.at_ms))

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        last = len(self.rows) if limit is None else min(len(self.rows), after + limit)
        for n in range(after + 1, last + 1):
            yield self.rows.get(n)

    def about(self, subject: str, *, limit: int) -> list[Entry]:
        found = [entry for entry in self.entries() if subject and entry.subject == subject]
        return found[::-1][:limit]

    def count_today(self, *, what: str, actor: str, since: datetime) -> int:
        first = to_ms(since)
        return sum(entry.at_ms >= first and entry.what == what and entry.actor == actor for entry in self.rows.values())


class MemoryPeople:
    """`services.ports.People`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def add(self, person: Staff) -> None:
        if person.id in self.rows:
            raise StaffExists(who=person.id)
        self.rows.put(person.id, person)

    def save(self, person: Staff) -> None:
        if person.id not in self.rows:
            raise StaffNotFound(who=person.id)
        self.rows.put(person.id, person)

    def get(self, staff_id: str) -> Staff | None:
        row: Staff | None = self.rows.get(staff_id)
        return row

    def all(self) -> list[Staff]:
        return [self.rows.get(staff_id) for staff_id in sorted(self.rows)]


class MemorySettings:
    """`services.ports.Settings`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def get(self, name: str) -> str | None:
        value: str | None = self.rows.get(name)
        return value

    def put(self, name: str, value: str) -> None:
        self.rows.put(name, value)

    def under(self, prefix: str) -> dict[str, str]:
        return {name[len(prefix) :]: self.rows.get(name) for name in sorted(self.rows) if name.startswith(prefix)}


class MemoryDrafts:
    """`services.ports.Drafts`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def put(self, draft: Draft) -> None:
        self.rows.put(draft.ticket_id, draft)

    def get(self, ticket_id: str) -> Draft | None:
        row: Draft | None = self.rows.get(ticket_id)
        return row

    def has(self, ticket_id: str) -> bool:
        """Whether the ticket has one."""
        return ticket_id in self.rows

    def drop(self, ticket_id: str) -> None:
        self.rows.drop(ticket_id)

    def all(self) -> list[Draft]:
        return sorted(self.rows.values(), key=lambda draft: draft.saved_at, reverse=True)


class MemoryCounters:
    """`services.ports.Counters`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def next(self, name: str) -> int:
        value = int(self.rows.get(name, 0)) + 1
        self.rows.put(name, value)
        return value

    def skip(self, name: str, by: int) -> None:
        self.rows.put(name, self.rows.get(name, 0) + by)


class MemoryAttachments:
    """`services.ports.Attachments`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)
        self.contents = Table(disk)

    def add(self, attachment: Attachment, content: bytes) -> None:
        if attachment.hash not in self.contents:
            self.contents.put(attachment.hash, content)
        self.add_same(attachment)

    def add_same(self, attachment: Attachment) -> None:
        if attachment.hash not in self.contents:
            raise WrongUse("an attachment without its content")
        self.rows.put(attachment.id, attachment)

    def get(self, attachment_id: str) -> Attachment | None:
        row: Attachment | None = self.rows.get(attachment_id)
        return row

    def of_ticket(self, ticket_id: str) -> list[Attachment]:
        return [row for row in self.rows.values() if row.ticket_id == ticket_id]

    def content(self, digest: str) -> bytes | None:
        content: bytes | None = self.contents.get(digest)
        return content


class MemoryBatches:
    """`services.ports.Batches`; nothing is imported here."""

    def get(self, batch_id: int) -> Batch | None:
        return None

    def all(self, *, limit: int) -> list[Batch]:
        return []

    def unfinished(self) -> list[Batch]:
        return []


class MemoryOversight:
    """`services.oversight.Oversight`: what waits and what is disputed; odd cases are not looked for here."""

    def __init__(self, cases: MemoryCases, journal: MemoryJournal, slips: MemorySlips) -> None:
        self._cases = cases
        self._journal = journal
        self._slips = slips

    def waiting(self, *, limit: int) -> list[CancellationCase]:
        rows = [row for row in self._cases.rows.values() if row.case.state is CaseState.PENDING_APPROVAL]
        return [row.case for row in sorted(rows, key=lambda row: (row.case.opened_at, row.n))][:limit]

    def count_waiting(self) -> int:
        return sum(row.case.state is CaseState.PENDING_APPROVAL for row in self._cases.rows.values())

    def disputed(self, *, limit: int) -> list[CancellationCase]:
        ended = (CaseState.REFUSED, CaseState.SUPERSEDED)
        rows = [row for row in self._cases.rows.values() if row.case.state in ended]
        return [row.case for row in sorted(rows, key=lambda row: (row.case.asked == "", -row.n))][:limit]

    def confirmed(self, *, limit: int) -> list[CancellationCase]:
        rows = [
            (row.case.applied_at, row.n, row.case)
            for row in self._cases.rows.values()
            if row.case.applied_at and row.case.state in CONFIRMED_STATES and row.case.origin is Origin.DESK
        ]
        return [case for _, _, case in sorted(rows, key=lambda row: row[:2], reverse=True)][:limit]

    def of_slip(self, number: str, *, limit: int) -> list[CancellationCase]:
        written = self._slips.get(number)
        own = written.case_id if written else ""
        return [row.case for row in self._cases.rows.values() if row.case.id == own or row.slip == number][:limit]

    def handled(self, *, since: datetime, limit: int) -> list[Entry]:
        found = [entry for entry in self._journal.entries() if entry.what == HANDLED and entry.at_ms >= to_ms(since)]
        return found[::-1][:limit]

    def unsigned(self, *, since: datetime, until: datetime, limit: int) -> list[Watched]:
        return []

    def money_short(self, *, now: datetime, limit: int) -> list[Watched]:
        return []

    def often(self, *, since: datetime, least: int, reasons: tuple[str, ...], limit: int) -> list[Watched]:
        return []

    def with_visit(self, *, since: datetime, limit: int) -> list[Watched]:
        return []

    def reprinted(self, *, since: datetime, least: int, limit: int) -> list[Watched]:
        return []
