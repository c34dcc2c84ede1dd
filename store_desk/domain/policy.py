"""Limits, amounts and periods of the shop as one value with good defaults; every one of them is a setting."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from store_desk.domain.errors import SettingInvalid
from store_desk.domain.roles import Role


def _tariff() -> dict[int, int]:
    return {1: 0, 2: 0, 3: 0, 4: 0, 5: 0}


def _waivers() -> dict[Role, int]:
    return {Role.CLERK: 5_000, Role.SENIOR: 10_000, Role.SUPERVISOR: 50_000, Role.MANAGER: 1_000_000}


@dataclass(frozen=True, slots=True)
class Policy:
    """The shop's numbers. Suffixes say the unit: `_s` seconds, `_h` hours, `_days` days, `_minor` minor units.

    `tariff_minor` is the fee per level; `waive_minor` what a role may let off without asking;
    `identity_phone` and `identity_counter` how many identity answers must match. A file of which more rows than
    `import_refused_max` are no tickets, and fewer are, is no export of tickets.
    """

    undo_window_s: int = 600
    collect_approval_minor: int = 10_000
    review_overdue_h: int = 24
    promise_h: int = 24
    reopen_days: int = 30
    settle_days: int = 7
    recall_answer_h: int = 24
    visit_alarm_h: int = 2
    acknowledge_minutes: int = 15
    callback_days: int = 3
    improve_days: int = 3
    return_days: int = 7
    exchange_days: int = 15
    duplicate_days: int = 90
    reopen_due_h: int = 24
    identity_phone: int = 2
    identity_counter: int = 1
    identity_tries: int = 3
    pin_digits: int = 6
    pin_tries: int = 5
    pin_lock_s: int = 300
    pin_lock_max_s: int = 3_600
    idle_lock_s: int = 180
    reveal_per_day: int = 30
    reveal_s: int = 10
    import_undo_h: int = 24
    import_refused_max: int = 100_000
    scanner_gap_ms: int = 40
    scanner_length_min: int = 6
    attachment_max_mib: int = 25
    tariff_minor: dict[int, int] = field(default_factory=_tariff)
    waive_minor: dict[Role, int] = field(default_factory=_waivers)


# Whole numbers that a manager may change, each with its least and greatest value.
BOUNDS: dict[str, tuple[int, int]] = {
    "undo_window_s": (0, 86_400),
    "collect_approval_minor": (0, 100_000_000),
    "review_overdue_h": (1, 720),
    "promise_h": (1, 720),
    "reopen_days": (1, 365),
    "settle_days": (1, 90),
    "recall_answer_h": (1, 240),
    "visit_alarm_h": (1, 48),
    "acknowledge_minutes": (1, 1_440),
    "callback_days": (1, 90),
    "improve_days": (1, 90),
    "return_days": (0, 365),
    "exchange_days": (0, 365),
    "duplicate_days": (1, 730),
    "reopen_due_h": (1, 720),
    "identity_phone": (1, 4),
    "identity_counter": (0, 3),
    "identity_tries": (1, 10),
    "pin_tries": (3, 10),
    "pin_lock_s": (30, 3_600),
    "pin_lock_max_s": (300, 86_400),
    "idle_lock_s": (30, 3_600),
    "reveal_per_day": (0, 1_000),
    "reveal_s": (3, 60),
    "import_undo_h": (1, 168),
    "import_refused_max": (1_000, 1_000_000),
    "scanner_gap_ms": (10, 200),
    "scanner_length_min": (4, 32),
    "attachment_max_mib": (1, 100),
}


# The fee of each level is a setting of its own.
TARIFF_NAMES = {f"tariff_minor.{level}": level for level in range(1, 6)}
TARIFF_MAX_MINOR = 100_000_000


def policy_from(values: dict[str, int]) -> Policy:
    """The default policy with the given numbers put in; raises SettingInvalid for one out of its bounds."""
    known = {item.name for item in fields(Policy)}
    policy = Policy()
    for name, value in values.items():
        if name in TARIFF_NAMES:
            if not 0 <= value <= TARIFF_MAX_MINOR:
                raise SettingInvalid(name=name, value=value)
            policy = replace(policy, tariff_minor={**policy.tariff_minor, TARIFF_NAMES[name]: value})
            continue
        if name not in known or name not in BOUNDS:
            raise SettingInvalid(name=name, value=value)
        least, greatest = BOUNDS[name]
        if not least <= value <= greatest:
            raise SettingInvalid(name=name, value=value)
        policy = replace(policy, **{name: value})  # type: ignore[arg-type]  # every bounded setting is an int
    return policy
