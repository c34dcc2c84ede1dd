"""What is stored comes back exactly; lists hold what they promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store_desk.domain.case import CaseState, before_of
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import StaffExists, StaffNotFound
from store_desk.domain.imports import ImportCounts
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.roles import Role
from store_desk.domain.staff import Staff
from store_desk.domain.ticket import Parcel, Review, TicketFacts, Visit, Work
from store_desk.services.ports import Batch, Draft
from store_desk.store.opening import Store

from .conftest import NOW, make_case, make_ticket

FULL_FACTS = TicketFacts(
    customer_other="Wang Xiulan",
    purchased_on=date(2024, 2, 29),
    warranty_until=date(2027, 2, 28),
    visit=Visit("T7", "Zhao", "139", NOW, "WO-1", NOW - timedelta(hours=2), 5_000),
    parcel=Parcel("压缩机", "compressor", "SF", "SF1", "95338"),
    parts_used_minor=12_300,
    work_percent=60,
    queue_since=NOW - timedelta(days=3),
    words=(("备注", "“引号” \U00020bb7 \x07"), ("", "")),
)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"facts": FULL_FACTS},
        {"amount_minor": 0, "due_at": NOW, "review_since": NOW, "closed_at": NOW, "version": 9},
        {"customer": '𠮷野家 O\'Brien "x" \0 y', "description": "长" * 10_000},
        {"created_at": datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), "amount_minor": -(2**40)},
    ],
)
def test_a_ticket_comes_back_to_the_letter(store: Store, given: dict[str, object]) -> None:
    ticket = make_ticket(**given)
    with store.work() as unit:
        unit.tickets.add(ticket)
    with store.read() as unit:
        assert unit.tickets.get(ticket.id) == ticket
        assert unit.tickets.get("f" * 32) is None


def test_a_case_comes_back_to_the_letter(store: Store) -> None:
    ticket = make_ticket(facts=FULL_FACTS)
    case = make_case(
        ticket,
        CaseState.CONFIRMED,
        note="说明",
        evidence=(("text", "长于十个字符的说明文字"), ("due", "2026-07-09")),
        identity=("phone_last4",),
        consent=Consent(Grade.PROXY, name="李", relation="丈夫", authority="委托书"),
        strokes=(((0.1, 0.25, 0.5, 0), (0.30000000000000004, 0.25, 1.0, 16)),),
        approver="2001",
        approved_because=("level", "visit_today"),
        applied_at=NOW,
        decided_at=NOW + timedelta(seconds=1),
        decided_by="desk",
        conditions_version=3,
        plan='{"level":3}',
        before=before_of(ticket),
        checks=(("status", True), ("assignee", False)),
    )
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(case)
    with store.read() as unit:
        assert unit.cases.get(case.id) == case
        assert unit.cases.get("nothing") is None


def test_obligations_are_listed_soonest_first_until_they_are_closed(store: Store) -> None:
    ticket = make_ticket()
    case = make_case(ticket, CaseState.CONFIRMED)
    tomorrow = NOW + timedelta(days=1)
    items = [
        Obligation("o1", case.id, ObligationKind.REMEDY, "store", ObligationState.OPEN),
        Obligation("o2", case.id, ObligationKind.PAY_FEE, "customer", ObligationState.OPEN, tomorrow, 500),
        Obligation("o3", case.id, ObligationKind.STOP_VISIT, "T7", ObligationState.WAITING, NOW + timedelta(hours=1)),
    ]
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(case)
        unit.obligations.add_all(items)
    with store.work() as unit:
        assert unit.obligations.of_case(case.id) == items
        assert [item.id for item, owner in unit.obligations.open_ones(limit=9) if owner == ticket.id] == [
            "o3",
            "o2",
            "o1",
        ]
        assert not unit.tickets.listed([ticket.id])[0].settled
        for item in items:
            unit.obligations.save(replace(item, state=ObligationState.DONE, closed_at=NOW, result="收到"))
        assert unit.obligations.open_ones(limit=9) == []
        assert unit.tickets.listed([ticket.id])[0].settled


def test_notices_that_have_not_left_can_be_called_off(store: Store) -> None:
    ticket = make_ticket()
    case = make_case(ticket)
    sent = Notice("n1", case.id, "technician", "stop", NoticeState.SENT, NOW)
    held = Notice("n2", case.id, "finance", "refund", NoticeState.HELD, NOW)
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.cases.add(case)
        unit.notices.add_all([sent, held])
        assert unit.notices.call_off(case.id) == 1
        assert unit.notices.of_case(case.id) == [sent, replace(held, state=NoticeState.CALLED_OFF)]


def test_lists_part_open_tickets_by_their_due_time_and_leave_out_what_is_over(store: Store) -> None:
    until = NOW + timedelta(hours=4)
    late = make_ticket(due_at=NOW - timedelta(hours=1))
    soon = make_ticket(due_at=until)
    tomorrow = make_ticket(due_at=NOW + timedelta(days=1), created_at=NOW + timedelta(minutes=5))
    undated = make_ticket()
    done = make_ticket(work=Work.DONE, due_at=NOW, closed_at=NOW)
    rejected = make_ticket(review=Review.REJECTED, due_at=NOW)
    cancelled = make_ticket(due_at=NOW)
    with store.work() as unit:
        for ticket in (late, soon, undated, tomorrow, done, rejected, cancelled):
            unit.tickets.add(ticket)
        unit.cases.add(make_case(cancelled, CaseState.CONFIRMED))
    with store.read() as unit:
        listed, count = unit.tickets.needing_action(until=until, limit=10)
        assert [item.ticket.id for item in listed] == [late.id, soon.id]
        assert count == 3
        listed, count = unit.tickets.open_here(until=until, limit=10)
        assert [item.ticket.id for item in listed] == [tomorrow.id, undated.id]
        assert count == 2
        assert len(unit.tickets.open_here(until=until, limit=1)[0]) == 1
        listed, count = unit.tickets.finished_since(NOW, limit=10)
        assert [item.ticket.id for item in listed] == [done.id] and count == 1


def test_listed_tickets_come_in_the_order_asked_for_with_their_draft(store: Store) -> None:
    tickets = [make_ticket() for _ in range(3)]
    with store.work() as unit:
        for ticket in tickets:
            unit.tickets.add(ticket)
        unit.drafts.put(Draft(tickets[1].id, "1001", "{}", NOW))
        asked = [tickets[2].id, "unknown", tickets[1].id]
        listed = unit.tickets.listed(asked)
        assert [(item.ticket, item.has_draft, item.case_state) for item in listed] == [
            (tickets[2], False, None),
            (tickets[1], True, None),
        ]
        assert [item.ticket.id for item in unit.tickets.all_matching(None)] == [ticket.id for ticket in tickets]
        assert [item.ticket.id for item in unit.tickets.all_matching(asked)] == [tickets[1].id, tickets[2].id]


def test_more_tickets_than_a_page_are_streamed_once_each(store: Store) -> None:
    tickets = [make_ticket() for _ in range(1_203)]
    with store.work() as unit:
        for ticket in tickets:
            unit.tickets.add(ticket)
    with store.read() as unit:
        assert [item.ticket.id for item in unit.tickets.all_matching(None)] == [ticket.id for ticket in tickets]


def test_other_tickets_of_a_customer_are_found_by_telephone_however_it_is_written(store: Store) -> None:
    one = make_ticket(phone="138 0013 6021")
    other = make_ticket(phone="+86-13800136021")
    stranger = make_ticket(phone="13900000000")
    nobody, nobody_else = make_ticket(phone=""), make_ticket(phone="")
    with store.work() as unit:
        for ticket in (one, other, stranger, nobody, nobody_else):
            unit.tickets.add(ticket)
        listed, count = unit.tickets.of_customer(one, limit=5)
        assert ([item.ticket for item in listed], count) == ([other], 1)
        assert unit.tickets.of_customer(nobody, limit=5) == ([], 0)


def test_the_surviving_ticket_is_proposed_by_serial_or_order_of_the_same_customer(store: Store) -> None:
    ticket = make_ticket(serial="SN-1", order_number="20260101", phone="13800136021")
    same_serial = make_ticket(serial="sn1", phone="13800136021")
    same_order = make_ticket(order_number="2026-0101", phone="13800136021", created_at=NOW + timedelta(hours=1))
    stranger = make_ticket(serial="SN-1", phone="13900000000")
    old = make_ticket(serial="SN-1", phone="13800136021", created_at=NOW - timedelta(days=400))
    with store.work() as unit:
        for item in (ticket, same_serial, same_order, stranger, old):
            unit.tickets.add(item)
        found = unit.tickets.duplicates_of(ticket, since=NOW - timedelta(days=90), limit=5)
        assert [item.ticket for item in found] == [same_order, same_serial]


def test_a_number_is_known_in_any_spelling_and_foreign_ones_may_be_ambiguous(store: Store) -> None:
    own = make_ticket()
    one = make_ticket(number="AS-1", source="erp", store="A", source_key="k-9")
    two = make_ticket(number="AS-1", source="erp", store="B")
    close = make_ticket(number="AS1", source="erp", store="A")
    with store.work() as unit:
        for ticket in (own, one, two, close):
            unit.tickets.add(ticket)
        assert unit.tickets.by_number(own.number.lower().replace("-", " ")) == [own]
        assert unit.tickets.by_number("AS-1") == [two, one]
        assert unit.tickets.by_number("AS1") == [close]
        assert unit.tickets.by_number("k-9") == [one]
        assert unit.tickets.by_number(own.id) == [own]
        assert unit.tickets.by_number("") == [] and unit.tickets.by_number("nothing") == []


def test_people_settings_drafts_and_imports_come_back(store: Store) -> None:
    person = Staff("1001", "林", Role.CLERK, "Lin", True, "$argon2", False, 2, 1, NOW)
    with store.work() as unit:
        unit.people.add(person)
        unit.people.add(Staff("0900", "王", Role.MANAGER))
        unit.people.save(replace(person, wrong_pins=3))
        unit.settings.put("policy.undo_window_s", "600")
        unit.settings.put("policy.undo_window_s", "300")
        unit.settings.put("printer.paper", '"a5"')
        batch = unit.batches.add(Batch(0, "a.csv", NOW, "1001", "running", ImportCounts(rows=3, added=2)))
    with store.work() as unit:
        assert [item.id for item in unit.people.all()] == ["0900", "1001"]
        assert unit.people.get("1001") == replace(person, wrong_pins=3)
        assert unit.people.get("7") is None
        assert unit.settings.under("policy.") == {"undo_window_s": "300"}
        assert unit.settings.get("printer.paper") == '"a5"' and unit.settings.get("x") is None
        assert unit.batches.unfinished() == [batch] == [unit.batches.get(batch.id)]
        unit.batches.save(replace(batch, state="done", finished_at=NOW))
        assert unit.batches.unfinished() == [] and unit.batches.all(limit=1)[0].state == "done"
    with pytest.raises(StaffExists), store.work() as unit:
        unit.people.add(person)
    with pytest.raises(StaffNotFound), store.work() as unit:
        unit.people.save(replace(person, id="9"))


def test_the_latest_draft_of_a_ticket_counts(store: Store) -> None:
    ticket = make_ticket()
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.drafts.put(Draft(ticket.id, "1001", '{"a":1}', NOW))
        unit.drafts.put(Draft(ticket.id, "1002", '{"a":2}', NOW))
        assert unit.drafts.get(ticket.id) == Draft(ticket.id, "1002", '{"a":2}', NOW)
        assert len(unit.drafts.all()) == 1
        unit.drafts.drop(ticket.id)
        assert unit.drafts.get(ticket.id) is None
