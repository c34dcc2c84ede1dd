"""What of a ticket can be searched: keys of its numbers, and the tokens that stand for its words.

Tokens: every Chinese character and pair of neighbours, Latin words folded (accents ignored), for names the pinyin in
full, of surname and given name alone, with initials and as initials, with all readings of the surname; the last four
digits of telephone and number as `#6021`. The words index splits at ASCII characters only, so every script survives.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from store_desk.domain.numbers import TICKET_NUMBER
from store_desk.domain.ticket import Ticket

# Of a description this many characters are indexed; of any other text less is ever written.
DESCRIPTION_INDEXED = 600
TEXT_INDEXED = 200
# Longer runs of Chinese are companies: their pinyin in full helps nobody.
PINYIN_NAME_MAX = 8
SURNAME_READINGS_MAX = 3
TAIL = 6
TOKEN_MAX = 40

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(f"([{_CJK}]+)|([^\\W_{_CJK}]+)")
# Plain Latin and Chinese with its usual punctuation: most texts, for which all the rest of folding is for nothing.
_NOTHING_TO_FOLD = re.compile(
    "[\x00-\x7f\u3001-\u3003\u3005\u3007-\u3011\u3400-\u4dbf\u4e00-\u9fff\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]*"
)
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_APOSTROPHES = re.compile("(?<=\\w)['\u2018\u2019\u02bc`\u00b4](?=\\w)")
_LATIN_WORD = re.compile("[a-z]{4,20}")
_NOT_KEY = re.compile(r"[\W_]+")
_NOT_DIGIT = re.compile(r"\D+")
# Surnames of two characters, one after the other.
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容"
    "仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐"
    "段干百里呼延东郭南门羊舌微生梁丘左丘东门西门歐陽司馬東方南宮諸葛尉遲長孫鮮于"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))


class Keys(NamedTuple):
    """A ticket's numbers in the form that is compared: letters and digits only, capitals."""

    number: str
    order: str
    phone: str
    serial: str
    tail: str


def fold(text: str) -> str:
    """The text in small letters, full width made half, accents taken off."""
    if text.isascii() or _NOTHING_TO_FOLD.fullmatch(text) is not None:
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    return unicodedata.normalize("NFC", "".join([c for c in text if not unicodedata.combining(c)]))


def key_of(text: str) -> str:
    """A number in the form that is compared."""
    if text.isascii():
        # Our own numbers have dashes and nothing else.
        plain = text.replace("-", "")
        if plain.isalnum() or not plain:
            return plain.upper()
    return _NOT_KEY.sub("", unicodedata.normalize("NFKC", text)).upper()


def phone_key_of(text: str) -> str:
    """The digits of a telephone number without the prefix of China; texts without digits give an empty key."""
    if text and not (text.isdigit() and text.isascii()):
        text = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))
    return without_prefix(text)


def without_prefix(digits: str) -> str:
    """Eleven digits of a Chinese mobile without 86 or 0086 before them; others as they are."""
    for prefix in ("0086", "86"):
        rest = digits[len(prefix) :]
        if digits.startswith(prefix) and len(rest) == 11 and rest.startswith("1"):
            return rest
    return digits


def tail_of(number: str, number_key: str) -> str:
    """What people say of a number: of our own the counter without its check character, else the last six."""
    own = TICKET_NUMBER.fullmatch(number)
    return own.group(4)[-TAIL:] if own else number_key[-TAIL:]


def keys_of(ticket: Ticket) -> Keys:
    """All keys of a ticket."""
    return keys_from(ticket.number, ticket.order_number, ticket.phone, ticket.serial)


def keys_from(number: str, order_number: str, phone: str, serial: str) -> Keys:
    """As `keys_of`, from the numbers themselves."""
    key = key_of(number)
    return Keys(key, key_of(order_number), phone_key_of(phone), key_of(serial), tail_of(number, key))


def words_of(ticket: Ticket, keys: Keys) -> str:
    """All tokens of a ticket, each once, with spaces between."""
    texts = (
        ticket.customer,
        ticket.product,
        ticket.brand,
        ticket.category,
        ticket.problem_type,
        ticket.description,
    )
    return words_from(texts, (ticket.facts.customer_other, ticket.facts.product_other), keys)


def words_from(texts: tuple[str, str, str, str, str, str], others: tuple[str, str], keys: Keys) -> str:
    """As `words_of`, from customer, product, brand, category, problem type, description and the names' other form."""
    customer, product_name, brand, category, problem, description = texts
    found: set[str] = set(_name_tokens(customer))
    customer_other, product_other = others
    if customer_other:
        found.update(_name_tokens(customer_other))
    found.update(_trade_tokens(product_name, brand, category, problem))
    if product_other:
        found.update(_trade_tokens(product_other, "", "", ""))
    if description:
        _add_tokens(found, description[:DESCRIPTION_INDEXED], singles=False)
    if len(keys.phone) >= 4:
        found.add("#" + keys.phone[-4:])
    if len(keys.tail) >= 4:
        found.add("#" + keys.tail[-4:].lower())
    return " ".join(found)


def has_words(runs: Iterable[tuple[str, bool]], texts: Sequence[str]) -> bool:
    """Whether a ticket's texts (name, product, brand, category, problem, description) have all the runs of a query."""
    name, product_name, brand, category, problem, description = texts
    tokens = {*_name_tokens(name), *_trade_tokens(product_name, brand, category, problem)}
    rest = fold(description)
    for run, chinese in runs:
        if chinese:
            found = all(token in tokens for token in tokens_of_run(run))
        else:
            found = any(token.startswith(run) for token in tokens)
        if not found and run not in rest:
            return False
    return True


def spelling_words(ticket: Ticket) -> set[str]:
    """The Latin words of names and products that a misspelt query is compared with."""
    texts = (ticket.customer, ticket.product, ticket.brand, ticket.category)
    return spelling_words_from(texts, (ticket.facts.customer_other, ticket.facts.product_other))


def spelling_words_from(texts: Sequence[str], others: tuple[str, str]) -> set[str]:
    """As `spelling_words`, from customer, product, brand, category and the names' other form."""
    found: set[str] = set()
    for text in (*texts[:4], *others):
        if text:
            found.update(latin_words(text))
    return found


def cuts_of(word: str) -> set[str]:
    """The word and every form of it that lacks one letter: two words with a form in common are one edit apart."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def runs_of(folded: str) -> list[tuple[str, bool]]:
    """The runs of a folded text: (text, whether it is Chinese, Japanese or Korean)."""
    return [(match[0], match[1] is not None) for match in _RUNS.finditer(folded)]


def tokens_of_run(run: str) -> list[str]:
    """The tokens that must all be there for a run of Chinese: its pairs, or the one character."""
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


def name_readings(name: str) -> list[str]:
    """The pinyin in full of a name, one for each reading of its first character; empty when a character has none."""
    readings = [readings_of(character) for character in name]
    if not all(readings):
        return []
    rest = "".join(item[0] for item in readings[1:])
    return [first + rest for first in readings[0][:SURNAME_READINGS_MAX]]


def readings_of(character: str) -> tuple[str, ...]:
    """The readings of a Chinese character without tones, the usual one first; empty when it has none."""
    return _readings().get(character, ())


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in (Path(__file__).parent / "readings.txt").read_text("utf-8").splitlines():
        keys, _, characters = line.partition(":")
        table.update(dict.fromkeys(characters, tuple(keys.split(","))))
    return table


@lru_cache(maxsize=8_192)
def latin_words(text: str) -> tuple[str, ...]:
    """The Latin words of one text that a misspelt query is compared with."""
    return tuple(set(_LATIN_WORD.findall(fold(text))))


@lru_cache(maxsize=8_192)
def _trade_tokens(*texts: str) -> tuple[str, ...]:
    found: set[str] = set()
    for text in texts:
        if text:
            _add_tokens(found, text[:TEXT_INDEXED], singles=True)
    return tuple(found)


@lru_cache(maxsize=8_192)
def _name_tokens(name: str) -> tuple[str, ...]:
    found: set[str] = set()
    _add_tokens(found, name[:TEXT_INDEXED], singles=True)
    for run in _HAN_RUNS.findall(name[:TEXT_INDEXED]):
        if 1 <= len(run) <= PINYIN_NAME_MAX:
            _add_pinyin(found, run)
    return tuple(found)


_HAN_RUNS = re.compile(f"(?:{_HAN.pattern})+")


def _add_pinyin(found: set[str], run: str) -> None:
    readings = [readings_of(character) for character in run]
    if not all(readings):
        return
    rest = [item[0] for item in readings[1:]]
    given = "".join(rest)
    initials = "".join(item[0] for item in rest)
    for first in readings[0][:SURNAME_READINGS_MAX]:
        found.update((first, first + given, first + initials, first[0] + initials))
    if given:
        found.add(given)
    if run[:2] in _COMPOUND_SURNAMES and len(run) > 2:
        for first, second in product(readings[0][:2], readings[1][:2]):
            found.add(first + second)
        found.add("".join(rest[1:]))


def _add_tokens(found: set[str], text: str, *, singles: bool) -> None:
    folded = fold(text)
    if "'" in folded or "\u2019" in folded:
        joined = _APOSTROPHES.sub("", folded)
        if joined != folded:
            folded = folded + " " + joined
    for chinese, word in _RUNS.findall(folded):
        if word:
            found.add(word[:TOKEN_MAX])
        elif len(chinese) == 1:
            found.add(chinese)
        else:
            if singles:
                found.update(chinese)
            found.update(map(operator.add, chinese, chinese[1:]))
