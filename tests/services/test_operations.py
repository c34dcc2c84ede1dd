"""What a desk with a head office writes down: the signed operation, what the store shows meanwhile, and the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState, status_of
from store_desk.domain.errors import ApprovalNeeded
from store_desk.domain.office_errors import SignerMissing, TicketOfOtherStore
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import SlipStatus, SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Status, Ticket
from store_desk.services.cancel import cancel_ticket
from store_desk.services.enrolment import SILENT_MAX, Contact, put_contact
from store_desk.services.messages import Envelope, digest_of, record_from_body, signed_bytes
from store_desk.services.office_ports import Delivery, DeliveryState
from store_desk.services.payloads import cancel_from_payload, decision_from_payload
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case
from tests.services.given import LEVELS, evidence, journal, nothing_changed
from tests.services.office import SmallOffice, papers
from tests.shop import NOON, Shop


@pytest.fixture
def office(shop: Shop) -> SmallOffice:
    """The shop's head office."""
    return SmallOffice(shop)


def deliveries(shop: Shop) -> list[Delivery]:
    """All operations in the order of their numbers."""
    with shop.desk.read() as uow:
        return uow.deliveries.of_incarnation(1)


def envelopes(shop: Shop) -> list[Envelope]:
    """All operations as they are sent."""
    return [item.envelope for item in deliveries(shop)]


def status(shop: Shop, ticket: Ticket) -> Status:
    """What the list shows."""
    with shop.desk.read() as uow:
        (line,) = uow.tickets.listed([ticket.id])
    return status_of(line.ticket.review, line.ticket.work, line.case_state)


def cancel(shop: Shop, ticket: Ticket, level: int, **changes: Any) -> Any:
    """Cancels with what each level needs."""
    how: dict[str, Any] = {"evidence": evidence(Reason.SELF_RESOLVED)}
    if level > 2:
        how["approver"] = shop.supervisor
    return shop.cancel(ticket, Reason.SELF_RESOLVED, **(how | changes))


# --- the operation ---------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-04", "REQ-EXC-04")
def test_a_cancellation_is_on_its_way_in_the_same_transaction(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    (delivery,) = deliveries(shop)
    sent = delivery.envelope
    assert (delivery.state, delivery.sent_n, delivery.answer) == (DeliveryState.WAITING, 0, None)
    assert (sent.id, sent.kind, sent.ticket_id, sent.case_id) == (done.operation, "cancel", ticket.id, done.case.id)
    assert (sent.inc, sent.n, sent.actor, sent.role) == (1, 1, "2047", "clerk")
    assert done.case.state is CaseState.PENDING_HEAD_OFFICE
    assert [what for _, what, _ in journal(shop)][-1] == "cancellation_requested"


@pytest.mark.req("REQ-OPS-04")
def test_a_cancellation_that_fails_leaves_no_operation_and_no_number(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket(*LEVELS[3])
    with pytest.raises(ApprovalNeeded):
        shop.cancel(ticket, Reason.SELF_RESOLVED, evidence=evidence(Reason.SELF_RESOLVED))
    nothing_changed(shop, ticket)
    assert deliveries(shop) == []
    shop.cancel(shop.ticket())
    assert [sent.n for sent in envelopes(shop)] == [1]


def test_operations_are_numbered_without_gaps_over_all_kinds(shop: Shop, office: SmallOffice) -> None:
    first = shop.ticket()
    shop.cancel(first)
    withdraw_case(shop.desk, shop.clerk, ticket_id=first.id)
    reopen_ticket(shop.desk, shop.clerk, ticket_id=shop.ticket(Review.REJECTED).id, note="又坏了")
    shop.cancel(shop.ticket())
    assert [(sent.n, sent.kind) for sent in envelopes(shop)] == [
        (1, "cancel"), (2, "withdraw"), (3, "ticket"), (4, "cancel"),
    ]  # fmt: skip


def test_the_signature_verifies_with_the_desks_public_key(shop: Shop, office: SmallOffice) -> None:
    shop.cancel(shop.ticket())
    (sent,) = envelopes(shop)
    assert sent.digest == digest_of(sent.payload)
    assert shop.desk.signer is not None
    key = Ed25519PublicKey.from_public_bytes(shop.desk.signer.public_key)
    parts = {"op_id": sent.id, "kind": sent.kind, "ticket_id": sent.ticket_id, "actor": sent.actor}
    key.verify(sent.signature, signed_bytes(**parts, digest=sent.digest))
    for name in parts:
        with pytest.raises(InvalidSignature):
            key.verify(sent.signature, signed_bytes(**(parts | {name: "other"}), digest=sent.digest))
    with pytest.raises(InvalidSignature):
        key.verify(sent.signature, signed_bytes(**parts, digest=digest_of(sent.payload + " ")))


def test_a_desk_that_cannot_sign_cancels_nothing(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    mute = replace(shop.desk, signer=None)
    with pytest.raises(SignerMissing):
        cancel_ticket(mute, shop.clerk, shop.command(ticket))
    nothing_changed(shop, ticket)


@pytest.mark.req("REQ-EVD-05")
def test_the_bytes_that_were_signed_never_change(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    office.knows(ticket)
    shop.cancel(ticket, note="顾客说：“不修了” 𠮷")
    (before,) = envelopes(shop)
    with shop.desk.work() as uow:
        (waiting,) = uow.deliveries.unanswered(limit=1)
        changed = replace(waiting.envelope, payload="{}", digest=b"", signature=b"", kind="move", actor="x")
        uow.deliveries.save(replace(waiting, envelope=changed, sent_n=3, sent_at=NOON))
    (after,) = deliveries(shop)
    assert after.envelope == before and after.sent_n == 3
    office.answer()
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert envelopes(shop)[0] == before


def test_the_content_is_what_head_office_needs_to_decide(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket(*LEVELS[3], compensation_minor=5_000)
    done = cancel(shop, ticket, 3)
    request = cancel_from_payload(envelopes(shop)[0].payload)
    assert replace(request.case, strokes=done.case.strokes) == done.case
    assert (request.agreed.level, request.agreed.because, request.agreed.customer_pays_minor) == (
        3, ("role_level",), 5_000,
    )  # fmt: skip
    assert (request.requester_role.value, request.approver_role and request.approver_role.value) == (
        "clerk", "supervisor",
    )  # fmt: skip
    assert (request.desk, request.slip) == ("XH2", done.slip.number)
    assert request.obligations == done.obligations


def test_an_operation_tells_how_wrong_the_clock_was_when_it_was_made(shop: Shop, office: SmallOffice) -> None:
    shop.cancel(shop.ticket())
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=NOON, offset_ms=-42_000))
    shop.cancel(shop.ticket())
    assert [sent.offset_ms for sent in envelopes(shop)] == [None, -42_000]


def test_head_offices_record_is_kept_as_it_was_before_the_first_operation(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    with shop.desk.read() as uow:
        row = uow.mirror.get(ticket.id)
    assert row is not None
    record = record_from_body(row.body)
    assert (record.ticket, record.cases, row.version) == (ticket, (), ticket.version)


def test_what_is_shown_here_never_passes_for_head_offices_record(shop: Shop, office: SmallOffice) -> None:
    """Head office has not heard of the reopened ticket yet, so there is no record of its own to keep."""
    old = shop.ticket(Review.REJECTED)
    made = reopen_ticket(shop.desk, shop.clerk, ticket_id=old.id, note="又坏了").ticket
    shop.cancel(made)
    with shop.desk.read() as uow:
        assert uow.mirror.get(made.id) is None
    office.knows(old)
    assert [answer.result for answer in office.answer()] == [Result.ACCEPTED, Result.ACCEPTED]
    assert shop.load(made.id).version == 2


def test_withdrawing_is_an_operation_of_its_own(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    said = decision_from_payload(envelopes(shop)[1].payload)
    assert (said.case_id, said.person, said.role) == (done.case.id, "2047", shop.clerk.role)
    assert replace(back.ticket, version=0) == replace(ticket, version=0)
    assert back.slip is not None and back.slip.variant is SlipVariant.VOID


def test_a_desk_of_its_own_sends_nothing(shop: Shop) -> None:
    done = shop.cancel(shop.ticket())
    assert (done.operation, done.case.state, deliveries(shop)) == ("", CaseState.CONFIRMED, [])


# --- what the store shows meanwhile ----------------------------------------------------------------------------


@pytest.mark.req("REQ-STA-01", "REQ-STA-02", "REQ-STA-05")
@pytest.mark.parametrize("level", [1, 2])
def test_an_easy_cancellation_counts_at_once_in_this_store(shop: Shop, office: SmallOffice, level: int) -> None:
    ticket = shop.ticket(*LEVELS[level], assignee="3012", due_at=NOON)
    done = cancel(shop, ticket, level)
    after = shop.load(ticket.id)
    assert (after.assignee, after.due_at, after.closed_at) == ("", None, NOON)
    assert (done.case.state, status(shop, ticket)) == (CaseState.PENDING_HEAD_OFFICE, Status.CANCELLING)


@pytest.mark.req("REQ-STA-03", "REQ-STA-04", "REQ-STA-08")
@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_careful_cancellation_is_on_hold(shop: Shop, office: SmallOffice, level: int) -> None:
    ticket = shop.ticket(*LEVELS[level], assignee="3012", due_at=NOON)
    cancel(shop, ticket, level)
    assert shop.load(ticket.id) == ticket
    assert status(shop, ticket) is Status.CANCELLING


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_paper_never_says_cancelled_before_head_office_does(shop: Shop, office: SmallOffice, level: int) -> None:
    ticket = shop.ticket(*LEVELS[level])
    office.knows(ticket)
    done = cancel(shop, ticket, level)
    data = slip_from_json(done.slip.body)
    assert (done.slip.variant, data.status) == (SlipVariant.REQUEST, SlipStatus.PROVISIONAL)
    assert "已撤销" not in done.slip.body and "has been cancelled" not in done.slip.body.lower()
    office.answer()
    first, final = papers(shop, ticket)
    assert first.body == done.slip.body, "and it is not rewritten afterwards"
    assert slip_from_json(final.body).status is SlipStatus.FINAL


def test_only_the_own_stores_tickets_are_cancelled(shop: Shop, office: SmallOffice) -> None:
    ticket = shop.ticket(store="PD")
    with pytest.raises(TicketOfOtherStore) as refusal:
        shop.cancel(ticket)
    assert refusal.value.facts == {"number": ticket.number, "store": "PD"}
    nothing_changed(shop, ticket)
    assert deliveries(shop) == []


def test_a_desk_of_its_own_cancels_whatever_it_was_given(shop: Shop) -> None:
    assert shop.cancel(shop.ticket(store="PD")).case.state is CaseState.CONFIRMED


# --- a month without head office -------------------------------------------------------------------------------


@pytest.mark.req("REQ-EXC-04")
def test_after_thirty_days_of_silence_a_supervisor_is_asked(shop: Shop, office: SmallOffice) -> None:
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=shop.clock(), offset_ms=0))
    shop.clock.now += SILENT_MAX
    assert shop.cancel(shop.ticket()).case.approver == "", "on the thirtieth day the desk works as ever"
    shop.clock.forward(seconds=1)
    ticket = shop.ticket()
    with pytest.raises(ApprovalNeeded) as refusal:
        shop.cancel(ticket)
    assert refusal.value.facts["because"] == ("head_office_silent",)
    done = shop.cancel(ticket, approver=shop.supervisor)
    assert (done.case.approver, done.case.approved_because) == ("1003", ("head_office_silent",))
    assert envelopes(shop)[-1].id == done.operation


def test_once_it_has_answered_nobody_is_asked_any_more(shop: Shop, office: SmallOffice) -> None:
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=NOON - timedelta(days=31)))
    with pytest.raises(ApprovalNeeded):
        shop.cancel(shop.ticket())
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=NOON))
    assert shop.cancel(shop.ticket()).case.approver == ""


def test_a_desk_of_its_own_is_never_asked_about_silence(shop: Shop) -> None:
    actor: Actor = shop.clerk
    shop.clock.forward(days=400)
    assert shop.cancel(shop.ticket(), by=actor).case.state is CaseState.CONFIRMED
