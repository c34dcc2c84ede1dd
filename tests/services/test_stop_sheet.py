"""The stop sheet: what must stop, for whom, without the customer's money; a slip of the chain, written once."""

from __future__ import annotations

import pytest

from store_desk.domain.errors import NothingToStop, RightMissing
from store_desk.domain.slip import Copy, Paper, SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.services.slips import owed_slips, slip_of
from store_desk.services.stop_sheet import stop_sheet
from store_desk.services.withdraw import withdraw_case
from store_desk.slips.render import render_slip
from store_desk.slips.verify import verify_text
from tests.services.given import busy, cancel_busy, journal
from tests.services.test_evidence_pack import trust
from tests.shop import Shop
from tests.slips.paper import sheets


@pytest.mark.req("REQ-NTF-01")
def test_it_says_what_stops_and_for_whom_and_no_money(shop: Shop) -> None:
    ticket = busy(shop)
    cancelled = cancel_busy(shop, ticket)
    row = stop_sheet(shop.desk, shop.clerk, number=ticket.number)
    data = slip_from_json(row.body)
    assert row.variant is SlipVariant.STOP_SHEET and row.number != cancelled.slip.number
    assert data.previous_hash == cancelled.slip.hash
    assert verify_text(data.qr_text, trust(shop)).outcome.value == "genuine"
    assert len(data.obligations) == 2 and data.signer.zh == "周启明 3012"
    assert (data.money, data.money_total, data.strokes, data.read_back.zh) == ((), None, (), "")
    for paper in Paper:
        shown = "".join(sheet.text for sheet in sheets(render_slip(data, paper=paper, copies=(Copy.STORE,))))
        assert "停止作业单" in shown and "周启明" in shown and ticket.number in shown
        assert cancelled.slip.number in shown
        assert "¥" not in shown
    assert journal(shop)[-1][1] == "stop_sheet_written"


def test_asked_again_it_is_the_same_sheet_and_never_the_tickets_latest_slip(shop: Shop) -> None:
    ticket = busy(shop)
    cancelled = cancel_busy(shop, ticket)
    once = stop_sheet(shop.desk, shop.clerk, number=ticket.number)
    assert stop_sheet(shop.desk, shop.clerk, number=ticket.number) == once
    assert slip_of(shop.desk, shop.clerk, number=ticket.number).row.number == cancelled.slip.number
    assert once.number in {slip.row.number for slip in owed_slips(shop.desk, shop.clerk)}


def test_taking_back_voids_the_cancellation_slip_and_leaves_nothing_to_stop(shop: Shop) -> None:
    ticket = busy(shop)
    cancelled = cancel_busy(shop, ticket)
    stop_sheet(shop.desk, shop.clerk, number=ticket.number)
    undone = withdraw_case(shop.desk, shop.supervisor, ticket_id=ticket.id)
    assert undone.slip is not None
    assert slip_from_json(undone.slip.body).withdraws == cancelled.slip.number
    with pytest.raises(NothingToStop):
        stop_sheet(shop.desk, shop.clerk, number=ticket.number)


def test_without_visit_or_work_there_is_no_sheet(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(NothingToStop):
        stop_sheet(shop.desk, shop.clerk, number=ticket.number)
    shop.cancel(ticket)
    with pytest.raises(NothingToStop):
        stop_sheet(shop.desk, shop.clerk, number=ticket.number)
    with pytest.raises(RightMissing):
        stop_sheet(shop.desk, shop.actor("9001"), number=ticket.number)
