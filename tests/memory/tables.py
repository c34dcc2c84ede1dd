"""Tables of a store that lies in memory: every write can be taken back, a copy of the whole costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any

_ABSENT: Any = object()


class WrongUse(Exception):
    """A mistake of the program that the real store would stop as well."""


class Disk:
    """All tables, the changes of the open transaction, and images of the whole."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.undo: list[tuple[Table, Any, Any]] = []
        self.writable = False
        self.open = False

    def image(self) -> Image:
        """The whole disk as it is now; rows are shared until somebody writes."""
        if self.open:
            raise WrongUse("an image within a transaction")
        for table in self.tables:
            table.shared = True
        return Image(tuple(table.rows for table in self.tables))

    def restore(self, image: Image) -> None:
        """The whole disk as it was."""
        if self.open:
            raise WrongUse("restoring within a transaction")
        for table, rows in zip(self.tables, image.rows, strict=True):
            table.rows = rows
            table.shared = True

    def roll_back(self) -> None:
        """Takes back every change of the transaction, the last one first."""
        for table, key, before in reversed(self.undo):
            if before is _ABSENT:
                del table.rows[key]
            else:
                table.rows[key] = before
        self.undo.clear()


class Image:
    """A copy of a whole disk."""

    __slots__ = ("rows",)

    def __init__(self, rows: tuple[dict[Any, Any], ...]) -> None:
        self.rows = rows


class Table:
    """Rows by key; values never change in place."""

    __slots__ = ("disk", "rows", "shared")

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.rows: dict[Any, Any] = {}
        self.shared = False
        disk.tables.append(self)

    def __contains__(self, key: Any) -> bool:
        return key in self.rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.rows))

    def get(self, key: Any, default: Any = None) -> Any:
        """The row, or the default."""
        return self.rows.get(key, default)

    def values(self) -> list[Any]:
        """All rows."""
        return list(self.rows.values())

    def put(self, key: Any, value: Any) -> None:
        """Writes a row."""
        self._prepare(key)
        self.rows[key] = value

    def drop(self, key: Any) -> None:
        """Takes a row away if there is one."""
        if key in self.rows:
            self._prepare(key)
            del self.rows[key]

    def append(self, key: Any, value: Any) -> None:
        """Adds to the tuple of a key."""
        self.put(key, (*self.rows.get(key, ()), value))

    def _prepare(self, key: Any) -> None:
        if not self.disk.writable:
            raise WrongUse("a write outside a transaction that writes")
        if self.shared:
            self.rows = dict(self.rows)
            self.shared = False
        self.disk.undo.append((self, key, self.rows.get(key, _ABSENT)))


class Transaction:
    """`with` around one transaction: everything written in it stays, or nothing."""

    __slots__ = ("_disk", "_unit", "_writable")

    def __init__(self, disk: Disk, unit: Any, *, writable: bool) -> None:
        self._disk = disk
        self._unit = unit
        self._writable = writable

    def __enter__(self) -> Any:
        if self._disk.open:
            raise WrongUse("a transaction within a transaction")
        self._disk.open = True
        self._disk.writable = self._writable
        return self._unit

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._disk.writable = False
        self._disk.open = False
        if kind is None:
            self._disk.undo.clear()
        else:
            self._disk.roll_back()
