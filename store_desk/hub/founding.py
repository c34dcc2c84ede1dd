"""The first steps of a head office: its schema, its own store, its first person; and stores that come later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from store_desk.hub.administration import save_person, save_store
from store_desk.hub.enrolling import NEWER_RULES
from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import migrate
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit
from store_desk.wire.office import PersonMessage, StoreMessage

_FIRST: LiteralString = "select store, id from person where role = 'head_office' and enabled order by store, id limit 1"
_OF_PLACE: LiteralString = "select desk_id from desk where store = %s and number = %s and revoked_at is null"


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it: versions of the schema applied, the epoch, and who may administer."""

    migrated: int
    epoch: str
    store: str
    person: str


def found(database: HubDatabase, store: StoreMessage, person: PersonMessage) -> Founded:
    """Makes the schema and, where nobody of head office is known yet, its store and first person.

    Done again after an upgrade it only brings the schema up to date.
    """
    with database.alone() as connection:
        migrated = migrate(connection)
        epoch = settle_epoch(connection)

    def work(unit: PgUnit) -> tuple[str, str]:
        unit.connection.execute(NEWER_RULES)
        known = unit.connection.execute(_FIRST).fetchone()
        if known is not None:
            return str(known[0]), str(known[1])
        save_store(unit, store)
        save_person(unit, person, by="init")
        return person.store, person.id

    first_store, first = database.transaction(work)
    return Founded(migrated, epoch.epoch, first_store, first)


def ensure_store(unit: PgUnit, store: StoreMessage) -> bool:
    """Adds a store that head office does not have; True when it did."""
    if store.code in unit.stores():
        return False
    unit.connection.execute(NEWER_RULES)
    save_store(unit, store)
    return True


def desk_at(unit: PgUnit, store: str, desk: int) -> str:
    """The id of the desk that has this place, or ''."""
    row = unit.connection.execute(_OF_PLACE, (store, desk)).fetchone()
    return str(row[0]) if row else ""
