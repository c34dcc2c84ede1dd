"""The form that joins a head office: its address and a one-time code, what is being done, and what came of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.services.office import Joined
from store_desk.ui.language import Language
from store_desk.ui.office.link import Join
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.signs import ProgressBar
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import Lane, on_gui_thread, run
from store_desk.words import catalogue

ADDRESS_LENGTH_MAX: Final = 200
CODE_LENGTH: Final = 9
FIELD_WIDTH: Final = 380
CODE_WIDTH: Final = 180
# Of a plain address that somebody types, this is meant.
SCHEME: Final = "https://"
# What the code's letters may be typed as.
LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


def address_of(text: str) -> str:
    """The address as it is asked: with its scheme, without a slash at the end; '' for nothing."""
    plain = text.strip().rstrip("/")
    if not plain or "://" in plain:
        return plain
    return ("http://" if plain.startswith(LOCAL) else SCHEME) + plain


def code_of(text: str) -> str:
    """The code as head office made it: capitals, with its dash."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return f"{plain[:4]}-{plain[4:]}" if len(plain) > 4 else plain


class JoinForm(QWidget):
    """Signals: joined(Joined), busy_changed(bool). The code is forgotten as soon as it was used."""

    joined = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, language: Language, join: Join, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language, self._join, self._lane = language, join, lane
        self._busy = False
        self._again = False
        self._code = ""
        self._error: DomainError | None = None
        self._step: tuple[str, int, int] | None = None
        self._names = {name: TextLabel("", "label") for name in ("address", "code")}
        self._hints = {name: TextLabel("", "caption", "text2", wrap=True) for name in ("address", "code")}
        self.address, self.code = LineEdit(), LineEdit()
        self.address.setMaxLength(ADDRESS_LENGTH_MAX)
        self.address.setFixedWidth(FIELD_WIDTH)
        self.code.setFixedWidth(CODE_WIDTH)
        self.code.setMaxLength(CODE_LENGTH + 4)
        self.go = Button(" ", icon="link", kind="primary", size="large")
        self.line = TextLabel("", "small", "text2", wrap=True)
        self.bar = ProgressBar()
        self._build()
        self.address.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.start)
        self.code.textEdited.connect(self._on_code)
        self.address.textEdited.connect(self._on_typed)
        self.go.clicked.connect(self.start)
        language.changed.connect(self.retranslate)
        self.bar.hide()
        self.setFocusProxy(self.address)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        for name, entry in (("address", self.address), ("code", self.code)):
            column.addWidget(self._names[name])
            column.addWidget(entry)
            column.addWidget(self._hints[name])
            column.addSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.go)
        row.addWidget(self.line, 1)
        column.addLayout(row)
        column.addWidget(self.bar)

    # --- showing -------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        for name in ("address", "code"):
            self._names[name].set_text(say(f"ui_joining.{name}"))
            self._hints[name].set_text(say(f"ui_joining.{name}.hint"))
        self.address.setPlaceholderText("https://hq.example.com")
        self.code.setPlaceholderText("7KQ2-M4XD")
        self.address.setAccessibleName(say("ui_joining.address"))
        self.code.setAccessibleName(say("ui_joining.code"))
        self.go.set_text(say("ui_joining.go.again" if self._again else "ui_joining.go"))
        self._show_line()

    def _show_line(self) -> None:
        say = self._language.say
        if self._error is not None:
            self.line.set_look(colour="bad")
            self.line.set_text(self._language.error(self._error))
        elif self._step is not None:
            step, done, of = self._step
            key = f"step.{step}" if f"step.{step}" in catalogue("ui_joining") else "step.working"
            self.line.set_look(colour="text2")
            self.line.set_text(say(f"ui_joining.{key}", n=done, of=of))
        else:
            self.line.set_text("")
        self._show_ready()

    def _show_ready(self) -> None:
        whole = len(code_of(self.code.text())) == CODE_LENGTH
        ready = bool(address_of(self.address.text())) and whole and not self._busy
        self.go.set_reason("" if ready else self._language.say("ui_joining.missing"))

    def join_again(self, address: str) -> None:
        """From here on it joins a head office again, at this address unless another one was typed."""
        self._again = True
        if not self.address.text().strip():
            self.address.setText(address)
        self.retranslate()

    def said(self) -> str:
        """What stands beside the button."""
        return self.line.text()

    def is_busy(self) -> bool:
        """Whether it is joining now."""
        return self._busy

    # --- joining -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Joins, once: a second press while it runs does nothing."""
        if self._busy or not self.go.isEnabled():
            return
        address, code, join = address_of(self.address.text()), code_of(self.code.text()), self._join
        told = on_gui_thread(self._on_told)
        self._error, self._step = None, ("asking", 0, 0)
        self._set_busy(True)

        def work() -> Joined:
            return join(address, code, told)

        task = run(self, self._lane, work, then=self._on_joined, refused=self._on_refused)
        task.failed.connect(self._on_failed)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for part in (self.address, self.code):
            part.setEnabled(not busy)
        self.bar.setVisible(False)
        self._show_line()
        self.busy_changed.emit(busy)

    def _on_told(self, step: str, done: int, of: int) -> None:
        if self._busy:
            self._step = (step, done, of)
            self.bar.setVisible(of > 0)
            self.bar.set_share(done / of if of else 0)
            self._show_line()

    def _on_joined(self, joined: Joined) -> None:
        self.code.clear()
        self._step = None
        self._set_busy(False)
        self.joined.emit(joined)

    def _on_refused(self, error: DomainError) -> None:
        self._error, self._step = error, None
        self._set_busy(False)
        wrong = error.code in ("enrolment_refused", "enrolled_elsewhere")
        self.code.set_tone("bad" if wrong else "")
        self.address.set_tone("" if wrong else "bad")
        (self.code if wrong else self.address).setFocus()

    def _on_failed(self, _text: str) -> None:
        self._step = None
        self._set_busy(False)
        self.line.set_look(colour="bad")
        self.line.set_text(self._language.say("ui_joining.failed"))

    def _on_code(self, text: str) -> None:
        # While somebody deletes, nothing is put in again.
        if len(text) > len(self._code) and text != code_of(text):
            self.code.setText(code_of(text))
        self._code = self.code.text()
        self._on_typed()

    def _on_typed(self, *_: object) -> None:
        self._error = None
        self.code.set_tone("")
        self.address.set_tone("")
        self._show_line()
