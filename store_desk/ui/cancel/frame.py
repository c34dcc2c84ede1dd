"""Head and foot of a sheet: what it is about, and what is missing or ready."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.cancel.missing import Missing
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import SHEET_FOOTER, SHEET_HEADER
from store_desk.ui.parts.buttons import Button, Chip, IconButton
from store_desk.ui.parts.parts import Pane
from store_desk.ui.parts.text import Run, Runs, TextLabel


class SheetHead(Pane):
    """Close, title with the ticket's number, customer and product, chips, and a quiet word at the right.

    Signal: close_asked().
    """

    close_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self.setFixedHeight(SHEET_HEADER)
        self.close_button = IconButton("x", "")
        # The head stands before everything else; Tab begins with the first section all the same.
        self.close_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.close_button.clicked.connect(self.close_asked)
        self._title = Runs(height=24)
        self._sub = TextLabel(style="small", colour="text2", elide=True)
        self._word = TextLabel(style="small", colour="text2")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addStretch(1)
        names.addWidget(self._title)
        names.addWidget(self._sub)
        names.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 26, 0)
        row.setSpacing(10)
        row.addWidget(self.close_button)
        row.addLayout(names, 1)
        row.addLayout(self._chips)
        row.addSpacing(10)
        row.addWidget(self._word)
        self.setLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, THEME.colour("line"))

    def show_words(self, *, title: str, number: str, sub: str, close: str) -> None:
        """Sets what the sheet is about."""
        self._title.set_runs((Run(title, "heading"), Run(number, "heading", "text2", gap=8)))
        self._sub.set_text(sub)
        self.close_button.set_name(close)

    def show_chips(self, chips: list[Chip]) -> None:
        """Sets the chips."""
        while self._chips.count():
            item = self._chips.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.deleteLater()
        for chip in chips:
            self._chips.addWidget(chip)

    def show_word(self, text: str) -> None:
        """Sets the quiet word at the right (Draft saved 14:20)."""
        self._word.set_text(text)

    def word(self) -> str:
        """The quiet word."""
        return self._word.text()


class CancelFoot(Pane):
    """What is missing as chips, or that all is set; Keep and Confirm.

    Signals: missing_asked(Missing), keep_asked(), confirm_asked().
    """

    missing_asked = Signal(object)
    keep_asked = Signal()
    confirm_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._missing: tuple[Missing, ...] | None = None
        self._sent = False
        self.setFixedHeight(SHEET_FOOTER)
        self.chips: list[Button] = []
        self._state = Runs(height=24)
        self._more = TextLabel(style="captionb", colour="text2")
        self.confirm = Button("", key="Ctrl ↵", kind="primary", size="large")
        self.keep = Button("", key="Esc", size="large")
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(self._state)
        row.addLayout(self._row)
        row.addWidget(self._more)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.confirm)
        self.setLayout(row)
        self.keep.clicked.connect(self.keep_asked)
        self.confirm.clicked.connect(self.confirm_asked)

    def tab_stops(self) -> list[QWidget]:
        """Where the Tab key stops: Confirm and Keep come before the chips that lead back (design, focus order)."""
        return [self.confirm, self.keep, *self.chips]

    def retranslate(self) -> None:
        """Reads the buttons' words again."""
        say = self._bench.language.say
        self.confirm.set_text(say("ui_cancel.confirm"))
        self.keep.set_text(say("ui_cancel.keep"))
        self._missing = None

    def show_missing(self, missing: tuple[Missing, ...], *, ready: str, manager: bool, can_confirm: bool) -> None:
        """Shows what is missing, or the sentence `ready`; Confirm works only when all is set."""
        say = self._bench.language.say
        if self._sent:
            self.show_sent()
            return
        if missing != self._missing or not missing:
            self._missing = missing
            had = next((i for i, chip in enumerate(self.chips) if chip.hasFocus()), -1)
            self._show_chips(missing, manager=manager)
            if had >= 0 and self.chips:
                self.chips[min(had, len(self.chips) - 1)].setFocus()
        if missing:
            words, icon, colour = say("ui_cancel.left", n=len(missing)), "circle-dashed", "text2"
        else:
            words, icon, colour = ready, "circle-check", "ok"
        self._state.set_runs(
            (Run(icon=icon, px=20, colour=colour), Run(words, "subhead" if missing else "label", gap=10))
        )
        reason = "" if can_confirm else words
        self.confirm.set_reason(reason)

    def show_sent(self) -> None:
        """The request has left: only leaving is left to do."""
        say = self._bench.language.say
        self._sent = True
        self.keep.set_text(say("ui_cancel.parked.leave"))
        self.confirm.hide()
        self._show_chips((), manager=False)
        words = say("ui_cancel.parked")
        self._state.set_runs((Run(icon="hourglass", px=20, colour="warn"), Run(words, "label", gap=10)))
        self.keep.setFocus()

    def _show_chips(self, missing: tuple[Missing, ...], *, manager: bool) -> None:
        say = self._bench.language.say
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for item in missing:
            if item.code.startswith("evidence."):
                words = say(f"trade.{item.code}")
            elif item.code == "approval" and manager:
                words = say("ui_cancel.missing.approval.manager")
            else:
                words = say(f"ui_cancel.missing.{item.code}")
            chip = Button(words, size="small")
            chip.clicked.connect(partial(self.missing_asked.emit, item))
            self.chips.append(chip)
            self._row.addWidget(chip)
        self._fit()

    def missing_codes(self) -> tuple[str, ...]:
        """The codes of what is missing."""
        return tuple(item.code for item in self._missing or ())

    def _fit(self) -> None:
        """Hides the chips that do not fit and says how many they are."""
        room = self.width() - 48 - self.keep.sizeHint().width() - self.confirm.sizeHint().width() - 160
        hidden = 0
        for chip in self.chips:
            room -= chip.sizeHint().width() + 8
            chip.setVisible(room > 60 or chip is self.chips[0])
            hidden += not chip.isVisibleTo(self)
        self._more.set_text(self._bench.language.say("ui_cancel.more", n=hidden) if hidden else "")

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, THEME.colour("line"))
