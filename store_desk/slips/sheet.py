"""Blocks laid out for a sheet (A5, half and whole A4): labels on the left, facts in columns, English in grey."""

from __future__ import annotations

from collections.abc import Callable

from store_desk.domain.slip import Both
from store_desk.slips import code128, labels
from store_desk.slips.describe import (
    Band,
    Block,
    Fact,
    Facts,
    Head,
    Proof,
    Section,
    Signatures,
    Title,
)
from store_desk.slips.pieces import MM, Bars, Face, Frame, Pen, Piece, beside, space
from store_desk.slips.sheet_end import EndLayout
from store_desk.slips.sheet_sections import SectionLayout
from store_desk.slips.sheet_style import (
    BARCODE_HEIGHT,
    COPY_WIDTH,
    GREY,
    GUTTER,
    HAIR,
    LABEL,
    LABEL_EN,
    LABEL_WIDTH,
    MARK_SIDE,
    MODULE,
    NUMBER,
    STORE,
    STORE_EN,
    STRONG,
    TAG,
    TICKET,
    TITLE,
    TITLE_EN,
    VALUE,
    VALUE_EN,
    inline,
    name_line,
    rule_piece,
    tag,
)
from store_desk.slips.typeset import Typesetter, clean


class SheetLayout:
    """Turns blocks into pieces of one width, facts in `columns` columns; `low` has the title on one line."""

    def __init__(
        self,
        setter: Typesetter,
        *,
        width: float,
        columns: int,
        label_width: float = LABEL_WIDTH,
        gap: float = 1.7,
        low: bool = False,
    ) -> None:
        self.setter = setter
        self.width = width
        self.columns = columns
        self.low = low
        self._sections = SectionLayout(setter, width=width, label_width=label_width, gap=gap)
        self._end = EndLayout(setter, width=width)

    def pieces(self, blocks: tuple[Block, ...]) -> list[Piece]:
        """The pieces of the blocks from top to bottom; the signatures share their place with the proof after them."""
        pieces: list[Piece] = []
        signatures: Signatures | None = None
        for block in blocks:
            if isinstance(block, Signatures):
                signatures = block
            elif isinstance(block, Proof) and signatures is not None:
                pieces += self._end.pieces(signatures, block)
            else:
                pieces += self._pieces(block)
        return pieces

    def _pieces(self, block: Block) -> list[Piece]:
        makers: dict[type[Block], Callable[..., list[Piece]]] = {
            Head: self._head,
            Title: self._title,
            Band: self._band,
            Facts: self._facts,
            Section: self._sections.pieces,
        }
        return makers[type(block)](block)

    # --- head, title, ticket ---------------------------------------------------------------------------------

    def _head(self, head: Head) -> list[Piece]:
        copy = self.copy_box(head, width=COPY_WIDTH)
        room = self.width - COPY_WIDTH - 4 * MM
        if not head.demo:
            return [beside(self.store(head, width=room), copy, x=self.width - COPY_WIDTH), space(6)]
        pen = Pen(self.setter)
        pen.y = (MARK_SIDE - TAG.lead - 3) / 2
        wide = tag(pen, name_line(labels.DEMO), x=room, align=1)
        row = beside(self.store(head, width=room - wide - 3 * MM), pen.piece(), x=0)
        return [beside(row, copy, x=self.width - COPY_WIDTH), space(6)]

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
        pen.write(contact, x=left, width=width - left, face=Face(6.2, 8.2, grey=GREY))
        return Piece(max(pen.y, MARK_SIDE), tuple(pen.ops))

    def copy_box(self, head: Head, *, width: float) -> Piece:
        """Whose copy it is."""
        pen = Pen(self.setter)
        pen.ops.append(Frame(0, 0, width, MARK_SIDE, 3, 0.8, False))
        pen.y = 3.5
        pen.put(head.copy.zh, x=0, width=width, face=Face(10.5, 13, True), align=0.5)
        pen.y = 16.5
        pen.put(head.copy.en, x=0, width=width, face=Face(6.6, 9, grey=GREY), align=0.5)
        pen.y = MARK_SIDE
        return pen.piece()

    def _title(self, title: Title) -> list[Piece]:
        right_width = 47 * MM
        name = self.name(title, width=self.width - right_width - 3 * MM)
        return [beside(name, self.number(title, width=right_width), x=self.width - right_width), space(3)]

    def name(self, title: Title, *, width: float) -> Piece:
        """What paper it is."""
        pen = Pen(self.setter)
        if self.low:
            inline(pen, title.title, x=0, width=width, zh=TITLE, en=TITLE_EN)
        else:
            pen.both(title.title, x=0, width=width, zh=TITLE, en=TITLE_EN)
        return pen.piece()

    def number(self, title: Title, *, width: float) -> Piece:
        """The slip's number with time and desk, and the mark of a reprint."""
        pen = Pen(self.setter)
        pen.y = 1
        if title.number:
            pen.write(title.number, x=0, width=width, face=NUMBER, align=1)
        else:
            later = Face(8.2, 10.8, grey=GREY)
            pen.both(labels.NUMBERED_LATER, x=0, width=width, zh=later, en=VALUE_EN, align=1)
        pen.write(f"{title.time} · {name_line(title.place)}", x=0, width=width, face=VALUE_EN, align=1)
        if title.reprint:
            pen.y += 1
            tag(pen, f"{name_line(labels.REPRINT)} {title.reprint}", x=width, align=1)
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
        pieces = [rule_piece(self.width, 1.0), space(3.5)]
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
        wide = tag(pen, words, x=0, filled=band.provisional)
        pen.y = 1.2
        left = wide + 3 * MM
        room = self.width - left
        for label, number in band.refers:
            inline(pen, Both(f"{label.zh} {number}", label.en), x=left, width=room, zh=STRONG, en=VALUE_EN)
        inline(pen, band.promise, x=left, width=room, zh=VALUE, en=VALUE_EN)
        pen.y = max(pen.y, TAG.lead + 4)
        return pen.piece()

    # --- facts -----------------------------------------------------------------------------------------------

    def _facts(self, grid: Facts) -> list[Piece]:
        width = (self.width - (self.columns - 1) * GUTTER) / self.columns
        pieces = [rule_piece(self.width, 1.0), space(3)]
        rows = [grid.facts[at : at + self.columns] for at in range(0, len(grid.facts), self.columns)]
        for index, row in enumerate(rows):
            if index:
                line = Pen(self.setter)
                for column in range(self.columns):
                    line.rule(x=column * (width + GUTTER), width=width, weight=HAIR, grey=0.7)
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
        inline(label, fact.label, x=0, width=label_width - 4, zh=LABEL, en=LABEL_EN, gap=2.5)
        value = Pen(self.setter)
        room = width - label_width
        zh = STRONG if fact.strong else VALUE
        inline(value, fact.value, x=0, width=room, zh=zh, en=VALUE_EN)
        value.write(fact.extra, x=0, width=room, face=VALUE_EN)
        return beside(label.piece(), value.piece(), x=label_width)
