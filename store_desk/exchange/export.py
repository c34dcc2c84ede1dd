"""Tickets and refused rows written to files that a spreadsheet opens without harm, and that read back as they were.

Every cell is text. In CSV a cell that a spreadsheet would take for a formula gets an apostrophe in front, which
reading takes away again (`normalise.guard_needed` has the rule); workbooks hold strings only, so they need it just for
texts that begin with such an apostrophe themselves. A file appears under its name when it is whole, or not at all.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from store_desk.domain.errors import DiskFull, FileNotWritten
from store_desk.domain.imports import RefusedRow
from store_desk.exchange.normalise import guard_needed
from store_desk.words.imports import WORDS

# What a sheet of a workbook holds at most (its format's own limits).
SHEET_ROWS_MAX: Final = 1_048_576
CELL_CHARACTERS_MAX: Final = 32_767
# Characters; wide enough for a date with its time or an 18-digit order number.
COLUMN_WIDTH: Final = 20
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFUSED_HEADINGS: Final = ("line", "field", "value", "reason_zh", "reason_en", "code")


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], headings: Mapping[str, str]) -> int:
    """The rows as CSV in UTF-8 with a mark (spreadsheets ask for it); gives the number of rows written.

    `headings` maps keys of the rows to headings, in order. Raises FileNotWritten or DiskFull.
    """

    def fill(part: Path) -> int:
        with part.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_guarded(heading, formulas=True) for heading in headings.values()])
            count = 0
            for row in rows:
                writer.writerow([_guarded(row.get(key, ""), formulas=True) for key in headings])
                count += 1
            _to_disk(file.fileno(), file.flush)
        return count

    return _in_place(path, fill)


def write_xlsx(path: Path, rows: Iterable[Mapping[str, str]], headings: Mapping[str, str]) -> int:
    """The rows as a workbook of text cells, written row by row; gives the number of rows written.

    Raises FileNotWritten (also for more rows than a sheet holds) or DiskFull.
    """

    def fill(part: Path) -> int:
        # Its rows pass through a file of their own, beside the target: the system's temporary folder may be small.
        with tempfile.TemporaryDirectory(prefix=".", suffix=".part", dir=part.parent) as folder:
            return _fill_workbook(part, folder, path.name, rows, headings)

    return _in_place(path, fill)


def _fill_workbook(
    part: Path, folder: str, name: str, rows: Iterable[Mapping[str, str]], headings: Mapping[str, str]
) -> int:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "tmpdir": folder})
    try:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(headings) - 1), COLUMN_WIDTH, text)
        count = _fill_sheet(sheet.write_string, text, name, rows, headings)
    except BaseException:
        # The rows may refuse to come; closing lets go of the half-filled files, which go with their folder.
        with contextlib.suppress(OSError, XlsxWriterException):
            book.close()
        raise
    try:
        book.close()
    except XlsxWriterException as error:
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else FileNotWritten(file=name, detail=str(error)) from error
    return count


def _fill_sheet(
    write: Callable[..., int], text: object, name: str, rows: Iterable[Mapping[str, str]], headings: Mapping[str, str]
) -> int:
    for column, heading in enumerate(headings.values()):
        write(0, column, _cell(heading), text)
    count = 0
    for row in rows:
        count += 1
        if count >= SHEET_ROWS_MAX:
            raise FileNotWritten(file=name, detail=f"a sheet holds {SHEET_ROWS_MAX} rows at most; write CSV")
        for column, key in enumerate(headings):
            if cell := row.get(key, ""):
                write(count, column, _cell(cell), text)
    return count


def write_refused(path: Path, rows: Iterable[RefusedRow]) -> int:
    """The refused rows as CSV with line, field, value and the reason in both languages; gives their number."""
    headings = {key: " ".join(dict.fromkeys(WORDS[f"heading.{key}"])) for key in _REFUSED_HEADINGS}
    return write_csv(path, map(_refused_cells, rows), headings)


def _refused_cells(row: RefusedRow) -> dict[str, str]:
    chinese, english = WORDS[f"refused.{row.code}"]
    field = " ".join(WORDS[f"field.{row.field}"]) if row.field else ""
    return {
        "line": str(row.line),
        "field": field,
        "value": row.value,
        "reason_zh": chinese.format(value=row.value),
        "reason_en": english.format(value=row.value),
        "code": row.code,
    }


def _guarded(text: str, *, formulas: bool) -> str:
    return "'" + text if guard_needed(text, formulas=formulas) else text


def _cell(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", _guarded(text, formulas=False))[:CELL_CHARACTERS_MAX]


def _in_place(path: Path, fill: Callable[[Path], int]) -> int:
    """Fill a file beside the target and put it in the target's place when it is whole."""
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        os.close(handle)
        part = Path(name)
        count = fill(part)
        part.replace(path)
        part = None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull from error
        raise FileNotWritten(file=path.name, detail=error.strerror or "the disk does not answer") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return count


def _to_disk(handle: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(handle)
