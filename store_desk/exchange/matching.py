"""Which heading of a file is which of our fields: a proposal from names, and from what the values look like.

A known name counts most (earlier names of `synonyms` more than later ones), then a heading that holds a known name,
then one that is spelt nearly so, then the look of the values alone. Values that contradict a name lower it. One
heading serves one field and one field one heading; the best pairs are taken first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from store_desk.domain.errors import MappingIncomplete, MappingInvalid
from store_desk.domain.imports import REQUIRED, Field, FileShape, Mapping
from store_desk.exchange.amounts import AmountProblem, read_amount
from store_desk.exchange.folding import fold
from store_desk.exchange.normalise import clean_code
from store_desk.exchange.synonyms import HEADINGS
from store_desk.exchange.times import TimeReader, TimeUnreadable
from store_desk.exchange.vocabulary import STATES

CONFIDENCE_MAX: Final = 100
# Below this a proposal would be a guess that the clerk has to undo more often than keep.
CONFIDENCE_MIN: Final = 45
_HOLDS: Final = 80
_NEARLY_MIN: Final = 86
_CONTRADICTED: Final = 45
# How much a later name of the list counts less than the first one.
_RANK_STEP: Final = 0.25
_RANK_MAX: Final = 12.0
_PHONE: Final = re.compile(r"'?\+?[\d\s\-()]{7,20}(?:\s*(?:转|ext\.?|x)\s*\d{1,6})?")
_CHINA_MOBILE: Final = re.compile(r"'?(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}")
_LONG_ORDER: Final = re.compile(r"'?\d{15,20}")
_LOOK_SHARE_MIN: Final = 0.8
_TIMES: Final = TimeReader("UTC", day_first=True)
# Fields whose values have a look of their own; others cannot be contradicted by values.
_DATES: Final = frozenset(
    {Field.CREATED_AT, Field.UPDATED_AT, Field.DUE_AT, Field.CLOSED_AT, Field.WARRANTY_UNTIL, Field.PURCHASED_ON}
)
# Names of these are ordinary words that end many headings of other meaning.
_WHOLE_NAMES_ONLY: Final = frozenset({Field.REVIEW, Field.WORK, Field.CREATED_TIME, Field.TYPE, Field.CHANNEL})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One heading proposed for one field; `because` is name, part, spelling, values or remembered."""

    field: Field
    heading: str
    confidence: int
    because: str


def _ranks() -> dict[str, list[tuple[Field, float]]]:
    found: dict[str, list[tuple[Field, float]]] = {}
    for field, names in HEADINGS.items():
        for rank, name in enumerate((*names.split("|"), field.value)):
            entry = found.setdefault(fold(name), [])
            if all(known is not field for known, _ in entry):
                entry.append((field, CONFIDENCE_MAX - min(rank * _RANK_STEP, _RANK_MAX)))
    return found


_BY_NAME: Final = _ranks()


def propose(shape: FileShape, remembered: dict[Field, str] | None = None) -> dict[Field, str]:
    """The heading proposed for each field; `remembered` is what the clerk said for a file with these headings."""
    return {item.field: item.heading for item in propose_with_confidence(shape, remembered)}


def propose_with_confidence(shape: FileShape, remembered: dict[Field, str] | None = None) -> tuple[Proposal, ...]:
    """The proposals with how sure each is (0 to 100), in the order of the fields."""
    chosen: dict[Field, Proposal] = {}
    taken: set[str] = set()
    for field, heading in (remembered or {}).items():
        if heading in shape.headings and heading not in taken:
            chosen[field] = Proposal(field, heading, CONFIDENCE_MAX, "remembered")
            taken.add(heading)
    candidates = [item for place, heading in enumerate(shape.headings) for item in _candidates(shape, place, heading)]
    # Stable: of equals the column further left wins.
    for item in sorted(candidates, key=lambda item: -item.confidence):
        if item.confidence >= CONFIDENCE_MIN and item.field not in chosen and item.heading not in taken:
            chosen[item.field] = item
            taken.add(item.heading)
    return tuple(chosen[field] for field in Field if field in chosen)


def headings_key(shape: FileShape) -> str:
    """The key by which a mapping is remembered: equal for files with the same headings in any order and case."""
    names = "\x1f".join(sorted(fold(heading) for heading in shape.headings))
    return blake2b(names.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def check_mapping(shape: FileShape, mapping: Mapping) -> None:
    """Whether the mapping fits the file. Raises MappingIncomplete or MappingInvalid."""
    missing = tuple(field.value for field in REQUIRED if field not in mapping.columns)
    if missing:
        raise MappingIncomplete(fields=missing)
    for field, heading in mapping.columns.items():
        if heading not in shape.headings:
            raise MappingInvalid(what=f"{field.value}={heading}", known=shape.headings)
    headings = list(mapping.columns.values())
    for field, heading in mapping.columns.items():
        if headings.count(heading) > 1:
            raise MappingInvalid(what=f"{field.value}={heading}", known=shape.headings)


def _candidates(shape: FileShape, place: int, heading: str) -> list[Proposal]:
    values = [row[place].strip() for row in shape.sample if row[place].strip()]
    named = _by_name(heading)
    if not named:
        named = _by_look(values)
    found = []
    for field, confidence, because in named:
        fits = because == "values" or _fits(field, values, len(shape.sample))
        found.append(Proposal(field, heading, int(confidence if fits else confidence - _CONTRADICTED), because))
    return found


def _by_name(heading: str) -> list[tuple[Field, float, str]]:
    key = fold(heading)
    if exact := _BY_NAME.get(key):
        return [(field, confidence, "name") for field, confidence in exact]
    if key.isascii() and len(key) < 4:
        return []
    held: dict[Field, float] = {}
    for name, entry in _BY_NAME.items():
        for field, confidence in entry:
            if _holds(key, name, field):
                # The more of the heading the name covers, the surer; the last words of a heading name the thing.
                cover = len(name) / len(key) * 10 + (4 if key.endswith(name) else 0)
                held[field] = max(held.get(field, 0.0), _HOLDS - 15 + cover - (CONFIDENCE_MAX - confidence) / 4)
    if held:
        return [(field, confidence, "part") for field, confidence in held.items()]
    return _by_spelling(key)


def _holds(key: str, name: str, field: Field) -> bool:
    """Whether the heading speaks of the name. Chinese and Japanese put it anywhere.

    Germanic headings end with the thing itself (`Kundentelefon`, but `Customer City` is no customer), Romance ones
    begin with it and have little else.
    """
    if len(name) >= len(key) or name not in key:
        return False
    if not name.isascii() and any(c >= "\u2e80" for c in name):
        return len(name) >= 2
    if len(name) < 4 or field in _WHOLE_NAMES_ONLY:
        return False
    return key.endswith(name) or (key.startswith(name) and len(name) >= len(key) * 0.6)


def _by_spelling(key: str) -> list[tuple[Field, float, str]]:
    from rapidfuzz import fuzz, process

    found: list[tuple[Field, float, str]] = []
    for name, score, _ in process.extract(key, list(_BY_NAME), scorer=fuzz.ratio, score_cutoff=_NEARLY_MIN, limit=3):
        found.extend((field, score * 0.75, "spelling") for field, _ in _BY_NAME[name])
    return found


def _by_look(values: list[str]) -> list[tuple[Field, float, str]]:
    looks: tuple[tuple[Field, float, Callable[[str], bool]], ...] = (
        (Field.PHONE, 60.0, lambda text: _CHINA_MOBILE.fullmatch(text) is not None),
        (Field.ORDER_NUMBER, 55.0, lambda text: _LONG_ORDER.fullmatch(text) is not None),
        (Field.STATE, 55.0, lambda text: fold(text) in STATES),
        (Field.CREATED_AT, 50.0, lambda text: len(text) >= 8 and not text.isdigit() and _is_time(text)),
    )
    if len(values) < 2:
        return []
    return [
        (field, confidence, "values") for field, confidence, look in looks if _share(values, look) >= _LOOK_SHARE_MIN
    ]


def _fits(field: Field, values: list[str], rows: int) -> bool:
    """Whether the values may be of this field; no values say nothing."""
    if not values:
        return field is not Field.NUMBER
    if field is Field.NUMBER:
        codes = [clean_code(text) for text in values]
        return len(values) * 2 >= rows and _share(codes, _has_digit) >= 0.5 and len(set(codes)) * 2 > len(codes)
    if field is Field.CUSTOMER:
        return _share(values, lambda text: not text.replace("-", "").isdigit()) >= 0.5
    if field is Field.PHONE:
        return _share(values, lambda text: _PHONE.fullmatch(text) is not None or not _has_digit(text)) >= 0.5
    if field in (Field.AMOUNT, Field.COMPENSATION):
        return _share(values, lambda text: read_amount(text, "CNY") is not AmountProblem.UNREADABLE) >= 0.5
    if field is Field.STATE:
        return _share(values, lambda text: len(text) <= 40 and not text[:4].isdigit()) >= 0.5
    if field in _DATES:
        return _share(values, _is_time) >= 0.5
    return True


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _is_time(text: str) -> bool:
    try:
        _TIMES.day(text)
    except TimeUnreadable:
        return False
    return True


def _share(values: Iterable[str], test: Callable[[str], bool]) -> float:
    answers = [test(value) for value in values]
    return sum(answers) / len(answers) if answers else 0.0
