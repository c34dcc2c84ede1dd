"""What the frame says and offers: news that goes, commands that the ticket allows, Qt's own words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.rules import change_setting
from store_desk.ui.language import Language
from store_desk.ui.parts.choices import Segmented
from store_desk.ui.qt_words import QtWords
from store_desk.ui.settings.page import SettingsPage
from store_desk.ui.settings.printer import PrinterSection
from store_desk.ui.shell.commands import commands_of
from store_desk.ui.shell.top_bar import TopBar
from store_desk.ui.shell.window import MainWindow
from tests.ui.cancel.hands import LONG_MS
from tests.ui.cancel.scene import CLERK, MANAGER, SUPERVISOR, Scene, make_template, scene, ticket_at


@pytest.fixture
def bar(qtbot: QtBot) -> TopBar:
    """The top bar with a clerk at the desk."""
    made = TopBar(Language("zh"), desk_number=2, demo=False)
    qtbot.addWidget(made)
    made.set_actor(CLERK)
    made.say("已打印 XH2-26-S000005-D")
    return made


def test_another_person_is_not_told_what_the_one_before_did(bar: TopBar) -> None:
    bar.set_actor(CLERK)
    assert bar.said() == "已打印 XH2-26-S000005-D"
    bar.set_actor(MANAGER)
    assert bar.said() == ""


def test_news_goes_by_itself(bar: TopBar) -> None:
    assert bar._old.isActive() and bar._old.isSingleShot()
    bar._old.timeout.emit()
    assert bar.said() == ""


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory, qtbot: QtBot) -> Iterator[Scene]:
    """A desk with two tickets, of which one is cancelled."""
    folder = tmp_path_factory.mktemp("news")
    with scene(make_template(folder / "template"), folder / "data") as made:
        made.add(ticket_at(1), ticket_at(3))
        command = CancelTicket(ticket_at(3).id, Reason.MISTAKE, consent=Consent(Grade.PAPER), approver=SUPERVISOR)
        cancel_ticket(made.desk, CLERK, command)
        yield made


def test_only_what_the_tickets_state_allows_is_offered_by_name(shop: Scene, qtbot: QtBot) -> None:
    window = MainWindow(shop.bench)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.begin(CLERK)
    window.show()
    for ticket, offered in ((ticket_at(3), False), (ticket_at(1), True)):
        window.open_ticket(ticket.id)
        qtbot.waitUntil(lambda wanted=ticket.id: window.desk.detail.ticket_id() == wanted, timeout=LONG_MS)
        keys = {command.keys for command in commands_of(window)}
        assert (("F8",) in keys) is offered
        assert (("F9",) in keys) is not offered
    window.rest()


def test_qts_own_words_follow_the_windows_language(qapp: QApplication) -> None:
    language = Language("zh")
    words = QtWords(language, qapp)
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy").startswith("复制")
    language.switch("en")
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"
    words.deleteLater()


def test_the_settings_show_what_is_stored_whenever_one_comes_to_them(shop: Scene, qtbot: QtBot) -> None:
    change_setting(shop.desk, CLERK, name="printer.copies", value="3")
    window = MainWindow(shop.bench)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.begin(MANAGER)
    window.show()
    window.go_settings()
    page = window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.stored.number("printer.copies", 2) == 3, timeout=LONG_MS)
    assert isinstance(page.section, PrinterSection)
    assert [choice.value() for choice in page.section.findChildren(Segmented, "printer.copies")] == ["3"]
    window.go_desk()
    change_setting(shop.desk, CLERK, name="printer.copies", value="1")
    window.go_settings()
    qtbot.waitUntil(lambda: page.stored.number("printer.copies", 2) == 1, timeout=LONG_MS)
    window.rest()
