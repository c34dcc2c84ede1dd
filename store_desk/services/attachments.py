"""Files of a ticket: taken in with their hash, listed, and given out only as they were taken in."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from store_desk.domain.attachments import HEAD_BYTES, Attachment, AttachmentKind, kind_of, safe_name
from store_desk.domain.errors import AttachmentMissing, AttachmentUnsuitable, FileTooLarge, TicketNotFound
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import policy_in_force

MIB = 1024 * 1024


def attach(
    desk: Desk,
    actor: Actor,
    *,
    ticket_id: str,
    name: str,
    content: bytes,
    kind: AttachmentKind | None = None,
    case_id: str = "",
) -> Attachment:
    """Keeps the file with the ticket and answers its row; the same file twice is kept once.

    Raises FileTooLarge beyond `policy.attachment_max_mib`, AttachmentUnsuitable for what is no photo, recording or PDF
    or not of the `kind` that was said, TicketNotFound.
    """
    demand(actor, Right.ATTACH)
    shown = safe_name(name)
    found = kind_of(content[:HEAD_BYTES])
    if found is None or kind not in (None, found):
        raise AttachmentUnsuitable(file=shown)
    digest = hashlib.sha256(content).hexdigest()
    now = desk.clock()
    with desk.work() as uow:
        limit = policy_in_force(uow).attachment_max_mib
        if len(content) > limit * MIB:
            raise FileTooLarge(file=shown, limit=limit)
        if uow.tickets.get(ticket_id) is None:
            raise TicketNotFound(number=ticket_id)
        same = next((one for one in uow.attachments.of_ticket(ticket_id) if one.hash == digest), None)
        if same is not None:
            return same
        made = Attachment(desk.new_id(), ticket_id, case_id, shown, found, digest, len(content), now, actor.id)
        uow.attachments.add(made, content)
        facts: dict[str, object] = {"file": shown, "kind": found.value, "sha256": digest, "size": len(content)}
        uow.journal.write(at=now, actor=actor.id, what="file_attached", subject=ticket_id, facts=facts)
    return made


def list_attachments(desk: Desk, actor: Actor, *, ticket_id: str) -> tuple[Attachment, ...]:
    """The ticket's files, oldest first."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        return tuple(uow.attachments.of_ticket(ticket_id))


def read_attachment(desk: Desk, actor: Actor, *, attachment_id: str) -> tuple[Attachment, bytes]:
    """The file as it was taken in; raises AttachmentMissing when it is not here or its hash does not hold."""
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        found = uow.attachments.get(attachment_id)
        if found is None:
            raise AttachmentMissing(name=attachment_id)
        return found, content_of(uow, found)


def content_of(uow: UnitOfWork, attachment: Attachment) -> bytes:
    """The content, checked against its hash; raises AttachmentMissing."""
    content = uow.attachments.content(attachment.hash)
    if content is None or hashlib.sha256(content).hexdigest() != attachment.hash:
        raise AttachmentMissing(name=attachment.name)
    return content


def hand_on(desk: Desk, uow: UnitOfWork, *, from_ticket: str, to_ticket: str) -> int:
    """Gives a linked ticket the files of the one before it, in the caller's transaction; answers how many."""
    there = {one.hash for one in uow.attachments.of_ticket(to_ticket)}
    handed = 0
    for one in uow.attachments.of_ticket(from_ticket):
        if one.hash not in there:
            uow.attachments.add_same(replace(one, id=desk.new_id(), ticket_id=to_ticket, case_id=""))
            handed += 1
    return handed


def evidence_value(attachment: Attachment) -> str:
    """What stands on a slip for the file: its name and the whole hash, so that paper and file prove each other."""
    return f"{attachment.name} sha256:{attachment.hash}"
