"""Blocks laid out for a thermal roll (80 mm, 58 mm): one column, all black, as long as it takes."""

from __future__ import annotations

from collections.abc import Callable

from store_desk.domain.slip import Both
from store_desk.slips import code128, labels
from store_desk.slips.describe import (
    Band,
    Block,
    Entry,
    Fact,
    Facts,
    Head,
    Kind,
    Proof,
    Section,
    Signatures,
    SignBox,
    Title,
)
from store_desk.slips.pieces import MM, Bars, Face, Frame, Ink, Pen, Piece, Tick
from store_desk.slips.qr import DOT, qr_rects, quiet_zone, roll_side
from store_desk.slips.typeset import Typesetter, clean

# A thermal head has no grey: everything is black, nothing is under 6.2 pt.
MODULE = 2 * DOT
BARCODE_HEIGHT = 10 * MM
BARCODE_LENGTH_MAX = 150 * MM
QR_SIDE = 30 * MM
_SIGN_ROOM = 13 * MM
_INDENT = 9.0
_LINE_GAP = 4.0


class RollLayout:
    """Turns blocks into pieces of one width; `narrow` is the 58 mm roll."""

    def __init__(self, setter: Typesetter, *, width: float, narrow: bool) -> None:
        self.setter = setter
        self.width = width
        self.title = Face(12, 15, True) if narrow else Face(14, 17.5, True)
        self.title_en = Face(7, 9) if narrow else Face(8, 10.5)
        self.store = Face(10, 13, True) if narrow else Face(11, 14, True)
        self.big = Face(11, 14, True) if narrow else Face(13, 16, True)
        self.total = Face(12, 15, True) if narrow else Face(14, 17, True)
        self.strong = Face(8.6, 11.2, True) if narrow else Face(9.4, 12, True)
        self.value = Face(8, 10.6) if narrow else Face(8.8, 11.4)
        self.value_en = Face(6.6, 8.6) if narrow else Face(7, 9)
        self.label = Face(7.2, 10.4) if narrow else Face(7.8, 11.2)
        self.label_en = Face(6.2, 8.2) if narrow else Face(6.5, 8.6)
        self.small = Face(6.2, 8.2) if narrow else Face(6.5, 8.6)
        self.label_width = (13 if narrow else 18) * MM
        self.tag = Face(8.6, 11, True, 1.0)

    def pieces(self, block: Block) -> list[Piece]:
        """The pieces of one block from top to bottom."""
        makers: dict[type[Block], Callable[..., Piece]] = {
            Head: self._head,
            Title: self._title,
            Band: self._band,
            Facts: self._facts,
            Section: self._section,
            Signatures: self._signatures,
            Proof: self._proof,
        }
        return [makers[type(block)](block)]

    def _head(self, head: Head) -> Piece:
        pen = Pen(self.setter)
        mark = clean(head.store.mark)[:1]
        if mark:
            side = 10 * MM
            pen.ops.append(Frame((self.width - side) / 2, 0, side, side, 4, 0, True))
            pen.y = side / 2 - 10
            pen.put(mark, x=0, width=self.width, face=Face(17, 20, True, 1.0), align=0.5)
            pen.y = side + 4
        pen.both(head.store.name, x=0, width=self.width, zh=self.store, en=self.title_en, align=0.5)
        contact = " · ".join(part for part in (head.store.address, head.store.phone) if part)
        pen.write(contact, x=0, width=self.width, face=self.small, align=0.5)
        pen.y += 4
        if head.demo:
            self._tag(pen, f"{labels.DEMO.zh} {labels.DEMO.en}")
            pen.y += 3
        self._line(pen, weight=0.9)
        pen.y += 1
        self._tag(pen, f"{head.copy.zh} {head.copy.en}", filled=False)
        pen.y += 4
        return pen.piece()

    def _title(self, title: Title) -> Piece:
        pen = Pen(self.setter)
        pen.both(title.title, x=0, width=self.width, zh=self.title, en=self.title_en, align=0.5)
        pen.y += 3
        if title.reprint:
            self._tag(pen, f"{labels.REPRINT.zh} {labels.REPRINT.en} {title.reprint}")
            pen.y += 3
        number = Both(title.number) if title.number else labels.NUMBERED_LATER
        self._row(pen, labels.SLIP, number, face=self.strong, extra=title.time)
        pen.write(f"{title.place.zh} {title.place.en}", x=0, width=self.width, face=self.value_en, align=1)
        pen.y += 3
        return pen.piece()

    def _band(self, band: Band) -> Piece:
        pen = Pen(self.setter)
        self._line(pen, weight=0.9)
        pen.write(f"{labels.TICKET.zh} {labels.TICKET.en}", x=0, width=self.width, face=self.label, align=0.5)
        pen.write(band.ticket, x=0, width=self.width, face=self.big, align=0.5)
        pen.write(f"{band.kind.zh} {band.kind.en}", x=0, width=self.width, face=self.value, align=0.5)
        pen.y += 3
        self._barcode(pen, code128.bars(clean(band.ticket)))
        pen.y += 5
        self._tag(pen, f"{band.status.zh} {band.status.en}", filled=band.provisional)
        pen.y += 3
        for label, number in band.refers:
            pen.write(f"{label.zh} {label.en}", x=0, width=self.width, face=self.value_en, align=0.5)
            pen.write(number, x=0, width=self.width, face=self.strong, align=0.5)
        pen.both(band.promise, x=0, width=self.width, zh=self.value, en=self.value_en, align=0.5)
        pen.y += 3
        return pen.piece()

    def _barcode(self, pen: Pen, bars: tuple[tuple[int, int], ...]) -> None:
        """Bars of two dots each: across the roll where they fit, else along it."""
        length = code128.modules_wide(bars) * MODULE
        if not bars:
            return
        if length <= self.width:
            # The quiet zone is the paper's own margin; the first bar starts on a dot of the head.
            left = round((self.width - length) / 2 / DOT) * DOT
            pen.ops.append(Bars(left, pen.y, tuple((at * MODULE, 0.0, w * MODULE, BARCODE_HEIGHT) for at, w in bars)))
            pen.y += BARCODE_HEIGHT
        elif length <= BARCODE_LENGTH_MAX:
            quiet = code128.QUIET_MODULES * MODULE
            left = (self.width - BARCODE_HEIGHT) / 2
            along = tuple((0.0, at * MODULE, BARCODE_HEIGHT, w * MODULE) for at, w in bars)
            pen.ops.append(Bars(left, pen.y + quiet, along))
            pen.y += length + 2 * quiet

    # --- facts and sections ----------------------------------------------------------------------------------

    def _facts(self, grid: Facts) -> Piece:
        pen = Pen(self.setter)
        self._line(pen)
        for fact in grid.facts:
            self._fact(pen, fact)
            pen.y += 2.2
        return pen.piece()

    def _fact(self, pen: Pen, fact: Fact) -> None:
        self._row(pen, fact.label, fact.value, face=self.strong if fact.strong else self.value, extra=fact.extra)

    def _row(self, pen: Pen, label: Both, value: Both, *, face: Face, extra: str = "") -> None:
        """Label on the left, value on the right, each Chinese above English."""
        left = Pen(self.setter)
        left.y = pen.y
        left.both(label, x=0, width=self.label_width, zh=self.label, en=self.label_en)
        pen.ops += left.ops
        x = self.label_width + 4
        room = self.width - x
        pen.both(value, x=x, width=room, zh=face, en=self.value_en, align=1)
        pen.write(extra, x=x, width=room, face=self.value_en, align=1)
        pen.y = max(pen.y, left.y)

    def _section(self, section: Section) -> Piece:
        pen = Pen(self.setter)
        self._line(pen)
        self._heading(pen, section.label)
        for entry in section.entries:
            self._entry(pen, entry)
        pen.y += 2
        return pen.piece()

    def _heading(self, pen: Pen, label: Both) -> None:
        pen.write(f"{label.zh} {label.en}", x=0, width=self.width, face=Face(self.label.size, self.label.lead, True))
        pen.y += 1

    def _entry(self, pen: Pen, entry: Entry) -> None:
        if entry.kind in (Kind.BULLET, Kind.TICKED, Kind.OPEN):
            self._bullet(pen, entry)
        elif entry.kind in (Kind.AMOUNT, Kind.TOTAL):
            self._amount(pen, entry)
        elif entry.kind is Kind.PAIR:
            amount = Both(" ".join(part for part in (entry.value.zh, entry.amount) if part), entry.value.en)
            self._row(pen, entry.text, amount, face=self.value)
        elif entry.kind is Kind.QUOTE:
            pen.write(f"{entry.value.zh} {entry.value.en}", x=_INDENT, width=self.width - _INDENT, face=self.label_en)
            top = pen.y
            pen.both(entry.text, x=_INDENT, width=self.width - _INDENT, zh=self.value, en=self.value_en)
            pen.ops.append(Frame(2, top + 1, 1.6, pen.y - top - 1, 0, 0, True))
            pen.y += 2
        else:
            zh = self.big if entry.kind is Kind.STRONG else self.value
            pen.both(entry.text, x=0, width=self.width, zh=zh, en=self.value_en)
            pen.y += 1.5

    def _bullet(self, pen: Pen, entry: Entry) -> None:
        if entry.kind is Kind.TICKED:
            pen.ops.append(Tick(0, pen.y + 2.6, 6))
        elif entry.kind is Kind.OPEN:
            pen.ops.append(Frame(0.4, pen.y + 2.6, 5.8, 5.8, 0.6, 0.7, False))
        else:
            pen.ops.append(Frame(0.8, pen.y + self.value.lead / 2 - 1.5, 3.2, 3.2, 1.6, 0, True))
        money = self.setter.width(entry.amount, size=self.strong.size, bold=True) + 5 if entry.amount else 0.0
        if entry.amount:
            pen.put(entry.amount, x=0, width=self.width, face=self.strong, align=1)
        room = self.width - _INDENT - money
        pen.both(entry.text, x=_INDENT, width=room, zh=self.value, en=self.value_en)
        pen.both(entry.value, x=_INDENT, width=room, zh=self.value_en, en=self.value_en)
        pen.y += 1.6

    def _amount(self, pen: Pen, entry: Entry) -> None:
        total = entry.kind is Kind.TOTAL
        money = self.total if total else self.value
        if total:
            pen.rule(x=0, width=self.width, weight=0.6)
            pen.y += 3
        wide = pen.put(entry.amount, x=0, width=self.width, face=money, align=1)
        top = pen.y
        pen.y += (money.lead - self.strong.lead) / 2 if total else 0
        room = self.width - wide - 6
        pen.both(entry.text, x=0, width=room, zh=self.strong if total else self.value, en=self.value_en)
        pen.both(entry.value, x=0, width=room, zh=self.value_en, en=self.value_en)
        pen.y = max(pen.y, top + money.lead) + 1

    # --- signatures, proof -----------------------------------------------------------------------------------

    def _signatures(self, block: Signatures) -> Piece:
        pen = Pen(self.setter)
        self._line(pen, weight=0.9)
        for box in block.boxes:
            self._sign(pen, box)
        return pen.piece()

    def _sign(self, pen: Pen, box: SignBox) -> None:
        self._heading(pen, box.label)
        if box.strokes:
            pen.ops.append(Ink(0, pen.y, self.width, _SIGN_ROOM, box.strokes))
            pen.y += _SIGN_ROOM
        else:
            top = pen.y
            pen.both(box.words, x=0, width=self.width, zh=self.value, en=self.value_en, align=0.5)
            pen.y = max(pen.y, top + _SIGN_ROOM)
        pen.y += 2
        pen.rule(x=0, width=self.width, weight=0.6)
        pen.y += 1.5
        top = pen.y
        wide = pen.put(box.time, x=0, width=self.width, face=self.value_en, align=1)
        pen.write(box.name, x=0, width=self.width - wide - 6, face=self.value)
        pen.y = max(pen.y, top + self.value.lead) + 5

    def _proof(self, proof: Proof) -> Piece:
        pen = Pen(self.setter)
        self._line(pen)
        if proof.qr_text:
            side = roll_side(proof.qr_text, least=QR_SIDE)
            left = round((self.width - side) / 2 / DOT) * DOT
            pen.y += quiet_zone(proof.qr_text, side=side) - _LINE_GAP
            pen.ops.append(Bars(left, pen.y, qr_rects(proof.qr_text, side=side)))
            pen.y += side + quiet_zone(proof.qr_text, side=side)
        if proof.short_code:
            pen.write(proof.short_code, x=0, width=self.width, face=self.big, align=0.5)
            caption = labels.SCAN if proof.qr_text else labels.VERIFY
            pen.write(f"{caption.zh} {caption.en}", x=0, width=self.width, face=self.value_en, align=0.5)
            pen.y += 4
        pen.both(proof.legal, x=0, width=self.width, zh=self.small, en=self.small, align=0.5)
        small = list(proof.small)
        if self.setter.missing:
            small.append((labels.MISSING, " ".join(f"U+{ord(char):04X}" for char in self.setter.missing)))
        pen.y += 3
        for label, value in small:
            pen.write(f"{label.zh} {label.en}", x=0, width=self.width, face=self.small)
            pen.write(value, x=0, width=self.width, face=self.small)
        return pen.piece()

    # --- shared ----------------------------------------------------------------------------------------------

    def _line(self, pen: Pen, *, weight: float = 0.0) -> None:
        pen.y += 2
        pen.rule(x=0, width=self.width, weight=weight or 0.6, dashed=not weight)
        pen.y += _LINE_GAP

    def _tag(self, pen: Pen, text: str, *, filled: bool = True) -> None:
        face = self.tag if filled else self.tag._replace(grey=0.0)
        wide = self.setter.width(text, size=face.size, bold=True) + 16
        height = face.lead + 4
        left = (self.width - wide) / 2
        pen.ops.append(Frame(left, pen.y, wide, height, 2.5, 0.9, filled))
        pen.y += 2
        pen.put(text, x=left, width=wide, face=face, align=0.5)
        pen.y += height - 2
