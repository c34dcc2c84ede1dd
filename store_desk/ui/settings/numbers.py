"""The shop's numbers as a person reads them: which group, in which unit, how stored, within which bounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from store_desk.domain.money import digits_of
from store_desk.domain.policy import BOUNDS, Policy

# A fee for cancelling has no bound in the policy; this one only catches a slip of the finger.
TARIFF_MAX_MINOR: Final = 100_000_000
LEVELS: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the rules. `scale` stored units make one shown unit; `unit` is a word of the catalogue."""

    name: str
    group: str
    unit: str
    scale: int = 1
    level: int = 0

    @property
    def setting(self) -> str:
        """The name under which it is stored."""
        return f"policy.{self.name}"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount, shown in whole currency units with its sign."""
        return self.unit == "money"


_PLAIN: Final = (
    ("undo_window_s", "cancelling", "minutes", 60),
    ("reopen_days", "cancelling", "days", 1),
    ("reopen_due_h", "cancelling", "hours", 1),
    ("duplicate_days", "cancelling", "days", 1),
    ("collect_approval_minor", "approval", "money", 1),
    ("review_overdue_h", "approval", "hours", 1),
    ("identity_counter", "identity", "details", 1),
    ("identity_phone", "identity", "details", 1),
    ("identity_tries", "identity", "times", 1),
    ("promise_h", "periods", "hours", 1),
    ("settle_days", "periods", "days", 1),
    ("recall_answer_h", "periods", "hours", 1),
    ("visit_alarm_h", "periods", "hours", 1),
    ("acknowledge_minutes", "periods", "minutes", 1),
    ("callback_days", "periods", "days", 1),
    ("improve_days", "periods", "days", 1),
    ("return_days", "periods", "days", 1),
    ("exchange_days", "periods", "days", 1),
    ("pin_tries", "security", "times", 1),
    ("pin_lock_s", "security", "minutes", 60),
    ("pin_lock_max_s", "security", "minutes", 60),
    ("idle_lock_s", "security", "minutes", 60),
    ("reveal_per_day", "privacy", "times", 1),
    ("reveal_s", "privacy", "seconds", 1),
    ("import_undo_h", "privacy", "hours", 1),
    ("import_refused_max", "privacy", "rows", 1),
    ("attachment_max_mib", "privacy", "mib", 1),
)
RULES: Final = tuple(Number(*row) for row in _PLAIN)
TARIFF: Final = tuple(Number(f"tariff_minor.{level}", "tariff", "money", 1, level) for level in LEVELS)
SCANNER_GAP: Final = Number("scanner_gap_ms", "scanner", "ms")
SCANNER_LENGTH: Final = Number("scanner_length_min", "scanner", "characters")
GROUPS: Final = ("cancelling", "approval", "identity", "periods", "tariff", "security", "privacy")


def numbers_of(group: str) -> tuple[Number, ...]:
    """The numbers of one group, in the order shown."""
    return tuple(number for number in RULES + TARIFF if number.group == group)


def default_of(number: Number) -> int:
    """The shipped value, in stored units."""
    policy = Policy()
    if number.level:
        return policy.tariff_minor[number.level]
    value = getattr(policy, number.name)
    return int(value)


def bounds_of(number: Number) -> tuple[int, int]:
    """Least and greatest value in stored units."""
    return (0, TARIFF_MAX_MINOR) if number.level else BOUNDS[number.name]


def divisor_of(number: Number, currency: str) -> int:
    """How many stored units one shown unit has: 60 for minutes kept in seconds, 100 for yuan kept in fen."""
    return 10 ** digits_of(currency) if number.is_money else number.scale


def shown(number: Number, value: int, *, currency: str) -> str:
    """The stored value as it stands in the field: 600 s as `10`, 10000 fen as `100.00`."""
    divisor = divisor_of(number, currency)
    if number.is_money:
        return f"{Decimal(value) / divisor:,.{digits_of(currency)}f}"
    amount = Decimal(value) / divisor
    return f"{amount.normalize():f}" if amount else "0"


def entered(number: Number, text: str, *, currency: str) -> int | None:
    """What was typed, in stored units; None for something that is no number, is finer than a unit, or out of bounds."""
    plain = text.strip().replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").strip()
    try:
        amount = Decimal(plain) * divisor_of(number, currency)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value():
        return None
    least, greatest = bounds_of(number)
    return int(amount) if least <= amount <= greatest else None
