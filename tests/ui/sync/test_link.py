"""The window's end of the wire: what is told on another thread arrives on the window's own, once."""

from __future__ import annotations

import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from store_desk.ui.sync.link import HeadOfficeLink, LinkState


def test_what_another_thread_tells_arrives_on_the_windows_thread_and_only_when_it_is_new(qtbot: QtBot) -> None:
    link = HeadOfficeLink(lambda: None)
    heard: list[tuple[str, QThread]] = []
    link.changed.connect(lambda: heard.append((str(link.state().waiting), QThread.currentThread())))
    link.settled.connect(lambda case: heard.append((case, QThread.currentThread())))
    own = QThread.currentThread()

    def elsewhere() -> None:
        link.tell(LinkState(waiting=2))
        link.tell(LinkState(waiting=2))
        link.tell_settled("case-1")

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert heard == [], "nothing crosses over by itself"
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert [words for words, _ in heard] == ["2", "case-1"]
    assert {thread for _, thread in heard} == {own}


def test_waking_asks_the_program() -> None:
    woken: list[int] = []
    link = HeadOfficeLink(lambda: woken.append(1))
    link.wake()
    assert woken == [1]
