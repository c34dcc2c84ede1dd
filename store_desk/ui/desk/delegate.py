"""How a row of the list is painted: two columns on three lines, the selected one with its bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from store_desk.ui.desk.model import TicketModel
from store_desk.ui.desk.rows import TYPE_ICONS, Row, RowText
from store_desk.ui.look.glyphs import paint_glyph
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame

LEFT = 20
TEXT = 52
GLYPH = 18
INSET = 8
GAP = 12
URGENT = {"soon": ("clock", "warn"), "late": ("triangle-alert", "bad"), "plain": ("", "text2")}


class RowDelegate(QStyledItemDelegate):
    """Paints heads, tickets and notes from the model's words; nothing is laid out, so a thousand rows cost nothing."""

    def __init__(self, model: TicketModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = self._model.data(index, Qt.ItemDataRole.SizeHintRole)
        return size if isinstance(size, QSize) else QSize(0, 0)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRectF(option.rect)
        state = option.state
        row = self._model.row(index.row())
        text = self._model.text(index.row())
        painter.save()
        if text is None or row.line is None:
            self._paint_head(painter, rect, row, index.row())
        else:
            selected = bool(state & QStyle.StateFlag.State_Selected)
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            over = bool(state & QStyle.StateFlag.State_MouseOver)
            self._paint_back(painter, rect, selected=selected, focused=focused, over=over)
            self._paint_left(painter, rect, row, text, self._paint_right(painter, rect, text))
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRectF, row: Row, place: int) -> None:
        words, right = self._model.head_words(place)
        top = rect.center().y() - 8
        room = rect.width() - 2 * LEFT
        if row.kind == "note":
            draw_text(painter, words, rect.left() + LEFT, top, "caption", "text2", width=room)
            return
        width = text_width(right, "caption")
        draw_text(painter, words, rect.left() + LEFT, top, "captionb", "text2", width=room - width - GAP)
        draw_text(painter, right, rect.right() - LEFT - width, top, "caption", "text2")

    def _paint_back(self, painter: QPainter, rect: QRectF, *, selected: bool, focused: bool, over: bool) -> None:
        inner = rect.adjusted(INSET, 2, -INSET, -2)
        if selected:
            frame(painter, inner, RADIUS["row_selection"], fill="accent_soft")
            bar = QRectF(inner.left(), inner.top() + 12, 3, inner.height() - 24)
            painter.fillRect(bar, THEME.colour("accent"))
        else:
            if over:
                frame(painter, inner, RADIUS["row_selection"], fill="hover")
            line = QRectF(rect.left() + TEXT, rect.bottom() - 1, rect.width() - TEXT - LEFT, 1)
            painter.fillRect(line, THEME.colour("line"))
        if focused:
            frame(painter, inner, RADIUS["row_selection"], line="focus", width=2)

    def _paint_right(self, painter: QPainter, rect: QRectF, text: RowText) -> tuple[float, float, float]:
        """Paints the right column; answers how wide each of its lines is, with the gap before it."""
        right = rect.right() - LEFT
        state = text_width(text.state, "label")
        draw_text(painter, text.state, right - state, rect.top() + 10, "label", text.state_colour)
        if text.badge:
            state += 20
            paint_icon(painter, text.badge, right - state, rect.top() + 12, 14, THEME.colour(text.state_colour))
        x = right
        if text.handle:
            x -= text_width(text.handle, "captionb")
            draw_text(painter, text.handle, x, rect.top() + 32, "captionb", "bad")
            x -= 20
            paint_icon(painter, "triangle-alert", x, rect.top() + 33, 14, THEME.colour("bad"))
        if text.collect:
            x -= text_width(text.collect, "captionb") + (10 if text.handle else 0)
            draw_text(painter, text.collect, x, rect.top() + 32, "captionb", "warn")
            x -= 20
            paint_icon(painter, "coins", x, rect.top() + 33, 14, THEME.colour("warn"))
        if text.draft:
            x -= text_width(text.draft, "captionb") + (10 if text.collect or text.handle else 0)
            draw_text(painter, text.draft, x, rect.top() + 32, "captionb", "accent_text")
            x -= 18
            paint_icon(painter, "pen-line", x, rect.top() + 33, 14, THEME.colour("accent_text"))
        icon, colour = URGENT[text.urgency]
        style = "captionb" if icon else "caption"
        time = text_width(text.time, style)
        draw_text(painter, text.time, right - time, rect.top() + 51, style, colour)
        if icon:
            time += 20
            paint_icon(painter, icon, right - time, rect.top() + 52, 14, THEME.colour(colour))
        return state + GAP, right - x + GAP, time + GAP

    def _paint_left(
        self, painter: QPainter, rect: QRectF, row: Row, text: RowText, taken: tuple[float, float, float]
    ) -> None:
        if row.line is None:
            return
        left = rect.left() + TEXT
        room = rect.width() - TEXT - LEFT
        glyph = QRectF(rect.left() + LEFT + 1, rect.top() + 13, GLYPH, GLYPH)
        paint_glyph(painter, row.line.rung.value, glyph)
        used = draw_text(painter, text.name, left, rect.top() + 9, "subhead", "text", width=room - taken[0])
        rest = room - taken[0] - used - 8
        if text.name_other and rest > 30:
            draw_text(painter, text.name_other, left + used + 8, rect.top() + 10, "small", "text2", width=rest)
        draw_text(painter, text.product, left, rect.top() + 30, "small", "text2", width=room - taken[1])
        icon = TYPE_ICONS[row.line.ticket.type.value]
        paint_icon(painter, icon, left, rect.top() + 53, 12, THEME.colour("text2"))
        x = left + 19
        x += draw_text(painter, text.type, x, rect.top() + 51, "caption", "text2") + 10
        draw_text(painter, text.number, x, rect.top() + 51, "caption", "text2", width=left + room - taken[2] - x)
