"""The Sync page on a real store: what it says, the ways out by digit, and what each leaves on record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.slip import Both
from store_desk.services.sync_view import Standing, SyncRow, is_to_handle, standing_of
from store_desk.ui.desk.moments import Moments
from store_desk.ui.sync.exchange import exchange_of
from store_desk.ui.sync.page import SyncPage
from store_desk.ui.sync.rows import row_words
from store_desk.ui.sync.told import told_of
from tests.ui.cancel.hands import press
from tests.ui.cancel.scene import CLERK
from tests.ui.sync.scene import Office, begun, cancelled_elsewhere, finished

CTRL = Qt.KeyboardModifier.ControlModifier


def open_page(office: Office, qtbot: QtBot) -> SyncPage:
    """The page, read and shown."""
    page = SyncPage(office.bench)
    qtbot.addWidget(page)
    page.resize(1286, 672)
    page.show()
    page.activateWindow()
    with qtbot.waitSignal(page.counted):
        page.refresh()
    page.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.table.view)
    return page


def said(page: SyncPage) -> list[str]:
    """What the rows say, in order."""
    model = page.table.model
    return [model.words(place).outcome for place in range(model.rowCount())]


def row_of(office: Office, result: Result) -> SyncRow:
    """The one operation with this answer."""
    return next(row for row in office.rows() if row.result is result)


def test_what_was_refused_comes_first_and_each_operation_says_how_it_stands(office: Office, qtbot: QtBot) -> None:
    office.cancel(office.ticket())
    office.answer()
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    office.cancel(office.ticket())
    office.answer(meanwhile=begun)
    office.cancel(office.ticket())
    office.send()
    office.clock.pass_(seconds=1)
    office.cancel(office.ticket())
    office.clock.pass_(seconds=1)
    page = open_page(office, qtbot)
    assert said(page) == ["被拒", "待主管", "已排队", "待确认", "已确认"]
    assert page.figures.to_handle.accessibleName() == "2 需要处理"
    assert page.figures.waiting.accessibleName() == "2 等待总部"
    assert page.figures.confirmed.accessibleName() == "1 今天已确认"
    page.filter.choose("action")
    assert said(page) == ["被拒", "待主管"]
    page.filter.choose("confirmed")
    assert said(page) == ["已确认"]
    office.bench.language.switch("en")
    assert said(page) == ["Confirmed"]


def test_a_refusal_says_what_why_what_changed_and_what_did_not(office: Office, qtbot: QtBot) -> None:
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    page = open_page(office, qtbot)
    words = page.panel.words()
    assert "撤销未通过" in words
    assert "14:18" in words
    assert "变了：" in words
    assert "没变：" in words
    assert "登记：撤销工单，版本 1" in words
    assert "答复：拒绝，工单已结束，版本 3" in words
    assert 2 <= len(page.panel.shown_ways()) <= 3


def test_nothing_on_a_refused_row_sends_the_old_operation_again(office: Office, qtbot: QtBot) -> None:
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    before = row_of(office, Result.REFUSED_DONE)
    page = open_page(office, qtbot)
    assert page.panel.ask.isVisible()
    page.panel.ask.click()
    assert QApplication.focusWidget() is page.panel.ways.why
    assert not page.panel.do.isEnabled(), "head office is told why"
    page.panel.ways.why.insert("顾客说还没收到")
    page.panel.ways.why.textEdited.emit(page.panel.ways.why.text())
    with qtbot.waitSignal(page.counted):
        press(Qt.Key.Key_Return, CTRL)
    after = {row.id: row for row in office.rows()}
    old = after.pop(before.id)
    assert old.delivery.sent_n == before.delivery.sent_n
    assert old.delivery.handled_how == "head_office"
    (new,) = after.values()
    assert new.delivery.envelope.kind == "ask"
    assert "顾客说还没收到" in new.delivery.envelope.payload
    assert office.woken, "the question leaves at once"
    assert office.answer() == [Result.ACCEPTED]


def test_digits_choose_and_ctrl_enter_tells_the_customer_with_the_notice_and_the_journal(
    office: Office, qtbot: QtBot
) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    page = open_page(office, qtbot)
    press(Qt.Key.Key_2)
    assert page.panel.ways.digit() == 2
    press(Qt.Key.Key_1)
    with qtbot.waitSignal(page.print_asked) as printed, qtbot.waitSignal(page.counted):
        press(Qt.Key.Key_Return, CTRL)
    row = row_of(office, Result.REFUSED_DONE)
    assert row.slip is not None
    assert printed.args == [row.slip.number]
    assert (row.delivery.handled_by, row.delivery.handled_how, row.to_handle) == (CLERK.id, "told", False)
    with office.desk.read() as uow:
        entry = next(item for item in uow.journal.about(cancelled.ticket.id, limit=20) if item.what == "answer_handled")
    assert json.loads(entry.facts)["result"] == "refused_done"
    qtbot.waitUntil(lambda: "林晓雨" in page.panel.words())
    assert page.panel.shown_ways() == ()
    assert page.to_handle == 0


def test_a_second_way_opens_the_ticket(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    page = open_page(office, qtbot)
    press(Qt.Key.Key_2)
    with qtbot.waitSignal(page.ticket_asked) as asked:
        press(Qt.Key.Key_Return, CTRL)
    assert asked.args == [cancelled.ticket.id]
    assert row_of(office, Result.REFUSED_DONE).delivery.handled_how == "reopened"


def test_enter_opens_the_ticket_and_ends_nothing(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    page = open_page(office, qtbot)
    with qtbot.waitSignal(page.ticket_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [cancelled.ticket.id]
    assert row_of(office, Result.REFUSED_DONE).to_handle


def test_what_needs_a_supervisor_goes_to_approvals_and_stays_a_request(office: Office, qtbot: QtBot) -> None:
    cancelled = office.cancel(office.ticket())
    office.answer(meanwhile=begun)
    page = open_page(office, qtbot)
    assert "总部要求主管批准" in page.panel.words()
    assert not page.panel.ask.isVisible(), "nothing was refused"
    with qtbot.waitSignal(page.approvals_asked) as asked:
        press(Qt.Key.Key_Return, CTRL)
    assert asked.args == [cancelled.ticket.id]
    with office.desk.read() as uow:
        assert uow.cases.of_ticket(cancelled.ticket.id)[0].state is CaseState.PENDING_APPROVAL


def test_a_ticket_cancelled_elsewhere_first_names_that_desk_and_slip(office: Office, qtbot: QtBot) -> None:
    office.cancel(office.ticket())
    assert office.answer(meanwhile=cancelled_elsewhere(office)) == [Result.ALREADY_CANCELLED]
    page = open_page(office, qtbot)
    assert "XH1" in page.panel.words()
    assert "XH1-26-S000031-K" in page.panel.words()
    assert office.rows()[0].standing is Standing.SUPERSEDED


def test_an_answer_that_comes_while_the_page_shows_is_shown_and_the_choice_stays(office: Office, qtbot: QtBot) -> None:
    first = office.cancel(office.ticket())
    office.clock.pass_(seconds=1)
    office.cancel(office.ticket())
    page = open_page(office, qtbot)
    press(Qt.Key.Key_Down)
    chosen = page.table.current()
    assert chosen is not None
    assert chosen.delivery.envelope.case_id == first.case.id
    with qtbot.waitSignal(page.counted):
        office.answer()
    qtbot.waitUntil(lambda: said(page) == ["已确认", "已确认"])
    still = page.table.current()
    assert still is not None
    assert still.id == chosen.id


def test_offline_there_is_no_sync_now_and_operations_say_that_they_wait_for_the_network(
    office: Office, qtbot: QtBot
) -> None:
    office.cancel(office.ticket())
    page = open_page(office, qtbot)
    with qtbot.waitSignal(page.counted):
        office.tell(connected=False)
    assert not page.now.isEnabled()
    assert page.table.model.words(0).detail == "联网后发送"
    assert page.figures.waiting.accessibleName() == "1 等待联网"
    office.tell()
    qtbot.waitUntil(page.now.isEnabled)
    page.now.click()
    assert len(office.woken) == 1


def test_an_empty_outbox_says_so(office: Office, qtbot: QtBot) -> None:
    page = SyncPage(office.bench)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.counted):
        page.refresh()
    assert not page.table.isVisible()
    assert page._empty.isVisible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_answer_has_its_words(office: Office, qtbot: QtBot, lang: str) -> None:
    """Whatever head office answers, the row, the panel and the exchange say it without a missing word."""
    office.bench.language.switch("en" if lang == "en" else "zh")
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    (row,) = office.rows()
    answer = row.delivery.answer
    assert answer is not None
    for result in Result:
        for kind in ("cancel", "withdraw", "approve", "decline", "ask", "overrule", "move", "ticket"):
            envelope = replace(row.delivery.envelope, kind=kind)
            delivery = replace(row.delivery, envelope=envelope, answer=replace(answer, result=result))
            other = replace(row, delivery=delivery, standing=standing_of(delivery), to_handle=is_to_handle(delivery))
            words = row_words(other, bench=office.bench, moments=Moments(office.bench), people={"2047": Both("林")})
            told = told_of(other, bench=office.bench)
            assert words.outcome
            assert words.detail
            assert told.title
            assert told.what
            assert exchange_of(other, bench=office.bench)
            assert bool(told.ways) is other.to_handle
