"""Identity, consent and approval: who must agree before a ticket is cancelled, on a real store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.errors import (
    ApprovalNeeded,
    ApproverIsRequester,
    ApproverRightMissing,
    ConsentMissing,
    IdentityMismatch,
    IdentityMissing,
    RightsNotAcknowledged,
    WitnessInvalid,
)
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.slip_text import slip_from_json
from tests.services.given import LEVELS, STROKES, evidence, nothing_changed
from tests.shop import NOON, Shop

PHONE = {"channel": Channel.PHONE, "consent": Consent(Grade.PHONE, reference="REC-1")}
LAST4 = (IdentityKind.PHONE_LAST4, "6021")
ORDER = (IdentityKind.ORDER_NUMBER, "SO-88421907")


@pytest.mark.req("REQ-CHN-02")
def test_by_phone_two_answers_must_match_and_the_recording_is_the_consent(shop: Shop) -> None:
    ticket = shop.ticket()
    short: Iterable[tuple[Any, ...]] = ((), (LAST4,), (LAST4, LAST4), (ORDER, (IdentityKind.RECEIPT, "1907")))
    for answers in short:
        with pytest.raises(IdentityMissing):
            shop.cancel(ticket, identity=answers, **PHONE)
    with pytest.raises(ConsentMissing):
        shop.cancel(ticket, identity=(LAST4, ORDER), channel=Channel.PHONE)
    nothing_changed(shop, ticket)
    done = shop.cancel(ticket, identity=(LAST4, ORDER), **PHONE)
    slip = slip_from_json(done.slip.body)
    assert done.case.identity == ("phone_last4", "order_number")
    assert slip.consent.zh == "电话确认，无签名" and "REC-1" in slip.consent_detail.zh
    assert slip.strokes == () and slip.asked.zh == "电话"


@pytest.mark.parametrize("channel", [Channel.COUNTER, Channel.PHONE])
def test_a_wrong_answer_is_refused_on_every_channel(shop: Shop, channel: Channel) -> None:
    with pytest.raises(IdentityMismatch) as refusal:
        shop.cancel(shop.ticket(), identity=((IdentityKind.PHONE_LAST4, "0000"),), channel=channel)
    assert refusal.value.facts == {"kind": "phone_last4"}


@pytest.mark.req("REQ-CHN-04")
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.CHAT])
def test_a_written_request_names_where_it_is_kept(shop: Shop, channel: Channel) -> None:
    done = shop.cancel(
        shop.ticket(), channel=channel, identity=(LAST4, ORDER), consent=Consent(Grade.PHONE, reference="MSG-4")
    )
    assert done.case.channel is channel


@pytest.mark.parametrize(
    "consent",
    [None, Consent(Grade.COUNTER), Consent(Grade.PHONE, reference="R"), Consent(Grade.PROXY, name="王")],
)
def test_consent_that_is_missing_incomplete_or_unfit_is_refused(shop: Shop, consent: Consent | None) -> None:
    ticket = shop.ticket()
    with pytest.raises(ConsentMissing) as refusal:
        shop.cancel(ticket, consent=consent)
    assert refusal.value.facts["accepted"] == ("counter", "paper", "refused", "proxy", "verbal")
    nothing_changed(shop, ticket)


def test_the_signed_strokes_go_onto_the_slip(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), consent=Consent(Grade.COUNTER), strokes=STROKES)
    slip = slip_from_json(done.slip.body)
    assert slip.strokes == STROKES and slip.signed_at == NOON
    assert done.case.strokes == STROKES


def test_verbal_consent_ends_at_level_two(shop: Shop) -> None:
    verbal = Consent(Grade.VERBAL)
    assert shop.cancel(shop.ticket(*LEVELS[2]), consent=verbal).case.consent == verbal
    with pytest.raises(ConsentMissing):
        shop.cancel(shop.ticket(*LEVELS[3]), Reason.WAIVED, by=shop.senior, consent=verbal)


@pytest.mark.parametrize("witness", ["", "2047", "0000"])
def test_a_refused_signature_needs_another_member_of_staff(shop: Shop, witness: str) -> None:
    with pytest.raises((WitnessInvalid, ConsentMissing)):
        shop.cancel(shop.ticket(), consent=Consent(Grade.REFUSED, witness=witness))


def test_a_witness_is_named_on_the_slip(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), consent=Consent(Grade.REFUSED, witness="2051"))
    assert "2051" in slip_from_json(done.slip.body).consent_detail.zh


@pytest.mark.req("REQ-CHN-05")
def test_a_proxy_signs_in_their_own_name(shop: Shop) -> None:
    proxy = Consent(Grade.PROXY, name="王小明", relation="儿子", authority="委托书")
    done = shop.cancel(shop.ticket(), channel=Channel.PROXY, consent=proxy)
    slip = slip_from_json(done.slip.body)
    assert slip.signer.zh == "王小明"
    assert "委托书" in slip.consent_detail.zh
    with pytest.raises(ConsentMissing):
        shop.cancel(shop.ticket(), channel=Channel.PROXY, consent=Consent(Grade.PAPER))


def test_approval_comes_from_another_person_with_the_role(shop: Shop) -> None:
    ticket = shop.ticket(*LEVELS[3])
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED)}
    with pytest.raises(ApproverRightMissing):
        shop.cancel(ticket, Reason.SELF_RESOLVED, approver=shop.senior, **how)
    with pytest.raises(ApproverIsRequester):
        shop.cancel(
            ticket, Reason.DISSATISFIED, by=shop.supervisor, approver=shop.supervisor,
            evidence=evidence(Reason.DISSATISFIED),
        )  # fmt: skip
    nothing_changed(shop, ticket)


@pytest.mark.req("REQ-CND-04", "REQ-CND-05")
@pytest.mark.parametrize("reason", [Reason.PAST_DEADLINE, Reason.FORCE_MAJEURE])
def test_where_head_office_would_decide_only_the_manager_approves(shop: Shop, reason: Reason) -> None:
    ticket = shop.ticket()
    with pytest.raises(ApprovalNeeded) as refusal:
        shop.cancel(ticket, reason, evidence=evidence(reason))
    assert refusal.value.facts["manager_only"] is True
    with pytest.raises(ApproverRightMissing):
        shop.cancel(ticket, reason, evidence=evidence(reason), approver=shop.supervisor)
    assert shop.cancel(ticket, reason, evidence=evidence(reason), approver=shop.manager).case.approver == "1001"


@pytest.mark.req("REQ-CND-06")
def test_what_the_store_starts_needs_a_second_person_who_is_named_everywhere(shop: Shop) -> None:
    """Also where neither level nor reason would ask for one."""
    ticket = shop.ticket()
    how: dict[str, Any] = {"evidence": evidence(Reason.WRONG_INFORMATION), "consent": Consent(Grade.STORE_STARTED)}
    with pytest.raises(ApprovalNeeded):
        shop.cancel(ticket, Reason.WRONG_INFORMATION, **how)
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, approver=shop.supervisor, **how)
    assert (done.case.approver, done.case.approved_because) == ("1003", ("reason_always",))
    slip = slip_from_json(done.slip.body)
    assert slip.approver is not None and "1003" in slip.approver.zh


def test_an_approver_nobody_asked_for_is_not_recorded(shop: Shop) -> None:
    done = shop.cancel(shop.ticket(), approver=shop.supervisor)
    assert done.case.approver == ""
    assert slip_from_json(done.slip.body).approver is None


def test_rights_at_stake_must_be_acknowledged(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(RightsNotAcknowledged):
        shop.cancel(ticket, rights_acknowledged=False)
    nothing_changed(shop, ticket)
