"""Head office of a rehearsal: its database, its services over HTTP, what it is founded with, and its backups."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from store_desk.app.rehearsal import processes, scenery
from store_desk.app.rehearsal.postgres import OwnPostgres
from store_desk.domain.errors import OutsideFailure
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Ticket
from store_desk.services.ids import IdMaker

if TYPE_CHECKING:
    from store_desk.hub.postgres.pool import HubDatabase

DATABASE = "hub"
BY = "rehearsal"
READY_S = 30.0
TICKETS_AT_ONCE = 500
# One machine plays them all, so nobody is told to come again later.
UNHURRIED = {"SD_HUB_RATE": "100000", "SD_HUB_BURST": "100000", "SD_HUB_DRAIN_S": "2"}
_DETAIL_MAX = 300


class Service:
    """One process of head office's service on a port of this computer."""

    def __init__(self, postgres: OwnPostgres, log: Path) -> None:
        self._postgres = postgres
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Starts it, without waiting until it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        self._process = processes.start(
            processes.program(
                "store_desk", "hub", "serve", "--database", self._postgres.conninfo(DATABASE), "--port", str(self.port)
            ),
            log=self._log,
            env=processes.environment(**UNHURRIED),
        )

    def wait(self) -> None:
        """Waits until it answers; raises OutsideFailure when it ends instead."""
        until = time.monotonic() + READY_S
        while not self._is_ready():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > until:
                detail = self._log.read_text("utf-8", errors="replace").strip()[-_DETAIL_MAX:]
                raise OutsideFailure(detail=f"hub serve: {detail}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        with (
            suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(self.url + "/readyz", timeout=2) as reply,
        ):  # our own address
            return bool(reply.status == 200)
        return False

    def kill(self) -> None:
        """Ends it at once."""
        processes.kill(self._process)

    def stop(self) -> None:
        """Asks it to end and waits."""
        processes.end(self._process)


class RehearsedOffice:
    """Everything at head office. `services` share one database; `settings` are added to those of its server."""

    def __init__(self, folder: Path, *, services: int, settings: tuple[str, ...] = ()) -> None:
        self.postgres = OwnPostgres(*settings)
        self.services = [Service(self.postgres, folder / f"hub-{n + 1}.log") for n in range(services)]
        self._backups: list[str] = []

    def found(self, stores: Iterable[tuple[str, str]], tickets: Iterator[Ticket]) -> None:
        """Database, stores, people and tickets; then the services start."""
        from store_desk.hub.founding import ensure_store, found
        from store_desk.hub.postgres.unit import PgUnit
        from store_desk.wire.office import PersonMessage, StoreMessage

        self.postgres.start()
        self.postgres.make(DATABASE)
        with self.database() as database:
            boss = scenery.HEAD_OFFICE
            first = PersonMessage(store=scenery.OFFICE, id=boss.id, name=boss.name, role=Role.HEAD_OFFICE)
            found(database, StoreMessage(code=scenery.OFFICE, name="总部"), first)
            for code, name in stores:
                store = StoreMessage(code=code, name=name)

                def work(unit: PgUnit, store: StoreMessage = store) -> None:
                    ensure_store(unit, store)
                    _enter_staff(unit, store.code)

                database.transaction(work)
            self._bring_in(database, tickets)
        for service in self.services:
            service.launch()

    def _bring_in(self, database: HubDatabase, tickets: Iterator[Ticket]) -> None:
        from store_desk.domain.record import TicketRecord
        from store_desk.hub.facts import add_record
        from store_desk.hub.postgres.unit import PgUnit
        from store_desk.services.messages import record_to_body

        now = datetime.now(UTC)
        page: list[Ticket] = []

        def work(unit: PgUnit) -> None:
            for ticket in page:
                record = TicketRecord(ticket)
                add_record(unit, record, body=record_to_body(record), now=now)

        for ticket in tickets:
            page.append(ticket)
            if len(page) == TICKETS_AT_ONCE:
                database.transaction(work)
                page = []
        if page:
            database.transaction(work)

    def code_for(self, store: str, desk: int, *, role: str = "desk", scope: tuple[str, ...] = ()) -> str:
        """A one-time code that admits a desk."""
        from store_desk.hub.enrolling import Place, make_code

        place = Place(store, desk, role, f"{store}{desk}", scope)
        with self.database() as database:
            now = datetime.now(UTC)
            return database.transaction(lambda unit: make_code(unit, place, id_=IdMaker()(), by=BY, now=now))[0]

    @contextmanager
    def database(self) -> Iterator[HubDatabase]:
        """The open database, for what is done beside the services."""
        from store_desk.hub.postgres.pool import HubDatabase

        with HubDatabase(self.postgres.conninfo(DATABASE), size=2, wait_s=READY_S) as database:
            yield database

    def wait(self) -> None:
        """Waits until every service answers."""
        for service in self.services:
            service.launch()
        for service in self.services:
            service.wait()

    def back_up(self) -> None:
        """Keeps a copy of the database as it is; the services lose their connections for a moment."""
        name = f"backup{len(self._backups)}"
        self.postgres.copy(DATABASE, name)
        self._backups.append(name)

    @property
    def backups(self) -> int:
        """How many copies there are."""
        return len(self._backups)

    def restore(self, which: int, *, renew: bool) -> None:
        """Puts a copy in the database's place; `renew` is an operator who knows that a new history begins."""
        from store_desk.hub.postgres.epoch import new_epoch

        for service in self.services:
            service.kill()
        self.postgres.copy(self._backups[which], DATABASE)
        if renew:
            with self.database() as database, database.alone() as connection:
                new_epoch(connection, why="restored from a backup")
        self.wait()

    def close(self) -> None:
        """Ends everything."""
        for service in self.services:
            service.kill()
        self.postgres.close()


def _enter_staff(unit: object, store: str) -> None:
    from store_desk.hub.administration import save_person
    from store_desk.wire.office import PersonMessage

    for actor in scenery.STAFF:
        person = PersonMessage(store=store, id=actor.id, name=actor.name, name_other=actor.name_other, role=actor.role)
        save_person(unit, person, by=BY)  # type: ignore[arg-type]  # PgUnit is imported where psycopg is


def _free_port() -> int:
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
