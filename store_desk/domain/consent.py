"""Consent: the grades, what each channel and level accepts, and the text that is read back and signed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from store_desk.domain.reasons import CATALOGUE, Reason, StartedBy


class Channel(Enum):
    """How the request came."""

    COUNTER = "counter"
    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    PROXY = "proxy"


class Grade(Enum):
    """What stands for the customer's consent."""

    COUNTER = "counter"
    PAPER = "paper"
    PHONE = "phone"
    PROXY = "proxy"
    REFUSED = "refused"
    VERBAL = "verbal"
    STORE_STARTED = "store_started"


@dataclass(frozen=True, slots=True)
class Consent:
    """One recorded grade with its detail.

    `reference` is the recording's number (phone); `name`, `relation`, `authority` belong to a proxy; `witness` is the
    staff number of the second person when the customer refused to sign.
    """

    grade: Grade
    reference: str = ""
    name: str = ""
    relation: str = ""
    authority: str = ""
    witness: str = ""


# At these levels a read-back that the clerk ticks is enough.
VERBAL_LEVEL_MAX = 2


def accepted_grades(*, level: int, channel: Channel, reason: Reason) -> tuple[Grade, ...]:
    """The grades that this channel, level and reason accept, best first."""
    by_phone = channel is Channel.PHONE
    written = channel in (Channel.EMAIL, Channel.CHAT)
    grades: list[Grade] = []
    if by_phone or written:
        grades.append(Grade.PHONE)
    elif channel is not Channel.PROXY:
        # Whoever comes for the customer cannot give the customer's own signature.
        grades += [Grade.COUNTER, Grade.PAPER, Grade.REFUSED]
    grades.append(Grade.PROXY)
    if level <= VERBAL_LEVEL_MAX:
        grades.append(Grade.VERBAL)
    if CATALOGUE[reason].started_by in (StartedBy.STORE, StartedBy.EITHER):
        grades.append(Grade.STORE_STARTED)
    if CATALOGUE[reason].started_by is StartedBy.STORE:
        return (Grade.STORE_STARTED,)
    return tuple(grades)


def is_complete(consent: Consent, *, has_strokes: bool) -> bool:
    """Whether the grade carries the detail that it needs."""
    if consent.grade is Grade.COUNTER:
        return has_strokes
    if consent.grade is Grade.PHONE:
        return bool(consent.reference.strip())
    if consent.grade is Grade.PROXY:
        return all(text.strip() for text in (consent.name, consent.relation, consent.authority))
    if consent.grade is Grade.REFUSED:
        return bool(consent.witness.strip())
    return True


def text_hash(text: str) -> str:
    """SHA-256 of the frozen text in UTF-8, as 64 hex digits; this is what is signed."""
    return hashlib.sha256(text.encode()).hexdigest()
