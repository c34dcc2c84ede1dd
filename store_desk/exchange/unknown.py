"""The words of a file that nobody has explained yet, counted in a first pass before anything is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from store_desk.domain.errors import ImportStopped
from store_desk.domain.imports import Field, FileShape, Mapping
from store_desk.exchange.folding import fold
from store_desk.exchange.limits import (
    STOP_EVERY_ROWS,
    UNKNOWN_WORDS_MAX,
    WORD_LENGTH_MAX,
)
from store_desk.exchange.matching import check_mapping
from store_desk.exchange.normalise import clean_text
from store_desk.exchange.readers import BrokenRow, Table
from store_desk.exchange.vocabulary import (
    REASONS,
    REVIEWS,
    STATES,
    TYPES,
    WORKS,
    proposed_state,
    proposed_type,
)

# A reason that nobody explains becomes `other` with its words kept, so it need not be answered.
_KNOWN: dict[Field, Iterable[str]] = {
    Field.STATE: STATES,
    Field.REVIEW: REVIEWS,
    Field.WORK: WORKS,
    Field.TYPE: TYPES,
    Field.CANCEL_REASON: REASONS,
}


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A word of the file with how often it stands there, and what it probably means.

    `proposal` is what `Mapping.values` wants, or empty. Rows with an unanswered `required` word are refused.
    """

    field: str
    word: str
    count: int
    proposal: str
    required: bool


class WordCount:
    """Counts the words of the state, type and reason columns while somebody else reads the rows.

    Raises MappingIncomplete or MappingInvalid when made.
    """

    def __init__(self, shape: FileShape, mapping: Mapping) -> None:
        check_mapping(shape, mapping)
        places = {name: place for place, name in enumerate(shape.headings)}
        self._mapping = mapping
        self._columns = [(field, places[mapping.columns[field]]) for field in _KNOWN if field in mapping.columns]
        self._counted: dict[Field, Counter[str]] = {field: Counter() for field, _ in self._columns}
        self._width = len(shape.headings) if shape.format == "csv" else None

    def take(self, cells: list[str]) -> None:
        """Counts one row; broken ones do not count."""
        if type(cells) is BrokenRow or (self._width is not None and len(cells) != self._width):
            return
        for field, place in self._columns:
            words = self._counted[field]
            word = cells[place] if place < len(cells) else ""
            if word and len(word) <= WORD_LENGTH_MAX and (word in words or len(words) < UNKNOWN_WORDS_MAX * 10):
                words[word] += 1

    def unknown(self) -> tuple[UnknownValue, ...]:
        """The unexplained words so far, at most 200 a column; those that must be answered first, then by frequency."""
        answered = {(field, fold(word)) for field, word in self._mapping.values}
        found = [
            item
            for field, words in self._counted.items()
            for item in _unexplained(field, words, {key for name, key in answered if name == field.value})
        ]
        return tuple(sorted(found, key=lambda item: (not item.required, -item.count, item.field, item.word)))


def unknown_values(table: Table, mapping: Mapping, *, stop: Callable[[], bool]) -> tuple[UnknownValue, ...]:
    """The unexplained words of a file, read for them alone; raises as WordCount does, and ImportStopped."""
    words = WordCount(table.shape, mapping)
    for count, (_line, cells) in enumerate(table.rows()):
        if count % STOP_EVERY_ROWS == 0 and stop():
            raise ImportStopped
        words.take(cells)
    return words.unknown()


def _unexplained(field: Field, words: Counter[str], answered: set[str]) -> list[UnknownValue]:
    """The words that neither our tables nor the clerk's answers hold, spellings of one word together."""
    together: dict[str, tuple[str, int]] = {}
    known = set(_KNOWN[field])
    for raw, count in words.most_common():
        word = clean_text(raw)
        key = fold(word)
        if not key or key in known or key in answered:
            continue
        first, sum_before = together.get(key, (word, 0))
        together[key] = (first, sum_before + count)
    return [
        UnknownValue(field.value, word, count, _proposal(field, word), field is not Field.CANCEL_REASON)
        for word, count in list(together.values())[:UNKNOWN_WORDS_MAX]
    ]


def _proposal(field: Field, word: str) -> str:
    state = proposed_state(word) if field in (Field.STATE, Field.REVIEW, Field.WORK) else ""
    if field is Field.STATE:
        return state
    if field is Field.TYPE:
        return proposed_type(word)
    review, _, work = state.partition("/")
    if field is Field.REVIEW:
        return review if work else ""
    return work if field is Field.WORK else ""


def values_by_proposal(unknown: Iterable[UnknownValue]) -> dict[tuple[str, str], str]:
    """The answers when every proposal is accepted; words without one are left out."""
    return {(item.field, item.word): item.proposal for item in unknown if item.proposal}
