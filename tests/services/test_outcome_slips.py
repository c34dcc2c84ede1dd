"""What the papers of a cancellation say that head office decides on, and the words for what it decided."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.record import CaseRecord
from store_desk.domain.slip import Both, Copy, Paper, SlipData, SlipStatus, SlipVariant
from store_desk.domain.ticket import Review, Ticket, Work
from store_desk.services.draft_slip import draft_slip
from store_desk.services.kept_plan import obligation_words, plan_of
from store_desk.services.messages import GENESIS, KINDS, Answer
from store_desk.services.outcomes_words import DECLINED, EXPIRED, REFUSED_OTHER, outcome_words, way_words, words_of
from store_desk.services.slips import record_printed
from store_desk.slips.render import render_slip
from tests.services.given import STROKES, busy, cancel_busy, evidence
from tests.services.office import SmallOffice, first_case, papers, text
from tests.shop import NOON, Shop
from tests.slips.paper import overlaps, sheets

HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office."""
    return SmallOffice(shop)


def all_texts(data: SlipData) -> list[Both]:
    """Every sentence that the outcome writes."""
    lines = [*data.money, *data.obligations]
    found = [data.promise, data.how_to_reopen, data.how_to_object, *data.agreed, *data.next_steps, *data.rights]
    return [*found, *(line.label for line in lines), *(line.value for line in lines)]


# --- the provisional slip --------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OFF-01")
def test_the_provisional_slip_never_says_that_it_is_done(shop: Shop, office: SmallOffice) -> None:
    for level, parked in product((False, True), repeat=2):
        ticket = busy(shop) if level else shop.ticket()
        done = cancel_busy(shop, ticket, park=parked, approver=None if parked else shop.supervisor)
        data = text(done.slip)
        assert (data.variant, data.status) == (SlipVariant.REQUEST, SlipStatus.PROVISIONAL)
        said = "".join(one.zh + one.en for one in all_texts(data)) + data.legal.zh + data.legal.en
        assert "已撤销" not in said and "is cancelled" not in said and "cancels this ticket" not in said
        assert "尚未生效" in data.promise.zh and "24 小时" in data.promise.zh and "5 月 15 日 14:21" in data.promise.zh


def test_what_is_asked_for_is_on_hold_and_money_a_deposit(shop: Shop, office: SmallOffice) -> None:
    data = text(cancel_busy(shop, busy(shop), settlement="cash").slip)
    assert [line.label.zh for line in data.obligations] == [
        "暂停 5 月 15 日 14:21 上门",
        "暂停派工 WO-7",
        "暂扣滚筒",
        "确认后：释放预留备件",
    ]
    assert all("等总部答复" in line.value.zh for line in data.obligations[:3])
    assert [(line.label.zh, line.amount_minor) for line in data.money] == [("收回补偿：交通补贴，暂收押金", 5_000)]
    assert data.money_total is not None and (data.money_total.label.zh, data.money_total.amount_minor) == (
        "已收押金",
        5_000,
    )
    assert data.next_steps[-1].zh.startswith("未通过") and "随时" in data.how_to_reopen.zh


def test_money_that_is_not_taken_yet_is_owed_only_once_it_is_confirmed(shop: Shop, office: SmallOffice) -> None:
    data = text(cancel_busy(shop, busy(shop)).slip)
    assert [line.label.zh for line in data.money] == ["确认后：收回补偿：交通补贴"]
    assert data.money_total is not None and data.money_total.amount_minor == 0


def test_what_is_sent_for_approval_stops_nobody_yet(shop: Shop, office: SmallOffice) -> None:
    data = text(cancel_busy(shop, busy(shop), park=True, approver=None).slip)
    assert all(line.label.zh.startswith("确认后：") for line in data.obligations)
    assert "主管" in data.promise.zh and data.next_steps[0].zh == "批准前工单照常处理。"


def test_the_preview_shows_the_paper_that_will_be_written(shop: Shop) -> None:
    ticket = shop.ticket()
    alone = draft_slip(shop.desk, shop.clerk, shop.command(ticket))
    SmallOffice(shop)
    asked = draft_slip(shop.desk, shop.clerk, shop.command(ticket))
    assert (alone.variant, asked.variant) == (SlipVariant.CANCELLATION, SlipVariant.REQUEST)


# --- the others ------------------------------------------------------------------------------------------------


def test_the_final_slip_says_who_confirmed_it_when_and_keeps_the_signature(shop: Shop, office: SmallOffice) -> None:
    ticket = busy(shop)
    office.knows(ticket)
    done = cancel_busy(shop, ticket, settlement="cash", consent=Consent(Grade.COUNTER), strokes=STROKES)
    shop.clock.forward(minutes=2)
    office.answer()
    request, final = (text(row) for row in papers(shop, ticket))
    assert final.promise == Both("总部已于 14:23 确认撤销。", "Confirmed by head office (14:23).")
    assert (final.strokes, final.signed_at) == (request.strokes, request.signed_at) and final.strokes
    assert (final.read_back_hash, final.customer, final.clerk) == (
        request.read_back_hash,
        request.customer,
        request.clerk,
    )
    assert [line.label.zh for line in final.money] == ["收回补偿：交通补贴，已收"]
    assert final.money_total is not None and final.money_total.label.zh == "顾客已付"
    assert "通知调度停止 5 月 15 日 14:21 上门" in [line.label.zh for line in final.obligations]
    assert "重开" in final.how_to_reopen.zh
    assert done.slip.number == final.confirms


def test_who_signed_the_first_paper_with_a_pen_does_not_sign_again(shop: Shop, office: SmallOffice) -> None:
    for held in (False, True):
        ticket = shop.ticket()
        office.knows(ticket)
        done = shop.cancel(ticket)
        if held:
            record_printed(shop.desk, shop.clerk, number=done.slip.number, how="A5", reprint=0)
        office.answer()
        consent = text(papers(shop, ticket)[-1]).consent.zh
        assert consent == (f"纸面签字（签在回执 {done.slip.number} 上）" if held else "纸面签字（签在本单上）")


def refused(shop: Shop, office: SmallOffice) -> tuple[Ticket, SlipData]:
    """A busy ticket that was done before the request came, and the paper of it."""
    ticket = busy(shop)
    office.knows(ticket, work=Work.DONE, review=Review.APPROVED, closed_at=NOON)
    cancel_busy(shop, ticket, settlement="cash")
    office.answer()
    return ticket, text(papers(shop, ticket)[-1])


def test_the_refusal_says_why_what_changed_what_not_and_what_can_be_done(shop: Shop, office: SmallOffice) -> None:
    _, data = refused(shop, office)
    assert [line.zh for line in data.agreed] == [
        "工单已于 14:21 完成，不能再撤销。",
        "本次申请结束，回执作废。",
        "暂停的上门、作业或寄送恢复。",
        "已收押金 ¥50.00 全部退还。",
        "工单的结果和保修权利不变。",
    ]
    assert [line.label.zh for line in data.obligations] == [
        "恢复 5 月 15 日 14:21 上门",
        "恢复派工 WO-7",
        "恢复寄送滚筒",
        "退还押金",
    ]
    assert "退货" in data.next_steps[0].zh and data.how_to_object.zh
    assert data.strokes == () and data.money == () and data.read_back.zh == ""


def test_a_first_request_that_still_waits_is_not_called_a_cancellation(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    first = first_case(ticket, done.case)
    waiting = replace(first, case=replace(first.case, state=CaseState.PENDING_APPROVAL, decided_at=None))
    office.knows(ticket, waiting)
    office.answer()
    data = text(papers(shop, ticket)[-1])
    assert "仍待批准" in data.agreed[0].zh and "已撤销" not in "".join(one.zh for one in all_texts(data))


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.req("REQ-EVD-03")
def test_every_paper_of_an_outcome_fits_every_paper(shop: Shop, office: SmallOffice, paper: Paper) -> None:
    for data in samples(shop, office):
        pages = sheets(render_slip(data, paper=paper, copies=(Copy.CUSTOMER, Copy.STORE), reprint=0))
        for sheet in pages:
            assert not overlaps(sheet)
            assert all(glyph.left >= 0 and glyph.right <= sheet.width for glyph in sheet.glyphs)
        said = "".join("".join(sheet.text.split()) for sheet in pages)
        for one in all_texts(data):
            assert "".join(one.zh.split()) in said


def samples(shop: Shop, office: SmallOffice) -> list[SlipData]:
    """The provisional slip, the final one with its follow-up, the refusal and the superseded one."""
    _, no = refused(shop, office)
    changed = busy(shop)
    office.knows(changed, facts=type(changed.facts)(visit=changed.facts.visit))
    cancel_busy(shop, changed)
    second = busy(shop)
    done = cancel_busy(shop, second, settlement="cash")
    office.knows(second, first_case(second, done.case))
    office.answer()
    rows = [*papers(shop, changed), papers(shop, second)[-1]]
    assert [row.variant for row in rows] == [
        SlipVariant.REQUEST,
        SlipVariant.CANCELLATION,
        SlipVariant.FOLLOW_UP,
        SlipVariant.FOLLOW_UP,
    ]
    return [*(text(row) for row in rows), no]


# --- words -----------------------------------------------------------------------------------------------------


def record_of(shop: Shop) -> tuple[Ticket, CaseRecord]:
    """A confirmed case to speak of."""
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    return ticket, CaseRecord(done.case, done.obligations, "XH2", done.slip.number)


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_to_every_operation_has_words_and_ways_out(shop: Shop, kind: str) -> None:
    ticket, mine = record_of(shop)
    for result in Result:
        answer = Answer("o", 1, 1, result, GENESIS, facts="{}", at_ms=1_778_739_660_000)
        for case, known in ((mine, ticket), (None, None)):
            said = outcome_words(answer, case, known, zone=shop.desk.zone, now=NOON, kind=kind)
            for one in (said.title, said.what, *said.changed, *said.not_changed):
                assert HAN.search(one.zh) and not HAN.search(one.en) and "{" not in one.zh + one.en
            assert said.not_changed
            quiet = result in (Result.ACCEPTED, Result.ALREADY_OVER)
            assert said.ways or quiet, (kind, result)
            for way in said.ways:
                assert HAN.search(way_words(way).zh)


@pytest.mark.parametrize("state", [DECLINED, REFUSED_OTHER, EXPIRED])
def test_what_no_answer_says_has_words_too(shop: Shop, state: str) -> None:
    said = words_of(state, {"who": "陈国栋 1003", "why": "在路上"}, None, None, zone=shop.desk.zone, now=NOON)
    assert said.ways and "{" not in said.what.zh + said.what.en


def test_the_words_name_the_facts_of_the_answer(shop: Shop) -> None:
    facts = {"desk": "XH1", "slip": "S-31", "state": "confirmed", "at": NOON.isoformat()}
    said = words_of("already_cancelled", facts, None, None, zone=shop.desk.zone, now=NOON)
    assert said.what.zh == "该工单已由柜台 XH1 于 14:21 撤销，撤销单 S-31。"
    waits = words_of("needs_approval", {"because": "level_rose,visit_today"}, None, None, zone=shop.desk.zone, now=NOON)
    assert "；" in waits.what.zh and "今天有上门预约" in waits.what.zh
    moved = {"added": "recall_goods,pay_fee", "dropped": "stop_work"}
    changed = words_of("accepted_with_conditions", moved, None, None, zone=shop.desk.zone, now=NOON).changed
    assert [one.zh for one in changed[1:]] == ["新增：召回货物", "新增：应付费用", "不再需要：停止作业"]
    done = words_of("refused_done", {"state": "rejected"}, None, None, zone=shop.desk.zone, now=NOON)
    assert "驳回" in done.title.zh and "object" in done.ways


# --- what is kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [Reason.SELF_RESOLVED, Reason.AGREEMENT, Reason.DISSATISFIED])
def test_a_kept_plan_reads_back_as_it_was_agreed(shop: Shop, reason: Reason) -> None:
    ticket = busy(shop)
    done = shop.cancel(ticket, reason, evidence=evidence(reason), approver=shop.supervisor)
    plan = plan_of(done.case, ticket)
    assert [step.kind for step in plan.steps if step.obligation] == [item.kind.value for item in done.obligations]
    kept = json.loads(done.case.plan)
    assert (plan.level, plan.customer_pays_minor, plan.store_pays_minor, plan.currency) == (
        kept["level"],
        kept["customer_pays_minor"],
        kept["store_pays_minor"],
        "CNY",
    )


@pytest.mark.parametrize("told", ["", "stop_visit", "5", '"x"', '{"code":"stop_visit","facts":{"at":"%s"}}'])
def test_an_obligation_of_any_origin_has_words(shop: Shop, told: str) -> None:
    body = told.replace("%s", NOON.isoformat())
    item = Obligation("o", "c", ObligationKind.STOP_VISIT, "store", ObligationState.OPEN, text=body)
    title, sub = obligation_words(item, zone=shop.desk.zone, currency="CNY", now=NOON)
    assert title.zh == ("通知调度停止 14:21 上门" if "facts" in told else "停止上门") and sub == Both("", "")
