"""The practice store: the scene's staff and tickets, moved to today, and real repair events beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from store_desk.app.wiring import OpenDesk, SetUpAnswers, clock, found_store, open_desk
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor, Staff
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Visit, Work
from store_desk.resources import resource
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.linked import next_number
from store_desk.services.ports import UnitOfWork
from store_desk.store import exists

MANAGER = "1001"
# Stands in the scene's events for the hour of the ticket's visit.
VISIT = "{visit}"
FACT_TEXTS = (
    "customer_other",
    "product_other",
    "member",
    "member_card",
    "contact_note",
    "compensation_kind",
    "receipt",
    "reviewer",
    "parts_reserved",
)
FACT_NUMBERS = ("parts_used_minor", "work_percent")
TICKET_TEXTS = (
    "order_number",
    "serial",
    "phone",
    "brand",
    "category",
    "problem_type",
    "description",
    "assignee",
    "origin_channel",
)


def scene() -> dict[str, Any]:
    """The scene as it ships: store, staff with their PINs, tickets at the scene's own clock."""
    loaded: dict[str, Any] = json.loads(resource("sample", "scene.json").read_text("utf-8"))
    return loaded


def demo_pins() -> dict[str, str]:
    """Staff number -> PIN, shown on the practice store's sign-in screen."""
    return {person["id"]: person["pin"] for person in scene()["staff"]}


def open_demo(folder: Path, *, now: Callable[[], datetime] = clock) -> OpenDesk:
    """Opens the practice store of this folder, making it first where there is none."""
    if not exists(folder):
        make_demo(folder, now=now)
    return open_desk(folder, now=now)


def make_demo(folder: Path, *, now: Callable[[], datetime] = clock) -> None:
    """Makes the practice store: about 380 tickets, every level and sum of money among them."""
    set_ = scene()
    people = {person["id"]: person for person in set_["staff"]}
    store = set_["store"]
    manager = people[MANAGER]
    answers = SetUpAnswers(
        store_code=store["code"],
        store_name=store["name_zh"],
        desk=set_["desk"],
        manager_id=MANAGER,
        manager_name=manager["name"],
        pin=manager["pin"],
        store_name_other=store["name_en"],
        address=store["address"],
        phone=store["phone"],
        demo=True,
    )
    # Built beside its place: a practice store that was cut off in the making is never taken for a whole one.
    growing = folder.with_name(folder.name + ".new")
    if growing.exists():
        import shutil

        shutil.rmtree(growing)
    found_store(growing, answers, now=now)
    opened = open_desk(growing, now=now)
    try:
        _fill(opened, set_, shift=now() - datetime.fromisoformat(set_["clock"]))
    finally:
        opened.close()
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
    growing.replace(folder)


def _fill(opened: OpenDesk, set_: dict[str, Any], *, shift: timedelta) -> None:
    shift = timedelta(minutes=round(shift.total_seconds() / 60))
    desk = opened.desk
    with desk.work() as uow:
        for person in set_["staff"]:
            hashed = desk.pins.hash(person["pin"])
            known = Staff(person["id"], person["name"], Role(person["role"]), person["name_en"], True, hashed, False)
            (uow.people.save if person["id"] == MANAGER else uow.people.add)(known)
    _load_repairs(opened)
    cancelled: list[tuple[Ticket, dict[str, str]]] = []
    with desk.work() as uow:
        for entry in sorted(set_["tickets"], key=lambda item: str(item["created_at"])):
            ticket = _ticket(opened, uow, entry, shift=shift)
            uow.tickets.add(ticket)
            visit = ticket.facts.visit
            booked = visit.at.astimezone(desk.zone).strftime("%H:%M") if visit is not None and visit.at else ""
            for at, icon, *texts in entry.get("events", ()):
                # Moved to today like everything else: a text may name the hour of the visit.
                zh, en, sub_zh, sub_en = (text.replace(VISIT, booked) for text in texts)
                facts: dict[str, object] = {"icon": icon, "zh": zh, "en": en, "sub_zh": sub_zh, "sub_en": sub_en}
                when = datetime.fromisoformat(at) + shift
                uow.journal.write(at=when, actor="demo", what="event", subject=ticket.id, facts=facts)
            if "cancel" in entry:
                cancelled.append((ticket, entry["cancel"]))
    for ticket, how in cancelled:
        _cancel(opened, ticket, how, shift=shift)


def _cancel(opened: OpenDesk, ticket: Ticket, how: dict[str, str], *, shift: timedelta) -> None:
    when = datetime.fromisoformat(how["at"]) + shift
    past = replace(opened.desk, clock=lambda: when)
    actor = Actor("2051", "方圆", Role.SENIOR, "Fang Yuan")
    command = CancelTicket(
        ticket_id=ticket.id,
        reason=Reason(how["reason"]),
        note=how["text"],
        consent=Consent(Grade.PAPER),
    )
    done = cancel_ticket(past, actor, command)
    with opened.desk.work() as uow:
        # The practice slip was handed over this morning, so nothing is owed when the day begins.
        uow.slips.save(replace(done.slip, owed=False, printed_n=1))


def _load_repairs(opened: OpenDesk) -> None:
    """Brings in the real repair events that ship, through the same reader as any file."""
    from store_desk.domain.imports import Mapping, ReadRow
    from store_desk.exchange.matching import propose
    from store_desk.exchange.readers import open_table
    from store_desk.exchange.tickets import Defaults, read_tickets
    from store_desk.exchange.unknown import unknown_values, values_by_proposal

    desk = opened.desk
    table = open_table(resource("sample", "open_repair.csv"))
    mapping = Mapping(propose(table.shape), {}, "open_repair")
    words = values_by_proposal(unknown_values(table, mapping, stop=lambda: False))
    mapping = replace(mapping, values=words)
    identity = desk.identity
    defaults = Defaults(identity.store_code, identity.currency, identity.timezone, identity.country, desk.clock())
    rows = list(read_tickets(table, mapping, defaults=defaults, new_id=desk.new_id, stop=lambda: False))
    with desk.work() as uow:
        for row in rows:
            if isinstance(row, ReadRow) and not row.cancelled:
                uow.tickets.add(row.ticket)


def _moment(text: str | None, shift: timedelta) -> datetime | None:
    return (datetime.fromisoformat(text) + shift).astimezone(UTC) if text else None


def _day(text: str | None, shift: timedelta) -> date | None:
    return date.fromisoformat(text) + timedelta(days=round(shift.total_seconds() / 86_400)) if text else None


def _ticket(opened: OpenDesk, uow: UnitOfWork, entry: dict[str, Any], *, shift: timedelta) -> Ticket:
    desk = opened.desk
    created = _moment(entry["created_at"], shift) or desk.clock()
    closed = _moment(entry.get("closed_at"), shift)
    review = Review(entry["review"])
    facts = TicketFacts(
        **{name: entry.get(name, "") for name in FACT_TEXTS},
        **{name: entry.get(name, 0) for name in FACT_NUMBERS},
        purchased_on=_day(entry.get("purchased_on"), shift),
        warranty_until=_day(entry.get("warranty_until"), shift),
        compensation_on=_day(entry.get("compensation_on"), shift),
        visit=_visit(entry.get("visit"), shift),
        parcel=Parcel(**entry["parcel"]) if "parcel" in entry else None,
    )
    return Ticket(
        id=desk.new_id(),
        number=next_number(desk, uow, now=created),
        store=desk.identity.store_code,
        customer=entry["customer"],
        type=TicketType(entry["type"]),
        review=review,
        work=Work(entry["work"]),
        created_at=created,
        updated_at=closed or created + timedelta(hours=1),
        currency=desk.identity.currency,
        product=entry["product"],
        amount_minor=entry.get("amount_minor"),
        compensation_minor=entry.get("compensation_minor", 0),
        due_at=_moment(entry.get("due_at"), shift),
        review_since=_moment(entry.get("review_since"), shift) or created + timedelta(minutes=14),
        closed_at=closed,
        facts=facts,
        **{name: entry.get(name, "") for name in TICKET_TEXTS},
    )


def _visit(entry: dict[str, Any] | None, shift: timedelta) -> Visit | None:
    if entry is None:
        return None
    return Visit(**{**entry, "at": _moment(entry["at"], shift), "free_until": _moment(entry["free_until"], shift)})
