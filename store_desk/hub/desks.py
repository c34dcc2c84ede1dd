"""What a desk asks day by day: its operations, what is new, its answers, snapshots, a new incarnation."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from store_desk.hub.asking import Asked, is_signed_by
from store_desk.hub.changes import read_changes
from store_desk.hub.ports import DeskRow
from store_desk.hub.postgres.snapshots import SnapshotHead
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.refusals import Refused
from store_desk.services.codec import to_ms
from store_desk.services.messages import ChangesReply, Envelope, digest_of, signed_bytes
from store_desk.wire.joining import IncarnationReply, IncarnationRequest
from store_desk.wire.v1 import AnswersReply, AnswersRequest, ChangesRequest, OperationsRequest, SnapshotReply
from store_desk.wire.values import AnswerMessage

_NEW_INCARNATION: LiteralString = """
    insert into desk_incarnation(desk_id, inc)
    select desk_id, coalesce((select max(inc) from desk_incarnation i where i.desk_id = d.desk_id), 0) + 1
      from desk d where d.desk_id = %s
    returning inc"""
_LOCK_DESK: LiteralString = "select 1 from desk where desk_id = %s for update"
_SNAPSHOT_STORE: LiteralString = "select store from snapshot where snapshot_id = %s"
# A request that tells no version leaves the one told before.
_SEEN: LiteralString = """
    update desk set last_contact_at = %s, program_version = coalesce(nullif(%s, ''), program_version)
     where desk_id = %s"""


def checked_batch(desk: DeskRow, request: OperationsRequest) -> tuple[Envelope, ...]:
    """The operations of a batch, each signed by the desk; raises bad_operation, and nothing of the batch is stored.

    What stands inside them is for `apply_operation` to judge: one that makes no sense is answered too, and kept.
    """
    envelopes = tuple(message.envelope() for message in request.operations)
    for envelope in envelopes:
        why = _wrong(desk, envelope, inc=envelopes[0].inc)
        if why:
            raise Refused("bad_operation", id=envelope.id, why=why)
    return envelopes


def _wrong(desk: DeskRow, envelope: Envelope, *, inc: int) -> str:
    """Why this operation cannot be one that the desk's program made, or ''."""
    if envelope.inc != inc:
        return "two incarnations in one batch"
    if digest_of(envelope.payload) != envelope.digest:
        return "the digest is not the payload's"
    message = signed_bytes(
        op_id=envelope.id,
        kind=envelope.kind,
        ticket_id=envelope.ticket_id,
        actor=envelope.actor,
        digest=envelope.digest,
    )
    if not is_signed_by(desk.public_key, message=message, signature=envelope.signature):
        return "the signature does not fit"
    return ""


def changes(unit: PgUnit, desk: DeskRow, request: ChangesRequest, *, now_ms: int) -> ChangesReply:
    """What is new for the desk, in one moment of the database."""
    return read_changes(unit, desk, request.asked(), now_ms=now_ms)


def is_news(reply: ChangesReply, request: ChangesRequest) -> bool:
    """Whether the reply has something that the desk waits for; a known version of 0 waits for no rules."""
    newer = request.rules_version not in (0, reply.rules_version)
    return bool(reply.changes or reply.answers or reply.reset or newer)


def answers(asked: Asked, request: AnswersRequest) -> AnswersReply:
    """The answers to one of the desk's own incarnations; none for one that head office does not know."""
    row = asked.unit.desk(asked.desk.desk_id, request.inc)
    found = asked.unit.answers_after(asked.desk.desk_id, request.inc, request.after, limit=request.limit)
    return AnswersReply(
        epoch=asked.unit.epoch,
        answers=[AnswerMessage.of(answer) for answer in found],
        have=row.last_n if row else 0,
        now_ms=to_ms(asked.now),
    )


def new_incarnation(asked: Asked, _request: IncarnationRequest) -> IncarnationReply:
    """Gives the desk its next incarnation; asked twice, one stays unused and does no harm."""
    asked.unit.connection.execute(_LOCK_DESK, (asked.desk.desk_id,))
    row = asked.unit.connection.execute(_NEW_INCARNATION, (asked.desk.desk_id,)).fetchone()
    if row is None:
        raise Refused("unknown_desk")
    return IncarnationReply(inc=row[0], epoch=asked.unit.epoch, now_ms=to_ms(asked.now))


def note_contact(unit: PgUnit, desk_id: str, at: datetime, *, program: str = "") -> None:
    """Notes when the desk was last heard of, and the version of its program (`wire.office.program_of`)."""
    unit.connection.execute(_SEEN, (at, program, desk_id))


def check_scope(desk: DeskRow, store: str) -> None:
    """Raises wrong_store unless the store is one of the desk's."""
    if store not in desk.scope:
        raise Refused("wrong_store", store=store)


def store_of(unit: PgUnit, snapshot_id: str) -> str:
    """The store of a snapshot; raises snapshot_gone."""
    row = unit.connection.execute(_SNAPSHOT_STORE, (snapshot_id,)).fetchone()
    if row is None:
        raise Refused("snapshot_gone")
    return str(row[0])


def snapshot_reply(head: SnapshotHead, *, now_ms: int) -> SnapshotReply:
    """What a desk needs to fetch and check a snapshot."""
    return SnapshotReply(
        snapshot_id=head.snapshot_id,
        store=head.store,
        epoch=head.epoch,
        seq=head.seq,
        hash=head.hash.hex(),
        rows=head.rows,
        chunks=head.chunks,
        size=head.size,
        sha256=head.sha256.hex(),
        built_at_ms=to_ms(head.built_at),
        now_ms=now_ms,
    )
