"""Carrying out a way that a person chose, on the database lane."""

from __future__ import annotations

from store_desk.domain.staff import Actor
from store_desk.services.desk import Desk
from store_desk.services.sync_view import SyncRow, mark_handled
from store_desk.ui.sync.ways import ASK

# How the journal calls what was done; opening a ticket alone ends nothing.
HOW = {"tell": "told", "reopen": "reopened", "supervisor": "supervisor", ASK: "head_office"}


def do_way(desk: Desk, actor: Actor, row: SyncRow, *, does: str, why: str) -> str:
    """Does what the way stands for and writes down that it was done; answers what was done.

    Asking head office is a new operation of its own (rulings, 17); it raises NothingToAsk where nothing was refused.
    What waits for a supervisor is from then on the supervisor's, who has it under Approvals.
    """
    if does == ASK:
        from store_desk.services.approve import ask_head_office

        ask_head_office(desk, actor, case_id=row.delivery.envelope.case_id, why=why)
    if does in HOW:
        mark_handled(desk, actor, op_id=row.id, how=HOW[does])
    return does
