"""Fixtures of the tests of Sync: a desk that belongs to a head office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.cancel.conftest import look, shop, template
from tests.ui.sync.scene import Office, office_scene

__all__ = ["look", "office", "shop", "template"]


@pytest.fixture
def office(template: Path, tmp_path: Path, qtbot: object) -> Iterator[Office]:
    """A desk in Chinese with a head office."""
    with office_scene(template, tmp_path / "data") as made:
        yield made
