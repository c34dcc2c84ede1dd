"""A reason's tile that never cuts its name: the check of the chosen one stands beside the second line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import KEY_CAP, RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame
from store_desk.ui.parts.parts import Tile

LEFT = 8
TEXT = LEFT + KEY_CAP + 9
RIGHT = 6
CHECK = 16
INSET = 4
CTRL = Qt.KeyboardModifier.ControlModifier
# How a person goes to one tile: by Tab or an arrow, or by pressing it.
SOUGHT = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.MouseFocusReason})


class ReasonTile(Tile):
    """The longest reason of either language fits the narrowest column, chosen or not."""

    def __init__(self, digit: str, title: str, *, need_icon: str = "", need: str = "") -> None:
        super().__init__(digit, title, need_icon=need_icon, need=need)
        self._cap = digit
        self._icon = need_icon or "file-text"
        self._second = need
        # Whether a person went to this very tile; the sheet puts the focus on the first one of its own accord, and the
        # Enter that ends an answer or a scan must not choose a reason there.
        self.is_sought = False

    def room(self) -> int:
        """How many pixels the name has."""
        alone = self.is_selected() and not self._second
        return self.width() - TEXT - (RIGHT + CHECK + 4 if alone else RIGHT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.is_sought = event.reason() in SOUGHT
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # An Enter left unaccepted would be the sheet's, which presses the button that has the focus.
        if self.is_sought or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & CTRL:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        chosen, middle = self.is_selected(), self.height() / 2
        over = self.underMouse() and self.isEnabled()
        fill = "accent_soft" if chosen else "hover" if over else "surface"
        line = "accent" if chosen else "line_strong"
        frame(painter, QRectF(self.rect()), RADIUS["tile"], fill=fill, line=line, width=2 if chosen else 1)
        draw_key(painter, self._cap, LEFT, middle)
        colour = "accent_text" if chosen else "text" if self.isEnabled() else "disabled"
        top = middle - 18 if self._second else middle - 9
        draw_text(painter, self.text(), TEXT, top, "label", colour, width=self.room())
        mark = self.width() - RIGHT - CHECK - 4
        if self._second:
            paint_icon(painter, self._icon, TEXT, middle + 2, 12, THEME.colour("text3"))
            room = (mark if chosen else self.width() - RIGHT) - TEXT - 19
            draw_text(painter, self._second, TEXT + 17, middle, "caption", "text2", width=room)
        if chosen:
            paint_icon(painter, "circle-check", mark, middle - (0 if self._second else 8), CHECK, THEME.colour(colour))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["tile"])
            if chosen:
                # The outline of the chosen tile looks like the ring: a second one inside tells where the focus is.
                inside = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
                frame(painter, inside, RADIUS["tile"] - INSET, line="focus", width=1.5)
