"""A batch that is under way while the answers to the one before are written down: order, failures, power cuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import HubUnreachable
from store_desk.services.messages import Envelope, PushReply
from store_desk.services.withdraw import withdraw_case
from store_desk.sync.cycle import run_cycle
from tests.simulation.desks import CLERK, Killed
from tests.sync.memory_office import Line, Scene, failing, unsettled
from tests.sync.scene import Counter
from tests.sync.test_cycle import copied, gone_there, restored, restored_with_new_epoch, settling

# So few that every history here needs many batches.
BATCH = 2
HISTORIES = [settling, restored, restored_with_new_epoch, copied, gone_there]
Prepare = Callable[[Scene], None]


class Watched(Line):
    """Notes for every batch sent ahead what was settled then, and how many are under way."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.office, scene.desk)
        self.settled: list[int] = []
        self.under_way = 0

    def push_ahead(self, envelopes: Sequence[Envelope], *, epoch: str) -> Callable[[], PushReply]:
        with self.desk.store.read() as uow:
            self.settled += [position.settled for position in uow.positions.answers()]
        self.under_way += 1

        def reply() -> PushReply:
            self.under_way -= 1
            return self.push(envelopes, epoch=epoch)

        return reply


def day(scene: Scene) -> None:
    """Five cancellations, one of them taken back."""
    scene.round()
    for ticket in scene.tickets:
        scene.cancel(ticket)
    withdraw_case(scene.desk.desk, CLERK, ticket_id=scene.tickets[1].id)


def test_the_next_batch_is_under_way_before_the_answers_are_written_down() -> None:
    scene = Scene(tickets=5)
    day(scene)
    line = Watched(scene)
    report = scene.round(line=line, batch_max=BATCH)
    assert [[envelope.n for envelope in batch] for batch in line.pushed] == [[1, 2], [3, 4], [5, 6]]
    # Each while nothing of the batch before it was written down.
    assert line.settled == [0, 2] and line.under_way == 0
    assert (report.sent, report.answered, report.waiting) == (6, 6, 0)
    assert unsettled(scene) == []


def test_what_is_under_way_is_waited_for_when_the_cycle_is_stopped() -> None:
    scene = Scene(tickets=5)
    day(scene)
    line = Watched(scene)
    scene.round(line=line, batch_max=BATCH, stopped=lambda: line.under_way > 0)
    assert line.under_way == 0 and len(line.pushed) == 2
    scene.round()
    assert unsettled(scene) == []


@pytest.mark.parametrize("after", [False, True], ids=["lost", "reply lost"])
@pytest.mark.parametrize("prepare", HISTORIES)
def test_a_line_cut_at_any_request_is_made_good(prepare: Prepare, after: bool) -> None:
    for k in count(1):
        scene = Scene()
        prepare(scene)
        line = scene.line()
        line.fail_at, line.after, line.error = k, after, failing(HubUnreachable)
        try:
            scene.round(line=line, batch_max=BATCH)
        except DomainError:
            scene.round(batch_max=BATCH)
            assert unsettled(scene) == [], f"request {k} ({line.asked[-1]}) failed"
            continue
        scene.round()
        assert unsettled(scene) == [] and k > 3
        if len(line.asked) < k:
            return


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("prepare", HISTORIES)
def test_a_power_cut_in_any_transaction_is_made_good(prepare: Prepare, after_commit: bool) -> None:
    for k in count(1):
        scene = Scene()
        prepare(scene)
        scene.desk.killed_in, scene.desk.killed_after_commit = k, after_commit
        try:
            scene.round(batch_max=BATCH)
        except Killed:
            scene.desk.killed_in = 0
            scene.round(batch_max=BATCH)
            assert unsettled(scene) == [], f"cut in transaction {k}"
            continue
        assert k > 3
        return


def test_over_the_real_line_batches_follow_one_another_and_all_are_settled(joined: Counter) -> None:
    tickets = [joined.shop.ticket() for _ in range(7)]
    joined.round()
    for ticket in tickets:
        joined.cancel(ticket)
    report = run_cycle(joined.shop.desk, joined.line(), batch_max=BATCH)
    assert (report.sent, report.answered, report.waiting) == (7, 7, 0)
    assert {joined.case(ticket).state for ticket in tickets} == {CaseState.CONFIRMED}
    assert all(len(joined.papers(ticket)) == 2 for ticket in tickets)
