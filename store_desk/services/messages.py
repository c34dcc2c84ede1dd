"""What a desk and head office say to each other, as values, with the chains of hashes that prove nothing was skipped.

Two chains run through it. Down: each change of a store has a number without gaps and a hash over all before it. Up:
each answer to a desk's operations has one too. A desk that holds both finds every skipped change, every restored head
office and every copied desk by comparing (source: the sync design, sections 4 and 8).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from store_desk.domain.authority import Result
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.ticket import Ticket
from store_desk.services.canonical import canonical_json
from store_desk.services.codec import decode, encode

# The version of what stands inside an operation's payload and a change's body.
CONTENT_VERSION = 1
# What a body holds: the ticket still as JSON has it, the cases, which of them stands.
BodyParts = tuple[dict[str, Any], tuple[CaseRecord, ...], str]
GENESIS = b"\x00" * 32
# The kinds of operation. Head office answers an unknown kind with "upgrade", never with a refusal.
KINDS = ("cancel", "withdraw", "approve", "decline", "ask", "overrule", "move", "ticket")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One operation as it is sent. `n` is dense per (desk, `inc`); `payload` the very bytes that were signed, as text.

    `digest` is sha256 of the payload; `signature` the desk's Ed25519 over `signed_bytes`. `at_ms` is the desk's clock
    when it was made, `offset_ms` head office's clock minus the desk's as last learnt (None: never).
    """

    id: str
    inc: int
    n: int
    kind: str
    ticket_id: str
    case_id: str
    payload: str
    digest: bytes
    signature: bytes
    actor: str
    role: str
    at_ms: int
    offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Head office's answer to one operation, numbered and never changed.

    `version` and `body` are the ticket's record after it (None where it has none); `seq` the number of the change that
    carries it. `chain` is the answer chain of (desk, inc) up to this one. `clone` tells that this number belongs to
    another operation: the desk's database is a copy.
    """

    id: str
    inc: int
    n: int
    result: Result
    chain: bytes
    version: int | None = None
    store: str = ""
    seq: int | None = None
    body: str | None = None
    facts: str = "{}"
    at_ms: int = 0
    clone: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a store's feed. `kind` is put, evict (the ticket left this store) or erase (personal data removed).

    `hash` is over all changes of the store up to this one. An erased row keeps its `body_hash` and has no body.
    """

    store: str
    seq: int
    kind: str
    ticket_id: str
    version: int
    body: str
    salt: bytes
    body_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far a desk has taken a store's feed: number and hash of the last change applied, within one epoch."""

    store: str
    epoch: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class AnswerPosition:
    """How far a desk has taken the answers of one incarnation: number and chain of the last one settled."""

    inc: int
    settled: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class PushReply:
    """What became of a batch: answers in order; `have` the last number known.

    `stopped` is '', gap (earlier ones are missing), fork (the number belongs to another operation), upgrade (an unknown
    kind), epoch (another history) or unknown (a ticket that is to be offered first).
    """

    epoch: str
    answers: tuple[Answer, ...]
    stopped: str
    have: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """A desk's question: what is new since these positions?"""

    epoch: str
    feeds: tuple[FeedPosition, ...]
    answers: tuple[AnswerPosition, ...]
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ChangesReply:
    """Changes and answers out of one snapshot. `reset` is '' or why the desk must begin anew:

    epoch, diverged, too_old (store feed), forgot (answers). `have` holds (inc, last number known) for every
    incarnation asked about; `more` tells that the feed goes on. `rules_version` grows with everything published.
    """

    epoch: str
    changes: tuple[Change, ...]
    answers: tuple[Answer, ...]
    have: tuple[tuple[int, int], ...]
    heads: tuple[tuple[str, int], ...]
    reset: str
    more: bool
    rules_version: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One ticket of a snapshot."""

    ticket_id: str
    version: int
    body: str


def digest_of(payload: str) -> bytes:
    """sha256 of the payload's UTF-8."""
    return hashlib.sha256(payload.encode()).digest()


def signed_bytes(*, op_id: str, kind: str, ticket_id: str, actor: str, digest: bytes) -> bytes:
    """What a desk signs of an operation; its number is not in it, since a new incarnation gives new numbers."""
    return "\n".join(("store-desk-operation-1", op_id, kind, ticket_id, actor, digest.hex())).encode()


def body_hash_of(salt: bytes, body: str) -> bytes:
    """The hash that stands for a body in the chain; it can be kept when body and salt are erased."""
    return hashlib.sha256(salt + body.encode()).digest()


def next_feed_hash(previous: bytes, *, seq: int, ticket_id: str, kind: str, version: int, body_hash: bytes) -> bytes:
    """The hash of a store's next change."""
    head = f"{seq}|{ticket_id}|{kind}|{version}|".encode()
    return hashlib.sha256(previous + head + body_hash).digest()


def next_answer_chain(previous: bytes, *, op_id: str, result: Result, version: int | None) -> bytes:
    """The answer chain of a desk after one more answer."""
    return hashlib.sha256(previous + f"{op_id}|{result.value}|{version or 0}".encode()).digest()


def record_to_body(record: TicketRecord) -> str:
    """A ticket's record as the canonical text that changes and answers carry."""
    return canonical_json(
        {
            "v": CONTENT_VERSION,
            "ticket": encode(record.ticket),
            "cases": [encode(item) for item in record.cases],
            "standing": record.standing,
        }
    )


def record_from_body(body: str) -> TicketRecord:
    """The record of a body; raises ValueError for a version that this program does not know."""
    ticket, cases, standing = parts_of_body(body)
    return TicketRecord(decode(Ticket, ticket), cases, standing)


def parts_of_body(body: str) -> BodyParts:
    """As `record_from_body`, with the ticket still as JSON has it."""
    shown = json.loads(body)
    if shown.get("v") != CONTENT_VERSION:
        raise ValueError(f"unknown content version {shown.get('v')!r}")
    return shown["ticket"], tuple(decode(CaseRecord, item) for item in shown["cases"]), shown["standing"]
