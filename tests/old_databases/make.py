"""Writes the data folder of the present version into `tests/old_databases/VERSION`; to be run once per release."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from store_desk.domain.case import CancellationCase, CaseState, Origin, before_of
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.journal import GENESIS
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipVariant
from store_desk.domain.slip_text import slip_hash, slip_to_json
from store_desk.domain.staff import Staff
from store_desk.services.desk import DeskIdentity
from store_desk.services.ports import Operation, SlipRow
from store_desk.store import create_store
from tests.benchmarks.data import tickets
from tests.slips.samples import usual

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
TICKETS = 40
CASES = 5


def make(folder: Path) -> None:
    """Fills a new store with a little of everything."""
    store = create_store(folder, identity=DeskIdentity("XH", "星河电器", 2, "0" * 32))
    with store.work() as unit:
        unit.people.add(Staff("1001", "林", Role.CLERK))
        unit.people.add(Staff("9001", "王", Role.MANAGER))
        unit.settings.put("policy.undo_window_s", "300")
        made = list(islice(tickets(TICKETS), TICKETS))
        for ticket in made:
            unit.tickets.add(ticket)
        digest = GENESIS
        for at, ticket in enumerate(made[:CASES]):
            moment = NOW + timedelta(minutes=at)
            case = CancellationCase(
                f"{at:032x}",
                ticket.id,
                CaseState.CONFIRMED,
                Reason.NEED_CHANGED,
                3,
                Channel.COUNTER,
                Origin.DESK,
                moment,
                "1001",
                consent=Consent(Grade.VERBAL),
                before=before_of(ticket),
                applied_at=moment,
                decided_at=moment,
            )
            unit.cases.add(case)
            owed = Obligation(
                f"a{at:031x}", case.id, ObligationKind.CALL_CUSTOMER, "1001", ObligationState.OPEN, moment
            )
            unit.obligations.add_all([owed])
            number = f"XH2-26-S{unit.counters.next('slip'):06d}"
            slip = replace(
                usual(), number=number, ticket_number=ticket.number, issued_at=moment, previous_hash=digest, qr_text=""
            )
            body, digest = slip_to_json(slip), slip_hash(slip)
            unit.slips.add(SlipRow(number, case.id, ticket.id, SlipVariant.CANCELLATION, body, digest, moment))
            operation = Operation(f"b{at:031x}", "cancel", ticket.id, case.id, "{}", "1001", moment, "accepted")
            unit.operations.add(operation)
            unit.journal.write(at=moment, actor="1001", what="cancelled", subject=ticket.id, facts={"slip": number})
    store.checkpoint(truncate=True)
    store.close()


if __name__ == "__main__":
    make(Path(__file__).parent / sys.argv[1])
