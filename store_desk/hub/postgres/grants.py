"""What the service's own database user may do: it can add to feed, operation and desk_answer, and never change them."""

from __future__ import annotations

from typing import Any, LiteralString

from psycopg import Connection, sql

# Statements on a schema's tables for the user that the service runs as; migrations and clearing up are the owner's.
_GRANTS: tuple[LiteralString, ...] = (
    "grant usage on schema public to {}",
    "grant select on all tables in schema public to {}",
    "grant insert on feed, operation, desk_answer to {}",
    "grant insert, update on store, store_head, desk, desk_incarnation, person, ticket_record, meta to {}",
    "grant update on rules_version to {}",
    "grant insert on rules, desk_slip to {}",
    "grant insert, update, delete on enrolment_code, snapshot, snapshot_chunk to {}",
)


def grant_service(connection: Connection[Any], user: str) -> None:
    """Gives an existing database user exactly the rights that the service needs."""
    with connection.transaction():
        connection.execute(sql.SQL("revoke all on all tables in schema public from {}").format(sql.Identifier(user)))
        for statement in _GRANTS:
            connection.execute(sql.SQL(statement).format(sql.Identifier(user)))
