"""What a reason sets going, what a preview shows, and that nothing blocks anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.errors import (
    ApprovalNeeded,
    ConsentMissing,
    EvidenceInvalid,
    EvidenceMissing,
)
from store_desk.domain.numbers import is_own_ticket_number
from store_desk.domain.obligations import ObligationKind
from store_desk.domain.reasons import Reason
from store_desk.domain.slip_text import slip_from_json
from store_desk.services.cancel import preview_plan
from store_desk.services.draft_slip import draft_slip
from store_desk.services.drafts import save_draft
from store_desk.services.look_up import open_ticket
from tests.services.given import LEVELS, busy, evidence, nothing_changed
from tests.shop import NOON, Shop


@pytest.mark.req("REQ-RSN-02")
def test_an_agreement_binds_the_store(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.AGREEMENT, evidence=evidence(Reason.AGREEMENT))
    (remedy,) = done.obligations
    assert (remedy.kind, remedy.owner, remedy.amount_minor) == (ObligationKind.REMEDY, "store", 120_050)
    # The end of that day in the store's zone.
    assert remedy.due_at == datetime(2026, 5, 20, 15, 59, 59, tzinfo=UTC)
    slip = slip_from_json(done.slip.body)
    assert "补发配件" in slip.agreed[0].zh and "补发配件" in slip.read_back.zh
    with shop.desk.read() as uow:
        assert "finance" in {item.to for item in uow.notices.of_case(done.case.id)}


@pytest.mark.req("REQ-CND-02")
def test_a_waiver_is_read_back_and_printed(shop: Shop) -> None:
    slip = slip_from_json(shop.cancel(shop.ticket(), Reason.WAIVED).slip.body)
    assert "本人主动放弃" in slip.read_back.zh
    assert any("本人主动放弃" in line.zh for line in slip.agreed)


@pytest.mark.req("REQ-RSN-05")
def test_dissatisfaction_opens_a_task_for_the_manager(shop: Shop) -> None:
    done = shop.cancel(
        shop.ticket(), Reason.DISSATISFIED, evidence=evidence(Reason.DISSATISFIED), approver=shop.supervisor
    )
    (task,) = done.obligations
    assert (task.kind, task.owner, task.due_at) == (ObligationKind.IMPROVE, "manager", NOON + timedelta(days=3))


@pytest.mark.req("REQ-CND-08", "REQ-MON-04")
def test_a_refund_stays_open_until_it_is_seen(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.RETURNED_REFUNDED, evidence=evidence(Reason.RETURNED_REFUNDED))
    assert [item.kind for item in done.obligations] == [ObligationKind.REFUND_TO_CUSTOMER]


@pytest.mark.req("REQ-CND-09")
def test_head_office_hears_of_another_channel(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.OTHER_CHANNEL, evidence=evidence(Reason.OTHER_CHANNEL))
    with shop.desk.read() as uow:
        assert "head_office" in {item.to for item in uow.notices.of_case(done.case.id)}


@pytest.mark.req("REQ-CND-07")
def test_a_duplicate_points_to_the_ticket_that_is_kept(shop: Shop) -> None:
    ticket, kept = shop.ticket(description="不脱水"), shop.ticket()
    for number in (ticket.number, "XH2-26-000009-A"):
        with pytest.raises(EvidenceInvalid):
            shop.cancel(ticket, Reason.DUPLICATE, evidence=(("survivor", number),))
    done = shop.cancel(ticket, Reason.DUPLICATE, evidence=(("survivor", kept.number.lower()),), note="同一台")
    assert done.ticket.facts.survivor == kept.number == done.linked_number
    assert shop.load(ticket.id) == done.ticket
    view = open_ticket(shop.desk, shop.clerk, ticket_id=kept.id)
    merged = next(json.loads(entry.facts) for entry in view.events if entry.what == "duplicate_merged")
    assert merged == {"from": ticket.number, "note": "同一台", "description": "不脱水"}
    # A cancelled ticket is no survivor: nothing would live on in it.
    with pytest.raises(EvidenceInvalid):
        shop.cancel(kept, Reason.DUPLICATE, evidence=(("survivor", ticket.number),))


@pytest.mark.req("REQ-CND-03", "REQ-IMP-02")
def test_a_wrong_detail_is_put_right_in_a_new_ticket_that_keeps_its_place(shop: Shop) -> None:
    ticket = shop.ticket(*LEVELS[3], assignee="3012", compensation_minor=5_000)
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, by=shop.senior, evidence=evidence(Reason.WRONG_INFORMATION))
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert is_own_ticket_number(made.number) and made.number != ticket.number
    assert (made.phone, made.review, made.work, made.assignee) == ("13900006021", *LEVELS[1], "")
    assert (made.facts.recreated_from, made.facts.queue_since) == (ticket.number, ticket.created_at)
    assert (made.customer, made.serial, made.compensation_minor) == (ticket.customer, ticket.serial, 0)
    assert done.case.linked_ticket == made.number
    assert any(made.number in line.zh for line in slip_from_json(done.slip.body).agreed)


def test_a_slip_shows_no_whole_telephone_number_also_where_it_was_put_right(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), Reason.WRONG_INFORMATION, evidence=evidence(Reason.WRONG_INFORMATION))
    said = {line.value.zh for line in slip_from_json(done.slip.body).evidence}
    assert said == {"电话", "138 **** 6021", "139 **** 6021"}
    assert "13800006021" not in done.slip.body and "13900006021" not in done.slip.body


def test_a_corrected_name_does_not_keep_the_wrong_one_in_the_other_language(shop: Shop) -> None:
    wrong = {"field": "姓名", "wrong": "王秀兰", "right": "汪秀兰"}
    done = shop.cancel(shop.ticket(), Reason.WRONG_INFORMATION, evidence=tuple(wrong.items()))
    with shop.desk.read() as uow:
        (made,) = uow.tickets.by_number(done.linked_number)
    assert (made.customer, made.facts.customer_other) == ("汪秀兰", "")


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("颜色", "黑", "field"),
        ("phone number of his wife", "13900006021", "field"),
        ("…", "1", "field"),
        ("电话", "没有", "right"),
        ("Mobile", "12-3", "right"),
        ("序列号", "—", "right"),
        ("姓名", "\u200b", "right"),
        ("姓名", "王秀兰", "right"),
    ],
)
def test_a_correction_that_the_new_ticket_could_not_take_is_refused(
    shop: Shop, field: str, right: str, wrong: str
) -> None:
    given = {"field": field, "wrong": "x", "right": right}
    ticket = shop.ticket()
    with pytest.raises(EvidenceInvalid) as refused:
        shop.cancel(ticket, Reason.WRONG_INFORMATION, evidence=tuple(given.items()))
    assert refused.value.facts == {"field": wrong, "value": given[wrong]}
    assert shop.load(ticket.id) == ticket


def test_a_correction_without_the_right_value_is_missing(shop: Shop) -> None:
    given = (("field", "电话"), ("wrong", "1"), ("right", " "))
    with pytest.raises(EvidenceMissing):
        shop.cancel(shop.ticket(), Reason.WRONG_INFORMATION, evidence=given)


@pytest.mark.req("REQ-OFF-05", "REQ-IMP-01")
def test_nothing_blocks_a_customer_who_cancels_often(shop: Shop) -> None:
    """Decisions 30: the count is a fact that is shown; no block of any kind exists."""
    for _ in range(25):
        done = shop.cancel(shop.ticket(), Reason.WAIVED)
        assert done.case.state is CaseState.CONFIRMED and done.case.approved_because == ()
    shop.cancel(shop.ticket())
    last = shop.ticket()
    assert preview_plan(shop.desk, shop.clerk, shop.command(last)).plan.because == ()
    assert open_ticket(shop.desk, shop.clerk, ticket_id=last.id).customer_caused == 25
    shop.clock.forward(days=366)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=last.id).customer_caused == 0
    assert shop.cancel(last).case.state is CaseState.CONFIRMED


def test_the_preview_writes_nothing_and_says_the_same(shop: Shop) -> None:
    ticket = busy(shop)
    command = shop.command(ticket, Reason.SELF_RESOLVED, note="已修好", approver=shop.supervisor)
    view = preview_plan(shop.desk, shop.clerk, command)
    draft = draft_slip(shop.desk, shop.clerk, command)
    assert (draft.number, draft.qr_text, draft.short_code) == ("", "", "")
    nothing_changed(shop, ticket)
    done = shop.cancel(ticket, Reason.SELF_RESOLVED, note="已修好", approver=shop.supervisor)
    real = slip_from_json(done.slip.body)
    assert replace(real, number="", qr_text="", short_code="") == draft
    assert view.read_back_zh == done.case.read_back_zh


def test_the_draft_goes_with_the_cancellation_and_stays_with_a_refusal(shop: Shop) -> None:
    ticket = shop.ticket()
    save_draft(shop.desk, shop.clerk, ticket_id=ticket.id, body="{}")
    with pytest.raises(ConsentMissing):
        shop.cancel(ticket, consent=None)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).draft is not None
    shop.cancel(ticket)
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).draft is None


def test_a_refused_cancellation_uses_up_no_number(shop: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        shop.cancel(shop.ticket(*LEVELS[3]), Reason.WAIVED)
    assert "-S000001-" in shop.cancel(shop.ticket()).slip.number
