"""Section 5: the customer's consent, in the grade that channel and level accept; the pad first, words beside it."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from store_desk.domain.consent import Grade
from store_desk.domain.slip import Stroke
from store_desk.services.wording import clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import FIELD_LENGTH_MAX, grade_in_force, takes_strokes
from store_desk.ui.cancel.head_row import HeadRow
from store_desk.ui.cancel.turning import TurnedScreen
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.customer.screen import fitted
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import CheckBox, LineEdit, Select
from store_desk.ui.parts.parts import Panel, SectionHead
from store_desk.ui.parts.signature import SignaturePad
from store_desk.ui.parts.text import Run, Runs, TextLabel

PAD = 136
PAD_COMPACT = 100
TITLES = {Grade.COUNTER: "consent", Grade.PHONE: "consent.phone", Grade.PROXY: "consent.proxy"}
# Ticks that each grade asks for.
TICKS = {
    Grade.PHONE: ("read_back", "said_yes"),
    Grade.VERBAL: ("read_back", "said_yes"),
    Grade.STORE_STARTED: ("notice",),
}


class ConsentSection(QWidget):
    """Signals: entered(dict of entries), signed() when a whole signature has been taken."""

    entered = Signal(dict)
    signed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._text_changed = False
        self.head = SectionHead(4, "")
        self.clear = Button("", icon="eraser", kind="ghost", size="small")
        self.ways = Button("", icon="ellipsis", kind="ghost", size="small")
        self.turned = TurnedScreen(bench, self)
        self.read_back = TextLabel(style="caption", colour="text2", wrap=True)
        self.note = Runs(height=18)
        self.pad = SignaturePad(height=PAD)
        self.small = QWidget()
        self._small_words = TextLabel(style="small", colour="warn")
        self.small_yes = Button("", size="small")
        self.small_again = Button("", size="small", kind="ghost")
        self.box = Panel("sunken")
        self.recording = LineEdit(icon="phone-call")
        self.tick_read = CheckBox()
        self.tick_yes = CheckBox()
        self.tick_notice = CheckBox()
        self.witness = Select()
        self.proxy = {name: LineEdit() for name in ("proxy_name", "proxy_relation", "proxy_authority")}
        self._hint = Runs(height=18)
        self._build()
        self._connect()

    def _build(self) -> None:
        buttons = (self.turned.button, self.clear, self.ways)
        self.head_row = HeadRow(self.head, buttons, giving=(self.clear, self.turned.button, self.ways))
        small = QHBoxLayout(self.small)
        small.setContentsMargins(0, 0, 0, 0)
        small.addWidget(self._small_words, 1)
        small.addWidget(self.small_yes)
        small.addWidget(self.small_again)
        self.small.hide()
        box = QVBoxLayout(self.box)
        box.setContentsMargins(12, 8, 12, 6)
        box.setSpacing(2)
        people = QHBoxLayout()
        people.setSpacing(6)
        for edit in self.proxy.values():
            edit.setMaxLength(FIELD_LENGTH_MAX)
            people.addWidget(edit)
        box.addLayout(people)
        for part in (self.recording, self.witness, self.tick_read, self.tick_yes, self.tick_notice, self._hint):
            box.addWidget(part)
        self.recording.setMaxLength(FIELD_LENGTH_MAX)
        self.recording.setFixedHeight(36)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.head_row)
        for widget in (self.read_back, self.note, self.box, self.pad, self.small):
            rows.addWidget(widget)

    def _connect(self) -> None:
        self.clear.clicked.connect(self.on_clear)
        self.ways.clicked.connect(self.on_ways)
        self.pad.changed.connect(self.on_drawn)
        self.turned.drawn.connect(self.on_mirrored)
        self.small_yes.clicked.connect(self.on_small_yes)
        self.small_again.clicked.connect(self.on_clear)
        self.recording.textEdited.connect(lambda text: self.entered.emit({"recording": text}))
        self.tick_read.clicked.connect(lambda: self.entered.emit({"read_back": self.tick_read.isChecked()}))
        self.tick_notice.clicked.connect(lambda: self.entered.emit({"read_back": self.tick_notice.isChecked()}))
        self.tick_yes.clicked.connect(lambda: self.entered.emit({"said_yes": self.tick_yes.isChecked()}))
        self.witness.picked.connect(lambda staff_id: self.entered.emit({"witness": staff_id}))
        for name, edit in self.proxy.items():
            edit.textEdited.connect(partial(self._on_text, name))

    def _on_text(self, name: str, text: str) -> None:
        self.entered.emit({name: text})

    # --- showing -----------------------------------------------------------------------------------------

    def set_compact(self, compact: bool) -> None:
        """A lower pad where the window is low."""
        self.pad.setFixedHeight(PAD_COMPACT if compact else PAD)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.clear.set_text(say("ui_cancel.consent.clear"))
        self.turned.retranslate()
        self.ways.set_text(say("ui_cancel.consent.ways"))
        self.small_yes.set_text(say("ui_cancel.consent.small.yes"))
        self.small_again.set_text(say("ui_cancel.consent.small.again"))
        self._small_words.set_text(say("ui_cancel.consent.small"))
        self.recording.setPlaceholderText(say("ui_cancel.consent.recording"))
        self.recording.setAccessibleName(say("ui_cancel.consent.recording"))
        self.tick_read.set_text(say("ui_cancel.consent.read_back"))
        self.tick_yes.set_text(say("ui_cancel.consent.said_yes"))
        self.tick_notice.set_text(say("ui_cancel.consent.notice"))
        for name, edit in self.proxy.items():
            edit.setPlaceholderText(say(f"ui_cancel.consent.{name}"))
            edit.setAccessibleName(say(f"ui_cancel.consent.{name}"))
        self.witness.setPlaceholderText(say("ui_cancel.correct.choose"))
        if self._work is not None:
            self.show_work(self._work)

    def show_number(self, number: int) -> None:
        """The section's number; it closes up when no approval is needed."""
        grade = self._grade()
        self.head.set_head(number, self._bench.language.say(f"ui_cancel.{TITLES.get(grade, 'consent.other')}"))
        self.head_row.fit()

    def show_work(self, work: CancelWork) -> None:
        """Shows what the present grade asks for, with what has been given."""
        self._work = work
        language, view = self._bench.language, work.view
        plan = work.plan
        text = ""
        if view is not None and plan is not None:
            text = view.read_back_en if language.now == "en" else view.read_back_zh
        self.read_back.set_text(text)
        self.read_back.setVisible(bool(text))
        grade = self._grade()
        self._show_pad(work, grade)
        self._show_box(work, grade)
        accepted = plan.consent if plan is not None else ()
        self.ways.setVisible(len(accepted) > 1)
        note = language.say("ui_cancel.consent.changed") if self._text_changed else ""
        self.note.set_runs((Run(icon="rotate-ccw", px=14, colour="warn"), Run(note, "small", "warn", gap=6)))
        self.note.setVisible(bool(note))

    def _grade(self) -> Grade:
        work = self._work
        if work is None or work.plan is None:
            return Grade.PHONE if work is not None and work.entries.by_phone else Grade.COUNTER
        return grade_in_force(work.entries, work.plan.consent)

    def _show_pad(self, work: CancelWork, grade: Grade) -> None:
        say, entries = self._bench.language.say, work.entries
        drawn = takes_strokes(grade, by_phone=entries.by_phone)
        self.pad.setVisible(drawn)
        self.pad.setEnabled(work.plan is not None)
        self.clear.setVisible(drawn)
        self.turned.show_work(work, name=self._signer(work, grade), can=drawn)
        if not drawn:
            self.small.hide()
            return
        # A signature that is asked about lives on the pad alone until it is said to be whole.
        if not self.small.isVisibleTo(self) and self.pad.strokes() != entries.strokes:
            self.pad.set_strokes(entries.strokes)
        self.clear.setEnabled(not self.pad.is_empty())
        name = self._signer(work, grade)
        desk = self._bench.desk
        moment = clock_words(desk.clock(), desk.zone) if entries.strokes else ""
        hint = "consent.hint.proxy" if grade is Grade.PROXY else "consent.hint"
        self.pad.set_words(hint=say(f"ui_cancel.{hint}"), name=name, moment=moment)
        self.pad.setToolTip(say("ui_cancel.consent.data"))

    def _signer(self, work: CancelWork, grade: Grade) -> str:
        """Who signs: the proxy, else the customer."""
        ticket = work.opening.ticket if work.opening is not None else None
        if grade is Grade.PROXY:
            # Never the customer's name under somebody else's signature.
            return work.entries.proxy_name.strip()
        if ticket is None:
            return ""
        other = ticket.facts.customer_other
        return f"{other} {ticket.customer}".strip() if self._bench.language.now == "en" else ticket.customer

    def _show_box(self, work: CancelWork, grade: Grade) -> None:
        """Fields and ticks of the grades that are no mere signature."""
        say, entries = self._bench.language.say, work.entries
        ticks = TICKS.get(grade, ())
        self.tick_read.setVisible("read_back" in ticks)
        self.tick_yes.setVisible("said_yes" in ticks)
        self.tick_notice.setVisible("notice" in ticks)
        self.tick_read.setChecked(entries.read_back)
        self.tick_notice.setChecked(entries.read_back)
        self.tick_yes.setChecked(entries.said_yes)
        self.recording.setVisible(grade is Grade.PHONE)
        for name, edit in {**self.proxy, "recording": self.recording}.items():
            value = getattr(entries, name)
            if edit.text() != value and not edit.hasFocus():
                edit.setText(value)
            if name in self.proxy:
                edit.setVisible(grade is Grade.PROXY)
        self.witness.setVisible(grade is Grade.REFUSED)
        if grade is Grade.REFUSED:
            self._show_witnesses(work)
        self.recording.setToolTip(say("ui_cancel.consent.no_signature"))
        hints = {Grade.PAPER: "consent.paper", Grade.REFUSED: "consent.witness"}
        hint = say(f"ui_cancel.{hints[grade]}") if grade in hints else ""
        if grade is Grade.REFUSED and self.witness.count() == 0:
            hint = say("ui_cancel.consent.nobody")
        self._hint.set_runs((Run(icon="signature", px=14, colour="text2"), Run(hint, "small", "text2", gap=8)))
        self._hint.setVisible(bool(hint))
        self.box.setVisible(grade is not Grade.COUNTER)

    def _show_witnesses(self, work: CancelWork) -> None:
        actor = self._bench.session.actor
        people = work.opening.people if work.opening is not None else ()
        english = self._bench.language.now == "en"
        options = tuple(
            (p.id, f"{p.name_other if english and p.name_other else p.name} {p.id}")
            for p in people
            if p.enabled and (actor is None or p.id != actor.id)
        )
        self.witness.set_options(options, value=work.entries.witness)
        self.witness.setAccessibleName(self._bench.language.say("ui_cancel.consent.witness"))

    def tell_changed(self) -> None:
        """Says that consent was taken back because the text is another now."""
        self._text_changed = True
        self.small.hide()
        self.pad.set_strokes(())

    # --- slots -------------------------------------------------------------------------------------------

    def focus_missing(self, code: str) -> None:
        """Puts the focus where the missing thing is given."""
        first = next((edit for edit in self.proxy.values() if not edit.text().strip()), self.proxy["proxy_name"])
        targets: dict[str, QWidget] = {
            "recording": self.recording,
            "read_back": self.tick_read,
            "said_yes": self.tick_yes,
            "notice": self.tick_notice,
            "witness": self.witness,
            "proxy": first,
            "signature": self.pad,
        }
        targets.get(code, self.pad).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_first(self) -> None:
        """Puts the focus on the first thing of this section."""
        grade = self._grade()
        codes = {Grade.PHONE: "recording", Grade.VERBAL: "read_back", Grade.REFUSED: "witness", Grade.PROXY: "proxy"}
        if grade is Grade.PAPER:
            self.ways.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.focus_missing("notice" if grade is Grade.STORE_STARTED else codes.get(grade, "signature"))

    def on_drawn(self) -> None:
        """A stroke ended, or the pad was cleared."""
        self._text_changed = False
        strokes = self.pad.strokes()
        if strokes and self.pad.is_too_short():
            self.small.show()
            self.entered.emit({"strokes": ()})
            self.clear.setEnabled(True)
            return
        self.small.hide()
        self.entered.emit({"strokes": strokes})
        if strokes:
            self.signed.emit()

    def on_mirrored(self, strokes: object) -> None:
        """The customer signed on the other screen: the same strokes here, and everything that follows from them."""
        self.pad.set_strokes(fitted(cast("tuple[Stroke, ...]", strokes), ratio=self.pad.height() / self.pad.width()))
        self.on_drawn()

    def on_small_yes(self) -> None:
        """The short signature is the whole one."""
        strokes = self.pad.strokes()
        self.small.hide()
        self.entered.emit({"strokes": strokes})
        self.signed.emit()

    def on_clear(self) -> None:
        """The customer signs again."""
        self.small.hide()
        self.pad.clear()

    def on_ways(self) -> None:
        """Opens the other ways to consent that are accepted here."""
        if self._work is None or self._work.plan is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for grade in self._work.plan.consent:
            words = self._bench.language.say(f"ui_cancel.consent.way.{grade.value}")
            action = menu.addAction(words, partial(self.on_way, grade))
            action.setCheckable(True)
            action.setChecked(grade is self._grade())
        menu.popup(self.ways.mapToGlobal(QPoint(0, self.ways.height())))

    def on_way(self, grade: Grade) -> None:
        """Another way to consent was chosen."""
        self._text_changed = False
        self.small.hide()
        self.entered.emit({"grade": grade, "strokes": (), "read_back": False, "said_yes": False})
        self.focus_first()
