"""A new desk from head office's whole copy of a store, beside copying the finished file and checking it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from store_desk.app.office_line import copy_loader, make_link
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.hub.postgres import snapshots
from store_desk.services.enrolment import Enrolment, put_enrolment
from store_desk.sync.cycle import run_cycle
from store_desk.sync.hub_client import HttpLink
from tests.benchmarks.head_office import DESK, STORE, bench_folder, head_office, put_tickets
from tests.benchmarks.result import Result
from tests.shop import open_shop

GOAL = 3.0


def measure_all(size: int) -> list[Result]:
    """A store of `size` tickets: building the copy at head office, then desk from nothing to every word searchable."""
    with bench_folder() as folder, head_office(folder) as office:
        put_tickets(office, size)
        with office.database() as database:
            at = time.perf_counter()
            head = snapshots.current(database, STORE[0])
            built = (time.perf_counter() - at) * 1000
        open_shop(folder / "desk").close()
        opened = open_desk(folder / "desk")
        _enrol(opened, office.services[0].url, office.code_for(STORE[0], DESK))
        began = time.perf_counter()
        link = make_link(opened.store, opened.desk)
        run_cycle(opened.desk, link, load_copy=copy_loader(opened.store))
        whole = (time.perf_counter() - began) * 1000
        link.close()
        with opened.desk.read() as uow:
            count = sum(1 for _ in uow.records.known_ids())
        if count != size:
            raise SystemExit(f"{count} of {size} tickets")
        limit = _copy_and_check(opened, folder / "copy.db")
        opened.close()
    size_mib = head.size / 2**20
    words = f"<= {GOAL} x file copy and quick_check; {size / whole * 1000:,.0f} rows/s,"
    return [
        Result("copy of a store, built", built, built, None, None, None, f"{size_mib:.0f} MiB packed,", True),
        Result(f"new desk, {size:,} tickets", whole, whole, None, limit, whole / limit, words, whole <= limit * GOAL),
    ]


def _enrol(opened: OpenDesk, url: str, code: str) -> None:
    """Joins without the first cycle, which is what is measured."""
    identity = opened.desk.identity
    link = HttpLink(opened.desk, who=Enrolment(url, identity.desk_id, 0, identity.store_code, ()))
    reply = link.enrol(code)
    link.close()
    with opened.desk.work() as uow:
        put_enrolment(uow, Enrolment(url, reply.desk_id, reply.inc, reply.store, tuple(reply.scope), reply.role))


def _copy_and_check(opened: OpenDesk, target: Path) -> float:
    """Milliseconds of copying the finished database and of SQLite's own quick check of the copy."""
    from sqlcipher3 import dbapi2 as sqlcipher

    opened.store.checkpoint(truncate=True)
    at = time.perf_counter()
    shutil.copyfile(opened.store.path, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    connection = sqlcipher.connect(str(target))
    connection.execute(f"PRAGMA key=\"x'{opened.store.keys.database.hex()}'\"")
    (said,) = connection.execute("PRAGMA quick_check").fetchone()
    taken = (time.perf_counter() - at) * 1000
    connection.close()
    if said != "ok":
        raise SystemExit(said)
    return taken
