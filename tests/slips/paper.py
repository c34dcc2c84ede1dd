"""What a PDF shows, read from the PDF itself: its characters with their places."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

# Glyphs of one line may touch a little (an italic f, a bracket); more than this share is one text over another.
OVERLAP_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn character and its ink: left, bottom, right, top in points from the page's lower left."""

    char: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """The size of the box."""
        return (self.right - self.left) * (self.top - self.bottom)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size and what is written on it."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """All characters in the order of drawing, without white space."""
        return "".join(glyph.char for glyph in self.glyphs)


def sheets(pdf: bytes) -> list[Sheet]:
    """The pages of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_sheet(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _sheet(page: Any) -> Sheet:
    import pypdfium2.raw as raw

    text = page.get_textpage()
    glyphs = []
    pending = 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if pending:
            code, pending = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00), 0
        # A hyphen at the end of a line is given as a mark of its own.
        char = "-" if code in (0x02, 0xFFFE) else chr(code)
        if char.isspace() or raw.FPDFText_IsGenerated(text.raw, index):
            continue
        box = [ctypes.c_double() for _ in range(4)]
        raw.FPDFText_GetCharBox(text.raw, index, *(ctypes.byref(side) for side in box))
        left, right, bottom, top = (side.value for side in box)
        glyphs.append(Glyph(char, left, bottom, right, top))
    width, height = page.get_size()
    return Sheet(width, height, tuple(glyphs))


def overlaps(sheet: Sheet) -> list[tuple[Glyph, Glyph]]:
    """Characters that lie over one another."""
    found = []
    ordered = sorted(sheet.glyphs, key=lambda glyph: glyph.left)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.left >= one.right:
                break
            wide = min(one.right, other.right) - other.left
            high = min(one.top, other.top) - max(one.bottom, other.bottom)
            smaller = min(one.area, other.area)
            if wide > 0 and high > 0 and smaller > 0 and wide * high > OVERLAP_SHARE * smaller:
                found.append((one, other))
    return found
