"""Head office's answers in words for clerks: what was decided and why, what changed, what did not, and the ways out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from store_desk.domain.case import OPEN_STATES, CaseState
from store_desk.domain.record import CaseRecord
from store_desk.domain.slip import Both
from store_desk.domain.ticket import Ticket
from store_desk.services.codec import from_ms
from store_desk.services.messages import Answer
from store_desk.services.wording import moment_words
from store_desk.words import both, catalogue

# What refuses a cancellation without head office having answered so: a person's decision, or one that it overruled.
DECLINED = "declined"
REFUSED_OTHER = "refused_other"
EXPIRED = "expired"
# What is printed and shown where a fact is not known.
UNKNOWN = "—"

_OPEN = frozenset(state.value for state in OPEN_STATES)
_WAYS: dict[str, tuple[str, ...]] = {
    "cancel.accepted": ("hand_over_slip",),
    "cancel.accepted_with_conditions": ("tell_customer_and_collect", "hand_over_slip", "ask_head_office"),
    "cancel.already_cancelled": ("look_at_first", "tell_customer", "ask_head_office"),
    "cancel.needs_approval": ("ask_supervisor", "withdraw"),
    "cancel.refused_done": ("tell_customer", "make_return", "reopen", "ask_head_office"),
    "cancel.refused_done.rejected": ("tell_customer", "object", "reopen", "ask_head_office"),
    "cancel.refused_right": ("ask_manager", "tell_customer", "ask_head_office"),
    "cancel.refused_scope": ("ask_head_office", "tell_customer"),
    "cancel.refused_unreadable": ("update_program", "ask_head_office", "tell_customer"),
    "cancel.declined": ("tell_customer", "ask_supervisor", "ask_head_office"),
    "cancel.refused_other": ("tell_customer", "ask_head_office"),
    "cancel.expired": ("tell_customer", "ask_head_office", "withdraw"),
    "withdraw.refused_late": ("tell_customer", "reopen"),
    "approve.accepted_with_conditions": ("tell_customer_and_collect",),
    "approve.refused_done": ("tell_customer", "make_return", "ask_head_office"),
    "approve.refused_right": ("ask_supervisor",),
    "decline.accepted": ("tell_customer",),
    "decline.refused_right": ("ask_supervisor",),
    "overrule.already_cancelled": ("look_at_first",),
    "overrule.refused_right": ("ask_head_office",),
    "move.already_cancelled": ("look_at_first", "reopen"),
    "move.refused_move": ("ask_head_office",),
    "any.refused_right": ("ask_manager", "ask_head_office"),
    "any.refused_scope": ("ask_head_office",),
    "any.refused_unreadable": ("update_program", "ask_head_office"),
    "any.refused_key_reuse": ("ask_manager", "ask_head_office"),
    "any.refused_late": ("ask_head_office",),
    "any.other": ("ask_head_office",),
}


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """An outcome in both languages; `ways` are codes, each with its words under `outcomes.way.<code>`."""

    title: Both
    what: Both
    changed: tuple[Both, ...]
    not_changed: tuple[Both, ...]
    ways: tuple[str, ...]


def outcome_words(
    answer: Answer, case: CaseRecord | None, ticket: Ticket | None, *, zone: tzinfo, now: datetime, kind: str = "cancel"
) -> OutcomeWords:
    """The answer to an operation of this kind in words; `case` and `ticket` as head office has them, where it does."""
    facts = {"at_ms": answer.at_ms, **json.loads(answer.facts)}
    return words_of(answer.result.value, facts, case, ticket, zone=zone, now=now, kind=kind)


def words_of(
    result: str,
    facts: Mapping[str, object],
    case: CaseRecord | None,
    ticket: Ticket | None,
    *,
    zone: tzinfo,
    now: datetime,
    kind: str = "cancel",
) -> OutcomeWords:
    """The same from a result (or declined, refused_other, expired) and the facts that came with it."""
    room = catalogue("outcomes")
    name = next(key for key in (f"{kind}.{result}", f"any.{result}", "any.other") if f"{key}.title" in room)
    said = _said(name, facts, case, zone=zone, now=now)
    which = _which(name, facts)
    title = f"{name}.title.{which}" if f"{name}.title.{which}" in room else f"{name}.title"
    what = f"{name}.what.{which}" if f"{name}.what.{which}" in room else f"{name}.what"
    changed = [both(f"outcomes.{name}.changed", **said)] if f"{name}.changed" in room else []
    if is_refusal(result) and kind == "cancel":
        changed.append(both("outcomes.refused.changed"))
    changed += _what_moved(facts)
    return OutcomeWords(
        both(f"outcomes.{title}", **said),
        both(f"outcomes.{what}", **said),
        tuple(changed),
        (both(f"outcomes.{name}.kept", **said),),
        _WAYS.get(f"{name}.{which}", _WAYS.get(name, ())),
    )


def is_refusal(result: str) -> bool:
    """Whether a cancellation with this result came to nothing."""
    return result.startswith("refused_") or result == DECLINED


def way_words(code: str) -> Both:
    """A way out as a clerk reads it."""
    return both(f"outcomes.way.{code}")


def _which(name: str, facts: Mapping[str, object]) -> str:
    """The sentence among those of one result."""
    if name == "cancel.already_cancelled":
        if facts.get("state") in _OPEN:
            return "waits"
        return "" if facts.get("slip") and facts.get("desk") else "unknown"
    if name == "cancel.refused_done":
        if facts.get("state") == "rejected":
            return "rejected"
        return "" if facts.get("at") else "undated"
    if name == "cancel.declined":
        return "why" if facts.get("why") else ""
    return ""


def _said(
    name: str, facts: Mapping[str, object], case: CaseRecord | None, *, zone: tzinfo, now: datetime
) -> dict[str, object]:
    """The facts as the sentences take them."""
    codes = [code for code in str(facts.get("because", "")).split(",") if code]
    room = catalogue("trade")
    grounds = [both(f"trade.approval.{code}") for code in codes if f"approval.{code}" in room]
    because = Both("；".join(one.zh for one in grounds) or UNKNOWN, "; ".join(one.en for one in grounds) or UNKNOWN)
    who = str(facts.get("who") or facts.get("approver") or facts.get("by") or "")
    return {
        "at": _moment(name, facts, case, zone=zone, now=now),
        "because": because,
        "desk": facts.get("desk") or UNKNOWN,
        "slip": facts.get("slip") or UNKNOWN,
        "minutes": facts.get("minutes") or UNKNOWN,
        "who": who if who not in ("", "head_office") else both("outcomes.by.head_office"),
        "why": facts.get("why") or UNKNOWN,
    }


def _moment(
    name: str, facts: Mapping[str, object], case: CaseRecord | None, *, zone: tzinfo, now: datetime
) -> Both | str:
    """When it happened: as the answer says, or when head office decided."""
    told = str(facts.get("at") or "")
    if told:
        at = datetime.fromisoformat(told)
    elif case is not None and case.case.decided_at is not None and case.case.state is not CaseState.PENDING_APPROVAL:
        at = case.case.decided_at
    elif facts.get("at_ms"):
        at = from_ms(int(str(facts["at_ms"])))
    else:
        return UNKNOWN
    return moment_words(at if at.tzinfo else at.replace(tzinfo=UTC), zone, now=now)


def _what_moved(facts: Mapping[str, object]) -> list[Both]:
    """What a confirmation with conditions added and dropped."""
    moved: list[Both] = []
    for name in ("added", "dropped"):
        for kind in filter(None, str(facts.get(name, "")).split(",")):
            moved.append(both(f"outcomes.changed.{name}", what=both(f"trade.obligation.{kind}")))
    if facts.get("level") and not moved:
        moved.append(both("outcomes.changed.level", level=facts["level"]))
    return moved
