"""What services need from outside, as protocols: the transaction with its repositories, the clock, PIN hashing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store_desk.domain.attachments import Attachment
from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.imports import ImportCounts
from store_desk.domain.journal import Entry, JournalHead
from store_desk.domain.notices import Notice
from store_desk.domain.obligations import Obligation
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Staff
from store_desk.domain.ticket import Ticket
from store_desk.services.office_ports import Deliveries, Mirror, Positions, Records
from store_desk.services.oversight import Oversight


@dataclass(frozen=True, slots=True)
class Hit:
    """One ticket that a search found; `matched` names the field that hit, `exact` whether the whole value did.

    matched: number, order_number, phone, serial, name, product, description, source_key.
    """

    ticket_id: str
    matched: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """An answer of the search, best first. `more` tells that there are others; `capped` that it gave up looking."""

    hits: tuple[Hit, ...]
    more: bool = False
    capped: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class ListedTicket:
    """A ticket with what a list shows beside it: its last case's state and moment, whether all is settled, a draft."""

    ticket: Ticket
    case_state: CaseState | None = None
    case_at: datetime | None = None
    settled: bool = True
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A written slip. `body` is the canonical JSON of its SlipData; `printed_n` how often it moved paper.

    `owed` is true from the moment the record is committed until the first print, saving or hand-over.
    """

    number: str
    case_id: str
    ticket_id: str
    variant: SlipVariant
    body: str
    hash: str
    made_at: datetime
    printed_n: int = 0
    reprints: int = 0
    owed: bool = True
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished cancellation as the sheet holds it (JSON of the sheet's own fields)."""

    ticket_id: str
    clerk: str
    body: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the operation log: what head office is (or would be) told. `payload` is canonical JSON."""

    id: str
    kind: str
    ticket_id: str
    case_id: str
    payload: str
    actor: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One import. `state` is running, done, undone or stopped; `mapping` the JSON of what was remembered."""

    id: int
    file: str
    started_at: datetime
    by: str
    state: str
    counts: ImportCounts
    mapping: str = ""
    refused_file: str = ""
    finished_at: datetime | None = None


class Tickets(Protocol):
    """Tickets as the store keeps them; every write keeps the search index in step."""

    def get(self, ticket_id: str) -> Ticket | None: ...
    def by_number(self, number: str) -> list[Ticket]:
        """Tickets whose number (or, failing that, source key or id) is exactly this; newest first, at most 50."""
        ...

    def add(self, ticket: Ticket) -> None: ...
    def save(self, ticket: Ticket, *, seen_version: int) -> None:
        """Writes the ticket if its stored version is `seen_version`, else raises TicketMoved."""
        ...

    def listed(self, ids: Iterable[str]) -> list[ListedTicket]:
        """The tickets with their case state, in the order asked for; unknown ids are left out."""
        ...

    def needing_action(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        """Open tickets due until then (most urgent first), and how many there are (counted up to 1,000)."""
        ...

    def open_here(self, *, until: datetime, limit: int) -> tuple[list[ListedTicket], int]:
        """Open tickets that are not in needing_action, newest first, and their count (up to 1,000)."""
        ...

    def finished_since(self, since: datetime, *, limit: int) -> tuple[list[ListedTicket], int]:
        """Tickets cancelled or closed since then, latest first, and their count (up to 1,000)."""
        ...

    def of_customer(self, ticket: Ticket, *, limit: int) -> tuple[list[ListedTicket], int]:
        """Other tickets of the same telephone (or, without one, none), newest first, and their count."""
        ...

    def duplicates_of(self, ticket: Ticket, *, since: datetime, limit: int) -> list[ListedTicket]:
        """Candidates for the surviving ticket: same customer and same serial or order, made since then."""
        ...

    def reopened_from(self, ticket: Ticket) -> list[ListedTicket]:
        """Tickets of the same store that were made by reopening this one, newest first, at most 50."""
        ...

    def claim(self, names: Iterable[str], *, store: str) -> int:
        """Puts tickets that stand under one of these names, unknown to head office, under the store's code.

        Answers how many; one whose number the store has already stays as it is.
        """
        ...

    def count(self) -> int: ...
    def all_matching(self, ids: Iterable[str] | None) -> Iterator[ListedTicket]:
        """Every ticket (None) or these, oldest first, streamed."""
        ...


class Finder(Protocol):
    """The one search box."""

    def find(self, text: str, *, limit: int) -> Hits: ...


class Cases(Protocol):
    """Cancellation cases."""

    def add(self, case: CancellationCase) -> None:
        """Stores it and makes it the ticket's last case; raises CaseAlreadyOpen when another one is open."""
        ...

    def save(self, case: CancellationCase) -> None: ...
    def get(self, case_id: str) -> CancellationCase | None: ...
    def of_ticket(self, ticket_id: str) -> list[CancellationCase]:
        """All cases of the ticket, latest first."""
        ...


class Obligations(Protocol):
    """Obligations of cases."""

    def add_all(self, items: Iterable[Obligation]) -> None: ...
    def save(self, item: Obligation) -> None: ...
    def of_case(self, case_id: str) -> list[Obligation]: ...
    def open_ones(self, *, limit: int) -> list[tuple[Obligation, str]]:
        """Open obligations with their ticket's id, soonest due first."""
        ...


class Notices(Protocol):
    """The one queue of notices."""

    def add_all(self, items: Iterable[Notice]) -> None: ...
    def of_case(self, case_id: str) -> list[Notice]: ...
    def call_off(self, case_id: str) -> int:
        """Calls off what has not left yet; answers how many."""
        ...


class Slips(Protocol):
    """Written slips, a chain per desk."""

    def add(self, slip: SlipRow) -> None: ...
    def save(self, slip: SlipRow) -> None: ...
    def get(self, number: str) -> SlipRow | None: ...
    def of_ticket(self, ticket_id: str) -> list[SlipRow]:
        """Latest first, stop sheets after all others."""
        ...

    def owed(self, *, limit: int) -> list[SlipRow]:
        """Slips that have not moved paper yet, oldest first."""
        ...

    def last_hash(self) -> str:
        """The hash of this desk's latest slip, 64 zeros before the first."""
        ...


class Operations(Protocol):
    """The log of operations on tickets."""

    def add(self, operation: Operation) -> None: ...


class Journal(Protocol):
    """The hash-chained record of everything at this desk; append only."""

    def write(self, *, at: datetime, actor: str, what: str, subject: str = "", facts: dict[str, object]) -> None: ...
    def head(self) -> JournalHead: ...
    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]: ...
    def about(self, subject: str, *, limit: int) -> list[Entry]:
        """The latest entries about a ticket (by its id), newest first."""
        ...

    def count_today(self, *, what: str, actor: str, since: datetime) -> int: ...


class People(Protocol):
    """Staff of this store."""

    def add(self, person: Staff) -> None: ...
    def save(self, person: Staff) -> None: ...
    def get(self, staff_id: str) -> Staff | None: ...
    def all(self) -> list[Staff]:
        """Everybody, by number."""
        ...


class Settings(Protocol):
    """Settings by name; values are JSON texts. Names are dotted: `policy.undo_window_s`, `printer.paper`."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, value: str) -> None: ...
    def under(self, prefix: str) -> dict[str, str]:
        """All settings whose name begins with the prefix, without it."""
        ...


class Drafts(Protocol):
    """Unfinished cancellations, one per ticket."""

    def put(self, draft: Draft) -> None: ...
    def get(self, ticket_id: str) -> Draft | None: ...
    def drop(self, ticket_id: str) -> None: ...
    def all(self) -> list[Draft]: ...


class Counters(Protocol):
    """The desk's own gapless counters."""

    def next(self, name: str) -> int: ...
    def skip(self, name: str, by: int) -> None:
        """Leaves out so many numbers, where some may have been given by a copy of this desk."""
        ...


class Attachments(Protocol):
    """Files of tickets; append only."""

    def add(self, attachment: Attachment, content: bytes) -> None: ...
    def add_same(self, attachment: Attachment) -> None:
        """Stores the row of a file whose content is here already."""
        ...

    def get(self, attachment_id: str) -> Attachment | None: ...
    def of_ticket(self, ticket_id: str) -> list[Attachment]:
        """Oldest first, without content."""
        ...

    def content(self, digest: str) -> bytes | None: ...


class Batches(Protocol):
    """Imports and what they changed."""

    def get(self, batch_id: int) -> Batch | None: ...
    def all(self, *, limit: int) -> list[Batch]: ...
    def unfinished(self) -> list[Batch]: ...


class UnitOfWork(Protocol):
    """One transaction and what can be reached within it."""

    @property
    def tickets(self) -> Tickets: ...
    @property
    def finder(self) -> Finder: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def obligations(self) -> Obligations: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def slips(self) -> Slips: ...
    @property
    def operations(self) -> Operations: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def mirror(self) -> Mirror: ...
    @property
    def positions(self) -> Positions: ...
    @property
    def records(self) -> Records: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def people(self) -> People: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def oversight(self) -> Oversight: ...


Work = Callable[[], AbstractContextManager[UnitOfWork]]


class PinHasher(Protocol):
    """Argon2id with a secret bound to this desk."""

    def hash(self, pin: str) -> str: ...
    def verify(self, pin_hash: str, pin: str) -> bool: ...


class Signer(Protocol):
    """The desk's Ed25519 key, for what stands on its papers; the private half stays behind it."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        ...


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer says of itself: `code` is ready, offline, paper_out, cover_open, busy, unknown or none.

    `reason` is a key of the catalogue `printers` where the printer gave one, also beside ready (paper_low).
    """

    name: str
    code: str
    detail: str = ""
    reason: str = ""
