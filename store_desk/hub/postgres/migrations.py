"""Brings the database up to this program's schema, one hub at a time; a newer schema is refused in words."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from store_desk.hub.errors import SchemaNewer, SchemaOlder
from store_desk.hub.postgres.schema import MIGRATIONS

KNOWN = len(MIGRATIONS)
# Any number will do that no other program uses as an advisory lock in this database.
MIGRATION_LOCK = 0x53444D4947


def migrate(connection: Connection[Any]) -> int:
    """Applies what is missing and answers how many versions that were; raises SchemaNewer.

    The connection must be in autocommit mode and belong to the owner of the schema. All versions are applied in one
    transaction: a failure leaves the database as it was.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(
            "create table if not exists schema_version("
            "version int primary key, applied_at timestamptz not null default now())"
        )
        found = _found(connection)
        if found > KNOWN:
            raise SchemaNewer(found=found, known=KNOWN)
        for version in range(found + 1, KNOWN + 1):
            for statement in MIGRATIONS[version - 1]:
                connection.execute(statement)
            connection.execute("insert into schema_version(version) values (%s)", (version,))
    return KNOWN - found


def check_schema(connection: Connection[Any]) -> None:
    """Raises SchemaNewer or SchemaOlder unless the database has exactly this program's schema."""
    found = schema_of(connection)
    if found > KNOWN:
        raise SchemaNewer(found=found, known=KNOWN)
    if found < KNOWN:
        raise SchemaOlder(found=found, known=KNOWN)


def schema_of(connection: Connection[Any]) -> int:
    """The schema's version; 0 for a database without one."""
    row = connection.execute("select to_regclass('schema_version') is not null").fetchone()
    return _found(connection) if row and row[0] else 0


def _found(connection: Connection[Any]) -> int:
    row = connection.execute("select coalesce(max(version), 0) from schema_version").fetchone()
    return int(row[0]) if row else 0
