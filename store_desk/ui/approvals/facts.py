"""A column of facts: names at the left, values at the right, one line each."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.approvals.saying import Fact
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import draw_text

LINE = 26
HEAD = 28


class FactColumn(QWidget):
    """A heading and its facts; a value that is too long is cut, with all of it in the tooltip."""

    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = ""
        self._facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, head: str, facts: tuple[Fact, ...]) -> None:
        """Shows other facts."""
        self._head, self._facts = head, facts
        self.setFixedHeight(HEAD + LINE * len(facts))
        said = [f"{fact.name} {fact.value}".strip() for fact in facts]
        self.setAccessibleName(f"{head}: {', '.join(said)}")
        self.setToolTip("\n".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEAD + LINE * len(self._facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_text(painter, self._head, 0, 0, "label", "text2")
        for place, fact in enumerate(self._facts):
            top = HEAD + place * LINE + 1
            name = draw_text(painter, fact.name, 0, top, "small", "text2")
            room = self.width() - name - 16 - (22 if fact.icon else 0)
            width = min(text_width(fact.value, "label"), room)
            x = self.width() - width
            draw_text(painter, fact.value, x, top, "label", fact.colour, width=room)
            if fact.icon:
                paint_icon(painter, fact.icon, x - 20, top + 2, 14, THEME.colour(fact.colour))
