"""What the cancel sheet needs before it can be shown: ticket, rules, people and a draft, read in one go."""

from __future__ import annotations

import json
from dataclasses import dataclass

from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Paper
from store_desk.domain.staff import Actor, Staff
from store_desk.domain.ticket import Ticket
from store_desk.services.desk import Desk
from store_desk.services.look_up import TicketView, open_ticket
from store_desk.services.people import people_here
from store_desk.services.rules import read_policy, read_settings, read_tiles
from store_desk.ui.cancel.entries import Entries, entries_from_draft

CANDIDATES_MAX = 4


@dataclass(frozen=True, slots=True)
class Opening:
    """The ticket with everything around it; `entries` come from the draft, or are empty."""

    view: TicketView
    policy: Policy
    tiles: tuple[Reason, ...]
    people: tuple[Staff, ...]
    paper: Paper
    entries: Entries

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was read."""
        return self.view.line.ticket

    @property
    def candidates(self) -> tuple[Ticket, ...]:
        """Tickets of the same customer that may be the one to keep, those for the same goods first (REQ-CND-07)."""
        own = self.ticket
        others = [line.ticket for line in self.view.others]

        def other_goods(ticket: Ticket) -> bool:
            same = ticket.serial and ticket.serial == own.serial
            return not (same or (ticket.order_number and ticket.order_number == own.order_number))

        return tuple(sorted(others, key=other_goods)[:CANDIDATES_MAX])


def read_opening(desk: Desk, actor: Actor, *, ticket_id: str) -> Opening:
    """Everything the sheet begins with; raises TicketNotFound. Belongs on the database lane."""
    view = open_ticket(desk, actor, ticket_id=ticket_id)
    entries = Entries()
    if view.draft is not None:
        try:
            entries = entries_from_draft(view.draft.body)
        except ValueError:
            # A draft of another version of the sheet: the clerk starts again, nothing else is lost.
            entries = Entries()
    return Opening(view, read_policy(desk), read_tiles(desk), people_here(desk), usual_paper(desk), entries)


def usual_paper(desk: Desk) -> Paper:
    """The paper that this desk prints slips on."""
    stored = read_settings(desk, "printer.").get("paper")
    return paper_of(json.loads(stored)) if stored else Paper.A5


def paper_of(name: object) -> Paper:
    """The paper of this name; A5 for one that is not known."""
    return next((paper for paper in Paper if paper.value == name), Paper.A5)


def other_paper(paper: Paper) -> Paper:
    """The paper that the switch goes to: sheet and roll take turns."""
    return Paper.A5 if paper in (Paper.MM80, Paper.MM58) else Paper.MM80
