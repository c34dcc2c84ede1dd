"""Databases of released versions open, upgrade and keep everything."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import pytest

from store_desk.store import exists, health, open_store
from tests.benchmarks.data import tickets
from tests.old_databases.make import CASES, TICKETS, make

OLD = Path(__file__).parent.parent / "old_databases"


def kept_versions() -> list[str]:
    return sorted(path.name for path in OLD.iterdir() if exists(path))


@pytest.mark.parametrize("version", [*kept_versions(), "present"])
def test_a_database_of_an_earlier_version_keeps_everything(version: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    if version == "present":
        make(folder)
    else:
        shutil.copytree(OLD / version, folder)
    store = open_store(folder)
    made = list(islice(tickets(TICKETS), TICKETS))
    with store.read() as unit:
        assert unit.tickets.count() == TICKETS
        assert [unit.tickets.get(ticket.id) for ticket in made] == made
        for ticket in made[:CASES]:
            (case,) = unit.cases.of_ticket(ticket.id)
            assert case.before is not None and len(unit.obligations.of_case(case.id)) == 1
            assert len(unit.slips.of_ticket(ticket.id)) == 1
            assert unit.finder.find(ticket.number, limit=5).hits[0].ticket_id == ticket.id
        assert unit.journal.head().n == CASES
        assert unit.settings.get("policy.undo_window_s") == "300"
        assert len(unit.people.all()) == 2
    assert [item for item in health.check_deep(store) if not item.ok] == []
    store.close()
