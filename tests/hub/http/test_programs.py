"""Which program a desk runs: told with any request, kept with the contact, shown to head office alone."""

from __future__ import annotations

from typing import Any

import pytest

from store_desk import __version__
from store_desk.hub.openapi import describe
from store_desk.hub.routes import ROUTES
from store_desk.wire.office import PROGRAM_LENGTH_MAX, DeskMessage, program_header, program_of
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import Running

LOOK = {"actor": "9001"}


def listed(office: Desk, desk: Desk) -> dict[str, Any]:
    """The desk as head office's people see it."""
    found: list[dict[str, Any]] = office.ok("/v1/admin/desks", LOOK)["desks"]
    return next(item for item in found if item["desk_id"] == desk.id)


def tell(desk: Desk, header: str) -> None:
    """An everyday request that tells a program, in whatever bytes."""
    headers: dict[bytes, bytes] = {k.encode(): v.encode() for k, v in desk.headers("/v1/rules", b"{}").items()}
    told = headers | {b"User-Agent": header.encode("latin-1")}
    assert desk.client.post("/v1/rules", content=b"{}", headers=told).status_code == 200


def test_the_version_that_a_desk_tells_is_listed_and_a_newer_one_at_once(office: Desk, desk: Desk) -> None:
    tell(desk, program_header("0.9.1"))
    assert listed(office, desk)["program"] == "0.9.1"
    assert listed(office, desk)["seen_at_ms"] > 0
    tell(desk, program_header("0.9.2.dev3+g12ab"))
    assert listed(office, desk)["program"] == "0.9.2.dev3+g12ab"


@pytest.mark.parametrize(
    "header",
    [
        "python-httpx/0.28",
        "Mozilla/5.0 store-desk/1.0",
        "store-desk",
        "store-desk/",
        "store-desk/<script>",
        b"store-desk/\xe4\xb8\xad\xe6\x96\x87".decode("latin-1"),
        "x" * 5_000,
    ],
)
def test_words_that_are_no_version_change_nothing(office: Desk, desk: Desk, header: str) -> None:
    tell(desk, program_header("0.9.1"))
    tell(desk, header)
    assert program_of(header) == ""
    assert listed(office, desk)["program"] == "0.9.1"


def test_an_endless_version_is_cut_and_stays_a_message(office: Desk, desk: Desk) -> None:
    tell(desk, "store-desk/1" + "9" * 5_000 + "\t<b>")
    shown = listed(office, desk)
    assert shown["program"] == "1" + "9" * (PROGRAM_LENGTH_MAX - 1)
    DeskMessage.model_validate(shown)


def test_a_desk_that_never_told_one_has_none(service: Running, office: Desk, desk: Desk) -> None:
    tell(desk, "")
    assert "program" not in listed(office, desk)
    assert DeskMessage.model_validate(listed(office, desk)).program == ""
    assert program_of("store-desk/\x7f\x01") == program_of("store-desk/\u0661") == ""


def test_nobody_unknown_writes_a_version(office: Desk, desk: Desk) -> None:
    tell(desk, program_header("0.9.1"))
    forged = desk.post("/v1/rules", {}, User_Agent=program_header("6.6.6"), SD_Signature="00" * 64)
    assert forged.status_code == 401
    assert listed(office, desk)["program"] == "0.9.1"


def test_other_desks_are_not_told_of_it(desk: Desk, foreign: Desk) -> None:
    tell(desk, program_header("0.9.1"))
    assert all("program" not in item for item in foreign.ok("/v1/rules", {})["desks"])


def test_other_systems_are_seen_too_though_they_read_no_changes(office: Desk, system: Desk) -> None:
    assert listed(office, system)["seen_at_ms"] > 0


def test_the_description_tells_of_the_header_as_one_that_may_be_left_out() -> None:
    document = describe(ROUTES)
    told = document["components"]["parameters"]["program"]
    assert told["name"] == "User-Agent" and told["required"] is False
    assert program_header(__version__).startswith("store-desk/")
    assert "program" in document["components"]["schemas"]["DeskMessage"]["properties"]
    assert "program" not in document["components"]["schemas"]["DeskMessage"].get("required", [])
