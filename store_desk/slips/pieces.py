"""Pieces of a page: drawn things with a height, stacked by the layouts and cut where a page ends.

All lengths are points; y grows downwards from the top of the piece.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from store_desk.domain.slip import Both, Stroke
from store_desk.slips.typeset import Run, Typesetter, clean

MM = 72 / 25.4
_SPACE_GIVES = 0.75


class Face(NamedTuple):
    """How text looks: size and line height in points, weight, and grey (0 black)."""

    size: float
    lead: float
    bold: bool = False
    grey: float = 0.0


class Text(NamedTuple):
    """One line of text; y is its baseline."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float
    grey: float
    width: float


class Rule(NamedTuple):
    """A horizontal line."""

    x: float
    y: float
    width: float
    weight: float
    grey: float
    dashed: bool


class Frame(NamedTuple):
    """A box with round corners, filled black or outlined; y is its top."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    weight: float
    filled: bool


class Bars(NamedTuple):
    """A barcode or QR as black rectangles (x, y, width, height), drawn as one path."""

    x: float
    y: float
    rects: tuple[tuple[float, float, float, float], ...]


class Ink(NamedTuple):
    """A signature in a box; y is its top."""

    x: float
    y: float
    width: float
    height: float
    strokes: tuple[Stroke, ...]


class Tick(NamedTuple):
    """A small check mark; y is its top."""

    x: float
    y: float
    side: float


Op = Text | Rule | Frame | Bars | Ink | Tick


@dataclass(frozen=True, slots=True)
class Piece:
    """Drawn things of one height that stay together; with `keep`, also with the piece that follows.

    `give` is how much of the height may go where that saves a page.
    """

    height: float
    ops: tuple[Op, ...]
    keep: bool = False
    give: float = 0.0


def shifted(op: Op, dx: float, dy: float) -> Op:
    """The same thing moved."""
    return op._replace(x=op.x + dx, y=op.y + dy)


class Pen:
    """Writes one piece from its top down."""

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self.y = 0.0
        self.ops: list[Op] = []

    def write(self, text: str, *, x: float, width: float, face: Face, align: float = 0.0) -> None:
        """Writes the text in lines of at most `width`; `align` 0 is left, 0.5 centred, 1 right."""
        cleaned = clean(text)
        lines = self.setter.lines(cleaned, width=width, size=face.size, bold=face.bold)
        if align == 0.5 and len(lines) > 1:
            lines = self._balanced(cleaned, lines, width, face)
        for line in lines:
            self.put(line, x=x, width=width, face=face, align=align)
            self.y += face.lead

    def _balanced(self, text: str, lines: list[str], width: float, face: Face) -> list[str]:
        """Centred lines of about one length, so that no single character is left for the last."""
        whole = self.setter.width(text, size=face.size, bold=face.bold)
        even = self.setter.lines(
            text, width=min(width, whole / len(lines) + 2 * face.size), size=face.size, bold=face.bold
        )
        return even if len(even) == len(lines) else lines

    def put(self, line: str, *, x: float, width: float, face: Face, align: float = 0.0) -> float:
        """Writes one line that is known to fit, without moving down; gives its width."""
        wide = self.setter.width(line, size=face.size, bold=face.bold)
        runs = self.setter.runs(line, bold=face.bold)
        # The baseline lies where a Han glyph (0.88 em above, 0.12 em below it) stands in the middle of the line.
        base = self.y + face.lead / 2 + face.size * 0.38
        self.ops.append(Text(x + (width - wide) * align, base, runs, face.size, face.grey, wide))
        return wide

    def both(self, text: Both, *, x: float, width: float, zh: Face, en: Face, align: float = 0.0) -> None:
        """Writes Chinese and under it English."""
        self.write(text.zh, x=x, width=width, face=zh, align=align)
        self.write(text.en, x=x, width=width, face=en if text.zh else zh, align=align)

    def fits(self, text: str, *, width: float, face: Face) -> bool:
        """Whether the text takes one line."""
        return "\n" not in text and self.setter.width(text, size=face.size, bold=face.bold) <= width

    def rule(self, *, x: float, width: float, weight: float = 0.5, grey: float = 0.0, dashed: bool = False) -> None:
        """Draws a line across at the present height."""
        self.ops.append(Rule(x, self.y, width, weight, grey, dashed))

    def piece(self, *, keep: bool = False) -> Piece:
        """What was written so far."""
        return Piece(self.y, tuple(self.ops), keep)


def beside(left: Piece, right: Piece, *, x: float) -> Piece:
    """Two pieces side by side, the right one moved to `x`."""
    ops = (*left.ops, *(shifted(op, x, 0) for op in right.ops))
    return Piece(max(left.height, right.height), ops, left.keep or right.keep)


def stacked(pieces: list[Piece]) -> Piece:
    """Pieces one under the other as one."""
    ops: list[Op] = []
    y = 0.0
    for piece in pieces:
        ops += [shifted(op, 0, y) for op in piece.ops]
        y += piece.height
    return Piece(y, tuple(ops))


def space(height: float) -> Piece:
    """Nothing of a height; dropped at the top of a page, and the first to go when a page is a little short."""
    return Piece(height, (), give=height * _SPACE_GIVES)


def squeezed(pieces: list[Piece], room: float) -> list[Piece]:
    """The pieces with less white between them, if they fit in the room that way and not otherwise."""
    over = sum(piece.height for piece in pieces) - room
    give = sum(piece.give for piece in pieces)
    if over <= 0 or over > give:
        return pieces
    share = over / give
    return [replace(piece, height=piece.height - piece.give * share, give=0.0) for piece in pieces]


def cut(piece: Piece, room: float) -> list[Piece]:
    """A piece taller than a page, in parts of at most `room`; only its texts decide where."""
    if piece.height <= room:
        return [piece]
    parts: list[list[Op]] = [[]]
    top = 0.0
    for op in sorted(piece.ops, key=lambda op: op.y):
        if isinstance(op, Frame):
            # A frame around more than a page cannot be drawn; its text goes on without it.
            continue
        bottom = op.y + (op.size * 0.3 if isinstance(op, Text) else 0)
        if bottom - top > room:
            top = op.y - (op.size * 1.1 if isinstance(op, Text) else 0)
            parts.append([])
        parts[-1].append(shifted(op, 0, -top))
    return [Piece(room, tuple(ops)) for ops in parts[:-1]] + [Piece(piece.height - top, tuple(parts[-1]))]
