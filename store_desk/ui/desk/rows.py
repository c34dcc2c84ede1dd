"""The rows of the desk's list: groups with their counts, tickets, and notes; and what a ticket's row says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from store_desk.domain.case import CaseState
from store_desk.domain.money import format_minor
from store_desk.domain.ticket import Status, Ticket
from store_desk.services.look_up import DeskLists, Found, TicketLine
from store_desk.ui.desk.moments import Moments, Urgency
from store_desk.ui.language import Language

# Groups are counted by the store up to here.
COUNT_MAX = 1_000

TYPE_ICONS = {
    "repair": "wrench",
    "return": "undo-2",
    "exchange": "repeat",
    "complaint": "message-square-warning",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a group's head (words key and count or words at the right), a ticket, or a note (words key)."""

    kind: Literal["head", "ticket", "note"]
    key: str = ""
    count: int | None = None
    right_key: str = ""
    line: TicketLine | None = None


@dataclass(frozen=True, slots=True)
class RowText:
    """What a ticket's row says, in the window's language; `spoken` is for screen readers.

    `badge` is the icon of a case that waits for somebody, `handle` the words of an answer that needs a person.
    """

    name: str
    name_other: str
    product: str
    type: str
    number: str
    state: str
    state_colour: str
    collect: str
    time: str
    urgency: Urgency
    draft: str
    spoken: str
    badge: str = ""
    handle: str = ""


# A case that waits -> (its icon, the words for the row, the words in full).
WAITING = {
    CaseState.PENDING_HEAD_OFFICE: ("hourglass", "trade.status.cancelling", "ui_sync.badge.pending"),
    CaseState.EXPIRED: ("hourglass", "trade.status.cancelling", "ui_sync.badge.pending"),
    CaseState.PENDING_APPROVAL: ("shield-alert", "ui_sync.outcome.needs_approval", "ui_sync.badge.approval"),
}
STATE_COLOURS = {"in_progress": "accent_text", "to_confirm": "ok", "closed": "ok"}


def group_rows(lists: DeskLists) -> list[Row]:
    """The three groups of the desk; groups that hold nothing are left out."""
    rows: list[Row] = []
    for key, lines, count in (
        ("group.needs_action", lists.needs_action, lists.needs_action_count),
        ("group.open_here", lists.open_here, lists.open_here_count),
        ("group.finished", lists.finished_today, lists.finished_today_count),
    ):
        if not count:
            continue
        rows.append(Row("head", key, count))
        rows.extend(Row("ticket", line=line) for line in lines)
        if count > len(lines):
            rows.append(Row("note", "group.more", count - len(lines)))
    return rows


def found_rows(found: Found, *, others: Iterable[TicketLine] = ()) -> list[Row]:
    """The answer of a search: exact hits, then the same customer's tickets, then the rest; `others` are added."""
    exact = [line for line in found.lines if line.exact and not found.guessed]
    phones = {line.ticket.phone for line in exact if line.ticket.phone}
    shown = {line.ticket.id for line in found.lines}
    rest = [line for line in found.lines if line not in exact]
    same = [line for line in rest if line.ticket.phone in phones]
    same += [line for line in others if line.ticket.id not in shown]
    other = [line for line in rest if line.ticket.phone not in phones]
    rows: list[Row] = []
    if found.guessed:
        rows.append(Row("note", "note.guessed"))
    if exact:
        field = exact[0].matched
        rows.append(Row("head", "group.exact", right_key=f"trade.matched.{field}" if field else ""))
        rows.extend(Row("ticket", line=line) for line in exact)
    for key, lines in (("group.same", same), ("group.near" if found.guessed else "group.other", other)):
        if lines:
            rows.append(Row("head", key, len(lines), right_key=_hit_by(lines) if lines is other else ""))
            rows.extend(Row("ticket", line=line) for line in lines)
    if found.capped or found.more:
        rows.append(Row("note", "note.capped" if found.capped else "note.more"))
    return rows


def _hit_by(lines: list[TicketLine]) -> str:
    """The words key of the field that all of these were found by; '' when it was not the same for all."""
    fields = {line.matched for line in lines}
    field = fields.pop() if len(fields) == 1 else ""
    return f"trade.matched.{field}" if field else ""


def others_rows(line: TicketLine, others: tuple[TicketLine, ...], count: int) -> list[Row]:
    """One customer's tickets: the one that was open first, then the others."""
    rows = [Row("head", "group.same", count + 1), Row("ticket", line=line)]
    rows.extend(Row("ticket", line=other) for other in others)
    if count > len(others):
        rows.append(Row("note", "group.more", count - len(others)))
    return rows


def names_of(ticket: Ticket, language: Language) -> tuple[str, str]:
    """The customer's name in the window's language and, in English, the Chinese one after it."""
    if language.now == "en" and ticket.facts.customer_other:
        return ticket.facts.customer_other, ticket.customer
    return ticket.customer or language.say("ui_desk.customer.none"), ""


def product_of(ticket: Ticket, language: Language) -> str:
    """What it is about: the product, else brand and category, else the problem."""
    if language.now == "en" and ticket.facts.product_other:
        return ticket.facts.product_other
    if ticket.product:
        return ticket.product
    return " ".join(part for part in (ticket.brand, ticket.category) if part) or ticket.problem_type


def collects(line: TicketLine) -> int:
    """The compensation that cancelling would (or still has to) bring back, in minor units; 0 for nothing."""
    if line.status in (Status.OPEN, Status.CANCELLING) or (line.status is Status.CANCELLED and not line.settled):
        return max(0, line.ticket.compensation_minor)
    return 0


def row_text(line: TicketLine, *, language: Language, moments: Moments) -> RowText:
    """The words of a ticket's row."""
    ticket = line.ticket
    say = language.say
    name, other = names_of(ticket, language)
    cancelling = line.status is Status.CANCELLING
    badge, waiting, in_full = WAITING.get(line.case_state or CaseState.DRAFT, ("", "trade.status.cancelling", ""))
    state = say(waiting if cancelling else f"trade.rung.{line.rung.value}")
    handle = say("ui_sync.badge.handle") if line.to_handle else ""
    amount = collects(line)
    money = format_minor(amount, ticket.currency) if amount else ""
    time = moments.of_line(line)
    draft = say("ui_desk.list.draft") if line.has_draft else ""
    product = product_of(ticket, language)
    spoken = [name, product, ticket.number, say(in_full) if in_full else state, handle]
    if money:
        spoken.append(say("ui_desk.row.collect", amount=money))
    spoken.append(time.text)
    if draft:
        spoken.append(say("ui_desk.row.draft"))
    return RowText(
        name=name,
        name_other=other,
        product=product,
        type=say(f"trade.type.{ticket.type.value}"),
        number=ticket.number,
        state=state,
        state_colour="warn" if cancelling else STATE_COLOURS.get(line.rung.value, "text2"),
        collect=money,
        time=time.text,
        urgency=time.urgency,
        draft=draft,
        spoken=", ".join(part for part in spoken if part),
        badge=badge if cancelling else "",
        handle=handle,
    )
