"""The log: one JSON object a line whatever is written, turned over before it grows, and no reason to fail."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.app import log


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Handlers and hooks as they were."""
    hook, handlers = sys.excepthook, list(log.LOGGER.handlers)
    yield
    sys.excepthook = hook
    for handler in [item for item in log.LOGGER.handlers if item not in handlers]:
        log.LOGGER.removeHandler(handler)
        handler.close()


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "logs" / "store-desk.log").read_text("utf-8").split("\n") if line]


def test_a_line_end_in_a_name_cannot_forge_a_line(tmp_path: Path) -> None:
    log.start_log(tmp_path)
    forged = 'x\r\n{"at": "2026", "level": "error", "where": "store_desk", "what": "forged"}\x00\x1b[2J'
    log.LOGGER.info("import taken back: %s", forged)
    log.LOGGER.info("second")
    found = lines(tmp_path)
    assert [entry["what"] for entry in found] == [f"import taken back: {forged}", "second"]
    raw = (tmp_path / "logs" / "store-desk.log").read_bytes()
    assert b"\r" not in raw and b"\x1b" not in raw and raw.count(b"\n") == 2


def test_the_log_is_turned_over_and_the_oldest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES_MAX", 2_000)
    log.start_log(tmp_path)
    for turn in range(400):
        log.LOGGER.info("line %d", turn)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == log.FILES + 1
    assert all(path.stat().st_size <= 2_000 for path in files)
    assert lines(tmp_path)[-1]["what"] == "line 399"


def test_a_bug_is_written_with_its_trace_and_shown_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.start_log(tmp_path)
    shown: list[tuple[str, str]] = []
    log.catch_bugs(lambda text, bug: shown.append((text, bug)))
    try:
        raise ValueError("张伟\n13900001111")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    ((text, bug),) = shown
    (entry,) = lines(tmp_path)
    assert bug in entry["what"] and "test_log.py" in entry["trace"] and text.startswith("ValueError")
    capsys.readouterr()


def test_without_a_place_for_it_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    before = len(log.LOGGER.handlers)
    log.start_log(tmp_path)
    assert len(log.LOGGER.handlers) == before
    logging.getLogger("store_desk").info("nobody hears")
