"""A slip's PDF as black and white dots of a thermal head.

The slip goes to a receipt printer as a picture only: no text of a customer ever becomes a byte that could be a command,
and every character that the shop can type is printed, whatever the printer's own memory holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store_desk.domain.slip import Paper

# Eight dots to the millimetre, which the trade calls 203 dots to the inch.
DPI = 203
# Dots that the head of a roll's printer can reach, in the middle of the paper.
HEADS = {Paper.MM80: 576, Paper.MM58: 384}
# Grey darker than this prints: a little above the middle keeps hairlines of small characters whole.
THRESHOLD = 150
# A page wider than its head by more than both margins is not a slip of this roll, in dots.
_MARGIN_MAX = 96
_BITS = 8


@dataclass(frozen=True, slots=True)
class Dots:
    """A picture: `rows` holds `height` rows of `width` / 8 bytes, the first dot in the highest bit, 1 is black."""

    width: int
    height: int
    rows: bytes


def pages_in_dots(pdf: bytes, paper: Paper) -> list[Dots]:
    """Every page of the PDF as dots, cut to the printable width; ValueError where it is no slip of this roll."""
    import pypdfium2

    head = HEADS[paper]
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page(document[number], head) for number in range(len(document))]
    finally:
        document.close()


def _page(page: Any, head: int) -> Dots:
    from PIL import Image

    drawn = page.render(scale=DPI / 72, grayscale=True, fill_color=(255, 255, 255, 255))
    margin = drawn.width - head
    if not 0 <= margin <= _MARGIN_MAX:
        raise ValueError(f"a page of {drawn.width} dots for a head of {head}")
    grey = Image.frombuffer("L", (drawn.width, drawn.height), drawn.buffer, "raw", "L", drawn.stride, 1)
    left = margin // 2
    black = grey.crop((left, 0, left + head, drawn.height)).point(_LEVELS, "1")
    return Dots(head, drawn.height, black.tobytes())


# One bit for each grey, without dithering.
_LEVELS = [255 if level < THRESHOLD else 0 for level in range(256)]


def bands(dots: Dots, rows: int) -> list[Dots]:
    """The picture cut into bands of at most so many rows."""
    each = dots.width // _BITS
    return [
        Dots(dots.width, min(rows, dots.height - top), dots.rows[top * each : (top + rows) * each])
        for top in range(0, dots.height, rows)
    ]
