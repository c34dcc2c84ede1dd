"""The condition table: reason x ticket type x level -> allowed, approver, evidence; versioned data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from store_desk.domain.reasons import CATALOGUE, EvidenceField, Reason
from store_desk.domain.ticket import TicketType


class Approver(Enum):
    """Who must agree beside the clerk; ROLE leaves it to role, reason level and triggers."""

    ROLE = "role"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Condition:
    """One row; `type` and `level` None stand for any; `evidence` None keeps what the catalogue asks for."""

    reason: Reason
    type: TicketType | None = None
    level: int | None = None
    allowed: bool = True
    approver: Approver = Approver.ROLE
    evidence: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """A published version of the table; the version used is kept with each case."""

    version: int
    rows: tuple[Condition, ...]

    def find(self, reason: Reason, kind: TicketType, level: int) -> Condition:
        """The most specific row that fits; a row that names both type and level goes before one that names one."""
        best = Condition(reason)
        best_rank = -1
        for row in self.rows:
            if row.reason is not reason or row.type not in (None, kind) or row.level not in (None, level):
                continue
            rank = (row.type is not None) * 2 + (row.level is not None)
            if rank > best_rank:
                best, best_rank = row, rank
        return best


# Where head office would approve, the manager stands for it at a desk that stands alone.
SHIPPED = Conditions(
    version=1,
    rows=(
        Condition(Reason.DISSATISFIED, approver=Approver.SUPERVISOR),
        Condition(Reason.NOT_GENUINE, approver=Approver.SUPERVISOR),
        Condition(Reason.PAST_DEADLINE, approver=Approver.MANAGER),
        Condition(Reason.FORCE_MAJEURE, approver=Approver.MANAGER),
    ),
)


def evidence_of(condition: Condition) -> tuple[EvidenceField, ...]:
    """The evidence fields that the row asks for, in its order; fields of other reasons keep their kind."""
    fields = CATALOGUE[condition.reason].evidence
    if condition.evidence is None:
        return fields
    known = {item.name: item for rule in CATALOGUE.values() for item in rule.evidence}
    known |= {item.name: item for item in fields}
    return tuple(known[name] for name in condition.evidence if name in known)
