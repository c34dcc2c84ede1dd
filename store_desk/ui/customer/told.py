"""What the customer is shown of a cancellation in the making: one ticket, nobody else's data, nothing for the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from store_desk.domain.money import format_minor
from store_desk.domain.slip import Both
from store_desk.services.cancel import PlanView
from store_desk.services.desk import DeskIdentity
from store_desk.services.wording import compensation_words, day_words, moment_words
from store_desk.words import both, catalogue


@dataclass(frozen=True, slots=True)
class Told:
    """The customer's screen as words; `name` is printed under the line to sign on."""

    store: Both
    number: str
    product: Both
    reason: Both
    words: str
    money_label: Both
    money: str
    money_why: Both
    steps: tuple[Both, ...]
    read_back: Both
    name: str


@dataclass(frozen=True, slots=True)
class Times:
    """What moments are counted from: the desk's clock, the store's zone, and how long a slip reopens with priority."""

    now: datetime
    zone: tzinfo
    reopen_days: int


def told_of(identity: DeskIdentity, view: PlanView, *, words: str, name: str, times: Times) -> Told:
    """What is shown of this plan; `words` are the customer's own, `name` who is to sign."""
    ticket, plan = view.ticket, view.plan
    if plan.customer_pays_minor:
        label, money = "pays", format_minor(plan.customer_pays_minor, plan.currency)
    elif plan.store_pays_minor:
        label, money = "receives", format_minor(plan.store_pays_minor, plan.currency)
    else:
        label, money = "nothing", ""
    known = catalogue("ui_customer")
    kinds = dict.fromkeys(step.kind for step in plan.steps if f"step.{step.kind}" in known)
    steps = [_step(kind, view, times) for kind in kinds]
    until = (times.now + timedelta(days=times.reopen_days)).astimezone(times.zone).date()
    reopen = both("ui_customer.always.reopen", date=day_words(until, this_year=times.now.astimezone(times.zone).year))
    return Told(
        store=Both(identity.store_name, identity.store_name_other),
        number=ticket.number,
        product=Both(ticket.product or ticket.category, ticket.facts.product_other),
        reason=both(f"trade.reason.{plan.reason.value}"),
        words=words,
        money_label=both(f"ui_customer.{label}"),
        money=money,
        money_why=_why(view, times),
        steps=(*steps, reopen, both("ui_customer.always.warranty")),
        read_back=Both(view.read_back_zh, view.read_back_en),
        name=name,
    )


def _step(kind: str, view: PlanView, times: Times) -> Both:
    visit = view.ticket.facts.visit
    if kind == "stop_visit" and visit is not None and visit.at is not None:
        today = visit.at.astimezone(times.zone).date() == times.now.astimezone(times.zone).date()
        when = moment_words(visit.at, times.zone, now=times.now)
        return both("ui_customer.step.stop_visit.today" if today else "ui_customer.step.stop_visit.at", when=when)
    return both(f"ui_customer.step.{kind}")


def _why(view: PlanView, times: Times) -> Both:
    """What the customer's payment is for, where it is the compensation alone."""
    ticket, given_on = view.ticket, view.ticket.facts.compensation_on
    if not view.plan.customer_pays_minor or view.plan.customer_pays_minor != ticket.compensation_minor:
        return Both("")
    kind = compensation_words(ticket.facts.compensation_kind)
    if given_on is None:
        return both("ui_customer.pays.back", kind=kind)
    day = day_words(given_on, this_year=times.now.astimezone(times.zone).year)
    return both("ui_customer.pays.back_of", kind=kind, day=day)
