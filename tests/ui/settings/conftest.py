"""Benches for the settings screen: a manager's and a clerk's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.domain.roles import Role
from store_desk.ui.bench import Bench
from tests.ui.settings.benches import bench_in


@pytest.fixture
def bench(tmp_path: Path, qapp: object) -> Iterator[Bench]:
    """A manager at a desk with a real database and one clerk."""
    with bench_in(tmp_path / "desk") as made:
        yield made


@pytest.fixture
def clerks_bench(tmp_path: Path, qapp: object) -> Iterator[Bench]:
    """The same desk with the clerk signed in."""
    with bench_in(tmp_path / "desk", role=Role.CLERK) as made:
        yield made
