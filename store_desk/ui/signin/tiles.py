"""The clerks as tiles under each other: one is chosen, and the list is one stop for Tab."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.signin.person import Person

TILE = 68
GAP = 8
AVATAR = 40


def tiles_height(count: int) -> int:
    """How high a list of this many tiles is."""
    return max(0, count * (TILE + GAP) - GAP)


class ClerkTile(QPushButton):
    """A person: first character, name, number and role; with the PIN in the practice store."""

    def __init__(self, person: Person, *, hint: str, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = person
        self._hint, self._language = hint, language
        self._chosen = False
        self._caption = ""
        self.setFixedHeight(TILE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def retranslate(self) -> None:
        """Reads the words again."""
        say, person = self._language.say, self.person
        until = person.locked_until(datetime.now(UTC))
        if until is not None:
            self._caption = say("ui_signin.person.locked", id=person.id, until=f"{until:%H:%M}")
        else:
            self._caption = say("ui_signin.person", id=person.id, role=say(f"trade.role.{person.role}"))
        name = person.name_in(self._language.now)
        self.setText(name)
        self.setAccessibleName(f"{name}, {self._caption}")
        self._describe()
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Shows it chosen; only the chosen one is reached by Tab."""
        self._chosen = chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
        self._describe()
        self.update()

    def is_chosen(self) -> bool:
        """Whether it is shown as chosen."""
        return self._chosen

    def _describe(self) -> None:
        words = [self._language.say("ui_signin.chosen")] if self._chosen else []
        if self._hint:
            words.append(self._language.say("ui_signin.demo.pin", pin=self._hint))
        self.setAccessibleDescription(", ".join(words))

    def sizeHint(self) -> QSize:
        return QSize(300, TILE)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, TILE)

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # The page chooses with the arrows and goes on to the PIN.
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        line, width = ("accent", 2.0) if self._chosen else ("line_strong", 1.0)
        fill = "hover" if over and not self._chosen else "surface"
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill=fill, line=line, width=width)
        middle = self.height() / 2
        disc = QRectF(14, middle - AVATAR / 2, AVATAR, AVATAR)
        frame(painter, disc, AVATAR / 2, fill="accent_soft" if self._chosen else "sunken")
        first = self.person.name[:1]
        x = disc.center().x() - text_width(first, "heading") / 2
        draw_text(painter, first, x, middle - 12, "heading", "accent_text" if self._chosen else "text2")
        room = self.width() - 66 - 48
        locked = self.person.locked_until(datetime.now(UTC)) is not None
        top = middle - (27 if self._hint else 20.5)
        draw_text(painter, self.text(), 66, top, "subhead", "text", width=room)
        draw_text(painter, self._caption, 66, top + 20, "caption", "warn" if locked else "text2", width=room)
        if self._hint:
            words = self._language.say("ui_signin.demo.pin", pin=self._hint)
            draw_text(painter, words, 66, top + 37, "captionb", "accent_text", width=room)
        if self._chosen:
            paint_icon(painter, "circle-check", self.width() - 32, middle - 9, 18, THEME.colour("accent_text"))
        elif locked:
            paint_icon(painter, "lock", self.width() - 32, middle - 9, 18, THEME.colour("warn"))
        if self.hasFocus():
            frame(painter, QRectF(self.rect()), RADIUS["panel"], line="focus", width=3)


class ClerkList(QScrollArea):
    """All tiles; scrolls beyond the height it is given. Signal: chosen(str staff id), by a person or by `step`."""

    chosen = Signal(str)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._tiles: list[ClerkTile] = []
        self._only = ""
        self._chosen = ""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self.setWidget(self._inside)

    def show_people(self, people: tuple[Person, ...], *, pins: dict[str, str]) -> None:
        """Shows these people; the chosen one stays chosen where it is still there."""
        for tile in self._tiles:
            self._column.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        for person in people:
            tile = ClerkTile(person, hint=pins.get(person.id, ""), language=self._language, parent=self._inside)
            tile.clicked.connect(self.on_clicked)
            self._column.insertWidget(len(self._tiles), tile)
            self._tiles.append(tile)
        ids = [person.id for person in people]
        self._show(self._chosen if self._chosen in ids else ids[0] if ids else "")
        self.show_only(self._only if self._only in ids else "")

    def show_only(self, staff_id: str) -> None:
        """Leaves only this person's tile, as the lock does; empty shows everybody."""
        self._only = staff_id
        for tile in self._tiles:
            tile.setVisible(not staff_id or tile.person.id == staff_id)

    def shown(self) -> int:
        """How many tiles there are to see."""
        return 1 if self._only else len(self._tiles)

    def retranslate(self) -> None:
        """Reads all words again."""
        self.setAccessibleName(self._language.say("ui_signin.people"))
        for tile in self._tiles:
            tile.retranslate()

    def choose(self, staff_id: str) -> None:
        """Chooses without a signal."""
        if any(tile.person.id == staff_id for tile in self._tiles):
            self._show(staff_id)

    def person(self) -> Person | None:
        """Who is chosen."""
        return next((tile.person for tile in self._tiles if tile.person.id == self._chosen), None)

    def tile(self, staff_id: str) -> ClerkTile | None:
        """The tile of a person."""
        return next((tile for tile in self._tiles if tile.person.id == staff_id), None)

    def step(self, by: int) -> None:
        """Chooses the next or the one before; stops at both ends."""
        ids = [tile.person.id for tile in self._tiles]
        if self._only or self._chosen not in ids:
            return
        staff_id = ids[max(0, min(len(ids) - 1, ids.index(self._chosen) + by))]
        if staff_id != self._chosen:
            had_focus = any(tile.hasFocus() for tile in self._tiles)
            self._show(staff_id)
            if had_focus and (tile := self.tile(staff_id)) is not None:
                tile.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(staff_id)

    def _show(self, staff_id: str) -> None:
        self._chosen = staff_id
        for tile in self._tiles:
            tile.set_chosen(tile.person.id == staff_id)
            if tile.is_chosen():
                self.ensureWidgetVisible(tile, 0, GAP)

    def on_clicked(self) -> None:
        """A tile was clicked or pressed with Space."""
        tile = self.sender()
        if isinstance(tile, ClerkTile):
            self._show(tile.person.id)
            self.chosen.emit(tile.person.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The arrows choose, they do not scroll.
        event.ignore()
