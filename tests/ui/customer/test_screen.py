"""The screen turned to the customer: one ticket, a pad whose strokes reach the cancel sheet, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.reasons import Reason
from store_desk.ui.cancel.sheet import CancelSheet
from store_desk.ui.customer.screen import CustomerScreen, customer_screen, fitted
from tests.ui.cancel.scene import Scene, ticket_at

SIGNED = (((0.1, 0.1, 0.5, 0), (0.5, 0.6, 0.5, 300), (0.8, 0.2, 0.5, 600)),)


@dataclass
class Display:
    """A display as Qt names it."""

    title: str

    def name(self) -> str:
        return self.title


def open_sheet(shop: Scene, qtbot: QtBot, level: int = 4) -> CancelSheet:
    """The sheet with a reason, so that there is something to sign."""
    shop.add(ticket_at(level))
    sheet = CancelSheet(shop.bench, ticket_at(level).id)
    qtbot.addWidget(sheet)
    sheet.resize(1286, 736)
    sheet.show()
    qtbot.waitUntil(lambda: sheet.work.opening is not None)
    sheet.on_entered({"reason": Reason.SELF_RESOLVED, "note": "清理门封圈异物后不再漏水"})
    qtbot.waitUntil(lambda: sheet.work.plan is not None and sheet.consent.turned.button.isEnabled())
    return sheet


def turn(sheet: CancelSheet, qtbot: QtBot) -> CustomerScreen:
    """The customer's screen, opened by its button."""
    sheet.consent.turned.button.click()
    qtbot.waitUntil(lambda: sheet.consent.turned.screen is not None)
    screen = sheet.consent.turned.screen
    assert screen is not None
    qtbot.waitUntil(screen.isVisible)
    return screen


def sign(screen: CustomerScreen) -> None:
    """A stroke by hand, and then one long enough to count, as a customer's would be."""
    pad = screen.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(300, 300))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    pad.set_strokes(SIGNED)
    pad.changed.emit()


def test_it_shows_what_is_signed_of_this_ticket_and_nothing_of_the_clerks(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    said = screen.said()
    view = sheet.work.view
    assert view is not None
    for words in (view.ticket.number, "北岸 K7", "已自行解决", "¥120.00", "技师不再上门", "前可凭撤销单重开"):
        assert words in said
    assert view.read_back_zh in said
    for hidden in ("13800006021", "6021", "周启明", "林晓雨", "陈国栋", "SO-88421907"):
        assert hidden not in said
    assert (screen.again.height(), screen.done.height()) == (52, 52)
    assert screen.switch.height() >= 44
    assert not screen.done.isEnabled()


def test_the_customer_chooses_the_language_and_the_clerks_window_keeps_its_own(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    sign(screen)
    strokes = screen.pad.strokes()
    screen.switch.setFocus()
    QTest.keyClick(screen.switch, Qt.Key.Key_Right)
    view = sheet.work.view
    assert view is not None
    said = screen.said()
    assert view.read_back_en in said and view.read_back_zh not in said
    for words in ("Already solved", "You pay now", "The technician", "Your slip reopens the ticket until"):
        assert words in said
    assert screen.title.text() == "Please sign in the frame"
    assert (screen.again.text(), screen.done.text()) == ("Clear", "Done")
    assert screen.pad.strokes() == strokes and sheet.work.entries.strokes
    assert shop.bench.language.now == "zh"
    screen.done.click()
    assert screen.title.text() == "Thank you, your signature has been taken"


def test_the_clerks_language_does_not_change_the_customers(shop: Scene, qtbot: QtBot) -> None:
    screen = turn(open_sheet(shop, qtbot), qtbot)
    before = screen.said()
    shop.bench.language.switch("en")
    assert screen.said() == before and screen.lang == "zh"


def test_the_language_stays_with_the_customer_while_the_sheet_is_open(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    turn(sheet, qtbot).switch.choose("en")
    sheet.consent.turned.button.click()
    qtbot.waitUntil(lambda: sheet.consent.turned.screen is None)
    assert turn(sheet, qtbot).lang == "en"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_on_a_small_display(shop: Scene, qtbot: QtBot, lang: str) -> None:
    screen = turn(open_sheet(shop, qtbot), qtbot)
    screen.showNormal()
    screen.resize(1366, 768)
    screen.switch.choose(lang)
    qtbot.waitUntil(lambda: all(line.height() >= line.heightForWidth(line.width()) for line in screen.lines))
    buttons = (screen.again, screen.done)
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))
    assert screen.pad.height() > 480


def test_strokes_reach_the_sheet_as_they_are_drawn_in_their_own_shape(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    sign(screen)
    pad = sheet.consent.pad
    kept = sheet.work.entries.strokes
    assert kept and kept == pad.strokes()
    assert max(point[1] for stroke in kept for point in stroke) <= pad.height() / pad.width()
    screen.again.click()
    assert sheet.work.entries.strokes == ()
    sign(screen)
    screen.done.click()
    assert sheet.work.entries.strokes == kept


def test_with_one_display_it_goes_back_by_itself_when_the_customer_is_done(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    assert screen.turned
    sign(screen)
    screen.done.click()
    qtbot.waitUntil(lambda: sheet.consent.turned.screen is None)
    assert sheet.work.entries.strokes


@pytest.mark.parametrize("how", ["escape", "button", "kept"])
def test_the_clerk_takes_it_back_at_any_time(shop: Scene, qtbot: QtBot, how: str) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    if how == "escape":
        QTest.keyClick(screen, Qt.Key.Key_Escape)
    elif how == "button":
        sheet.consent.turned.button.click()
    else:
        sheet.hide()
    qtbot.waitUntil(lambda: sheet.consent.turned.screen is None)
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, CustomerScreen) and one.isVisible()] == []


def test_no_key_of_the_clerk_does_anything_there(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F8, Qt.Key.Key_5, Qt.Key.Key_Return):
        QTest.keyClick(screen, key)
    QTest.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sheet.work.entries.reason is Reason.SELF_RESOLVED
    assert screen.isVisible() and not sheet.work.busy


def test_another_text_empties_the_pad(shop: Scene, qtbot: QtBot) -> None:
    sheet = open_sheet(shop, qtbot)
    screen = turn(sheet, qtbot)
    sign(screen)
    sheet.on_entered({"note": "换了个说法，其实是自己修好了"})
    qtbot.waitUntil(lambda: "换了个说法" in screen.said())
    qtbot.waitUntil(lambda: screen.pad.is_empty())
    qtbot.waitUntil(lambda: sheet.work.entries.strokes == ())


def test_nothing_moves_while_the_customer_signs(shop: Scene, qtbot: QtBot) -> None:
    screen = turn(open_sheet(shop, qtbot), qtbot)
    parts = (screen.pad, screen.again, screen.done, screen.card, screen.title)
    before = [part.geometry() for part in parts]
    sign(screen)
    QApplication.processEvents()
    assert [part.geometry() for part in parts] == before


def test_the_display_is_the_named_one_else_the_other_one() -> None:
    own, second, third = (cast(QScreen, Display(name)) for name in ("A", "B", "C"))
    assert customer_screen([own, second, third], own=own, name="C") is third
    assert customer_screen([own, second, third], own=own, name="gone") is second
    assert customer_screen([own], own=own, name="A") is None


def test_a_tall_signature_is_fitted_without_being_bent() -> None:
    tall = (((0.4, 0.0, 0.5, 0), (0.6, 0.6, 0.5, 500)),)
    (stroke,) = fitted(tall, ratio=0.3)
    (ax, ay, _, _), (bx, by, _, _) = stroke
    assert ay >= 0 and by <= 0.3
    assert (bx - ax) / (by - ay) == pytest.approx(0.2 / 0.6, abs=1e-3)
    assert fitted(SIGNED, ratio=0.7) == SIGNED
