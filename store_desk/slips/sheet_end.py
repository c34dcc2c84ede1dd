"""The end of a sheet: where people sign, and beside it the QR with its code, the legal text and the small print."""

from __future__ import annotations

from store_desk.slips import labels
from store_desk.slips.describe import NAMES_BETWEEN, NOTHING, Proof, Signatures, SignBox
from store_desk.slips.pieces import MM, Bars, Face, Frame, Ink, Pen, Piece, beside, space, stacked
from store_desk.slips.qr import qr_rects, quiet_zone, sheet_side
from store_desk.slips.sheet_style import (
    GUTTER,
    HAIR,
    LABEL,
    LABEL_EN,
    NUMBER,
    QR_SIDE,
    SIGN_ROOM,
    SMALL,
    SMALL_EN,
    TINY,
    VALUE,
    VALUE_EN,
    inline,
    rule_piece,
)
from store_desk.slips.typeset import Typesetter

# How much of the boxes' width the customer's may have, the usual one first.
_SHARES = (0.5, 0.46, 0.42)
_NAME = Face(7, 8.8)
_CODE = NUMBER._replace(size=10.5, lead=13)


class EndLayout:
    """Turns signatures and proof into pieces of one width."""

    def __init__(self, setter: Typesetter, *, width: float) -> None:
        self.setter = setter
        self.width = width

    def pieces(self, signatures: Signatures, proof: Proof) -> list[Piece]:
        """Both from top to bottom. The QR stands beside the boxes, because it is as high as they and the text."""
        if not proof.qr_text:
            boxes = self._boxes(signatures, self.width)
            return [rule_piece(self.width, 1.0), space(3.5), boxes, space(3.5), self._text(proof, self.width)]
        code = self._code(proof)
        left = sheet_side(proof.qr_text, least=QR_SIDE) + 4 * MM
        room = self.width - left
        text = stacked([self._boxes(signatures, room), space(3.5), self._text(proof, room)])
        white = Piece(quiet_zone(proof.qr_text, side=QR_SIDE), (), keep=True)
        return [rule_piece(self.width, 1.0), white, beside(code, text, x=left)]

    # --- signatures ------------------------------------------------------------------------------------------

    def _boxes(self, block: Signatures, whole: float) -> Piece:
        both = whole - GUTTER
        if len(block.boxes) == 1:
            return self._framed([self._sign_box(block.boxes[0], both / 2)], [both / 2])
        # Two people behind the counter have longer names than one before it; the customer never signs in less room.
        found = []
        for share in _SHARES:
            widths = [both * share, both * (1 - share)]
            boxes = [self._sign_box(box, width) for box, width in zip(block.boxes, widths, strict=True)]
            found.append(self._framed(boxes, widths))
        return min(found, key=lambda piece: piece.height)

    def _framed(self, boxes: list[Piece], widths: list[float]) -> Piece:
        height = max(box.height for box in boxes)
        framed = [
            Piece(height, (Frame(0, 0, width, height, 3, 0.6, False), *box.ops))
            for box, width in zip(boxes, widths, strict=True)
        ]
        return framed[0] if len(framed) == 1 else beside(framed[0], framed[1], x=widths[0] + GUTTER)

    def _sign_box(self, box: SignBox, width: float) -> Piece:
        inner, left = width - 12, 6.0
        pen = Pen(self.setter)
        pen.y = 3
        inline(pen, box.label, x=left, width=inner, zh=Face(7, 9, True), en=LABEL_EN)
        if box.strokes:
            pen.ops.append(Ink(left, pen.y, inner, SIGN_ROOM, box.strokes))
            pen.y += SIGN_ROOM
        else:
            start = pen.y
            pen.y += 2 if box.words != NOTHING else 0
            pen.both(box.words, x=left, width=inner, zh=VALUE, en=VALUE_EN, align=0.5)
            pen.y = max(pen.y, start + SIGN_ROOM)
        pen.y += 2
        pen.rule(x=left, width=inner, weight=HAIR, grey=0.7)
        pen.y += 2
        time_width = self.setter.width(box.time, size=LABEL.size, bold=False)
        pen.put(box.time, x=left, width=inner, face=LABEL, align=1)
        top = pen.y
        for name in self._names(box.name, width=inner - time_width - 6):
            pen.write(name, x=left, width=inner - time_width - 6, face=_NAME)
        pen.y = max(pen.y, top + 8.8) + 2.5
        return pen.piece()

    def _names(self, names: str, *, width: float) -> list[str]:
        """The names as they stand on lines of their own, where they are too long for one and none is for its own."""
        each = names.split(NAMES_BETWEEN)
        fit = [self.setter.width(name, size=_NAME.size, bold=False) <= width for name in (names, *each)]
        return each if not fit[0] and all(fit[1:]) else [names]

    # --- proof -----------------------------------------------------------------------------------------------

    def _code(self, proof: Proof) -> Piece:
        """The QR, under it the short code and what both are for."""
        side = sheet_side(proof.qr_text, least=QR_SIDE)
        pen = Pen(self.setter)
        pen.ops.append(Bars(0, 0, qr_rects(proof.qr_text, side=side)))
        pen.y = side + quiet_zone(proof.qr_text, side=side)
        pen.write(proof.short_code, x=0, width=side, face=_CODE, align=0.5)
        pen.write(f"{labels.SCAN.zh} {labels.SCAN.en}", x=0, width=side, face=LABEL_EN, align=0.5)
        return pen.piece()

    def _text(self, proof: Proof, width: float) -> Piece:
        """The legal text and the small print."""
        pen = Pen(self.setter)
        if proof.short_code and not proof.qr_text:
            inline(pen, labels.VERIFY, x=0, width=width, zh=Face(7, 9, True), en=LABEL_EN)
            pen.write(proof.short_code, x=0, width=width, face=NUMBER)
        pen.both(proof.legal, x=0, width=width, zh=SMALL, en=SMALL_EN)
        small = list(proof.small)
        if self.setter.missing:
            small.append((labels.MISSING, " ".join(f"U+{ord(char):04X}" for char in self.setter.missing)))
        pen.y += 1.5
        for label, value in small:
            pen.write(f"{label.zh} {label.en} {value}", x=0, width=width, face=TINY)
        return pen.piece()
