"""Clearing up: old changes, answers and operations go; what has gone can still never be executed again.

A desk whose position lies before a store's floor is given a snapshot. An operation whose row has gone is still known by
its number: it is not greater than the desk's last one, and the answer is `fork`, never a second effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg import Connection

FEED_KEPT = timedelta(days=90)
# Longer than any outage after which a desk may offer its operations again.
OPERATIONS_KEPT = timedelta(days=120)
# Rows per transaction, so that nobody waits for the clearing.
STEP_ROWS = 5_000

_ALLOW: LiteralString = "select set_config('store_desk.clearing_up', 'yes', true)"
# The change at the floor itself stays: a desk that stands there is compared with its hash.
_FLOOR: LiteralString = """
    select greatest(h.floor, coalesce((select max(f.seq) from feed f where f.store = h.store and f.at < %s), 0)),
           h.floor
      from store_head h where h.store = %s for update"""
_RAISE: LiteralString = "update store_head set floor = %s where store = %s"
_DROP_CHANGES: LiteralString = """
    delete from feed where store = %s and seq in (select seq from feed where store = %s and seq < %s limit %s)"""
_DROP_OPERATIONS: LiteralString = """
    delete from operation where op_id in (select op_id from operation where store = %s and at < %s limit %s)"""
# An incarnation's latest answer stays: the desk's answer chain is compared with it.
_DROP_ANSWERS: LiteralString = """
    delete from desk_answer where (desk_id, inc, n) in
        (select a.desk_id, a.inc, a.n from desk d
           join desk_incarnation i on i.desk_id = d.desk_id
           join desk_answer a on a.desk_id = i.desk_id and a.inc = i.inc and a.n < i.last_n
          where d.store = %s and a.at < %s
            and not exists (select from operation o where o.desk_id = a.desk_id and o.inc = a.inc and o.n = a.n)
          limit %s)"""


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many rows went."""

    changes: int = 0
    operations: int = 0
    answers: int = 0


def prune(
    connection: Connection[Any],
    *,
    now: datetime,
    feed_kept: timedelta = FEED_KEPT,
    operations_kept: timedelta = OPERATIONS_KEPT,
) -> Cleared:
    """Clears up store by store, in small transactions. The connection is in autocommit mode and the owner's."""
    changes = operations = answers = 0
    for (store,) in connection.execute("select code from store order by code").fetchall():
        floor = _raise_floor(connection, store, before=now - feed_kept)
        changes += _drop(connection, _DROP_CHANGES, store, store, floor)
        operations += _drop(connection, _DROP_OPERATIONS, store, now - operations_kept)
        answers += _drop(connection, _DROP_ANSWERS, store, now - operations_kept)
    return Cleared(changes, operations, answers)


def _raise_floor(connection: Connection[Any], store: str, *, before: datetime) -> int:
    """Says first that the changes may be missing, in a transaction of its own; answers the floor."""
    with connection.transaction():
        row = connection.execute(_FLOOR, (before, store)).fetchone()
        if row is None:
            return 0
        if row[0] > row[1]:
            connection.execute(_RAISE, (row[0], store))
        return int(row[0])


def _drop(connection: Connection[Any], statement: LiteralString, *values: Any) -> int:
    total = 0
    while True:
        with connection.transaction():
            connection.execute(_ALLOW)
            gone = connection.execute(statement, (*values, STEP_ROWS)).rowcount
        total += gone
        if gone < STEP_ROWS:
            return total
