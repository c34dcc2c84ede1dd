"""Money as people write it, read into minor units of the store's currency.

With both marks present the last one is the decimal mark (`1,299.50`, `1.299,50`). A comma or space before exactly
three digits separates thousands (`1,299` is one thousand two hundred ninety-nine), a point never does alone
(`1.299` has three decimals). A value finer than the minor unit is refused, not rounded, because nobody can pay it.
Scientific notation is refused: a spreadsheet writes it when digits are already lost.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache
from typing import Final

from store_desk.domain.money import digits_of
from store_desk.exchange.limits import AMOUNT_MINOR_MAX, CACHE_ENTRIES

# Longer texts are no amount and are not worth a pattern.
_LENGTH_MAX: Final = 40
# Binary fractions show up around the fifteenth digit; more decimals than this are such noise.
_DECIMALS_KEPT: Final = 6
_EMPTY: Final = frozenset({"", "-", "--", "—", "–", "/", "无", "無", "空", "n/a", "na", "none", "null", "nil"})
_DOLLARS: Final = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"})
_YENS: Final = frozenset({"CNY", "JPY"})
# Names of currencies, the longer ones first, so that HK$ is not read as $.
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("人民币", "CNY"), ("人民幣", "CNY"), ("rmb", "CNY"), ("港币", "HKD"), ("港元", "HKD"), ("港幣", "HKD"), ("新台币", "TWD"), ("新台幣", "TWD"),
    ("台币", "TWD"), ("美元", "USD"), ("美金", "USD"), ("欧元", "EUR"), ("歐元", "EUR"), ("英镑", "GBP"), ("英鎊", "GBP"),
    ("日元", "JPY"), ("日圆", "JPY"), ("韩元", "KRW"), ("euros", "EUR"), ("euro", "EUR"), ("hk$", "HKD"), ("nt$", "TWD"),
    ("us$", "USD"), ("a$", "AUD"), ("c$", "CAD"), ("s$", "SGD"), ("r$", "BRL"), ("zł", "PLN"), ("円", "JPY"), ("€", "EUR"),
    ("£", "GBP"), ("₩", "KRW"), ("₹", "INR"), ("₽", "RUB"), ("฿", "THB"), ("₫", "VND"), ("₺", "TRY"), ("kč", "CZK"),
)  # fmt: skip
_SHARED: Final = {"¥": _YENS, "元": _YENS - {"JPY"} | {"TWD", "HKD"}, "圆": frozenset({"CNY"}), "圓": frozenset({"TWD", "HKD"}), "块": frozenset({"CNY"}), "$": _DOLLARS}
_SHARED_DEFAULT: Final = {"¥": "CNY", "元": "CNY", "圆": "CNY", "圓": "TWD", "块": "CNY", "$": "USD"}
_CODE: Final = re.compile(r"(?<![a-z])([a-z]{3})(?![a-z])")
_NUMBER: Final = re.compile(r"[\d.,][\d.,' \u2019]*")
_THOUSANDS: Final = re.compile(r"\d{1,3}([,.' \u2019])\d{3}(?:\1\d{3})*|\d{1,3}(?:,\d{2,4})*,\d{3}")


class AmountProblem(Enum):
    """Why an amount is not taken; the values are codes of refused rows."""

    UNREADABLE = "amount_unreadable"
    CURRENCY = "currency_other"


@lru_cache(maxsize=CACHE_ENTRIES)
def read_amount(text: str, currency: str) -> int | None | AmountProblem:
    """The amount in minor units of `currency`; None for an empty cell."""
    if len(text) > _LENGTH_MAX:
        return AmountProblem.UNREADABLE
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-").lstrip("'").strip()
    if plain in _EMPTY:
        return None
    plain, named = _without_currency(plain, currency)
    if named and named == currency:
        # The sign before and the word after: ￥12.00元.
        plain, named = _without_currency(plain, currency)
    if named and named != currency:
        return AmountProblem.CURRENCY
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].strip()
    if plain.startswith("-") or plain.endswith("-"):
        negative, plain = not negative, plain.strip("-").strip()
    plain = plain.removeprefix("+").strip().removesuffix("整").strip()
    if not _NUMBER.fullmatch(plain):
        return AmountProblem.UNREADABLE
    minor = _minor(plain, digits_of(currency))
    if minor is None or minor > AMOUNT_MINOR_MAX:
        return AmountProblem.UNREADABLE
    return -minor if negative else minor


def read_currency(text: str, currency: str) -> str:
    """The ISO code that a currency column means; the text itself in capitals when it is no name we know."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not plain:
        return currency
    rest, named = _without_currency(plain, currency)
    return named if named and not rest else plain.upper()


def _without_currency(plain: str, own: str) -> tuple[str, str]:
    for name, code in _NAMES:
        if name in plain:
            return plain.replace(name, "", 1).strip(), code
    for sign, codes in _SHARED.items():
        if sign in plain:
            rest = plain.replace(sign, "", 1).strip()
            code = _CODE.search(rest)
            if code:
                return _CODE.sub("", rest, count=1).strip(), code[1].upper()
            return rest, own if own in codes else _SHARED_DEFAULT[sign]
    found = _CODE.search(plain)
    if found and found[1] != "nan" and found[1] != "inf":
        return (plain[: found.start()] + plain[found.end() :]).strip(), found[1].upper()
    return plain, ""


def _minor(plain: str, digits: int) -> int | None:
    """Digits with their marks as minor units; None when the marks make no sense or it is finer than that."""
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        mark = "." if plain.rindex(".") > plain.rindex(",") else ","
        whole, _, part = plain.rpartition(mark)
        if mark in whole or not _THOUSANDS.fullmatch(whole):
            return None
    elif points == 1:
        whole, _, part = plain.partition(".")
    elif commas == 1 and not _THOUSANDS.fullmatch(plain):
        whole, _, part = plain.partition(",")
    else:
        whole, part = plain, ""
    whole = whole or ("0" if part else "")
    if not whole.isdigit() and not _THOUSANDS.fullmatch(whole):
        return None
    if part and not part.isdigit():
        return None
    if len(part) > _DECIMALS_KEPT:
        # The last digits of a binary fraction: 12.299999999999999 is 12.30.
        scaled = round(int(part) / 10 ** (len(part) - _DECIMALS_KEPT))
        carry, kept = divmod(scaled, 10**_DECIMALS_KEPT)
        part = f"{kept:0{_DECIMALS_KEPT}d}"
    else:
        carry = 0
    if part[digits:].strip("0"):
        return None
    value = int("".join(c for c in whole if c.isdigit())) + carry
    return value * 10**digits + int((part[:digits] or "0").ljust(digits, "0") if digits else "0")
