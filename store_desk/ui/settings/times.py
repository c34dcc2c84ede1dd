"""Moments as the settings name them: the store's own clock, the language's own date."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from store_desk.ui.bench import Bench

_MONTHS: Final = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def moment(bench: Bench, at: datetime) -> str:
    """Date and time: `5 月 14 日 14:21`, `14 May 14:21`; with the year when it is another one than now."""
    there = at.astimezone(bench.desk.zone)
    now = bench.desk.clock().astimezone(bench.desk.zone)
    if bench.language.now == "zh":
        year = "" if there.year == now.year else f"{there.year} 年 "
        return f"{year}{there.month} 月 {there.day} 日 {there:%H:%M}"
    year = "" if there.year == now.year else f" {there.year}"
    return f"{there.day} {_MONTHS[there.month]}{year} {there:%H:%M}"
