"""Administration over HTTP against a running head office with a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from store_desk.domain.errors import RightMissing, SettingInvalid
from store_desk.domain.office_errors import HubNotGenuine, HubUnreachable, PublishedMeanwhile
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.hub.enrolling import Place
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.sync.asking import Asker
from store_desk.sync.connectivity import check_way
from store_desk.sync.office import OfficeOverHttp
from store_desk.wire.joining import EnrolReply, EnrolRequest
from store_desk.wire.signing import RequestHead, request_bytes, request_headers
from tests.hub.http.conftest import OFFICE, Running
from tests.shop import Shop, open_shop

OFFICER = Actor("9001", "沈岚", Role.HEAD_OFFICE)
ID = "c" * 32


def enrol(shop: Shop, service: Running, *, role: str = "head_office") -> Desk:
    """The shop's desk, known to head office under its own key."""
    signer = shop.desk.signer
    assert signer is not None
    code = service.code(Place(OFFICE, 1, role=role))
    body = EnrolRequest(code=code, public_key=signer.public_key.hex(), name="总部").model_dump_json().encode()
    head = RequestHead(ID, 0, int(datetime.now(UTC).timestamp() * 1000), "d" * 32)
    signature = signer.sign(request_bytes(head, method="POST", path="/v1/enrol", body=body))
    answer = service.client.post("/v1/enrol", content=body, headers=request_headers(head, signature=signature))
    reply = EnrolReply.model_validate_json(answer.content)
    with shop.desk.work() as uow:
        put_enrolment(
            uow, Enrolment(str(service.client.base_url), ID, reply.inc, reply.store, tuple(reply.scope), reply.role)
        )
    return replace(shop.desk, clock=lambda: datetime.now(UTC))


@pytest.fixture
def shop_at(tmp_path: Path) -> Iterator[Shop]:
    """A store of its own."""
    made = open_shop(tmp_path / "desk")
    yield made
    made.close()


@pytest.fixture
def office(shop_at: Shop, service: Running) -> OfficeOverHttp:
    """Head office's administration from a desk of its own."""
    desk = enrol(shop_at, service)
    return OfficeOverHttp(Asker(desk, service.client), new_id=desk.new_id)


def test_conditions_are_published_once_for_each_version_seen(office: OfficeOverHttp) -> None:
    row = {"reason": "mistake", "type": None, "level": 4, "allowed": False, "approver": "role", "evidence": None}
    assert office.fetch(OFFICER, "conditions").version == 0
    sheet = office.publish(OFFICER, "conditions", {"rows": [row]}, expected_version=0)
    assert sheet.version > 0
    assert sheet.by.endswith("9001")
    assert sheet.body["rows"] == [row]
    with pytest.raises(PublishedMeanwhile) as caught:
        office.publish(OFFICER, "conditions", {"rows": []}, expected_version=0)
    assert caught.value.facts["version"] == sheet.version


def test_stores_and_people_are_put_with_the_version_that_was_seen(office: OfficeOverHttp) -> None:
    xh = next(item for item in office.fetch(OFFICER, "stores").body if item["code"] == "XH")
    after = office.put(OFFICER, "stores", {**xh, "name": "徐汇一店"}, expected_version=xh["version"])
    assert "徐汇一店" in [item["name"] for item in after.body]
    with pytest.raises(PublishedMeanwhile):
        office.put(OFFICER, "stores", {**xh, "name": "徐汇二店"}, expected_version=xh["version"])


def test_what_cannot_be_right_is_refused_before_it_is_sent(office: OfficeOverHttp) -> None:
    with pytest.raises(SettingInvalid):
        office.publish(OFFICER, "force_majeure", [{"code": "x", "zh": "台风", "begins": "today"}], expected_version=0)


def test_who_has_no_right_at_head_office_is_told_so(office: OfficeOverHttp) -> None:
    with pytest.raises(RightMissing):
        office.fetch(Actor("9002", "某人", Role.CLERK), "people")


def test_a_code_is_made_and_the_desk_listed(office: OfficeOverHttp) -> None:
    made = office.new_code(OFFICER, store="XH", desk=7, role="desk", name="")
    assert len(made.code) == 9
    assert [item["desk_id"] for item in office.fetch(OFFICER, "desks").body] == [ID]


def test_the_connectivity_test_answers_all_five_questions(shop_at: Shop, service: Running) -> None:
    desk = enrol(shop_at, service)
    found = {check.name: check for check in check_way(desk, service.client)}
    assert list(found) == ["link", "name", "reachable", "clock", "signed_in"]
    assert found["reachable"].state == "ok"
    assert found["signed_in"].state == "ok"


def test_what_cannot_be_reached_is_named_and_the_rest_is_left_out(shop_at: Shop) -> None:
    with httpx.Client() as client:
        found = {check.name: check for check in check_way(shop_at.desk, client, "http://127.0.0.1:9")}
    assert found["reachable"].state == "bad"
    assert found["signed_in"].state == "skipped"


def test_a_sign_in_page_is_not_taken_for_head_office(shop_at: Shop) -> None:
    with shop_at.desk.work() as uow:
        put_enrolment(uow, Enrolment("http://127.0.0.1:9", ID, 1, "XH", ("XH",), "head_office"))
    portal = httpx.MockTransport(lambda request: httpx.Response(200, html="<h1>Welcome to our hotel</h1>"))
    with httpx.Client(transport=portal) as client:
        post = OfficeOverHttp(Asker(shop_at.desk, client), new_id=shop_at.desk.new_id)
        with pytest.raises(HubNotGenuine):
            post.fetch(OFFICER, "stores")
    with httpx.Client() as client, pytest.raises(HubUnreachable):
        OfficeOverHttp(Asker(shop_at.desk, client), new_id=shop_at.desk.new_id).fetch(OFFICER, "stores")
