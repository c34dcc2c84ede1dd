"""The practice store with a desk page over it, at the scene's own clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.app.demo import make_demo
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.services.look_up import find_tickets
from store_desk.ui.bench import Bench, Session
from store_desk.ui.desk.page import DeskPage
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane
from store_desk.words import Lang
from tests.shop import Clock

NOW = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
CLERK = Actor("2047", "林晓雨", Role.CLERK, "Lin Xiaoyu")
SUPERVISOR = Actor("1003", "陈国栋", Role.SUPERVISOR, "Chen Guodong")
TECHNICIAN = Actor("3012", "周启明", Role.TECHNICIAN, "Zhou Qiming")
MANAGER = Actor("1001", "赵文", Role.MANAGER, "Zhao Wen")

# The page's part of a 1366x768 window, of a 1440x900 one, and of the smallest.
SIZE_1366 = (1286, 672)
SIZE_1440 = (1360, 804)
SMALLEST = (1200, 604)


@dataclass
class Told:
    """What the page told the window."""

    cancels: list[str] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)
    reopens: list[str] = field(default_factory=list)
    opens: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """A page over the practice store, and short ways to look at it."""

    page: DeskPage
    bench: Bench
    opened: OpenDesk
    clock: Clock
    qtbot: QtBot
    told: Told

    def id_of(self, order: str) -> str:
        """The ticket of this order (the newest, where there are several)."""
        return find_tickets(self.bench.desk, MANAGER, text=order).lines[0].ticket.id

    def ticket(self, ticket_id: str) -> Ticket:
        """The ticket as it is stored now."""
        with self.bench.desk.read() as uow:
            found = uow.tickets.get(ticket_id)
        if found is None:
            raise KeyError(ticket_id)
        return found

    def start(self) -> None:
        """Shows the page, until the first ticket is open."""
        self.page.show()
        self.page.refresh()
        self.qtbot.waitUntil(lambda: self.page.detail.opened() is not None)

    def open(self, order: str) -> str:
        """Opens the ticket of the order and waits for it."""
        ticket_id = self.id_of(order)
        self.page.open_ticket_id(ticket_id)
        self.qtbot.waitUntil(lambda: self.page.detail.ticket_id() == ticket_id)
        return ticket_id

    def search(self, text: str) -> None:
        """Types all of it at once and waits for the answer."""
        with self.qtbot.waitSignal(self.page._asking.found):
            self.page.search(text)

    def heads(self) -> list[str]:
        """The groups that the list shows, with what stands at their right."""
        model = self.page.list.model
        rows = range(len(model.rows()))
        return [" ".join(model.head_words(n)).strip() for n in rows if model.row(n).line is None]

    def names(self) -> list[str]:
        """The customers of the list, in order."""
        model = self.page.list.model
        texts = [model.text(n) for n in range(len(model.rows()))]
        return [text.name for text in texts if text is not None]

    def words(self) -> str:
        """Everything that the page says, for screen readers and eyes alike."""
        shown = [w for w in self.page.findChildren(QWidget) if w.isVisible()]
        said = [text for w in shown for text in (w.accessibleName(), w.toolTip())]
        model = self.page.list.model
        said += [str(model.data(model.index(n))) for n in range(len(model.rows()))]
        said += [hint for _, hint in self.page.hints()]
        return "\n".join(said)

    def cancel(self, ticket_id: str) -> Cancelled:
        """Cancels a ticket of the first level as the sheet would."""
        command = CancelTicket(ticket_id=ticket_id, reason=Reason.MISTAKE, consent=Consent(Grade.VERBAL))
        return cancel_ticket(self.bench.desk, CLERK, command)


@contextmanager
def scene(template: Path, folder: Path, qtbot: QtBot, *, lang: Lang = "zh") -> Iterator[Scene]:
    """A page over a copy of the practice store."""
    shutil.copytree(template, folder)
    clock = Clock(NOW)
    opened = open_desk(folder, now=clock)
    nothing = cast(Any, None)
    bench = Bench(
        desk=opened.desk,
        database=Lane("database"),
        printer=Lane("printer"),
        files=Lane("files"),
        language=Language(lang),
        session=Session(CLERK, NOW),
        draw_slip=nothing,
        printing=nothing,
        importing=nothing,
        backup=nothing,
        data_folder=folder,
    )
    page = DeskPage(bench)
    qtbot.addWidget(page)
    page.resize(*SIZE_1440)
    told = Told()
    page.cancel_asked.connect(told.cancels.append)
    page.print_asked.connect(told.prints.append)
    page.reopened.connect(told.reopens.append)
    page.ticket_opened.connect(told.opens.append)
    try:
        yield Scene(page, bench, opened, clock, qtbot, told)
    finally:
        for lane in (bench.database, bench.printer, bench.files):
            lane.stop()
        opened.close()


def make_template(folder: Path) -> Path:
    """The practice store, made once: hashing PINs and reading the sample takes its time."""
    make_demo(folder, now=Clock(NOW))
    return folder
