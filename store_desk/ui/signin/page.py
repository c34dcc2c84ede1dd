"""Sign-in and lock: who is at the desk, and the PIN; shown before the services are there and works once they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.parts import Hairline
from store_desk.ui.signin.bottom import BOTTOM, BottomLine
from store_desk.ui.signin.entry import Entry
from store_desk.ui.signin.forgotten import HelpPane, RecoveryPane
from store_desk.ui.signin.gate import Gate
from store_desk.ui.signin.head import Head
from store_desk.ui.signin.person import Person, Recovery
from store_desk.ui.signin.pin_pane import PinPane
from store_desk.ui.signin.tiles import ClerkTile

if TYPE_CHECKING:
    from store_desk.ui.bench import Bench

RIGHT_WIDTH = 320
GUTTER = 72
BLOCK_HEIGHT = 560
BLOCK_MARGIN = 16
SWITCH_CLERK = "Alt+U"
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SignInPage(QWidget):
    """Signals: signed_in(domain.staff.Actor), language_chosen(str), scheme_chosen(str `light` or `dark`).

    It can be shown and used at once; `attach` gives it the services, and a PIN that was complete before runs then.
    """

    signed_in = Signal(object)
    language_chosen = Signal(str)
    scheme_chosen = Signal(str)

    def __init__(
        self,
        people: tuple[Person, ...],
        *,
        store_line: str,
        language: Language,
        demo_pins: dict[str, str],
        mark: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._language = language
        self._people = people
        self._pins = demo_pins
        self._gate = Gate(self)
        self.head = Head(language, mark=mark, store_line=store_line)
        self.pin = PinPane()
        self.right = QStackedWidget()
        self.bottom = BottomLine(language, demo=bool(demo_pins))
        self._entry = Entry(self._gate, self.pin, language, self)
        self._help: HelpPane | None = None
        self._recovery: RecoveryPane | None = None
        self._build()
        self._connect()
        self.head.show_people(people, pins=demo_pins)
        self.setFocusProxy(self.pin)
        self.retranslate()
        self._entry.begin(self.head.list.person())

    def _build(self) -> None:
        self.right.setFixedWidth(RIGHT_WIDTH)
        self.right.addWidget(self.pin)
        self._block = QWidget()
        row = QHBoxLayout(self._block)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GUTTER)
        row.addStretch(1)
        row.addWidget(self.head)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.right)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._block)
        column.addStretch(1)
        column.addWidget(self.bottom)

    def _connect(self) -> None:
        self.head.list.chosen.connect(self.on_chosen)
        self.head.switch.clicked.connect(self.on_switch_clerk)
        QShortcut(QKeySequence(SWITCH_CLERK), self, self.on_switch_clerk)
        self.pin.link_clicked.connect(self.on_link)
        self.bottom.language_chosen.connect(self.language_chosen)
        self.bottom.scheme_chosen.connect(self.scheme_chosen)
        self._entry.signed_in.connect(self.on_signed_in)
        self._entry.sheet_right.connect(self.on_sheet_right)
        self._entry.sheet_wrong.connect(self.on_sheet_wrong)
        self._entry.locked.connect(self.on_person_locked)
        self._entry.busy.connect(self.on_busy)
        self._language.changed.connect(self.retranslate)

    # --- called by the program ---------------------------------------------------------------------------------

    def attach(self, bench: Bench, *, recovery: Recovery | None = None) -> None:
        """Gives the page its services; a PIN that waited is looked at now."""
        self._gate.attach(bench, recovery)
        if self._help is not None:
            self._help.show_help(self._people, why_not=self._why_no_recovery())
        self.retranslate()

    def set_people(self, people: tuple[Person, ...]) -> None:
        """Shows the staff as it is now; who was chosen stays chosen."""
        before = self.head.list.person()
        self._people = people
        self.head.show_people(people, pins=self._pins)
        self._place()
        chosen = self.head.list.person()
        if before is None or chosen is None or chosen.id != before.id:
            self._entry.begin(chosen)
        else:
            self._entry.show_person(chosen)

    def show_lock(self, actor_id: str, draft_line: str) -> None:
        """The desk is locked: this clerk is chosen (the last one when empty), and the number of a draft is named."""
        self.show_pin()
        if actor_id:
            self.head.list.choose(actor_id)
        person = self.head.list.person()
        bench = self._gate.bench
        now = bench.desk.clock().astimezone(bench.desk.zone) if bench is not None else datetime.now().astimezone()
        self.head.show_lock(person, at=f"{now:%H:%M}", number=draft_line)
        self._place()
        self._entry.begin(person)

    def show_pin(self) -> None:
        """Back from help and recovery to the PIN; nothing typed there stays."""
        if self._recovery is not None:
            self._recovery.forget()
        self.right.setCurrentWidget(self.pin)
        self._entry.begin(self.head.list.person())
        self.pin.setFocus()

    def retranslate(self) -> None:
        """Reads all words again."""
        bench = self._gate.bench
        if bench is not None:
            here = bench.desk.identity
            name = here.store_name_other if self._language.now == "en" and here.store_name_other else here.store_name
            self.head.set_store_line(self._language.say("ui_signin.store_line", name=name, desk=here.desk))
        self.head.retranslate()
        self.bottom.retranslate()
        self._entry.retranslate()
        for pane in (self._help, self._recovery):
            if pane is not None:
                pane.retranslate()

    # --- what happens ------------------------------------------------------------------------------------------

    def on_chosen(self, staff_id: str) -> None:
        """Another clerk."""
        self.right.setCurrentWidget(self.pin)
        self._entry.begin(self.head.list.person())

    def on_switch_clerk(self) -> None:
        """From the lock: anybody else may sign in."""
        if not self.head.is_locked() or self._entry.is_busy():
            return
        self.head.show_everybody()
        self._place()
        person = self.head.list.person()
        tile = self.head.list.tile(person.id) if person is not None else None
        if tile is not None:
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_link(self) -> None:
        """Forgotten, or back from choosing a PIN."""
        if self._entry.is_choosing():
            self._entry.begin(self.head.list.person())
            self.pin.setFocus()
            return
        if self._help is None:
            self._help = HelpPane(self._language)
            self._help.back.connect(self.show_pin)
            self._help.recovery_asked.connect(self.on_recovery_asked)
            self.right.addWidget(self._help)
        self._help.show_help(self._people, why_not=self._why_no_recovery())
        self.right.setCurrentWidget(self._help)
        self._help.setFocus()

    def _why_no_recovery(self) -> str:
        return "" if self._gate.can_recover else self._language.say("ui_signin.help.opening")

    def on_recovery_asked(self) -> None:
        """The recovery sheet is to be typed."""
        if self._recovery is None:
            self._recovery = RecoveryPane(self._language)
            self._recovery.back.connect(self.show_pin)
            self._recovery.given.connect(self.on_sheet_given)
            self.right.addWidget(self._recovery)
        person = self.head.list.person()
        self._recovery.show_managers(self._people, chosen=person.id if person is not None else "")
        self.right.setCurrentWidget(self._recovery)
        self._recovery.setFocus()

    def on_sheet_given(self, staff_id: str, sheet: str) -> None:
        """The sheet is complete."""
        if self._recovery is not None:
            self.head.setFocus()
            self._recovery.set_busy(True)
            self._recovery.show_line(self._language.say("ui_signin.recover.checking"), colour="text2")
            self._entry.check_sheet(staff_id, sheet)

    def on_sheet_right(self, staff_id: str) -> None:
        """The sheet is this store's: a new PIN is chosen."""
        if self._recovery is not None:
            self._recovery.set_busy(False)
            self._recovery.forget()
        self.head.show_everybody()
        self._place()
        self.head.list.choose(staff_id)
        self._entry.show_recovering(self.head.list.person())
        self.right.setCurrentWidget(self.pin)
        self.pin.setFocus()

    def on_sheet_wrong(self, text: str) -> None:
        """The sheet has a mistake."""
        if self._recovery is not None:
            self._recovery.set_busy(False)
            self._recovery.show_line(text)

    def on_person_locked(self, person: Person) -> None:
        """Too many wrong PINs: the tile says until when."""
        self._people = tuple(person if known.id == person.id else known for known in self._people)
        self.head.show_people(self._people, pins=self._pins)

    def on_busy(self, busy: bool) -> None:
        """Nothing changes while a PIN is looked at; the focus waits here so that nothing else lights up."""
        if busy:
            self.head.setFocus()
        self.head.list.setEnabled(not busy)
        self.head.switch.setEnabled(not busy)

    def on_signed_in(self, actor: object) -> None:
        """Somebody is at the desk; the page is ready for the next time."""
        self.head.end_lock()
        self._place()
        self._entry.begin(self.head.list.person())
        self.signed_in.emit(actor)

    # --- Qt ----------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        room = self.height() - BOTTOM - 2 * BLOCK_MARGIN
        height = max(BLOCK_HEIGHT, min(self.head.wanted_height(), room))
        self._block.setFixedHeight(height)
        self.head.set_room(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pin.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        at_pin = self.right.currentWidget() is self.pin
        button = self.focusWidget()
        if step and at_pin and not self._entry.is_busy() and not self._entry.is_choosing():
            self.head.list.step(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.on_escape()
        elif event.key() in ENTER and isinstance(button, QAbstractButton) and not isinstance(button, ClerkTile):
            button.click()
        elif at_pin and self.pin.boxes.isEnabled() and not self.pin.boxes.hasFocus():
            # Digits go to the boxes wherever the focus stands; Enter on a tile goes there.
            self.pin.boxes.setFocus()
            if event.key() not in ENTER:
                self.pin.boxes.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def on_escape(self) -> None:
        """One step back."""
        if self.right.currentWidget() is not self.pin or self._entry.is_choosing():
            self.show_pin()
        elif self._gate.is_waiting():
            self._gate.drop_waiting()
            self._entry.begin(self.head.list.person())
            self.pin.setFocus()
        else:
            self.pin.boxes.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("canvas"))
