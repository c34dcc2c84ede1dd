"""Desk pages over the practice store, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.ui.look.theme import install_theme
from tests.ui.desk.scene import Scene, make_template, scene


@pytest.fixture(scope="session")
def practice_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice store as it is first opened."""
    return make_template(tmp_path_factory.mktemp("practice") / "data")


@pytest.fixture
def desk(practice_store: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    """The page in Chinese."""
    install_theme(qapp)
    with scene(practice_store, tmp_path / "data", qtbot) as made:
        yield made


@pytest.fixture
def desk_en(practice_store: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    """The page in English."""
    install_theme(qapp)
    with scene(practice_store, tmp_path / "data", qtbot, lang="en") as made:
        yield made
