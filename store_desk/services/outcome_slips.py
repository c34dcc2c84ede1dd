"""The papers of an outcome: the final slip, the follow-up, the refusal, and the one that names an earlier slip.

All are made from the provisional slip, so that customer, read-back and signature stand on them as they were given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from store_desk.domain.case import CancellationCase, restore
from store_desk.domain.consent import Grade
from store_desk.domain.money import format_minor
from store_desk.domain.obligations import Obligation, ObligationState
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.record import CaseRecord
from store_desk.domain.roles import Role
from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services.desk import Desk
from store_desk.services.enrolment import enrolment_of
from store_desk.services.kept_plan import obligation_words, plan_of
from store_desk.services.outcomes_words import OutcomeWords
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.rules import policy_in_force
from store_desk.services.slip_making import (
    money_lines,
    money_total,
    next_steps,
    owed_lines,
    reopen_words,
    request_slip,
    signed_by,
)
from store_desk.services.wording import moment_words
from store_desk.words import both

NOTHING = Both("", "")


@dataclass(frozen=True, slots=True)
class Scene:
    """What every paper of an outcome is made from.

    `base` is the provisional slip's text (made again where none was written); `papers` the case's slips, latest first,
    stop sheets left out; `alone` tells that this desk is its own authority.
    """

    desk: Desk
    uow: UnitOfWork
    ticket: Ticket
    record: CaseRecord
    policy: Policy
    plan: Plan
    base: SlipData
    papers: tuple[SlipRow, ...]
    alone: bool
    now: datetime

    @property
    def case(self) -> CancellationCase:
        """The case as it was decided on."""
        return self.record.case


def scene_of(desk: Desk, uow: UnitOfWork, *, ticket: Ticket, record: CaseRecord, now: datetime) -> Scene:
    """Gathers the case's papers, plan and rules."""
    policy = policy_in_force(uow)
    plan = plan_of(record.case, ticket)
    rows = [row for row in uow.slips.of_ticket(ticket.id) if row.case_id == record.case.id]
    papers = tuple(row for row in rows if row.variant is not SlipVariant.STOP_SHEET)
    first = next((row for row in papers if row.variant is SlipVariant.REQUEST), None)
    first = first or next((row for row in papers if row.variant is SlipVariant.CANCELLATION), None)
    base = slip_from_json(first.body) if first else _made_again(desk, uow, ticket, record, plan, policy)
    base = replace(base, number="", confirms="", withdraws="", qr_text="", short_code="")
    return Scene(desk, uow, ticket, record, policy, plan, base, papers, enrolment_of(uow) is None, now)


def _made_again(
    desk: Desk, uow: UnitOfWork, ticket: Ticket, record: CaseRecord, plan: Plan, policy: Policy
) -> SlipData:
    """What the provisional slip would have said; a case that came without one still gets its papers."""
    case = record.case
    then = restore(ticket, case.before) if case.before else ticket
    clerk = person_of(uow, case.requester)
    approver = person_of(uow, case.approver) if case.approver else None
    return request_slip(desk, uow, clerk, then, case, plan, record.obligations, policy=policy, approver=approver)


def person_of(uow: UnitOfWork, staff_id: str) -> Actor:
    """A person as slips name them; one of another store or of head office goes by the number alone."""
    found = uow.people.get(staff_id) if staff_id else None
    if found is None:
        return Actor(staff_id, "", Role.CLERK)
    return Actor(found.id, found.name, found.role, found.name_other)


def final_paper(scene: Scene, *, conditions: bool) -> SlipData:
    """The cancellation slip with a number of its own, which names the provisional one and who confirmed it when."""
    now = scene.now
    owed = tuple(item for item in scene.record.obligations if item.state is ObligationState.OPEN)
    return replace(
        scene.base,
        variant=SlipVariant.CANCELLATION,
        status=SlipStatus.FINAL,
        issued_at=now,
        money=money_lines(scene.desk, scene.plan, scene.record.obligations, now=now),
        money_total=money_total(scene.plan, scene.record.obligations),
        obligations=owed_lines(scene.desk, owed, currency=scene.plan.currency, now=now),
        next_steps=next_steps(scene.desk, scene.plan, now=now),
        promise=_confirmed_words(scene, conditions=conditions),
        how_to_reopen=reopen_words(scene.desk, scene.policy, now=now),
        consent=_consent(scene),
        approver=_approver(scene),
        confirms=_number(scene.papers, SlipVariant.REQUEST),
    )


def _consent(scene: Scene) -> Both:
    """Who signed the provisional slip with a pen does not sign again."""
    first = next((row for row in scene.papers if row.variant is SlipVariant.REQUEST), None)
    given = scene.case.consent
    if first is None or not first.printed_n or given is None or given.grade is not Grade.PAPER:
        return scene.base.consent
    return both("slip.signed_before", slip=first.number)


def _confirmed_words(scene: Scene, *, conditions: bool) -> Both:
    if scene.alone:
        return both("slip.promise.final")
    decided = scene.case.decided_at or scene.now
    time = moment_words(decided, scene.desk.zone, now=scene.now)
    return both("slip.promise.conditions" if conditions else "slip.promise.office", time=time)


def _approver(scene: Scene) -> Both | None:
    """Who agreed: the one on the provisional slip, or whoever has approved since."""
    case = scene.case
    if not case.approver or case.approver == case.requester:
        return scene.base.approver
    return signed_by(person_of(scene.uow, case.approver)) if scene.base.approver is None else scene.base.approver


def follow_up_paper(scene: Scene, words: OutcomeWords, *, added: Sequence[Obligation], final: str) -> SlipData:
    """What differs from what was agreed, beside the final slip `final`."""
    return replace(
        _bare(scene),
        variant=SlipVariant.FOLLOW_UP,
        agreed=(words.what, *words.changed, *words.not_changed),
        obligations=_lines(scene, [item for item in added if item.state is ObligationState.OPEN]),
        next_steps=(both("slip.outcome.call"), both("slip.follow_up.next", slip=final)),
        promise=both("slip.promise.follow_up"),
        confirms=final,
    )


def superseded_paper(
    scene: Scene, words: OutcomeWords, *, first: str, waits: bool, given_back: Sequence[Obligation], voids: str
) -> SlipData:
    """Takes the provisional slip's place and names the first cancellation, slip `first` ('' when it is not known)."""
    step = both("slip.superseded.next", slip=first) if first else both("slip.superseded.next.unknown")
    return replace(
        _bare(scene),
        variant=SlipVariant.FOLLOW_UP,
        agreed=(words.what, *words.changed, *_give_back_words(scene, given_back), *words.not_changed),
        obligations=_lines(scene, given_back),
        next_steps=(step,),
        promise=both("slip.promise.superseded_waits" if waits else "slip.promise.superseded"),
        withdraws=voids,
    )


def refusal_paper(
    scene: Scene,
    words: OutcomeWords,
    *,
    result: str,
    facts: Mapping[str, object],
    made: Sequence[Obligation],
    voids: str,
) -> SlipData:
    """Why it was refused, what that changes and what it does not, what goes on again, and what the customer can do."""
    resumed = [item for item in made if not item.amount_minor]
    paid = [item for item in made if item.amount_minor]
    over = result == "refused_done"
    goes_on = (both("outcomes.refused.resume"),) if resumed else ()
    changed = (*words.changed, *goes_on, *_give_back_words(scene, paid, refused=True))
    which = "rejected" if facts.get("state") == "rejected" else "done" if over else result
    step = f"slip.refusal.next.{which if which in ('done', 'rejected', 'declined') else 'other'}"
    return replace(
        _bare(scene),
        variant=SlipVariant.REFUSAL,
        agreed=(words.what, *changed, *words.not_changed),
        obligations=_lines(scene, made),
        next_steps=(both(step), both("slip.outcome.call")),
        promise=both("slip.promise.refused_over" if over else "slip.promise.refused"),
        withdraws=voids,
    )


def _give_back_words(scene: Scene, items: Sequence[Obligation], *, refused: bool = False) -> tuple[Both, ...]:
    total = sum(item.amount_minor for item in items)
    if not total:
        return ()
    key = "outcomes.refused.give_back" if refused else "outcomes.superseded.give_back"
    return (both(key, amount=format_minor(total, scene.plan.currency)),)


def _bare(scene: Scene) -> SlipData:
    """The provisional slip without what was to follow from it: no money, no rights, nobody's signature."""
    return replace(
        scene.base,
        status=SlipStatus.FINAL,
        issued_at=scene.now,
        money=(),
        money_total=None,
        agreed=(),
        obligations=(),
        rights=(),
        next_steps=(),
        how_to_reopen=NOTHING,
        read_back=NOTHING,
        read_back_hash="",
        consent=NOTHING,
        consent_detail=NOTHING,
        signer=NOTHING,
        signed_at=None,
        strokes=(),
        approver=_approver(scene),
    )


def _lines(scene: Scene, items: Sequence[Obligation]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for item in items:
        zone, currency = scene.desk.zone, scene.plan.currency
        title, sub = obligation_words(item, zone=zone, currency=currency, now=scene.now)
        due = NOTHING
        if item.due_at is not None:
            due = both("slip.due", date=moment_words(item.due_at, zone, now=scene.now))
        zh = "，".join(filter(None, (sub.zh, due.zh)))
        lines.append(Line(title, Both(zh, ", ".join(filter(None, (sub.en, due.en)))), item.amount_minor or None))
    return tuple(lines)


def _number(papers: Sequence[SlipRow], variant: SlipVariant) -> str:
    """The number of the case's latest paper of this kind, '' without one."""
    return next((row.number for row in papers if row.variant is variant), "")
