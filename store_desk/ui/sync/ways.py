"""The ways out of an answer: tiles with digits, one of them chosen, and a line for head office where one asks it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, line_height, wrap_text
from store_desk.ui.sync.told import Way

ASK = "head_office"
TEXT_X = 48
PAD_Y = 9
WHY_LENGTH_MAX = 200


class WayTile(QCheckBox):
    """One way out: its digit, what it is called, what it does; checked when it is the chosen one."""

    def __init__(self, digit: int, way: Way, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way = way
        self._digit = str(digit)
        self.setText(way.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{digit} {way.title}")
        self.setAccessibleDescription(way.text)

    def nextCheckState(self) -> None:
        """Leaves it as it is: which tile is chosen is said by the list of ways; a click only asks."""

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def _lines(self, width: int) -> tuple[list[str], list[str]]:
        room = width - TEXT_X - 40
        return wrap_text(self.way.title, "strong", room), wrap_text(self.way.text, "caption", room)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        titles, texts = self._lines(width)
        return 2 * PAD_Y + len(titles) * line_height("strong") + len(texts) * line_height("caption") + 2

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(self.width() if self.width() > 200 else 320))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on, over = self.isChecked(), self.underMouse() and self.isEnabled()
        fill = "accent_soft" if on else "hover" if over else "surface"
        rect = QRectF(self.rect())
        frame(painter, rect, RADIUS["tile"], fill=fill, line="accent" if on else "line_strong", width=2 if on else 1)
        middle = self.height() / 2
        draw_key(painter, self._digit, 14, middle)
        titles, texts = self._lines(self.width())
        top: float = PAD_Y
        for line in titles:
            draw_text(painter, line, TEXT_X, top, "strong", "text")
            top += line_height("strong")
        top += 2
        for line in texts:
            draw_text(painter, line, TEXT_X, top, "caption", "text2")
            top += line_height("caption")
        if on:
            paint_icon(painter, "circle-check", self.width() - 30, middle - 8, 16, THEME.colour("accent_text"))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["tile"])


class Ways(QWidget):
    """The tiles, of which one is chosen. Signals: chosen(str code) by a person, changed() when the reason is typed."""

    chosen = Signal(str)
    changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._tiles: list[WayTile] = []
        self._chosen = ""
        self.why = LineEdit(icon="message-square")
        self.why.setMaxLength(WHY_LENGTH_MAX)
        self.why.textEdited.connect(self._on_typed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.why)
        self.why.hide()

    def show_ways(self, ways: tuple[Way, ...], *, keep: bool) -> None:
        """Shows these ways; `keep` leaves chosen what was chosen, else it is the first."""
        had = next((tile.way.code for tile in self._tiles if tile.hasFocus()), "")
        for tile in self._tiles:
            self._column.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = [WayTile(digit, way) for digit, way in enumerate(ways, start=1)]
        for place, tile in enumerate(self._tiles):
            tile.clicked.connect(self._on_clicked)
            self._column.insertWidget(place, tile)
            tile.show()
            if tile.way.code == had:
                tile.setFocus()
        codes = [way.code for way in ways]
        if not keep or self._chosen not in codes:
            self._chosen = codes[0] if codes else ""
            self.why.clear()
        self._show()

    def _show(self) -> None:
        for tile in self._tiles:
            tile.setChecked(tile.way.code == self._chosen)
        words = self._bench.language.say("ui_sync.way.why")
        self.why.setPlaceholderText(words)
        self.why.setAccessibleName(words)
        self.why.setVisible(self.does() == ASK)

    def codes(self) -> tuple[str, ...]:
        """The ways that are shown, in order."""
        return tuple(tile.way.code for tile in self._tiles)

    def value(self) -> str:
        """The chosen way's code, '' for none."""
        return self._chosen

    def does(self) -> str:
        """What is done for the chosen way, '' for none."""
        return next((tile.way.does for tile in self._tiles if tile.way.code == self._chosen), "")

    def asking(self) -> str:
        """The code of the way that asks head office, '' where it is not offered."""
        return next((tile.way.code for tile in self._tiles if tile.way.does == ASK), "")

    def digit(self) -> int:
        """The chosen way's digit, 0 for none."""
        return self.codes().index(self._chosen) + 1 if self._chosen else 0

    def choose(self, code: str) -> None:
        """Chooses as a person would; the line for head office gets the focus where one is wanted."""
        if code not in self.codes():
            return
        self._chosen = code
        self._show()
        if self.does() == ASK:
            self.why.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.chosen.emit(code)

    def choose_digit(self, digit: int) -> None:
        """Chooses by the digit; nothing when there is no such way."""
        if 1 <= digit <= len(self._tiles):
            self.choose(self._tiles[digit - 1].way.code)

    def _on_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, WayTile):
            self.choose(tile.way.code)

    def _on_typed(self, _: str) -> None:
        self.changed.emit()
