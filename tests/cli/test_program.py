"""The command line as a process of its own: streams, encodings, interrupts, and no window system."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CLERK, PINS, start

CLERK_PIN = {"STORE_DESK_PIN": PINS[CLERK]}


def test_a_call_answers_with_one_object_and_nothing_on_standard_error(folder: Path) -> None:
    ran = start("--data", str(folder), "find", "T-1", "--json", "--clerk", CLERK, variables=CLERK_PIN)
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["tickets"][0]["number"] == "T-1"
    assert ran.stderr == b""


def test_options_may_stand_before_the_verb(folder: Path) -> None:
    ran = start("--json", "--clerk", CLERK, "--data", str(folder), "find", "T-1", variables=CLERK_PIN)
    assert ran.returncode == 0


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "zh_CN.GBK"])
def test_any_locale_gets_chinese_as_utf_8(folder: Path, locale: str) -> None:
    variables = CLERK_PIN | {"LC_ALL": locale, "LANG": locale, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = start("--data", str(folder), "show", "T-1", "--clerk", CLERK, variables=variables)
    assert ran.returncode == 0
    assert "王秀兰" in ran.stdout.decode("utf-8")


def test_bytes_that_are_no_text_do_not_break_the_answer(folder: Path) -> None:
    raw = os.fsdecode(b"\xff\xfe")
    for words in (("show", raw), ("find", raw), ("slip", "T-1", "--out", raw)):
        ran = start("--data", str(folder), *words, "--json", "--clerk", CLERK, variables=CLERK_PIN)
        assert ran.returncode in (0, 1)
        json.loads(ran.stdout)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_an_environment_failure(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = start(
            "--data", str(folder), "show", "T-1", "--clerk", CLERK,
            variables=CLERK_PIN, stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip
    assert ran.returncode == 3
    assert b"Traceback" not in ran.stderr
    assert ran.stderr.strip()


def test_a_reader_that_goes_away_ends_the_call_quietly(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = start(
        "--data", str(folder), "show", "T-1", "--clerk", CLERK,
        variables=CLERK_PIN, stdout=write, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(write)
    assert ran.returncode == 3
    assert ran.stderr == b""


def test_no_window_system_is_loaded_by_any_verb() -> None:
    code = (
        "import sys, importlib, pkgutil\n"
        "import store_desk.cli, store_desk.cli.verbs\n"
        "for found in pkgutil.walk_packages(store_desk.cli.__path__, 'store_desk.cli.'):\n"
        "    importlib.import_module(found.name)\n"
        "import store_desk.app.wiring, store_desk.app.printing\n"
        "print(sorted(name for name in sys.modules if name.startswith('PySide6')))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="interrupts of POSIX")
def test_an_interrupt_ends_the_call_with_one_object_and_no_traceback(folder: Path) -> None:
    # The process interrupts itself at the first import of the service: no timing can decide the test.
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'store_desk.app.wiring':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from store_desk.cli import main\n"
        "sys.exit(main())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "find", "x", "--json", "--data", str(folder), "--clerk", CLERK],
        env=os.environ | CLERK_PIN,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert ran.returncode == 130
    assert json.loads(ran.stdout)["error"]["code"] == "stopped"
    assert b"Traceback" not in ran.stderr


def test_two_calls_at_once_both_end_and_only_one_cancels(folder: Path) -> None:
    words = ["cancel", "T-1", "--reason", "mistake", "--consent", "verbal", "--json", "--clerk", CLERK]
    code = "import sys; from store_desk.cli import main; sys.exit(main())"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "--data", str(folder), *words],
            env=os.environ | CLERK_PIN,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    outs = [process.communicate(timeout=60)[0] for process in running]
    assert sorted(process.returncode for process in running) == [0, 1]
    codes = [json.loads(out).get("error", {}).get("code") for out in outs]
    assert set(codes) <= {None, "ticket_already_cancelled", "ticket_moved"}
