"""The labelled sections of a sheet: reason, money, agreements, obligations, rights, next steps, read-back."""

from __future__ import annotations

from store_desk.domain.slip import Both
from store_desk.slips.describe import Entry, Kind, Section
from store_desk.slips.pieces import MM, Face, Frame, Pen, Piece, Text, Tick, beside, shifted, space
from store_desk.slips.sheet_style import (
    GUTTER,
    HAIR,
    LABEL,
    LABEL_EN,
    PAIR_LABEL,
    REASON,
    SMALL,
    STRONG,
    TOTAL,
    VALUE,
    VALUE_EN,
    inline,
    rule_piece,
)
from store_desk.slips.typeset import Typesetter, clean

# Between a text and what stands behind it.
_BEHIND = 8.0


class SectionLayout:
    """Turns sections into pieces: the label on the left, its entries beside it."""

    def __init__(self, setter: Typesetter, *, width: float, label_width: float, gap: float) -> None:
        self.setter = setter
        self.width = width
        self.label_width = label_width
        self.gap = gap

    def pieces(self, section: Section) -> list[Piece]:
        """The pieces of one section from top to bottom."""
        label = Pen(self.setter)
        label.y = 1.2
        inline(label, section.label, x=0, width=self.label_width - 3, zh=LABEL, en=LABEL_EN, gap=2.5)
        content = self._entries(section.entries)
        moved = [
            Piece(part.height, tuple(shifted(op, self.label_width, 0) for op in part.ops), part.keep)
            for part in content
        ]
        first = moved[0]
        # A label of two lines hangs down beside the second line, so the two stay together.
        moved[0] = Piece(first.height, (*label.ops, *first.ops), first.keep or label.y > first.height)
        lacking = label.y - sum(part.height for part in moved)
        below = [Piece(lacking, ())] if lacking > 0 else []
        return [rule_piece(self.width, HAIR), space(self.gap), *moved, *below, space(self.gap)]

    def _entries(self, entries: tuple[Entry, ...]) -> list[Piece]:
        width = self.width - self.label_width
        pieces: list[Piece] = []
        waiting: list[Entry] = []
        if len(entries) > 1 and entries[0].kind is Kind.STRONG and entries[1].kind is Kind.QUOTE:
            short = self._reason_line(entries[0], entries[1], width)
            pieces += [short] if short else []
            entries = entries[2:] if short else entries
        for entry in entries:
            if entry.kind in (Kind.BULLET, Kind.TICKED):
                waiting.append(entry)
            else:
                pieces += self._bullets(waiting, width)
                waiting = []
                pieces += self._entry(entry, width)
        return pieces + self._bullets(waiting, width)

    def _reason_line(self, reason: Entry, quote: Entry, width: float) -> Piece | None:
        """The reason with the customer's words beside it, where both are short."""
        left = Pen(self.setter)
        inline(left, reason.text, x=0, width=width, zh=REASON, en=VALUE_EN)
        used = max((op.x + op.width for op in left.ops if isinstance(op, Text)), default=0.0) + 4 * MM
        right = Pen(self.setter)
        right.y = REASON.lead - LABEL.lead - 1
        label = f"{quote.value.zh} {quote.value.en}"
        words = used + 4 + self.setter.width(label, size=LABEL.size, bold=False)
        if left.y > REASON.lead + 1 or not self._fits(quote.text, width=width - words - 6):
            return None
        right.put(label, x=used, width=width, face=LABEL)
        right.y = REASON.lead - VALUE.lead - 0.5
        right.ops.append(Frame(words, right.y + 0.8, 1.4, VALUE.lead - 0.8, 0, 0, True))
        inline(right, quote.text, x=words + 6, width=width - words - 6, zh=VALUE, en=VALUE_EN)
        return Piece(left.y, (*left.ops, *right.ops))

    def _fits(self, text: Both, *, width: float, zh: Face = VALUE) -> bool:
        """Whether both texts take one line of a width."""
        gap = 5.0 if text.en else 0.0
        first = self.setter.width(clean(text.zh), size=zh.size, bold=zh.bold)
        second = self.setter.width(clean(text.en), size=VALUE_EN.size, bold=False)
        return "\n" not in clean(text.zh + text.en) and first + gap + second <= width

    def _bullets(self, entries: list[Entry], width: float) -> list[Piece]:
        """Bullets side by side where that is lower; a single one, and one of many lines, takes the whole width."""
        below = [self._bullet(entry, width) for entry in entries]
        beside_it = self._in_pairs(entries, width) if len(entries) > 1 else below
        lower = sum(piece.height for piece in beside_it) <= sum(piece.height for piece in below)
        return beside_it if lower else below

    def _in_pairs(self, entries: list[Entry], width: float) -> list[Piece]:
        half = (width - GUTTER) / 2
        pieces: list[Piece] = []
        left: Piece | None = None
        for entry in entries:
            bullet = self._bullet(entry, half)
            if bullet.height > 2 * (VALUE.lead + VALUE_EN.lead) + 1:
                pieces += [left] if left else []
                pieces.append(self._bullet(entry, width))
                left = None
            elif left is None:
                left = bullet
            else:
                pieces.append(beside(left, bullet, x=half + GUTTER))
                left = None
        return pieces + ([left] if left else [])

    def _bullet(self, entry: Entry, width: float) -> Piece:
        pen = Pen(self.setter)
        side = 3.0
        if entry.kind is Kind.TICKED:
            pen.ops.append(Tick(0, 2.6, 5.4))
        elif entry.kind is Kind.OPEN:
            pen.ops.append(Frame(0, 2.4, 5.6, 5.6, 0.8, 0.6, False))
        else:
            pen.ops.append(Frame(1, VALUE.lead / 2 - side / 2 + 0.2, side, side, side / 2, 0, True))
        money = self.setter.width(entry.amount, size=STRONG.size, bold=True) + 6 if entry.amount else 0.0
        if entry.amount:
            pen.put(entry.amount, x=0, width=width, face=STRONG, align=1)
        self._text_and_value(pen, entry, x=9, width=width - 9 - money, zh=VALUE)
        pen.y += 0.9
        return pen.piece()

    def _entry(self, entry: Entry, width: float) -> list[Piece]:
        if entry.kind is Kind.OPEN:
            return [self._bullet(entry, width)]
        if entry.kind in (Kind.AMOUNT, Kind.TOTAL):
            return self._amount(entry, width)
        pen = Pen(self.setter)
        if entry.kind is Kind.STRONG:
            inline(pen, entry.text, x=0, width=width, zh=REASON, en=VALUE_EN)
        elif entry.kind is Kind.QUOTE:
            return self._quote(entry, width)
        elif entry.kind is Kind.PAIR:
            self._pair(pen, entry, width)
        else:
            return self._paragraph(entry.text, width)
        return [pen.piece()]

    def _pair(self, pen: Pen, entry: Entry, width: float) -> None:
        left = PAIR_LABEL
        label = Pen(self.setter)
        label.y = 1.2
        inline(label, entry.text, x=0, width=left - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        pen.ops += label.ops
        inline(pen, entry.value, x=left, width=width - left, zh=VALUE, en=VALUE_EN)
        pen.write(entry.amount, x=left, width=width - left, face=VALUE)
        pen.y = max(pen.y, label.y)

    def _quote(self, entry: Entry, width: float) -> list[Piece]:
        left = PAIR_LABEL
        lines = self._paragraph(entry.text, width - left - 6, x=left + 6)
        label = Pen(self.setter)
        label.y = 1.2
        inline(label, entry.value, x=0, width=left - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        barred = [Piece(line.height, (*line.ops, Frame(left, 0, 1.4, line.height, 0, 0, True))) for line in lines]
        first = barred[0]
        barred[0] = Piece(first.height, (*label.ops, *first.ops))
        lacking = label.y - sum(line.height for line in barred)
        return [*barred, Piece(max(lacking, 0), ()), space(1)]

    def _paragraph(self, text: Both, width: float, *, x: float = 0.0) -> list[Piece]:
        """Running text, a piece for each line so that it can go on over the page."""
        pieces = []
        for words, face in ((text.zh, VALUE), (text.en, VALUE_EN if text.zh else VALUE)):
            for line in self.setter.lines(clean(words), width=width, size=face.size, bold=face.bold):
                pen = Pen(self.setter)
                pen.put(line, x=x, width=width, face=face)
                pen.y = face.lead
                pieces.append(pen.piece())
        return pieces or [space(0)]

    def _amount(self, entry: Entry, width: float) -> list[Piece]:
        total = entry.kind is Kind.TOTAL
        face = TOTAL if total else VALUE
        pen = Pen(self.setter)
        if total:
            pen.rule(x=0, width=width, weight=0.5)
            pen.y = 2
        pen.put(entry.amount, x=0, width=width, face=face, align=1)
        room = width - self.setter.width(entry.amount, size=face.size, bold=face.bold) - 8
        if total:
            pen.y += 1.4
        self._text_and_value(pen, entry, x=0, width=room, zh=STRONG if total else VALUE)
        pen.y = max(pen.y, face.lead)
        return [space(1.5), pen.piece()] if total else [pen.piece()]

    def _text_and_value(self, pen: Pen, entry: Entry, *, x: float, width: float, zh: Face) -> None:
        """An entry's text with what belongs to it (a date, a reason) behind it, else on the next line."""
        top, had = pen.y, len(pen.ops)
        inline(pen, entry.text, x=x, width=width, zh=zh, en=VALUE_EN)
        used = max((op.x + op.width for op in pen.ops[had:] if isinstance(op, Text)), default=x) + _BEHIND - x
        # A blank text takes no line, so nothing can stand behind it.
        if top < pen.y <= top + zh.lead + 1 and self._fits(entry.value, width=width - used, zh=SMALL):
            below, pen.y = pen.y, top + (zh.lead - SMALL.lead) / 2
            inline(pen, entry.value, x=x + used, width=width - used, zh=SMALL, en=VALUE_EN)
            pen.y = below
        else:
            inline(pen, entry.value, x=x, width=width, zh=SMALL, en=VALUE_EN)
