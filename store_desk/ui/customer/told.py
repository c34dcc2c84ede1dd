"""What the customer is shown of a cancellation in the making: one ticket, nobody else's data, nothing for the clerk."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.money import format_minor
from store_desk.domain.slip import Both
from store_desk.services.cancel import PlanView
from store_desk.services.desk import DeskIdentity
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
    steps: tuple[Both, ...]
    read_back: Both
    name: str


def told_of(identity: DeskIdentity, view: PlanView, *, words: str, name: str) -> Told:
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
    steps = [both(f"ui_customer.step.{kind}") for kind in kinds]
    return Told(
        store=Both(identity.store_name, identity.store_name_other),
        number=ticket.number,
        product=Both(ticket.product or ticket.category, ticket.facts.product_other),
        reason=both(f"trade.reason.{plan.reason.value}"),
        words=words,
        money_label=both(f"ui_customer.{label}"),
        money=money,
        steps=(*steps, both("ui_customer.always.reopen"), both("ui_customer.always.warranty")),
        read_back=Both(view.read_back_zh, view.read_back_en),
        name=name,
    )
