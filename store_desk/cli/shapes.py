"""The JSON of the command line: its names are a contract and are never changed, only added to."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo

from store_desk.domain.case import CancellationCase
from store_desk.domain.journal import Entry
from store_desk.domain.obligations import Obligation
from store_desk.domain.reasons import EvidenceField
from store_desk.domain.slip import SlipStatus
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.staff import Staff, is_locked
from store_desk.domain.ticket import mask_phone
from store_desk.services.look_up import TicketLine
from store_desk.services.ports import SlipRow

Json = dict[str, object]


def moment(value: datetime | None, zone: tzinfo) -> str | None:
    """ISO 8601 with the offset of the store's zone, in whole seconds."""
    return value.astimezone(zone).isoformat(timespec="seconds") if value else None


def ticket_json(line: TicketLine, zone: tzinfo) -> Json:
    """A ticket with what is derived of it; the telephone is masked."""
    ticket = line.ticket
    return {
        "number": ticket.number,
        "order_number": ticket.order_number,
        "store": ticket.store,
        "customer": ticket.customer,
        "phone": mask_phone(ticket.phone),
        "serial": ticket.serial,
        "product": ticket.product,
        "brand": ticket.brand,
        "category": ticket.category,
        "problem_type": ticket.problem_type,
        "description": ticket.description,
        "type": ticket.type.value,
        "review": ticket.review.value,
        "work": ticket.work.value,
        "level": line.level,
        "status": line.status.value,
        "settled": line.settled,
        "amount_minor": ticket.amount_minor,
        "compensation_minor": ticket.compensation_minor,
        "currency": ticket.currency,
        "created_at": moment(ticket.created_at, zone),
        "updated_at": moment(ticket.updated_at, zone),
        "source_key": ticket.source_key,
        "id": ticket.id,
        "source": ticket.source,
        "assignee": ticket.assignee,
        "due_at": moment(ticket.due_at, zone),
        "closed_at": moment(ticket.closed_at, zone),
        "reopens": ticket.facts.reopens,
        "recreated_from": ticket.facts.recreated_from,
        "survivor": ticket.facts.survivor,
        "cancel_words": ticket.facts.cancel_words,
    }


def case_json(case: CancellationCase, zone: tzinfo) -> Json:
    """A case without its strokes, which are personal data and belong on the slip."""
    consent = case.consent
    return {
        "id": case.id,
        "state": case.state.value,
        "reason": case.reason.value,
        "level": case.level,
        "channel": case.channel.value,
        "origin": case.origin.value,
        "opened_at": moment(case.opened_at, zone),
        "applied_at": moment(case.applied_at, zone),
        "decided_at": moment(case.decided_at, zone),
        "decided_by": case.decided_by,
        "ended_at": moment(case.ended_at, zone),
        "requester": case.requester,
        "approver": case.approver,
        "because": list(case.approved_because),
        "note": case.note,
        "evidence": dict(case.evidence),
        "identity": list(case.identity),
        "consent": consent.grade.value if consent else "",
        "linked_ticket": case.linked_ticket,
        "conditions_version": case.conditions_version,
    }


def obligation_json(item: Obligation, zone: tzinfo, *, text: str) -> Json:
    """What is owed under a case; `text` is its kind in words."""
    return {
        "id": item.id,
        "case": item.case_id,
        "kind": item.kind.value,
        "text": text,
        "owner": item.owner,
        "state": item.state.value,
        "due_at": moment(item.due_at, zone),
        "amount_minor": item.amount_minor,
        "result": item.result,
        "closed_at": moment(item.closed_at, zone),
    }


def slip_json(row: SlipRow, *, file: str = "") -> Json:
    """A written slip; `file` is where its PDF was written to, empty when there is none."""
    status: SlipStatus = slip_from_json(row.body).status
    return {
        "number": row.number,
        "status": status.value.upper(),
        "file": file,
        "variant": row.variant.value,
        "reprint": row.reprints,
        "printed": row.printed_n,
        "owed": row.owed,
    }


def entry_json(entry: Entry, zone: tzinfo) -> Json:
    """One entry of the journal."""
    at = datetime.fromtimestamp(entry.at_ms / 1000, tz=zone)
    return {
        "n": entry.n,
        "at": moment(at, zone),
        "actor": entry.actor,
        "what": entry.what,
        "subject": entry.subject,
        "facts": json.loads(entry.facts or "{}"),
    }


def staff_json(person: Staff, *, now: datetime, zone: tzinfo) -> Json:
    """A person; neither PIN nor its hash is ever shown."""
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role.value,
        "enabled": person.enabled,
        "locked": is_locked(person, now=now),
        "locked_until": moment(person.locked_until, zone) if is_locked(person, now=now) else None,
        "must_change_pin": person.pin_is_first,
    }


def field_json(item: EvidenceField) -> Json:
    """What a reason asks for in one field."""
    return {
        "name": item.name,
        "kind": item.kind.value,
        "choices": list(item.choices),
        "required": item.required,
        "at_least": item.at_least,
    }
