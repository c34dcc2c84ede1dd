"""The service against its own description: generated requests, rightly signed, never end in a fault."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from store_desk.domain.roles import Role
from store_desk.domain.ticket import Work
from store_desk.hub.examples import EXAMPLES
from store_desk.hub.openapi import describe
from store_desk.hub.routes import ROUTES
from store_desk.services import payloads
from store_desk.services.json_text import read_json
from store_desk.services.messages import digest_of, signed_bytes
from store_desk.wire.v1 import OperationsRequest
from tests.hub.given import Counter, a_ticket
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import Running

# Seconds for all addresses together; more by the environment.
BUDGET_S = float(os.environ.get("STORE_DESK_API_SECONDS", "40"))
LEAST = 5


def test_every_address_is_described_with_an_example_that_it_would_take() -> None:
    document = describe(ROUTES)
    assert set(EXAMPLES) == {route.path for route in ROUTES}
    for route in ROUTES:
        route.asks.model_validate(read_json(json.dumps(EXAMPLES[route.path])))
        shown = document["paths"][route.path]["post"]
        assert shown["requestBody"]["content"]["application/json"]["example"] == EXAMPLES[route.path]
        assert {"200", "400", "401", "403", "409", "426", "429", "500", "503"} <= set(shown["responses"])


def test_the_description_that_is_served_is_whole(service: Running) -> None:
    document = service.client.get("/openapi.json").json()
    text = json.dumps(document)
    names = set(document["components"]["schemas"])
    wanted = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert wanted <= names
    assert "ConditionsPublish" in names and "PolicyPublish" in names


def _signed(desk: Desk, operation: dict[str, Any], n: int) -> dict[str, Any]:
    """A generated operation as this desk would have made it, so that more than its signature is tried."""
    digest = digest_of(operation["payload"])
    message = signed_bytes(
        op_id=operation["id"], kind=operation["kind"], ticket_id=operation["ticket_id"], actor=operation["actor"],
        digest=digest,
    )  # fmt: skip
    return operation | {"inc": 1, "n": n, "digest": digest.hex(), "signature": desk.key.sign(message).hex()}


def _ready(desk: Desk, path: str, body: Any) -> Any:
    """The generated body with what no generator can guess: signatures, numbers, and a person who may."""
    if path == "/v1/operations" and isinstance(body, dict) and isinstance(body.get("operations"), list):
        made = []
        for operation in body["operations"]:
            try:
                made.append(_signed(desk, operation, desk.n + len(made) + 1))
            except (KeyError, TypeError, AttributeError, UnicodeError):
                made.append(operation)
        return body | {"operations": made}
    if path == "/v1/changes" and isinstance(body, dict) and isinstance(body.get("wait_s"), int):
        return body | {"wait_s": 0}
    if path.startswith("/v1/admin/") and isinstance(body, dict) and isinstance(body.get("actor"), str):
        return body | {"actor": "9001"}
    return body


def _check(reply: httpx.Response, path: str, document: dict[str, Any]) -> None:
    assert reply.status_code < 500, (path, reply.status_code, reply.text[:300])
    assert str(reply.status_code) in document["paths"][path]["post"]["responses"]
    if reply.headers["content-type"] == "application/json" and reply.status_code != 200:
        assert set(reply.json()["error"]) == {"code", "message", "facts"}


ROUND = settings(
    max_examples=6, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def _ask(
    found: Any, asker: Desk, mode: schemathesis.GenerationMode, document: dict[str, Any], asked: dict[str, int],
    until: float,
) -> None:  # fmt: skip
    @given(st.data())
    def one(data: st.DataObject) -> None:
        body = _ready(asker, found.path, data.draw(found.as_strategy(generation_mode=mode)).body)
        try:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        except (TypeError, ValueError):
            return
        reply = asker.post(found.path, raw)
        asked[found.path] += 1
        _check(reply, found.path, document)
        if found.path == "/v1/operations" and reply.status_code == 200:
            asker.n = max(asker.n, reply.json()["have"])

    _rounds(one, lambda: time.monotonic() > until and asked[found.path] >= LEAST)


def _rounds(one: Callable[..., None], enough: Callable[[], bool]) -> None:
    """Generates anew, differently each time, until it is enough."""
    test = ROUND(one)
    for number in itertools.count():
        if enough():
            return
        seed(number)(test)()


# The service's own threads draw random numbers meanwhile, which hypothesis takes for the strategy's doing.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_no_generated_request_ends_in_a_fault(
    service: Running, desk: Desk, office: Desk, system: Desk, mode: schemathesis.GenerationMode
) -> None:
    document = service.client.get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    askers = {"desk": desk, "head_office": office, "system": system}
    roles = {route.path: sorted(route.roles)[0] for route in ROUTES}
    operations = [found.ok() for found in schema.get_all_operations()]
    paths = [found for found in operations if found.path.startswith("/v1/")]
    asked = dict.fromkeys((found.path for found in paths), 0)
    for found in paths:
        until = time.monotonic() + BUDGET_S / 2 / len(paths)

        _ask(found, askers[roles[found.path]], mode, document, asked, until)
    print(f"{mode.name}: {sum(asked.values())} requests, {min(asked.values())} or more of each address")
    assert min(asked.values()) >= LEAST, asked
    assert service.client.get("/readyz").status_code == 200


def _leaves(shown: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places in a JSON value, from the top."""
    items = shown.items() if isinstance(shown, dict) else enumerate(shown) if isinstance(shown, list) else ()
    return [path] * bool(path) + [place for name, inner in items for place in _leaves(inner, (*path, name))]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**53) | st.text(max_size=5) | st.just("x" * 5_000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("kind", ["ticket", "cancel", "move", "withdraw", "approve", "overrule"])
def test_contents_that_are_nearly_right_are_answered_and_hold_nothing_up(desk: Desk, kind: str) -> None:
    ticket = a_ticket()
    desk.push(desk.bring(ticket))
    counter = Counter(desk.id)
    case_id = "a" * 32
    said = payloads.decision_to_payload(payloads.Decision(case_id=case_id, person="1001", role=Role.MANAGER, why="w"))
    template = {
        "ticket": payloads.ticket_to_payload(a_ticket()),
        "cancel": counter.cancel(ticket.id).payload,
        "move": payloads.move_to_payload(payloads.Move(work=Work.ASSIGNED, assignee="x")),
    }.get(kind, said)
    places = _leaves(json.loads(template))
    until = time.monotonic() + BUDGET_S / 16
    results: dict[str, int] = {}

    @given(st.sampled_from(places), VALUES)
    def one(place: tuple[Any, ...], value: object) -> None:
        shown = json.loads(template)
        at = shown
        for name in place[:-1]:
            at = at[name]
        at[place[-1]] = value
        payload = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        try:
            read_json(payload)
        except ValueError:
            return
        envelope = desk.envelope(kind, ticket.id, payload, case_id=case_id)
        reply = desk.post("/v1/operations", OperationsRequest.of((envelope,)))
        assert reply.status_code == 200, (place, value, reply.text[:300])
        assert reply.json()["stopped"] == "", (place, value)
        result = reply.json()["answers"][0]["result"]
        results[result] = results.get(result, 0) + 1

    _rounds(one, lambda: time.monotonic() > until and sum(results.values()) > 40)
    assert sum(results.values()) > 20 and results.get("refused_unreadable", 0) > 5, results
