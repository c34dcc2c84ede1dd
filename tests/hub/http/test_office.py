"""What head office's people publish and keep, what joining desks bring, what other systems move."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from store_desk.domain.case import CancellationCase, CaseState, Origin
from store_desk.domain.consent import Channel
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.ticket import Ticket
from store_desk.hub.config import HubConfig
from store_desk.hub.enrolling import Place
from store_desk.hub.logs import make_log
from store_desk.services.messages import record_from_body, record_to_body
from store_desk.services.rules import conditions_from_json, policy_from_json
from tests.hub.given import NOON, a_ticket
from tests.hub.http.asking import Desk, new_id
from tests.hub.http.conftest import Running, _found, running

LOOK = {"actor": "9001"}


class TestPublishing:
    def test_a_published_table_reaches_every_desk_with_a_number_of_its_own(self, office: Desk, desk: Desk) -> None:
        rows = [{"reason": "mistake", "type": "return", "level": 4, "allowed": False}, {"reason": "other"}]
        done = office.ok("/v1/admin/conditions/publish", LOOK | {"rows": rows, "expected_version": 0})
        shown = office.ok("/v1/admin/conditions", LOOK)
        assert (shown["version"], shown["published_by"]) == (done["version"], "HQ/9001")
        told = desk.ok("/v1/rules", {})["published"][0]
        table = conditions_from_json(told["text"])
        assert table.version == done["version"] + 1 and not table.rows[0].allowed
        assert told["text"] == shown["text"]

    def test_who_did_not_see_the_present_version_changes_nothing(self, office: Desk) -> None:
        first = office.ok("/v1/admin/policy/publish", LOOK | {"values": {"undo_window_s": 60}, "expected_version": 0})
        late = LOOK | {"values": {"undo_window_s": 900}, "expected_version": 0}
        reply = office.post("/v1/admin/policy/publish", late)
        assert reply.status_code == 409
        assert reply.json()["error"]["facts"] == {"expected": 0, "present": first["version"]}
        assert policy_from_json(office.ok("/v1/admin/policy", LOOK)["text"]).undo_window_s == 60

    @pytest.mark.parametrize(
        ("path", "asks"),
        [
            ("conditions", {"rows": [{"reason": "nonsense"}]}),
            ("conditions", {"rows": [{"reason": "other", "evidence": ["nonsense"]}]}),
            ("policy", {"values": {"undo_window_s": -1}}),
            ("policy", {"values": {"nonsense": 1}}),
            ("policy", {"values": {"tariff_minor.9": 1}}),
            ("force-majeure", {"events": [{"code": "a", "zh": "台风", "begins": "2026-02-30"}]}),
            ("force-majeure", {"events": [{"code": "a", "zh": "台风", "begins": "2026-02-03", "ends": "2026-02-01"}]}),
            ("tiles", {"reasons": ["mistake", "mistake"]}),
            ("tiles", {"reasons": ["nonsense"]}),
        ],
    )
    def test_what_desks_could_not_read_is_not_published(self, office: Desk, path: str, asks: dict[str, Any]) -> None:
        whole = LOOK | asks | {"expected_version": 0}
        assert office.refused(f"/v1/admin/{path}/publish", whole) == (422, "setting_invalid")
        assert office.ok(f"/v1/admin/{path}", LOOK)["version"] == 0

    def test_events_and_tiles_are_published_as_desks_read_them(self, office: Desk, desk: Desk) -> None:
        event = {"code": "typhoon-7", "zh": "台风“海葵”", "en": "", "begins": "2026-09-01", "ends": None}
        office.ok("/v1/admin/force-majeure/publish", LOOK | {"events": [event], "expected_version": 0})
        office.ok("/v1/admin/tiles/publish", LOOK | {"reasons": ["other", "mistake"], "expected_version": 0})
        texts = {item["name"]: item["text"] for item in desk.ok("/v1/rules", {})["published"]}
        assert json.loads(texts["force_majeure"]) == [event]
        assert json.loads(texts["tiles"]) == ["other", "mistake"]


class TestKeeping:
    def test_a_new_store_is_seen_by_head_office_at_once(self, office: Desk) -> None:
        store = {"code": "JA", "name": "静安店", "zone": "Asia/Shanghai"}
        office.ok("/v1/admin/stores/put", LOOK | {"store": store, "expected_version": 0})
        codes = [item["code"] for item in office.ok("/v1/admin/stores", LOOK)["stores"]]
        assert codes == ["HQ", "JA", "PD", "XH"]
        asks = LOOK | {"id": new_id(), "store": "JA", "desk": 1}
        assert len(office.ok("/v1/admin/desks/code", asks)["code"]) == 9

    @pytest.mark.parametrize(
        "wrong", [{"zone": "Asia/Nowhere"}, {"currency": "ZZZ"}, {"currency": "KWD"}, {"country": "XX"}], ids=str
    )
    def test_a_place_that_nobody_knows_or_can_keep_is_refused(self, office: Desk, wrong: dict[str, str]) -> None:
        store = {"code": "JA", "name": "静安店", "zone": "Asia/Shanghai"} | wrong
        asks = LOOK | {"store": store, "expected_version": 0}
        assert office.refused("/v1/admin/stores/put", asks) == (422, "setting_invalid")

    def test_two_who_change_one_person_do_not_undo_each_other(self, office: Desk) -> None:
        people = office.ok("/v1/admin/people", LOOK)["people"]
        seen = next(person for person in people if person["id"] == "1001")
        change = LOOK | {"person": seen | {"role": "clerk"}, "expected_version": seen["version"]}
        office.ok("/v1/admin/people/put", change)
        late = LOOK | {"person": seen | {"enabled": False}, "expected_version": seen["version"]}
        assert office.refused("/v1/admin/people/put", late) == (409, "version_moved")

    def test_a_manager_makes_nobody_one_of_head_office(self, service: Running, office: Desk) -> None:
        person = {"store": "HQ", "id": "9100", "name": "周", "role": "manager"}
        office.ok("/v1/admin/people/put", LOOK | {"person": person, "expected_version": 0})
        risen = {"actor": "9100", "person": person | {"id": "9101", "role": "head_office"}, "expected_version": 0}
        assert office.refused("/v1/admin/people/put", risen) == (403, "person_missing")
        code = {"actor": "9100", "id": new_id(), "store": "HQ", "desk": 9, "role": "head_office"}
        assert office.refused("/v1/admin/desks/code", code) == (403, "person_missing")

    def test_keys_of_revoked_desks_stay_known_as_such(self, office: Desk, desk: Desk, foreign: Desk) -> None:
        office.ok("/v1/admin/desks/revoke", LOOK | {"desk_id": desk.id})
        office.ok("/v1/admin/desks/revoke", LOOK | {"desk_id": desk.id})
        told = {item["desk_id"]: item for item in foreign.ok("/v1/rules", {})["desks"]}
        assert (
            told[desk.id]["revoked"] and told[desk.id]["public_key"] == desk.key.public_key().public_bytes_raw().hex()
        )
        assert not told[foreign.id]["revoked"]


def _record(**changes: object) -> TicketRecord:
    ticket = a_ticket(**changes)
    case = CancellationCase(
        id=new_id(), ticket_id=ticket.id, state=CaseState.CONFIRMED, reason=Reason.MISTAKE, level=1,
        channel=Channel.COUNTER, origin=Origin.DESK, opened_at=NOON, requester="1001", applied_at=NOON, decided_at=NOON,
    )  # fmt: skip
    return TicketRecord(replace(ticket, version=4), (CaseRecord(case, desk="XH1", slip="XH1-26-S000001-A"),), case.id)


def _fact(record: TicketRecord) -> dict[str, str]:
    return {"ticket_id": record.ticket.id, "body": record_to_body(record)}


class TestJoining:
    def test_what_a_lone_desk_did_is_taken_as_it_is_and_told_to_the_store(self, desk: Desk) -> None:
        record = _record()
        slip = {
            "number": "XH1-26-S000001-A", "ticket_id": record.ticket.id, "case_id": record.standing, "variant": "final",
            "body": "{}", "hash": "11" * 32, "made_at_ms": 1_763_791_200_000,
        }  # fmt: skip
        person = {"id": "2047", "name": "林晓雨", "role": "clerk"}
        asks = {"tickets": [_fact(record)], "slips": [slip], "people": [person]}
        first = desk.ok("/v1/facts", asks)
        assert [first[kind][0]["result"] for kind in ("tickets", "slips", "people")] == ["added"] * 3
        again = desk.ok("/v1/facts", asks)
        assert [again[kind][0]["result"] for kind in ("tickets", "slips", "people")] == ["same"] * 3
        zero = "00" * 32
        feed = {"store": "XH", "epoch": first["epoch"], "seq": 0, "hash": zero}
        changes = desk.ok("/v1/changes", {"epoch": first["epoch"], "feeds": [feed], "answers": []})["changes"]
        assert [record_from_body(change["body"]) for change in changes] == [record]

    def test_what_head_office_has_otherwise_stays_and_is_listed(self, desk: Desk) -> None:
        record = _record()
        desk.ok("/v1/facts", {"tickets": [_fact(record)]})
        other = replace(record, ticket=replace(record.ticket, customer="别人"))
        told = desk.ok("/v1/facts", {"tickets": [_fact(other)]})["tickets"][0]
        assert (told["result"], told["why"], told["version"]) == ("conflict", "differs", 4)
        twin = _record(number=record.ticket.number)
        told = desk.ok("/v1/facts", {"tickets": [_fact(twin)]})["tickets"][0]
        assert (told["result"], told["why"], told["other"]) == ("conflict", "number_taken", record.ticket.id)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda shown: shown["ticket"].update(number=5),
            lambda shown: shown["ticket"].update(customer={"a": 1}),
            lambda shown: shown["ticket"].update(customer="a\x00b"),
            lambda shown: shown["ticket"].update(version=0),
            lambda shown: shown["ticket"].update(created_at=2**52),
            lambda shown: shown["ticket"].update(review="nonsense"),
            lambda shown: shown["ticket"].pop("store"),
            lambda shown: shown.update(standing="f" * 32),
            lambda shown: shown.update(v=99),
            lambda shown: shown["cases"][0]["case"].update(ticket_id="f" * 32),
            lambda shown: shown["cases"].append(shown["cases"][0]),
            lambda shown: shown.update(cases=5),
        ],
    )
    def test_what_no_desk_can_have_written_is_refused_and_breaks_nothing(self, desk: Desk, spoil: Any) -> None:
        record = _record()
        shown = json.loads(record_to_body(record))
        spoil(shown)
        bad = {"ticket_id": record.ticket.id, "body": json.dumps(shown)}
        good = _record()
        told = desk.ok("/v1/facts", {"tickets": [bad, _fact(good)]})["tickets"]
        assert [item["result"] for item in told] == ["refused", "added"]
        assert told[0]["why"] == "unreadable"

    def test_a_lone_desk_brings_nobody_of_head_office(self, desk: Desk) -> None:
        person = {"id": "6666", "name": "某", "role": "head_office"}
        told = desk.ok("/v1/facts", {"people": [person]})["people"][0]
        assert (told["result"], told["why"]) == ("refused", "role")


class TestOtherSystems:
    def _brought(self, desk: Desk) -> Ticket:
        ticket = a_ticket(number="AS-000123")
        desk.push(desk.bring(ticket))
        return ticket

    def test_a_ticket_is_moved_by_number_once_however_often_it_is_asked(self, desk: Desk, system: Desk) -> None:
        ticket = self._brought(desk)
        asks = {"id": new_id(), "ticket": {"number": "AS-000123", "store": "XH"}, "work": "assigned", "assignee": "陈"}
        first = system.ok("/v1/system/move", asks)["answer"]
        assert (first["result"], first["version"], first["body"]) == ("accepted", 2, None)
        assert system.ok("/v1/system/move", asks)["answer"] == first
        assert system.refused("/v1/system/move", asks | {"work": "done"}) == (409, "conflict")
        back = {"id": new_id(), "ticket": {"id": ticket.id}, "work": "done"}
        assert system.ok("/v1/system/move", back)["answer"]["result"] == "refused_move"

    def test_a_cancelled_ticket_is_not_moved(self, desk: Desk, system: Desk) -> None:
        record = _record(number="AS-7")
        desk.ok("/v1/facts", {"tickets": [_fact(record)]})
        asks = {"id": new_id(), "ticket": {"number": "AS-7"}, "work": "assigned"}
        assert system.ok("/v1/system/move", asks)["answer"]["result"] == "already_cancelled"

    def test_a_number_that_two_tickets_bear_is_not_guessed_at(self, desk: Desk, system: Desk) -> None:
        desk.push(desk.bring(a_ticket(number="AS-1", source="a")), desk.bring(a_ticket(number="AS-1", source="b")))
        asks = {"id": new_id(), "ticket": {"number": "AS-1"}, "work": "assigned"}
        assert system.refused("/v1/system/move", asks) == (409, "number_ambiguous")
        asks["ticket"] = {"number": "AS-1", "source": "b"}
        assert system.ok("/v1/system/move", asks)["answer"]["result"] == "accepted"
        assert system.refused("/v1/system/move", asks | {"ticket": {"number": "AS-9"}}) == (404, "ticket_not_found")

    def test_a_new_ticket_comes_in_once(self, system: Desk, desk: Desk) -> None:
        asks = {
            "id": new_id(), "ticket_id": new_id(), "store": "XH", "number": "AS-5", "type": "repair", "customer": "王",
            "created_at_ms": 1_763_791_200_000,
        }  # fmt: skip
        first = system.ok("/v1/system/ticket", asks)["answer"]
        assert (first["result"], first["seq"]) == ("accepted", 1)
        assert system.ok("/v1/system/ticket", asks)["answer"] == first

    def test_a_number_is_given_once_per_source_and_store(self, system: Desk) -> None:
        asks = {
            "id": new_id(), "ticket_id": new_id(), "store": "XH", "number": "AS-6", "type": "repair", "customer": "王",
            "created_at_ms": 1_763_791_200_000,
        }  # fmt: skip
        system.ok("/v1/system/ticket", asks)
        other = asks | {"id": new_id(), "ticket_id": new_id()}
        reply = system.post("/v1/system/ticket", other)
        assert (reply.status_code, reply.json()["error"]["code"]) == (409, "number_taken")
        assert reply.json()["error"]["facts"] == {"store": "XH", "number": "AS-6", "id": asks["ticket_id"]}
        # Repeated it is answered as before, and another source may number alike.
        assert system.ok("/v1/system/ticket", asks)["answer"]["result"] == "accepted"
        assert system.ok("/v1/system/ticket", other | {"source": "crm"})["answer"]["result"] == "accepted"

    def test_a_step_that_moves_nothing_is_refused(self, system: Desk) -> None:
        asks = {
            "id": new_id(), "ticket_id": new_id(), "store": "XH", "number": "AS-7", "type": "repair", "customer": "王",
            "created_at_ms": 1_763_791_200_000,
        }  # fmt: skip
        system.ok("/v1/system/ticket", asks)
        step = {"id": new_id(), "ticket": {"number": "AS-7"}}
        assert system.refused("/v1/system/move", step) == (400, "bad_request")


def test_no_value_can_forge_a_line_of_the_log_or_bring_in_what_is_not_named() -> None:
    stream = io.StringIO()
    log = make_log(stream)
    log.info("request", why='x\n{"event":"forged"}\x1b[2J\u2028', customer="王秀兰", route="/v1/rules")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    shown = json.loads(lines[0])
    assert shown["event"] == "request" and "customer" not in shown
    assert "\x1b" not in lines[0] and "\u2028" not in lines[0]


def test_requests_leave_no_personal_data_in_the_log(conninfo: str) -> None:
    log = io.StringIO()
    for made in running(HubConfig(database=conninfo), log):
        made.do(_found)
        desk = made.desk(Place("XH", 1))
        ticket = a_ticket(customer="欧阳秘密", phone="13899990001")
        desk.push(desk.bring(ticket))
        desk.ok("/v1/facts", {"people": [{"id": "5150", "name": "秘密人", "role": "clerk"}]})
        made.client.get("/欧阳秘密?phone=13899990001")
        made.do(lambda unit: unit.connection.execute("drop table desk_slip"))
        slip = {
            "number": "XH1-26-S000001-A", "ticket_id": ticket.id, "case_id": "", "variant": "final", "body": "{}",
            "hash": "11" * 32, "made_at_ms": 1_763_791_200_000,
        }  # fmt: skip
        fault = desk.post("/v1/facts", {"slips": [slip], "people": [{"id": "5151", "name": "秘密人", "role": "clerk"}]})
        assert (fault.status_code, fault.json()["error"]["code"]) == (500, "fault")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    asked = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in asked} == {"/v1/enrol", "/v1/operations", "/v1/facts", "other"}
    told = next(line for line in lines if line["event"] == "fault")
    assert told["fault"] == fault.json()["error"]["facts"]["id"] and told["frames"]
    for secret in ("欧阳秘密", "秘密人", "13899990001", "5150", "5151", ascii("欧阳")[1:-1]):
        assert secret not in log.getvalue()
