"""What the benchmarks of sync share: a durable head office with a real service, and a real desk that joined it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store_desk.app.office_line import join_here
from store_desk.app.rehearsal.office import RehearsedOffice
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.ticket import Ticket
from store_desk.sync.hub_client import HttpLink
from tests.benchmarks.data import tickets
from tests.shop import open_shop

# Every commit reaches the disk, as at a real head office.
DURABLE = ("fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_wal_size=4GB")
STORE = ("XH", "徐汇店")
DESK = 2
_COPY = "copy ticket_record (ticket_id, store, number, review, work, version, seq, changed_at, body) from stdin"


@contextmanager
def bench_folder() -> Iterator[Path]:
    """A folder that goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="store-desk-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def head_office(folder: Path, first: Iterator[Ticket] = iter(())) -> Iterator[RehearsedOffice]:
    """A head office with one service, one store and these tickets."""
    office = RehearsedOffice(folder, services=1, settings=DURABLE)
    try:
        office.found((STORE,), first)
        office.wait()
        yield office
    finally:
        office.close()


@contextmanager
def joined_desk(office: RehearsedOffice, folder: Path) -> Iterator[OpenDesk]:
    """Desk 2 of the store, with people, joined and with its first copy."""
    open_shop(folder).close()
    opened = open_desk(folder)
    try:
        join_here(opened, office.services[0].url, office.code_for(STORE[0], DESK))
        yield opened
    finally:
        opened.close()


def link_of(opened: OpenDesk) -> HttpLink:
    """A link of the desk."""
    return HttpLink(opened.desk)


def put_tickets(office: RehearsedOffice, count: int) -> None:
    """So many tickets straight into head office's table, as an import of last year would have left them."""
    from store_desk.domain.record import TicketRecord
    from store_desk.services.messages import record_to_body

    with office.database() as database, database.alone() as connection, connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for ticket in tickets(count, store=STORE[0]):
                body = record_to_body(TicketRecord(ticket))
                row = (ticket.id, ticket.store, ticket.number, ticket.review.value, ticket.work.value,
                       ticket.version, 0, ticket.created_at, body)  # fmt: skip
                copy.write_row(row)
        connection.execute("analyze ticket_record")


def bare_desk_commits(folder: Path, times: int) -> list[float]:
    """Milliseconds of one-row transactions through a plain sqlcipher3 connection, durable."""
    from sqlcipher3 import dbapi2 as sqlcipher

    connection = sqlcipher.connect(str(folder / "bare.db"), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{'11' * 32}'\"")
    for pragma in ("journal_mode=wal", "synchronous=full", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)")
    found = clocked(times, lambda n: connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 900,)))
    connection.close()
    return found


def bare_hub_commits(office: RehearsedOffice, times: int) -> list[float]:
    """Milliseconds of one-row transactions through a plain psycopg connection, durable."""
    with office.database() as database, database.alone() as connection:
        connection.execute("create table if not exists bench_commit (n serial primary key, body text)")
        return clocked(times, lambda n: connection.execute("insert into bench_commit(body) values (%s)", ("x" * 900,)))


def bare_http(office: RehearsedOffice, times: int) -> list[float]:
    """Milliseconds of the service's plainest answer over a kept connection."""
    from store_desk.sync.transport import HubClient

    url = office.services[0].url + "/healthz"
    with HubClient() as client:
        client.get(url)
        return clocked(times, lambda n: client.get(url))


def clocked(times: int, work: Callable[[int], Any]) -> list[float]:
    """Milliseconds of each of so many runs."""
    taken: list[float] = []
    for n in range(times):
        at = time.perf_counter()
        work(n)
        taken.append((time.perf_counter() - at) * 1000)
    return taken
