"""People at a desk who do a day's work by chance: all reasons and levels, approvals, withdrawals, second thoughts.

They use the services that the window uses, and are refused as people are; a refusal is no trouble of the rehearsal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from store_desk.app.rehearsal import scenery
from store_desk.domain.case import OPEN_STATES, CancellationCase, CaseState
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.errors import ApprovalNeeded, DomainError
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import CATALOGUE, Reason, StartedBy
from store_desk.domain.record import TicketRecord
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services.approve import approve_case, ask_head_office, decline_case, overrule
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.desk import Desk
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case

if TYPE_CHECKING:
    from collections.abc import Sequence

# So many tickets draw people of all desks, so that they meet over the same one.
BUSY_TICKETS = 12
BUSY_SHARE = 0.35
_LOST = (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.SUPERSEDED)


class Clerks:
    """Everybody at one desk. `refused` counts the codes of refusals on the spot."""

    def __init__(self, desk: Desk, rng: Random, *, head_office: bool) -> None:
        self.desk = desk
        self.refused: Counter[str] = Counter()
        self._rng = rng
        self._head_office = head_office
        self._ids: Sequence[str] = ()

    def look_round(self) -> None:
        """Learns which tickets there are now."""
        with self.desk.read() as uow:
            ids = list(uow.records.known_ids())
            ids += [record.ticket.id for record in uow.records.unknown(limit=100)]
        self._ids = sorted(ids)

    def act(self) -> None:
        """One thing that one of them does, done or refused."""
        if not self._ids:
            return
        busy = self._rng.random() < BUSY_SHARE
        ticket_id = self._rng.choice(self._ids[:BUSY_TICKETS] if busy else self._ids)
        try:
            self._do(ticket_id)
        except DomainError as error:
            self.refused[error.code] += 1

    def decide_everything(self) -> int:
        """The evening: nothing stays waiting for approval that one of them may decide. Answers how many were."""
        decided = 0
        for ticket_id in self._ids:
            record = self._record(ticket_id)
            for item in record.cases if record else ():
                if item.case.state is CaseState.PENDING_APPROVAL:
                    try:
                        self._decide(item.case, approving=0.7)
                        decided += 1
                    except DomainError as error:
                        self.refused[error.code] += 1
        return decided

    def _record(self, ticket_id: str) -> TicketRecord | None:
        with self.desk.read() as uow:
            return uow.records.get(ticket_id)

    def _do(self, ticket_id: str) -> None:
        record = self._record(ticket_id)
        if record is None:
            return
        if self._head_office:
            self._look_over(record)
            return
        standing = record.stands.case if record.stands else None
        if standing is None:
            self._cancel(record.ticket)
        elif standing.state in _LOST:
            if standing.state is CaseState.REFUSED and self._rng.random() < 0.4:
                ask_head_office(self.desk, scenery.CLERK, case_id=standing.id, why="请总部再看一次")
            else:
                self._cancel(record.ticket)
        elif standing.state is CaseState.PENDING_APPROVAL:
            self._with_parked(standing)
        elif self._rng.random() < 0.5:
            withdraw_case(self.desk, scenery.CLERK, ticket_id=ticket_id)
        elif standing.state not in OPEN_STATES and self._rng.random() < 0.6:
            reopen_ticket(self.desk, scenery.CLERK, ticket_id=ticket_id, note="又出现同样的问题")
        else:
            self._cancel(record.ticket)

    def _with_parked(self, case: CancellationCase) -> None:
        if self._rng.random() < 0.25:
            withdraw_case(self.desk, scenery.CLERK, ticket_id=case.ticket_id)
        else:
            self._decide(case, approving=0.7)

    def _decide(self, case: CancellationCase, *, approving: float) -> None:
        approver = scenery.HEAD_OFFICE if self._head_office else self._other_than(case.requester)
        if self._rng.random() < approving:
            actor = scenery.HEAD_OFFICE if self._head_office else scenery.CLERK
            approve_case(self.desk, actor, case_id=case.id, approver=approver)
        else:
            decline_case(self.desk, case_id=case.id, approver=approver, why="技师已在路上")

    def _other_than(self, requester: str) -> Actor:
        fit = [one for one in (scenery.SUPERVISOR, scenery.MANAGER, scenery.MANAGER) if one.id != requester]
        return self._rng.choice(fit)

    def _look_over(self, record: TicketRecord) -> None:
        """Head office decides what was parked, and overrules what it was asked about, or now and then unasked."""
        for item in record.cases:
            if item.case.state is CaseState.PENDING_APPROVAL:
                self._decide(item.case, approving=0.6)
                return
            if item.case.asked or self._rng.random() < 0.25:
                lost = item.case.state in (CaseState.REFUSED, CaseState.SUPERSEDED)
                overrule(self.desk, scenery.HEAD_OFFICE, case_id=item.case.id, confirm=lost, why="总部复核后决定")
                return

    # --- a cancellation ----------------------------------------------------------------------------------------

    def _cancel(self, ticket: Ticket) -> None:
        rng = self._rng
        reason = rng.choice(tuple(Reason))
        actor = rng.choice((scenery.CLERK, scenery.CLERK, scenery.SENIOR, scenery.SUPERVISOR))
        approver = rng.choice((None, scenery.SUPERVISOR, scenery.MANAGER))
        if approver is not None and approver.id == actor.id:
            approver = scenery.MANAGER
        by_phone = rng.random() < 0.15
        command = CancelTicket(
            ticket_id=ticket.id,
            reason=reason,
            channel=Channel.PHONE if by_phone else Channel.COUNTER,
            note="顾客当面说明了情况，同意撤销",
            evidence=self._evidence(reason, ticket),
            identity=_answers(ticket) if by_phone else (),
            consent=_consent(reason, by_phone=by_phone),
            settlement=rng.choice(("cash", "later")),
            approver=approver,
        )
        try:
            cancel_ticket(self.desk, actor, command)
        except ApprovalNeeded:
            if rng.random() < 0.2:
                raise
            cancel_ticket(self.desk, actor, replace(command, park=True))

    def _evidence(self, reason: Reason, ticket: Ticket) -> tuple[tuple[str, str], ...]:
        today = self.desk.clock().astimezone(self.desk.zone).date()
        given: dict[Reason, tuple[tuple[str, str], ...]] = {
            Reason.SELF_RESOLVED: (("how", "换了一个插座就好了"),),
            Reason.SOLVED_BY_STORE: (("record", "店内现场处理"),),
            Reason.AGREEMENT: (
                ("remedy", "补偿五十元"), ("amount", "50"), ("due", f"{today + timedelta(days=3):%Y-%m-%d}")),
            Reason.NEED_CHANGED: (("text", "准备买新的"),),
            Reason.WRONG_INFORMATION: (("field", "电话"), ("wrong", "13800006021"), ("right", "13900006021")),
            Reason.DISSATISFIED: (("aspect", "speed"), ("text", "等了三个星期没有人联系过我")),
            Reason.PAST_DEADLINE: (("deadline", f"{today - timedelta(days=2):%Y-%m-%d}"),),
            Reason.FORCE_MAJEURE: (("event", "台风"), ("date", f"{today:%Y-%m-%d}")),
            Reason.NOT_GENUINE: (("finding", "序列号与品牌不符"), ("photo", "照片已存档")),
            Reason.DUPLICATE: (("survivor", self._survivor(ticket)),),
            Reason.RETURNED_REFUNDED: (("goods_receipt", "GR-20931"), ("refund_reference", "RF-77120")),
            Reason.OTHER_CHANNEL: (("which", "品牌热线"),),
            Reason.OTHER: (("text", "顾客长期出差，改日再来登记"),),
        }  # fmt: skip
        return given.get(reason, ())

    def _survivor(self, ticket: Ticket) -> str:
        for _ in range(5):
            other = self._record(self._rng.choice(self._ids))
            if other is not None and other.ticket.id != ticket.id and other.ticket.store == ticket.store:
                return other.ticket.number
        return ticket.number


def _consent(reason: Reason, *, by_phone: bool) -> Consent:
    if CATALOGUE[reason].started_by is StartedBy.STORE:
        return Consent(Grade.STORE_STARTED)
    return Consent(Grade.PHONE, reference="R-20931") if by_phone else Consent(Grade.PAPER)


def _answers(ticket: Ticket) -> tuple[tuple[IdentityKind, str], ...]:
    return ((IdentityKind.PHONE_LAST4, ticket.phone[-4:]), (IdentityKind.ORDER_NUMBER, ticket.order_number))
