"""What of the window waits for another computer: the rounds with head office, joining one, administration there.

Nothing of it is imported before the first window stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from store_desk.app.log import LOGGER
from store_desk.domain.staff import Actor
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane, on_gui_thread, run

if TYPE_CHECKING:
    from store_desk.app.head_office import HeadOffice
    from store_desk.app.wiring import OpenDesk
    from store_desk.domain.roles import Role
    from store_desk.services.desk import Desk
    from store_desk.services.enrolment import Enrolment
    from store_desk.services.office import Check, Joined
    from store_desk.sync.hub_client import HttpLink
    from store_desk.sync.transport import HubClient
    from store_desk.ui.bench import Bench
    from store_desk.ui.shell.top_bar import TopBar

HEAD_OFFICE: Final = "head_office"


class Far(QObject):
    """Lives on the GUI thread. Signals: joined(Joined), after this desk joined a head office from its window."""

    joined = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane = Lane("network")
        self.rounds: HeadOffice | None = None
        self._opened: OpenDesk | None = None
        self._enrolment: Enrolment | None = None
        self._client: HubClient | None = None
        self._lines: list[HttpLink] = []
        self._network: Any = None
        self._bench: Bench | None = None
        self._top: TopBar | None = None
        self._came = on_gui_thread(self._on_came)

    # --- beginning and ending ----------------------------------------------------------------------------------

    def look(self, opened: OpenDesk) -> None:
        """Finds out whether the desk has a head office, and reads what that takes; for the database lane."""
        from store_desk.services.enrolment import read_enrolment

        self._opened = opened
        self._enrolment = read_enrolment(opened.desk)
        if self._enrolment is not None:
            import store_desk.app.head_office  # noqa: F401  # imported here for the tenths of a second that it takes

    def begin(self) -> None:
        """Starts the rounds if there is a head office."""
        if self._opened is None or self._enrolment is None or self.rounds is not None:
            return
        from store_desk.app.head_office import HeadOffice

        self.rounds = HeadOffice(self._opened)
        self.rounds.start()
        self._watch_network()

    def stop(self, language: Language) -> None:
        """Ends everything that waits for the network, and says what was not sent; it goes with the next start."""
        unsent = 0
        if self.rounds is not None:
            self.rounds.stop()
            unsent = self.rounds.unsent()
        for line in self._lines:
            line.abort()
        if self._client is not None:
            self._client.abort()
        self.lane.stop()
        if unsent:
            LOGGER.warning("operations not yet sent: %d", unsent)
            sys.stderr.write(language.say("sync.unsent", n=unsent) + "\n")

    # --- rights ------------------------------------------------------------------------------------------------

    def say_lapsed(self, actor: Actor, top: TopBar) -> None:
        """Says why somebody who signed in has less rights than usual."""
        bench = self._bench
        if bench is not None and self.rounds is not None:
            from store_desk.services.people import lapsed_role

            self._top = top
            run(self, bench.database, partial(lapsed_role, bench.desk, actor), then=self._on_lapsed)

    def _on_lapsed(self, role: Role | None) -> None:
        if role is not None and self._top is not None and self._bench is not None:
            say = self._bench.language.say
            self._top.say(say("sync.lapsed", role=say(f"trade.role.{role.value}")))
        self._top = None

    def _watch_network(self) -> None:
        try:
            from PySide6.QtNetwork import QNetworkInformation
        except ImportError:
            # A system without it finds the network again by trying.
            return
        if QNetworkInformation.loadDefaultBackend():
            self._network = QNetworkInformation.instance()
            self._network.reachabilityChanged.connect(self._on_network)

    @Slot(object)
    def _on_network(self, _: object) -> None:
        if self.rounds is not None:
            self.rounds.returned()

    # --- what the bench is handed ------------------------------------------------------------------------------

    def given_to(self, bench: Bench) -> Bench:
        """The bench with everything that reaches another computer."""
        office = self._enrolment is not None and self._enrolment.role == HEAD_OFFICE
        self._bench = replace(
            bench,
            desk=self.rounds.watched() if self.rounds is not None else bench.desk,
            head_office=self.rounds.link if self.rounds is not None else None,
            office=self._administration() if office else None,
            join=self._join,
            check_office=self._check,
            network=self.lane,
        )
        return self._bench

    def _administration(self) -> Any:
        return _Administration(self)

    def _join(self, url: str, code: str, told: Callable[[str, int, int], None]) -> Joined:
        """Joins; on the network lane."""
        from store_desk.app.office_line import join_here
        from store_desk.services.enrolment import read_enrolment

        opened = self.opened()
        # A desk that head office has forgotten makes rounds that must not meet its joining again.
        with self.rounds.resting() if self.rounds is not None else nullcontext():
            joined = join_here(opened, url, code, told, keep=self._lines.append)
        self._enrolment = read_enrolment(opened.desk)
        self._client = None
        import store_desk.app.head_office  # noqa: F401  # as in `look`

        self._came(joined)
        return joined

    def _check(self, url: str, told: Callable[[Check], None]) -> tuple[Check, ...]:
        from store_desk.sync.connectivity import check_way

        return check_way(self.opened().desk, self.client(), url, told=told)

    def _on_came(self, joined: object) -> None:
        self.begin()
        self.joined.emit(joined)

    def opened(self) -> OpenDesk:
        """The open desk."""
        if self._opened is None:
            raise RuntimeError("no desk is open")
        return self._opened

    def client(self) -> HubClient:
        """The network lane's own client, made at its first use there."""
        if self._client is None:
            from store_desk.app.office_line import line_settings
            from store_desk.services.enrolment import read_enrolment
            from store_desk.sync.transport import HubClient

            enrolment = read_enrolment(self.opened().desk)
            proxy = line_settings(self.opened().desk).get("proxy", "")
            self._client = HubClient(authority=enrolment.authority if enrolment else "", proxy=proxy)
        return self._client


class _Administration:
    """Head office's administration, put together on the network lane when it is first asked."""

    def __init__(self, far: Far) -> None:
        self._far = far
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        def ask(*given: Any, **named: Any) -> Any:
            return getattr(self._office(), name)(*given, **named)

        return ask

    def _office(self) -> Any:
        if self._made is None:
            from store_desk.sync.asking import Asker
            from store_desk.sync.office import OfficeOverHttp

            desk: Desk = self._far.opened().desk
            self._made = OfficeOverHttp(Asker(desk, self._far.client()), new_id=desk.new_id)
        return self._made
