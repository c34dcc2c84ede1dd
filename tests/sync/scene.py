"""Real desks for a real head office: founded stores in folders, joined over HTTP, cancelling through the services."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from store_desk.app.office_line import copy_loader, join_here, make_link
from store_desk.app.wiring import SetUpAnswers, clock, found_store, open_desk
from store_desk.domain.case import CancellationCase
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Staff
from store_desk.domain.ticket import Ticket
from store_desk.hub.enrolling import Place
from store_desk.services.cancel import Cancelled
from store_desk.services.enrolment import Contact, Enrolment, read_contact, read_enrolment
from store_desk.services.office import Joined
from store_desk.services.ports import SlipRow
from store_desk.sync.cycle import CycleReport, run_cycle
from store_desk.sync.hub_client import HttpLink
from tests.hub.http.conftest import Running
from tests.shop import PEOPLE, PINS, Clock, Shop


@cache
def _founded(desk: int) -> Path:
    folder = Path(mkdtemp(prefix="store-desk-sync-")) / "desk"
    found_store(
        folder,
        SetUpAnswers(
            store_code="XH", store_name="徐汇店", desk=desk, manager_id="1001", manager_name="赵文", pin=PINS["1001"]
        ),
    )
    opened = open_desk(folder)
    with opened.desk.work() as uow:
        for staff_id, (name, role, other) in PEOPLE.items():
            hashed = opened.desk.pins.hash(PINS[staff_id]) if staff_id in ("2047", "1003") else "x"
            uow.people.add(Staff(staff_id, name, role, other, True, hashed, False))
    opened.close()
    return folder


@dataclass
class Counter:
    """A desk of XH with the machine's clock."""

    folder: Path
    shop: Shop
    lines: list[HttpLink] = field(default_factory=list)

    @property
    def enrolment(self) -> Enrolment:
        """The enrolment."""
        found = read_enrolment(self.shop.desk)
        assert found is not None
        return found

    @property
    def contact(self) -> Contact:
        """The last contact."""
        return read_contact(self.shop.desk)

    def join(self, service: Running, *, url: str = "", number: int = 0) -> Joined:
        """Joins with a code of its own."""
        code = service.code(Place("XH", number or self.shop.desk.identity.desk))
        return join_here(self.shop.opened, url or str(service.client.base_url), code)

    def line(self) -> HttpLink:
        """A link of this thread."""
        made = make_link(self.shop.opened.store, self.shop.desk)
        self.lines.append(made)
        return made

    def round(self) -> CycleReport:
        """One round with head office."""
        line = self.line()
        try:
            return run_cycle(self.shop.desk, line, load_copy=copy_loader(self.shop.opened.store))
        finally:
            line.close()

    def cancel(self, ticket: Ticket) -> Cancelled:
        """Cancels the ticket as it stands at this desk now."""
        return self.shop.cancel(self.shop.load(ticket.id))

    def case(self, ticket: Ticket) -> CancellationCase:
        """The ticket's latest case."""
        with self.shop.desk.read() as uow:
            return uow.cases.of_ticket(ticket.id)[0]

    def papers(self, ticket: Ticket) -> list[SlipRow]:
        """The ticket's papers, latest first."""
        with self.shop.desk.read() as uow:
            return [row for row in uow.slips.of_ticket(ticket.id) if row.variant is not SlipVariant.STOP_SHEET]

    def close(self) -> None:
        """Ends it."""
        for line in self.lines:
            line.close()
        self.shop.close()


def counter(folder: Path, *, desk: int = 2) -> Counter:
    """A founded desk in the folder."""
    shutil.copytree(_founded(desk), folder)
    return reopened(folder)


def reopened(folder: Path, *, now: Callable[[], object] | None = None) -> Counter:
    """The desk of a folder."""
    opened = open_desk(folder, now=now or clock)  # type: ignore[arg-type]  # a clock of the tests
    return Counter(folder, Shop(opened, now or clock))  # type: ignore[arg-type]


def standing_clock() -> Clock:
    """The machine's time, standing still until it is moved."""
    return Clock(clock())
