"""Head office in the window's frame: the sync line, the banner while it cannot be reached, and the Sync page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from store_desk.services.desk import Desk
from store_desk.ui.shell.places import Place
from store_desk.ui.sync.line import SyncLine
from store_desk.ui.sync.link import HeadOfficeLink
from store_desk.ui.sync.offline import OfflineBanner
from store_desk.ui.tasks import run

if TYPE_CHECKING:
    from store_desk.ui.shell.window import MainWindow

SYNC = "sync"
# How far this desk has taken what happened at each store.
Heads = tuple[tuple[str, int], ...]


def heads_of(desk: Desk) -> Heads:
    """How far the stores' changes stand in this desk's tables; belongs on the database lane."""
    with desk.read() as uow:
        return tuple(sorted((position.store, position.seq) for position in uow.positions.feeds()))


class Wire(QObject):
    """Made only at a desk with head office; a desk that stands alone shows nothing of it (rulings, 19)."""

    def __init__(self, window: MainWindow, office: HeadOfficeLink) -> None:
        super().__init__(window)
        self._window = window
        self._office = office
        self.line = SyncLine(window.bench)
        self.line.clicked.connect(self.open_sync)
        self.banner = OfflineBanner(window.bench)
        self._runs = False
        self._heads: Heads | None = None
        office.changed.connect(self.show_badge)
        office.changed.connect(self._on_changed)
        office.settled.connect(self._on_settled)
        self._look()
        window.sheets.sync_asked.connect(self.open_case)
        window.places.add(Place(SYNC, "refresh-cw", "ui_sync.title", self._make))
        self.show_badge()

    def _make(self) -> Any:
        from store_desk.ui.sync.page import SyncPage

        window = self._window
        page = SyncPage(window.bench)
        page.ticket_asked.connect(window.open_ticket)
        page.print_asked.connect(window.reprint.print_slip)
        page.approvals_asked.connect(self._on_approvals)
        page.closed.connect(window.go_desk)
        page.hints_changed.connect(window.show_hints)
        return page

    def open_sync(self) -> None:
        """The Sync page."""
        self._window.go_place(SYNC)

    def open_case(self, case_id: str) -> None:
        """The Sync page with the operation of this case."""
        self._window.go_place(SYNC)
        page = self._window.places.made(SYNC)
        if page is not None:
            page.show_case(case_id)

    def wake(self) -> None:
        """F5: a round with head office at once."""
        self._office.wake()

    def show_badge(self) -> None:
        """How many answers a person has to deal with, in red."""
        refused = self._office.state().refused
        self._window.places.set_badge(SYNC, refused, urgent=refused > 0)

    def _on_changed(self) -> None:
        """A round has ended: it may have brought what other desks did."""
        ended, self._runs = self._runs and not self._office.state().running, self._office.state().running
        if ended:
            self._look()

    def _look(self) -> None:
        bench = self._window.bench
        run(self, bench.database, partial(heads_of, bench.desk), then=self._on_heads)

    def _on_heads(self, heads: Heads) -> None:
        before, self._heads = self._heads, heads
        if before is not None and before != heads:
            self._window.desk.refresh()

    def _on_settled(self, _: str) -> None:
        self._window.desk.refresh()

    def _on_approvals(self, ticket_id: str) -> None:
        if self._window.places.has("approvals"):
            self._window.go_place("approvals")
        else:
            self._window.open_ticket(ticket_id)
