"""Head office applying batches of 50 operations, beside the same statements raw through pgbench in the same run."""

from __future__ import annotations

import re

from store_desk.hub.postgres.epoch import settle_epoch
from store_desk.hub.postgres.migrations import migrate
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.services.messages import Envelope
from tests.benchmarks.head_office import DURABLE, clocked
from tests.benchmarks.result import Result, median, p99
from tests.embedded_postgres import EmbeddedPostgres
from tests.hub.given import OFFICE, Counter, add_store, enrol
from tests.hub.postgres.measure_applying import ONE

BATCH = 50
DESKS = 8
OPERATIONS = 4_000
SECONDS = 4
GOAL = 0.75
SAVED = ("savepoint one;", "release savepoint one;")
# Rounds of program and limit in turn, so that both meet the same machine.
ROUNDS = 2


def measure_all(size: int) -> list[Result]:
    """One connection, as one desk's backlog comes; `size` bounds how many operations there are."""
    return [compare(size, batch=BATCH, name="hub, batches of 50, per operation")]


def compare(size: int, *, batch: int, name: str) -> Result:
    """Milliseconds per operation through the program and through pgbench, each one connection."""
    server = EmbeddedPostgres(*DURABLE).start()
    try:
        count = max(batch, min(OPERATIONS if batch > 1 else OPERATIONS // 4, size))
        ours: list[float] = []
        raw: list[float] = []
        for _ in range(ROUNDS):
            ours += _program(server, count, batch)
            raw.append(1000 / _pgbench(server, batch))
    finally:
        server.close()
    limit = median(raw)
    each = sum(ours) / len(ours)
    share = limit / each
    goal = f">= {GOAL:.0%} of the raw rate: {share:.0%}, {1000 / each:,.0f}/s of {1000 / limit:,.0f}/s,"
    return Result(name, median(ours), p99(ours), None, limit, each / limit, goal, share >= GOAL)


def _program(server: EmbeddedPostgres, count: int, batch: int) -> list[float]:
    """Milliseconds per operation of each batch: half new tickets, half cancellations of them."""
    name = server.new_database()
    with server.connect(name) as connection:
        migrate(connection)
        settle_epoch(connection)
    taken: list[float] = []
    with HubDatabase(server.conninfo(name), size=1) as database:
        counters = []
        for number in range(DESKS):
            add_store(database, f"S{number}")
            counters.append(enrol(database, f"d{number}", store=f"S{number}"))
        work = [(counter.desk_id, found) for counter in counters for found in _batches(counter, count // DESKS, batch)]

        def send(n: int) -> None:
            desk_id, envelopes = work[n]
            reply = database.apply_batch(OFFICE, desk_id=desk_id, envelopes=envelopes)
            if len(reply.answers) != len(envelopes):
                raise SystemExit(f"head office stopped: {reply.stopped}")

        taken = [ms / len(work[n][1]) for n, ms in enumerate(clocked(len(work), send))]
    server.drop_database(name)
    return taken


def _batches(counter: Counter, operations: int, batch: int) -> list[list[Envelope]]:
    made: list[Envelope] = []
    while len(made) < operations:
        born = [counter.ticket() for _ in range(25)]
        made += [*born, *(counter.cancel(item.ticket_id) for item in born)]
    return [made[at : at + batch] for at in range(0, len(made), batch)]


def _pgbench(server: EmbeddedPostgres, batch: int) -> float:
    """Operations a second of the same statements without rules and without Python, one connection."""
    name = server.new_database()
    with server.connect(name) as connection:
        migrate(connection)
        connection.execute("insert into store(code) select 'S' || n from generate_series(0, 7) n")
        connection.execute(
            "insert into desk(desk_id, store, number, public_key, scope) select 'd' || n, 'S' || n, 1, '', '{}'"
            " from generate_series(0, 7) n"
        )
        connection.execute("insert into desk_incarnation(desk_id, inc) select 'd' || n, 2 from generate_series(0, 7) n")
        connection.execute(
            "insert into ticket_record(ticket_id, store, number, review, work, version, seq, changed_at, body)"
            " select 't' || n, 'S', n, '', '', 1, 1, now(), repeat('x', 900) from generate_series(0, 6399) n"
        )
    statements = ONE.strip().replace("\n ", " ").splitlines()
    saved = SAVED if batch > 1 else ("", "")
    one = ["\\set ticket random(:desk * 100, :desk * 100 + 99)", saved[0], *statements, saved[1]]
    script = server.folder / "bench.sql"
    lines = ["\\set desk random(0, 7)", "begin;", *(one * batch), "commit;", ""]
    script.write_text("\n".join(line for line in lines if line) + "\n")
    script.chmod(0o644)
    told = server.run(
        "pgbench", "-n", "-M", "prepared", "-c", "1", "-j", "1", "-T", str(SECONDS), "-f", str(script),
        server.conninfo(name),
    )  # fmt: skip
    server.drop_database(name)
    found = re.search(r"tps = ([\d.]+)", told)
    if found is None:
        raise SystemExit("pgbench said nothing")
    return float(found.group(1)) * batch
