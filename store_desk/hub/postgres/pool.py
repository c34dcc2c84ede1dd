"""Connections to head office's database, and the only places where a transaction begins and ends.

A transaction that the database broke off (serialization, deadlock, an operation that came in twice at once, a
connection that was lost before the commit) is run again from its beginning. A connection lost during the commit is
told as it is: nobody can know what became of it, and the desk asks again with the same ids.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, LiteralString, Self, TypeVar

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from store_desk.hub.apply import Office, Stop, apply_batch, apply_operation
from store_desk.hub.errors import DatabaseBusy, DatabaseUnreachable, DatabaseUnwritable, OutcomeUnknown
from store_desk.hub.postgres.failures import (
    AGAIN,
    FOR_GOOD,
    TOO_SLOW,
    UNWRITABLE,
    failure_of,
    first_line,
    no_connection,
)
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services.codec import to_ms
from store_desk.services.messages import Answer, Envelope, PushReply

T = TypeVar("T")

STATEMENT_MS = 5_000
IDLE_IN_TRANSACTION_MS = 10_000
WAIT_FOR_CONNECTION_S = 5.0
CONNECT_S = 5
# Between two attempts to reach a database that is only just starting.
OPEN_AGAIN_S = 0.25
# A balancer asks often and waits little.
READY_S = 1.0
# How often a transaction is begun anew before the desk is told to come again.
TRIES_MAX = 6
WRITABLE: LiteralString = "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'"
BEGIN: LiteralString = "begin isolation level read committed"
BEGIN_SNAPSHOT: LiteralString = "begin isolation level repeatable read read only"
# A time-out that struck while the commit waits for the standby would be answered as success: it is lifted before.
PATIENCE: LiteralString = "set local statement_timeout = 0"

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
        """Opens the pool; raises DatabaseUnreachable, at once where waiting would change nothing."""
        until = time.monotonic() + self._wait_s
        while True:
            try:
                # The pool would only say that it took too long.
                psycopg.connect(self._conninfo, connect_timeout=CONNECT_S).close()
                break
            except psycopg.Error as error:
                reason = no_connection(error)
                if reason.facts["detail"] in FOR_GOOD or time.monotonic() + OPEN_AGAIN_S > until:
                    raise reason from error
            time.sleep(OPEN_AGAIN_S)
        self._pool.open()
        try:
            self._pool.wait(self._wait_s)
        except PoolTimeout as error:
            self._pool.close()
            raise DatabaseUnreachable(detail="no_answer") from error

    def ready(self) -> bool:
        """Whether the database answers now and may be written; told within a second or so."""
        for _ in range(2):
            try:
                with self._pool.connection(timeout=READY_S) as connection:
                    row = connection.execute(WRITABLE).fetchone()
                return bool(row and row[0])
            except (PoolTimeout, PoolClosed):
                break
            except psycopg.OperationalError:
                # One that broke while nobody used it says nothing of the database.
                self._pool.check()
            except psycopg.Error:
                break
        return False

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
        batch = _Batch(office, desk_id, tuple(envelopes), epoch, insist)
        try:
            return self.transaction(batch.whole)
        except (DatabaseBusy, DatabaseUnreachable, DatabaseUnwritable, OutcomeUnknown):
            raise
        except Exception:
            if len(envelopes) < 2:
                raise
        # Nothing of it was kept. Which one cannot be taken is found by taking each apart from the others.
        return self.transaction(batch.one_by_one)

    @contextmanager
    def alone(self) -> Iterator[Connection[Any]]:
        """A connection of its own in autocommit mode, without limits of time: migrations, snapshots, clearing up."""
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True, connect_timeout=CONNECT_S)
        except psycopg.Error as error:
            raise no_connection(error) from error
        try:
            with connection:
                yield connection
        except psycopg.Error as error:
            raise failure_of(error) from error

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
            except (*TOO_SLOW, *UNWRITABLE) as error:
                raise failure_of(error) from error
            except psycopg.OperationalError as error:
                last = error
                self._pool.check()
            except psycopg.Error as error:
                raise failure_of(error) from error
        if isinstance(last, AGAIN):
            raise DatabaseBusy(detail=first_line(last)) from last
        raise DatabaseUnreachable(detail=first_line(last)) from last


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


@dataclass(frozen=True, slots=True)
class _Batch:
    """Operations of a desk's incarnation within one transaction."""

    office: Office
    desk_id: str
    envelopes: tuple[Envelope, ...]
    epoch: str
    insist: bool

    def whole(self, unit: PgUnit) -> PushReply:
        """All of it, written together at the end; an operation that fails fails the transaction."""

        def one(envelope: Envelope) -> Answer:
            written = unit.written
            try:
                return self._apply(unit, envelope)
            except Stop as stop:
                if unit.written != written:
                    raise RuntimeError("an operation that was not taken has left something behind") from stop
                raise

        return self._run(unit, one)

    def one_by_one(self, unit: PgUnit) -> PushReply:
        """With a savepoint per operation, so that those before one that fails are kept."""
        done: list[Answer] = []

        def one(envelope: Envelope) -> Answer:
            try:
                answer = self._apply(unit, envelope)
                unit.keep()
            except Exception:
                if not unit.connection.broken:
                    unit.give_up()
                raise
            done.append(answer)
            return answer

        try:
            return self._run(unit, one, begin=unit.mark)
        except (*AGAIN, *TOO_SLOW, psycopg.OperationalError):
            raise
        except Exception:
            if not done:
                raise
            _log.exception("An operation of desk %s failed; the %d before it are kept", self.desk_id, len(done))
            desk = unit.lock_desk(self.desk_id, self.envelopes[0].inc)
            have = desk.last_n if desk else done[-1].n
            return PushReply(unit.epoch, tuple(done), "", have, to_ms(self.office.clock()))

    def _run(
        self, unit: PgUnit, one: Callable[[Envelope], Answer], *, begin: Callable[[], None] = lambda: None
    ) -> PushReply:
        desk = unit.lock_desk(self.desk_id, self.envelopes[0].inc) if self.envelopes else None
        epoch = unit.epoch
        now_ms = to_ms(self.office.clock())
        if desk is not None:
            ids, tickets = zip(*((item.id, item.ticket_id) for item in self.envelopes), strict=True)
            unit.expect(ids, tickets, scope=desk.scope)
        begin()
        have = desk.last_n if desk else 0
        return apply_batch(one, self.envelopes, epoch=epoch, have=have, now_ms=now_ms)

    def _apply(self, unit: PgUnit, envelope: Envelope) -> Answer:
        return apply_operation(
            unit, self.office, desk_id=self.desk_id, envelope=envelope, epoch=self.epoch, insist=self.insist
        )


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
