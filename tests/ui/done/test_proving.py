"""What the sheet after a cancellation offers only where it is wanted: the evidence pack and the stop sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.services.cancel import Cancelled, CancelTicket, cancel_ticket
from store_desk.ui.done.sheet import DoneSheet
from tests.ui.cancel.scene import CLERK, SUPERVISOR, Scene, ticket_at
from tests.ui.done.test_sheet import cancelled_at

# Another person of the counter, with the same rights and no part in it.
OTHER_CLERK = replace(CLERK, id="1009")


def to_another_channel(shop: Scene) -> Cancelled:
    """A ticket that the customer takes elsewhere."""
    shop.add(ticket_at(1))
    command = CancelTicket(
        ticket_at(1).id, Reason.OTHER_CHANNEL, evidence=(("which", "消协"),), consent=Consent(Grade.VERBAL)
    )
    return cancel_ticket(shop.desk, CLERK, command)


@pytest.mark.req("REQ-CND-09")
def test_the_pack_is_offered_at_once_to_the_clerk_whose_customer_takes_another_channel(
    shop: Scene, qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[tuple[str, str, Path]] = []

    def save(who: Actor, number: str, path: Path) -> object:
        asked.append((who.id, number, path))
        return None

    cancelled = to_another_channel(shop)
    assert cancelled.case.requester == CLERK.id
    bench = replace(shop.bench, save_evidence=save)
    offered = {}
    for actor in (OTHER_CLERK, SUPERVISOR, CLERK):
        shop.as_(actor)
        sheet = DoneSheet(bench, cancelled)
        qtbot.addWidget(sheet)
        offered[actor.id] = not sheet.offers.evidence.isHidden()
    assert offered == {OTHER_CLERK.id: False, SUPERVISOR.id: True, CLERK.id: True}
    sheet.offers.save_to(str(tmp_path / "e.zip"))
    with qtbot.waitSignal(sheet.offers.settled):
        pass
    assert asked == [(CLERK.id, cancelled.ticket.number, tmp_path / "e.zip")]


def test_the_pack_is_offered_for_no_other_reason(shop: Scene, qtbot: QtBot) -> None:
    bench = replace(shop.bench, save_evidence=lambda who, number, path: None)
    shop.as_(SUPERVISOR)
    sheet = DoneSheet(bench, cancelled_at(shop, 4))
    qtbot.addWidget(sheet)
    assert sheet.offers.evidence.isHidden()


@pytest.mark.req("REQ-NTF-01")
def test_the_stop_sheet_is_offered_only_for_a_visit_or_work(shop: Scene, qtbot: QtBot) -> None:
    plain = DoneSheet(shop.bench, to_another_channel(shop))
    qtbot.addWidget(plain)
    assert plain.offers.isHidden() and plain.offers.stop.isHidden()
    sheet = DoneSheet(shop.bench, cancelled_at(shop, 4))
    qtbot.addWidget(sheet)
    sheet.show()
    assert not sheet.offers.stop.isHidden()
    with qtbot.waitSignal(sheet.offers.settled):
        sheet.offers.stop.click()
    assert {number for number, _, _ in shop.printer.printed} - {sheet._cancelled.slip.number}
