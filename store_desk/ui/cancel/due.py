"""How long a ticket has left, as the chip of a sheet's head says it."""

from __future__ import annotations

from datetime import datetime, timedelta

from store_desk.domain.ticket import Ticket
from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Chip

# Within this a due time turns amber (design, desk).
SOON = timedelta(hours=4)


def due_chip(ticket: Ticket, *, now: datetime, language: Language) -> Chip | None:
    """The chip with clock or triangle, or None where nothing is due."""
    visit = ticket.facts.visit
    at = visit.at if visit is not None and visit.at is not None and visit.at > now else ticket.due_at
    if at is None:
        return None
    left = at - now
    span = _span(abs(left), language)
    if left < timedelta(0):
        return Chip(language.say("ui_cancel.due.over", span=span), icon="triangle-alert", tone="bad")
    key = "due.visit" if visit is not None and at == visit.at else "due.left"
    return Chip(language.say(f"ui_cancel.{key}", span=span), icon="clock", tone="warn" if left <= SOON else "neutral")


def _span(span: timedelta, language: Language) -> str:
    """What has passed or is left in whole units, as the list counts them."""
    hours = int(span.total_seconds() // 3600)
    if not hours:
        return language.say("ui_cancel.span.minutes", n=max(1, round(span.total_seconds() / 60)))
    minutes = int(span.total_seconds() // 60) % 60
    if span < SOON and minutes:
        return language.say("ui_cancel.span.hours_minutes", n=hours, m=minutes)
    days, hours = divmod(hours, 24)
    if not days:
        return language.say("ui_cancel.span.hours", n=hours)
    return language.say("ui_cancel.span.days_hours" if hours else "ui_cancel.span.days", n=days, h=hours)
