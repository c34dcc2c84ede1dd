"""People, settings and drafts of the desk, and the imports it has seen."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from store_desk.domain.errors import StaffExists, StaffNotFound
from store_desk.domain.imports import ImportCounts
from store_desk.domain.roles import Role
from store_desk.domain.staff import Staff
from store_desk.services.codec import compact, from_ms, from_ms_or_none, to_ms, to_ms_or_none
from store_desk.services.ports import Batch, Draft
from store_desk.store.database import StoreDatabase
from store_desk.store.tables import BatchRow, DraftRow, StaffRow

_GET_SETTING = "SELECT value FROM setting WHERE name = ?"
_PUT_SETTING = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_UNDER = "SELECT name, value FROM setting WHERE name >= ? AND name < ? ORDER BY name"


class StoredPeople:
    """Implements `services.ports.People`."""

    def __init__(self, database: StoreDatabase) -> None:
        self._database = database

    def add(self, person: Staff) -> None:
        """Stores a new person; raises StaffExists when the number is taken."""
        if self.get(person.id) is not None:
            raise StaffExists(who=person.id)
        StaffRow.insert(**_staff_values(person)).execute(self._database)

    def save(self, person: Staff) -> None:
        """Writes a person; raises StaffNotFound when there is none with the number."""
        changed = StaffRow.update(**_staff_values(person)).where(StaffRow.id == person.id).execute(self._database)
        if changed != 1:
            raise StaffNotFound(who=person.id)

    def get(self, staff_id: str) -> Staff | None:
        """The person with this number."""
        found = list(StaffRow.select().where(StaffRow.id == staff_id).dicts().execute(self._database))
        return _staff_from(found[0]) if found else None

    def all(self) -> list[Staff]:
        """Everybody, by number."""
        return [_staff_from(row) for row in StaffRow.select().order_by(StaffRow.id).dicts().execute(self._database)]


class StoredSettings:
    """Implements `services.ports.Settings`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def get(self, name: str) -> str | None:
        """The setting's JSON text."""
        row = self._run(_GET_SETTING, (name,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Writes a setting."""
        self._run(_PUT_SETTING, (name, value))

    def under(self, prefix: str) -> dict[str, str]:
        """All settings whose name begins with the prefix, without it."""
        rows = self._run(_UNDER, (prefix, prefix + "\U0010ffff"))
        return {name[len(prefix) :]: value for name, value in rows}


class StoredDrafts:
    """Implements `services.ports.Drafts`."""

    def __init__(self, database: StoreDatabase) -> None:
        self._database = database

    def put(self, draft: Draft) -> None:
        """Writes the ticket's draft over an older one."""
        values = {
            "ticket_id": draft.ticket_id,
            "clerk": draft.clerk,
            "body": draft.body,
            "saved_at": to_ms(draft.saved_at),
        }
        changed = {DraftRow.clerk: draft.clerk, DraftRow.body: draft.body, DraftRow.saved_at: values["saved_at"]}
        query = DraftRow.insert(**values).on_conflict(conflict_target=[DraftRow.ticket_id], update=changed)
        query.execute(self._database)

    def get(self, ticket_id: str) -> Draft | None:
        """The ticket's draft."""
        found = list(DraftRow.select().where(DraftRow.ticket_id == ticket_id).dicts().execute(self._database))
        return _draft_from(found[0]) if found else None

    def drop(self, ticket_id: str) -> None:
        """Throws the ticket's draft away."""
        # Constant SQL: every cancellation drops its draft while a clerk waits.
        self._database.execute_sql("DELETE FROM draft WHERE ticket_id = ?", (ticket_id,))

    def all(self) -> list[Draft]:
        """Every draft, latest first."""
        query = DraftRow.select().order_by(DraftRow.saved_at.desc()).dicts()
        return [_draft_from(row) for row in query.execute(self._database)]


class StoredBatches:
    """Implements `services.ports.Batches`."""

    def __init__(self, database: StoreDatabase) -> None:
        self._database = database

    def add(self, batch: Batch) -> Batch:
        """Stores a new import and answers it with its number; the id given is not used."""
        values = _batch_values(batch)
        del values["id"]
        number = BatchRow.insert(**values).execute(self._database)
        return replace(batch, id=int(number))

    def save(self, batch: Batch) -> None:
        """Writes an import that went on."""
        BatchRow.update(**_batch_values(batch)).where(BatchRow.id == batch.id).execute(self._database)

    def get(self, batch_id: int) -> Batch | None:
        """The import with this number."""
        found = list(BatchRow.select().where(BatchRow.id == batch_id).dicts().execute(self._database))
        return _batch_from(found[0]) if found else None

    def all(self, *, limit: int) -> list[Batch]:
        """Imports, latest first."""
        query = BatchRow.select().order_by(BatchRow.id.desc()).limit(limit).dicts()
        return [_batch_from(row) for row in query.execute(self._database)]

    def unfinished(self) -> list[Batch]:
        """Imports that did not come to their end, oldest first."""
        query = BatchRow.select().where(BatchRow.state == "running").order_by(BatchRow.id).dicts()
        return [_batch_from(row) for row in query.execute(self._database)]


def _staff_values(person: Staff) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "name_other": person.name_other,
        "role": person.role.value,
        "enabled": person.enabled,
        "pin_hash": person.pin_hash,
        "pin_is_first": person.pin_is_first,
        "wrong_pins": person.wrong_pins,
        "lockouts": person.lockouts,
        "locked_until": to_ms_or_none(person.locked_until),
    }


def _staff_from(row: dict[str, Any]) -> Staff:
    return Staff(**{**row, "role": Role(row["role"]), "locked_until": from_ms_or_none(row["locked_until"])})


def _draft_from(row: dict[str, Any]) -> Draft:
    return Draft(row["ticket_id"], row["clerk"], row["body"], from_ms(row["saved_at"]))


def _batch_values(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "file": batch.file,
        "started_at": to_ms(batch.started_at),
        "started_by": batch.by,
        "state": batch.state,
        "counts": compact(asdict(batch.counts)),
        "mapping": batch.mapping,
        "refused_file": batch.refused_file,
        "finished_at": to_ms_or_none(batch.finished_at),
    }


def _batch_from(row: dict[str, Any]) -> Batch:
    return Batch(
        id=row["id"],
        file=row["file"],
        started_at=from_ms(row["started_at"]),
        by=row["started_by"],
        state=row["state"],
        counts=ImportCounts(**json.loads(row["counts"])),
        mapping=row["mapping"],
        refused_file=row["refused_file"],
        finished_at=from_ms_or_none(row["finished_at"]),
    )
