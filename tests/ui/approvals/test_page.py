"""The Approvals page: who comes first, what is shown, and deciding by the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.services import approvals_view
from store_desk.ui.look.theme import install_theme
from tests.shop import PINS
from tests.ui.approvals.scene import Scene, odd_ones, scene, unhappy

SUPERVISOR_PIN = PINS["1003"]


def test_people_at_the_counter_come_first_then_the_telephone_then_who_waits_longest(waiting: Scene) -> None:
    waiting.wait(3)
    assert [row.ticket.customer for row in waiting.page._rows] == ["索菲亚·马林", "王秀兰", "孙浩然"]


def test_a_request_says_what_it_costs_and_why_it_needs_a_second_person(waiting: Scene) -> None:
    waiting.wait(3)
    waiting.press(Qt.Key.Key_Down)
    waiting.qtbot.waitUntil(lambda: waiting.page.request.case_id() == waiting.page._rows[1].case.id)
    expected = (
        "收回补偿 ¥120.00",
        "上门费 免收（14:30 前）",
        "技师已预约当天上门",
        "收回金额不低于 ¥100.00",
        "手机尾号",
    )
    # New lines are seen when the window has laid them out.
    waiting.qtbot.waitUntil(lambda: all(text in waiting.words() for text in expected))
    assert "visit_today" not in waiting.words()


def test_a_pin_and_enter_approve_and_the_next_in_line_is_shown(waiting: Scene) -> None:
    waiting.wait(3)
    first = waiting.page._current
    waiting.write(SUPERVISOR_PIN)
    waiting.press(Qt.Key.Key_Return)
    waiting.wait(2)
    with waiting.shop.desk.read() as uow:
        case = uow.cases.get(first)
    assert case is not None
    assert (case.state, case.approver) == (CaseState.CONFIRMED, "1003")
    assert waiting.page.request.case_id() != first
    assert "已批准" in waiting.words()


def test_a_wrong_pin_is_said_in_place_and_decides_nothing(waiting: Scene) -> None:
    waiting.wait(3)
    waiting.write("000001")
    waiting.press(Qt.Key.Key_Return)
    waiting.qtbot.waitUntil(
        lambda: "PIN" in waiting.page.request.decide.said.text() and not waiting.page.request.decide.pin.text()
    )
    assert len(approvals_view.approvals(waiting.shop.desk, waiting.shop.supervisor)) == 3


def test_declining_needs_one_line_that_the_clerk_reads(waiting: Scene) -> None:
    waiting.wait(3)
    first = waiting.page._current
    waiting.press(Qt.Key.Key_D)
    assert waiting.page.request.decide.is_declining()
    waiting.press(Qt.Key.Key_Return)
    assert waiting.page.request.decide.why.hasFocus()
    waiting.page.request.decide.why.setText("请先更换沙发，不要撤销")
    waiting.press(Qt.Key.Key_Return)
    waiting.write(SUPERVISOR_PIN)
    waiting.press(Qt.Key.Key_Return)
    waiting.wait(2)
    with waiting.shop.desk.read() as uow:
        case = uow.cases.get(first)
    assert case is not None
    assert (case.state, case.decided_why) == (CaseState.REFUSED, "请先更换沙发，不要撤销")


def test_the_buttons_of_declining_are_seen_in_the_lowest_window(waiting: Scene) -> None:
    waiting.wait(3)
    waiting.page.resize(1286, 600)
    waiting.press(Qt.Key.Key_D)
    decide, view = waiting.page.request.decide, waiting.page.request._body.viewport()

    def seen() -> bool:
        return decide.is_declining() and decide.mapTo(view, decide.rect().bottomLeft()).y() < view.height()

    waiting.qtbot.waitUntil(seen)


def test_who_asked_cannot_approve_their_own_request(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    install_theme(qapp)
    with scene(tmp_path / "desk", qtbot, waiting=False) as made:
        unhappy(made.shop, by=made.shop.supervisor)
        made.page.refresh()
        made.wait(1)
        assert made.page.request.decide.is_barred()
        assert "另一位主管" in made.words()


def test_calling_the_desk_is_noted_and_the_number_said(waiting: Scene) -> None:
    waiting.wait(3)
    waiting.press(Qt.Key.Key_C)
    waiting.qtbot.waitUntil(lambda: "021-5550 0198" in waiting.page.request.decide.said.text())
    with waiting.shop.desk.read() as uow:
        entries = uow.journal.about(waiting.page._rows[0].ticket.id, limit=5)
    assert entries[0].what == "approver_calls"


def test_a_request_decided_elsewhere_leaves_the_queue(waiting: Scene) -> None:
    waiting.wait(3)
    from store_desk.services.approve import decline_case

    decline_case(waiting.shop.desk, case_id=waiting.page._current, approver=waiting.shop.supervisor, why="不行")
    waiting.page.refresh()
    waiting.wait(2)


def test_the_page_changes_its_language_with_the_window(waiting: Scene) -> None:
    waiting.wait(3)
    waiting.bench.language.switch("en")
    words = waiting.words()
    assert "Approve cancelling" in words
    assert "Why it needs you" in words


def test_each_kind_of_exception_is_found_and_can_be_dealt_with(waiting: Scene) -> None:
    odd_ones(waiting.shop)
    waiting.page.refresh()
    waiting.qtbot.waitUntil(lambda: len(waiting.page._found.found) == 5)
    waiting.page.show_tab("exceptions")
    titles = [row.title for row in waiting.page.exceptions.table.rows()]
    assert titles == [
        "已撤销但没有签字",
        "少收 ¥50.00",
        "同一顾客 30 天内第 3 次撤销",
        "技师出发后撤销",
        "撤销单重打 4 次",
    ]
    waiting.press(Qt.Key.Key_Down)
    waiting.press(Qt.Key.Key_Return)
    waiting.page.exceptions.line.setText("顾客明天来付")
    waiting.press(Qt.Key.Key_Return)
    waiting.qtbot.waitUntil(lambda: len(waiting.page._found.found) == 4)
    waiting.page.show_tab("handled")
    assert [row.title for row in waiting.page.exceptions.table.rows()] == ["顾客明天来付"]


def test_nothing_waiting_is_said_in_words(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    install_theme(qapp)
    with scene(tmp_path / "desk", qtbot, waiting=False) as made:
        qtbot.waitUntil(lambda: "没有等待审批的申请" in made.words())


def test_a_standalone_desk_has_approvals_once_something_was_parked(waiting: Scene) -> None:
    waiting.wait(3)
    shop = waiting.shop
    assert approvals_view.standing(shop.desk, shop.supervisor).waiting == 3
    waiting.qtbot.waitUntil(lambda: approvals_view.standing(shop.desk, shop.supervisor).offered)
