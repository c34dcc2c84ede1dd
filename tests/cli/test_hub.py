"""Head office's own verbs, against a real PostgreSQL."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from store_desk.cli import main
from store_desk.domain.case import CaseState, Origin
from store_desk.services.messages import record_from_body
from tests.hub.conftest import database_name, postgres, template  # noqa: F401  # fixtures
from tests.hub.http.asking import Desk

Hub = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def empty(postgres: Any) -> Any:  # noqa: F811
    """A database with nothing in it."""
    name = postgres.new_database()
    yield postgres.conninfo(name)
    postgres.drop_database(name)


@pytest.fixture
def hub(empty: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hub:
    """Runs `hub …` with --json on the database."""
    monkeypatch.setenv("SD_HUB_DATABASE", empty)

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        status = main(["hub", *words, "--json", "--lang", "en"])
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def founded(hub: Hub) -> Hub:
    """Head office with store XH."""
    assert hub("init")[0] == 0
    assert hub("enrol", "XH", "99", "--store-name", "徐汇店")[0] == 0
    return hub


def test_init_makes_head_office_once_and_may_be_repeated(hub: Hub) -> None:
    status, made = hub("init", "--person-id", "9001", "--person-name", "周总")
    assert (status, made["migrated"], made["store"], made["person"]) == (0, 1, "HQ", "9001")
    status, again = hub("init", "--person-id", "8888", "--store-code", "OTHER")
    assert (status, again["migrated"], again["store"], again["person"]) == (0, 0, "HQ", "9001")
    assert again["epoch"] == made["epoch"]


def test_a_code_is_told_for_a_known_store_and_desk(founded: Hub) -> None:
    status, made = founded("enrol", "XH", "2", "--role", "desk", "--name", "前台")
    assert (status, made["store"], made["desk"], made["store_entered"]) == (0, "XH", 2, False)
    assert len(made["code"].replace("-", "")) == 8
    status, refused = founded("enrol", "PD", "1")
    assert (status, refused["error"]["code"], refused["error"]["facts"]["reason"]) == (
        1,
        "hub_refused",
        "store_not_found",
    )
    assert "--store-name" in refused["error"]["message"]
    assert founded("enrol", "PD", "1", "--store-name", "浦东店", "--timezone", "Nowhere/X")[1]["error"]["code"] == (
        "setting_invalid"
    )
    assert founded("enrol", "pd!", "1", "--store-name", "x")[1]["error"]["code"] == "setting_invalid"


def test_no_code_is_given_for_a_desk_that_can_never_join(founded: Hub) -> None:
    status, refused = founded("enrol", "XH", "0")
    assert (status, refused["error"]["code"], refused["error"]["facts"]["name"]) == (1, "setting_invalid", "desk")
    assert founded("enrol", "XH", "1000")[1]["error"]["code"] == "setting_invalid"
    assert founded("enrol", "XH", "3", "--name", "长" * 150)[1]["error"]["facts"]["name"] == "name"


@pytest.mark.parametrize("content", ["[]", '{"rows": []}', "[", "nothing"])
def test_a_file_that_is_no_table_or_an_empty_one_takes_no_condition_away(
    founded: Hub, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "table.json"
    file.write_text(content)
    assert founded("conditions", str(file))[1]["error"]["code"] == "wrong_use"
    assert founded("conditions", str(tmp_path / "none.json"))[1]["error"]["code"] == "file_unreadable"
    assert founded("conditions", "--show")[1]["published"] is False


@pytest.mark.parametrize("words", [("enrol", "XH", "1"), ("revoke", "XH", "1"), ("conditions", "--show")])
def test_a_database_that_was_not_set_up_is_told_as_one(hub: Hub, words: tuple[str, ...]) -> None:
    status, refused = hub(*words)
    assert (status, refused["error"]["code"]) == (3, "hub_schema_older")


def test_revoking_a_desk_that_is_not_there_is_refused(founded: Hub) -> None:
    status, refused = founded("revoke", "XH", "5")
    assert (status, refused["error"]["facts"]["reason"]) == (1, "desk_not_found")


def test_a_condition_table_is_published_and_shown(founded: Hub, tmp_path: Path) -> None:
    assert founded("conditions", "--show")[1]["published"] is False
    file = tmp_path / "table.json"
    file.write_text(json.dumps({"rows": [{"reason": "mistake", "level": 4, "allowed": False}]}))
    status, done = founded("conditions", str(file))
    assert status == 0
    shown = founded("conditions", "--show")[1]
    assert shown["published"] and shown["conditions"]["version"] == done["version"] + 1
    assert shown["conditions"]["rows"][0]["reason"] == "mistake"


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("no json", 2, "wrong_use"),
        ("{}", 2, "wrong_use"),
        ('{"rows":[{"reason":"mistake","level":9}]}', 2, "wrong_use"),
        ('{"rows":[{"reason":"nonsense"}]}', 1, "setting_invalid"),
    ],
)
def test_a_table_that_desks_could_not_read_is_refused(
    founded: Hub, tmp_path: Path, text: str, status: int, code: str
) -> None:
    file = tmp_path / "table.json"
    file.write_text(text)
    got, refused = founded("conditions", str(file))
    assert (got, refused["error"]["code"]) == (status, code)
    assert founded("conditions", "--show")[1]["published"] is False


def test_without_a_database_it_is_wrong_use_and_without_a_server_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SD_HUB_DATABASE", raising=False)
    assert main(["hub", "init", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "wrong_use"
    assert main(["hub", "init", "--json", "--database", "host=/nonexistent dbname=x"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "hub_database_unreachable"


HEADINGS = ("售后单号", "门店", "客户姓名", "联系电话", "售后类型", "状态", "取消原因", "创建时间", "更新时间")


def _file(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "tickets.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows((HEADINGS, *rows))
    return path


def _row(
    number: str, *, store: str = "徐汇店", state: str = "待审核", who: str = "王秀兰", day: int = 2
) -> tuple[str, ...]:
    at = "2026-05-01 10:00:00"
    reason = "重复提交" if state == "已取消" else ""
    return (number, store, who, "13800006021", "维修", state, reason, at, f"2026-05-{day:02d} 10:00:00")


def _feed(conninfo: str, store: str) -> list[Any]:
    with psycopg.connect(conninfo) as connection:
        return [
            record_from_body(row[0])
            for row in connection.execute("select body from feed where store = %s order by seq", (store,))
        ]


def test_a_file_is_brought_in_store_by_store_and_only_what_is_newer_changes(
    founded: Hub, empty: str, tmp_path: Path
) -> None:
    assert founded("enrol", "PD", "99", "--store-name", "浦东店")[0] == 0
    file = _file(
        tmp_path, _row("A-1"), _row("A-2", state="已取消"), _row("A-3", store="PD"), _row("A-4", store="无名店")
    )
    status, tried = founded("import", str(file), "--dry-run")
    assert (status, tried["added"], tried["store_unknown"]) == (0, 3, 1)
    assert tried["stores_unknown"] == {"无名店": 1}
    assert _feed(empty, "XH") == []
    status, done = founded("import", str(file))
    assert (status, done["rows"], done["added"], done["refused"], done["stores"]) == (0, 4, 3, 1, ["PD", "XH"])
    xh = _feed(empty, "XH")
    assert [record.ticket.number for record in xh] == ["A-1", "A-2"]
    assert xh[1].state is CaseState.CONFIRMED and xh[1].cases[0].case.origin is Origin.IMPORT
    assert [record.ticket.number for record in _feed(empty, "PD")] == ["A-3"]
    again = founded("import", str(file))[1]
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 3)
    newer = _file(
        tmp_path, _row("A-1", who="王小明", day=9), _row("A-2", day=9), _row("A-3", store="PD", who="x", day=1)
    )
    later = founded("import", str(newer))[1]
    assert (later["updated"], later["conflicts"], later["unchanged"]) == (1, 1, 1)
    changed = _feed(empty, "XH")[-1]
    assert (changed.ticket.id, changed.ticket.customer, changed.ticket.version) == (xh[0].ticket.id, "王小明", 2)


def test_one_store_may_be_given_for_all_rows(founded: Hub, empty: str, tmp_path: Path) -> None:
    file = _file(tmp_path, _row("A-1", store="无名店"))
    assert founded("import", str(file), "--store", "XH")[1]["added"] == 1
    assert _feed(empty, "XH")[0].ticket.store == "XH"
    status, refused = founded("import", str(file), "--store", "NONE")
    assert (status, refused["error"]["code"]) == (3, "hub_store_unknown")


def test_words_that_nobody_has_explained_stop_an_import_before_anything_is_written(
    founded: Hub, empty: str, tmp_path: Path
) -> None:
    file = _file(tmp_path, _row("A-1"), _row("A-2", state="奇怪的状态"))
    status, refused = founded("import", str(file))
    assert (status, refused["error"]["code"]) == (1, "values_unknown")
    assert _feed(empty, "XH") == []
    explained = founded("import", str(file), "--value", "state:奇怪的状态=approved/unassigned")[1]
    assert explained["added"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_serve_answers_and_ends_in_peace_when_it_is_told_to(founded: Hub, empty: str) -> None:
    code = founded("enrol", "XH", "1")[1]["code"]
    with subprocess.Popen(
        [sys.executable, "-m", "store_desk", "hub", "serve", "--port", "0", "--json", "--lang", "en"],
        env=os.environ | {"SD_HUB_DATABASE": empty},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        port = next(line["port"] for line in map(json.loads, process.stderr) if line.get("event") == "listening")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            desk = Desk(client)
            assert desk.enrol(code).status_code == 200
            epoch = desk.ok("/v1/rules", {})["epoch"]
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            asks = {"epoch": epoch, "feeds": [], "answers": [], "wait_s": 20}
            # A poll that comes at the last moment is answered, or not taken at all; it is not kept waiting.
            with contextlib.suppress(httpx.TransportError):
                desk.post("/v1/changes", asks)
        out, _ = process.communicate(timeout=20)
        assert time.monotonic() - began < 10
        assert (process.returncode, json.loads(out)) == (0, {"ended": True})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_plain_connections_from_outside_are_refused_unless_asked_for(hub: Hub, host: str) -> None:
    status, refused = hub("serve", "--host", host)
    assert (status, refused["error"]["code"]) == (2, "wrong_use")
