"""The histories in numbers, and whether they would find a broken rule."""

from __future__ import annotations

import os

import pytest

from tests.simulation.mutants import MUTANTS, Mutant, seeds_until_found
from tests.simulation.truths import broken
from tests.simulation.world import World

# The command `python -m tests.simulation` runs any number; these many run always.
SEEDS = int(os.environ.get("STORE_DESK_SEEDS", "2000"))
PART = 100
# A rule that takes more histories than this to be missed is not guarded by them.
SEEDS_PER_MUTANT = 400


@pytest.mark.parametrize("first", range(0, SEEDS, PART))
def test_no_history_breaks_a_truth(first: int) -> None:
    found = {seed: broken(World(seed).run()) for seed in range(first, min(first + PART, SEEDS))}
    assert {seed: what for seed, what in found.items() if what} == {}


def test_one_seed_is_one_history() -> None:
    first, second = World(7).run(), World(7).run()
    assert first.hub.books == second.hub.books
    assert [desk.saved for desk in first.desks] == [desk.saved for desk in second.desks]


def test_the_histories_contain_the_faults_they_are_about() -> None:
    worlds = [World(seed).run() for seed in range(60)]
    assert sum(world.restores for world in worlds) > 20
    assert sum(desk.restored for world in worlds for desk in world.desks) > 20
    assert sum(len(desk.saved) for world in worlds for desk in world.desks) > 600


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_found(mutant: Mutant) -> None:
    assert seeds_until_found(mutant, seeds=SEEDS_PER_MUTANT) is not None
