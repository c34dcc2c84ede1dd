"""The histories in numbers, and whether they would find a broken rule."""

from __future__ import annotations

import os

import pytest

from tests.conftest import Apart
from tests.simulation.mutants import MUTANTS, seeds_until_found
from tests.simulation.truths import broken
from tests.simulation.world import World

# The command `python -m tests.simulation` runs any number; these many run always.
SEEDS = int(os.environ.get("STORE_DESK_SEEDS", "2000"))
PART = 100
# A rule that takes more histories than this to be missed is not guarded by them.
SEEDS_PER_MUTANT = 400


def part(first: int) -> dict[int, list[str]]:
    """The broken histories of a part, by seed."""
    found = {seed: broken(World(seed).run()) for seed in range(first, min(first + PART, SEEDS))}
    return {seed: what for seed, what in found.items() if what}


def found_after(rule: str) -> int | None:
    """How many histories it took to find the mutant of this rule."""
    (mutant,) = (mutant for mutant in MUTANTS if mutant.rule == rule)
    return seeds_until_found(mutant, seeds=SEEDS_PER_MUTANT)


RULES = [mutant.rule for mutant in MUTANTS]
@pytest.mark.parametrize("first", range(0, SEEDS, PART))
def test_no_history_breaks_a_truth(first: int, apart: Apart) -> None:
    assert apart(part, first) == {}


def test_one_seed_is_one_history() -> None:
    first, second = World(7).run(), World(7).run()
    assert first.hub.books == second.hub.books
    assert [desk.saved for desk in first.desks] == [desk.saved for desk in second.desks]


def test_the_histories_contain_the_faults_they_are_about() -> None:
    worlds = [World(seed).run() for seed in range(200)]
    assert sum(world.restores for world in worlds) > 20
    assert sum(desk.restored for world in worlds for desk in world.desks) > 20
    assert sum(len(desk.saved) for world in worlds for desk in world.desks) > 600


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_found(rule: str, apart: Apart) -> None:
    assert apart(found_after, rule) is not None
