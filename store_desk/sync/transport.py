"""How requests travel: TLS with the system's or the enrolment's authority, one time limit over a whole request.

The time limits of HTTP libraries are for one read; a reply that comes a byte at a time outlasts them for ever. Here
every read, write and handshake of a request gets only what is left of its total.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakSet

import httpcore
import httpx

from store_desk import __version__
from store_desk.domain.errors import SettingInvalid
from store_desk.wire.office import PROGRAM_HEADER, program_header

TOTAL_S: Final = 20.0
CONNECT_S: Final = 8.0
# Longer than this head office keeps no idle connection either.
IDLE_S: Final = 20.0
# A page of 500 changes whose tickets are all long.
REPLY_MAX: Final = 64 * 1024 * 1024
# Of a request: the seconds that all of it may take.
TOTAL: Final = "total"
ADDRESS: Final = "hub.url"


class ReplyTooLarge(httpx.TransportError):
    """A reply beyond every bound of the protocol."""


def check_address(url: str) -> str:
    """The address without a slash at its end; raises SettingInvalid unless it is https, or http to this computer."""
    plain = url.strip().rstrip("/")
    try:
        parts = urlsplit(plain)
        bare = parts.hostname and not (parts.path or parts.query or parts.fragment or parts.username is not None)
        parts.port  # noqa: B018  # raises ValueError for a port that is none
    except ValueError:
        raise SettingInvalid(name=ADDRESS, value=plain[:80]) from None
    if not bare or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))):
        raise SettingInvalid(name=ADDRESS, value=plain[:80])
    return plain


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def trusted_roots(authority: str = "") -> ssl.SSLContext:
    """What head office's certificate must be signed by: the authority (PEM) and nothing else, or the system's roots.

    Raises SettingInvalid for an authority that cannot be read.
    """
    try:
        context = ssl.create_default_context(cadata=authority or None)
    except ssl.SSLError as error:
        raise SettingInvalid(name="hub.authority", value=authority.split("\n", 1)[0][:40]) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class HubTransport(httpx.BaseTransport):
    """HTTP/1.1 with the request's `total` extension (seconds, else the read limit) over everything that it does.

    The whole reply is read before it is handed on. `abort` ends what is under way, from any thread, and all to come.
    """

    def __init__(self, context: ssl.SSLContext, *, proxy: str = "") -> None:
        self._network = _Network()
        common: dict[str, Any] = {
            "ssl_context": context,
            "keepalive_expiry": IDLE_S,
            "http1": True,
            "network_backend": self._network,
        }
        self._pool: httpcore.ConnectionPool = (
            httpcore.HTTPProxy(proxy, **common) if proxy else httpcore.ConnectionPool(**common)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it and reads the whole reply; raises httpx's errors."""
        limits = request.extensions.get("timeout") or {}
        total = float(request.extensions.get(TOTAL) or limits.get("read") or TOTAL_S)
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.read(),
            extensions={"timeout": {"connect": CONNECT_S, "read": total, "write": total, "pool": total}},
        )
        self._network.begin(total)
        try:
            return self._ask(asked)
        except httpcore.ConnectError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except httpcore.ConnectTimeout as error:
            raise httpx.ConnectTimeout(str(error), request=request) from error
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error), request=request) from error
        except httpcore.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise httpx.ReadError(str(error), request=request) from error

    def _ask(self, asked: httpcore.Request) -> httpx.Response:
        answer = self._pool.handle_request(asked)
        content = bytearray()
        try:
            for piece in answer.iter_stream():
                content += piece
                if len(content) > REPLY_MAX:
                    raise ReplyTooLarge("reply too large")
        finally:
            answer.close()
        # What is read is plain: no compression was asked for, and none is undone.
        headers = [pair for pair in answer.headers if pair[0].lower() != b"content-encoding"]
        return httpx.Response(answer.status, headers=headers, content=bytes(content))

    def abort(self) -> None:
        """Ends every request now."""
        self._network.abort()

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()


class HubClient(httpx.Client):
    """A client of one lane, for one head office: no redirects, no proxies of the environment, no compression."""

    def __init__(self, *, authority: str = "", proxy: str = "") -> None:
        self.line = HubTransport(trusted_roots(authority), proxy=proxy)
        super().__init__(
            transport=self.line,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
            headers={"Accept-Encoding": "identity", PROGRAM_HEADER: program_header(__version__)},
        )

    def abort(self) -> None:
        """Ends what is under way and refuses all to come, from any thread."""
        self.line.abort()


class _Network(httpcore.NetworkBackend):
    """The system's sockets, each operation within what is left of the request of its thread."""

    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()
        self._until = threading.local()
        self._open: WeakSet[_Stream] = WeakSet()
        self._lock = threading.Lock()
        self._aborted = False

    def begin(self, total: float) -> None:
        """A request of this thread begins."""
        self._until.at = time.monotonic() + total

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take; raises when there are none."""
        if self._aborted:
            raise httpcore.ReadError("stopped")
        left = float(getattr(self._until, "at", time.monotonic() + TOTAL_S)) - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("too slow")
        return left if timeout is None else min(left, timeout)

    def keep(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """The stream, bounded, and known to `abort`."""
        kept = _Stream(stream, self)
        with self._lock:
            self._open.add(kept)
        return kept

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection; looking the name up is the system's affair and has limits of its own."""
        return self.keep(
            self._plain.connect_tcp(
                host, port, timeout=self.left(timeout), local_address=local_address, socket_options=socket_options
            )
        )

    def abort(self) -> None:
        with self._lock:
            self._aborted = True
            streams = list(self._open)
        for stream in streams:
            stream.wake()


class _Stream(httpcore.NetworkStream):
    def __init__(self, plain: httpcore.NetworkStream, network: _Network) -> None:
        self._plain, self._network = plain, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._plain.read(max_bytes, timeout=self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, timeout=self._network.left(timeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._network.keep(
            self._plain.start_tls(ssl_context, server_hostname=server_hostname, timeout=self._network.left(timeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)

    def wake(self) -> None:
        """Lets a read that waits come to its end. The socket's own method: that of TLS would pull its state away."""
        found = self._plain.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(found, socket.SHUT_RDWR)
