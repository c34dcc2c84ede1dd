"""What head office publishes, read: rules, people, stores, desks and their keys."""

from __future__ import annotations

import hashlib
from typing import Any, LiteralString

from store_desk.domain.roles import Role
from store_desk.hub.asking import Asked
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.canonical import canonical_json
from store_desk.services.codec import to_ms, to_ms_or_none
from store_desk.wire.office import (
    DeskMessage,
    PersonMessage,
    PublishedText,
    RulesReply,
    RulesRequest,
    StoreMessage,
)

NAMES = ("conditions", "policy", "force_majeure", "tiles")
# Up to so many desks every desk learns all keys; of a larger chain only those of its own stores.
DESKS_TOLD_MAX = 5_000
_VERSION_BITS = 48

_PUBLISHED: LiteralString = """
    select distinct on (name) name, version, body, published_at, published_by
      from rules where name = any(%s) order by name, version desc"""
_STORES: LiteralString = """
    select code, name_zh, name_en, timezone, currency, country, closed_at is not null from store order by code"""
_PEOPLE: LiteralString = """
    select store, id, name, name_other, role, enabled from person where store = any(%s) order by store, id"""
_DESKS: LiteralString = """
    select d.desk_id, coalesce((select max(i.inc) from desk_incarnation i where i.desk_id = d.desk_id), 0), d.store,
           d.number, d.role, d.name, d.public_key, d.revoked_at, d.scope, d.enrolled_at, d.last_contact_at,
           d.program_version
      from desk d where %s or d.store = any(%s) order by d.store, d.number, d.enrolled_at"""
_DESKS_COUNT: LiteralString = "select count(*) from desk"


def rules(asked: Asked, request: RulesRequest) -> RulesReply:
    """Everything published, or only that nothing is newer."""
    unit = asked.unit
    version = unit.rules_version()
    unchanged = request.known_version == version and version > 0
    scope = list(asked.desk.scope)
    return RulesReply(
        version=version,
        unchanged=unchanged,
        published=[] if unchanged else published(unit, NAMES),
        people=[] if unchanged else people(unit, scope),
        stores=[] if unchanged else stores(unit),
        desks=[] if unchanged else _desks_for_desks(unit, scope),
        epoch=unit.epoch,
        now_ms=to_ms(asked.now),
    )


def published(unit: PgUnit, names: tuple[str, ...]) -> list[PublishedText]:
    """The latest text under each name; version 0 and no text where nothing was published."""
    rows = {row[0]: row for row in unit.connection.execute(_PUBLISHED, (list(names),)).fetchall()}
    shown = []
    for name in names:
        row = rows.get(name)
        told: dict[str, Any] = {"name": name, "version": 0, "text": ""}
        if row is not None:
            told |= {"version": row[1], "text": row[2], "published_at_ms": to_ms(row[3]), "published_by": row[4]}
        shown.append(PublishedText.model_validate(told))
    return shown


def stores(unit: PgUnit) -> list[StoreMessage]:
    """All stores, by code."""
    return [_store(row) for row in unit.connection.execute(_STORES).fetchall()]


def people(unit: PgUnit, scope: list[str]) -> list[PersonMessage]:
    """The people of these stores."""
    return [_person(row) for row in unit.connection.execute(_PEOPLE, (scope,)).fetchall()]


def desks(unit: PgUnit, scope: list[str], *, everybody: bool = False) -> list[DeskMessage]:
    """The desks of these stores, or all of them."""
    return [_desk(row) for row in unit.connection.execute(_DESKS, (everybody, scope)).fetchall()]


def _desks_for_desks(unit: PgUnit, scope: list[str]) -> list[DeskMessage]:
    """The desks as any desk is told of them; which program each runs is head office's affair alone."""
    found = desks(unit, scope, everybody=_few_desks(unit))
    return [desk.model_copy(update={"program": ""}) for desk in found]


def version_of(*members: object) -> int:
    """A number that stands for what a row says now, so that a change can name what its maker saw; never 0."""
    digest = hashlib.sha256(canonical_json(list(members)).encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - _VERSION_BITS) | 1


def _few_desks(unit: PgUnit) -> bool:
    row = unit.connection.execute(_DESKS_COUNT).fetchone()
    return row is not None and row[0] <= DESKS_TOLD_MAX


def _store(row: tuple[Any, ...]) -> StoreMessage:
    code, name, other, zone, currency, country, closed = row
    return StoreMessage(
        code=code,
        name=name or code,
        name_other=other,
        zone=zone,
        currency=currency,
        country=country,
        closed=closed,
        version=version_of(*row),
    )


def _person(row: tuple[Any, ...]) -> PersonMessage:
    store, id_, name, other, role, enabled = row
    return PersonMessage(
        store=store, id=id_, name=name, name_other=other, role=Role(role), enabled=enabled, version=version_of(*row)
    )


def _desk(row: tuple[Any, ...]) -> DeskMessage:
    desk_id, inc, store, number, role, name, key, revoked_at, scope, enrolled_at, seen_at, program = row
    return DeskMessage(
        desk_id=desk_id,
        inc=inc,
        store=store,
        desk=number,
        role=role,
        name=name,
        public_key=bytes(key).hex(),
        revoked=revoked_at is not None,
        scope=list(scope),
        enrolled_at_ms=to_ms(enrolled_at),
        seen_at_ms=to_ms_or_none(seen_at) or 0,
        revoked_at_ms=to_ms_or_none(revoked_at) or 0,
        program=program,
    )
