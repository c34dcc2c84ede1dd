"""One operation at head office is one transaction: known or new, decided, numbered, answered; the answer never changes.

The steps are H1 to H5 of the sync design, section 3. Every recorded operation on a ticket, refusals too, becomes a
change of its store, so that all desks of the store and head office see the same cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from store_desk.domain import authority, decisions
from store_desk.domain.authority import Result, Rules, Ruling
from store_desk.domain.conditions import SHIPPED
from store_desk.domain.policy import Policy
from store_desk.domain.record import TicketRecord
from store_desk.domain.roles import Role
from store_desk.hub.ports import DeskRow, HubUnit, KnownOperation
from store_desk.services import payloads
from store_desk.services.canonical import canonical_json
from store_desk.services.codec import from_ms, to_ms
from store_desk.services.conforming import UNKEEPABLE
from store_desk.services.messages import (
    KINDS,
    Answer,
    Change,
    Envelope,
    PushReply,
    digest_of,
    next_answer_chain,
    record_to_body,
)
from store_desk.services.payloads import Unreadable
from store_desk.services.rules import conditions_from_json, policy_from_json

# A desk's clock that differs by more than this is not believed for rules that depend on time.
SKEW_MAX = timedelta(days=400)


class Stop(Exception):
    """The batch ends here and nothing of this operation is stored; `why` is gap, fork, upgrade, epoch or unknown."""

    def __init__(self, why: str, have: int) -> None:
        super().__init__(why)
        self.why = why
        self.have = have


@dataclass(frozen=True, slots=True)
class Office:
    """What applying needs beside the transaction: the clock and new ids."""

    clock: Callable[[], datetime]
    new_id: Callable[[], str]


def apply_operation(
    unit: HubUnit, office: Office, *, desk_id: str, envelope: Envelope, epoch: str = "", insist: bool = False
) -> Answer:
    """Decides one operation, or repeats the answer it was given; raises Stop where the desk must do something first.

    `epoch` is the history that the desk knows ('': any). A ticket that head office does not know is offered first;
    with `insist` that was tried in vain, and the operation is refused.
    """
    if epoch and epoch != unit.epoch:
        raise Stop("epoch", 0)
    desk = unit.lock_desk(desk_id, envelope.inc)
    if desk is None:
        raise Stop("fork", 0)
    known = unit.operation(envelope.id)
    if known is not None:
        return _repeat(unit, desk, envelope, known)
    if envelope.n > desk.last_n + 1:
        raise Stop("gap", desk.last_n)
    if envelope.n <= desk.last_n:
        raise Stop("fork", desk.last_n)
    if envelope.kind not in KINDS:
        raise Stop("upgrade", desk.last_n)
    now = office.clock()
    record, ruling = _rule(unit, office, desk, envelope, now=now, insist=insist)
    change = _write(unit, envelope, ruling, now=now)
    facts = canonical_json(dict(ruling.facts))
    answer = Answer(
        id=envelope.id,
        inc=envelope.inc,
        n=envelope.n,
        result=ruling.result,
        chain=b"",
        version=change.version if change else (record.ticket.version if record else None),
        store=change.store if change else "",
        seq=change.seq if change else None,
        body=change.body if change else (record_to_body(record) if record else None),
        facts=facts,
        at_ms=to_ms(now),
    )
    answer = _number(unit, desk, answer)
    unit.add_operation(
        KnownOperation(envelope.id, envelope.digest, desk_id, answer),
        kind=envelope.kind,
        ticket_id=envelope.ticket_id,
        payload=UNKEEPABLE.sub("\ufffd", envelope.payload),
        at=now,
    )
    return answer


def apply_batch(
    one: Callable[[Envelope], Answer], envelopes: tuple[Envelope, ...], *, epoch: str, have: int, now_ms: int
) -> PushReply:
    """Applies a batch in order and stops at the first operation that cannot be taken; `one` is a transaction each."""
    answers: list[Answer] = []
    for envelope in envelopes:
        try:
            answer = one(envelope)
        except Stop as stop:
            return PushReply(epoch, tuple(answers), stop.why, stop.have, now_ms)
        answers.append(answer)
        have = max(have, answer.n)
    return PushReply(epoch, tuple(answers), "", have, now_ms)


def _repeat(unit: HubUnit, desk: DeskRow, envelope: Envelope, known: KnownOperation) -> Answer:
    """The stored answer, under the number that the operation bears now (H2, H3')."""
    first = known.answer
    if known.digest != envelope.digest:
        first = replace(first, result=Result.REFUSED_KEY_REUSE, body=None, version=None, seq=None, facts="{}")
    here = replace(first, inc=envelope.inc, n=envelope.n)
    if envelope.n == desk.last_n + 1:
        return _number(unit, desk, here)
    at = unit.answer_at(desk.desk_id, envelope.inc, envelope.n)
    if at is None:
        raise Stop("gap", desk.last_n)
    if at.id != envelope.id:
        return replace(here, clone=True, chain=b"")
    if first.result is Result.REFUSED_KEY_REUSE:
        return replace(here, chain=b"")
    return replace(at, body=first.body if at.body is None else at.body)


def _number(unit: HubUnit, desk: DeskRow, answer: Answer) -> Answer:
    """Gives the answer its link of the desk's answer chain and records it."""
    chain = next_answer_chain(desk.chain, op_id=answer.id, result=answer.result, version=answer.version)
    numbered = replace(answer, chain=chain)
    unit.add_answer(desk.desk_id, numbered)
    unit.save_desk(replace(desk, last_n=answer.n, chain=chain))
    return numbered


def _rule(
    unit: HubUnit, office: Office, desk: DeskRow, envelope: Envelope, *, now: datetime, insist: bool
) -> tuple[TicketRecord | None, Ruling]:
    """The record as it was, locked, and the decision on it."""
    if not _is_signed_text(envelope):
        return None, Ruling(Result.REFUSED_UNREADABLE)
    found = unit.lock_record(envelope.ticket_id)
    if found is None and envelope.kind != "ticket" and not insist:
        raise Stop("unknown", desk.last_n)
    record = found[0] if found else None
    store = found[1] if found else desk.store
    if desk.revoked or not _may_act(unit, desk, envelope):
        return record, Ruling(Result.REFUSED_RIGHT)
    if store not in desk.scope or (record is None and envelope.kind != "ticket"):
        return None, Ruling(Result.REFUSED_SCOPE)
    try:
        return record, _decide(unit, office, desk, envelope, record, store, now=now)
    except Unreadable:
        return record, Ruling(Result.REFUSED_UNREADABLE)


def _is_signed_text(envelope: Envelope) -> bool:
    """Whether the payload is the text whose digest was signed; halves of surrogate pairs have no bytes to be signed."""
    try:
        return digest_of(envelope.payload) == envelope.digest
    except UnicodeEncodeError:
        return False


def _may_act(unit: HubUnit, desk: DeskRow, envelope: Envelope) -> bool:
    """Only a person that head office has disabled may not; one it does not know is vouched for by the desk."""
    person = unit.person(desk.store, envelope.actor)
    return person is None or person.enabled


def _role_of(unit: HubUnit, desk: DeskRow, person_id: str, said: Role | None) -> Role:
    """The role that head office knows; a desk's word only for people whom head office does not know.

    Somebody whom head office has disabled decides nothing any more.
    """
    person = unit.person(desk.store, person_id)
    if person is not None:
        return person.role if person.enabled else Role.CLERK
    if said is Role.HEAD_OFFICE and desk.role != "head_office":
        return Role.CLERK
    return said or Role.CLERK


def _decide(
    unit: HubUnit,
    office: Office,
    desk: DeskRow,
    envelope: Envelope,
    record: TicketRecord | None,
    store: str,
    *,
    now: datetime,
) -> Ruling:
    rules = rules_for(unit, store)
    when = _when(envelope, now=now)
    if envelope.kind == "ticket":
        ticket = payloads.ticket_from_payload(envelope.payload)
        if ticket.id != envelope.ticket_id or ticket.store not in desk.scope:
            return Ruling(Result.REFUSED_SCOPE)
        return decisions.rule_on_new_ticket(record, ticket)
    if record is None:
        return Ruling(Result.REFUSED_SCOPE)
    if envelope.kind == "cancel":
        request = payloads.cancel_from_payload(envelope.payload)
        if request.case.ticket_id != envelope.ticket_id or request.case.id != envelope.case_id:
            return Ruling(Result.REFUSED_UNREADABLE)
        # It was applied when its operation was made, by head office's clock; what a payload claims is not believed.
        case = replace(request.case, applied_at=when) if request.case.applied_at else request.case
        request = replace(
            request,
            case=case,
            requester_role=_role_of(unit, desk, case.requester, request.requester_role),
            approver_role=_role_of(unit, desk, case.approver, request.approver_role) if case.approver else None,
        )
        return authority.rule_on_cancel(record, request, rules=rules, now=when, new_id=office.new_id)
    if envelope.kind == "move":
        step = payloads.move_from_payload(envelope.payload)
        return decisions.rule_on_move(record, review=step.review, work=step.work, assignee=step.assignee, now=now)
    return _decide_case(unit, office, desk, envelope, record, rules, now=now, when=when)


def _decide_case(
    unit: HubUnit,
    office: Office,
    desk: DeskRow,
    envelope: Envelope,
    record: TicketRecord,
    rules: Rules,
    *,
    now: datetime,
    when: datetime,
) -> Ruling:
    said = payloads.decision_from_payload(envelope.payload)
    role = _role_of(unit, desk, said.person, said.role)
    if envelope.kind == "withdraw":
        return decisions.rule_on_withdraw(record, said.case_id, rules=rules, now=when, by=said.person)
    if envelope.kind == "approve":
        return decisions.rule_on_approval(
            record,
            said.case_id,
            approver=said.person,
            role=role,
            requester_role=said.requester_role or Role.CLERK,
            rules=rules,
            now=now,
            new_id=office.new_id,
        )
    if envelope.kind == "decline":
        return decisions.rule_on_decline(record, said.case_id, approver=said.person, role=role, why=said.why, now=now)
    if envelope.kind == "ask":
        return decisions.rule_on_asking(record, said.case_id, why=said.why)
    return decisions.rule_on_overruling(
        record, said.case_id, confirm=said.confirm, by=said.person, role=role, why=said.why, now=now
    )


def _when(envelope: Envelope, *, now: datetime) -> datetime:
    """When the customer stood at the counter, by head office's clock: never later than now (sync design, section 8)."""
    if envelope.offset_ms is None:
        return now
    try:
        told = from_ms(envelope.at_ms) + timedelta(milliseconds=envelope.offset_ms)
    except OverflowError:
        return now
    return min(now, told) if now - told < SKEW_MAX else now


def rules_for(unit: HubUnit, store: str) -> Rules:
    """The rules published by head office, in the store's time zone; the shipped ones before anything was."""
    conditions = unit.rules_text("conditions")
    policy = unit.rules_text("policy")
    return Rules(
        policy_from_json(policy) if policy else Policy(),
        conditions_from_json(conditions) if conditions else SHIPPED,
        ZoneInfo(unit.store_zone(store)),
    )


def _write(unit: HubUnit, envelope: Envelope, ruling: Ruling, *, now: datetime) -> Change | None:
    """Stores what the decision changed, the store's number last; answers the change that desks will be told of."""
    record = ruling.record
    if record is None:
        return None
    body = record_to_body(record)
    ticket = record.ticket
    change = unit.append_change(
        ticket.store,
        kind="put",
        ticket_id=ticket.id,
        version=ticket.version,
        body=body,
        op_id=envelope.id,
        at=now,
    )
    unit.put_record(record, body=body, seq=change.seq)
    return change
