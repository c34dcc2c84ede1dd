"""Enrolment: a code that is told once admits one desk with a key of its own making.

A code has eight letters of Crockford's base 32. The first three find its row, the other five (25 bits) are the secret:
so a wrong try counts against one code and nobody can use up the codes of others without knowing their first part.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from store_desk.hub.asking import Signed, is_signed_by
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.refusals import Refused
from store_desk.services.codec import to_ms
from store_desk.wire.joining import CODE_LENGTH, CODE_LETTERS, EnrolReply, EnrolRequest

SELECTOR_LENGTH = 3
VALID_FOR = timedelta(minutes=10)
TRIES_MAX = 5
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**13, 8, 1
# What is read as a letter of the code though it is none.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", " ": "", "-": ""})

_CODES: LiteralString = """
    select code_id, code_hash, store, number, name, role, scope, tries, used_at is not null, used_by
      from enrolment_code
     where left(code_id, 4) = %s and (expires_at > %s or used_by = %s)
     order by made_at desc for update"""
_TRIED: LiteralString = "update enrolment_code set tries = tries + 1 where code_id = %s"
_USED: LiteralString = "update enrolment_code set used_at = %s, used_by = %s where code_id = %s"
_OCCUPIED: LiteralString = "select desk_id from desk where store = %s and number = %s and revoked_at is null"
_KNOWN: LiteralString = "select public_key, revoked_at is not null from desk where desk_id = %s"
_ADD_DESK: LiteralString = """
    insert into desk(desk_id, store, number, name, public_key, role, scope, enrolled_at, enrolled_by)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_ADD_INCARNATION: LiteralString = "insert into desk_incarnation(desk_id, inc) values (%s, 1)"
_ADMIT_AGAIN: LiteralString = """
    update desk set store = %s, number = %s, name = %s, role = %s, scope = %s, enrolled_by = %s,
                    revoked_at = null, revoked_by = ''
     where desk_id = %s"""
_NEXT_INCARNATION: LiteralString = """
    insert into desk_incarnation(desk_id, inc)
    select %s, coalesce(max(inc), 0) + 1 from desk_incarnation where desk_id = %s"""
_LATEST_INCARNATION: LiteralString = "select max(inc) from desk_incarnation where desk_id = %s"
_STORE: LiteralString = "select name_zh, timezone, currency from store where code = %s"
_NEW_CODE: LiteralString = """
    insert into enrolment_code(code_id, code_hash, store, number, name, role, scope, made_at, made_by, expires_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_ASKED_BEFORE: LiteralString = "select 1 from enrolment_code where substr(code_id, 5) = %s"
_SELECTOR_BUSY: LiteralString = "select 1 from enrolment_code where left(code_id, 4) = %s and expires_at > %s"
_ALL_STORES: LiteralString = "select array_agg(code order by code) from store"
NEWER_RULES: LiteralString = "update rules_version set version = version + 1 returning version"


@dataclass(frozen=True, slots=True)
class Place:
    """What a code admits: a desk of a store, by number and role, and the stores it will see (none: by its role)."""

    store: str
    desk: int
    role: str = "desk"
    name: str = ""
    scope: tuple[str, ...] = ()


def make_code(unit: PgUnit, place: Place, *, id_: str, by: str, now: datetime) -> tuple[str, datetime]:
    """A new code as it is read aloud, and when it ends; raises Refused where the place is taken or the id was used."""
    if unit.connection.execute(_STORE, (place.store,)).fetchone() is None:
        raise Refused("store_not_found", store=place.store)
    if unit.connection.execute(_ASKED_BEFORE, (id_,)).fetchone() is not None:
        raise Refused("conflict", why="a code was made for this id already")
    if unit.connection.execute(_OCCUPIED, (place.store, place.desk)).fetchone() is not None:
        raise Refused("desk_taken", store=place.store, desk=place.desk)
    code = _letters(CODE_LENGTH)
    while unit.connection.execute(_SELECTOR_BUSY, (_selector(code), now)).fetchone() is not None:
        code = _letters(CODE_LENGTH)
    scope = list(place.scope) or _scope_of(unit, place)
    code_id = _selector(code) + id_
    ends = now + VALID_FOR
    values = (code_id, _hash(code_id, code), place.store, place.desk, place.name, place.role, scope, now, by, ends)
    unit.connection.execute(_NEW_CODE, values)
    return f"{code[:4]}-{code[4:]}", ends


def enrol(unit: PgUnit, signed: Signed, request: EnrolRequest, *, now: datetime) -> EnrolReply | Refused:
    """Admits the desk. A refusal is answered, not raised: the wrong try must be kept with the transaction."""
    key = bytes.fromhex(request.public_key)
    if not is_signed_by(key, message=signed.message, signature=signed.signature):
        return Refused("bad_signature")
    code = request.code.upper().translate(_READ_AS)
    desk_id = signed.head.desk_id
    for row in unit.connection.execute(_CODES, (_selector(code), now, desk_id)).fetchall():
        code_id, hashed, store, number, name, role, scope, tries, used, used_by = row
        if tries >= TRIES_MAX:
            continue
        if not hmac.compare_digest(bytes(hashed), _hash(code_id, code)):
            unit.connection.execute(_TRIED, (code_id,))
            continue
        place = Place(store, number, role, request.name or name, tuple(scope))
        if request.store and (request.store, request.desk) != (store, number):
            return Refused("code_elsewhere", store=store, desk=number)
        if used:
            return _again(unit, place, desk_id, key, now=now) if used_by == desk_id else Refused("code_wrong")
        return _admit(unit, place, desk_id, key, code_id=code_id, now=now)
    return Refused("code_wrong")


def _admit(
    unit: PgUnit, place: Place, desk_id: str, key: bytes, *, code_id: str, now: datetime
) -> EnrolReply | Refused:
    known = unit.connection.execute(_KNOWN, (desk_id,)).fetchone()
    if known is not None:
        if bytes(known[0]) != key:
            return Refused("conflict", why="another key is known for this desk")
        return _readmit(unit, place, desk_id, code_id=code_id, now=now)
    if unit.connection.execute(_OCCUPIED, (place.store, place.desk)).fetchone() is not None:
        return Refused("desk_taken", store=place.store, desk=place.desk)
    values = (desk_id, place.store, place.desk, place.name, key, place.role, list(place.scope), now, code_id)
    unit.connection.execute(_ADD_DESK, values)
    unit.connection.execute(_ADD_INCARNATION, (desk_id,))
    unit.connection.execute(_USED, (now, desk_id, code_id))
    unit.connection.execute(NEWER_RULES)
    return _welcome(unit, place, desk_id, now=now)


def _readmit(unit: PgUnit, place: Place, desk_id: str, *, code_id: str, now: datetime) -> EnrolReply | Refused:
    """A desk that was put back to a time before it joined: the same desk, with numbers that were never used."""
    other = unit.connection.execute(_OCCUPIED, (place.store, place.desk)).fetchone()
    if other is not None and other[0] != desk_id:
        return Refused("desk_taken", store=place.store, desk=place.desk)
    values = (place.store, place.desk, place.name, place.role, list(place.scope), code_id, desk_id)
    unit.connection.execute(_ADMIT_AGAIN, values)
    unit.connection.execute(_NEXT_INCARNATION, (desk_id, desk_id))
    unit.connection.execute(_USED, (now, desk_id, code_id))
    unit.connection.execute(NEWER_RULES)
    return _welcome(unit, place, desk_id, now=now)


def _again(unit: PgUnit, place: Place, desk_id: str, key: bytes, *, now: datetime) -> EnrolReply | Refused:
    """The first answer once more, for a desk that did not hear it."""
    row = unit.connection.execute(_KNOWN, (desk_id,)).fetchone()
    if row is None or bytes(row[0]) != key:
        return Refused("code_wrong")
    return Refused("desk_revoked") if row[1] else _welcome(unit, place, desk_id, now=now)


def _welcome(unit: PgUnit, place: Place, desk_id: str, *, now: datetime) -> EnrolReply:
    store = unit.connection.execute(_STORE, (place.store,)).fetchone()
    inc = unit.connection.execute(_LATEST_INCARNATION, (desk_id,)).fetchone()
    name, zone, currency = store if store else ("", "UTC", "")
    shown = {
        "desk_id": desk_id,
        "inc": inc[0] if inc else 1,
        "store": place.store,
        "store_name": name,
        "desk": place.desk,
        "role": place.role,
        "scope": list(place.scope),
        "zone": zone,
        "currency": currency,
        "epoch": unit.epoch,
        "now_ms": to_ms(now),
    }
    return EnrolReply.model_validate(shown)


def _scope_of(unit: PgUnit, place: Place) -> list[str]:
    """Head office sees all stores, everybody else their own."""
    if place.role != "head_office":
        return [place.store]
    row = unit.connection.execute(_ALL_STORES).fetchone()
    return list(row[0]) if row and row[0] else [place.store]


def _letters(length: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def _selector(code: str) -> str:
    return code[:SELECTOR_LENGTH] + "-"


def _hash(code_id: str, code: str) -> bytes:
    return hashlib.scrypt(code.encode(), salt=code_id.encode(), n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, dklen=32)
