"""Blocks laid out for a sheet (A5, half and whole A4): labels on the left, facts in columns, English in grey."""

from __future__ import annotations

from collections.abc import Callable

from store_desk.domain.slip import Both
from store_desk.slips import code128, labels
from store_desk.slips.describe import (
    NOTHING,
    Band,
    Block,
    Entry,
    Fact,
    Facts,
    Head,
    Kind,
    Proof,
    Section,
    SignBox,
    Signatures,
    Title,
)
from store_desk.slips.pieces import MM, Bars, Face, Frame, Ink, Pen, Piece, Rule, Text, Tick, beside, shifted, space
from store_desk.slips.qr import qr_rects
from store_desk.slips.typeset import Typesetter, clean

_GREY = 0.36
TITLE, TITLE_EN = Face(15, 18, True), Face(7.6, 10, grey=_GREY)
STORE, STORE_EN = Face(11, 14, True), Face(7, 9.2, grey=_GREY)
NUMBER = Face(11, 13.5, True)
TICKET = Face(14, 17, True)
STRONG, VALUE, VALUE_EN = Face(8.4, 10.6, True), Face(7.6, 9.8), Face(6.2, 7.8, grey=_GREY)
REASON = Face(10, 12.4, True)
LABEL, LABEL_EN = Face(6.6, 8.4, grey=_GREY), Face(5.9, 7.4, grey=_GREY)
TOTAL = Face(11.5, 14, True)
SMALL, SMALL_EN = Face(6.2, 8.2), Face(5.9, 7.8, grey=_GREY)
TINY = Face(5.8, 7.4, grey=_GREY)
TAG = Face(8, 10, True, 1.0)

LABEL_WIDTH = 20 * MM
PAIR_LABEL = 24 * MM
GUTTER = 5 * MM
# Two dots of a 203 dpi head; right for laser printers too.
MODULE = 2 * 72 / 203
BARCODE_HEIGHT = 8 * MM
QR_SIDE = 30 * MM
MARK_SIDE = 10.5 * MM
_SIGN_ROOM = 9.5 * MM
_HAIR = 0.4


class SheetLayout:
    """Turns blocks into pieces of one width, facts in `columns` columns."""

    def __init__(
        self, setter: Typesetter, *, width: float, columns: int, label_width: float = LABEL_WIDTH, gap: float = 1.9
    ) -> None:
        self.setter = setter
        self.width = width
        self.columns = columns
        self.label_width = label_width
        self.gap = gap

    def pieces(self, block: Block) -> list[Piece]:
        """The pieces of one block from top to bottom."""
        makers: dict[type[Block], Callable[..., list[Piece]]] = {
            Head: self._head,
            Title: self._title,
            Band: self._band,
            Facts: self._facts,
            Section: self._section,
            Signatures: self._signatures,
            Proof: self._proof,
        }
        return makers[type(block)](block)

    # --- head, title, ticket ---------------------------------------------------------------------------------

    def _head(self, head: Head) -> list[Piece]:
        copy = self.copy_box(head, width=25 * MM)
        store = self.store(head, width=self.width - 29 * MM)
        return [beside(store, copy, x=self.width - 25 * MM), space(6)]

    def store(self, head: Head, *, width: float) -> Piece:
        """The store's sign, name, address and telephone."""
        pen = Pen(self.setter)
        mark = clean(head.store.mark)[:1]
        left = 0.0
        if mark:
            pen.ops.append(Frame(0, 0, MARK_SIDE, MARK_SIDE, 4, 0, True))
            pen.y = MARK_SIDE / 2 - 10
            pen.put(mark, x=0, width=MARK_SIDE, face=Face(17, 20, True, 1.0), align=0.5)
            left = MARK_SIDE + 3 * MM
        pen.y = 0
        pen.both(head.store.name, x=left, width=width - left, zh=STORE, en=STORE_EN)
        contact = " · ".join(part for part in (head.store.address, head.store.phone) if part)
        pen.write(contact, x=left, width=width - left, face=Face(6.2, 8.2, grey=_GREY))
        return Piece(max(pen.y, MARK_SIDE), tuple(pen.ops))

    def copy_box(self, head: Head, *, width: float) -> Piece:
        """Whose copy it is, and under it the mark of a demonstration."""
        pen = Pen(self.setter)
        pen.ops.append(Frame(0, 0, width, MARK_SIDE, 3, 0.8, False))
        pen.y = 3.5
        pen.put(head.copy.zh, x=0, width=width, face=Face(10.5, 13, True), align=0.5)
        pen.y = 16.5
        pen.put(head.copy.en, x=0, width=width, face=Face(6.6, 9, grey=_GREY), align=0.5)
        pen.y = MARK_SIDE
        if head.demo:
            pen.y += 3
            _tag(pen, name_line(labels.DEMO), x=0, width=width)
        return pen.piece()

    def _title(self, title: Title) -> list[Piece]:
        right_width = 47 * MM
        name = self.name(title, width=self.width - right_width - 3 * MM)
        return [beside(name, self.number(title, width=right_width), x=self.width - right_width), space(4)]

    def name(self, title: Title, *, width: float) -> Piece:
        """What paper it is."""
        pen = Pen(self.setter)
        pen.both(title.title, x=0, width=width, zh=TITLE, en=TITLE_EN)
        return pen.piece()

    def number(self, title: Title, *, width: float) -> Piece:
        """The slip's number with time and desk, and the mark of a reprint."""
        pen = Pen(self.setter)
        pen.y = 2
        if title.number:
            pen.write(title.number, x=0, width=width, face=NUMBER, align=1)
        else:
            later = Face(8.2, 10.8, grey=_GREY)
            pen.both(labels.NUMBERED_LATER, x=0, width=width, zh=later, en=VALUE_EN, align=1)
        pen.write(f"{title.time} · {name_line(title.place)}", x=0, width=width, face=VALUE_EN, align=1)
        if title.reprint:
            pen.y += 2
            _tag(pen, f"{name_line(labels.REPRINT)} {title.reprint}", x=width, align=1)
        return pen.piece()

    def _band(self, band: Band) -> list[Piece]:
        code = Pen(self.setter)
        bars = code128.bars(clean(band.ticket))
        code_width = (code128.modules_wide(bars) + code128.QUIET_MODULES) * MODULE
        on_the_side = bool(bars) and code_width <= self.width * 0.6
        room = self.width - code_width - 3 * MM if on_the_side else self.width
        left = Pen(self.setter)
        left.write(name_line(labels.TICKET), x=0, width=room, face=LABEL_EN)
        kind = name_line(band.kind)
        used = self.setter.width(band.ticket, size=TICKET.size, bold=True) + 8
        if used + self.setter.width(kind, size=VALUE.size, bold=False) <= room:
            left.put(band.ticket, x=0, width=room, face=TICKET)
            left.y += 2
            left.put(kind, x=used, width=room, face=VALUE)
            left.y += TICKET.lead - 2
        else:
            left.write(band.ticket, x=0, width=room, face=TICKET)
            left.write(kind, x=0, width=room, face=VALUE)
        if bars:
            rects = tuple((at * MODULE, 0.0, wide * MODULE, BARCODE_HEIGHT) for at, wide in bars)
            code.ops.append(Bars(code128.QUIET_MODULES * MODULE, 0, rects))
            code.y = BARCODE_HEIGHT
        pieces = [_rule(self.width, 1.0), space(3.5)]
        if on_the_side:
            pieces.append(beside(left.piece(keep=True), code.piece(), x=self.width - code_width))
        else:
            pieces.append(left.piece(keep=True))
            if bars and code_width <= self.width:
                pieces += [space(2), code.piece(keep=True)]
        return [*pieces, space(2.5), self._status(band), space(3)]

    def _status(self, band: Band) -> Piece:
        pen = Pen(self.setter)
        words = f"{band.status.zh} {band.status.en}"
        wide = _tag(pen, words, x=0, filled=band.provisional)
        pen.y = 1.2
        left = wide + 3 * MM
        room = self.width - left
        for label, number in band.refers:
            self._inline(pen, Both(f"{label.zh} {number}", label.en), x=left, width=room, zh=STRONG, en=VALUE_EN)
        self._inline(pen, band.promise, x=left, width=room, zh=VALUE, en=VALUE_EN)
        pen.y = max(pen.y, TAG.lead + 4)
        return pen.piece()

    # --- facts -----------------------------------------------------------------------------------------------

    def _facts(self, grid: Facts) -> list[Piece]:
        width = (self.width - (self.columns - 1) * GUTTER) / self.columns
        pieces = [_rule(self.width, 1.0), space(3)]
        rows = [grid.facts[at : at + self.columns] for at in range(0, len(grid.facts), self.columns)]
        for index, row in enumerate(rows):
            if index:
                line = Pen(self.setter)
                for column in range(self.columns):
                    line.rule(x=column * (width + GUTTER), width=width, weight=_HAIR, grey=0.7)
                pieces += [space(1.2), line.piece(keep=True), space(1.4)]
            # The last fact of a row that is not full takes the columns that are left.
            wide = width + (self.columns - len(row)) * (width + GUTTER)
            cells = [self._fact(fact, wide if fact is row[-1] else width) for fact in row]
            whole = cells[0]
            for column, cell in enumerate(cells[1:], start=1):
                whole = beside(whole, cell, x=column * (width + GUTTER))
            pieces.append(whole)
        return [*pieces, space(2.4)]

    def _fact(self, fact: Fact, width: float) -> Piece:
        label_width = 17 * MM
        label = Pen(self.setter)
        label.y = 1.2
        self._inline(label, fact.label, x=0, width=label_width - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        value = Pen(self.setter)
        room = width - label_width
        zh = STRONG if fact.strong else VALUE
        self._inline(value, fact.value, x=0, width=room, zh=zh, en=VALUE_EN)
        value.write(fact.extra, x=0, width=room, face=VALUE_EN)
        return beside(label.piece(), value.piece(), x=label_width)

    # --- sections --------------------------------------------------------------------------------------------

    def _section(self, section: Section) -> list[Piece]:
        label = Pen(self.setter)
        label.y = 1.2
        self._inline(label, section.label, x=0, width=self.label_width - 3, zh=LABEL, en=LABEL_EN, gap=2.5)
        content = self._entries(section.entries)
        moved = [Piece(part.height, tuple(shifted(op, self.label_width, 0) for op in part.ops), part.keep) for part in content]
        first = moved[0]
        # A label of two lines hangs down beside the second line, so the two stay together.
        moved[0] = Piece(first.height, (*label.ops, *first.ops), first.keep or label.y > first.height)
        lacking = label.y - sum(part.height for part in moved)
        return [_rule(self.width, _HAIR), space(self.gap), *moved, space(self.gap + max(lacking, 0.0))]

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
        self._inline(left, reason.text, x=0, width=width, zh=REASON, en=VALUE_EN)
        used = max(op.x + op.width for op in left.ops if isinstance(op, Text)) + 4 * MM
        right = Pen(self.setter)
        right.y = REASON.lead - LABEL.lead - 1
        label = f"{quote.value.zh} {quote.value.en}"
        words = used + 4 + self.setter.width(label, size=LABEL.size, bold=False)
        if left.y > REASON.lead + 1 or not self.fits(quote.text, width=width - words - 6):
            return None
        right.put(label, x=used, width=width, face=LABEL)
        right.y = REASON.lead - VALUE.lead - 0.5
        right.ops.append(Frame(words, right.y + 0.8, 1.4, VALUE.lead - 0.8, 0, 0, True))
        self._inline(right, quote.text, x=words + 6, width=width - words - 6, zh=VALUE, en=VALUE_EN)
        return Piece(left.y, (*left.ops, *right.ops))

    def fits(self, text: Both, *, width: float) -> bool:
        """Whether both texts take one line of a width."""
        gap = 5.0 if text.en else 0.0
        zh = self.setter.width(clean(text.zh), size=VALUE.size, bold=False)
        en = self.setter.width(clean(text.en), size=VALUE_EN.size, bold=False)
        return "\n" not in clean(text.zh + text.en) and zh + gap + en <= width

    def _bullets(self, entries: list[Entry], width: float) -> list[Piece]:
        """Bullets side by side; a single one, and one of many lines, takes the whole width."""
        if len(entries) == 1:
            return [self._bullet(entries[0], width)]
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
        room = width - 9 - money
        self._inline(pen, entry.text, x=9, width=room, zh=VALUE, en=VALUE_EN)
        self._inline(pen, entry.value, x=9, width=room, zh=SMALL, en=VALUE_EN)
        pen.y += 0.9
        return pen.piece()

    def _entry(self, entry: Entry, width: float) -> list[Piece]:
        if entry.kind is Kind.OPEN:
            return [self._bullet(entry, width)]
        if entry.kind in (Kind.AMOUNT, Kind.TOTAL):
            return self._amount(entry, width)
        pen = Pen(self.setter)
        if entry.kind is Kind.STRONG:
            self._inline(pen, entry.text, x=0, width=width, zh=REASON, en=VALUE_EN)
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
        self._inline(label, entry.text, x=0, width=left - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        pen.ops += label.ops
        self._inline(pen, entry.value, x=left, width=width - left, zh=VALUE, en=VALUE_EN)
        pen.write(entry.amount, x=left, width=width - left, face=VALUE)
        pen.y = max(pen.y, label.y)

    def _quote(self, entry: Entry, width: float) -> list[Piece]:
        left = PAIR_LABEL
        lines = self._paragraph(entry.text, width - left - 6, x=left + 6)
        label = Pen(self.setter)
        label.y = 1.2
        self._inline(label, entry.value, x=0, width=left - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        barred = [Piece(line.height, (*line.ops, Frame(left, 0, 1.4, line.height, 0, 0, True))) for line in lines]
        first = barred[0]
        barred[0] = Piece(first.height, (*label.ops, *first.ops))
        lacking = label.y - sum(line.height for line in barred)
        return [*barred, space(max(lacking, 0) + 1)]

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
        self._inline(pen, entry.text, x=0, width=room, zh=STRONG if total else VALUE, en=VALUE_EN)
        self._inline(pen, entry.value, x=0, width=room, zh=SMALL, en=VALUE_EN)
        pen.y = max(pen.y, face.lead)
        return [space(1.5), pen.piece()] if total else [pen.piece()]

    # --- signatures, proof -----------------------------------------------------------------------------------

    def _signatures(self, block: Signatures) -> list[Piece]:
        width = (self.width - GUTTER) / 2
        boxes = [self._sign_box(box, width) for box in block.boxes]
        height = max(box.height for box in boxes)
        framed = [Piece(height, (Frame(0, 0, width, height, 3, 0.6, False), *box.ops)) for box in boxes]
        whole = framed[0] if len(framed) == 1 else beside(framed[0], framed[1], x=width + GUTTER)
        return [_rule(self.width, 1.0), space(4), whole, space(4)]

    def _sign_box(self, box: SignBox, width: float) -> Piece:
        inner, left = width - 12, 6.0
        pen = Pen(self.setter)
        pen.y = 3
        self._inline(pen, box.label, x=left, width=inner, zh=Face(7, 9, True), en=LABEL_EN)
        if box.strokes:
            pen.ops.append(Ink(left, pen.y, inner, _SIGN_ROOM, box.strokes))
            pen.y += _SIGN_ROOM
        else:
            start = pen.y
            pen.y += 2 if _spoken(box.words) else 0
            pen.both(box.words, x=left, width=inner, zh=VALUE, en=VALUE_EN, align=0.5)
            pen.y = max(pen.y, start + _SIGN_ROOM)
        pen.y += 2
        pen.rule(x=left, width=inner, weight=_HAIR, grey=0.7)
        pen.y += 2
        time_width = self.setter.width(box.time, size=LABEL.size, bold=False)
        pen.put(box.time, x=left, width=inner, face=LABEL, align=1)
        top = pen.y
        pen.write(box.name, x=left, width=inner - time_width - 6, face=Face(7, 8.8))
        pen.y = max(pen.y, top + 8.8) + 2.5
        return pen.piece()

    def _proof(self, proof: Proof) -> list[Piece]:
        pen = Pen(self.setter)
        left = 0.0
        if proof.qr_text:
            pen.ops.append(Bars(0, 0, qr_rects(proof.qr_text, side=QR_SIDE)))
            left = QR_SIDE + 4 * MM
        room = self.width - left
        if proof.short_code:
            caption = labels.SCAN if proof.qr_text else labels.VERIFY
            self._inline(pen, caption, x=left, width=room, zh=Face(7, 9, True), en=LABEL_EN)
            pen.write(proof.short_code, x=left, width=room, face=NUMBER)
        pen.both(proof.legal, x=left, width=room, zh=SMALL, en=SMALL_EN)
        small = list(proof.small)
        if self.setter.missing:
            small.append((labels.MISSING, " ".join(f"U+{ord(char):04X}" for char in self.setter.missing)))
        pen.y += 1.5
        for label, value in small:
            pen.write(f"{label.zh} {label.en} {value}", x=left, width=room, face=TINY)
        pen.y = max(pen.y, QR_SIDE if proof.qr_text else 0.0)
        return [pen.piece()]

    # --- shared ----------------------------------------------------------------------------------------------

    def _inline(
        self, pen: Pen, text: Both, *, x: float, width: float, zh: Face, en: Face, gap: float = 5.0
    ) -> None:
        """Chinese and English on one line where both fit, else one under the other."""
        first, second = clean(text.zh), clean(text.en)
        used = self.setter.width(first, size=zh.size, bold=zh.bold) + gap
        beside_it = first and second and "\n" not in first + second
        if beside_it and used + self.setter.width(second, size=en.size, bold=en.bold) <= width:
            pen.put(first, x=x, width=width, face=zh)
            pen.y += (zh.size - en.size) * 0.38 + (zh.lead - en.lead) / 2 - (zh.size - en.size) * 0.04
            pen.put(second, x=x + used, width=width, face=en)
            pen.y += zh.lead - (zh.size - en.size) * 0.34 - (zh.lead - en.lead) / 2
        else:
            pen.both(Both(first, second), x=x, width=width, zh=zh, en=en)


def name_line(both: Both) -> str:
    """Both texts on one line, Chinese first."""
    return f"{both.zh} {both.en}".strip()


def _spoken(text: Both) -> bool:
    return text != NOTHING


def _rule(width: float, weight: float, *, keep: bool = True) -> Piece:
    return Piece(weight, (Rule(0, weight / 2, width, weight, 0.0 if weight > _HAIR else 0.6, False),), keep)


def _tag(pen: Pen, text: str, *, x: float, width: float = 0.0, align: float = 0.0, filled: bool = True) -> float:
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
