"""What tests of cancelling give and look at: levels, evidence for each reason, a busy ticket, the journal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Parcel, Review, Ticket, Visit, Work
from store_desk.services.look_up import open_ticket
from tests.shop import NOON, Shop, with_facts

STROKES = (((0.1, 0.2, 0.5, 0), (0.3, 0.4, 0.6, 12)),)
LEVELS = {
    1: (Review.PENDING_REVIEW, Work.UNASSIGNED),
    2: (Review.UNDER_REVIEW, Work.UNASSIGNED),
    3: (Review.APPROVED, Work.UNASSIGNED),
    4: (Review.IN_PROCESS, Work.IN_PROCESS),
    5: (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
}
# Evidence that each reason is content with.
GIVEN: dict[Reason, dict[str, str]] = {
    Reason.SELF_RESOLVED: {"how": "清理了充电口"},
    Reason.SOLVED_BY_STORE: {"record": "WX-1"},
    Reason.AGREEMENT: {"remedy": "补发配件", "amount": "¥1,200.50", "due": "2026/5/20"},
    Reason.NEED_CHANGED: {"text": "改买新的"},
    Reason.WRONG_INFORMATION: {"field": "电话", "wrong": "13800006021", "right": "13900006021"},
    Reason.DISSATISFIED: {"aspect": "speed", "text": "等了三个星期没有人联系"},
    Reason.PAST_DEADLINE: {"deadline": "2026-05-01"},
    Reason.FORCE_MAJEURE: {"event": "台风", "date": "2026年5月3日"},
    Reason.NOT_GENUINE: {"finding": "检测正常", "photo": "P-77"},
    Reason.RETURNED_REFUNDED: {"goods_receipt": "R-1", "refund_reference": "TK-9"},
    Reason.OTHER_CHANNEL: {"which": "消费者协会"},
    Reason.OTHER: {"text": "顾客不愿意说明具体原因"},
}


def evidence(reason: Reason, **changes: str) -> tuple[tuple[str, str], ...]:
    """What the reason asks for, with single values changed."""
    return tuple((GIVEN.get(reason, {}) | changes).items())


def nothing_changed(shop: Shop, ticket: Ticket, slips: int = 0) -> None:
    """The ticket stands as it was and nothing hangs on it."""
    view = open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert view.line.ticket == ticket
    assert not view.cases and not view.obligations and len(view.slips) == slips


def journal(shop: Shop) -> list[tuple[str, str, dict[str, Any]]]:
    """(actor, what, facts) of every entry."""
    with shop.desk.read() as uow:
        return [(entry.actor, entry.what, json.loads(entry.facts)) for entry in uow.journal.entries()]


def busy(shop: Shop, **changes: Any) -> Ticket:
    """A ticket at level 4 with a visit tomorrow, a parcel under way, parts and a compensation."""
    visit = Visit("3012", "周启明", "13900001111", NOON + timedelta(days=1), "WO-7")
    plain = shop.ticket(*LEVELS[4], assignee="3012", compensation_minor=5_000, due_at=NOON, **changes)
    parcel = Parcel("滚筒", "drum", "顺丰", "SF1")
    ticket = with_facts(plain, visit=visit, parcel=parcel, parts_reserved="泵", compensation_kind="travel")
    ticket = replace(ticket, version=2)
    with shop.desk.work() as uow:
        uow.tickets.save(ticket, seen_version=1)
    return ticket


def cancel_busy(shop: Shop, ticket: Ticket, **changes: Any) -> Any:
    """Cancels it with a supervisor's consent."""
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED), "approver": shop.supervisor}
    return shop.cancel(ticket, Reason.SELF_RESOLVED, **(how | changes))
