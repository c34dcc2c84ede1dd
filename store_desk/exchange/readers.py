"""Opening a file that somebody exported: what it is, where its headings stand, and its rows one after another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from store_desk.domain.errors import FileEmpty, FileTooLarge, FileUnreadable
from store_desk.domain.imports import FileShape
from store_desk.exchange.delimited import (
    BrokenRow,
    Row,
    find_separator,
    open_text,
    raw_rows,
    rows_of_width,
)
from store_desk.exchange.encodings import Encoding, detect
from store_desk.exchange.headings import find_headings, unique_names
from store_desk.exchange.limits import (
    COLUMNS_MAX,
    CSV_BYTES_MAX,
    HEADING_SEARCH_ROWS,
    MIB,
    SAMPLE_ROWS,
)
from store_desk.exchange.workbook import OLE_MAGIC, ZIP_MAGIC, workbook_rows

__all__ = ["BrokenRow", "Row", "Table", "open_table"]

# What begins a file that is certainly no table.
_FOREIGN: Final = (
    (b"%PDF", "it is a PDF"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1f\x8b", "it is an archive, not a table"),
    (b"7z\xbc\xaf", "it is an archive, not a table"),
    (b"Rar!", "it is an archive, not a table"),
    (b"SQLite format 3", "it is a database"),
    (b"\x7fELF", "it is a program"),
    (b"MZ\x90", "it is a program"),
)
_WEB_PAGE: Final = (b"<!doctype", b"<html", b"<table", b"<?xml")
# A text table has line ends and separators below space, hardly anything else.
_CONTROLS: Final = frozenset(range(1, 32)) - frozenset(b"\t\n\r\x0b\x0c\x1a\x1b")
_CONTROL_SHARE_MAX: Final = 0.05
_HEAD_BYTES: Final = 4096


class Table:
    """One table of a file: its shape, and its rows as often as they are asked for."""

    def __init__(self, path: Path, shape: FileShape, *, heading_line: int, before: int) -> None:
        self.path = path
        self.shape = shape
        self._heading_line = heading_line
        self._before = before

    def rows(self) -> Iterator[Row]:
        """The rows below the headings with their line numbers; blank ones are left out, broken ones are `BrokenRow`.

        Cells are as they stand in the file; a row of another width than the headings is given as it is, but empty
        cells beyond the last heading are dropped. Raises FileUnreadable when the file changes under the reading.
        """
        width = len(self.shape.headings)
        for line, cells in self._all():
            if line <= self._heading_line:
                continue
            if len(cells) != width and type(cells) is list:
                while len(cells) > width and not cells[-1].strip():
                    cells.pop()
            if any(cells):
                yield line, cells

    def _all(self) -> Iterator[Row]:
        if self.shape.format != "csv":
            yield from workbook_rows(self.path)[2]
            return
        width = len(self.shape.headings)
        below = self._heading_line - self._before
        try:
            with open_text(self.path, encoding=self.shape.encoding) as file:
                for _ in range(self._before):
                    file.readline()
                for line, cells in rows_of_width(file, separator=self.shape.separator, width=width, below=below):
                    yield line + self._before, cells
        except (OSError, UnicodeError) as error:
            raise FileUnreadable(file=self.shape.name, detail=_reason(error)) from error


def open_table(path: Path) -> Table:
    """The file as a table. Raises FileUnreadable, FileTooLarge, FileEncrypted or FileEmpty."""
    name = path.name
    try:
        if not path.is_file():
            raise FileUnreadable(file=name, detail="it is not a file" if path.exists() else "there is no such file")
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
            return _open_workbook(path)
        return _open_text_table(path, head)
    except (OSError, UnicodeError) as error:
        raise FileUnreadable(file=name, detail=_reason(error)) from error


def _open_workbook(path: Path) -> Table:
    kind, sheet, rows, count = workbook_rows(path)
    top = list(itertools.islice(rows, HEADING_SEARCH_ROWS + SAMPLE_ROWS))
    return _table(path, top, Encoding("", count), kind=kind, sheet=sheet, separator="", before=0)


def _open_text_table(path: Path, head: bytes) -> Table:
    name = path.name
    size = path.stat().st_size
    if size > CSV_BYTES_MAX:
        raise FileTooLarge(file=name, limit=CSV_BYTES_MAX // MIB)
    if not head.strip():
        raise FileEmpty(file=name)
    _refuse_foreign(name, head)
    encoding = detect(path)
    separator, before = find_separator(lambda: open_text(path, encoding=encoding.name))
    with open_text(path, encoding=encoding.name) as file:
        for _ in range(before):
            file.readline()
        top = list(itertools.islice(raw_rows(file, separator=separator), HEADING_SEARCH_ROWS + SAMPLE_ROWS))
    return _table(path, top, encoding, kind="csv", sheet="", separator=separator, before=before)


def _refuse_foreign(name: str, head: bytes) -> None:
    for magic, detail in _FOREIGN:
        if head.startswith(magic):
            raise FileUnreadable(file=name, detail=detail)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGE):
        raise FileUnreadable(file=name, detail="it is a web page; open it in a spreadsheet and save it as XLSX")
    if sum(byte in _CONTROLS for byte in head) > len(head) * _CONTROL_SHARE_MAX and not _wide(head):
        raise FileUnreadable(file=name, detail="it is not a table")


def _wide(head: bytes) -> bool:
    """UTF-16 and UTF-32 hold bytes below space as halves of characters."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or head.count(0) > len(head) // 4


def _table(
    path: Path, top: list[Row], encoding: Encoding, *, kind: str, sheet: str, separator: str, before: int
) -> Table:
    """The table with its headings found among the first rows."""
    rows = [cells[:COLUMNS_MAX] for _line, cells in top[:HEADING_SEARCH_ROWS]]
    if not any(cell.strip() for cells in rows for cell in cells):
        raise FileEmpty(file=path.name)
    place = find_headings(rows)
    cells = list(top[place][1])
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > COLUMNS_MAX:
        raise FileUnreadable(file=path.name, detail=f"it has more than {COLUMNS_MAX} columns")
    sample = [tuple(row) for _line, row in top[place + 1 :] if any(cell.strip() for cell in row)][:SAMPLE_ROWS]
    if not sample:
        raise FileEmpty(file=path.name)
    heading_line = top[place][0]
    headings = unique_names(cells)
    width = len(headings)
    shape = FileShape(
        name=path.name,
        format=kind,
        encoding=encoding.name,
        separator=separator,
        sheet=sheet,
        headings=headings,
        sample=tuple((*row, *[""] * width)[:width] for row in sample),
        rows=max(len(sample), encoding.lines - heading_line - before),
    )
    return Table(path, shape, heading_line=heading_line + before, before=before)


def _reason(error: OSError | UnicodeError) -> str:
    return (error.strerror or "the disk does not answer") if isinstance(error, OSError) else "its characters are broken"
