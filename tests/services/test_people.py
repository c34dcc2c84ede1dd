"""People, PINs and settings on a real store, with real Argon2 hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from store_desk.app.wiring import open_desk
from store_desk.domain.errors import (
    ApproverIsRequester,
    ApproverRightMissing,
    LastManager,
    LockedOut,
    PinMustChange,
    PinNotAcceptable,
    RightMissing,
    SettingInvalid,
    StaffDisabled,
    StaffExists,
    StaffIdInvalid,
    StaffNotFound,
    WrongPin,
)
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import DEFAULT_TILES, Reason
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Work
from store_desk.services.cancel import preview_plan
from store_desk.services.people import (
    act_as,
    add_staff,
    approver_by_pin,
    change_own_pin,
    disable_staff,
    first_manager,
    people_here,
    recover_manager,
    reset_pin,
    set_role,
    sign_in,
    unlock_staff,
)
from store_desk.services.rules import change_setting, read_policy, read_settings, read_tiles
from tests.shop import PINS, Shop

NEW_PIN = "480253"


def whats(shop: Shop) -> list[str]:
    """What the journal tells, in order."""
    with shop.desk.read() as uow:
        return [entry.what for entry in uow.journal.entries()]


def test_a_right_pin_signs_in_and_is_in_the_journal(shop: Shop) -> None:
    signed = sign_in(shop.desk, staff_id="2047", pin=PINS["2047"])
    assert (signed.actor, signed.must_change_pin) == (shop.clerk, False)
    assert whats(shop)[-1] == "pin_right"


def test_unknown_disabled_and_wrong_are_told_apart(shop: Shop) -> None:
    with pytest.raises(StaffNotFound):
        sign_in(shop.desk, staff_id="7777", pin=NEW_PIN)
    with pytest.raises(WrongPin) as refusal:
        sign_in(shop.desk, staff_id="2047", pin=NEW_PIN)
    assert refusal.value.facts == {"left": 4}
    disable_staff(shop.desk, shop.manager, staff_id="2047")
    with pytest.raises(StaffDisabled):
        sign_in(shop.desk, staff_id="2047", pin=PINS["2047"])


@pytest.mark.req("REQ-OPS-01")
def test_a_lock_out_outlives_the_program_and_a_manager_ends_it(shop: Shop) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as refusal:
            sign_in(shop.desk, staff_id="2047", pin="000001")
        assert refusal.value.facts == {"left": left}
    with pytest.raises(LockedOut):
        sign_in(shop.desk, staff_id="2047", pin="000001")
    assert whats(shop)[-1] == "pin_locked"
    shop.opened.close()
    shop.opened = open_desk(shop.folder, now=shop.clock)
    with pytest.raises(LockedOut):
        sign_in(shop.desk, staff_id="2047", pin=PINS["2047"])
    with pytest.raises(RightMissing):
        unlock_staff(shop.desk, shop.supervisor, staff_id="2047")
    unlock_staff(shop.desk, shop.manager, staff_id="2047")
    assert sign_in(shop.desk, staff_id="2047", pin=PINS["2047"]).actor == shop.clerk


def test_a_lock_ends_by_itself_and_the_next_one_is_twice_as_long(shop: Shop) -> None:
    for minutes in (5, 10):
        for _ in range(5):
            with pytest.raises((WrongPin, LockedOut)):
                sign_in(shop.desk, staff_id="2047", pin="000001")
        shop.clock.forward(minutes=minutes, seconds=-1)
        with pytest.raises(LockedOut):
            sign_in(shop.desk, staff_id="2047", pin=PINS["2047"])
        shop.clock.forward(seconds=1)
    with pytest.raises(WrongPin):
        sign_in(shop.desk, staff_id="2047", pin="000001")
    assert whats(shop)[-1] == "pin_wrong", "one wrong PIN after a lock that has ended is no lock"
    assert sign_in(shop.desk, staff_id="2047", pin=PINS["2047"])


def test_the_approvers_wrong_pin_counts_against_the_approver(shop: Shop) -> None:
    with pytest.raises(ApproverIsRequester):
        approver_by_pin(shop.desk, requester=shop.supervisor, staff_id="1003", pin="000001")
    with pytest.raises(ApproverRightMissing):
        approver_by_pin(shop.desk, requester=shop.clerk, staff_id="2051", pin="000001")
    with pytest.raises(ApproverRightMissing):
        approver_by_pin(shop.desk, requester=shop.clerk, staff_id="1003", pin=PINS["1003"], manager_only=True)
    assert all(person.wrong_pins == 0 for person in people_here(shop.desk))
    for _ in range(5):
        with pytest.raises((WrongPin, LockedOut)):
            approver_by_pin(shop.desk, requester=shop.clerk, staff_id="1003", pin="000001")
    with pytest.raises(LockedOut):
        approver_by_pin(shop.desk, requester=shop.clerk, staff_id="1003", pin=PINS["1003"])
    assert approver_by_pin(shop.desk, requester=shop.clerk, staff_id="1001", pin=PINS["1001"]) == shop.manager


def test_a_first_pin_must_be_changed_before_anything_else(shop: Shop) -> None:
    add_staff(shop.desk, shop.manager, staff_id="3001", name="新人", role=Role.CLERK, pin="718293")
    assert sign_in(shop.desk, staff_id="3001", pin="718293").must_change_pin
    with pytest.raises(PinMustChange):
        act_as(shop.desk, staff_id="3001", pin="718293")
    for bad in ("718293", "111111", "12345"):
        with pytest.raises(PinNotAcceptable):
            change_own_pin(shop.desk, staff_id="3001", pin="718293", new_pin=bad)
    with pytest.raises(WrongPin):
        change_own_pin(shop.desk, staff_id="3001", pin="000001", new_pin=NEW_PIN)
    change_own_pin(shop.desk, staff_id="3001", pin="718293", new_pin=NEW_PIN)
    assert act_as(shop.desk, staff_id="3001", pin=NEW_PIN).id == "3001"
    with pytest.raises(WrongPin):
        act_as(shop.desk, staff_id="3001", pin="718293")


def test_people_are_added_once_with_a_usable_number(shop: Shop) -> None:
    def add(**changes: Any) -> Any:
        values = {"staff_id": "3001", "name": "新人", "role": Role.CLERK, "pin": NEW_PIN}
        return add_staff(shop.desk, shop.manager, **(values | changes))

    for bad in ("", "1 2", "2047 ", "工号", "1" * 21):
        with pytest.raises(StaffIdInvalid):
            add(staff_id=bad)
    for name in ("", "  ", "名" * 61):
        with pytest.raises(StaffIdInvalid):
            add(name=name)
    with pytest.raises(PinNotAcceptable):
        add(pin="123456")
    with pytest.raises(StaffExists):
        add(staff_id="2047")
    assert add().pin_hash == ""
    assert all(person.pin_hash == "" for person in people_here(shop.desk))
    assert "$argon2id$v=19$m=65536,t=3,p=1$" in _stored_hash(shop, "3001")


def _stored_hash(shop: Shop, staff_id: str) -> str:
    with shop.desk.read() as uow:
        person = uow.people.get(staff_id)
    assert person is not None
    return person.pin_hash


CHANGES: list[Callable[..., Any]] = [
    lambda desk, actor, who: set_role(desk, actor, staff_id=who, role=Role.CLERK),
    lambda desk, actor, who: disable_staff(desk, actor, staff_id=who),
    lambda desk, actor, who: unlock_staff(desk, actor, staff_id=who),
    lambda desk, actor, who: reset_pin(desk, actor, staff_id=who, pin=NEW_PIN),
    lambda desk, actor, who: reset_pin(desk, actor, staff_id=who, pin="1"),
    lambda desk, actor, who: add_staff(desk, actor, staff_id=who, name="某", role=Role.CLERK, pin=NEW_PIN),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_a_manager_changes_accounts(shop: Shop, change: Callable[..., Any]) -> None:
    for who in ("2047", "1003", "9001", "3012"):
        with pytest.raises(RightMissing):
            change(shop.desk, shop.actor(who), "2051")


@pytest.mark.parametrize("change", CHANGES[:4])
def test_unknown_people_are_not_changed(shop: Shop, change: Callable[..., Any]) -> None:
    with pytest.raises(StaffNotFound):
        change(shop.desk, shop.manager, "7777")


@pytest.mark.parametrize("change", CHANGES[:2])
def test_the_last_manager_stays(shop: Shop, change: Callable[..., Any]) -> None:
    with pytest.raises(LastManager):
        change(shop.desk, shop.manager, "1001")
    set_role(shop.desk, shop.manager, staff_id="1003", role=Role.MANAGER)
    change(shop.desk, shop.manager, "1001")
    with pytest.raises(LastManager):
        change(shop.desk, shop.manager, "1003")


def test_a_reset_pin_is_a_first_one_and_ends_a_lock(shop: Shop) -> None:
    for _ in range(5):
        with pytest.raises((WrongPin, LockedOut)):
            sign_in(shop.desk, staff_id="2047", pin="000001")
    reset_pin(shop.desk, shop.manager, staff_id="2047", pin=NEW_PIN)
    assert sign_in(shop.desk, staff_id="2047", pin=NEW_PIN).must_change_pin


def test_the_first_manager_is_made_once_and_recovers_by_the_sheet(shop: Shop) -> None:
    with pytest.raises(StaffExists):
        first_manager(shop.desk, staff_id="1002", name="某", pin=NEW_PIN)
    recover_manager(shop.desk, staff_id="1001", new_pin=NEW_PIN)
    assert act_as(shop.desk, staff_id="1001", pin=NEW_PIN).role is Role.MANAGER
    assert "manager_recovered" in whats(shop)


# --- settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy.undo_window_s", "-1"),
        ("policy.undo_window_s", "86401"),
        ("policy.undo_window_s", '"ten"'),
        ("policy.undo_window_s", ""),
        ("policy.undo_window_s", "1.5"),
        ("policy.pin_digits", "4"),
        ("policy.nothing", "1"),
        ("policy.tariff_minor.3", "-1"),
        ("policy.tariff_minor.9", "1"),
        ("conditions", "nonsense"),
        ("conditions", '{"version": 2, "rows": [{"reason": "because"}]}'),
        ("conditions", "[]"),
        ("reasons.tiles", '["because"]'),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_nothing_stops(shop: Shop, name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        change_setting(shop.desk, shop.manager, name=name, value=value)
    assert refusal.value.facts["name"] == name or f"policy.{refusal.value.facts['name']}" == name
    assert name not in read_settings(shop.desk)
    shop.cancel(shop.ticket())


def test_only_a_manager_changes_rules_and_every_change_is_noted(shop: Shop) -> None:
    for actor in (shop.clerk, shop.supervisor, shop.actor("9001")):
        with pytest.raises(RightMissing):
            change_setting(shop.desk, actor, name="policy.promise_h", value="48")
    change_setting(shop.desk, shop.manager, name="policy.promise_h", value="48")
    change_setting(shop.desk, shop.clerk, name="look.theme", value='"dark"')
    assert read_policy(shop.desk).promise_h == 48
    with shop.desk.read() as uow:
        last = list(uow.journal.entries())[-2]
    assert json.loads(last.facts) == {"before": None, "after": "48"} and last.subject == "policy.promise_h"


@pytest.mark.parametrize("name", ["signature.tsa", "signature.certificate", "signature.screen.tsa", "certificate.own"])
def test_what_a_slip_proves_is_set_by_a_manager_only(shop: Shop, name: str) -> None:
    for actor in (shop.clerk, shop.supervisor):
        with pytest.raises(RightMissing):
            change_setting(shop.desk, actor, name=name, value='"x"')
    assert name == "certificate.own" or name not in read_settings(shop.desk)


def test_a_clerk_says_which_screen_shows_the_pad(shop: Shop) -> None:
    change_setting(shop.desk, shop.clerk, name="signature.screen", value='"HDMI-1"')
    assert read_settings(shop.desk)["signature.screen"] == '"HDMI-1"'


def plan(shop: Shop, **changes: Any) -> Plan:
    """The plan of a ticket at level 3 for a senior clerk."""
    ticket = shop.ticket(Review.APPROVED, Work.UNASSIGNED, **changes)
    return preview_plan(shop.desk, shop.senior, shop.command(ticket, Reason.SELF_RESOLVED)).plan


def test_the_shops_numbers_take_effect(shop: Shop) -> None:
    def put(name: str, value: int) -> None:
        change_setting(shop.desk, shop.manager, name=f"policy.{name}", value=str(value))

    assert (plan(shop).because, plan(shop).customer_pays_minor) == ((), 0)
    put("tariff_minor.3", 4_000)
    assert plan(shop).customer_pays_minor == 4_000
    put("collect_approval_minor", 4_000)
    assert plan(shop).because == ("collect_amount",)
    put("promise_h", 48)
    assert plan(shop).promise_h == 48
    put("pin_tries", 3)
    for _ in range(2):
        with pytest.raises(WrongPin):
            sign_in(shop.desk, staff_id="2047", pin="000001")
    with pytest.raises(LockedOut):
        sign_in(shop.desk, staff_id="2047", pin="000001")


def test_the_managers_order_of_tiles_is_kept(shop: Shop) -> None:
    assert read_tiles(shop.desk) == DEFAULT_TILES
    order = [reason.value for reason in reversed(DEFAULT_TILES)]
    change_setting(shop.desk, shop.manager, name="reasons.tiles", value=json.dumps(order))
    assert [reason.value for reason in read_tiles(shop.desk)] == order
    with pytest.raises(RightMissing):
        change_setting(shop.desk, shop.clerk, name="reasons.tiles", value="[]")
