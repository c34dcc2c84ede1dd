"""The cancel sheet as a clerk uses it: with keys, on a real store, in both languages."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.domain.consent import Channel, Grade
from store_desk.domain.reasons import Reason
from store_desk.services.cancel import Cancelled
from store_desk.services.drafts import draft_of
from store_desk.ui.cancel.sheet import CancelSheet
from tests.ui.cancel.hands import LONG_MS, codes, do_missing, focused, open_sheet, press, settled, sign, write
from tests.ui.cancel.scene import SUPERVISOR, SUPERVISOR_PIN, Scene, ticket_at

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def confirm(sheet: CancelSheet, qtbot: QtBot) -> Cancelled:
    """Ctrl+Enter, and what came of it."""
    with qtbot.waitSignal(sheet.cancelled, timeout=LONG_MS) as done:
        press(Qt.Key.Key_Return, CTRL)
    cancelled: Cancelled = done.args[0]
    return cancelled


@pytest.mark.req("REQ-STA-09")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("level", "digit"), [(1, "3"), (2, "3"), (3, "1"), (4, "1"), (5, "1")])
def test_a_ticket_of_every_level_is_cancelled_with_keys_alone(
    shop: Scene, qtbot: QtBot, level: int, digit: str, lang: str
) -> None:
    shop.bench.language.switch(lang)  # type: ignore[arg-type]
    shop.add(ticket_at(level))
    sheet = open_sheet(shop, qtbot, ticket_at(level).id)
    assert isinstance(focused(), QLineEdit), "the sheet opens on the identity field"
    do_missing(sheet, qtbot, digit=digit)
    cancelled = confirm(sheet, qtbot)
    assert cancelled.case.state is CaseState.CONFIRMED
    assert cancelled.case.level == level
    assert cancelled.case.identity == ("phone_last4",)
    assert cancelled.case.consent is not None
    assert cancelled.case.consent.grade is Grade.COUNTER
    assert cancelled.case.strokes
    assert cancelled.case.approver == ("" if level <= 2 else "1003")


def test_a_plain_cancellation_goes_on_by_itself_from_field_to_field(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("3")
    settled(sheet, qtbot)
    qtbot.waitUntil(lambda: focused() is sheet.plan.rights)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_F6)
    assert focused() is sheet.consent.pad
    sign(sheet)
    assert sheet.consent.small.isVisible(), "a signature drawn in no time is asked about"
    assert codes(sheet) == ["signature"]
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert codes(sheet) == []
    assert sheet.foot.confirm.isEnabled()
    assert confirm(sheet, qtbot).case.reason is Reason.MISTAKE


def test_confirming_twice_makes_one_case(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    do_missing(sheet, qtbot, digit="3")
    with qtbot.waitSignal(sheet.cancelled):
        press(Qt.Key.Key_Return, CTRL)
        assert not sheet.foot.confirm.isEnabled()
        press(Qt.Key.Key_Return, CTRL)
        sheet.foot.confirm_asked.emit()
    with shop.desk.read() as uow:
        assert len(uow.cases.of_ticket(ticket_at(1).id)) == 1


@pytest.mark.req("REQ-RSN-06")
def test_nothing_is_chosen_for_the_clerk_and_confirm_waits(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    assert [tile.is_selected() for tile in sheet.reasons.tiles] == [False] * 10
    assert codes(sheet) == ["identity", "reason"]
    assert not sheet.foot.confirm.isEnabled()
    assert len(sheet.plan.steps.rows) == 5, "what the state demands is shown before a reason is chosen"
    press(Qt.Key.Key_Return, CTRL)
    with shop.desk.read() as uow:
        assert uow.cases.of_ticket(ticket_at(4).id) == []


def test_a_chip_of_the_footer_jumps_to_what_is_missing(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("1")
    settled(sheet, qtbot)
    assert codes(sheet) == ["note", "settlement", "rights", "approval", "signature"]
    sheet.foot.chips[3].setFocus()
    press(Qt.Key.Key_Return)
    assert focused() is sheet.approval.row.pin
    sheet.foot.chips[0].click()
    assert focused() is sheet.reasons.note


def test_digits_choose_reasons_only_while_no_text_is_typed(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    sheet.reasons.note.setFocus()
    write("2 keys")
    assert sheet.work.entries.reason is None
    assert sheet.work.entries.note == "2 keys"
    press(Qt.Key.Key_F3)
    write("4")
    assert sheet.work.entries.reason is Reason.NEED_CHANGED


def test_zero_opens_the_other_reasons_each_with_its_digit(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    press(Qt.Key.Key_F3)
    write("0")
    others = [code for code in sheet.reasons._codes if code is not None]
    assert Reason.WAIVED in others
    assert len(others) == 6
    write(str(others.index(Reason.WAIVED) + 1))
    assert sheet.work.entries.reason is Reason.WAIVED
    settled(sheet, qtbot)
    assert sheet.reasons.tiles[-1].is_selected()
    assert sheet.reasons.tiles[-1].text() == "主动放弃"
    press(Qt.Key.Key_F3)
    write("00")
    assert sheet.reasons.tiles[0].text() == "已自行解决"


@pytest.mark.req("REQ-CHN-02")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_call_is_cancelled_with_two_answers_and_a_recording(shop: Scene, qtbot: QtBot, lang: str) -> None:
    shop.bench.language.switch(lang)  # type: ignore[arg-type]
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    press(Qt.Key.Key_P, ALT)
    qtbot.waitUntil(lambda: sheet.work.view is not None and sheet.work.view.plan.channel is Channel.PHONE)
    write("6021")
    assert codes(sheet)[0] == "identity", "one answer is not enough on the telephone"
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    write("1874")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    assert sheet.side.shows_script
    press(Qt.Key.Key_3, ALT)
    assert [card.state for card in sheet.side.script.cards] == ["done", "done", "current", "open"]
    do_missing(sheet, qtbot, digit="1")
    assert "settlement" not in codes(sheet)
    cancelled = confirm(sheet, qtbot)
    assert cancelled.case.channel is Channel.PHONE
    assert cancelled.case.identity == ("phone_last4", "serial_tail")
    assert cancelled.case.consent is not None
    assert cancelled.case.consent.reference == "R-260514-0917"
    assert cancelled.case.strokes == ()


def test_wrong_answers_are_counted_and_then_a_supervisor_is_asked(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    field = focused()
    assert isinstance(field, QLineEdit)
    for wrong in ("1111", "2222", "3333"):
        field.selectAll()
        write(wrong)
    assert sheet.work.entries.misses == 3
    assert not field.isEnabled()
    sheet.guide.go_on()
    assert focused() is sheet.asking.supervisor.pin
    write(SUPERVISOR_PIN)
    qtbot.waitUntil(lambda: sheet.work.voucher is not None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: codes(sheet) == ["reason"])


@pytest.mark.req("REQ-STA-08")
def test_at_level_five_the_result_as_reason_leads_to_unhappy_with_an_offer_first(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(5))
    sheet = open_sheet(shop, qtbot, ticket_at(5).id)
    press(Qt.Key.Key_F3)
    write("4")
    settled(sheet, qtbot)
    assert sheet.plan.question.isVisible()
    assert "result" in codes(sheet)
    sheet.plan.result.choose("yes")
    settled(sheet, qtbot)
    assert sheet.work.entries.reason is Reason.DISSATISFIED
    assert {"evidence.aspect", "note", "offer"} <= set(codes(sheet))
    sheet.setFocus()
    press(Qt.Key.Key_R, ALT)
    assert focused() is sheet.reasons.declined
    press(Qt.Key.Key_F3)
    write("1")
    settled(sheet, qtbot)
    assert "result" in codes(sheet), "another reason asks the question anew"


def test_the_draft_survives_closing_and_nothing_secret_is_in_it(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("1")
    settled(sheet, qtbot)
    write("Door seal cleaned")
    press(Qt.Key.Key_F4)
    write(SUPERVISOR_PIN)
    qtbot.waitUntil(lambda: sheet.work.approver is not None, timeout=LONG_MS)
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: draft_of(shop.desk, ticket_id=sheet.ticket_id) is not None)
    again = open_sheet(shop, qtbot, sheet.ticket_id)
    settled(again, qtbot)
    qtbot.waitUntil(lambda: focused() is again.plan.cash)
    assert again.reasons.note.text() == "Door seal cleaned"
    assert again.head.word() == "草稿已存 14:20"
    assert codes(again) == ["settlement", "rights", "approval", "signature"], "an approval is never kept"


def test_leaving_without_an_entry_keeps_no_draft(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    assert draft_of(shop.desk, ticket_id=sheet.ticket_id) is None


def test_nobody_is_offered_to_approve_their_own_request(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    shop.as_(SUPERVISOR)
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("1")
    settled(sheet, qtbot)
    assert "approval" in codes(sheet), "a visit today asks even a supervisor for a second person"
    assert sheet.approval.row.candidates == ("1001",)
    sheet.work.approve(SUPERVISOR.id, SUPERVISOR_PIN)
    qtbot.waitUntil(lambda: "自己" in sheet.approval.row._line.text(), timeout=LONG_MS)
    assert sheet.work.approver is None


def test_a_wrong_pin_is_said_where_it_was_typed(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    sheet.reasons.on_tile(0)
    settled(sheet, qtbot)
    press(Qt.Key.Key_F4)
    write("111222")
    qtbot.waitUntil(lambda: sheet.approval.row.pin.isEnabled(), timeout=LONG_MS)
    assert sheet.approval.row._line.isVisible()
    assert focused() is sheet.approval.row.pin
    assert sheet.approval.row.pin.text() == ""


def test_a_ticket_that_changes_elsewhere_shows_a_banner_and_keeps_the_entries(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    do_missing(sheet, qtbot, digit="1")
    shop.change(sheet.ticket_id, compensation_minor=15_000)
    with qtbot.waitSignal(sheet.work.moved, timeout=LONG_MS):
        press(Qt.Key.Key_Return, CTRL)
    assert "已重新计算步骤" in sheet.notice.words()
    assert codes(sheet) == ["settlement", "rights", "approval", "signature"]
    assert sheet.reasons.note.text() == "Door seal cleaned"
    with shop.desk.read() as uow:
        assert uow.cases.of_ticket(sheet.ticket_id) == []


def test_a_ticket_cancelled_elsewhere_is_refused_in_words(shop: Scene, qtbot: QtBot) -> None:
    from store_desk.domain.consent import Consent
    from store_desk.services.cancel import CancelTicket, cancel_ticket
    from tests.ui.cancel.scene import CLERK

    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    do_missing(sheet, qtbot, digit="3")
    cancel_ticket(shop.desk, CLERK, CancelTicket(sheet.ticket_id, Reason.MISTAKE, consent=Consent(Grade.VERBAL)))
    with qtbot.waitSignal(sheet.work.refused, timeout=LONG_MS):
        press(Qt.Key.Key_Return, CTRL)
    assert "没有撤销" in sheet.notice.words()


def test_a_scan_fills_the_field_with_the_cursor_and_elsewhere_asks_to_finish(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1), ticket_at(3))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    assert sheet.take_scan("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("6")
    settled(sheet, qtbot)
    qtbot.waitUntil(lambda: focused() is sheet.reasons.evidence.edits["survivor"])
    assert sheet.take_scan(ticket_at(3).number)
    assert sheet.work.entries.evidence_of("survivor") == ticket_at(3).number
    sheet.reasons.tiles[0].setFocus()
    assert not sheet.take_scan("XH2-26-000001-X")
    assert "请先完成" in sheet.notice.words()


@pytest.mark.req("REQ-CND-07")
def test_a_duplicate_offers_the_customers_other_tickets(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1), ticket_at(3))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    press(Qt.Key.Key_F3)
    write("6")
    settled(sheet, qtbot)
    assert [button.text().split(" ")[0] for button in sheet.reasons.evidence.candidates] == [ticket_at(3).number]
    sheet.reasons.evidence.candidates[0].click()
    assert sheet.work.entries.evidence_of("survivor") == ticket_at(3).number


def test_the_slip_beside_the_sheet_is_the_pdf_of_what_is_entered(shop: Scene, qtbot: QtBot) -> None:
    from store_desk.domain.slip import Copy, Paper
    from store_desk.services.draft_slip import draft_slip
    from tests.ui.cancel.scene import CLERK, draw

    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    press(Qt.Key.Key_F3)
    write("3")
    with qtbot.waitSignal(sheet.drawer.drawn, timeout=LONG_MS):
        settled(sheet, qtbot)
    expected = draw(draft_slip(shop.desk, CLERK, sheet.work.command()), Paper.A5, (Copy.CUSTOMER,), 0, True)
    assert sheet.side.view.pdf() == expected
    with qtbot.waitSignal(sheet.drawer.drawn, timeout=LONG_MS):
        press(Qt.Key.Key_8, ALT)
    assert sheet.side.paper is Paper.MM80
    assert sheet.side.view.pdf() != expected


def test_switching_the_language_rewrites_the_whole_sheet(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    do_missing(sheet, qtbot, digit="1")
    shop.bench.language.switch("en")
    assert sheet.foot.confirm.text() == "Cancel this ticket"
    assert sheet.reasons.tiles[0].text() == "Already solved"
    assert sheet.asking.head._title == "Who is asking"
    assert sheet.plan.cash.text() == "Cash received"
    assert sheet.foot.confirm.isEnabled(), "what was entered stays"


def test_other_ways_to_consent_are_reached_by_keys(shop: Scene, qtbot: QtBot) -> None:
    shop.add(ticket_at(1))
    sheet = open_sheet(shop, qtbot, ticket_at(1).id)
    write("6021")
    qtbot.waitUntil(lambda: focused() is sheet.reasons.tiles[0])
    write("3")
    settled(sheet, qtbot)
    qtbot.waitUntil(lambda: focused() is sheet.plan.rights)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_Tab, SHIFT)
    assert focused() is sheet.consent.ways
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions()]
    assert words == ["在此签字", "在纸上签字", "拒绝签字", "由代办人", "口头同意"]
    menu.actions()[-1].trigger()
    menu.close()
    assert codes(sheet) == ["read_back", "said_yes"]
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    assert confirm(sheet, qtbot).case.consent.grade is Grade.VERBAL  # type: ignore[union-attr]


def test_no_reason_or_button_is_cut_in_either_language_at_the_smallest_size(shop: Scene, qtbot: QtBot) -> None:
    from store_desk.ui.look.theme import text_width
    from store_desk.ui.parts.buttons import Button

    shop.add(ticket_at(4))
    sheet = open_sheet(shop, qtbot, ticket_at(4).id)
    do_missing(sheet, qtbot, digit="1")
    for lang in ("zh", "en"):
        shop.bench.language.switch(lang)  # type: ignore[arg-type]
        QApplication.processEvents()
        for tile in sheet.reasons.tiles:
            assert text_width(tile.text(), "label") <= tile.room(), tile.text()
        for button in sheet.findChildren(Button):
            if button.isVisible():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
        bottom = sheet.consent.mapTo(sheet, sheet.consent.rect().bottomLeft()).y()
        assert bottom <= sheet.foot.y(), "every section is seen at 1366x768"
