"""Deciding on the database lane: the PIN first, then the decision."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.staff import Actor
from store_desk.services.approve import approve_case, decline_case
from store_desk.services.desk import Desk
from store_desk.services.people import verify_pin


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided; `why` is the line for the clerk, '' for an approval."""

    case_id: str
    approved: bool
    why: str = ""


def approve(desk: Desk, actor: Actor, *, case_id: str, pin: str) -> Decided:
    """The person at the desk agrees; raises WrongPin, LockedOut and what approve_case raises."""
    signed = verify_pin(desk, staff_id=actor.id, pin=pin, purpose="approve")
    approve_case(desk, actor, case_id=case_id, approver=signed.actor)
    return Decided(case_id, approved=True)


def decline(desk: Desk, actor: Actor, *, case_id: str, pin: str, why: str) -> Decided:
    """The person at the desk does not agree, with one line for the clerk."""
    signed = verify_pin(desk, staff_id=actor.id, pin=pin, purpose="approve")
    decline_case(desk, case_id=case_id, approver=signed.actor, why=why)
    return Decided(case_id, approved=False, why=why)
