"""Taking head office's answers: each once, in order, proved by its chain, and what they change at this desk.

While operations of this desk wait for an answer on a ticket, head office's record of it is kept in the mirror. With the
last answer the newest record takes the place of what was shown here meanwhile (sync design, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.authority import QUIET_RESULTS, Result
from store_desk.domain.case import OPEN_STATES, CancellationCase, CaseState
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.services.desk import Desk
from store_desk.services.enrolment import desk_label
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    next_answer_chain,
    record_from_body,
)
from store_desk.services.office_ports import Delivery, DeliveryState, MirrorRow
from store_desk.services.outcomes import apply_fed_outcome, apply_outcome
from store_desk.services.ports import UnitOfWork
from store_desk.services.sync_view import mark_decided


class CopyFound(Exception):
    """This desk's database is an older copy of one that went on; it needs a new incarnation."""

    def __init__(self, inc: int) -> None:
        super().__init__(f"incarnation {inc}")
        self.inc = inc


class AnswersDiverged(Exception):
    """Head office's answers do not follow on those taken before: it was restored."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a run of answers did: how many were taken, those that differ from what was expected, operations not here.

    `unknown` are answers to operations that this desk does not have: it was restored from an older copy.
    """

    taken: int
    differing: int
    unknown: int
    cases: tuple[str, ...]


def take_answers(desk: Desk, uow: UnitOfWork, answers: Iterable[Answer], *, now: datetime) -> Settled:
    """Takes answers in the order of their numbers, in the caller's transaction; those taken before are passed over.

    A number that is missing ends the run without an error: it comes with the next question. Raises CopyFound and
    AnswersDiverged; then nothing of the transaction may be kept.
    """
    positions = {position.inc: position for position in uow.positions.answers()}
    moved: dict[int, AnswerPosition] = {}
    taken = differing = unknown = 0
    cases: list[str] = []
    for answer in sorted(answers, key=lambda item: (item.inc, item.n)):
        if answer.clone:
            raise CopyFound(answer.inc)
        at = positions.get(answer.inc) or AnswerPosition(answer.inc, 0, GENESIS)
        if answer.n <= at.settled:
            continue
        if answer.n > at.settled + 1:
            break
        chain = next_answer_chain(at.chain, op_id=answer.id, result=answer.result, version=answer.version)
        if chain != answer.chain:
            raise AnswersDiverged
        positions[answer.inc] = moved[answer.inc] = AnswerPosition(answer.inc, answer.n, chain)
        delivery = uow.deliveries.get(answer.id)
        taken += 1
        if delivery is None:
            unknown += 1
            continue
        differing += answer.result not in QUIET_RESULTS
        settle(desk, uow, delivery, answer, now=now)
        if delivery.envelope.case_id:
            cases.append(delivery.envelope.case_id)
    for position in moved.values():
        uow.positions.put_answers(position)
    return Settled(taken, differing, unknown, tuple(cases))


def note_answer(uow: UnitOfWork, delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """Keeps an answer with its operation; one that says something new is to be looked at anew."""
    said = delivery.answer
    same = said is not None and said.result is answer.result
    uow.deliveries.save(
        replace(
            delivery,
            state=DeliveryState.ANSWERED,
            answer=replace(answer, body=None),
            answered_at=delivery.answered_at if same else now,
            handled_at=delivery.handled_at if same else None,
            handled_by=delivery.handled_by if same else "",
            handled_how=delivery.handled_how if same else "",
        )
    )


def settle(desk: Desk, uow: UnitOfWork, delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """Records the answer of one operation and, with the last one of its ticket, what head office has."""
    note_answer(uow, delivery, answer, now=now)
    ticket_id = delivery.envelope.ticket_id
    row = known = uow.mirror.get(ticket_id)
    if answer.body is not None and answer.version is not None and (known is None or answer.version > known.version):
        row = MirrorRow(ticket_id, answer.version, answer.body)
    if uow.deliveries.unanswered_of(ticket_id):
        if row is not None and row is not known:
            uow.mirror.put(row)
        return
    if row is not None:
        absorb(desk, uow, record_from_body(row.body), now=now)
    if known is not None:
        uow.mirror.drop(ticket_id)


def absorb(
    desk: Desk,
    uow: UnitOfWork,
    record: TicketRecord,
    *,
    now: datetime,
    known: bool = True,
) -> None:
    """Writes the authority's record over what is shown here, and lets the outcomes of this desk's own cases follow.

    `known` tells that head office has it; what a desk itself decides leaves that as it is.
    """
    before = uow.records.case_states(record.ticket.id)
    mine = desk_label(desk)
    forgotten = before.keys() - {item.case.id for item in record.cases}
    lost = _end_forgotten(uow, record, label=mine, now=now) if forgotten else ()
    uow.records.put(record, known=known)
    for item in (*record.cases, *lost):
        was = before.get(item.case.id)
        if was is None or was is item.case.state or not (item.desk == mine or _made_here(uow, item)):
            continue
        if was is CaseState.PENDING_APPROVAL:
            mark_decided(uow, ticket_id=record.ticket.id, case_id=item.case.id, by=item.case.decided_by, now=now)
        said = _answer_that_decided(uow, item)
        if said is not None and was is not CaseState.WITHDRAWN:
            apply_outcome(desk, uow, before=was, case=item, ticket=record.ticket, answer=said, now=now)
        else:
            apply_fed_outcome(desk, uow, before=was, record=record, case=item, now=now)


# What the answer to a cancellation makes of its case, where nothing else has been decided since.
_DECIDED = {
    Result.ACCEPTED: CaseState.CONFIRMED,
    Result.ACCEPTED_WITH_CONDITIONS: CaseState.CONFIRMED_WITH_CONDITIONS,
    Result.ALREADY_CANCELLED: CaseState.SUPERSEDED,
    Result.NEEDS_APPROVAL: CaseState.PENDING_APPROVAL,
}


def _answer_that_decided(uow: UnitOfWork, item: CaseRecord) -> Answer | None:
    """The answer to the case's own cancellation, if the case stands as that answer left it."""
    if item.case.decided_why:
        # A person has decided since, with a reason.
        return None
    said = _answer_to(uow, item.case)
    if said is None or said.result is Result.ALREADY_OVER:
        return None
    return said if _DECIDED.get(said.result, CaseState.REFUSED) is item.case.state else None


def _made_here(uow: UnitOfWork, item: CaseRecord) -> bool:
    """Whether a case that head office has not told of was made at this desk: its papers are here."""
    if item.desk:
        return False
    return any(row.case_id == item.case.id for row in uow.slips.of_ticket(item.case.ticket_id))


def signed_off(uow: UnitOfWork, record: TicketRecord, *, label: str) -> TicketRecord:
    """The record with this desk's name and first slip on the cases that were made here."""
    cases = []
    for item in record.cases:
        if _made_here(uow, item):
            rows = [row for row in uow.slips.of_ticket(item.case.ticket_id) if row.case_id == item.case.id]
            item = replace(item, desk=label, slip=rows[-1].number)
        cases.append(item)
    return replace(record, cases=tuple(cases))


def _end_forgotten(uow: UnitOfWork, record: TicketRecord, *, label: str, now: datetime) -> tuple[CaseRecord, ...]:
    """Ends cases that are open here and of which the authority does not tell; answers those that were made here.

    It refused them without keeping them, or a restored head office has lost them. Of this desk's own each ends as the
    answer to its cancellation says; the desk that made another one offers it again, and it comes back decided.
    """
    ended: list[CaseRecord] = []
    current = uow.records.get(record.ticket.id)
    taken = any(item.case.state in OPEN_STATES for item in record.cases)
    for item in current.cases if current else ():
        case = uow.cases.get(item.case.id)
        if record.case(item.case.id) is not None or case is None or case.state not in OPEN_STATES:
            continue
        state = CaseState.SUPERSEDED
        own = item.desk == label or _made_here(uow, item)
        said = _answer_to(uow, case) if own else None
        if said is not None:
            state = _DECIDED.get(said.result, CaseState.REFUSED)
        if state in OPEN_STATES and taken:
            state = CaseState.SUPERSEDED
        after: CancellationCase = replace(case, state=state, decided_at=now, decided_by="head_office")
        uow.cases.save(after)
        if own:
            ended.append(replace(item, case=after, desk=label))
    return tuple(ended)


def _answer_to(uow: UnitOfWork, case: CancellationCase) -> Answer | None:
    """The latest answer to the operation that asked for this cancellation."""
    for other in uow.deliveries.of_ticket(case.ticket_id):
        if other.envelope.kind == "cancel" and other.envelope.case_id == case.id:
            return other.answer
    return None
