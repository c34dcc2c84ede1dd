"""Operations on a real PostgreSQL: once each, in order, and answered the same for ever."""

from __future__ import annotations

import threading
from dataclasses import replace

import psycopg
import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.ticket import Review
from store_desk.hub.changes import read_changes
from store_desk.hub.errors import DatabaseRefused, DatabaseUnreachable, StoreUnknown
from store_desk.hub.postgres import snapshots
from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.grants import grant_service
from store_desk.hub.postgres.migrations import check_schema
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import record_from_body
from tests.embedded_postgres import EmbeddedPostgres
from tests.hub.given import (
    NOON,
    OFFICE,
    Counter,
    add_store,
    all_answers,
    asked,
    check_answers,
    check_feed,
    enrol,
    new_id,
    whole_feed,
)


@pytest.fixture
def desk(hub_database: HubDatabase) -> Counter:
    """The first desk of a store."""
    add_store(hub_database)
    return enrol(hub_database, "d1")


def test_a_cancellation_is_confirmed_and_told_to_all_desks(hub_database: HubDatabase, desk: Counter) -> None:
    born = desk.ticket()
    cancel = desk.cancel(born.ticket_id)
    reply = desk.push(hub_database, born, cancel)
    assert [answer.result for answer in reply.answers] == [Result.ACCEPTED, Result.ACCEPTED]
    assert (reply.stopped, reply.have) == ("", 2)
    changes = whole_feed(hub_database)
    check_feed(changes)
    record = record_from_body(changes[-1].body)
    assert record.state is CaseState.CONFIRMED
    assert [change.version for change in changes] == [1, 2]
    assert reply.answers[1].body == changes[-1].body
    check_answers(all_answers(hub_database, "d1"))
    assert all_answers(hub_database, "d1") == list(reply.answers)


def test_an_operation_sent_again_gets_its_first_answer_and_has_no_second_effect(
    hub_database: HubDatabase, desk: Counter
) -> None:
    born = desk.ticket()
    cancel = desk.cancel(born.ticket_id)
    first = desk.push(hub_database, born, cancel)
    for batch in ((born, cancel), (cancel,), (born,)):
        again = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=batch)
        assert again.answers == tuple(item for item in first.answers if item.id in {one.id for one in batch})
        assert again.have == 2
    assert len(whole_feed(hub_database)) == 2


def test_a_refusal_is_kept_and_repeated_like_an_acceptance(hub_database: HubDatabase, desk: Counter) -> None:
    born = desk.ticket()
    over = desk.withdraw(born.ticket_id, "no such case")
    first = desk.push(hub_database, born, over)
    assert first.answers[1].result is Result.ALREADY_OVER
    assert (first.answers[1].seq, first.answers[1].version) == (None, 1)
    again = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[over])
    assert again.answers == first.answers[1:]
    assert all_answers(hub_database, "d1") == list(first.answers), "the body comes from the change before"


def test_a_gap_stops_the_batch_and_stores_nothing_of_it(hub_database: HubDatabase, desk: Counter) -> None:
    first = desk.ticket()
    desk.ticket()
    third = desk.ticket()
    reply = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[first, third])
    assert (len(reply.answers), reply.stopped, reply.have) == (1, "gap", 1)
    assert len(whole_feed(hub_database)) == 1


def test_an_unknown_operation_under_a_used_number_is_a_fork(hub_database: HubDatabase, desk: Counter) -> None:
    desk.push(hub_database, desk.ticket(), desk.ticket())
    copy = Counter("d1", n=1)
    reply = copy.push(hub_database, copy.ticket())
    assert (reply.answers, reply.stopped, reply.have) == ((), "fork", 2)


def test_a_known_operation_under_a_number_of_another_one_shows_a_clone(
    hub_database: HubDatabase, desk: Counter
) -> None:
    born, other = desk.ticket(), desk.ticket()
    desk.push(hub_database, born, other)
    reply = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[replace(other, n=1)])
    assert (reply.answers[0].clone, reply.answers[0].id) == (True, other.id)


def test_a_known_operation_from_a_new_incarnation_is_answered_there_too(
    hub_database: HubDatabase, desk: Counter
) -> None:
    born = desk.ticket()
    over = desk.withdraw(born.ticket_id, "no such case")
    first = desk.push(hub_database, born, over)
    hub_database.transaction(
        lambda unit: unit.connection.execute("insert into desk_incarnation(desk_id, inc) values ('d1', 2)")
    )
    reply = hub_database.apply_batch(
        OFFICE, desk_id="d1", envelopes=[replace(over, inc=2, n=1), replace(born, inc=2, n=2)]
    )
    assert [answer.result for answer in reply.answers] == [Result.ALREADY_OVER, Result.ACCEPTED]
    assert [answer.body for answer in reply.answers] == [first.answers[1].body, first.answers[0].body]
    check_answers(all_answers(hub_database, "d1", 2))
    assert all_answers(hub_database, "d1", 2) == list(reply.answers)
    assert len(whole_feed(hub_database)) == 1


def test_an_id_used_for_other_contents_is_refused_and_numbered(hub_database: HubDatabase, desk: Counter) -> None:
    born = desk.ticket()
    desk.push(hub_database, born)
    other = desk.ticket()
    reply = desk.push(hub_database, replace(other, id=born.id))
    assert reply.answers[0].result is Result.REFUSED_KEY_REUSE
    check_answers(all_answers(hub_database, "d1"))
    assert len(whole_feed(hub_database)) == 1


def test_an_unknown_kind_is_left_for_a_newer_hub(hub_database: HubDatabase, desk: Counter) -> None:
    strange = desk.envelope("teleport", new_id(), "{}")
    reply = desk.push(hub_database, strange)
    assert (reply.answers, reply.stopped, reply.have) == ((), "upgrade", 0)


def test_an_operation_that_fails_keeps_the_answers_before_it(hub_database: HubDatabase, desk: Counter) -> None:
    hub_database.transaction(lambda unit: unit.connection.execute("update desk set scope = '{XH,ZZ}'"))
    good, bad = desk.ticket(), desk.ticket(store="ZZ")
    reply = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[good, bad])
    assert ([answer.id for answer in reply.answers], reply.have) == ([good.id], 1)
    assert len(whole_feed(hub_database)) == 1
    with pytest.raises(StoreUnknown):
        hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[bad])
    assert all_answers(hub_database, "d1") == list(reply.answers)
    add_store(hub_database, "ZZ")
    assert hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[good, bad]).have == 2


def test_an_operation_that_fails_while_it_is_written_takes_no_number(hub_database: HubDatabase, desk: Counter) -> None:
    hub_database.transaction(
        lambda unit: unit.connection.execute("alter table feed add constraint tried check (body not like '%stuck%')")
    )
    good, bad, last = desk.ticket(), desk.ticket(product="stuck"), desk.ticket()
    reply = hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[good, bad, last])
    assert (len(reply.answers), reply.stopped, reply.have) == (1, "", 1)
    for _ in range(2):
        with pytest.raises(DatabaseRefused):
            hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[bad, last])
    hub_database.transaction(lambda unit: unit.connection.execute("alter table feed drop constraint tried"))
    assert hub_database.apply_batch(OFFICE, desk_id="d1", envelopes=[bad, last]).have == 3
    check_feed(whole_feed(hub_database))
    check_answers(all_answers(hub_database, "d1"))
    assert len(whole_feed(hub_database)) == 3


def test_a_character_that_cannot_be_stored_does_not_block_a_desk(hub_database: HubDatabase, desk: Counter) -> None:
    first = desk.ticket()
    bad = desk.envelope("move", first.ticket_id, '{"v":1,"x":"\x00"}')
    escaped = desk.envelope("move", first.ticket_id, '{"move":{"assignee":"\\ud800"},"v":1}')
    reply = desk.push(hub_database, first, bad, escaped, desk.ticket(order_number="SO\x00-1"), desk.ticket())
    unreadable = [Result.REFUSED_UNREADABLE] * 3
    assert [answer.result for answer in reply.answers] == [Result.ACCEPTED, *unreadable, Result.ACCEPTED]
    assert all_answers(hub_database, "d1") == list(reply.answers)


def test_a_transaction_that_fails_leaves_no_hole_in_the_numbers(hub_database: HubDatabase, desk: Counter) -> None:
    desk.push(hub_database, desk.ticket())
    lost = desk.ticket()

    class Stumbled(Exception):
        pass

    def stumble(_: object) -> str:
        raise Stumbled

    for _ in range(3):
        with pytest.raises(Stumbled):
            hub_database.transaction(
                lambda unit: stumble(
                    unit.append_change("XH", kind="put", ticket_id="t", version=1, body="{}", op_id="o", at=NOON)
                )
            )
    desk.push(hub_database, lost)
    assert [change.seq for change in whole_feed(hub_database)] == [1, 2]
    check_feed(whole_feed(hub_database))


def test_two_hubs_deciding_one_ticket_confirm_one_and_supersede_the_other(
    conninfo: str, hub_database: HubDatabase
) -> None:
    add_store(hub_database)
    counters = [enrol(hub_database, f"d{number}", number=number) for number in (1, 2)]
    tickets = [counters[0].ticket() for _ in range(40)]
    counters[0].push(hub_database, *tickets)
    with HubDatabase(conninfo, size=2) as other:
        start = threading.Barrier(2)

        def cancel_all(counter: Counter, hub: HubDatabase, order: list[str]) -> None:
            batches = [[counter.cancel(ticket_id) for ticket_id in order[at : at + 10]] for at in range(0, 40, 10)]
            start.wait(10)
            for batch in batches:
                counter.push(hub, *batch)

        ids = [item.ticket_id for item in tickets]
        threads = [
            threading.Thread(target=cancel_all, args=(counters[0], hub_database, ids)),
            threading.Thread(target=cancel_all, args=(counters[1], other, ids[::-1])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    results: dict[str, list[Result]] = {}
    for counter in counters:
        for answer in all_answers(hub_database, counter.desk_id):
            if answer.n > (40 if counter is counters[0] else 0):
                results.setdefault(record_from_body(answer.body or "").ticket.id, []).append(answer.result)
    assert len(results) == 40
    for found in results.values():
        assert sorted(item.value for item in found) == ["accepted", "already_cancelled"]
    check_feed(whole_feed(hub_database))
    assert len(whole_feed(hub_database)) == 120


def test_one_operation_arriving_twice_at_once_is_done_once(
    conninfo: str, hub_database: HubDatabase, desk: Counter
) -> None:
    enrol(hub_database, "d2", number=2)
    with HubDatabase(conninfo, size=2) as other:
        for _ in range(15):
            operation = desk.ticket()
            # The same operation from another enrolment: the desk's row lock does not keep the two apart.
            twin = replace(operation, n=len(all_answers(hub_database, "d2")) + 1)
            start = threading.Barrier(2)

            def send(hub: HubDatabase, desk_id: str, envelope: object, start: threading.Barrier = start) -> None:
                start.wait(10)
                hub.apply_batch(OFFICE, desk_id=desk_id, envelopes=[envelope])  # type: ignore[list-item]

            threads = [
                threading.Thread(target=send, args=(hub_database, "d1", operation)),
                threading.Thread(target=send, args=(other, "d2", twin)),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
    assert len(whole_feed(hub_database)) == 15
    for desk_id in ("d1", "d2"):
        answers = all_answers(hub_database, desk_id)
        check_answers(answers)
        assert [answer.result for answer in answers] == [Result.ACCEPTED] * 15


def test_changes_and_answers_come_out_of_one_moment(hub_database: HubDatabase, desk: Counter) -> None:
    reply = desk.push(hub_database, desk.ticket(), desk.ticket())
    question = asked(hub_database)

    def ask(question_: object) -> object:
        def work(unit):  # type: ignore[no-untyped-def]
            return read_changes(unit, unit.desk("d1", 1), question_, now_ms=0)  # type: ignore[arg-type]

        return hub_database.snapshot_read(work)

    told = ask(question)
    assert (told.reset, told.more, told.have) == ("", False, ((1, 2),))  # type: ignore[attr-defined]
    assert list(told.changes) == whole_feed(hub_database)  # type: ignore[attr-defined]
    assert told.answers == reply.answers  # type: ignore[attr-defined]
    for name, wrong in {
        "diverged": asked(hub_database, seq=1, hash_=b"\x01" * 32),
        "forgot": asked(hub_database, settled=3, chain=b"\x01" * 32),
        "epoch": replace(question, epoch="another"),
    }.items():
        assert ask(wrong).reset == name  # type: ignore[attr-defined]


def test_rows_of_the_feed_cannot_be_changed_by_mistake_nor_by_the_service(
    hub_database: HubDatabase, desk: Counter, postgres: EmbeddedPostgres, database_name: str
) -> None:
    desk.push(hub_database, desk.ticket())
    with postgres.connect(database_name) as owner:
        for table in ("feed", "operation", "desk_answer"):
            for statement in (f"delete from {table}", f"update {table} set op_id = 'x'", f"truncate {table}"):
                with pytest.raises(psycopg.errors.RestrictViolation):
                    owner.execute(statement)  # type: ignore[call-overload]
        owner.execute("do $$ begin create role hub_service login; exception when duplicate_object then null; end $$")
        grant_service(owner, "hub_service")
    with HubDatabase(postgres.conninfo(database_name, user="hub_service")) as service:
        assert desk.push(service, desk.ticket()).answers[0].result is Result.ACCEPTED
        with service.alone() as connection:
            check_schema(connection)
            assert not settle_epoch(connection).renewed
        assert snapshots.current(service, "XH").rows == 2
        for statement in ("delete from feed", "update desk_answer set n = 9", "delete from operation"):
            with pytest.raises(DatabaseRefused):
                service.transaction(
                    lambda unit, statement=statement: (
                        unit.connection.execute(  # type: ignore[misc]
                            "select set_config('store_desk.clearing_up', 'yes', true)"
                        )
                        and unit.connection.execute(statement)
                    )
                )


def test_a_database_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(DatabaseUnreachable), HubDatabase("host=/nonexistent dbname=x", size=1, wait_s=0.2):
        pass


def test_a_ticket_of_another_store_stays_out_of_reach(hub_database: HubDatabase, desk: Counter) -> None:
    add_store(hub_database, "NJ")
    stranger = enrol(hub_database, "d9", store="NJ")
    born = desk.ticket()
    desk.push(hub_database, born)
    reply = stranger.push(hub_database, stranger.move(born.ticket_id, review=Review.APPROVED))
    assert (reply.answers[0].result, reply.answers[0].body) == (Result.REFUSED_SCOPE, None)
