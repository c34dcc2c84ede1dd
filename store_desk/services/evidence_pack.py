"""All that proves one ticket's cancellation, collected into named members for somebody outside the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum

from store_desk.domain.case import CancellationCase
from store_desk.domain.errors import NoProof
from store_desk.domain.handing_out import may_export_evidence
from store_desk.domain.journal import Entry
from store_desk.domain.proof import key_fingerprint
from store_desk.domain.roles import Right, has_right
from store_desk.domain.slip import Stroke
from store_desk.domain.slip_text import slip_from_json, strokes_hash
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import mask_phone
from store_desk.services.attachments import content_of
from store_desk.services.canonical import canonical_json
from store_desk.services.desk import Desk
from store_desk.services.look_up import ticket_of
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.slips import SlipToPrint
from store_desk.words import say

FORMAT = "store-desk-evidence-1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
# More happens to no ticket; the newest are given.
ENTRIES_MAX = 10_000
SVG_WIDTH = 1_000

# Draws and signs a slip as the file that the pack holds; called outside any transaction.
SlipFile = Callable[[SlipToPrint], bytes]


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """The members of a pack by name, manifest and signature among them."""

    ticket: str
    members: dict[str, bytes]


def collect_evidence(desk: Desk, actor: Actor, *, number: str, slip_file: SlipFile) -> EvidencePack:
    """Everything about the ticket, with a manifest that the desk's key has signed; journalled.

    `number` is the ticket's. The same ticket, time and slip files give the same members. Raises RightMissing unless
    the person may export this ticket's pack (`may_export_evidence`), TicketNotFound, AttachmentMissing, or NoProof at a
    desk without a signing key.
    """
    demand(actor, Right.LOOK_UP)
    if desk.signer is None:
        raise NoProof()
    now = desk.clock()
    with desk.read() as uow:
        ticket = ticket_of(uow, number)
        if not any(may_export_evidence(actor, case) for case in uow.cases.of_ticket(ticket.id)):
            demand(actor, Right.EVIDENCE)
        members, rows = _kept(desk, uow, ticket_id=ticket.id)
        head = uow.journal.head()
    for row in rows:
        # A file like any other: what has been handed over before is marked, so that no second original goes round.
        reprint = row.reprints + 1 if row.printed_n else 0
        members[f"slips/{row.number}.pdf"] = slip_file(SlipToPrint(row, slip_from_json(row.body), reprint))
    for lang in ("zh", "en"):
        text = say(
            "zh" if lang == "zh" else "en",
            "evidence.readme",
            ticket=ticket.number,
            store=f"{desk.identity.store_name} {desk.identity.store_code}{desk.identity.desk}",
            at=now.astimezone(desk.zone).isoformat(timespec="seconds"),
            fingerprint=key_fingerprint(desk.signer.public_key),
        )
        members[f"README.{lang}.txt"] = f"{text}\n".encode()
    manifest = _manifest(desk, members, ticket=ticket.number, now=now, chain={"entries": head.n, "hash": head.hash})
    members[MANIFEST] = manifest
    members[SIGNATURE] = desk.signer.sign(manifest).hex().encode()
    with desk.work() as uow:
        for row in rows:
            if row.printed_n:
                uow.slips.save(replace(row, reprints=row.reprints + 1))
        facts: dict[str, object] = {"members": len(members), "sha256": hashlib.sha256(manifest).hexdigest()}
        if not has_right(actor.role, Right.EVIDENCE):
            facts["because"] = "own_case"
        uow.journal.write(at=now, actor=actor.id, what="evidence_exported", subject=ticket.id, facts=facts)
    return EvidencePack(ticket.number, members)


def _kept(desk: Desk, uow: UnitOfWork, *, ticket_id: str) -> tuple[dict[str, bytes], list[SlipRow]]:
    """What the database holds about the ticket, as members, and its slips in their order."""
    ticket = uow.tickets.get(ticket_id)
    cases = list(reversed(uow.cases.of_ticket(ticket_id)))
    rows = sorted(uow.slips.of_ticket(ticket_id), key=lambda row: (row.made_at, row.number))
    members: dict[str, bytes] = {}
    if ticket is not None:
        members["ticket.json"] = _json(_plain(asdict(ticket)) | {"phone": mask_phone(ticket.phone)})
    for row in rows:
        # The very text that was hashed into the desk's chain, not one written again.
        members[f"slips/{row.number}.json"] = row.body.encode("utf-8", "surrogatepass")
    members["slips/chain.json"] = _json(
        [{"number": row.number, "sha256": row.hash, "printed": row.printed_n, "reprints": row.reprints} for row in rows]
    )
    for place, case in enumerate(cases, 1):
        members |= _case_members(uow, case, f"cases/{place:02d}")
    members |= _attached(uow, ticket_id)
    entries = list(reversed(uow.journal.about(ticket_id, limit=ENTRIES_MAX)))
    members["journal.json"] = _json([_entry(entry) for entry in entries])
    return members, rows


def _case_members(uow: UnitOfWork, case: CancellationCase, folder: str) -> dict[str, bytes]:
    shown = _plain(asdict(case))
    shown["strokes"] = strokes_hash(case.strokes)
    shown["obligations"] = [_plain(asdict(one)) for one in uow.obligations.of_case(case.id)]
    shown["notices"] = [_plain(asdict(one)) for one in uow.notices.of_case(case.id)]
    # Both languages in one text, as it was hashed for the slip and read to the customer.
    read_back = f"{case.read_back_zh}\n{case.read_back_en}".encode()
    shown["read_back_sha256"] = hashlib.sha256(read_back).hexdigest()
    made = {f"{folder}/case.json": _json(shown), f"{folder}/read_back.txt": read_back}
    if case.strokes:
        made[f"{folder}/strokes.json"] = _json(case.strokes)
        made[f"{folder}/strokes.svg"] = strokes_svg(case.strokes)
    return made


def _attached(uow: UnitOfWork, ticket_id: str) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    listed = []
    for one in uow.attachments.of_ticket(ticket_id):
        name = f"attachments/{one.hash[:16]}-{one.name}"
        members[name] = content_of(uow, one)
        listed.append(_plain(asdict(one)) | {"member": name})
    return members | ({"attachments.json": _json(listed)} if listed else {})


def _entry(entry: Entry) -> dict[str, object]:
    return asdict(entry)


def strokes_svg(strokes: tuple[Stroke, ...]) -> bytes:
    """The signature as a drawing that every browser opens."""
    height = max((point[1] for stroke in strokes for point in stroke), default=0.0) * SVG_WIDTH + 10
    lines = []
    for stroke in strokes:
        points = " ".join(f"{x * SVG_WIDTH:.1f},{y * SVG_WIDTH:.1f}" for x, y, _, _ in stroke)
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="#1d2f8f" stroke-width="4"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SVG_WIDTH} {height:.1f}">'
    return "\n".join([head, *lines, "</svg>", ""]).encode()


def _manifest(desk: Desk, members: dict[str, bytes], *, ticket: str, now: datetime, chain: dict[str, object]) -> bytes:
    identity = desk.identity
    return _json(
        {
            "format": FORMAT,
            "ticket": ticket,
            "store": identity.store_code,
            "desk": identity.desk,
            "made_at": now.isoformat(),
            "key": desk.signer.public_key.hex() if desk.signer else "",
            "journal": chain,
            "demo": identity.demo,
            "members": {
                name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
                for name, content in members.items()
            },
        }
    )


def _json(value: object) -> bytes:
    return canonical_json(value).encode("utf-8", "surrogatepass")


def _plain(value: dict[str, object]) -> dict[str, object]:
    """The fields as JSON can hold them: codes for enums, ISO for times."""
    return {name: _plain_value(part) for name, part in value.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(_plain_value(name)): _plain_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(part) for part in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
