"""The desk's section names the certificate that signs slip files."""

from __future__ import annotations

import json

from pytestqt.qtbot import QtBot

from store_desk.ui.bench import Bench
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.keeping import CERTIFICATE_SETTING
from store_desk.ui.settings.page import SettingsPage

SHOWN = {"issuer": "明禾家居电器 · 徐汇店 · XH 2", "until": "2036-05-12", "fingerprint": "ab12 cd34", "own": True}


def words_of(qtbot: QtBot, bench: Bench) -> str:
    """Everything the section says."""
    page = SettingsPage(bench)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.stored.loaded):
        page.refresh()
    page.show_section("desk")
    assert page.section is not None
    return "\n".join(label.text() for label in page.section.findChildren(TextLabel))


def put(bench: Bench, value: str) -> None:
    def work() -> None:
        with bench.desk.work() as uow:
            uow.settings.put(CERTIFICATE_SETTING, value)

    bench.database.submit(work).result()


def test_who_issued_it_until_when_and_its_fingerprint(qtbot: QtBot, bench: Bench) -> None:
    put(bench, json.dumps(SHOWN, ensure_ascii=False))
    said = words_of(qtbot, bench)
    for part in (SHOWN["issuer"], "2036-05-12", "ab12 cd34"):
        assert str(part) in said


def test_a_desk_that_signed_nothing_yet_says_so(qtbot: QtBot, bench: Bench) -> None:
    assert "第一次打印时生成" in words_of(qtbot, bench)
    put(bench, "nonsense")
    assert "第一次打印时生成" in words_of(qtbot, bench)
