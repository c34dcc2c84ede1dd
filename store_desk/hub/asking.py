"""Who asks: the signed head of a request, checked against what head office knows of the desk at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store_desk.domain.roles import Role
from store_desk.hub.apply import Office
from store_desk.hub.ports import DeskRow
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.refusals import Refused
from store_desk.services.json_text import WHOLE_MAX
from store_desk.wire.signing import (
    DESK_HEADER,
    INC_HEADER,
    NONCE_HEADER,
    PROTOCOL,
    PROTOCOL_HEADER,
    PROTOCOL_MIN,
    SIGNATURE_HEADER,
    TIME_HEADER,
    RequestHead,
    request_bytes,
    spoken,
)

INC_MAX = 1_000_000
ADMINISTRATORS = frozenset({Role.HEAD_OFFICE, Role.MANAGER})
_HEX = frozenset("0123456789abcdef")

_DESK: LiteralString = """
    select d.store, d.number, d.public_key, d.role, d.scope, d.revoked_at is not null, d.name,
           (select max(i.inc) from desk_incarnation i where i.desk_id = d.desk_id)
      from desk d where d.desk_id = %s"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it came in: its head, the bytes that were signed, the signature."""

    head: RequestHead
    message: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a handler works with: the transaction, the desk that asks (its latest incarnation), clock and ids."""

    unit: PgUnit
    desk: DeskRow
    office: Office
    now: datetime

    def may_see(self, store: str) -> None:
        """Raises wrong_store unless the store is one of the desk's."""
        if store not in self.desk.scope:
            raise Refused("wrong_store", store=store)


def check_protocol(headers: Mapping[str, str]) -> None:
    """Raises protocol_not_served unless sender and service have a version in common."""
    given = spoken(headers.get(PROTOCOL_HEADER.lower(), ""))
    if given is None or not (given[0] >= PROTOCOL_MIN and given[1] <= PROTOCOL):
        raise Refused("protocol_not_served", served=PROTOCOL)


def signed_of(headers: Mapping[str, str], *, method: str, path: str, body: bytes) -> Signed:
    """The signed head of a request; raises unknown_desk or bad_signature when there is none to check."""
    desk_id = headers.get(DESK_HEADER.lower(), "")
    if not _is_hex(desk_id, 32):
        raise Refused("unknown_desk")
    nonce = headers.get(NONCE_HEADER.lower(), "")
    signature = headers.get(SIGNATURE_HEADER.lower(), "")
    inc = _whole(headers.get(INC_HEADER.lower(), ""), INC_MAX)
    time_ms = _whole(headers.get(TIME_HEADER.lower(), ""), WHOLE_MAX)
    if inc is None or time_ms is None or not _is_hex(nonce, 32) or not _is_hex(signature, 128):
        raise Refused("bad_signature")
    head = RequestHead(desk_id, inc, time_ms, nonce)
    return Signed(head, request_bytes(head, method=method, path=path, body=body), bytes.fromhex(signature))


def is_signed_by(key: bytes, *, message: bytes, signature: bytes) -> bool:
    """Whether the signature is by this Ed25519 key over the message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def authenticate(unit: PgUnit, signed: Signed) -> DeskRow:
    """The desk that signed; raises unknown_desk, bad_signature, or desk_revoked (told only to the desk itself).

    A desk whose incarnation this head office does not know (a restored one) is still that desk.
    """
    row = unit.connection.execute(_DESK, (signed.head.desk_id,)).fetchone()
    if row is None:
        raise Refused("unknown_desk")
    store, number, key, role, scope, revoked, name, inc = row
    if not is_signed_by(bytes(key), message=signed.message, signature=signed.signature):
        raise Refused("bad_signature")
    if revoked:
        raise Refused("desk_revoked")
    return DeskRow(signed.head.desk_id, inc or 0, store, number, bytes(key), role, tuple(scope), name=name)


def check_administrator(asked: Asked, actor: str) -> Role:
    """The role of a person who may administer; raises person_missing."""
    person = asked.unit.person(asked.desk.store, actor)
    if person is None or not person.enabled or person.role not in ADMINISTRATORS:
        raise Refused("person_missing", actor=actor)
    return person.role


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and _HEX.issuperset(text)


def _whole(text: str, most: int) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) <= 16
    return int(text) if plain and int(text) <= most else None
