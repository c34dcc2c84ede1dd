"""The read-back text: what the clerk reads to the customer, what is frozen, hashed and signed."""

from __future__ import annotations

from datetime import date

from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Both
from store_desk.domain.ticket import Ticket
from store_desk.services.wording import day_words
from store_desk.words import both


def read_back_text(ticket: Ticket, plan: Plan, *, note: str, evidence: dict[str, str]) -> Both:
    """The sentence in both languages, from the plan that was agreed (REQ-COM-04)."""
    words = (note or evidence.get("how") or evidence.get("text") or "").strip().rstrip("。.")
    parts: list[Both] = []
    if plan.customer_pays_minor:
        parts.append(both("slip.read_back.pays", amount=format_minor(plan.customer_pays_minor, plan.currency)))
    if plan.store_pays_minor:
        parts.append(both("slip.read_back.receives", amount=format_minor(plan.store_pays_minor, plan.currency)))
    agreed: list[Both] = []
    if plan.reason is Reason.WAIVED:
        agreed.append(both("slip.read_back.waiver"))
    if plan.reason is Reason.AGREEMENT and evidence.get("remedy"):
        agreed.append(both("slip.read_back.agreed", remedy=evidence["remedy"], due=_day(evidence.get("due", ""))))
    product = Both(ticket.product or "-", ticket.facts.product_other or ticket.product or "-")
    return both(
        "slip.read_back",
        number=ticket.number,
        product=product,
        reason=both(f"trade.reason.{plan.reason.value}"),
        words=both("slip.read_back.words", words=words) if words else Both("", ""),
        money=_joined(parts),
        obligations=_joined(agreed),
    )


def _joined(parts: list[Both]) -> Both:
    return Both("".join(part.zh for part in parts), "".join(part.en for part in parts))


def _day(text: str) -> Both:
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return Both(text, text)
