"""Fixtures of the cancel sheet's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from store_desk.ui.look.theme import install_theme
from tests.ui.cancel.scene import Scene, make_template, scene

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with people in it."""
    return make_template(tmp_path_factory.mktemp("desk") / "data")


@pytest.fixture
def shop(template: Path, tmp_path: Path, qtbot: object) -> Iterator[Scene]:
    """A desk in Chinese."""
    with scene(template, tmp_path / "data") as made:
        yield made


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    """The window's fonts and style, as in the program."""
    if qapp.property("look") is None:
        install_theme(qapp)
        qapp.setProperty("look", "installed")
