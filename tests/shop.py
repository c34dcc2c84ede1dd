"""A real store for tests: founded in a folder, with its people, a clock that is moved by hand, and easy tickets."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from store_desk.app.wiring import OpenDesk, SetUpAnswers, found_store, open_desk
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor, Staff
from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Work
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.desk import Desk
from store_desk.services.linked import next_number

NOON = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
PINS = {"1001": "100126", "1003": "100326", "2047": "204726", "2051": "205126", "3012": "301226", "9001": "900126"}
PEOPLE = {
    "1003": ("陈国栋", Role.SUPERVISOR, "Chen Guodong"),
    "2047": ("林晓雨", Role.CLERK, "Lin Xiaoyu"),
    "2051": ("方圆", Role.SENIOR, "Fang Yuan"),
    "3012": ("周启明", Role.TECHNICIAN, "Zhou Qiming"),
    "9001": ("审计", Role.AUDITOR, "Audit"),
}


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how: float) -> None:
        """Moves it on, e.g. forward(minutes=11)."""
        self.now += timedelta(**how)


@dataclass
class Shop:
    """An open store; actors by role, and short ways to what tests need again and again."""

    opened: OpenDesk
    clock: Clock

    @property
    def desk(self) -> Desk:
        """The services' context."""
        return self.opened.desk

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.opened.folder

    def actor(self, staff_id: str) -> Actor:
        """One of the people as an actor."""
        if staff_id == "1001":
            return Actor("1001", "赵文", Role.MANAGER)
        name, role, other = PEOPLE[staff_id]
        return Actor(staff_id, name, role, other)

    @property
    def clerk(self) -> Actor:
        """林晓雨, a clerk."""
        return self.actor("2047")

    @property
    def senior(self) -> Actor:
        """方圆, a senior clerk."""
        return self.actor("2051")

    @property
    def supervisor(self) -> Actor:
        """陈国栋, a supervisor."""
        return self.actor("1003")

    @property
    def manager(self) -> Actor:
        """赵文, the manager."""
        return self.actor("1001")

    def ticket(self, review: Review = Review.PENDING_REVIEW, work: Work = Work.UNASSIGNED, **changes: Any) -> Ticket:
        """Stores a ticket in the given state and answers it."""
        now = self.clock()
        with self.desk.work() as uow:
            values: dict[str, Any] = {
                "id": self.desk.new_id(),
                "number": next_number(self.desk, uow, now=now),
                "store": "XH",
                "customer": "王秀兰",
                "type": TicketType.REPAIR,
                "review": review,
                "work": work,
                "created_at": now - timedelta(days=2),
                "updated_at": now - timedelta(days=1),
                "review_since": now - timedelta(hours=3),
                "phone": "13800006021",
                "serial": "NK7-25A-0091874",
                "order_number": "SO-88421907",
                "product": "北岸 K7 滚筒洗衣机 10 kg",
                "facts": TicketFacts(customer_other="Wang Xiulan"),
            }
            made = Ticket(**(values | changes))
            uow.tickets.add(made)
        return made

    def load(self, ticket_id: str) -> Ticket:
        """The ticket as it is stored now."""
        with self.desk.read() as uow:
            found = uow.tickets.get(ticket_id)
        if found is None:
            raise LookupError(ticket_id)
        return found

    def command(self, ticket: Ticket, reason: Reason | None = Reason.MISTAKE, **changes: Any) -> CancelTicket:
        """A cancellation with a signature on paper, complete for the reason `mistake`."""
        values: dict[str, Any] = {
            "ticket_id": ticket.id,
            "reason": reason,
            "consent": Consent(Grade.PAPER),
            "seen_version": ticket.version,
        }
        return CancelTicket(**(values | changes))

    def cancel(
        self, ticket: Ticket, reason: Reason = Reason.MISTAKE, *, by: Actor | None = None, **changes: Any
    ) -> Cancelled:
        """Cancels with what the reason needs."""
        return cancel_ticket(self.desk, by or self.clerk, self.command(ticket, reason, **changes))

    def close(self) -> None:
        """Closes the store."""
        self.opened.close()


@cache
def _founded() -> Path:
    """One founded store a test run, to be copied: founding hashes six PINs, which is slow on purpose."""
    folder = Path(mkdtemp(prefix="store-desk-tests-")) / "desk"
    answers = SetUpAnswers(
        store_code="XH",
        store_name="明禾家居电器 · 徐汇店",
        desk=2,
        manager_id="1001",
        manager_name="赵文",
        pin=PINS["1001"],
        store_name_other="Minghe Home · Xuhui store",
        address="上海市徐汇区漕溪北路 398 号",
        phone="021-5550 0198",
    )
    found_store(folder, answers, now=Clock())
    opened = open_desk(folder, now=Clock())
    with opened.desk.work() as uow:
        for staff_id, (name, role, other) in PEOPLE.items():
            hashed = opened.desk.pins.hash(PINS[staff_id])
            uow.people.add(Staff(staff_id, name, role, other, True, hashed, False))
    opened.close()
    return folder


def open_shop(folder: Path) -> Shop:
    """A copy of the founded store in the folder, opened."""
    shutil.copytree(_founded(), folder)
    clock = Clock()
    return Shop(open_desk(folder, now=clock), clock)


def with_facts(ticket: Ticket, **facts: Any) -> Ticket:
    """The ticket with other facts (not stored)."""
    return replace(ticket, facts=replace(ticket.facts, **facts))
