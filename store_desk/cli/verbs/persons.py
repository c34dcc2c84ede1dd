"""`staff`: who works here, and their PINs."""

from __future__ import annotations

from store_desk.cli import secrets_asked
from store_desk.cli.call import Answer, AtDesk, Call, joined
from store_desk.cli.shapes import staff_json
from store_desk.domain.errors import WrongUse
from store_desk.domain.roles import Right, Role
from store_desk.domain.staff import Staff
from store_desk.services import people
from store_desk.services.desk import Desk


def add(call: Call) -> Answer:
    """Adds a person with a first PIN, which that person changes before anything else."""
    with call.at_desk(Right.STAFF) as here:
        person = people.add_staff(
            here.desk,
            here.actor,
            staff_id=call.options.id,
            name=call.options.name,
            role=Role(call.options.role),
            pin=_new_pin(call, who=call.options.id),
            name_other=call.options.name_other,
        )
        answer = _one(call, here.desk, person, "cli.staff.added")
    call.terminal.tell(call.say("cli.staff.first_pin", who=person.id))
    return answer


def list_(call: Call) -> Answer:
    """Everybody, by number."""
    with call.at_desk(Right.STAFF) as here:
        everybody = people.people_here(here.desk)
        now, zone = here.desk.clock(), here.desk.zone
        shown = [staff_json(person, now=now, zone=zone) for person in everybody]
        lines = tuple(_line(call, here.desk, person) for person in everybody)
    return Answer({"staff": shown}, lines)


def set_role(call: Call) -> Answer:
    """Gives a person another role."""
    with call.at_desk(Right.STAFF) as here:
        person = people.set_role(here.desk, here.actor, staff_id=call.options.id, role=Role(call.options.role))
        return _one(call, here.desk, person, "cli.staff.changed")


def reset_pin(call: Call) -> Answer:
    """Gives a person a new first PIN and ends a lock-out."""
    with call.at_desk(Right.STAFF) as here:
        person = people.reset_pin(
            here.desk, here.actor, staff_id=call.options.id, pin=_new_pin(call, who=call.options.id)
        )
        answer = _one(call, here.desk, person, "cli.staff.changed")
    call.terminal.tell(call.say("cli.staff.first_pin", who=person.id))
    return answer


def unlock(call: Call) -> Answer:
    """Ends a lock-out."""
    with call.at_desk(Right.STAFF) as here:
        return _one(call, here.desk, _unlocked(call, here), "cli.staff.changed")


def _unlocked(call: Call, here: AtDesk) -> Staff:
    return people.unlock_staff(here.desk, here.actor, staff_id=call.options.id)


def disable(call: Call) -> Answer:
    """Switches an account off."""
    with call.at_desk(Right.STAFF) as here:
        person = people.disable_staff(here.desk, here.actor, staff_id=call.options.id)
        return _one(call, here.desk, person, "cli.staff.changed")


def set_pin(call: Call) -> Answer:
    """Changes the PIN of the one who acts, also a first PIN; everybody may."""
    clerk = call.clerk
    if call.options.id not in (None, clerk):
        raise WrongUse(detail=call.say("cli.wrong.own_pin_only"))
    with call.open() as opened:
        pin = secrets_asked.ask(call.terminal, secrets_asked.PIN, who=clerk)
        people.change_own_pin(opened.desk, staff_id=clerk, pin=pin, new_pin=_new_pin(call, who=clerk))
        person = next(person for person in people.people_here(opened.desk) if person.id == clerk)
        return _one(call, opened.desk, person, "cli.staff.pin_set")


def _new_pin(call: Call, *, who: str) -> str:
    return secrets_asked.ask(call.terminal, secrets_asked.NEW_PIN, who=who, twice=True)


def _one(call: Call, desk: Desk, person: Staff, key: str) -> Answer:
    shown = staff_json(person, now=desk.clock(), zone=desk.zone)
    return Answer({"staff": shown}, (call.say(key), _line(call, desk, person)))


def _line(call: Call, desk: Desk, person: Staff) -> str:
    shown = staff_json(person, now=desk.clock(), zone=desk.zone)
    return joined(
        (
            person.id,
            person.name,
            call.say(f"trade.role.{person.role.value}"),
            "" if person.enabled else call.say("cli.staff.off"),
            call.say("cli.staff.locked", until=str(shown["locked_until"])) if shown["locked"] else "",
            call.say("cli.staff.first") if person.pin_is_first else "",
        )
    )
