"""How a request is signed: Ed25519 by the desk's key over everything that decides what the request does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

PROTOCOL = 1
# The oldest protocol that this program still speaks.
PROTOCOL_MIN = 1
PROTOCOL_HEADER = "SD-Protocol"
DESK_HEADER = "SD-Desk"
INC_HEADER = "SD-Inc"
TIME_HEADER = "SD-Time"
NONCE_HEADER = "SD-Nonce"
SIGNATURE_HEADER = "SD-Signature"


@dataclass(frozen=True, slots=True)
class RequestHead:
    """Who asks: `time_ms` is the desk's clock (told, not trusted), `nonce` 32 hex digits made for this request."""

    desk_id: str
    inc: int
    time_ms: int
    nonce: str


def request_bytes(head: RequestHead, *, method: str, path: str, body: bytes) -> bytes:
    """What a desk signs of a request; `path` is without host and query."""
    digest = hashlib.sha256(body).hexdigest()
    parts = ("store-desk-request-1", method.upper(), path, digest, head.desk_id, str(head.inc))
    return "\n".join((*parts, str(head.time_ms), head.nonce)).encode()


def protocol_header() -> str:
    """The value of SD-Protocol: the version spoken and the oldest one that will do."""
    return f"{PROTOCOL}; min={PROTOCOL_MIN}"


def request_headers(head: RequestHead, *, signature: bytes) -> dict[str, str]:
    """The headers of a signed request."""
    return {
        "Content-Type": "application/json",
        PROTOCOL_HEADER: protocol_header(),
        DESK_HEADER: head.desk_id,
        INC_HEADER: str(head.inc),
        TIME_HEADER: str(head.time_ms),
        NONCE_HEADER: head.nonce,
        SIGNATURE_HEADER: signature.hex(),
    }


def spoken(header: str) -> tuple[int, int] | None:
    """(version, oldest that will do) of an SD-Protocol value, None when it cannot be read."""
    version, _, rest = header.partition(";")
    name, _, oldest = rest.strip().partition("=")
    version, oldest = version.strip(), oldest.strip()
    plain = all(text.isascii() and text.isdigit() and len(text) <= 4 for text in (version, oldest))
    if name.strip() != "min" or not plain:
        return None
    return int(version), int(oldest)
