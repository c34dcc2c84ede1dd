"""Section 4: a second person's approval, only where the rules ask for one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.services.wording import approval_words, clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.head_row import HeadRow
from store_desk.ui.cancel.missing import needs_approval, only_manager
from store_desk.ui.cancel.pin_row import PinRow
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.parts import Avatar, SectionHead
from store_desk.ui.parts.text import Run, Runs


class ApprovalSection(QWidget):
    """Signals: pin_given(staff id, PIN), changed() when another person is to approve instead, park_asked()."""

    pin_given = Signal(str, str)
    park_asked = Signal()
    changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self.head = SectionHead(4, "")
        self.row = PinRow(bench)
        self.result = QWidget()
        self._avatar = Avatar(side=36)
        self._who = Runs(height=18)
        self._when = Runs(height=18)
        self._chip = Chip()
        self.change = Button("", kind="ghost", size="small")
        self.park = Button("", icon="send", kind="ghost", size="small")
        self._build()
        self.row.pin_given.connect(self.pin_given)
        self.change.clicked.connect(self.changed)
        self.park.clicked.connect(self.park_asked)

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._who)
        names.addWidget(self._when)
        line = QHBoxLayout(self.result)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._avatar)
        line.addLayout(names, 1)
        line.addWidget(self._chip)
        line.addWidget(self.change)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        self.head_row = HeadRow(self.head, (self.park,), giving=(self.park,))
        rows.addWidget(self.head_row)
        rows.addWidget(self.row)
        rows.addWidget(self.result)

    def retranslate(self) -> None:
        """Reads all words again."""
        self.row.retranslate()
        if self._work is not None:
            self.show_work(self._work)

    def show_work(self, work: CancelWork) -> None:
        """Asks for the PIN, or shows who has approved; absent when nobody needs to."""
        self._work = work
        plan = work.plan
        needed = plan is not None and needs_approval(work.entries, plan)
        self.setVisible(needed)
        if plan is None or not needed:
            return
        language = self._bench.language
        manager = only_manager(plan)
        self.head.set_head(4, language.say("ui_cancel.approval.manager" if manager else "ui_cancel.approval"))
        why = language.say("ui_cancel.approval.because", why=approval_words(plan)) if plan.because else ""
        self.head.setToolTip(why)
        self.row.setToolTip(why)
        settled = work.approver is not None or work.parked
        self.row.setVisible(not settled)
        self.park.setVisible(not settled)
        self.park.set_text(language.say("ui_cancel.approval.park"))
        self.head_row.fit()
        self.park.setToolTip(language.say("ui_cancel.approval.park.tip"))
        self.result.setVisible(settled)
        if not settled:
            self.row.show_people(work, manager_only=manager)
            return
        self.row.reset()
        self._show_result(work)

    def _show_result(self, work: CancelWork) -> None:
        language, desk, approver = self._bench.language, self._bench.desk, work.approver
        if approver is None:
            self._avatar.set_text(language.say("trade.role.supervisor"))
            self._who.set_runs((Run(language.say("ui_cancel.approval.parked"), "label"),))
            self._when.set_runs((Run(language.say("ui_cancel.approval.parked.text"), "caption", "text2"),))
            self._chip.set_chip(language.say("ui_cancel.approval.parked.chip"), icon="send", tone="neutral")
            self.change.set_text(language.say("ui_cancel.approval.change"))
            return
        name = approver.name_other if language.now == "en" and approver.name_other else approver.name
        time = clock_words(work.approved_at, desk.zone) if work.approved_at is not None else ""
        role = language.say(f"trade.role.{approver.role.value}")
        self._avatar.set_text(approver.name)
        self._who.set_runs((Run(name, "label"), Run(approver.id, "small", "text3")))
        self._when.set_runs((Run(language.say("ui_cancel.approval.at", role=role, time=time), "caption", "ok"),))
        self._chip.set_chip(language.say("ui_cancel.approval.approved"), icon="shield-check", tone="ok")
        self.change.set_text(language.say("ui_cancel.approval.change"))

    def focus_pin(self) -> None:
        """Puts the cursor into the PIN, or on Change once it is approved."""
        if self.result.isVisibleTo(self):
            self.change.setFocus()
        else:
            self.row.focus_pin()
