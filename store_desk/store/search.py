"""The one search box: it decides by the text's shape, asks indexes only, and answers newest first within a frame.

Numbers go to B-trees (whole, ending, beginning), words to the words index, both together are joined. Only when nothing
was found it guesses: names that sound alike, Latin words one letter off, numbers one slip away. Every statement is a
constant and every list has a limit; a text that is still unlucky is given up after ten milliseconds of the processor
(`capped`).
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from store_desk.services.ports import Hit, Hits
from store_desk.store.search_query import (
    CODE_BESIDE_WORDS_MIN,
    CODE_MIN,
    PHONE_MIN,
    Query,
    Runs,
    lengths_apart,
    match_homophones,
    match_spelt,
    match_whole_words,
    match_words,
    neighbours,
    tokens_of,
    understand,
)
from store_desk.store.search_words import cuts_of, fold, has_words, key_of

# What one text may cost of the processor, and how long it may take where the machine or the disk is busy.
BUDGET_S = 0.010
STALL_S = 0.100
LIMIT_MAX = 200
# Of a beginning that many rows are looked at, so that a short one never sorts a hundred thousand.
RANGE_ROWS = 2_000
# A number that is longer than an ending and was found whole is what was meant.
WHOLE_MIN = 6
# Endings of these lengths are looked for; whole telephone numbers are longer.
ENDING_MIN = 4
ENDING_MAX = 10
# Up to so many tickets, words that are all common are intersected whole (5 ms); the index cannot be interrupted, so
# beyond it only the newest of each are, and the answer says that it is capped.
WHOLE_ROWS = 1_500_000
NEWEST_POSTINGS = 4_000
# Tickets that a number beside words may stand for.
BESIDE_MAX = 100
SPELLINGS_MAX = 5
SPELLING_WORD_MIN = 4
END = "\U0010ffff"

_ROW = "SELECT row, id FROM ticket WHERE"
_NEWEST = "ORDER BY row DESC LIMIT ?"


def _equal(column: str) -> str:
    return f"{_ROW} {column} = ? AND {column} <> '' {_NEWEST}"


def _prefix(column: str) -> str:
    return (
        f"{_ROW} row IN (SELECT row FROM ticket WHERE {column} >= ? AND {column} < ? AND {column} <> ''"
        f" LIMIT {RANGE_ROWS}) {_NEWEST}"
    )


def _any_of(column: str) -> str:
    return f"{_ROW} {column} IN (SELECT value FROM json_each(?)) AND {column} <> '' {_NEWEST}"


_EXACT = {
    "number": _equal("number_key"),
    "order_number": _equal("order_key"),
    "serial": _equal("serial_key"),
}
_EXACT_PHONE = _equal("phone_key")
_EXACT_SOURCE = _equal("source_key")
_BEGINS = {
    "phone": _prefix("phone_key"),
    "number": _prefix("number_key"),
    "order_number": _prefix("order_key"),
    "serial": _prefix("serial_key"),
}
_LIKE = {
    "phone": _any_of("phone_key"),
    "number": _any_of("number_key"),
    "order_number": _any_of("order_key"),
    "serial": _any_of("serial_key"),
}
_TAIL_6 = f"{_ROW} substr(tail, -6) = ? {_NEWEST}"
_SERIAL_6 = f"{_ROW} substr(serial_key, -6) = ? AND serial_key <> '' {_NEWEST}"
# The words index has the last four digits of telephone and number as `#6021`, newest first.
_ENDS_4 = (
    "SELECT row, id, phone_key LIKE ? FROM ticket WHERE row IN (SELECT rowid FROM ticket_words"
    " WHERE ticket_words MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY row DESC"
)
_ENDS_LONG = (
    "SELECT row, id, phone_key LIKE ?1 FROM ticket WHERE row IN ("
    f"SELECT rowid FROM ticket_words WHERE ticket_words MATCH ?3 ORDER BY rowid DESC LIMIT {RANGE_ROWS})"
    " AND (phone_key LIKE ?1 OR tail LIKE ?2 OR number_key LIKE ?2) ORDER BY row DESC LIMIT ?4"
)
_LAST_ROW = "SELECT max(row) FROM ticket"
_WORDS = "SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? ORDER BY rowid DESC LIMIT ?"
_TEXTS = (
    "SELECT row, id, customer, product, brand, category, problem_type, description FROM ticket"
    " WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row DESC"
)
_SPELT = "SELECT DISTINCT word FROM spelling WHERE cut IN (SELECT value FROM json_each(?)) LIMIT 200"
_IS_WORD = "SELECT 1 FROM spelling WHERE cut = ? AND word = ?"

Found = dict[int, Hit]


class StoredFinder:
    """Implements `services.ports.Finder` on one connection."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute
        self._spent_at = 0.0
        self._late_at = 0.0
        self._capped = False

    def find(self, text: str, *, limit: int) -> Hits:
        """The tickets that fit the text, exact ones first, then newest first; any text is allowed."""
        limit = max(1, min(limit, LIMIT_MAX))
        query = understand(text)
        if not query.runs:
            return Hits(())
        self._spent_at = time.thread_time() + BUDGET_S
        self._late_at = time.perf_counter() + STALL_S
        self._capped = False
        wanted = limit + 1
        found: Found = {}
        if query.key:
            self._by_number(query, found, wanted)
        if not found:
            self._by_words_and_numbers(query, found, wanted)
        guessed = not found and not self._capped
        if guessed:
            self._guess(query, found, wanted)
        hits = tuple(found.values())
        return Hits(hits[:limit], more=len(hits) > limit, capped=self._capped, guessed=guessed and bool(hits))

    # --- numbers -----------------------------------------------------------------------------------------------

    def _by_number(self, query: Query, found: Found, wanted: int) -> None:
        """Whole numbers first, then endings, then beginnings."""
        key = query.key
        for field, sql in _EXACT.items():
            self._take(found, field, sql, (key,), wanted, exact=True)
        phone = query.phone
        if len(phone) >= PHONE_MIN:
            self._take(found, "phone", _EXACT_PHONE, (phone,), wanted, exact=True)
        if query.one_part:
            self._take(found, "source_key", _EXACT_SOURCE, (query.parts[0],), wanted, exact=True)
        if len(key) < CODE_MIN or (not query.one_part and not query.is_digits):
            return
        if found and len(key) > WHOLE_MIN:
            return
        self._short_endings(query, found, wanted)
        if query.is_digits and len(key) == 4 and found:
            return
        for field, sql in _BEGINS.items():
            start = phone if field == "phone" else key
            if start and len(found) < wanted:
                self._take(found, field, sql, (start, start + END), wanted)
        if not found:
            self._long_endings(query, found, wanted)

    def _short_endings(self, query: Query, found: Found, wanted: int) -> None:
        """The last four or six signs, as people say them."""
        key = query.key
        if query.is_digits and len(key) == 4:
            for row, ticket_id, is_phone in self._run(_ENDS_4, ("%" + key, _ending(key), wanted)):
                found.setdefault(row, Hit(ticket_id, "phone" if is_phone else "number", False))
        elif len(key) == 6:
            self._take(found, "number", _TAIL_6, (key,), wanted)
            self._take(found, "serial", _SERIAL_6, (key,), wanted)

    def _long_endings(self, query: Query, found: Found, wanted: int) -> None:
        """Other lengths of endings: the tickets with the same last four digits are looked through."""
        key = query.key
        if not ENDING_MIN < len(key) <= ENDING_MAX:
            return
        if query.is_digits:
            values = ("%" + query.phone, "%" + key, _ending(key), wanted)
        elif key[:-1].isdigit():
            # The end of one of our numbers with its check character.
            values = ("-", "%" + key, _ending(key[:-1]), wanted)
        else:
            return
        for row, ticket_id, is_phone in self._run(_ENDS_LONG, values):
            found.setdefault(row, Hit(ticket_id, "phone" if is_phone else "number", False))

    def _take(
        self, found: Found, field: str, sql: str, values: tuple[Any, ...], wanted: int, *, exact: bool = False
    ) -> None:
        for row, ticket_id in self._run(sql, (*values, wanted)):
            if row not in found:
                found[row] = Hit(ticket_id, field, exact)

    # --- words -------------------------------------------------------------------------------------------------

    def _by_words_and_numbers(self, query: Query, found: Found, wanted: int) -> None:
        self._take_rows(query, self._rows_of_words(query.runs, wanted), found)
        if len(found) >= wanted or query.one_part:
            return
        numbers = [part for part in query.parts if _is_number_beside_words(part)]
        if not numbers or self._late():
            return
        words = understand(" ".join(part for part in query.parts if part not in numbers))
        meant: Found = {}
        for number in numbers:
            one: Found = {}
            self._by_number(understand(number), one, BESIDE_MAX)
            meant = one if not meant else {row: hit for row, hit in meant.items() if row in one}
        for row, _, *texts in self._run(_TEXTS, (json.dumps(list(meant)),)):
            if has_words(words.runs, texts):
                found.setdefault(row, meant[row])

    def _take_rows(self, query: Query, rows: list[int], found: Found) -> None:
        if not rows:
            return
        words = [run for run, _ in query.runs]
        for row, ticket_id, *texts in self._run(_TEXTS, (json.dumps(rows),)):
            if row not in found:
                found[row] = Hit(ticket_id, _field_of(words, texts), False)

    def _rows_with(self, expression: str, wanted: int) -> list[int]:
        """The newest tickets that the words index has for the expression."""
        return [row for (row,) in self._run(_WORDS, (expression, wanted))] if expression else []

    def _rows_of_words(self, runs: Runs, wanted: int) -> list[int]:
        """The newest tickets with all the words; the last one whole if some have it, else by its beginning."""
        tokens = tokens_of(runs)
        if len(tokens) > 1 and (self._run(_LAST_ROW).fetchone()[0] or 0) > WHOLE_ROWS:
            newest = self._newest_common(tokens, wanted)
            if newest is not None:
                return newest
        whole = match_whole_words(runs)
        return self._rows_with(whole, wanted) or self._rows_with(match_words(runs), wanted)

    def _newest_common(self, tokens: list[str], wanted: int) -> list[int] | None:
        """Tickets with all tokens among the newest of each; None when a token is rare enough to look everywhere."""
        common: set[int] | None = None
        for token in tokens:
            rows = self._rows_with(f'"{token}"', NEWEST_POSTINGS)
            if len(rows) < NEWEST_POSTINGS:
                return None
            common = set(rows) if common is None else common.intersection(rows)
        found = sorted(common or (), reverse=True)[:wanted]
        self._capped = len(found) < wanted
        return found

    # --- guesses -----------------------------------------------------------------------------------------------

    def _guess(self, query: Query, found: Found, wanted: int) -> None:
        if query.key:
            self._near_numbers(query, found, wanted)
        if not found and not self._late() and (heard := match_homophones(query.runs)):
            self._take_rows(query, self._rows_with(heard, wanted), found)
        if not found and not self._late() and (spelt := self._spelt(query)):
            self._take_rows(query, self._rows_with(spelt, wanted), found)

    def _near_numbers(self, query: Query, found: Found, wanted: int) -> None:
        key = query.key
        if len(key) < CODE_BESIDE_WORDS_MIN:
            return
        near = json.dumps(neighbours(query.phone or key))
        fields: tuple[str, ...] = ("number", "serial", "order_number")
        if query.is_digits:
            fields = ("phone", "order_number", "number") if len(query.phone) <= 12 else ("order_number", "number")
        for field in fields:
            self._take(found, field, _LIKE[field], (near,), wanted)
            if found or self._late():
                return
        if not found and query.is_digits and 10 <= len(query.phone) <= 12:
            self._take(found, "phone", _LIKE["phone"], (json.dumps(lengths_apart(query.phone)),), wanted)
        if not found and len(key) > 8:
            # A wrong last sign, most often the check character.
            for field in ("number", "order_number", "serial"):
                self._take(found, field, _BEGINS[field], (key[:-1], key[:-1] + END), wanted)

    def _spelt(self, query: Query) -> str:
        """The expression with words that are known in place of those that are one edit off."""
        choices: list[tuple[str, ...]] = []
        corrected = False
        for run, chinese in query.runs:
            if chinese or len(run) < SPELLING_WORD_MIN or not (run.isascii() and run.isalpha()):
                choices.append((run,))
                continue
            if self._run(_IS_WORD, (run, run)).fetchone() is not None:
                choices.append((run,))
                continue
            near = self._near_words(run)
            corrected = corrected or bool(near)
            choices.append(near or (run,))
        return match_spelt(choices) if corrected else ""

    def _near_words(self, word: str) -> tuple[str, ...]:
        from rapidfuzz.distance import OSA

        known: Iterable[str] = (found for (found,) in self._run(_SPELT, (json.dumps(sorted(cuts_of(word))),)))
        ranked = sorted((OSA.distance(word, other), other) for other in known)
        return tuple(other for distance, other in ranked if distance == 1)[:SPELLINGS_MAX]

    def _late(self) -> bool:
        if time.thread_time() > self._spent_at or time.perf_counter() > self._late_at:
            self._capped = True
        return self._capped


def _ending(digits: str) -> str:
    """The words index's expression for numbers that end with these digits."""
    return f'"#{digits[-4:]}"'


def _is_number_beside_words(part: str) -> bool:
    key = key_of(part)
    return len(key) >= CODE_BESIDE_WORDS_MIN and any(sign.isdigit() for sign in key) and key.isascii()


def _field_of(words: list[str], texts: list[str]) -> str:
    """Which field the words stand in: the name unless all that can be seen stands elsewhere."""
    customer, product, brand, category, problem, description = texts
    name = fold(customer)
    if any(word in name for word in words):
        return "name"
    trade = fold(f"{product} {brand} {category} {problem}")
    if any(word in trade for word in words):
        return "product"
    shown = fold(description)
    return "description" if any(word in shown for word in words) else "name"
