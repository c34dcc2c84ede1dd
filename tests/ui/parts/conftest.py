"""Every part is tested under the theme, in light."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from store_desk.ui.look.theme import THEME, install_theme


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    install_theme(qapp)
    THEME.reduced_motion = False
    THEME.set_scheme("light")
