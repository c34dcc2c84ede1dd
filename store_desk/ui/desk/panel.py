"""The action panel: what this state demands, the primary button, and reopening or undoing right in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.desk.chips import ChipFlow
from store_desk.ui.desk.demands import Action, Demand
from store_desk.ui.desk.in_place import NoteForm, UndoForm
from store_desk.ui.parts.buttons import Button, Chip, Kind
from store_desk.ui.parts.parts import Panel
from store_desk.ui.parts.text import Run, Runs, TextLabel

TICK_MS = 1_000


class ActionPanel(Panel):
    """Shows a Demand.

    Signals: cancel_asked(), reopen_given(note), undo_given(), changed() when a form opens or shuts.
    """

    cancel_asked = Signal()
    reopen_given = Signal(str)
    undo_given = Signal()
    changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("accent", parent=parent)
        self._bench = bench
        self._demand: Demand | None = None
        self._undo_left = 0
        self._buttons: dict[Action, Button] = {}
        self._objection = False
        self._build()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.on_tick)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 17, 20, 16)
        column.setSpacing(14)
        self._ask = QWidget()
        row = QHBoxLayout(self._ask)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self._title = Runs(height=20)
        self._sentence = TextLabel("", "small", "text2", wrap=True)
        self._chips = ChipFlow(top=10)
        texts.addWidget(self._title)
        texts.addSpacing(4)
        texts.addWidget(self._sentence)
        texts.addWidget(self._chips)
        row.addLayout(texts, 1)
        row.addWidget(self._build_side(), 0, Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self._ask)
        self._note = NoteForm(self._bench)
        self._note.given.connect(self.on_note)
        self._note.left.connect(self.close_form)
        self._undo = UndoForm(self._bench)
        self._undo.given.connect(self.on_undo)
        self._undo.left.connect(self.close_form)
        for form in (self._note, self._undo):
            form.hide()
            column.addWidget(form)

    def _build_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        looks: tuple[tuple[Action, str, str, Kind, str], ...] = (
            ("undo", "ui_desk.do.undo", "", "secondary", "undo-2"),
            ("reopen", "ui_desk.do.reopen", "", "primary", "rotate-cw"),
            ("continue", "ui_desk.do.continue", "F8", "primary", ""),
            ("cancel", "ui_desk.do.cancel", "F8", "primary", ""),
        )
        for action, key, cap, kind, icon in looks:
            button = Button(self._bench.language.say(key), icon=icon, key=cap, kind=kind, size="large")
            button.setProperty("words", key)
            button.hide()
            buttons.addWidget(button)
            self._buttons[action] = button
        self._buttons["cancel"].clicked.connect(self.on_cancel)
        self._buttons["continue"].clicked.connect(self.on_cancel)
        self._buttons["reopen"].clicked.connect(self.open_reopen)
        self._buttons["undo"].clicked.connect(self.open_undo)
        self._left = TextLabel("", "caption", "text2", align=Qt.AlignmentFlag.AlignRight)
        column.addLayout(buttons)
        column.addWidget(self._left)
        return side

    def show_demand(self, demand: Demand, *, undo_left_s: int, objection: bool) -> None:
        """Shows what is demanded; an open form stays open as long as its action is still offered."""
        self._demand = demand
        self._objection = objection
        self.set_tone("accent" if demand.can_cancel else "sunken")
        colour = "accent_text" if demand.can_cancel else "text2"
        self._title.set_runs((Run(icon=demand.icon, colour=colour, px=20), Run(demand.title, "subhead")))
        self._sentence.set_text(demand.sentence)
        self._chips.show_chips(Chip(chip.text, icon=chip.icon, tone=chip.tone) for chip in demand.chips)
        self._chips.setVisible(bool(demand.chips))
        for action, button in self._buttons.items():
            button.set_text(self._bench.language.say(str(button.property("words"))))
            button.setVisible(action in demand.actions)
        self._undo_left = undo_left_s if "undo" in demand.actions else 0
        self._show_left()
        if (self._note.isVisibleTo(self) and "reopen" not in demand.actions) or (
            self._undo.isVisibleTo(self) and "undo" not in demand.actions
        ):
            self.close_form()
        self._note.reread(objection=objection)
        self._undo.reread()

    def _show_left(self) -> None:
        say = self._bench.language.say
        left = self._undo_left
        self._left.setVisible(left > 0)
        if left > 0:
            span = say("ui_desk.do.left_min", n=(left + 59) // 60) if left >= 60 else say("ui_desk.do.left_s", n=left)
            self._left.set_text(say("ui_desk.do.undo_left", left=span))
            self._tick.start()
        else:
            self._tick.stop()

    def main_button(self) -> Button | None:
        """The primary button that is shown, if there is one."""
        return next((self._buttons[action] for action in self._demand.actions), None) if self._demand else None

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order: the primary action first, then a form's entry and answers."""
        buttons = self._buttons
        forms = (self._note.note, self._note.yes, self._note.no, self._undo.no, self._undo.yes)
        return buttons["cancel"], buttons["continue"], buttons["reopen"], buttons["undo"], *forms

    def can_cancel(self) -> bool:
        """Whether F8 works here."""
        return self._demand is not None and self._demand.can_cancel

    def emphasise(self) -> None:
        """F8 where cancelling is not possible: the panel that says why turns amber."""
        self.set_tone("warn")

    def chips(self) -> list[str]:
        """What the chips say."""
        return self._chips.texts()

    def why(self) -> str:
        """The bold line and the sentence, as they are read out."""
        return f"{self._demand.title}. {self._demand.sentence}" if self._demand else ""

    def form(self) -> str:
        """Which form is open: '', 'reopen' or 'undo'."""
        if self._note.isVisibleTo(self):
            return "reopen"
        return "undo" if self._undo.isVisibleTo(self) else ""

    def open_reopen(self) -> None:
        """Asks why it is reopened, in place."""
        self._ask.hide()
        self._undo.hide()
        self._note.reread(objection=self._objection)
        self._note.show()
        self._note.start()
        self.changed.emit()

    def open_undo(self) -> None:
        """Asks whether everything is to be undone, in place."""
        self._ask.hide()
        self._note.hide()
        self._undo.show()
        self._undo.start()
        self.changed.emit()

    def close_form(self) -> None:
        """Leaves the form; focus that was in it returns to what opened it."""
        opened = self.form()
        focused = QApplication.focusWidget()
        within = focused is not None and (self._note.isAncestorOf(focused) or self._undo.isAncestorOf(focused))
        self._note.stop()
        self._undo.stop()
        self._note.hide()
        self._undo.hide()
        self._ask.show()
        if within:
            self._buttons["reopen" if opened == "reopen" else "undo"].setFocus()
        self.changed.emit()

    def show_refusal(self, words: str) -> None:
        """What the store answered to a form that was sent."""
        self._note.show_refusal(words)
        self._undo.show_refusal(words)

    def on_cancel(self) -> None:
        self.cancel_asked.emit()

    def on_note(self, note: str) -> None:
        self.reopen_given.emit(note)

    def on_undo(self) -> None:
        self.undo_given.emit()

    def on_tick(self) -> None:
        """A second less to undo; at the end the button goes."""
        self._undo_left = max(0, self._undo_left - 1)
        if self._undo_left == 0:
            self._buttons["undo"].hide()
            if self.form() == "undo":
                self.close_form()
        self._show_left()
