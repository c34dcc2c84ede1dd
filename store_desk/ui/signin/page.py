"""The first page: who is at the desk, and the PIN. It is shown before the services are there, and asks them later."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.areas import Hairline
from store_desk.ui.parts.buttons import Chip, IconButton, LinkButton
from store_desk.ui.parts.inputs import Segmented
from store_desk.ui.parts.pin import Keypad, PinBoxes
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.signin.mark import Mark
from store_desk.ui.signin.person import Person
from store_desk.ui.signin.tiles import People

COLUMN = 380


class SignInPage(QWidget):
    """Signals: signed_in(object: domain Actor), language_chosen(str), scheme_chosen(str).

    Shown from a plain list; `attach(bench)` gives it the services. A PIN that was complete before that waits.
    """

    signed_in = Signal(object)
    language_chosen = Signal(str)
    scheme_chosen = Signal(str)

    def __init__(
        self,
        people: tuple[Person, ...],
        *,
        store: tuple[str, str],
        desk: int,
        language: Language,
        demo_pins: dict[str, str],
        mark: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._language = language
        self._store, self._desk = store, desk
        self._bench: Any = None
        # What the boxes are asking for: the PIN, a new one, or the new one again.
        self._asking = "pin"
        self._old_pin = self._new_pin = ""
        self._busy = False
        self._draft = ""
        self._build(mark, bool(demo_pins), People(language, demo_pins))
        self.set_people(people)
        language.changed.connect(self.read_words)
        self.read_words()

    def _build(self, mark: str, demo: bool, people: People) -> None:
        self._people = people
        self._people.chosen.connect(self._on_chosen)
        self._title = TextLabel("", "display")
        self._line = TextLabel("", "body", "text2")
        self._demo = Chip("", tone="warn", icon="info")
        self._demo.setVisible(demo)
        self._waiting = TextLabel("", "small", "text2", wrap=True)
        left = QVBoxLayout()
        left.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Mark(mark, side=52))
        head.addStretch(1)
        head.addWidget(self._demo, 0, Qt.AlignmentFlag.AlignBottom)
        left.addLayout(head)
        left.addSpacing(28)
        left.addWidget(self._title)
        left.addWidget(self._line)
        left.addSpacing(24)
        left.addWidget(self._people)
        left.addSpacing(12)
        left.addWidget(self._waiting)
        left.addStretch(1)
        self._left = QWidget()
        self._left.setLayout(left)
        self._left.setFixedWidth(COLUMN)
        left.setContentsMargins(0, 0, 0, 0)
        self._left.setFixedHeight(640)
        middle = QHBoxLayout()
        middle.setSpacing(72)
        middle.addStretch(1)
        middle.addWidget(self._left)
        line = Hairline(vertical=True)
        line.setFixedHeight(560)
        middle.addWidget(line)
        middle.addWidget(self._pin_side())
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        column.addLayout(self._foot())

    def _pin_side(self) -> QWidget:
        self._ask = TextLabel("", "heading", align=Qt.AlignmentFlag.AlignHCenter)
        self._caption = TextLabel("", "small", "text2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._boxes = PinBoxes()
        self._boxes.completed.connect(self._on_completed)
        self._said = TextLabel("", "small", "bad", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._keypad = Keypad("")
        self._keypad.digit.connect(self._on_digit)
        self._keypad.cleared.connect(self._boxes.clear)
        self._keypad.back.connect(self._boxes.back)
        self._forgot = LinkButton("")
        self._forgot.clicked.connect(self._on_forgot)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self._ask)
        side.addSpacing(6)
        side.addWidget(self._caption)
        side.addSpacing(16)
        side.addWidget(self._boxes, 0, Qt.AlignmentFlag.AlignHCenter)
        side.addSpacing(10)
        side.addWidget(self._said)
        side.addSpacing(14)
        side.addWidget(self._keypad, 0, Qt.AlignmentFlag.AlignHCenter)
        side.addSpacing(20)
        side.addWidget(self._forgot, 0, Qt.AlignmentFlag.AlignHCenter)
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(COLUMN - 20)
        holder.setFixedHeight(640)
        return holder

    def _foot(self) -> QHBoxLayout:
        self._state = TextLabel("", "caption", "text2")
        self._languages = Segmented((("zh", "中文", "", ""), ("en", "English", "", "")), height=34)
        self._languages.chosen.connect(self.language_chosen)
        self._scheme = IconButton("moon", "")
        self._scheme.clicked.connect(self._on_scheme)
        foot = QHBoxLayout()
        foot.addWidget(self._state)
        foot.addStretch(1)
        foot.addWidget(self._languages)
        foot.addSpacing(12)
        foot.addWidget(self._scheme)
        return foot

    # --- what others call --------------------------------------------------------------------------------------

    def attach(self, bench: Any) -> None:
        """The services are there; a PIN that is complete is checked now."""
        self._bench = bench
        self._state.set_text("")
        if len(self._boxes.text()) == 6 and self._asking == "pin":
            self._on_completed(self._boxes.text())

    def set_people(self, people: tuple[Person, ...]) -> None:
        """Shows these people."""
        self._people.set_people(people)

    def show_lock(self, staff_id: str, draft_number: str) -> None:
        """The lock: nothing of customers but the number of the draft that waits."""
        self._draft = draft_number
        self._people.choose(staff_id)
        self._start_over()

    def focus_pin(self) -> None:
        """Ready to type."""
        self._boxes.setFocus()

    # --- the PIN -----------------------------------------------------------------------------------------------

    def _start_over(self) -> None:
        self._asking = "pin"
        self._old_pin = self._new_pin = ""
        self._busy = False
        self._said.set_text("")
        self._boxes.setEnabled(True)
        self._boxes.clear()
        self.read_words()
        self._boxes.setFocus()

    def _on_chosen(self, _: str) -> None:
        self._start_over()

    def _on_digit(self, digit: str) -> None:
        self._boxes.setFocus()
        self._boxes.type_digit(digit)

    def _on_completed(self, pin: str) -> None:
        if self._busy:
            return
        if self._bench is None:
            self._state.set_text(self._language.say("ui_signin.starting"))
            return
        if self._asking == "new":
            self._new_pin, self._asking = pin, "again"
            self._boxes.clear()
            self.read_words()
            return
        if self._asking == "again" and pin != self._new_pin:
            self._asking = "new"
            self._boxes.clear()
            self._said.set_text(self._language.say("ui_signin.again.differs"))
            self.read_words()
            return
        self._ask_services(pin)

    def _ask_services(self, pin: str) -> None:
        from store_desk.services import people
        from store_desk.ui.tasks import run

        desk, staff_id, old = self._bench.desk, self._people.current_id(), self._old_pin
        self._busy = True
        self._boxes.setEnabled(False)
        self._said.set_text("")
        if self._asking == "again":
            work = lambda: people.change_own_pin(desk, staff_id=staff_id, pin=old, new_pin=pin)  # noqa: E731
            run(self, self._bench.database, work, then=self._on_right, refused=self._on_refused)
            return
        self._old_pin = pin
        sign_in = lambda: people.sign_in(desk, staff_id=staff_id, pin=pin)  # noqa: E731
        run(self, self._bench.database, sign_in, then=self._on_checked, refused=self._on_refused)

    def _on_checked(self, signed: Any) -> None:
        if signed.must_change_pin:
            self._busy = False
            self._asking = "new"
            self._boxes.setEnabled(True)
            self._boxes.clear()
            self.read_words()
            self._boxes.setFocus()
            return
        self._on_right(signed.actor)

    def _on_right(self, actor: object) -> None:
        self._draft = ""
        self._start_over()
        self.signed_in.emit(actor)

    def _on_refused(self, error: DomainError) -> None:
        asking = self._asking
        self._busy = False
        self._boxes.setEnabled(True)
        self._boxes.clear()
        self._boxes.set_wrong(True)
        self._said.set_text(self._language.error(error))
        if asking == "again":
            self._asking = "new"
            self.read_words()
        self._boxes.setFocus()

    def _on_forgot(self) -> None:
        self._said.set_look(colour="text2")
        self._said.set_text(self._language.say("ui_signin.forgot.text"))

    def _on_scheme(self) -> None:
        self.scheme_chosen.emit("light" if THEME.is_dark else "dark")
        self.read_words()

    # --- words and painting ------------------------------------------------------------------------------------

    def read_words(self) -> None:
        """Reads all words again."""
        say = self._language.say
        english = self._language.now == "en" and self._store[1]
        store = self._store[1] if english else self._store[0]
        self._title.set_text(say("ui_signin.title"))
        self._line.set_text(say("ui_signin.desk", store=store, desk=self._desk))
        self._demo.set_chip(say("ui_signin.demo"), tone="warn", icon="info")
        self._waiting.set_text(say("ui_signin.draft", number=self._draft) if self._draft else "")
        self._people.read_words()
        key = {"pin": "pin", "new": "new", "again": "again"}[self._asking]
        self._ask.set_text(say(f"ui_signin.{key}"))
        self._caption.set_text(say("ui_signin.pin.caption" if key == "pin" else "ui_signin.new.caption"))
        self._boxes.setAccessibleName(say("ui_signin.pin.for", name=self._people.current_name()))
        self._keypad.set_clear_words(say("ui_signin.clear"))
        self._forgot.set_text(say("ui_signin.forgot"))
        self._said.set_look(colour="bad")
        self._languages.set_value(self._language.now)
        self._languages.setAccessibleName(say("ui_signin.language"))
        self._scheme.set_icon("sun" if THEME.is_dark else "moon")
        self._scheme.set_name(say("ui_signin.light" if THEME.is_dark else "ui_signin.dark"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._people.move_choice(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.text().isdigit() and not self._boxes.hasFocus():
            self._on_digit(event.text())
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._boxes.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("canvas"))
