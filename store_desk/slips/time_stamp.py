"""Time stamps from an authority (RFC 3161) over HTTP, with a limit after which a slip goes out without one."""

from __future__ import annotations

from typing import Final

from asn1crypto import cms, tsp  # type: ignore[import-untyped]  # has no types
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from store_desk.slips.pdf_container import plain_stamp
from store_desk.slips.signed_message import read_message
from store_desk.slips.web import fetch

LIMIT_S: Final = 4.0
ANSWER_MAX: Final = 64 * 1024


class HttpStamper(TimeStamper):
    """Asks the authority at one address; every failure is a TimestampRequestError.

    `certificates` are those (DER) that came with its stamps: the authority's own and those above it.
    """

    def __init__(self, address: str, *, limit_s: float = LIMIT_S) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._address = address
        self._limit_s = limit_s
        self.certificates: tuple[bytes, ...] = ()

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Sends the request and reads the answer, both within the limit."""
        heads = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            answer = fetch(
                self._address, limit_s=self._limit_s, size_max=ANSWER_MAX, body=bytes(req.dump()), heads=heads
            )
            return tsp.TimeStampResp.load(answer)
        except (OSError, ValueError) as error:
            raise TimestampRequestError(f"the time stamp authority did not answer: {error}") from error

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The stamp for a digest, without what nothing covers."""
        try:
            stamp = (await super().async_timestamp(message_digest, md_algorithm)).dump()
            plain = cms.ContentInfo.load(plain_stamp(stamp, digest=message_digest))
            self.certificates = tuple(dict.fromkeys((*self.certificates, *read_message(stamp).certificates)))
            return plain
        except TimestampRequestError:
            raise
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise TimestampRequestError(f"the time stamp cannot be used: {error}") from error
