"""Whether this desk belongs to a head office, how far it trusts it, and when they last spoke."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from store_desk.services.canonical import canonical_json
from store_desk.services.codec import from_ms_or_none, to_ms_or_none
from store_desk.services.desk import Desk
from store_desk.services.ports import UnitOfWork

ENROLMENT = "hub.enrolment"
CONTACT = "hub.contact"
# A desk works so long without head office before it asks a supervisor for every cancellation (rulings, 18).
SILENT_MAX = timedelta(days=30)
# So long the rights of head office's people and managers hold without contact (rulings, 18).
RIGHTS_MAX = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """This desk as head office knows it. `scope` are the stores it may see, `role` desk or head_office.

    `inc` is the present incarnation; `epoch` that of head office's history as last accepted, '' before the first
    snapshot. `authority` is the certificate (PEM) that head office's address must prove, '' for the system's roots.
    """

    url: str
    desk_id: str
    inc: int
    store: str
    scope: tuple[str, ...]
    role: str = "desk"
    epoch: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """When head office last answered, how its clock differs (milliseconds, None: never learnt), what is published.

    `copied_at` is when this desk found that its database is an older copy; `problem` the code of what stops it now.
    """

    at: datetime | None = None
    offset_ms: int | None = None
    rules_version: int = 0
    copied_at: datetime | None = None
    problem: str = ""


def enrolment_of(uow: UnitOfWork) -> Enrolment | None:
    """The enrolment, None at a desk that is its own authority."""
    text = uow.settings.get(ENROLMENT)
    if not text:
        return None
    shown: dict[str, Any] = json.loads(text)
    return Enrolment(**{**shown, "scope": tuple(shown["scope"])})


def put_enrolment(uow: UnitOfWork, enrolment: Enrolment) -> None:
    """Stores the enrolment."""
    uow.settings.put(ENROLMENT, canonical_json(asdict(enrolment)))


def contact_of(uow: UnitOfWork) -> Contact:
    """What is known of the last contact."""
    text = uow.settings.get(CONTACT)
    if not text:
        return Contact()
    shown: dict[str, Any] = json.loads(text)
    return Contact(
        at=from_ms_or_none(shown["at"]),
        offset_ms=shown["offset_ms"],
        rules_version=shown["rules_version"],
        copied_at=from_ms_or_none(shown["copied_at"]),
        problem=shown["problem"],
    )


def put_contact(uow: UnitOfWork, contact: Contact) -> None:
    """Stores what is known of the last contact."""
    uow.settings.put(
        CONTACT,
        canonical_json(
            {
                "at": to_ms_or_none(contact.at),
                "offset_ms": contact.offset_ms,
                "rules_version": contact.rules_version,
                "copied_at": to_ms_or_none(contact.copied_at),
                "problem": contact.problem,
            }
        ),
    )


def silent_for(uow: UnitOfWork, *, now: datetime) -> timedelta:
    """How long head office has not answered; nothing at a desk without one."""
    if enrolment_of(uow) is None:
        return timedelta()
    at = contact_of(uow).at
    return max(timedelta(), now - at) if at else timedelta()


def desk_label(desk: Desk) -> str:
    """How cases name the desk that made them: store code and desk number, `XH2`."""
    return f"{desk.identity.store_code}{desk.identity.desk}"


def read_enrolment(desk: Desk) -> Enrolment | None:
    """The enrolment, read in a transaction of its own."""
    with desk.read() as uow:
        return enrolment_of(uow)


def read_contact(desk: Desk) -> Contact:
    """The last contact, read in a transaction of its own."""
    with desk.read() as uow:
        return contact_of(uow)
