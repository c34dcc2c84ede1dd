"""Type sizes, measures and small drawn things that the layouts for sheets share (A5, half and whole A4)."""

from __future__ import annotations

from store_desk.domain.slip import Both
from store_desk.slips.pieces import MM, Face, Frame, Pen, Piece, Rule
from store_desk.slips.typeset import clean

GREY = 0.36
TITLE, TITLE_EN = Face(15, 18, True), Face(7.6, 10, grey=GREY)
STORE, STORE_EN = Face(11, 14, True), Face(7, 9.2, grey=GREY)
NUMBER = Face(11, 13.5, True)
TICKET = Face(14, 17, True)
STRONG, VALUE, VALUE_EN = Face(8.4, 10.6, True), Face(7.6, 9.8), Face(6.2, 7.8, grey=GREY)
REASON = Face(10, 12.4, True)
LABEL, LABEL_EN = Face(6.6, 8.4, grey=GREY), Face(5.9, 7.4, grey=GREY)
TOTAL = Face(11.5, 14, True)
SMALL, SMALL_EN = Face(6.2, 8.2), Face(5.9, 7.8, grey=GREY)
TINY = Face(5.8, 7.4, grey=GREY)
TAG = Face(8, 10, True, 1.0)

LABEL_WIDTH = 20 * MM
PAIR_LABEL = 24 * MM
GUTTER = 5 * MM
# Two dots of a 203 dpi head; right for laser printers too.
MODULE = 2 * 72 / 203
BARCODE_HEIGHT = 8 * MM
QR_SIDE = 30 * MM
MARK_SIDE = 10.5 * MM
COPY_WIDTH = 25 * MM
SIGN_ROOM = 9.5 * MM
HAIR = 0.4


def inline(pen: Pen, text: Both, *, x: float, width: float, zh: Face, en: Face, gap: float = 5.0) -> None:
    """Chinese and English on one line where both fit, else one under the other."""
    first, second = clean(text.zh), clean(text.en)
    used = pen.setter.width(first, size=zh.size, bold=zh.bold) + gap
    beside_it = first and second and "\n" not in first + second
    if beside_it and used + pen.setter.width(second, size=en.size, bold=en.bold) <= width:
        pen.put(first, x=x, width=width, face=zh)
        pen.y += (zh.size - en.size) * 0.38 + (zh.lead - en.lead) / 2 - (zh.size - en.size) * 0.04
        pen.put(second, x=x + used, width=width, face=en)
        pen.y += zh.lead - (zh.size - en.size) * 0.34 - (zh.lead - en.lead) / 2
    else:
        pen.both(Both(first, second), x=x, width=width, zh=zh, en=en)


def name_line(both: Both) -> str:
    """Both texts on one line, Chinese first."""
    return f"{both.zh} {both.en}".strip()


def rule_piece(width: float, weight: float, *, keep: bool = True) -> Piece:
    """A line across the whole width, black when strong and grey when fine; stays with what follows."""
    return Piece(weight, (Rule(0, weight / 2, width, weight, 0.0 if weight > HAIR else 0.6, False),), keep)


def tag(pen: Pen, text: str, *, x: float, width: float = 0.0, align: float = 0.0, filled: bool = True) -> float:
    """A word in a black or outlined tag at `x` (its right end with `align` 1); gives the tag's width."""
    face = TAG if filled else TAG._replace(grey=0.0)
    wide = width or pen.setter.width(text, size=face.size, bold=True) + 10
    left = x - wide * align
    height = face.lead + 3
    pen.ops.append(Frame(left, pen.y, wide, height, 2, 0.9, filled))
    pen.y += 1.5
    pen.put(text, x=left, width=wide, face=face, align=0.5)
    pen.y += height - 1.5
    return wide
