"""Which line of a file holds the headings, and the names its columns go by."""

from __future__ import annotations

from collections import Counter
from typing import Final

from store_desk.domain.imports import Field
from store_desk.exchange.folding import fold
from store_desk.exchange.limits import HEADING_LENGTH_MAX
from store_desk.exchange.synonyms import HEADINGS

# Two known headings in one line are no chance; one may be a word of a title.
KNOWN_TELLING: Final = 2
# A heading line fills at least this share of the columns that the rows below it fill.
FILLED_SHARE_MIN: Final = 0.6


def _index() -> dict[str, Field]:
    found: dict[str, Field] = {}
    for field, names in HEADINGS.items():
        for name in (field.value, *names.split("|")):
            found.setdefault(fold(name), field)
    return found


KNOWN: Final = _index()


def known_headings(cells: list[str]) -> int:
    """How many different fields the cells name."""
    return len({KNOWN[key] for cell in cells if len(cell) <= HEADING_LENGTH_MAX and (key := fold(cell)) in KNOWN})


def find_headings(rows: list[list[str]]) -> int:
    """The place of the heading line among the first rows, below titles and blank lines.

    The line with most known headings when there are two at least; else the first that is about as full as the
    fullest common row, its cells different from each other.
    """
    known = [known_headings(cells) for cells in rows]
    if known and max(known) >= KNOWN_TELLING:
        return known.index(max(known))
    filled = [sum(1 for cell in cells if cell.strip()) for cells in rows]
    usual = Counter(count for count in filled if count).most_common(1)
    wanted = usual[0][0] * FILLED_SHARE_MIN if usual else 1
    for place, cells in enumerate(rows):
        named = [cell.strip() for cell in cells if cell.strip()]
        if len(named) >= max(1, wanted) and len(set(named)) == len(named):
            return place
    return next((place for place, count in enumerate(filled) if count), 0)


def unique_names(cells: list[str]) -> tuple[str, ...]:
    """The headings trimmed, each different: a second 电话 is `电话 (2)`, a column without a name `#3`."""
    names: list[str] = []
    seen: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        base = " ".join(cell.replace("\ufeff", "").replace("\x00", "").split())[:HEADING_LENGTH_MAX] or f"#{place}"
        name, count = base, 1
        while name in seen:
            count += 1
            name = f"{base} ({count})"
        seen.add(name)
        names.append(name)
    return tuple(names)
