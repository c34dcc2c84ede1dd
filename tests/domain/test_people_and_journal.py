"""PINs and lock-outs, roles and rights, identity answers, settings, and the journal's chain."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store_desk.domain.errors import (
    ApproverIsRequester,
    ApproverRightMissing,
    PinNotAcceptable,
    RightMissing,
    SettingInvalid,
)
from store_desk.domain.identity import AT_COUNTER, BY_PHONE, IdentityKind, matches, possible
from store_desk.domain.journal import GENESIS, Entry, entry_hash, first_broken
from store_desk.domain.policy import BOUNDS, Policy, policy_from
from store_desk.domain.roles import APPROVERS, RIGHTS, ROLE_LEVEL, Right, Role, has_right
from store_desk.domain.staff import (
    Actor,
    Staff,
    after_right_pin,
    after_wrong_pin,
    check_approver,
    check_pin,
    demand,
    is_locked,
)
from tests.domain.tickets import NOON, ticket_at


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567", "111111", "123456", "987654", "12345a", "１２３４５７", "12 457", "٣٤٥٦٧٨"]
)
def test_trivial_and_malformed_pins_are_refused(pin: str) -> None:
    with pytest.raises(PinNotAcceptable) as refusal:
        check_pin(pin, digits=6)
    assert refusal.value.facts == {"digits": 6}


@pytest.mark.parametrize("pin", ["100126", "112233", "121212", "135790", "012346"])
def test_other_six_digits_will_do(pin: str) -> None:
    check_pin(pin, digits=6)


def test_five_wrong_pins_lock_for_five_minutes_doubling_to_an_hour() -> None:
    policy, person, now, locks = Policy(), Staff("2047", "林", Role.CLERK), NOON, []
    for _ in range(6):
        for n in range(1, 6):
            person = after_wrong_pin(person, now=now, policy=policy)
            assert is_locked(person, now=now) == (n == 5)
        assert person.locked_until is not None
        locks.append((person.locked_until - now).total_seconds() / 60)
        now = person.locked_until
        assert not is_locked(person, now=now)
    assert locks == [5, 10, 20, 40, 60, 60]
    assert after_right_pin(person) == Staff("2047", "林", Role.CLERK)


def test_a_right_pin_forgets_the_wrong_ones() -> None:
    person = after_wrong_pin(Staff("2047", "林", Role.CLERK), now=NOON, policy=Policy())
    assert person.wrong_pins == 1
    assert after_right_pin(person).wrong_pins == 0


@pytest.mark.req("REQ-OPS-01")
def test_every_role_has_the_rights_of_its_kind() -> None:
    for role in Role:
        cancels = role in ROLE_LEVEL
        assert has_right(role, Right.CANCEL) == cancels
        assert has_right(role, Right.LOOK_UP)
    assert not RIGHTS[Role.AUDITOR] & {Right.CANCEL, Right.WITHDRAW, Right.REOPEN, Right.SETTLE, Right.STAFF}
    assert RIGHTS[Role.TECHNICIAN] == {Right.LOOK_UP, Right.ACKNOWLEDGE}
    assert {role for role in Role if has_right(role, Right.STAFF)} == {Role.MANAGER, Role.HEAD_OFFICE}
    assert RIGHTS[Role.MANAGER] > RIGHTS[Role.SUPERVISOR] > RIGHTS[Role.CLERK]
    with pytest.raises(RightMissing) as refusal:
        demand(Actor("9001", "审计", Role.AUDITOR), Right.CANCEL)
    assert refusal.value.facts["right"] == "cancel"


def test_nobody_approves_their_own_request_and_only_some_roles_approve() -> None:
    asker = Actor("1003", "陈", Role.SUPERVISOR)
    with pytest.raises(ApproverIsRequester):
        check_approver(asker, asker)
    for role in Role:
        other = Actor("x", "某", role)
        for manager_only in (False, True):
            allowed = role is Role.MANAGER or (role in APPROVERS and not manager_only)
            if allowed:
                check_approver(asker, other, manager_only=manager_only)
            else:
                with pytest.raises(ApproverRightMissing):
                    check_approver(asker, other, manager_only=manager_only)


KNOWN = ticket_at(
    phone="+86 138-0000-6021", order_number="SO-88421907", serial="NK7-25A-0091874", facts={"member_card": "M77"}
)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (IdentityKind.PHONE_LAST4, ["6021", " 60 21 "], ["6022", "021", "06021", "", "６０２１"]),
        (IdentityKind.ORDER_NUMBER, ["SO-88421907", "so-88421907"], ["88421907", "SO", ""]),
        (IdentityKind.SERIAL_TAIL, ["1874", "0091874", "nk7-25a-0091874"], ["874", "1875", ""]),
        (IdentityKind.RECEIPT, ["1907"], ["907", "1908"]),
        (IdentityKind.MEMBER_CARD, ["M77", "m77"], ["77", "M7"]),
        (IdentityKind.TEXT_CODE, [], ["123456", ""]),
    ],
)
def test_an_answer_fits_the_ticket_or_it_does_not(kind: IdentityKind, right: list[str], wrong: list[str]) -> None:
    assert all(matches(KNOWN, kind, text) for text in right)
    assert not any(matches(KNOWN, kind, text) for text in wrong)


@pytest.mark.parametrize("kind", IdentityKind)
def test_what_the_ticket_does_not_know_never_fits(kind: IdentityKind) -> None:
    assert not any(matches(ticket_at(), kind, text) for text in ("", "0000", "6021"))
    assert kind not in possible(ticket_at(), tuple(IdentityKind))


def test_only_what_can_be_answered_is_asked() -> None:
    assert possible(KNOWN, BY_PHONE) == BY_PHONE
    assert possible(KNOWN, AT_COUNTER) == AT_COUNTER


@pytest.mark.parametrize("name", BOUNDS)
def test_every_number_of_the_shop_has_bounds_that_hold_its_default(name: str) -> None:
    least, greatest = BOUNDS[name]
    assert least <= getattr(Policy(), name) <= greatest
    assert getattr(policy_from({name: least}), name) == least
    for value in (least - 1, greatest + 1):
        with pytest.raises(SettingInvalid):
            policy_from({name: value})


def test_a_number_that_is_no_setting_is_refused() -> None:
    for name in ("pin_digits", "waive_minor", "nothing", "tariff_minor.0", "tariff_minor.6", "tariff_minor.x"):
        with pytest.raises(SettingInvalid):
            policy_from({name: 5})
    for value in (-1, 10**12):
        with pytest.raises(SettingInvalid):
            policy_from({"tariff_minor.3": value})
    assert policy_from({"tariff_minor.3": 500}).tariff_minor == {1: 0, 2: 0, 3: 500, 4: 0, 5: 0}
    assert {item.name for item in fields(Policy)} >= set(BOUNDS)


def chain(facts: list[tuple[str, str]]) -> list[Entry]:
    """A right journal with one entry for each (what, facts)."""
    entries: list[Entry] = []
    previous = GENESIS
    for n, (what, text) in enumerate(facts, 1):
        own = entry_hash(n=n, at_ms=1_000 + n, actor="2047", what=what, subject="t1", facts=text, previous=previous)
        entries.append(Entry(n, 1_000 + n, "2047", what, "t1", text, previous, own))
        previous = own
    return entries


entries_of = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=8)), min_size=2, max_size=8).map(chain)


@pytest.mark.req("REQ-EVD-05")
@settings(deadline=None)
@given(entries_of, st.data())
def test_any_changed_removed_or_swapped_entry_shows(entries: list[Entry], data: st.DataObject) -> None:
    assert first_broken(entries) is None
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    for changed in (
        replace(entry, n=entry.n + 1),
        replace(entry, at_ms=entry.at_ms + 1),
        replace(entry, actor="1001"),
        replace(entry, what=entry.what + " "),
        replace(entry, subject=""),
        replace(entry, facts=entry.facts + "0"),
        replace(entry, previous="1" * 64),
        replace(entry, hash="1" * 64),
    ):
        assert first_broken([*entries[:place], changed, *entries[place + 1 :]]) == place + 1
    assert first_broken([*entries[:place], entry, entry, *entries[place + 1 :]]) == place + 2
    if place < len(entries) - 1:
        assert first_broken([*entries[:place], *entries[place + 1 :]]) == place + 1
        swapped = [*entries[:place], entries[place + 1], entry, *entries[place + 2 :]]
        assert first_broken(swapped) == place + 1


def test_an_entry_rewritten_with_its_own_right_hash_breaks_the_next() -> None:
    entries = chain([("a", "{}"), ("b", "{}"), ("c", "{}")])
    second = entries[1]
    forged = entry_hash(
        n=2, at_ms=second.at_ms, actor="1001", what="b", subject="t1", facts="{}", previous=second.previous
    )
    assert first_broken([entries[0], replace(second, actor="1001", hash=forged), entries[2]]) == 3


def test_fields_that_read_the_same_together_hash_differently() -> None:
    common = {"n": 1, "at_ms": 1, "subject": "", "facts": "", "previous": GENESIS}
    assert entry_hash(actor="ab", what="c", **common) != entry_hash(actor="a", what="bc", **common)  # type: ignore[arg-type]


def test_a_page_of_the_journal_is_checked_from_where_it_begins() -> None:
    entries = chain([("a", "{}"), ("b", "{}"), ("c", "{}")])
    assert first_broken(entries[1:], previous=entries[0].hash, n=1) is None
    assert first_broken(entries[1:], n=1) == 2


def test_time_never_runs_out_of_a_lock_early() -> None:
    person = replace(Staff("2047", "林", Role.CLERK), locked_until=NOON)
    assert is_locked(person, now=NOON - timedelta(milliseconds=1))
    assert not is_locked(person, now=NOON)
