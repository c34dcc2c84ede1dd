"""Settings as the screen holds them, over a real database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from store_desk.domain.errors import RightMissing, SettingInvalid
from store_desk.services.rules import read_policy, read_settings
from store_desk.ui.bench import Bench
from store_desk.ui.settings.history import backup_text, check_journal, last_backup, past_imports
from store_desk.ui.settings.stored import Stored


def test_a_change_is_stored_at_once_as_json(qtbot: QtBot, bench: Bench) -> None:
    stored = Stored(bench)
    with qtbot.waitSignal(stored.saved) as saved:
        stored.put("printer.paper", "80mm")
    assert saved.args == ["printer.paper"]
    with qtbot.waitSignal(stored.saved):
        stored.put("printer.auto", False)
    found = bench.database.submit(lambda: read_settings(bench.desk, "printer.")).result()
    assert found == {"paper": '"80mm"', "auto": "false"}


def test_the_same_value_again_writes_nothing(qtbot: QtBot, bench: Bench) -> None:
    stored = Stored(bench)
    with qtbot.waitSignal(stored.saved):
        stored.put("printer.copies", 3)
    before = bench.database.submit(lambda: check_journal(bench.desk).entries).result()
    stored.put("printer.copies", 3)
    assert bench.database.submit(lambda: check_journal(bench.desk).entries).result() == before


def test_what_was_stored_comes_back_as_it_was(qtbot: QtBot, bench: Bench) -> None:
    first = Stored(bench)
    for name, value in (("scanner.prefix", "]C1"), ("reasons.tiles", ["mistake", "other"]), ("policy.reopen_days", 14)):
        with qtbot.waitSignal(first.saved):
            first.put(name, value)
    second = Stored(bench)
    with qtbot.waitSignal(second.loaded):
        second.load()
    assert second.text("scanner.prefix") == "]C1"
    assert second.words("reasons.tiles") == ["mistake", "other"]
    assert second.number("policy.reopen_days", 30) == 14
    assert bench.database.submit(lambda: read_policy(bench.desk).reopen_days).result() == 14


def test_a_rule_that_a_clerk_changes_is_refused_and_put_back(qtbot: QtBot, clerks_bench: Bench) -> None:
    stored = Stored(clerks_bench)
    assert not stored.may_change_rules()
    with qtbot.waitSignal(stored.refused) as refused:
        stored.put("policy.reopen_days", 1)
    assert isinstance(refused.args[1], RightMissing)
    assert stored.number("policy.reopen_days", 30) == 30


def test_a_clerk_may_choose_the_printer(qtbot: QtBot, clerks_bench: Bench) -> None:
    stored = Stored(clerks_bench)
    with qtbot.waitSignal(stored.saved):
        stored.put("printer.a5", "Office laser M132")


def test_a_number_out_of_bounds_is_refused(qtbot: QtBot, bench: Bench) -> None:
    stored = Stored(bench)
    with qtbot.waitSignal(stored.refused) as refused:
        stored.put("policy.reopen_days", 4000)
    assert isinstance(refused.args[1], SettingInvalid)


def test_the_journal_of_a_new_desk_holds(bench: Bench) -> None:
    check = bench.database.submit(lambda: check_journal(bench.desk)).result()
    assert check.entries >= 2
    assert check.broken is None


def test_a_backup_is_remembered_and_read_back() -> None:
    at = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
    backup = last_backup(backup_text(at=at, file=Path("柜台.backup")))
    assert backup is not None
    assert (backup.at, backup.file) == (at, "柜台.backup")
    assert last_backup("") is None
    assert last_backup('{"at": "yesterday"}') is None


def test_a_desk_without_imports_lists_none(bench: Bench) -> None:
    assert bench.database.submit(lambda: past_imports(bench.desk)).result() == ()
