"""Triggers that keep facts append-only; reinstalled after every migration, because a rebuilt table loses its own."""

from __future__ import annotations

from typing import Any, Protocol

NO_CASE_CHANGES = "a case keeps its ticket, reason and origin"

_NEVER = "BEGIN SELECT RAISE(ABORT, '{words}'); END"
_SLIP_FIXED = ("number", "case_id", "ticket_id", "variant", "body", "hash", "made_at", "n")
_OPERATION_FIXED = ("inc", "n", "op_id", "kind", "ticket_id", "case_id", "payload", "digest", "actor", "created_at")
# A new incarnation of the desk gives new numbers; what was signed stays.
_DELIVERY_FIXED = (
    "op_id",
    "kind",
    "ticket_id",
    "case_id",
    "payload",
    "digest",
    "signature",
    "actor",
    "role",
    "at_ms",
    "made_at",
)
_CASE_FIXED = ("id", "ticket_id", "origin", "opened_at")


def _never(name: str, event: str, table: str, words: str, *, when: str = "") -> tuple[str, str]:
    condition = f" WHEN {when}" if when else ""
    return name, f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} {_NEVER.format(words=words)}"


GUARDS: dict[str, str] = dict(
    (
        _never("journal_no_delete", "DELETE", "journal", "the journal is append only"),
        _never("journal_no_update", "UPDATE", "journal", "the journal is append only"),
        _never("slip_no_delete", "DELETE", "slip", "slips are kept"),
        _never("slip_fixed", "UPDATE OF " + ", ".join(_SLIP_FIXED), "slip", "a slip never changes"),
        _never("operation_no_delete", "DELETE", "operation", "operations are kept"),
        _never("operation_fixed", "UPDATE OF " + ", ".join(_OPERATION_FIXED), "operation", "operations never change"),
        _never("delivery_no_delete", "DELETE", "delivery", "deliveries are kept"),
        _never(
            "delivery_fixed", "UPDATE OF " + ", ".join(_DELIVERY_FIXED), "delivery", "what was signed never changes"
        ),
        # Only the undo of an import takes cases away, and only those that it brought itself.
        _never("case_no_delete", "DELETE", "cancellation_case", "cases are kept", when="OLD.origin <> 'import'"),
        _never(
            "case_reason_fixed",
            "UPDATE OF reason",
            "cancellation_case",
            NO_CASE_CHANGES,
            when="OLD.origin <> 'import' AND NEW.reason IS NOT OLD.reason",
        ),
        _never("case_fixed", "UPDATE OF " + ", ".join(_CASE_FIXED), "cancellation_case", NO_CASE_CHANGES),
        # An undone import takes a ticket away only while nobody has touched it, and never one with a file.
        _never("attachment_no_delete", "DELETE", "attachment", "attachments are kept"),
        _never("attachment_fixed", "UPDATE", "attachment", "an attachment never changes"),
        _never("attachment_content_no_delete", "DELETE", "attachment_content", "attachments are kept"),
        _never("attachment_content_fixed", "UPDATE", "attachment_content", "an attachment never changes"),
        _never("obligation_no_delete", "DELETE", "obligation", "obligations are kept"),
    )
)


class Runs(Protocol):
    """Anything that runs one statement: a connection."""

    def execute(self, sql: str, parameters: tuple[object, ...] = (), /) -> Any: ...


def install_guards(connection: Runs) -> None:
    """Drops and makes every guard again; to be called inside the transaction of the upgrade."""
    for name, statement in GUARDS.items():
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(statement)


def guards_missing(connection: Runs) -> set[str]:
    """The names of guards that the database lacks."""
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return set(GUARDS) - found
