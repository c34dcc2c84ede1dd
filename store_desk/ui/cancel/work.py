"""The work behind the cancel sheet: entries, plan, approval and the one confirmation, without a widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from store_desk.domain.consent import text_hash
from store_desk.domain.errors import DomainError, TicketMoved
from store_desk.domain.plan import Plan, approval_covers
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.services.cancel import CancelTicket, PlanView, cancel_ticket, preview_plan
from store_desk.services.people import approver_by_pin
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.draft_keeper import DraftKeeper
from store_desk.ui.cancel.entries import Entries, command_of
from store_desk.ui.cancel.missing import Known, Missing, missing_of, only_manager
from store_desk.ui.cancel.opening import Opening, read_opening
from store_desk.ui.tasks import run

# A plan is asked for this long after the last key; a choice (reason, channel) is answered at once.
TYPING_MS = 150
# The ticket is looked at this often while the sheet is open, so that a change elsewhere shows before confirming.
WATCH_MS = 5_000

PLANNED = frozenset({"channel", "reason", "evidence", "note", "because_of_result"})
TYPED = frozenset({"evidence", "note"})
# What the customer agreed to; a change of the read-back text takes it back.
AGREED = ("strokes", "read_back", "said_yes")


class CancelWork(QObject):
    """One cancellation in the making.

    Signals: opened(Opening), changed() after any entry or plan, plan_refused(DomainError), moved(PlanView) when the
    ticket changed elsewhere, text_changed() when consent was taken back because the read-back text is another,
    approved(Actor), vouched(Actor), pin_refused(DomainError), refused(DomainError), cancelled(Cancelled).
    """

    opened = Signal(object)
    open_refused = Signal(object)
    changed = Signal()
    plan_refused = Signal(object)
    moved = Signal(object)
    text_changed = Signal()
    approved = Signal(object)
    vouched = Signal(object)
    pin_refused = Signal(object)
    refused = Signal(object)
    cancelled = Signal(object)

    def __init__(self, bench: Bench, ticket_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self.bench = bench
        self.ticket_id = ticket_id
        self.entries = Entries()
        self.opening: Opening | None = None
        self.view: PlanView | None = None
        self.approver: Actor | None = None
        self.approved_at: datetime | None = None
        self.voucher: Actor | None = None
        self.drafts = DraftKeeper(bench, ticket_id, self)
        self.busy = False
        # The request is to be sent to Approvals instead of asking for a PIN here.
        self.parked = False
        self._approved_plan: Plan | None = None
        self._seen_version = 0
        self._turn = 0
        self._waiting = False
        self._confirm_next = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.ask_plan)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.ask_plan)

    # --- opening and entering ----------------------------------------------------------------------------

    def open(self) -> None:
        """Reads the ticket, the rules and the draft."""
        actor = self.bench.session.actor
        if actor is None:
            return
        work = partial(read_opening, self.bench.desk, actor, ticket_id=self.ticket_id)
        run(self, self.bench.database, work, then=self.on_opened, refused=self.open_refused.emit)

    def on_opened(self, opening: Opening) -> None:
        """The ticket is there: go on where the draft stopped."""
        self.opening = opening
        self.entries = opening.entries
        self._seen_version = opening.ticket.version
        self.drafts.begin(self.entries)
        self.opened.emit(opening)
        self.changed.emit()
        self.ask_plan()
        self._watch.start()

    def enter(self, **values: Any) -> None:
        """Takes entries by their field names, keeps the draft and asks for the plan again where it depends on them."""
        before = self.entries
        self.entries = replace(before, **values)
        if self.entries == before or self.busy:
            self.entries = before if self.busy else self.entries
            return
        names = {name for name in values if getattr(before, name) != getattr(self.entries, name)}
        if names & set(AGREED):
            self.entries = replace(self.entries, agreed_hash=self._text_hash())
        self.drafts.keep(self.entries)
        if names & PLANNED:
            self._turn += 1
            self._waiting = True
            self._timer.start(TYPING_MS if names <= TYPED else 0)
        self.changed.emit()

    def known(self) -> Known | None:
        """What is known beside the entries; None before the ticket was read."""
        if self.opening is None:
            return None
        ticket = self.view.ticket if self.view is not None else self.opening.ticket
        return Known(ticket, self.opening.policy, self.plan, self.approver, self.voucher is not None, self.parked)

    @property
    def plan(self) -> Plan | None:
        """The plan for the chosen reason, or None while there is none."""
        if self.view is None or self.entries.reason is not self.view.plan.reason:
            return None
        return self.view.plan

    def missing(self) -> tuple[Missing, ...]:
        """What is still missing, first things first."""
        known = self.known()
        return missing_of(self.entries, known) if known is not None else ()

    def is_complete(self) -> bool:
        """Whether nothing is missing and the plan shown is the plan for these entries."""
        return self.plan is not None and not self._waiting and not self.missing()

    def command(self) -> CancelTicket:
        """The cancellation as entered so far."""
        command = command_of(self.entries, ticket_id=self.ticket_id, plan=self.plan, approver=self.approver)
        return replace(command, park=self.parked and self.approver is None)

    # --- the plan ----------------------------------------------------------------------------------------

    def ask_plan(self) -> None:
        """Asks for the plan of these entries; before a reason is chosen, for what any reason would take."""
        actor = self.bench.session.actor
        if actor is None or self.opening is None or self.busy:
            return
        self._turn += 1
        # Without a reason the plan of the plainest one shows what this state demands whatever the reason.
        command = command_of(self.entries, ticket_id=self.ticket_id, plan=self.plan, approver=None, reason=Reason.OTHER)
        work = partial(preview_plan, self.bench.desk, actor, command)
        run(
            self,
            self.bench.database,
            partial(_with_turn, self._turn, work),
            then=self.on_planned,
            refused=self.on_plan_refused,
        )

    def on_planned(self, answer: tuple[int, PlanView]) -> None:
        """A plan arrived; an old one is dropped."""
        turn, view = answer
        if turn != self._turn or self.busy:
            return
        self._waiting = False
        same = self.view is not None and _essence(self.view) == _essence(view)
        self.view = view if self.view is None or not same else self.view
        has_moved = view.plan.ticket_version != self._seen_version
        self._seen_version = view.plan.ticket_version
        if has_moved:
            self._uncheck()
        self._check_approval(view.plan)
        self._check_agreed()
        if has_moved:
            self.moved.emit(view)
        if not same or has_moved:
            self.changed.emit()
        if self._confirm_next:
            self._confirm_next = False
            self.confirm()

    def on_plan_refused(self, error: DomainError) -> None:
        """There is no plan for these entries (the reason is not allowed here, or the ticket is past cancelling)."""
        self._waiting = False
        self._confirm_next = False
        self.view = None
        self.plan_refused.emit(error)
        self.changed.emit()

    def _uncheck(self) -> None:
        """The ticket moved: what was settled and approved for the old plan has to be settled and approved again."""
        self.approver = None
        self._approved_plan = None
        self.entries = replace(self.entries, settlement="", rights_told=False, because_of_result=None)
        self.drafts.keep(self.entries)

    def _check_approval(self, plan: Plan) -> None:
        if self._approved_plan is not None and not approval_covers(self._approved_plan, plan):
            self.approver = None
            self._approved_plan = None

    def _check_agreed(self) -> None:
        """Takes consent back that was given to another text than the one shown now."""
        if not any(getattr(self.entries, name) for name in AGREED):
            return
        if self.entries.agreed_hash != self._text_hash():
            self.entries = replace(self.entries, strokes=(), read_back=False, said_yes=False, agreed_hash="")
            self.drafts.keep(self.entries)
            self.text_changed.emit()

    def _text_hash(self) -> str:
        return text_hash(self.view.read_back_zh) if self.view is not None else ""

    # --- a second person ---------------------------------------------------------------------------------

    def approve(self, staff_id: str, pin: str) -> None:
        """Asks a second person's PIN for the plan shown; answers with approved or pin_refused."""
        plan = self.plan
        if plan is None:
            return
        self._second_person(staff_id, pin, manager_only=only_manager(plan), then=self.on_approved)

    def vouch(self, staff_id: str, pin: str) -> None:
        """Asks a supervisor's PIN after too many wrong answers; answers with vouched or pin_refused."""
        self._second_person(staff_id, pin, manager_only=False, then=self.on_vouched)

    def _second_person(self, staff_id: str, pin: str, *, manager_only: bool, then: Callable[[Actor], None]) -> None:
        actor = self.bench.session.actor
        if actor is None:
            return
        work = partial(
            approver_by_pin, self.bench.desk, requester=actor, staff_id=staff_id, pin=pin, manager_only=manager_only
        )
        run(self, self.bench.database, work, then=then, refused=self.pin_refused.emit)

    def on_approved(self, approver: Actor) -> None:
        """The PIN was right: the plan shown now is what was approved."""
        self.approver = approver
        self.approved_at = self.bench.desk.clock()
        self._approved_plan = self.plan
        self.approved.emit(approver)
        self.changed.emit()

    def on_vouched(self, voucher: Actor) -> None:
        """A supervisor stands for the customer at the counter; by phone the questions may be asked again."""
        self.voucher = voucher
        self.enter(misses=0)
        self.vouched.emit(voucher)
        self.changed.emit()

    def park(self) -> None:
        """Lets somebody decide later, under Approvals."""
        self.parked = True
        self.changed.emit()

    def take_approval_back(self) -> None:
        """Lets another person approve instead, or somebody here after all."""
        self.approver = None
        self.parked = False
        self._approved_plan = None
        self.changed.emit()

    # --- the end -----------------------------------------------------------------------------------------

    def confirm(self) -> None:
        """Cancels the ticket, once: pressing again while it runs does nothing."""
        actor = self.bench.session.actor
        if self.busy or actor is None:
            return
        if self._waiting:
            self._confirm_next = True
            return
        if not self.is_complete():
            return
        self.busy = True
        self._timer.stop()
        self._watch.stop()
        self.drafts.hold()
        self.changed.emit()
        work = partial(cancel_ticket, self.bench.desk, actor, self.command())
        task = run(self, self.bench.database, work, then=self.on_cancelled, refused=self.on_refused)
        task.failed.connect(self.on_failed)

    def on_cancelled(self, cancelled: object) -> None:
        """The ticket is cancelled and everything is on the disk; the draft went with it."""
        self.drafts.stop()
        self.cancelled.emit(cancelled)

    def on_refused(self, error: DomainError) -> None:
        """It was refused and nothing changed: entries stay; a ticket that moved gets its plan anew."""
        self.busy = False
        self._watch.start()
        self.drafts.keep(self.entries)
        if isinstance(error, TicketMoved):
            self.ask_plan()
        else:
            self.refused.emit(error)
        self.changed.emit()

    def on_failed(self, _: str) -> None:
        """Something broke; the crash report has it, the entries stay."""
        self.busy = False
        self._watch.start()
        self.drafts.keep(self.entries)
        self.changed.emit()

    def leave(self) -> None:
        """Stops watching and keeps the draft at once."""
        self._watch.stop()
        self._timer.stop()
        self.drafts.save_now()


def _essence(view: PlanView) -> tuple[object, ...]:
    """What makes one plan differ from another to a person; due times move with the clock and do not count."""
    plan = view.plan
    steps = tuple((step.kind, step.code, step.facts, step.amount_minor) for step in plan.steps)
    return (
        (plan.ticket_version, plan.reason, plan.channel, plan.level, steps, plan.because, plan.approver),
        (plan.rights, plan.offers, plan.consent, plan.evidence, plan.customer_pays_minor, plan.store_pays_minor),
        (view.read_back_zh, view.read_back_en),
    )


def _with_turn(turn: int, work: Callable[[], PlanView]) -> tuple[int, PlanView]:
    return turn, work()
