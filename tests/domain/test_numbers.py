"""Numbers with their check character, money as it is shown, and telephone numbers as lists show them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.domain.money import Money, format_minor
from store_desk.domain.numbers import (
    ALPHABET,
    check_character,
    is_checked,
    is_own_ticket_number,
    is_slip_number,
    is_store_code,
    slip_number,
    ticket_number,
)
from store_desk.domain.ticket import mask_phone

SAMPLES = [ticket_number("XH", 2, 2026, n) for n in (1, 4711, 999_999)] + [slip_number("A1B", 12, 2031, 457)]


def test_the_check_character_is_that_of_the_standard() -> None:
    """The worked example of ISO 7064 MOD 37,36, as the GRid and ISAN standards use it."""
    assert check_character("A12425GABC1234002") == "M"


@pytest.mark.req("REQ-INT-06")
@pytest.mark.parametrize("number", SAMPLES)
def test_every_single_wrong_character_is_caught(number: str) -> None:
    assert is_checked(number)
    for place, character in enumerate(number):
        for other in ALPHABET:
            if character not in ("-", other):
                assert not is_checked(number[:place] + other + number[place + 1 :])


def test_swapped_neighbours_are_caught_but_for_the_few_that_the_standard_lets_pass() -> None:
    """The standard promises all single errors and nearly all transpositions; digits of the counter are all caught."""
    passed = tried = 0
    for n in range(0, 9_000, 7):
        number = ticket_number("XH", 2, 2026, n)
        places = [i for i, character in enumerate(number) if character != "-"]
        for i, j in pairwise(places):
            if number[i] == number[j]:
                continue
            swapped = list(number)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            tried += 1
            passed += is_checked("".join(swapped))
    assert tried > 5_000
    assert passed / tried < 0.005


@given(
    st.from_regex(r"[A-Z]([A-Z0-9]{0,6}[A-Z])?", fullmatch=True),
    st.integers(1, 999),
    st.integers(2020, 2099),
    st.integers(1, 10**9 - 1),
)
def test_numbers_have_their_shape_and_are_never_taken_for_one_another(code: str, desk: int, year: int, n: int) -> None:
    ticket, slip = ticket_number(code, desk, year, n), slip_number(code, desk, year, n)
    assert is_own_ticket_number(ticket) and not is_slip_number(ticket)
    assert is_slip_number(slip) and not is_own_ticket_number(slip)
    assert ticket.startswith(f"{code}{desk}-{year % 100:02d}-")
    assert re.search(rf"-S0*{n}-", slip)


@pytest.mark.parametrize("text", ["", "-", "XH2-26-004711", "XH2-26-004711-", "xh2-26-004711-l", "20240217", "工单-1"])
def test_foreign_texts_are_no_numbers_of_ours(text: str) -> None:
    assert not is_own_ticket_number(text)
    assert not is_slip_number(text)


def test_store_codes_begin_and_end_with_a_letter() -> None:
    assert all(map(is_store_code, ["X", "XH", "A1B", "ABCDEFGH"]))
    assert not any(map(is_store_code, ["", "xh", "1A", "A1", "ABCDEFGHI", "徐汇", "X-H"]))


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (0, "CNY", "¥0.00"),
        (5, "CNY", "¥0.05"),
        (123_456_789, "CNY", "¥1,234,567.89"),
        (-8_000, "CNY", "-¥80.00"),
        (1_500, "JPY", "¥1,500"),
        (250_000, "EUR", "€2,500.00"),
        (100, "CHF", "CHF 1.00"),
        (-1, "KRW", "-₩1"),
    ],
)
def test_money_is_shown_with_sign_and_digits_of_its_currency(minor: int, currency: str, shown: str) -> None:
    assert format_minor(minor, currency) == shown


@given(st.integers(-(10**14), 10**14))
def test_shown_money_reads_back_as_the_same_amount(minor: int) -> None:
    shown = format_minor(minor)
    assert int(shown.replace("¥", "").replace(",", "").replace(".", "")) == minor


def test_amounts_of_two_currencies_are_never_added() -> None:
    assert Money(1) + Money(2) == Money(3)
    with pytest.raises(ValueError, match="CNY"):
        Money(1) + Money(2, "EUR")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800006021", "138 **** 6021"),
        ("+86 138-0000-6021", "138 **** 6021"),
        ("021-5550 0198", "021 **** 0198"),
        ("5550198", "***0198"),
        ("110", "****"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_masked_number_shows_its_ends_only(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.text("0123456789", min_size=8, max_size=15))
def test_masking_never_shows_more_than_seven_digits(phone: str) -> None:
    shown = [c for c in mask_phone(phone) if c.isdigit()]
    assert len(shown) <= 7
    assert phone.endswith("".join(shown[-4:]))
