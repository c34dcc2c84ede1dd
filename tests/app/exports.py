"""Exports that a shop's system could have written, and imports of them as the window does it."""

from __future__ import annotations

import csv
from pathlib import Path

from store_desk.app.importing import Brought, Checked, DeskImporting
from store_desk.domain.imports import Mapping
from tests.shop import Shop

HEAD = ("售后单号", "订单号", "客户姓名", "联系电话", "商品名称", "状态", "更新时间")
THREE = (
    ("A-1", "SO-1", "张伟", "13900001111", "冰箱", "待审核", "2026-05-01 10:00:00"),
    ("A-2", "SO-2", "李娜", "13900002222", "空调", "处理中", "2026-05-01 11:00:00"),
    ("A-3", "SO-3", "王芳", "13900003333", "洗衣机", "已取消", "2026-05-01 12:00:00"),
)


def write(path: Path, rows: tuple[tuple[str, ...], ...] = THREE, head: tuple[str, ...] = HEAD) -> Path:
    """A file with these rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows((head, *rows))
    return path


def many(path: Path, count: int) -> Path:
    """A file of so many rows."""
    return write(
        path,
        tuple(
            (f"M-{at:06d}", f"SO-{at}", "陈晨", f"139{at:08d}", "电饭煲", "待审核", "2026-05-01 10:00:00")
            for at in range(count)
        ),
    )


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def never() -> bool:
    """Nobody stops."""
    return False


def importing(shop: Shop) -> DeskImporting:
    """Imports of this store, every step where it is called."""
    return DeskImporting(shop.desk, shop.opened.store)


def look(shop: Shop, path: Path) -> Mapping:
    """The mapping that is proposed."""
    return importing(shop).look(path)[1]


def check(shop: Shop, path: Path, mapping: Mapping | None = None) -> Checked:
    """The check as the window shows it; what it read is let go."""
    imports = importing(shop)
    try:
        return imports.check(path, mapping or look(shop, path), progress=quiet, stop=never)
    finally:
        imports.forget()


def bring(shop: Shop, path: Path, mapping: Mapping | None = None) -> Brought:
    """The file brought in by the manager."""
    return importing(shop).bring_in(shop.manager, path, mapping or look(shop, path), progress=quiet, stop=never)


def staged(shop: Shop) -> list[Path]:
    """Staging files that lie about."""
    folder = shop.folder / "staging"
    return list(folder.iterdir()) if folder.exists() else []


def numbers(shop: Shop) -> list[str]:
    """The numbers of all tickets in the store, in order."""
    with shop.opened.store.reading() as unit:
        return [number for (number,) in unit.connection.execute("SELECT number FROM ticket ORDER BY number")]
