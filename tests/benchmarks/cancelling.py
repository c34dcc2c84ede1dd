"""A cancellation beside the same rows through bare sqlcipher3, each one durable transaction, in turn."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from store_desk.domain.ticket import Review, TicketFacts, Work
from store_desk.services.cancel import cancel_ticket
from tests.benchmarks.result import Result, median, p99
from tests.shop import Shop, open_shop

CANCELLATIONS = 300
WARM = 20
TABLES = {
    "cancellation_case": "id = :case AND :end IS NOT NULL",
    "obligation": "case_id = :case AND :end IS NOT NULL",
    "notice": "case_id = :case AND :end IS NOT NULL",
    "slip": "case_id = :case AND :end IS NOT NULL",
    "operation": "case_id = :case AND :end IS NOT NULL",
    "journal": "n > :end AND :case IS NOT NULL",
}
GOAL = 2.0


def measure_all(size: int) -> list[Result]:
    """Level 1 with nothing to settle, and level 4 with parcel and money; `size` does not matter here."""
    folder = Path(tempfile.mkdtemp(prefix="store-desk-bench-"))
    try:
        return [
            _compare(folder / "plain", "cancel, level 1", {}),
            _compare(
                folder / "rich",
                "cancel, level 4, money",
                {"review": Review.IN_PROCESS, "work": Work.IN_PROCESS, "compensation_minor": 5_000},
            ),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(folder: Path, name: str, changes: dict[str, Any]) -> Result:
    shop = open_shop(folder)
    by = shop.supervisor
    facts = TicketFacts(customer_other="Wang Xiulan", parts_reserved="x") if changes else TicketFacts()
    made = [shop.ticket(facts=facts, **changes) for _ in range(CANCELLATIONS + WARM)]
    shop.opened.store.checkpoint()
    bare = _bare_copy(shop, folder)
    wall, cpu, raw = [], [], []
    for index, ticket in enumerate(made):
        command = shop.command(ticket, approver=shop.manager, **_reason(changes))
        before = _journal_end(shop)
        at, spent = time.perf_counter(), time.thread_time()
        cancel_ticket(shop.desk, by, command)
        taken, burnt = (time.perf_counter() - at) * 1000, (time.thread_time() - spent) * 1000
        written = _written(shop, before, ticket.id)
        bare_taken = _insert(bare, written)
        if index >= WARM:
            wall.append(taken)
            cpu.append(burnt)
            raw.append(bare_taken)
        if index % 50 == 0:
            shop.opened.store.checkpoint()
            bare.execute("PRAGMA wal_checkpoint(PASSIVE)")
    bare.close()
    shop.close()
    ratio = median(wall) / median(raw)
    return Result(name, median(wall), p99(wall), p99(cpu), median(raw), ratio, f"<= {GOAL} x bare", ratio <= GOAL)


def _reason(changes: dict[str, Any]) -> dict[str, Any]:
    from store_desk.domain.reasons import Reason

    return {"reason": Reason.SELF_RESOLVED, "evidence": (("how", "自己修好了"),)}


def _bare_copy(shop: Shop, folder: Path) -> Any:
    """The same database under a plain sqlcipher3 connection with the same durability."""
    from sqlcipher3 import dbapi2 as sqlcipher

    target = folder.with_name(folder.name + "-bare.db")
    shop.opened.store.checkpoint(truncate=True)
    shutil.copyfile(shop.opened.store.path, target)
    connection = sqlcipher.connect(str(target), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{shop.opened.store.keys.database.hex()}'\"")
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=1",
        "cache_size=-64000",
        "wal_autocheckpoint=0",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _journal_end(shop: Shop) -> int:
    with shop.desk.read() as uow:
        return uow.journal.head().n


def _written(shop: Shop, journal_end: int, ticket_id: str) -> list[tuple[str, list[Any]]]:
    """The statements with the very rows that the program wrote."""
    statements: list[tuple[str, list[Any]]] = []
    with shop.opened.store.reading() as unit:
        (case_id,) = unit.connection.execute("SELECT case_id FROM ticket WHERE id = ?", (ticket_id,)).fetchone()
        for name, condition in TABLES.items():
            values = {"case": case_id, "end": journal_end}
            for row in unit.connection.execute(f"SELECT * FROM {name} WHERE {condition}", values).fetchall():
                statements.append((f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", list(row)))
        after = unit.connection.execute(
            "SELECT assignee, due_at, updated_at, closed_at, version, case_id, id FROM ticket WHERE id = ?",
            (ticket_id,),
        ).fetchone()
    statements.append(
        (
            "UPDATE ticket SET assignee = ?, due_at = ?, updated_at = ?, closed_at = ?, version = ?, case_id = ?"
            " WHERE id = ?",
            list(after),
        )
    )
    statements.append(("UPDATE counter SET value = value + 1 WHERE name = ?", ["slip"]))
    return statements


def _insert(connection: Any, statements: list[tuple[str, list[Any]]]) -> float:
    at = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for text, values in statements:
        connection.execute(text, values)
    connection.execute("COMMIT")
    return (time.perf_counter() - at) * 1000
