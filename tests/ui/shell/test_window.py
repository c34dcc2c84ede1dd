"""The whole program offscreen: signing in, the desk, a sheet, locking in the middle, settings, commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from store_desk.app.main import parse
from store_desk.app.window import Program
from store_desk.ui.shell.commands import commands_of
from store_desk.ui.shell.palette import SHOWN_MAX, Palette
from store_desk.ui.shell.window import MainWindow
from tests.shop import PINS, Shop, open_shop

CLERK = "2047"


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    """A store with three tickets of one customer."""
    shop: Shop = open_shop(tmp_path / "desk")
    for _ in range(3):
        shop.ticket()
    shop.close()
    return tmp_path / "desk"


@pytest.fixture
def program(shop_folder: Path, qtbot: QtBot) -> Iterator[Program]:
    """The program, opened and waiting for a PIN."""
    made = Program.make(parse(["--data", str(shop_folder), "--lang", "zh"]), shop_folder, "zh")
    assert made is not None
    made.frame.show()
    made.frame.activateWindow()
    made._after_first_paint()
    qtbot.waitUntil(lambda: made.bench is not None, timeout=15_000)
    yield made
    made.end()
    made.frame.deleteLater()


def sign_in(program: Program, qtbot: QtBot, staff_id: str = CLERK) -> MainWindow:
    """Types the PIN as a person does."""
    page = program.sign_in
    assert page is not None
    page.show_lock(staff_id, "")
    for digit in PINS[staff_id]:
        QTest.keyClick(QApplication.focusWidget() or page, getattr(Qt.Key, f"Key_{digit}"))
    qtbot.waitUntil(lambda: program.window is not None and program.frame.currentWidget() is program.window)
    window = program.window
    # Key events of tests carry no moment and would all look like a scan.
    app = QApplication.instance()
    assert app is not None
    app.removeEventFilter(window.scanner)
    assert isinstance(window, MainWindow)
    return window


def test_after_the_pin_the_search_has_the_focus(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.top.search)


def test_a_scan_in_the_settings_goes_to_the_desk_and_opens_the_ticket(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    window.go_settings()
    with program.bench.desk.read() as uow:
        listed, _ = uow.tickets.open_here(until=program.bench.desk.clock(), limit=3)
    number = listed[0].ticket.number
    window.on_scanned(number)
    qtbot.waitUntil(lambda: window.desk.current_ticket_id() == listed[0].ticket.id)
    assert window.pages.currentWidget() is window.desk


def test_locking_in_the_middle_of_a_cancellation_keeps_it_and_goes_on(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    with program.bench.desk.read() as uow:
        listed, _ = uow.tickets.open_here(until=program.bench.desk.clock(), limit=1)
    ticket_id = listed[0].ticket.id
    window.open_cancel(ticket_id)
    qtbot.waitUntil(lambda: window.sheets.current is not None)
    window.lock()
    assert program.frame.currentWidget() is program.sign_in
    assert program.bench.session.actor is None
    window = sign_in(program, qtbot)
    qtbot.waitUntil(lambda: getattr(window.sheets.current, "ticket_id", "") == ticket_id)


def test_another_clerk_does_not_get_the_sheet_of_the_one_before(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    with program.bench.desk.read() as uow:
        listed, _ = uow.tickets.open_here(until=program.bench.desk.clock(), limit=1)
    window.open_cancel(listed[0].ticket.id)
    window.lock()
    window = sign_in(program, qtbot, "2051")
    assert window.sheets.current is None


def test_the_palette_narrows_by_words_and_does_what_is_chosen(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    program.language.switch("en")
    window.open_commands()
    palette = window._overlay._content
    assert palette is not None
    QTest.keyClicks(QApplication.focusWidget() or palette, "go set")
    QTest.keyClick(QApplication.focusWidget() or palette, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window._settings)


def test_the_language_switches_while_running(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    assert window.top.search.placeholderText().startswith("扫码")
    program.language.switch("en")
    assert window.top.search.placeholderText().startswith("Scan")


def test_a_second_window_on_the_same_store_is_refused(
    program: Program, shop_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Program.make(parse(["--data", str(shop_folder)]), shop_folder, "en") is None
    assert "open already" in capsys.readouterr().err


def test_ending_leaves_neither_lock_nor_log_behind(program: Program, shop_folder: Path) -> None:
    program.end()
    wal = shop_folder / "desk.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    second = Program.make(parse(["--data", str(shop_folder), "--lang", "en"]), shop_folder, "en")
    assert second is not None
    second.end()
    second.frame.deleteLater()


def entry(window: MainWindow) -> QWidget:
    """Where the palette's words are typed."""
    palette = window._overlay._content
    assert isinstance(palette, Palette)
    return palette._entry


@pytest.mark.parametrize("typed", ["english", "switch to", "切换到英文"])
def test_a_command_is_found_by_its_name_in_either_language(program: Program, qtbot: QtBot, typed: str) -> None:
    window = sign_in(program, qtbot)
    window.open_commands()
    line = entry(window)
    assert isinstance(line, QLineEdit)
    line.setText(typed)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert program.language.now == "en"


def test_every_command_is_reached_with_the_arrow(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    # The ticket in hand has commands of its own, and its list comes from a lane.
    qtbot.waitUntil(lambda: window.desk.current_ticket_id() != "")
    window.open_commands()
    rows = window._overlay._content._rows  # type: ignore[union-attr]  # the palette, just opened
    assert len(rows._commands) > SHOWN_MAX
    for wanted in range(1, len(rows._commands)):
        QTest.keyClick(entry(window), Qt.Key.Key_Down)
        assert rows.current == wanted and rows._first <= wanted < rows._first + SHOWN_MAX
    QTest.keyClick(entry(window), Qt.Key.Key_Down)
    assert (rows.current, rows._first) == (0, 0)


def test_tab_stays_in_the_palette_and_a_scan_or_a_sheet_closes_it(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot)
    with program.bench.desk.read() as uow:
        listed, _ = uow.tickets.open_here(until=program.bench.desk.clock(), limit=1)
    window.open_commands()
    QTest.keyClick(entry(window), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is entry(window)
    window.on_scanned(listed[0].ticket.number)
    assert window._overlay._content is None
    qtbot.waitUntil(lambda: window.desk.current_ticket_id() == listed[0].ticket.id)
    window.open_commands()
    window.on_cancel_key()
    qtbot.waitUntil(lambda: window.sheets.current is not None)
    assert window._overlay._content is None


@pytest.mark.parametrize("staff_id", [CLERK, "1001"])
def test_the_palette_names_the_key_that_leads_to_the_settings(program: Program, qtbot: QtBot, staff_id: str) -> None:
    window = sign_in(program, qtbot, staff_id)
    (command,) = [each for each in commands_of(window) if each.icon == "settings"]
    assert command.keys == ("Ctrl", str(window.places.keys().index("settings") + 1))


def test_the_import_leads_back_to_the_settings_as_its_button_says(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot, "1001")
    window.go_import()
    window._import.closed.emit()
    assert window.pages.currentWidget() is window._settings
    assert not window.is_importing()


def test_the_settings_opened_by_key_are_walked_with_the_arrows(program: Program, qtbot: QtBot) -> None:
    window = sign_in(program, qtbot, "1001")
    window.go_settings()
    sections = window._settings.side.sections
    qtbot.waitUntil(lambda: QApplication.focusWidget() is sections)
    before = sections.current()
    QTest.keyClick(sections, Qt.Key.Key_Down)
    assert sections.current() != before
    window.go_desk()
    window.go_settings()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is sections)
