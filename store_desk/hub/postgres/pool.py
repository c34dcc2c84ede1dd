"""Connections to head office's database, and the only places where a transaction begins and ends.

A transaction that the database broke off (serialization, deadlock, an operation that came in twice at once, a
connection that was lost before the commit) is run again from its beginning. A connection lost during the commit is
told as it is: nobody can know what became of it, and the desk asks again with the same ids.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, LiteralString, Self, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from store_desk.hub.apply import Office, apply_batch, apply_operation
from store_desk.hub.errors import DatabaseBusy, DatabaseRefused, DatabaseUnreachable, OutcomeUnknown
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.codec import to_ms
from store_desk.services.messages import Answer, Envelope, PushReply

T = TypeVar("T")

STATEMENT_MS = 5_000
IDLE_IN_TRANSACTION_MS = 10_000
WAIT_FOR_CONNECTION_S = 5.0
CONNECT_S = 5
# How often a transaction is begun anew before the desk is told to come again.
TRIES_MAX = 6
BEGIN: LiteralString = "begin isolation level read committed"
BEGIN_SNAPSHOT: LiteralString = "begin isolation level repeatable read read only"
# A time-out that struck while the commit waits for the standby would be answered as success: it is lifted before.
PATIENCE: LiteralString = "set local statement_timeout = 0"
AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
TOO_SLOW = (errors.QueryCanceled, errors.LockNotAvailable, errors.TooManyConnections)

_log = logging.getLogger(__name__)


class HubDatabase:
    """Head office's database. One per process; safe from any thread. `size` bounds the connections it holds.

    `wait_s` is how long a request waits for a free connection, and opening for the first one.
    """

    def __init__(self, conninfo: str, *, size: int = 8, wait_s: float = WAIT_FOR_CONNECTION_S) -> None:
        self._conninfo = conninfo
        self._wait_s = wait_s
        self._pool = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            open=False,
            timeout=wait_s,
            configure=_configure,
            reset=_reset,
            kwargs={"autocommit": True, "connect_timeout": CONNECT_S, "application_name": "store-desk-hub"},
            name="hub",
        )

    def open(self) -> None:
        """Opens the pool; raises DatabaseUnreachable."""
        self._pool.open()
        try:
            self._pool.wait(self._wait_s)
        except PoolTimeout as error:
            self._pool.close()
            raise DatabaseUnreachable(detail="no answer") from error

    def close(self) -> None:
        """Closes all connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def transaction(self, work: Callable[[PgUnit], T]) -> T:
        """Runs `work` in a transaction and commits; it may be run several times, so it changes nothing but rows.

        Raises DatabaseUnreachable, DatabaseBusy or DatabaseRefused when nothing was stored, OutcomeUnknown when that
        cannot be known, and whatever `work` raises.
        """
        return self._run(BEGIN, work)

    def snapshot_read(self, work: Callable[[PgUnit], T]) -> T:
        """Runs `work` on one moment of the database; it cannot write."""
        return self._run(BEGIN_SNAPSHOT, work)

    def apply_batch(
        self,
        office: Office,
        *,
        desk_id: str,
        envelopes: Sequence[Envelope],
        epoch: str = "",
        insist: bool = False,
    ) -> PushReply:
        """Applies a desk's operations in order, in one transaction; the reply is made only after its commit.

        All envelopes are of one incarnation. An operation that fails ends the batch; what came before it is kept and
        answered, and the error is raised when that operation comes first the next time. `epoch` and `insist` are those
        of `apply_operation`.
        """
        return self.transaction(lambda unit: _apply(unit, office, desk_id, tuple(envelopes), epoch, insist))

    @contextmanager
    def alone(self) -> Iterator[Connection[Any]]:
        """A connection of its own in autocommit mode, without limits of time: migrations, snapshots, clearing up."""
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True, connect_timeout=CONNECT_S)
        except psycopg.OperationalError as error:
            raise DatabaseUnreachable(detail=_short(error)) from error
        with connection:
            yield connection

    def _run(self, begin: LiteralString, work: Callable[[PgUnit], T]) -> T:
        last: Exception | None = None
        for _ in range(TRIES_MAX):
            try:
                with self._pool.connection() as connection:
                    return _attempt(connection, begin, work)
            except PoolTimeout as error:
                if last is None or isinstance(last, AGAIN):
                    raise DatabaseBusy(detail="no free connection") from error
                break
            except AGAIN as error:
                last = error
            except TOO_SLOW as error:
                raise DatabaseBusy(detail=_short(error)) from error
            except psycopg.OperationalError as error:
                last = error
                self._pool.check()
            except psycopg.Error as error:
                raise DatabaseRefused(detail=_short(error)) from error
        if isinstance(last, AGAIN):
            raise DatabaseBusy(detail=_short(last)) from last
        raise DatabaseUnreachable(detail=_short(last)) from last


def _attempt(connection: Connection[Any], begin: LiteralString, work: Callable[[PgUnit], T]) -> T:
    """One run of a transaction; leaves none open."""
    connection.execute(begin)
    unit = PgUnit(connection)
    try:
        result = work(unit)
        unit.finish(PATIENCE)
    except BaseException:
        if not connection.broken:
            connection.rollback()
        raise
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if isinstance(error, AGAIN) or not connection.broken:
            raise
        raise OutcomeUnknown from error
    return result


def _apply(
    unit: PgUnit, office: Office, desk_id: str, envelopes: tuple[Envelope, ...], expected: str, insist: bool
) -> PushReply:
    """A batch within the transaction of `unit`, with a savepoint per operation."""
    desk = unit.lock_desk(desk_id, envelopes[0].inc) if envelopes else None
    have = desk.last_n if desk else 0
    epoch = unit.epoch
    now_ms = to_ms(office.clock())
    if desk is not None:
        unit.expect([item.id for item in envelopes], [item.ticket_id for item in envelopes], scope=desk.scope)
    done: list[Answer] = []

    def one(envelope: Envelope) -> Answer:
        try:
            answer = apply_operation(
                unit, office, desk_id=desk_id, envelope=envelope, epoch=expected, insist=insist
            )
            unit.keep()
        except Exception:
            if not unit.connection.broken:
                unit.give_up()
            raise
        done.append(answer)
        return answer

    unit.mark()
    try:
        return apply_batch(one, envelopes, epoch=epoch, have=have, now_ms=now_ms)
    except (*AGAIN, *TOO_SLOW, psycopg.OperationalError):
        raise
    except Exception:
        if not done:
            raise
        _log.exception("An operation of desk %s failed; the %d before it are kept", desk_id, len(done))
        return PushReply(epoch, tuple(done), "", max(have, done[-1].n), now_ms)


def _configure(connection: Connection[Any]) -> None:
    """Limits for every connection of the pool; a desk waits, it is never left hanging."""
    connection.execute(
        "select set_config('statement_timeout', %s, false),"
        " set_config('idle_in_transaction_session_timeout', %s, false),"
        " set_config('timezone', 'UTC', false),"
        " set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local')"
        " then 'on' else current_setting('synchronous_commit') end, false)",
        (str(STATEMENT_MS), str(IDLE_IN_TRANSACTION_MS)),
    )


def _reset(connection: Connection[Any]) -> None:
    """Nothing may come back to the pool within a transaction."""
    if connection.info.transaction_status != TransactionStatus.IDLE:
        connection.rollback()


def _short(error: Exception | None) -> str:
    """The first line of what the database said, without the row's contents (those stand in the lines below)."""
    return str(error).strip().split("\n", 1)[0][:200] if error else ""
