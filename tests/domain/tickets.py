"""Tickets and plans for tests of the rules alone: no store, no clock, no files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from store_desk.domain.conditions import SHIPPED
from store_desk.domain.consent import Channel
from store_desk.domain.plan import Plan, plan_cancellation
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Work

NOON = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A state of each level, as the two ladders usually stand together.
AT_LEVEL = {
    1: (Review.PENDING_REVIEW, Work.UNASSIGNED),
    2: (Review.UNDER_REVIEW, Work.UNASSIGNED),
    3: (Review.APPROVED, Work.UNASSIGNED),
    4: (Review.IN_PROCESS, Work.IN_PROCESS),
    5: (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
}


def ticket_at(review: Review = Review.PENDING_REVIEW, work: Work = Work.UNASSIGNED, **changes: Any) -> Ticket:
    """A ticket in this state; `facts` may be given as a dict."""
    values: dict[str, Any] = {
        "id": "t1",
        "number": "XH2-26-000001-Y",
        "store": "XH",
        "customer": "王秀兰",
        "type": TicketType.REPAIR,
        "review": review,
        "work": work,
        "created_at": NOON - timedelta(days=2),
        "updated_at": NOON - timedelta(days=1),
        "review_since": NOON - timedelta(hours=3),
        "product": "北岸 K7",
    }
    facts = changes.pop("facts", {})
    made = Ticket(**(values | changes))
    return replace(made, facts=TicketFacts(**facts)) if isinstance(facts, dict) else replace(made, facts=facts)


def at_level(level: int, **changes: Any) -> Ticket:
    """A ticket of this level."""
    return ticket_at(*AT_LEVEL[level], **changes)


def plan_of(ticket: Ticket, reason: Reason = Reason.SELF_RESOLVED, **changes: Any) -> Plan:
    """The plan by the shipped rules for a manager at the counter, unless told otherwise."""
    values: dict[str, Any] = {
        "channel": Channel.COUNTER,
        "role": Role.MANAGER,
        "policy": Policy(),
        "conditions": SHIPPED,
        "now": NOON,
        "zone": SHANGHAI,
    }
    return plan_cancellation(ticket, reason, **(values | changes))


def kinds(plan: Plan) -> list[str]:
    """The kinds of the plan's steps in their order."""
    return [step.kind for step in plan.steps]
