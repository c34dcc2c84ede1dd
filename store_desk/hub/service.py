"""Head office's service: every request checked, authenticated, limited, answered; stateless, so any number may run."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TextIO, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from pydantic import ValidationError

from store_desk.domain.errors import DomainError
from store_desk.hub import desks, enrolling
from store_desk.hub.apply import Office
from store_desk.hub.asking import Asked, Signed, authenticate, check_administrator, check_protocol, signed_of
from store_desk.hub.config import HubConfig
from store_desk.hub.edge import Edge, add_plain_pages, read_body, refusal_response
from store_desk.hub.limits import TokenBuckets
from store_desk.hub.logs import frames_of, make_log
from store_desk.hub.metrics import Metrics
from store_desk.hub.openapi import describe
from store_desk.hub.ports import DeskRow
from store_desk.hub.postgres import snapshots
from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import check_schema
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.refusals import Refused, refusal_of
from store_desk.hub.routes import ROUTES, Route, Within
from store_desk.hub.waiting import Watch
from store_desk.services.codec import to_ms
from store_desk.services.ids import IdMaker
from store_desk.services.json_text import BadJson, read_json
from store_desk.wire import joining, office, v1
from store_desk.wire.fields import Message

T = TypeVar("T")
M = TypeVar("M", bound=Message)
# What the service does itself: route, request, its signed head, its body.
Own = Callable[[Route, Request, Signed, bytes], Awaitable[Message | bytes]]

ENROL_RATE, ENROL_BURST = 1.0, 20
# A snapshot of a large store takes long to build; it must not keep others from their connections.
SNAPSHOTS_AT_ONCE = 2
SEEN_EVERY_S = 300.0
SEEN_MAX = 100_000


class Service:
    """One process's part of head office: the database, who waits, who asks too much."""

    def __init__(self, config: HubConfig, *, log_to: TextIO | None = None) -> None:
        self.config = config
        self.log = make_log(log_to)
        self.metrics = Metrics()
        self.database = HubDatabase(config.database, size=config.pool)
        self.watch = Watch(self.database, failed=self._look_failed)
        self._office = Office(lambda: datetime.now(UTC), IdMaker())
        self._buckets = TokenBuckets(rate=config.rate, burst=config.burst)
        self._enrolments = TokenBuckets(rate=ENROL_RATE, burst=ENROL_BURST)
        self._threads = CapacityLimiter(config.pool)
        self._builders = CapacityLimiter(SNAPSHOTS_AT_ONCE)
        self._in_line = 0
        # What kept it from beginning.
        self.failed: DomainError | None = None
        # When a desk was last noted, and the program that it told then.
        self._seen: dict[str, tuple[float, str]] = {}
        self._own: dict[str, Own] = {
            "/v1/enrol": self._enrol,
            "/v1/operations": self._operations,
            "/v1/changes": self._changes,
            "/v1/snapshot": self._snapshot,
            "/v1/snapshot/chunk": self._chunk,
        }

    def open(self) -> None:
        """Opens the database and settles which history it tells; raises DomainError."""
        try:
            self.database.open()
            with self.database.alone() as connection:
                check_schema(connection)
                epoch = settle_epoch(connection)
        except DomainError as error:
            self.failed = error
            self.database.close()
            self.log.error("not_started", code=error.code)
            raise
        self.log.info("started", epoch=epoch.epoch, why=epoch.why)

    async def answer(self, route: Route, request: Request) -> Response:
        """The answer to one request; raises Refused."""
        headers = request.headers
        check_protocol(headers)
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise Refused("not_json")
        body = await read_body(request, route.bytes_max)
        signed = signed_of(headers, method=request.method, path=route.path, body=body)
        request.scope["store_desk"] |= {"desk": signed.head.desk_id, "bytes": len(body)}
        reply: Message | bytes
        if route.within is Within.OWN:
            reply = await self._own[route.path](route, request, signed, body)
        else:
            reply = await self._in_thread(lambda: self._handled(route, signed, body))
        # It was answered, so it is the desk that it says it is; what it asked for is done by now and stays done.
        with contextlib.suppress(Refused, DomainError):
            await self._note_contact(signed.head.desk_id, request)
        if isinstance(reply, bytes):
            return Response(reply, media_type="application/gzip")
        return Response(reply.model_dump_json(), media_type="application/json")

    # --- one transaction -------------------------------------------------------------------------------------

    def _handled(self, route: Route, signed: Signed, body: bytes) -> Message:
        """Authenticates and does it in one transaction: a desk that was revoked meanwhile does nothing."""
        request, problem = _read_as(body, route.asks)
        charged: list[bool] = []

        def work(unit: PgUnit) -> Message:
            desk = self._admitted(unit, route, signed, charged)
            if request is None or route.does is None:
                raise problem or Refused("not_found")
            asked = Asked(unit, desk, self._office, self._office.clock())
            if isinstance(request, office.AdminRequest):
                check_administrator(asked, request.actor)
            return route.does(asked, request)

        run = self.database.snapshot_read if route.within is Within.READING else self.database.transaction
        return run(work)

    def _admitted(self, unit: PgUnit, route: Route, signed: Signed, charged: list[bool]) -> DeskRow:
        """The desk, once it is known to be one, within its limit and of a role that may ask this."""
        desk = authenticate(unit, signed)
        if not charged:
            charged.append(True)
            seconds = self._buckets.take(desk.desk_id)
            if seconds:
                raise Refused("too_many_requests", retry_s=seconds, seconds=seconds)
        if desk.role not in route.roles:
            raise Refused("role_missing", role=desk.role)
        return desk

    def _admit_first(self, route: Route, signed: Signed) -> DeskRow:
        """As `_admitted`, in a transaction of its own, where the work has its own too."""
        charged: list[bool] = []
        return self.database.snapshot_read(lambda unit: self._admitted(unit, route, signed, charged))

    # --- what the service does itself ------------------------------------------------------------------------

    async def _enrol(self, route: Route, request: Request, signed: Signed, body: bytes) -> Message:
        seconds = self._enrolments.take(request.client.host if request.client else "")
        if seconds:
            raise Refused("too_many_requests", retry_s=seconds, seconds=seconds)
        asked = _must_read(body, joining.EnrolRequest)
        now = self._office.clock()
        reply = await self._in_thread(
            lambda: self.database.transaction(lambda unit: enrolling.enrol(unit, signed, asked, now=now))
        )
        if isinstance(reply, Refused):
            raise reply
        return reply

    async def _operations(self, route: Route, request: Request, signed: Signed, body: bytes) -> Message:
        def work() -> v1.OperationsReply:
            desk = self._admit_first(route, signed)
            asked = _must_read(body, v1.OperationsRequest)
            envelopes = desks.checked_batch(desk, asked)
            reply = self.database.apply_batch(
                self._office, desk_id=desk.desk_id, envelopes=envelopes, epoch=asked.epoch, insist=asked.insist
            )
            return v1.OperationsReply.of(reply)

        reply = await self._in_thread(work)
        request.scope["store_desk"] |= {"operations": len(reply.answers), "stopped": reply.stopped}
        for answer in reply.answers:
            self.metrics.operations.labels(answer.result.value).inc()
        return reply

    async def _changes(self, route: Route, request: Request, signed: Signed, body: bytes) -> Message:
        """Answers at once or when there is news; nothing is held while it waits, and each look checks the desk anew."""
        asked, problem = _read_as(body, v1.ChangesRequest)
        charged: list[bool] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + (asked.wait_s if asked else 0)

        def work(unit: PgUnit) -> Any:
            desk = self._admitted(unit, route, signed, charged)
            if asked is None:
                raise problem or Refused("not_found")
            return desks.changes(unit, desk, asked, now_ms=to_ms(self._office.clock()))

        while True:
            reply = await self._in_thread(lambda: self.database.snapshot_read(work))
            await self._note_contact(signed.head.desk_id, request)
            left = until - loop.time()
            if asked is None or desks.is_news(reply, asked) or left <= 0 or await request.is_disconnected():
                break
            with self.metrics.polls.track_inprogress():
                if not await self.watch.wait(dict(reply.heads), rules=reply.rules_version, seconds=left):
                    break
        return v1.ChangesReplyMessage.of(replace(reply, now_ms=to_ms(self._office.clock())))

    async def _note_contact(self, desk_id: str, request: Request) -> None:
        """Notes who asked with which program: at most every five minutes, or at once with another program."""
        now, program = time.monotonic(), office.program_of(request.headers.get(office.PROGRAM_HEADER, ""))
        noted, told = self._seen.get(desk_id, (-SEEN_EVERY_S, program))
        if now - noted < SEEN_EVERY_S and program in ("", told):
            return
        if len(self._seen) > SEEN_MAX:
            self._seen.clear()
        self._seen[desk_id] = (now, program or told)
        at = self._office.clock()
        await self._in_thread(
            lambda: self.database.transaction(lambda unit: desks.note_contact(unit, desk_id, at, program=program))
        )

    async def _snapshot(self, route: Route, request: Request, signed: Signed, body: bytes) -> Message:
        desk, asked = await self._in_thread(
            lambda: (self._admit_first(route, signed), _must_read(body, v1.SnapshotRequest))
        )
        desks.check_scope(desk, asked.store)
        head = await to_thread.run_sync(
            lambda: _ours(lambda: snapshots.current(self.database, asked.store)), limiter=self._builders
        )
        return desks.snapshot_reply(head, now_ms=to_ms(self._office.clock()))

    async def _chunk(self, route: Route, request: Request, signed: Signed, body: bytes) -> bytes:
        def work() -> bytes:
            desk = self._admit_first(route, signed)
            asked = _must_read(body, v1.ChunkRequest)
            desks.check_scope(desk, self.database.snapshot_read(lambda unit: desks.store_of(unit, asked.snapshot_id)))
            return snapshots.read_chunk(self.database, asked.snapshot_id, asked.n)

        return await self._in_thread(work)

    # --- threads ---------------------------------------------------------------------------------------------

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Runs work on the database in a thread; no more at once than there are connections, and no endless line."""
        if self._in_line >= self.config.queue:
            raise Refused("busy", retry_s=1)
        self._in_line += 1
        try:
            with self.metrics.queue.track_inprogress():
                return await to_thread.run_sync(lambda: _ours(work), limiter=self._threads)
        finally:
            self._in_line -= 1

    def _look_failed(self, error: Exception) -> None:
        self.log.warning("look_failed", kind=type(error).__name__, frames=frames_of(error))


def create_app(config: HubConfig, *, log_to: TextIO | None = None) -> FastAPI:
    """The service as an ASGI application; it logs to standard error unless told otherwise."""
    service = Service(config, log_to=log_to)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await to_thread.run_sync(service.open)
        service.watch.start()
        try:
            yield
        finally:
            await service.watch.stop()
            await to_thread.run_sync(service.database.close)

    title = "Store Desk head office"
    app = FastAPI(
        title=title, lifespan=life, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )  # fmt: skip
    app.state.service = service
    for route in ROUTES:
        app.add_api_route(route.path, _endpoint(service, route), methods=["POST"], include_in_schema=False)
    add_plain_pages(app, database=service.database, metrics=service.metrics, document=describe(ROUTES))
    app.add_middleware(Edge, log=service.log, metrics=service.metrics)
    return app


def _endpoint(service: Service, route: Route) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            return await service.answer(route, request)
        except Refused as refused:
            cause = refused.__cause__
            request.scope["store_desk"] |= {"code": refused.code} | (
                {"why": cause.code} if isinstance(cause, DomainError) else {}
            )
            return refusal_response(refused)

    return endpoint


def _ours(work: Callable[[], T]) -> T:
    """Runs work and turns our typed errors into refusals; anything else is a fault and goes on as it is."""
    try:
        return work()
    except DomainError as error:
        refused = refusal_of(error)
        if refused is None:
            raise
        raise refused from error


def _read_as(body: bytes, kind: type[M]) -> tuple[M | None, Refused | None]:
    """The message, or why there is none: who asks is checked before they are told what is wrong with it."""
    try:
        return kind.model_validate(read_json(body)), None
    except BadJson as error:
        return None, Refused("bad_request", why=str(error))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:120]
        return None, Refused("bad_request", why=f"{place}: {first['type']}" if place else first["type"])


def _must_read(body: bytes, kind: type[M]) -> M:
    message, problem = _read_as(body, kind)
    if message is None:
        raise problem or Refused("not_found")
    return message
