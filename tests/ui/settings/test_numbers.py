"""The shop's numbers in the units of a person."""

from __future__ import annotations

import pytest

from store_desk.domain.policy import BOUNDS
from store_desk.ui.settings import numbers
from store_desk.ui.settings.numbers import RULES, SCANNER_GAP, SCANNER_LENGTH, TARIFF, default_of, entered, shown
from store_desk.words import LANGS, say

BY_NAME = {number.name: number for number in RULES + TARIFF + (SCANNER_GAP, SCANNER_LENGTH)}


def test_every_number_that_a_manager_may_change_has_a_row() -> None:
    assert {name for name in BY_NAME if "." not in name} == set(BOUNDS)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_number_has_words_and_a_default_that_reads_back(name: str) -> None:
    number = BY_NAME[name]
    value = default_of(number)
    assert entered(number, shown(number, value, currency="CNY"), currency="CNY") == value
    if number.group == "scanner":
        return
    key = f"ui_settings.rule.{number.name}"
    for lang in LANGS:
        title = f"ui_settings.rule.{number.name.split('.')[0]}" if number.level else key
        assert say(lang, title, level=1)
        assert say(lang, f"{key}.caption")
        assert say(lang, f"ui_settings.group.{number.group}")


@pytest.mark.parametrize(
    ("name", "stored", "text"),
    [("undo_window_s", 600, "10"), ("undo_window_s", 90, "1.5"), ("collect_approval_minor", 1_234_500, "12,345.00")],
)
def test_seconds_show_as_minutes_and_fen_as_yuan(name: str, stored: int, text: str) -> None:
    assert shown(BY_NAME[name], stored, currency="CNY") == text
    assert entered(BY_NAME[name], text, currency="CNY") == stored


@pytest.mark.parametrize("text", ["", "ten", "-1", "1e9", "NaN", "1.005", "99999999999"])
def test_what_is_no_amount_is_not_taken(text: str) -> None:
    assert entered(BY_NAME["collect_approval_minor"], text, currency="CNY") is None


def test_an_amount_may_be_typed_with_its_sign() -> None:
    assert entered(BY_NAME["collect_approval_minor"], " ¥1,250.50 ", currency="CNY") == 125_050


def test_a_currency_without_minor_unit_has_no_decimals() -> None:
    assert shown(BY_NAME["collect_approval_minor"], 10_000, currency="JPY") == "10,000"


def test_the_groups_hold_every_rule_once() -> None:
    listed = [number.name for group in numbers.GROUPS for number in numbers.numbers_of(group)]
    assert sorted(listed) == sorted(number.name for number in RULES + TARIFF)
