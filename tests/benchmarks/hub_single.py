"""Head office applying one operation per durable transaction, beside the same statements raw through pgbench."""

from __future__ import annotations

from tests.benchmarks.hub_batches import compare
from tests.benchmarks.result import Result


def measure_all(size: int) -> list[Result]:
    """One connection; `size` bounds how many operations there are."""
    return [compare(size, batch=1, name="hub, one operation at a time")]
