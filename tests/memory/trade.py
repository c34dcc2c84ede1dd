"""Tickets, cases and what hangs on them, in memory, by the rules of the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES, CancellationCase, CaseState, Origin
from store_desk.domain.errors import CaseAlreadyOpen, TicketMoved
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import CLOSED_STATES, Obligation
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.codec import decode
from store_desk.services.messages import BodyParts
from store_desk.services.ports import Hit, Hits, ListedTicket
from store_desk.store.search_words import key_of, keys_of, phone_key_of
from tests.memory.tables import Disk, Table, WrongUse

COUNT_MAX = 1_000
SAME_NUMBER_MAX = 50
EARLIEST = datetime.min.replace(tzinfo=UTC)
_LEFT = (NoticeState.HELD, NoticeState.QUEUED)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it is kept; `place` is its place at head office, None while it is only here."""

    n: int
    case: CancellationCase
    desk: str = ""
    slip: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as it is kept."""

    n: int
    ticket: Ticket
    standing: str = ""
    known: bool = False
    evicted: bool = False


class MemoryTickets:
    """`services.ports.Tickets`."""

    def __init__(self, disk: Disk, has_draft: Callable[[str], bool]) -> None:
        self.rows = Table(disk)
        self.by_key = Table(disk)
        self.has_draft = has_draft
        self.cases: MemoryCases
        self.obligations: MemoryObligations

    def row(self, ticket_id: str) -> TicketRow | None:
        """The row of a ticket that is listed here."""
        row: TicketRow | None = self.rows.get(ticket_id)
        return None if row is None or row.evicted else row

    def write(self, row: TicketRow) -> None:
        """Writes a row and finds it by its number from then on."""
        ticket = row.ticket
        before = self.rows.get(ticket.id)
        if before is None or before.ticket.number != ticket.number:
            key = key_of(ticket.number)
            if ticket.id not in self.by_key.get(key, ()):
                self.by_key.append(key, ticket.id)
        self.rows.put(ticket.id, row)

    def get(self, ticket_id: str) -> Ticket | None:
        row = self.row(ticket_id)
        return None if row is None else row.ticket

    def by_number(self, number: str) -> list[Ticket]:
        key = key_of(number)
        rows = [row for row in map(self.row, self.by_key.get(key, ()) if key else ()) if row is not None]
        rows = [row for row in rows if key_of(row.ticket.number) == key]
        found = [row.ticket for row in sorted(rows, key=lambda row: row.n, reverse=True)][:SAME_NUMBER_MAX]
        if found:
            return [ticket for ticket in found if ticket.number == number] or found
        found = self._newest(lambda ticket: bool(number) and ticket.source_key == number)[:SAME_NUMBER_MAX]
        if not found and (ticket := self.get(number)) is not None:
            found = [ticket]
        return found

    def add(self, ticket: Ticket) -> None:
        if ticket.id in self.rows:
            raise WrongUse(f"ticket {ticket.id} is there already")
        for other in map(self.rows.get, self.by_key.get(key_of(ticket.number), ())):
            same = (other.ticket.source, other.ticket.store, other.ticket.number)
            if not other.known and same == (ticket.source, ticket.store, ticket.number):
                raise WrongUse(f"number {ticket.number} is there already")
        self.write(TicketRow(len(self.rows) + 1, ticket))

    def save(self, ticket: Ticket, *, seen_version: int) -> None:
        row = self.row(ticket.id)
        if row is None or row.ticket.version != seen_version:
            raise TicketMoved(number=ticket.number)
        self.write(replace(row, ticket=ticket))

    def listed(self, ids: Iterable[str]) -> list[ListedTicket]:
        return [self._listed(row) for row in map(self.row, ids) if row is not None]

    def needing_action(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        rows = [row for row in self._open() if row.ticket.due_at is not None and row.ticket.due_at <= until]
        rows.sort(key=lambda row: (row.ticket.due_at, row.n))
        return self._first(rows, limit), min(COUNT_MAX, len(rows))

    def open_here(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        rows = [row for row in self._open() if row.ticket.due_at is None or row.ticket.due_at > until]
        rows.sort(key=lambda row: (row.ticket.created_at, row.n), reverse=True)
        return self._first(rows, limit), min(COUNT_MAX, len(rows))

    def finished_since(self, since: datetime, *, limit: int) -> tuple[list[ListedTicket], int]:
        rows = [row for row in self._all() if row.ticket.closed_at is not None and row.ticket.closed_at >= since]
        rows.sort(key=lambda row: (row.ticket.closed_at, row.n), reverse=True)
        return [self._listed(row) for row in rows[:limit]], min(COUNT_MAX, len(rows))

    def of_customer(self, ticket: Ticket, *, limit: int) -> tuple[list[ListedTicket], int]:
        phone = phone_key_of(ticket.phone)
        if not phone:
            return [], 0
        others = (row for row in self._all() if row.ticket.id != ticket.id)
        rows = sorted((row for row in others if phone_key_of(row.ticket.phone) == phone), key=lambda row: -row.n)
        return [self._listed(row) for row in rows[:limit]], min(COUNT_MAX, len(rows))

    def claim(self, names: Iterable[str], *, store: str) -> int:
        told = {name.strip() for name in names if name.strip()}
        mine = [row for row in self._all() if not row.known and row.ticket.store != store]
        claimed = [row for row in mine if row.ticket.store.strip() in told]
        taken = {(row.ticket.source, row.ticket.number) for row in self._all() if row.ticket.store == store}
        claimed = [row for row in claimed if (row.ticket.source, row.ticket.number) not in taken]
        for row in claimed:
            self.write(replace(row, ticket=replace(row.ticket, store=store)))
        return len(claimed)

    def reopened_from(self, ticket: Ticket) -> list[ListedTicket]:
        rows = [row for row in self._all() if row.ticket.facts.reopens == ticket.number]
        rows = [row for row in rows if row.ticket.store == ticket.store]
        return [self._listed(row) for row in sorted(rows, key=lambda row: row.n, reverse=True)[:SAME_NUMBER_MAX]]

    def duplicates_of(self, ticket: Ticket, *, since: datetime, limit: int) -> list[ListedTicket]:
        keys = keys_of(ticket)
        rows = []
        for row in self._all():
            other = keys_of(row.ticket)
            same = (keys.serial and keys.serial == other.serial) or (keys.order and keys.order == other.order)
            both = bool(ticket.phone and row.ticket.phone)
            person = (
                keys.phone == other.phone if both else bool(ticket.customer) and ticket.customer == row.ticket.customer
            )
            if same and person and row.ticket.id != ticket.id and row.ticket.created_at >= since:
                rows.append(row)
        rows.sort(key=lambda row: row.ticket.created_at, reverse=True)
        return [self._listed(row) for row in rows[:limit]]

    def count(self) -> int:
        return len(self._all())

    def all_matching(self, ids: Iterable[str] | None) -> Iterator[ListedTicket]:
        rows = self._all() if ids is None else [row for row in map(self.row, ids) if row is not None]
        for row in sorted(rows, key=lambda row: row.n):
            yield self._listed(row)

    def _all(self) -> list[TicketRow]:
        return [row for row in self.rows.values() if not row.evicted]

    def _open(self) -> list[TicketRow]:
        return [
            row
            for row in self._all()
            if row.ticket.closed_at is None
            and row.ticket.work is not Work.DONE
            and row.ticket.review is not Review.REJECTED
        ]

    def _first(self, rows: list[TicketRow], limit: int) -> list[ListedTicket]:
        listed = (self._listed(row) for row in rows)
        return [item for item in listed if item.case_state not in CONFIRMED_STATES][:limit]

    def _newest(self, fits: Callable[[Ticket], bool]) -> list[Ticket]:
        rows = [row for row in self._all() if fits(row.ticket)]
        return [row.ticket for row in sorted(rows, key=lambda row: row.n, reverse=True)]

    def _listed(self, row: TicketRow) -> ListedTicket:
        case = self.cases.get(row.standing) if row.standing else None
        has_draft = self.has_draft(row.ticket.id)
        if case is None:
            return ListedTicket(row.ticket, has_draft=has_draft)
        at = case.ended_at or case.decided_at or case.applied_at or case.opened_at
        settled = all(item.state in CLOSED_STATES for item in self.obligations.of_case(case.id))
        return ListedTicket(row.ticket, case.state, at, settled, has_draft)


class MemoryFinder:
    """`services.ports.Finder`, without words and guesses: whole numbers, or a part of the customer's name."""

    def __init__(self, tickets: MemoryTickets) -> None:
        self._tickets = tickets

    def find(self, text: str, *, limit: int) -> Hits:
        key, phone = key_of(text), phone_key_of(text)
        hits: list[Hit] = []
        for item in reversed(list(self._tickets.all_matching(None))):
            ticket = item.ticket
            keys = keys_of(ticket)
            pairs = (("number", keys.number), ("order_number", keys.order), ("serial", keys.serial))
            field = next((name for name, own in pairs if key and own == key), "")
            if not field and phone and keys.phone == phone:
                field = "phone"
            if field:
                hits.append(Hit(ticket.id, field, True))
            elif text.strip() and text.strip() in ticket.customer:
                hits.append(Hit(ticket.id, "name", False))
        return Hits(tuple(hits[:limit]), more=len(hits) > limit)


class MemoryCases:
    """`services.ports.Cases`."""

    def __init__(self, disk: Disk, tickets: MemoryTickets) -> None:
        self.rows = Table(disk)
        self.of = Table(disk)
        self._tickets = tickets

    def add(self, case: CancellationCase) -> None:
        self.insert(CaseRow(0, case))
        row = self._tickets.rows.get(case.ticket_id)
        self._tickets.rows.put(case.ticket_id, replace(row, standing=case.id))

    def save(self, case: CancellationCase) -> None:
        row = self.rows.get(case.id)
        if row is not None:
            self.change(row, replace(row, case=case))

    def get(self, case_id: str) -> CancellationCase | None:
        row = self.rows.get(case_id)
        return None if row is None else row.case

    def of_ticket(self, ticket_id: str) -> list[CancellationCase]:
        row = self._tickets.rows.get(ticket_id)
        rows = sorted(self.rows_of(ticket_id), key=lambda item: (item.case.id != row.standing, -item.n))
        return [item.case for item in rows]

    def rows_of(self, ticket_id: str) -> list[CaseRow]:
        """All rows of a ticket, in the order they came."""
        return [self.rows.get(case_id) for case_id in self.of.get(ticket_id, ())]

    def insert(self, row: CaseRow) -> None:
        """Adds a case; its number is given here."""
        case = row.case
        if case.id in self.rows or case.ticket_id not in self._tickets.rows:
            raise WrongUse(f"case {case.id} is there already, or its ticket is not")
        self._only_one_open(case)
        self.rows.put(case.id, replace(row, n=len(self.rows) + 1))
        self.of.append(case.ticket_id, case.id)

    def change(self, before: CaseRow, row: CaseRow) -> None:
        """Writes a case that is there; ticket, reason and origin stay."""
        one, other = before.case, row.case
        if one.ticket_id != other.ticket_id or (one.reason is not other.reason and one.origin is not Origin.IMPORT):
            raise WrongUse(f"case {one.id} keeps its ticket and reason")
        self._only_one_open(other)
        kept = replace(other, origin=one.origin, opened_at=one.opened_at)
        self.rows.put(one.id, replace(row, case=kept))

    def _only_one_open(self, case: CancellationCase) -> None:
        if case.state not in OPEN_STATES:
            return
        if any(row.case.id != case.id and row.case.state in OPEN_STATES for row in self.rows_of(case.ticket_id)):
            raise CaseAlreadyOpen(number=self._tickets.rows.get(case.ticket_id).ticket.number)


class MemoryObligations:
    """`services.ports.Obligations`."""

    def __init__(self, disk: Disk, tickets: MemoryTickets, cases: MemoryCases) -> None:
        self.rows = Table(disk)
        self.of = Table(disk)
        self._tickets = tickets
        self._cases = cases

    def add_all(self, items: Iterable[Obligation]) -> None:
        for item in items:
            if item.id in self.rows or item.case_id not in self._cases.rows:
                raise WrongUse(f"obligation {item.id} is there already, or its case is not")
            self.rows.put(item.id, item)
            self.of.append(item.case_id, item.id)

    def save(self, item: Obligation) -> None:
        before = self.rows.get(item.id)
        if before is not None:
            self.rows.put(item.id, replace(item, case_id=before.case_id, kind=before.kind))

    def put(self, item: Obligation) -> None:
        """Adds it or writes it over its earlier self."""
        if item.id in self.rows:
            self.save(item)
        else:
            self.add_all([item])

    def of_case(self, case_id: str) -> list[Obligation]:
        return [self.rows.get(item_id) for item_id in self.of.get(case_id, ())]

    def open_ones(self, *, limit: int) -> list[tuple[Obligation, str]]:
        found = [
            (item, ticket_id)
            for item in self.rows.values()
            if item.state not in CLOSED_STATES
            and self._tickets.row(ticket_id := self._cases.rows.get(item.case_id).case.ticket_id) is not None
        ]
        found.sort(key=lambda pair: (pair[0].due_at is None, pair[0].due_at or EARLIEST))
        return found[:limit]


class MemoryNotices:
    """`services.ports.Notices`."""

    def __init__(self, disk: Disk) -> None:
        self.rows = Table(disk)

    def add_all(self, items: Iterable[Notice]) -> None:
        for item in items:
            self.rows.append(item.case_id, item)

    def of_case(self, case_id: str) -> list[Notice]:
        return list(self.rows.get(case_id, ()))

    def call_off(self, case_id: str) -> int:
        before = self.rows.get(case_id, ())
        after = tuple(replace(item, state=NoticeState.CALLED_OFF) if item.state in _LEFT else item for item in before)
        if before:
            self.rows.put(case_id, after)
        return sum(item.state in _LEFT for item in before)


class MemoryRecords:
    """`services.ports.Records`."""

    def __init__(self, tickets: MemoryTickets, cases: MemoryCases, obligations: MemoryObligations) -> None:
        self._tickets = tickets
        self._cases = cases
        self._obligations = obligations

    def get(self, ticket_id: str) -> TicketRecord | None:
        row = self._tickets.row(ticket_id)
        if row is None:
            return None
        cases = sorted(self._cases.rows_of(ticket_id), key=lambda item: (item.place is None, item.place or 0, item.n))
        shown = tuple(
            CaseRecord(
                replace(item.case, strokes=()), tuple(self._obligations.of_case(item.case.id)), item.desk, item.slip
            )
            for item in cases
        )
        return TicketRecord(row.ticket, shown, row.standing)

    def case_states(self, ticket_id: str) -> dict[str, CaseState]:
        record = self.get(ticket_id)
        return {item.case.id: item.case.state for item in record.cases} if record else {}

    def put(self, record: TicketRecord, *, known: bool = True) -> None:
        ticket = record.ticket
        before = self._tickets.rows.get(ticket.id)
        if before is None:
            row = TicketRow(len(self._tickets.rows) + 1, ticket, record.standing, known)
        else:
            row = TicketRow(before.n, ticket, record.standing, before.known or known)
        self._tickets.write(row)
        placed = sorted(enumerate(record.cases), key=lambda item: item[1].case.state in OPEN_STATES)
        for place, item in placed:
            was = self._cases.rows.get(item.case.id)
            if was is None:
                self._cases.insert(CaseRow(0, item.case, item.desk, item.slip, place))
            else:
                case = item.case if item.case.strokes else replace(item.case, strokes=was.case.strokes)
                self._cases.change(was, CaseRow(was.n, case, item.desk, item.slip, place))
            for obligation in item.obligations:
                self._obligations.put(obligation)

    def put_many(self, records: Iterable[BodyParts]) -> None:
        for ticket, cases, standing in records:
            self.put(TicketRecord(decode(Ticket, ticket), cases, standing))

    def evict(self, ticket_id: str) -> bool:
        row = self._tickets.row(ticket_id)
        if row is None:
            return False
        self._tickets.rows.put(ticket_id, replace(row, evicted=True, known=True))
        return True

    def unknown(self, *, limit: int, after: str = "") -> list[TicketRecord]:
        ids = sorted(
            row.ticket.id
            for row in self._tickets.rows.values()
            if not row.known and not row.evicted and row.ticket.id > after
        )
        return [record for record in map(self.get, ids[:limit]) if record is not None]

    def mark_known(self, ticket_ids: Iterable[str]) -> None:
        self._mark(ticket_ids, known=True)

    def mark_unknown(self, ticket_ids: Iterable[str]) -> None:
        self._mark(ticket_ids, known=False)

    def versions(self, ticket_ids: Iterable[str]) -> dict[str, int]:
        rows = (self._tickets.row(ticket_id) for ticket_id in ticket_ids)
        return {row.ticket.id: row.ticket.version for row in rows if row and row.known and not row.evicted}

    def known_ids(self) -> Iterator[str]:
        rows = sorted(self._tickets.rows.values(), key=lambda row: row.n)
        yield from (row.ticket.id for row in rows if row.known and not row.evicted)

    def _mark(self, ticket_ids: Iterable[str], *, known: bool) -> None:
        for row in map(self._tickets.row, list(ticket_ids)):
            if row is not None and row.known is not known:
                self._tickets.rows.put(row.ticket.id, replace(row, known=known))
