"""The values that messages carry, one model for each dataclass of `services.messages`, with the way there and back."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, TypeAdapter
from pydantic_core import from_json

from store_desk.domain.authority import Result
from store_desk.services.json_text import WHOLE_MAX, read_json
from store_desk.services.messages import Answer, Change, Envelope, SnapshotRow
from store_desk.wire.fields import (
    BODY_LENGTH_MAX,
    Body,
    Hash,
    Id,
    IdOrNone,
    Incarnation,
    Message,
    Millis,
    Payload,
    PersonOrNone,
    Signature,
    StoreCode,
    Whole,
    Word,
)


class OperationMessage(Message):
    """One operation (`messages.Envelope`)."""

    id: Id
    inc: Incarnation
    n: Annotated[int, Field(ge=1, le=2**53)]
    kind: Word
    ticket_id: Id
    case_id: IdOrNone
    payload: Payload
    digest: Hash
    signature: Signature
    actor: PersonOrNone
    role: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")]
    at_ms: Millis
    offset_ms: Annotated[int, Field(ge=-(2**53), le=2**53)] | None = None

    @classmethod
    def of(cls, envelope: Envelope) -> OperationMessage:
        """The message of an envelope."""
        return cls(
            id=envelope.id,
            inc=envelope.inc,
            n=envelope.n,
            kind=envelope.kind,
            ticket_id=envelope.ticket_id,
            case_id=envelope.case_id,
            payload=envelope.payload,
            digest=envelope.digest.hex(),
            signature=envelope.signature.hex(),
            actor=envelope.actor,
            role=envelope.role,
            at_ms=envelope.at_ms,
            offset_ms=envelope.offset_ms,
        )

    def envelope(self) -> Envelope:
        """The envelope of the message."""
        return Envelope(
            id=self.id,
            inc=self.inc,
            n=self.n,
            kind=self.kind,
            ticket_id=self.ticket_id,
            case_id=self.case_id,
            payload=self.payload,
            digest=bytes.fromhex(self.digest),
            signature=bytes.fromhex(self.signature),
            actor=self.actor,
            role=self.role,
            at_ms=self.at_ms,
            offset_ms=self.offset_ms,
        )


class AnswerMessage(Message):
    """Head office's answer to one operation (`messages.Answer`)."""

    id: Id
    inc: Incarnation
    n: Whole
    result: Annotated[Result, Field(strict=False)]
    chain: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    version: Whole | None = None
    store: Annotated[str, Field(max_length=20)] = ""
    seq: Whole | None = None
    body: Body | None = None
    facts: Payload = "{}"
    at_ms: Millis = 0
    clone: bool = False

    @classmethod
    def of(cls, answer: Answer) -> AnswerMessage:
        """The message of an answer."""
        return cls(
            id=answer.id,
            inc=answer.inc,
            n=answer.n,
            result=answer.result,
            chain=answer.chain.hex(),
            version=answer.version,
            store=answer.store,
            seq=answer.seq,
            body=answer.body,
            facts=answer.facts,
            at_ms=answer.at_ms,
            clone=answer.clone,
        )

    def answer(self) -> Answer:
        """The answer of the message."""
        return Answer(
            id=self.id,
            inc=self.inc,
            n=self.n,
            result=self.result,
            chain=bytes.fromhex(self.chain),
            version=self.version,
            store=self.store,
            seq=self.seq,
            body=self.body,
            facts=self.facts,
            at_ms=self.at_ms,
            clone=self.clone,
        )


class ChangeMessage(Message):
    """One row of a store's feed (`messages.Change`)."""

    store: StoreCode
    seq: Whole
    kind: Word
    ticket_id: Id
    version: Whole
    body: Body
    salt: Annotated[str, Field(pattern=r"^([0-9a-f]{2}){0,64}$")]
    body_hash: Hash
    hash: Hash

    @classmethod
    def of(cls, change: Change) -> ChangeMessage:
        """The message of a change."""
        return cls(
            store=change.store,
            seq=change.seq,
            kind=change.kind,
            ticket_id=change.ticket_id,
            version=change.version,
            body=change.body,
            salt=change.salt.hex(),
            body_hash=change.body_hash.hex(),
            hash=change.hash.hex(),
        )

    def change(self) -> Change:
        """The change of the message."""
        return Change(
            store=self.store,
            seq=self.seq,
            kind=self.kind,
            ticket_id=self.ticket_id,
            version=self.version,
            body=self.body,
            salt=bytes.fromhex(self.salt),
            body_hash=bytes.fromhex(self.body_hash),
            hash=bytes.fromhex(self.hash),
        )


_Row = TypeAdapter(tuple[Id, Whole, Body])
_ROW_TYPES = [str, int, str]


_ID = re.compile("[0-9a-f]{32}")


def snapshot_row(line: bytes) -> SnapshotRow:
    """One line of a snapshot; raises BadJson or pydantic's ValidationError.

    There may be a million. A line of three plain values is looked at here; whatever is unusual is left to the readers
    of all other messages, which refuse it with the reason.
    """
    try:
        shown = from_json(line)
    except ValueError:
        shown = None
    # Without objects and nested lists no two readers can differ on more than numbers and escaped characters.
    if type(shown) is list and [type(item) for item in shown] == _ROW_TYPES and b"\\u" not in line:
        ticket_id, version, body = shown
        if _ID.fullmatch(ticket_id) and 0 <= version <= WHOLE_MAX and len(body) <= BODY_LENGTH_MAX:
            return SnapshotRow(ticket_id, version, body)
    shown = read_json(line)
    return SnapshotRow(*_Row.validate_python(tuple(shown) if isinstance(shown, list) else shown, strict=True))
