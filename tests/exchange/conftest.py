"""A store to read files for, and the folder of real exports where it stands beside the checkout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from store_desk.domain.imports import Field, Mapping, ReadRow, RefusedRow
from store_desk.exchange.matching import propose
from store_desk.exchange.readers import Table, open_table
from store_desk.exchange.tickets import Defaults, read_tickets

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
Read = Callable[..., list[ReadRow | RefusedRow]]


def _never() -> bool:
    return False


def store_of(currency: str = "CNY", zone: str = "Asia/Shanghai", country: str = "CN") -> Defaults:
    return Defaults(store="XH2", currency=currency, zone=zone, country=country, now=NOW)


def read_all(
    table: Table, *, columns: dict[Field, str] | None = None, values: dict[tuple[str, str], str] | None = None,
    defaults: Defaults | None = None,
) -> list[ReadRow | RefusedRow]:  # fmt: skip
    ids: Iterator[int] = count(1)
    mapping = Mapping(columns or propose(table.shape), values or {}, "erp")
    return list(
        read_tickets(table, mapping, defaults=defaults or store_of(), new_id=lambda: f"{next(ids):032x}", stop=_never)
    )


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """Writes a text as a file and reads it with the proposed columns."""

    def read(text: str | bytes, **options: object) -> list[ReadRow | RefusedRow]:
        path = tmp_path / "export.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_all(open_table(path), **options)  # type: ignore[arg-type]

    return read


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The real exports; tests that need them are marked `shared_data`."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder shared/data is not beside this checkout")
    return folder
