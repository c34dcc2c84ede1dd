"""Tickets that a cancellation leaves linked: the corrected one made again, and the one that survives a duplicate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from store_desk.domain.case import CancellationCase
from store_desk.domain.numbers import ticket_number
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket, TicketFacts, filed_again
from store_desk.services.attachments import hand_on
from store_desk.services.desk import Desk
from store_desk.services.ports import UnitOfWork

# What people call the details that can be wrong, and the field each is kept in.
CORRECTABLE = {
    "phone": ("phone", "电话", "手机", "联系电话", "telephone", "mobile"),
    "serial": ("serial", "序列号", "机身号", "sn", "serial number"),
    "order_number": ("order", "order_number", "订单号", "订单"),
    "customer": ("customer", "name", "姓名", "客户姓名", "顾客"),
    "product": ("product", "商品", "商品名称", "产品"),
    "brand": ("brand", "品牌"),
    "category": ("category", "类别", "商品类别"),
    "description": ("description", "描述", "问题描述"),
}


# The shortest telephone number that anybody can be called at.
PHONE_DIGITS_MIN = 5


def correctable(asked: str) -> str:
    """The field that people mean by this name, '' when it is none that can be put right."""
    name = asked.strip().lower()
    return next((field for field, called in CORRECTABLE.items() if name in called), "")


def is_usable(field: str, value: str) -> bool:
    """Whether the value can stand in this field: a telephone number has digits, anything else a letter or a digit."""
    if field == "phone":
        return sum(character.isdigit() for character in value) >= PHONE_DIGITS_MIN
    return any(character.isalnum() for character in value)


def next_number(desk: Desk, uow: UnitOfWork, *, now: datetime) -> str:
    """The desk's next ticket number; the year is that of the store's zone."""
    year = now.astimezone(desk.zone).year
    return ticket_number(desk.identity.store_code, desk.identity.desk, year, uow.counters.next("ticket"))


def link_tickets(
    desk: Desk, uow: UnitOfWork, actor: Actor, ticket: Ticket, case: CancellationCase, *, now: datetime
) -> str:
    """Makes the corrected ticket, or marks the survivor, in the same transaction; answers the other's number or ''."""
    if case.reason is Reason.WRONG_INFORMATION:
        made = _corrected(ticket, case, number=next_number(desk, uow, now=now), id_=desk.new_id(), now=now)
        uow.tickets.add(made)
        hand_on(desk, uow, from_ticket=ticket.id, to_ticket=made.id)
        uow.journal.write(
            at=now, actor=actor.id, what="ticket_recreated", subject=made.id, facts={"from": ticket.number}
        )
        return made.number
    if case.reason is Reason.DUPLICATE:
        number = dict(case.evidence)["survivor"]
        for survivor in uow.tickets.by_number(number)[:1]:
            hand_on(desk, uow, from_ticket=ticket.id, to_ticket=survivor.id)
            facts: dict[str, object] = {
                "from": ticket.number,
                "note": case.note,
                "description": ticket.description[:500],
            }
            uow.journal.write(at=now, actor=actor.id, what="duplicate_merged", subject=survivor.id, facts=facts)
        return number
    return ""


def _corrected(ticket: Ticket, case: CancellationCase, *, number: str, id_: str, now: datetime) -> Ticket:
    """The ticket again with the detail put right; it keeps its place in the queue (REQ-CND-03)."""
    given = dict(case.evidence)
    name = correctable(given["field"])
    fresh = replace(
        filed_again(ticket, id_=id_, number=number, now=now),
        facts=TicketFacts(
            # The other language's text would go on saying what was wrong.
            customer_other="" if name == "customer" else ticket.facts.customer_other,
            product_other="" if name == "product" else ticket.facts.product_other,
            purchased_on=ticket.facts.purchased_on,
            warranty_until=ticket.facts.warranty_until,
            receipt=ticket.facts.receipt,
            member=ticket.facts.member,
            member_card=ticket.facts.member_card,
            recreated_from=ticket.number,
            queue_since=ticket.facts.queue_since or ticket.created_at,
        ),
    )
    return replace(fresh, **{name: given["right"]})  # type: ignore[arg-type]  # all correctable fields are texts
