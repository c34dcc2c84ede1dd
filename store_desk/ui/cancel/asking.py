"""Section 1: who is asking, at the counter or on the telephone, and whether it is the customer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from store_desk.domain.consent import Channel
from store_desk.domain.identity import IdentityKind
from store_desk.domain.ticket import mask_phone
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.identity_fields import IdentityFields
from store_desk.ui.cancel.missing import Known, identity_is_known, kinds_asked
from store_desk.ui.cancel.pin_row import PinRow
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.parts.inputs import CheckBox, Segmented
from store_desk.ui.parts.parts import SectionHead
from store_desk.ui.parts.text import Run, Runs, TextLabel

AIR = 6


class AskingSection(QWidget):
    """Signals: entered(dict of entries), vouch_asked(staff id, PIN), verified() when identity has just become clear."""

    entered = Signal(dict)
    vouch_asked = Signal(str, str)
    verified = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._was_known = True
        self.head = SectionHead(1, "")
        self.channel = Segmented((), stretch=True)
        self.fields = IdentityFields(bench)
        self.goods = CheckBox()
        self.supervisor = PinRow(bench)
        self._label = TextLabel(style="label")
        self._caption = TextLabel(style="caption", colour="text3")
        self._line = Runs(height=18)
        self._note = TextLabel(style="small", colour="text2", wrap=True)
        self._build()
        self.channel.chosen.connect(self.on_channel)
        self.fields.answered.connect(self.on_answered)
        self.fields.missed.connect(self.on_missed)
        self.goods.clicked.connect(self.on_goods)
        self.supervisor.pin_given.connect(self.vouch_asked)
        self.retranslate()

    def _build(self) -> None:
        labels = QHBoxLayout()
        labels.setSpacing(8)
        labels.addWidget(self._label)
        labels.addWidget(self._caption)
        labels.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(self.head)
        rows.addWidget(self.channel)
        self._air = QSpacerItem(0, AIR)
        rows.addSpacerItem(self._air)
        rows.addLayout(labels)
        for widget in (self.fields, self._note, self.goods, self._line, self.supervisor):
            rows.addWidget(widget)

    def fold(self, tight: bool) -> None:
        """Where room is short, what was asked for gives it up once it is answered: the line below says what matches."""
        answered = tight and bool(self._work is not None and self._work.entries.answers) and self._was_known
        for label in (self._label, self._caption):
            label.setHidden(answered)
        self._air.changeSize(0, 0 if answered else AIR)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.head.set_head(1, say("ui_cancel.asking"))
        self.channel.set_options(
            (
                (Channel.COUNTER.value, say("ui_cancel.asking.counter"), "store", "Alt C"),
                (Channel.PHONE.value, say("ui_cancel.asking.phone"), "phone", "Alt P"),
            )
        )
        self.channel.setAccessibleName(say("ui_cancel.asking"))
        self._label.set_text(say("ui_cancel.identity"))
        self.goods.set_text(say("ui_cancel.identity.goods_seen"))
        self.fields.retranslate()
        self.supervisor.retranslate()
        if self._work is not None:
            self.show_work(self._work)

    def show_work(self, work: CancelWork) -> None:
        """Shows what has been entered and whether it matches."""
        self._work = work
        known = work.known()
        if known is None:
            return
        entries = work.entries
        say = self._bench.language.say
        self.channel.set_value(entries.channel.value)
        kinds = kinds_asked(entries, known.ticket)
        needed = known.policy.identity_phone if entries.by_phone else known.policy.identity_counter
        key = "identity.one" if needed <= 1 else "identity.two" if entries.by_phone and needed == 2 else "identity.many"
        self._caption.set_text(say(f"ui_cancel.{key}", n=needed))
        is_clear = identity_is_known(entries, known)
        locked = entries.misses >= known.policy.identity_tries and not is_clear
        self.fields.show_fields(kinds, entries, known.ticket, locked=locked)
        too_few = entries.by_phone and len(kinds) < needed
        nothing = not entries.by_phone and not kinds and needed > 0
        self._note.setVisible(too_few or nothing)
        self._note.set_text(say("ui_cancel.identity.too_few" if too_few else "ui_cancel.identity.nothing"))
        self.goods.setVisible(nothing and not known.vouched)
        self.goods.setChecked(entries.goods_seen)
        self.supervisor.setVisible(locked)
        if locked:
            self.supervisor.show_people(work, manager_only=False)
        self._show_line(work, known, is_clear=is_clear, locked=locked)
        if is_clear and not self._was_known:
            self.verified.emit()
        self._was_known = is_clear

    def _show_line(self, work: CancelWork, known: Known, *, is_clear: bool, locked: bool) -> None:
        """The one line under the fields: matches, does not match, or a supervisor is needed."""
        say, entries = self._bench.language.say, work.entries
        name = (work.bench.language.now == "en" and known.ticket.facts.customer_other) or known.ticket.customer
        text, icon, colour = "", "", "ok"
        if is_clear and work.voucher is not None and not entries.answers:
            voucher = work.voucher
            who = voucher.name_other if self._bench.language.now == "en" and voucher.name_other else voucher.name
            text, icon = say("ui_cancel.identity.vouched", name=who), "circle-check"
        elif is_clear and entries.answers:
            phone = mask_phone(known.ticket.phone)
            text, icon = say("ui_cancel.identity.match", name=name, phone=phone).rstrip(", "), "circle-check"
        elif locked:
            text, icon, colour = say("ui_cancel.identity.locked"), "shield-alert", "bad"
        elif self.fields.is_wrong:
            left = known.policy.identity_tries - entries.misses
            text, icon, colour = say("ui_cancel.identity.miss", n=left), "circle-x", "bad"
        elif entries.answers:
            text, icon, colour = say("ui_cancel.identity.match_one"), "circle-dot", "text2"
        runs = (Run(icon=icon, px=14, colour=colour), Run(text, "small", colour, gap=6)) if text else ()
        self._line.set_runs(runs)
        self._line.setVisible(bool(text) or not is_clear)

    def focus_missing(self) -> None:
        """Puts the cursor where the answer goes."""
        if self.supervisor.isVisibleTo(self):
            self.supervisor.focus_pin()
        elif self.goods.isVisibleTo(self):
            self.goods.setFocus()
        else:
            self.fields.focus_open()

    def on_channel(self, value: str) -> None:
        """Counter or telephone was chosen: each has its own questions and its own consent."""
        self.entered.emit({"channel": Channel(value), "grade": None})

    def on_answered(self, kind: IdentityKind, value: str) -> None:
        """An answer matched, or was taken away again (empty)."""
        if self._work is None:
            return
        kept = [(k, v) for k, v in self._work.entries.answers if k is not kind]
        self.entered.emit({"answers": (*kept, *(((kind, value),) if value else ()))})

    def on_missed(self, kind: IdentityKind) -> None:
        """A wrong answer counts, whichever question it belongs to."""
        if self._work is not None:
            self.entered.emit({"misses": self._work.entries.misses + 1})

    def on_goods(self) -> None:
        """The goods or the receipt were looked at instead of questions."""
        self.entered.emit({"goods_seen": self.goods.isChecked()})

    def take_scan(self, text: str) -> bool:
        """Puts a scan into the identity field that has the cursor; answers whether there is one."""
        return self.fields.take_scan(text)
