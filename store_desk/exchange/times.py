"""Dates and times of many shapes, read into aware UTC.

A time without an offset is in the store's zone. `3/4/2024` is ambiguous: the file decides when any of its values is
not (`day_first`); else the day comes first, except where the month is written first by custom (United States) or
where the year comes first and the month keeps its place before the day (China, Japan, Korea).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from store_desk.exchange.limits import CACHE_ENTRIES

MONTH_FIRST_COUNTRIES: Final = frozenset({"US", "PH", "PR", "GU", "CN", "TW", "HK", "MO", "JP", "KR"})
YEAR_MIN: Final = 1970
YEAR_MAX: Final = 2100
_LENGTH_MAX: Final = 60
_EMPTY: Final = frozenset({"", "-", "--", "—", "/", "无", "無", "n/a", "na", "none", "null", "nil", "nat"})
# Day 0 of a spreadsheet's serial numbers, and the serials of 1970 and 2100.
_SERIAL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  the caller puts the zone
_SERIAL_MIN, _SERIAL_MAX = 25_569, 73_415
_MONTH_NAMES: Final = (
    "jan january januar janvier januari enero ene",
    "feb february februar février fevrier februari febrero fév fev févr",
    "mar march märz maerz mär mrz mars maart mrt marzo",
    "apr april avril avr abril abr",
    "may mai mei mayo",
    "jun june juni juin junio",
    "jul july juli juillet juil julio",
    "aug august août aout augustus agosto ago",
    "sep sept september septembre septiembre",
    "oct october oktober okt octobre octubre",
    "nov november novembre noviembre",
    "dec december dezember dez décembre decembre déc diciembre dic",
)
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
# Chinese and Japanese units as the marks of a written date, in this order.
_PARTS: Final = (
    (re.compile(r"[年月]"), "-"),
    (re.compile(r"[日号號](?=[^\d]|\d|$)"), " "),
    (re.compile(r"[时時点點分](?=\s*\d)"), ":"),
    (re.compile(r"[时時点點]"), ":00"),
    (re.compile(r"[秒分整]"), ""),
    (re.compile(r"(?:星期|周|週|礼拜)[一二三四五六日天]|\([一二三四五六日月火水木金土]\)|\(\s\)"), " "),
)
_MORNING: Final = re.compile(r"上午|午前|凌晨|早上|清晨|\ba\.?\s?m\b\.?", re.IGNORECASE)
_AFTERNOON: Final = re.compile(r"下午|午後|午后|晚上|傍晚|中午|\bp\.?\s?m\b\.?|(?<=\d)pm\b", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?")
_OFFSET: Final = re.compile(r"\s*(?:z|utc|gmt)?\s*([+-])(\d{2}):?(\d{2})\s*$|\s*(z|utc|gmt)\s*$", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})")
_NAMED: Final = re.compile(
    r"(\d{1,4})(?:st|nd|rd|th|er)?\.?[\s\-/]*(?:de\s+)?([^\W\d]{3,10})\.?[\s\-/,]*(?:de\s+)?(\d{2,4})"
)
_NAMED_FIRST: Final = re.compile(r"([^\W\d]{3,10})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


class TimeUnreadable(ValueError):
    """The text is no time."""


def day_comes_first(texts: Iterable[str], country: str) -> bool:
    """Whether `3/4/2024` is the third of April in this file: its own values decide, else the country's custom."""
    for text in texts:
        found = _YEAR_LAST.match(text.strip().lstrip("'"))
        if found and found[2] != ".":
            if int(found[1]) > 12 >= int(found[3]):
                return True
            if int(found[3]) > 12 >= int(found[1]):
                return False
    return country not in MONTH_FIRST_COUNTRIES


class TimeReader:
    """Reads times for one store and one file."""

    def __init__(self, zone: str, *, day_first: bool) -> None:
        self._zone = ZoneInfo(zone)
        self._day_first = day_first

    def time(self, text: str) -> datetime | None:
        """The moment in UTC, None for an empty cell. Raises TimeUnreadable."""
        if len(text) == 19 and text[4] == "-":
            try:
                return datetime.fromisoformat(text).replace(tzinfo=self._zone).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
        return _moment(text, self._zone, self._day_first)

    def day(self, text: str) -> date | None:
        """The day in the store's zone, None for an empty cell. Raises TimeUnreadable."""
        moment = _moment(text, self._zone, self._day_first, 1, 9999)
        return None if moment is None else moment.astimezone(self._zone).date()


@lru_cache(maxsize=CACHE_ENTRIES)
def _moment(
    text: str, zone: tzinfo, day_first: bool, year_min: int = YEAR_MIN, year_max: int = YEAR_MAX
) -> datetime | None:
    if len(text) > _LENGTH_MAX:
        raise TimeUnreadable
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    if plain.lower() in _EMPTY or plain.startswith("0000-00-00"):
        return None
    try:
        moment = _numeric(plain) if plain.replace(".", "", 1).isdigit() and plain.isascii() else None
        if moment is None:
            moment = _written(plain, day_first)
        if not year_min <= moment.year <= year_max:
            raise TimeUnreadable
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TimeUnreadable from error


def _numeric(plain: str) -> datetime | None:
    """A number alone: packed digits, a spreadsheet's serial day, or seconds since 1970; by its length."""
    whole, _, part = plain.partition(".")
    if len(whole) == 5 and _SERIAL_MIN <= int(whole) <= _SERIAL_MAX:
        return _SERIAL_ZERO + timedelta(seconds=round(float(plain) * 86_400))
    if len(whole) == 10 and len(part) <= 9:
        return datetime.fromtimestamp(int(whole), UTC)
    if part and len(whole) != 8:
        return None
    shapes = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
    if len(whole) in shapes and not part:
        return datetime.strptime(whole, shapes[len(whole)])  # noqa: DTZ007  the caller puts the zone
    if len(whole) in (13, 16):
        return datetime.fromtimestamp(int(whole) // 10 ** (len(whole) - 10), UTC)
    return None


def _written(plain: str, day_first: bool) -> datetime:
    if plain[4:5] == "-" and len(plain) >= 8:
        try:
            return datetime.fromisoformat(plain)
        except ValueError:
            pass
    afternoon, morning = bool(_AFTERNOON.search(plain)), bool(_MORNING.search(plain))
    if afternoon or morning:
        plain = _MORNING.sub(" ", _AFTERNOON.sub(" ", plain))
    for pattern, mark in _PARTS:
        plain = pattern.sub(mark, plain)
    zone: tzinfo | None = None
    clock = _CLOCK.search(plain)
    hour = minute = second = 0
    if clock:
        rest = plain[clock.end() :]
        if found := _OFFSET.search(rest):
            zone = _offset(found)
            rest = rest[: found.start()]
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        plain = f"{plain[: clock.start()]} {rest}"
    hour = _hour(hour, afternoon=afternoon, morning=morning)
    year, month, day = _calendar(plain.strip(" ,T-"), day_first)
    moment = datetime(
        year, month, day, 0 if hour == 24 and not minute and not second else hour, minute, second, tzinfo=zone
    )
    return moment + timedelta(days=1) if hour == 24 else moment


def _hour(hour: int, *, afternoon: bool, morning: bool) -> int:
    if afternoon and hour < 12:
        return hour + 12
    return 0 if morning and hour == 12 else hour


def _offset(found: re.Match[str]) -> tzinfo:
    if found[4] or not found[1]:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _calendar(plain: str, day_first: bool) -> tuple[int, int, int]:
    """Year, month and day of what is left when the time of day is taken out."""
    if found := _YEAR_FIRST.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(plain):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        day_leads = found[2] == "." or first > 12 or (day_first and second <= 12)
        return (year, second, first) if day_leads else (year, first, second)
    plain = plain.casefold()
    # A weekday before the date says nothing that the date does not.
    head, _, rest = plain.partition(" ")
    if rest and head.strip(",.").isalpha() and head.strip(",.") not in _MONTHS:
        plain = rest.strip()
    if found := _NAMED.fullmatch(plain):
        if len(found[1]) == 4:
            return int(found[1]), _month(found[2]), int(found[3])
        return _year(found[3]), _month(found[2]), int(found[1])
    if found := _NAMED_FIRST.fullmatch(plain):
        return int(found[3]), _month(found[1]), int(found[2])
    raise TimeUnreadable


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise TimeUnreadable
    return _MONTHS[name]


def _year(digits: str) -> int:
    """Two digits are of this century up to 69, as most programs read them."""
    if len(digits) != 2:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 70 else 1900)
