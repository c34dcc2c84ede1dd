"""The page that checks a slip: a file, a text, a scan; the verdict in words of the language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from store_desk.app.trust import check
from store_desk.domain.proof import Outcome, Trust, Verdict
from store_desk.ui.bench import Bench
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.verify.page import VerifyPage
from store_desk.words import LANGS
from store_desk.words.verify import why_in_words
from tests.slips import proofs, samples
from tests.ui.settings.benches import bench_in

DATA = proofs.sealed(samples.usual())


def verify(what: Path | str) -> Verdict:
    """The check with the key of the tests' desk."""
    return check(what, proofs.trust())


@pytest.fixture
def bench(tmp_path: Path, qapp: object) -> Iterator[Bench]:
    """A desk that knows one other desk."""
    with bench_in(tmp_path / "desk", staff=False) as made:
        yield replace(made, verify=verify)


@pytest.fixture
def page(bench: Bench, qtbot: QtBot) -> VerifyPage:
    """The page, shown."""
    made = VerifyPage(bench)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def outcome(page: VerifyPage) -> Outcome | None:
    """The verdict that stands there."""
    shown = page.shown()
    return shown.outcome if shown else None


def test_a_chosen_file_gets_its_verdict_with_the_facts(page: VerifyPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "slip.pdf"
    file.write_bytes(proofs.file_of(DATA))
    page.check_file(file)
    qtbot.waitUntil(lambda: outcome(page) is Outcome.GENUINE, timeout=20_000)
    assert page.pane.accessibleName().startswith("真实有效")


def test_a_pasted_text_is_checked_by_the_keyboard_alone(page: VerifyPage, qtbot: QtBot) -> None:
    page.text.setFocus()
    page.text.setPlainText(DATA.qr_text)
    QTest.keyClick(page.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: outcome(page) is Outcome.GENUINE, timeout=20_000)


def test_a_scan_is_checked_at_once_and_only_the_last_answer_stays(page: VerifyPage, qtbot: QtBot) -> None:
    page.take_scan(DATA.qr_text)
    page.take_scan("SD1:NOTHING")
    qtbot.waitUntil(lambda: outcome(page) is Outcome.UNREADABLE, timeout=20_000)
    assert page.pane.accessibleName().startswith("无法读取")


def test_why_a_slip_is_not_genuine_is_told_in_the_window_s_language(
    page: VerifyPage, bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "no-slip.pdf"
    file.write_bytes(b"%PDF-1.4 nothing")
    page.check_file(file)
    qtbot.waitUntil(lambda: outcome(page) is Outcome.UNREADABLE, timeout=20_000)
    for lang in LANGS:
        bench.language.switch(lang)
        verdict = page.shown()
        assert verdict is not None and verdict.why
        wanted = bench.language.say("verify.because", why=why_in_words(lang == "en", verdict.why))
        assert wanted in [label.text() for label in page.pane.findChildren(TextLabel)]


def test_the_verdict_changes_its_language_with_the_window(page: VerifyPage, bench: Bench, qtbot: QtBot) -> None:
    page.take_scan(DATA.qr_text)
    qtbot.waitUntil(lambda: outcome(page) is Outcome.GENUINE, timeout=20_000)
    bench.language.switch("en")
    assert page.pane.accessibleName().startswith("Genuine")


def test_a_file_that_went_away_is_said_and_nothing_breaks(page: VerifyPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.check_file(tmp_path / "gone.pdf")
    qtbot.waitUntil(lambda: outcome(page) is Outcome.UNREADABLE, timeout=20_000)


@pytest.mark.parametrize(("trust", "word"), [(Trust(), "未知柜台"), (proofs.trust(revoked=True), "柜台已停用")])
def test_unknown_and_revoked_desks_are_told_apart(bench: Bench, qtbot: QtBot, trust: Trust, word: str) -> None:
    made = VerifyPage(replace(bench, verify=lambda what: check(what, trust)))
    qtbot.addWidget(made)
    made.take_scan(DATA.qr_text)
    qtbot.waitUntil(lambda: made.shown() is not None, timeout=20_000)
    assert made.pane.accessibleName().startswith(word)


def test_escape_goes_back(page: VerifyPage, qtbot: QtBot) -> None:
    page.text.setFocus()
    with qtbot.waitSignal(page.closed):
        QTest.keyClick(page.text, Qt.Key.Key_Escape)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_verdict_stands_on_the_themes_ground_and_can_be_read(page: VerifyPage, qtbot: QtBot, scheme: str) -> None:
    THEME.set_scheme(scheme)  # type: ignore[arg-type]  # one of the two schemes
    try:
        page.take_scan(DATA.qr_text)
        qtbot.waitUntil(lambda: outcome(page) is Outcome.GENUINE, timeout=20_000)
        picture = page.grab().toImage()
        corner = picture.pixelColor(page.width() - 20, page.height() - 20)
        assert corner == THEME.colour("canvas")
    finally:
        THEME.set_scheme("light")


def test_the_text_to_paste_into_has_the_focus_at_once(page: VerifyPage, qtbot: QtBot) -> None:
    page.setFocus()
    qtbot.waitUntil(page.text.hasFocus)
