"""A damaged database is told at the start, and each way back leads to the sign-in page again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.app.main import parse
from store_desk.app.window import Program
from store_desk.app.wiring import open_desk
from store_desk.domain.errors import WorkLost
from store_desk.store import DATABASE_FILE
from store_desk.store.backup import backup, keep_rolling_copy
from store_desk.store.high_water import MARK_FILE, work_lost
from store_desk.store.keys import recovery_sheet
from store_desk.ui.language import Language
from store_desk.ui.wayback.page import WayBackPage
from store_desk.words import say_error
from tests.shop import open_shop

PASSPHRASE = "four words and more"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with one ticket, a kept copy, a backup file and its recovery sheet beside it."""
    shop = open_shop(tmp_path / "desk")
    shop.ticket()
    store = shop.opened.store
    store.checkpoint(truncate=True)
    with store.reading() as unit:
        connection = unit.connection
    keep_rolling_copy(connection, store.folder, why="import")
    backup(store, tmp_path / "desk.backup", passphrase=PASSPHRASE, now=shop.clock())
    (tmp_path / "sheet.txt").write_text(recovery_sheet(store.keys), encoding="utf-8")
    shop.close()
    return tmp_path / "desk"


@pytest.fixture
def started(folder: Path, qtbot: QtBot) -> Iterator[list[Program]]:
    """Programs a test has started; they are ended in the end."""
    programs: list[Program] = []
    yield programs
    for program in programs:
        program.end()
        program.frame.deleteLater()


def start(folder: Path, started: list[Program], qtbot: QtBot) -> Program:
    """Starts the program on the folder and waits until it shows something."""
    program = Program.make(parse(["--data", str(folder), "--lang", "en"]), folder, "en")
    assert program is not None
    started.append(program)
    program.frame.show()
    program._after_first_paint()
    qtbot.waitUntil(lambda: program.bench is not None or _page(program) is not None, timeout=15_000)
    return program


def _page(program: Program) -> WayBackPage | None:
    shown: QWidget | None = program.frame.currentWidget()
    return shown if isinstance(shown, WayBackPage) else None


def _damage(folder: Path) -> None:
    file = folder / "desk.db"
    content = bytearray(file.read_bytes())
    content[100:200] = bytes(100)
    file.write_bytes(content)


def test_a_damaged_database_offers_the_ways_back(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    _damage(folder)
    before = (folder / "desk.db").read_bytes()
    program = start(folder, started, qtbot)
    assert _page(program) is not None
    assert (folder / "desk.db").read_bytes() == before


def test_a_kept_copy_brings_the_tickets_back(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    _damage(folder)
    program = start(folder, started, qtbot)
    page = _page(program)
    assert page is not None and page._ways.copies
    page.restore_copy(page._ways.copies[0][0])
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    with program.bench.desk.read() as uow:
        assert uow.tickets.count() == 1
    assert any(path.name.startswith("quarantine") for path in folder.iterdir())


def test_a_wrong_passphrase_moves_nothing(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    _damage(folder)
    program = start(folder, started, qtbot)
    page = _page(program)
    assert page is not None
    file = folder.parent / "desk.backup"
    page.work(lambda: page._ways.restore_file(file, "not the right words"))
    qtbot.waitUntil(lambda: "passphrase" in page._said.text(), timeout=15_000)
    assert not any(path.name.startswith("quarantine") for path in folder.iterdir())


def test_a_backup_file_brings_the_tickets_back(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    _damage(folder)
    program = start(folder, started, qtbot)
    page = _page(program)
    assert page is not None
    page._on_file_chosen(str(folder.parent / "desk.backup"))
    page._word.setText(PASSPHRASE)
    page._on_passphrase()
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    with program.bench.desk.read() as uow:
        assert uow.tickets.count() == 1


def test_a_lost_key_is_opened_with_the_recovery_sheet(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    for path in folder.glob("keys*"):
        path.unlink()
    program = start(folder, started, qtbot)
    page = _page(program)
    assert page is not None
    page._on_sheet()
    page._lines.setPlainText((folder.parent / "sheet.txt").read_text(encoding="utf-8"))
    page._on_sheet_given()
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)


def _without_its_log(folder: Path) -> None:
    """What a power cut can leave: the last commits were in the log alone, and the log is gone."""
    opened = open_desk(folder)
    opened.store.checkpoint(truncate=True)
    with opened.desk.work() as uow:
        uow.journal.write(at=opened.desk.clock(), actor="1001", what="mended", facts={})
    mark = (folder / MARK_FILE).read_bytes()
    cut = (folder / DATABASE_FILE).read_bytes()
    opened.close()
    (folder / DATABASE_FILE).write_bytes(cut)
    (folder / MARK_FILE).write_bytes(mark)


def test_missing_work_is_told_before_anybody_goes_on_with_what_is_there(
    folder: Path, started: list[Program], qtbot: QtBot
) -> None:
    _without_its_log(folder)
    program = start(folder, started, qtbot)
    qtbot.waitUntil(lambda: _page(program) is not None, timeout=15_000)
    page = _page(program)
    assert page is not None and isinstance(page._error, WorkLost) and page._ways.copies
    assert any(path.name.startswith("quarantine") for path in folder.iterdir())
    page.again_asked.emit()
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    assert _page(program) is None and program.frame.currentWidget() is program.sign_in
    assert [words(Language("zh")) for words in program._told] == [say_error("zh", page._error)]


def test_a_copy_put_back_after_missing_work_is_told_no_more(folder: Path, started: list[Program], qtbot: QtBot) -> None:
    _without_its_log(folder)
    program = start(folder, started, qtbot)
    qtbot.waitUntil(lambda: _page(program) is not None, timeout=15_000)
    page = _page(program)
    assert page is not None
    page.restore_copy(page._ways.copies[0][0])
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    assert program._told == []
    assert work_lost(folder) is None
