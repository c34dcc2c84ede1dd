"""What PostgreSQL's failures mean here: which are tried again, which are told, and in which of our words."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import errors

from store_desk.domain.errors import DomainError
from store_desk.hub.errors import DatabaseBusy, DatabaseRefused, DatabaseUnreachable, DatabaseUnwritable

AGAIN: Final = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
TOO_SLOW: Final = (errors.QueryCanceled, errors.LockNotAvailable, errors.TooManyConnections)
UNWRITABLE: Final = (errors.DiskFull, errors.ReadOnlySqlTransaction)

# What libpq says of a connection that cannot be made, by the code that has a sentence in `words.errors`.
_NO_CONNECTION: Final = (
    ("password", "password"),
    ("no pg_hba.conf entry", "password"),
    ("resolve host", "name"),
    ("translate host name", "name"),
    ("Connection refused", "closed"),
    ("No such file or directory", "closed"),
)
_NO_SUCH: Final = (("database", "database"), ("role", "password"))
_DETAIL_MAX: Final = 200
# Nothing that waiting would change.
FOR_GOOD: Final = frozenset({"address", "name", "password", "database"})


def failure_of(error: psycopg.Error) -> DomainError:
    """A failure of the database in our words, none of them quoting a row."""
    if isinstance(error, UNWRITABLE):
        return DatabaseUnwritable(detail="full" if isinstance(error, errors.DiskFull) else "read_only")
    if isinstance(error, (*AGAIN, *TOO_SLOW)):
        return DatabaseBusy(detail=first_line(error))
    if isinstance(error, psycopg.OperationalError):
        return DatabaseUnreachable(detail=first_line(error))
    return DatabaseRefused(detail=first_line(error))


def no_connection(error: psycopg.Error) -> DatabaseUnreachable:
    """Why there is no connection; an address that cannot be read is never repeated, since it may hold a password."""
    if isinstance(error, psycopg.ProgrammingError):
        return DatabaseUnreachable(detail="address")
    said = first_line(error)
    for words, code in _NO_CONNECTION:
        if words in said:
            return DatabaseUnreachable(detail=code)
    if "does not exist" in said:
        for words, code in _NO_SUCH:
            if f'{words} "' in said:
                return DatabaseUnreachable(detail=code)
    return DatabaseUnreachable(detail=said)


def first_line(error: Exception | None) -> str:
    """The first line of what the database said, without the row's contents (those stand in the lines below)."""
    return str(error).strip().split("\n", 1)[0][:_DETAIL_MAX] if error else ""
