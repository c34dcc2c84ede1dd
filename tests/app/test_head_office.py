"""Head office behind the window: sent at once, heard at once, honest about its state, and ended without waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random

import pytest
from pytestqt.qtbot import QtBot

from store_desk.app.head_office import HeadOffice
from store_desk.app.main import make_program, parse
from store_desk.domain.case import CaseState
from store_desk.domain.office_errors import EnrolmentRefused
from store_desk.hub.enrolling import Place
from store_desk.services.cancel import cancel_ticket
from store_desk.services.desk import Desk
from store_desk.services.enrolment import put_enrolment, read_enrolment
from tests.hub.conftest import *  # noqa: F403  (fixtures of the embedded database)
from tests.hub.http.conftest import Running
from tests.sync.conftest import here, joined, make_counter, service, there  # noqa: F401
from tests.sync.scene import Counter
from tests.sync.test_enrol import forget
from tests.sync.test_hub_client import PORTAL, answering, reply

PATIENCE_MS = 10_000


@pytest.fixture
def begin(qtbot: QtBot) -> Iterator[Callable[[Counter], HeadOffice]]:
    """Starts the rounds of a desk."""
    made: list[HeadOffice] = []

    def start(desk: Counter) -> HeadOffice:
        office = HeadOffice(desk.shop.opened, random=Random(1))
        made.append(office)
        office.start()
        return office

    yield start
    for office in made:
        office.stop()


def cancel(desk: Counter, office: HeadOffice, ticket_id: str) -> str:
    """Cancels as the window does; answers the case."""
    command = desk.shop.command(desk.shop.load(ticket_id))
    return cancel_ticket(office.watched(), desk.shop.clerk, command).case.id


def move(desk: Counter, url: str) -> None:
    """Head office seems to be somewhere else."""
    enrolment = replace(desk.enrolment, url=url)
    with desk.shop.desk.work() as uow:
        put_enrolment(uow, enrolment)


def test_a_cancellation_is_confirmed_within_the_time_that_printing_waits(
    joined: Counter,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
    qtbot: QtBot,
) -> None:
    tickets = [joined.shop.ticket() for _ in range(5)]
    office = begin(joined)
    assert office.wait_for_round(0, 10) == 1
    took = []
    for ticket in tickets:
        with qtbot.waitSignal(office.link.settled, timeout=PATIENCE_MS) as heard:
            began = time.monotonic()
            case_id = cancel(joined, office, ticket.id)
        took.append(time.monotonic() - began)
        assert heard.args == [case_id]
        assert joined.case(ticket).state is CaseState.CONFIRMED
    assert sorted(took)[2] < 2.0
    qtbot.waitUntil(lambda: not office.link.state().running, timeout=PATIENCE_MS)
    assert office.link.state().connected
    assert office.link.state().waiting == 0


def test_what_another_desk_did_is_here_without_waiting_for_the_next_round(
    joined: Counter,  # noqa: F811
    there: Counter,  # noqa: F811
    service: Running,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
    qtbot: QtBot,
) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    there.join(service)
    office = begin(joined)
    office.wait_for_round(0, 10)
    qtbot.waitUntil(lambda: office._heard.well or office._rounds > 0, timeout=PATIENCE_MS)
    there.cancel(ticket)
    there.round()

    def is_here() -> bool:
        with joined.shop.desk.read() as uow:
            return any(case.state is CaseState.CONFIRMED for case in uow.cases.of_ticket(ticket.id))

    began = time.monotonic()
    qtbot.waitUntil(is_here, timeout=PATIENCE_MS)
    assert time.monotonic() - began < 8


def test_without_a_line_work_is_counted_and_goes_when_it_is_back(
    joined: Counter,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
    qtbot: QtBot,
) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    url = joined.enrolment.url
    move(joined, "http://127.0.0.1:9")
    office = begin(joined)
    qtbot.waitUntil(lambda: not office.link.state().connected, timeout=PATIENCE_MS)
    assert office.link.state().problem == ""
    case_id = cancel(joined, office, ticket.id)
    qtbot.waitUntil(lambda: office.link.state().waiting == 1, timeout=PATIENCE_MS)
    assert office.unsent() == 1
    move(joined, url)
    with qtbot.waitSignal(office.link.settled, timeout=PATIENCE_MS) as heard:
        office.link.wake()
    assert heard.args == [case_id]
    qtbot.waitUntil(lambda: office.link.state().connected and office.link.state().waiting == 0, timeout=PATIENCE_MS)


def test_a_sign_in_page_is_named_as_the_problem(
    joined: Counter,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
    qtbot: QtBot,
) -> None:
    with answering(reply("200 OK", "text/html", PORTAL)) as (url, _):
        move(joined, url)
        office = begin(joined)
        qtbot.waitUntil(lambda: office.link.state().problem == "hub_not_genuine", timeout=PATIENCE_MS)
    assert not office.link.state().connected
    assert joined.contact.problem == "hub_not_genuine"


def test_it_ends_at_once_while_a_question_is_open(
    joined: Counter,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
    qtbot: QtBot,
) -> None:
    office = begin(joined)
    office.wait_for_round(0, 10)
    qtbot.waitUntil(lambda: office.link.state().connected and not office.link.state().running, timeout=PATIENCE_MS)
    began = time.monotonic()
    office.stop()
    assert time.monotonic() - began < 3
    assert not any(thread.is_alive() for thread in office._threads)


def test_rounds_go_on_after_a_joining_that_was_refused(
    joined: Counter,  # noqa: F811
    begin: Callable[[Counter], HeadOffice],
) -> None:
    office = begin(joined)
    office.wait_for_round(0, 10)
    old = list(office._threads)
    with pytest.raises(EnrolmentRefused), office.resting():
        assert not any(thread.is_alive() for thread in old)
        raise EnrolmentRefused()
    rounds = office._rounds
    assert office.wait_for_round(rounds, 10) > rounds
    with office.resting():
        office.stop()
    assert not any(thread.is_alive() for thread in office._threads), "what has ended does not begin again"


def test_joining_from_the_window_brings_head_office_into_it_and_the_end_says_what_waits(
    here: Counter,  # noqa: F811
    service: Running,  # noqa: F811
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ticket = here.shop.ticket()
    here.close()
    program = make_program(parse(["--data", str(here.folder), "--lang", "en"]))
    assert program is not None
    program.frame.show()
    program._after_first_paint()
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    bench = program.bench
    assert bench.head_office is None
    assert bench.join is not None
    program._on_signed_in(here.shop.clerk)
    alone = program.window
    assert alone.wire is None
    doing = bench.far.submit(
        partial(bench.join, str(service.client.base_url), service.code(Place("XH", 2)), lambda *_: None)
    )
    qtbot.waitUntil(lambda: program.window is not alone, timeout=15_000)
    assert doing.result().tickets == 1
    assert program.window.wire is not None
    link = program.bench.head_office
    qtbot.waitUntil(lambda: link.state().connected and not link.state().running, timeout=PATIENCE_MS)
    move_to(program.bench.desk, "http://127.0.0.1:9")
    shop = here.shop
    command = replace(shop.command(ticket), seen_version=_version(program.bench.desk, ticket.id))
    cancel_ticket(program.bench.desk, shop.clerk, command)
    qtbot.waitUntil(lambda: link.state().waiting == 1, timeout=PATIENCE_MS)
    began = time.monotonic()
    program.frame.close()
    assert time.monotonic() - began < 5
    assert "1 operation not yet sent" in capsys.readouterr().err
    program.frame.deleteLater()


def test_a_desk_that_was_forgotten_joins_again_from_the_window_and_what_waited_is_sent(
    joined: Counter,  # noqa: F811
    service: Running,  # noqa: F811
    qtbot: QtBot,
) -> None:
    ticket = joined.shop.ticket()
    joined.round()
    service.do(forget)
    joined.close()
    program = make_program(parse(["--data", str(joined.folder), "--lang", "en"]))
    assert program is not None
    program.frame.show()
    program._after_first_paint()
    qtbot.waitUntil(lambda: program.bench is not None, timeout=15_000)
    desk, link = program.bench.desk, program.bench.head_office
    qtbot.waitUntil(lambda: link.state().problem == "desk_unknown", timeout=PATIENCE_MS)
    cancel_ticket(desk, joined.shop.clerk, joined.shop.command(replace(ticket, version=_version(desk, ticket.id))))
    program._on_signed_in(joined.shop.clerk)
    before = program.window
    rounds = program.far.rounds
    old = list(rounds._threads)
    doing = program.bench.far.submit(
        partial(program.bench.join, str(service.client.base_url), service.code(Place("XH", 2)), lambda *_: None)
    )
    qtbot.waitUntil(lambda: program.window is not before, timeout=15_000)
    assert doing.result().store == "XH"
    with desk.read() as uow:
        assert uow.cases.of_ticket(ticket.id)[0].state is CaseState.CONFIRMED
        assert uow.deliveries.unanswered(limit=9) == []
    assert not any(thread.is_alive() for thread in old), "no round of before goes on beside the new ones"
    assert len(rounds._threads) == 2
    qtbot.waitUntil(lambda: link.state().connected and not link.state().running, timeout=PATIENCE_MS)
    assert link.state().problem == "" and link.state().waiting == 0
    program.frame.close()
    assert not any(thread.is_alive() for thread in rounds._threads)
    program.frame.deleteLater()


def move_to(desk: Desk, url: str) -> None:
    """The address of head office is another one."""
    enrolment = read_enrolment(desk)
    assert enrolment is not None
    with desk.work() as uow:
        put_enrolment(uow, replace(enrolment, url=url))


def _version(desk: Desk, ticket_id: str) -> int:
    with desk.read() as uow:
        found = uow.tickets.get(ticket_id)
    assert found is not None
    return found.version
