"""Time stamps from an authority (RFC 3161) over HTTP, with a limit after which a slip goes out without one."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from typing import Final

from asn1crypto import cms, tsp  # type: ignore[import-untyped]  # has no types
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from store_desk.slips.pdf_container import plain_stamp

LIMIT_S: Final = 4.0
ANSWER_MAX: Final = 64 * 1024
_PIECE: Final = 8 * 1024


class HttpStamper(TimeStamper):
    """Asks the authority at one address; every failure is a TimestampRequestError."""

    def __init__(self, address: str, *, limit_s: float = LIMIT_S) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._address = address
        self._limit_s = limit_s

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Sends the request and reads the answer, both within the limit."""
        try:
            return tsp.TimeStampResp.load(self._answer(req.dump()))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise TimestampRequestError(f"the time stamp authority did not answer: {error}") from error

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The stamp for a digest, without what nothing covers."""
        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            return cms.ContentInfo.load(plain_stamp(stamp.dump(), digest=message_digest))
        except TimestampRequestError:
            raise
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise TimestampRequestError(f"the time stamp cannot be used: {error}") from error

    def _answer(self, question: bytes) -> bytes:
        if not self._address.startswith(("http://", "https://")):
            raise ValueError("not a web address")
        until = time.monotonic() + self._limit_s
        heads = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._address, question, heads)  # only http and https
        with urllib.request.urlopen(request, timeout=self._limit_s) as answer:
            content = b""
            while piece := answer.read1(_PIECE):
                content += piece
                if len(content) > ANSWER_MAX:
                    raise ValueError("the answer is too long")
                if time.monotonic() > until:
                    raise TimeoutError("the answer takes too long")
            return content
