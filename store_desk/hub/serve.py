"""Runs the service until it is told to end: SIGTERM lets what is under way come to its end, and no poll waits on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from types import FrameType

import uvicorn
from fastapi import FastAPI

from store_desk.domain.errors import DomainError, OutsideFailure
from store_desk.hub.config import HubConfig, check_listening, check_numbers
from store_desk.hub.logs import LibraryLines
from store_desk.hub.patience import PatientProtocol
from store_desk.hub.service import Service, create_app

KEEP_ALIVE_S = 30
HEADERS_MAX = 64 * 1024
BACKLOG = 2_048


class Server(uvicorn.Server):
    """uvicorn, with long polls let go at once when the end is asked for."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def failed(self) -> DomainError | None:
        """What kept the service from beginning."""
        return self._service.failed

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to listen, and says where."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        for server in self.servers if self.started else ():
            for listening in server.sockets:
                self._service.log.info("listening", port=listening.getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: take no more connections, answer who waits. The signal is dealt with here and not raised again."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._service.watch.close)
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def make_server(config: HubConfig, app: FastAPI | None = None) -> Server:
    """The server, not yet running.

    Raises WrongUse for plain HTTP that others could read or a number that cannot be, OutsideFailure for a certificate
    that cannot be used.
    """
    check_numbers(config)
    check_listening(config)
    app = app or create_app(config)
    service: Service = app.state.service
    root = logging.getLogger()
    # Of several services in one process the last one tells.
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, LibraryLines)]
    root.addHandler(LibraryLines(service.log))
    settings = uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        ssl_certfile=config.certificate,
        ssl_keyfile=str(config.key) if config.key else None,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=config.drain_s,
        h11_max_incomplete_event_size=HEADERS_MAX,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
    )
    try:
        settings.load()
    except (OSError, ssl.SSLError) as error:
        raise OutsideFailure(detail=f"{config.certificate}, {config.key}: {_said(error)}") from error
    return Server(settings, service)


def listen(config: HubConfig) -> list[socket.socket]:
    """Sockets at all addresses of the host; raises OutsideFailure where one is not to be had."""
    found: list[socket.socket] = []
    try:
        names = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in names):
            found.append(socket.create_server(address, family=family, backlog=BACKLOG))
    except OSError as error:
        for one in found:
            one.close()
        raise OutsideFailure(detail=f"{config.host}:{config.port}: {_said(error)}") from error
    return found


def _said(error: OSError) -> str:
    """The system's words alone; Python puts more of its own behind them."""
    return (error.strerror or str(error)).partition(" (")[0]


def serve(config: HubConfig) -> None:
    """Serves until a signal ends it; raises what `make_server` and `listen` raise, and what kept it from starting."""
    server = make_server(config)
    sockets = listen(config)
    try:
        # Where it cannot start uvicorn would end the process, wordless.
        with contextlib.suppress(SystemExit):
            server.run(sockets=sockets)
    finally:
        for one in sockets:
            one.close()
    if not server.started:
        raise server.failed or OutsideFailure(detail=f"{config.host}:{config.port}")
