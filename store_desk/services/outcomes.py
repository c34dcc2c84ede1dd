"""What a desk does when it is known how a cancellation that was made here was decided on: papers, tasks and notices.

The tables hold head office's record already. What was made of an outcome is kept in the journal (`outcome_told`), so
that the same outcome told twice, by an answer and by the feed or by a restored head office, makes nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store_desk.domain.authority import Result
from store_desk.domain.case import CONFIRMED_STATES, CaseState, advance, status_of
from store_desk.domain.obligations import Obligation, ObligationKind
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.slip import SlipData, SlipVariant
from store_desk.domain.ticket import Status, Ticket
from store_desk.services import outcome_slips, outcome_tasks
from store_desk.services.desk import Desk
from store_desk.services.enrolment import desk_label, enrolment_of
from store_desk.services.messages import Answer
from store_desk.services.outcome_slips import Scene, scene_of
from store_desk.services.outcomes_words import OutcomeWords, words_of
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.proof import coded
from store_desk.services.rules import policy_in_force
from store_desk.services.slips import write_slip
from store_desk.services.verdicts import (
    CONDITIONS,
    CONFIRMED,
    HEAD_OFFICE,
    REFUSED,
    SUPERSEDED,
    TOLD,
    WAITS,
    WITHDRAWN,
    Verdict,
    answered,
    fed,
    last_told,
)
from store_desk.services.withdraw import drop_recreated

# Operations whose answer decides a case that waits for head office.
DECIDING = frozenset({"cancel", "approve"})
# So many unanswered operations are looked through for overdue ones.
UNANSWERED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class OutcomeSlip:
    """What an outcome left to print and to do.

    `told` is the outcome in a word: confirmed, conditions, superseded, refused, or waits where what had been decided is
    to be decided again. `papers` are owed now, in the order they are to be printed; `instead_of` is the number of the
    paper whose place they take ('' without one) and `printed` whether the customer holds that. `tasks` are the
    obligations that the outcome itself made.
    """

    told: str
    papers: tuple[SlipRow, ...] = ()
    instead_of: str = ""
    printed: bool = False
    tasks: tuple[Obligation, ...] = ()


def apply_outcome(
    desk: Desk,
    uow: UnitOfWork,
    *,
    before: CaseState | None,
    case: CaseRecord,
    ticket: Ticket,
    answer: Answer,
    now: datetime,
) -> OutcomeSlip | None:
    """Papers, notices and tasks of the answer to a `cancel` made here; None when there is nothing new to make.

    `before` is the case's state at this desk until now; `case` head office's record of it (this desk's own where head
    office keeps none). The same answer applied again makes nothing; another one makes its own papers and a task.
    """
    verdict = answered(uow, case, answer)
    if verdict is None:
        return None
    last = last_told(uow, ticket.id, case.case.id)
    if before is CaseState.WITHDRAWN:
        # The customer has taken it back and holds the void slip; the withdrawal has an answer of its own.
        if last != (WITHDRAWN, verdict.told):
            _journal(uow, replace(verdict, told=WITHDRAWN, detail=verdict.told), case, ticket, now=now)
        return None
    if last == (verdict.told, verdict.detail):
        return None
    return _tell(desk, uow, verdict, case=case, ticket=ticket, last=last[0], now=now)


def apply_fed_outcome(
    desk: Desk, uow: UnitOfWork, *, before: CaseState, record: TicketRecord, case: CaseRecord, now: datetime
) -> OutcomeSlip | None:
    """The same for a case made here that was decided on elsewhere: by an approver, or anew by head office.

    Also for one that an approver of this desk decided on where the desk is its own authority. None where the case was
    made at another desk or its outcome has been told already.
    """
    if case.desk not in ("", desk_label(desk)):
        return None
    verdict = fed(uow, record, case)
    if verdict is None:
        return None
    last, _ = last_told(uow, record.ticket.id, case.case.id)
    if before is CaseState.WITHDRAWN:
        # A withdrawal that came too late: the case stands after all, whatever the customer was given.
        if verdict.told not in (CONFIRMED, CONDITIONS):
            return None
        last = WITHDRAWN
    return (
        None if last == verdict.told else _tell(desk, uow, verdict, case=case, ticket=record.ticket, last=last, now=now)
    )


def expire_overdue(desk: Desk, *, limit: int) -> int:
    """Marks cases without an answer within the promised hours as expired, each with a call task; answers how many.

    Nothing is final about it: a later answer still settles the case.
    """
    now = desk.clock()
    count = 0
    with desk.work() as uow:
        promised = timedelta(hours=policy_in_force(uow).promise_h)
        for delivery in uow.deliveries.unanswered(limit=UNANSWERED_MAX):
            if count >= limit:
                break
            if delivery.envelope.kind in DECIDING and delivery.made_at + promised <= now:
                count += _expire(desk, uow, delivery.envelope.case_id, now=now)
    return count


def _expire(desk: Desk, uow: UnitOfWork, case_id: str, *, now: datetime) -> int:
    case = uow.cases.get(case_id)
    ticket = uow.tickets.get(case.ticket_id) if case else None
    if case is None or ticket is None or case.state is not CaseState.PENDING_HEAD_OFFICE:
        return 0
    uow.cases.save(advance(case, CaseState.EXPIRED, now=now))
    record = CaseRecord(case, tuple(uow.obligations.of_case(case.id)), desk_label(desk))
    scene = scene_of(desk, uow, ticket=ticket, record=record, now=now)
    slip = scene.papers[0].number if scene.papers else ""
    task = outcome_tasks.call_task(scene, "outcome_expired", slip=slip)
    uow.obligations.add_all((task,))
    facts: dict[str, object] = {"case": case.id, "number": ticket.number, "slip": slip}
    uow.journal.write(at=now, actor=HEAD_OFFICE, what="case_expired", subject=ticket.id, facts=facts)
    return 1


def _tell(
    desk: Desk, uow: UnitOfWork, verdict: Verdict, *, case: CaseRecord, ticket: Ticket, last: str, now: datetime
) -> OutcomeSlip | None:
    if verdict.told == WAITS and not last:
        _journal(uow, verdict, case, ticket, now=now)
        return None
    scene = scene_of(desk, uow, ticket=ticket, record=case, now=now)
    outcome_tasks.overtake(scene)
    makers = {CONFIRMED: _confirmed, CONDITIONS: _confirmed, SUPERSEDED: _superseded, REFUSED: _refused}
    made = makers.get(verdict.told, _waits_again)(scene, verdict, last)
    checks = _checks(scene) if verdict.told in (CONFIRMED, CONDITIONS) else ()
    _journal(uow, verdict, case, ticket, made, now=now, checks=dict(checks))
    return made


def _confirmed(scene: Scene, verdict: Verdict, last: str) -> OutcomeSlip:
    conditions = verdict.told == CONDITIONS
    old = _not_owed_any_more(scene)
    final = _write(scene, outcome_slips.final_paper(scene, conditions=conditions), money=True)
    papers = [final]
    if conditions:
        words = _words(scene, verdict)
        data = outcome_slips.follow_up_paper(scene, words, added=verdict.added, final=final.number)
        papers.append(_write(scene, data))
    outcome_tasks.tell_confirmed(scene)
    tasks: list[Obligation] = []
    # Whoever was told otherwise before must be told by a person.
    if conditions or last not in ("", WAITS):
        code = "outcome_conditions" if conditions and last in ("", WAITS) else "outcome_changed"
        tasks.append(outcome_tasks.call_task(scene, code, slip=papers[-1].number))
    return _made(scene, verdict, papers, tasks, old)


def _superseded(scene: Scene, verdict: Verdict, last: str) -> OutcomeSlip:
    old = _not_owed_any_more(scene)
    outcome_tasks.call_off_plan(scene)
    scene.uow.notices.call_off(scene.case.id)
    _drop_recreated(scene)
    voids = old.number if old else ""
    tasks = outcome_tasks.give_back(scene, slip=voids)
    data = outcome_slips.superseded_paper(
        scene,
        _words(scene, verdict),
        first=str(verdict.facts.get("slip", "")),
        waits=verdict.facts.get("state") not in {state.value for state in CONFIRMED_STATES},
        given_back=tasks,
        voids=voids,
    )
    paper = _write(scene, data)
    if tasks or _was_printed(old) or last not in ("", WAITS):
        tasks.append(outcome_tasks.call_task(scene, "outcome_superseded", slip=paper.number))
    return _made(scene, verdict, [paper], tasks, old)


def _refused(scene: Scene, verdict: Verdict, last: str) -> OutcomeSlip:
    old = _not_owed_any_more(scene)
    voids = old.number if old else ""
    tasks = [*outcome_tasks.resume(scene, again=last == REFUSED), *outcome_tasks.give_back(scene, slip=voids)]
    outcome_tasks.call_off_plan(scene)
    outcome_tasks.tell_to_go_on(scene)
    _drop_recreated(scene)
    data = outcome_slips.refusal_paper(
        scene, _words(scene, verdict), result=verdict.result, facts=verdict.facts, made=tasks, voids=voids
    )
    paper = _write(scene, data)
    tasks.append(outcome_tasks.call_task(scene, "outcome_refused", slip=paper.number))
    if verdict.result == Result.REFUSED_KEY_REUSE.value:
        # Only a copied database or a tampered one can do this.
        tasks.append(outcome_tasks.report_task(scene, slip=paper.number))
    return _made(scene, verdict, [paper], tasks, old)


def _waits_again(scene: Scene, verdict: Verdict, last: str) -> OutcomeSlip:
    """What was decided already is to be decided again: no paper can say anything true, a person must."""
    slip = scene.papers[0].number if scene.papers else ""
    return _made(scene, verdict, (), (outcome_tasks.call_task(scene, "outcome_changed", slip=slip),), None)


def _made(
    scene: Scene, verdict: Verdict, papers: Sequence[SlipRow], tasks: Sequence[Obligation], old: SlipRow | None
) -> OutcomeSlip:
    scene.uow.obligations.add_all(tasks)
    return OutcomeSlip(verdict.told, tuple(papers), old.number if old else "", _was_printed(old), tuple(tasks))


def _write(scene: Scene, data: SlipData, *, money: bool = False) -> SlipRow:
    pays = (
        {"customer_pays_minor": scene.plan.customer_pays_minor, "store_pays_minor": scene.plan.store_pays_minor}
        if money
        else {}
    )
    return write_slip(
        scene.desk, scene.uow, data, case=coded(scene.case, **pays), ticket_id=scene.ticket.id, now=scene.now
    )


def _not_owed_any_more(scene: Scene) -> SlipRow | None:
    """The paper whose place the new ones take; what never moved paper stays in the chain as not printed."""
    for row in scene.papers:
        if row.owed:
            scene.uow.slips.save(replace(row, owed=False, failure=""))
    wanted = (SlipVariant.REQUEST, SlipVariant.CANCELLATION)
    return next((row for row in scene.papers if row.variant in wanted), None)


def _was_printed(row: SlipRow | None) -> bool:
    return row is not None and row.printed_n > 0


def _drop_recreated(scene: Scene) -> None:
    """The corrected ticket that went with the request is closed, pointing to the one that lives on."""
    drop_recreated(
        scene.desk,
        scene.uow,
        outcome_slips.person_of(scene.uow, scene.case.requester),
        scene.ticket,
        scene.case,
        enrolment=enrolment_of(scene.uow),
        now=scene.now,
    )


def _words(scene: Scene, verdict: Verdict) -> OutcomeWords:
    facts = dict(verdict.facts)
    if facts.get("who"):
        person = outcome_slips.person_of(scene.uow, str(facts["who"]))
        facts["who"] = f"{person.name} {person.id}".strip()
    return words_of(verdict.result, facts, scene.record, scene.ticket, zone=scene.desk.zone, now=scene.now)


def _checks(scene: Scene) -> tuple[tuple[str, bool], ...]:
    """The check after every cancellation, on what the database now says (REQ-STA-10)."""
    listed = next(iter(scene.uow.tickets.listed([scene.ticket.id])), None)
    ticket = listed.ticket if listed else None
    status = status_of(ticket.review, ticket.work, listed.case_state) if listed and ticket else None
    reserved = any(step.kind == "release_parts" for step in scene.plan.steps)
    freed = any(item.kind is ObligationKind.RELEASE_PARTS for item in scene.record.obligations)
    return (
        ("status_cancelled", status is Status.CANCELLED),
        ("assignee_released", ticket is not None and ticket.assignee == ""),
        ("reminders_stopped", ticket is not None and ticket.due_at is None),
        ("order_freed", not reserved or freed),
    )


def _journal(
    uow: UnitOfWork,
    verdict: Verdict,
    case: CaseRecord,
    ticket: Ticket,
    made: OutcomeSlip | None = None,
    *,
    now: datetime,
    checks: dict[str, bool] | None = None,
) -> None:
    facts: dict[str, object] = {
        "case": case.case.id,
        "number": ticket.number,
        "told": verdict.told,
        "detail": verdict.detail,
        "result": verdict.result,
    }
    if made is not None:
        facts |= {
            "slips": [row.number for row in made.papers],
            "instead_of": made.instead_of,
            "printed": made.printed,
            "tasks": [item.kind.value for item in made.tasks],
        }
    if checks:
        facts["checks"] = checks
    actor = case.case.decided_by or HEAD_OFFICE
    uow.journal.write(at=now, actor=actor, what=TOLD, subject=ticket.id, facts=facts)
