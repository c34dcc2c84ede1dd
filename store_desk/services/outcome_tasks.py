"""What an outcome leaves to do: calls, money to give back, holds that go on again, and who must be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import (
    CLOSED_STATES,
    HOLD_KINDS,
    MONEY_KINDS,
    Obligation,
    ObligationKind,
    ObligationState,
)
from store_desk.domain.plan import PlanFact
from store_desk.services.cancel import STOP_KINDS, told_afterwards
from store_desk.services.canonical import canonical_json
from store_desk.services.kept_plan import told_of
from store_desk.services.outcome_slips import Scene

# Obligations of these codes are made by outcomes, not by plans; a later outcome calls off what is open of them.
CALLS = frozenset(
    {
        "outcome_conditions",
        "outcome_superseded",
        "outcome_refused",
        "outcome_changed",
        "outcome_expired",
        "outcome_broken",
    }
)
GIVE_BACK = "give_back"
_GO_ON = "go_on:"
# How a hold that goes on again is called; the last three only where they were done already.
_RESUME = {
    ObligationKind.STOP_VISIT: "resume_visit",
    ObligationKind.STOP_WORK: "resume_work",
    ObligationKind.RECALL_GOODS: "resume_goods",
    ObligationKind.RELEASE_PARTS: "resume_parts",
    ObligationKind.HAND_BACK_ITEM: "resume_item",
    ObligationKind.VOID_CODE: "resume_code",
}


def is_follow_up(item: Obligation) -> bool:
    """Whether an outcome made this obligation."""
    code, _ = told_of(item)
    return item.kind is ObligationKind.RESUME or code in CALLS or code == GIVE_BACK


def overtake(scene: Scene) -> None:
    """Calls off what earlier outcomes of this case left open: a later one says what is to be done now."""
    for item in scene.uow.obligations.of_case(scene.case.id):
        if is_follow_up(item) and item.state not in CLOSED_STATES:
            done = replace(item, state=ObligationState.VOID, closed_at=scene.now, result="overtaken")
            scene.uow.obligations.save(done)


def call_task(scene: Scene, code: str, *, slip: str) -> Obligation:
    """A call to the customer, due when the answer was promised, and never sooner than somebody can take it up."""
    opened = scene.case.applied_at or scene.case.opened_at
    promised = opened + timedelta(hours=scene.policy.promise_h)
    soonest = scene.now + timedelta(minutes=scene.policy.acknowledge_minutes)
    facts: dict[str, PlanFact] = {"number": scene.ticket.number, "slip": slip}
    return _task(scene, ObligationKind.CALL_CUSTOMER, code, facts, due=max(promised, soonest))


def report_task(scene: Scene, *, slip: str) -> Obligation:
    """The manager must hear that head office holds another request under the same number."""
    facts: dict[str, PlanFact] = {"number": scene.ticket.number, "slip": slip}
    due = scene.now + timedelta(minutes=scene.policy.acknowledge_minutes)
    return _task(scene, ObligationKind.CALL_CUSTOMER, "outcome_broken", facts, due=due, owner="manager")


def give_back(scene: Scene, *, slip: str) -> list[Obligation]:
    """One refund for each sum that was taken as a deposit and has not been given back since."""
    due = scene.now + timedelta(days=scene.policy.settle_days)
    here = scene.uow.obligations.of_case(scene.case.id)
    done = [item for item in here if item.state is ObligationState.DONE and item.amount_minor]
    returned = [item.amount_minor for item in done if item.kind is ObligationKind.REFUND_TO_CUSTOMER]
    made: list[Obligation] = []
    for item in done:
        if item.kind not in MONEY_KINDS:
            continue
        if item.amount_minor in returned:
            returned.remove(item.amount_minor)
            continue
        kind, facts = ObligationKind.REFUND_TO_CUSTOMER, {"slip": slip}
        made.append(_task(scene, kind, GIVE_BACK, dict(facts), due=due, amount=item.amount_minor))
    return made


def resume(scene: Scene, *, again: bool) -> list[Obligation]:
    """One task for each hold that goes on again, and for what was undone already and must be put back (rulings, 12).

    Where nobody had been told to stop (the request was still waiting for its approver), nothing is on hold. `again`:
    it was refused before, so what goes on since then needs no second task.
    """
    held = _was_told(scene)
    soon = scene.now + timedelta(minutes=scene.policy.acknowledge_minutes)
    later = scene.now + timedelta(hours=scene.policy.recall_answer_h)
    here = scene.uow.obligations.of_case(scene.case.id)
    finished = {told_of(item)[0] for item in here if again and item.state is ObligationState.DONE}
    made: list[Obligation] = []
    for item in here:
        code = _RESUME.get(item.kind, "")
        if not code or code in finished or item.state is ObligationState.WAIVED:
            continue
        if item.state is not ObligationState.DONE and not (held and item.kind in HOLD_KINDS):
            continue
        _, facts = told_of(item)
        due = soon if item.kind in (ObligationKind.STOP_VISIT, ObligationKind.STOP_WORK) else later
        made.append(_task(scene, ObligationKind.RESUME, code, facts, due=due, owner=item.owner))
    return made


def call_off_plan(scene: Scene) -> None:
    """Calls off what the plan itself left open: there is no cancellation from which it could follow."""
    for item in scene.uow.obligations.of_case(scene.case.id):
        if not is_follow_up(item) and item.state not in CLOSED_STATES:
            scene.uow.obligations.save(
                replace(item, state=ObligationState.VOID, closed_at=scene.now, result="not_cancelled")
            )


def _task(
    scene: Scene,
    kind: ObligationKind,
    code: str,
    facts: dict[str, PlanFact],
    *,
    due: datetime,
    owner: str = "store",
    amount: int = 0,
) -> Obligation:
    return Obligation(
        id=scene.desk.new_id(),
        case_id=scene.case.id,
        kind=kind,
        owner=owner,
        state=ObligationState.OPEN,
        due_at=due,
        amount_minor=amount,
        text=canonical_json({"code": code, "facts": facts}),
    )


def _standing(scene: Scene) -> list[Notice]:
    return [item for item in scene.uow.notices.of_case(scene.case.id) if item.state is not NoticeState.CALLED_OFF]


def _was_told(scene: Scene) -> bool:
    stops = STOP_KINDS | {f"{_GO_ON}{kind}" for kind in STOP_KINDS}
    return any(item.what in stops and item.leaves_at <= scene.now for item in _standing(scene))


def tell_to_go_on(scene: Scene) -> None:
    """Everybody who was told of the cancellation is told to go on, once; what has not left yet never leaves."""
    standing = _standing(scene)
    back = {(item.to, item.what.removeprefix(_GO_ON)) for item in standing if item.what.startswith(_GO_ON)}
    told = [item for item in standing if item.leaves_at <= scene.now and not item.what.startswith(_GO_ON)]
    told = [item for item in told if (item.to, item.what) not in back]
    if back and not told:
        return
    scene.uow.notices.call_off(scene.case.id)
    scene.uow.notices.add_all(
        Notice(scene.desk.new_id(), scene.case.id, item.to, f"{_GO_ON}{item.what}", NoticeState.QUEUED, scene.now)
        for item in told
    )


def tell_confirmed(scene: Scene) -> None:
    """Stop-notices that have not been sent leave now; the others at the end of the undo window (rulings, 13)."""
    standing = _standing(scene)
    if any(item.what.startswith(_GO_ON) for item in standing):
        # An earlier outcome had sent everybody back to work.
        scene.uow.notices.call_off(scene.case.id)
        standing = []
    known = {item.what for item in standing}
    owners = {item.kind.value: item.owner for item in scene.record.obligations}
    made: list[Notice] = []
    for step in scene.plan.steps:
        if step.kind in STOP_KINDS - known:
            who = owners.get(step.kind) or str(dict(step.facts).get("who") or "") or "store"
            made.append(_notice(scene, who, step.kind, NoticeState.QUEUED, scene.now))
    if "ticket_cancelled" not in known:
        applied = scene.case.applied_at or scene.now
        later = max(scene.now, applied + timedelta(seconds=scene.policy.undo_window_s))
        money = bool(scene.plan.customer_pays_minor or scene.plan.store_pays_minor)
        kinds = {step.kind for step in scene.plan.steps}
        for who in told_afterwards(plan_kinds=kinds, case=scene.case, money=money):
            made.append(_notice(scene, who, "ticket_cancelled", NoticeState.HELD, later))
    scene.uow.notices.add_all(made)


def _notice(scene: Scene, to: str, what: str, state: NoticeState, at: datetime) -> Notice:
    return Notice(scene.desk.new_id(), scene.case.id, to, what, state, at)
