"""The ports of services, kept alike by the real store and by the one in memory that histories are played on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState, Origin
from store_desk.domain.errors import CaseAlreadyOpen, StaffExists, StaffNotFound, TicketMoved
from store_desk.domain.journal import first_broken
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.record import CaseRecord, TicketRecord
from store_desk.domain.roles import Role
from store_desk.domain.slip import SlipVariant
from store_desk.domain.staff import Staff
from store_desk.domain.ticket import Ticket, TicketFacts, Work
from store_desk.services.messages import (
    Answer,
    AnswerPosition,
    BodyParts,
    Envelope,
    FeedPosition,
    digest_of,
    parts_of_body,
    record_to_body,
)
from store_desk.services.office_ports import Delivery, DeliveryState, MirrorRow
from store_desk.services.ports import Draft, Operation, SlipRow
from store_desk.services.ports import Work as OpensWork
from store_desk.store.opening import Store
from tests.memory.desk import MemoryDeskStore

from .conftest import NOW, make_case, make_ticket, new_id

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(minutes=5)
STROKES = (((0.1, 0.2, 1.0, 0), (0.3, 0.4, 1.0, 16)),)


class DeskStore(Protocol):
    """What both have."""

    @property
    def work(self) -> OpensWork: ...
    @property
    def read(self) -> OpensWork: ...


@pytest.fixture(params=["real", "memory"])
def desk(request: pytest.FixtureRequest) -> Iterator[DeskStore]:
    """One after the other: the real store, the one in memory."""
    if request.param == "memory":
        yield MemoryDeskStore()
        return
    store: Store = request.getfixturevalue("store")
    yield store


def make_delivery(n: int = 1, *, inc: int = 1, ticket_id: str = "t1", **given: Any) -> Delivery:
    """An operation that waits."""
    payload = f'{{"n":{n}}}'
    envelope = Envelope(
        id=new_id(),
        inc=inc,
        n=n,
        kind="cancel",
        ticket_id=ticket_id,
        case_id="c1",
        payload=payload,
        digest=digest_of(payload),
        signature=b"s" * 64,
        actor="1001",
        role="clerk",
        at_ms=1_000,
        offset_ms=-20,
    )
    values: dict[str, Any] = {"state": DeliveryState.WAITING, "made_at": NOW + timedelta(seconds=n)}
    return Delivery(envelope, **{**values, **given})


def answered(delivery: Delivery, result: Result = Result.ACCEPTED, **given: Any) -> Delivery:
    """The delivery with head office's answer, which took 300 ms."""
    envelope = delivery.envelope
    answer = Answer(envelope.id, envelope.inc, envelope.n, result, b"c" * 32, 3, "XH", 7, None, '{"a":1}', 5, True)
    values: dict[str, Any] = {
        "state": DeliveryState.ANSWERED,
        "sent_n": 1,
        "sent_at": NOW,
        "answer": answer,
        "answered_at": NOW + timedelta(milliseconds=300),
    }
    return replace(delivery, **{**values, **given})


def obligation_of(case_id: str, id_: str = "o1", **given: Any) -> Obligation:
    """An open obligation of the case."""
    values: dict[str, Any] = {"kind": ObligationKind.CALL_CUSTOMER, "owner": "1001", "state": ObligationState.OPEN}
    return Obligation(id_, case_id, **{**values, **given})


def record_of(ticket: Ticket, *states: CaseState) -> TicketRecord:
    """A record with a case in each of these states, the last one standing."""
    cases = tuple(
        CaseRecord(make_case(ticket, state, opened_at=NOW + timedelta(seconds=at)), (), "XH1", f"S{at}")
        for at, state in enumerate(states)
    )
    return TicketRecord(ticket, cases, cases[-1].case.id if cases else "")


def put(desk: DeskStore, *records: TicketRecord, known: bool = True) -> None:
    with desk.work() as unit:
        for record in records:
            unit.records.put(record, known=known)


def add(desk: DeskStore, *tickets: Ticket) -> None:
    with desk.work() as unit:
        for ticket in tickets:
            unit.tickets.add(ticket)


# --- transactions -------------------------------------------------------------------------------------------------


def test_a_transaction_stays_whole_or_leaves_no_trace(desk: DeskStore) -> None:
    kept, lost = make_ticket(), make_ticket()
    add(desk, kept)
    case = make_case(kept, CaseState.APPLIED)
    with pytest.raises(ZeroDivisionError), desk.work() as unit:
        unit.tickets.add(lost)
        unit.tickets.save(replace(kept, version=2, customer="别人"), seen_version=1)
        unit.cases.add(case)
        unit.counters.next("slip")
        unit.settings.put("a", "1")
        unit.mirror.put(MirrorRow(kept.id, 1, "{}"))
        unit.deliveries.add(make_delivery())
        unit.journal.write(at=NOW, actor="1001", what="tried", facts={})
        raise ZeroDivisionError
    with desk.work() as unit:
        assert unit.tickets.get(kept.id) == kept and unit.tickets.get(lost.id) is None
        assert unit.cases.of_ticket(kept.id) == [] and unit.records.get(kept.id) == TicketRecord(kept)
        assert unit.counters.next("slip") == 1 and unit.settings.get("a") is None
        assert unit.mirror.ids() == [] and unit.deliveries.unanswered(limit=9) == []
        assert unit.deliveries.next_n(1) == 1 and unit.journal.head().n == 0
        unit.cases.add(case)


def test_a_reader_cannot_write(desk: DeskStore) -> None:
    with pytest.raises(Exception, match=r"write|readonly"), desk.read() as unit:
        unit.settings.put("a", "1")
    with desk.read() as unit:
        assert unit.settings.get("a") is None


# --- tickets and cases --------------------------------------------------------------------------------------------


def test_a_change_names_the_version_it_saw(desk: DeskStore) -> None:
    ticket = make_ticket()
    add(desk, ticket)
    with desk.work() as unit:
        unit.tickets.save(replace(ticket, version=2), seen_version=1)
        with pytest.raises(TicketMoved):
            unit.tickets.save(replace(ticket, version=2), seen_version=1)
        with pytest.raises(TicketMoved):
            unit.tickets.save(make_ticket(), seen_version=1)


def test_a_ticket_is_found_by_its_number_however_it_is_written(desk: DeskStore) -> None:
    ticket = make_ticket(source="erp", source_key="ERP-77", phone="13800006021")
    add(desk, ticket, make_ticket())
    with desk.read() as unit:
        assert unit.tickets.by_number(ticket.number) == [ticket]
        assert unit.tickets.by_number(ticket.number.lower().replace("-", " ")) == [ticket]
        assert unit.tickets.by_number("ERP-77") == [ticket] and unit.tickets.by_number(ticket.id) == [ticket]
        assert unit.tickets.by_number("nothing") == []
        assert [hit.ticket_id for hit in unit.finder.find(ticket.number, limit=5).hits] == [ticket.id]
        assert [hit.ticket_id for hit in unit.finder.find("13800006021", limit=5).hits] == [ticket.id]
        assert unit.tickets.count() == 2


def test_one_case_of_a_ticket_may_be_open(desk: DeskStore) -> None:
    ticket = make_ticket()
    add(desk, ticket)
    first = make_case(ticket, CaseState.PENDING_HEAD_OFFICE, strokes=STROKES)
    with desk.work() as unit:
        unit.cases.add(first)
        with pytest.raises(CaseAlreadyOpen):
            unit.cases.add(make_case(ticket, CaseState.PENDING_APPROVAL))
    with desk.work() as unit:
        unit.cases.save(replace(first, state=CaseState.REFUSED))
        second = make_case(ticket, CaseState.CONFIRMED)
        unit.cases.add(second)
    with desk.read() as unit:
        assert [case.id for case in unit.cases.of_ticket(ticket.id)] == [second.id, first.id]
        assert unit.cases.get(first.id) == replace(first, state=CaseState.REFUSED)
        assert unit.tickets.listed([ticket.id])[0].case_state is CaseState.CONFIRMED


def test_lists_show_what_is_open_due_and_finished(desk: DeskStore) -> None:
    due = make_ticket(due_at=NOW)
    open_one = make_ticket(created_at=NOW - timedelta(days=1))
    later = make_ticket(due_at=NOW + timedelta(days=3), created_at=NOW)
    done = make_ticket(work=Work.DONE, closed_at=NOW)
    cancelled = make_ticket(due_at=NOW)
    add(desk, due, open_one, later, done, cancelled)
    with desk.work() as unit:
        unit.cases.add(make_case(cancelled, CaseState.CONFIRMED))
        unit.tickets.save(replace(cancelled, closed_at=LATER, due_at=None, version=2), seen_version=1)
        unit.drafts.put(Draft(due.id, "1001", "{}", NOW))
    with desk.read() as unit:
        found, count = unit.tickets.needing_action(until=NOW, limit=9)
        assert [(item.ticket.id, item.has_draft) for item in found] == [(due.id, True)] and count == 1
        found, count = unit.tickets.open_here(until=NOW, limit=9)
        assert [item.ticket.id for item in found] == [later.id, open_one.id] and count == 2
        found, count = unit.tickets.finished_since(NOW, limit=9)
        assert [item.ticket.id for item in found] == [cancelled.id, done.id] and count == 2
        assert [item.ticket.id for item in unit.tickets.all_matching(None)][:2] == [due.id, open_one.id]


def test_the_same_customer_and_likely_duplicates(desk: DeskStore) -> None:
    one = make_ticket(phone="138 0000 6021", serial="SN-1")
    same = make_ticket(phone="13800006021", serial="sn1")
    other = make_ticket(phone="13900006021", serial="SN-1")
    add(desk, one, same, other)
    with desk.read() as unit:
        assert [item.ticket.id for item in unit.tickets.of_customer(one, limit=9)[0]] == [same.id]
        found = unit.tickets.duplicates_of(one, since=NOW - timedelta(days=1), limit=9)
        assert [item.ticket.id for item in found] == [same.id]


def test_obligations_and_notices_follow_their_case(desk: DeskStore) -> None:
    ticket = make_ticket()
    case = make_case(ticket, CaseState.CONFIRMED)
    late, soon = obligation_of(case.id, "o1"), obligation_of(case.id, "o2", due_at=NOW)
    held = Notice("n1", case.id, "finance", "refund", NoticeState.HELD, NOW)
    sent = Notice("n2", case.id, "technician", "stop", NoticeState.SENT, NOW)
    add(desk, ticket)
    with desk.work() as unit:
        unit.cases.add(case)
        unit.obligations.add_all([late, soon])
        unit.notices.add_all([held, sent])
        assert unit.notices.call_off(case.id) == 1
        assert unit.obligations.open_ones(limit=9) == [(soon, ticket.id), (late, ticket.id)]
        unit.obligations.save(replace(soon, state=ObligationState.DONE, closed_at=NOW))
    with desk.read() as unit:
        assert [item.state for item in unit.notices.of_case(case.id)] == [NoticeState.CALLED_OFF, NoticeState.SENT]
        assert unit.obligations.of_case(case.id) == [late, replace(soon, state=ObligationState.DONE, closed_at=NOW)]
        assert not unit.tickets.listed([ticket.id])[0].settled


# --- what is written down -----------------------------------------------------------------------------------------


def test_slips_chain_and_are_owed_until_they_moved_paper(desk: DeskStore) -> None:
    ticket = make_ticket()
    case = make_case(ticket, CaseState.CONFIRMED)
    add(desk, ticket)
    stop = SlipRow("XH2-26-S000002", case.id, ticket.id, SlipVariant.STOP_SHEET, "{}", "b" * 64, NOW)
    slip = SlipRow("XH2-26-S000001", case.id, ticket.id, SlipVariant.CANCELLATION, "{}", "a" * 64, NOW)
    with desk.work() as unit:
        assert unit.slips.last_hash() == "0" * 64
        unit.cases.add(case)
        unit.slips.add(slip)
        unit.slips.add(stop)
        unit.slips.save(replace(slip, printed_n=1, owed=False, body="changed"))
    with desk.read() as unit:
        assert unit.slips.of_ticket(ticket.id) == [replace(slip, printed_n=1, owed=False), stop]
        assert unit.slips.owed(limit=9) == [stop] and unit.slips.last_hash() == "b" * 64
        assert unit.slips.get("none") is None


def test_the_journal_is_one_chain(desk: DeskStore) -> None:
    for at in range(3):
        with desk.work() as unit:
            unit.journal.write(at=NOW, actor="1001", what="cancelled", subject=f"t{at % 2}", facts={"b": at, "a": "撤"})
    with desk.read() as unit:
        entries = list(unit.journal.entries())
        assert first_broken(entries) is None and [entry.n for entry in entries] == [1, 2, 3]
        assert unit.journal.head().hash == entries[-1].hash and unit.journal.head().at == NOW
        assert [entry.n for entry in unit.journal.about("t0", limit=5)] == [3, 1]
        assert [entry.n for entry in unit.journal.entries(after=1, limit=1)] == [2]
        assert unit.journal.count_today(what="cancelled", actor="1001", since=NOW) == 3


def test_both_write_the_same_journal(store: Store) -> None:
    heads = set()
    for one in (store, MemoryDeskStore()):
        with one.work() as unit:
            unit.journal.write(at=NOW, actor="1001", what="cancelled", subject="t", facts={"b": 1, "a": "\udcff"})
            heads.add(unit.journal.head().hash)
    assert len(heads) == 1


def test_people_settings_drafts_and_counters(desk: DeskStore) -> None:
    ticket = make_ticket()
    add(desk, ticket)
    with desk.work() as unit:
        unit.people.add(Staff("2001", "王", Role.MANAGER))
        unit.people.add(Staff("1001", "林", Role.CLERK))
        with pytest.raises(StaffExists):
            unit.people.add(Staff("1001", "林", Role.CLERK))
        with pytest.raises(StaffNotFound):
            unit.people.save(Staff("3001", "林", Role.CLERK))
        unit.settings.put("hub.contact", "1")
        unit.settings.put("hub.contact", "2")
        unit.settings.put("other", "3")
        unit.drafts.put(Draft(ticket.id, "1001", "{}", NOW))
        unit.drafts.put(Draft(ticket.id, "1001", "[]", LATER))
        assert [unit.counters.next("slip"), unit.counters.next("slip"), unit.counters.next("ticket")] == [1, 2, 1]
        unit.counters.skip("slip", 10_000)
        unit.counters.skip("fresh", 5)
        assert (unit.counters.next("slip"), unit.counters.next("fresh")) == (10_003, 6)
    with desk.work() as unit:
        assert [person.id for person in unit.people.all()] == ["1001", "2001"]
        assert unit.settings.under("hub.") == {"contact": "2"}
        assert unit.drafts.get(ticket.id) == Draft(ticket.id, "1001", "[]", LATER) and len(unit.drafts.all()) == 1
        unit.drafts.drop(ticket.id)
        unit.drafts.drop(ticket.id)
        assert unit.drafts.all() == []
        unit.operations.add(Operation("op1", "cancel", ticket.id, "c", "{}", "1001", NOW, "pending"))


# --- deliveries ---------------------------------------------------------------------------------------------------


def test_deliveries_wait_in_the_order_of_their_numbers(desk: DeskStore) -> None:
    rows = [make_delivery(n, ticket_id=f"t{n % 2}") for n in (2, 1, 3)]
    with desk.work() as unit:
        for row in rows:
            unit.deliveries.add(row)
    with desk.work() as unit:
        assert [row.envelope.n for row in unit.deliveries.unanswered(limit=2)] == [1, 2]
        assert [row.envelope.n for row in unit.deliveries.unanswered(limit=2, after=(1, 1))] == [2, 3]
        assert unit.deliveries.unanswered(limit=2, after=(1, 3)) == unit.deliveries.unanswered(limit=2, after=(2, 0))
        assert [row.envelope.n for row in unit.deliveries.unanswered_of("t1")] == [1, 3]
        assert unit.deliveries.get(rows[0].envelope.id) == rows[0] and unit.deliveries.get("none") is None
        assert (unit.deliveries.next_n(1), unit.deliveries.next_n(2)) == (4, 1)
        unit.deliveries.save(answered(rows[1]))
        assert [row.envelope.n for row in unit.deliveries.unanswered_of("t1")] == [3]
        unit.deliveries.save(replace(answered(rows[1]), state=DeliveryState.RECHECK))
        assert [row.envelope.n for row in unit.deliveries.unanswered_of("t1")] == [1, 3]
        assert [row.envelope.n for row in unit.deliveries.of_ticket("t1")] == [3, 1]
        assert [row.envelope.n for row in unit.deliveries.of_incarnation(1)] == [1, 2, 3]


def test_only_what_still_waits_is_noted_as_sent(desk: DeskStore) -> None:
    rows = [make_delivery(n) for n in (1, 2, 3)]
    with desk.work() as unit:
        for row in rows:
            unit.deliveries.add(row)
        unit.deliveries.save(answered(rows[0]))
        before = [unit.deliveries.get(row.envelope.id) for row in rows]
        unit.deliveries.note_sent([rows[0].envelope.id, rows[1].envelope.id, "none"], at=LATER)
    with desk.read() as unit:
        after = [unit.deliveries.get(row.envelope.id) for row in rows]
    assert after[0] == before[0] and after[2] == before[2]
    assert after[1] == replace(rows[1], sent_n=rows[1].sent_n + 1, sent_at=LATER)


def test_what_was_answered_comes_back_without_its_body(desk: DeskStore) -> None:
    made = make_delivery()
    done = answered(made, Result.NEEDS_APPROVAL, handled_at=LATER, handled_by="1003", handled_how="已致电")
    assert done.answer is not None
    with desk.work() as unit:
        unit.deliveries.add(made)
        unit.deliveries.save(replace(done, answer=replace(done.answer, body="{...}")))
    with desk.read() as unit:
        assert unit.deliveries.get(made.envelope.id) == done


def test_what_was_signed_never_changes_but_its_number_may(desk: DeskStore) -> None:
    made = make_delivery(4)
    other = replace(made.envelope, inc=2, n=1, payload="{}", actor="9", kind="ask", signature=b"")
    with desk.work() as unit:
        unit.deliveries.add(made)
        unit.deliveries.save(replace(made, envelope=other, made_at=LATER, sent_n=3))
    with desk.read() as unit:
        kept = replace(made, envelope=replace(made.envelope, inc=2, n=1), sent_n=3)
        assert unit.deliveries.get(made.envelope.id) == kept
        assert (unit.deliveries.next_n(1), unit.deliveries.next_n(2)) == (1, 2)
        assert unit.deliveries.of_incarnation(1) == []


def test_a_number_is_given_once(desk: DeskStore) -> None:
    with pytest.raises(Exception, match=r"UNIQUE|belongs"), desk.work() as unit:
        unit.deliveries.add(make_delivery(1))
        unit.deliveries.add(make_delivery(1))


def test_the_sync_line_counts_what_waits_and_what_is_to_be_dealt_with(desk: DeskStore) -> None:
    with desk.work() as unit:
        empty = unit.deliveries.counts(confirmed_since=NOW)
        assert (empty.waiting, empty.to_handle, empty.confirmed) == (0, 0, 0)
        assert empty.oldest_waiting_at is None and empty.round_trip_ms is None
        quiet, conditions, refused, handled, waits, again = (make_delivery(n) for n in range(1, 7))
        for row in (
            answered(quiet),
            answered(conditions, Result.ACCEPTED_WITH_CONDITIONS),
            answered(refused, Result.REFUSED_DONE),
            answered(handled, Result.ALREADY_CANCELLED, handled_at=LATER, handled_by="1", handled_how="x"),
            waits,
            answered(again, Result.REFUSED_DONE, state=DeliveryState.RECHECK),
        ):
            unit.deliveries.add(row)
        told = unit.deliveries.counts(confirmed_since=NOW)
        assert (told.waiting, told.to_handle, told.confirmed, told.round_trip_ms) == (2, 2, 2, 300)
        assert told.oldest_waiting_at == waits.made_at
        assert unit.deliveries.counts(confirmed_since=LATER).confirmed == 0
        assert [row.envelope.n for row in unit.deliveries.latest(limit=9)] == [3, 2, 6, 5, 4, 1]
        assert [row.envelope.n for row in unit.deliveries.latest(limit=3)] == [3, 2, 6]


def test_tickets_that_were_made_by_reopening_another_are_found_newest_first(desk: DeskStore) -> None:
    old, other = make_ticket(), make_ticket()
    facts = TicketFacts(reopens=old.number)
    first, second = make_ticket(facts=facts), make_ticket(facts=facts)
    elsewhere, of_other = make_ticket(facts=facts, store="PD"), make_ticket(facts=TicketFacts(reopens=other.number))
    with desk.work() as unit:
        for ticket in (old, other, first, second, elsewhere, of_other):
            unit.tickets.add(ticket)
        unit.cases.add(make_case(first, CaseState.CONFIRMED))
        found = unit.tickets.reopened_from(old)
        assert [item.ticket.id for item in found] == [second.id, first.id]
        assert [item.case_state for item in found] == [None, CaseState.CONFIRMED]
        assert unit.tickets.reopened_from(first) == []


def test_mirror_and_positions(desk: DeskStore) -> None:
    with desk.work() as unit:
        unit.mirror.put(MirrorRow("b", 1, "{}"))
        unit.mirror.put(MirrorRow("a", 1, "{}"))
        unit.mirror.put(MirrorRow("b", 2, "[]"))
        assert unit.mirror.get("b") == MirrorRow("b", 2, "[]") and unit.mirror.ids() == ["a", "b"]
        unit.mirror.drop("a")
        unit.mirror.drop("a")
        assert unit.mirror.get("a") is None
        unit.positions.put_feed(FeedPosition("XH", "e1", 5, b"h"))
        unit.positions.put_feed(FeedPosition("AB", "e1", 6, b"i"))
        unit.positions.put_feed(FeedPosition("XH", "e2", 7, b"j"))
        assert unit.positions.feeds() == [FeedPosition("AB", "e1", 6, b"i"), FeedPosition("XH", "e2", 7, b"j")]
        unit.positions.drop_feeds()
        assert unit.positions.feeds() == []
        unit.positions.put_answers(AnswerPosition(2, 1, b"a"))
        unit.positions.put_answers(AnswerPosition(1, 1, b"a"))
        unit.positions.put_answers(AnswerPosition(2, 0, b"b"))
        assert unit.positions.answers() == [AnswerPosition(1, 1, b"a"), AnswerPosition(2, 0, b"b")]


# --- records ------------------------------------------------------------------------------------------------------


def test_a_record_comes_back_to_the_letter(desk: DeskStore) -> None:
    record = record_of(make_ticket(version=7), CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.CONFIRMED)
    owed = (obligation_of(record.cases[2].case.id, "o1"), obligation_of(record.cases[2].case.id, "o2", due_at=NOW))
    record = replace(record, cases=(*record.cases[:2], replace(record.cases[2], obligations=owed)))
    put(desk, record)
    with desk.read() as unit:
        assert unit.records.get(record.ticket.id) == record and unit.records.get("none") is None
        assert unit.cases.of_ticket(record.ticket.id)[0].id == record.standing
        assert unit.tickets.by_number(record.ticket.number) == [record.ticket]
        assert unit.finder.find(record.ticket.number, limit=5).hits[0].ticket_id == record.ticket.id
    back = replace(record, ticket=replace(record.ticket, version=8, number="NEW-000001"), standing="")
    put(desk, back)
    with desk.read() as unit:
        assert unit.records.get(record.ticket.id) == back
        assert unit.tickets.by_number(record.ticket.number) == []
        assert unit.finder.find("NEW-000001", limit=5).hits[0].ticket_id == record.ticket.id
        assert unit.tickets.listed([record.ticket.id])[0].case_state is None


def test_cases_keep_the_order_of_head_office_and_its_standing_case_comes_first(desk: DeskStore) -> None:
    """Two desks cancel one ticket: here the own case was first, at head office the other's was."""
    ticket = make_ticket()
    mine = make_case(ticket, CaseState.PENDING_HEAD_OFFICE, strokes=STROKES)
    add(desk, ticket)
    with desk.work() as unit:
        unit.cases.add(mine)
    others = CaseRecord(make_case(ticket, CaseState.CONFIRMED), (), "XH1", "XH1-26-S000001")
    ended = CaseRecord(replace(mine, state=CaseState.SUPERSEDED, strokes=()), (), "XH2", "XH2-26-S000001")
    record = TicketRecord(replace(ticket, version=3), (others, ended), others.case.id)
    put(desk, record)
    with desk.read() as unit:
        assert unit.records.get(ticket.id) == record
        assert [case.id for case in unit.cases.of_ticket(ticket.id)] == [others.case.id, mine.id]
        kept = unit.cases.get(mine.id)
        assert kept is not None and kept.strokes == STROKES and kept.state is CaseState.SUPERSEDED


def test_one_record_may_close_one_case_and_open_another(desk: DeskStore) -> None:
    ticket = make_ticket()
    record = record_of(ticket, CaseState.PENDING_APPROVAL, CaseState.REFUSED)
    put(desk, record)
    first, second = record.cases
    turned = replace(
        record,
        cases=(
            replace(first, case=replace(first.case, state=CaseState.REFUSED)),
            replace(second, case=replace(second.case, state=CaseState.PENDING_APPROVAL)),
        ),
    )
    for now in (turned, record, turned):
        put(desk, now)
        with desk.read() as unit:
            assert unit.records.get(ticket.id) == now


def test_what_is_only_here_stays(desk: DeskStore) -> None:
    ticket = make_ticket()
    own = make_case(ticket, CaseState.REFUSED)
    owed = obligation_of(own.id, "own")
    add(desk, ticket)
    with desk.work() as unit:
        unit.cases.add(own)
        unit.obligations.add_all([owed])
    record = record_of(ticket, CaseState.PENDING_HEAD_OFFICE)
    put(desk, record)
    with desk.read() as unit:
        assert unit.records.get(ticket.id) == replace(record, cases=(*record.cases, CaseRecord(own, (owed,))))


def test_an_open_case_that_head_office_does_not_tell_of_is_not_written_over(desk: DeskStore) -> None:
    ticket = make_ticket()
    add(desk, ticket)
    with desk.work() as unit:
        unit.cases.add(make_case(ticket, CaseState.APPLIED))
    with pytest.raises(CaseAlreadyOpen):
        put(desk, record_of(ticket, CaseState.PENDING_APPROVAL))


def test_a_reason_never_changes(desk: DeskStore) -> None:
    from store_desk.domain.reasons import Reason

    record = record_of(make_ticket(), CaseState.REFUSED)
    put(desk, record)
    other = replace(record.cases[0], case=replace(record.cases[0].case, reason=Reason.DUPLICATE))
    with pytest.raises(Exception, match="reason"):
        put(desk, replace(record, cases=(other,)))


def parts_of(record: TicketRecord) -> BodyParts:
    """The record as a page of a feed has it."""
    return parts_of_body(record_to_body(record))


def test_a_page_of_records_is_as_one_after_the_other(desk: DeskStore) -> None:
    tickets = [make_ticket(customer=f"客户{at}", phone=f"139000{at:05d}") for at in range(250)]
    pages = [TicketRecord(ticket) for ticket in tickets]
    pages[7] = record_of(tickets[7], CaseState.PENDING_APPROVAL)
    later = replace(pages[7], ticket=replace(tickets[7], version=2))
    with desk.work() as unit:
        unit.tickets.add(tickets[3])
        unit.records.put_many(map(parts_of, [*pages, later]))
        unit.records.put_many(map(parts_of, [replace(later, ticket=replace(tickets[7], version=3)), pages[0], later]))
        unit.records.put_many([])
    with desk.read() as unit:
        assert unit.tickets.count() == 250 and list(unit.records.unknown(limit=9)) == []
        assert [unit.records.get(ticket.id) for ticket in tickets[:7]] == pages[:7]
        assert unit.records.get(tickets[7].id) == later
        assert set(unit.records.known_ids()) == {ticket.id for ticket in tickets}
        assert unit.finder.find("13900000249", limit=5).hits[0].ticket_id == tickets[249].id


def test_an_evicted_ticket_is_in_no_list_until_it_comes_back(desk: DeskStore) -> None:
    record = record_of(make_ticket(due_at=NOW, source="erp", source_key="ERP-1"), CaseState.PENDING_APPROVAL)
    case = record.cases[0].case
    record = replace(record, cases=(replace(record.cases[0], obligations=(obligation_of(case.id),)),))
    ticket = record.ticket
    other = make_ticket(phone=ticket.phone, due_at=NOW)
    put(desk, record)
    add(desk, other)
    with desk.work() as unit:
        unit.slips.add(SlipRow("S1", case.id, ticket.id, SlipVariant.CANCELLATION, "{}", "a" * 64, NOW))
        assert unit.records.evict(ticket.id) and not unit.records.evict(ticket.id)
        assert not unit.records.evict("none")
    with desk.read() as unit:
        assert unit.tickets.get(ticket.id) is None and unit.records.get(ticket.id) is None
        assert unit.tickets.by_number(ticket.number) == [] and unit.tickets.by_number("ERP-1") == []
        assert unit.tickets.listed([ticket.id]) == [] and unit.tickets.count() == 1
        assert [item.ticket.id for item in unit.tickets.needing_action(until=NOW, limit=9)[0]] == [other.id]
        assert [item.ticket.id for item in unit.tickets.all_matching(None)] == [other.id]
        for text in (ticket.number, "ERP-1"):
            assert unit.finder.find(text, limit=9).hits == ()
        assert ticket.id not in [hit.ticket_id for hit in unit.finder.find(ticket.customer, limit=9).hits]
        assert unit.cases.get(case.id) == case and len(unit.slips.of_ticket(ticket.id)) == 1
        assert len(unit.obligations.of_case(case.id)) == 1 and unit.obligations.open_ones(limit=9) == []
        assert list(unit.records.known_ids()) == []
    with desk.work() as unit, pytest.raises(TicketMoved):
        unit.tickets.save(replace(ticket, version=2), seen_version=1)
    put(desk, record)
    with desk.read() as unit:
        assert unit.records.get(ticket.id) == record and unit.tickets.count() == 2
        assert unit.finder.find(ticket.number, limit=9).hits[0].ticket_id == ticket.id
        assert unit.finder.find(ticket.customer, limit=9).hits != ()


def test_what_head_office_does_not_know_is_offered_by_id(desk: DeskStore) -> None:
    tickets = sorted((make_ticket() for _ in range(5)), key=lambda ticket: ticket.id)
    add(desk, *tickets)
    with desk.work() as unit:
        page = unit.records.unknown(limit=2)
        assert [record.ticket for record in page] == tickets[:2]
        rest = unit.records.unknown(limit=9, after=page[-1].ticket.id)
        assert [record.ticket for record in rest] == tickets[2:]
        unit.records.mark_known([tickets[0].id, tickets[1].id, "none"])
        unit.records.put(TicketRecord(tickets[2]), known=False)
        assert [record.ticket for record in unit.records.unknown(limit=9)] == tickets[2:]
        assert list(unit.records.known_ids()) == [tickets[0].id, tickets[1].id]
        unit.records.put(TicketRecord(tickets[0]), known=False)
        unit.records.mark_unknown([tickets[1].id])
        assert list(unit.records.known_ids()) == [tickets[0].id]
        assert unit.records.unknown(limit=1)[0].ticket == tickets[1]


def test_numbers_are_unique_only_among_what_head_office_does_not_know(desk: DeskStore) -> None:
    own = make_ticket(source="erp", number="A-1")
    twins = [make_ticket(source="erp", number="A-1") for _ in range(2)]
    add(desk, own)
    put(desk, *(TicketRecord(twin) for twin in twins))
    with desk.read() as unit:
        assert {ticket.id for ticket in unit.tickets.by_number("A-1")} == {own.id, *(twin.id for twin in twins)}
    with pytest.raises(Exception, match=r"UNIQUE|already"):
        add(desk, make_ticket(source="erp", number="A-1"))


def test_an_imported_case_is_a_case_like_others_in_a_record(desk: DeskStore) -> None:
    ticket = make_ticket()
    record = TicketRecord(
        ticket, (CaseRecord(make_case(ticket, CaseState.CONFIRMED, origin=Origin.IMPORT, level=None)),)
    )
    record = replace(record, standing=record.cases[0].case.id)
    put(desk, record)
    with desk.read() as unit:
        assert unit.records.get(ticket.id) == record


def test_what_waits_for_approval_and_what_is_disputed(desk: DeskStore) -> None:
    waiting = [record_of(make_ticket(), CaseState.PENDING_APPROVAL) for _ in range(2)]
    refused = record_of(make_ticket(), CaseState.REFUSED)
    asked = record_of(make_ticket(), CaseState.REFUSED)
    asked = replace(asked, cases=(replace(asked.cases[0], case=replace(asked.cases[0].case, asked="请复核")),))
    put(desk, *waiting, asked, refused, record_of(make_ticket(), CaseState.CONFIRMED))
    with desk.read() as unit:
        assert [case.id for case in unit.oversight.waiting(limit=9)] == [record.standing for record in waiting]
        assert unit.oversight.count_waiting() == 2
        assert [case.id for case in unit.oversight.disputed(limit=9)] == [asked.standing, refused.standing]


def test_what_is_confirmed_and_whose_slip_it_is(desk: DeskStore) -> None:
    made = [record_of(make_ticket(), CaseState.CONFIRMED) for _ in range(3)]
    early, late, imported = (
        replace(
            record,
            cases=(
                replace(
                    record.cases[0],
                    slip=f"XH1-26-S00000{n}-A",
                    case=replace(
                        record.cases[0].case,
                        applied_at=NOW + timedelta(minutes=10 - n),
                        origin=Origin.IMPORT if n == 2 else Origin.DESK,
                    ),
                ),
            ),
        )
        for n, record in enumerate(made)
    )
    put(desk, late, early, imported, record_of(make_ticket(), CaseState.REFUSED))
    with desk.read() as unit:
        assert [case.id for case in unit.oversight.confirmed(limit=9)] == [early.standing, late.standing]
        assert [case.id for case in unit.oversight.confirmed(limit=1)] == [early.standing]
        assert [case.id for case in unit.oversight.of_slip("XH1-26-S000001-A", limit=9)] == [late.standing]
        assert unit.oversight.of_slip("XH1-26-S000009-A", limit=9) == []
