"""One copy on half an A4 sheet: head and title in one row, the sections in two columns."""

from __future__ import annotations

from store_desk.slips import labels
from store_desk.slips.describe import Block, Head, Section, Title
from store_desk.slips.pieces import MM, Pen, Piece, beside, space, stacked
from store_desk.slips.sheet import SheetLayout
from store_desk.slips.sheet_sections import SectionLayout
from store_desk.slips.sheet_style import GUTTER, TITLE, TITLE_EN, name_line, tag
from store_desk.slips.typeset import Typesetter

_LABEL_WIDTH = 14 * MM
_COLUMNS = 3
# Shares of the width: where the title and the number begin, and how wide the copy's box is.
_TITLE_AT, _NUMBER_WIDTH, _COPY_WIDTH = 0.37, 40 * MM, 21 * MM


class HalfSheetLayout:
    """Turns the blocks of a copy into the pieces of a half sheet, which never goes on over the page."""

    def __init__(self, setter: Typesetter, *, width: float) -> None:
        self.width = width
        self._whole = SheetLayout(setter, width=width, columns=_COLUMNS)
        self._column = SectionLayout(setter, width=(width - GUTTER) / 2, label_width=_LABEL_WIDTH, gap=1.6)

    def pieces(self, blocks: tuple[Block, ...]) -> list[Piece]:
        """Everything from top to bottom; whether it fits is for the caller to see."""
        head = next(block for block in blocks if isinstance(block, Head))
        title = next(block for block in blocks if isinstance(block, Title))
        sections = [block for block in blocks if isinstance(block, Section)]
        pieces = [self._masthead(head, title), space(3)]
        place = blocks.index(sections[0]) if sections else len(blocks)
        before = tuple(block for block in blocks[:place] if not isinstance(block, Head | Title))
        after = tuple(block for block in blocks[place:] if not isinstance(block, Section))
        pieces += self._whole.pieces(before)
        if sections:
            pieces.append(self._side_by_side(sections))
        return pieces + self._whole.pieces(after)

    def _masthead(self, head: Head, title: Title) -> Piece:
        title_at = self.width * _TITLE_AT
        copy_at = self.width - _COPY_WIDTH
        number_at = copy_at - 4 * MM - _NUMBER_WIDTH
        row = beside(
            self._whole.store(head, width=title_at - 3 * MM),
            self._whole.name(title, width=number_at - 2 * MM - title_at),
            x=title_at,
        )
        row = beside(row, self._whole.number(title, width=_NUMBER_WIDTH), x=number_at)
        row = beside(row, self._whole.copy_box(head, width=_COPY_WIDTH), x=copy_at)
        return beside(row, self._demo(head), x=title_at)

    def _demo(self, head: Head) -> Piece:
        """The mark of a demonstration, under the title so that it takes no height of its own."""
        pen = Pen(self._whole.setter)
        if head.demo:
            pen.y = TITLE.lead + TITLE_EN.lead + 2
            tag(pen, name_line(labels.DEMO), x=0)
        return pen.piece()

    def _side_by_side(self, sections: list[Section]) -> Piece:
        """Two columns of about one height, in reading order: down the left one, then down the right one."""
        stacks = [stacked(self._column.pieces(section)) for section in sections]
        heights = [stack.height for stack in stacks]
        split = min(range(1, len(stacks) + 1), key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
        left, right = stacked(stacks[:split]), stacked(stacks[split:])
        return beside(left, right, x=self._column.width + GUTTER)
