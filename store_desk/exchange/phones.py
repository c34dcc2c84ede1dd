"""Telephone numbers as they are stored and searched.

A number of the store's own country is kept as it is dialled there, digits only (`15400000001`, `01012345678`); any
other is kept as `+` and its digits (E.164). What cannot be read as a number stays as text, because a clerk may still
read it. Of several numbers in one cell the first is the number; the whole text, like an extension, stays as a note.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from store_desk.exchange.limits import CACHE_ENTRIES, NUMBER_LENGTH_MAX

_NONE: Final = frozenset(
    {"", "-", "--", "无", "無", "没有", "暂无", "n/a", "na", "none", "null", "no", "/", "0", "未知", "なし"}
)
_CHINA_MOBILE: Final = re.compile(r"1\d{10}")
_SPACES_AND_MARKS: Final = re.compile(r"[\s\-.()·・‐‑‒–—\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_WORDED: Final = re.compile(r"^(?:tel|phone|mobile|电话|手机|手机号|電話)[.::]*\s*", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\s*(?:转|轉|分机|分機|内线|内線|ext\.?|extension|x|#|,)\s*(\d{1,6})$", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[/;,、；，|\\\n]|\s{2,}|\bor\b|或")
_FLOAT: Final = re.compile(r"(\d{5,15})\.0+")
# German and Austrian numbers write 030/1234567.
_SLASH_AFTER_AREA: Final = re.compile(r"^(0\d{1,4})\s?/\s?(?=\d)")
_RUN: Final = re.compile(r"\+?\d[\d\s\-]{5,}\d")
_DIGITS_MIN: Final = 5
_DIGITS_MAX: Final = 15


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number ready to store, and what else its cell said."""

    number: str
    note: str = ""


def read_phone(text: str, country: str) -> Phone:
    """The number in the form that is stored and searched; `country` is the store's (ISO, `CN`)."""
    if country == "CN" and len(text) == 11 and _CHINA_MOBILE.fullmatch(text) and text.isascii():
        return Phone(text)
    return _read(text, country)


@lru_cache(maxsize=CACHE_ENTRIES)
def _read(text: str, country: str) -> Phone:
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1].strip()
    plain = _WORDED.sub("", plain)
    if plain.lower() in _NONE:
        return Phone("")
    if whole := _FLOAT.fullmatch(plain):
        plain = whole[1]
    note = ""
    if found := _EXTENSION.search(plain):
        plain, note = plain[: found.start()], text.strip()
    number = _number(_SLASH_AFTER_AREA.sub(r"\1", plain), country)
    if not number:
        for piece in (*_SEVERAL.split(plain), *_alone(plain)):
            if number := _number(piece.strip(), country):
                note = text.strip()
                break
    if number:
        return Phone(number, note)
    return Phone(unicodedata.normalize("NFC", text.strip()))


def _alone(plain: str) -> list[str]:
    """The one long run of digits in a text with words around it."""
    runs: list[str] = _RUN.findall(plain)
    return runs if len(runs) == 1 and not re.search(r"[a-z]\d|\d[.a-z]", plain, re.IGNORECASE) else []


def _number(plain: str, country: str) -> str:
    """One number; empty when the text is none."""
    bare = _SPACES_AND_MARKS.sub("", plain)
    international = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+").removeprefix("00") if international else bare
    if not digits.isdigit() or not digits.isascii() or not _DIGITS_MIN <= len(digits) <= _DIGITS_MAX:
        return ""
    if country == "CN" and (own := _chinese(digits, international=international)):
        return own
    return _by_plan(digits, country, international=international)


def _chinese(digits: str, *, international: bool) -> str:
    if digits.startswith("86") and (international or len(digits) == 13) and _CHINA_MOBILE.fullmatch(digits[2:]):
        return digits[2:]
    if not international and (_CHINA_MOBILE.fullmatch(digits) or digits[0] == "0" or digits.startswith(("400", "800"))):
        return digits
    return ""


def _by_plan(digits: str, country: str, *, international: bool) -> str:
    """By the numbering plans of the world; a number that no plan knows keeps its digits."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse("+" + digits if international else digits, country or None)
    except phonenumbers.NumberParseException:
        return "+" + digits if international else digits
    if not phonenumbers.is_possible_number(parsed):
        return "+" + digits if international else digits
    if parsed.country_code != phonenumbers.country_code_for_region(country):
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    national = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return "".join(c for c in national if c.isdigit())[:NUMBER_LENGTH_MAX]
