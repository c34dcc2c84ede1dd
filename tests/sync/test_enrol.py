"""Joining a head office for good, for another place, twice, and again after it forgot the desk."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest

from store_desk.app.office_line import join_here
from store_desk.domain.case import CaseState
from store_desk.domain.errors import SettingInvalid
from store_desk.domain.office_errors import (
    AlreadyEnrolled,
    DeskUnknown,
    EnrolledElsewhere,
    EnrolmentRefused,
    HubUnreachable,
    TicketOfOtherStore,
)
from store_desk.hub.enrolling import Place
from store_desk.services.enrolment import ENROLMENT, contact_of, put_contact, put_enrolment, read_enrolment
from store_desk.services.office import Joined
from store_desk.sync.enrol import DONE, PAST, join
from store_desk.sync.hub_client import HttpLink
from store_desk.sync.office import OfficeOverHttp  # noqa: F401  (the module of administration loads beside)
from store_desk.wire.joining import EnrolReply
from tests.hub.http.conftest import Running
from tests.sync.scene import Counter


def test_joining_tells_head_office_of_tickets_people_and_slips(here: Counter, service: Running) -> None:
    plain, cancelled = here.shop.ticket(), here.shop.ticket()
    here.cancel(cancelled)
    told: list[tuple[str, int, int]] = []
    code = service.code(_place())
    made = join_here(here.shop.opened, str(service.client.base_url), code, lambda *step: told.append(step))
    assert made == Joined("XH", 2, "desk", tickets=2, conflicts=0)
    assert [step for step, _, _ in told][:2] == ["asking", "key"]
    assert ("uploading", 2, 2) in told
    rows = service.do(
        lambda unit: unit.connection.execute(
            "select (select count(*) from ticket_record), (select count(*) from person where store = 'XH'), "
            "(select count(*) from desk_slip)"
        ).fetchone()
    )
    assert rows == (2, 6, 1)
    with here.shop.desk.read() as uow:
        assert uow.settings.get(PAST) == DONE
        assert set(uow.records.known_ids()) == {plain.id, cancelled.id}
    assert here.case(cancelled).state is CaseState.CONFIRMED
    assert here.enrolment.epoch
    assert here.round().sent == 0


def test_tickets_that_an_export_gave_to_the_store_by_its_name_are_the_stores_own_at_head_office(
    here: Counter, service: Running
) -> None:
    identity = here.shop.desk.identity
    named = here.shop.ticket(store=f" {identity.store_name} ", number="AS-1", source="file")
    coded = here.shop.ticket(store="XH", number="AS-2", source="file")
    twice = here.shop.ticket(store=identity.store_name, number="AS-2", source="file")
    foreign = here.shop.ticket(store="别的店", number="AS-3", source="file")
    assert here.join(service).conflicts == 2
    stores = {ticket.id: here.shop.load(ticket.id).store for ticket in (named, coded, twice, foreign)}
    assert stores == {named.id: "XH", coded.id: "XH", twice.id: identity.store_name, foreign.id: "别的店"}
    here.cancel(named)
    here.round()
    assert here.case(named).state is CaseState.CONFIRMED
    with pytest.raises(TicketOfOtherStore):
        here.cancel(foreign)


def test_a_code_for_another_place_changes_nothing_here(here: Counter, service: Running) -> None:
    with pytest.raises(EnrolledElsewhere) as caught:
        here.join(service, number=7)
    assert (caught.value.facts["desk"], caught.value.facts["own_desk"]) == (7, 2)
    assert read_enrolment(here.shop.desk) is None
    used = service.do(lambda unit: unit.connection.execute("select count(used_at) from enrolment_code").fetchone()[0])
    assert used == 0


def test_a_wrong_code_is_refused_and_the_right_one_works_after_it(here: Counter, service: Running) -> None:
    url = str(service.client.base_url)
    with pytest.raises(EnrolmentRefused):
        join_here(here.shop.opened, url, "AAAA-AAAA")
    here.join(service)
    assert here.enrolment.inc == 1


def test_a_desk_joins_once(joined: Counter, service: Running) -> None:
    with pytest.raises(AlreadyEnrolled):
        joined.join(service, number=5)


@pytest.mark.parametrize(
    "url", ["http://hq.example.com", "ftp://127.0.0.1", "https://", "https://a.example/x", "https://u:p@a.example", "x"]
)
def test_an_address_that_others_could_read_is_refused(here: Counter, url: str) -> None:
    with pytest.raises(SettingInvalid):
        join_here(here.shop.opened, url, "7KQ2-M4XD")


def test_nothing_is_kept_of_a_head_office_that_is_not_there(here: Counter) -> None:
    with pytest.raises(HubUnreachable) as caught:
        join_here(here.shop.opened, "http://127.0.0.1:9", "7KQ2-M4XD")
    assert caught.value.facts["detail"] == "closed"
    assert read_enrolment(here.shop.desk) is None


def test_a_desk_that_head_office_forgot_joins_again_and_sends_what_waited(joined: Counter, service: Running) -> None:
    answered, waiting = joined.shop.ticket(), joined.shop.ticket()
    joined.cancel(answered)
    joined.round()
    joined.cancel(waiting)
    service.do(forget)
    joined.join(service)
    assert joined.enrolment.inc == 2
    assert joined.case(answered).state is CaseState.CONFIRMED
    assert joined.case(waiting).state is CaseState.CONFIRMED
    assert joined.round().waiting == 0
    states = service.do(
        lambda unit: sorted(
            row[0] for row in unit.connection.execute("select case_state from ticket_record").fetchall()
        )
    )
    assert states == ["confirmed", "confirmed"]


def test_a_reply_that_was_lost_while_joining_again_is_asked_for_with_the_same_code(
    joined: Counter, service: Running
) -> None:
    waiting = joined.shop.ticket()
    joined.round()
    joined.cancel(waiting)
    service.do(forget)
    desk = joined.shop.desk
    with pytest.raises(DeskUnknown):
        joined.round()
    with desk.work() as uow:
        # As the rounds of the window keep it.
        put_contact(uow, replace(contact_of(uow), problem=DeskUnknown.code))
    url, code = joined.enrolment.url, service.code(_place())
    with pytest.raises(HubUnreachable):
        join(desk, url, code, make_link=lambda desk, who, _: Deaf(desk, who=who))
    assert joined.contact.problem == DeskUnknown.code, "nothing was changed by what was not heard"
    made = join_here(joined.shop.opened, url, code)
    assert (made.store, made.desk) == ("XH", 2)
    assert joined.contact.problem == ""
    assert joined.case(waiting).state is CaseState.CONFIRMED
    assert joined.round().waiting == 0


def test_joining_again_at_another_address_asks_whether_it_really_was_forgotten(
    joined: Counter, service: Running
) -> None:
    elsewhere = replace(joined.enrolment, url=joined.enrolment.url.replace("127.0.0.1", "localhost"))
    with joined.shop.desk.work() as uow:
        put_contact(uow, replace(contact_of(uow), problem=DeskUnknown.code))
        put_enrolment(uow, elsewhere)
    with pytest.raises(AlreadyEnrolled):
        joined.join(service, number=5)


def test_joining_again_keeps_the_authority_by_which_head_office_is_known(joined: Counter, service: Running) -> None:
    known = replace(joined.enrolment, authority=_authority())
    with joined.shop.desk.work() as uow:
        put_enrolment(uow, known)
    service.do(forget)
    joined.join(service)
    assert joined.enrolment.authority == known.authority


def test_a_desk_put_back_to_before_it_joined_is_admitted_again(joined: Counter, service: Running) -> None:
    ticket = joined.shop.ticket()
    joined.cancel(ticket)
    joined.round()
    with joined.shop.desk.work() as uow:
        uow.settings.put(ENROLMENT, "")
    service.do(lambda unit: unit.connection.execute("update desk set revoked_at = now() where number = 2"))
    joined.join(service)
    assert joined.enrolment.inc == 2
    assert joined.round().waiting == 0
    assert joined.case(ticket).state is CaseState.CONFIRMED


class Deaf(HttpLink):
    """A line that breaks as soon as head office has enrolled the desk."""

    def enrol(self, code: str, *, name: str = "") -> EnrolReply:
        super().enrol(code, name=name)
        raise HubUnreachable(detail="broken_off")


def _authority() -> str:
    """A certificate that any line reads and this one, which is plain, does not ask for."""
    context = ssl.create_default_context()
    return ssl.DER_cert_to_PEM_cert(context.get_ca_certs(binary_form=True)[0])


def _place() -> Place:
    return Place("XH", 2)


def forget(unit: object) -> None:
    """As if head office had been restored from before the desk joined."""
    connection = unit.connection  # type: ignore[attr-defined]  # a unit of the service
    connection.execute("set session_replication_role = replica")
    for table in ("feed", "operation", "desk_answer", "ticket_record", "desk_slip", "snapshot_chunk", "snapshot"):
        connection.execute(f"delete from {table}")  # names of this list
    connection.execute("delete from desk_incarnation")
    connection.execute("delete from enrolment_code")
    connection.execute("delete from desk")
    connection.execute("update store_head set seq = 0, hash = decode(repeat('00', 32), 'hex'), floor = 0")
    connection.execute("set session_replication_role = origin")
