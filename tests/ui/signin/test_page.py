"""Signing in by keys, wrong PINs, a first PIN, the lock, and the languages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.services import people
from store_desk.ui.look.theme import THEME
from tests.ui.signin.scene import CLERK, MANAGER, PINS, Scene, tiles

NEW_CLERK = "2070"
FIRST_PIN = "918273"
OWN_PIN = "804162"


def hire(shop: Scene) -> None:
    """A manager adds somebody, who has a first PIN."""
    manager = Actor(MANAGER, "赵文", Role.MANAGER)
    people.add_staff(shop.opened.desk, manager, staff_id=NEW_CLERK, name="钱多", role=Role.CLERK, pin=FIRST_PIN)
    shop.page.set_people(tiles(shop.folder))


def test_the_right_pin_signs_in_with_keys_alone(shop: Scene) -> None:
    shop.attach()
    shop.choose(CLERK)
    shop.press(PINS[CLERK])
    assert shop.wait_for_sign_in() == Actor(CLERK, "林晓雨", Role.CLERK, "Lin Xiaoyu")
    assert shop.page.pin.boxes.text() == ""


def test_the_keypad_does_what_the_keys_do(shop: Scene) -> None:
    shop.attach()
    shop.choose(CLERK)
    shop.page.pin.keypad.digit.emit("9")
    shop.page.pin.keypad.back.emit()
    for digit in PINS[CLERK]:
        shop.page.pin.keypad.digit.emit(digit)
    assert shop.wait_for_sign_in().id == CLERK


def test_digits_reach_the_boxes_wherever_the_focus_stands(shop: Scene) -> None:
    shop.attach()
    shop.page.bottom.scheme.setFocus()
    shop.press(PINS[MANAGER])
    assert shop.wait_for_sign_in().id == MANAGER


def test_a_pin_completed_before_the_services_are_there_waits_and_runs_then(shop: Scene) -> None:
    shop.choose(CLERK)
    shop.press(PINS[CLERK])
    assert shop.page.pin.line() == shop.say("pin.waiting")
    assert not shop.page.pin.boxes.isEnabled()
    assert shop.signed_in == []
    shop.attach()
    assert shop.wait_for_sign_in().id == CLERK


def test_a_pin_that_waits_is_dropped_with_escape(shop: Scene) -> None:
    shop.choose(CLERK)
    shop.press(PINS[CLERK])
    shop.key(Qt.Key.Key_Escape)
    assert shop.page.pin.boxes.isEnabled() and shop.page.pin.boxes.hasFocus()
    shop.attach()
    shop.press(PINS[CLERK])
    shop.wait_for_sign_in()
    assert len(shop.signed_in) == 1


@pytest.mark.req("REQ-OPS-01")
def test_five_wrong_pins_lock_the_clerk_and_say_so_in_place(shop: Scene) -> None:
    shop.attach()
    shop.choose(CLERK)
    for left in (4, 3, 2):
        shop.press("000001")
        shop.wait_for_line(shop.say("wrong", left=left))
        shop.qtbot.waitUntil(lambda: shop.page.pin.boxes.hasFocus())
        assert shop.page.pin.boxes.text() == ""
    shop.press("000001")
    shop.wait_for_line(shop.say("wrong.last"))
    shop.press("000001")
    shop.wait_for_line("已锁定到")
    tile = shop.page.head.list.tile(CLERK)
    assert tile is not None and "已锁定到" in tile.accessibleName()
    shop.press(PINS[CLERK])
    shop.qtbot.waitUntil(lambda: shop.page.pin.boxes.isEnabled() and shop.page.pin.boxes.text() == "")
    shop.wait_for_line("已锁定到")
    assert shop.signed_in == []
    shop.choose(MANAGER)
    assert shop.page.pin.line() == ""
    shop.press(PINS[MANAGER])
    assert shop.wait_for_sign_in().id == MANAGER


def test_an_account_that_was_switched_off_is_refused_in_words(shop: Scene) -> None:
    shop.attach()
    shop.choose(CLERK)
    people.disable_staff(shop.opened.desk, Actor(MANAGER, "赵文", Role.MANAGER), staff_id=CLERK)
    shop.press(PINS[CLERK])
    shop.wait_for_line(shop.say("disabled"))


def test_a_first_pin_is_replaced_before_anything_else(shop: Scene) -> None:
    shop.attach()
    hire(shop)
    shop.choose(NEW_CLERK)
    shop.press(FIRST_PIN)
    shop.qtbot.waitUntil(lambda: shop.page.pin.title() == shop.say("new"))
    shop.press(OWN_PIN)
    assert shop.page.pin.title() == shop.say("repeat")
    shop.press("555123")
    assert shop.page.pin.line() == shop.say("new.differ")
    for _ in range(2):
        shop.press("123456")
    shop.wait_for_line(shop.say("new.trivial"))
    assert shop.signed_in == []
    for _ in range(2):
        shop.press(OWN_PIN)
    assert shop.wait_for_sign_in().id == NEW_CLERK
    assert not people.sign_in(shop.opened.desk, staff_id=NEW_CLERK, pin=OWN_PIN).must_change_pin


def test_the_language_switches_at_run_time_and_the_pin_so_far_stays(shop: Scene) -> None:
    shop.attach()
    shop.page.language_chosen.connect(shop.language.switch)
    shop.choose(CLERK)
    shop.press("12")
    QTest.keyClick(shop.page.bottom.languages, Qt.Key.Key_Right)
    assert shop.page.head.title() == "Who is at the desk?"
    assert shop.page.pin.title() == "Enter your PIN"
    tile = shop.page.head.list.tile(CLERK)
    assert tile is not None and tile.accessibleName() == "Lin Xiaoyu, 2047 · Clerk"
    assert shop.page.head.store_line() == "Minghe Home · Xuhui store · desk 2"
    assert shop.page.pin.boxes.text() == "12"


def test_light_and_dark_are_asked_for_with_the_moon(shop: Scene) -> None:
    asked: list[str] = []
    shop.page.scheme_chosen.connect(asked.append)
    shop.page.bottom.scheme.setFocus()
    shop.key(Qt.Key.Key_Return)
    THEME.set_scheme("dark")
    shop.page.bottom.scheme.click()
    THEME.set_scheme("light")
    assert asked == ["dark", "light"]


def test_the_lock_shows_the_clerk_and_the_drafts_number_and_lets_others_in(shop: Scene) -> None:
    shop.attach()
    shop.page.show_lock(CLERK, "XH-260514-031")
    assert shop.page.head.title() == shop.say("lock")
    assert shop.page.head.draft.words()[0] == "XH-260514-031 的撤销还没有完成"
    assert shop.page.head.list.shown() == 1
    shop.key(Qt.Key.Key_Down)
    chosen = shop.page.head.list.person()
    assert chosen is not None and chosen.id == CLERK
    QTest.keyClick(shop.focused(), Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert shop.page.head.list.shown() == len(tiles(shop.folder))
    shop.choose(MANAGER)
    shop.press(PINS[MANAGER])
    assert shop.wait_for_sign_in().id == MANAGER
    assert not shop.page.head.is_locked()


def test_the_practice_store_says_so_and_shows_each_pin(shop: Scene) -> None:
    for person in tiles(shop.folder):
        tile = shop.page.head.list.tile(person.id)
        assert tile is not None and PINS[person.id] in tile.accessibleDescription()


def test_new_people_are_shown_and_the_chosen_one_stays(shop: Scene) -> None:
    shop.attach()
    shop.choose(CLERK)
    shop.press("12")
    hire(shop)
    chosen = shop.page.head.list.person()
    assert chosen is not None and chosen.id == CLERK
    assert shop.page.head.list.tile(NEW_CLERK) is not None
    assert shop.page.pin.boxes.text() == "12"


def test_tab_reaches_everything_once_and_comes_back(shop: Scene) -> None:
    seen = []
    for _ in range(8):
        seen.append(shop.focused())
        shop.key(Qt.Key.Key_Tab)
        if shop.focused() is seen[0]:
            break
    chosen = shop.page.head.list.person()
    assert chosen is not None
    page = shop.page
    expected = {
        page.pin.boxes,
        page.pin.link,
        page.head.list.tile(chosen.id),
        page.bottom.languages,
        page.bottom.scheme,
    }
    assert set(seen) == expected and len(seen) == len(expected)


def test_signing_in_needs_nothing_heavy_to_be_shown() -> None:
    heavy = ("peewee", "argon2", "cryptography", "store_desk.services.people", "store_desk.ui.tasks", "reportlab")
    code = f"import sys, store_desk.ui.signin.page; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
