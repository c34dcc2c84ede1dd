"""What a person at a terminal sees: prompts that hide what is typed, the language, and streams that are gone."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from string import Formatter

import pytest

from store_desk.cli.terminal import harmless, language_here, language_of
from store_desk.words.cli import WORDS
from tests.cli.conftest import CLERK, PINS, start

PROGRAM = "import sys; from store_desk.cli import main; sys.exit(main())"
LIMIT_S = 60.0


def typed(argv: list[str], answers: list[bytes]) -> tuple[int, str]:
    """Runs the program on a terminal of its own and types an answer at each prompt."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM, *argv])
    shown = b""
    prompts = 0
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            piece = os.read(terminal, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        asked = shown.count(b": ") if b"PIN of" in shown else 0
        if asked > prompts and shown.endswith(b": ") and answers:
            prompts = asked
            os.write(terminal, answers.pop(0) + b"\n")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    return status, shown.decode()


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_pin_is_asked_for_on_a_terminal_and_never_shown(folder: Path) -> None:
    words = ["find", "T-1", "--data", str(folder), "--clerk", CLERK, "--lang", "en"]
    status, shown = typed(words, [PINS[CLERK].encode()])
    assert status == 0
    assert "PIN of 2047:" in shown and "T-1" in shown
    assert PINS[CLERK] not in shown


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_leaving_the_prompt_with_an_interrupt_is_clean(folder: Path) -> None:
    words = ["find", "T-1", "--data", str(folder), "--clerk", CLERK, "--lang", "en"]
    status, shown = typed(words, [b"\x03"])
    assert status == 130
    assert "Traceback" not in shown


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_disk_that_takes_no_more_is_an_environment_failure_and_leaves_nothing(folder: Path) -> None:
    import json
    import resource

    words = ["cancel", "T-1", "--reason", "mistake", "--consent", "verbal", "--clerk", CLERK, "--json"]
    pin = {"STORE_DESK_PIN": PINS[CLERK]}
    ran = start(
        "--data", str(folder), *words,
        variables=pin, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert ran.returncode == 3
    assert json.loads(ran.stdout)["error"]["code"] in ("disk_failed", "disk_full")
    after = start("--data", str(folder), "show", "T-1", "--clerk", CLERK, "--json", variables=pin)
    assert json.loads(after.stdout)["cases"] == []


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0<&-", "1>&- 2>&- 0<&-"])
def test_streams_that_the_caller_closed_break_nothing(folder: Path, closed: str) -> None:
    import subprocess

    words = ("show", "T-1", "--data", str(folder), "--clerk", CLERK, "--json")
    ran = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-c", PROGRAM, *words],
        env=os.environ | {"STORE_DESK_PIN": PINS[CLERK]},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0
    assert ran.stderr == b""


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
        ({"LANG": "en_US", "LC_ALL": "zh_CN"}, "zh"),
        ({"LANG": "en_US", "LC_ALL": "C.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_where_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], lang: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_here() == lang


@pytest.mark.parametrize(
    ("words", "lang"),
    [(("--lang", "en", "x"), "en"), (("x", "--lang=zh"), "zh"), (("x", "--lang", "fr"), None), ((), None)],
)
def test_the_language_of_a_call_is_known_before_it_is_understood(words: tuple[str, ...], lang: str | None) -> None:
    assert language_of(words) == lang


def test_what_steers_a_terminal_is_shown_and_the_rest_left_alone() -> None:
    assert harmless("王\t秀\n兰 ¥1 é") == "王\t秀\n兰 ¥1 é"
    assert harmless("\x1b[2J\r\u202e\x9b") == "\\x1b[2J\\x0d\\u202e\\x9b"


def test_every_sentence_takes_the_same_facts_in_both_languages() -> None:
    for key, (chinese, english) in WORDS.items():
        one, *more = (
            {name for _, name, _, _ in Formatter().parse(text) if name} for text in (chinese, *english.split("|"))
        )
        assert chinese.strip() and english.strip(), key
        assert all(facts == one for facts in more), key
