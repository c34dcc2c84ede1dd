"""Approvals pages over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.ui.look.theme import install_theme
from tests.ui.approvals.scene import Scene, scene


@pytest.fixture
def waiting(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    """Three requests wait; the supervisor is signed in."""
    install_theme(qapp)
    with scene(tmp_path / "desk", qtbot) as made:
        yield made
