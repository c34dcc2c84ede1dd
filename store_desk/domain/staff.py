"""People at the desk: who they are, whether their PIN will do, and when too many wrong ones lock them out."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store_desk.domain.errors import ApproverIsRequester, ApproverRightMissing, PinNotAcceptable, RightMissing
from store_desk.domain.policy import Policy
from store_desk.domain.roles import APPROVERS, Right, Role, has_right

STAFF_ID = re.compile(r"[0-9A-Za-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Staff:
    """One person. `wrong_pins` counts since the last right one; `lockouts` how often in a row it led to a lock."""

    id: str
    name: str
    role: Role
    name_other: str = ""
    enabled: bool = True
    pin_hash: str = ""
    pin_is_first: bool = True
    wrong_pins: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person that signed in (or gave a PIN for one command)."""

    id: str
    name: str
    role: Role
    name_other: str = ""


def actor_of(staff: Staff) -> Actor:
    """The person as an actor."""
    return Actor(staff.id, staff.name, staff.role, staff.name_other)


def demand(actor: Actor, right: Right) -> None:
    """Raises RightMissing when the actor's role lacks the right."""
    if not has_right(actor.role, right):
        raise RightMissing(right=right.value, who=actor.name or actor.id, role=actor.role.value)


def check_approver(requester: Actor, approver: Actor, *, manager_only: bool = False) -> None:
    """Raises when the approver is the requester, or has no role that approves."""
    if requester.id == approver.id:
        raise ApproverIsRequester(approver=approver.id)
    allowed = frozenset({Role.MANAGER}) if manager_only else APPROVERS
    if approver.role not in allowed:
        raise ApproverRightMissing(approver=approver.name or approver.id, manager_only=manager_only)


def check_pin(pin: str, *, digits: int) -> None:
    """Raises PinNotAcceptable unless the PIN has `digits` digits that are neither all equal nor a row up or down."""
    ok = pin.isascii() and pin.isdigit() and len(pin) == digits
    if ok:
        steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
        ok = steps not in ({0}, {1}, {-1})
    if not ok:
        raise PinNotAcceptable(digits=digits)


def after_wrong_pin(staff: Staff, *, now: datetime, policy: Policy) -> Staff:
    """The person after a wrong PIN: `pin_tries` in a row lock for five minutes, doubling to an hour."""
    wrong = staff.wrong_pins + 1
    if wrong < policy.pin_tries:
        return replace(staff, wrong_pins=wrong)
    seconds = min(policy.pin_lock_s * 2**staff.lockouts, policy.pin_lock_max_s)
    return replace(staff, wrong_pins=0, lockouts=staff.lockouts + 1, locked_until=now + timedelta(seconds=seconds))


def after_right_pin(staff: Staff) -> Staff:
    """The person after a right PIN."""
    return replace(staff, wrong_pins=0, lockouts=0, locked_until=None)


def is_locked(staff: Staff, *, now: datetime) -> bool:
    """Whether the lock still holds."""
    return staff.locked_until is not None and now < staff.locked_until
