"""How a cancellation stands, as the sheet after it shows: title, mark, chips, and what its slip is called."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.case import CaseState
from store_desk.domain.level import rung_of
from store_desk.services.cancel import Cancelled
from store_desk.services.withdraw import Withdrawn
from store_desk.services.wording import clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.done.outcome import NOTHING, Outcome
from store_desk.ui.parts.buttons import Tone
from store_desk.words import both

HEAD_OFFICE = "head_office"


@dataclass(frozen=True, slots=True)
class Look:
    """Keys of the catalogue and names of icons for one standing; `sign` is '' where the check is drawn.

    `slip` names the slip with its number, `preview` the picture of it, `safe` what is said when it does not print.
    """

    title: str
    sign: str
    chip: str
    icon: str
    tone: Tone
    head: str
    glyph: str
    slip: str = "slip_number"
    preview: str = "slip"
    safe: str = "print_failed.safe"
    finished: str = "finished"
    heading: str = "title"


_WAITS = {
    "slip": "request_number",
    "preview": "slip.request",
    "safe": "print_failed.safe.kept",
    "finished": "recorded",
    "heading": "title.request",
}
_ENDED = _WAITS | {"slip": "notice_number", "preview": "slip.notice", "finished": "answered"}
DONE = Look("done", "", "confirmed", "badge-check", "ok", "trade.rung.cancelled", "cancelled")
LOOKS: dict[CaseState, Look] = {
    CaseState.PENDING_HEAD_OFFICE: Look(
        "pending", "hourglass", "chip.pending", "hourglass", "neutral", "trade.status.cancelling", "", **_WAITS
    ),
    CaseState.EXPIRED: Look(
        "pending", "hourglass", "chip.expired", "clock", "warn", "trade.status.cancelling", "", **_WAITS
    ),
    CaseState.PENDING_APPROVAL: Look(
        "approval", "shield-alert", "chip.approval", "shield-alert", "warn", "trade.status.cancelling", "", **_WAITS
    ),
    CaseState.CONFIRMED_WITH_CONDITIONS: Look(
        "done", "", "chip.conditions", "cloud-check", "warn", "trade.rung.cancelled", "cancelled"
    ),
    CaseState.REFUSED: Look("refused", "circle-x", "chip.refused", "cloud-alert", "bad", "", "", **_ENDED),
    CaseState.SUPERSEDED: Look("superseded", "circle-x", "chip.superseded", "cloud-alert", "bad", "", "", **_ENDED),
}
# What the sheet links to Sync for.
NOT_CANCELLED = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED})


def look_of(cancelled: Cancelled) -> Look:
    """The look of a cancellation that nobody has taken back."""
    case = cancelled.case
    if case.state is CaseState.CONFIRMED and case.decided_by == HEAD_OFFICE:
        return Look("done", "", "chip.head_office", "cloud-check", "ok", "trade.rung.cancelled", "cancelled")
    return LOOKS.get(case.state, DONE)


def head_words(cancelled: Cancelled, undone: Withdrawn | None, bench: Bench) -> tuple[str, str]:
    """The ticket's state in the sheet's head: words, and the glyph or '' for an hourglass."""
    if undone is None and look_of(cancelled).head:
        look = look_of(cancelled)
        return bench.language.say(look.head), look.glyph
    ticket = undone.ticket if undone is not None else cancelled.ticket
    rung = rung_of(ticket.review, ticket.work).value
    return bench.language.say(f"trade.rung.{rung}"), rung


def office_row(cancelled: Cancelled, bench: Bench) -> Outcome | None:
    """The row of head office's own part; None at a desk that decides itself."""
    if bench.head_office is None:
        return None
    case, zone = cancelled.case, bench.desk.zone
    time = clock_words(case.decided_at, zone) if case.decided_at is not None else ""
    title = both("ui_done.office")
    if case.state is CaseState.PENDING_APPROVAL:
        return Outcome("building-2", title, both("ui_done.office.approval"), both("ui_done.chip.approval"), "wait")
    if case.state in NOT_CANCELLED:
        sub = both("ui_done.office.answered", time=time) if time else NOTHING
        return Outcome("building-2", title, sub, both(f"ui_done.{look_of(cancelled).chip}", time=time), "bad")
    if case.state in (CaseState.CONFIRMED, CaseState.CONFIRMED_WITH_CONDITIONS):
        return Outcome("building-2", title, NOTHING, both("ui_done.office.confirmed", time=time), "ok")
    offline = not bench.head_office.state().connected
    sub = both("ui_done.office.offline" if offline else "ui_done.office.by_itself")
    return Outcome("building-2", title, sub, both("ui_done.chip.pending"), "wait")
