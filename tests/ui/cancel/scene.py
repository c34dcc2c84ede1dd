"""A real desk for tests of the cancel sheet: its store, its people, tickets of every level, and a bench over them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.roles import Role
from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Visit, Work
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.ids import IdMaker
from store_desk.services.people import add_staff, change_own_pin, first_manager
from store_desk.services.ports import PrinterState
from store_desk.services.slips import record_not_printed, record_printed, slip_of
from store_desk.store import create_store, open_store
from store_desk.ui.bench import Bench, Importing, Session
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane
from store_desk.words import Lang

NOW = datetime(2026, 5, 14, 6, 20, tzinfo=UTC)
PIN = "290417"
MANAGER_PIN = "840251"
SUPERVISOR_PIN = "351862"

IDENTITY = DeskIdentity(
    store_code="XH",
    store_name="明禾家居电器 · 徐汇店",
    desk=2,
    desk_id="desk-2",
    store_name_other="Minghe Home · Xuhui store",
    address="上海市徐汇区漕溪北路 398 号",
    phone="021-5550 0198",
)

CLERK = Actor("2047", "林晓雨", Role.CLERK, "Lin Xiaoyu")
SUPERVISOR = Actor("1003", "陈国栋", Role.SUPERVISOR, "Chen Guodong")
MANAGER = Actor("1001", "赵文", Role.MANAGER, "Zhao Wen")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**span)


@dataclass
class Printer:
    """A printer that keeps what it was given; `trouble` makes it refuse."""

    desk: Desk
    actor: Actor = CLERK
    trouble: str = ""
    copies: int = 2
    printed: list[tuple[str, Paper, bool]] = field(default_factory=list)
    pdfs: list[bytes] = field(default_factory=list)

    def names(self) -> list[str]:
        return ["Office", "Receipts"]

    def state(self, paper: Paper) -> PrinterState:
        return PrinterState("Office", "paper_out" if self.trouble else "ready")

    def print_slip(self, number: str, *, paper: Paper, reprint: bool) -> int:
        if self.trouble:
            record_not_printed(self.desk, self.actor, number=number, why=self.trouble)
            raise PrinterUnavailable(detail=self.trouble, reason=self.trouble)
        slip = slip_of(self.desk, self.actor, number=number)
        self.printed.append((number, paper, reprint))
        record_printed(self.desk, self.actor, number=number, how="Office", reprint=slip.reprint)
        return self.copies

    def save_slip(self, number: str, *, paper: Paper, path: Path) -> None:
        slip = slip_of(self.desk, self.actor, number=number)
        path.write_bytes(draw(slip.data, paper, (Copy.CUSTOMER, Copy.STORE), slip.reprint, False))

    def test_page(self, paper: Paper) -> None:
        raise PrinterUnavailable(detail="no test page", reason="refused")


def draw(data: SlipData, paper: Paper, copies: tuple[Copy, ...], reprint: int, draft: bool) -> bytes:
    """The real renderer."""
    from store_desk.slips.render import render_slip

    return render_slip(data, paper=paper, copies=copies, reprint=reprint, draft=draft)


def people(desk: Desk) -> None:
    """Manager 1001, supervisor 1003, senior 2051 and clerk 2047, all with PINs of their own."""
    first_manager(desk, staff_id="1001", name="赵文", name_other="Zhao Wen", pin=MANAGER_PIN)
    for number, name, other, role, pin in (
        ("1003", "陈国栋", "Chen Guodong", Role.SUPERVISOR, SUPERVISOR_PIN),
        ("2047", "林晓雨", "Lin Xiaoyu", Role.CLERK, PIN),
        ("2051", "方圆", "Fang Yuan", Role.SENIOR, PIN),
    ):
        first = "502748"
        add_staff(desk, MANAGER, staff_id=number, name=name, name_other=other, role=role, pin=first)
        change_own_pin(desk, staff_id=number, pin=first, new_pin=pin)


def ticket_at(level: int, *, number: str = "") -> Ticket:
    """A ticket of this level; level 4 is the scene's washing machine with visit, parcel and compensation."""
    ladders = {
        1: (Review.PENDING_REVIEW, Work.UNASSIGNED),
        2: (Review.UNDER_REVIEW, Work.ASSIGNED),
        3: (Review.APPROVED, Work.UNASSIGNED),
        4: (Review.IN_PROCESS, Work.IN_PROCESS),
        5: (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
    }
    review, work = ladders[level]
    plain = Ticket(
        id=f"{level:032x}",
        number=number or f"XH2-26-00471{level}-K",
        store="XH",
        customer="王秀兰",
        type=TicketType.REPAIR,
        review=review,
        work=work,
        created_at=NOW - timedelta(days=3),
        updated_at=NOW - timedelta(hours=2),
        order_number="SO-88421907",
        phone="13800006021",
        serial="NK7-25A-0091874",
        product="北岸 K7 滚筒洗衣机 10 kg",
        amount_minor=329_900,
        assignee="周启明" if level in (2, 4, 5) else "",
        due_at=NOW + timedelta(minutes=40),
        review_since=NOW - timedelta(hours=2),
        facts=TicketFacts(
            customer_other="Wang Xiulan",
            product_other="Norra K7 front-load washer, 10 kg",
            member_card="M-20881",
            receipt="R-7710422",
            reviewer="刘主任" if level == 2 else "",
            purchased_on=date(2025, 11, 3),
            warranty_until=date(2026, 11, 2),
        ),
    )
    return _washing_machine(plain) if level == 4 else plain


def _washing_machine(plain: Ticket) -> Ticket:
    visit = Visit(
        technician="3012",
        technician_name="周启明",
        at=datetime(2026, 5, 14, 7, 0, tzinfo=UTC),
        work_order="WO-2605-114",
        free_until=datetime(2026, 5, 14, 6, 30, tzinfo=UTC),
        fee_after_minor=3_000,
    )
    parcel = Parcel(what="门封圈 1 件", what_other="door seal, 1", carrier="顺丰", waybill="SF 6021 4471")
    facts = replace(
        plain.facts, visit=visit, parcel=parcel, compensation_kind="travel", compensation_on=date(2026, 5, 12)
    )
    return replace(plain, compensation_minor=12_000, facts=facts)


@dataclass
class Scene:
    """A desk that works, with what a test looks at."""

    bench: Bench
    desk: Desk
    clock: Clock
    printer: Printer

    def add(self, *tickets: Ticket) -> None:
        """Puts tickets into the store."""
        with self.desk.work() as uow:
            for ticket in tickets:
                uow.tickets.add(ticket)

    def change(self, ticket_id: str, **values: object) -> None:
        """Changes a ticket as another program would while the sheet is open."""
        with self.desk.work() as uow:
            ticket = uow.tickets.get(ticket_id)
            if ticket is None:
                raise KeyError(ticket_id)
            uow.tickets.save(
                replace(ticket, version=ticket.version + 1, updated_at=self.clock(), **values),  # type: ignore[arg-type]
                seen_version=ticket.version,
            )

    def as_(self, actor: Actor) -> None:
        """Lets another person sit at the desk."""
        self.bench.session.actor = actor


def make_template(folder: Path) -> Path:
    """A store with people, made once: hashing PINs is slow on purpose."""
    store = create_store(folder, identity=IDENTITY)
    people(Desk(IDENTITY, store.work, store.read, Clock(), IdMaker(), store.pins))
    store.close()
    return folder


@contextmanager
def scene(template: Path, folder: Path, *, lang: Lang = "zh") -> Iterator[Scene]:
    """A desk over a copy of the template; lanes and connections are closed at the end."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    store = open_store(folder)
    clock = Clock()
    desk = Desk(store.identity, store.work, store.read, clock, IdMaker(), store.pins)
    printer = Printer(desk)
    bench = Bench(
        desk=desk,
        database=Lane("database"),
        printer=Lane("printer"),
        files=Lane("files"),
        language=Language(lang),
        session=Session(actor=CLERK, since=NOW),
        draw_slip=draw,
        printing=printer,
        importing=cast(Importing, QObject),
        backup=lambda path, words: None,
        data_folder=folder,
    )
    try:
        yield Scene(bench, desk, clock, printer)
    finally:
        # Widgets that the test closed must be gone, with their timers, before the lanes stop.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for lane in (bench.database, bench.printer, bench.files):
            lane.stop()
        store.close()
