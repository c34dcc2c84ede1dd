"""What must hold of a store after anything happened to it: nothing of a job is there, or all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.errors import DomainError, NoCaseToWithdraw, TicketAlreadyCancelled
from store_desk.domain.journal import GENESIS
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.slip import SlipVariant
from store_desk.domain.slip_text import slip_from_json, slip_hash
from store_desk.domain.ticket import Ticket
from store_desk.store.health import check, check_deep
from tests.faults.runner import JOBS
from tests.shop import Clock

# A desk without an operating system's key store says so; that is no fault.
NOT_A_FAULT = {"key_protection"}


def inspect(folder: Path, ticket_id: str) -> tuple[str, list[str]]:
    """Where the ticket's case stands (`none` without one), and every way in which the store contradicts itself."""
    opened = open_desk(folder, now=Clock())
    try:
        return _inspect(opened, ticket_id)
    finally:
        opened.close()


def _inspect(opened: OpenDesk, ticket_id: str) -> tuple[str, list[str]]:
    checks = [*check(opened.store), *check_deep(opened.store)]
    faults = [f"{item.name}: {item.detail}" for item in checks if not item.ok and item.name not in NOT_A_FAULT]
    faults += _slip_chain(opened)
    with opened.store.reading() as uow:
        ticket = uow.tickets.get(ticket_id)
        assert ticket is not None
        cases = uow.cases.of_ticket(ticket_id)
        whats = [(entry.what, json.loads(entry.facts).get("case")) for entry in uow.journal.entries()]
        operations = [(item.kind, item.case_id) for item in uow.operations.of_ticket(ticket_id)]
        slips = [(row.variant, row.case_id) for row in uow.slips.of_ticket(ticket_id)]
        if not cases:
            left = [name for name, found in (("operation", operations), ("slip", slips)) if found]
            faults += [f"{name} without a case" for name in left]
            if not ticket.assignee or ticket.closed_at is not None:
                faults.append("released without a case")
            return "none", faults
        for case in cases:
            faults += _case_faults(case, ticket, uow, whats=whats, operations=operations, slips=slips)
        return cases[0].state.value, faults


def _slip_chain(opened: OpenDesk) -> list[str]:
    """Slips follow each other without a hole, each naming the hash of the one before."""
    with opened.store.reading() as uow:
        rows = uow.connection.execute("SELECT number, body, hash FROM slip ORDER BY n").fetchall()
    previous, faults = GENESIS, []
    for n, (number, body, own) in enumerate(rows, 1):
        data = slip_from_json(body)
        if data.previous_hash != previous or slip_hash(data) != own or f"-S{n:06d}-" not in number:
            faults.append(f"slip {number} is not the link {n} of the chain")
        previous = own
    return faults


def _case_faults(
    case: CancellationCase, ticket: Ticket, uow: Any, *, whats: list[Any], operations: list[Any], slips: list[Any]
) -> list[str]:
    withdrawn = case.state is CaseState.WITHDRAWN
    planned = [step["kind"] for step in json.loads(case.plan)["steps"]]
    obligations = uow.obligations.of_case(case.id)
    notices = uow.notices.of_case(case.id)
    kept = [item.kind.value for item in obligations]
    wanted = [kind for kind in planned if kind in {item.value for item in ObligationKind}]
    holds = {
        "state": case.state in (CaseState.CONFIRMED, CaseState.WITHDRAWN),
        "one cancellation slip": slips.count((SlipVariant.CANCELLATION, case.id)) == 1,
        "void slip": slips.count((SlipVariant.VOID, case.id)) == withdrawn,
        "operation": operations.count(("cancel", case.id)) == 1,
        "withdraw operation": operations.count(("withdraw", case.id)) == withdrawn,
        "journal": whats.count(("ticket_cancelled", case.id)) == 1,
        "journal of withdrawing": whats.count(("case_withdrawn", case.id)) == withdrawn,
        "obligations": kept[: len(wanted)] == wanted,
        "notices": bool(notices),
        "go on": any(item.what.startswith("go_on:") for item in notices) == withdrawn,
        "called off": not withdrawn
        or all(item.state is not ObligationState.OPEN for item in obligations[: len(wanted)]),
        "ticket": bool(ticket.assignee and ticket.closed_at is None)
        if withdrawn
        else not ticket.assignee and ticket.due_at is None and ticket.closed_at is not None,
    }
    return [f"case {case.state.value}: {name}" for name, ok in holds.items() if not ok]


def try_again(folder: Path, ticket_id: str, job: str) -> str:
    """The job once more, undisturbed: `done`, or the code of a refusal that says it was done already."""
    opened = open_desk(folder, now=Clock())
    said: list[str] = []
    try:
        JOBS[job](opened.desk, ticket_id, said.append)
    except (TicketAlreadyCancelled, NoCaseToWithdraw) as refusal:
        return refusal.code
    except DomainError as error:
        return f"failed {error.code}"
    finally:
        opened.close()
    return "done"
