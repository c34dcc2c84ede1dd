"""What head office's people keep: stores, people, desks. Nobody overwrites what they had not seen."""

from __future__ import annotations

from typing import LiteralString
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store_desk.domain.errors import SettingInvalid
from store_desk.domain.places import place_faults
from store_desk.domain.roles import Role
from store_desk.hub import published
from store_desk.hub.asking import Asked, check_administrator
from store_desk.hub.enrolling import NEWER_RULES, Place, make_code
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.refusals import Refused
from store_desk.services.codec import to_ms
from store_desk.wire.office import (
    AdminRequest,
    CodeAsked,
    CodeReply,
    DeskRevoke,
    DesksReply,
    DoneReply,
    PeopleReply,
    PersonMessage,
    PersonPut,
    PublishReply,
    StoreMessage,
    StorePut,
    StoresReply,
)

_LOCK_STORE: LiteralString = "select 1 from store where code = %s for update"
_PUT_STORE: LiteralString = """
    insert into store(code, name_zh, name_en, timezone, currency, country, closed_at)
    values (%s, %s, %s, %s, %s, %s, case when %s then now() end)
    on conflict (code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
        timezone = excluded.timezone, currency = excluded.currency, country = excluded.country,
        closed_at = case when excluded.closed_at is not null
                         then coalesce(store.closed_at, excluded.closed_at) end"""
# Desks of head office that saw all stores see a new one too.
_WIDEN: LiteralString = """
    update desk set scope = array_append(scope, %(code)s)
     where role = 'head_office' and not %(code)s = any(scope)
       and scope @> (select coalesce(array_agg(code::text), '{}') from store where code <> %(code)s)"""
_PUT_PERSON: LiteralString = """
    insert into person(store, id, name, name_other, role, enabled, changed_at, changed_by)
    values (%s, %s, %s, %s, %s, %s, now(), %s)
    on conflict (store, id) do update set name = excluded.name, name_other = excluded.name_other, role = excluded.role,
        enabled = excluded.enabled, changed_at = excluded.changed_at, changed_by = excluded.changed_by"""
_DESK_STORE: LiteralString = "select store from desk where desk_id = %s for update"
_REVOKE: LiteralString = """
    update desk set revoked_at = now(), revoked_by = %s where desk_id = %s and revoked_at is null returning desk_id"""


def list_stores(asked: Asked, _request: AdminRequest) -> StoresReply:
    """All stores."""
    return StoresReply(stores=published.stores(asked.unit))


def put_store(asked: Asked, request: StorePut) -> PublishReply:
    """A new or changed store."""
    store = request.store
    if check_administrator(asked, request.actor) is not Role.HEAD_OFFICE:
        raise Refused("person_missing", actor=request.actor)
    version = _newer(asked.unit)
    asked.unit.connection.execute(_LOCK_STORE, (store.code,))
    found = {item.code: item.version for item in published.stores(asked.unit)}
    _expect(found.get(store.code, 0), request.expected_version)
    save_store(asked.unit, store)
    present = {item.code: item.version for item in published.stores(asked.unit)}
    return PublishReply(version=present[store.code], rules_version=version)


def save_store(unit: PgUnit, store: StoreMessage) -> None:
    """Writes a store; raises SettingInvalid for a time zone, currency or country that nobody knows or can keep."""
    try:
        ZoneInfo(store.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingInvalid(name="timezone", value=store.zone) from error
    for field, value, _ in place_faults(currency=store.currency, country=store.country):
        raise SettingInvalid(name=field, value=value)
    values = (store.code, store.name, store.name_other, store.zone, store.currency, store.country, store.closed)
    unit.connection.execute(_PUT_STORE, values)
    unit.connection.execute(_WIDEN, {"code": store.code})


def list_people(asked: Asked, _request: AdminRequest) -> PeopleReply:
    """The people of the stores that the desk may see."""
    return PeopleReply(people=published.people(asked.unit, list(asked.desk.scope)))


def put_person(asked: Asked, request: PersonPut) -> PublishReply:
    """A new or changed person; only head office's own make more of their kind."""
    person = request.person
    asked.may_see(person.store)
    role = check_administrator(asked, request.actor)
    version = _newer(asked.unit)
    asked.unit.connection.execute(_LOCK_STORE, (person.store,))
    before = _person(asked.unit, person)
    touches_office = person.role is Role.HEAD_OFFICE or (before is not None and before.role is Role.HEAD_OFFICE)
    if touches_office and role is not Role.HEAD_OFFICE:
        raise Refused("person_missing", actor=request.actor)
    _expect(before.version if before else 0, request.expected_version)
    save_person(asked.unit, person, by=request.actor)
    after = _person(asked.unit, person)
    return PublishReply(version=after.version if after else 0, rules_version=version)


def save_person(unit: PgUnit, person: PersonMessage, *, by: str) -> None:
    """Writes a person."""
    values = (person.store, person.id, person.name, person.name_other, person.role.value, person.enabled)
    unit.connection.execute(_PUT_PERSON, (*values, by))


def list_desks(asked: Asked, _request: AdminRequest) -> DesksReply:
    """The desks of the stores that the desk may see."""
    return DesksReply(desks=published.desks(asked.unit, list(asked.desk.scope)))


def code_for_desk(asked: Asked, request: CodeAsked) -> CodeReply:
    """A one-time code for a new desk; one of head office only by head office's own."""
    asked.may_see(request.store)
    for store in request.scope:
        asked.may_see(store)
    if request.role != "desk" and check_administrator(asked, request.actor) is not Role.HEAD_OFFICE:
        raise Refused("person_missing", actor=request.actor)
    scope = tuple(request.scope) or (asked.desk.scope if request.role == "head_office" else ())
    place = Place(request.store, request.desk, request.role, request.name, scope)
    by = f"{asked.desk.store}/{request.actor}"
    code, ends = make_code(asked.unit, place, id_=request.id, by=by, now=asked.now)
    return CodeReply(code=code, expires_at_ms=to_ms(ends))


def revoke_desk(asked: Asked, request: DeskRevoke) -> DoneReply:
    """Takes a desk's right to ask; from its next request on it is told so."""
    row = asked.unit.connection.execute(_DESK_STORE, (request.desk_id,)).fetchone()
    if row is None or row[0] not in asked.desk.scope:
        raise Refused("desk_not_found")
    revoke(asked.unit, request.desk_id, by=f"{asked.desk.store}/{request.actor} {request.why}".strip())
    return DoneReply()


def revoke(unit: PgUnit, desk_id: str, *, by: str) -> bool:
    """Revokes a desk; False when it had no right left."""
    revoked = unit.connection.execute(_REVOKE, (by, desk_id)).fetchone() is not None
    if revoked:
        _newer(unit)
    return revoked


def _person(unit: PgUnit, person: PersonMessage) -> PersonMessage | None:
    return next((item for item in published.people(unit, [person.store]) if item.id == person.id), None)


def _expect(present: int, expected: int) -> None:
    if present != expected:
        raise Refused("version_moved", expected=expected, present=present)


def _newer(unit: PgUnit) -> int:
    """The next version of everything published; whoever changes anything waits here for the one before."""
    row = unit.connection.execute(NEWER_RULES).fetchone()
    return int(row[0]) if row else 0
