"""The way through the sheet: which section is done or current, and where the focus goes next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from store_desk.ui.cancel.approval import ApprovalSection
from store_desk.ui.cancel.asking import AskingSection
from store_desk.ui.cancel.consent_view import ConsentSection
from store_desk.ui.cancel.missing import Missing, Section
from store_desk.ui.cancel.plan_view import PlanSection
from store_desk.ui.cancel.reasons import ReasonSection
from store_desk.ui.cancel.work import CancelWork

# Which section a refusal belongs to.
AT_FAULT = {
    "identity_missing": Section.ASKING,
    "identity_mismatch": Section.ASKING,
    "reason_missing": Section.REASON,
    "reason_not_allowed": Section.REASON,
    "evidence_missing": Section.REASON,
    "evidence_invalid": Section.REASON,
    "rights_not_acknowledged": Section.PLAN,
    "settlement_missing": Section.PLAN,
    "approval_needed": Section.APPROVAL,
    "approver_is_requester": Section.APPROVAL,
    "approver_right_missing": Section.APPROVAL,
    "consent_missing": Section.CONSENT,
    "witness_invalid": Section.CONSENT,
}

SectionPart = AskingSection | ReasonSection | PlanSection | ApprovalSection | ConsentSection


class Guide:
    """Knows the five sections and the button at the end."""

    def __init__(
        self,
        work: CancelWork,
        *,
        asking: AskingSection,
        reasons: ReasonSection,
        plan: PlanSection,
        approval: ApprovalSection,
        consent: ConsentSection,
        confirm: QWidget,
    ) -> None:
        self._work = work
        self._asking, self._reasons, self._plan = asking, reasons, plan
        self._approval, self._consent = approval, consent
        self._confirm = confirm
        self._parts: dict[Section, SectionPart] = {
            Section.ASKING: asking,
            Section.REASON: reasons,
            Section.PLAN: plan,
            Section.APPROVAL: approval,
            Section.CONSENT: consent,
        }

    def section_with_focus(self) -> Section | None:
        """The section that has the cursor."""
        widget = QApplication.focusWidget()
        if widget is None:
            return None
        return next((section for section, part in self._parts.items() if part.isAncestorOf(widget)), None)

    def show_marks(self) -> None:
        """Number, ring or check before each section; numbers close up without an approval."""
        work = self._work
        open_ = {item.section for item in work.missing()}
        focus = self.section_with_focus()
        self._consent.show_number(5 if not self._approval.isHidden() else 4)
        for section, part in self._parts.items():
            # Before there is a plan, only identity can be settled.
            known = work.opening is not None if section is Section.ASKING else work.plan is not None
            done = known and section not in open_
            part.head.set_state("done" if done else "current" if section is focus else "open")

    def go_on(self) -> None:
        """Puts the focus on the first thing that is missing, or on Confirm when all is set."""
        missing = self._work.missing()
        if missing:
            self.go_to(missing[0])
        else:
            self._confirm.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_on_after_reason(self) -> None:
        """Puts the focus on what is missing after the reason; identity comes last when it was left out."""
        later = [item for item in self._work.missing() if item.section is not Section.ASKING]
        if later:
            self.go_to(later[0])
        else:
            self.go_on()

    def go_to(self, item: Missing) -> None:
        """Puts the focus where a missing thing is entered."""
        if item.section is Section.ASKING:
            self._asking.focus_missing()
        elif item.section is Section.REASON:
            self._reasons.focus_missing(item.code)
        elif item.section is Section.PLAN:
            self._plan.focus_missing(item.code)
        elif item.section is Section.APPROVAL:
            self._approval.focus_pin()
        else:
            self._consent.focus_missing(item.code)
