"""Is this the customer? What may be asked, and whether the answer fits the ticket."""

from __future__ import annotations

import hmac
from enum import Enum

from store_desk.domain.ticket import Ticket

# A serial's tail must be this long to tell anything.
SERIAL_TAIL_MIN = 4
RECEIPT_TAIL_MIN = 4


class IdentityKind(Enum):
    """What the customer can be asked for."""

    PHONE_LAST4 = "phone_last4"
    ORDER_NUMBER = "order_number"
    SERIAL_TAIL = "serial_tail"
    RECEIPT = "receipt"
    MEMBER_CARD = "member_card"
    TEXT_CODE = "text_code"


AT_COUNTER = (IdentityKind.PHONE_LAST4, IdentityKind.RECEIPT, IdentityKind.MEMBER_CARD)
BY_PHONE = (IdentityKind.PHONE_LAST4, IdentityKind.ORDER_NUMBER, IdentityKind.SERIAL_TAIL)


def matches(ticket: Ticket, kind: IdentityKind, value: str) -> bool:
    """Whether the answer fits the ticket; what the ticket does not know never fits.

    A text code cannot fit here: it is checked against the code that was sent.
    """
    given = "".join(value.split()).upper()
    if not given:
        return False
    if kind is IdentityKind.PHONE_LAST4:
        digits = "".join(c for c in ticket.phone if c.isdigit())
        return len(digits) >= 4 and len(given) == 4 and hmac.compare_digest(given.encode(), digits[-4:].encode())
    if kind is IdentityKind.ORDER_NUMBER:
        return bool(ticket.order_number) and given == ticket.order_number.upper()
    if kind is IdentityKind.SERIAL_TAIL:
        return len(given) >= SERIAL_TAIL_MIN and ticket.serial.upper().endswith(given)
    if kind is IdentityKind.RECEIPT:
        known = [text.upper() for text in (ticket.facts.receipt, ticket.order_number) if text]
        return len(given) >= RECEIPT_TAIL_MIN and any(text.endswith(given) for text in known)
    if kind is IdentityKind.MEMBER_CARD:
        return bool(ticket.facts.member_card) and given == ticket.facts.member_card.upper()
    return False


def possible(ticket: Ticket, kinds: tuple[IdentityKind, ...]) -> tuple[IdentityKind, ...]:
    """Those of the kinds that this ticket can answer at all."""
    known = {
        IdentityKind.PHONE_LAST4: sum(c.isdigit() for c in ticket.phone) >= 4,
        IdentityKind.ORDER_NUMBER: bool(ticket.order_number),
        IdentityKind.SERIAL_TAIL: len(ticket.serial) >= SERIAL_TAIL_MIN,
        IdentityKind.RECEIPT: bool(ticket.facts.receipt or ticket.order_number),
        IdentityKind.MEMBER_CARD: bool(ticket.facts.member_card),
        IdentityKind.TEXT_CODE: False,
    }
    return tuple(kind for kind in kinds if known[kind])
