"""`setup` and `staff`: founding a store and managing who works there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import AUDITOR, CLERK, MANAGER, NEW, PINS, SUPERVISOR, Call

SETUP = (
    "setup", "--store-code", "XH", "--store-name", "徐汇店", "--desk", "1", "--manager-id", "1001",
    "--manager-name", "赵文",
)  # fmt: skip


def test_setup_founds_a_store_and_prints_the_recovery_sheet(call: Call, tmp_path: Path) -> None:
    ran = call(*SETUP, clerk="", data=tmp_path / "new", STORE_DESK_PIN="246801")
    assert ran.status == 0
    assert (ran.json["store"], ran.json["desk"], ran.json["manager"]) == ("XH", 1, "1001")
    assert len(ran.json["desk_fingerprint"].replace(" ", "")) == 32
    assert ran.json["recovery_sheet"].count("\n") > 3
    assert call("staff", "list", clerk="1001", data=tmp_path / "new", STORE_DESK_PIN="246801").status == 0


def test_setup_never_founds_over_a_store(call: Call) -> None:
    ran = call(*SETUP, clerk="", STORE_DESK_PIN="246801")
    assert (ran.status, ran.code) == (1, "already_set_up")


def test_setup_in_words_shows_the_sheet(call: Call, tmp_path: Path) -> None:
    ran = call(*SETUP, "--lang", "en", clerk="", data=tmp_path / "new", as_json=False, STORE_DESK_PIN="246801")
    assert "Recovery sheet" in ran.out


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("--store-code", "x h"), "setup_invalid"),
        (("--desk", "0"), "setup_invalid"),
        (("--currency", "yuan"), "setup_invalid"),
        (("--currency", "ZZZ"), "setup_invalid"),
        (("--currency", "KWD"), "setup_invalid"),
        (("--country", "ZZ"), "setup_invalid"),
        (("--timezone", "Mars/Olympus"), "setup_invalid"),
        (("--timezone", "../../etc/passwd"), "setup_invalid"),
        (("--country", "China"), "setup_invalid"),
        (("--manager-id", "赵"), "setup_invalid"),
    ],
)
def test_an_answer_that_cannot_be_used_founds_nothing(
    call: Call, tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    ran = call(*SETUP, *change, clerk="", data=tmp_path / "new", STORE_DESK_PIN="246801")
    assert (ran.status, ran.code) == (1, code)
    assert not (tmp_path / "new" / "desk.db").exists()


def test_a_trivial_pin_founds_nothing(call: Call, tmp_path: Path) -> None:
    ran = call(*SETUP, clerk="", data=tmp_path / "new", STORE_DESK_PIN="123456")
    assert (ran.status, ran.code) == (1, "pin_not_acceptable")


def test_setup_without_its_answers_is_wrong_use(call: Call, tmp_path: Path) -> None:
    ran = call("setup", clerk="", data=tmp_path / "new")
    assert (ran.status, ran.code) == (2, "wrong_use")
    assert "--store-code" in ran.json["error"]["message"]


def test_without_a_store_the_way_out_is_named(call: Call, tmp_path: Path) -> None:
    ran = call("find", "x", data=tmp_path / "empty")
    assert (ran.status, ran.code) == (3, "not_set_up")
    assert "setup" in ran.json["error"]["hint"]


def test_a_manager_adds_lists_and_changes_people(call: Call) -> None:
    added = call(
        "staff", "add", "2050", "--name", "何静", "--role", "senior", clerk=MANAGER, STORE_DESK_NEW_PIN="135790"
    )
    assert added.status == 0
    assert added.json["staff"]["must_change_pin"] is True
    assert "set-pin" in added.err
    assert (
        call("staff", "set-role", "2050", "--role", "technician", clerk=MANAGER).json["staff"]["role"] == "technician"
    )
    assert call("staff", "disable", "2050", clerk=MANAGER).json["staff"]["enabled"] is False
    listed = call("staff", "list", clerk=MANAGER).json["staff"]
    assert [person["id"] for person in listed] == [MANAGER, SUPERVISOR, CLERK, "2050", NEW, AUDITOR]


def test_a_reset_pin_is_a_first_one_again(call: Call) -> None:
    ran = call("staff", "reset-pin", CLERK, clerk=MANAGER, STORE_DESK_NEW_PIN="135790")
    assert ran.json["staff"]["must_change_pin"] is True
    assert call("staff", "list", clerk=MANAGER).json["staff"][2]["must_change_pin"] is True


def test_staff_needs_a_manager(call: Call) -> None:
    for words in (("list",), ("disable", NEW), ("unlock", NEW), ("set-role", NEW, "--role", "manager")):
        ran = call("staff", *words)
        assert (ran.status, ran.code) == (1, "right_missing")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", CLERK, "--name", "x", "--role", "clerk"), "staff_exists"),
        (("add", "a b", "--name", "x", "--role", "clerk"), "staff_id_invalid"),
        (("add", "2051", "--name", " ", "--role", "clerk"), "staff_id_invalid"),
        (("set-role", "9999", "--role", "clerk"), "staff_not_found"),
        (("disable", MANAGER), "last_manager"),
        (("set-role", MANAGER, "--role", "clerk"), "last_manager"),
    ],
)
def test_what_a_rule_forbids_is_refused_by_its_code(call: Call, words: tuple[str, ...], code: str) -> None:
    ran = call("staff", *words, clerk=MANAGER, STORE_DESK_NEW_PIN="135790")
    assert (ran.status, ran.code) == (1, code)


def test_head_office_is_no_role_that_a_store_gives(call: Call) -> None:
    ran = call("staff", "add", "2051", "--name", "x", "--role", "head_office", clerk=MANAGER)
    assert (ran.status, ran.code) == (2, "wrong_use")


def test_set_pin_changes_only_ones_own(call: Call) -> None:
    ran = call("staff", "set-pin", NEW, STORE_DESK_NEW_PIN="908172")
    assert (ran.status, ran.code) == (2, "wrong_use")
    same = call("staff", "set-pin", STORE_DESK_NEW_PIN=PINS[CLERK])
    assert (same.status, same.code) == (1, "pin_not_acceptable")
