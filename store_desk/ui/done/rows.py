"""Which rows the sheet after a cancellation shows: what happened, what head office added, what is still to do."""

from __future__ import annotations

from datetime import datetime

from store_desk.domain.money import format_minor
from store_desk.domain.obligations import CLOSED_STATES, Obligation
from store_desk.domain.plan import PlanStep
from store_desk.domain.slip import Both
from store_desk.domain.staff import Staff
from store_desk.services.cancel import Cancelled
from store_desk.services.kept_plan import told_of
from store_desk.services.withdraw import Withdrawn
from store_desk.services.wording import moment_words, step_words
from store_desk.ui.bench import Bench
from store_desk.ui.done.outcome import NOTHING, Outcome, checks_of, left_over_of, outcomes_of, steps_of
from store_desk.ui.done.standing import NOT_CANCELLED, office_row
from store_desk.ui.step_icons import step_icon
from store_desk.words import both, catalogue


def rows_of(
    cancelled: Cancelled, undone: Withdrawn | None, *, bench: Bench, finished: datetime, people: tuple[Staff, ...] = ()
) -> tuple[str, list[Outcome]]:
    """The key of the heading, and the rows under it."""
    zone = bench.desk.zone
    if undone is not None:
        return "left_over", list(left_over_of(undone, zone=zone, this_year=finished.year))
    office = office_row(cancelled, bench)
    if cancelled.case.state in NOT_CANCELLED:
        open_ones = [item for item in cancelled.obligations if item.state not in CLOSED_STATES]
        rows = [_owed(item, cancelled, bench=bench, now=finished) for item in open_ones]
        return "not_done", [office, *rows] if office is not None else rows
    rows = list(outcomes_of(cancelled, now=finished, zone=zone, people=people))
    rows += [_owed(item, cancelled, bench=bench, now=finished) for item in _added(cancelled)]
    if office is not None:
        rows.append(office)
    if cancelled.checks or office is None:
        rows.append(checks_of(cancelled))
    return "happened", rows


def _added(cancelled: Cancelled) -> list[Obligation]:
    """Open obligations that the agreed plan does not name: head office added them."""
    planned = {step.kind for step in steps_of(cancelled.case.plan)}
    return [
        item for item in cancelled.obligations if item.kind.value not in planned and item.state not in CLOSED_STATES
    ]


def _owed(item: Obligation, cancelled: Cancelled, *, bench: Bench, now: datetime) -> Outcome:
    title, sub = both(f"trade.obligation.{item.kind.value}"), NOTHING
    code, facts = told_of(item)
    if code in catalogue("plan"):
        step = PlanStep(item.kind.value, code, tuple(facts.items()))
        title, sub = step_words(step, zone=bench.desk.zone, currency=cancelled.ticket.currency, now=now)
    if item.amount_minor:
        amount = format_minor(item.amount_minor, cancelled.ticket.currency)
        title = Both(f"{title.zh} {amount}", f"{title.en} {amount}")
    state = both("ui_done.state.open_undated")
    if item.due_at is not None:
        state = both("ui_done.state.open", date=moment_words(item.due_at, bench.desk.zone, now=now))
    return Outcome(step_icon(item.kind.value), title, sub, state, "warn" if item.amount_minor else "wait")
