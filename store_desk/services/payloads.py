"""What stands inside an operation: written once at the desk, read at head office, the same bytes for ever.

Reading is strict, down to the type of every member: what no desk's program can have written is Unreadable, so that
nothing after it can be surprised, and nothing is stored that a database or another reader would stumble over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store_desk.domain.authority import Agreed, CancelRequest
from store_desk.domain.case import CancellationCase
from store_desk.domain.obligations import Obligation
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.canonical import canonical_json
from store_desk.services.codec import decode, encode, from_ms_or_none, to_ms_or_none
from store_desk.services.conforming import conforms, is_keepable
from store_desk.services.json_text import BadJson, read_json
from store_desk.services.messages import CONTENT_VERSION


class Unreadable(ValueError):
    """A payload that no program of this version can have written."""


# What decoding raises of a value of the wrong shape.
_WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says about a case: the payload of approve, decline, ask, overrule and withdraw."""

    case_id: str
    person: str = ""
    role: Role | None = None
    requester_role: Role | None = None
    why: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step along the ladders, from a technician's desk or another system."""

    review: Review | None = None
    work: Work | None = None
    assignee: str | None = None


def cancel_to_payload(request: CancelRequest, *, number: str, seen_version: int) -> str:
    """A cancellation as it is sent."""
    return canonical_json(
        {
            "v": CONTENT_VERSION,
            "number": number,
            "seen_version": seen_version,
            "case": encode(request.case),
            "obligations": [encode(item) for item in request.obligations],
            "agreed": encode(request.agreed),
            "requester_role": request.requester_role.value,
            "approver_role": request.approver_role.value if request.approver_role else None,
            "desk": request.desk,
            "slip": request.slip,
            "agreed_minor": request.agreed_minor,
            "agreed_due": to_ms_or_none(request.agreed_due),
        }
    )


def cancel_from_payload(payload: str) -> CancelRequest:
    """The cancellation; raises Unreadable."""
    shown = _read(payload)
    try:
        approver = shown["approver_role"]
        request = CancelRequest(
            case=decode(CancellationCase, shown["case"]),
            agreed=decode(Agreed, shown["agreed"]),
            requester_role=Role(shown["requester_role"]),
            approver_role=Role(approver) if approver else None,
            obligations=tuple(decode(Obligation, item) for item in shown["obligations"]),
            desk=shown["desk"],
            slip=shown["slip"],
            agreed_minor=shown["agreed_minor"],
            agreed_due=from_ms_or_none(shown["agreed_due"]),
        )
    except _WRONG as error:
        raise Unreadable(type(error).__name__) from error
    checked: CancelRequest = _conforming(request)
    return checked


def decision_to_payload(decision: Decision) -> str:
    """A decision as it is sent."""
    return canonical_json({"v": CONTENT_VERSION, "decision": encode(decision)})


def decision_from_payload(payload: str) -> Decision:
    """The decision; raises Unreadable."""
    decision: Decision = _one(payload, "decision", Decision)
    return decision


def move_to_payload(move: Move) -> str:
    """A move as it is sent."""
    return canonical_json({"v": CONTENT_VERSION, "move": encode(move)})


def move_from_payload(payload: str) -> Move:
    """The move; raises Unreadable."""
    step: Move = _one(payload, "move", Move)
    return step


def ticket_to_payload(ticket: Ticket) -> str:
    """A ticket that a desk made (reopened), as it is sent."""
    return canonical_json({"v": CONTENT_VERSION, "ticket": encode(ticket)})


def ticket_from_payload(payload: str) -> Ticket:
    """The ticket; raises Unreadable."""
    ticket: Ticket = _one(payload, "ticket", Ticket)
    if not is_keepable(ticket):
        raise Unreadable("a ticket that cannot be found again")
    return ticket


def _one(payload: str, name: str, kind: type[Any]) -> Any:
    shown = _read(payload)
    try:
        value = decode(kind, shown[name])
    except _WRONG as error:
        raise Unreadable(type(error).__name__) from error
    return _conforming(value)


def _conforming(value: Any) -> Any:
    if not conforms(value):
        raise Unreadable(f"no {type(value).__name__}")
    return value


def _read(payload: str) -> dict[str, Any]:
    try:
        shown = read_json(payload)
    except BadJson as error:
        raise Unreadable(str(error)) from error
    if not isinstance(shown, dict) or shown.get("v") != CONTENT_VERSION:
        raise Unreadable("unknown content version")
    return shown
