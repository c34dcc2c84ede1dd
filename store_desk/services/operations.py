"""Recording what was done for head office: in the same transaction as the deed, signed, numbered without gaps."""

from __future__ import annotations

from datetime import datetime

from store_desk.domain.office_errors import SignerMissing
from store_desk.domain.staff import Actor
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, contact_of, enrolment_of
from store_desk.services.messages import Envelope, digest_of, record_to_body, signed_bytes
from store_desk.services.office_ports import Delivery, DeliveryState, MirrorRow
from store_desk.services.ports import Operation, UnitOfWork


def remember(uow: UnitOfWork, ticket_id: str) -> Enrolment | None:
    """Keeps head office's record of a ticket before this desk changes it; answers the enrolment.

    To be called before anything of the ticket is written. A row that is there already is older and truer, and while
    operations wait what is shown here is no longer head office's.
    """
    enrolment = enrolment_of(uow)
    if enrolment is None:
        return None
    if uow.mirror.get(ticket_id) is None and not uow.deliveries.unanswered_of(ticket_id):
        record = uow.records.get(ticket_id)
        if record is not None:
            uow.mirror.put(MirrorRow(ticket_id, record.ticket.version, record_to_body(record)))
    return enrolment


def record_operation(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    *,
    kind: str,
    ticket_id: str,
    case_id: str,
    payload: str,
    enrolment: Enrolment | None,
    now: datetime,
) -> str:
    """Writes the operation, and its way to head office where there is one; answers the operation's id.

    Raises SignerMissing when a desk with head office cannot sign.
    """
    op_id = desk.new_id()
    state = "pending" if enrolment else "accepted"
    uow.operations.add(Operation(op_id, kind, ticket_id, case_id, payload, actor.id, now, state))
    if enrolment is None:
        return op_id
    if desk.signer is None:
        raise SignerMissing()
    digest = digest_of(payload)
    signed = signed_bytes(op_id=op_id, kind=kind, ticket_id=ticket_id, actor=actor.id, digest=digest)
    envelope = Envelope(
        id=op_id,
        inc=enrolment.inc,
        n=uow.deliveries.next_n(enrolment.inc),
        kind=kind,
        ticket_id=ticket_id,
        case_id=case_id,
        payload=payload,
        digest=digest,
        signature=desk.signer.sign(signed),
        actor=actor.id,
        role=actor.role.value,
        at_ms=to_ms(now),
        offset_ms=contact_of(uow).offset_ms,
    )
    uow.deliveries.add(Delivery(envelope, DeliveryState.WAITING, now))
    return op_id
