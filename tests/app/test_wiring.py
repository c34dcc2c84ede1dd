"""Founding and opening a desk: what is asked for is there, what cannot be is refused before anything is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.app.folders import DATA_VARIABLE, default_folder
from store_desk.app.wiring import SetUpAnswers, check_answers, found_store, open_desk
from store_desk.domain.errors import AlreadySetUp, DomainError, NotSetUp, PinNotAcceptable, SetUpInvalid
from store_desk.store import exists
from store_desk.store.keys import keys_from_recovery

ANSWERS = SetUpAnswers("XH", "徐汇店", 2, "1001", "赵文", "100126")
BAD = [
    {"store_code": "xh"},
    {"store_code": "TOOLONGCODE"},
    {"store_name": "  "},
    {"store_name": "徐汇\n店"},
    {"store_name": "店" * 81},
    {"desk": 0},
    {"desk": 1000},
    {"currency": "yuan"},
    {"country": "China"},
    {"timezone": "Mars/Olympus"},
    {"timezone": "../../etc/passwd"},
    {"manager_id": "a b"},
    {"manager_name": ""},
    {"pin": "123456"},
    {"pin": "12"},
    {"pin": "abcdef"},
]


def test_a_founded_store_opens_with_its_manager_and_a_sheet_that_opens_it_again(tmp_path: Path) -> None:
    made = found_store(tmp_path / "desk", ANSWERS)
    assert (made.identity.store_code, made.identity.desk, made.identity.currency) == ("XH", 2, "CNY")
    assert made.manager.id == "1001" and made.manager.pin_hash == ""
    opened = open_desk(tmp_path / "desk")
    try:
        assert opened.desk.identity == made.identity
        assert keys_from_recovery(made.recovery) == opened.store.keys
        with opened.desk.read() as uow:
            manager = uow.people.get("1001")
        assert manager is not None and opened.desk.pins.verify(manager.pin_hash, "100126")
    finally:
        opened.close()


def test_only_the_owner_can_read_what_was_founded(tmp_path: Path) -> None:
    found_store(tmp_path / "desk", ANSWERS)
    for path in (tmp_path / "desk").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_a_second_founding_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    found_store(folder, ANSWERS)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(AlreadySetUp):
        found_store(folder, replace(ANSWERS, store_code="AB"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: "-".join(f"{k}={v!r:.14}" for k, v in bad.items()))
def test_an_answer_that_cannot_be_used_leaves_nothing_behind(tmp_path: Path, bad: dict[str, object]) -> None:
    answers = replace(ANSWERS, **bad)  # type: ignore[arg-type]
    with pytest.raises((SetUpInvalid, PinNotAcceptable)) as refused:
        found_store(tmp_path / "desk", answers)
    if isinstance(refused.value, SetUpInvalid):
        assert refused.value.facts["field"] in bad
    assert not (tmp_path / "desk").exists()


def test_every_usual_answer_is_accepted() -> None:
    abroad = {"currency": "EUR", "country": "DE", "timezone": "Europe/Berlin"}
    for change in ({"desk": 999}, {"store_code": "A"}, abroad):
        check_answers(replace(ANSWERS, **change))  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DomainError):
        found_store(tmp_path / "file" / "desk", ANSWERS)


def test_an_empty_folder_is_not_set_up(tmp_path: Path) -> None:
    with pytest.raises(NotSetUp):
        open_desk(tmp_path)


KILLED = """
import sys, pathlib
from store_desk.app.wiring import SetUpAnswers, found_store
import os, signal
left = int(sys.argv[2])
def hook(event, args):
    global left
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect") and sys.argv[1] in str(args):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
found_store(pathlib.Path(sys.argv[1]), SetUpAnswers("XH", "徐汇店", 2, "1001", "赵文", "100126"))
print("founded")
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by signal")
@pytest.mark.parametrize("at", [0, 1, 2, 3, 4, 6])
def test_a_founding_that_was_killed_can_be_done_again_or_opened(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "desk"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(at)], capture_output=True, text=True)
    assert done.returncode in (-signal.SIGKILL, 0), done.stderr
    if not exists(folder):
        found_store(folder, ANSWERS)
    opened = open_desk(folder)
    try:
        assert opened.desk.identity.store_code == "XH"
    finally:
        opened.close()


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    monkeypatch.delenv(DATA_VARIABLE)
    assert default_folder().is_absolute()
