"""A desk's day over real HTTP: operations in, answers and changes out, nothing doubled, nothing of other stores."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time

import pytest

from store_desk.hub.enrolling import Place
from store_desk.services.messages import GENESIS, AnswerPosition, ChangesAsked, FeedPosition, next_feed_hash
from store_desk.wire.v1 import ChangesReplyMessage, ChangesRequest
from store_desk.wire.values import snapshot_row
from tests.hub.given import a_ticket
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import Running

ZERO = GENESIS.hex()


def asked(epoch: str, *stores: str, wait_s: int = 0, rules: int = 0) -> ChangesRequest:
    feeds = tuple(FeedPosition(store, epoch, 0, GENESIS) for store in stores)
    question = ChangesAsked(epoch, feeds, (AnswerPosition(1, 0, GENESIS),))
    return ChangesRequest.of(question, wait_s=wait_s, rules_version=rules)


def epoch_of(desk: Desk) -> str:
    return str(desk.ok("/v1/rules", {})["epoch"])


def test_an_operation_is_answered_and_comes_back_as_a_change(desk: Desk) -> None:
    ticket = a_ticket()
    reply = desk.push(desk.bring(ticket), desk.assign(ticket))
    assert [answer["result"] for answer in reply["answers"]] == ["accepted", "accepted"]
    shown = desk.ok("/v1/changes", asked(reply["epoch"], "XH"))
    got = ChangesReplyMessage.model_validate(shown).reply()
    assert [change.ticket_id for change in got.changes] == [ticket.id, ticket.id]
    assert [answer.n for answer in got.answers] == [1, 2]
    before = GENESIS
    for change in got.changes:
        before = next_feed_hash(
            before, seq=change.seq, ticket_id=ticket.id, kind="put", version=change.version, body_hash=change.body_hash
        )
        assert change.hash == before


def test_a_request_played_again_gets_the_same_answer_and_does_nothing(desk: Desk) -> None:
    ticket = a_ticket()
    envelope = desk.bring(ticket)
    first = desk.push(envelope)
    again = desk.push(envelope)
    assert again["answers"][0]["chain"] == first["answers"][0]["chain"]
    assert desk.ok("/v1/changes", asked(first["epoch"], "XH"))["heads"] == [["XH", 1]]


def test_a_gap_and_a_copied_database_are_told(desk: Desk) -> None:
    desk.n = 4
    reply = desk.push(desk.bring(a_ticket()))
    assert (reply["stopped"], reply["have"], reply["answers"]) == ("gap", 0, [])
    desk.n = 0
    desk.push(desk.bring(a_ticket()))
    desk.n = 0
    assert desk.push(desk.bring(a_ticket()))["stopped"] == "fork"
    fresh = desk.ok("/v1/incarnation", {})
    assert fresh["inc"] == 2
    desk.inc, desk.n = 2, 0
    assert desk.push(desk.bring(a_ticket()))["answers"][0]["result"] == "accepted"


def test_an_operation_changed_under_way_is_refused_and_nothing_of_the_batch_is_stored(desk: Desk) -> None:
    good, bad = desk.bring(a_ticket()), desk.bring(a_ticket())
    bad = bad.__class__(**{**{name: getattr(bad, name) for name in bad.__slots__}, "actor": "1002"})
    from store_desk.wire.v1 import OperationsRequest

    assert desk.refused("/v1/operations", OperationsRequest.of((good, bad))) == (400, "bad_operation")
    assert desk.ok("/v1/answers", {"inc": 1, "after": 0})["have"] == 0


def test_more_than_fifty_operations_are_refused(desk: Desk) -> None:
    from store_desk.wire.v1 import OperationsRequest

    one = OperationsRequest.of((desk.bring(a_ticket()),)).model_dump(mode="json")["operations"][0]
    assert desk.refused("/v1/operations", {"operations": [one] * 51}) == (400, "bad_request")
    assert desk.refused("/v1/operations", b" " * 300_000) == (413, "too_large")


def test_a_poll_waits_for_news_without_a_connection_and_ends_with_them(service: Running, desk: Desk) -> None:
    epoch = epoch_of(desk)
    got: list[tuple[float, dict[str, object]]] = []

    def poll(who: Desk) -> None:
        began = time.monotonic()
        reply = who.ok("/v1/changes", asked(epoch, "XH", wait_s=20))
        got.append((time.monotonic() - began, reply))

    others = [service.desk(Place("XH", number)) for number in range(2, 14)]
    threads = [threading.Thread(target=poll, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 10
    while service.server._service.metrics.polls._value.get() < len(others) and time.monotonic() < until:
        time.sleep(0.02)
    # Twelve wait at a service that has four connections, and a thirteenth is served at once.
    began = time.monotonic()
    desk.push(desk.bring(a_ticket()))
    assert time.monotonic() - began < 2
    for thread in threads:
        thread.join(15)
    assert len(got) == len(others)
    assert all(seconds < 12 and len(reply["changes"]) == 1 for seconds, reply in got)  # type: ignore[arg-type]


def test_a_poll_without_news_ends_in_time_with_the_present_clock(desk: Desk) -> None:
    epoch = epoch_of(desk)
    began = time.time()
    reply = desk.ok("/v1/changes", asked(epoch, "XH", wait_s=1))
    assert 0.9 < time.time() - began < 5
    assert reply["changes"] == [] and reply["now_ms"] / 1000 >= began + 0.9


def test_newly_published_rules_end_a_poll(service: Running, desk: Desk, office: Desk) -> None:
    rules = desk.ok("/v1/rules", {})
    got: list[dict[str, object]] = []
    waiting = threading.Thread(
        target=lambda: got.append(
            desk.ok("/v1/changes", asked(rules["epoch"], "XH", wait_s=20, rules=rules["version"]))
        )
    )
    waiting.start()
    office.ok("/v1/admin/policy/publish", {"actor": "9001", "values": {"undo_window_s": 300}, "expected_version": 0})
    waiting.join(10)
    assert got and got[0]["rules_version"] > rules["version"]  # type: ignore[operator]
    after = desk.ok("/v1/rules", {"known_version": rules["version"]})
    assert not after["unchanged"]
    assert desk.ok("/v1/rules", {"known_version": after["version"]})["unchanged"]
    assert '"undo_window_s":300' in next(item["text"] for item in after["published"] if item["name"] == "policy")


def test_a_restored_head_office_and_a_diverged_feed_are_told(desk: Desk) -> None:
    assert desk.ok("/v1/changes", asked("another", "XH"))["reset"] == "epoch"
    epoch = epoch_of(desk)
    question = asked(epoch, "XH").model_dump()
    question["feeds"][0]["seq"] = 9
    assert desk.ok("/v1/changes", question)["reset"] == "diverged"
    question = asked(epoch, "XH").model_dump()
    question["answers"][0] |= {"settled": 3}
    assert desk.ok("/v1/changes", question)["reset"] == "forgot"


def test_a_snapshot_has_every_ticket_and_the_position_from_which_the_feed_goes_on(desk: Desk) -> None:
    tickets = [a_ticket() for _ in range(7)]
    desk.push(*[desk.bring(ticket) for ticket in tickets])
    head = desk.ok("/v1/snapshot", {"store": "XH"})
    parts = [
        desk.post("/v1/snapshot/chunk", {"snapshot_id": head["snapshot_id"], "n": n}) for n in range(head["chunks"])
    ]
    whole = b"".join(part.content for part in parts)
    assert hashlib.sha256(whole).hexdigest() == head["sha256"] and len(whole) == head["size"]
    rows = [snapshot_row(line) for line in gzip.decompress(whole).splitlines()]
    assert sorted(row.ticket_id for row in rows) == sorted(ticket.id for ticket in tickets)
    assert (head["seq"], head["rows"]) == (7, 7)
    assert desk.refused("/v1/snapshot/chunk", {"snapshot_id": "0" * 32, "n": 0}) == (409, "snapshot_gone")
    assert desk.refused("/v1/snapshot/chunk", {"snapshot_id": head["snapshot_id"], "n": 99}) == (409, "snapshot_gone")


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("/v1/snapshot", {"store": "XH"}),
        ("/v1/admin/stores", {"actor": "9001"}),
    ],
)
def test_another_stores_desk_is_refused(foreign: Desk, desk: Desk, path: str, asks: dict[str, object]) -> None:
    assert foreign.refused(path, asks)[0] == 403
