"""Writes store_desk/store/readings.txt: every Chinese character with its readings, without tones, the usual one first.

Run once when pypinyin's data change: `python packaging/make_readings.py`. The program then needs neither pypinyin's
import (0.3 s) nor its dictionary. Data: pypinyin / pinyin-data, MIT licence.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

TARGET = Path(__file__).parent.parent / "store_desk" / "store" / "readings.txt"
READINGS_MAX = 4
# The blocks that names in use come from; rarer ones have no readings in pypinyin either.
BLOCKS = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))


def plain(reading: str) -> str:
    """The reading in plain letters: without tone, ü as v."""
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    folded = "".join("v" if mark == "\u0308" else mark for mark in letters if mark == "\u0308" or mark.isascii())
    return folded.replace("uv", "v").lower()


def readings_of(code: int) -> tuple[str, ...]:
    """The readings of one character, the one that stands alone first, at most four."""
    usual = plain(lazy_pinyin(chr(code), style=Style.NORMAL, v_to_u=False)[0])
    others = [plain(part) for part in PINYIN_DICT[code].split(",")]
    return tuple(part for part in dict.fromkeys([usual, *others]) if part.isalpha())[:READINGS_MAX]


def table() -> str:
    """The whole file: one line per set of readings, `dan,chan,shan:单…`, sorted."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code in sorted(PINYIN_DICT):
        if any(first <= code <= last for first, last in BLOCKS) and (readings := readings_of(code)):
            groups[readings].append(chr(code))
    return "".join(f"{','.join(key)}:{''.join(found)}\n" for key, found in sorted(groups.items()))


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
