"""The practice store: whole, at today's date, with every level, state and sum of money; never half made."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.app.demo import demo_pins, make_demo, open_demo
from store_desk.app.wiring import OpenDesk, clock
from store_desk.domain.level import level_of
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, TicketType, Work
from store_desk.services.look_up import desk_lists
from store_desk.services.slips import owed_slips
from store_desk.store import exists, health
from tests.shop import Clock

CLERK = Actor("2047", "林晓雨", Role.CLERK)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    opened = open_demo(tmp_path_factory.mktemp("demo") / "desk", now=Clock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tickets(demo: OpenDesk) -> list[Ticket]:
    with demo.store.reading() as unit:
        ids = [ticket_id for (ticket_id,) in unit.connection.execute("SELECT id FROM ticket")]
        return [found for found in map(unit.tickets.get, ids) if found is not None]


def test_every_level_state_and_kind_is_there(tickets: list[Ticket]) -> None:
    assert len(tickets) > 300
    open_ones = [ticket for ticket in tickets if ticket.closed_at is None]
    assert {level_of(ticket) for ticket in open_ones} >= {1, 2, 3, 4, 5}
    assert {ticket.review for ticket in tickets} == set(Review)
    assert {ticket.work for ticket in tickets} == set(Work)
    assert {ticket.type for ticket in tickets} == set(TicketType)


def test_every_case_of_money_is_there(tickets: list[Ticket]) -> None:
    assert any(ticket.compensation_minor for ticket in tickets)
    assert any(ticket.facts.parts_used_minor for ticket in tickets)
    assert any(ticket.facts.visit for ticket in tickets)
    assert any(ticket.facts.parcel for ticket in tickets)
    assert any(ticket.amount_minor for ticket in tickets)


def test_it_is_of_today(demo: OpenDesk, tickets: list[Ticket]) -> None:
    now = demo.desk.clock()
    assert any((now - ticket.created_at).days == 0 for ticket in tickets)
    assert all(ticket.created_at <= now for ticket in tickets)


def test_it_begins_in_order(demo: OpenDesk) -> None:
    lists = desk_lists(demo.desk, CLERK)
    assert lists.needs_action
    assert owed_slips(demo.desk, CLERK) == ()
    assert demo.desk.identity.demo
    assert [check.name for check in health.check_deep(demo.store) if not check.ok] in ([], ["key_protection"])


def test_everybody_signs_in_with_the_pin_that_is_shown(demo: OpenDesk) -> None:
    with demo.desk.read() as uow:
        people = {person.id: person for person in uow.people.all()}
    assert set(demo_pins()) == set(people)
    for staff_id, pin in demo_pins().items():
        assert demo.desk.pins.verify(people[staff_id].pin_hash, pin)
        assert not people[staff_id].pin_is_first


def test_opening_again_keeps_what_was_done(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    make_demo(folder)
    opened = open_demo(folder)
    with opened.desk.work() as uow:
        uow.settings.put("mark", '"x"')
    opened.close()
    opened = open_demo(folder)
    with opened.desk.read() as uow:
        assert uow.settings.get("mark") == '"x"'
    opened.close()


KILLED = """
import os, pathlib, signal, sys
from store_desk.app import demo
from store_desk.store.repositories.tickets import StoredTickets
add, left = StoredTickets.add, int(sys.argv[2])
def dies(self, ticket):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    add(self, ticket)
StoredTickets.add = dies
demo.make_demo(pathlib.Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signal")
@pytest.mark.parametrize("at", [0, 200])
def test_one_that_was_cut_off_in_the_making_is_made_anew(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "desk"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(at)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not exists(folder)
    opened = open_demo(folder, now=clock)
    with opened.desk.read() as uow:
        assert uow.tickets.count() > 300
    opened.close()
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_the_events_name_the_hour_of_the_visit_as_it_was_moved(demo: OpenDesk, tickets: list[Ticket]) -> None:
    ticket = next(ticket for ticket in tickets if ticket.facts.visit is not None)
    assert ticket.facts.visit is not None and ticket.facts.visit.at is not None
    hour = ticket.facts.visit.at.astimezone(demo.desk.zone).strftime("%H:%M")
    with demo.desk.read() as uow:
        events = [entry for entry in uow.journal.entries() if (entry.subject, entry.what) == (ticket.id, "event")]
    said = [json.loads(entry.facts) for entry in events]
    words = [str(facts[lang]) for facts in said for lang in ("zh", "en")]
    assert f"技师 周启明 确认 {hour} 上门" in words and f"Technician Zhou Qiming confirmed {hour}" in words
    assert not [text for text in words if "{" in text]
