"""Head office in the window's frame: the sync line, the banner, the badge, the keys; and nothing of it without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from store_desk.services.messages import FeedPosition
from store_desk.ui.shell.window import MainWindow
from store_desk.ui.sync.line import SyncLine
from store_desk.ui.sync.offline import OfflineBanner
from tests.ui.cancel.hands import press
from tests.ui.cancel.scene import CLERK, Scene
from tests.ui.sync.scene import Office, begun, finished

CTRL = Qt.KeyboardModifier.ControlModifier


def show(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with a clerk at it; keys of tests carry no moment and would all look like a scan."""
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.begin(CLERK)
    window.show()
    window.activateWindow()
    app = QApplication.instance()
    assert app is not None
    app.removeEventFilter(window.scanner)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.top.search)
    return window


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of a desk with head office."""
    made = show(MainWindow(office.bench), qtbot)
    yield made
    made.rest()


def line(window: MainWindow) -> tuple[str, str]:
    """What the sync line says."""
    assert window.wire is not None
    return window.wire.line.words()


def test_a_desk_that_stands_alone_shows_nothing_of_head_office(shop: Scene, qtbot: QtBot) -> None:
    window = show(MainWindow(shop.bench), qtbot)
    assert window.places.keys() == ("desk", "settings")
    assert window.findChildren(SyncLine) == []
    assert window.findChildren(OfflineBanner) == []
    said = [child.accessibleName() for child in window.findChildren(QWidget)]
    assert not [words for words in said if "总部" in words or "同步" in words]
    press(Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: window.rail.current() == "settings")
    window.rest()


def test_the_line_always_says_what_waits_and_how_long_ago_head_office_was_heard(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    assert line(window) == ("总部已全部确认", "还没有联系过总部")
    office.tell(ago_s=3)
    qtbot.waitUntil(lambda: line(window) == ("总部已全部确认", "刚刚联系总部"))
    office.cancel(office.ticket())
    office.tell(ago_s=42)
    qtbot.waitUntil(lambda: line(window) == ("1 项待总部确认", "42 秒前联系总部"))
    office.tell(ago_s=60 * 50, connected=False)
    qtbot.waitUntil(lambda: line(window) == ("离线 · 1 项待发", "50 分钟前联系总部"))
    office.answer(meanwhile=finished)
    office.cancel(office.ticket())
    office.tell(ago_s=90)
    qtbot.waitUntil(lambda: line(window) == ("1 项要处理", "1 项待确认 · 1 分钟前"))
    office.bench.language.switch("en")
    assert line(window) == ("1 needs action", "1 waiting · 1 min ago")


def test_what_needs_a_person_is_a_red_badge_and_a_click_on_the_line_opens_it(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    office.cancel(office.ticket())
    office.answer(meanwhile=finished)
    office.tell()
    qtbot.waitUntil(lambda: "同步 1" in window.rail.accessibleName())
    assert window.rail._urgent == frozenset({"sync"})
    assert window.wire is not None
    window.wire.line.click()
    page = window.places.made("sync")
    qtbot.waitUntil(lambda: page.table.current() is not None)
    assert window.rail.current() == "sync"
    assert "撤销未通过" in page.panel.words()


def test_the_banner_stands_on_every_page_while_offline_and_says_what_still_works(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    assert window.wire is not None
    banner = window.wire.banner
    assert not banner.isVisible()
    office.cancel(office.ticket())
    office.tell(connected=False, ago_s=600)
    qtbot.waitUntil(banner.isVisible)
    assert banner.words().startswith("离线 14:10 起. 可以照常撤销和打印，1 项已存在本机")
    for key in ("sync", "settings", "desk"):
        window.on_rail(key)
        assert banner.isVisible()
    banner.again.click()
    assert len(office.woken) == 1
    office.tell(connected=False, problem="hub_not_genuine")
    qtbot.waitUntil(lambda: "不是总部" in banner.words())
    office.tell()
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_f5_syncs_at_once_and_ctrl_digits_follow_the_rail(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    press(Qt.Key.Key_F5)
    assert len(office.woken) == 1
    press(Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: window.rail.current() == "sync")
    press(Qt.Key.Key_F5)
    assert len(office.woken) == 2
    press(Qt.Key.Key_3, CTRL)
    qtbot.waitUntil(lambda: window.rail.current() == "settings")
    press(Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: window.rail.current() == "desk")


def test_locking_puts_the_page_away_and_keeps_the_outbox(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    office.cancel(office.ticket())
    window.go_place("sync")
    window.lock()
    assert window.places.made("sync") is None
    assert len(office.rows()) == 1
    window.begin(CLERK)
    window.go_place("sync")
    qtbot.waitUntil(lambda: window.places.made("sync").table.current() is not None)


def test_the_lists_and_the_ticket_show_who_has_the_next_word(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    waiting = office.cancel(office.ticket(2))
    model = window.desk.list.model
    window.desk.refresh()
    qtbot.waitUntil(lambda: model.place_of(waiting.ticket.id) >= 0)
    text = model.text(model.place_of(waiting.ticket.id))
    assert text is not None
    assert (text.badge, text.state) == ("hourglass", "撤销中")
    assert "待总部确认" in text.spoken
    window.open_ticket(waiting.ticket.id)
    chips = window.desk.detail.head._chips
    qtbot.waitUntil(lambda: "待总部确认" in chips.texts())
    office.answer()
    qtbot.waitUntil(lambda: "总部已确认 14:20" in chips.texts())
    parked = office.cancel(office.ticket())
    office.answer(meanwhile=begun)
    window.open_ticket(parked.ticket.id)
    qtbot.waitUntil(lambda: {"待主管批准", "要处理"} <= set(chips.texts()))
    office.tell(connected=False, ago_s=3600)
    window.desk.refresh()
    window.open_ticket(parked.ticket.id)
    qtbot.waitUntil(lambda: "13:20 的状态" in chips.texts())


def test_what_another_desk_did_is_in_the_list_once_a_round_has_brought_it(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.wire is not None and window.wire._heads == (), timeout=10_000)
    customer = office.ticket().customer
    names = [window.desk.list.model.text(n) for n in range(len(window.desk.list.model.rows()))]
    assert not [text for text in names if text is not None and text.name == customer]
    with office.desk.work() as uow:
        uow.positions.put_feed(FeedPosition("XH", "e", 7, b"h" * 32))
    office.tell(running=True)
    office.tell(running=False)

    def listed() -> bool:
        model = window.desk.list.model
        texts = [model.text(n) for n in range(len(model.rows()))]
        return any(text is not None and text.name == customer for text in texts)

    qtbot.waitUntil(listed, timeout=10_000)
