"""What the clerk has entered on the cancel sheet: one value, its draft text, and the command that it makes."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.identity import IdentityKind
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Stroke
from store_desk.domain.staff import Actor
from store_desk.services.cancel import CancelTicket

Answers = tuple[tuple[IdentityKind, str], ...]
Pairs = tuple[tuple[str, str], ...]

# What a person may type in one field; the services allow more.
NOTE_LENGTH_MAX = 200
FIELD_LENGTH_MAX = 200
CASH = "cash"
LATER = "later"


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything on the sheet that is the customer's or the clerk's word.

    `answers` hold identity answers that matched; `misses` counts the wrong ones. `because_of_result` answers the
    question of level 5. `settlement` is cash, later or empty while undecided. `grade` None stands for the channel's
    usual consent; `agreed_hash` is the hash of the text that strokes and ticks were given to. A supervisor's PIN and
    approval are no entries: they are never kept.
    """

    channel: Channel = Channel.COUNTER
    answers: Answers = ()
    misses: int = 0
    goods_seen: bool = False
    reason: Reason | None = None
    evidence: Pairs = ()
    note: str = ""
    because_of_result: bool | None = None
    offer_declined: bool = False
    settlement: str = ""
    rights_told: bool = False
    grade: Grade | None = None
    recording: str = ""
    read_back: bool = False
    said_yes: bool = False
    proxy_name: str = ""
    proxy_relation: str = ""
    proxy_authority: str = ""
    witness: str = ""
    strokes: tuple[Stroke, ...] = ()
    suggestion: str = ""
    agreed_hash: str = ""

    def evidence_of(self, name: str) -> str:
        """What was entered for one evidence field, empty when nothing was."""
        return dict(self.evidence).get(name, "")

    def answer_of(self, kind: IdentityKind) -> str:
        """The answer of this kind that matched, empty when there is none."""
        return dict(self.answers).get(kind, "")

    @property
    def by_phone(self) -> bool:
        """Whether the customer is on the telephone."""
        return self.channel is Channel.PHONE


def grade_in_force(entries: Entries, accepted: tuple[Grade, ...]) -> Grade:
    """The consent that is being taken: the chosen one where it is accepted, else the best accepted one."""
    if entries.grade is not None and entries.grade in accepted:
        return entries.grade
    if accepted:
        return accepted[0]
    return Grade.PHONE if entries.by_phone else Grade.COUNTER


def consent_of(entries: Entries, accepted: tuple[Grade, ...]) -> Consent:
    """The consent as it stands now, complete or not."""
    grade = grade_in_force(entries, accepted)
    if grade is Grade.PHONE:
        return Consent(grade, reference=entries.recording.strip())
    if grade is Grade.PROXY:
        return Consent(
            grade,
            name=entries.proxy_name.strip(),
            relation=entries.proxy_relation.strip(),
            authority=entries.proxy_authority.strip(),
        )
    if grade is Grade.REFUSED:
        return Consent(grade, witness=entries.witness)
    return Consent(grade)


def takes_strokes(grade: Grade, *, by_phone: bool) -> bool:
    """Whether this consent is drawn on the pad."""
    return grade is Grade.COUNTER or (grade is Grade.PROXY and not by_phone)


def command_of(
    entries: Entries, *, ticket_id: str, plan: Plan | None, approver: Actor | None, reason: Reason | None = None
) -> CancelTicket:
    """The cancellation that these entries ask for; `reason` stands in while none has been chosen (plans only)."""
    accepted = plan.consent if plan is not None else ()
    consent = consent_of(entries, accepted)
    wanted = {item.name for item in plan.evidence} if plan is not None and plan.reason is entries.reason else None
    given = tuple(
        (name, value) for name, value in entries.evidence if value.strip() and (wanted is None or name in wanted)
    )
    return CancelTicket(
        ticket_id=ticket_id,
        reason=entries.reason or reason,
        channel=entries.channel,
        seen_version=plan.ticket_version if plan is not None else None,
        note=entries.note.strip(),
        suggestion=entries.suggestion.strip(),
        evidence=given,
        identity=entries.answers,
        consent=consent,
        strokes=entries.strokes if takes_strokes(consent.grade, by_phone=entries.by_phone) else (),
        settlement=entries.settlement or LATER,
        rights_acknowledged=entries.rights_told,
        approver=approver,
    )


# --- the draft's text --------------------------------------------------------------------------------------

_ENUMS: dict[str, Any] = {"channel": Channel, "reason": Reason, "grade": Grade}


def draft_text(entries: Entries) -> str:
    """The entries as JSON for the draft; fields at their default are left out. The reverse is entries_from_draft."""
    plain: dict[str, object] = {}
    empty = Entries()
    for item in fields(Entries):
        value = getattr(entries, item.name)
        if value == getattr(empty, item.name):
            continue
        if item.name == "answers":
            plain[item.name] = [[kind.value, text] for kind, text in value]
        elif item.name in _ENUMS:
            plain[item.name] = value.value
        else:
            plain[item.name] = value
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entries_from_draft(text: str) -> Entries:
    """The entries of a draft; raises ValueError when the text is none (a draft of another version, a torn one)."""
    try:
        raw = json.loads(text)
        given = {name: _read(name, value) for name, value in raw.items() if name in _NAMES}
    except (json.JSONDecodeError, AttributeError, TypeError) as error:
        raise ValueError("not a draft of the cancel sheet") from error
    return Entries(**given)


_NAMES = frozenset(item.name for item in fields(Entries))


def _read(name: str, value: Any) -> Any:
    if name in _ENUMS:
        return _ENUMS[name](value)
    if name == "answers":
        return tuple((IdentityKind(kind), str(text)) for kind, text in value)
    if name == "evidence":
        return tuple((str(field), str(text)) for field, text in value)
    if name == "strokes":
        return tuple(tuple((float(x), float(y), float(p), int(ms)) for x, y, p, ms in stroke) for stroke in value)
    expected = type(getattr(Entries(), name)) if name != "because_of_result" else bool
    if not isinstance(value, expected):
        raise TypeError(name)
    return value
