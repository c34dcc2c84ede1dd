"""The schema is brought up once, by one hub at a time, and a newer one is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from store_desk.hub.errors import SchemaNewer, SchemaOlder
from store_desk.hub.postgres.migrations import KNOWN, check_schema, migrate, schema_of
from tests.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.new_database()
    yield name
    postgres.drop_database(name)


def test_an_empty_database_gets_the_schema_and_a_second_run_changes_nothing(
    postgres: EmbeddedPostgres, empty: str
) -> None:
    with postgres.connect(empty) as connection:
        with pytest.raises(SchemaOlder):
            check_schema(connection)
        assert (migrate(connection), migrate(connection)) == (KNOWN, 0)
        check_schema(connection)


def test_two_hubs_that_start_at_once_bring_it_up_once(postgres: EmbeddedPostgres, empty: str) -> None:
    applied: list[int] = []
    start = threading.Barrier(4)

    def begin() -> None:
        with postgres.connect(empty) as connection:
            start.wait(10)
            applied.append(migrate(connection))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(applied) == [0, 0, 0, KNOWN]


def test_a_newer_schema_is_refused_and_left_alone(postgres: EmbeddedPostgres, empty: str) -> None:
    with postgres.connect(empty) as connection:
        migrate(connection)
        connection.execute("insert into schema_version(version) values (%s)", (KNOWN + 1,))
        for act in (migrate, check_schema):
            with pytest.raises(SchemaNewer) as refusal:
                act(connection)
            assert str(KNOWN + 1) in str(refusal.value)
        assert schema_of(connection) == KNOWN + 1


def test_a_migration_that_fails_leaves_the_database_as_it_was(postgres: EmbeddedPostgres, empty: str) -> None:
    with postgres.connect(empty) as connection:
        connection.execute("create table snapshot_chunk(something int)")
        with pytest.raises(psycopg.errors.DuplicateTable):
            migrate(connection)
        assert schema_of(connection) == 0
        assert connection.execute("select to_regclass('feed')").fetchone() == (None,)
