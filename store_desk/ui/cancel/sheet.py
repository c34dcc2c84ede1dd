"""The cancel sheet: five sections on one surface, the slip beside them, and one confirmation."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget

from store_desk.domain.consent import Channel
from store_desk.domain.errors import DomainError
from store_desk.domain.level import rung_of
from store_desk.domain.reasons import Reason
from store_desk.services.cancel import Cancelled, PlanView
from store_desk.services.wording import clock_words
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.approval import ApprovalSection
from store_desk.ui.cancel.asking import AskingSection
from store_desk.ui.cancel.columns import Column, Columns, is_compact
from store_desk.ui.cancel.consent_view import ConsentSection
from store_desk.ui.cancel.frame import CancelFoot, SheetHead
from store_desk.ui.cancel.guide import AT_FAULT, Guide
from store_desk.ui.cancel.missing import Missing, Section, only_manager
from store_desk.ui.cancel.notice_line import NoticeLine
from store_desk.ui.cancel.opening import Opening
from store_desk.ui.cancel.parking import Parking
from store_desk.ui.cancel.plan_view import PlanSection
from store_desk.ui.cancel.reasons import ReasonSection
from store_desk.ui.cancel.saying import Hints, hints_of, moved_words, ready_words, show_head
from store_desk.ui.cancel.side import CancelSide
from store_desk.ui.cancel.slip_drawer import SlipDrawer
from store_desk.ui.cancel.tab_round import TabRound
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.parts.inputs import CheckBox

# From this many steps on, a low window gets the lowest rows.
MANY_STEPS = 5
BANNER_MS = 6_000


class CancelSheet(TabRound):
    """Signals: closed() when the ticket is kept (the draft waits), cancelled(Cancelled), hints_changed()."""

    closed = Signal()
    cancelled = Signal(object)
    hints_changed = Signal()

    def __init__(self, bench: Bench, ticket_id: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self.ticket_id = ticket_id
        self.work = CancelWork(bench, ticket_id, self)
        self.drawer = SlipDrawer(bench, self)
        self._drawn: object = None
        self._go_on_with_plan = False
        self._compact: bool | None = None
        self._error: DomainError | None = None
        self.asking = AskingSection(bench)
        self.reasons = ReasonSection(bench)
        self.plan = PlanSection(bench)
        self.approval = ApprovalSection(bench)
        self._pin_row = self.approval.row
        self.consent = ConsentSection(bench)
        self.foot = CancelFoot(bench)
        self.side = CancelSide(bench)
        self.head = SheetHead()
        self.notice = NoticeLine()
        self.guide = Guide(
            self.work,
            asking=self.asking,
            reasons=self.reasons,
            plan=self.plan,
            approval=self.approval,
            consent=self.consent,
            confirm=self.foot.confirm,
        )
        self.parking = Parking(self)
        self._build()
        self._connect()
        self._add_keys()
        self.retranslate()
        self.work.open()

    # --- building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        request = Column([self.asking, self.reasons])
        plan = Column([self.plan, self.approval, self.consent])
        plan.laid_out.connect(self._fit_rows)
        self._columns = Columns(request, plan, self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.notice)
        column.addWidget(self._columns, 1)
        column.addWidget(self.foot)
        self.approval.hide()
        # The preview comes last (design, focus order).
        self.tab_groups = (self.asking, self.reasons, self.plan, self.approval, self.consent, self.foot, self.side)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _connect(self) -> None:
        work = self.work
        work.opened.connect(self.on_opened)
        work.open_refused.connect(self.on_open_refused)
        work.changed.connect(self.on_changed)
        work.plan_refused.connect(self.on_plan_refused)
        work.moved.connect(self.on_moved)
        work.text_changed.connect(self.consent.tell_changed)
        work.approved.connect(self.on_approved)
        work.vouched.connect(self.on_vouched)
        work.pin_refused.connect(self.on_pin_refused)
        work.refused.connect(self.on_refused)
        work.cancelled.connect(self.on_cancelled)
        work.drafts.saved.connect(self.on_draft_saved)
        self.drawer.drawn.connect(self.side.show_pdf)
        for section in (self.asking, self.reasons, self.plan, self.consent, self.side):
            section.entered.connect(self.on_entered)
        self.asking.verified.connect(self.on_verified)
        self.asking.vouch_asked.connect(self.on_vouch_asked)
        self.reasons.chosen.connect(self.on_reason)
        self.approval.pin_given.connect(self.on_pin_given)
        self.approval.changed.connect(self.on_other_approver)
        self.approval.park_asked.connect(work.park)
        self.parking.agreed.connect(self.cancelled)
        self.side.paper_changed.connect(self.draw_slip)
        self.head.close_asked.connect(self.keep)
        self.foot.keep_asked.connect(self.keep)
        self.foot.confirm_asked.connect(work.confirm)
        self.foot.missing_asked.connect(self.guide.go_to)
        self._bench.language.changed.connect(self.retranslate)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.on_focus_changed)

    def _add_keys(self) -> None:
        def on(sequence: str, slot: Any) -> None:
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

        on(shortcuts.COUNTER, partial(self.choose_channel, Channel.COUNTER))
        on(shortcuts.PHONE, partial(self.choose_channel, Channel.PHONE))
        on(shortcuts.REASON, self.reasons.focus_tiles)
        on(shortcuts.PIN, self.approval.focus_pin)
        on(shortcuts.SIGN, self.consent.focus_first)
        on(shortcuts.OFFERS, partial(self.reasons.focus_missing, "offer"))
        on(shortcuts.PAPER, self.side.turn_paper)
        for index, sequence in enumerate(shortcuts.SCRIPT):
            on(sequence, partial(self.side.go_to_part, index))
        # The figures' Enter as well as the letters'.
        for sequence in (shortcuts.CONFIRM, shortcuts.CONFIRM.replace("Return", "Enter")):
            on(sequence, self.work.confirm)

    # --- showing -----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Reads all words again."""
        for part in (self.asking, self.reasons, self.plan, self.approval, self.consent, self.foot, self.side):
            part.retranslate()
        self._drawn = None
        self._show_head()
        self.on_changed()
        self.hints_changed.emit()

    def _show_head(self) -> None:
        opening, view = self.work.opening, self.work.view
        ticket = view.ticket if view is not None else opening.ticket if opening is not None else None
        show_head(self.head, self._bench, ticket, rung_of(ticket.review, ticket.work) if ticket is not None else None)

    def on_opened(self, opening: Opening) -> None:
        """The ticket is there: begin where the draft stopped."""
        self.side.show_paper(opening.paper)
        self._show_head()
        if opening.view.draft is not None:
            self.on_draft_saved(opening.view.draft.saved_at)
        # With a draft's reason the plan says what comes next; else it begins with who is asking.
        self._go_on_with_plan = self.work.entries.reason is not None
        if not self._go_on_with_plan:
            QTimer.singleShot(0, self, self.guide.go_on)

    def on_changed(self) -> None:
        """Entries or plan changed: every section shows them, the slip follows."""
        work = self.work
        for section in (self.asking, self.reasons, self.plan, self.approval, self.consent, self.side):
            section.show_work(work)
        self.guide.show_marks()
        self._show_foot()
        self._fit_rows()
        self.draw_slip()
        if self._go_on_with_plan and work.plan is not None:
            self._go_on_with_plan = False
            QTimer.singleShot(0, self, self.guide.go_on_after_reason)

    def _show_foot(self) -> None:
        work, language = self.work, self._bench.language
        missing = work.missing()
        plan = work.plan
        manager = plan is not None and only_manager(plan)
        ready = language.say("ui_cancel.working") if work.busy else ready_words(plan, language)
        if work.opening is None:
            ready = language.say("ui_cancel.loading")
        can = work.opening is not None and not missing and plan is not None and not work.busy
        self.foot.show_missing(missing, ready=ready, manager=manager, can_confirm=can)

    def draw_slip(self, *_: object) -> None:
        """Draws the slip anew when what it says has changed."""
        if self.work.plan is None or self.work.busy:
            if self.work.plan is None:
                self.drawer.stop()
                self._drawn = None
                self.side.show_nothing()
            return
        wanted = (self.work.command(), self.side.paper, self.work.view)
        if wanted != self._drawn:
            self._drawn = wanted
            self.drawer.draw_draft(self.work.command(), paper=self.side.paper)

    # --- going on ----------------------------------------------------------------------------------------

    def choose_channel(self, channel: Channel) -> None:
        """Counter or telephone (Alt C, Alt P)."""
        self.asking.on_channel(channel.value)
        if any(item.code == "identity" for item in self.work.missing()):
            self.asking.focus_missing()

    # --- slots -------------------------------------------------------------------------------------------

    def on_entered(self, values: dict[str, Any]) -> None:
        """A section took entries. At level 5 the result as the reason means: unhappy with the service (REQ-STA-08)."""
        if values.get("because_of_result") is True and self.work.entries.reason is not Reason.DISSATISFIED:
            values = {**values, "reason": Reason.DISSATISFIED, "offer_declined": False}
            self._go_on_with_plan = True
        elif "reason" in values and self.work.entries.because_of_result and values["reason"] is not Reason.DISSATISFIED:
            values = {**values, "because_of_result": None}
        if self._error is not None:
            self._error = None
            self.notice.clear()
        self.work.enter(**values)

    def on_reason(self, reason: Reason) -> None:
        """A reason was chosen: go on as soon as its plan is there."""
        self._go_on_with_plan = True
        if self.work.plan is not None:
            self.on_changed()

    def on_verified(self) -> None:
        """It has just become clear who asks: from here digits choose the reason."""
        if self.guide.section_with_focus() in (Section.ASKING, None):
            QTimer.singleShot(0, self, self.guide.go_on)

    def on_approved(self, approver: object) -> None:
        """A second person agreed: on to the customer's consent."""
        QTimer.singleShot(0, self, self.guide.go_on)

    def on_vouched(self, voucher: object) -> None:
        """A supervisor stands for the customer, or let the questions be asked again."""
        self.asking.supervisor.reset()
        QTimer.singleShot(0, self, self.guide.go_on)

    def on_vouch_asked(self, staff_id: str, pin: str) -> None:
        """A supervisor's PIN was given for identity."""
        self._pin_row = self.asking.supervisor
        self.work.vouch(staff_id, pin)

    def on_pin_given(self, staff_id: str, pin: str) -> None:
        """A second person's PIN was given for the plan."""
        self._pin_row = self.approval.row
        self.work.approve(staff_id, pin)

    def on_pin_refused(self, error: DomainError) -> None:
        """The PIN did not do: said where it was typed."""
        self._pin_row.show_refused(error)

    def on_other_approver(self) -> None:
        """Somebody else is to approve."""
        self.work.take_approval_back()
        self.approval.focus_pin()

    def on_draft_saved(self, moment: Any) -> None:
        """The draft is on the disk."""
        time = clock_words(moment, self._bench.desk.zone)
        self.head.show_word(self._bench.language.say("ui_cancel.draft_saved", time=time))

    def on_moved(self, view: PlanView) -> None:
        """The ticket changed elsewhere: said under the head, entries kept, money and approval open again."""
        opening = self.work.opening
        before = opening.view.line.rung if opening is not None else None
        self.notice.say("warn", "refresh-cw", moved_words(view, before, self._bench))
        self._show_head()

    def on_plan_refused(self, error: DomainError) -> None:
        """There is no plan: the reason is not allowed here, or the ticket is past cancelling."""
        self._error = error
        self.notice.say("bad", "ban", self._bench.language.say("ui_cancel.no_plan"), self._bench.language.error(error))

    def on_open_refused(self, error: DomainError) -> None:
        """The ticket cannot be opened."""
        title = self._bench.language.say("ui_cancel.not_opened")
        self.notice.say("bad", "ban", title, self._bench.language.error(error))

    def on_refused(self, error: DomainError) -> None:
        """The cancellation was refused: said in place, nothing has changed."""
        self._error = error
        language = self._bench.language
        why = language.say("ui_cancel.refused", why=language.error(error))
        self.notice.say("bad", "triangle-alert", why, language.say("ui_cancel.safe"))
        section = AT_FAULT.get(error.code)
        if error.code == "evidence_invalid":
            self.reasons.evidence.mark_wrong(str(error.facts.get("field", "")))
        elif section is not None:
            self.guide.go_to(Missing("", section))

    def on_cancelled(self, cancelled: Cancelled) -> None:
        """The ticket is cancelled, or the request waits for a supervisor."""
        self.drawer.stop()
        if not self.parking.takes(cancelled):
            self.cancelled.emit(cancelled)

    def lock_entries(self) -> None:
        """The request has been sent: nothing of it can be changed any more."""
        self._columns.setEnabled(False)
        self.foot.show_sent()

    def keep(self) -> None:
        """Leaves with the ticket kept; what was entered waits as a draft."""
        if self.parking.is_sent or not self.work.busy:
            self.save_now()
            self.closed.emit()

    def save_now(self) -> None:
        """Keeps the draft at once; the desk is about to be locked."""
        if not self.parking.is_sent:
            self.work.leave()

    def on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """Another field has the cursor: its section is the current one."""
        if now is None or not self.isAncestorOf(now):
            return
        self._columns.request.show_widget(now)
        self._columns.plan.show_widget(now)
        self.guide.show_marks()
        self.hints_changed.emit()

    # --- scanning, hints ---------------------------------------------------------------------------------

    def take_scan(self, text: str) -> bool:
        """Puts a scan into the identity or evidence field that has the cursor, else asks to finish this first."""
        if self.asking.take_scan(text) or self.reasons.take_scan(text):
            return True
        words = self._bench.language.say("ui_cancel.finish_first")
        self.notice.say("surface", "scan-barcode", words, for_ms=BANNER_MS)
        return False

    def hints(self) -> Hints:
        """The keys that work with the present focus."""
        focus, approval = QApplication.focusWidget(), not self.approval.isHidden()
        return hints_of(self._bench.language, self.work.entries, focus=focus, approval=approval)

    # --- Qt ----------------------------------------------------------------------------------------------

    def _fit_rows(self) -> None:
        compact, column = bool(self._compact), self._columns.plan
        tight = self.work.entries.by_phone or len(self.plan.steps.rows) >= MANY_STEPS
        self.asking.fold(self.reasons.fit(compact))
        self.plan.set_row_size(compact, tight=tight, over=column.missing_height())
        # The plan is the one table here: where the window is too low, its rows scroll and nothing else moves.
        self.plan.steps.take_height(column.missing_height())

    def resizeEvent(self, event: object) -> None:
        compact = is_compact(self.height())
        if compact != self._compact:
            self._compact = compact
            for part in (self.consent, self._columns.request, self._columns.plan):
                part.set_compact(compact)
            self._fit_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field wanted: digits choose reasons, Enter goes on, Esc keeps the ticket."""
        widget = QApplication.focusWidget()
        text = event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(widget, QLineEdit)
        if event.key() == Qt.Key.Key_Escape:
            self.keep()
        elif plain and not typing and len(text) == 1 and text.isascii() and text.isdigit():
            self.reasons.press_digit(text)
        elif plain and event.key() == Qt.Key.Key_Delete and not typing:
            self.consent.on_clear()
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(widget, QAbstractButton) and not isinstance(widget, CheckBox) and self.isAncestorOf(widget):
                widget.click()
            else:
                self.guide.go_on()
        else:
            super().keyPressEvent(event)
