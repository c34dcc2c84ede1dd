"""What one cancellation leaves on a real store: obligations, notices, checks, operation, slip."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store_desk.domain.consent import text_hash
from store_desk.domain.journal import GENESIS
from store_desk.domain.notices import NoticeState
from store_desk.domain.numbers import is_slip_number
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json, slip_hash
from store_desk.domain.ticket import Review, Work
from store_desk.services.look_up import open_ticket
from tests.services.given import LEVELS, busy, cancel_busy, evidence, journal
from tests.shop import NOON, Shop, with_facts


@pytest.mark.req("REQ-STA-04", "REQ-STA-07", "REQ-LOG-01", "REQ-LOG-02", "REQ-LOG-03", "REQ-MON-01")
def test_what_is_owed_becomes_obligations_with_owner_and_time(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    owed = {item.kind: item for item in done.obligations}
    assert set(owed) == {
        ObligationKind.STOP_VISIT,
        ObligationKind.STOP_WORK,
        ObligationKind.RECALL_GOODS,
        ObligationKind.RELEASE_PARTS,
        ObligationKind.RETURN_COMPENSATION,
    }
    assert all(item.state is ObligationState.OPEN for item in done.obligations)
    assert owed[ObligationKind.STOP_VISIT].owner == "3012"
    back = owed[ObligationKind.RETURN_COMPENSATION]
    assert (back.owner, back.amount_minor, back.due_at) == ("customer", 5_000, NOON + timedelta(days=7))
    assert not open_ticket(shop.desk, shop.clerk, ticket_id=done.ticket.id).line.settled


def test_money_in_hand_closes_its_obligation(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop), settlement="cash")
    back = next(item for item in done.obligations if item.kind is ObligationKind.RETURN_COMPENSATION)
    assert (back.state, back.result, back.closed_at) == (ObligationState.DONE, "cash", NOON)
    slip = slip_from_json(done.slip.body)
    assert slip.money_total is not None and slip.money_total.label.zh == "顾客已付"


@pytest.mark.req("REQ-NTF-01", "REQ-NTF-04", "REQ-NTF-06")
def test_stop_notices_leave_at_once_and_all_others_wait_for_the_undo_window(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    with shop.desk.read() as uow:
        notices = uow.notices.of_case(done.case.id)
    at_once = {item.what: item.to for item in notices if item.state is NoticeState.QUEUED}
    assert at_once == {"stop_visit": "3012", "stop_work": "3012", "recall_goods": "warehouse"}
    held = {item.to for item in notices if item.state is NoticeState.HELD}
    assert held == {"customer", "manager", "finance", "warehouse", "purchasing"}
    for item in notices:
        assert item.leaves_at == (NOON if item.state is NoticeState.QUEUED else NOON + timedelta(minutes=10))
        assert item.to


def test_no_notice_is_addressed_to_nobody(shop: Shop) -> None:
    """A visit without a name and a review without a reviewer still reach somebody."""
    for state in (LEVELS[2], LEVELS[4], (Review.PENDING_REVIEW, Work.ASSIGNED)):
        done = shop.cancel(
            shop.ticket(*state), Reason.SELF_RESOLVED, by=shop.manager, evidence=evidence(Reason.SELF_RESOLVED)
        )
        with shop.desk.read() as uow:
            assert all(item.to for item in uow.notices.of_case(done.case.id))
            assert all(item.owner for item in uow.obligations.of_case(done.case.id))


@pytest.mark.req("REQ-STA-10")
def test_the_check_afterwards_is_green_and_in_the_journal(shop: Shop) -> None:
    done = cancel_busy(shop, busy(shop))
    names = ["status_cancelled", "assignee_released", "reminders_stopped", "order_freed"]
    assert done.checks == tuple((name, True) for name in names)
    actor, what, facts = journal(shop)[-1]
    assert (actor, what, facts["checks"]) == ("2047", "ticket_cancelled", dict.fromkeys(names, True))
    assert facts["approver"] == "1003" and facts["slip"] == done.slip.number


@pytest.mark.req("REQ-OPS-04")
def test_one_operation_tells_the_whole_of_it(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, note="已修好")
    with shop.opened.store.reading() as uow:
        (operation,) = uow.operations.of_ticket(ticket.id)
    told = json.loads(operation.payload)
    assert (operation.kind, operation.actor, operation.case_id) == ("cancel", "2047", done.case.id)
    case = told["case"]
    assert case["reason"] == "self_resolved" and told["slip"] == done.slip.number and told["seen_version"] == 2
    assert case["approver"] == "1003" and case["consent"]["grade"] == "paper"
    assert (told["number"], told["requester_role"], told["approver_role"]) == (ticket.number, "clerk", "supervisor")
    assert told["agreed"]["level"] == 4 and len(told["obligations"]) == len(done.obligations)


@pytest.mark.req("REQ-EVD-03", "REQ-COM-04", "REQ-COM-05")
def test_the_slip_says_what_was_agreed_and_is_the_next_link_of_the_chain(shop: Shop) -> None:
    first = shop.cancel(shop.ticket())
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, note="已修好")
    slip = slip_from_json(done.slip.body)
    assert is_slip_number(done.slip.number) and done.slip.number.startswith("XH2-26-S000002-")
    assert slip_from_json(first.slip.body).previous_hash == GENESIS
    assert slip.previous_hash == first.slip.hash
    assert done.slip.hash == slip_hash(slip)
    assert (slip.variant, slip.status) == (SlipVariant.CANCELLATION, SlipStatus.FINAL)
    assert slip.ticket_number == ticket.number and slip.customer_phone == "138 **** 6021"
    assert "13800006021" not in done.slip.body
    assert (slip.review.zh, slip.work.zh) == ("处理中", "处理中")
    assert slip.customer_words == "已修好" and slip.reason.zh == "已自行解决"
    assert slip.money_total is not None and slip.money_total.amount_minor == 5_000
    assert len(slip.obligations) == 5
    assert all(line.value.zh or line.label.zh.startswith("释放") for line in slip.obligations)
    assert slip.clerk.zh == "林晓雨 2047" and slip.approver is not None
    assert slip.read_back.zh == done.case.read_back_zh and ticket.number in slip.read_back.zh
    assert slip.read_back_hash == text_hash(f"{slip.read_back.zh}\n{slip.read_back.en}")
    assert slip.promise.zh == "本店已确认撤销。"
    assert "2026-06-13" in slip.how_to_reopen.zh and "021-5550 0198" in slip.how_to_object.zh
    assert done.slip.owed and done.slip.printed_n == 0


def test_the_day_on_the_slip_is_the_stores_day(shop: Shop) -> None:
    """Half past midnight in Shanghai is still the day before in UTC."""
    shop.clock.now = datetime(2026, 5, 14, 16, 30, tzinfo=UTC)
    done = shop.cancel(shop.ticket(), Reason.SELF_RESOLVED, note="清理了充电口")
    assert any("5 月 15 日" in line.zh for line in slip_from_json(done.slip.body).agreed)


def test_money_in_both_directions_has_one_total(shop: Shop) -> None:
    for amount, label, total in (("20", "顾客应付", 3_000), ("80", "门店应付", 3_000), ("50", "顾客应付", 0)):
        ticket = shop.ticket(*LEVELS[3], compensation_minor=5_000)
        done = shop.cancel(
            ticket, Reason.AGREEMENT, by=shop.manager, evidence=evidence(Reason.AGREEMENT, amount=amount)
        )
        slip = slip_from_json(done.slip.body)
        assert slip.money_total is not None
        assert (slip.money_total.label.zh, slip.money_total.amount_minor) == (label, total)
    paid = shop.cancel(
        shop.ticket(*LEVELS[3], compensation_minor=5_000), Reason.AGREEMENT, by=shop.manager, settlement="cash",
        evidence=evidence(Reason.AGREEMENT, amount="20"),
    )  # fmt: skip
    slip = slip_from_json(paid.slip.body)
    assert slip.money_total is not None
    assert (slip.money_total.label.zh, slip.money_total.amount_minor) == ("门店应付", 2_000)


@pytest.mark.req("REQ-WAR-01")
def test_the_warranty_is_untouched_by_a_cancellation(shop: Shop) -> None:
    plain = shop.ticket()
    dated = with_facts(plain, warranty_until=date(2027, 1, 1), purchased_on=date(2026, 1, 1))
    with shop.desk.work() as uow:
        uow.tickets.save(replace(dated, version=2), seen_version=1)
    done = shop.cancel(replace(dated, version=2))
    assert done.ticket.facts == dated.facts
    assert any("保修到" in right.zh for right in slip_from_json(done.slip.body).rights)
    assert "不影响法定保修" in slip_from_json(done.slip.body).legal.zh
