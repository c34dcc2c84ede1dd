"""What happened to a ticket with head office in it: asked, answered, overruled, and what went wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store_desk.domain.policy import Policy
from store_desk.domain.ticket import Work
from store_desk.services.look_up import open_ticket
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.events import KINDS, EventWords, events_of
from store_desk.ui.desk.moments import Moments
from store_desk.words import Lang
from tests.services.office import SmallOffice
from tests.shop import Shop
from tests.ui.approvals.scene import bench_of

Read = Callable[[str, Lang], list[EventWords]]


@pytest.fixture
def read(shop: Shop) -> Any:
    """The events of a ticket in a language, newest first."""
    benches = []

    def events(ticket_id: str, lang: Lang = "zh") -> list[EventWords]:
        bench = bench_of(shop, shop.clerk, lang)
        benches.append(bench)
        opened = Opened(open_ticket(shop.desk, shop.clerk, ticket_id=ticket_id), Policy(), {})
        return events_of(opened, language=bench.language, moments=Moments(bench))

    yield events
    for bench in benches:
        for lane in (bench.database, bench.printer, bench.files):
            lane.stop()


def test_a_cancellation_that_head_office_answers_shows_both(shop: Shop, read: Read) -> None:
    office = SmallOffice(shop)
    ticket = shop.ticket()
    office.knows(ticket)
    shop.cancel(ticket)
    shop.clock.forward(minutes=1)
    office.answer()
    first, second = read(ticket.id, "zh")[:2]
    assert (first.title, first.sub) == ("撤销已确认", "总部")
    assert second.title == "已登记撤销申请：误操作提交"
    assert [event.title for event in read(ticket.id, "en")[:2]] == [
        "Cancellation confirmed",
        "Cancellation requested: Opened by mistake",
    ]


def test_a_refusal_is_told_as_one(shop: Shop, read: Read) -> None:
    office = SmallOffice(shop)
    ticket = shop.ticket()
    office.knows(ticket, work=Work.DONE, version=3)
    shop.cancel(ticket)
    shop.clock.forward(minutes=1)
    office.answer()
    newest = read(ticket.id, "zh")[0]
    assert (newest.title, newest.icon) == ("撤销未通过", "octagon-x")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_is_shown_in_words_whatever_facts_it_has(shop: Shop, read: Read, lang: Lang) -> None:
    facts: dict[str, object] = {"why": "因为", "how": "打过电话", "told": "refused", "survivor": "T-7", "slip": "S-9"}
    for what in KINDS:
        ticket = shop.ticket()
        with shop.desk.work() as uow:
            for given in ({}, facts, {"told": "something newer"}):
                uow.journal.write(at=shop.clock(), actor="", what=what, subject=ticket.id, facts=given)
        titles = [event.title for event in read(ticket.id, lang)]
        assert len(titles) == 4 and all(titles)
        assert not any(what in title or "{" in title for title in titles)
