"""Runs the service until it is told to end: SIGTERM lets what is under way come to its end, and no poll waits on."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from store_desk.hub.config import HubConfig, check_listening
from store_desk.hub.logs import LibraryLines
from store_desk.hub.service import Service, create_app

KEEP_ALIVE_S = 30
HEADERS_MAX = 64 * 1024


class Server(uvicorn.Server):
    """uvicorn, with long polls let go at once when the end is asked for."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None

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
    """The server, not yet running; raises WrongUse for plain HTTP that others could read."""
    check_listening(config)
    app = app or create_app(config)
    service: Service = app.state.service
    logging.getLogger().addHandler(LibraryLines(service.log))
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
        ws="none",
        lifespan="on",
    )
    return Server(settings, service)


def serve(config: HubConfig) -> bool:
    """Serves until a signal ends it; False when it could not start."""
    server = make_server(config)
    server.run()
    return server.started
