"""Which outcome an answer or the feed shows, and which one was told last: read here, made into papers elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState, status_of
from store_desk.domain.obligations import Obligation
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.ticket import Status
from store_desk.services.messages import Answer
from store_desk.services.outcomes_words import DECLINED, REFUSED_OTHER, is_refusal
from store_desk.services.payloads import Unreadable, cancel_from_payload
from store_desk.services.ports import UnitOfWork

CONFIRMED = "confirmed"
CONDITIONS = "conditions"
SUPERSEDED = "superseded"
REFUSED = "refused"
WAITS = "waits"
# How the journal calls a withdrawal.
TAKEN_BACK = "case_withdrawn"
# Not an outcome: the customer had taken the request back before its answer came.
WITHDRAWN = "withdrawn"

# What the journal calls an outcome that was told, and who speaks where no person decided.
TOLD = "outcome_told"
HEAD_OFFICE = "head_office"
# So far back in a ticket's journal it is looked for what was told last.
LOOKED_THROUGH = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome: its word, what tells it from others of the same word, and what is said of it.

    `added` are obligations that head office put to those which this desk had sent.
    """

    told: str
    detail: str = ""
    result: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    added: tuple[Obligation, ...] = ()


def answered(uow: UnitOfWork, case: CaseRecord, answer: Answer) -> Verdict | None:
    """The verdict of an answer to a cancellation; None for one that changes nothing."""
    result = answer.result
    facts: dict[str, object] = {"at_ms": answer.at_ms, **json.loads(answer.facts)}
    if result is Result.ACCEPTED:
        return Verdict(CONFIRMED, "", result.value, facts)
    if result is Result.ACCEPTED_WITH_CONDITIONS:
        return _conditions(uow, case, facts)
    if result is Result.ALREADY_CANCELLED:
        return Verdict(SUPERSEDED, str(facts.get("case", "")), result.value, facts)
    if result is Result.NEEDS_APPROVAL:
        return Verdict(WAITS, "", result.value, facts)
    return Verdict(REFUSED, result.value, result.value, facts) if is_refusal(result.value) else None


def fed(uow: UnitOfWork, record: TicketRecord, mine: CaseRecord) -> Verdict | None:
    """The verdict that a case's state in the feed shows; None while nothing is decided."""
    case = mine.case
    if case.state is CaseState.CONFIRMED:
        return Verdict(CONFIRMED, "", Result.ACCEPTED.value)
    if case.state is CaseState.CONFIRMED_WITH_CONDITIONS:
        return _conditions(uow, mine, {})
    if case.state is CaseState.SUPERSEDED and record.stands is not None:
        first = record.stands
        at = first.case.decided_at or first.case.applied_at or first.case.opened_at
        facts: dict[str, object] = {
            "case": first.case.id,
            "desk": first.desk,
            "slip": first.slip,
            "state": first.case.state.value,
            "at": at.isoformat(),
        }
        return Verdict(SUPERSEDED, first.case.id, Result.ALREADY_CANCELLED.value, facts)
    if case.state is CaseState.PENDING_APPROVAL:
        # New to nobody, unless something else was told before: head office was restored and decides again.
        return Verdict(WAITS, "", Result.NEEDS_APPROVAL.value)
    if case.state is not CaseState.REFUSED:
        return None
    status = status_of(record.ticket.review, record.ticket.work, case.state)
    by_person = case.decided_by not in ("", HEAD_OFFICE)
    if not by_person and status in (Status.DONE, Status.REJECTED):
        closed = record.ticket.closed_at
        over: dict[str, object] = {"state": status.value, "at": closed.isoformat() if closed else ""}
        return Verdict(REFUSED, Result.REFUSED_DONE.value, Result.REFUSED_DONE.value, over)
    if by_person:
        return Verdict(REFUSED, DECLINED, DECLINED, {"who": case.decided_by, "why": case.decided_why})
    return Verdict(REFUSED, REFUSED_OTHER, REFUSED_OTHER)


def _conditions(uow: UnitOfWork, case: CaseRecord, facts: dict[str, object]) -> Verdict:
    """What head office added and dropped: as its answer says, else as the obligations show that were sent to it."""
    sent = _sent(uow, case)
    known = set(str(facts.get("added", "")).split(","))
    added = tuple(
        item for item in case.obligations if (item.id not in sent if sent is not None else item.kind.value in known)
    )
    dropped = [item.kind.value for item in case.obligations if item.result == HEAD_OFFICE]
    said = {
        "added": ",".join(sorted({item.kind.value for item in added})),
        "dropped": ",".join(sorted(set(dropped))),
        "level": case.case.level or 0,
    }
    detail = f"+{said['added']}-{said['dropped']}@{said['level']}"
    result = Result.ACCEPTED_WITH_CONDITIONS.value
    return Verdict(CONDITIONS, detail, result, {**facts, **said}, added)


def _sent(uow: UnitOfWork, case: CaseRecord) -> frozenset[str] | None:
    """The ids of the obligations in the request that this desk sent, None where none was sent."""
    for delivery in uow.deliveries.of_ticket(case.case.ticket_id):
        if delivery.envelope.kind == "cancel" and delivery.envelope.case_id == case.case.id:
            try:
                request = cancel_from_payload(delivery.envelope.payload)
            except Unreadable:
                return None
            return frozenset(item.id for item in request.obligations)
    return None


def last_told(uow: UnitOfWork, ticket_id: str, case_id: str) -> tuple[str, str]:
    """The outcome of this case that was made into papers last, '' before any; a withdrawal since then goes before."""
    for entry in uow.journal.about(ticket_id, limit=LOOKED_THROUGH):
        if entry.what not in (TOLD, TAKEN_BACK):
            continue
        facts = json.loads(entry.facts)
        if facts.get("case") != case_id:
            continue
        return (WITHDRAWN, "") if entry.what == TAKEN_BACK else (str(facts["told"]), str(facts["detail"]))
    return "", ""
