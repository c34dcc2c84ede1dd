"""A running service on loopback with two stores, desks in both, a desk of head office and another system."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TextIO

import httpx
import pytest

from store_desk.domain.roles import Role
from store_desk.hub.administration import save_person, save_store
from store_desk.hub.config import HubConfig
from store_desk.hub.enrolling import Place, make_code
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.serve import Server, make_server
from store_desk.hub.service import create_app
from store_desk.wire.office import PersonMessage, StoreMessage
from tests.hub.http.asking import Desk, new_id

OFFICE = "HQ"


@dataclass
class Running:
    """A service that answers at `client`."""

    server: Server
    client: httpx.Client
    config: HubConfig

    def code(self, place: Place) -> str:
        """A one-time code, as the command line makes one."""

        def work(unit: PgUnit) -> str:
            return make_code(unit, place, id_=new_id(), by="test", now=datetime.now(UTC))[0]

        return self.server._service.database.transaction(work)

    def desk(self, place: Place) -> Desk:
        """An enrolled desk."""
        desk = Desk(self.client)
        reply = desk.enrol(self.code(place))
        assert reply.status_code == 200, reply.text
        return desk

    def do(self, work: Callable[[PgUnit], object]) -> object:
        """Work on its database."""
        return self.server._service.database.transaction(work)


def running(config: HubConfig, log_to: TextIO | None = None) -> Iterator[Running]:
    """A service in a thread of its own, on a free port."""
    config = replace(config, port=0)
    server = make_server(config, create_app(config, log_to=log_to))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until and thread.is_alive():
        time.sleep(0.01)
    assert server.started
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=40) as client:
        yield Running(server, client, config)
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def service(conninfo: str) -> Iterator[Running]:
    """The service, with stores HQ, XH and PD and people of head office and of XH."""
    for made in running(HubConfig(database=conninfo, rate=1000.0, burst=100_000, pool=4)):
        made.do(_found)
        yield made


def _found(unit: PgUnit) -> None:
    for code, name in ((OFFICE, "总部"), ("XH", "徐汇店"), ("PD", "浦东店")):
        save_store(unit, StoreMessage(code=code, name=name))
    for store, who, role in (
        (OFFICE, "9001", Role.HEAD_OFFICE),
        (OFFICE, "9002", Role.CLERK),
        ("XH", "1001", Role.MANAGER),
    ):
        save_person(unit, PersonMessage(store=store, id=who, name="某人", role=role), by="test")


@pytest.fixture
def desk(service: Running) -> Desk:
    """Desk 1 of XH."""
    return service.desk(Place("XH", 1))


@pytest.fixture
def foreign(service: Running) -> Desk:
    """Desk 1 of PD."""
    return service.desk(Place("PD", 1))


@pytest.fixture
def office(service: Running) -> Desk:
    """A desk of head office that sees all stores."""
    return service.desk(Place(OFFICE, 1, role="head_office"))


@pytest.fixture
def system(service: Running) -> Desk:
    """Another system of XH."""
    return service.desk(Place("XH", 900, role="system", name="erp"))
