"""Connections cut at every step and a server that crashes under load: what was answered stands, once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter as Tally
from collections.abc import Iterator

import pytest

from store_desk.hub.errors import DatabaseBusy, DatabaseUnreachable, OutcomeUnknown
from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import migrate
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import Answer, Envelope
from tests.embedded_postgres import EmbeddedPostgres, available
from tests.hub.given import (
    OFFICE,
    Counter,
    add_store,
    all_answers,
    check_answers,
    check_feed,
    enrol,
    feed_operations,
    whole_feed,
)

TABLES = ("store_head", "feed", "ticket_record", "desk_answer", "operation", "desk_incarnation")
# A backend that meets the fuse for the first time ends itself; a sequence does not go back with the transaction.
FUSE = """
    create sequence fuse;
    create function blow() returns trigger language plpgsql as $$
        begin
            if nextval('fuse') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
            return new;
        end $$"""


@pytest.mark.parametrize("table", TABLES)
def test_a_backend_killed_within_an_operation_has_no_half_effect(
    table: str, postgres: EmbeddedPostgres, database_name: str, hub_database: HubDatabase
) -> None:
    add_store(hub_database)
    desk = enrol(hub_database, "d1")
    with postgres.connect(database_name) as connection:
        connection.execute(FUSE)
        connection.execute(
            f"create trigger blow after insert or update on {table} for each row execute function blow()"
        )  # type: ignore[call-overload]
    born = desk.ticket()
    reply = desk.push(hub_database, born, desk.cancel(born.ticket_id), desk.ticket())
    with postgres.connect(database_name) as connection:
        assert connection.execute("select last_value >= 2 from fuse").fetchone() == (True,), "the fuse was met"
    assert len(reply.answers) == 3
    assert len(whole_feed(hub_database)) == 3
    check_feed(whole_feed(hub_database))
    assert all_answers(hub_database, "d1") == list(reply.answers)
    check_answers(all_answers(hub_database, "d1"))


def test_a_backend_killed_at_the_commit_leaves_the_outcome_open_and_asking_again_settles_it(
    postgres: EmbeddedPostgres, database_name: str, hub_database: HubDatabase
) -> None:
    add_store(hub_database)
    desk = enrol(hub_database, "d1")
    with postgres.connect(database_name) as connection:
        connection.execute(FUSE)
        connection.execute(
            "create constraint trigger blow after insert on operation deferrable initially deferred"
            " for each row execute function blow()"
        )
    batch = [desk.ticket(), desk.ticket()]
    with pytest.raises(OutcomeUnknown):
        desk.push(hub_database, *batch)
    reply = desk.push(hub_database, *batch)
    assert len(reply.answers) == 2
    check_feed(whole_feed(hub_database))
    assert len(whole_feed(hub_database)) == 2


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that may be crashed without harm to other tests."""
    if not available():
        pytest.skip("no PostgreSQL can be started here")
    server = EmbeddedPostgres().start()
    yield server
    server.close()


def _work(counter: Counter, database: HubDatabase, told: dict[str, Answer], failures: Tally[str]) -> None:
    """A desk at work: makes operations, sends them until they are answered, sometimes sends them twice."""
    chance = random.Random(counter.desk_id)
    mine: list[str] = []
    for _ in range(25):
        batch: list[Envelope] = []
        for _ in range(chance.randint(1, 4)):
            if not mine or chance.random() < 0.5:
                born = counter.ticket()
                mine.append(born.ticket_id)
                batch.append(born)
            else:
                batch.append(counter.cancel(chance.choice(mine)))
        times = 2 if chance.random() < 0.15 else 1
        while times:
            try:
                reply = database.apply_batch(OFFICE, desk_id=counter.desk_id, envelopes=batch)
            except (DatabaseBusy, DatabaseUnreachable, OutcomeUnknown) as error:
                failures[error.code] += 1
                continue
            assert reply.stopped == ""
            for answer in reply.answers:
                assert told.setdefault(answer.id, answer) == answer, "an answer changed"
            times -= 1


def test_what_was_answered_survives_crashes_under_load_and_nothing_is_done_twice(own_server: EmbeddedPostgres) -> None:
    name = own_server.new_database()
    with own_server.connect(name) as connection:
        migrate(connection)
        settle_epoch(connection)
    told: dict[str, Answer] = {}
    failures: Tally[str] = Tally()
    with (
        HubDatabase(own_server.conninfo(name), size=4) as first,
        HubDatabase(own_server.conninfo(name), size=4) as second,
    ):
        add_store(first)
        counters = [enrol(first, f"d{number}", number=number) for number in range(1, 5)]
        threads = [
            threading.Thread(target=_work, args=(counter, (first, second)[at % 2], told, failures))
            for at, counter in enumerate(counters)
        ]
        for thread in threads:
            thread.start()
        chance = random.Random(7)
        crashes = kills = 0
        marks = {60, 130}
        while any(thread.is_alive() for thread in threads):
            if marks and len(told) >= min(marks):
                marks.discard(min(marks))
                own_server.crash()
                crashes += 1
            with own_server.connect("postgres") as connection:
                found = connection.execute(
                    "select pid from pg_stat_activity where application_name = 'store-desk-hub' and state <> 'idle'"
                ).fetchall()
                if found:
                    connection.execute("select pg_terminate_backend(%s)", chance.choice(found))
                    kills += 1
            time.sleep(0.02)  # the pace of the saboteur, not a wait for anything
        for thread in threads:
            thread.join()
        assert crashes == 2
        assert kills > 0
        sent = sum(counter.n for counter in counters)
        assert len(told) == sent
        changes = whole_feed(first)
        check_feed(changes)
        twice = [key for key, times in Tally(feed_operations(first)).items() if times > 1]
        assert twice == []
        steps: dict[str, int] = {}
        for change in changes:
            assert change.version == steps.get(change.ticket_id, 0) + 1
            steps[change.ticket_id] = change.version
        for counter in counters:
            answers = all_answers(first, counter.desk_id)
            check_answers(answers)
            assert answers == [told[answer.id] for answer in answers]
            assert len(answers) == counter.n
