"""The ways in: a new store, one from a backup, or a desk that joins a head office."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width
from store_desk.ui.parts.text import TextLabel

WIDTH = 520
TILE = 84


class WayTile(QPushButton):
    """A way in: icon, name, what it needs, and its digit."""

    def __init__(self, icon: str, digit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._digit = icon, digit
        self._caption = ""
        self.setFixedHeight(TILE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_words(self, title: str, caption: str) -> None:
        """Changes the words."""
        self.setText(title)
        self._caption = caption
        self.setAccessibleName(title)
        self.setAccessibleDescription(caption)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, TILE)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, TILE)

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        over = self.underMouse() or self.isDown()
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="hover" if over else "surface", line="line_strong")
        middle = self.height() / 2
        frame(painter, QRectF(20, middle - 22, 44, 44), RADIUS["button_large"], fill="accent_soft")
        paint_icon(painter, self._icon, 32, round(middle - 10), 20, THEME.colour("accent_text"))
        room = self.width() - 84 - 60
        draw_text(painter, self.text(), 84, middle - 22, "heading", "text", width=room)
        draw_text(painter, self._caption, 84, middle + 3, "small", "text2", width=room)
        draw_key(painter, self._digit, self.width() - 24 - key_width(self._digit), middle)
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["panel"])


class Welcome(QWidget):
    """Signals: new_asked(), restore_asked(), join_asked()."""

    new_asked = Signal()
    restore_asked = Signal()
    join_asked = Signal()

    def __init__(self, language: Language, *, can_join: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._title = TextLabel(style="display")
        self._caption = TextLabel(colour="text2")
        self.new = WayTile("store", "1")
        self.restore = WayTile("database-backup", "2")
        self.join = WayTile("building-2", "3")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addSpacing(6)
        column.addWidget(self._caption)
        column.addSpacing(28)
        column.addWidget(self.new)
        column.addSpacing(12)
        column.addWidget(self.restore)
        column.addSpacing(12)
        column.addWidget(self.join)
        column.addStretch(1)
        if not can_join:
            self.join.hide()
        self.new.clicked.connect(self.new_asked)
        self.restore.clicked.connect(self.restore_asked)
        self.join.clicked.connect(self.join_asked)
        self.setFocusProxy(self.new)
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_setup.welcome"))
        self._caption.set_text(say("ui_setup.welcome.caption"))
        self.new.set_words(say("ui_setup.way.new"), say("ui_setup.way.new.caption"))
        self.restore.set_words(say("ui_setup.way.restore"), say("ui_setup.way.restore.caption"))
        self.join.set_words(say("ui_joining.way"), say("ui_joining.way.caption"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "1":
            self.new.click()
        elif event.text() == "2":
            self.restore.click()
        elif event.text() == "3" and not self.join.isHidden():
            self.join.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            ways = [tile for tile in (self.new, self.restore, self.join) if not tile.isHidden()]
            at = next((place for place, tile in enumerate(ways) if tile.hasFocus()), 0)
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            ways[(at + step) % len(ways)].setFocus()
        else:
            super().keyPressEvent(event)
