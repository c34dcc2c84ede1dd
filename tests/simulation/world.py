"""One history: what people, machines and the network do by seed, and the calm at its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import DomainError
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import REVIEW_MOVES, WORK_MOVES, Review, Ticket, TicketType, Work
from store_desk.hub.ports import DeskRow, PersonRow
from store_desk.services.approve import approve_case, ask_head_office, decline_case, overrule
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.codec import to_ms
from store_desk.services.messages import Envelope, digest_of, record_to_body
from store_desk.services.office_ports import DeliveryState
from store_desk.services.payloads import Move, move_to_payload
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case
from store_desk.sync.cycle import run_cycle
from tests.memory.hub import MemoryHub
from tests.simulation.desks import (
    CLERK,
    HEAD_OFFICE,
    MANAGER,
    PEOPLE,
    SENIOR,
    SUPERVISOR,
    Killed,
    SimulatedDesk,
)
from tests.simulation.line import HeadOffice, SimulatedLine, Weather

NOON = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
STEPS = 70
CALM_ROUNDS = 60
STORES = ("XH", "PD")
LADDERS = (
    (Review.PENDING_REVIEW, Work.UNASSIGNED),
    (Review.UNDER_REVIEW, Work.UNASSIGNED),
    (Review.APPROVED, Work.ASSIGNED),
    (Review.IN_PROCESS, Work.IN_PROCESS),
    (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
)
REASONS: dict[Reason, tuple[tuple[str, str], ...]] = {
    Reason.SELF_RESOLVED: (("how", "自己修好了"),),
    Reason.MISTAKE: (),
    Reason.WAIVED: (),
    Reason.NEED_CHANGED: (("text", "改买新的"),),
    Reason.DISSATISFIED: (("aspect", "speed"), ("text", "等了三个星期没有人联系")),
    Reason.WRONG_INFORMATION: (("field", "电话"), ("wrong", "13800006021"), ("right", "13900006021")),
}
SYSTEM = "erp"


class World:
    """Everything of one history. `violations` collects what was found broken; `fierce` adds faults."""

    def __init__(self, seed: int, *, steps: int = STEPS, fierce: float = 0.0) -> None:
        self.rng = Random(seed)
        self.steps = steps
        self.fierce = fierce
        # Small ones, so that a batch is under way while another is written down.
        self.batch_max = Random(seed).choice((1, 2, 3, 50))
        self.now = NOON
        self.later: list[Callable[[], None]] = []
        self.weather = Weather(0.12, 0.12, 0.08, 0.05, 0.06, 0.10)
        self.hub = MemoryHub()
        self.office = HeadOffice(self.hub, lambda: self.now, self._new_id)
        self.restores = 0
        self.calm_rounds = 0
        self.violations: list[str] = []
        self.seen_version: dict[tuple[str, str], tuple[int, int, int]] = {}
        self.n_ids = 0
        self._found()
        self.hub_images = [self.hub.books.image()]

    # --- the beginning -----------------------------------------------------------------------------------------

    def _new_id(self) -> str:
        self.n_ids += 1
        return f"f{self.n_ids:011x}{self.rng.getrandbits(80):020x}"

    def _found(self) -> None:
        for code in (*STORES, "HQ"):
            self.hub.add_store(code)
        self.desks = [
            self._desk("xh1", "XH", 1, ("XH",)),
            self._desk("xh2", "XH", 2, ("XH",)),
            self._desk("pd1", "PD", 1, ("PD",)),
            self._desk("hq1", "HQ", 1, STORES, role="head_office"),
        ]
        if self.rng.random() < 0.3:
            del self.desks[2]
        rows = [DeskRow(desk.name, 1, desk.store_code, desk.number, b"", desk.role, desk.scope) for desk in self.desks]
        rows.append(DeskRow(SYSTEM, 1, "HQ", 99, b"", "system", STORES))
        with self.hub.transaction() as unit:
            for row in rows:
                unit.save_desk(row)
            for n in range(self.rng.randint(2, 5)):
                self._bring_in(unit, n)
        for store in STORES:
            for actor in PEOPLE[:-1]:
                self.hub.books.people[(store, actor.id)] = PersonRow(store, actor.id, actor.name, actor.role)
        self.hub.books.people[("HQ", HEAD_OFFICE.id)] = PersonRow("HQ", HEAD_OFFICE.id, "总部", Role.HEAD_OFFICE)
        for desk in self.desks:
            desk.join(1)
        if self.rng.random() < 0.5:
            with self.desks[1].store.work() as uow:
                uow.tickets.add(self._ticket(90, "XH"))

    def _desk(
        self, name: str, store: str, number: int, scope: tuple[str, ...], role: str = "desk"
    ) -> SimulatedDesk:
        skew = timedelta(days=self.rng.choice((0, 0, 0, -3, 5)), seconds=self.rng.randint(-90, 90))
        rng = Random(self.rng.getrandbits(64))
        return SimulatedDesk(name, store, number, scope, role, lambda: self.now, rng, skew=skew)

    def _ticket(self, n: int, store: str) -> Ticket:
        review, work = self.rng.choice(LADDERS)
        compensation = self.rng.choice((0, 0, 5_000, 12_000))
        return Ticket(
            id=f"{n:04d}{self.rng.getrandbits(112):028x}",
            number=f"{store}-T{n:04d}",
            store=store,
            customer="王秀兰",
            type=TicketType.REPAIR,
            review=review,
            work=work,
            created_at=NOON - timedelta(days=2),
            updated_at=NOON - timedelta(days=1),
            review_since=NOON - timedelta(hours=3),
            source="erp",
            product="北岸 K7",
            compensation_minor=compensation,
        )

    def _bring_in(self, unit: object, n: int) -> None:
        record = TicketRecord(self._ticket(n, self.rng.choice(STORES)))
        body = record_to_body(record)
        change = unit.append_change(  # type: ignore[attr-defined]
            record.ticket.store,
            kind="put",
            ticket_id=record.ticket.id,
            version=record.ticket.version,
            body=body,
            op_id=f"import-{n}",
            at=self.now,
        )
        unit.put_record(record, body=body, seq=change.seq)  # type: ignore[attr-defined]

    # --- the steps ---------------------------------------------------------------------------------------------

    def run(self) -> World:
        """The whole history: storm, then calm."""
        with suppress(DomainError):
            for desk in self.desks:
                run_cycle(desk.desk, self.line(desk), batch_max=self.batch_max)
        for _ in range(self.steps):
            self.now += timedelta(seconds=self.rng.choice((1, 5, 30, 200, 2_000)))
            self._step()
        self._calm()
        return self

    def _step(self) -> None:
        roll = self.rng.random() if self.rng.random() >= self.fierce else 0.86 + 0.14 * self.rng.random()
        desk = self.rng.choice(self.desks)
        if roll < 0.46:
            self._business(desk)
        elif roll < 0.76:
            self._sync(desk)
        elif roll < 0.86:
            self._system_moves()
        elif roll < 0.90:
            self._deliver_late()
        elif roll < 0.93:
            desk.killed_in = self.rng.randint(1, 4)
            desk.killed_after_commit = self.rng.random() < 0.5
        elif roll < 0.95:
            desk.take_image()
        elif roll < 0.965:
            if desk.images:
                desk.restore_image()
        elif roll < 0.98:
            self.hub_images.append(self.hub.books.image())
        elif roll < 0.99:
            self._restore_hub()
        else:
            self.weather = Weather(*(self.rng.random() * 0.4 for _ in range(6)))

    def _business(self, desk: SimulatedDesk) -> None:
        with desk.store.read() as uow:
            ids = list(uow.records.known_ids())
            ids += [record.ticket.id for record in uow.records.unknown(limit=10)]
        if not ids:
            return
        ticket_id = desk.rng.choice(sorted(ids))
        with suppress(DomainError, Killed):
            self._act(desk, ticket_id)
        self._note_saved(desk)

    def _act(self, desk: SimulatedDesk, ticket_id: str) -> None:
        rng = desk.rng
        with desk.store.read() as uow:
            record = uow.records.get(ticket_id)
        stands = record.stands.case if record and record.stands else None
        if desk.role == "head_office":
            self._at_head_office(desk, ticket_id, record)
        elif stands is None or stands.state in (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.SUPERSEDED):
            if stands is not None and rng.random() < 0.3:
                ask_head_office(desk.desk, CLERK, case_id=stands.id, why="请再看")
            else:
                self._cancel(desk, ticket_id)
        elif stands.state is CaseState.PENDING_APPROVAL:
            if rng.random() < 0.6:
                approve_case(desk.desk, CLERK, case_id=stands.id, approver=rng.choice((SUPERVISOR, MANAGER)))
            elif rng.random() < 0.7:
                decline_case(desk.desk, case_id=stands.id, approver=SUPERVISOR, why="不同意")
            else:
                withdraw_case(desk.desk, CLERK, ticket_id=ticket_id)
        elif rng.random() < 0.5:
            withdraw_case(desk.desk, CLERK, ticket_id=ticket_id)
        elif rng.random() < 0.5:
            reopen_ticket(desk.desk, CLERK, ticket_id=ticket_id, note="又坏了")
        else:
            self._cancel(desk, ticket_id)

    def _at_head_office(self, desk: SimulatedDesk, ticket_id: str, record: TicketRecord | None) -> None:
        for item in record.cases if record else ():
            if item.case.state is CaseState.PENDING_APPROVAL:
                approve_case(desk.desk, HEAD_OFFICE, case_id=item.case.id, approver=HEAD_OFFICE)
                return
            if item.case.asked or desk.rng.random() < 0.1:
                refused = item.case.state in (CaseState.REFUSED, CaseState.SUPERSEDED)
                overrule(desk.desk, HEAD_OFFICE, case_id=item.case.id, confirm=refused, why="总部决定")
                return

    def _cancel(self, desk: SimulatedDesk, ticket_id: str) -> None:
        rng = desk.rng
        reason = rng.choice(tuple(REASONS))
        actor: Actor = rng.choice((CLERK, CLERK, SENIOR, SUPERVISOR))
        approver = rng.choice((None, SUPERVISOR, MANAGER))
        if approver is not None and approver.id == actor.id:
            approver = MANAGER
        command = CancelTicket(
            ticket_id=ticket_id,
            reason=reason,
            evidence=REASONS[reason],
            consent=Consent(Grade.PAPER),
            settlement=rng.choice(("cash", "later")),
            approver=approver,
            park=approver is None and rng.random() < 0.7,
        )
        cancel_ticket(desk.desk, actor, command)

    def _note_saved(self, desk: SimulatedDesk) -> None:
        """What is on the disk now is what a clerk saw as saved."""
        with desk.store.read() as uow:
            made = uow.deliveries.latest(limit=10_000)
            for delivery in sorted(made, key=lambda item: (item.envelope.inc, item.envelope.n)):
                if delivery.envelope.id not in desk.saved:
                    self.office.moments += 1
                    desk.saved[delivery.envelope.id] = self.office.moments
                    desk.lost.discard(delivery.envelope.id)

    def line(self, desk: SimulatedDesk) -> SimulatedLine:
        """The desk's line to head office."""
        return SimulatedLine(
            self.office, desk, self.rng, self.weather, self.later, lambda: self._business(desk)
        )

    def _sync(self, desk: SimulatedDesk) -> bool:
        try:
            run_cycle(desk.desk, self.line(desk), batch_max=self.batch_max)
        except (DomainError, Killed):
            return False
        finally:
            self._note_saved(desk)
            self._watch(desk)
        return True

    def _watch(self, desk: SimulatedDesk) -> None:
        """I12: what a desk shows of a ticket without waiting operations never goes back within one history."""
        with desk.store.read() as uow:
            for ticket_id in uow.records.known_ids():
                record = uow.records.get(ticket_id)
                waiting = uow.deliveries.unanswered_of(ticket_id)
                if waiting:
                    last = waiting[-1].envelope
                    asked = last.kind == "cancel" and waiting[-1].state is DeliveryState.WAITING
                    if asked and record is not None and record.standing != last.case_id:
                        self.violations.append(f"I12 {desk.name} no longer shows its own request on {ticket_id[:6]}")
                    continue
                if record is None:
                    continue
                key = (desk.name, ticket_id)
                era = (desk.begun_anew, desk.restored)
                before = self.seen_version.get(key)
                version = record.ticket.version
                if before is not None and before[:2] == era and version < before[2]:
                    self.violations.append(f"I12 {desk.name} shows {ticket_id[:6]} at {version} after {before[2]}")
                self.seen_version[key] = (*era, version)

    def _system_moves(self) -> None:
        """A technician's system moves a ticket on, as an ERP would."""
        if not self.hub.books.records:
            return
        ticket_id = self.rng.choice(sorted(self.hub.books.records))
        ticket = self.hub.books.records[ticket_id][0].ticket
        step = Move()
        work = sorted(WORK_MOVES[ticket.work], key=lambda rung: rung.value)
        review = sorted(REVIEW_MOVES[ticket.review], key=lambda rung: rung.value)
        if work and (not review or self.rng.random() < 0.6):
            step = replace(step, work=self.rng.choice(work))
        elif review:
            step = replace(step, review=self.rng.choice(review))
        else:
            return
        row = self.office.row(SYSTEM)
        payload = move_to_payload(step)
        envelope = Envelope(
            id=self._new_id(),
            inc=row.inc,
            n=row.last_n + 1,
            kind="move",
            ticket_id=ticket_id,
            case_id="",
            payload=payload,
            digest=digest_of(payload),
            signature=b"",
            actor="erp",
            role=Role.TECHNICIAN.value,
            at_ms=to_ms(self.now),
            offset_ms=0,
        )
        self.office.push(SYSTEM, (envelope,))

    def _deliver_late(self) -> None:
        while self.later and self.rng.random() < 0.8:
            self.later.pop(self.rng.randrange(len(self.later)))()

    def _restore_hub(self) -> None:
        """Head office goes back to a backup; half of the operators forget the epoch."""
        image = self.rng.choice(self.hub_images).image()
        self.restores += 1
        self.office.history += 1
        if self.rng.random() < 0.5:
            image.epoch = f"e{self.office.history + 1}"
        self.hub.books = image
        known = set(image.operations)
        self.office.accepted_at = {op: at for op, at in self.office.accepted_at.items() if op in known}

    def _calm(self) -> None:
        """No further faults: everything settles within so many rounds (I9)."""
        self.weather = Weather()
        while self.later:
            self.later.pop()()
        for desk in self.desks:
            desk.killed_in = 0
        for calm in range(CALM_ROUNDS):
            self.calm_rounds = calm + 1
            self.now += timedelta(seconds=15)
            quiet = [self._sync(desk) for desk in self.desks]
            if all(quiet) and all(self._settled(desk) for desk in self.desks):
                return
        self.violations.append("I9 not settled")

    def _settled(self, desk: SimulatedDesk) -> bool:
        with desk.store.read() as uow:
            if uow.deliveries.unanswered(limit=1) or uow.records.unknown(limit=1):
                return False
            feeds = {position.store: position.seq for position in uow.positions.feeds()}
        return all(feeds.get(store) == self.hub.books.heads[store].seq for store in desk.scope)
