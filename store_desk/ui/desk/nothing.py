"""Nothing was found: what was searched, and three next steps with their keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width
from store_desk.ui.parts.parts import Pane
from store_desk.ui.parts.text import TextLabel

WIDTH = 440
STEP = 54
TILE = 64
# Room around a step for its hover and focus.
EDGE = 8


class NextStep(QAbstractButton):
    """One next step: icon tile, what, how, and its key."""

    def __init__(self, icon: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._key, self._sub = icon, key, ""
        self.setFixedHeight(STEP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_words(self, title: str, sub: str) -> None:
        """What to do, and how."""
        self.setText(title)
        self._sub = sub
        self.setAccessibleName(f"{title}, {sub} ({self._key})")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, STEP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        if self.underMouse():
            frame(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), RADIUS["tile"], fill="hover")
        frame(painter, QRectF(EDGE, middle - 18, 36, 36), RADIUS["button"], fill="sunken")
        paint_icon(painter, self._icon, EDGE + 10, middle - 8, 16, THEME.colour("text2"))
        left, right = EDGE + 48, self.width() - EDGE - key_width(self._key)
        draw_text(painter, self.text(), left, middle - 19, "strong", "text", width=right - left - 12)
        draw_text(painter, self._sub, left, middle + 1, "small", "text2", width=right - left - 12)
        draw_key(painter, self._key, right, middle)
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["tile"])


class _Tile(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(TILE, TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="sunken")
        paint_icon(painter, "search-x", 20, 20, 24, THEME.colour("text2"))


class NothingFound(Pane):
    """Signals: again_asked() to type something else, clear_asked() to clear the search."""

    again_asked = Signal()
    clear_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._query = ""
        row = QHBoxLayout(self)
        row.addStretch(1)
        box = QWidget()
        box.setFixedWidth(WIDTH + 2 * EDGE)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = TextLabel("", "heading", elide=True)
        self._where = TextLabel("", "small", "text2", wrap=True)
        self._phone = NextStep("phone", "F2")
        self._name = NextStep("user", "F2")
        self._clear = NextStep("x", "Esc")
        self._phone.clicked.connect(self.again_asked)
        self._name.clicked.connect(self.again_asked)
        self._clear.clicked.connect(self.clear_asked)
        column.addStretch(4)
        top = QVBoxLayout()
        top.setContentsMargins(EDGE, 0, EDGE, 0)
        top.setSpacing(0)
        top.addWidget(_Tile())
        top.addSpacing(18)
        top.addWidget(self._title)
        top.addSpacing(4)
        top.addWidget(self._where)
        top.addSpacing(16)
        column.addLayout(top)
        for step in (self._phone, self._name, self._clear):
            column.addWidget(step)
        column.addStretch(7)
        row.addWidget(box)
        row.addStretch(1)

    def show_query(self, query: str) -> None:
        """What was not found."""
        self._query = query
        say = self._bench.language.say
        self._title.set_text(say("ui_desk.empty.search", q=query))
        self._where.set_text(say("ui_desk.empty.where"))
        for step, key in ((self._phone, "phone"), (self._name, "name"), (self._clear, "clear")):
            step.set_words(say(f"ui_desk.empty.{key}"), say(f"ui_desk.empty.{key}.sub"))

    def title(self) -> str:
        """The sentence that is shown."""
        return self._title.text()

    def reread(self) -> None:
        """All words in the present language."""
        self.show_query(self._query)
