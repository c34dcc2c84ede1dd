"""Fixtures of the sign-in tests: the practice store, a bench over it, and the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from store_desk.app.demo import make_demo
from tests.ui.signin.scene import Scene, scene

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def practice_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice store as it ships, made once."""
    folder = tmp_path_factory.mktemp("practice") / "data"
    make_demo(folder)
    return folder


@pytest.fixture
def shop(practice_store: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    """The page over a copy of the practice store, not attached yet."""
    shutil.copytree(practice_store, tmp_path / "data")
    with scene(tmp_path / "data", qtbot) as made:
        yield made
