"""What head office's rules need from its database: one transaction, with every row they decide by locked in one order.

The order is desk, ticket, store: with it no two transactions can wait for each other. The store's number is taken last,
so that a transaction which takes number k has waited for the end of the one that took k-1 (sync design, section 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.services.messages import Answer, Change


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One incarnation of an enrolled desk. `scope` are the stores it may see; `last_n` and `chain` its answers so far.

    `role` is desk, head_office (a desk with a wider scope) or system (an ERP or help desk that moves tickets).
    """

    desk_id: str
    inc: int
    store: str
    desk: int
    public_key: bytes
    role: str
    scope: tuple[str, ...]
    last_n: int = 0
    chain: bytes = b"\x00" * 32
    revoked: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as head office knows them."""

    store: str
    id: str
    name: str
    role: Role
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation that has been decided. `answer` is the first answer given; any later one repeats it."""

    id: str
    digest: bytes
    desk_id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class StoreHead:
    """Where a store's feed ends; changes up to and with `floor` may have been pruned."""

    store: str
    seq: int
    hash: bytes
    floor: int = 0


class HubUnit(Protocol):
    """One transaction at head office, with its rows. Reads named `lock_…` hold the row to the transaction's end."""

    @property
    def epoch(self) -> str:
        """The epoch of this history; a restored database gets a new one."""
        ...

    def lock_desk(self, desk_id: str, inc: int) -> DeskRow | None: ...
    def desk(self, desk_id: str, inc: int) -> DeskRow | None: ...
    def save_desk(self, desk: DeskRow) -> None:
        """Writes last_n and chain."""
        ...

    def operation(self, op_id: str) -> KnownOperation | None: ...
    def add_operation(
        self, known: KnownOperation, *, kind: str, ticket_id: str, payload: str, at: datetime
    ) -> None: ...
    def add_answer(self, desk_id: str, answer: Answer) -> None:
        """Records the answer under (desk, inc, n)."""
        ...

    def answer_at(self, desk_id: str, inc: int, n: int) -> Answer | None: ...
    def answers_after(self, desk_id: str, inc: int, n: int, *, limit: int) -> list[Answer]:
        """Answers with a greater number, in order, with their bodies where the feed still has them."""
        ...

    def lock_record(self, ticket_id: str) -> tuple[TicketRecord, str] | None:
        """The ticket's record and the store it belongs to."""
        ...

    def put_record(self, record: TicketRecord, *, body: str, seq: int) -> None:
        """Stores the record (ticket, cases) in the store that its ticket names."""
        ...

    def append_change(
        self, store: str, *, kind: str, ticket_id: str, version: int, body: str, op_id: str, at: datetime
    ) -> Change:
        """Takes the store's next number (the last lock of the transaction) and writes the change with its hash."""
        ...

    def head(self, store: str) -> StoreHead: ...
    def changes_after(self, store: str, seq: int, *, limit: int) -> list[Change]: ...
    def change_hash(self, store: str, seq: int) -> bytes | None:
        """The hash of that change; 32 zero bytes for number 0, None where it was pruned or never was."""
        ...

    def person(self, store: str, person_id: str) -> PersonRow | None: ...
    def rules_text(self, name: str) -> str | None:
        """The latest published text under a name: `conditions`, `policy`, `force_majeure`, `tiles`."""
        ...

    def rules_version(self) -> int:
        """A number that grows with everything published."""
        ...

    def store_zone(self, store: str) -> str:
        """The time zone's name of a store."""
        ...

    def stores(self) -> Iterable[str]: ...
