"""Spreadsheet files read as text: XLSX, XLSM, XLSB, XLS and ODS, looked over before anything is unpacked in full."""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from store_desk.domain.errors import FileEncrypted, FileTooLarge, FileUnreadable
from store_desk.exchange.delimited import Row
from store_desk.exchange.limits import (
    MIB,
    SHEET_CELLS_MAX,
    SHEET_COLUMNS_MAX,
    UNZIPPED_BYTES_MAX,
    WORKBOOK_BYTES_MAX,
    ZIP_ENTRIES_MAX,
    ZIP_RATIO_FREE_BYTES,
    ZIP_RATIO_MAX,
)

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A number cell holds 53 bits; from here on its last digits are not what somebody typed.
EXACT_NUMBERS_BELOW: Final = 10**15
# Binary fractions of a day miss whole seconds by a few milliseconds.
_HALF_SECOND: Final = dt.timedelta(microseconds=500_000)
_CELL_PLACE: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED: Final = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_CHUNK_BYTES: Final = MIB
# The longest tag that may be cut in two between pieces.
_OVERLAP_BYTES: Final = 256


def workbook_rows(path: Path) -> tuple[str, str, Iterator[Row], int]:
    """Format, sheet name, rows with their line numbers and their count, of the first visible sheet with cells.

    Raises FileTooLarge, FileEncrypted, FileUnreadable.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    name = path.name
    if path.stat().st_size > WORKBOOK_BYTES_MAX:
        raise FileTooLarge(file=name, limit=WORKBOOK_BYTES_MAX // MIB)
    kind = _look_over(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for meta in book.sheets_metadata:
                if meta.visible is not SheetVisibleEnum.Visible or meta.typ is not SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.height:
                    return kind, meta.name, _as_text(sheet.iter_rows()), sheet.end[0] + 1 if sheet.end else sheet.height
    except PasswordError as error:
        raise FileEncrypted(file=name) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise FileUnreadable(file=name, detail="the workbook is damaged") from error
    return kind, "", iter(()), 0


def _as_text(rows: Iterator[Sequence[object]]) -> Iterator[Row]:
    for line, cells in enumerate(rows, start=1):
        yield line, [cell if type(cell) is str else cell_text(cell) for cell in cells]


def cell_text(value: object) -> str:
    """A cell's value as the text that a person would have typed: whole numbers without `.0`, times as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        if value.is_integer():
            return str(int(value)) if abs(value) < EXACT_NUMBERS_BELOW else f"{value:.14E}"
        return repr(value)
    if isinstance(value, dt.datetime):
        try:
            return (value + _HALF_SECOND).replace(microsecond=0).isoformat(" ")
        except OverflowError:
            return value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _look_over(path: Path) -> str:
    """The kind of workbook; refuses one that unpacks into more than a desk can hold, or that asks for a password."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == OLE_MAGIC:
            # A modern workbook with a password is a container of this old kind.
            block = file.read(512 * 1024)
            if "EncryptedPackage".encode("utf-16-le") in block:
                raise FileEncrypted(file=path.name)
            return "xls"
    try:
        with zipfile.ZipFile(path) as archive:
            return _look_over_zip(archive, path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise FileUnreadable(file=path.name, detail="the workbook is damaged") from error


def _look_over_zip(archive: zipfile.ZipFile, name: str) -> str:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    kind = _kind(archive, names)
    if not kind:
        raise FileUnreadable(file=name, detail="it is an archive, not a table")
    if len(entries) > ZIP_ENTRIES_MAX:
        raise FileUnreadable(file=name, detail=f"it has more than {ZIP_ENTRIES_MAX} parts")
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise FileEncrypted(file=name)
        if not entry.filename.endswith((".xml", ".rels", ".bin", ".vml")):
            continue
        unpacked += _unpack(archive, entry, name, UNZIPPED_BYTES_MAX - unpacked, kind)
    return kind


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype")
        return "ods" if b"opendocument.spreadsheet" in kind else ""
    return ""


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: int, kind: str) -> int:
    """The true size of one part, counted while unpacking, because the size an archive states may be a lie."""
    total = rows = columns = 0
    tail = b""
    sheet = kind == "xlsx" and entry.filename.startswith("xl/worksheets/")
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK_BYTES):
            total += len(piece)
            if total > room:
                raise FileTooLarge(file=name, limit=UNZIPPED_BYTES_MAX // MIB)
            if total > ZIP_RATIO_FREE_BYTES and total > ZIP_RATIO_MAX * max(1, entry.compress_size):
                raise FileUnreadable(file=name, detail="it unpacks into far more than a table holds")
            if sheet:
                for letters, digits in _CELL_PLACE.findall(tail + piece):
                    rows = max(rows, int(digits))
                    columns = max(columns, _column(letters))
                tail = piece[-_OVERLAP_BYTES:]
            elif kind == "ods" and _repeats_too_much(tail + piece):
                raise FileUnreadable(file=name, detail="its sheet is too wide")
    if rows * columns > SHEET_CELLS_MAX:
        raise FileUnreadable(file=name, detail="its sheet is too wide")
    return total


def _repeats_too_much(piece: bytes) -> bool:
    """Whether filled cells of an ODS are repeated so often that the sheet cannot be laid out.

    A sheet's empty end is written as one row repeated a million times, which the reader drops; so columns beyond
    a sheet's width times many rows are what is refused, not a large number alone.
    """
    return any(int(count) > SHEET_COLUMNS_MAX for count in _REPEATED.findall(piece))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
