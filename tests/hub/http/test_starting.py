"""How the service begins, what keeps it from that, and when it says that it is ready."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store_desk.domain.errors import WrongUse
from store_desk.hub import patience
from store_desk.hub.config import HubConfig, check_numbers
from store_desk.hub.enrolling import Place
from store_desk.hub.errors import DatabaseUnreachable
from store_desk.hub.logs import LibraryLines, make_log
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import GENESIS, ChangesAsked, FeedPosition
from store_desk.wire.v1 import ChangesRequest, OperationsRequest
from tests.embedded_postgres import EmbeddedPostgres
from tests.hub.given import a_ticket
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import Running, _found, running


def serve(database: str, *words: str) -> tuple[int, dict[str, Any], str]:
    """`hub serve` that is expected to end by itself: status, its JSON, what it wrote to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "store_desk", "hub", "serve", *words, "--json", "--lang", "en"],
        env=os.environ | {"SD_HUB_DATABASE": database},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


class TestWhatKeepsItFromBeginning:
    def test_a_database_that_was_not_set_up(self, postgres: EmbeddedPostgres) -> None:
        name = postgres.new_database()
        status, told, said = serve(postgres.conninfo(name), "--port", "0")
        postgres.drop_database(name)
        assert (status, told["error"]["code"]) == (3, "hub_schema_older")
        lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        assert {"not_started"} <= {line["event"] for line in lines}
        # Neither places in files nor words of a database stand in the log.
        assert ".py" not in said and "select" not in said.lower()

    def test_a_port_that_is_taken(self, conninfo: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            status, told, _ = serve(conninfo, "--port", str(port))
        assert (status, told["error"]["code"]) == (3, "environment")
        assert told["error"]["facts"]["detail"] == f"127.0.0.1:{port}: {os.strerror(98)}"

    def test_a_certificate_that_is_none(self, conninfo: str, tmp_path: Path) -> None:
        (tmp_path / "hub.pem").write_text("no certificate")
        file = str(tmp_path / "hub.pem")
        status, told, said = serve(conninfo, "--port", "0", "--certificate", file, "--key", file)
        assert (status, told["error"]["code"]) == (3, "environment")
        assert "hub.pem" in told["error"]["facts"]["detail"] and "Traceback" not in said

    @pytest.mark.parametrize(
        ("name", "value"), [("port", 65_536), ("port", -1), ("pool", 0), ("pool", -3), ("rate", 0.0), ("queue", 0)]
    )
    def test_a_number_with_which_nothing_could_run(self, name: str, value: float) -> None:
        given: dict[str, Any] = {"database": "x", name: value}
        with pytest.raises(WrongUse, match=name.upper()):
            check_numbers(HubConfig(**given))


class TestADatabaseThatCannotBeReached:
    def test_an_address_that_cannot_be_read_is_never_repeated(self) -> None:
        with pytest.raises(DatabaseUnreachable) as told:
            HubDatabase("postgresql:/hub:geheim@host/x").open()
        assert told.value.facts == {"detail": "address"}

    def test_the_reason_is_told_at_once_and_by_a_code(self, postgres: EmbeddedPostgres) -> None:
        began = time.monotonic()
        with pytest.raises(DatabaseUnreachable) as told:
            HubDatabase(postgres.conninfo("nowhere"), wait_s=30).open()
        assert told.value.facts == {"detail": "database"} and time.monotonic() - began < 15
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        with pytest.raises(DatabaseUnreachable) as told:
            HubDatabase(f"host=127.0.0.1 port={port} dbname=x", wait_s=0.1).open()
        assert told.value.facts == {"detail": "closed"}


def test_it_is_not_ready_and_no_fault_is_told_while_the_database_may_only_be_read(
    postgres: EmbeddedPostgres, database_name: str, conninfo: str
) -> None:
    log = io.StringIO()
    for service in running(HubConfig(database=conninfo, rate=1000.0, burst=100_000, pool=2), log):
        service.do(_found)
        desk = service.desk(Place("XH", 1))
        assert service.client.get("/readyz").status_code == 200
        _only_to_be_read(postgres, database_name, True)
        ticket = desk.bring(a_ticket())
        until = time.monotonic() + 30
        reply = desk.post("/v1/operations", {"operations": [_shown(ticket)]})
        # A connection may still be found broken first, which is worth an early second try.
        while int(reply.headers.get("Retry-After", "30")) < 30 and time.monotonic() < until:
            reply = desk.post("/v1/operations", {"operations": [_shown(ticket)]})
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "busy")
        assert int(reply.headers["Retry-After"]) >= 30
        assert service.client.get("/readyz").status_code == 503
        _only_to_be_read(postgres, database_name, False)
        until = time.monotonic() + 30
        while service.client.get("/readyz").status_code != 200 and time.monotonic() < until:
            time.sleep(0.05)
        assert desk.push(ticket)["answers"][0]["result"] == "accepted"
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert not [line for line in lines if line["event"] == "fault"]
    assert "hub_database_unwritable" in {line.get("why") for line in lines}


def _shown(envelope: Any) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(OperationsRequest.of((envelope,)).model_dump_json())
    shown: dict[str, Any] = asked["operations"][0]
    return shown


def _only_to_be_read(postgres: EmbeddedPostgres, name: str, so: bool) -> None:
    """Turns it for all connections; those that are open are ended."""
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f'alter database "{name}" set default_transaction_read_only = {"on" if so else "off"}')
        connection.execute("select pg_terminate_backend(pid, 20000) from pg_stat_activity where datname = %s", (name,))


class TestPlainPages:
    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
    def test_a_balancer_may_ask_without_wanting_the_content(self, service: Running, path: str) -> None:
        reply = service.client.head(path)
        assert (reply.status_code, reply.content) == (200, b"")

    def test_no_address_leads_elsewhere_and_a_wrong_method_is_told_the_right_one(
        self, service: Running, desk: Desk
    ) -> None:
        assert service.client.post("/v1/rules/", json={}).status_code == 404
        assert service.client.get("/v1/rules").headers["Allow"] == "POST"


def test_of_what_libraries_log_only_the_first_line_and_the_kind_of_error_are_kept() -> None:
    stream = io.StringIO()
    lines = LibraryLines(make_log(stream))
    lines.handle(logging.LogRecord("a", 40, "", 0, "Traceback:\n  File x\nKeyError: 王秀兰", None, None))
    values = ("hub", ValueError("13899990001"))
    lines.handle(logging.LogRecord("b", 30, "", 0, "error connecting in %r: %s", values, None))
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["event"] == "Traceback:"
    assert (second["event"], second["kind"]) == ("error connecting in %r: %s", "ValueError")
    assert ascii("王秀兰")[1:-1] not in stream.getvalue() and "13899990001" not in stream.getvalue()


class TestConnectionsOnWhichNoRequestComes:
    @pytest.fixture
    def impatient(self, monkeypatch: pytest.MonkeyPatch, service: Running) -> Running:
        monkeypatch.setattr(patience, "HEAD_WITHIN_S", 3.0)
        return service

    @staticmethod
    def connected(service: Running) -> socket.socket:
        base = service.client.base_url
        return socket.create_connection((base.host, base.port or 0), timeout=30)

    def test_a_silent_one_and_one_that_drips_its_head_are_closed(self, impatient: Running) -> None:
        with self.connected(impatient) as silent, self.connected(impatient) as drips:
            drips.sendall(b"POST /v1/rules HTTP/1.1\r\nHost: x\r\nX-")
            for one in (silent, drips):
                with contextlib.suppress(ConnectionResetError):
                    assert one.recv(100) == b""

    def test_one_that_asks_again_has_its_time_anew_and_a_further_head_may_not_drip_either(
        self, impatient: Running
    ) -> None:
        asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        with self.connected(impatient) as one:
            for _ in range(3):
                one.sendall(asked)
                reply = b""
                while not reply.endswith(b"}") and (more := one.recv(4096)):
                    reply += more
                assert b"200 OK" in reply
                time.sleep(1.2)
            one.sendall(asked[:10])
            with contextlib.suppress(ConnectionResetError):
                assert one.recv(100) == b""

    def test_a_poll_that_waits_is_not_cut_off(self, impatient: Running, desk: Desk) -> None:
        published = desk.ok("/v1/rules", {})
        question = ChangesAsked(published["epoch"], (FeedPosition("XH", published["epoch"], 0, GENESIS),), ())
        began = time.monotonic()
        desk.ok("/v1/changes", ChangesRequest.of(question, wait_s=5, rules_version=published["version"]))
        # Longer than a head may take.
        assert time.monotonic() - began > 4
