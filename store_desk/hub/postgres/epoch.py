"""Which history this database tells: an epoch is one history, and a restored database tells another one.

A copy restored from a dump lies in another cluster (another system identifier); one restored to a point in time, or a
standby that was made primary, goes on along another time line. Both are seen when a hub starts. A copy of the data
folder taken while nothing ran shows neither: then the operator says so (`new_epoch`), and where they forget, the desks'
two chains still find every difference.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

# As with migrations: one hub at a time looks at the marks and changes them.
EPOCH_LOCK = 0x53444550
MARKS = ("system_identifier", "timeline")


@dataclass(frozen=True, slots=True)
class Epoch:
    """The epoch in force; `renewed` tells that it is a new one, `why` is first_start, system_identifier, timeline
    or the operator's words."""

    epoch: str
    renewed: bool = False
    why: str = ""


def settle_epoch(connection: Connection[Any]) -> Epoch:
    """Called when a hub starts: compares the cluster with what was noted, and makes a new epoch where they differ.

    The connection is in autocommit mode, and may read pg_control_system (every user may, unless it was taken away).
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (EPOCH_LOCK,))
        noted = {str(name): str(value) for name, value in connection.execute("select name, value from meta")}
        present = _marks(connection)
        if "epoch" not in noted:
            return _renew(connection, present, why="first_start")
        for mark in MARKS:
            if noted.get(mark) != present[mark]:
                return _renew(connection, present, why=mark)
        return Epoch(noted["epoch"])


def new_epoch(connection: Connection[Any], *, why: str) -> Epoch:
    """A new epoch because an operator says so, after a restore; all desks offer again what they sent."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (EPOCH_LOCK,))
        return _renew(connection, _marks(connection), why=why)


def _marks(connection: Connection[Any]) -> dict[str, str]:
    """The cluster's identity and time line.

    The time line of the last checkpoint lags behind a promotion until the next one; the log file's name does not.
    """
    row = connection.execute(
        "select s.system_identifier::text,"
        " case when pg_is_in_recovery() then c.timeline_id"
        " else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end"
        " from pg_control_system() s, pg_control_checkpoint() c"
    ).fetchone()
    if row is None:
        return dict.fromkeys(MARKS, "")
    return {"system_identifier": str(row[0]), "timeline": str(row[1])}


def _renew(connection: Connection[Any], marks: dict[str, str], *, why: str) -> Epoch:
    epoch = str(uuid.uuid4())
    for name, value in (*marks.items(), ("epoch", epoch), ("epoch_why", why)):
        connection.execute(
            "insert into meta(name, value) values (%s, %s) on conflict (name) do update set value = excluded.value",
            (name, value),
        )
    connection.execute(
        "insert into meta(name, value) values (%s, %s) on conflict (name) do nothing",
        (f"epoch_made:{epoch}", why),
    )
    return Epoch(epoch, renewed=True, why=why)
