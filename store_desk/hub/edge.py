"""The rim of the service: bodies read within bounds, one log line a request, faults with a number, plain pages."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import structlog
from anyio import to_thread
from fastapi import FastAPI, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store_desk.hub.logs import frames_of
from store_desk.hub.metrics import CONTENT_TYPE, Metrics
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.refusals import Refused
from store_desk.services.canonical import canonical_json
from store_desk.wire.signing import PROTOCOL_HEADER, protocol_header
from store_desk.wire.v1 import ErrorBody, ErrorReply

BODY_WITHIN_S = 30.0
# Faults on the way in: the asker has gone, nobody reads an answer.
GONE_STATUS = 499


async def read_body(request: Request, most: int) -> bytes:
    """The whole body; raises too_large or too_slow before more than `most` bytes are kept."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:20]) > most:
        raise Refused("too_large", limit=most)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise Refused("too_large", limit=most)
                parts.append(part)
    except TimeoutError as error:
        raise Refused("too_slow") from error
    return b"".join(parts)


def refusal_response(refused: Refused) -> Response:
    """A refusal as the protocol has it."""
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in refused.facts.items()}
    reply = ErrorReply(error=ErrorBody(code=refused.code, message=refused.message, facts=facts))
    headers = {"Retry-After": str(refused.retry_s)} if refused.retry_s else {}
    return Response(reply.model_dump_json(), refused.status, headers, "application/json")


class Edge:
    """Wraps the application: times and logs each request, adds the common headers, numbers what nobody foresaw."""

    def __init__(self, app: ASGIApp, *, log: structlog.stdlib.BoundLogger, metrics: Metrics) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told: dict[str, Any] = {}
        scope["store_desk"] = told
        status = GONE_STATUS
        began = time.monotonic()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _common_headers(message)
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001  # the edge: a fault gets a number, its trace goes to the log
            number = uuid.uuid4().hex[:12]
            told |= {"code": "fault", "fault": number}
            self._log.error("fault", fault=number, kind=type(error).__name__, frames=frames_of(error))
            if status == GONE_STATUS:
                await refusal_response(Refused("fault", id=number))(scope, receive, sent)
        finally:
            self._tell(scope, told, status, time.monotonic() - began)

    def _tell(self, scope: Scope, told: dict[str, Any], status: int, seconds: float) -> None:
        # An address that is none of ours may be anything, so it is not written down.
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.requests.labels(route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        self._log.info(
            "request", method=scope["method"][:10], route=route, status=status, ms=round(seconds * 1000, 1), **told
        )


def _common_headers(message: Message) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers[PROTOCOL_HEADER] = protocol_header()
    headers["Cache-Control"] = "no-store"
    headers["X-Content-Type-Options"] = "nosniff"
    message["headers"] = headers.raw


def add_plain_pages(app: FastAPI, *, database: HubDatabase, metrics: Metrics, document: dict[str, Any]) -> None:
    """Life, readiness, counters, the description, and what is said at other addresses."""
    description = canonical_json(document)

    async def healthz() -> Response:
        return Response('{"ok":true}', media_type="application/json")

    async def readyz() -> Response:
        if not await to_thread.run_sync(database.ready):
            return refusal_response(Refused("busy", retry_s=1))
        return Response('{"ok":true}', media_type="application/json")

    async def counters() -> Response:
        return Response(metrics.shown(), media_type=CONTENT_TYPE)

    async def openapi() -> Response:
        return Response(description, media_type="application/json")

    async def elsewhere(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        answer = refusal_response(Refused("method_not_allowed" if status == 405 else "not_found"))
        answer.headers.update((isinstance(error, HTTPException) and error.headers) or {})
        return answer

    for path, page in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", counters), ("/openapi.json", openapi)):
        # Some balancers ask with HEAD.
        app.add_api_route(path, page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_exception_handler(HTTPException, elsewhere)
