"""Protocol 1 between desks and head office.

**Requests.** HTTP/1.1 over TLS, `POST` with a JSON object for everything under `/v1/`; nothing about a person or a
ticket stands in an address. Every request bears

    SD-Protocol: 1; min=1        version spoken; oldest version the sender understands
    SD-Desk: <32 hex>            the desk's id, made by the desk
    SD-Inc: <number>             the desk's present incarnation (0 before it has one)
    SD-Time: <milliseconds>      the desk's clock, told and not trusted
    SD-Nonce: <32 hex>           random, new for every request
    SD-Signature: <128 hex>      Ed25519 by the desk's key over `signing.request_bytes`

which is `store-desk-request-1`, method, path, sha256(body) in hex, desk, inc, time and nonce joined by line feeds.
`User-Agent: store-desk/<version>` (optional, not signed) tells head office's people which program a desk runs.
TLS tells the desk who head office is; the signature tells head office who the desk is. A request that is played again
does nothing: operations have ids and numbers, publishing names the version that it replaces.

**JSON.** UTF-8; a name twice in one object, nesting beyond 32, NaN, whole numbers beyond 2**53 and unknown members are
refused. Bytes are lower-case hex, moments whole milliseconds since 1970 UTC, amounts whole minor units.

**Answers.** 200 with a JSON object. Every other status has `{"error": {"code", "message", "facts"}}`:

    400 bad_request, bad_operation            401 unknown_desk, bad_signature, desk_revoked, code_wrong
    403 wrong_store, role_missing, person_missing    404 ticket_not_found, store_not_found, desk_not_found, not_found
    405 method_not_allowed    408 too_slow    409 version_moved, snapshot_gone, number_ambiguous, desk_taken, conflict,
    409 code_elsewhere
    413 too_large    415 not_json    422 setting_invalid    426 protocol_not_served (SD-Protocol tells what is)
    429 too_many_requests and 503 busy, both with Retry-After (seconds)    500 fault (facts.id)

429, 5xx and broken connections mean "not done or not known": send the same bytes again. `desk_revoked` is final.
Every answer bears `SD-Protocol`.

**Operations** (`/v1/operations`, at most 50 and 256 KiB) are answered in order. `stopped` is empty, or why the rest was
not taken: `gap` (send again from `have`+1), `fork` (this desk's database is a copy: ask `/v1/incarnation`), `upgrade`
(head office is older than the operation), `epoch` (this is another history than the one named: read changes first),
`unknown` (a ticket that head office does not know: offer it by `/v1/facts`, then send again with `insist`). Each is
signed on its own over `messages.signed_bytes`; one that is signed and makes no sense is answered, not held up.

**Changes** (`/v1/changes`) answers at once when there is something new, else within `wait_s` (at most 25) seconds. The
chains are those of `messages.next_feed_hash` and `messages.next_answer_chain`, both beginning at 32 zero bytes; a desk
takes change k only after k-1 and only if its hash fits. `reset` is empty, or why the desk must begin anew: epoch,
diverged, too_old (take a snapshot), forgot (also read `/v1/answers` of every incarnation).

**Snapshots.** `/v1/snapshot` names the latest snapshot of a store and its exact position (epoch, seq, hash);
`/v1/snapshot/chunk` gives its chunk `n` (from 0) as `application/gzip`. The chunks in order are one gzip file of JSON
lines `[ticket_id, version, body]`, whose bytes have the sha256 told. A chunk can be asked for again at any time until
`snapshot_gone`; the feed goes on from the position.

**Facts** (`/v1/facts`) are tickets with their cases, and slips, of a desk that stood alone. What is unknown is stored
(`added`), what is known and equal is `same`, what differs is `conflict` and stays as head office has it.

The messages of joining are in `joining`, those of administration and of what it publishes in `office`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from store_desk.services.messages import (
    AnswerPosition,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
)
from store_desk.wire.fields import Epoch, Hash, Id, Incarnation, Message, Millis, StoreCode, Whole, Word
from store_desk.wire.values import AnswerMessage, ChangeMessage, OperationMessage

OPERATIONS_MAX = 50
OPERATIONS_BYTES_MAX = 256 * 1024
# Every other request is smaller still, facts excepted (see `joining`).
BYTES_MAX = 256 * 1024
WAIT_MAX_S = 25
CHANGES_MAX = 500
STORES_MAX = 500
INCARNATIONS_MAX = 100

Stopped = Literal["", "gap", "fork", "upgrade", "epoch", "unknown"]
Reset = Literal["", "epoch", "diverged", "too_old", "forgot"]
STOPS: tuple[str, ...] = get_args(Stopped)
RESETS: tuple[str, ...] = get_args(Reset)


class ErrorBody(Message):
    """What went wrong: a code that never changes, a sentence in English, and facts."""

    code: Word
    message: str
    facts: dict[str, str | int | bool | list[str] | None] = {}


class ErrorReply(Message):
    """The body of every answer other than 200."""

    error: ErrorBody


class OperationsRequest(Message):
    """A batch of operations in order.

    `epoch` is the history that the desk knows ('': any); in another one nothing is taken. `insist` says that a ticket
    which head office does not know was offered in vain.
    """

    operations: Annotated[list[OperationMessage], Field(min_length=1, max_length=OPERATIONS_MAX)]
    epoch: Annotated[str, Field(max_length=64)] = ""
    insist: bool = False

    @classmethod
    def of(cls, envelopes: tuple[Envelope, ...], *, epoch: str = "", insist: bool = False) -> OperationsRequest:
        """The request of a batch."""
        operations = [OperationMessage.of(envelope) for envelope in envelopes]
        return cls(operations=operations, epoch=epoch, insist=insist)


class OperationsReply(Message):
    """What became of a batch (`messages.PushReply`)."""

    epoch: Epoch
    answers: list[AnswerMessage]
    stopped: Stopped
    have: Whole
    now_ms: Millis

    @classmethod
    def of(cls, reply: PushReply) -> OperationsReply:
        """The message of a reply; `stopped` is one of the protocol's words by construction."""
        return cls.model_validate(
            {
                "epoch": reply.epoch,
                "answers": [AnswerMessage.of(answer) for answer in reply.answers],
                "stopped": reply.stopped,
                "have": reply.have,
                "now_ms": reply.now_ms,
            }
        )

    def reply(self) -> PushReply:
        """The reply of the message."""
        return PushReply(
            self.epoch, tuple(item.answer() for item in self.answers), self.stopped, self.have, self.now_ms
        )


class FeedPositionMessage(Message):
    """How far a store's feed was taken (`messages.FeedPosition`)."""

    store: StoreCode
    epoch: Epoch
    seq: Whole
    hash: Hash


class AnswerPositionMessage(Message):
    """How far the answers of an incarnation were taken (`messages.AnswerPosition`)."""

    inc: Incarnation
    settled: Whole
    chain: Hash


class ChangesRequest(Message):
    """What is new since these positions? With `wait_s` the answer may take so long while there is nothing."""

    epoch: Epoch
    feeds: Annotated[list[FeedPositionMessage], Field(max_length=STORES_MAX)]
    answers: Annotated[list[AnswerPositionMessage], Field(max_length=INCARNATIONS_MAX)]
    limit: Annotated[int, Field(ge=1, le=CHANGES_MAX)] = CHANGES_MAX
    wait_s: Annotated[int, Field(ge=0, le=WAIT_MAX_S)] = 0
    rules_version: Annotated[
        int, Field(ge=0, le=2**53, description="what was read of the rules; newer ones end the wait")
    ] = 0

    @classmethod
    def of(cls, asked: ChangesAsked, *, wait_s: int = 0, rules_version: int = 0) -> ChangesRequest:
        """The request of a question."""
        return cls(
            epoch=asked.epoch,
            feeds=[
                FeedPositionMessage(store=feed.store, epoch=feed.epoch, seq=feed.seq, hash=feed.hash.hex())
                for feed in asked.feeds
            ],
            answers=[
                AnswerPositionMessage(inc=item.inc, settled=item.settled, chain=item.chain.hex())
                for item in asked.answers
            ],
            limit=min(asked.limit, CHANGES_MAX),
            wait_s=wait_s,
            rules_version=rules_version,
        )

    def asked(self) -> ChangesAsked:
        """The question of the request."""
        feeds = tuple(FeedPosition(feed.store, feed.epoch, feed.seq, bytes.fromhex(feed.hash)) for feed in self.feeds)
        answers = tuple(AnswerPosition(item.inc, item.settled, bytes.fromhex(item.chain)) for item in self.answers)
        return ChangesAsked(self.epoch, feeds, answers, self.limit)


class ChangesReplyMessage(Message):
    """Changes and answers out of one snapshot (`messages.ChangesReply`).

    `have` are pairs of incarnation and last number known, `heads` pairs of store and number of its last change.
    """

    epoch: Epoch
    changes: list[ChangeMessage]
    answers: list[AnswerMessage]
    have: list[Annotated[tuple[Incarnation, Whole], Field(strict=False)]]
    heads: list[Annotated[tuple[StoreCode, Whole], Field(strict=False)]]
    reset: Reset
    more: bool
    rules_version: Whole
    now_ms: Millis

    @classmethod
    def of(cls, reply: ChangesReply) -> ChangesReplyMessage:
        """The message of a reply; `reset` is one of the protocol's words by construction."""
        return cls.model_validate(
            {
                "epoch": reply.epoch,
                "changes": [ChangeMessage.of(change) for change in reply.changes],
                "answers": [AnswerMessage.of(answer) for answer in reply.answers],
                "have": list(reply.have),
                "heads": list(reply.heads),
                "reset": reply.reset,
                "more": reply.more,
                "rules_version": reply.rules_version,
                "now_ms": reply.now_ms,
            }
        )

    def reply(self) -> ChangesReply:
        """The reply of the message."""
        return ChangesReply(
            epoch=self.epoch,
            changes=tuple(item.change() for item in self.changes),
            answers=tuple(item.answer() for item in self.answers),
            have=tuple(self.have),
            heads=tuple(self.heads),
            reset=self.reset,
            more=self.more,
            rules_version=self.rules_version,
            now_ms=self.now_ms,
        )


class AnswersRequest(Message):
    """The answers to one incarnation with a greater number than `after`."""

    inc: Incarnation
    after: Whole
    limit: Annotated[int, Field(ge=1, le=CHANGES_MAX)] = CHANGES_MAX


class AnswersReply(Message):
    """Answers in order; `have` is the last number that head office knows of the incarnation."""

    epoch: Epoch
    answers: list[AnswerMessage]
    have: Whole
    now_ms: Millis


class SnapshotRequest(Message):
    """Where does a snapshot of this store begin?"""

    store: StoreCode


class SnapshotReply(Message):
    """A snapshot: every ticket of the store at exactly this position; `sha256` is over all its chunks in order."""

    snapshot_id: Id
    store: StoreCode
    epoch: Epoch
    seq: Whole
    hash: Hash
    rows: Whole
    chunks: Whole
    size: Whole
    sha256: Hash
    built_at_ms: Millis
    now_ms: Millis


class ChunkRequest(Message):
    """Chunk `n` of a snapshot, counted from 0; the answer is not JSON but a piece of a gzip file."""

    snapshot_id: Id
    n: Annotated[int, Field(ge=0, le=1_000_000)]
