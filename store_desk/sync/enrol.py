"""Joining a head office: who this desk is there, what it did while it stood alone, and its first copy of the store.

Every step can be cut off and done again: the same code with the same key gets the same answer, facts offered twice are
taken once, and what was not sent yet is noted with the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from store_desk.domain.office_errors import AlreadyEnrolled, DeskUnknown, EnrolledElsewhere, HubUnreachable
from store_desk.domain.roles import Role
from store_desk.domain.staff import STAFF_ID
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import (
    Contact,
    Enrolment,
    contact_of,
    put_contact,
    put_enrolment,
    read_contact,
    read_enrolment,
)
from store_desk.services.feed import move_to_incarnation
from store_desk.services.office import Joined
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.sync.cycle import CycleReport, run_cycle
from store_desk.sync.hub_client import HttpLink
from store_desk.sync.link import Copy
from store_desk.sync.transport import check_address
from store_desk.wire.joining import EnrolReply, FactsRequest, PersonFact, SlipFact

# How far the facts of the time before head office have been sent: '' not at all, `slips:<ticket id>`, or `done`.
PAST: Final = "hub.past"
DONE: Final = "done"
SLIPS: Final = "slips:"
PAGE: Final = 100
# Slips of one request, well within its bound on bytes.
SLIPS_BYTES: Final = 1024 * 1024
# Incarnations that a desk can have gone through before; more would be a head office that plays with us.
INCARNATIONS_MAX: Final = 100

# Told while it runs: step code, done, of how many.
Progress = Callable[[str, int, int], None]
LoadCopy = Callable[[Desk, Copy, set[str]], None]
MakeLink = Callable[[Desk, Enrolment | None, Progress], HttpLink]


def join(
    desk: Desk,
    url: str,
    code: str,
    progress: Progress = lambda _step, _done, _of: None,
    *,
    authority: str = "",
    make_link: MakeLink | None = None,
    load_copy: LoadCopy | None = None,
) -> Joined:
    """Joins the head office at the address with a one-time code, and does the first cycle with it.

    Raises AlreadyEnrolled, EnrolmentRefused, EnrolledElsewhere, SettingInvalid (the address) or what the link raises;
    nothing is changed then. Once the desk is enrolled a line that breaks is no failure: the rest follows by itself.
    A desk that head office has forgotten joins again with all that waits. Nobody else may speak with head office in
    this desk's name meanwhile. `authority` is that of before where the address is the same and none is given.
    """
    address = check_address(url)
    made = make_link or _plain_link
    before = read_enrolment(desk)
    if before is not None:
        if not _is_forgotten(desk, before, address):
            _refuse_if_known(desk, before, made)
        authority = authority or (before.authority if before.url == address else "")
    who = Enrolment(address, desk.identity.desk_id, 0, desk.identity.store_code, (), authority=authority)
    progress("asking", 0, 0)
    link = made(desk, who, progress)
    try:
        reply = link.enrol(code, name=desk.identity.store_name[:60])
        _check_place(desk, reply)
        progress("key", 0, 0)
        inc = _fresh_incarnation(desk, who, reply, before, made)
    finally:
        link.close()
    enrolment = Enrolment(
        address, reply.desk_id, inc, reply.store, tuple(reply.scope), reply.role, epoch="", authority=authority
    )
    _keep(desk, before, enrolment, names=(desk.identity.store_name, desk.identity.store_name_other, reply.store_name))
    return _first_cycle(desk, enrolment, made, load_copy, progress)


def send_past(desk: Desk, link: HttpLink) -> bool:
    """Sends people and slips of the time before head office as facts, going on where it was cut off; true if any.

    To be called after tickets were offered.
    """
    with desk.read() as uow:
        at = uow.settings.get(PAST)
        people = [_person(uow, person.id) for person in uow.people.all()] if at == "" else []
    if at is None or at == DONE:
        return False
    facts = [person for person in people if person is not None]
    for start in range(0, len(facts), PAGE):
        link.facts(FactsRequest(people=facts[start : start + PAGE]))
    after = at.removeprefix(SLIPS)
    _note(desk, SLIPS + after)
    while True:
        ids, slips = _slips_after(desk, after)
        if not ids:
            break
        for page in _pages(slips):
            link.facts(FactsRequest(slips=page))
        after = ids[-1]
        _note(desk, SLIPS + after)
    _note(desk, DONE)
    return True


def _plain_link(desk: Desk, who: Enrolment | None, progress: Progress) -> HttpLink:
    return HttpLink(desk, who=who, progress=progress)


def _is_forgotten(desk: Desk, before: Enrolment, address: str) -> bool:
    """Whether this very head office said last that it does not know the desk.

    It is not asked again: it may know the desk since an attempt whose reply was lost, and the same code goes on there.
    """
    return before.url == address and read_contact(desk).problem == DeskUnknown.code


def _refuse_if_known(desk: Desk, before: Enrolment, made: MakeLink) -> None:
    """A desk joins once, unless its head office has forgotten it."""
    link = made(desk, None, lambda _step, _done, _of: None)
    try:
        link.rules(0)
    except DeskUnknown:
        return
    finally:
        link.close()
    raise AlreadyEnrolled(url=before.url)


def _check_place(desk: Desk, reply: EnrolReply) -> None:
    own = desk.identity
    if reply.store != own.store_code or reply.desk != own.desk or reply.desk_id != own.desk_id:
        raise EnrolledElsewhere(store=reply.store, desk=reply.desk, own_store=own.store_code, own_desk=own.desk)


def _fresh_incarnation(desk: Desk, who: Enrolment, reply: EnrolReply, before: Enrolment | None, made: MakeLink) -> int:
    """An incarnation whose numbers this desk has never used."""
    with desk.read() as uow:
        used = [position.inc for position in uow.positions.answers()]
    most = max([*used, before.inc if before else 0])
    inc = reply.inc
    link = made(desk, replace(who, inc=inc), lambda _step, _done, _of: None)
    try:
        for _ in range(INCARNATIONS_MAX):
            if inc > most:
                return inc
            inc = link.incarnation(inc)
    finally:
        link.close()
    raise HubUnreachable(detail="busy")


def _keep(desk: Desk, before: Enrolment | None, enrolment: Enrolment, *, names: Sequence[str]) -> None:
    """From here on the desk belongs to head office; what waits under an older incarnation moves to the new one.

    Exports name a store by its name as often as by its code. While the desk stood alone that was all the same; head
    office knows the code only, and tickets under one of the store's own `names` would be another store's.
    """
    now = desk.clock()
    with desk.work() as uow:
        if before is not None:
            copied_at = contact_of(uow).copied_at
            move_to_incarnation(desk, uow, before, inc=enrolment.inc, now=now)
            put_contact(uow, replace(Contact(), copied_at=copied_at))
        else:
            put_contact(uow, Contact())
        put_enrolment(uow, enrolment)
        uow.settings.put(PAST, "")
        claimed = uow.tickets.claim(names, store=enrolment.store)
        facts: dict[str, object] = {"url": enrolment.url, "incarnation": enrolment.inc, "role": enrolment.role}
        if claimed:
            facts["claimed"] = claimed
        uow.journal.write(at=now, actor="", what="head_office_joined", facts=facts)


def _first_cycle(
    desk: Desk, enrolment: Enrolment, made: MakeLink, load_copy: LoadCopy | None, progress: Progress
) -> Joined:
    with desk.read() as uow:
        of = uow.tickets.count()
    link = made(desk, None, progress)
    link.expected = of
    report = CycleReport()
    try:
        report = run_cycle(desk, link, load_copy=load_copy)
        progress("rules", 0, 0)
        send_past(desk, link)
    except HubUnreachable:
        # It belongs to head office already; whatever is left goes with the next cycle.
        return Joined(enrolment.store, desk.identity.desk, enrolment.role, link.offered, report.conflicts)
    finally:
        link.close()
    return Joined(enrolment.store, desk.identity.desk, enrolment.role, link.offered, report.conflicts)


def _note(desk: Desk, at: str) -> None:
    with desk.work() as uow:
        uow.settings.put(PAST, at)


def _person(uow: UnitOfWork, staff_id: str) -> PersonFact | None:
    """A person as head office takes one; its own people are known there already."""
    person = uow.people.get(staff_id)
    if person is None or person.role is Role.HEAD_OFFICE or STAFF_ID.fullmatch(person.id) is None:
        return None
    return PersonFact(
        id=person.id, name=person.name, name_other=person.name_other, role=person.role, enabled=person.enabled
    )


def _slips_after(desk: Desk, after: str) -> tuple[list[str], list[SlipFact]]:
    """The next tickets by id and the slips of their cases."""
    with desk.read() as uow:
        ids = list(islice((one for one in sorted(uow.records.known_ids()) if one > after), PAGE * 5))
        rows = [row for ticket_id in ids for row in uow.slips.of_ticket(ticket_id)]
    return ids, [_slip(row) for row in rows]


def _slip(row: SlipRow) -> SlipFact:
    return SlipFact(
        number=row.number,
        ticket_id=row.ticket_id,
        case_id=row.case_id,
        variant=row.variant.value,
        body=row.body,
        hash=row.hash,
        made_at_ms=to_ms(row.made_at),
    )


def _pages(slips: list[SlipFact]) -> Iterator[list[SlipFact]]:
    page: list[SlipFact] = []
    size = 0
    for slip in slips:
        length = 2 * len(slip.body.encode()) + 500
        if page and (len(page) >= PAGE or size + length > SLIPS_BYTES):
            yield page
            page, size = [], 0
        page.append(slip)
        size += length
    if page:
        yield page
