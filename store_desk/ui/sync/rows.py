"""What a row of the outbox says: its outcome as a chip, what was done, to which ticket, when and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store_desk.domain.authority import Result
from store_desk.domain.slip import Both
from store_desk.services.sync_view import UNANSWERED, Standing, SyncRow
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import product_of
from store_desk.ui.parts.buttons import Tone

Filter = Literal["all", "action", "open", "confirmed"]
FILTERS: tuple[Filter, ...] = ("all", "action", "open", "confirmed")

# Standing -> (icon, tone) of its chip.
LOOKS: dict[Standing, tuple[str, Tone]] = {
    Standing.QUEUED: ("clock", "neutral"),
    Standing.WAITING: ("hourglass", "neutral"),
    Standing.RECHECK: ("hourglass", "neutral"),
    Standing.CONFIRMED: ("circle-check", "ok"),
    Standing.CONDITIONS: ("triangle-alert", "warn"),
    Standing.NEEDS_APPROVAL: ("shield-alert", "warn"),
    Standing.SUPERSEDED: ("circle-x", "bad"),
    Standing.REFUSED: ("circle-x", "bad"),
}
KIND_ICONS = {
    "cancel": "ban",
    "withdraw": "undo-2",
    "approve": "shield-check",
    "decline": "shield-alert",
    "ask": "message-square-text",
    "overrule": "building-2",
    "move": "arrow-right",
    "ticket": "plus",
}
# Refusals whose words need none of the answer's facts.
PLAIN_REFUSALS = {
    Result.REFUSED_LATE: "late",
    Result.REFUSED_SCOPE: "scope",
    Result.REFUSED_RIGHT: "right",
    Result.REFUSED_MOVE: "move",
    Result.REFUSED_UNREADABLE: "broken",
    Result.REFUSED_KEY_REUSE: "broken",
}


@dataclass(frozen=True, slots=True)
class RowWords:
    """The words of a row in the window's language; `tone` colours chip and icon, `bad` the detail."""

    outcome: str
    icon: str
    tone: Tone
    kind_icon: str
    title: str
    sub: str
    number: str
    time: str
    who: str
    detail: str
    bad: bool
    spoken: str


def belongs(row: SyncRow, chosen: Filter) -> bool:
    """Whether the row is among those of the filter."""
    if chosen == "action":
        return row.to_handle
    if chosen == "open":
        return row.standing in UNANSWERED
    return chosen == "all" or row.standing is Standing.CONFIRMED


def outcome_words(row: SyncRow, bench: Bench) -> str:
    """The chip's words."""
    state = bench.head_office.state() if bench.head_office is not None else None
    sending = row.standing is Standing.QUEUED and state is not None and state.running
    return bench.language.say(f"ui_sync.outcome.{'sending' if sending else row.standing.value}")


def row_words(row: SyncRow, *, bench: Bench, moments: Moments, people: Mapping[str, Both]) -> RowWords:
    """All words of one row."""
    say, language, sent = bench.language.say, bench.language, row.delivery.envelope
    icon, tone = LOOKS[row.standing]
    if row.standing in (Standing.SUPERSEDED, Standing.REFUSED) and not row.to_handle:
        tone = "neutral"
    ticket = row.ticket
    sub = ""
    if ticket is not None:
        name = ticket.facts.customer_other if language.now == "en" else ""
        sub = " · ".join(part for part in (name or ticket.customer, product_of(ticket, language)) if part)
    person = people.get(sent.actor)
    outcome, title = outcome_words(row, bench), say(f"ui_sync.kind.{sent.kind}")
    number = ticket.number if ticket is not None else ""
    time, who = moments.ended(row.delivery.made_at), language.of(person) if person else sent.actor
    detail = detail_words(row, bench, moments)
    return RowWords(
        outcome=outcome,
        icon=icon,
        tone=tone,
        kind_icon=KIND_ICONS.get(sent.kind, "circle-dot"),
        title=title,
        sub=sub,
        number=number,
        time=time,
        who=who,
        detail=detail,
        bad=tone == "bad",
        spoken=", ".join(part for part in (outcome, title, sub, number, time, who, detail) if part),
    )


def detail_words(row: SyncRow, bench: Bench, moments: Moments) -> str:
    """Why it stands as it does, in a few words."""
    say, delivery, answer = bench.language.say, row.delivery, row.delivery.answer
    if answer is None or row.standing in UNANSWERED:
        away = bench.head_office is not None and not bench.head_office.state().connected
        offline = ".offline" if away and row.standing is not Standing.RECHECK else ""
        return say(f"ui_sync.detail.{row.standing.value}{offline}")
    if delivery.handled_at is not None:
        return say("ui_sync.detail.handled", how=say(f"ui_sync.handled.{delivery.handled_how}"))
    if answer.result is Result.ALREADY_OVER:
        return say("ui_sync.detail.over")
    if row.standing is Standing.CONFIRMED:
        return say("ui_sync.detail.confirmed", version=answer.version or 0)
    if row.standing is Standing.CONDITIONS:
        added = [kind for kind in str(row.facts.get("added", "")).split(",") if kind]
        return say("ui_sync.detail.conditions" + ("" if added else ".plain"), n=len(added))
    if row.standing is Standing.NEEDS_APPROVAL:
        return say("ui_sync.detail.needs_approval")
    return _refusal(row, bench, moments)


def _refusal(row: SyncRow, bench: Bench, moments: Moments) -> str:
    say, facts = bench.language.say, row.facts
    at = str(facts.get("at", ""))
    time = moments.ended(datetime.fromisoformat(at)) if at else ""
    if row.standing is Standing.SUPERSEDED:
        return say("ui_sync.detail.superseded", time=time, desk=facts.get("desk") or say("trade.role.head_office"))
    if row.result is Result.REFUSED_DONE:
        if facts.get("state") == "rejected":
            return say("ui_sync.detail.rejected")
        return say("ui_sync.detail.done", time=time) if time else say("ui_sync.detail.done.plain")
    return say(f"ui_sync.detail.{PLAIN_REFUSALS.get(row.result, 'broken') if row.result else 'broken'}")
