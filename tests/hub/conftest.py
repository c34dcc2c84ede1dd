"""A real PostgreSQL for the tests of head office: one server per run, a fresh migrated database per test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import migrate
from store_desk.hub.postgres.pool import HubDatabase
from tests.embedded_postgres import EmbeddedPostgres, available


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The server of this run."""
    if not available():
        pytest.skip("no PostgreSQL can be started here")
    server = EmbeddedPostgres().start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """A migrated database with an epoch, from which those of the tests are copied."""
    name = postgres.new_database()
    with postgres.connect(name) as connection:
        migrate(connection)
        settle_epoch(connection)
    return name


@pytest.fixture
def database_name(postgres: EmbeddedPostgres, template: str) -> Iterator[str]:
    """A fresh migrated database of this test's own."""
    name = postgres.new_database(like=template)
    yield name
    postgres.drop_database(name)


@pytest.fixture
def conninfo(postgres: EmbeddedPostgres, database_name: str) -> str:
    """How to connect to it."""
    return postgres.conninfo(database_name)


@pytest.fixture
def hub_database(conninfo: str) -> Iterator[HubDatabase]:
    """An open pool on it."""
    with HubDatabase(conninfo, size=8) as database:
        yield database
