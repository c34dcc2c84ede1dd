"""The customer's screen as the cancel sheet opens, feeds and takes it back."""

from __future__ import annotations

import json

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from store_desk.services.rules import read_settings
from store_desk.services.wording import clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.customer.screen import CustomerScreen, customer_screen
from store_desk.ui.customer.told import Times, Told, told_of
from store_desk.ui.parts.buttons import Button
from store_desk.ui.tasks import run
from store_desk.words import Lang

# The name of the display that faces the customer; another one than the desk's own without it.
SETTINGS, SCREEN = "signature.", "screen"


class TurnedScreen(QObject):
    """Signal: drawn(strokes) while and after the customer signs on the other screen."""

    drawn = Signal(object)

    def __init__(self, bench: Bench, owner: QWidget) -> None:
        super().__init__(owner)
        self._bench = bench
        self._owner = owner
        self._told: Told | None = None
        # What the customer of this sheet reads; the next customer begins with Chinese again.
        self._lang: Lang = "zh"
        self.screen: CustomerScreen | None = None
        self.button = Button("", icon="tablet-smartphone", kind="ghost", size="small")
        self.button.clicked.connect(self.on_button)
        owner.installEventFilter(self)

    def retranslate(self) -> None:
        """Reads the button's words again."""
        key = "open" if self.screen is None else "close"
        self.button.set_text(self._bench.language.say(f"ui_customer.{key}"))

    def show_work(self, work: CancelWork, *, name: str, can: bool) -> None:
        """Follows the sheet: another text shows at once, with an empty pad; without a pad here there is none."""
        view = work.view
        self.button.setVisible(can)
        # Without a reason there is a view for the money alone, which is nothing to sign.
        self.button.setEnabled(view is not None and work.plan is not None)
        if not can:
            self._told = None
            self.take_back()
        if not can or view is None or work.plan is None or work.opening is None:
            return
        desk = self._bench.desk
        # By the day, or a minute later the text would be another one and the pad be emptied.
        times = Times(desk.clock(), desk.zone, work.opening.policy.reopen_days)
        told = told_of(desk.identity, view, words=work.entries.note, name=name, times=times)
        if told == self._told:
            return
        self._told = told
        if self.screen is not None:
            self.screen.show_told(told)

    def on_button(self) -> None:
        """Opens the customer's screen, or takes it back."""
        if self.screen is not None:
            self.take_back()
            return
        run(self, self._bench.database, self._chosen, then=self.on_chosen)

    def _chosen(self) -> str:
        return str(json.loads(read_settings(self._bench.desk, SETTINGS).get(SCREEN, '""')))

    def on_chosen(self, name: str) -> None:
        """The display is known: fill it."""
        if self._told is None or self.screen is not None or not self._owner.isVisible():
            return
        own = self._owner.screen()
        screen = CustomerScreen(demo=self._bench.desk.identity.demo, lang=self._lang, clock=self._clock)
        screen.drawn.connect(self.drawn)
        screen.finished.connect(self.on_finished)
        screen.taken_back.connect(self.on_taken_back)
        self.screen = screen
        screen.show_told(self._told)
        screen.show_on(customer_screen(QGuiApplication.screens(), own=own, name=name), own=own)
        self.retranslate()

    def _clock(self) -> str:
        return clock_words(self._bench.desk.clock(), self._bench.desk.zone)

    def on_finished(self, _: object) -> None:
        """The customer is done; the strokes are here already."""
        self._owner.window().activateWindow()

    def on_taken_back(self) -> None:
        """The screen was closed, here or there."""
        if self.screen is not None:
            self._lang = self.screen.lang
        self.screen = None
        self.retranslate()

    def take_back(self) -> None:
        """Closes the customer's screen; the strokes stay on the sheet."""
        if self.screen is not None:
            self.screen.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: when the sheet goes (kept, cancelled, locked), nothing of it stays on the other display."""
        if watched is self._owner and event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.take_back()
        return False
