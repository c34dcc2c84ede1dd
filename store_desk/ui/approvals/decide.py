"""The panel that decides: the PIN with Approve, one line with Decline, and the call to the desk first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.roles import APPROVERS, Role
from store_desk.services.approvals_view import Waiting
from store_desk.ui.bench import Bench
from store_desk.ui.look.tokens import PIN_BOX
from store_desk.ui.parts.areas import Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.pin import PinBoxes
from store_desk.ui.parts.text import TextLabel

DIGITS = 6
WHY_LENGTH_MAX = 500


class DecidePanel(Panel):
    """Signals: approve_asked(PIN), decline_asked(why, PIN), call_asked(), mode_changed()."""

    approve_asked = Signal(str)
    decline_asked = Signal(str, str)
    call_asked = Signal()
    mode_changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._bench = bench
        self._declining = False
        self._busy = False
        self._barred = ""
        self._title = TextLabel("", "heading")
        self._caption = TextLabel("", "small", "text2", elide=True)
        self.pin = PinBoxes(DIGITS, side=PIN_BOX[1])
        self.why = LineEdit()
        self.why.setMaxLength(WHY_LENGTH_MAX)
        self.said = TextLabel("", "small", "text2", wrap=True)
        self.decline = Button(" ", key="D", kind="danger", size="large")
        self.call = Button(" ", icon="phone", key="C", size="large")
        self.back = Button(" ", key="Esc", kind="ghost", size="large")
        self.refuse = Button(" ", key="Enter", kind="danger", size="large")
        self.approve = Button(" ", key="Enter", kind="primary", size="large")
        self._build()
        self._connect()

    def _build(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._caption)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(texts, 1)
        top.addWidget(self.pin)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.decline, self.call, self.back):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.refuse)
        row.addWidget(self.approve)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(self.why)
        column.addWidget(self.said)
        column.addLayout(row)
        for part in (self.why, self.said, self.back, self.refuse):
            part.hide()

    def _connect(self) -> None:
        self.pin.changed.connect(self._on_typed)
        self.why.textChanged.connect(self._on_typed)
        self.why.returnPressed.connect(self.press_enter)
        self.approve.clicked.connect(self.press_enter)
        self.refuse.clicked.connect(self.press_enter)
        self.decline.clicked.connect(self.begin_decline)
        self.back.clicked.connect(self.end_decline)
        self.call.clicked.connect(self.call_asked)

    # --- showing -------------------------------------------------------------------------------------------

    def show_request(self, row: Waiting, *, again: bool) -> None:
        """Takes a request on; `again` keeps what was entered because it is the same one."""
        actor = self._bench.session.actor
        self._barred = ""
        if actor is None or actor.role not in APPROVERS | {Role.HEAD_OFFICE}:
            self._barred = "ui_approvals.pin.right"
        elif actor.id == row.case.requester:
            self._barred = "ui_approvals.pin.own"
        if not again:
            self._declining = self._busy = False
            self.pin.clear()
            self.pin.set_wrong(False)
            self.why.clear()
            self.say("")
        self.reread()

    def reread(self) -> None:
        """All words again, and which parts are there now."""
        say = self._bench.language.say
        actor = self._bench.session.actor
        name = (actor.name_other if self._bench.language.now == "en" else "") or actor.name if actor else ""
        mode = "decline.title" if self._declining else "pin"
        self._title.set_text(say(f"ui_approvals.{mode}"))
        barred = say(self._barred) if self._barred else ""
        who = "decline.who" if self._declining else "pin.who"
        self._caption.set_text(barred or say(f"ui_approvals.{who}", name=name, id=actor.id if actor else ""))
        self.pin.setAccessibleName(say("ui_approvals.pin.name"))
        self.why.setPlaceholderText(say("ui_approvals.decline.line"))
        self.why.setAccessibleName(say("ui_approvals.decline.line"))
        for button, word in (
            (self.decline, "decline"),
            (self.call, "call"),
            (self.back, "decline.back"),
            (self.refuse, "decline.do"),
            (self.approve, "approve"),
        ):
            button.set_text(say(f"ui_approvals.{word}"))
        for part in (self.why, self.back, self.refuse):
            part.setVisible(self._declining)
        for part in (self.decline, self.call, self.approve):
            part.setVisible(not self._declining)
        self.pin.setVisible(not self._barred)
        self._on_typed()

    def say(self, words: str, colour: str = "text2") -> None:
        """One line in place; an empty one takes it away."""
        self.said.set_text(words)
        self.said.set_look(colour=colour)
        self.said.setVisible(bool(words))

    def is_declining(self) -> bool:
        """Whether a line for the clerk is being written."""
        return self._declining

    def is_barred(self) -> bool:
        """Whether this person cannot decide this request."""
        return bool(self._barred)

    def show_busy(self) -> None:
        """The PIN is being looked at."""
        self._busy = True
        self.say(self._bench.language.say("ui_approvals.pin.checking"))
        self._on_typed()

    def show_refused(self, error: DomainError) -> None:
        """Says in place why it was not done; the line stays, the PIN does not."""
        self._busy = False
        self.pin.clear()
        self.pin.set_wrong(error.code in ("wrong_pin", "locked_out"))
        self.say(self._bench.language.error(error), "bad")
        self.pin.setFocus()
        self._on_typed()

    def _on_typed(self, *_: object) -> None:
        say = self._bench.language.say
        whole = len(self.pin.text()) == DIGITS and not self._busy
        barred = say(self._barred) if self._barred else ""
        self.approve.set_reason(barred or ("" if whole else say("ui_approvals.approve.missing")))
        lined = bool(self.why.text().strip())
        self.refuse.set_reason(barred or ("" if whole and lined else say("ui_approvals.decline.missing")))
        self.decline.set_reason(barred)

    # --- what a person does --------------------------------------------------------------------------------

    def focus_pin(self) -> None:
        """The cursor where the PIN goes."""
        (self.call if self._barred else self.pin).setFocus()

    def begin_decline(self) -> None:
        """Opens the line for the clerk."""
        if self._barred or self._busy:
            return
        self._declining = True
        self.reread()
        self.why.setFocus()
        self.mode_changed.emit()

    def end_decline(self) -> None:
        """Back to approving; the line is dropped."""
        self._declining = False
        self.why.clear()
        self.say("")
        self.reread()
        self.focus_pin()
        self.mode_changed.emit()

    def press_enter(self) -> None:
        """Enter: approves or declines when all is there, else goes where something is missing."""
        if self._barred or self._busy:
            return
        why, pin = self.why.text().strip(), self.pin.text()
        if self._declining and not why:
            self.why.setFocus()
        elif len(pin) < DIGITS:
            self.pin.setFocus()
        elif self._declining:
            self.decline_asked.emit(why, pin)
        else:
            self.approve_asked.emit(pin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._declining:
            self.end_decline()
        else:
            super().keyPressEvent(event)
