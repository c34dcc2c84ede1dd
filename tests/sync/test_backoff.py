"""When head office is asked next, on a clock of the test's own."""

from __future__ import annotations

from random import Random

from store_desk.sync.backoff import LEAST_S, MOST_S, RETURN_S, Pace


def test_the_first_round_is_made_at_once_and_the_next_regularly() -> None:
    pace = Pace(Random(1), now=100.0, every_s=15)
    assert pace.wait_s(100.0) == 0
    pace.succeeded(100.2)
    assert pace.wait_s(100.2) == 15
    assert pace.wait_s(115.2) == 0


def test_failures_wait_longer_and_longer_and_never_alike() -> None:
    firsts = set()
    for seed in range(200):
        pace = Pace(Random(seed), now=0.0)
        now, waits = 0.0, []
        for tried in range(14):
            pace.failed(now)
            waits.append(pace.wait_s(now))
            assert LEAST_S - 1e-6 <= waits[-1] <= min(MOST_S, 2.0**tried) + 1e-6
            now += waits[-1]
        firsts.add(round(waits[8], 3))
        assert pace.failures == 14
    assert len(firsts) > 190
    spread = []
    for seed in range(2000):
        pace = Pace(Random(seed), now=0.0)
        for _ in range(10):
            pace.failed(0.0)
        spread.append(pace.wait_s(0.0))
    assert 140 < sum(spread) / len(spread) < 160, "even between nothing and five minutes"


def test_a_round_that_goes_well_forgets_the_failures() -> None:
    pace = Pace(Random(3), now=0.0)
    for _ in range(9):
        pace.failed(0.0)
    pace.succeeded(1.0)
    pace.failed(2.0)
    assert pace.wait_s(2.0) <= 1.0


def test_work_wakes_at_once_but_not_against_head_offices_wish() -> None:
    pace = Pace(Random(4), now=0.0)
    for _ in range(9):
        pace.failed(0.0)
    pace.wake(1.0)
    assert pace.wait_s(1.0) == 0
    pace.failed(1.0, retry_after_s=40)
    assert 40 <= pace.wait_s(1.0) <= MOST_S
    pace.wake(2.0)
    assert pace.wait_s(2.0) == 39


def test_a_network_that_is_back_spreads_the_desks_over_a_minute() -> None:
    waits = []
    for seed in range(300):
        pace = Pace(Random(seed), now=0.0)
        for _ in range(12):
            pace.failed(0.0)
        pace.returned(10.0)
        waits.append(pace.wait_s(10.0))
    assert max(waits) <= RETURN_S
    assert max(waits) - min(waits) > 40
    calm = Pace(Random(1), now=0.0)
    calm.succeeded(0.0)
    calm.returned(1.0)
    assert calm.wait_s(1.0) == 14, "who lost nothing keeps its time"
