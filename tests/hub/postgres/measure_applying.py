"""How many operations a second head office decides on this machine, beside the same statements run by pgbench.

Run it with `python -m tests.hub.postgres.measure_applying`; it starts a PostgreSQL of its own that writes every commit
to the disk. The figures in `store_desk.hub` come from here.
"""

from __future__ import annotations

import multiprocessing
import re
import threading
import time
from statistics import median

from store_desk.hub.postgres import snapshots
from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import migrate
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import Envelope
from tests.embedded_postgres import EmbeddedPostgres
from tests.hub.given import OFFICE, Counter, add_store, enrol

DESKS = 64
BATCH = 50
BATCHES_EACH = 2
SECONDS = 4
# One operation on a known ticket, as the statements of the hub do it; `size` bytes of body, as a real record has.
ONE = """
select d.desk_id, i.last_n, i.chain from desk_incarnation i join desk d using (desk_id)
 where i.desk_id = 'd' || :desk and i.inc = 2 for update of i;
select o.result from operation o join desk_answer a using (desk_id, inc, n) where o.op_id = any(array['none']);
select ticket_id, store, seq, body from ticket_record where ticket_id = 't' || :ticket for update;
select seq, hash from store_head where store = 'S' || :desk for update;
update store_head set seq = seq + 1 where store = 'S' || :desk;
insert into feed select 'S' || :desk, seq, 'put', 't' || :ticket, 2, 'o', now(), '\\x00', hash, hash, repeat('x', 900)
  from store_head where store = 'S' || :desk;
update ticket_record set version = version + 1, body = repeat('x', 900) where ticket_id = 't' || :ticket;
insert into desk_answer select desk_id, 2, last_n + 1, 'o', 'accepted', chain, 2, 'S', 1, 'S', 1, '{}', now()
  from desk_incarnation where desk_id = 'd' || :desk and inc = 2;
insert into operation values (gen_random_uuid()::text, '\\x00', 'd', 2, 1, 'S', 'move', 't' || :ticket, 'accepted',
  now(), repeat('x', 900));
update desk_incarnation set last_n = last_n + 1 where desk_id = 'd' || :desk and inc = 2;
"""


def _batches(counter: Counter, times: int) -> list[list[Envelope]]:
    """Half new tickets, half cancellations of them."""
    found = []
    for _ in range(times):
        born = [counter.ticket() for _ in range(BATCH // 2)]
        found.append([*born, *(counter.cancel(item.ticket_id) for item in born)])
    return found


def _send(database: HubDatabase, work: list[tuple[str, list[Envelope]]], took: list[float], size: int) -> None:
    for desk_id, batch in work:
        for at in range(0, len(batch), size):
            began = time.perf_counter()
            reply = database.apply_batch(OFFICE, desk_id=desk_id, envelopes=batch[at : at + size])
            took.append(time.perf_counter() - began)
            if len(reply.answers) != len(batch[at : at + size]):
                raise RuntimeError(reply.stopped)


def _process(conninfo: str, works: list[list[tuple[str, list[Envelope]]]], size: int, times: object) -> None:
    took: list[float] = []
    with HubDatabase(conninfo, size=len(works)) as database:
        threads = [threading.Thread(target=_send, args=(database, work, took, size)) for work in works]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times.put((time.perf_counter() - began, took))  # type: ignore[attr-defined]


def measure(server: EmbeddedPostgres, *, processes: int, connections: int, size: int) -> str:
    """Applies the same work with so many connections in so many processes; answers a line to print."""
    name = server.new_database()
    with server.connect(name) as connection:
        migrate(connection)
        settle_epoch(connection)
    with HubDatabase(server.conninfo(name), size=1) as database:
        counters = []
        for number in range(DESKS):
            add_store(database, f"S{number}")
            counters.append(enrol(database, f"d{number}", store=f"S{number}"))
    times = BATCHES_EACH if size > 1 else 1
    works: list[list[tuple[str, list[Envelope]]]] = [[] for _ in range(connections)]
    for at, counter in enumerate(counters):
        works[at % connections] += [(counter.desk_id, batch) for batch in _batches(counter, times)]
    told: multiprocessing.Queue[tuple[float, list[float]]] = multiprocessing.Queue()
    shares = [works[at::processes] for at in range(processes)]
    started = [
        multiprocessing.Process(target=_process, args=(server.conninfo(name), share, size, told)) for share in shares
    ]
    for process in started:
        process.start()
    results = [told.get() for _ in started]
    for process in started:
        process.join()
    seconds = max(item[0] for item in results)
    took = sorted(value for item in results for value in item[1])
    total = DESKS * times * BATCH
    snapshot = ""
    if processes == connections == 1 and size == BATCH:
        snapshot = _measure_snapshot(server, name)
    server.drop_database(name)
    return (
        f"{processes} process(es), {connections} connection(s), {size} per transaction:"
        f" {total / seconds:,.0f} operations/s,"
        f" a request takes {median(took) * 1000:.0f} ms (p99 {took[int(len(took) * 0.99)] * 1000:.0f}){snapshot}"
    )


def _measure_snapshot(server: EmbeddedPostgres, name: str) -> str:
    rows = 100_000
    with server.connect(name) as connection:
        connection.execute(
            "insert into ticket_record(ticket_id, store, number, review, work, version, seq, changed_at, body)"
            " select 'z' || n, 'S0', n, '', '', 1, 1, now(), r.body || md5(n::text) || md5((-n)::text)"
            " from generate_series(1, %s) n, (select body from ticket_record limit 1) r",
            (rows,),
        )
        size = connection.execute(
            "select (select sum(length(body)) / count(*) from feed where version = 2)::int,"
            " (pg_total_relation_size('feed') + pg_total_relation_size('operation')"
            "  + pg_total_relation_size('desk_answer')) / (select count(*) from operation)"
        ).fetchone()
        began = time.perf_counter()
        head = snapshots.build(connection, "S0")
        seconds = time.perf_counter() - began
    return (
        f"\n  snapshot of {head.rows:,} tickets: {seconds:.1f} s, {head.chunks} chunks, {head.size / 2**20:.1f} MiB"
        f"\n  a record of a cancelled ticket: {size[0]} characters; feed, operation and answer: {size[1]} bytes on disk"
        if size
        else ""
    )


def pgbench(server: EmbeddedPostgres, *, clients: int, size: int) -> str:
    """The same statements without the rules and without Python."""
    name = server.new_database()
    with server.connect(name) as connection:
        migrate(connection)
        connection.execute("insert into store(code) select 'S' || n from generate_series(0, 63) n")
        connection.execute(
            "insert into desk(desk_id, store, number, public_key, scope) select 'd' || n, 'S' || n, 1, '', '{}'"
            " from generate_series(0, 63) n"
        )
        connection.execute(
            "insert into desk_incarnation(desk_id, inc) select 'd' || n, 2 from generate_series(0, 63) n"
        )
        connection.execute(
            "insert into ticket_record(ticket_id, store, number, review, work, version, seq, changed_at, body)"
            " select 't' || n, 'S', n, '', '', 1, 1, now(), repeat('x', 900) from generate_series(0, 6399) n"
        )
    script = server.folder / "one.sql"
    one = ["\\set ticket random(:desk * 100, :desk * 100 + 99)", *ONE.strip().replace("\n ", " ").splitlines()]
    script.write_text("\n".join(["\\set desk random(0, 63)", "begin;", *(one * size), "commit;", ""]))
    script.chmod(0o644)
    told = server.run(
        "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(SECONDS), "-f",
        str(script), server.conninfo(name),
    )  # fmt: skip
    server.drop_database(name)
    found = re.search(r"tps = ([\d.]+)", told)
    rate = float(found.group(1)) * size if found else 0.0
    return f"pgbench, {clients} connection(s), {size} per transaction: {rate:,.0f} operations/s"


def main() -> None:
    """Prints all figures."""
    server = EmbeddedPostgres("fsync=on", "shared_buffers=256MB", "max_wal_size=4GB").start()
    try:
        for processes, connections, size in ((1, 1, BATCH), (1, 8, BATCH), (2, 8, BATCH), (1, 1, 1), (2, 8, 1)):
            print(measure(server, processes=processes, connections=connections, size=size), flush=True)
            print(" ", pgbench(server, clients=connections, size=size), flush=True)
    finally:
        server.close()


if __name__ == "__main__":
    main()
