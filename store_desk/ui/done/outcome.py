"""What happened, row by row: the agreed steps of a case with what stands of each now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from store_desk.domain.case import OPEN_STATES
from store_desk.domain.money import format_minor
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.plan import PlanStep
from store_desk.domain.slip import Both
from store_desk.domain.staff import Staff
from store_desk.services.cancel import Cancelled
from store_desk.services.withdraw import Withdrawn
from store_desk.services.wording import compensation_words, day_words, moment_words, step_words
from store_desk.ui.names import with_other_name
from store_desk.ui.step_icons import step_icon
from store_desk.words import both, catalogue

NOTHING = Both("", "")
# Steps that are shown elsewhere: the customer is told by the slip below, the check has a line of its own.
ELSEWHERE = frozenset({"tell_customer", "check_status"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: what was done, to whom, and how it stands. `tone` is ok, wait, warn or bad."""

    icon: str
    title: Both
    sub: Both
    state: Both
    tone: str


def steps_of(plan_text: str) -> tuple[PlanStep, ...]:
    """The steps of a plan as it is kept with the case."""
    steps: list[dict[str, Any]] = json.loads(plan_text).get("steps", []) if plan_text else []
    return tuple(
        PlanStep(
            kind=step["kind"],
            code=step["code"],
            facts=tuple(step["facts"].items()),
            amount_minor=step["amount_minor"],
            automatic=step["automatic"],
            due_at=datetime.fromisoformat(step["due_at"]) if step["due_at"] else None,
        )
        for step in steps
    )


def outcomes_of(
    cancelled: Cancelled, *, now: datetime, zone: tzinfo, people: tuple[Staff, ...] = ()
) -> tuple[Outcome, ...]:
    """The rows of a finished cancellation, in the order of the plan; `people` are those whose second name is known."""
    left = list(cancelled.obligations)
    rows: list[Outcome] = []
    for step in named_steps(cancelled, people):
        if step.kind in ELSEWHERE:
            continue
        own = next((item for item in left if item.kind.value == step.kind), None) if step.due_at else None
        if own is not None:
            left.remove(own)
        currency = cancelled.ticket.currency
        _, sub = step_words(step, zone=zone, currency=currency, now=now)
        state, tone = _state(step, own, cancelled, now=now, zone=zone)
        waits = cancelled.case.state in OPEN_STATES
        title = _title(step, own, currency=currency, now=now, zone=zone, waits=waits)
        rows.append(Outcome(step_icon(step.kind), title, sub, state, tone))
    return tuple(rows)


def checks_of(cancelled: Cancelled) -> Outcome:
    """The check after the cancellation: green when all is in order, else red with what is not (REQ-STA-10)."""
    bad = [name for name, ok in cancelled.checks if not ok]
    words = [both(f"plan.check.{name}") for name in (bad or [name for name, _ in cancelled.checks])]
    english = [words[0].en, *(word.en[:1].lower() + word.en[1:] for word in words[1:])] if words else []
    what = Both("、".join(word.zh for word in words), ", ".join(english))
    state = both("ui_done.checks.bad", what=what) if bad else both("ui_done.checks.good")
    sub = NOTHING if bad else what
    return Outcome("badge-check", both("ui_done.did.check_status"), sub, state, "bad" if bad else "ok")


def _title(step: PlanStep, own: Obligation | None, *, currency: str, now: datetime, zone: tzinfo, waits: bool) -> Both:
    """What was done; while the outcome is awaited everything is on hold and money a deposit (rulings, 12)."""
    facts: dict[str, object] = dict(step.facts)
    facts["amount"] = format_minor(abs(step.amount_minor), currency) if step.amount_minor else ""
    if facts.get("at"):
        facts["time"] = moment_words(datetime.fromisoformat(str(facts["at"])), zone, now=now)
    if "kind" in facts:
        facts["kind"] = compensation_words(str(facts["kind"] or ""))
    if "what_en" in facts:
        facts["what"] = Both(str(facts["what"] or ""), str(facts["what_en"] or facts["what"] or ""))
    paid = own is not None and own.state is ObligationState.DONE and step.code == "return_compensation"
    key = f"did.{step.code}"
    held = waits and f"{key}.hold" in catalogue("ui_done") and (paid or step.code != "return_compensation")
    text = both(f"ui_done.{key}" + (".hold" if held else ".paid" if paid else ""), **facts)
    return Both(" ".join(text.zh.split()), _capital(" ".join(text.en.split())))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _state(
    step: PlanStep, own: Obligation | None, cancelled: Cancelled, *, now: datetime, zone: tzinfo
) -> tuple[Both, str]:
    if step.kind == "recreate_ticket":
        return both("ui_done.state.linked", number=cancelled.linked_number), "ok"
    if step.kind == "merge_into":
        return both("ui_done.state.kept", number=cancelled.linked_number), "ok"
    if step.code == "fee_visit_free":
        return both("ui_done.state.free"), "ok"
    if own is None:
        told = step.kind in ("tell_reviewer", "tell_technician")
        return (both("ui_done.state.queued"), "wait") if told else (both("ui_done.state.done"), "ok")
    return _owed(step, own, now=now, zone=zone)


def _owed(step: PlanStep, own: Obligation, *, now: datetime, zone: tzinfo) -> tuple[Both, str]:
    if own.state is ObligationState.DONE:
        return both("ui_done.state.received" if own.amount_minor else "ui_done.state.done"), "ok"
    if own.state in (ObligationState.WAIVED, ObligationState.VOID):
        return both(f"ui_done.state.{own.state.value}"), "ok"
    if own.state is ObligationState.WAITING:
        return both("ui_done.state.waiting"), "wait"
    if step.kind == "recall_goods":
        return both("ui_done.state.courier"), "wait"
    if own.due_at is None:
        return both("ui_done.state.open_undated"), "wait"
    due = moment_words(own.due_at, zone, now=now)
    if step.kind in ("stop_visit", "stop_work"):
        return both("ui_done.state.acknowledge", date=due), "wait"
    if own.owner == "customer":
        return both("ui_done.state.owed", date=due), "warn"
    return both("ui_done.state.open", date=due), "wait"


def named_steps(cancelled: Cancelled, people: tuple[Staff, ...]) -> tuple[PlanStep, ...]:
    """The agreed steps with both names of whom they tell."""
    return tuple(with_other_name(step, people) for step in steps_of(cancelled.case.plan))


def not_taken_back(cancelled: Cancelled, *, printed: bool, people: tuple[Staff, ...] = ()) -> tuple[Both, ...]:
    """What an undo cannot make unhappen, to be named before it is asked for."""
    found: list[Both] = []
    currency = cancelled.ticket.currency
    received = sum(item.amount_minor for item in cancelled.obligations if item.state is ObligationState.DONE)
    if received:
        found.append(both("ui_done.undo.cannot.money", amount=format_minor(received, currency)))
    told: dict[str, str] = {}
    for step in named_steps(cancelled, people):
        who = str(dict(step.facts).get("who") or "")
        if who and step.kind in ("tell_reviewer", "tell_technician", "stop_visit", "stop_work"):
            told[who] = str(dict(step.facts).get("who_en") or told.get(who) or who)
    if told:
        found.append(both("ui_done.undo.cannot.told", who=Both("、".join(told), ", ".join(told.values()))))
    if cancelled.case.reason.value == "wrong_information" and cancelled.linked_number:
        found.append(both("ui_done.undo.cannot.linked", number=cancelled.linked_number))
    if printed:
        found.append(both("ui_done.undo.cannot.paper"))
    return tuple(found)


def left_over_of(undone: Withdrawn, *, zone: tzinfo, this_year: int) -> tuple[Outcome, ...]:
    """What withdrawing could not simply call off; one quiet row when there is nothing."""
    if not undone.left_over:
        nothing = both("ui_done.left_over.none")
        return (Outcome("circle-check", nothing, NOTHING, both("ui_done.state.done"), "ok"),)
    rows: list[Outcome] = []
    for item in undone.left_over:
        state = both("ui_done.state.open_undated")
        if item.due_at is not None:
            day = day_words(item.due_at.astimezone(zone).date(), this_year=this_year)
            state = both("ui_done.state.open", date=day)
        if item.kind is ObligationKind.REFUND_TO_CUSTOMER:
            title = both("ui_done.left_over.refund", amount=format_minor(item.amount_minor, undone.ticket.currency))
            rows.append(Outcome("coins", title, NOTHING, state, "warn"))
            continue
        kind = json.loads(item.text)["facts"].get("kind", item.kind.value)
        title = both("ui_done.left_over.call", what=both(f"trade.obligation.{kind}"))
        rows.append(Outcome("phone-call", title, NOTHING, state, "wait"))
    return tuple(rows)
