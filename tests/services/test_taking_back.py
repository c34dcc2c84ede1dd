"""Withdrawing, reopening, drafts, look-ups and revealed numbers, on a real store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store_desk.domain.case import CaseState
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import (
    AlreadyReopened,
    EvidenceInvalid,
    NoCaseToWithdraw,
    NoteMissing,
    NumberAmbiguous,
    RevealQuotaUsed,
    RightMissing,
    SlipNotFound,
    TicketNotCancelled,
    TicketNotFound,
    UndoWindowOver,
)
from store_desk.domain.notices import NoticeState
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import SlipVariant
from store_desk.domain.slip_text import slip_from_json
from store_desk.domain.ticket import Review, Status, Work
from store_desk.services.draft_slip import draft_slip
from store_desk.services.drafts import all_drafts, draft_of, drop_draft, save_draft
from store_desk.services.look_up import desk_lists, find_tickets, open_ticket, reveal_phone, ticket_id_of
from store_desk.services.reopen import reopen_ticket
from store_desk.services.rules import change_setting
from store_desk.services.slips import owed_slips, record_not_printed, record_printed, slip_of
from store_desk.services.withdraw import withdraw_case
from store_desk.words import say_error
from tests.services.given import LEVELS, busy, cancel_busy, evidence
from tests.shop import NOON, Shop


@pytest.mark.parametrize("reason", [Reason.MISTAKE, Reason.DUPLICATE, Reason.WRONG_INFORMATION])
@pytest.mark.req("REQ-SUP-04")
def test_withdrawing_restores_the_ticket_but_for_its_version(shop: Shop, reason: Reason) -> None:
    ticket, kept = shop.ticket(due_at=NOON + timedelta(days=1)), shop.ticket()
    given = {Reason.DUPLICATE: (("survivor", kept.number),), Reason.WRONG_INFORMATION: evidence(reason)}
    done = shop.cancel(ticket, reason, evidence=given.get(reason, ()))
    shop.clock.forward(minutes=3)
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert back.ticket == shop.load(ticket.id) == replace(ticket, version=3)
    assert back.case == replace(done.case, state=CaseState.WITHDRAWN, ended_at=shop.clock())
    view = open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert view.line.status is Status.OPEN and view.line.settled
    assert view.cases[0].state is CaseState.WITHDRAWN
    # It can be cancelled again, and that case stands beside the first.
    again = shop.cancel(back.ticket, Reason.WAIVED)
    assert len(open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).cases) == 2
    assert again.case.state is CaseState.CONFIRMED


def test_a_busy_ticket_is_restored_and_everybody_is_told_to_go_on(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket)
    shop.clock.forward(minutes=9)
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert replace(back.ticket, version=2) == ticket
    with shop.desk.read() as uow:
        obligations = uow.obligations.of_case(done.case.id)
        notices = uow.notices.of_case(done.case.id)
    assert {item.state for item in obligations} == {ObligationState.VOID}
    assert back.left_over == ()
    told = {item.what: item.to for item in notices if item.state is NoticeState.QUEUED}
    assert told == {"go_on:stop_visit": "3012", "go_on:stop_work": "3012", "go_on:recall_goods": "warehouse"}
    # What was held never leaves.
    assert {item.state for item in notices if item.what == "ticket_cancelled"} == {NoticeState.CALLED_OFF}


def test_money_that_was_taken_becomes_a_refund(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket, settlement="cash")
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    (refund,) = back.left_over
    assert (refund.kind, refund.owner, refund.amount_minor) == (ObligationKind.REFUND_TO_CUSTOMER, "store", 5_000)
    assert refund.state is ObligationState.OPEN and refund.due_at == NOON + timedelta(days=7)
    assert not open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).line.settled
    assert back.slip is not None
    assert any("¥50.00" in step.zh for step in slip_from_json(back.slip.body).next_steps)
    assert refund.case_id == done.case.id


def test_what_was_done_already_becomes_a_call(shop: Shop) -> None:
    ticket = busy(shop)
    done = cancel_busy(shop, ticket)
    with shop.desk.work() as uow:
        goods = next(item for item in done.obligations if item.kind is ObligationKind.RECALL_GOODS)
        uow.obligations.save(replace(goods, state=ObligationState.DONE, closed_at=NOON))
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert [item.kind for item in back.left_over] == [ObligationKind.CALL_CUSTOMER]
    assert json.loads(back.left_over[0].text)["facts"] == {"kind": "recall_goods"}


def test_the_void_slip_names_the_one_it_voids_and_follows_it_in_the_chain(shop: Shop) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    back = withdraw_case(shop.desk, shop.supervisor, ticket_id=ticket.id)
    assert back.slip is not None and back.slip.variant is SlipVariant.VOID
    void = slip_from_json(back.slip.body)
    assert (void.withdraws, void.previous_hash) == (done.slip.number, done.slip.hash)
    assert void.clerk.zh.endswith("1003") and void.strokes == () and void.money == ()
    assert back.slip.owed


def test_the_undo_window_is_ten_minutes_from_applied(shop: Shop) -> None:
    ticket, other = shop.ticket(), shop.ticket()
    shop.cancel(ticket)
    shop.cancel(other)
    shop.clock.forward(minutes=10)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    shop.clock.forward(seconds=1)
    with pytest.raises(UndoWindowOver) as refusal:
        withdraw_case(shop.desk, shop.manager, ticket_id=other.id)
    assert refusal.value.facts == {"number": other.number, "minutes": 10}
    assert open_ticket(shop.desk, shop.clerk, ticket_id=other.id).line.status is Status.CANCELLED


def test_a_manager_may_set_another_window(shop: Shop) -> None:
    change_setting(shop.desk, shop.manager, name="policy.undo_window_s", value="60")
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    with shop.desk.read() as uow:
        held = [item for item in uow.notices.of_case(done.case.id) if item.state is NoticeState.HELD]
    assert {item.leaves_at for item in held} == {NOON + timedelta(minutes=1)}
    shop.clock.forward(seconds=61)
    with pytest.raises(UndoWindowOver):
        withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)


def test_a_case_that_waits_can_be_withdrawn_at_any_time(shop: Shop) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket)
    with shop.desk.work() as uow:
        uow.cases.save(replace(done.case, state=CaseState.PENDING_HEAD_OFFICE))
    shop.clock.forward(days=2)
    assert withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id).case.state is CaseState.WITHDRAWN


def test_without_a_case_there_is_nothing_to_withdraw(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(NoCaseToWithdraw):
        withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    shop.cancel(ticket)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    with pytest.raises(NoCaseToWithdraw):
        withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    with pytest.raises(TicketNotFound):
        withdraw_case(shop.desk, shop.clerk, ticket_id="0" * 32)


def test_roles_without_the_right_take_nothing_back(shop: Shop) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    for who in ("3012", "9001"):
        with pytest.raises(RightMissing):
            withdraw_case(shop.desk, shop.actor(who), ticket_id=ticket.id)
        with pytest.raises(RightMissing):
            reopen_ticket(shop.desk, shop.actor(who), ticket_id=ticket.id, note="又坏了")


def test_withdrawing_closes_the_ticket_that_was_made_anew(shop: Shop) -> None:
    """Else the customer would have two tickets that live; the closed one points to the other."""
    ticket = shop.ticket()
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, evidence=evidence(Reason.WRONG_INFORMATION))
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    made = shop.load(ticket_id_of(shop.desk, shop.clerk, number=done.linked_number))
    assert (made.review, made.facts.survivor) == (Review.REJECTED, ticket.number)


def test_a_new_ticket_that_went_on_meanwhile_is_left_alone(shop: Shop) -> None:
    ticket = shop.ticket()
    done = shop.cancel(ticket, Reason.WRONG_INFORMATION, evidence=evidence(Reason.WRONG_INFORMATION))
    made = shop.load(ticket_id_of(shop.desk, shop.clerk, number=done.linked_number))
    with shop.desk.work() as uow:
        uow.tickets.save(replace(made, review=Review.APPROVED, version=2), seen_version=1)
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert shop.load(made.id).review is Review.APPROVED


# --- reopening ---------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-REO-01", "REQ-REO-02", "REQ-REO-04", "REQ-FUP-05")
def test_reopening_makes_a_linked_ticket_with_reason_handler_and_priority(shop: Shop) -> None:
    ticket = busy(shop, description="不脱水")
    done = cancel_busy(shop, ticket)
    shop.clock.forward(days=30)
    again = reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又不脱水了")
    made = again.ticket
    assert (made.review, made.work, made.assignee, made.version) == (*LEVELS[1], "", 1)
    assert (made.facts.reopens, made.facts.inherited_reason) == (ticket.number, "self_resolved")
    assert (made.facts.handler_before, made.facts.priority) == ("3012", "reopened")
    assert made.due_at == shop.clock() + timedelta(hours=24)
    assert made.description == "又不脱水了\n不脱水" and made.compensation_minor == 0
    assert (made.facts.visit, made.facts.parcel) == (None, None)
    assert again.case == done.case
    assert shop.load(made.id) == made
    assert open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).line.status is Status.CANCELLED
    whats = [entry.what for entry in open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).events]
    assert "ticket_reopened_as" in whats


def test_after_thirty_days_it_is_a_new_ticket_without_priority(shop: Shop) -> None:
    ticket = busy(shop)
    cancel_busy(shop, ticket)
    shop.clock.forward(days=30, seconds=1)
    made = reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了").ticket
    assert (made.facts.reopens, made.facts.priority, made.facts.handler_before) == (ticket.number, "", "")
    assert made.due_at is None


def test_finished_and_rejected_tickets_are_reopened_without_a_reason(shop: Shop) -> None:
    for state in ((Review.APPROVED, Work.DONE), (Review.REJECTED, Work.UNASSIGNED)):
        made = reopen_ticket(shop.desk, shop.clerk, ticket_id=shop.ticket(*state).id, note="又坏了")
        assert made.case is None and made.ticket.facts.inherited_reason == ""


def test_a_reason_that_was_taken_back_is_not_handed_on(shop: Shop) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    back = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id).ticket
    with shop.desk.work() as uow:
        uow.tickets.save(replace(back, work=Work.DONE, version=4), seen_version=3)
    made = reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")
    assert made.case is None and made.ticket.facts.inherited_reason == ""


def test_a_second_ticket_is_not_made_while_the_first_is_open(shop: Shop) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    first = reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了").ticket
    with pytest.raises(AlreadyReopened) as refused:
        reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")
    assert refused.value.facts == {"number": ticket.number, "reopened": first.number}
    for lang in ("zh", "en"):
        assert first.number in say_error(lang, refused.value)
    shop.cancel(first)
    second = reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="还是坏的").ticket
    with pytest.raises(AlreadyReopened) as refused:
        reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")
    assert refused.value.facts["reopened"] == second.number


@pytest.mark.parametrize("note", ["", "  ", "\n\t", "…", "\u200b"])
def test_a_ticket_is_not_reopened_without_a_word(shop: Shop, note: str) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket)
    with pytest.raises(NoteMissing):
        reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note=note)
    with shop.desk.read() as uow:
        assert uow.tickets.reopened_from(ticket) == []


def test_an_open_ticket_is_not_reopened(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(TicketNotCancelled):
        reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")
    done = shop.cancel(ticket)
    with shop.desk.work() as uow:
        uow.cases.save(replace(done.case, state=CaseState.PENDING_HEAD_OFFICE))
    with pytest.raises(TicketNotCancelled):
        reopen_ticket(shop.desk, shop.clerk, ticket_id=ticket.id, note="又坏了")


# --- drafts ------------------------------------------------------------------------------------------------


@pytest.mark.req("REQ-OPS-03", "REQ-OFF-01")
def test_a_draft_is_kept_per_ticket_until_it_is_dropped(shop: Shop) -> None:
    one, other = shop.ticket(), shop.ticket()
    save_draft(shop.desk, shop.clerk, ticket_id=one.id, body='{"a":1}')
    shop.clock.forward(seconds=1)
    save_draft(shop.desk, shop.senior, ticket_id=other.id, body="{}")
    shop.clock.forward(seconds=1)
    save_draft(shop.desk, shop.clerk, ticket_id=one.id, body='{"a":2}')
    assert [draft.ticket_id for draft in all_drafts(shop.desk)] == [one.id, other.id]
    found = draft_of(shop.desk, ticket_id=one.id)
    assert found is not None and (found.body, found.clerk) == ('{"a":2}', "2047")
    assert find_tickets(shop.desk, shop.clerk, text=one.number).lines[0].has_draft
    drop_draft(shop.desk, shop.clerk, ticket_id=one.id)
    assert draft_of(shop.desk, ticket_id=one.id) is None


def test_a_draft_needs_a_ticket_and_the_right_to_cancel(shop: Shop) -> None:
    with pytest.raises(TicketNotFound):
        save_draft(shop.desk, shop.clerk, ticket_id="0" * 32, body="{}")
    ticket = shop.ticket()
    for act in (save_draft, drop_draft):
        extra: dict[str, Any] = {"body": "{}"} if act is save_draft else {}
        with pytest.raises(RightMissing):
            act(shop.desk, shop.actor("9001"), ticket_id=ticket.id, **extra)


def test_a_preview_of_unfinished_evidence_does_not_fail(shop: Shop) -> None:
    ticket = shop.ticket()
    half = (("remedy", "补发"), ("due", "2026-"), ("amount", "x"), ("colour", "red"))
    shown = draft_slip(shop.desk, shop.clerk, shop.command(ticket, Reason.AGREEMENT, evidence=half, consent=None))
    assert shown.number == "" and shown.money_total is None
    with pytest.raises(EvidenceInvalid):
        shop.cancel(ticket, Reason.AGREEMENT, evidence=half)


# --- looking -----------------------------------------------------------------------------------------------


def test_everything_looked_up_needs_a_right(shop: Shop) -> None:
    """Every role of the store may look; without the role's right nothing is shown."""
    from store_desk.domain import roles

    ticket = shop.ticket()
    done = shop.cancel(ticket)
    nobody = replace(shop.clerk, role=roles.Role.TECHNICIAN)
    with pytest.raises(RightMissing):
        reveal_phone(shop.desk, nobody, ticket_id=ticket.id)
    with pytest.raises(RightMissing):
        record_printed(shop.desk, nobody, number=done.slip.number, how="file", reprint=0)
    for role in roles.Role:
        actor = replace(shop.clerk, role=role)
        assert find_tickets(shop.desk, actor, text=ticket.number).lines
        assert open_ticket(shop.desk, actor, ticket_id=ticket.id).line.ticket.id == ticket.id
        assert desk_lists(shop.desk, actor).finished_today_count == 1
        assert slip_of(shop.desk, actor, number=done.slip.number).row == done.slip


@pytest.mark.req("REQ-OPS-02", "REQ-COM-01")
def test_one_box_finds_by_everything_that_is_on_the_ticket(shop: Shop) -> None:
    ticket = shop.ticket()
    for text in (ticket.number, "13800006021", "6021", "王秀兰", "SO-88421907", "NK7-25A-0091874"):
        assert [line.ticket.id for line in find_tickets(shop.desk, shop.clerk, text=text).lines] == [ticket.id], text
    shop.cancel(ticket)
    assert find_tickets(shop.desk, shop.clerk, text=ticket.number).lines[0].status is Status.CANCELLED


def test_a_number_that_repeats_asks_for_its_key(shop: Shop) -> None:
    for store in ("A", "B"):
        shop.ticket(number="T-1", store=store, source="erp", source_key=f"k-{store}")
    with pytest.raises(NumberAmbiguous) as refusal:
        ticket_id_of(shop.desk, shop.clerk, number="T-1")
    assert refusal.value.facts["count"] == 2 and set(refusal.value.facts["keys"]) == {"k-A", "k-B"}  # type: ignore[arg-type]
    assert ticket_id_of(shop.desk, shop.clerk, number="k-A")
    with pytest.raises(TicketNotFound):
        ticket_id_of(shop.desk, shop.clerk, number="T-2")


def test_a_full_number_is_shown_with_a_journal_entry_and_a_daily_quota(shop: Shop) -> None:
    change_setting(shop.desk, shop.manager, name="policy.reveal_per_day", value="2")
    ticket = shop.ticket()
    for _ in range(2):
        assert reveal_phone(shop.desk, shop.clerk, ticket_id=ticket.id, why="回访") == "13800006021"
    with pytest.raises(RevealQuotaUsed) as refusal:
        reveal_phone(shop.desk, shop.clerk, ticket_id=ticket.id)
    assert refusal.value.facts == {"limit": 2}
    assert reveal_phone(shop.desk, shop.senior, ticket_id=ticket.id)
    entries = list(open_ticket(shop.desk, shop.clerk, ticket_id=ticket.id).events)
    assert [(entry.what, entry.actor) for entry in entries] == [
        ("phone_revealed", "2051"),
        ("phone_revealed", "2047"),
        ("phone_revealed", "2047"),
    ]
    shop.clock.now = NOON.replace(hour=16)
    assert reveal_phone(shop.desk, shop.clerk, ticket_id=ticket.id), "the store's midnight has passed"


@pytest.mark.req("REQ-EVD-04")
def test_a_slip_is_owed_until_paper_moves_and_every_later_print_is_counted(shop: Shop) -> None:
    ticket = shop.ticket()
    number = shop.cancel(ticket).slip.number
    assert [item.row.number for item in owed_slips(shop.desk, shop.clerk)] == [number]
    record_not_printed(shop.desk, shop.clerk, number=number, why="缺纸")
    assert owed_slips(shop.desk, shop.clerk)[0].row.failure == "缺纸"
    assert slip_of(shop.desk, shop.clerk, number=number).reprint == 0
    record_printed(shop.desk, shop.clerk, number=number, how="A5", reprint=0)
    assert owed_slips(shop.desk, shop.clerk) == ()
    for n in (1, 2):
        assert slip_of(shop.desk, shop.clerk, number=ticket.number).reprint == n
        row = record_printed(shop.desk, shop.clerk, number=number, how="A5", reprint=n)
        assert (row.reprints, row.failure) == (n, "")
    for unknown in (shop.ticket().number, "XH2-26-S000099-X"):
        with pytest.raises((SlipNotFound, TicketNotFound)):
            slip_of(shop.desk, shop.clerk, number=unknown)


def test_consent_of_a_withdrawn_case_is_not_on_the_void_slip(shop: Shop) -> None:
    ticket = shop.ticket()
    shop.cancel(ticket, consent=Consent(Grade.VERBAL))
    slip = withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id).slip
    assert slip is not None and slip_from_json(slip.body).consent.zh == ""
