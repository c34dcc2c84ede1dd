"""Approvals on the rail: only for those whose work they are, and only where somebody may need them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, Work
from store_desk.ui.look.theme import install_theme
from store_desk.ui.shell.window import MainWindow
from tests.shop import Shop
from tests.ui.approvals.scene import bench_of
from tests.ui.settings.benches import Printers


@pytest.fixture
def window(shop: Shop, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window before anybody signed in."""
    install_theme(qapp)
    bench = replace(bench_of(shop, shop.clerk), printing=Printers())
    made = MainWindow(bench)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.rest()
    for lane in (bench.database, bench.printer, bench.files):
        lane.stop()


def test_a_desk_that_stands_alone_has_no_approvals_before_something_was_parked(
    window: MainWindow, shop: Shop, qtbot: QtBot
) -> None:
    window.begin(shop.supervisor)
    window.supervision.look()
    assert window.places.keys() == ("desk", "settings")
    ticket = shop.ticket(Review.APPROVED, Work.ASSIGNED)
    shop.cancel(ticket, Reason.SELF_RESOLVED, evidence=(("how", "好了"),), park=True)
    window.supervision.look()
    qtbot.waitUntil(lambda: window.places.keys() == ("desk", "approvals", "settings"))
    window.go_place("approvals")
    assert window.places.made("approvals") is not None
    window.lock()
    assert window.places.keys() == ("desk", "settings")


def test_a_clerk_has_no_approvals(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    ticket = shop.ticket(Review.APPROVED, Work.ASSIGNED)
    shop.cancel(ticket, Reason.SELF_RESOLVED, evidence=(("how", "好了"),), park=True)
    window.begin(shop.clerk)
    window.supervision.look()
    # What was asked on the lane has come back once something asked later has.
    window.desk.refresh()
    qtbot.waitUntil(lambda: bool(window.desk.list.model.rows()))
    assert not window.places.has("approvals")
