"""What head office has to do with a ticket, as chips at its head; none at a desk that decides itself."""

from __future__ import annotations

from datetime import timedelta

from store_desk.domain.case import CONFIRMED_STATES
from store_desk.services.look_up import TicketView
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import WAITING
from store_desk.ui.parts.buttons import Chip

# What was heard longer ago is shown with its time while there is no contact (design, 6).
STALE = timedelta(minutes=15)


def badges_of(view: TicketView, bench: Bench, moments: Moments) -> list[Chip]:
    """The chips, the most pressing first."""
    office, say = bench.head_office, bench.language.say
    if office is None:
        return []
    chips: list[Chip] = []
    if view.line.to_handle:
        chips.append(Chip(say("ui_sync.badge.handle"), icon="triangle-alert", tone="bad"))
    case = view.cases[0] if view.cases else None
    if case is not None and case.state in WAITING:
        icon, _, words = WAITING[case.state]
        chips.append(Chip(say(words), icon=icon, tone="warn" if icon == "shield-alert" else "neutral"))
    elif case is not None and case.state in CONFIRMED_STATES and case.decided_by == "head_office":
        when = moments.ended(case.decided_at) if case.decided_at is not None else ""
        chips.append(Chip(f"{say('ui_sync.badge.confirmed')} {when}".strip(), icon="cloud-check", tone="ok"))
    state = office.state()
    if not state.connected and state.last_contact is not None and moments.now - state.last_contact > STALE:
        chips.append(
            Chip(say("ui_sync.badge.as_of", time=moments.ended(state.last_contact)), icon="clock", tone="line")
        )
    return chips
