"""Taking what head office sends: its changes in order, whole copies of a store, and what is done when it was restored.

Nothing is taken on trust: a change is applied only if it is the next one and its hash follows from the last (C3 of the
sync design). Whatever does not fit stops the applying, which is seen; it is never skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from store_desk.domain.office_errors import FeedBroken, HubTooOld
from store_desk.domain.record import TicketRecord
from store_desk.services.answers import absorb, note_answer, settle, signed_off
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, contact_of, desk_label, put_contact, put_enrolment
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    BodyParts,
    Change,
    FeedPosition,
    SnapshotRow,
    body_hash_of,
    next_feed_hash,
    parts_of_body,
    record_from_body,
    record_to_body,
)
from store_desk.services.office_ports import DeliveryState, MirrorRow
from store_desk.services.ports import UnitOfWork

# A desk that finds itself to be an older copy leaves out so many of its own numbers: more than a month's work.
NUMBERS_LEFT_OUT = 10_000
# More operations than a desk can make in a month without head office.
UNANSWERED_MAX = 1_000_000


def bodies_to_offer(desk: Desk, uow: UnitOfWork, *, limit: int, after: str) -> list[tuple[str, str]]:
    """Tickets that head office has not been told of, by id, each as it was before any operation that waits."""
    found: list[tuple[str, str]] = []
    for record in uow.records.unknown(limit=limit, after=after):
        row = uow.mirror.get(record.ticket.id)
        if row is not None:
            record = record_from_body(row.body)
        found.append((record.ticket.id, record_to_body(signed_off(uow, record, label=desk_label(desk)))))
    return found


def apply_changes(desk: Desk, uow: UnitOfWork, changes: Sequence[Change], *, now: datetime) -> int:
    """Applies changes in order and moves the positions, in the caller's transaction; answers how many were new.

    Raises FeedBroken where one is missing or altered, HubTooOld for a kind or content this program does not know.
    """
    positions = {position.store: position for position in uow.positions.feeds()}
    waiting = set(uow.mirror.ids())
    shown = uow.records.versions({change.ticket_id for change in changes})
    plain: list[tuple[Change, BodyParts]] = []
    applied = 0
    for change in changes:
        at = positions.get(change.store)
        if at is None or change.seq <= at.seq:
            continue
        _check(change, at)
        positions[change.store] = FeedPosition(at.store, at.epoch, change.seq, change.hash)
        applied += 1
        if change.kind == "put":
            if change.ticket_id in waiting:
                _to_mirror(uow, _record(change), change.body)
                uow.records.mark_known([change.ticket_id])
                continue
            if change.version <= shown.get(change.ticket_id, -1):
                # An answer has brought this or a later state already: after every backlog these are all of them.
                continue
            parts = _parts(change)
            shown[change.ticket_id] = change.version
            if parts[1]:
                _flush(uow, plain)
                absorb(desk, uow, _record(change), now=now)
            else:
                plain.append((change, parts))
        elif change.kind in ("evict", "erase"):
            _flush(uow, plain)
            shown.pop(change.ticket_id, None)
            uow.records.evict(change.ticket_id)
        else:
            raise HubTooOld(detail=f"change {change.kind}")
    _flush(uow, plain)
    for position in positions.values():
        uow.positions.put_feed(position)
    return applied


def _check(change: Change, at: FeedPosition) -> None:
    """C3: the next number, the right hash of the body, the right link of the chain."""
    if change.seq != at.seq + 1:
        raise FeedBroken(seq=at.seq + 1)
    if change.body and body_hash_of(change.salt, change.body) != change.body_hash:
        raise FeedBroken(seq=change.seq)
    link = next_feed_hash(
        at.hash,
        seq=change.seq,
        ticket_id=change.ticket_id,
        kind=change.kind,
        version=change.version,
        body_hash=change.body_hash,
    )
    if link != change.hash:
        raise FeedBroken(seq=change.seq)


# What content that this program does not know is met with.
_STRANGE = (ValueError, KeyError, TypeError, OverflowError)


def _record(change: Change) -> TicketRecord:
    try:
        return record_from_body(change.body)
    except _STRANGE as error:
        raise HubTooOld(detail=f"content of change {change.seq}") from error


def _parts(change: Change) -> BodyParts:
    try:
        return parts_of_body(change.body)
    except _STRANGE as error:
        raise HubTooOld(detail=f"content of change {change.seq}") from error


def _to_mirror(uow: UnitOfWork, record: TicketRecord, body: str) -> None:
    known = uow.mirror.get(record.ticket.id)
    if known is None or record.ticket.version > known.version:
        uow.mirror.put(MirrorRow(record.ticket.id, record.ticket.version, body))


def _flush(uow: UnitOfWork, plain: list[tuple[Change, BodyParts]]) -> None:
    """Writes tickets without cases: as they came, since making a ticket of each takes longer than all the rest."""
    if not plain:
        return
    try:
        uow.records.put_many(parts for _, parts in plain)
    except _STRANGE:
        for change, _ in plain:
            # Tells which of them it was.
            _record(change)
        raise
    plain.clear()


def begin_anew(
    desk: Desk,
    uow: UnitOfWork,
    enrolment: Enrolment,
    *,
    epoch: str,
    answers: dict[int, Sequence[Answer]],
    now: datetime,
) -> int:
    """Takes over what head office still knows of this desk's operations; those it forgot are offered again (C6).

    To be called before the copies of the stores are taken over. `answers` holds, for every incarnation, all answers
    that head office has. Answers how many operations it no longer knew.
    """
    forgotten = 0
    for inc, known in answers.items():
        ids = {answer.id for answer in known}
        # Answers older than head office keeps them are no loss: their numbers can never be used again.
        first = known[0].n if known else 1
        for delivery in uow.deliveries.of_incarnation(inc):
            if delivery.envelope.id in ids or delivery.state is not DeliveryState.ANSWERED:
                continue
            if delivery.envelope.n < first:
                continue
            uow.deliveries.save(replace(delivery, state=DeliveryState.RECHECK))
            forgotten += 1
        last = known[-1] if known else None
        uow.positions.put_answers(AnswerPosition(inc, last.n if last else 0, last.chain if last else GENESIS))
    if forgotten:
        facts: dict[str, object] = {"epoch": epoch, "operations": forgotten}
        uow.journal.write(at=now, actor="", what="head_office_restored", facts=facts)
    return forgotten


def apply_copy(
    desk: Desk, uow: UnitOfWork, rows: Iterable[SnapshotRow], *, store: str, seen: set[str], now: datetime
) -> int:
    """Takes over a part of a store's copy; tickets that wait for answers go to the mirror; `seen` collects ids."""
    busy = {delivery.envelope.ticket_id for delivery in uow.deliveries.unanswered(limit=UNANSWERED_MAX)}
    taken = 0
    for row in rows:
        taken += 1
        seen.add(row.ticket_id)
        if row.ticket_id in busy:
            uow.mirror.put(MirrorRow(row.ticket_id, row.version, row.body))
        else:
            absorb(desk, uow, record_from_body(row.body), now=now)
    return taken


def finish_copy(
    desk: Desk,
    uow: UnitOfWork,
    enrolment: Enrolment,
    *,
    positions: Sequence[FeedPosition],
    seen: set[str],
    epoch: str,
    answers: dict[int, Sequence[Answer]],
    now: datetime,
) -> None:
    """Ends beginning anew: positions and epoch, answers that were not taken yet, and tickets that head office lost.

    A ticket that head office knew and no longer has is offered again as a fact; nothing is taken away here.
    """
    _offer_lost(uow, seen)
    uow.positions.drop_feeds()
    for position in positions:
        uow.positions.put_feed(position)
    for inc, known in answers.items():
        by_id = {delivery.envelope.id: delivery for delivery in uow.deliveries.of_incarnation(inc)}
        for answer in known:
            delivery = by_id.get(answer.id)
            if delivery is None:
                continue
            said = delivery.answer
            if delivery.state is DeliveryState.ANSWERED and said is not None and said.result is answer.result:
                continue
            if delivery.state is DeliveryState.ANSWERED:
                # The copy shows what became of it already.
                note_answer(uow, delivery, answer, now=now)
            else:
                settle(desk, uow, delivery, answer, now=now)
    put_enrolment(uow, replace(enrolment, epoch=epoch))


def _offer_lost(uow: UnitOfWork, seen: set[str]) -> None:
    """Tickets that head office knew and has lost are facts to offer again, unless an operation brings them itself."""
    waiting = uow.deliveries.unanswered(limit=UNANSWERED_MAX)
    brought = {item.envelope.ticket_id for item in waiting if item.envelope.kind == "ticket"}
    lost = [ticket_id for ticket_id in uow.records.known_ids() if ticket_id not in seen]
    uow.records.mark_unknown(ticket_id for ticket_id in lost if ticket_id not in brought)
    for ticket_id in uow.mirror.ids():
        if ticket_id in brought and ticket_id not in seen:
            uow.mirror.drop(ticket_id)


def move_to_incarnation(desk: Desk, uow: UnitOfWork, enrolment: Enrolment, *, inc: int, now: datetime) -> Enrolment:
    """Goes on as a new incarnation: what waits moves there with its old ids, own numbers leave a gap (C7)."""
    moved = 0
    for delivery in uow.deliveries.unanswered(limit=UNANSWERED_MAX):
        moved += 1
        envelope = replace(delivery.envelope, inc=inc, n=moved)
        uow.deliveries.save(replace(delivery, envelope=envelope))
    for name in ("ticket", "slip"):
        uow.counters.skip(name, NUMBERS_LEFT_OUT)
    after = replace(enrolment, inc=inc)
    put_enrolment(uow, after)
    uow.positions.put_answers(AnswerPosition(inc, 0, GENESIS))
    put_contact(uow, replace(contact_of(uow), copied_at=now))
    facts: dict[str, object] = {"incarnation": inc, "moved": moved}
    uow.journal.write(at=now, actor="", what="desk_copy_found", facts=facts)
    return after
