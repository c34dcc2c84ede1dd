"""Rounds between real desks and a real head office: confirmed, superseded, broken off, restored, copied."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.errors import StaffDisabled
from store_desk.domain.office_errors import HubUnreachable, ImportAtHeadOffice
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.hub.administration import save_person
from store_desk.services import people
from store_desk.services.enrolment import put_enrolment
from store_desk.wire.office import PersonMessage
from tests.hub.http.conftest import Running
from tests.shop import PINS
from tests.sync.scene import Counter, reopened


def offline(desk: Counter) -> str:
    """Takes the line away; answers the address that was."""
    enrolment = desk.enrolment
    with desk.shop.desk.work() as uow:
        put_enrolment(uow, replace(enrolment, url="http://127.0.0.1:9"))
    return enrolment.url


def online(desk: Counter, url: str) -> None:
    """Gives the line back."""
    enrolment = replace(desk.enrolment, url=url)
    with desk.shop.desk.work() as uow:
        put_enrolment(uow, enrolment)


def test_a_cancellation_without_a_line_is_provisional_and_final_once_it_is_back(joined: Counter) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    url = offline(joined)
    joined.cancel(ticket)
    with pytest.raises(HubUnreachable):
        joined.round()
    assert joined.case(ticket).state is CaseState.PENDING_HEAD_OFFICE
    (paper,) = joined.papers(ticket)
    assert slip_from_json(paper.body).status.value == "provisional"
    online(joined, url)
    report = joined.round()
    assert (report.sent, report.answered, report.waiting) == (1, 1, 0)
    assert joined.case(ticket).state is CaseState.CONFIRMED
    assert [row.variant for row in joined.papers(ticket)] == [SlipVariant.CANCELLATION, SlipVariant.REQUEST]
    assert slip_from_json(joined.papers(ticket)[0].body).status.value == "final"


def test_the_second_of_two_desks_is_told_of_the_first(joined: Counter, there: Counter, service: Running) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    there.join(service)
    joined.cancel(ticket)
    there.cancel(ticket)
    joined.round()
    assert there.round().refused == 1
    assert joined.case(ticket).state is CaseState.CONFIRMED
    with there.shop.desk.read() as uow:
        states = {case.state for case in uow.cases.of_ticket(ticket.id)}
    assert states == {CaseState.SUPERSEDED, CaseState.CONFIRMED}
    assert joined.round().received >= 0
    with joined.shop.desk.read() as one, there.shop.desk.read() as other:
        mine, theirs = one.tickets.get(ticket.id), other.tickets.get(ticket.id)
    assert mine is not None
    assert theirs is not None
    assert (mine.version, mine.review, mine.work) == (theirs.version, theirs.review, theirs.work)


def test_an_answer_that_was_lost_on_the_way_comes_with_the_next_round(joined: Counter, service: Running) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    joined.cancel(ticket)
    line = joined.line()
    plain = line.push

    def push(*given: object, **named: object) -> object:
        plain(*given, **named)  # type: ignore[arg-type]  # handed on as it came
        raise HubUnreachable(detail="broken_off")

    from store_desk.sync.cycle import run_cycle

    line.push = push  # type: ignore[method-assign, assignment]  # the line breaks after head office has acted
    with pytest.raises(HubUnreachable):
        run_cycle(joined.shop.desk, line)
    assert joined.case(ticket).state is CaseState.PENDING_HEAD_OFFICE
    report = joined.round()
    assert report.waiting == 0
    assert joined.case(ticket).state is CaseState.CONFIRMED
    count = service.do(lambda unit: unit.connection.execute("select count(*) from operation").fetchone())
    assert count == (1,)


@pytest.mark.parametrize("told", [True, False])
def test_a_restored_head_office_gets_again_what_it_lost(joined: Counter, service: Running, told: bool) -> None:
    early, late = joined.shop.ticket(), joined.shop.ticket()
    joined.cancel(early)
    joined.round()
    joined.round()
    image = service.do(_image)
    joined.cancel(late)
    joined.round()
    assert joined.case(late).state is CaseState.CONFIRMED
    service.do(lambda unit: _restore(unit, image))
    if told:
        service.do(lambda unit: unit.connection.execute("update meta set value = 'restored' where name = 'epoch'"))
    report = joined.round()
    assert report.restored
    assert joined.round().waiting == 0
    assert joined.case(late).state is CaseState.CONFIRMED
    states = service.do(
        lambda unit: [row[0] for row in unit.connection.execute("select case_state from ticket_record").fetchall()]
    )
    assert states == ["confirmed", "confirmed"]


TABLES = ("ticket_record", "operation", "desk_answer", "feed", "store_head", "desk_incarnation")


def _image(unit: object) -> dict[str, list[tuple[object, ...]]]:
    connection = unit.connection  # type: ignore[attr-defined]  # a unit of the service
    return {name: connection.execute(f"select t::text from {name} t").fetchall() for name in TABLES}


def _restore(unit: object, image: object) -> None:
    connection = unit.connection  # type: ignore[attr-defined]  # a unit of the service
    connection.execute("set session_replication_role = replica")
    for name in TABLES:
        connection.execute(f"delete from {name}")  # names of this list
        for (text,) in image[name]:  # type: ignore[index]  # made by _image
            connection.execute(f"insert into {name} select (%s::{name}).*", (text,))
    connection.execute("delete from snapshot_chunk")
    connection.execute("delete from snapshot")
    connection.execute("set session_replication_role = origin")


def test_a_folder_copied_to_a_second_machine_is_found_out_and_loses_nothing(joined: Counter, tmp_path: Path) -> None:
    first, second, third = (joined.shop.ticket() for _ in range(3))
    joined.round()
    joined.shop.opened.store.checkpoint(truncate=True)
    shutil.copytree(joined.folder, tmp_path / "copy")
    joined.cancel(first)
    joined.round()
    copy = reopened(tmp_path / "copy")
    try:
        copy.cancel(second)
        report = copy.round()
        assert report.copied
        assert copy.enrolment.inc == 2
        assert copy.contact.copied_at is not None
        assert copy.round().waiting == 0
        assert copy.case(second).state is CaseState.CONFIRMED
        assert copy.case(first).state is CaseState.CONFIRMED
        # The machine that was copied goes on and is found out in its turn, or not at all.
        joined.cancel(third)
        joined.round()
        assert joined.round().waiting == 0
        assert joined.case(third).state is CaseState.CONFIRMED
        assert joined.case(second).state is CaseState.CONFIRMED
    finally:
        copy.close()


def test_a_person_whom_head_office_disabled_cannot_sign_in(joined: Counter, service: Running) -> None:
    assert people.sign_in(joined.shop.desk, staff_id="2047", pin=PINS["2047"]).actor.role is Role.CLERK

    def disable(unit: object) -> None:
        unit.connection.execute(  # type: ignore[attr-defined]  # a unit of the service
            "update person set enabled = false where id = '2047'"
        )
        # Publishing anything makes the rules newer.
        person = PersonMessage(store="XH", id="7777", name="某人", role=Role.CLERK)
        save_person(unit, person, by="test")  # type: ignore[arg-type]  # a unit of the service
        unit.connection.execute("update rules_version set version = version + 1")  # type: ignore[attr-defined]

    service.do(disable)
    joined.round()
    with pytest.raises(StaffDisabled):
        people.sign_in(joined.shop.desk, staff_id="2047", pin=PINS["2047"])


def test_a_file_is_not_brought_in_at_a_desk_of_head_office(joined: Counter, tmp_path: Path) -> None:
    from store_desk.app.importing import DeskImporting

    importing = DeskImporting(joined.shop.desk, joined.shop.opened.store)
    with pytest.raises(ImportAtHeadOffice):
        importing.look(tmp_path / "export.csv")


def test_the_slip_of_a_revoked_desk_is_known_as_such(joined: Counter, there: Counter, service: Running) -> None:
    from store_desk.app.trust import known_keys
    from store_desk.domain.proof import Trust

    there.join(service)
    joined.round()
    signer = there.shop.desk.signer
    assert signer is not None
    found = Trust(known_keys(joined.shop.opened)).find(signer.public_key)
    assert found is not None
    assert (found.desk, found.revoked) == (3, False)

    def revoke(unit: object) -> None:
        unit.connection.execute("update desk set revoked_at = now() where number = 3")  # type: ignore[attr-defined]
        unit.connection.execute("update rules_version set version = version + 1")  # type: ignore[attr-defined]

    service.do(revoke)
    joined.round()
    found = Trust(known_keys(joined.shop.opened)).find(signer.public_key)
    assert found is not None
    assert found.revoked
