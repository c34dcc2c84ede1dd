"""Joining a head office: the form, the test of the way, the settings' section, and the first run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import DeskUnknown, EnrolmentRefused, HubUnreachable
from store_desk.services.enrolment import Contact, Enrolment, put_contact, put_enrolment
from store_desk.services.office import Check, Joined
from store_desk.ui.bench import Bench
from store_desk.ui.joining.checks import ChecksView
from store_desk.ui.joining.form import JoinForm, address_of, code_of
from store_desk.ui.joining.section import HeadOfficeSection
from store_desk.ui.language import Language
from store_desk.ui.look.theme import install_theme
from store_desk.ui.settings.page import SettingsPage
from store_desk.ui.tasks import Lane
from tests.shop import NOON, Shop
from tests.ui.approvals.scene import bench_of
from tests.ui.settings.benches import Printers, draw_slip

Told = Callable[[str, int, int], None]


class Office:
    """Answers a request to join: with `error`, or as soon as `gate` opens."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.error: DomainError | None = None
        self.gate = Event()
        self.gate.set()

    def join(self, address: str, code: str, told: Told) -> Joined:
        self.asked.append((address, code))
        told("uploading", 40, 120)
        self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return Joined("XH", 2, "desk", 120, 3)

    def check(self, address: str, told: Callable[[Check], None]) -> tuple[Check, ...]:
        found = (
            Check("link", "ok"),
            Check("name", "ok", "found", {"host": "hq.example.com", "address": "192.0.2.7"}),
            Check("reachable", "bad", "refused"),
            Check("clock", "skipped", "earlier"),
            Check("signed_in", "skipped", "earlier"),
        )
        for check in found:
            told(check)
        return found


@pytest.fixture
def lane() -> Iterator[Lane]:
    """A lane for what waits."""
    made = Lane("network")
    yield made
    made.stop()


@pytest.fixture
def form(lane: Lane, qapp: QApplication, qtbot: QtBot) -> tuple[JoinForm, Office]:
    """The form in Chinese, shown."""
    install_theme(qapp)
    office = Office()
    made = JoinForm(Language("zh"), office.join, lane)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made, office


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hq.example.com/", "https://hq.example.com"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("localhost:8000", "http://localhost:8000"),
        ("  ", ""),
    ],
)
def test_an_address_is_taken_as_it_is_meant(typed: str, meant: str) -> None:
    assert address_of(typed) == meant


def test_a_code_is_taken_in_any_spelling() -> None:
    assert code_of("7kq2 m4xd") == code_of("7KQ2-M4XD") == "7KQ2-M4XD"


def test_address_code_and_enter_join_once(form: tuple[JoinForm, Office], qtbot: QtBot) -> None:
    made, office = form
    office.gate.clear()
    made.address.setFocus()
    QTest.keyClicks(made.address, "hq.example.com")
    QTest.keyClick(made.address, Qt.Key.Key_Return)
    QTest.keyClicks(made.code, "7kq2m4xd")
    assert made.code.text() == "7KQ2-M4XD"
    with qtbot.waitSignal(made.joined) as joined:
        QTest.keyClick(made.code, Qt.Key.Key_Return)
        made.start()
        qtbot.waitUntil(lambda: made.said() == "正在上传工单 40 / 120")
        office.gate.set()
    assert office.asked == [("https://hq.example.com", "7KQ2-M4XD")]
    assert joined.args is not None
    assert joined.args[0].tickets == 120
    assert made.code.text() == ""


@pytest.mark.parametrize(
    ("error", "words", "field"),
    [
        (EnrolmentRefused(), "总部没有接受该代码", "code"),
        (HubUnreachable(detail="ConnectError"), "联系不上总部", "address"),
    ],
)
def test_a_refusal_is_said_in_words_and_the_field_to_change_is_marked(
    form: tuple[JoinForm, Office], qtbot: QtBot, error: DomainError, words: str, field: str
) -> None:
    made, office = form
    office.error = error
    made.address.setText("hq.example.com")
    made.code.setText("7KQ2-M4XD")
    made._on_typed()
    made.start()
    qtbot.waitUntil(lambda: words in made.said())
    assert getattr(made, field).hasFocus()
    assert not made.is_busy()


@pytest.mark.req("REQ-EXC-04")
def test_the_connection_is_tested_in_five_steps_with_plain_words(lane: Lane, qapp: QApplication, qtbot: QtBot) -> None:
    install_theme(qapp)
    view = ChecksView(Language("zh"), Office().check, lane)
    qtbot.addWidget(view)
    view.show()
    with qtbot.waitSignal(view.finished) as finished:
        view.go.click()
    assert finished.args == [False]
    assert view.words() == [
        "网络 本机已联网",
        "地址解析 hq.example.com 是 192.0.2.7",
        "总部应答 那里没有应答，可能关机或被防火墙挡住",
        "时钟 没有测试",
        "登记 没有测试",
    ]


@pytest.fixture
def bench(shop: Shop, qapp: QApplication) -> Iterator[Bench]:
    """A manager's bench that can join."""
    install_theme(qapp)
    office = Office()
    made = replace(
        bench_of(shop, shop.manager),
        join=office.join,
        check_office=office.check,
        printing=Printers(),
        draw_slip=draw_slip,
    )
    yield made
    for lane_ in (made.database, made.printer, made.files):
        lane_.stop()


def shown(page: SettingsPage) -> str:
    """All that the page shows."""
    widgets = [widget for widget in page.findChildren(QWidget) if widget.isVisible()]
    return "\n".join(widget.accessibleName() for widget in widgets)


def office_section(page: SettingsPage, qtbot: QtBot) -> HeadOfficeSection:
    """The section of the settings, in front."""
    qtbot.addWidget(page)
    page.resize(1286, 672)
    page.show()
    page.refresh()
    page.show_section("office")
    assert isinstance(page.section, HeadOfficeSection)
    return page.section


def in_front(page: SettingsPage) -> HeadOfficeSection:
    """The section as it is now; the page makes it anew when it reads its settings."""
    assert isinstance(page.section, HeadOfficeSection)
    return page.section


def test_a_desk_that_stands_alone_is_offered_the_form(bench: Bench, qtbot: QtBot) -> None:
    page = SettingsPage(bench)
    office_section(page, qtbot)
    qtbot.waitUntil(lambda: "独立门店" in shown(page))
    assert "一次性代码" in shown(page)


def forgotten(shop: Shop) -> None:
    """Head office was restored from before this desk joined; one cancellation has no answer yet."""
    with shop.desk.work() as uow:
        put_enrolment(uow, Enrolment("https://hq.example.com", "a" * 32, 1, "XH", ("XH",)))
        put_contact(uow, Contact(at=NOON - timedelta(minutes=3), problem=DeskUnknown.code))
    shop.cancel(shop.ticket())


def test_a_desk_that_head_office_forgot_is_told_why_and_joins_again(bench: Bench, shop: Shop, qtbot: QtBot) -> None:
    forgotten(shop)
    page = SettingsPage(bench)
    office_section(page, qtbot)
    qtbot.waitUntil(lambda: "总部已不认识本柜台" in shown(page))
    section, words = in_front(page), shown(page)
    assert "等待答复的操作（1 项）都保留" in words and "一次性代码" in words and "重新加入" in words
    assert section.form is not None and section.form.isVisible()
    assert section.form.address.text() == "https://hq.example.com"
    section.form.setFocus()
    for part in (section.form.address, section.form.code):
        qtbot.waitUntil(part.hasFocus)
        QTest.keyClick(part, Qt.Key.Key_Tab)
    section.form.code.setFocus()
    QTest.keyClicks(section.form.code, "7kq2m4xd")
    with qtbot.waitSignal(section.joined):
        QTest.keyClick(section.form.code, Qt.Key.Key_Return)
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=NOON))
    section.enter()
    qtbot.waitUntil(lambda: section.form is not None and not section.form.isVisible())
    assert "总部已不认识本柜台" not in shown(page)


def test_whoever_may_not_join_reads_that_a_manager_does(shop: Shop, bench: Bench, qtbot: QtBot) -> None:
    forgotten(shop)
    bench.session.actor = shop.clerk
    page = SettingsPage(bench)
    office_section(page, qtbot)
    qtbot.waitUntil(lambda: "请店长向总部要一个新的一次性代码" in shown(page))
    assert in_front(page).form is None


def test_another_trouble_offers_no_second_joining(bench: Bench, shop: Shop, qtbot: QtBot) -> None:
    with shop.desk.work() as uow:
        put_enrolment(uow, Enrolment("https://hq.example.com", "a" * 32, 1, "XH", ("XH",)))
        put_contact(uow, Contact(at=NOON, problem="desk_revoked"))
    page = SettingsPage(bench)
    office_section(page, qtbot)
    qtbot.waitUntil(lambda: "连接有问题" in shown(page))
    section = in_front(page)
    assert section.form is not None and not section.form.isVisible()
    assert "总部已不认识本柜台" not in shown(page)


def test_an_enrolled_desk_shows_address_last_contact_and_fingerprint(bench: Bench, shop: Shop, qtbot: QtBot) -> None:
    with shop.desk.work() as uow:
        put_enrolment(uow, Enrolment("https://hq.example.com", "a" * 32, 1, "XH", ("XH",)))
        put_contact(uow, Contact(at=NOON - timedelta(minutes=3)))
    page = SettingsPage(bench)
    office_section(page, qtbot)
    qtbot.waitUntil(lambda: "已加入" in shown(page))
    words = shown(page)
    assert "https://hq.example.com" in words
    assert "14:18" in words
    assert shop.desk.identity.fingerprint in words
    assert "一次性代码" not in words
