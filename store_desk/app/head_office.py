"""Head office behind the window: rounds on a thread of their own, at once when there is work, never in anybody's way.

Two threads. The first makes the rounds (`sync.cycle.run_cycle`); the second keeps a question open at head office and
rings when there is something to fetch, so that a cancellation never waits behind an open question. Signing out and
locking do not concern them: what was done is sent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from store_desk.app.log import LOGGER
from store_desk.app.office_line import EVERY_S, copy_loader, line_settings, make_link, number_of
from store_desk.app.wiring import OpenDesk
from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import HubUnreachable
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import contact_of, enrolment_of, put_contact, read_contact
from store_desk.services.messages import GENESIS, AnswerPosition, ChangesAsked, ChangesReply
from store_desk.services.office_ports import DeliveryState
from store_desk.services.outcomes import expire_overdue
from store_desk.services.ports import UnitOfWork
from store_desk.store import snapshot
from store_desk.sync.backoff import Pace
from store_desk.sync.cycle import CycleReport, run_cycle
from store_desk.sync.enrol import send_past
from store_desk.sync.hub_client import HttpLink
from store_desk.ui.sync.link import HeadOfficeLink, LinkState

OVERDUE_EVERY_S: Final = 60.0
OVERDUE_MAX: Final = 200
# So long head office may keep the open question; it ends sooner when there is something.
LISTEN_S: Final = 25
# While the open question proves the contact, rounds of their own are seldom needed.
HEARD_FACTOR: Final = 4
# After a fault of ours a thread begins again.
AGAIN_S: Final = 60.0
FIRST_COPY_S: Final = 1.0
END_S: Final = 5.0
UNANSWERED_MAX: Final = 1_000


@dataclass(slots=True)
class _Heard:
    """What the open question knows: whether it is answered, and when it last was (monotonic)."""

    well: bool = False


class HeadOffice:
    """The rounds with head office of one open desk. `link` is the window's end, told of everything."""

    def __init__(self, opened: OpenDesk, link: HeadOfficeLink | None = None, *, random: Random | None = None) -> None:
        self._opened = opened
        self._desk: Desk = opened.desk
        self.link = link or HeadOfficeLink(self.wake)
        self._random = random or Random()
        self._bell = threading.Condition()
        self._rung = ""
        self._stop = False
        self._ended = False
        self._heard = _Heard()
        self._lines: list[HttpLink] = []
        self._threads: list[threading.Thread] = []
        self._state = LinkState(connected=False)
        self._overdue_at = time.monotonic()
        self._rounds = 0
        self._good = 0

    # --- from any thread -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins; the first round is made at once."""
        for name, work in (("hub", self._rounds_lane), ("hub-listen", self._listen_lane)):
            thread = threading.Thread(target=self._at_the_edge, args=(work,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wake(self) -> None:
        """A round now: a person asks, or head office has something."""
        self._ring("now")

    def noticed(self) -> None:
        """Something was written at this desk; if it is to be sent, it goes now."""
        self._ring("work")

    def returned(self) -> None:
        """The network is there again."""
        self._ring("network")

    def stop(self) -> None:
        """Ends both threads, breaking off what is under way; nothing is lost by that."""
        self._ended = True
        self._halt()
        for thread in self._threads:
            thread.join(END_S)

    def _halt(self) -> None:
        with self._bell:
            self._stop = True
            self._bell.notify_all()
            lines = list(self._lines)
        for line in lines:
            line.abort()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Lets both threads end, and begin anew with the enrolment of then; for the lane that joins meanwhile."""
        self._halt()
        # Every step of theirs looks whether it is to stop, and the network is broken off. Two of a kind may never run.
        for thread in self._threads:
            thread.join()
        try:
            yield
        finally:
            with self._bell:
                self._stop, self._heard = self._ended, _Heard()
            self._threads, self._lines = [], []
            if not self._stop:
                self.start()

    def unsent(self) -> int:
        """How many operations have no answer yet, as last counted."""
        return self._state.waiting

    def wait_for_round(self, after: int, timeout_s: float) -> int:
        """Waits until more than `after` rounds have ended, well or not; answers how many have. For tests."""
        until = time.monotonic() + timeout_s
        with self._bell:
            while self._rounds <= after and (left := until - time.monotonic()) > 0:
                self._bell.wait(left)
            return self._rounds

    def watched(self) -> Desk:
        """The desk with every transaction that writes noticed here."""

        @contextmanager
        def work() -> Iterator[UnitOfWork]:
            with self._desk.work() as uow:
                yield uow
            self.noticed()

        return replace(self._desk, work=work)

    # --- waiting -------------------------------------------------------------------------------------------------

    def _ring(self, why: str) -> None:
        with self._bell:
            # A wish for a round is not forgotten for a smaller one.
            if self._rung != "now":
                self._rung = why
            self._bell.notify_all()

    def _wait(self, seconds: float) -> str:
        """Why the wait ended: now, work, network, or '' when the time was over."""
        until = time.monotonic() + seconds
        with self._bell:
            while not self._rung and not self._stop and (left := until - time.monotonic()) > 0:
                self._bell.wait(left)
            why, self._rung = self._rung, ""
            return why

    def _stopped(self) -> bool:
        return self._stop

    def _at_the_edge(self, work: Callable[[], None]) -> None:
        while not self._stop:
            try:
                work()
            except Exception:  # noqa: BLE001  # the edge: a fault must end neither the desk nor what is sent later
                LOGGER.exception("head office")
                self._tell(connected=False, running=False)
                self._rest(AGAIN_S)
        with suppress(DomainError):
            self._opened.store.close_lane()

    def _line(self) -> HttpLink:
        line = make_link(self._opened.store, self._desk)
        with self._bell:
            self._lines.append(line)
        return line

    # --- rounds --------------------------------------------------------------------------------------------------

    def _rounds_lane(self) -> None:
        every = number_of(line_settings(self._desk), "every_s", EVERY_S, least=1, most=3_600)
        pace = Pace(self._random, now=time.monotonic(), every_s=every)
        self._tell_first()
        line = self._line()
        try:
            while not self._stop:
                if pace.wait_s(time.monotonic()) <= 0:
                    self._round(line, pace)
                self._idle_work()
                wait = pace.wait_s(time.monotonic())
                if self._heard.well and not pace.failures:
                    wait = max(wait, every * HEARD_FACTOR)
                self._heed(self._wait(min(wait, OVERDUE_EVERY_S)), pace)
        finally:
            line.close()

    def _heed(self, why: str, pace: Pace) -> None:
        now = time.monotonic()
        if why == "network":
            pace.returned(now)
        elif why == "now" or (why == "work" and self._has_work()):
            pace.wake(now)

    def _has_work(self) -> bool:
        """Whether something was written that was never sent; the counts on the screen follow either way."""
        with self._desk.read() as uow:
            waiting = uow.deliveries.unanswered(limit=UNANSWERED_MAX)
            counts = uow.deliveries.counts(confirmed_since=self._desk.clock())
        self._tell(waiting=counts.waiting, refused=counts.to_handle)
        return any(delivery.sent_n == 0 for delivery in waiting)

    def _round(self, line: HttpLink, pace: Pace) -> None:
        before = self._unanswered()
        self._tell(running=True)
        try:
            report = run_cycle(
                self._desk,
                line,
                load_copy=copy_loader(self._opened.store, stopped=self._stopped),
                stopped=self._stopped,
            )
            if not self._stop:
                send_past(self._desk, line)
        except DomainError as error:
            self._failed(error, pace)
            self._tell_answered(before)
        else:
            if not self._stop:
                pace.succeeded(time.monotonic())
                self._good += 1
                self._succeeded(report)
        with self._bell:
            self._rounds += 1
            self._bell.notify_all()

    def _succeeded(self, report: CycleReport) -> None:
        self._tell(
            connected=True,
            last_contact=report.last_contact,
            waiting=report.waiting,
            refused=report.refused,
            running=False,
            problem="",
        )
        for case_id in dict.fromkeys(report.cases):
            self.link.tell_settled(case_id)

    def _failed(self, error: DomainError, pace: Pace) -> None:
        if self._stop:
            return
        said = error.facts.get("retry_after_s")
        retry = float(said) if isinstance(said, int) else 0.0
        pace.failed(time.monotonic(), retry_after_s=retry)
        problem = "" if isinstance(error, HubUnreachable) else error.code
        LOGGER.info("head office: %s", error)
        with self._desk.work() as uow:
            contact = contact_of(uow)
            if problem and contact.problem != problem:
                put_contact(uow, replace(contact, problem=problem))
            counts = uow.deliveries.counts(confirmed_since=self._desk.clock())
        self._tell(
            connected=False,
            last_contact=contact.at,
            waiting=counts.waiting,
            refused=counts.to_handle,
            running=False,
            problem=problem,
        )

    def _unanswered(self) -> dict[str, str]:
        """Operations without an answer, with their cases."""
        with self._desk.read() as uow:
            waiting = uow.deliveries.unanswered(limit=UNANSWERED_MAX)
        return {delivery.envelope.id: delivery.envelope.case_id for delivery in waiting}

    def _tell_answered(self, before: dict[str, str]) -> None:
        """A round that broke off may have brought answers all the same."""
        with self._desk.read() as uow:
            found = [uow.deliveries.get(op_id) for op_id in before]
        for delivery in found:
            if delivery is not None and delivery.state is DeliveryState.ANSWERED and delivery.envelope.case_id:
                self.link.tell_settled(delivery.envelope.case_id)

    def _idle_work(self) -> None:
        """What nobody waits for: cases without an answer for too long, and words of a large copy for the search."""
        if time.monotonic() - self._overdue_at >= OVERDUE_EVERY_S:
            self._overdue_at = time.monotonic()
            expire_overdue(self._desk, limit=OVERDUE_MAX)
        snapshot.add_words(self._opened.store, waiting=lambda: self._stop or bool(self._rung))

    # --- listening -----------------------------------------------------------------------------------------------

    def _listen_lane(self) -> None:
        pace = Pace(self._random, now=time.monotonic(), every_s=0.0)
        line = self._line()
        try:
            while not self._stop:
                self._listen(line, pace)
        finally:
            line.close()

    def _listen(self, line: HttpLink, pace: Pace) -> None:
        """One open question, and a round when its answer has something new."""
        asked = self._question()
        if asked is None:
            # Nothing to listen for before the first round has brought a copy.
            self._rest(FIRST_COPY_S)
            return
        good = self._good
        try:
            reply = line.changes(asked, wait_s=LISTEN_S)
        except DomainError as error:
            self._heard.well = False
            said = error.facts.get("retry_after_s")
            pace.failed(time.monotonic(), retry_after_s=float(said) if isinstance(said, int) else 0.0)
            self._rest(pace.wait_s(time.monotonic()), good=good)
            return
        pace.succeeded(time.monotonic())
        came_back = not self._heard.well
        self._heard.well = True
        if self._is_new(reply) or (came_back and not self._state.connected):
            rounds = self._rounds
            self.wake()
            # The round takes it; asked before that, head office would say the same at once.
            self.wait_for_round(rounds, LISTEN_S)
        else:
            self._note_contact(reply.now_ms)

    def _is_new(self, reply: ChangesReply) -> bool:
        """Whether a reply has what no round has taken meanwhile."""
        with self._desk.read() as uow:
            settled = {position.inc: position.settled for position in uow.positions.answers()}
            taken = {position.store: position.seq for position in uow.positions.feeds()}
            known = contact_of(uow).rules_version
        return (
            bool(reply.reset)
            or reply.rules_version != known
            or any(change.seq > taken.get(change.store, 0) for change in reply.changes)
            or any(answer.n > settled.get(answer.inc, 0) for answer in reply.answers)
        )

    def _rest(self, seconds: float, *, good: int | None = None) -> None:
        """Waits without taking a bell that rings for the rounds; with `good` no longer than to the next good round."""
        until = time.monotonic() + seconds
        with self._bell:
            while not self._stop and (left := until - time.monotonic()) > 0:
                if good is not None and self._good > good:
                    return
                self._bell.wait(left)

    def _question(self) -> ChangesAsked | None:
        with self._desk.read() as uow:
            enrolment = enrolment_of(uow)
            if enrolment is None or not enrolment.epoch:
                return None
            known = {position.inc: position for position in uow.positions.answers()}
            feeds = tuple(uow.positions.feeds())
        known.setdefault(enrolment.inc, AnswerPosition(enrolment.inc, 0, GENESIS))
        return ChangesAsked(enrolment.epoch, feeds, tuple(known[inc] for inc in sorted(known)), 1)

    def _note_contact(self, now_ms: int) -> None:
        """Head office answered that there is nothing: a contact as good as any."""
        now = self._desk.clock()
        with self._desk.work() as uow:
            put_contact(uow, replace(contact_of(uow), at=now, offset_ms=now_ms - to_ms(now)))
        if self._state.connected:
            self._tell(last_contact=now)

    # --- telling -------------------------------------------------------------------------------------------------

    def _tell_first(self) -> None:
        contact = read_contact(self._desk)
        with self._desk.read() as uow:
            counts = uow.deliveries.counts(confirmed_since=self._desk.clock())
        self._state = LinkState(
            # Until the first round has failed, nothing says that there is no contact.
            connected=True,
            last_contact=contact.at,
            waiting=counts.waiting,
            refused=counts.to_handle,
            running=True,
            problem="",
        )
        self.link.tell(self._state)

    def _tell(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # fields of LinkState
        self.link.tell(self._state)
