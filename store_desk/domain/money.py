"""Amounts of money as whole minor units with their currency."""

from __future__ import annotations

from dataclasses import dataclass

# Currencies without a minor unit (ISO 4217); every other one here has two digits.
WITHOUT_MINOR = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "KRW": "₩"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cents) of one currency; may be negative."""

    amount_minor: int
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount_minor + other.amount_minor, self.currency)


def digits_of(currency: str) -> int:
    """How many digits the minor unit has: 0 or 2."""
    return 0 if currency in WITHOUT_MINOR else 2


def format_minor(amount_minor: int, currency: str = "CNY") -> str:
    """The amount as it is shown and printed: `¥1,234.00`."""
    sign = "-" if amount_minor < 0 else ""
    digits = digits_of(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    mark = SIGNS.get(currency, currency + " ")
    return f"{sign}{mark}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
