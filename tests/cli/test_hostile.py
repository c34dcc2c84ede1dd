"""Words that nobody should type: they are refused or do no harm, and the answer stays one JSON object."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from store_desk.cli import VERBS, first_word, main
from store_desk.cli.run import DOES
from tests.cli.conftest import Call, Ran, start

NASTY = {
    "nul": "\x00",
    "escapes": "\x1b[2J\x1b]0;x\x07",
    "surrogates": "\udcff\ud800",
    "right_to_left": "\u202eabc",
    "sql": "' OR 1=1 --",
    "format": "%s%s%n{0}{x}",
    "emoji": "🧾" * 50,
    "space": " ",
    "line_ends": "\u2028\u0085",
    "long": "a" * 100_000,
}
nasty = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
KNOWN = {"ticket_not_found", "wrong_use", "staff_not_found", "wrong_pin", "reason_unknown", "evidence_invalid"}


def harmless(ran: Ran) -> None:
    assert ran.status in (0, 1, 2, 3)
    assert ran.code != "fault", ran.err
    assert "Traceback" not in ran.err
    assert not any(character in ran.err for character in "\x00\x07\x1b\u202e")


@nasty
def test_a_nasty_text_finds_or_does_not(call: Call, text: str) -> None:
    harmless(call("find", "--", text))
    harmless(call("find", "--", text, as_json=False))


@nasty
def test_a_nasty_number_is_no_ticket(call: Call, text: str) -> None:
    for verb in ("show", "withdraw"):
        ran = call(verb, "--", text)
        harmless(ran)
        assert ran.code in KNOWN


@nasty
def test_nasty_options_of_a_cancellation_cancel_nothing_wrong(call: Call, text: str) -> None:
    for option in ("--reason", "--evidence", "--identity", "--consent", "--channel", "--paper", "--approve-as"):
        ran = call("cancel", "T-1", f"{option}={text}")
        harmless(ran)
        assert ran.status != 0
    harmless(call("plan", "T-1", "--reason", "other", f"--note={text}"))


@nasty
def test_a_nasty_note_is_kept_and_printed_without_harm(call: Call, tmp_path: Path, text: str) -> None:
    ran = call(
        "cancel",
        "T-1",
        "--reason",
        "mistake",
        f"--note={text}",
        "--consent",
        "verbal",
        "--slip",
        str(tmp_path / "s.pdf"),
    )
    harmless(ran)
    assert (ran.status == 0) == (len(text) <= 2_000)
    harmless(call("show", "T-1", as_json=False))


@nasty
def test_a_nasty_clerk_pin_or_folder_is_refused(call: Call, tmp_path: Path, text: str) -> None:
    harmless(call("find", "x", f"--clerk={text}", clerk=""))
    harmless(call("find", "x", f"--data={text}"))
    if "\0" not in text and "\ud800" not in text:  # neither can stand in an environment
        ran = call("find", "x", STORE_DESK_PIN=text)
        harmless(ran)
        assert ran.code == "wrong_pin"


@nasty
def test_a_nasty_file_name_never_breaks_the_answer(call: Call, text: str) -> None:
    call("cancel", "T-1", "--reason", "mistake", "--consent", "verbal")
    ran = call("slip", "T-1", f"--out=/nowhere/{text}")
    harmless(ran)
    assert ran.code in ("wrong_use", "file_not_written")


def test_data_that_steers_a_terminal_is_shown_as_escapes(call: Call, folder: Path) -> None:
    from dataclasses import replace

    from store_desk.app.wiring import open_desk

    opened = open_desk(folder)
    with opened.desk.work() as uow:
        (ticket,) = uow.tickets.by_number("T-1")
        changed = replace(ticket, customer="\x1b[31m王", product="\u202eevil", version=ticket.version + 1)
        uow.tickets.save(changed, seen_version=ticket.version)
    opened.close()
    for words in (("find", "T-1"), ("show", "T-1")):
        ran = call(*words, as_json=False)
        assert "\x1b" not in ran.out and "\u202e" not in ran.out
        assert "\\x1b[31m王" in ran.out


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("nonsense",),
        ("insights",),
        ("find",),
        ("find", "x", "--unknown"),
        ("find", "x", "--limit"),
        ("find", "x", "--lang", "fr"),
        ("staff",),
        ("staff", "add"),
        ("cancel",),
        ("reopen", "T-1"),
        ("slip", "T-1"),
        ("import",),
        ("import", "x.csv", "--undo", "1"),
        ("import", "x.csv", "--map", "number"),
        ("import", "x.csv", "--value", "state=x"),
        ("keys",),
        ("find", "x", "--json=yes"),
    ],
)
def test_wrong_use_is_told_in_both_languages_with_status_two(call: Call, argv: tuple[str, ...]) -> None:
    chinese = call(*argv)
    assert (chinese.status, chinese.code) == (2, "wrong_use")
    if "--lang" not in argv:
        english = call(*argv, "--lang", "en")
        assert english.status == 2
        assert english.json["error"]["message"] != chinese.json["error"]["message"]
    plain = call(*argv, as_json=False)
    assert plain.out == ""
    assert plain.err.strip()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_in_both_languages(
    call: Call, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert main([verb, "--help", "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert main([verb, "--help", "--lang", "en"]) == 0
    assert chinese != capsys.readouterr().out
    assert set(call(verb, "--help", clerk="").json) == {"help"}


def test_what_stands_behind_two_dashes_is_no_option(call: Call) -> None:
    ran = call(
        "find", "--lang", "en", "--clerk", "2047", "--", "--json", clerk="", as_json=False, STORE_DESK_PIN="975318"
    )
    assert (ran.status, ran.out) == (0, "")
    assert "Nothing was found" in ran.err


def test_the_version_is_told(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip().count(".") == 2
    assert set(call("--version", clerk="").json) == {"version"}


def test_every_verb_is_there() -> None:
    assert {name.split()[0] for name in DOES} == set(VERBS)


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (("--data", "find", "show", "x"), "show"),
        (("--json", "--lang", "en", "find"), "find"),
        (("--demo",), ""),
        ((), ""),
        (("--data=x", "import"), "import"),
        (("--scheme", "dark"), ""),
    ],
)
def test_the_first_word_is_neither_option_nor_its_value(argv: tuple[str, ...], word: str) -> None:
    assert first_word(argv) == word


def test_an_answer_that_cannot_be_written_is_told_on_standard_error(
    call: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    import io
    import sys

    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("STORE_DESK_PIN", "975318")
    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["find", "T-1", "--data", str(folder), "--clerk", "2047", "--json"]) == 3
    assert "No space left" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["desk.db", "keys.json", "desk.check", "slip.pdf", "inner/slip.pdf", "x/../keys.json"])
def test_no_file_is_put_into_the_data_folder(call: Call, folder: Path, name: str) -> None:
    """A slip called desk.db would be the end of the database, a public key called keys.json that of all keys."""
    place = str(folder / name)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in ("keys.json", "desk.check")}
    cancel = ("cancel", "T-1", "--reason", "mistake", "--consent", "paper", "--slip", place)
    keep = (("journal", "--export", place), ("backup", place))
    rest = (("keys", "export", place), *keep, ("slip", "T-1", "--out", place))
    rest += (("evidence", "T-1", "--out", place), ("stop-sheet", "T-4", "--out", place))
    for words in (cancel, *rest, ("export", place + ".csv")):
        ran = call(*words)
        assert (ran.status, ran.code) == (2, "wrong_use"), ran
        assert place in ran.json["error"]["message"]
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert call("show", "T-1").json["ticket"]["status"] == "open"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no file without an end here")
def test_a_file_without_an_end_is_no_certificate_key_or_table(call: Call) -> None:
    endless = "/dev/zero"
    for words in (
        ("keys", "import", endless),
        ("join", "https://127.0.0.1:9", "CODE", "--authority", endless),
        ("import", endless),
        ("attach", "T-1", endless),
        ("verify", endless),
        ("verify", "SD1:", "--trust", endless),
    ):
        ran = call(*words, clerk="1001", STORE_DESK_CERTIFICATE_PASSPHRASE="x")
        assert (ran.status, ran.code) == (3, "file_unreadable"), words


@pytest.mark.parametrize("address", ["http://", "http://[::1", "https://:443/x", "http://x:99999/", "http:/x", "tsa"])
def test_a_time_stamp_authority_that_nobody_can_ask_is_wrong_use(call: Call, address: str) -> None:
    ran = call("keys", "stamp", address, clerk="1001")
    assert (ran.status, ran.code) == (2, "wrong_use")


def test_who_asks_for_json_and_names_no_verb_is_told_so_and_gets_no_window() -> None:
    ran = start("--json", "--lang", "en")
    assert ran.returncode == 2
    assert json.loads(ran.stdout)["error"]["code"] == "wrong_use"


def test_a_head_office_without_a_database_is_told_how_to_name_one(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SD_HUB_DATABASE", raising=False)
    ran = call("hub", "enrol", "XH", "1", "--lang", "en", clerk="")
    assert (ran.status, ran.code) == (2, "wrong_use")
    assert "postgresql://" in ran.json["error"]["message"]


def test_a_failing_disk_names_the_file(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_args: object, **_options: object) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    ran = call("find", "T-1")
    assert (ran.status, ran.code) == (3, "disk_failed")
    assert "desk.db" in ran.json["error"]["message"]
    # Whether a slip is genuine is asked by people who may not even look into the folder.
    assert call("verify", "SD1:NOTHING", clerk="").json["verdict"] == "unreadable"


def test_a_code_of_signs_that_no_code_holds_is_unreadable(call: Call) -> None:
    assert call("verify", "SD1:" + "🧾" * 190, clerk="").json["verdict"] == "unreadable"
