"""One measured thing beside its raw limit of the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the table. `ratio` is median to limit; `holds` whether the goal was met in this run."""

    work: str
    median_ms: float
    p99_ms: float
    cpu_p99_ms: float | None
    limit_ms: float | None
    ratio: float | None
    goal: str
    holds: bool


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return sorted(values)[len(values) // 2]


def p99(values: Sequence[float]) -> float:
    """The value that 99 of 100 do not pass."""
    return sorted(values)[max(0, int(len(values) * 0.99) - 1)]


def table(results: Sequence[Result]) -> str:
    """The results as people read them."""

    def number(value: float | None) -> str:
        return "–" if value is None else f"{value:.2f}"

    lines = [f"{'work':34} {'median ms':>10} {'p99 ms':>9} {'CPU p99':>8} {'limit ms':>9} {'ratio':>6}  goal"]
    for r in results:
        mark = "holds" if r.holds else "MISSED"
        lines.append(
            f"{r.work:34} {r.median_ms:10.2f} {r.p99_ms:9.2f} {number(r.cpu_p99_ms):>8} {number(r.limit_ms):>9}"
            f" {number(r.ratio):>6}  {r.goal} {mark}"
        )
    return "\n".join(lines)
