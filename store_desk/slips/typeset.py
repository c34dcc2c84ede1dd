"""Measured lines of Chinese and Latin text: cleaning, breaking and splitting into runs of one font."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from store_desk.slips import fonts

# Characters that may not begin a line, and those that may not end one (GB/T 15834-2011 5.1, JIS X 4051).
NO_START = frozenset("，。、；：？！）》〉」』】〕｝］”’…—·～,.;:?!)]}%‰°℃々ー％")
NO_END = frozenset("（《〈「『【〔｛［“‘([{¥￥$€£#＃")
# Runs of line breaks typed into a note become one, so that nobody can feed paper by holding Enter.
_LINE_ENDS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


class Run(NamedTuple):
    """Characters of one font."""

    font: str
    text: str


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text without control, zero-width and direction characters, which could make paper say something else.

    Line ends survive as single newlines, other white space as plain spaces.
    """
    kept = []
    for char in text.translate(_LINE_ENDS):
        if char == "\n" or " " <= char <= "~":
            kept.append(char)
            continue
        category = unicodedata.category(char)
        if (category == "Zs" and char != "\u3000") or char == "\t":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category not in ("Cc", "Cf"):
            kept.append(char)
    lines = (" ".join(line.split(" ")).strip() for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=16384)
def _is_wide(char: str) -> bool:
    """Whether a line may break beside the character: Han, kana, full-width signs, Hangul."""
    return unicodedata.east_asian_width(char) in ("W", "F")


@lru_cache(maxsize=16384)
def _joins(char: str) -> bool:
    """Whether the character belongs to the one before it: combining marks and variation selectors."""
    return unicodedata.category(char) in ("Mn", "Mc", "Me")


class Typesetter:
    """Measures, breaks and splits text, and remembers the characters that no font has."""

    def __init__(self) -> None:
        self._weights = {bold: fonts.weight(bold=bold) for bold in (False, True)}
        self.missing: dict[str, None] = {}

    def _glyph(self, char: str, bold: bool) -> tuple[str, float]:
        weight = self._weights[bold]
        found = weight.find(char)
        if found is None:
            self.missing[char] = None
            found = weight.find(fonts.GETA)
        return found if found is not None else (fonts.BOLD if bold else fonts.REGULAR, 1.0)

    def width(self, text: str, *, size: float, bold: bool) -> float:
        """How wide the text is, in points."""
        known = self._weights[bold].known
        total = 0.0
        for char in text:
            found = known.get(char)
            total += found[1] if found is not None else self._glyph(char, bold)[1] if char != "\n" else 0.0
        return total * size

    def runs(self, text: str, *, bold: bool) -> tuple[Run, ...]:
        """The text in runs of one font each; a character that no font has becomes 〓."""
        weight = self._weights[bold]
        made: list[Run] = []
        start, font = 0, ""
        shown = "".join(char if weight.find(char) is not None else fonts.GETA for char in text)
        for index, char in enumerate(shown):
            name = self._glyph(char, bold)[0]
            if name != font:
                if font:
                    made.append(Run(font, shown[start:index]))
                start, font = index, name
        if font:
            made.append(Run(font, shown[start:]))
        return tuple(made)

    def lines(self, text: str, *, width: float, size: float, bold: bool) -> list[str]:
        """The text in lines of at most `width` points; a word longer than a line is broken where the line ends."""
        return [line for part in text.split("\n") for line in self._break(part, width / size, bold)]

    def _break(self, text: str, room: float, bold: bool) -> list[str]:
        known = self._weights[bold].known
        made: list[str] = []
        start = 0
        chance = 0
        used = 0.0
        index = 0
        while index < len(text):
            char = text[index]
            if index > start and _may_break(text[index - 1], char):
                chance = index
            found = known.get(char)
            step = found[1] if found is not None else self._glyph(char, bold)[1]
            # A space at the end of a line may hang over its edge: it is not drawn.
            if used + step > room + 1e-6 and index > start and char != " ":
                cut = chance if chance > start else _whole_cluster(text, start, index)
                made.append(text[start:cut].rstrip())
                start = cut
                while start < len(text) and text[start] == " ":
                    start += 1
                index, used, chance = start, 0.0, start
                continue
            used += step
            index += 1
        rest = text[start:].rstrip()
        return [*made, rest] if rest else made


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in NO_START or before in NO_END or _joins(after):
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _whole_cluster(text: str, start: int, index: int) -> int:
    """A cut at `index` moved back before the base of its marks, if there is one on this line."""
    cut = index
    while cut > start + 1 and _joins(text[cut]):
        cut -= 1
    return cut if cut > start and not _joins(text[cut]) else index
