"""Overruling from the window: refused cases, confirmed ones with a last question, and any one by its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.ticket import Ticket, Work
from store_desk.services.reopen import reopen_ticket
from store_desk.ui.look.theme import install_theme
from store_desk.ui.office.outcomes import OutcomesSection
from tests.services.given import LEVELS
from tests.services.office import DESK as OWN
from tests.services.office import SmallOffice, papers
from tests.shop import NOON
from tests.ui.office.scene import Scene, office


@dataclass
class Outcomes:
    """The section in front, with head office's service behind it."""

    scene: Scene
    hub: SmallOffice
    section: OutcomesSection
    bot: QtBot

    def cancelled(self, *, refused: bool = False) -> Ticket:
        """A ticket whose cancellation head office has confirmed, or refused."""
        shop = self.scene.shop
        ticket = shop.ticket(*LEVELS[2], assignee="3012", due_at=NOON)
        self.hub.knows(ticket, **({"work": Work.DONE, "version": 3} if refused else {}))
        shop.cancel(ticket)
        self.hub.answer()
        shop.clock.forward(minutes=5)
        return ticket

    def case(self, ticket: Ticket) -> CancellationCase:
        """What stands at this desk."""
        with self.scene.shop.desk.read() as uow:
            return uow.cases.of_ticket(ticket.id)[0]

    def sent(self, ticket: Ticket) -> list[str]:
        """The operations made about it."""
        with self.scene.shop.desk.read() as uow:
            return [item.envelope.kind for item in uow.deliveries.of_ticket(ticket.id)]

    def numbers(self) -> list[str]:
        """The tickets that are listed."""
        return [line.cells[0] for line in self.section.table.lines()]

    def shows(self, *tickets: Ticket) -> None:
        """Waits until exactly these are listed."""
        self.bot.waitUntil(lambda: self.numbers() == [ticket.number for ticket in tickets])

    def type_number(self, number: str) -> None:
        """Types into the box and presses Enter."""
        self.section.entry.setFocus()
        self.section.entry.clear()
        self.bot.keyClicks(self.section.entry, number)
        self.bot.keyClick(self.section.entry, Qt.Key.Key_Return)

    def to_confirmed(self) -> None:
        """Goes to the confirmed ones by keys alone."""
        self.section.view.setFocus()
        self.bot.keyClick(self.section.view, Qt.Key.Key_Right)


@pytest.fixture
def at(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Outcomes]:
    """The page of a person of head office, whose desk belongs to head office."""
    install_theme(qapp)
    with office(tmp_path / "desk", qtbot) as scene:
        hub = SmallOffice(scene.shop)
        with hub.hub.transaction() as unit:
            row = unit.lock_desk(OWN, 1)
            assert row is not None
            unit.save_desk(replace(row, role="head_office"))
        scene.show("outcomes")
        section = scene.page.section()
        assert isinstance(section, OutcomesSection)
        yield Outcomes(scene, hub, section, qtbot)


@pytest.mark.req("REQ-EXC-01")
def test_a_refused_case_is_confirmed_with_a_reason(at: Outcomes) -> None:
    ticket = at.cancelled(refused=True)
    at.section.load()
    at.shows(ticket)
    assert at.section.panel.refuse.isHidden() and not at.section.panel.confirm.isEnabled()
    at.section.panel.why.setFocus()
    at.bot.keyClicks(at.section.panel.why, "photo shows it")
    at.bot.keyClick(at.section.panel.why, Qt.Key.Key_Return)
    at.bot.waitUntil(lambda: "已送出改判" in at.scene.banner())
    assert at.sent(ticket)[0] == "overrule"
    at.hub.answer()
    assert at.case(ticket).state is CaseState.CONFIRMED


def test_a_confirmed_case_is_refused_only_after_what_it_does_was_said_and_asked(at: Outcomes) -> None:
    ticket = at.cancelled()
    panel = at.section.panel
    at.to_confirmed()
    at.shows(ticket)
    words = at.scene.words()
    assert "不再有效" in words and "回到撤销前的“审核中”" in words and "致电顾客" in words
    assert not panel.refuse.isEnabled(), "nothing goes without a reason"
    at.bot.keyClick(at.section.table, Qt.Key.Key_Return)
    at.bot.waitUntil(panel.why.hasFocus)
    at.bot.keyClicks(panel.why, "never agreed")
    at.bot.keyClick(panel.why, Qt.Key.Key_Return)
    assert panel.is_asking() and panel.keep.hasFocus() and "顾客手里的撤销单不再作数" in at.scene.words()
    assert at.sent(ticket) == ["cancel"], "nothing was sent yet"
    at.bot.keyClick(panel.keep, Qt.Key.Key_Escape)
    assert not panel.is_asking() and panel.why.text() == "never agreed" and panel.why.hasFocus()
    at.bot.keyClick(panel.why, Qt.Key.Key_Return)
    at.bot.keyClick(panel.keep, Qt.Key.Key_Tab)
    assert panel.do.hasFocus()
    at.bot.keyClick(panel.do, Qt.Key.Key_Space)
    at.bot.waitUntil(lambda: "已送出改判" in at.scene.banner())
    assert at.sent(ticket) == ["overrule", "cancel"]
    at.bot.waitUntil(lambda: at.section.table.lines()[0].cells[5] == "改判已送出")
    panel.why.setText("again")
    assert not panel.refuse.isEnabled(), "one that is on its way is not sent twice"
    at.hub.answer()
    assert at.case(ticket).state is CaseState.REFUSED
    assert at.case(ticket).decided_why == "never agreed"
    at.section.load()
    at.shows()


def test_enter_twice_takes_nothing_back(at: Outcomes) -> None:
    ticket = at.cancelled()
    panel = at.section.panel
    at.to_confirmed()
    at.shows(ticket)
    panel.why.setText("x")
    at.bot.keyClick(panel.why, Qt.Key.Key_Return)
    at.bot.keyClick(panel.keep, Qt.Key.Key_Return)
    assert at.sent(ticket) == ["cancel"]
    at.bot.keyClick(panel.keep, Qt.Key.Key_Space)
    assert not panel.is_asking()
    assert at.sent(ticket) == ["cancel"]


def test_a_case_is_found_by_its_slip_or_its_ticket_whatever_its_outcome(at: Outcomes) -> None:
    confirmed, refused = at.cancelled(), at.cancelled(refused=True)
    at.cancelled()
    at.type_number(papers(at.scene.shop, confirmed)[0].number.lower())
    at.shows(confirmed)
    assert at.section.view.value() is None
    at.bot.waitUntil(at.section.table.hasFocus)
    assert not at.section.panel.refuse.isHidden() and at.section.panel.confirm.isHidden()
    at.type_number(refused.number)
    at.shows(refused)
    assert at.section.panel.refuse.isHidden() and not at.section.panel.confirm.isHidden()
    at.type_number("XH9-26-S000001-Z")
    at.shows()
    assert "XH9-26-S000001-Z" in at.scene.words()
    at.section.entry.setFocus()
    at.bot.keyClick(at.section.entry, Qt.Key.Key_Escape)
    at.shows(refused)
    assert at.section.view.value() == "refused"


def test_the_question_ends_when_another_case_is_chosen(at: Outcomes) -> None:
    first, second = at.cancelled(), at.cancelled()
    panel = at.section.panel
    at.to_confirmed()
    at.shows(second, first)
    panel.why.setText("x")
    at.bot.keyClick(panel.why, Qt.Key.Key_Return)
    assert panel.is_asking()
    at.section.load()
    at.bot.waitUntil(lambda: at.section.current() is not None)
    assert panel.is_asking() and panel.why.text() == "x", "reading it again takes nothing away"
    at.bot.keyClick(at.section.table, Qt.Key.Key_Down)
    assert not panel.is_asking() and panel.why.text() == ""


def test_a_ticket_that_was_reopened_is_named_before_its_cancellation_is_refused(at: Outcomes) -> None:
    ticket = at.cancelled()
    at.scene.shop.clock.forward(hours=2)
    made = reopen_ticket(at.scene.shop.desk, at.scene.shop.supervisor, ticket_id=ticket.id, note="又坏了")
    at.to_confirmed()
    at.shows(ticket)
    assert f"重开为 {made.ticket.number}" in at.scene.words()


def test_all_of_it_is_said_in_english_too(at: Outcomes) -> None:
    ticket = at.cancelled()
    at.to_confirmed()
    at.shows(ticket)
    at.section.panel.why.setText("x")
    at.bot.keyClick(at.section.panel.why, Qt.Key.Key_Return)
    at.scene.bench.language.switch("en")
    words = at.scene.words()
    assert "no longer stands" in words and "Sure?" in words and "Keep the cancellation" in words
