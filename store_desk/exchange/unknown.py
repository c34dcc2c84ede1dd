"""The words of a file that nobody has explained yet, counted in a first pass before anything is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from store_desk.domain.errors import ImportStopped
from store_desk.domain.imports import Field, Mapping
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


def unknown_values(table: Table, mapping: Mapping, *, stop: Callable[[], bool]) -> tuple[UnknownValue, ...]:
    """The unexplained words of the state, type and reason columns, at most 200 of each, most frequent first.

    Raises MappingIncomplete, MappingInvalid, ImportStopped.
    """
    check_mapping(table.shape, mapping)
    places = {name: place for place, name in enumerate(table.shape.headings)}
    columns = [(field, places[mapping.columns[field]]) for field in _KNOWN if field in mapping.columns]
    counted: dict[Field, Counter[str]] = {field: Counter() for field, _ in columns}
    if not columns:
        return ()
    width = len(table.shape.headings)
    for count, (_line, cells) in enumerate(table.rows()):
        if count % STOP_EVERY_ROWS == 0 and stop():
            raise ImportStopped
        if type(cells) is BrokenRow or (table.shape.format == "csv" and len(cells) != width):
            continue
        for field, place in columns:
            words = counted[field]
            word = cells[place] if place < len(cells) else ""
            if word and len(word) <= WORD_LENGTH_MAX and (word in words or len(words) < UNKNOWN_WORDS_MAX * 10):
                words[word] += 1
    answered = {(field, fold(word)) for field, word in mapping.values}
    found = [
        item
        for field, words in counted.items()
        for item in _unexplained(field, words, {key for name, key in answered if name == field.value})
    ]
    return tuple(sorted(found, key=lambda item: (not item.required, -item.count, item.field, item.word)))


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
