"""Approvals and administration in the window's frame: on the rail only for those whose work they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from store_desk.domain.errors import DomainError
from store_desk.domain.roles import Right, Role, has_right
from store_desk.services.approvals_view import Standing, standing
from store_desk.ui.shell.places import Place
from store_desk.ui.tasks import run

if TYPE_CHECKING:
    from store_desk.ui.shell.window import MainWindow

APPROVALS: Final = "approvals"
OFFICE: Final = "office"
LOOK_AGAIN_MS: Final = 20_000


class Supervision(QObject):
    """Looks now and then how many wait; a place that was offered stays until the desk is locked."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._offered = False
        window.places.add(Place(APPROVALS, "shield-check", "ui_approvals.rail", self._make))
        window.places.offer(APPROVALS, offered=False)
        if window.bench.office is not None:
            window.places.add(Place(OFFICE, "building-2", "ui_office.rail", self._make_office))
            window.places.offer(OFFICE, offered=False)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self.look)

    def begin(self) -> None:
        """Somebody signed in."""
        actor = self._window.bench.session.actor
        if actor is None or not has_right(actor.role, Right.APPROVE):
            return
        if self._window.bench.office is not None:
            self._window.places.offer(OFFICE, offered=actor.role in (Role.HEAD_OFFICE, Role.MANAGER))
        self._again.start()
        self.look()

    def rest(self) -> None:
        """Nobody is signed in any more."""
        self._again.stop()
        self._offered = False
        for key in (APPROVALS, OFFICE):
            self._window.places.offer(key, offered=False)

    def open_approvals(self) -> None:
        """The Approvals page."""
        self._window.go_place(APPROVALS)

    def open_office(self) -> None:
        """The administration page."""
        self._window.go_place(OFFICE)

    def look(self) -> None:
        """Reads the numbers again."""
        bench = self._window.bench
        actor = bench.session.actor
        if actor is not None and self._again.isActive():
            run(
                self, bench.database, partial(standing, bench.desk, actor), then=self._on_read, refused=self._on_refused
            )

    def _on_read(self, now: Standing) -> None:
        if self._window.bench.session.actor is None or not self._again.isActive():
            return
        self._offered = self._offered or now.offered
        self._window.places.offer(APPROVALS, offered=self._offered)
        self._window.places.set_badge(APPROVALS, now.waiting)

    def _on_refused(self, _error: DomainError) -> None:
        self._window.places.set_badge(APPROVALS, 0)

    def _make(self) -> Any:
        from store_desk.ui.approvals.page import ApprovalsPage

        window = self._window
        page = ApprovalsPage(window.bench)
        page.closed.connect(window.go_desk)
        page.hints_changed.connect(window.show_hints)
        page.ticket_asked.connect(window.open_ticket)
        page.counted.connect(self._on_counted)
        office, actor = window.bench.office, window.bench.session.actor
        if office is not None and actor is not None:
            # Several stores are looked after from here: their names come from head office, their codes until then.
            run(page, window.bench.far, partial(office.fetch, actor, "stores"), then=page.show_stores)
        return page

    def _on_counted(self, waiting: int, _exceptions: int) -> None:
        self._window.places.set_badge(APPROVALS, waiting)

    def _make_office(self) -> Any:
        from store_desk.ui.office.page import OfficePage

        window = self._window
        page = OfficePage(window.bench)
        page.closed.connect(window.go_desk)
        page.hints_changed.connect(window.show_hints)
        page.ticket_asked.connect(window.open_ticket)
        return page
