"""Each consent grade stands on every paper in words, and in the slip's hash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store_desk.domain.consent import Channel, Consent, Grade, text_hash
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Both, Copy, Paper, SlipData
from store_desk.domain.slip_text import slip_from_json, slip_hash, strokes_hash
from store_desk.slips.render import render_slip
from tests.services.given import STROKES, evidence
from tests.shop import Shop
from tests.slips.paper import sheets

PHONE = {
    "channel": Channel.PHONE,
    "identity": ((IdentityKind.PHONE_LAST4, "6021"), (IdentityKind.ORDER_NUMBER, "SO-88421907")),
}
PROXY = Consent(Grade.PROXY, name="王小明", relation="儿子", authority="身份证和委托书")
# Grade -> how it is given, and what must stand on the paper in Chinese and in English.
GIVEN: dict[Grade, tuple[dict[str, Any], tuple[str, ...]]] = {
    Grade.COUNTER: (
        {"consent": Consent(Grade.COUNTER), "strokes": STROKES},
        ("本人签字", "Signed by the customer"),
    ),
    Grade.PAPER: ({"consent": Consent(Grade.PAPER)}, ("纸面签字", "Signed on paper")),
    Grade.PHONE: (
        {"consent": Consent(Grade.PHONE, reference="REC-20260514-0042")} | PHONE,
        ("电话确认，无签名", "Confirmed by phone, no signature", "REC-20260514-0042"),
    ),
    Grade.PROXY: (
        {"consent": PROXY, "channel": Channel.PROXY, "strokes": STROKES},
        ("代办人签字", "Signed by a proxy", "王小明", "儿子", "身份证和委托书"),
    ),
    Grade.REFUSED: (
        {"consent": Consent(Grade.REFUSED, witness="1003")},
        ("拒绝签字，有见证", "Refused to sign, witnessed", "见证人 陈国栋 1003", "Witness Chen Guodong 1003"),
    ),
    Grade.VERBAL: (
        {"consent": Consent(Grade.VERBAL)},
        ("口头确认（已复述）", "Confirmed verbally after read-back"),
    ),
    Grade.STORE_STARTED: (
        {"consent": Consent(Grade.STORE_STARTED), "reason": Reason.NOT_GENUINE},
        ("商家发起，书面告知", "Started by the store, told in writing"),
    ),
}


def written(shop: Shop, grade: Grade) -> tuple[SlipData, str]:
    """A slip with this grade, and the hash kept with it."""
    how = dict(GIVEN[grade][0])
    reason = how.pop("reason", Reason.MISTAKE)
    done = shop.cancel(shop.ticket(), reason, evidence=evidence(reason), approver=shop.manager, **how)
    return slip_from_json(done.slip.body), done.slip.hash


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.req("REQ-EVD-03", "REQ-EVD-04")
def test_every_grade_is_printed_on_all_papers_and_copies(shop: Shop, grade: Grade) -> None:
    data, _ = written(shop, grade)
    for paper in Paper:
        for copy in Copy:
            shown = "".join(sheet.text for sheet in sheets(render_slip(data, paper=paper, copies=(copy,))))
            for words in (*GIVEN[grade][1], data.read_back.zh, data.clerk.zh):
                assert squeezed(words) in shown, (paper, copy, words)


@pytest.mark.parametrize("grade", list(Grade))
def test_every_grade_is_part_of_the_hash_and_of_the_proof(shop: Shop, grade: Grade) -> None:
    from store_desk.domain.proof import read_proof

    data, kept = written(shop, grade)
    assert slip_hash(data) == kept
    assert slip_hash(replace(data, consent=Both("别的", "another"))) != kept
    assert slip_hash(replace(data, consent_detail=Both("别的", "another"))) != kept
    assert slip_hash(replace(data, read_back=Both("别的", "another"))) != kept
    assert data.read_back_hash == text_hash(f"{data.read_back.zh}\n{data.read_back.en}")
    facts = read_proof(data.qr_text).facts
    assert facts.grade == grade.value
    assert data.read_back_hash.startswith(facts.read_back)


@pytest.mark.parametrize("grade", [Grade.COUNTER, Grade.PROXY])
def test_strokes_count_in_the_hash_and_may_be_erased_without_changing_it(shop: Shop, grade: Grade) -> None:
    data, kept = written(shop, grade)
    assert data.strokes == STROKES
    assert slip_hash(replace(data, strokes=())) != kept
    assert slip_hash(replace(data, strokes=()), strokes_digest=strokes_hash(data.strokes)) == kept


@pytest.mark.parametrize("grade", [grade for grade in Grade if grade not in (Grade.COUNTER, Grade.PROXY)])
def test_grades_without_a_pen_show_no_signature(shop: Shop, grade: Grade) -> None:
    data, _ = written(shop, grade)
    assert data.strokes == () and data.signed_at is None


def test_a_proxys_name_stands_where_the_proxy_signed(shop: Shop) -> None:
    data, _ = written(shop, Grade.PROXY)
    assert data.signer.zh == "王小明"
    assert data.customer.zh == "王秀兰"
