"""The PDF of a slip: one page list for each copy and paper, the same input giving the same bytes.

Not safe on two threads at once: ReportLab's fonts keep what a document uses. One lane draws slips, behind one lock.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from store_desk.domain.slip import Copy, Paper, SlipData, title_of
from store_desk.slips import fonts, labels, qr
from store_desk.slips.attached import attach
from store_desk.slips.describe import describe
from store_desk.slips.drawing import draw_page, draw_watermark
from store_desk.slips.half_sheet import HalfSheetLayout
from store_desk.slips.pieces import MM, Face, Op, Pen, Piece, cut, squeezed, stacked
from store_desk.slips.roll import RollLayout
from store_desk.slips.sheet import SheetLayout
from store_desk.slips.typeset import Typesetter

_drawing = threading.Lock()
_FOOT = Face(5.8, 7.4, grey=0.36)
_FOOT_HEIGHT = 9.0
# What adding up heights may be off.
_ROUNDING = 0.01
# Paper before the first line, and enough after the last to clear the cutter.
_ROLL_TOP, _ROLL_END = 4 * MM, 6 * MM


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet in points, its margins and how many columns its facts have."""

    width: float
    height: float
    margin: float
    margin_y: float
    columns: int

    @property
    def body(self) -> float:
        """How much height a page has for pieces, above its foot."""
        return self.height - 2 * self.margin_y - _FOOT_HEIGHT


@dataclass(frozen=True, slots=True)
class RollForm:
    """A roll in points and the margin on both sides that the head cannot print."""

    width: float
    margin: float


A5 = SheetForm(148 * MM, 210 * MM, 11 * MM, 8 * MM, 2)
A4 = SheetForm(210 * MM, 297 * MM, 14 * MM, 13 * MM, 3)
A4_HALF = SheetForm(210 * MM, 148.5 * MM, 14 * MM, 6.5 * MM, 3)
ROLLS = {Paper.MM80: RollForm(80 * MM, 4 * MM), Paper.MM58: RollForm(58 * MM, 5 * MM)}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size and the placed parts (things, left, distance of their origin from the page's top)."""

    width: float
    height: float
    parts: tuple[tuple[tuple[Op, ...], float, float], ...]
    watermarks: int = 1


def render_slip(
    data: SlipData,
    *,
    paper: Paper,
    copies: tuple[Copy, ...],
    reprint: int = 0,
    draft: bool = False,
    whole: SlipData | None = None,
) -> bytes:
    """The slip as PDF, the copies one after the other (on A4 two on one sheet where they fit).

    `reprint` counts from 1, 0 is the first print. A draft has a watermark and neither number nor code. `whole` is the
    slip as it was signed where `data` leaves words out; a slip with a proof is attached to its file.
    """
    with _drawing:
        setter = Typesetter()
        if paper in ROLLS:
            pages = [_roll_page(setter, data, ROLLS[paper], copy, reprint, draft) for copy in copies]
        elif paper is Paper.A4 and len(copies) > 1:
            pages = _a4_pages(setter, data, copies, reprint, draft)
        else:
            form = A4 if paper is Paper.A4 else A5
            pages = [page for copy in copies for page in _sheet_pages(setter, data, form, copy, reprint, draft)]
        signed = whole or data
        attached = signed if signed.qr_text and not draft else None
        return _write(setter, data, pages, draft=draft, roll=paper in ROLLS, attached=attached)


def warm() -> None:
    """Opens the fonts and ReportLab, so that the first slip is as quick as the next; for the printer lane."""
    for bold in (False, True):
        fonts.weight(bold=bold)
    qr.warm()


def _roll_page(setter: Typesetter, data: SlipData, form: RollForm, copy: Copy, reprint: int, draft: bool) -> Page:
    layout = RollLayout(setter, width=form.width - 2 * form.margin, narrow=form.width < 70 * MM)
    blocks = describe(data, copy=copy, reprint=reprint, draft=draft)
    pieces = [piece for block in blocks for piece in layout.pieces(block)]
    whole = stacked(pieces)
    height = _ROLL_TOP + whole.height + _ROLL_END
    return Page(form.width, height, ((whole.ops, form.margin, _ROLL_TOP),))


def _sheet_pieces(
    setter: Typesetter, data: SlipData, form: SheetForm, copy: Copy, reprint: int, draft: bool
) -> list[Piece]:
    """The pieces from top to bottom, in the lower layout where that saves the second page."""
    blocks = describe(data, copy=copy, reprint=reprint, draft=draft)
    found: list[list[Piece]] = []
    for low in (False, True):
        layout = SheetLayout(setter, width=form.width - 2 * form.margin, columns=form.columns, low=low)
        found.append(squeezed(layout.pieces(blocks), form.body))
        if sum(piece.height for piece in found[-1]) <= form.body + _ROUNDING:
            return found[-1]
    return found[0]


def _sheet_pages(
    setter: Typesetter, data: SlipData, form: SheetForm, copy: Copy, reprint: int, draft: bool
) -> list[Page]:
    pieces = _sheet_pieces(setter, data, form, copy, reprint, draft)
    bodies = _paginate(pieces, form.body)
    pages = []
    for number, ops in enumerate(bodies, start=1):
        foot = _foot(setter, data, form, copy, draft, f"{number} / {len(bodies)}")
        parts = ((ops, form.margin, form.margin_y), (foot, form.margin, form.height - form.margin_y - _FOOT.lead))
        pages.append(Page(form.width, form.height, parts))
    return pages


def _a4_pages(setter: Typesetter, data: SlipData, copies: tuple[Copy, ...], reprint: int, draft: bool) -> list[Page]:
    """Two copies on a sheet, the first on top, where each fits on its half; else each on its own sheets."""
    layout = HalfSheetLayout(setter, width=A4_HALF.width - 2 * A4_HALF.margin)
    described = (describe(data, copy=copy, reprint=reprint, draft=draft) for copy in copies)
    halves = [squeezed(layout.pieces(blocks), A4_HALF.body) for blocks in described]
    if len(copies) > 2 or any(sum(piece.height for piece in half) > A4_HALF.body for half in halves):
        return [page for copy in copies for page in _sheet_pages(setter, data, A4, copy, reprint, draft)]
    parts: list[tuple[tuple[Op, ...], float, float]] = []
    for place, (copy, half) in enumerate(zip(copies, halves, strict=True)):
        top = place * A4_HALF.height
        foot = _foot(setter, data, A4_HALF, copy, draft, "1 / 1")
        parts.append((stacked(half).ops, A4_HALF.margin, top + A4_HALF.margin_y))
        parts.append((foot, A4_HALF.margin, top + A4_HALF.height - A4_HALF.margin_y - _FOOT.lead))
    cutting = Pen(setter)
    cutting.rule(x=0, width=A4.width, weight=0.4, grey=0.6, dashed=True)
    parts.append((tuple(cutting.ops), 0.0, A4_HALF.height))
    return [Page(A4.width, A4.height, tuple(parts), watermarks=2)]


def _foot(setter: Typesetter, data: SlipData, form: SheetForm, copy: Copy, draft: bool, page: str) -> tuple[Op, ...]:
    """The last line of each page: which slip of which ticket it belongs to, and the page of how many."""
    pen = Pen(setter)
    width = form.width - 2 * form.margin
    whose = labels.COPY[copy]
    number = labels.DRAFT.zh + " " + labels.DRAFT.en if draft else data.number
    words = [data.ticket_number, number, f"{whose.zh} {whose.en}"]
    if data.demo:
        words.append(f"{labels.DEMO.zh} {labels.DEMO.en}")
    line = setter.lines(" · ".join(words), width=width - 40, size=_FOOT.size, bold=False)[0]
    pen.put(line, x=0, width=width, face=_FOOT)
    pen.put(page, x=0, width=width, face=_FOOT, align=1)
    return tuple(pen.ops)


def _paginate(pieces: list[Piece], room: float) -> list[tuple[Op, ...]]:
    """The pieces on pages of a height; a group of kept pieces moves as one where a page can hold it."""
    pages: list[list[Piece]] = [[]]
    used = 0.0
    for group in _groups(pieces, room):
        height = sum(piece.height for piece in group)
        if used + height > room + _ROUNDING and any(piece.ops for piece in pages[-1]):
            pages.append([])
            used = 0.0
        if not pages[-1]:
            group = _without_space(group)
        pages[-1] += group
        used += sum(piece.height for piece in group)
    return [stacked(page).ops for page in pages if any(piece.ops for piece in page)]


def _without_space(group: list[Piece]) -> list[Piece]:
    """A group at the top of a page does not begin with empty space."""
    start = 0
    while start < len(group) and not group[start].ops:
        start += 1
    return group[start:]


def _groups(pieces: list[Piece], room: float) -> list[list[Piece]]:
    """Pieces that stay together: spaces with what follows, kept pieces with the next; none taller than a page."""
    groups: list[list[Piece]] = []
    waiting: list[Piece] = []
    for piece in (part for whole in pieces for part in cut(whole, room)):
        waiting.append(piece)
        if piece.ops and not piece.keep:
            groups.append(waiting)
            waiting = []
    if waiting:
        groups.append(waiting)
    return [
        part
        for group in groups
        for part in ([group] if sum(piece.height for piece in group) <= room else [[piece] for piece in group])
    ]


def _write(
    setter: Typesetter, data: SlipData, pages: list[Page], *, draft: bool, roll: bool, attached: SlipData | None
) -> bytes:
    out = io.BytesIO()
    title = title_of(data.variant)
    # Without a first font of our own every file would carry a Helvetica that is not embedded.
    canvas = Canvas(
        out,
        pagesize=(pages[0].width, pages[0].height),
        invariant=True,
        lang="zh-CN",
        pdfVersion=(1, 7),
        initialFontName=fonts.REGULAR,
    )
    name = labels.DRAFT.zh if draft else data.number
    canvas.setTitle(f"{title.zh} {name}".strip())
    canvas.setAuthor("")
    canvas.setSubject(data.ticket_number)
    canvas.setCreator("Store Desk")
    canvas.setProducer("Store Desk")
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        if draft:
            _watermark(canvas, setter, page, roll=roll)
        for ops, left, top in page.parts:
            draw_page(canvas, ops, left=left, top=page.height - top)
        canvas.showPage()
    if attached is not None:
        attach(canvas, attached)
    canvas.save()
    return out.getvalue()


def _watermark(canvas: Canvas, setter: Typesetter, page: Page, *, roll: bool) -> None:
    every = 70 * MM if roll else page.height / page.watermarks
    text = f"{labels.DRAFT.zh} {labels.DRAFT.en}"
    draw_watermark(canvas, setter, text, width=page.width, height=page.height, every=every)
