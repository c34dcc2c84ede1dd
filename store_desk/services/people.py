"""People at the desk: signing in with a PIN, and what a manager does with accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.errors import (
    LastManager,
    LockedOut,
    PinMustChange,
    StaffDisabled,
    StaffExists,
    StaffIdInvalid,
    StaffNotFound,
    WrongPin,
)
from store_desk.domain.policy import Policy
from store_desk.domain.roles import Right, Role
from store_desk.domain.staff import (
    STAFF_ID,
    Actor,
    Staff,
    actor_of,
    after_right_pin,
    after_wrong_pin,
    check_approver,
    check_pin,
    demand,
    is_locked,
)
from store_desk.services.desk import Desk
from store_desk.services.enrolment import RIGHTS_MAX, enrolment_of, silent_for
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import policy_in_force

NAME_LENGTH_MAX = 60


# What head office publishes of the people of its stores (`services.published`).
PUBLISHED = "published.people"
# What is left of a role after too long without head office (rulings, 18): a manager still approves, as a supervisor.
LAPSED = {Role.MANAGER: Role.SUPERVISOR, Role.HEAD_OFFICE: Role.CLERK}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and whether the PIN is still the first one and must be changed before anything else.

    `lapsed` is the role that does not hold now because head office has not been heard for too long; None else.
    """

    actor: Actor
    must_change_pin: bool
    lapsed: Role | None = None


def people_here(desk: Desk) -> tuple[Staff, ...]:
    """Everybody, by number; PIN hashes are left out."""
    with desk.read() as uow:
        return tuple(replace(person, pin_hash="") for person in uow.people.all())


def _load(uow: UnitOfWork, staff_id: str) -> Staff:
    person = uow.people.get(staff_id)
    if person is None:
        raise StaffNotFound(who=staff_id)
    return person


def verify_pin(desk: Desk, *, staff_id: str, pin: str, purpose: str) -> SignedIn:
    """Checks a PIN, counting wrong ones; the count is durable whatever happens afterwards.

    `purpose` goes to the journal: sign_in, approve, command. Raises StaffNotFound, StaffDisabled, LockedOut, WrongPin.
    The actor has the role that holds now, see `role_in_force`.
    """
    now = desk.clock()
    with desk.read() as uow:
        person = _load(uow, staff_id)
        policy = policy_in_force(uow)
        role = role_in_force(uow, person, now=now)
        enabled = person.enabled and not _disabled_at_head_office(uow, staff_id)
    if not enabled:
        raise StaffDisabled(who=staff_id)
    if is_locked(person, now=now):
        raise LockedOut(who=person.name, until=_until(person))
    # The slow hash runs outside any transaction, so that nobody waits for it.
    right = desk.pins.verify(person.pin_hash, pin)
    with desk.work() as uow:
        # Read again: another process may have counted meanwhile.
        person = _load(uow, staff_id)
        if is_locked(person, now=now):
            raise LockedOut(who=person.name, until=_until(person))
        after = after_right_pin(person) if right else after_wrong_pin(person, now=now, policy=policy)
        if after != person:
            uow.people.save(after)
        what = "pin_right" if right else ("pin_locked" if is_locked(after, now=now) else "pin_wrong")
        uow.journal.write(at=now, actor=staff_id, what=what, facts={"purpose": purpose})
    if right:
        lapsed = person.role if role is not person.role else None
        return SignedIn(actor_of(replace(after, role=role)), after.pin_is_first, lapsed)
    if is_locked(after, now=now):
        raise LockedOut(who=after.name, until=_until(after))
    raise WrongPin(left=policy.pin_tries - after.wrong_pins)


def role_in_force(uow: UnitOfWork, person: Staff, *, now: datetime) -> Role:
    """The person's role, or what is left of it: rights that head office gives lapse after 72 hours without it."""
    return LAPSED.get(person.role, person.role) if silent_for(uow, now=now) > RIGHTS_MAX else person.role


def lapsed_role(desk: Desk, actor: Actor) -> Role | None:
    """The role of somebody who signed in that does not hold now, None while all of it does."""
    with desk.read() as uow:
        person = uow.people.get(actor.id)
    return person.role if person is not None and person.role is not actor.role else None


def _disabled_at_head_office(uow: UnitOfWork, staff_id: str) -> bool:
    """Whether head office has switched the account of a person of this store off."""
    enrolment = enrolment_of(uow)
    text = uow.settings.get(PUBLISHED) if enrolment is not None else None
    if enrolment is None or not text:
        return False
    return any(
        item.get("id") == staff_id and item.get("store") == enrolment.store and item.get("enabled") is False
        for item in json.loads(text)
    )


def _until(person: Staff) -> str:
    return person.locked_until.isoformat(timespec="seconds") if person.locked_until else ""


def sign_in(desk: Desk, *, staff_id: str, pin: str) -> SignedIn:
    """Signs a person in; a first PIN must be changed with change_own_pin before anything else."""
    return verify_pin(desk, staff_id=staff_id, pin=pin, purpose="sign_in")


def act_as(desk: Desk, *, staff_id: str, pin: str, purpose: str = "command", first_pin: bool = False) -> Actor:
    """The person as an actor for one command.

    Raises PinMustChange while the PIN is the first one, unless `first_pin` lets it pass: the command line has no
    sign-in at which it could be changed, so there it passes and the journal says so.
    """
    signed = verify_pin(desk, staff_id=staff_id, pin=pin, purpose=purpose)
    if signed.must_change_pin:
        if not first_pin:
            raise PinMustChange(who=staff_id)
        with desk.work() as uow:
            uow.journal.write(at=desk.clock(), actor=staff_id, what="first_pin_used", facts={"purpose": purpose})
    return signed.actor


def approver_by_pin(
    desk: Desk, *, requester: Actor, staff_id: str, pin: str, manager_only: bool = False, first_pin: bool = False
) -> Actor:
    """The second person, once the PIN is right; raises ApproverIsRequester before any PIN is looked at."""
    with desk.read() as uow:
        person = _load(uow, staff_id)
        person = replace(person, role=role_in_force(uow, person, now=desk.clock()))
    check_approver(requester, actor_of(person), manager_only=manager_only)
    return act_as(desk, staff_id=staff_id, pin=pin, purpose="approve", first_pin=first_pin)


def change_own_pin(desk: Desk, *, staff_id: str, pin: str, new_pin: str) -> Actor:
    """Gives a person a PIN of their own; the old one must be right and the new one different and not trivial."""
    signed = verify_pin(desk, staff_id=staff_id, pin=pin, purpose="change_pin")
    policy = _policy(desk)
    check_pin(new_pin if new_pin != pin else "", digits=policy.pin_digits)
    hashed = desk.pins.hash(new_pin)
    with desk.work() as uow:
        person = _load(uow, staff_id)
        uow.people.save(replace(person, pin_hash=hashed, pin_is_first=False))
        uow.journal.write(at=desk.clock(), actor=staff_id, what="pin_changed", facts={})
    return signed.actor


def _policy(desk: Desk) -> Policy:
    with desk.read() as uow:
        return policy_in_force(uow)


def add_staff(
    desk: Desk, actor: Actor, *, staff_id: str, name: str, role: Role, pin: str, name_other: str = ""
) -> Staff:
    """Adds a person with a first PIN; raises StaffExists, StaffIdInvalid, PinNotAcceptable, RightMissing."""
    demand(actor, Right.STAFF)
    if STAFF_ID.fullmatch(staff_id) is None or not 0 < len(name.strip()) <= NAME_LENGTH_MAX:
        raise StaffIdInvalid(who=staff_id)
    check_pin(pin, digits=_policy(desk).pin_digits)
    hashed = desk.pins.hash(pin)
    with desk.work() as uow:
        if uow.people.get(staff_id) is not None:
            raise StaffExists(who=staff_id)
        person = Staff(staff_id, name.strip(), role, name_other, pin_hash=hashed)
        uow.people.add(person)
        uow.journal.write(
            at=desk.clock(), actor=actor.id, what="staff_added", facts={"who": staff_id, "role": role.value}
        )
    return replace(person, pin_hash="")


def set_role(desk: Desk, actor: Actor, *, staff_id: str, role: Role) -> Staff:
    """Gives a person another role; the last manager stays one."""
    return _change(desk, actor, staff_id=staff_id, what="staff_role", role=role)


def disable_staff(desk: Desk, actor: Actor, *, staff_id: str) -> Staff:
    """Switches an account off; the last manager's stays on."""
    return _change(desk, actor, staff_id=staff_id, what="staff_disabled", enabled=False)


def unlock_staff(desk: Desk, actor: Actor, *, staff_id: str) -> Staff:
    """Ends a lock-out at once."""
    return _change(desk, actor, staff_id=staff_id, what="staff_unlocked", unlock=True)


def reset_pin(desk: Desk, actor: Actor, *, staff_id: str, pin: str) -> Staff:
    """Gives a person a new first PIN, to be changed at the next sign-in; ends a lock-out."""
    demand(actor, Right.STAFF)
    check_pin(pin, digits=_policy(desk).pin_digits)
    return _change(desk, actor, staff_id=staff_id, what="pin_reset", unlock=True, pin_hash=desk.pins.hash(pin))


def _change(
    desk: Desk,
    actor: Actor,
    *,
    staff_id: str,
    what: str,
    role: Role | None = None,
    enabled: bool | None = None,
    unlock: bool = False,
    pin_hash: str = "",
) -> Staff:
    demand(actor, Right.STAFF)
    with desk.work() as uow:
        person = _load(uow, staff_id)
        after = person
        if role is not None:
            after = replace(after, role=role)
        if enabled is not None:
            after = replace(after, enabled=enabled)
        if unlock:
            after = after_right_pin(after)
        if pin_hash:
            after = replace(after, pin_hash=pin_hash, pin_is_first=True)
        if _is_manager(person) and not _is_manager(after) and _managers(uow) == 1:
            raise LastManager(who=person.name)
        uow.people.save(after)
        facts: dict[str, object] = {"who": staff_id}
        if role is not None:
            facts["role"] = role.value
        uow.journal.write(at=desk.clock(), actor=actor.id, what=what, facts=facts)
    return replace(after, pin_hash="")


def _is_manager(person: Staff) -> bool:
    return person.enabled and person.role is Role.MANAGER


def _managers(uow: UnitOfWork) -> int:
    return sum(_is_manager(person) for person in uow.people.all())


def first_manager(desk: Desk, *, staff_id: str, name: str, pin: str, name_other: str = "") -> Staff:
    """The manager that set-up makes; the PIN was chosen by the manager in person, so it need not be changed.

    Raises StaffIdInvalid, PinNotAcceptable, StaffExists when there is somebody already.
    """
    if STAFF_ID.fullmatch(staff_id) is None or not 0 < len(name.strip()) <= NAME_LENGTH_MAX:
        raise StaffIdInvalid(who=staff_id)
    check_pin(pin, digits=Policy().pin_digits)
    hashed = desk.pins.hash(pin)
    with desk.work() as uow:
        if uow.people.all():
            raise StaffExists(who=staff_id)
        person = Staff(staff_id, name.strip(), Role.MANAGER, name_other, pin_hash=hashed, pin_is_first=False)
        uow.people.add(person)
        uow.journal.write(at=desk.clock(), actor=staff_id, what="set_up", facts={"manager": staff_id})
    return replace(person, pin_hash="")


def recover_manager(desk: Desk, *, staff_id: str, new_pin: str) -> Staff:
    """Gives a manager a new PIN after the recovery sheet has been shown to be right (the caller checked it)."""
    check_pin(new_pin, digits=Policy().pin_digits)
    hashed = desk.pins.hash(new_pin)
    with desk.work() as uow:
        person = _load(uow, staff_id)
        after = after_right_pin(replace(person, pin_hash=hashed, pin_is_first=False, enabled=True, role=Role.MANAGER))
        uow.people.save(after)
        uow.journal.write(at=desk.clock(), actor=staff_id, what="manager_recovered", facts={"who": staff_id})
    return replace(after, pin_hash="")
