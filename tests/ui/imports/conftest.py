"""A bench for the import screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.ui.bench import Bench
from tests.ui.settings.benches import bench_in


@pytest.fixture
def bench(tmp_path: Path, qapp: object) -> Iterator[Bench]:
    """A manager at a desk with a real database."""
    with bench_in(tmp_path / "desk", staff=False) as made:
        yield made
