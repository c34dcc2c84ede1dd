"""Rows of a table read into tickets, each normalised and checked; a row that cannot be one says why.

A number is unique by (source, store, number) within a file: an exact repeat and a continuation line (an order whose
further articles stand on lines of their own) give nothing, any other repeat is refused, because a file does not say
which of its two rows is right. A row of another width than the headings is refused too: its cells have moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from store_desk.domain.errors import ImportStopped
from store_desk.domain.imports import Field, Mapping, ReadRow, RefusedRow
from store_desk.exchange.limits import STOP_EVERY_ROWS, VALUE_SHOWN_MAX
from store_desk.exchange.matching import check_mapping
from store_desk.exchange.meanings import Refusal
from store_desk.exchange.readers import BrokenRow, Table
from store_desk.exchange.rows import RowReader

DIGEST_BYTES = 16
# On a continuation line these repeat what the line above said, or are empty; articles and their amounts differ.
_HEAD_FIELDS = (
    Field.ORDER_NUMBER,
    Field.CUSTOMER,
    Field.PHONE,
    Field.STORE,
    Field.STATE,
    Field.REVIEW,
    Field.WORK,
    Field.CREATED_AT,
    Field.UPDATED_AT,
    Field.CURRENCY,
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the store is, for what a file does not say; `now` is aware and stands in for a missing time of creation."""

    store: str
    currency: str
    zone: str
    country: str
    now: datetime


def read_tickets(
    table: Table, mapping: Mapping, *, defaults: Defaults, new_id: Callable[[], str], stop: Callable[[], bool]
) -> Iterator[ReadRow | RefusedRow]:
    """Every row of the table as a ticket or a refusal, in the file's order.

    Raises MappingIncomplete or MappingInvalid before the first row, ImportStopped when `stop` says so (asked every
    256 rows), FileUnreadable when the file cannot be read further.
    """
    check_mapping(table.shape, mapping)
    places = {name: place for place, name in enumerate(table.shape.headings)}
    columns = {field: places[heading] for field, heading in mapping.columns.items()}
    reader = RowReader(table.shape, columns, mapping, defaults, new_id)
    heads = [columns[field] for field in _HEAD_FIELDS if field in columns]
    width = len(table.shape.headings)
    workbook = table.shape.format != "csv"
    seen: dict[int, bytes] = {}
    above: list[str] = []
    for count, (line, cells) in enumerate(table.rows()):
        if count % STOP_EVERY_ROWS == 0 and stop():
            raise ImportStopped
        if len(cells) != width or type(cells) is BrokenRow:
            if type(cells) is BrokenRow or not workbook or len(cells) > width:
                yield RefusedRow(line, "", _shown(cells), "row_broken")
                continue
            cells = [*cells, *[""] * (width - len(cells))]
        try:
            if reader.says_nothing(cells):
                continue
            draft = reader.read(cells)
            # A 64-bit hash stands for the key, so that a million rows fit into memory; two different
            # keys share one once in thirty million such files.
            key = hash((draft.ticket.store, draft.ticket.number))
            digest = blake2b(draft.essence.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
            if key in seen:
                if seen[key] == digest or _continues(cells, above, heads, columns[Field.NUMBER]):
                    continue
                raise Refusal(Field.NUMBER, draft.ticket.number, "number_twice")
        except Refusal as refusal:
            yield RefusedRow(line, refusal.field.value, refusal.value[:VALUE_SHOWN_MAX], refusal.code)
            continue
        seen[key] = digest
        above = cells
        yield ReadRow(line, draft.ticket, draft.cancelled, draft.reason, digest)


def _continues(cells: list[str], above: list[str], heads: list[int], number: int) -> bool:
    """Whether this is a further line of the ticket right above: same number, and its head empty at least in part."""
    if not above or cells[number].strip() != above[number].strip():
        return False
    emptied = [place for place in heads if above[place].strip() and not cells[place].strip()]
    return bool(emptied) and all(not cells[place].strip() or cells[place] == above[place] for place in heads)


def _shown(cells: list[str]) -> str:
    """The broken row as the clerk finds it in the file, cut, its unreadable bytes as question marks."""
    text = " | ".join(cells)[:VALUE_SHOWN_MAX]
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" or (c < " " and c != "\t") else c for c in text)
