"""Asking an address on the web for one small thing, within a time and no more than a size."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.request
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Final

_PIECE: Final = 8 * 1024


def fetch(
    address: str, *, limit_s: float, size_max: int, body: bytes | None = None, heads: Mapping[str, str] | None = None
) -> bytes:
    """The answer to a GET, or to a POST of `body`; raises OSError or ValueError, also for one too long or too late.

    A time-out of a connection counts from one piece to the next, and a name may be looked up for ever: so somebody else
    asks, and nobody waits for that beyond the limit.
    """
    if not address.startswith(("http://", "https://")):
        raise ValueError("not a web address")
    asked: Future[bytes] = Future()

    def ask() -> None:
        try:
            asked.set_result(_fetch(address, limit_s=limit_s, size_max=size_max, body=body, heads=heads))
        except (OSError, ValueError) as error:
            asked.set_exception(error)

    threading.Thread(target=ask, name="web", daemon=True).start()
    try:
        return asked.result(limit_s)
    except FutureTimeout as error:
        raise TimeoutError("the answer takes too long") from error


def _fetch(
    address: str, *, limit_s: float, size_max: int, body: bytes | None, heads: Mapping[str, str] | None
) -> bytes:
    until = time.monotonic() + limit_s
    request = urllib.request.Request(address, body, dict(heads or {}))  # only http and https
    try:
        with urllib.request.urlopen(request, timeout=limit_s) as answer:
            content = b""
            while piece := answer.read1(_PIECE):
                content += piece
                if len(content) > size_max:
                    raise ValueError("the answer is too long")
                if time.monotonic() > until:
                    raise TimeoutError("the answer takes too long")
            return content
    except http.client.HTTPException as error:
        raise ValueError(str(error) or type(error).__name__) from error
