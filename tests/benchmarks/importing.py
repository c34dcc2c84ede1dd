"""Bringing in 86,196 rows of CSV beside csv and a bare executemany with the same indexes; and who waits meanwhile."""

from __future__ import annotations

import csv
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from store_desk.app.importing import DeskImporting
from store_desk.services.cancel import cancel_ticket
from store_desk.services.look_up import find_tickets
from store_desk.ui.tasks import Lane
from tests.benchmarks.data import tickets
from tests.benchmarks.result import Result, median, p99
from tests.shop import Shop, open_shop

ROWS = 86_196
RATE_GOAL = 10_000
GOAL = 2.0
WAIT_GOAL_MS = 50.0
HEADINGS = (
    "售后单号",
    "订单号",
    "客户姓名",
    "联系电话",
    "商品名称",
    "序列号",
    "问题描述",
    "创建时间",
    "状态",
    "更新时间",
)


def measure_all(size: int) -> list[Result]:
    """The import after its check, as the window does it; then the waits of a cancellation and of look-ups."""
    folder = Path(tempfile.mkdtemp(prefix="store-desk-bench-"))
    try:
        export = folder / "export.csv"
        write_export(export, ROWS)
        shop = open_shop(folder / "desk")
        limit = _bare(shop, folder, export)
        lane = Lane("database")
        cancelled = [shop.ticket() for _ in range(200)]
        waits: dict[str, list[float]] = {"cancel": [], "find": []}
        importing = DeskImporting(shop.desk, shop.opened.store, lane=lane)
        _, mapping = importing.look(export)
        at = time.perf_counter()
        importing.check(export, mapping, progress=_quiet, stop=_never)
        checked = (time.perf_counter() - at) * 1000
        stop = threading.Event()
        asking = threading.Thread(target=_ask, args=(shop, lane, cancelled, waits, stop))
        asking.start()
        at = time.perf_counter()
        importing.bring_in(shop.manager, export, mapping, progress=_quiet, stop=_never)
        taken = (time.perf_counter() - at) * 1000
        stop.set()
        asking.join()
        lane.stop()
        shop.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rate = ROWS / (taken / 1000)
    whole = ROWS / ((taken + checked) / 1000)
    cancel, find = waits["cancel"], waits["find"]
    return [
        Result("import, check first", checked, checked, None, None, None, "–", True),
        Result(
            f"import, {rate:,.0f} rows/s",
            taken,
            taken,
            None,
            limit,
            taken / limit,
            f"<= {GOAL} x",
            taken <= GOAL * limit,
        ),
        Result(
            f"both, {whole:,.0f} rows/s",
            taken + checked,
            taken + checked,
            None,
            None,
            None,
            ">= 10,000/s",
            whole >= RATE_GOAL,
        ),
        Result(
            "cancel while importing",
            median(cancel),
            p99(cancel),
            None,
            None,
            None,
            "p99 <= 50 ms",
            p99(cancel) <= WAIT_GOAL_MS,
        ),
        Result(
            "find while importing", median(find), p99(find), None, None, None, "p99 <= 50 ms", p99(find) <= WAIT_GOAL_MS
        ),
    ]


def _quiet(done: int, total: int) -> None:
    return None


def _never() -> bool:
    return False


def write_export(path: Path, rows: int) -> None:
    """A shop's export of so many made-up tickets."""
    states = ("待审核", "审核中", "已通过", "已分配", "处理中", "待确认", "已完成", "已取消")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for index, ticket in enumerate(tickets(rows, seed=3)):
            created = ticket.created_at.strftime("%Y-%m-%d %H:%M:%S")
            writer.writerow(
                (
                    f"AS{20_000_000 + index}",
                    ticket.order_number,
                    ticket.customer,
                    ticket.phone,
                    ticket.product,
                    ticket.serial,
                    ticket.description,
                    created,
                    states[index % len(states)],
                    created,
                )
            )


def _ask(shop: Shop, lane: Lane, made: list[Any], waits: dict[str, list[float]], stop: threading.Event) -> None:
    """A clerk who cancels and looks up all the while, on the same lane."""
    texts = ("6021", "王", "Wang", "NK7-25A-0091874", "洗衣机")
    turn = 0
    while not stop.is_set():
        at = time.perf_counter()
        if turn % 4 == 0 and made:
            command = shop.command(made.pop())
            lane.submit(lambda command=command: cancel_ticket(shop.desk, shop.clerk, command)).result()
            waits["cancel"].append((time.perf_counter() - at) * 1000)
        else:
            text = texts[turn % len(texts)]
            lane.submit(lambda text=text: find_tickets(shop.desk, shop.clerk, text=text)).result()
            waits["find"].append((time.perf_counter() - at) * 1000)
        turn += 1
        stop.wait(0.02)


def _bare(shop: Shop, folder: Path, export: Path) -> float:
    """csv and executemany into the same table with the same indexes and the same key, in one transaction."""
    from sqlcipher3 import dbapi2 as sqlcipher

    with shop.opened.store.reading() as unit:
        texts = [
            sql
            for (sql,) in unit.connection.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name IN ('ticket', 'ticket_words') AND sql IS NOT NULL"
                " AND type IN ('table', 'index')"
            )
        ]
    connection = sqlcipher.connect(str(folder / "bare.db"), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{'11' * 32}'\"")
    for pragma in ("journal_mode=wal", "synchronous=full", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
    for text in texts:
        connection.execute(text)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(ticket)") if row[3] or row[5]]
    at = time.perf_counter()
    with export.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows = [(index, *cells) for index, cells in enumerate(reader, 1)]
    connection.execute("BEGIN")
    _insert(connection, columns, rows)
    connection.executemany(
        "INSERT INTO ticket_words (rowid, words) VALUES (?, ?)",
        [(row[0], f"{row[3]} {row[5]} {row[7]}") for row in rows],
    )
    connection.execute("COMMIT")
    taken = (time.perf_counter() - at) * 1000
    connection.close()
    return taken


def _insert(connection: Any, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    info = {row[1]: row for row in connection.execute("PRAGMA table_info(ticket)")}
    wanted = {
        "row": 0, "id": 1, "number": 1, "number_key": 1, "order_number": 2, "order_key": 2, "customer": 3,
        "phone": 4, "phone_key": 4, "product": 5, "serial": 6, "serial_key": 6, "description": 7,
    }  # fmt: skip
    names = [name for name in info if name in wanted or name in columns]
    fixed = {"review": "approved", "work": "unassigned", "type": "repair", "currency": "CNY", "facts": "{}", "version": 1}

    def value(name: str, row: tuple[Any, ...]) -> Any:
        if name in wanted:
            return row[wanted[name]]
        if name in fixed:
            return fixed[name]
        return 0 if "INT" in info[name][2].upper() else ""

    connection.executemany(
        f"INSERT INTO ticket ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        [[value(name, row) for name in names] for row in rows],
    )
