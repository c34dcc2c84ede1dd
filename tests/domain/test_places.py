"""Currencies and countries of a store are real ones that the program can keep amounts and telephone numbers of."""

from __future__ import annotations

import phonenumbers
import pytest

from store_desk.domain.errors import SetUpInvalid
from store_desk.domain.money import WITHOUT_MINOR
from store_desk.domain.places import COUNTRIES, CURRENCIES, THREE_DIGITS, check_place
from store_desk.words import LANGS, say_error

# Islands that are no countries in ISO 3166-1 but are dialled like ones.
DIALLED_ONLY = {"AC", "TA"}


def test_a_store_can_stand_in_every_country_that_has_telephone_numbers() -> None:
    assert set(phonenumbers.SUPPORTED_REGIONS) == COUNTRIES | DIALLED_ONLY


def test_currencies_have_three_letters_and_none_that_amounts_cannot_keep() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
    assert not CURRENCIES & THREE_DIGITS and WITHOUT_MINOR < CURRENCIES


@pytest.mark.parametrize(("currency", "country"), [("CNY", "CN"), ("JPY", "JP"), ("EUR", "DE"), ("XOF", "SN")])
def test_real_places_are_taken(currency: str, country: str) -> None:
    check_place(currency=currency, country=country)


@pytest.mark.parametrize("currency", ["ZZZ", "RMB", "cny", "", "CNYX", "KWD", "XXX", "元"])
def test_what_is_no_currency_is_refused_with_examples_in_both_languages(currency: str) -> None:
    with pytest.raises(SetUpInvalid) as refused:
        check_place(currency=currency, country="CN")
    assert refused.value.facts["field"] == "currency"
    for lang in LANGS:
        words = say_error(lang, refused.value)
        assert "CNY" in words and "USD" in words
        assert ("货币" in words and "currency" not in words) == (lang == "zh")


@pytest.mark.parametrize("country", ["ZZ", "UK", "cn", "", "CHN", "EU", "中国"])
def test_what_is_no_country_is_refused_with_examples_in_both_languages(country: str) -> None:
    with pytest.raises(SetUpInvalid) as refused:
        check_place(currency="CNY", country=country)
    assert refused.value.facts["field"] == "country"
    assert "CN、DE" in say_error("zh", refused.value) and "country" not in say_error("zh", refused.value)
    assert "CN, DE" in say_error("en", refused.value)
