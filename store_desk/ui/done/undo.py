"""The strip that counts down how long everything can be taken back, and asks before it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.case import OPEN_STATES, CancellationCase, undo_left_s
from store_desk.domain.errors import NoteMissing
from store_desk.domain.slip import Both
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import FIELD_LENGTH_MAX
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.parts import Panel, ProgressBar
from store_desk.ui.parts.text import Run, Runs, TextLabel

SECOND_MS = 1_000


class UndoStrip(Panel):
    """Signals: undo_confirmed(), reopen_confirmed(str note), asked() when a question is shown or taken away."""

    undo_confirmed = Signal()
    reopen_confirmed = Signal(str)
    asked = Signal()

    def __init__(self, bench: Bench, case: CancellationCase, parent: QWidget | None = None) -> None:
        super().__init__("sunken", radius=RADIUS["panel"], parent=parent)
        self._bench = bench
        self._case = case
        self._window_s = 0
        self._until = Both("", "")
        self._cannot: tuple[Both, ...] = ()
        self.question = ""
        self.busy = False
        self._icon = Runs((Run(icon="undo-2", px=18, colour="text2"),), height=20)
        self._title = TextLabel(style="strong", wrap=True)
        self._text = TextLabel(style="small", colour="text2", wrap=True)
        self._wrong = TextLabel(style="small", colour="bad", wrap=True)
        self.why = LineEdit(icon="message-square")
        self.undo = Button("", key="Ctrl Z")
        self.reopen = Button("")
        self.yes = Button("", kind="danger")
        self.no = Button("", key="Esc")
        self.bar = ProgressBar()
        self._build()
        self.undo.clicked.connect(self.ask_undo)
        self.reopen.clicked.connect(self.ask_reopen)
        self.yes.clicked.connect(self.on_yes)
        self.no.clicked.connect(self.take_back_question)
        self._tick = QTimer(self)
        self._tick.setInterval(SECOND_MS)
        self._tick.timeout.connect(self.show_time)

    def _build(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        for label in (self._title, self._text, self._wrong):
            texts.addWidget(label)
        texts.addWidget(self.why)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(2)
        row.addLayout(texts, 1)
        for button in (self.undo, self.reopen, self.yes, self.no):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 10, 16, 10)
        rows.setSpacing(10)
        rows.addLayout(row)
        rows.addWidget(self.bar)
        self.why.setMaxLength(FIELD_LENGTH_MAX)
        for widget in (self._wrong, self.why, self.yes, self.no):
            widget.hide()

    def begin(self, *, window_s: int, until: Both, cannot: tuple[Both, ...]) -> None:
        """Starts counting; `until` is the last day of reopening with priority, `cannot` what an undo leaves."""
        self._window_s, self._until, self._cannot = window_s, until, cannot
        self.retranslate()
        self._tick.start()

    def show_cannot(self, cannot: tuple[Both, ...]) -> None:
        """What an undo cannot make unhappen has become another (the slip was printed)."""
        self._cannot = cannot
        self.show_time()

    def stop(self) -> None:
        """Stops counting."""
        self._tick.stop()

    def end(self) -> None:
        """Ends the strip: there is nothing to take back any more."""
        self._tick.stop()
        self.question = ""
        self.busy = False
        self.hide()

    def show_case(self, case: CancellationCase) -> None:
        """The case stands otherwise now."""
        self._case = case
        self.show_time()

    @property
    def waits(self) -> bool:
        """Whether the outcome is still awaited: until then everything can be taken back."""
        return self._case.state in OPEN_STATES

    @property
    def can_undo(self) -> bool:
        """Whether everything can be taken back now."""
        return self.waits or self.left_s > 0

    @property
    def left_s(self) -> int:
        """Seconds in which everything can still be taken back."""
        return undo_left_s(self._case, now=self._bench.desk.clock(), window_s=self._window_s)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.undo.set_text(say("ui_done.undo"))
        self.reopen.set_text(say("ui_done.reopen"))
        self.no.set_text(say("ui_done.undo.no"))
        self.why.setPlaceholderText(say("ui_done.reopen.why"))
        self.why.setAccessibleName(say("ui_done.reopen.why"))
        self.show_time()

    def show_time(self) -> None:
        """Counts down; when the time is over only reopening is left."""
        left = self.left_s
        if self.question == "undo" and not self.can_undo:
            self.question = ""
            self.asked.emit()
        self._show_buttons(left)
        say = self._bench.language.say
        if self.question == "undo":
            self._title.set_text(say("ui_done.undo.ask"))
            self._text.set_text(self._consequence())
        elif self.question == "reopen":
            self._title.set_text(say("ui_done.reopen.ask"))
            self._text.set_text(say("ui_done.reopen.makes"))
        elif self.waits:
            self._title.set_text(say("ui_done.undo.waiting"))
            self._text.set_text(say("ui_done.undo.waiting_sub"))
        elif left:
            minutes, seconds = divmod(left, 60)
            key = "ui_done.undo.minutes" if minutes else "ui_done.undo.seconds"
            self._title.set_text(say("ui_done.undo.left", time=say(key, m=minutes, s=seconds)))
            self._text.set_text(say("ui_done.undo.after", date=self._until))
        else:
            self._title.set_text(say("ui_done.undo.over"))
            self._text.set_text(say("ui_done.undo.over_sub", date=self._until))
        self.bar.set_share(left / self._window_s if self._window_s else 0.0)
        self.setAccessibleName(f"{self._title.text()} {self._text.text()}")

    def _consequence(self) -> str:
        language = self._bench.language
        text = language.say("ui_done.undo.restores")
        if self._cannot:
            what = ("；" if language.now == "zh" else "; ").join(language.of(item) for item in self._cannot)
            text += ("" if language.now == "zh" else " ") + language.say("ui_done.undo.cannot", what=what)
        return text

    def _show_buttons(self, left: int) -> None:
        say = self._bench.language.say
        asking = bool(self.question)
        self.undo.setVisible(not asking and self.can_undo)
        self.reopen.setVisible(not asking and not self.waits)
        self.yes.setVisible(asking)
        self.no.setVisible(asking)
        self.why.setVisible(self.question == "reopen")
        self.bar.setVisible(left > 0 and not self.waits and self.question != "reopen")
        self.yes.set_text(say("ui_done.undo.yes" if self.question == "undo" else "ui_done.reopen.yes"))
        self.no.set_text(say("ui_done.undo.no" if self.question == "undo" else "ui_done.reopen.no"))
        for button in (self.yes, self.no, self.undo, self.reopen):
            button.setEnabled(not self.busy)

    # --- slots -------------------------------------------------------------------------------------------

    def ask_undo(self) -> None:
        """Asks before everything is taken back, naming what cannot be."""
        if self.can_undo and not self.busy:
            self._ask("undo")
            self.yes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_reopen(self) -> None:
        """Asks why before a new ticket is made of it."""
        if not self.busy:
            self._ask("reopen")
            self.why.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask(self, question: str) -> None:
        self.question = question
        self._wrong.hide()
        self.show_time()
        self.asked.emit()

    def take_back_question(self) -> None:
        """Leaves the cancellation as it is."""
        self._ask("")

    def on_yes(self) -> None:
        """The question was answered with yes, once."""
        if self.busy:
            return
        why = self.why.text().strip()
        if self.question == "reopen" and not why:
            self._wrong.set_text(self._bench.language.error(NoteMissing()))
            self._wrong.show()
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.busy = True
        self._wrong.hide()
        self._show_buttons(self.left_s)
        if self.question == "undo":
            self.undo_confirmed.emit()
        else:
            self.reopen_confirmed.emit(why)

    def show_refused(self, words: str) -> None:
        """It was refused: said here, everything stays as it was."""
        self.busy = False
        self.question = ""
        self.show_time()
        self._wrong.set_text(words)
        self._wrong.show()
        self.asked.emit()
