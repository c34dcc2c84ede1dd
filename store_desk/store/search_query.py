"""What a typed or scanned text asks for: a number, words, or both; any text at all is understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from store_desk.store.search_words import (
    TOKEN_MAX,
    cuts_of,
    fold,
    key_of,
    name_readings,
    runs_of,
    tokens_of_run,
    without_prefix,
)

# More is not typed into a search box; a paste beyond it is cut.
TEXT_MAX = 200
RUNS_MAX = 8
KEY_MAX = 40
CODE_MIN = 3
# From this length on a number in the middle of words is looked up as one.
CODE_BESIDE_WORDS_MIN = 5
PHONE_MIN = 5
# The words index finds beginnings up to this length directly (its `prefix` setting).
BEGINNING_INDEXED = 6

Runs = tuple[tuple[str, bool], ...]

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufeff]")
# Scanners send Code 39 with its start and stop sign when they are not set to leave them out.
_SCANNER_SIGNS = "*\x02\x03"
_NUMBER_TEXT = re.compile(r"[0-9A-Z\s\-_/.,:()+#*]+")
_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1", "B": "8", "8": "B", "S": "5", "5": "S", "Z": "2", "2": "Z"}


@dataclass(frozen=True, slots=True)
class Query:
    """A text as the search understands it.

    `key` is the text as one number, empty when it cannot be one; `parts` its pieces between spaces; `runs` the pieces
    of one script, folded, each with whether it is Chinese.
    """

    key: str
    one_part: bool
    parts: tuple[str, ...]
    runs: Runs

    @property
    def is_digits(self) -> bool:
        """Whether the number has digits only."""
        return self.key.isdigit() and self.key.isascii()

    @property
    def phone(self) -> str:
        """The number as a telephone's, without the prefix of China; empty when it cannot be one."""
        return without_prefix(self.key) if self.is_digits else ""


def understand(text: str) -> Query:
    """The query that a text stands for; never raises."""
    # Half of a pair of surrogates is no text, and SQLite would refuse it.
    text = text[:TEXT_MAX].encode("utf-8", "ignore").decode()
    clean = unicodedata.normalize("NFKC", text.strip(_SCANNER_SIGNS + " "))[:TEXT_MAX]
    clean = _CONTROL.sub(" ", clean).strip(_SCANNER_SIGNS + " ")
    parts = tuple(clean.split()[:RUNS_MAX])
    one_part = len(parts) == 1
    has_digit = any(character.isdigit() for character in clean)
    is_number = has_digit and (one_part or _NUMBER_TEXT.fullmatch(clean.upper()) is not None)
    key = key_of(clean)[:KEY_MAX] if is_number else ""
    runs = tuple((run[:TOKEN_MAX], chinese) for run, chinese in runs_of(_without_apostrophes(fold(clean)))[:RUNS_MAX])
    return Query(key, one_part, parts, runs)


def _without_apostrophes(text: str) -> str:
    return re.sub("(?<=\\w)['\u2018\u2019](?=\\w)", "", text)


def match_words(runs: Runs) -> str:
    """The words index's expression for all runs together, the last word by its beginning."""
    if not runs:
        return ""
    terms = [_term(run, chinese, last=at == len(runs) - 1) for at, (run, chinese) in enumerate(runs)]
    expression = " AND ".join(terms)
    if len(runs) > 1 and all(not chinese and run.isascii() and run.isalpha() for run, chinese in runs):
        # Pinyin typed syllable by syllable: the index has the name's in one word.
        joined = "".join(run for run, _ in runs)[:TOKEN_MAX]
        expression = f'({expression}) OR "{joined}" *'
    return expression


def match_whole_words(runs: Runs) -> str:
    """The expression with every word whole, when the last is too long for the index of beginnings; else empty.

    The postings of all words with a long beginning are merged first, which costs milliseconds for a common one.
    """
    if not runs or runs[-1][1] or len(runs[-1][0]) <= BEGINNING_INDEXED:
        return ""
    return " AND ".join(_term(run, chinese, last=False) for run, chinese in runs)


def tokens_of(runs: Runs) -> list[str]:
    """Every token that a ticket must have for the runs, whole words only."""
    return [token for run, chinese in runs for token in (tokens_of_run(run) if chinese else [run])]


def _term(run: str, chinese: bool, *, last: bool) -> str:
    if chinese:
        return " AND ".join(f'"{token}"' for token in tokens_of_run(run))
    if len(run) == 4 and run.isdigit():
        return f'("#{run}" OR "{run}" *)' if last else f'("#{run}" OR "{run}")'
    return f'"{run}" *' if last else f'"{run}"'


def match_homophones(runs: Runs) -> str:
    """The expression with every Chinese run as it sounds; empty when there is none that has a sound."""
    terms = []
    heard = False
    for at, (run, chinese) in enumerate(runs):
        readings = name_readings(run) if chinese and len(run) > 1 else []
        if readings:
            heard = True
            terms.append("(" + " OR ".join(f'"{reading}" *' for reading in readings) + ")")
        else:
            terms.append(f"({_term(run, chinese, last=at == len(runs) - 1)})")
    return " AND ".join(terms) if heard else ""


def match_spelt(choices: list[tuple[str, ...]]) -> str:
    """The expression for words each of which may be any of several."""
    return " AND ".join("(" + " OR ".join(f'"{word}"' for word in words) + ")" for words in choices)


def neighbours(key: str) -> list[str]:
    """Numbers one slip away: another digit, two signs changed over, or a letter and a digit that look alike."""
    found: dict[str, None] = {}
    for at, sign in enumerate(key):
        if sign.isdigit():
            for other in "0123456789":
                found[key[:at] + other + key[at + 1 :]] = None
        if sign in _ALIKE:
            found[key[:at] + _ALIKE[sign] + key[at + 1 :]] = None
        if at and key[at - 1] != sign:
            found[key[: at - 1] + sign + key[at - 1] + key[at + 1 :]] = None
    found.pop(key, None)
    return list(found)


def lengths_apart(key: str) -> list[str]:
    """Numbers with one digit more or one fewer."""
    more = {key[:at] + digit + key[at:] for at in range(len(key) + 1) for digit in "0123456789"}
    return sorted((more | cuts_of(key)) - {key})
