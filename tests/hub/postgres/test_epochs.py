"""A restored database tells another history: seen at the start of a hub, whichever way it was restored."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from store_desk.hub.postgres.epoch import new_epoch, settle_epoch
from store_desk.hub.postgres.migrations import migrate
from tests.embedded_postgres import EmbeddedPostgres, available


@pytest.fixture
def second() -> Iterator[EmbeddedPostgres]:
    """Another cluster, not yet started."""
    if not available():
        pytest.skip("no PostgreSQL can be started here")
    server = EmbeddedPostgres()
    yield server
    server.close()


def test_a_restart_of_the_same_cluster_keeps_the_epoch(second: EmbeddedPostgres) -> None:
    name = second.start().new_database()
    with second.connect(name) as connection:
        migrate(connection)
        first = settle_epoch(connection)
    assert (first.renewed, first.why) == (True, "first_start")
    second.crash()
    with second.connect(name) as connection:
        again = settle_epoch(connection)
    assert (again.epoch, again.renewed) == (first.epoch, False)


def test_a_dump_restored_into_another_cluster_makes_a_new_epoch(
    postgres: EmbeddedPostgres, database_name: str, second: EmbeddedPostgres
) -> None:
    with postgres.connect(database_name) as connection:
        before = settle_epoch(connection)
    dumped = postgres.run("pg_dump", "--dbname", postgres.conninfo(database_name))
    name = second.start().new_database()
    path = second.folder / "dump.sql"
    path.write_text(dumped)
    second.run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", second.conninfo(name), "--file", str(path))
    with second.connect(name) as connection:
        after = settle_epoch(connection)
        assert settle_epoch(connection) == type(after)(after.epoch)
    assert (after.renewed, after.why) == (True, "system_identifier")
    assert after.epoch != before.epoch


def test_a_recovery_to_a_point_in_time_makes_a_new_epoch(second: EmbeddedPostgres) -> None:
    name = second.start().new_database()
    with second.connect(name) as connection:
        migrate(connection)
        before = settle_epoch(connection)
    second.stop(signal.SIGINT)
    (second.data / "recovery.signal").touch()
    with (second.data / "postgresql.auto.conf").open("a") as conf:
        conf.write("restore_command = 'false'\n")
    second.start()
    with second.connect(name) as connection:
        while connection.execute("select pg_is_in_recovery() from pg_sleep(0.05)").fetchone() == (True,):
            pass
        after = settle_epoch(connection)
    assert (after.renewed, after.why) == (True, "timeline")
    assert after.epoch != before.epoch


def test_an_operator_can_say_that_the_database_was_restored(postgres: EmbeddedPostgres, database_name: str) -> None:
    with postgres.connect(database_name) as connection:
        before = settle_epoch(connection)
        made = new_epoch(connection, why="backup of Monday")
        assert made.epoch != before.epoch
        assert settle_epoch(connection).epoch == made.epoch
