"""Who may ask what: signatures, revoked desks, other stores, roles, and how often."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from store_desk.domain.record import TicketRecord
from store_desk.hub.config import HubConfig
from store_desk.hub.enrolling import Place
from store_desk.hub.examples import EXAMPLES
from store_desk.hub.routes import ROUTES, Route
from store_desk.services.messages import record_to_body
from tests.hub.given import a_ticket
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import Running, _found, running

SIGNED = [route for route in ROUTES if route.path != "/v1/enrol"]
BY_PATH = pytest.mark.parametrize("route", SIGNED, ids=lambda route: route.path)


def test_a_revoked_desk_is_told_so_everywhere_from_its_next_request_on(
    service: Running, desk: Desk, office: Desk, system: Desk
) -> None:
    askers = {"desk": desk, "head_office": service.desk(Place("HQ", 2, role="head_office")), "system": system}
    for asker in askers.values():
        office.ok("/v1/admin/desks/revoke", {"actor": "9001", "desk_id": asker.id, "why": "被盗"})
    for route in SIGNED:
        for role in route.roles:
            assert askers[role].refused(route.path, EXAMPLES[route.path]) == (401, "desk_revoked"), route.path
            assert askers[role].refused(route.path, b"no json") == (401, "desk_revoked"), route.path


@BY_PATH
def test_nobody_unknown_and_no_forged_signature_gets_in(service: Running, desk: Desk, route: Route) -> None:
    asks = EXAMPLES[route.path]
    assert Desk(service.client).refused(route.path, asks) == (401, "unknown_desk")
    assert desk.refused(route.path, asks, SD_Signature="00" * 64) == (401, "bad_signature")
    assert desk.refused(route.path, asks, SD_Time="1") == (401, "bad_signature")
    assert desk.refused(route.path, asks, SD_Nonce=secrets.token_hex(16)) == (401, "bad_signature")
    assert desk.refused(route.path, asks, SD_Desk="x") == (401, "unknown_desk")
    bare = service.client.post(route.path, json=asks)
    assert (bare.status_code, bare.json()["error"]["code"]) == (426, "protocol_not_served")


@BY_PATH
def test_only_the_roles_of_an_address_may_ask(desk: Desk, system: Desk, office: Desk, route: Route) -> None:
    askers = {"desk": desk, "head_office": office, "system": system}
    for role, asker in askers.items():
        if role not in route.roles:
            assert asker.refused(route.path, EXAMPLES[route.path]) == (403, "role_missing")


def _admin() -> list[Route]:
    return [route for route in ROUTES if route.path.startswith("/v1/admin/")]


@pytest.mark.parametrize("route", _admin(), ids=lambda route: route.path)
def test_administration_asks_for_a_person_of_head_office(office: Desk, route: Route) -> None:
    for actor in ("9002", "1001", "7777"):
        asks = EXAMPLES[route.path] | {"actor": actor}
        assert office.refused(route.path, asks) == (403, "person_missing"), actor


def test_a_person_who_was_disabled_may_no_longer_administer(office: Desk) -> None:
    people = office.ok("/v1/admin/people", {"actor": "9001"})["people"]
    me = next(person for person in people if person["id"] == "9001")
    asks = {"actor": "9001", "person": me | {"enabled": False}, "expected_version": me["version"]}
    office.ok("/v1/admin/people/put", asks)
    assert office.refused("/v1/admin/people", {"actor": "9001"}) == (403, "person_missing")


def test_a_foreign_stores_tickets_are_refused_at_every_address(
    service: Running, desk: Desk, foreign: Desk, system: Desk
) -> None:
    ticket = a_ticket()
    epoch = desk.push(desk.bring(ticket))["epoch"]
    head = desk.ok("/v1/snapshot", {"store": "XH"})
    zero = "00" * 32
    # Operations: on the ticket of another store, and a new ticket for it.
    moved = foreign.push(foreign.assign(ticket))["answers"][0]
    assert (moved["result"], moved["body"]) == ("refused_scope", None)
    assert foreign.push(foreign.bring(a_ticket()))["answers"][0]["result"] == "refused_scope"
    shown = foreign.ok(
        "/v1/changes",
        {"epoch": epoch, "feeds": [{"store": "XH", "epoch": epoch, "seq": 0, "hash": zero}], "answers": []},
    )
    assert shown["changes"] == [] and shown["heads"] == []
    assert foreign.refused("/v1/snapshot", {"store": "XH"}) == (403, "wrong_store")
    chunk = {"snapshot_id": head["snapshot_id"], "n": 0}
    assert foreign.refused("/v1/snapshot/chunk", chunk) == (403, "wrong_store")
    assert all(answer["body"] is None for answer in foreign.ok("/v1/answers", {"inc": 1, "after": 0})["answers"])
    fact = {"tickets": [{"ticket_id": ticket.id, "body": record_to_body(TicketRecord(ticket))}]}
    outcome = foreign.ok("/v1/facts", fact)["tickets"][0]
    assert (outcome["result"], outcome["why"], outcome["version"]) == ("refused", "wrong_store", 0)
    rules = foreign.ok("/v1/rules", {})
    assert {person["store"] for person in rules["people"]} <= {"PD"}
    other = service.desk(Place("PD", 901, role="system", name="erp"))
    step = {"id": "a" * 32, "work": "assigned"}
    assert other.refused("/v1/system/move", step | {"ticket": {"id": ticket.id}}) == (404, "ticket_not_found")
    by_number = {"ticket": {"number": ticket.number, "store": "XH"}}
    assert other.refused("/v1/system/move", step | by_number) == (403, "wrong_store")
    assert other.refused("/v1/system/ticket", EXAMPLES["/v1/system/ticket"]) == (403, "wrong_store")


def test_a_desk_of_head_office_with_few_stores_administers_no_others(service: Running, desk: Desk) -> None:
    narrow = service.desk(Place("HQ", 3, role="head_office", scope=("HQ", "PD")))
    desks = narrow.ok("/v1/admin/desks", {"actor": "9001"})["desks"]
    assert {item["store"] for item in desks} == {"HQ"}
    assert {item["store"] for item in narrow.ok("/v1/admin/people", {"actor": "9001"})["people"]} == {"HQ"}
    revoke = {"actor": "9001", "desk_id": desk.id}
    assert narrow.refused("/v1/admin/desks/revoke", revoke) == (404, "desk_not_found")
    assert narrow.refused("/v1/admin/desks/code", EXAMPLES["/v1/admin/desks/code"]) == (403, "wrong_store")
    wide = {"actor": "9001", "id": "b" * 32, "store": "PD", "desk": 5, "scope": ["PD", "XH"]}
    assert narrow.refused("/v1/admin/desks/code", wide) == (403, "wrong_store")
    assert narrow.refused("/v1/admin/people/put", EXAMPLES["/v1/admin/people/put"]) == (403, "wrong_store")


def test_one_desk_that_asks_too_often_is_held_back_and_no_other(conninfo: str) -> None:
    for made in running(HubConfig(database=conninfo, rate=0.5, burst=5)):
        made.do(_found)
        busy, calm = made.desk(Place("XH", 1)), made.desk(Place("XH", 2))
        replies = [busy.post("/v1/rules", {}) for _ in range(8)]
        assert [reply.status_code for reply in replies] == [200] * 5 + [429] * 3
        assert int(replies[-1].headers["Retry-After"]) >= 1
        # Somebody who names the desk without its key cannot use up its turn.
        for _ in range(10):
            calm.post("/v1/rules", {}, SD_Signature="00" * 64)
        assert calm.post("/v1/rules", {}).status_code == 200


class TestEnrolment:
    def test_a_code_admits_one_desk_and_a_repeated_request_gets_the_same_answer(self, service: Running) -> None:
        code = service.code(Place("XH", 7, name="前台 7"))
        desk = Desk(service.client)
        first = desk.enrol(code.lower().replace("-", " "))
        assert first.status_code == 200
        shown = first.json()
        assert (shown["store"], shown["desk"], shown["inc"], shown["scope"]) == ("XH", 7, 1, ["XH"])
        again = desk.enrol(code).json()
        assert {**again, "now_ms": 0} == {**shown, "now_ms": 0}
        assert Desk(service.client).enrol(code).json()["error"]["code"] == "code_wrong"

    def test_the_key_that_is_named_must_sign(self, service: Running) -> None:
        desk, other = Desk(service.client), Desk(service.client)
        code = service.code(Place("XH", 7))
        from tests.hub.http.asking import public_hex

        asks = {"code": code, "public_key": public_hex(other.key)}
        assert desk.refused("/v1/enrol", asks) == (401, "bad_signature")

    def test_five_wrong_tries_end_a_code(self, service: Running) -> None:
        code = service.code(Place("XH", 7))
        last = "0" if code[-1] != "0" else "1"
        desk = Desk(service.client)
        for _ in range(5):
            assert desk.enrol(code[:-1] + last).json()["error"]["code"] == "code_wrong"
        assert desk.enrol(code).json()["error"]["code"] == "code_wrong"

    def test_a_code_ends_after_ten_minutes(self, service: Running) -> None:
        code = service.code(Place("XH", 7))
        service.do(
            lambda unit: unit.connection.execute("update enrolment_code set expires_at = now() - interval '1 second'")
        )
        assert Desk(service.client).enrol(code).json()["error"]["code"] == "code_wrong"

    def test_no_code_is_kept_as_it_is(self, service: Running) -> None:
        code = service.code(Place("XH", 7)).replace("-", "")
        rows: Any = service.do(lambda unit: unit.connection.execute("select * from enrolment_code").fetchall())
        assert code not in str(rows) and code[3:] not in str(rows)

    def test_guessing_is_slowed_down(self, service: Running) -> None:
        desk = Desk(service.client)
        codes = [desk.enrol("ZZZZ-ZZZZ") for _ in range(30)]
        assert codes[-1].status_code == 429

    def test_a_place_that_is_taken_is_freed_by_revoking(self, service: Running, desk: Desk, office: Desk) -> None:
        asks = {"actor": "9001", "id": "c" * 32, "store": "XH", "desk": 1}
        assert office.refused("/v1/admin/desks/code", asks) == (409, "desk_taken")
        office.ok("/v1/admin/desks/revoke", {"actor": "9001", "desk_id": desk.id})
        code = office.ok("/v1/admin/desks/code", asks)["code"]
        assert office.refused("/v1/admin/desks/code", asks) == (409, "conflict")
        assert Desk(service.client).enrol(code).status_code == 200


class TestAtTheEdge:
    def test_what_is_no_json_object_of_the_protocol_is_refused(self, desk: Desk) -> None:
        for body in (b"", b"[]", b"{", b'{"known_version":1,"known_version":2}', b'{"x":1}', b'{"known_version":NaN}',
                     b'{"known_version":9007199254740993}', b'{"known_version":"1"}', b'{"known_version":true}',
                     b"[" * 40 + b"]" * 40, b"\xff", b'{"known_version":1.0}'):  # fmt: skip
            assert desk.refused("/v1/rules", body) == (400, "bad_request"), body
        assert desk.refused("/v1/rules", b"{}", Content_Type="text/plain") == (415, "not_json")

    def test_another_protocol_is_told_which_one_is_served(self, desk: Desk) -> None:
        reply = desk.post("/v1/rules", {}, SD_Protocol="9; min=8")
        assert reply.status_code == 426
        assert reply.headers["SD-Protocol"] == "1; min=1"
        assert desk.post("/v1/rules", {}, SD_Protocol="3; min=1").status_code == 200

    def test_other_addresses_and_methods_are_refused_as_the_protocol_has_it(self, service: Running) -> None:
        for method, path, said in (("GET", "/v1/rules", 405), ("POST", "/v1/none", 404), ("GET", "/docs", 404)):
            reply = service.client.request(method, path)
            assert reply.status_code == said
            assert set(reply.json()["error"]) == {"code", "message", "facts"}

    def test_life_readiness_and_counters_are_shown(self, service: Running, desk: Desk) -> None:
        desk.ok("/v1/rules", {})
        assert service.client.get("/healthz").json() == {"ok": True}
        assert service.client.get("/readyz").json() == {"ok": True}
        shown = service.client.get("/metrics").text
        assert 'store_desk_requests_total{route="/v1/rules",status="200"} 1.0' in shown
        assert desk.id not in shown


def test_a_database_that_is_away_is_busy_and_no_fault(service: Running, desk: Desk) -> None:
    service.server._service.database.close()
    reply = desk.post("/v1/rules", {})
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "busy")
    assert int(reply.headers["Retry-After"]) > 0
    assert service.client.get("/readyz").status_code == 503
    assert isinstance(service.client, httpx.Client)
