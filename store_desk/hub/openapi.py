"""The service's description of itself (OpenAPI 3.1), made from the table of routes and the messages' own schemas."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from store_desk import __version__
from store_desk.hub.examples import EXAMPLES
from store_desk.hub.refusals import SAID
from store_desk.hub.routes import Route
from store_desk.wire import office, signing, v1

_REF = "#/components/schemas/{model}"
# What any request may be answered with; beside them each route's own (403, 404, 409, 422).
_STATUSES = sorted({status for status, _ in SAID.values()})


def describe(routes: tuple[Route, ...]) -> dict[str, Any]:
    """The whole document."""
    models = {route.asks for route in routes} | {route.replies for route in routes if route.replies} | {v1.ErrorReply}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "validation") for model in ordered], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Store Desk head office", "version": __version__, "description": v1.__doc__},
        "paths": {route.path: {"post": _operation(route)} for route in routes} | _plain_paths(),
        "components": {"schemas": schemas["$defs"], "parameters": _HEADERS},
    }


def _operation(route: Route) -> dict[str, Any]:
    asks = {"schema": {"$ref": _REF.format(model=route.asks.__name__)}, "example": EXAMPLES[route.path]}
    if route.replies is None:
        gives: dict[str, Any] = {"application/gzip": {"schema": {"type": "string", "format": "binary"}}}
    else:
        gives = {"application/json": {"schema": {"$ref": _REF.format(model=route.replies.__name__)}}}
    return {
        "operationId": route.path.removeprefix("/v1/").replace("/", "_").replace("-", "_"),
        "summary": route.summary,
        "description": f"{(route.asks.__doc__ or '').strip()}\n\nFor desks of role: {', '.join(sorted(route.roles))}.",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in _HEADERS],
        "requestBody": {"required": True, "content": {"application/json": asks}},
        "responses": {"200": {"description": "Done", "content": gives}} | _refusals(),
    }


def _refusals() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REF.format(model="ErrorReply")}}}
    codes = {status: sorted(code for code, said in SAID.items() if said[0] == status) for status in _STATUSES}
    return {str(status): {"description": ", ".join(codes[status]), "content": content} for status in _STATUSES}


def _header(name: str, pattern: str, about: str, *, required: bool = True) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": required, "description": about, "schema": schema}


_HEADERS = {
    "protocol": _header(signing.PROTOCOL_HEADER, r"^1; min=1$", "version spoken; oldest one understood"),
    "desk": _header(signing.DESK_HEADER, r"^[0-9a-f]{32}$", "the desk's id"),
    "inc": _header(signing.INC_HEADER, r"^[0-9]{1,6}$", "the desk's present incarnation"),
    "time": _header(signing.TIME_HEADER, r"^[0-9]{13}$", "the desk's clock, milliseconds since 1970"),
    "nonce": _header(signing.NONCE_HEADER, r"^[0-9a-f]{32}$", "random, new for each request"),
    "signature": _header(signing.SIGNATURE_HEADER, r"^[0-9a-f]{128}$", "Ed25519 over the request"),
    "program": _header(
        office.PROGRAM_HEADER,
        r"^store-desk/[0-9A-Za-z.+!_-]{1,40}",
        "the desk's program and its version, shown to head office; any other words are not kept",
        required=False,
    ),
}


def _plain_paths() -> dict[str, Any]:
    told = {
        "/healthz": ("The process lives", "application/json"),
        "/readyz": ("The database answers", "application/json"),
        "/metrics": ("Counters for Prometheus", "text/plain"),
    }
    busy = {"description": "not ready"}
    return {
        path: {
            "get": {
                "operationId": path.strip("/"),
                "summary": summary,
                "responses": {"200": {"description": "Well", "content": {kind: {}}}, "503": busy},
            }
        }
        for path, (summary, kind) in told.items()
    }
