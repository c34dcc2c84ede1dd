"""A desk of the tests that speaks to the service as the real one does: keys of its own, every request signed."""

from __future__ import annotations

import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from store_desk.domain.ticket import Ticket, Work
from store_desk.services import payloads
from store_desk.services.ids import IdMaker
from store_desk.services.messages import Envelope, digest_of, signed_bytes
from store_desk.wire.signing import RequestHead, request_bytes, request_headers
from store_desk.wire.v1 import OperationsRequest

new_id = IdMaker()


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half, as the protocol has it."""
    return key.public_key().public_bytes_raw().hex()


@dataclass
class Desk:
    """One desk; `inc` and `n` go on as it asks."""

    client: httpx.Client
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    inc: int = 1
    n: int = 0

    def headers(self, path: str, body: bytes) -> dict[str, str]:
        """The signed headers of one request."""
        head = RequestHead(self.id, self.inc, int(time.time() * 1000), secrets.token_hex(16))
        signature = self.key.sign(request_bytes(head, method="POST", path=path, body=body))
        return request_headers(head, signature=signature)

    def post(self, path: str, asks: BaseModel | dict[str, Any] | bytes, **changed: str) -> httpx.Response:
        """A signed request; `changed` puts other headers in place of the right ones (underscores for hyphens)."""
        if isinstance(asks, BaseModel):
            body = asks.model_dump_json().encode()
        else:
            body = asks if isinstance(asks, bytes) else json.dumps(asks).encode()
        headers = self.headers(path, body) | {name.replace("_", "-"): value for name, value in changed.items()}
        return self.client.post(path, content=body, headers=headers)

    def ok(self, path: str, asks: BaseModel | dict[str, Any]) -> dict[str, Any]:
        """The reply of a request that is to be done."""
        reply = self.post(path, asks)
        assert reply.status_code == 200, (path, reply.status_code, reply.text)
        shown: dict[str, Any] = reply.json()
        return shown

    def refused(self, path: str, asks: BaseModel | dict[str, Any] | bytes, **changed: str) -> tuple[int, str]:
        """Status and code of a request that is not to be done."""
        reply = self.post(path, asks, **changed)
        assert reply.status_code != 200, (path, reply.text)
        return reply.status_code, reply.json()["error"]["code"]

    def enrol(self, code: str, name: str = "") -> httpx.Response:
        """Introduces itself."""
        self.inc = 0
        reply = self.post("/v1/enrol", {"code": code, "public_key": public_hex(self.key), "name": name})
        self.inc = reply.json()["inc"] if reply.status_code == 200 else 1
        return reply

    def envelope(self, kind: str, ticket_id: str, payload: str, *, op_id: str = "", case_id: str = "") -> Envelope:
        """The next operation, signed."""
        self.n += 1
        id_ = op_id or new_id()
        digest = digest_of(payload)
        message = signed_bytes(op_id=id_, kind=kind, ticket_id=ticket_id, actor="1001", digest=digest)
        return Envelope(
            id=id_, inc=self.inc, n=self.n, kind=kind, ticket_id=ticket_id, case_id=case_id, payload=payload,
            digest=digest, signature=self.key.sign(message), actor="1001", role="clerk", at_ms=1_763_791_200_000,
        )  # fmt: skip

    def bring(self, ticket: Ticket) -> Envelope:
        """The operation that makes a ticket."""
        return self.envelope("ticket", ticket.id, payloads.ticket_to_payload(ticket))

    def assign(self, ticket: Ticket) -> Envelope:
        """The operation that assigns it."""
        step = payloads.Move(work=Work.ASSIGNED, assignee="陈师傅")
        return self.envelope("move", ticket.id, payloads.move_to_payload(step))

    def push(self, *envelopes: Envelope) -> dict[str, Any]:
        """Sends operations."""
        return self.ok("/v1/operations", OperationsRequest.of(envelopes))
