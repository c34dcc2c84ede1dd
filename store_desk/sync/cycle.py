"""One cycle with head office: offer what it does not know, send what was done, take what it answers and tells.

Writes go before reads, so that a reply to the question contains the effects of what was just sent. While the answers to
one batch are written down, the next batch is under way; its reply is taken after them, or not at all, as if it had been
lost. No transaction ever waits for the network. Every step may be cut off anywhere: the next cycle begins at what is on
the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import FeedBroken, HubTooOld, NotEnrolled
from store_desk.services.answers import AnswersDiverged, CopyFound, take_answers
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import (
    Enrolment,
    contact_of,
    enrolment_of,
    put_contact,
    read_contact,
    read_enrolment,
)
from store_desk.services.feed import (
    apply_changes,
    apply_copy,
    begin_anew,
    bodies_to_offer,
    finish_copy,
    move_to_incarnation,
)
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
)
from store_desk.services.ports import UnitOfWork
from store_desk.services.published import take_rules
from store_desk.sync.link import Copy, HubLink

# Limits of one request (sync design, section 6).
BATCH_MAX = 50
BATCH_BYTES_MAX = 200 * 1024
OFFER_MAX = 50
# Answers written down in one transaction: about as long as a clerk who saves at that moment may be kept waiting.
TAKEN_MAX = 20
PAGE = 500
COPY_PAGE = 500
# A cycle that is sent round more often than this has met a head office that contradicts itself.
ROUNDS_MAX = 50


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What one cycle did. `cases` are those of this desk that were answered; `waiting` what has no answer yet."""

    sent: int = 0
    answered: int = 0
    received: int = 0
    waiting: int = 0
    refused: int = 0
    conflicts: int = 0
    restored: bool = False
    copied: bool = False
    cases: tuple[str, ...] = ()
    last_contact: datetime | None = None


class _Again(Exception):
    """Something was put right; the cycle begins once more."""


def run_cycle(
    desk: Desk,
    link: HubLink,
    *,
    wait_s: float = 0,
    load_copy: Callable[[Desk, Copy, set[str]], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    batch_max: int = BATCH_MAX,
) -> CycleReport:
    """Offers, sends and takes until nothing is left; raises what the link raises, with everything so far kept.

    `wait_s` lets head office hold back its last reply. `load_copy` takes over a store's copy in larger steps than one
    transaction; `stopped` is asked between requests; `batch_max` operations at most go in one request.
    """
    cycle = _Cycle(desk, link, load_copy or _load_in_pages, stopped, batch_max)
    for _ in range(ROUNDS_MAX):
        try:
            return cycle.run(wait_s=wait_s)
        except _Again:
            continue
        finally:
            cycle.wait_out()
    raise HubTooOld(detail="endless")


class _Cycle:
    """The state of one cycle: what has been done so far."""

    def __init__(
        self,
        desk: Desk,
        link: HubLink,
        load_copy: Callable[[Desk, Copy, set[str]], None],
        stopped: Callable[[], bool],
        batch_max: int,
    ) -> None:
        self.desk = desk
        self.link = link
        self.load_copy = load_copy
        self.stopped = stopped
        self.batch_max = batch_max
        self.report = CycleReport()
        # Operations on tickets that head office did not know; it may refuse them when they are still unknown.
        self.unknown: set[str] = set()
        # The batch that was sent before the answers to the one before were written down, and its reply.
        self.ahead: tuple[list[Envelope], Callable[[], PushReply]] | None = None

    def run(self, *, wait_s: float) -> CycleReport:
        """One pass; raises _Again when the positions had to be put right first."""
        enrolment = read_enrolment(self.desk)
        if enrolment is None:
            raise NotEnrolled()
        if not enrolment.epoch:
            self._begin_anew(enrolment)
            raise _Again
        self._offer()
        self._push(enrolment)
        self._pull(enrolment, wait_s=wait_s)
        self._fetch_rules()
        return self._told()

    # --- out -------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        """Tickets that head office has not been told of go first, since operations may be about them."""
        after = ""
        while not self.stopped():
            with self.desk.read() as uow:
                offered = bodies_to_offer(self.desk, uow, limit=OFFER_MAX, after=after)
            if not offered:
                return
            told = self.link.offer([body for _, body in offered])
            # What was taken counts as known when it comes back with the changes, not before: a restored head office
            # could have lost it in between.
            conflicts = [ticket_id for ticket_id, result in told if result in ("conflict", "refused")]
            with self.desk.work() as uow:
                # What it can never take would be offered for ever.
                uow.records.mark_known([ticket_id for ticket_id, result in told if result == "refused"])
                for ticket_id in conflicts:
                    uow.journal.write(
                        at=self.desk.clock(), actor="", what="offered_in_conflict", subject=ticket_id, facts={}
                    )
            self.report = replace(self.report, conflicts=self.report.conflicts + len(conflicts))
            after = offered[-1][0]

    def _push(self, enrolment: Enrolment) -> None:
        """Sends what waits, one incarnation at a time, oldest first."""
        skip: set[int] = set()
        while not self.stopped():
            if self.ahead is not None:
                (batch, reply_of), self.ahead = self.ahead, None
                reply = reply_of()
            else:
                found = self._next_batch(skip)
                if found is None:
                    self._renew(enrolment)
                    return
                if not found:
                    return
                insist = found[0].id in self.unknown
                batch = found[:1] if insist else found
                self._note_sent(batch)
                reply = self.link.push(batch, epoch=enrolment.epoch, insist=insist)
            if reply.epoch != enrolment.epoch:
                self._begin_anew(enrolment)
                raise _Again
            self._send_ahead(enrolment, batch, reply, skip)
            for at in range(0, max(1, len(reply.answers)), TAKEN_MAX):
                self._take(reply.answers[at : at + TAKEN_MAX], now_ms=reply.now_ms)
            self.report = replace(self.report, sent=self.report.sent + len(reply.answers))
            if reply.stopped == "fork":
                self._renew(enrolment)
            if reply.stopped == "unknown" and len(reply.answers) < len(batch):
                self._ask_to_offer(batch[len(reply.answers)])
            if reply.stopped == "upgrade":
                raise HubTooOld(detail="operation")
            if reply.stopped == "gap" or len(reply.answers) < len(batch):
                # Head office lacks earlier ones, or has answers that come with the question.
                skip.add(batch[0].inc)

    def _send_ahead(self, enrolment: Enrolment, batch: Sequence[Envelope], reply: PushReply, skip: set[int]) -> None:
        """Puts the next batch under way, if this one was answered whole and without a word of anything else."""
        if reply.stopped or len(reply.answers) < len(batch) or any(answer.clone for answer in reply.answers):
            return
        if self.unknown or self.stopped():
            return
        following = self._next_batch(skip, sent=batch)
        if following and following[0].inc == batch[0].inc:
            self._note_sent(following)
            self.ahead = following, self.link.push_ahead(following, epoch=enrolment.epoch)

    def wait_out(self) -> None:
        """Lets what is under way come to its end; its reply is passed over, as one that was lost."""
        if self.ahead is not None:
            (_, reply_of), self.ahead = self.ahead, None
            with suppress(DomainError):
                reply_of()

    def _ask_to_offer(self, envelope: Envelope) -> None:
        """Head office does not know the ticket: it is offered as it was before, or its loss comes out in asking."""
        self.unknown.add(envelope.id)
        enrolment = read_enrolment(self.desk)
        if enrolment is not None:
            self._pull(enrolment, wait_s=0)
        with self.desk.work() as uow:
            uow.records.mark_unknown([envelope.ticket_id])
        raise _Again

    def _next_batch(self, skip: set[int], *, sent: Sequence[Envelope] = ()) -> list[Envelope] | None:
        """What to send after `sent`; None when a number that waits was answered already, for another operation."""
        after = (sent[-1].inc, sent[-1].n) if sent else (0, 0)
        with self.desk.read() as uow:
            waiting = [item.envelope for item in uow.deliveries.unanswered(limit=self._reach(skip), after=after)]
            settled = {position.inc: position.settled for position in uow.positions.answers()}
        batch: list[Envelope] = []
        size = 0
        for envelope in waiting:
            if envelope.n <= settled.get(envelope.inc, 0):
                return None
            if envelope.inc in skip:
                continue
            if batch and envelope.inc != batch[0].inc:
                break
            size += len(envelope.payload.encode())
            if batch and (size > BATCH_BYTES_MAX or len(batch) >= self.batch_max):
                break
            batch.append(envelope)
        return batch

    def _note_sent(self, batch: Sequence[Envelope]) -> None:
        # An answer may have come on another way since the batch was put together.
        with self.desk.work() as uow:
            uow.deliveries.note_sent([envelope.id for envelope in batch], at=self.desk.clock())

    def _reach(self, skip: set[int]) -> int:
        """How many of what waits are looked at for a batch; what is skipped stands in the way of what is not."""
        return self.batch_max * 4 if skip else self.batch_max

    # --- in --------------------------------------------------------------------------------------------------

    def _pull(self, enrolment: Enrolment, *, wait_s: float) -> None:
        """Asks until there is no more."""
        while not self.stopped():
            asked = self._question(enrolment)
            reply = self.link.changes(asked, wait_s=wait_s)
            if reply.reset:
                self._begin_anew(enrolment)
                raise _Again
            self._take(reply.answers, now_ms=reply.now_ms, reply=reply)
            if self._is_copy(reply):
                self._renew(enrolment)
            if not reply.more:
                return

    def _question(self, enrolment: Enrolment) -> ChangesAsked:
        with self.desk.read() as uow:
            answers = {position.inc: position for position in uow.positions.answers()}
            feeds = tuple(uow.positions.feeds())
        answers.setdefault(enrolment.inc, AnswerPosition(enrolment.inc, 0, GENESIS))
        return ChangesAsked(enrolment.epoch, feeds, tuple(answers[inc] for inc in sorted(answers)), PAGE)

    def _take(self, answers: Sequence[Answer], *, now_ms: int, reply: ChangesReply | None = None) -> None:
        """Answers, and changes out of the same moment, in one transaction."""
        now = self.desk.clock()
        received = 0
        try:
            with self.desk.work() as uow:
                settled = take_answers(self.desk, uow, answers, now=now)
                if reply is not None:
                    received = apply_changes(self.desk, uow, reply.changes, now=now)
                self._note_contact(uow, now_ms=now_ms, now=now)
        except CopyFound:
            enrolment = read_enrolment(self.desk)
            if enrolment is not None:
                self._renew(enrolment)
        except (AnswersDiverged, FeedBroken):
            enrolment = read_enrolment(self.desk)
            if enrolment is not None:
                self._begin_anew(enrolment)
            raise _Again from None
        self.report = replace(
            self.report,
            answered=self.report.answered + settled.taken,
            received=self.report.received + received,
            cases=(*self.report.cases, *settled.cases),
        )

    def _note_contact(self, uow: UnitOfWork, *, now_ms: int, now: datetime) -> None:
        contact = contact_of(uow)
        put_contact(uow, replace(contact, at=now, offset_ms=now_ms - to_ms(now), problem=""))

    def _is_copy(self, reply: ChangesReply) -> bool:
        """Whether head office knows more operations of this incarnation than this database ever made."""
        with self.desk.read() as uow:
            enrolment = enrolment_of(uow)
            if enrolment is None:
                return False
            own = uow.deliveries.next_n(enrolment.inc) - 1
        return any(inc == enrolment.inc and have > own for inc, have in reply.have)

    # --- putting right ---------------------------------------------------------------------------------------

    def _renew(self, enrolment: Enrolment) -> None:
        """This database is an older copy: it goes on under a new incarnation, with what still waits under any."""
        self.wait_out()
        new = self.link.incarnation(enrolment.inc)
        with self.desk.work() as uow:
            present = enrolment_of(uow)
            if present is not None and present.inc < new:
                move_to_incarnation(self.desk, uow, present, inc=new, now=self.desk.clock())
        self.report = replace(self.report, copied=True)
        raise _Again

    def _begin_anew(self, enrolment: Enrolment) -> None:
        """Takes whole copies and offers again what head office no longer knows."""
        self.wait_out()
        copies = [self.link.copy(store) for store in enrolment.scope]
        with self.desk.read() as uow:
            incs = {position.inc for position in uow.positions.answers()} | {enrolment.inc}
        answers: dict[int, Sequence[Answer]] = {inc: self.link.answers(inc) for inc in sorted(incs)}
        epoch = copies[0].position.epoch if copies else ""
        now = self.desk.clock()
        with self.desk.work() as uow:
            begin_anew(self.desk, uow, enrolment, epoch=epoch, answers=answers, now=now)
        seen: set[str] = set()
        for copy in copies:
            self.load_copy(self.desk, copy, seen)
        with self.desk.work() as uow:
            positions = [copy.position for copy in copies]
            finish_copy(
                self.desk, uow, enrolment, positions=positions, seen=seen, epoch=epoch, answers=answers, now=now
            )
        self.report = replace(self.report, restored=bool(enrolment.epoch))

    # --- what else -------------------------------------------------------------------------------------------

    def _fetch_rules(self) -> None:
        have = read_contact(self.desk).rules_version
        rules = self.link.rules(have)
        if rules is not None:
            take_rules(self.desk, version=rules.version, texts=rules.texts)

    def _told(self) -> CycleReport:
        with self.desk.read() as uow:
            counts = uow.deliveries.counts(confirmed_since=self.desk.clock())
            at = contact_of(uow).at
        return replace(self.report, waiting=counts.waiting, refused=counts.to_handle, last_contact=at)


def _load_in_pages(desk: Desk, copy: Copy, seen: set[str]) -> None:
    """Takes a copy over in short transactions."""
    page = []
    for row in copy.rows:
        page.append(row)
        if len(page) >= COPY_PAGE:
            with desk.work() as uow:
                apply_copy(desk, uow, page, store=copy.position.store, seen=seen, now=desk.clock())
            page = []
    with desk.work() as uow:
        apply_copy(desk, uow, page, store=copy.position.store, seen=seen, now=desk.clock())


def feed_start(store: str, epoch: str) -> FeedPosition:
    """The position before the first change."""
    return FeedPosition(store, epoch, 0, GENESIS)
