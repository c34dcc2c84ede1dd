"""Text tables line by line: separators, quotes over several lines, and rows that a stray quote has broken."""

from __future__ import annotations

import csv
import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TextIO

from store_desk.exchange.headings import known_headings
from store_desk.exchange.limits import (
    HEADING_SEARCH_ROWS,
    LINE_CHARACTERS_MAX,
    ROW_CHARACTERS_MAX,
    ROW_LINES_MAX,
    VALUE_SHOWN_MAX,
)

SEPARATORS: Final = (",", ";", "\t", "|")
# Fewer cells than this are too few to say that a line inside a quoted cell is a row of its own.
WIDTH_TELLING: Final = 4
Row = tuple[int, list[str]]


class BrokenRow(list[str]):
    """The cells of a row that cannot be told apart: the raw line, cut."""


class Lines:
    """The lines of a text file with their ends kept, each bounded, with a way to give some back.

    `last` is the number of the line that was given out last; `cut` the number of the last line that was too long.
    `ended` tells that more was asked for than there is: a row that comes back after that has an open quote.
    """

    def __init__(self, file: TextIO) -> None:
        self._pull = file.readline
        self._back: deque[str] = deque()
        self.last = 0
        self.cut = 0
        self.ended = False
        self.held: list[str] = []
        self._held_characters = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._pull(LINE_CHARACTERS_MAX)
        if not line:
            self.ended = True
            raise StopIteration
        self.last += 1
        if len(line) >= LINE_CHARACTERS_MAX:
            self.cut = self.last
            line = self._rest_dropped(line)
        self.held.append(line)
        self._held_characters += len(line)
        if len(self.held) > ROW_LINES_MAX or self._held_characters > ROW_CHARACTERS_MAX + LINE_CHARACTERS_MAX:
            raise _RowEndless
        return line

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self.held.clear()
        self._held_characters = 0

    def give_back(self, kept: int) -> None:
        """Put all lines of this row but the first `kept` back."""
        back = self.held[kept:]
        self._back.extendleft(reversed(back))
        self.last -= len(back)
        self.ended = False

    def _rest_dropped(self, line: str) -> str:
        piece = line
        while piece and piece[-1] not in "\r\n":
            piece = self._pull(LINE_CHARACTERS_MAX)
        return line[:VALUE_SHOWN_MAX].replace('"', "") + "\n"


class _RowEndless(Exception):
    """A quote was opened and never closed."""


def raw_rows(file: TextIO, *, separator: str) -> Iterator[Row]:
    """Every row with its first line's number, blank ones too; nothing is judged but what cannot be read at all."""
    yield from _rows(Lines(file), separator, 0, 0)


def rows_of_width(file: TextIO, *, separator: str, width: int, below: int) -> Iterator[Row]:
    """Every row with its first line's number; a quoted cell that swallowed other rows is broken, they are not.

    Only rows below the heading line are held to the width.
    """
    yield from _rows(Lines(file), separator, width, below)


def _rows(lines: Lines, separator: str, width: int, below: int) -> Iterator[Row]:
    csv.field_size_limit(ROW_CHARACTERS_MAX * 4)
    reader = csv.reader(lines, delimiter=separator)
    held = lines.held

    def swallowed(first: int, cells: list[str]) -> bool:
        return bool(width) and first > below and _swallowed(cells, held, separator, width)

    while True:
        lines.begin()
        first = lines.last + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_RowEndless, csv.Error):
            cells = None
        if cells is not None and len(held) == 1 and lines.cut != first and not lines.ended:
            yield first, cells
        elif cells is None or lines.cut >= first or lines.ended or swallowed(first, cells):
            yield first, BrokenRow([held[0].rstrip("\r\n")[:VALUE_SHOWN_MAX]])
            lines.give_back(1)
            reader = csv.reader(lines, delimiter=separator)
        else:
            yield first, cells


def _swallowed(cells: list[str], held: list[str], separator: str, width: int) -> bool:
    """Whether a row of several lines is several rows that a stray quote has joined."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return True
    try:
        # Lenient reading goes on after a closing quote; a letter behind it tells that it opened another cell.
        list(csv.reader(held, delimiter=separator, strict=True))
    except csv.Error:
        return True
    return width >= WIDTH_TELLING and any(
        line.count(separator) >= width - 1
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()[1:]
    )


def find_separator(opened: Callable[[], TextIO]) -> tuple[str, int]:
    """The separator of the file and how many lines stand before the table (`sep=;` as spreadsheets write it).

    Each candidate is tried on the first rows: known headings count first, then how evenly it cuts.
    """
    with opened() as file:
        first = file.readline(LINE_CHARACTERS_MAX).strip().lstrip("\ufeff")
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in SEPARATORS:
        return first[4], 1
    if first.lower() == "sep=":
        return "\t", 1
    best, chosen = (-1.0, -1.0), ","
    for separator in SEPARATORS:
        with opened() as file:
            score = _evenness(file, separator)
        if score > best:
            best, chosen = score, separator
    return chosen, 0


def _evenness(file: TextIO, separator: str) -> tuple[float, float]:
    widths: Counter[int] = Counter()
    known = 0
    for count, (_line, cells) in enumerate(raw_rows(file, separator=separator)):
        if count >= HEADING_SEARCH_ROWS:
            break
        if any(cell.strip() for cell in cells):
            widths[len(cells)] += 1
            known = max(known, known_headings(cells))
    wide = Counter({width: times for width, times in widths.items() if width > 1})
    if not wide:
        return 0.0, 0.0
    width, times = wide.most_common(1)[0]
    return float(known if known > 1 else 0), times / widths.total() * math.log2(width + 1)


def open_text(path: Path, *, encoding: str) -> TextIO:
    """The file as text with its line ends kept; bytes that cannot be read become lone surrogates, to be refused."""
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return path.open("r", encoding=encoding, errors=errors, newline="")
