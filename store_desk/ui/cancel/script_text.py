"""The call script: what the clerk says on the telephone, with the ticket's own facts put in (REQ-COM-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Both
from store_desk.domain.ticket import Ticket
from store_desk.services.wording import day_words, moment_words
from store_desk.words import both, catalogue

PARTS = ("understand", "confirm", "explain", "suggest")


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """One of the four parts: its name, what to say, and the facts that stand beside it as chips."""

    name: str
    says: Both
    facts: tuple[Both, ...] = ()


def script_of(
    ticket: Ticket, plan: Plan | None, *, policy: Policy, reason: Reason | None, now: datetime, zone: tzinfo
) -> tuple[ScriptPart, ...]:
    """The four parts in their order; what depends on the plan stays short while there is none."""
    product = Both(ticket.product or "-", ticket.facts.product_other)
    facts = [Both(ticket.number), product]
    why = Both("…", "…")
    if reason is not None:
        why = both(f"trade.reason.{reason.value}")
        facts.append(why)
    confirm = both("ui_cancel.say.confirm", number=ticket.number, product=product, reason=why)
    return (
        ScriptPart("understand", _understand(reason)),
        ScriptPart("confirm", confirm, tuple(facts)),
        ScriptPart("explain", _explain(plan, policy=policy, now=now, zone=zone)),
        ScriptPart("suggest", both("ui_cancel.say.suggest")),
    )


def _understand(reason: Reason | None) -> Both:
    name = f"say.understand.{reason.value}" if reason is not None else ""
    return both(f"ui_cancel.{name}" if name in catalogue("ui_cancel") else "ui_cancel.say.understand")


def _explain(plan: Plan | None, *, policy: Policy, now: datetime, zone: tzinfo) -> Both:
    parts: list[Both] = []
    for step in plan.steps if plan is not None else ():
        facts = dict(step.facts)
        if step.kind == "stop_visit" and facts.get("at"):
            when = moment_words(datetime.fromisoformat(str(facts["at"])), zone, now=now)
            parts.append(both("ui_cancel.say.visit", time=when))
        elif step.kind == "stop_work":
            parts.append(both("ui_cancel.say.work"))
        elif step.kind == "recall_goods":
            parts.append(both("ui_cancel.say.recall"))
    if plan is not None and plan.customer_pays_minor:
        day = day_words((now + timedelta(days=policy.settle_days)).astimezone(zone).date(), this_year=now.year)
        amount = format_minor(plan.customer_pays_minor, plan.currency)
        parts.append(both("ui_cancel.say.pays", amount=amount, date=day))
    if plan is not None and plan.store_pays_minor:
        amount = format_minor(plan.store_pays_minor, plan.currency)
        parts.append(both("ui_cancel.say.receives", amount=amount))
    parts.append(both("ui_cancel.say.done", days=policy.reopen_days))
    text = Both("".join(part.zh for part in parts), "".join(part.en for part in parts))
    return both("ui_cancel.say.explain", parts=text)
