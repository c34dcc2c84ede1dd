"""One operation at head office: known or new, decided, numbered, told; and when the desk must do something first."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from store_desk.domain.authority import Result
from store_desk.domain.case import CaseState
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Work
from store_desk.hub.apply import SKEW_MAX, Office, Stop, apply_batch, apply_operation
from store_desk.hub.ports import DeskRow, PersonRow
from store_desk.services import payloads
from store_desk.services.codec import to_ms
from store_desk.services.messages import Answer, Envelope, PushReply, digest_of, record_from_body
from store_desk.services.payloads import Decision, decision_to_payload
from tests.domain.asked import asks
from tests.hub.given import NOON, Counter, a_ticket, check_answers, check_feed, new_id
from tests.memory.hub import MemoryHub


class Hall:
    """Head office in memory with two stores, desks of them, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.hub = MemoryHub()
        self.now = NOON
        for code in ("XH", "PD"):
            self.hub.add_store(code)
        self.xh1, self.xh2, self.pd1 = self.desk("xh1", 1), self.desk("xh2", 2), self.desk("pd1", 1, "PD")
        born = self.xh1.ticket()
        self.ticket_id = born.ticket_id
        self.take(self.xh1, born)

    def desk(self, name: str, number: int, store: str = "XH", **changes: object) -> Counter:
        """An enrolled desk."""
        row = DeskRow(name, 1, store, number, b"", "desk", (store,))
        self.hub.books.desks[name, 1] = replace(row, **changes)  # type: ignore[arg-type]
        return Counter(name, store)

    def take(self, desk: Counter, envelope: Envelope, *, epoch: str = "", insist: bool = False) -> Answer:
        """One operation in a transaction of its own; an answer is kept with the desk the first time."""
        office = Office(lambda: self.now, new_id)
        answer = self.hub.run(
            lambda unit: apply_operation(
                unit, office, desk_id=desk.desk_id, envelope=envelope, epoch=epoch, insist=insist
            )
        )
        if answer.n == len(desk.answers) + 1 and not answer.clone:
            desk.answers.append(answer)
        return answer

    def cancelled_at_noon(self) -> Envelope:
        """A cancellation that desk 2 has just made."""
        envelope = replace(self.xh2.cancel(self.ticket_id), at_ms=to_ms(NOON))
        self.take(self.xh2, envelope)
        return envelope

    def stopped(self, desk: Counter, envelope: Envelope, **how: object) -> tuple[str, int]:
        """Why an operation was not taken, and up to where operations are known; nothing of it is stored."""
        before = self.hub.books.image()
        with pytest.raises(Stop) as stop:
            self.take(desk, envelope, **how)  # type: ignore[arg-type]
        assert self.hub.books == before
        return stop.value.why, stop.value.have

    def row(self, desk: Counter) -> DeskRow:
        """What head office knows of the desk."""
        return self.hub.books.desks[desk.desk_id, desk.inc]

    def changed(self) -> int:
        """How many changes the stores have had."""
        return len(self.hub.books.feed)


def asked_with_consent(hall: Hall, *, at: datetime = NOON) -> Envelope:
    """A cancellation to which a supervisor has agreed at the desk."""
    ticket = hall.hub.books.records[hall.ticket_id][0].ticket
    agreed = {"approver": "1003", "approver_role": Role.SUPERVISOR}
    request = asks(ticket, Reason.DISSATISFIED, case_id=new_id(), at=at, **agreed)  # type: ignore[arg-type]
    payload = payloads.cancel_to_payload(request, number="N", seen_version=1)
    return hall.xh2.envelope("cancel", hall.ticket_id, payload, case_id=request.case.id)


@pytest.fixture
def hall() -> Hall:
    """Head office with one ticket of XH, brought by desk 1."""
    return Hall()


# --- H1, H3: which operations are taken -------------------------------------------------------------------------


def test_operations_are_numbered_and_chained_in_the_order_they_are_taken(hall: Hall) -> None:
    for _ in range(3):
        hall.take(hall.xh2, hall.xh2.ticket())
    assert [answer.n for answer in hall.xh2.answers] == [1, 2, 3]
    check_answers(hall.xh2.answers)
    row = hall.row(hall.xh2)
    assert (row.last_n, row.chain) == (3, hall.xh2.answers[-1].chain)


def test_a_gap_is_not_taken_and_told_with_the_last_number_known(hall: Hall) -> None:
    hall.xh2.ticket()
    assert hall.stopped(hall.xh2, hall.xh2.ticket()) == ("gap", 0)


def test_a_number_that_was_used_for_something_else_is_a_fork(hall: Hall) -> None:
    hall.take(hall.xh2, hall.xh2.ticket())
    hall.xh2.n = 0
    assert hall.stopped(hall.xh2, hall.xh2.ticket()) == ("fork", 1)


def test_an_incarnation_that_head_office_never_gave_is_a_fork(hall: Hall) -> None:
    hall.xh2.inc = 9
    assert hall.stopped(hall.xh2, hall.xh2.ticket()) == ("fork", 0)


def test_a_kind_of_the_future_is_not_burnt(hall: Hall) -> None:
    """An older head office leaves the operation waiting; its number is not used up."""
    envelope = hall.xh2.ticket()
    assert hall.stopped(hall.xh2, replace(envelope, kind="merge")) == ("upgrade", 0)
    assert hall.take(hall.xh2, envelope).n == 1


def test_operations_made_for_another_history_are_not_taken(hall: Hall) -> None:
    envelope = hall.xh2.ticket()
    assert hall.stopped(hall.xh2, envelope, epoch="e0") == ("epoch", 0)
    assert hall.take(hall.xh2, envelope, epoch="e1").result is Result.ACCEPTED


def test_a_ticket_that_is_not_known_is_to_be_offered_first(hall: Hall) -> None:
    envelope = hall.xh2.cancel(new_id())
    assert hall.stopped(hall.xh2, envelope) == ("unknown", 0)
    answer = hall.take(hall.xh2, envelope, insist=True)
    assert (answer.result, answer.n, answer.version, answer.body) == (Result.REFUSED_SCOPE, 1, None, None)


def test_insisting_makes_no_difference_where_the_ticket_is_known(hall: Hall) -> None:
    assert hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id), insist=True).result is Result.ACCEPTED


# --- H2: once, however often it is sent -------------------------------------------------------------------------


def test_an_operation_has_one_effect_however_often_it_is_sent(hall: Hall) -> None:
    envelope = hall.xh2.cancel(hall.ticket_id)
    first = hall.take(hall.xh2, envelope)
    before = hall.hub.books.image()
    hall.now += timedelta(days=3)
    assert [hall.take(hall.xh2, envelope) for _ in range(3)] == [first] * 3
    assert hall.hub.books == before


def test_a_refusal_is_never_decided_again(hall: Hall) -> None:
    hall.take(hall.xh1, hall.xh1.move(hall.ticket_id, review=Review.REJECTED))
    envelope = hall.xh2.cancel(hall.ticket_id)
    first = hall.take(hall.xh2, envelope)
    assert first.result is Result.REFUSED_DONE
    record, store, body = hall.hub.books.records[hall.ticket_id]
    alive = replace(record, ticket=replace(record.ticket, review=Review.PENDING_REVIEW))
    hall.hub.books.records[hall.ticket_id] = (alive, store, body)
    assert hall.take(hall.xh2, envelope) == first


def test_a_new_incarnation_gets_the_first_answer_under_its_new_number(hall: Hall) -> None:
    envelope = hall.xh2.cancel(hall.ticket_id)
    first = hall.take(hall.xh2, envelope)
    fresh = hall.desk("xh2", 2, inc=2)
    fresh.inc = 2
    hall.hub.books.desks["xh2", 2] = hall.hub.books.desks.pop(("xh2", 1))
    before = hall.changed()
    again = hall.take(fresh, replace(envelope, inc=2, n=1))
    assert (again.id, again.inc, again.n, again.result, again.version) == (
        first.id, 2, 1, Result.ACCEPTED, first.version,
    )  # fmt: skip
    check_answers(fresh.answers)
    assert hall.changed() == before, "no second effect"


def test_an_id_that_comes_again_with_another_content_is_refused_and_numbered(hall: Hall) -> None:
    first = hall.take(hall.xh1, hall.xh1.cancel(hall.ticket_id))
    payload = decision_to_payload(Decision(case_id="x"))
    other = hall.xh1.envelope("withdraw", hall.ticket_id, payload, op_id=first.id)
    before = hall.changed()
    answer = hall.take(hall.xh1, other)
    assert (answer.result, answer.n, answer.version, answer.body) == (
        Result.REFUSED_KEY_REUSE, first.n + 1, None, None,
    )  # fmt: skip
    assert hall.hub.books.operations[first.id].answer == first and hall.changed() == before
    check_answers(hall.xh1.answers)


def test_the_same_number_with_another_content_is_not_told_that_it_was_accepted(hall: Hall) -> None:
    envelope = hall.xh2.cancel(hall.ticket_id)
    first = hall.take(hall.xh2, envelope)
    payload = envelope.payload.replace("重启", "重起")
    before = hall.hub.books.image()
    answer = hall.take(hall.xh2, replace(envelope, payload=payload, digest=digest_of(payload)))
    assert (answer.result, answer.body) == (Result.REFUSED_KEY_REUSE, None)
    assert hall.hub.books == before and hall.take(hall.xh2, envelope) == first


def test_another_desk_cannot_use_an_id_for_its_own_content(hall: Hall) -> None:
    first = hall.take(hall.xh1, hall.xh1.cancel(hall.ticket_id))
    stolen = hall.pd1.envelope("ticket", "t", payloads.ticket_to_payload(a_ticket("PD")), op_id=first.id)
    answer = hall.take(hall.pd1, stolen)
    assert answer.result is Result.REFUSED_KEY_REUSE and answer.body is None, "and learns nothing of the ticket"


def test_a_copy_that_meets_its_own_past_is_told_so(hall: Hall) -> None:
    """H3': the operation is known, but its number here belongs to another one."""
    one, two = hall.xh2.ticket(), hall.xh2.ticket()
    hall.take(hall.xh2, one)
    hall.take(hall.xh2, two)
    answer = hall.take(hall.xh2, replace(two, n=1))
    assert answer.clone and answer.result is Result.ACCEPTED
    assert not hall.take(hall.xh2, two).clone


def test_a_known_operation_does_not_jump_over_a_gap(hall: Hall) -> None:
    hall.take(hall.xh1, envelope := hall.xh1.cancel(hall.ticket_id))
    assert hall.stopped(hall.xh2, replace(envelope, n=2)) == ("gap", 0)


# --- H4: who may -----------------------------------------------------------------------------------------------


def test_a_revoked_desk_is_refused_and_the_refusal_numbered(hall: Hall) -> None:
    hall.hub.books.desks["xh2", 1] = replace(hall.row(hall.xh2), revoked=True)
    before = hall.changed()
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert (answer.result, answer.n, answer.seq) == (Result.REFUSED_RIGHT, 1, None)
    assert hall.changed() == before
    check_answers(hall.xh2.answers)


@pytest.mark.req("REQ-OPS-01")
def test_a_person_whom_head_office_has_disabled_may_nothing(hall: Hall) -> None:
    hall.hub.books.people["XH", "2047"] = PersonRow("XH", "2047", "林晓雨", Role.CLERK, enabled=False)
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert answer.result is Result.REFUSED_RIGHT
    assert answer.body is not None and record_from_body(answer.body).cases == ()
    assert hall.take(hall.xh2, replace(hall.xh2.cancel(hall.ticket_id), actor="2051")).result is Result.ACCEPTED


@pytest.mark.req("REQ-OPS-01")
def test_an_approver_whom_head_office_has_disabled_approves_nothing(hall: Hall) -> None:
    hall.hub.books.people["XH", "1003"] = PersonRow("XH", "1003", "陈国栋", Role.SUPERVISOR, enabled=False)
    answer = hall.take(hall.xh2, asked_with_consent(hall))
    assert answer.result is Result.NEEDS_APPROVAL


@pytest.mark.req("REQ-OPS-01")
def test_the_role_is_the_one_that_head_office_knows(hall: Hall) -> None:
    """The desk says clerk, head office knows an auditor, who cancels nothing."""
    hall.hub.books.people["XH", "2047"] = PersonRow("XH", "2047", "林晓雨", Role.AUDITOR)
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert answer.result is Result.NEEDS_APPROVAL and json.loads(answer.facts) == {"because": "role_level"}


@pytest.mark.parametrize(
    ("desk_role", "known", "result"),
    [
        ("desk", None, Result.REFUSED_RIGHT),
        ("desk", Role.MANAGER, Result.REFUSED_RIGHT),
        ("desk", Role.HEAD_OFFICE, Result.ACCEPTED),
        ("head_office", None, Result.ACCEPTED),
    ],
)
def test_a_stores_desk_cannot_say_that_somebody_is_head_office(
    hall: Hall, desk_role: str, known: Role | None, result: Result
) -> None:
    cancel = hall.xh1.cancel(hall.ticket_id)
    hall.take(hall.xh1, cancel)
    hall.hub.books.desks["xh2", 1] = replace(hall.row(hall.xh2), role=desk_role)
    if known is not None:
        hall.hub.books.people["XH", "9100"] = PersonRow("XH", "9100", "总部", known)
    said = Decision(cancel.case_id, person="9100", role=Role.HEAD_OFFICE, why="因为", confirm=False)
    envelope = hall.xh2.envelope("overrule", hall.ticket_id, decision_to_payload(said), case_id=cancel.case_id)
    assert hall.take(hall.xh2, replace(envelope, actor="9100")).result is result


def test_another_stores_ticket_is_refused_without_a_word_about_it(hall: Hall) -> None:
    answer = hall.take(hall.pd1, hall.pd1.cancel(hall.ticket_id))
    assert (answer.result, answer.version, answer.body, answer.store, answer.seq, answer.facts) == (
        Result.REFUSED_SCOPE, None, None, "", None, "{}",
    )  # fmt: skip
    check_answers(hall.pd1.answers)


def test_a_desk_does_not_bring_tickets_to_another_store(hall: Hall) -> None:
    made = a_ticket("XH")
    answer = hall.take(hall.pd1, hall.pd1.envelope("ticket", made.id, payloads.ticket_to_payload(made)))
    assert answer.result is Result.REFUSED_SCOPE and made.id not in hall.hub.books.records


# --- H4: what it is about --------------------------------------------------------------------------------------


def test_a_content_that_is_not_what_was_signed_is_refused(hall: Hall) -> None:
    envelope = hall.xh2.cancel(hall.ticket_id)
    answer = hall.take(hall.xh2, replace(envelope, payload=envelope.payload.replace("XH1", "XH3")))
    assert (answer.result, answer.n) == (Result.REFUSED_UNREADABLE, 1)


@pytest.mark.parametrize("how", ["case", "ticket"])
def test_an_envelope_about_something_else_than_its_content_is_refused(hall: Hall, how: str) -> None:
    other = hall.xh1.ticket()
    hall.take(hall.xh1, other)
    envelope = hall.xh2.cancel(hall.ticket_id)
    envelope = replace(envelope, case_id="x") if how == "case" else replace(envelope, ticket_id=other.ticket_id)
    assert hall.take(hall.xh2, envelope).result is Result.REFUSED_UNREADABLE


def test_a_new_ticket_comes_under_its_own_id(hall: Hall) -> None:
    answer = hall.take(hall.xh2, replace(hall.xh2.ticket(), ticket_id=new_id()))
    assert answer.result is Result.REFUSED_SCOPE


# --- H5: what desks are told -----------------------------------------------------------------------------------


def test_an_accepted_operation_is_one_change_and_its_answer_carries_it(hall: Hall) -> None:
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    change = hall.hub.books.feed["XH", hall.changed()]
    assert (answer.store, answer.seq, answer.version, answer.body) == (
        "XH", change.seq, change.version, change.body,
    )  # fmt: skip
    record = record_from_body(change.body)
    assert record == hall.hub.books.records[hall.ticket_id][0]
    assert record.state is CaseState.CONFIRMED and record.ticket.version == 2
    check_feed(list(hall.hub.books.feed.values()))


def test_a_refusal_on_a_ticket_is_a_change_too_so_that_all_see_the_case(hall: Hall) -> None:
    hall.take(hall.xh1, hall.xh1.cancel(hall.ticket_id))
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert answer.result is Result.ALREADY_CANCELLED and answer.seq == hall.changed()
    assert answer.body is not None and len(record_from_body(answer.body).cases) == 2


def test_what_changes_nothing_still_tells_the_ticket_as_it_is(hall: Hall) -> None:
    answer = hall.take(hall.xh2, hall.xh2.move(hall.ticket_id, work=Work.DONE))
    assert (answer.result, answer.seq, answer.version) == (Result.REFUSED_MOVE, None, 1)
    assert answer.body is not None and record_from_body(answer.body) == hall.hub.books.records[hall.ticket_id][0]


def test_an_operation_that_fails_in_the_middle_leaves_nothing(hall: Hall) -> None:
    del hall.hub.books.heads["XH"]
    before = hall.hub.books.image()
    with pytest.raises(KeyError):
        hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert hall.hub.books == before


# --- time ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "result"),
    [(timedelta(), Result.ACCEPTED), (None, Result.REFUSED_LATE), (timedelta(hours=-2), Result.ACCEPTED)],
)
def test_the_window_counts_when_the_customer_stood_there(hall: Hall, offset: timedelta | None, result: Result) -> None:
    """Made five minutes after the cancellation, delivered two hours later; a clock never compared is not believed."""
    cancel = hall.cancelled_at_noon()
    hall.now = NOON + timedelta(hours=2)
    made = NOON + timedelta(minutes=5) - (offset or timedelta())
    envelope = replace(
        hall.xh2.withdraw(hall.ticket_id, cancel.case_id),
        at_ms=to_ms(made),
        offset_ms=None if offset is None else offset // timedelta(milliseconds=1),
    )
    assert hall.take(hall.xh2, envelope).result is result


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), SKEW_MAX + timedelta(days=1)])
def test_a_desk_cannot_say_that_it_was_later_than_now_or_years_ago(hall: Hall, wrong: timedelta) -> None:
    cancel = hall.cancelled_at_noon()
    hall.now = NOON + timedelta(hours=2)
    envelope = replace(
        hall.xh2.withdraw(hall.ticket_id, cancel.case_id), at_ms=to_ms(hall.now - wrong), offset_ms=0
    )
    assert hall.take(hall.xh2, envelope).result is Result.REFUSED_LATE


@pytest.mark.parametrize("at_ms", [2**62, -(2**62)])
def test_a_time_that_no_calendar_has_is_now(hall: Hall, at_ms: int) -> None:
    envelope = replace(hall.xh2.cancel(hall.ticket_id), at_ms=at_ms, offset_ms=0)
    assert hall.take(hall.xh2, envelope).result is Result.ACCEPTED


@pytest.mark.parametrize("skew", [timedelta(), timedelta(days=-3), timedelta(days=3)])
@pytest.mark.parametrize(("minutes", "result"), [(9, Result.ACCEPTED), (11, Result.REFUSED_LATE)])
def test_the_window_is_the_same_for_a_desk_whose_clock_is_days_wrong(
    hall: Hall, skew: timedelta, minutes: int, result: Result
) -> None:
    offset = -skew // timedelta(milliseconds=1)
    cancel = replace(asked_with_consent(hall, at=NOON + skew), at_ms=to_ms(NOON + skew), offset_ms=offset)
    assert hall.take(hall.xh2, cancel).result is Result.ACCEPTED
    hall.now = NOON + timedelta(minutes=minutes)
    back = hall.xh2.withdraw(hall.ticket_id, cancel.case_id)
    assert hall.take(hall.xh2, replace(back, at_ms=to_ms(hall.now + skew), offset_ms=offset)).result is result


# --- batches ---------------------------------------------------------------------------------------------------


def push(hall: Hall, desk: Counter, *envelopes: Envelope) -> PushReply:
    """A batch, each in a transaction of its own."""
    one: Callable[[Envelope], Answer] = lambda envelope: hall.take(desk, envelope)  # noqa: E731
    return apply_batch(one, envelopes, epoch="e1", have=hall.row(desk).last_n, now_ms=to_ms(hall.now))


def test_a_batch_is_answered_in_order_and_stops_at_what_cannot_be_taken(hall: Hall) -> None:
    good = [hall.xh2.ticket(), hall.xh2.ticket()]
    hall.xh2.n += 1
    reply = push(hall, hall.xh2, *good, hall.xh2.ticket())
    assert [answer.id for answer in reply.answers] == [envelope.id for envelope in good]
    assert (reply.stopped, reply.have, reply.epoch, reply.now_ms) == ("gap", 2, "e1", to_ms(NOON))


def test_a_refusal_does_not_stop_a_batch(hall: Hall) -> None:
    reply = push(hall, hall.xh2, hall.xh2.move(hall.ticket_id, work=Work.DONE), hall.xh2.cancel(hall.ticket_id))
    assert [answer.result for answer in reply.answers] == [Result.REFUSED_MOVE, Result.ACCEPTED]
    assert (reply.stopped, reply.have) == ("", 2)


def test_published_rules_decide_from_the_next_operation_on(hall: Hall) -> None:
    rows = [{"reason": "self_resolved", "allowed": False}]
    hall.hub.books.rules["conditions"] = json.dumps({"version": 7, "rows": rows})
    answer = hall.take(hall.xh2, hall.xh2.cancel(hall.ticket_id))
    assert answer.result is Result.NEEDS_APPROVAL and json.loads(answer.facts) == {"because": "conditions_changed"}
