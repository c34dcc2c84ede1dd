"""One cycle with head office: limits, order, every failure between any two requests, other versions, long absence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import (
    DeskRevoked,
    HubNotGenuine,
    HubRefused,
    HubTooOld,
    HubUnreachable,
    NotEnrolled,
)
from store_desk.domain.reasons import Reason
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.hub.ports import PersonRow
from store_desk.services import messages
from store_desk.services.approve import approve_case
from store_desk.services.enrolment import read_contact, read_enrolment
from store_desk.services.messages import KINDS, record_to_body
from store_desk.services.office_ports import DeliveryState
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case
from store_desk.sync.cycle import BATCH_BYTES_MAX, BATCH_MAX, run_cycle
from tests.memory.desk import MemoryDeskStore
from tests.simulation.desks import CLERK, SUPERVISOR
from tests.sync.memory_office import Line, Scene, failing, unsettled


def busy_day(scene: Scene) -> None:
    """A day at both desks: cancelled, taken back, parked and approved, reopened, brought along, met on the way."""
    one, two, three, four, *_ = scene.tickets
    rejected = scene.bring(70, Review.REJECTED)
    scene.round()
    scene.cancel(one)
    scene.cancel(two)
    withdraw_case(scene.desk.desk, CLERK, ticket_id=two.id)
    scene.moves(three, review=Review.APPROVED)
    parked = scene.cancel(three, reason=Reason.DISSATISFIED, evidence=EVIDENCE, park=True)
    approve_case(scene.desk.desk, CLERK, case_id=parked.case.id, approver=SUPERVISOR)
    scene.round(scene.other)
    scene.cancel(four, desk=scene.other)
    scene.round(scene.other)
    scene.cancel(four)
    reopen_ticket(scene.desk.desk, CLERK, ticket_id=rejected.id, note="又坏了")
    own = scene.ticket(90)
    with scene.desk.store.work() as uow:
        uow.tickets.add(own)
        uow.tickets.add(scene.ticket(91))
    scene.cancel(own)


EVIDENCE = (("aspect", "speed"), ("text", "等了三个星期没有人联系"))


# --- order and limits ------------------------------------------------------------------------------------------


def test_it_offers_then_sends_then_asks() -> None:
    scene = Scene()
    scene.round()
    busy_day(scene)
    line = scene.line()
    report = scene.round(line=line)
    assert line.asked == ["offer", "push", "changes", "rules"]
    assert unsettled(scene) == []
    assert (report.sent, report.answered, report.waiting, report.restored, report.copied) == (8, 8, 0, False, False)
    assert report.last_contact == scene.now == read_contact(scene.desk.desk).at


def test_nothing_to_do_is_one_question() -> None:
    scene = Scene()
    scene.round()
    line = scene.line()
    report = scene.round(line=line)
    assert line.asked == ["changes", "rules"] and (report.sent, report.received) == (0, 0)


def test_the_first_time_begins_with_a_whole_copy() -> None:
    scene = Scene()
    line = scene.line()
    report = scene.round(line=line)
    assert line.asked[:2] == ["copy", "answers"] and not report.restored
    assert unsettled(scene) == []


def test_a_batch_has_fifty_operations_at_most() -> None:
    scene = Scene(tickets=2 * BATCH_MAX + 20)
    scene.round()
    for ticket in scene.tickets:
        scene.cancel(ticket)
    line = scene.line()
    scene.round(line=line)
    assert [len(batch) for batch in line.pushed] == [BATCH_MAX, BATCH_MAX, 20]
    sent = [envelope.n for batch in line.pushed for envelope in batch]
    assert sent == list(range(1, 121)) and unsettled(scene) == []


def test_a_batch_has_only_so_many_bytes() -> None:
    scene = Scene(tickets=12)
    scene.round()
    for ticket in scene.tickets:
        scene.cancel(ticket, note="长" * 9_000)
    line = scene.line()
    scene.round(line=line)
    sizes = [sum(len(envelope.payload.encode()) for envelope in batch) for batch in line.pushed]
    assert len(sizes) > 2 and max(sizes) <= BATCH_BYTES_MAX and min(map(len, line.pushed)) >= 2
    assert unsettled(scene) == []


def test_an_operation_that_is_larger_goes_alone() -> None:
    scene = Scene(tickets=3)
    scene.round()
    for n, ticket in enumerate(scene.tickets):
        scene.cancel(ticket, note="长" * (BATCH_BYTES_MAX // 3 + 9 if n == 1 else 1))
    line = scene.line()
    scene.round(line=line)
    assert [[envelope.n for envelope in batch] for batch in line.pushed] == [[1], [2], [3]]
    assert unsettled(scene) == []


def test_a_feed_that_is_longer_than_a_page_is_taken_to_its_end() -> None:
    scene = Scene(tickets=1)
    scene.round()
    for n in range(1, 1_200):
        scene.bring(n)
    line = scene.line()
    report = scene.round(line=line)
    assert line.asked == ["changes"] * 3 + ["rules"] and report.received == 1_199
    assert unsettled(scene) == []


def test_published_rules_are_fetched_once() -> None:
    scene = Scene()
    rows = [{"reason": "waived", "approver": "supervisor"}]
    scene.hub.books.rules["conditions"] = json.dumps({"version": 9, "rows": rows})
    scene.round()
    done = scene.cancel(scene.tickets[0], park=True)
    assert done.case.conditions_version == 9 and done.case.state is CaseState.PENDING_APPROVAL
    assert read_contact(scene.desk.desk).rules_version == 1


def test_a_stop_is_heard_between_requests() -> None:
    scene = Scene()
    scene.round()
    busy_day(scene)
    line = scene.line()
    report = scene.round(line=line, stopped=lambda: True)
    assert line.pushed == [] and "changes" not in line.asked and report.waiting == 8
    scene.round()
    assert unsettled(scene) == []


def test_a_desk_without_head_office_has_nobody_to_talk_to() -> None:
    scene = Scene()
    scene.desk.store.restore(MemoryDeskStore().image())
    with pytest.raises(NotEnrolled):
        scene.round()


def test_a_head_office_that_contradicts_itself_does_not_hold_the_desk_for_ever() -> None:
    scene = Scene()
    line = scene.line()
    scene.hub.books.heads["XH"] = type(scene.hub.books.heads["XH"])("XH", 4, b"\x09" * 32)
    with pytest.raises(HubTooOld):
        scene.round(line=line)
    assert len(line.asked) < 500


# --- failures between any two requests -------------------------------------------------------------------------


def settling(scene: Scene) -> None:
    """An ordinary day."""
    scene.round()
    busy_day(scene)


def joining(scene: Scene) -> None:
    """The desk has joined and has not yet asked for anything."""
    with scene.desk.store.work() as uow:
        uow.tickets.add(scene.ticket(91))


def restored(scene: Scene, *, epoch: str = "") -> None:
    """Head office goes back to a backup after a day has been answered; a withdrawal is on its way."""
    scene.round()
    backup = scene.hub.books.image()
    busy_day(scene)
    scene.round()
    scene.bring(80)
    withdraw_case(scene.desk.desk, CLERK, ticket_id=scene.tickets[0].id)
    scene.restore_hub(backup, epoch=epoch)
    scene.bring(81)
    # The other desk gives back its own part; what it did is not this desk's to offer.
    scene.round(scene.other)


def restored_with_new_epoch(scene: Scene) -> None:
    """And the operator did not forget the epoch."""
    restored(scene, epoch="e2")


def copied(scene: Scene) -> None:
    """The desk's disk is put back to the morning, after a day was answered; then work goes on."""
    scene.round()
    image = scene.desk.store.image()
    scene.cancel(scene.tickets[0])
    scene.cancel(scene.tickets[1])
    scene.round()
    scene.desk.store.restore(image)
    scene.cancel(scene.tickets[2])


def gone_there(scene: Scene) -> None:
    """Head office has lost a ticket on which an operation waits, and half of the feed was pruned meanwhile."""
    scene.round()
    scene.cancel(scene.tickets[0])
    backup = scene.hub.books.image()
    for table in (backup.records, backup.feed, backup.caused_by):
        table.clear()
    backup.heads["XH"] = type(backup.heads["XH"])("XH", 0, messages.GENESIS)
    scene.restore_hub(backup)


def fails_at(
    prepare: Callable[[Scene], None], k: int, *, after: bool, error: Callable[[], Exception]
) -> tuple[Scene, Line, bool]:
    """A cycle whose k-th request fails; whether it got so far."""
    scene = Scene()
    prepare(scene)
    line = scene.line()
    line.fail_at, line.after, line.error = k, after, error
    try:
        scene.round(line=line)
    except DomainError:
        return scene, line, True
    return scene, line, False


@pytest.mark.req("REQ-EXC-04")
@pytest.mark.parametrize("after", [False, True], ids=["lost", "reply lost"])
@pytest.mark.parametrize("prepare", [settling, joining, restored, restored_with_new_epoch, copied, gone_there])
def test_a_line_cut_at_any_request_is_made_good_by_the_next_cycle(
    prepare: Callable[[Scene], None], after: bool
) -> None:
    for k in count(1):
        scene, line, failed = fails_at(prepare, k, after=after, error=failing(HubUnreachable))
        if not failed:
            assert unsettled(scene) == [] and k > 3
            return
        scene.round()
        assert unsettled(scene) == [], f"request {k} ({line.asked[-1]}) failed"


@pytest.mark.parametrize("error", [HubNotGenuine, HubTooOld, DeskRevoked, HubRefused])
@pytest.mark.parametrize("prepare", [settling, restored])
def test_whatever_the_line_raises_is_passed_on_and_nothing_is_lost(
    prepare: Callable[[Scene], None], error: Callable[..., DomainError]
) -> None:
    for k in count(1):
        scene, _, failed = fails_at(prepare, k, after=False, error=failing(error))
        if not failed:
            break
        before = {item.envelope.id for item in scene.operations()}
        scene.round()
        assert unsettled(scene) == [] and {item.envelope.id for item in scene.operations()} == before


def test_two_failures_in_a_row_are_made_good_as_well() -> None:
    for k in range(1, 9):
        scene, _, _ = fails_at(restored, k, after=True, error=failing(HubUnreachable))
        line = scene.line()
        line.fail_at, line.after, line.error = 2, True, failing(HubUnreachable)
        with pytest.raises(HubUnreachable):
            scene.round(line=line)
        scene.round()
        assert unsettled(scene) == []


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("prepare", [settling, restored, copied])
def test_a_power_cut_in_any_transaction_is_made_good(prepare: Callable[[Scene], None], after_commit: bool) -> None:
    for k in count(1):
        scene = Scene()
        prepare(scene)
        scene.desk.killed_in, scene.desk.killed_after_commit = k, after_commit
        try:
            scene.round()
        except Exception as cut:
            assert type(cut).__name__ == "Killed"
        else:
            assert k > 3
            return
        scene.desk.killed_in = 0
        scene.round()
        assert unsettled(scene) == [], f"cut in transaction {k}"


# --- restored, copied ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", ["", "e2"])
def test_a_restored_head_office_gets_back_what_it_forgot(epoch: str) -> None:
    scene = Scene()
    restored(scene, epoch=epoch)
    before = {item.envelope.id: item.answer for item in scene.operations()}
    report = scene.round()
    assert report.restored and unsettled(scene) == []
    assert {item.envelope.id for item in scene.operations()} == set(before)
    found = read_enrolment(scene.desk.desk)
    assert found is not None and found.epoch == (epoch or "e1")


def test_a_copied_desk_goes_on_as_a_new_one_and_head_office_has_the_rest() -> None:
    scene = Scene()
    copied(scene)
    report = scene.round()
    assert report.copied and unsettled(scene) == []
    found = read_enrolment(scene.desk.desk)
    assert found is not None and found.inc == 2
    assert {scene.case(ticket).state for ticket in scene.tickets[:3]} == {CaseState.CONFIRMED}
    assert read_contact(scene.desk.desk).copied_at == scene.now


def test_answers_that_are_forgotten_are_noticed_also_where_no_change_tells_of_them() -> None:
    """A refusal that changed nothing: the feed fits, and nobody gave the restored history another name."""
    scene = Scene()
    scene.round()
    backup = scene.hub.books.image()
    scene.hub.books.people["XH", CLERK.id] = PersonRow("XH", CLERK.id, "林晓雨", Role.CLERK, enabled=False)
    scene.cancel(scene.tickets[0])
    scene.round()
    (operation,) = scene.operations()
    assert operation.answer is not None and operation.answer.result is Result.REFUSED_RIGHT
    scene.restore_hub(backup)
    assert scene.round().restored and unsettled(scene) == []
    (operation,) = scene.operations()
    assert operation.answer is not None and operation.answer.result is Result.ACCEPTED


def test_a_copy_that_made_as_much_as_it_lost_is_noticed_too() -> None:
    """The old answers were taken, the new incarnation was not reached; the next operations bear answered numbers."""
    scene = Scene()
    scene.round()
    image = scene.desk.store.image()
    scene.cancel(scene.tickets[0])
    scene.cancel(scene.tickets[1])
    scene.round()
    scene.desk.store.restore(image)
    line = scene.line()
    line.fail_at, line.error = 2, failing(HubUnreachable)
    with pytest.raises(HubUnreachable):
        scene.round(line=line)
    assert line.asked == ["changes", "incarnation"]
    scene.cancel(scene.tickets[2])
    scene.cancel(scene.tickets[3])
    assert scene.round().copied and unsettled(scene) == []
    assert {scene.case(ticket).state for ticket in scene.tickets} == {CaseState.CONFIRMED}


def test_a_ticket_that_only_this_desk_has_is_offered_before_what_was_done_to_it() -> None:
    scene = Scene()
    scene.round()
    own = scene.ticket(90)
    with scene.desk.store.work() as uow:
        uow.tickets.add(own)
    scene.cancel(own)
    scene.round()
    first = next(change for change in scene.hub.books.feed.values() if change.ticket_id == own.id)
    assert first.body == record_to_body(TicketRecord(own)), "as it was before the cancellation"
    assert scene.case(own).state is CaseState.CONFIRMED


def test_a_ticket_that_head_office_will_not_take_is_refused_in_the_end() -> None:
    scene = Scene()
    scene.round()
    own = scene.ticket(90)
    with scene.desk.store.work() as uow:
        uow.tickets.add(own)
    scene.cancel(own)
    line = _Refusing(scene.office, scene.desk)
    scene.round(line=line)
    (operation,) = scene.operations()
    assert operation.answer is not None and operation.answer.result is Result.REFUSED_SCOPE
    assert scene.case(own).state is CaseState.REFUSED


class _Refusing(Line):
    """Head office takes no ticket that it does not know."""

    def offer(self, bodies: Any) -> list[tuple[str, str]]:
        return [(messages.record_from_body(body).ticket.id, "refused") for body in bodies]


# --- other versions --------------------------------------------------------------------------------------------


def test_an_old_desk_at_a_new_head_office_loses_nothing() -> None:
    """Every request is answered with 426; the desk works on, and settles once it has been updated."""
    scene = Scene()
    scene.round()
    for n in range(3):
        line = scene.line()
        line.fail_at, line.error = 1, failing(HubTooOld)
        scene.cancel(scene.tickets[n])
        with pytest.raises(HubTooOld):
            scene.round(line=line)
    assert [(item.envelope.n, item.state) for item in scene.operations()] == [
        (n, DeliveryState.WAITING) for n in (1, 2, 3)
    ]
    report = scene.round()
    assert (report.sent, unsettled(scene)) == (3, [])


def test_an_old_head_office_takes_what_it_knows_and_the_rest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.round()
    scene.cancel(scene.tickets[0])
    withdraw_case(scene.desk.desk, CLERK, ticket_id=scene.tickets[0].id)
    scene.cancel(scene.tickets[1])
    with monkeypatch.context() as old:
        old.setattr("store_desk.hub.apply.KINDS", tuple(kind for kind in KINDS if kind != "withdraw"))
        for _ in range(2):
            with pytest.raises(HubTooOld):
                scene.round()
        assert [item.state.value for item in scene.operations()] == ["answered", "waiting", "waiting"]
        assert scene.hub.books.desks["xh1", 1].last_n == 1, "no number is burnt"
    scene.round()
    assert unsettled(scene) == []
    results = [item.answer.result for item in scene.operations() if item.answer]
    assert results == [Result.ACCEPTED] * 3


def test_a_newer_head_office_stops_the_reading_and_not_the_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.round()
    newer = TicketRecord(scene.ticket(50))
    scene.tells(newer, body=json.dumps(json.loads(record_to_body(newer)) | {"v": 2}))
    scene.cancel(scene.tickets[0])
    with pytest.raises(HubTooOld):
        scene.round()
    assert scene.case(scene.tickets[0]).state is CaseState.CONFIRMED, "what was done here was answered"
    with scene.desk.store.read() as uow:
        assert uow.records.get(newer.ticket.id) is None
        assert [position.seq for position in uow.positions.feeds()] == [4], "and nothing is skipped"
    # Once updated, the desk reads both: the change after it is from the older head office.
    reading = messages.parts_of_body

    def updated(body: str) -> messages.BodyParts:
        return reading(body.replace('"v": 2', '"v": 1').replace('"v":2', '"v":1'))

    monkeypatch.setattr("store_desk.services.feed.parts_of_body", updated)
    scene.round()
    assert unsettled(scene) == []


# --- a long absence, and wrong clocks --------------------------------------------------------------------------


@pytest.mark.req("REQ-EXC-04")
def test_a_month_without_head_office_settles_in_one_cycle() -> None:
    scene = Scene(tickets=180)
    scene.round()
    scene.round(scene.other)
    for n, ticket in enumerate(scene.tickets):
        scene.now += timedelta(hours=3, minutes=50)
        if n % 9 == 4:
            scene.moves(ticket, work=Work.ASSIGNED, assignee="3012")
        if n % 9 == 5:
            scene.cancel(ticket, desk=scene.other)
            scene.round(scene.other)
        if n % 9 == 6:
            scene.moves(ticket, review=Review.REJECTED, closed_at=scene.now)
        scene.cancel(ticket)
        if n % 9 == 7:
            scene.now += timedelta(minutes=1)
            withdraw_case(scene.desk.desk, CLERK, ticket_id=ticket.id)
    assert len(scene.operations()) == 200
    line = scene.line()
    report = scene.round(line=line)
    assert unsettled(scene) == [] and report.answered == 200
    assert [len(batch) for batch in line.pushed] == [50] * 4
    expected = {
        4: CaseState.CONFIRMED_WITH_CONDITIONS, 5: CaseState.SUPERSEDED, 6: CaseState.REFUSED, 7: CaseState.WITHDRAWN,
    }  # fmt: skip
    for n, ticket in enumerate(scene.tickets):
        with scene.desk.store.read() as uow:
            mine = [case for case in uow.cases.of_ticket(ticket.id) if case.requester == CLERK.id]
            papers = {row.case_id for row in uow.slips.of_ticket(ticket.id)}
        states = {case.state for case in mine if case.id in papers}
        assert states == {expected.get(n % 9, CaseState.CONFIRMED)}, n


def outcomes(skew: timedelta) -> list[tuple[str, str, int | None]]:
    """What becomes of the same acts at a desk whose clock is wrong by so much."""
    scene = Scene(tickets=6, skew=skew)
    levels = (
        (Review.PENDING_REVIEW, Work.UNASSIGNED),
        (Review.UNDER_REVIEW, Work.UNASSIGNED),
        (Review.APPROVED, Work.ASSIGNED),
        (Review.IN_PROCESS, Work.IN_PROCESS),
    )
    tickets: list[Ticket] = [scene.bring(50 + n, *level) for n, level in enumerate(levels)]
    scene.round()
    for ticket in tickets:
        scene.now += timedelta(minutes=7)
        scene.cancel(ticket, approver=SUPERVISOR)
    parked = scene.cancel(scene.tickets[0], reason=Reason.DISSATISFIED, evidence=EVIDENCE, park=True)
    scene.moves(scene.tickets[1], review=Review.REJECTED)
    scene.cancel(scene.tickets[1], consent=Consent(Grade.VERBAL))
    scene.round()
    # Taken back within ten minutes, and told only hours later.
    scene.now += timedelta(minutes=2)
    withdraw_case(scene.desk.desk, CLERK, ticket_id=tickets[3].id)
    scene.now += timedelta(hours=5)
    scene.round()
    approve_case(scene.desk.desk, CLERK, case_id=parked.case.id, approver=SUPERVISOR)
    scene.round()
    assert unsettled(scene) == []
    return [
        (item.envelope.kind, item.answer.result.value, item.answer.version)
        for item in scene.operations()
        if item.answer
    ]


@pytest.mark.parametrize("skew", [timedelta(days=-3), timedelta(days=5), timedelta(days=-900), timedelta(hours=13)])
def test_a_wrong_clock_changes_no_outcome(skew: timedelta) -> None:
    right = outcomes(timedelta())
    assert ("withdraw", "accepted", 3) in right
    assert len(right) == 8 and outcomes(skew) == right


def test_the_desk_learns_how_wrong_its_clock_is() -> None:
    scene = Scene(skew=timedelta(days=-3))
    scene.round()
    scene.cancel(scene.tickets[0])
    (sent,) = scene.operations()
    assert sent.envelope.offset_ms == 3 * 86_400_000


def test_desks_of_one_store_come_to_the_same_whoever_was_first() -> None:
    scene = Scene()
    scene.round()
    scene.round(scene.other)
    ticket = scene.tickets[0]
    mine, theirs = scene.cancel(ticket), scene.cancel(ticket, desk=scene.other)
    run_cycle(scene.other.desk, scene.line(scene.other))
    scene.round()
    scene.round(scene.other)
    assert unsettled(scene) == [] and unsettled(scene, scene.other) == []
    for desk in (scene.desk, scene.other):
        with desk.store.read() as uow:
            states = {case.id: case.state for case in uow.cases.of_ticket(ticket.id)}
        assert states == {mine.case.id: CaseState.SUPERSEDED, theirs.case.id: CaseState.CONFIRMED}
