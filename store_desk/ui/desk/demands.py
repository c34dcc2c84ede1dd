"""What a ticket's state demands at the counter: one bold line, one sentence, up to four chips, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from store_desk.domain.case import CASE_MOVES, CONFIRMED_STATES, OPEN_STATES, CancellationCase, CaseState, Origin
from store_desk.domain.conditions import SHIPPED
from store_desk.domain.consent import Channel
from store_desk.domain.level import Rung
from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan, plan_cancellation
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Right, has_right
from store_desk.domain.slip import Both
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Status, Ticket
from store_desk.services.look_up import TicketView
from store_desk.ui.bench import Bench
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.moments import Moments
from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Tone

Action = Literal["cancel", "continue", "reopen", "undo"]
CHIPS_MAX = 4
# Grounds that depend on the reason, which nobody has chosen yet.
BY_REASON = frozenset({"reason_level", "reason_always"})


@dataclass(frozen=True, slots=True)
class DemandChip:
    """One fact of the panel."""

    text: str
    icon: str
    tone: Tone = "line"


@dataclass(frozen=True, slots=True)
class Demand:
    """The action panel's words. `actions` come with the primary one first; `can_cancel` says whether F8 works."""

    icon: str
    title: str
    sentence: str
    chips: tuple[DemandChip, ...]
    actions: tuple[Action, ...]
    can_cancel: bool


def demand_of(opened: Opened, *, bench: Bench, actor: Actor, moments: Moments) -> Demand:
    """The panel of this ticket for this person, from the rules of cancelling themselves."""
    view = opened.view
    words = _Words(bench.language, moments, opened.people)
    if view.line.status is Status.OPEN:
        if not has_right(actor.role, Right.CANCEL):
            return words.no_right(actor)
        plan = plan_cancellation(
            view.line.ticket,
            Reason.SELF_RESOLVED,
            channel=Channel.COUNTER,
            role=actor.role,
            policy=opened.policy,
            conditions=SHIPPED,
            now=moments.now,
            zone=bench.desk.zone,
        )
        return words.open(view, plan)
    may = has_right(actor.role, Right.REOPEN)
    return words.ended(view, may_reopen=may, may_undo=can_undo(view) and has_right(actor.role, Right.WITHDRAW))


def can_undo(view: TicketView) -> bool:
    """Whether the last cancellation can still be taken back as a whole."""
    case = view.cases[0] if view.cases else None
    if case is None or case.before is None or case.origin is Origin.IMPORT:
        return False
    if CaseState.WITHDRAWN not in CASE_MOVES[case.state]:
        return False
    return case.state in OPEN_STATES or view.undo_left_s > 0


@dataclass(frozen=True, slots=True)
class _Words:
    language: Language
    moments: Moments
    people: Mapping[str, Both]

    def say(self, key: str, **facts: object) -> str:
        return self.language.say(f"ui_desk.{key}", **facts)

    def who(self, staff: str) -> str:
        """A person's name in the window's language; the number, or a text that is no number, as it is."""
        known = self.people.get(staff)
        return self.language.of(known) if known else staff

    def no_right(self, actor: Actor) -> Demand:
        role = self.language.say(f"trade.role.{actor.role.value}")
        return Demand("lock", self.say("why.right", role=role), self.say("why.role"), (), (), False)

    def open(self, view: TicketView, plan: Plan) -> Demand:
        icon, title = self._title(view)
        approval = bool(set(plan.because) - BY_REASON)
        chips = list(self._chips(view.line.ticket, plan, approval=approval))[:CHIPS_MAX]
        if view.draft is not None:
            kept = self.say("chip.draft", when=self.moments.ended(view.draft.saved_at))
            chips = [*chips[: CHIPS_MAX - 1], DemandChip(kept, "pen-line", "accent")]
        action: Action = "continue" if view.draft is not None else "cancel"
        sentence = self._sentence(view.line.rung, plan, approval=approval)
        return Demand(icon, title, sentence, tuple(chips), (action,), True)

    def _title(self, view: TicketView) -> tuple[str, str]:
        ticket, rung = view.line.ticket, view.line.rung
        visit, parcel = ticket.facts.visit, ticket.facts.parcel
        who = (visit.technician if visit else "") or ticket.assignee
        if rung is Rung.IN_PROGRESS:
            if visit is not None and visit.at is not None and visit.at > self.moments.now - timedelta(hours=1):
                return "calendar-clock", self.say("demand.visit", when=self.moments.booked(visit.at))
            if parcel is not None and parcel.what:
                what = parcel.what_other or parcel.what if self.language.now == "en" else parcel.what
                return "package", self.say("demand.goods", what=what)
            if ticket.facts.work_percent:
                return "wrench", self.say("demand.work.percent", percent=ticket.facts.work_percent)
            return "wrench", self.say("demand.work")
        if rung is Rung.IN_REVIEW:
            reviewer = self.who(ticket.facts.reviewer)
            return "hourglass", self.say("demand.in_review.who", who=self._named(reviewer)) if reviewer else self.say(
                "demand.in_review"
            )
        if rung is Rung.ASSIGNED:
            key = "demand.assigned.who" if who else "demand.assigned"
            return "user-check", self.say(key, who=self.who(who))
        if rung is Rung.APPROVED:
            if ticket.review_since is None:
                return "badge-check", self.say("demand.approved")
            return "badge-check", self.say("demand.approved.when", when=self.moments.full(ticket.review_since))
        if rung is Rung.TO_CONFIRM:
            return "user-check", self.say("demand.to_confirm")
        return "circle-dashed", self.say("demand.submitted")

    def _named(self, name: str) -> str:
        """A reviewer is written down by name in one language; the other name is looked up among the people here."""
        for person in self.people.values():
            if name in (person.zh, person.en):
                return self.language.of(person)
        return name

    def _sentence(self, rung: Rung, plan: Plan, *, approval: bool) -> str:
        if rung is Rung.TO_CONFIRM:
            gap = " " if self.language.now == "en" else ""
            return self.say("ask.result") + gap + self.say("ask.result.approval")
        kinds = {step.kind for step in plan.steps}
        acts = "acts.at_once"
        for kind, key in (
            ("stop_visit", "acts.visit"),
            ("tell_technician", "acts.technician"),
            ("tell_reviewer", "acts.reviewer"),
            ("recall_goods", "acts.goods"),
            ("stop_work", "acts.work"),
            ("return_compensation", "acts.money"),
        ):
            if kind in kinds:
                acts = key
                break
        after = "now.approval" if approval else "now.alone"
        return self.say("now", acts=self.say(acts), approval=self.say(after))

    def _chips(self, ticket: Ticket, plan: Plan, *, approval: bool) -> list[DemandChip]:
        steps = {step.code: step for step in plan.steps}
        chips: list[DemandChip] = []
        for code, key in (
            ("stop_visit", "chip.dispatch"),
            ("tell_technician", "chip.technician"),
            ("tell_reviewer", "chip.reviewer"),
        ):
            if code in steps:
                chips.append(DemandChip(self.say(key), "bell-ring"))
                break
        if approval:
            chips.append(DemandChip(self.say("chip.supervisor"), "shield-check"))
        for code, key, icon in (
            ("return_compensation", "chip.collect", "coins"),
            ("fee_visit", "chip.fee", "coins"),
            ("fee_tariff", "chip.tariff", "coins"),
            ("void_code", "chip.void_code", "gift"),
        ):
            if code in steps:
                amount = format_minor(steps[code].amount_minor, ticket.currency)
                chips.append(DemandChip(self.say(key, amount=amount), icon, "warn"))
        parcel = ticket.facts.parcel
        if "recall_goods" in steps and parcel is not None:
            what = (parcel.what_other or parcel.what) if self.language.now == "en" else parcel.what
            chips.append(DemandChip(self.say("chip.recall", what=what or parcel.waybill), "truck"))
        for code, key, icon in (
            ("hand_back_item", "chip.hand_back", "package-check"),
            ("release_parts", "chip.release", "package"),
            ("stop_work", "chip.stop_work", "circle-pause"),
        ):
            if code in steps:
                chips.append(DemandChip(self.say(key), icon))
        return chips

    def ended(self, view: TicketView, *, may_reopen: bool, may_undo: bool) -> Demand:
        """Why it cannot be cancelled, and what can be done instead."""
        status = view.line.status
        reopen: tuple[Action, ...] = ("reopen",) if may_reopen else ()
        undo: tuple[Action, ...] = ("undo",) if may_undo else ()
        if status is Status.DONE:
            return Demand("circle-check", self.say("why.done"), self.say("why.done.do"), (), reopen, False)
        if status is Status.REJECTED:
            return Demand("ban", self.say("why.rejected"), self.say("why.rejected.do"), (), reopen, False)
        case = view.cases[0] if view.cases else None
        if status is Status.CANCELLING and case is not None:
            state = self.language.say(f"trade.case.{case.state.value}")
            sentence = self.say("why.cancelling.do", state=state)
            return Demand("hourglass", self.say("why.cancelling"), sentence, self._case_chips(view, case), undo, False)
        chips = self._case_chips(view, case) if case is not None else ()
        return Demand("circle-x", self._cancelled(case), self._after(view), chips, (*reopen, *undo), False)

    def _cancelled(self, case: CancellationCase | None) -> str:
        if case is None or case.decided_at is None:
            return self.say("why.cancelled")
        when = self.moments.full(case.decided_at)
        if case.origin is Origin.IMPORT:
            return self.say("why.cancelled.import", when=when)
        if not case.requester:
            return self.say("why.cancelled.when", when=when)
        return self.say("why.cancelled.by", when=when, who=self.who(case.requester))

    def _after(self, view: TicketView) -> str:
        parts: list[str] = []
        if view.slips:
            parts.append(self.say("why.cancelled.slip", number=view.slips[0].number))
        until = view.reopen_until
        if until is not None and until >= self.moments.now:
            parts.append(self.say("why.cancelled.until", date=self._day(until)))
        else:
            parts.append(self.say("why.cancelled.later"))
        return (" " if self.language.now == "en" else "").join(parts)

    def _day(self, moment: datetime) -> str:
        return self.moments.full(moment).rsplit(" ", 1)[0]

    def _case_chips(self, view: TicketView, case: CancellationCase) -> tuple[DemandChip, ...]:
        chips = [DemandChip(self.language.say(f"trade.reason.{case.reason.value}"), "message-square-text")]
        if case.state in CONFIRMED_STATES and case.origin is not Origin.IMPORT:
            settled = view.line.settled
            words = self.say("chip.settled" if settled else "chip.not_settled")
            chips.append(DemandChip(words, "circle-check" if settled else "hourglass", "ok" if settled else "warn"))
        if view.slips:
            owed = view.slips[0].owed
            words = self.say("chip.not_printed" if owed else "chip.printed")
            chips.append(DemandChip(words, "printer" if owed else "printer-check", "warn" if owed else "line"))
        return tuple(chips)
