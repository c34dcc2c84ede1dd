"""A store that cannot be opened comes back from a backup."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.app.wiring import SetUpAnswers, clock, found_store, open_desk
from store_desk.domain.errors import KeyMissing
from store_desk.store.backup import backup, quarantine, restore
from store_desk.ui.language import Language
from store_desk.ui.look.theme import install_theme
from store_desk.ui.setup.way_back import WayBackPage
from store_desk.ui.tasks import Lane

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PASSPHRASE = "a long passphrase"


def test_a_store_without_its_key_says_so_and_is_restored_with_the_keyboard(tmp_path: Path, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app)
    folder, copy = tmp_path / "data", tmp_path / "store.backup"
    found_store(folder, SetUpAnswers("XH", "x", 1, "1001", "Zhao", "804162"))
    opened = open_desk(folder)
    backup(opened.store, copy, passphrase=PASSPHRASE, now=clock())
    opened.close()
    (folder / "keys.json").unlink()
    with pytest.raises(KeyMissing) as missing:
        open_desk(folder)

    def bring_back(file: Path, passphrase: str) -> None:
        quarantine(folder)
        restore(file, folder, passphrase=passphrase)

    lane = Lane("way-back")
    page = WayBackPage(missing.value, bring_back, Language("en"), lane=lane)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
    assert "is missing or wrong" in page.banner.accessibleName()
    for text in (str(copy), PASSPHRASE):
        if text == PASSPHRASE:
            page.pane.passphrase.setFocus()
        QTest.keyClicks(QApplication.focusWidget(), text)
    with qtbot.waitSignal(page.restored, timeout=10_000):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    lane.stop()
    open_desk(folder).close()
