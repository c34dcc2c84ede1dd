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
_DECIMALS_SCALE: Final = 1_000_000
_EMPTY: Final = frozenset({"", "-", "--", "—", "–", "/", "无", "無", "空", "n/a", "na", "none", "null", "nil"})
_DOLLARS: Final = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"})
_YENS: Final = frozenset({"CNY", "JPY"})
# Names of currencies, the longer ones first, so that HK$ is not read as $.
_NAMES: Final[tuple[tuple[str, str], ...]] = tuple(
    (name, entry.partition(":")[0])
    for entry in (
        "CNY:人民币 人民幣 rmb",
        "HKD:港币 港元 港幣 hk$",
        "TWD:新台币 新台幣 台币 nt$",
        "USD:美元 美金 us$",
        "EUR:欧元 歐元 euros euro €",
        "GBP:英镑 英鎊 £",
        "JPY:日元 日圆 円",
        "KRW:韩元 ₩",
        "AUD:a$",
        "CAD:c$",
        "SGD:s$",
        "BRL:r$",
        "PLN:zł",
        "INR:₹",
        "RUB:₽",
        "THB:฿",
        "VND:₫",
        "TRY:₺",
        "CZK:kč",
    )
    for name in entry.partition(":")[2].split()
)
# Signs that several currencies share: whose they may be, and whose they are in a store of none of them.
_SHARED: Final = {
    "¥": (_YENS, "CNY"),
    "元": (frozenset({"CNY", "TWD", "HKD"}), "CNY"),
    "圆": (frozenset({"CNY"}), "CNY"),
    "圓": (frozenset({"TWD", "HKD"}), "TWD"),
    "块": (frozenset({"CNY"}), "CNY"),
    "$": (_DOLLARS, "USD"),
}
_CODE: Final = re.compile(r"(?<![a-z])([a-z]{3})(?![a-z])")
_NUMBER: Final = re.compile(r"[\d.,][\d.,' \u2019]*")
_THOUSANDS: Final = re.compile(r"\d{1,3}([,.' \u2019])\d{3}(?:\1\d{3})*|\d{1,3}(?:,\d{2,4})*,\d{3}")


class AmountProblem(Enum):
    """Why an amount is not taken; the values are codes of refused rows."""

    UNREADABLE = "amount_unreadable"
    CURRENCY = "currency_other"


@lru_cache(maxsize=CACHE_ENTRIES)
def read_amount(text: str, currency: str) -> int | AmountProblem | None:
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
    for sign, (codes, usual) in _SHARED.items():
        if sign in plain:
            rest = plain.replace(sign, "", 1).strip()
            if spelt := _CODE.search(rest):
                return _CODE.sub("", rest, count=1).strip(), spelt[1].upper()
            return rest, own if own in codes else usual
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
        scaled = round(float(f"0.{part}") * _DECIMALS_SCALE)
        carry, kept = divmod(scaled, _DECIMALS_SCALE)
        part = f"{kept:0{_DECIMALS_KEPT}d}"
    else:
        carry = 0
    if part[digits:].strip("0"):
        return None
    value = int("".join(c for c in whole if c.isdigit())) + carry
    # Whole units with as many zeros as the currency has decimals, plus those decimals.
    return int(f"{value}{'0' * digits}") + int(part[:digits].ljust(digits, "0") or "0")
