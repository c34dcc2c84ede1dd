"""Contents of operations that no desk's program can have written: answered, kept, and the queue goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_desk.domain.authority import Result
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Work
from store_desk.hub.apply import Stop, apply_operation
from store_desk.hub.ports import DeskRow
from store_desk.services import payloads
from store_desk.services.messages import GENESIS, KINDS, Answer, Envelope
from store_desk.services.payloads import Unreadable
from tests.hub.given import OFFICE, Counter, a_ticket
from tests.memory.hub import MemoryHub

READERS = {
    "cancel": payloads.cancel_from_payload,
    "move": payloads.move_from_payload,
    "ticket": payloads.ticket_from_payload,
}
FAST = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**53, -(2**62), 253_402_300_799_999, -62_135_596_800_000, 10**400])
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["\ud800", "a\x00b", "x" * 300_000, "2026-02-30", "0001-01-01", "9999-12-31"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


class Office:
    """Head office with one desk and one ticket that it knows."""

    def __init__(self) -> None:
        self.hub = MemoryHub()
        self.hub.add_store("XH")
        self.hub.books.desks["d1", 1] = DeskRow(
            desk_id="d1", inc=1, store="XH", desk=1, public_key=b"", role="desk", scope=("XH",), chain=GENESIS
        )
        self.desk = Counter("d1")
        born = self.desk.ticket()
        self.ticket_id = born.ticket_id
        self.apply(born)

    def apply(self, envelope: Envelope) -> Answer:
        """One operation in a transaction of its own."""
        return self.hub.run(lambda unit: apply_operation(unit, OFFICE, desk_id="d1", envelope=envelope, insist=True))

    def answer_to(self, kind: str, payload: str, *, case_id: str = "a" * 32) -> Answer:
        """The answer to an operation with this content, after which the next one must be taken as well."""
        try:
            digested = self.desk.envelope(kind, self.ticket_id, payload, case_id=case_id)
        except UnicodeEncodeError:
            # Nobody can sign it, so its digest is one of something else; the desk's number is used up all the same.
            digested = replace(self.desk.envelope(kind, self.ticket_id, "", case_id=case_id), payload=payload)
            self.desk.n -= 1
            digested = replace(digested, n=self.desk.n)
        answer = self.apply(digested)
        assert self.hub.books.operations[digested.id].answer == answer
        assert self.apply(digested) == answer
        after = self.apply(self.desk.ticket())
        assert after.result is Result.ACCEPTED and after.n == digested.n + 1
        return answer


def template_of(office: Office, kind: str) -> str:
    """A content of this kind as a desk writes it."""
    said = payloads.Decision(case_id="a" * 32, person="1001", role=Role.MANAGER, why="w")
    return {
        "ticket": payloads.ticket_to_payload(a_ticket()),
        "cancel": Counter("d1").cancel(office.ticket_id).payload,
        "move": payloads.move_to_payload(payloads.Move(work=Work.ASSIGNED, assignee="x")),
    }.get(kind) or payloads.decision_to_payload(said)


def places_in(shown: Any) -> list[tuple[Any, ...]]:
    """Every place of a JSON value, the whole first."""
    inner = shown.items() if isinstance(shown, dict) else enumerate(shown) if isinstance(shown, list) else ()
    return [(), *((name, *rest) for name, member in inner for rest in places_in(member))]


def with_value(shown: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The JSON value with another value at this place."""
    if not place:
        return value
    changed = dict(shown) if isinstance(shown, dict) else list(shown)
    changed[place[0]] = with_value(shown[place[0]], place[1:], value) if place[1:] else value
    return changed


@pytest.mark.parametrize("kind", KINDS)
def test_contents_that_are_nearly_right_raise_nothing_and_hold_nothing_up(kind: str) -> None:
    office = Office()
    shown = json.loads(template_of(office, kind))
    # Members that are left out because they have their default, too.
    extra = [("case", name) for name in ("strokes", "before", "consent", "opened_at")] if kind == "cancel" else []

    @FAST
    @given(st.sampled_from([*places_in(shown), *extra]), VALUES, st.booleans())
    def one(place: tuple[Any, ...], value: object, escaped: bool) -> None:
        office.answer_to(kind, json.dumps(with_value(shown, place, value), ensure_ascii=escaped))

    one()


@FAST
@given(st.sampled_from(KINDS), st.text() | VALUES.map(json.dumps))
def test_contents_of_any_kind_raise_nothing(kind: str, payload: str) -> None:
    answer = Office().answer_to(kind, payload)
    assert answer.result is Result.REFUSED_UNREADABLE


@pytest.mark.parametrize(
    "bad",
    [
        lambda said: said.replace('"w"', '"\\ud800"'),
        lambda said: said.replace('"w"', '"\\u0000"'),
        lambda said: said.replace('"w"', "7"),
        lambda said: said.replace('"w"', "[]"),
        lambda said: said.replace('"v":1', '"v":1,"v":1'),
        lambda said: said.replace('"v":1', '"v":2'),
        lambda said: said.replace('"w"', '"' + "x" * 300_000 + '"'),
        lambda said: said + "}",
    ],
)
def test_what_nobody_can_have_written_is_refused_as_unreadable_and_kept(bad: Any) -> None:
    office = Office()
    answer = office.answer_to("decline", bad(template_of(office, "decline")))
    assert answer.result is Result.REFUSED_UNREADABLE
    assert office.apply(office.desk.cancel(office.ticket_id)).result is Result.ACCEPTED


@pytest.mark.parametrize("kind", KINDS)
def test_contents_as_desks_write_them_are_read_back_the_same(kind: str) -> None:
    written = template_of(Office(), kind)
    value = READERS.get(kind, payloads.decision_from_payload)(written)
    assert conforming_again(kind, value, written)


def conforming_again(kind: str, value: Any, written: str) -> bool:
    """Whether writing what was read gives the same text."""
    if kind == "cancel":
        return payloads.cancel_to_payload(value, number="N", seen_version=1) == written
    write = {"move": payloads.move_to_payload, "ticket": payloads.ticket_to_payload}
    return write.get(kind, payloads.decision_to_payload)(value) == written


def test_a_text_in_place_of_a_list_is_no_list_of_its_letters() -> None:
    shown = json.loads(Counter("d1").cancel("t").payload)
    shown["agreed"]["because"] = "money"
    with pytest.raises(Unreadable):
        payloads.cancel_from_payload(json.dumps(shown))


def test_only_a_stop_ends_a_batch() -> None:
    office = Office()
    with pytest.raises(Stop):
        office.apply(replace(office.desk.ticket(), kind="unknown"))
