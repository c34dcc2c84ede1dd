"""The whole program: it comes up, lets itself be ended at any moment, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from store_desk.app.main import ENVIRONMENT, make_program, parse
from store_desk.app.window import Program
from store_desk.app.wiring import open_desk
from store_desk.store import DATABASE_FILE
from tests.app.exports import many, staged
from tests.shop import PINS, Shop, open_shop

CHECKOUT = Path(__file__).resolve().parents[2]
COMES_UP_S = 60.0
ENDS_S = 10.0


@contextmanager
def running(*options: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m store_desk` offscreen, once its desk is open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "store_desk", "--data", str(folder), *options],
        cwd=CHECKOUT,
        env=dict(os.environ, QT_QPA_PLATFORM="offscreen"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + COMES_UP_S
        log = folder / "logs" / "store-desk.log"
        while not (log.exists() and '"opened"' in log.read_text("utf-8")):
            assert time.monotonic() < until, "the window does not come up"
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"ended with {process.returncode}: {process.communicate()[1]}")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> str:
    """What a program said by the time it has ended well."""
    out, error = process.communicate(timeout=ENDS_S)
    assert process.returncode == 0, error
    return out + "".join(line for line in error.splitlines() if "propagateSizeHints" not in line)


@pytest.mark.skipif(os.name != "posix", reason="ended by signal")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_practice_store_comes_up_and_ends_well_when_asked(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "demo"
    with running("--demo", folder=folder) as process:
        process.send_signal(how)
        assert ended(process) == ""
    assert not (tmp_path / "demo.lock").exists()
    assert not (folder / f"{DATABASE_FILE}-wal").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.mark.skipif(os.name != "posix", reason="ended by signal")
def test_a_second_window_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    open_shop(tmp_path / "desk").close()
    with running("--lang", "zh", folder=tmp_path / "desk") as process:
        second = subprocess.run(
            [sys.executable, "-m", "store_desk", "--data", str(tmp_path / "desk")],
            cwd=CHECKOUT,
            env=dict(os.environ, QT_QPA_PLATFORM="offscreen", LC_ALL="en_US.UTF-8"),
            capture_output=True,
            text=True,
            timeout=COMES_UP_S,
        )
        assert second.returncode == ENVIRONMENT and second.stderr.strip()
        process.send_signal(signal.SIGTERM)
        ended(process)


@pytest.mark.skipif(os.name != "posix", reason="ended by signal")
def test_a_window_that_was_killed_does_not_block_the_next(tmp_path: Path) -> None:
    open_shop(tmp_path / "desk").close()
    with running(folder=tmp_path / "desk") as process:
        process.kill()
        process.wait()
    (tmp_path / "desk" / "logs" / "store-desk.log").unlink()
    with running(folder=tmp_path / "desk") as process:
        process.send_signal(signal.SIGTERM)
        ended(process)


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    shop: Shop = open_shop(tmp_path / "desk")
    shop.ticket()
    shop.close()
    return tmp_path / "desk"


def opened(folder: Path, qtbot: QtBot) -> Program:
    """The program with its desk open."""
    made = make_program(parse(["--data", str(folder), "--lang", "zh"]))
    assert made is not None
    made.frame.show()
    made._after_first_paint()
    qtbot.waitUntil(lambda: made.bench is not None, timeout=15_000)
    return made


def test_from_start_over_the_pin_to_the_end_nothing_is_left(shop_folder: Path, qtbot: QtBot) -> None:
    program = opened(shop_folder, qtbot)
    page = program.sign_in
    assert page is not None
    page.show_lock("2047", "")
    for digit in PINS["2047"]:
        qtbot.keyClick(program.app.focusWidget() or page, digit)
    qtbot.waitUntil(lambda: program.window is not None, timeout=15_000)
    begun = time.monotonic()
    program.frame.close()
    assert time.monotonic() - begun < ENDS_S
    assert not shop_folder.with_name("desk.lock").exists()
    assert not (shop_folder / f"{DATABASE_FILE}-wal").exists()
    program.end()
    open_desk(shop_folder).close()
    program.frame.deleteLater()


def test_closing_while_an_import_runs_takes_it_back_and_ends(shop_folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
    program = opened(shop_folder, qtbot)
    file = many(tmp_path / "many.csv", 20_000)
    importing = program.bench.importing
    _, mapping = importing.look(file)
    manager = Shop(program.opened, lambda: None).manager  # type: ignore[arg-type]
    shares: list[int] = []
    doing = program.files.submit(
        lambda: importing.bring_in(
            manager, file, mapping, progress=lambda done, total: shares.append(done), stop=lambda: False
        )
    )
    qtbot.waitUntil(lambda: any(share > 520 for share in shares), timeout=30_000)
    begun = time.monotonic()
    program.frame.close()
    assert time.monotonic() - begun < ENDS_S
    assert doing.exception() is not None
    after = open_desk(shop_folder)
    with after.store.reading() as unit:
        assert unit.connection.execute("SELECT count(*) FROM ticket").fetchone() == (1,)
        assert not unit.batches.unfinished()
    assert staged(Shop(after, lambda: None)) == []  # type: ignore[arg-type]
    after.close()
    program.frame.deleteLater()
