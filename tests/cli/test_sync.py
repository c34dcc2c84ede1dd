"""`sync` and `join`, and what an answer that comes at once changes about `cancel`, `withdraw` and `reopen`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store_desk.app.wiring import open_desk
from store_desk.domain.ticket import Ticket
from store_desk.hub.enrolling import Place
from store_desk.services.enrolment import Enrolment, put_enrolment, read_enrolment
from tests.cli.conftest import Ran
from tests.hub.conftest import *  # noqa: F403  (fixtures of the embedded database)
from tests.hub.http.conftest import Running
from tests.shop import PINS
from tests.sync.conftest import service  # noqa: F401
from tests.sync.scene import counter

Verb = Callable[..., Ran]


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Ticket]:
    """A founded desk with one ticket, closed."""
    made = counter(tmp_path / "desk2", desk=2)
    ticket = made.shop.ticket()
    made.close()
    return made.folder, ticket


@pytest.fixture
def verb(call: Callable[..., Ran], desk: tuple[Path, Ticket]) -> Verb:
    """Runs a verb at that desk."""

    def run(*words: str, clerk: str = "2047", **variables: Any) -> Ran:
        variables.setdefault("STORE_DESK_PIN", PINS.get(clerk, ""))
        return call(*words, clerk=clerk, data=desk[0], **variables)

    return run


@pytest.fixture
def joined(verb: Verb, service: Running) -> Ran:  # noqa: F811
    """What joining said."""
    return verb("join", str(service.client.base_url), service.code(Place("XH", 2)), clerk="1001")


def away(folder: Path) -> None:
    """Takes the line away."""
    opened = open_desk(folder)
    enrolment = read_enrolment(opened.desk)
    assert isinstance(enrolment, Enrolment)
    with opened.desk.work() as uow:
        put_enrolment(uow, replace(enrolment, url="http://127.0.0.1:9"))
    opened.close()


def test_joining_needs_a_manager_and_tells_what_was_sent(verb: Verb, service: Running, joined: Ran) -> None:  # noqa: F811
    assert joined.status == 0
    assert joined.json == {"store": "XH", "desk": 2, "role": "desk", "tickets": 1, "conflicts": 0}
    assert verb("join", "https://hq.example.com", "7KQ2-M4XD").code == "right_missing"
    assert verb("join", "http://hq.example.com", "7KQ2-M4XD", clerk="1001").status == 1


def test_one_round_tells_what_it_did(verb: Verb, joined: Ran) -> None:
    ran = verb("sync", "--once", clerk="")
    assert ran.status == 0
    assert {name: ran.json[name] for name in ("sent", "answered", "waiting", "refused")} == {
        "sent": 0,
        "answered": 0,
        "waiting": 0,
        "refused": 0,
    }
    assert ran.json["received"] == 0
    assert ran.json["last_contact"].startswith("20")


def test_a_desk_that_stands_alone_has_nobody_to_talk_to(verb: Verb) -> None:
    ran = verb("sync", "--once", clerk="")
    assert (ran.status, ran.code) == (1, "not_enrolled")


def test_an_answer_that_comes_at_once_makes_the_slip_final(
    verb: Verb, joined: Ran, desk: tuple[Path, Ticket], tmp_path: Path
) -> None:
    out = tmp_path / "slip.pdf"
    words = ("--reason", "mistake", "--consent", "paper", "--slip", str(out))
    ran = verb("cancel", desk[1].number, *words)
    assert ran.status == 0, ran.err
    assert ran.json["case"]["state"] == "confirmed"
    assert ran.json["ticket"]["status"] == "cancelled"
    assert ran.json["slip"]["status"] == "FINAL"
    assert out.read_bytes().startswith(b"%PDF")
    back = verb("withdraw", desk[1].number)
    assert back.status == 0, back.err
    assert back.json["case"]["state"] == "withdrawn"
    assert verb("sync", "--once", clerk="").json["waiting"] == 0


def test_without_a_line_the_slip_is_provisional_and_sync_says_so(
    verb: Verb, joined: Ran, desk: tuple[Path, Ticket], tmp_path: Path
) -> None:
    away(desk[0])
    out = tmp_path / "slip.pdf"
    words = ("--reason", "mistake", "--consent", "paper", "--slip", str(out))
    began = time.monotonic()
    ran = verb("cancel", desk[1].number, *words)
    assert time.monotonic() - began < 20
    assert ran.status == 0, ran.err
    assert ran.json["case"]["state"] == "pending_head_office"
    assert ran.json["ticket"]["status"] == "cancelling"
    assert ran.json["slip"]["status"] == "PROVISIONAL"
    assert out.exists()
    once = verb("sync", "--once", clerk="")
    assert (once.status, once.code) == (3, "hub_unreachable")


def test_what_waits_for_an_answer_is_not_called_cancelled(
    call: Callable[..., Ran], joined: Ran, desk: tuple[Path, Ticket]
) -> None:
    away(desk[0])
    words = ("--reason", "mistake", "--consent", "paper", "--lang", "en")
    ran = call("cancel", desk[1].number, *words, clerk="2047", data=desk[0], as_json=False, STORE_DESK_PIN=PINS["2047"])
    assert ran.status == 0, ran.err
    assert ran.out.startswith(f"Request recorded · {desk[1].number}")


def test_a_file_belongs_to_head_office(verb: Verb, joined: Ran, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("工单号\nA-1\n", encoding="utf-8")
    ran = verb("import", str(file), clerk="1001")
    assert (ran.status, ran.code) == (1, "import_at_head_office")


def test_rounds_go_on_until_they_are_stopped(joined: Ran, desk: tuple[Path, Ticket]) -> None:
    assert joined.status == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "store_desk", "--data", str(desk[0]), "--json", "sync"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    before = _contact(desk[0])
    while _contact(desk[0]) == before:
        assert time.monotonic() < until, "no round is made"
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert '"waiting": 0' in out or '"waiting":0' in out


def _contact(folder: Path) -> object:
    from store_desk.services.enrolment import read_contact

    opened = open_desk(folder)
    try:
        return read_contact(opened.desk).at
    finally:
        opened.store.close()


@pytest.mark.parametrize(("lang", "said"), [("en", "Still waiting for head office"), ("zh", "还在等总部应答")])
def test_a_line_that_drips_is_told_while_it_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, verb: Verb, lang: str, said: str
) -> None:
    from store_desk.cli.verbs import sync
    from store_desk.sync import hub_client

    monkeypatch.setattr(sync, "WAITING_S", 0.2)
    monkeypatch.setattr(sync, "WAITING_AGAIN_S", 0.2)
    monkeypatch.setattr(hub_client, "ENROL_S", 3.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ran = verb("join", address, "7KQ2-M4XD", "--lang", lang, clerk="1001")
    assert (ran.status, ran.code) == (3, "hub_unreachable")
    assert ran.err.count(said) >= 2
    # Nothing is said of waiting once it is over.
    assert said not in ran.err.strip().splitlines()[-1]
