"""An operation in words for the clerk: what became of it, what did and did not change, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.case import CaseState
from store_desk.domain.record import CaseRecord
from store_desk.domain.slip import Both
from store_desk.services.outcomes_words import outcome_words, way_words
from store_desk.services.sync_view import UNANSWERED, Standing, SyncRow
from store_desk.ui.bench import Bench
from store_desk.ui.language import Language

# What a way out does (see doing.py); ways that are not here only open the ticket.
DOES: dict[str, str] = {
    "tell_customer": "tell",
    "tell_customer_and_collect": "tell",
    "hand_over_slip": "tell",
    "object": "tell",
    "make_return": "reopen",
    "reopen": "reopen",
    "ask_supervisor": "supervisor",
    "ask_manager": "supervisor",
    "ask_head_office": "head_office",
}
WAYS_MAX = 3
# Head office looks again only at what it refused.
ASKABLE = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Way:
    """One way out: its code, what is done for it, what it is called, and what that means."""

    code: str
    does: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The panel's words; empty texts are not shown."""

    title: str
    what: str
    changed: str = ""
    not_changed: str = ""
    ways: tuple[Way, ...] = ()


def told_of(row: SyncRow, *, bench: Bench) -> Told:
    """The words for this operation; ways only while somebody has to deal with it."""
    language, answer = bench.language, row.delivery.answer
    if answer is None or row.standing in UNANSWERED:
        kind = language.say(f"ui_sync.kind.{row.delivery.envelope.kind}")
        key = f"ui_sync.told.{row.standing.value}"
        return Told(language.say(key, kind=kind), language.say(f"{key}.what"))
    case = CaseRecord(row.case) if row.case is not None else None
    words = outcome_words(
        answer, case, row.ticket, zone=bench.desk.zone, now=bench.desk.clock(), kind=row.delivery.envelope.kind
    )
    ways = _ways(row, words.ways) if row.to_handle else ()
    return Told(
        title=language.of(words.title),
        what=language.of(words.what),
        changed=_joined(words.changed, language),
        not_changed=_joined(words.not_changed, language),
        ways=tuple(Way(code, does, language.of(way_words(code)), _means(does, row, language)) for code, does in ways),
    )


def _joined(sentences: tuple[Both, ...], language: Language) -> str:
    return ("" if language.now == "zh" else " ").join(language.of(one) for one in sentences)


def _ways(row: SyncRow, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The ways that can be gone now, each with what is done for it: one of a kind, and one at least that ends it."""
    askable = row.case is not None and row.case.state in ASKABLE and not row.case.asked
    found: dict[str, str] = {}
    for code in codes:
        does = DOES.get(code, "open")
        if does != "head_office" or askable:
            found.setdefault(does, code)
    ways = [(code, does) for does, code in found.items()][:WAYS_MAX]
    ends = any(does != "open" for _, does in ways)
    return ways if ends else [*ways[: WAYS_MAX - 1], ("tell_customer", "tell")]


def _means(does: str, row: SyncRow, language: Language) -> str:
    owed = row.slip is not None and row.slip.owed
    if does == "tell" and owed:
        return language.say("ui_sync.way.tell.print")
    if does == "supervisor" and row.standing is Standing.NEEDS_APPROVAL:
        return language.say("ui_sync.way.supervisor.queue")
    return language.say(f"ui_sync.way.{does}")
