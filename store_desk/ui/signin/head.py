"""The left half of the sign-in screen: the shop's mark, what is asked, the clerks, and a draft that waits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.signin.mark import MARK, Mark
from store_desk.ui.signin.person import Person
from store_desk.ui.signin.tiles import ClerkList, tiles_height

WIDTH = 380
DRAFT_HEIGHT = 60
VISIBLE_MAX = 6
# All that stands above and below the tiles: mark, title, line, gaps, hint.
AROUND = MARK + 28 + 40 + 6 + 20 + 28 + 20 + 20


class DraftLine(QWidget):
    """Says that a cancellation was begun: the ticket's number and nothing of the customer."""

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._number = ""
        self.setFixedHeight(DRAFT_HEIGHT)

    def show_draft(self, number: str) -> None:
        """Names the ticket; empty hides the line."""
        self._number = number
        self.setVisible(bool(number))
        self.retranslate()

    def words(self) -> tuple[str, str]:
        """The two lines."""
        say = self._language.say
        return say("ui_signin.lock.draft", number=self._number), say("ui_signin.lock.draft.caption")

    def retranslate(self) -> None:
        """Reads the words again."""
        self.setAccessibleName(". ".join(self.words()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="sunken")
        middle = self.height() / 2
        frame(painter, QRectF(14, middle - 18, 36, 36), RADIUS["button"], fill="surface")
        paint_icon(painter, "pen-line", 24, round(middle - 8), 16, THEME.colour("text2"))
        title, caption = self.words()
        draw_text(painter, title, 62, middle - 19, "labelb", "text", width=self.width() - 74)
        draw_text(painter, caption, 62, middle + 1, "caption", "text2", width=self.width() - 74)


class Head(QWidget):
    """What page and lock share; the page tells it what to show."""

    def __init__(self, language: Language, *, mark: str, store_line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._store_line = store_line
        self._locked_by: Person | None = None
        self._locked_at = ""
        self.setFixedWidth(WIDTH)
        self._title = TextLabel(style="display")
        self._line = TextLabel(colour="text2", elide=True)
        self.list = ClerkList(language)
        self.draft = DraftLine(language)
        self.draft.hide()
        self.switch = Button("", icon="users", key="Alt U", size="large")
        self.switch.hide()
        self._move = Runs(height=20)
        self._nobody = TextLabel(colour="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Mark(mark))
        column.addSpacing(28)
        column.addWidget(self._title)
        column.addSpacing(6)
        column.addWidget(self._line)
        column.addSpacing(28)
        column.addWidget(self.list)
        column.addWidget(self._nobody)
        column.addSpacing(12)
        column.addWidget(self.draft)
        column.addSpacing(8)
        column.addWidget(self._move)
        column.addSpacing(12)
        column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def set_store_line(self, text: str) -> None:
        """Names store and desk."""
        self._store_line = text
        self.retranslate()

    def store_line(self) -> str:
        """What names store and desk."""
        return self._store_line

    def title(self) -> str:
        """The large words."""
        return self._title.text()

    def show_people(self, people: tuple[Person, ...], *, pins: dict[str, str]) -> None:
        """Shows the clerks."""
        self.list.show_people(people, pins=pins)
        self._arrange()

    def show_lock(self, person: Person | None, *, at: str, number: str) -> None:
        """The desk is locked since `at`, by this person; with the number of the ticket whose draft waits."""
        self._locked_by, self._locked_at = person, at
        self.list.show_only(person.id if person is not None else "")
        self.draft.show_draft(number)
        self._arrange()

    def show_everybody(self) -> None:
        """Anybody may sign in."""
        self.list.show_only("")
        self._arrange()

    def end_lock(self) -> None:
        """No longer locked."""
        self._locked_by, self._locked_at = None, ""
        self.draft.show_draft("")
        self.show_everybody()

    def is_locked(self) -> bool:
        """Whether it says locked."""
        return bool(self._locked_at)

    def _arrange(self) -> None:
        count = self.list.shown()
        self.switch.setVisible(self.is_locked() and count == 1)
        self._move.setVisible(count > 1)
        self._nobody.setVisible(count == 0)
        self.list.setVisible(count > 0)
        self.updateGeometry()
        self.retranslate()

    def wanted_height(self) -> int:
        """How high it likes to be with at most six tiles."""
        return AROUND + tiles_height(min(self.list.shown(), VISIBLE_MAX)) + self._draft_height()

    def _draft_height(self) -> int:
        return DRAFT_HEIGHT if self.draft.isVisibleTo(self) else 0

    def set_room(self, height: int) -> None:
        """Gives the tiles what is left of this height."""
        wanted = tiles_height(min(self.list.shown(), VISIBLE_MAX))
        self.list.setFixedHeight(max(tiles_height(1), min(wanted, height - AROUND - self._draft_height())))

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        if self.is_locked():
            self._title.set_text(say("ui_signin.lock"))
            name = self._locked_by.name_in(self._language.now) if self._locked_by is not None else self._store_line
            self._line.set_text(say("ui_signin.lock.line", name=name, time=self._locked_at))
        else:
            self._title.set_text(say("ui_signin.title"))
            self._line.set_text(self._store_line)
        self.switch.set_text(say("ui_signin.lock.switch"))
        self._nobody.set_text(say("ui_signin.nobody"))
        move = Run(text=say("ui_signin.move"), style="small", colour="text2")
        self._move.set_runs((Run(key="↑"), Run(key="↓", gap=4), move))
        self.draft.retranslate()
        self.list.retranslate()
