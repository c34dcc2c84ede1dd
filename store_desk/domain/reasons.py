"""The reason catalogue: who may give a reason, what it asks for, and how far it reaches without a supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """Why the customer takes the ticket back."""

    SELF_RESOLVED = "self_resolved"
    SOLVED_BY_STORE = "solved_by_store"
    AGREEMENT = "agreement"
    MISTAKE = "mistake"
    NEED_CHANGED = "need_changed"
    WAIVED = "waived"
    WRONG_INFORMATION = "wrong_information"
    DISSATISFIED = "dissatisfied"
    PAST_DEADLINE = "past_deadline"
    FORCE_MAJEURE = "force_majeure"
    NOT_GENUINE = "not_genuine"
    DUPLICATE = "duplicate"
    RETURNED_REFUNDED = "returned_refunded"
    OTHER_CHANNEL = "other_channel"
    OTHER = "other"


class StartedBy(Enum):
    """Whose wish the cancellation is."""

    CUSTOMER = "customer"
    STORE = "store"
    EITHER = "either"
    BOTH = "both"


class Kind(Enum):
    """How a piece of evidence is entered and checked."""

    TEXT = "text"
    AMOUNT = "amount"
    DATE = "date"
    TICKET = "ticket"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """One thing the reason asks for; `at_least` counts characters of a text, `choices` are codes."""

    name: str
    kind: Kind = Kind.TEXT
    at_least: int = 1
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """What the catalogue says of one reason.

    `level_max` is the highest level without a supervisor; 0 means a supervisor is always needed.
    `counts` tells whether it may count against the customer: never, softly, or after_review.
    """

    reason: Reason
    started_by: StartedBy
    evidence: tuple[EvidenceField, ...]
    level_max: int
    counts: str = "never"


def _text(name: str, at_least: int = 1, *, required: bool = True) -> EvidenceField:
    return EvidenceField(name, Kind.TEXT, at_least, (), required)


# The least that a note must say where it stands for evidence (dissatisfied, other), in characters.
NOTE_LENGTH_MIN = 10

# Level limits: 0 where a supervisor is always asked.
CATALOGUE: dict[Reason, ReasonRule] = {
    rule.reason: rule
    for rule in (
        ReasonRule(Reason.SELF_RESOLVED, StartedBy.CUSTOMER, (_text("how"),), 4),
        ReasonRule(Reason.SOLVED_BY_STORE, StartedBy.EITHER, (_text("record"),), 4),
        ReasonRule(
            Reason.AGREEMENT,
            StartedBy.BOTH,
            (_text("remedy"), EvidenceField("amount", Kind.AMOUNT), EvidenceField("due", Kind.DATE)),
            4,
        ),
        ReasonRule(Reason.MISTAKE, StartedBy.CUSTOMER, (), 2),
        ReasonRule(Reason.NEED_CHANGED, StartedBy.CUSTOMER, (_text("text"),), 4, "softly"),
        ReasonRule(Reason.WAIVED, StartedBy.CUSTOMER, (), 4, "softly"),
        ReasonRule(Reason.WRONG_INFORMATION, StartedBy.EITHER, (_text("field"), _text("wrong"), _text("right")), 3),
        ReasonRule(
            Reason.DISSATISFIED,
            StartedBy.CUSTOMER,
            (
                EvidenceField("aspect", Kind.CHOICE, 1, ("quality", "speed", "attitude")),
                _text("about", required=False),
                _text("text", NOTE_LENGTH_MIN),
            ),
            0,
        ),
        ReasonRule(Reason.PAST_DEADLINE, StartedBy.BOTH, (EvidenceField("deadline", Kind.DATE),), 0),
        ReasonRule(Reason.FORCE_MAJEURE, StartedBy.EITHER, (_text("event"), EvidenceField("date", Kind.DATE)), 0),
        ReasonRule(Reason.NOT_GENUINE, StartedBy.STORE, (_text("finding"), _text("photo")), 0, "after_review"),
        ReasonRule(Reason.DUPLICATE, StartedBy.EITHER, (EvidenceField("survivor", Kind.TICKET),), 3),
        ReasonRule(Reason.RETURNED_REFUNDED, StartedBy.EITHER, (_text("goods_receipt"), _text("refund_reference")), 4),
        ReasonRule(Reason.OTHER_CHANNEL, StartedBy.CUSTOMER, (_text("which"),), 4),
        ReasonRule(Reason.OTHER, StartedBy.EITHER, (_text("text", NOTE_LENGTH_MIN),), 2),
    )
}

# Reasons that always ask a supervisor, whatever the level.
ALWAYS_APPROVED = frozenset(reason for reason, rule in CATALOGUE.items() if rule.level_max == 0)

# The nine tiles of the sheet in the order of the design, a manager may choose others; 0 opens the rest.
DEFAULT_TILES = (
    Reason.SELF_RESOLVED,
    Reason.AGREEMENT,
    Reason.MISTAKE,
    Reason.NEED_CHANGED,
    Reason.DISSATISFIED,
    Reason.DUPLICATE,
    Reason.WRONG_INFORMATION,
    Reason.PAST_DEADLINE,
    Reason.OTHER_CHANNEL,
)
TILES = 9


def all_evidence_fields() -> frozenset[str]:
    """The names of every evidence field of the catalogue."""
    return frozenset(item.name for rule in CATALOGUE.values() for item in rule.evidence)
