"""`find` and `show`: what is found, what is masked, and who may look."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.cli.conftest import AUDITOR, CLERK, MANAGER, NEW, PINS, Call

TICKET_FIELDS = {
    "number", "order_number", "store", "customer", "phone", "serial", "product", "brand", "category", "problem_type",
    "description", "type", "review", "work", "level", "status", "settled", "amount_minor", "compensation_minor",
    "currency", "created_at", "updated_at", "source_key",
}  # fmt: skip


def test_find_gives_tickets_of_the_agreed_shape_with_the_field_that_hit(call: Call) -> None:
    ran = call("find", "T-1")
    assert ran.status == 0
    (first, *_) = ran.json["tickets"]
    assert TICKET_FIELDS | {"matched"} <= first.keys()
    assert first["number"] == "T-1"
    assert first["matched"] == "number"
    assert ran.json["more"] is False


def test_a_telephone_is_masked_and_times_bear_the_offset_of_the_store(call: Call) -> None:
    (first, *_) = call("find", "T-1").json["tickets"]
    assert first["phone"] == "138 **** 6021"
    assert datetime.fromisoformat(first["created_at"]).utcoffset().total_seconds() == 8 * 3600  # type: ignore[union-attr]


def test_the_limit_cuts_and_more_says_so(call: Call) -> None:
    ran = call("find", "13801386021", "--limit", "2")
    assert len(ran.json["tickets"]) == 2
    assert ran.json["more"] is True


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "9" * 5000])
def test_a_limit_out_of_bounds_is_wrong_use(call: Call, limit: str) -> None:
    ran = call("find", "T-1", f"--limit={limit}")
    assert (ran.status, ran.code) == (2, "wrong_use")


def test_nothing_found_is_no_failure(call: Call) -> None:
    ran = call("find", "zzzzzzqqqq")
    assert ran.status == 0
    assert ran.json["tickets"] == []


def test_find_in_words_prints_a_line_for_each_ticket(call: Call) -> None:
    ran = call("find", "T-4", as_json=False)
    assert ran.status == 0
    line = ran.out.splitlines()[0]
    assert "T-4" in line and "138 **** 6021" in line and "处理中" in line
    assert "13801386021" not in ran.out


def test_the_language_of_the_call_goes_before_all(call: Call) -> None:
    assert "In progress" in call("find", "T-4", "--lang", "en", as_json=False).out


def test_show_gives_the_ticket_with_all_that_belongs_to_it(call: Call) -> None:
    ran = call("show", "T-4")
    assert ran.status == 0
    assert {"ticket", "cases", "obligations", "journal"} <= ran.json.keys()
    assert ran.json["ticket"]["level"] == 4
    assert ran.json["cases"] == []


def test_show_finds_by_the_key_of_the_source_too(call: Call) -> None:
    assert call("show", "K-T-4").json["ticket"]["number"] == "T-4"


def test_an_unknown_number_is_refused_by_name(call: Call) -> None:
    ran = call("show", "T-404")
    assert (ran.status, ran.code) == (1, "ticket_not_found")
    assert ran.json["error"]["facts"] == {"number": "T-404"}
    assert "T-404" in ran.json["error"]["message"]


def test_the_full_telephone_needs_the_right_and_leaves_a_trace(call: Call) -> None:
    assert call("show", "T-1", "--reveal", "回访", clerk=AUDITOR).code == "right_missing"
    ran = call("show", "T-1", "--reveal", "回访")
    assert ran.json["ticket"]["phone"] == "13801386021"
    entries = call("show", "T-1").json["journal"]
    assert [e["what"] for e in entries] == ["phone_revealed"]
    assert entries[0]["facts"] == {"why": "回访"}


def test_looking_needs_a_clerk(call: Call) -> None:
    ran = call("find", "T-1", clerk="")
    assert (ran.status, ran.code) == (2, "wrong_use")


def test_a_wrong_pin_is_refused_and_counted(call: Call) -> None:
    ran = call("find", "T-1", STORE_DESK_PIN="000000")
    assert (ran.status, ran.code) == (1, "wrong_pin")
    assert ran.json["error"]["facts"] == {"left": 4}


def test_five_wrong_pins_lock_and_a_manager_unlocks(call: Call) -> None:
    for _ in range(4):
        call("find", "x", STORE_DESK_PIN="000000")
    assert call("find", "x", STORE_DESK_PIN="000000").code == "locked_out"
    assert call("find", "x").code == "locked_out"
    assert call("staff", "unlock", CLERK, clerk=MANAGER).json["staff"]["locked"] is False
    assert call("find", "x").status == 0


def test_without_terminal_and_variable_the_missing_pin_is_named(call: Call) -> None:
    ran = call("find", "T-1", STORE_DESK_PIN="")
    assert (ran.status, ran.code) == (2, "wrong_use")
    assert "STORE_DESK_PIN" in ran.json["error"]["message"]


def test_a_first_pin_serves_on_the_command_line_and_the_journal_says_so(call: Call) -> None:
    assert call("find", "T-1", clerk=NEW, STORE_DESK_PIN="135790").status == 0
    latest = call("journal", clerk=MANAGER).json["latest"]
    assert any(entry["what"] == "first_pin_used" and entry["actor"] == NEW for entry in latest)


def test_the_setting_chooses_the_language_where_the_call_does_not(call: Call, folder) -> None:  # type: ignore[no-untyped-def]
    from store_desk.app.wiring import open_desk
    from store_desk.domain.roles import Role
    from store_desk.domain.staff import Actor
    from store_desk.services.rules import change_setting

    opened = open_desk(folder)
    change_setting(opened.desk, Actor(MANAGER, "赵文", Role.MANAGER), name="look.language", value='"en"')
    opened.close()
    assert "No ticket" in call("show", "T-404").json["error"]["message"]
    assert "工单" in call("show", "T-404", "--lang", "zh").json["error"]["message"]


def test_pins_never_come_back(call: Call) -> None:
    for ran in (call("find", "T-1"), call("staff", "list", clerk=MANAGER), call("journal", clerk=MANAGER)):
        assert not any(pin in ran.out + ran.err for pin in PINS.values())
        assert "argon2" not in ran.out
