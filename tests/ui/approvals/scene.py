"""A real store with requests that wait for approval, and the Approvals page over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Visit, Work
from store_desk.services.cancel import Cancelled
from store_desk.ui.approvals.page import ApprovalsPage
from store_desk.ui.bench import Bench, Session
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane
from store_desk.words import Lang
from tests.shop import NOON, Shop, open_shop


def bench_of(shop: Shop, actor: Actor, lang: Lang = "zh", **more: Any) -> Bench:
    """A bench over the open store."""
    nothing = cast(Any, None)
    return Bench(
        desk=shop.desk,
        database=Lane("database"),
        printer=Lane("printer"),
        files=Lane("files"),
        language=Language(lang),
        session=Session(actor, NOON),
        draw_slip=nothing,
        printing=nothing,
        importing=nothing,
        backup=nothing,
        data_folder=shop.folder,
        **more,
    )


def washer(shop: Shop) -> Ticket:
    """The washer whose technician comes today, with parts on the way and compensation to collect."""
    visit_at = NOON + timedelta(minutes=39)
    facts = TicketFacts(
        customer_other="Wang Xiulan",
        product_other="Norra K7 front-load washer",
        compensation_kind="travel",
        compensation_on=datetime(2026, 5, 12).date(),
        visit=Visit("3012", "周启明", "137 0000 5521", visit_at, "WO-77231", NOON + timedelta(minutes=9), 3_000),
        parcel=Parcel("门封 1 件", "1 door seal", "顺丰", "SF1390045512", "95338"),
    )
    return shop.ticket(
        Review.IN_PROCESS, Work.IN_PROCESS, facts=facts, compensation_minor=12_000, assignee="3012",
        created_at=NOON - timedelta(days=2, hours=4), review_since=NOON - timedelta(hours=5), source="AS",
    )  # fmt: skip


def sofa(shop: Shop) -> Ticket:
    """Work that is done and waits for the customer, who is unhappy."""
    return shop.ticket(
        Review.IN_PROCESS, Work.AWAITING_CONFIRMATION, customer="索菲亚·马林", phone="13900004410",
        serial="SF-1", order_number="SO-2", product="奥达 布艺沙发", compensation_minor=8_000,
        type=TicketType.COMPLAINT, facts=TicketFacts(customer_other="Sofia Marín", product_other="Auda sofa"),
    )  # fmt: skip


def review(shop: Shop) -> Ticket:
    """A review that has run for more than a day."""
    return shop.ticket(
        Review.UNDER_REVIEW, customer="孙浩然", phone="13700003111", serial="TV-1", order_number="SO-3",
        product="哈登 55 寸电视", type=TicketType.RETURN, review_since=NOON - timedelta(days=2),
        facts=TicketFacts(customer_other="Sun Haoran", product_other="Harden 55 TV"),
    )  # fmt: skip


LAST4 = ((IdentityKind.PHONE_LAST4, "6021"),)


def park(shop: Shop, ticket: Ticket, reason: Reason, *, by: Actor | None = None, **more: Any) -> Cancelled:
    """Sends a cancellation for approval."""
    return shop.cancel(ticket, reason, by=by, park=True, **more)


def unhappy(shop: Shop, *, by: Actor | None = None) -> Cancelled:
    """The customer of the sofa is unhappy."""
    why = (("aspect", "quality"), ("text", "沙发塌陷，维修后又塌了一次"))
    asked = ((IdentityKind.PHONE_LAST4, "4410"),)
    return park(shop, sofa(shop), Reason.DISSATISFIED, by=by or shop.senior, evidence=why, identity=asked)


def three_waiting(shop: Shop) -> None:
    """The scene of the design: two at the counter, one on the telephone, who asked first."""
    shop.clock.now = NOON - timedelta(minutes=11)
    deadline = (("deadline", "2026-05-10"),)
    by_phone = ((IdentityKind.PHONE_LAST4, "3111"), (IdentityKind.ORDER_NUMBER, "SO-3"))
    park(
        shop, review(shop), Reason.PAST_DEADLINE, channel=Channel.PHONE, evidence=deadline, identity=by_phone,
        consent=Consent(Grade.PHONE, reference="REC-88"),
    )  # fmt: skip
    shop.clock.now = NOON - timedelta(minutes=6)
    unhappy(shop)
    shop.clock.now = NOON - timedelta(minutes=2)
    park(shop, washer(shop), Reason.SELF_RESOLVED, evidence=(("how", "自己清理了过滤网"),), identity=LAST4)
    shop.clock.now = NOON


@dataclass
class Scene:
    """The page, its bench, and hands."""

    shop: Shop
    bench: Bench
    page: ApprovalsPage
    qtbot: QtBot
    opened: list[str] = field(default_factory=list)

    def wait(self, n: int) -> None:
        """Until the queue has so many, and the first is shown."""
        self.qtbot.waitUntil(
            lambda: len(self.page._rows) == n and (not n or self.page.request.case_id() == self.page._current)
        )

    def press(self, key: Qt.Key, text: str = "") -> None:
        """A key into whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.page, key)

    def write(self, text: str) -> None:
        """Types into whatever has the focus."""
        QTest.keyClicks(QApplication.focusWidget() or self.page, text)

    def words(self) -> str:
        """Everything that is shown, for screen readers and eyes alike."""
        shown = [widget for widget in self.page.findChildren(QWidget) if widget.isVisible()]
        return "\n".join(text for widget in shown for text in (widget.accessibleName(), widget.toolTip()) if text)


@contextmanager
def scene(folder: Path, qtbot: QtBot, *, lang: Lang = "zh", who: str = "1003", waiting: bool = True) -> Iterator[Scene]:
    """The page in a shown window, signed in as this person."""
    shop = open_shop(folder)
    if waiting:
        three_waiting(shop)
    bench = bench_of(shop, shop.actor(who), lang)
    page = ApprovalsPage(bench)
    qtbot.addWidget(page)
    page.resize(1360, 804)
    made = Scene(shop, bench, page, qtbot)
    page.ticket_asked.connect(made.opened.append)
    page.show()
    page.activateWindow()
    try:
        yield made
    finally:
        for lane in (bench.database, bench.printer, bench.files):
            lane.stop()
        shop.close()


def odd_ones(shop: Shop) -> None:
    """One cancellation of each kind that deserves a second look, over the last days."""
    shop.clock.now = NOON - timedelta(days=8, hours=2)
    by_phone = ((IdentityKind.PHONE_LAST4, "2201"), (IdentityKind.ORDER_NUMBER, "SO-21"))
    shop.cancel(
        shop.ticket(customer="李梅", phone="13600002201", order_number="SO-21", serial="A-1"),
        channel=Channel.PHONE, identity=by_phone, consent=Consent(Grade.PHONE, reference="REC-12"),
    )  # fmt: skip
    shop.cancel(
        shop.ticket(Review.APPROVED, customer="周宁", phone="13600002202", compensation_minor=5_000, serial="A-2"),
        Reason.SELF_RESOLVED, by=shop.senior, evidence=(("how", "已修好"),),
    )  # fmt: skip
    for day in (5, 3, 1):
        shop.clock.now = NOON - timedelta(days=day)
        ticket = shop.ticket(customer="郑凯", phone="13600002203", serial=f"B-{day}", order_number=f"SO-3{day}")
        shop.cancel(ticket, Reason.WAIVED, by=shop.senior)
    shop.clock.now = NOON - timedelta(days=2)
    at = shop.clock.now
    late = TicketFacts(
        visit=Visit("3012", "周启明", "", at + timedelta(minutes=30), "WO-1", at - timedelta(minutes=30), 3_000)
    )
    visit = shop.ticket(Review.APPROVED, Work.ASSIGNED, customer="马晓", phone="13600002204", serial="C-1", facts=late)
    shop.cancel(visit, Reason.SELF_RESOLVED, evidence=(("how", "好了"),), approver=shop.supervisor)
    shop.clock.now = NOON - timedelta(days=1)
    done = shop.cancel(shop.ticket(customer="何静", phone="13600002205", serial="D-1"), by=shop.senior)
    with shop.desk.work() as uow:
        uow.slips.save(replace(done.slip, printed_n=5, reprints=4, owed=False))
    shop.clock.now = NOON
