"""What the page reads and what is written when somebody has dealt with an answer."""

from __future__ import annotations

import pytest

from store_desk.domain.errors import RightMissing
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.services.look_up import desk_lists, find_tickets
from store_desk.services.sync_view import Standing, mark_decided, mark_handled, read_sync
from tests.ui.cancel.scene import CLERK, SUPERVISOR
from tests.ui.sync.scene import Office, begun, finished

TECHNICIAN = Actor("3012", "周启明", Role.TECHNICIAN)


def test_an_answer_is_dealt_with_once_and_the_first_person_stays_on_record(office: Office) -> None:
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    (row,) = office.rows()
    mark_handled(office.desk, CLERK, op_id=row.id, how="told")
    office.clock.pass_(minutes=5)
    mark_handled(office.desk, SUPERVISOR, op_id=row.id, how="reopened")
    (after,) = office.rows()
    assert (after.delivery.handled_by, after.delivery.handled_how) == (CLERK.id, "told")
    with office.desk.read() as uow:
        written = uow.journal.about(row.delivery.envelope.ticket_id, limit=20)
    assert sum(item.what == "answer_handled" for item in written) == 1


def test_what_waits_or_was_confirmed_needs_nobody(office: Office) -> None:
    office.cancel(office.ticket())
    (row,) = office.rows()
    mark_handled(office.desk, CLERK, op_id=row.id, how="told")
    assert office.rows()[0].delivery.handled_at is None
    office.answer()
    mark_handled(office.desk, CLERK, op_id=row.id, how="told")
    assert office.rows()[0].delivery.handled_at is None


def test_dealing_with_answers_takes_a_right_of_the_counter(office: Office) -> None:
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    with pytest.raises(RightMissing):
        mark_handled(office.desk, TECHNICIAN, op_id=office.rows()[0].id, how="told")


def test_a_decision_ends_what_asked_for_it(office: Office) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=begun)
    (row,) = office.rows()
    assert row.standing is Standing.NEEDS_APPROVAL
    with office.desk.work() as uow:
        mark_decided(
            uow, ticket_id=cancelled.ticket.id, case_id=cancelled.case.id, by=SUPERVISOR.id, now=office.clock()
        )
    assert not office.rows()[0].to_handle
    assert read_sync(office.desk, CLERK).counts.to_handle == 0


def test_lists_and_search_mark_tickets_whose_answer_needs_a_person(office: Office) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    other = office.ticket()
    lists = desk_lists(office.desk, CLERK)
    lines = (*lists.needs_action, *lists.open_here, *lists.finished_today)
    marked = {line.ticket.id: line.to_handle for line in lines}
    assert marked[cancelled.ticket.id]
    assert not marked[other.id]
    found = find_tickets(office.desk, CLERK, text=cancelled.ticket.number)
    assert found.lines[0].to_handle
