"""Currencies and countries that a store can have, by their codes in ISO 4217 and ISO 3166-1."""

from __future__ import annotations

from typing import Final

from store_desk.domain.errors import SetUpInvalid


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Every currency of ISO 4217 that people pay with and whose minor unit has two digits or none: amounts are kept so.
CURRENCIES: Final = _codes(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR ISK JMD JPY KES KGS KHR KMF KPW KRW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
# Currencies of ISO 4217 with three digits, which nothing here keeps.
THREE_DIGITS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
# Every country of ISO 3166-1 that has telephone numbers of its own, and Kosovo, whose XK is agreed on but not in it.
COUNTRIES: Final = _codes(
    "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM "
    "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
CURRENCY_HINT: Final = "CNY, USD, EUR …"
COUNTRY_HINT: Final = "CN, DE, US …"
THREE_DIGITS_HINT: Final = "three digits"


def place_faults(*, currency: str, country: str) -> list[tuple[str, str, str]]:
    """What cannot be used of a store's currency and country: field, value and what could be used instead."""
    wrong = []
    if currency not in CURRENCIES:
        wrong.append(("currency", currency, THREE_DIGITS_HINT if currency in THREE_DIGITS else CURRENCY_HINT))
    if country not in COUNTRIES:
        wrong.append(("country", country, COUNTRY_HINT))
    return wrong


def check_place(*, currency: str, country: str) -> None:
    """Raises SetUpInvalid for a currency or country that no store can have."""
    for field, value, hint in place_faults(currency=currency, country=country):
        raise SetUpInvalid(field=field, value=value[:80], hint=hint)
