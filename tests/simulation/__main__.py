"""`python -m tests.simulation [--seeds N] [--first SEED]`: that many histories, and every seed that broke a truth."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.truths import broken
from tests.simulation.world import World


def main() -> int:
    """Runs the histories and prints what was broken; 1 when anything was."""
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--stop-at", type=int, default=10, help="broken seeds after which to stop")
    given = parser.parse_args()
    began = time.monotonic()
    bad = operations = restores = rounds = 0
    seeds = 0
    for seed in range(given.first, given.first + given.seeds):
        world = World(seed).run()
        seeds += 1
        operations += sum(len(desk.saved) for desk in world.desks)
        restores += world.restores
        rounds = max(rounds, world.calm_rounds)
        found = broken(world)
        if found:
            bad += 1
            print(f"seed {seed}:", *found, sep="\n  ")
            if bad >= given.stop_at:
                break
    took = time.monotonic() - began
    print(
        f"{seeds} histories, {operations} operations saved, {restores} restores of head office, "
        f"at most {rounds} calm rounds, {bad} broken, {took:.0f} s ({seeds / took:.0f}/s)"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
