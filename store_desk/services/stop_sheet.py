"""The stop sheet: what a technician or workshop must no longer do, on paper, when no message can reach them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES, CancellationCase
from store_desk.domain.errors import NothingToStop, SlipNotFound
from store_desk.domain.obligations import CLOSED_STATES, Obligation, ObligationKind
from store_desk.domain.plan import PlanStep
from store_desk.domain.roles import Right
from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.look_up import ticket_of
from store_desk.services.ports import SlipRow, UnitOfWork
from store_desk.services.proof import coded
from store_desk.services.slip_making import signed_by
from store_desk.services.slips import write_slip
from store_desk.services.wording import moment_words, step_words
from store_desk.words import both

STOPS = frozenset({ObligationKind.STOP_VISIT, ObligationKind.STOP_WORK})
NOTHING = Both("", "")


def stops_of(obligations: Sequence[Obligation]) -> tuple[Obligation, ...]:
    """The obligations that still tell somebody to stop."""
    return tuple(item for item in obligations if item.kind in STOPS and item.state not in CLOSED_STATES)


def stop_sheet(desk: Desk, actor: Actor, *, number: str) -> SlipRow:
    """The stop sheet of a ticket's cancellation; written on first asking, the same one afterwards.

    It is a slip of the desk's chain with a number of its own, owed until it is printed. Raises NothingToStop when no
    visit or work is left to be stopped.
    """
    demand(actor, Right.PRINT)
    now = desk.clock()
    with desk.work() as uow:
        ticket = ticket_of(uow, number)
        case = next(iter(uow.cases.of_ticket(ticket.id)), None)
        if case is None or case.state not in CONFIRMED_STATES | OPEN_STATES:
            raise NothingToStop(number=ticket.number)
        stops = stops_of(uow.obligations.of_case(case.id))
        if not stops:
            raise NothingToStop(number=ticket.number)
        rows = [row for row in uow.slips.of_ticket(ticket.id) if row.case_id == case.id]
        made = next((row for row in rows if row.variant is SlipVariant.STOP_SHEET), None)
        if made is not None:
            return made
        if not rows:
            raise SlipNotFound(number=ticket.number)
        data = _sheet(desk, uow, actor, case, stops, of=slip_from_json(rows[0].body), now=now)
        row = write_slip(desk, uow, data, case=coded(case), ticket_id=ticket.id, now=now)
        facts: dict[str, object] = {"slip": row.number, "stops": [item.kind.value for item in stops]}
        uow.journal.write(at=now, actor=actor.id, what="stop_sheet_written", subject=ticket.id, facts=facts)
    return row


def _sheet(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    case: CancellationCase,
    stops: Sequence[Obligation],
    *,
    of: SlipData,
    now: datetime,
) -> SlipData:
    """The cancellation slip cut down to what the technician needs: no money, no consent, nobody's own words."""
    return replace(
        of,
        variant=SlipVariant.STOP_SHEET,
        status=SlipStatus.FINAL,
        number="",
        issued_at=now,
        asked=NOTHING,
        identity=NOTHING,
        customer_words="",
        evidence=(),
        money=(),
        money_total=None,
        agreed=(),
        obligations=tuple(_line(desk, item, currency=of.currency, now=now) for item in stops),
        rights=(),
        next_steps=(both("slip.stop.acknowledge"), both("slip.stop.object")),
        promise=both("slip.stop.promise", slip=of.number),
        how_to_reopen=NOTHING,
        how_to_object=NOTHING,
        read_back=NOTHING,
        read_back_hash="",
        consent=NOTHING,
        consent_detail=NOTHING,
        # The technician signs for having been told.
        signer=_technician(uow, case, stops),
        signed_at=None,
        strokes=(),
        clerk=signed_by(actor),
        approver=None,
        legal=both("slip.stop.legal"),
        previous_hash=uow.slips.last_hash(),
        qr_text="",
        short_code="",
    )


def _line(desk: Desk, item: Obligation, *, currency: str, now: datetime) -> Line:
    """What must stop, in the plan's words, with who and when."""
    told = json.loads(item.text)
    step = PlanStep(item.kind.value, told["code"], tuple(told["facts"].items()))
    title, sub = step_words(step, zone=desk.zone, currency=currency, now=now)
    if item.due_at is None:
        return Line(title, sub)
    due = both("slip.due", date=moment_words(item.due_at, desk.zone, now=now))
    return Line(title, Both("；".join(filter(None, (sub.zh, due.zh))), "; ".join(filter(None, (sub.en, due.en)))))


def _technician(uow: UnitOfWork, case: CancellationCase, stops: Sequence[Obligation]) -> Both:
    """Whom the sheet is for: the assignee before the case, or the name that the plan gave."""
    person = uow.people.get(case.before.assignee) if case.before and case.before.assignee else None
    if person is not None:
        return Both(f"{person.name} {person.id}", f"{person.name_other} {person.id}" if person.name_other else "")
    named = (str(json.loads(item.text)["facts"].get("who") or "") for item in stops)
    return Both(next(filter(None, named), case.before.assignee if case.before else ""))
