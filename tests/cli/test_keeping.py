"""`backup`, `restore` and `doctor`: a dead computer is no dead data, and nothing healthy is lost by accident."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

import pytest

from store_desk.app.wiring import open_desk
from store_desk.store import DATABASE_FILE
from store_desk.store.high_water import MARK_FILE
from tests.cli.conftest import AUDITOR, CLERK, MANAGER, Call, Ran

PHRASE = "correct horse battery"


def back_up(call: Call, out: Path, **options: str) -> Ran:
    return call("backup", str(out), clerk=MANAGER, **({"STORE_DESK_PASSPHRASE": PHRASE} | options))


def bring_back(call: Call, file: Path, data: Path, *more: str, clerk: str = MANAGER, phrase: str = PHRASE) -> Ran:
    return call("restore", str(file), *more, clerk=clerk, data=data, STORE_DESK_PASSPHRASE=phrase)


@pytest.fixture
def file(call: Call, tmp_path: Path) -> Path:
    """A backup of the store."""
    out = tmp_path / "desk.backup"
    assert back_up(call, out).status == 0
    return out


def damage(folder: Path) -> None:
    path = folder / "desk.db"
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), 64):
        content[at] ^= 0xFF
    path.write_bytes(content)


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir() if "restoring" in path.name]


def test_a_backup_is_made_read_again_and_written_down(call: Call, tmp_path: Path) -> None:
    ran = back_up(call, tmp_path / "desk.backup")
    assert ran.status == 0
    assert ran.json["checks"] == [{"name": "read_again", "ok": True, "text": "备份已写出并重新读过"}]
    assert PHRASE.encode() not in (tmp_path / "desk.backup").read_bytes()
    assert call("journal", clerk=MANAGER).json["latest"][-2]["what"] == "backup_made"


def test_a_backup_needs_a_manager_a_passphrase_and_a_place(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "desk.backup"
    assert call("backup", str(out), STORE_DESK_PASSPHRASE=PHRASE).code == "right_missing"
    assert back_up(call, out, STORE_DESK_PASSPHRASE="short").code == "passphrase_too_short"
    unasked = back_up(call, out, STORE_DESK_PASSPHRASE="")
    assert (unasked.status, unasked.code) == (2, "wrong_use")
    lost = back_up(call, tmp_path / "nowhere" / "x")
    assert (lost.status, lost.code) == (3, "file_not_written")
    assert not out.exists()


def test_a_backup_is_restored_on_a_new_computer(call: Call, file: Path, tmp_path: Path) -> None:
    new = tmp_path / "elsewhere" / "data"
    ran = bring_back(call, file, new)
    assert ran.status == 0
    assert all(check["ok"] for check in ran.json["checks"] if check["name"] != "key_protection")
    assert call("show", "T-1", data=new).json["ticket"]["number"] == "T-1"
    assert left_over(new) == []


def test_only_a_manager_of_the_backup_restores_it(call: Call, file: Path, tmp_path: Path) -> None:
    new = tmp_path / "elsewhere" / "data"
    assert bring_back(call, file, new, clerk=CLERK).code == "right_missing"
    assert bring_back(call, file, new, clerk="").code == "wrong_use"
    assert bring_back(call, file, new, phrase="not the passphrase").code == "passphrase_wrong"
    assert not new.exists()
    assert left_over(new) == []


def test_healthy_data_is_replaced_only_when_forced_and_kept_aside(call: Call, file: Path, folder: Path) -> None:
    call("cancel", "T-1", "--reason", "mistake", "--consent", "verbal")
    refused = bring_back(call, file, folder)
    assert (refused.status, refused.code) == (1, "already_set_up")
    assert "--force" in refused.err
    assert call("show", "T-1").json["ticket"]["status"] == "cancelled"
    forced = bring_back(call, file, folder, "--force")
    assert forced.status == 0
    assert Path(forced.json["kept"]).is_dir()
    assert call("show", "T-1").json["ticket"]["status"] == "open"


def test_damaged_data_is_replaced_and_kept_aside(call: Call, file: Path, folder: Path) -> None:
    damage(folder)
    ran = bring_back(call, file, folder)
    assert ran.status == 0
    assert (Path(ran.json["kept"]) / "desk.db").is_file()
    assert call("find", "T-1").status == 0


def test_data_without_its_key_is_replaced_too(call: Call, file: Path, folder: Path) -> None:
    (folder / "keys.json").unlink()
    assert call("find", "T-1").code == "key_missing"
    assert bring_back(call, file, folder).status == 0
    assert call("find", "T-1").status == 0


@pytest.mark.parametrize("content", [b"", b"nonsense", b"STORE DESK BACKUP 1\n\xff\xff\xff\xff"])
def test_what_is_no_backup_is_told(call: Call, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    ran = bring_back(call, file, tmp_path / "new")
    assert (ran.status, ran.code) == (3, "backup_unreadable")
    assert not (tmp_path / "new").exists()


def test_a_backup_with_a_changed_byte_is_not_restored(call: Call, file: Path, tmp_path: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    ran = bring_back(call, file, tmp_path / "new")
    assert (ran.status, ran.code) == (3, "backup_unreadable")


def test_the_doctor_looks_without_a_pin_and_names_each_check(call: Call) -> None:
    ran = call("doctor", clerk="")
    assert ran.status == 0
    assert all({"name", "ok", "text"} <= check.keys() for check in ran.json["checks"])
    assert {"journal_chain", "key_protection", "pages"} <= {check["name"] for check in ran.json["checks"]}
    assert call("doctor", clerk=AUDITOR).status == 0


def test_the_doctor_tells_damage_and_leaves_it(call: Call, folder: Path) -> None:
    damage(folder)
    before = (folder / "desk.db").read_bytes()
    ran = call("doctor", clerk="")
    assert (ran.status, ran.code) == (3, "database_damaged")
    assert ran.json["checks"][0]["ok"] is False
    assert (folder / "desk.db").read_bytes() == before


def test_the_doctor_tells_a_broken_journal(call: Call, folder: Path) -> None:
    from store_desk.store.opening import open_folder

    store = open_folder(folder)
    with store.writing() as unit:
        unit.connection.execute("DROP TRIGGER journal_no_update")
        unit.connection.execute("UPDATE journal SET actor = 'nobody' WHERE n = 3")
    store.close()
    ran = call("doctor", clerk="")
    assert (ran.status, ran.code, ran.json["error"]["facts"]) == (1, "journal_broken", {"entry": 3})
    assert {check["name"] for check in ran.json["checks"] if not check["ok"]} >= {"journal_chain"}


def test_a_desk_with_head_office_is_told_how_they_stand(call: Call, folder: Path) -> None:
    from store_desk.services.enrolment import Enrolment, put_enrolment
    from store_desk.store.opening import open_folder

    assert not any(check["name"].startswith("office_") for check in call("doctor", clerk="").json["checks"])
    store = open_folder(folder)
    with store.writing() as unit:
        put_enrolment(unit, Enrolment("https://office.test", "d" * 32, 1, "XH", ("XH",)))
        unit.connection.execute("UPDATE ticket SET store = 'XH'")
    store.close()
    assert call("cancel", "T-1", "--reason", "mistake", "--consent", "verbal").status == 0
    ran = call("doctor", clerk="")
    assert ran.status == 0, ran.json
    found = {check["name"]: check for check in ran.json["checks"]}
    assert found["office_records"]["ok"] and "（1 · " in found["office_waiting"]["text"].replace("(", "（")
    assert not found["office_contact"]["ok"]
    english = call("doctor", "--lang", "en", clerk="", as_json=False).out
    assert "Last contact with head office" in english and "总部" not in english
    store = open_folder(folder)
    with store.writing() as unit:
        unit.connection.execute("DROP TRIGGER delivery_fixed")
        unit.connection.execute("UPDATE delivery SET payload = replace(payload, 'T-1', 'T-2')")
    store.close()
    ran = call("doctor", clerk="")
    assert ran.status != 0 and ran.code in ("database_damaged",)
    assert {check["name"] for check in ran.json["checks"] if not check["ok"]} >= {"office_records"}


def lose_the_log(folder: Path) -> None:
    """What is left when the log goes that alone held the last commits."""
    opened = open_desk(folder)
    opened.store.checkpoint(truncate=True)
    with opened.desk.work() as uow:
        uow.journal.write(at=opened.desk.clock(), actor=MANAGER, what="mended", facts={})
    left = {name: (folder / name).read_bytes() for name in (DATABASE_FILE, MARK_FILE)}
    opened.close()
    for name, content in left.items():
        (folder / name).write_bytes(content)


def test_the_doctor_tells_of_committed_work_that_is_missing_until_a_manager_has_mended(
    call: Call, folder: Path
) -> None:
    lose_the_log(folder)
    for _ in range(2):
        ran = call("doctor", clerk="")
        assert (ran.status, ran.code) == (3, "work_lost")
        (told,) = [item for item in ran.json["checks"] if item["name"] == "lost_work"]
        assert not told["ok"] and ran.json["error"]["facts"]["entries"] == 1
        assert Path(ran.json["error"]["facts"]["kept"]).is_dir()
    beside = call("--lang", "en", "find", "T-1")
    assert beside.status == 0 and "Compare the slips" in beside.err
    mended = call("doctor", "--mend", clerk=MANAGER)
    assert mended.status == 0 and "lost_work" in mended.json["mended"]
    assert "撤销单" in mended.err
    assert call("doctor", clerk="").status == 0
    assert "Compare the slips" not in call("--lang", "en", "find", "T-1").err


def test_a_restored_backup_is_no_missing_work(call: Call, file: Path, folder: Path) -> None:
    for _ in range(2):
        assert call("journal", "--export", str(folder.parent / "journal.json"), clerk=MANAGER).status == 0
    assert bring_back(call, file, folder, "--force").status == 0
    ran = call("doctor", clerk="")
    assert ran.status == 0, ran.json
    assert all(item["ok"] for item in ran.json["checks"] if item["name"] == "lost_work")


def test_mending_needs_a_manager_and_puts_the_search_right(call: Call, folder: Path) -> None:
    from store_desk.store.opening import open_folder

    store = open_folder(folder)
    with store.writing() as unit:
        unit.connection.execute("UPDATE ticket SET number_key = 'LOST', tail = 'LOST'")
    store.close()
    assert call("find", "T-1").json["tickets"] == []
    assert call("doctor", "--mend").code == "right_missing"
    assert call("doctor", "--mend", clerk="").code == "wrong_use"
    ran = call("doctor", "--mend", clerk=MANAGER)
    assert ran.status == 0
    assert set(ran.json["mended"]) >= {"indexes", "search"}
    assert call("find", "T-1").json["tickets"][0]["number"] == "T-1"


def test_a_copy_of_the_folder_is_a_store_of_its_own(call: Call, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert call("doctor", clerk="", data=tmp_path / "copy").status == 0


def test_checks_are_words_in_both_languages(call: Call) -> None:
    assert "日志链" in call("doctor", clerk="", as_json=False).out
    english = call("doctor", "--lang", "en", clerk="", as_json=False).out
    assert "Chain of the journal" in english and "日志" not in english


def test_nothing_is_restored_or_mended_under_an_open_window(call: Call, file: Path, folder: Path) -> None:
    from PySide6.QtCore import QLockFile

    lock = QLockFile(str(folder.with_name(folder.name + ".lock")))
    assert lock.tryLock(0)
    try:
        restored = bring_back(call, file, folder, "--force")
        assert (restored.status, restored.code) == (3, "already_running")
        assert call("doctor", "--mend", clerk=MANAGER).code == "already_running"
        assert call("doctor", clerk="").status == 0
        assert call("find", "T-1").status == 0
    finally:
        lock.unlock()
    assert call("doctor", "--mend", clerk=MANAGER).status == 0


def test_a_lock_that_a_power_cut_left_is_in_nobodys_way(call: Call, file: Path, folder: Path) -> None:
    folder.with_name(folder.name + ".lock").write_text("1\nstore-desk\nhere\n")
    assert bring_back(call, file, folder, "--force").status == 0


def test_an_import_that_a_power_cut_ended_is_taken_back_by_mending(call: Call, folder: Path) -> None:
    from datetime import UTC, datetime

    from store_desk.domain.imports import ImportCounts
    from store_desk.services.ports import Batch
    from store_desk.store.opening import open_folder

    store = open_folder(folder)
    with store.writing() as unit:
        unit.batches.add(Batch(0, "x.csv", datetime.now(UTC), MANAGER, "running", ImportCounts()))
    store.close()
    assert {c["name"] for c in call("doctor", clerk="").json["checks"] if not c["ok"]} >= {"imports"}
    ran = call("doctor", "--mend", clerk=MANAGER)
    assert ran.status == 0
    assert "imports" in ran.json["mended"]
    assert next(c["ok"] for c in ran.json["checks"] if c["name"] == "imports")


def test_a_backup_whose_name_is_no_text_is_made_and_restored(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff\xfe")
    folder.mkdir()
    out = folder / os.fsdecode(b"\xfd.backup")
    ran = back_up(call, out)
    assert ran.status == 0, ran.err
    assert bring_back(call, out, folder / "data").status == 0
    again = call("backup", str(folder / "again"), clerk=MANAGER, data=folder / "data", STORE_DESK_PASSPHRASE=PHRASE)
    assert again.status == 0, again.err


def test_what_a_kill_left_is_taken_away_later(call: Call, folder: Path, file: Path, tmp_path: Path) -> None:
    copy, young = folder / "backup-1.copy", folder / "backup-2.copy"
    staged = folder.with_name(folder.name + ".restoring-1")
    staged.mkdir()
    for path in (copy, young, staged / "keys.json"):
        path.write_bytes(b"x")
    for path in (copy, staged):
        os.utime(path, (1, 1))
    assert back_up(call, tmp_path / "second").status == 0
    assert bring_back(call, file, folder, "--force").status == 0
    assert not copy.exists() and young.exists() and not staged.exists()


def test_keys_that_nest_without_end_are_missing_keys(call: Call, folder: Path) -> None:
    (folder / "keys.json").write_bytes(b"[" * 100_000)
    assert call("find", "x").code == "key_missing"
    assert call("doctor").code == "key_missing"


@pytest.mark.parametrize("size", [0, 1, 4096])
def test_a_database_that_a_power_cut_emptied_or_cut_is_damaged_and_comes_back(
    call: Call, file: Path, folder: Path, size: int
) -> None:
    os.truncate(folder / "desk.db", size)
    for words in (("find", "T-1"), ("doctor",)):
        ran = call(*words)
        assert (ran.status, ran.code) == (3, "database_damaged"), ran
    assert bring_back(call, file, folder).status == 0
    assert call("show", "T-1").json["ticket"]["number"] == "T-1"


@pytest.mark.parametrize("part", range(3), ids=["database", "pins", "signing"])
def test_one_flipped_bit_of_any_key_is_a_wrong_key_and_no_wrong_pin(call: Call, folder: Path, part: int) -> None:
    """A changed PIN secret would lock everybody out, a changed signing key sign slips that nobody can verify."""
    path = folder / "keys.json"
    kept = json.loads(path.read_text("utf-8"))
    keys = bytearray(base64.b64decode(kept["keys"]))
    keys[part * 32 + 7] ^= 0x10
    path.write_text(json.dumps(kept | {"keys": base64.b64encode(keys).decode()}), "utf-8")
    for words in (("find", "T-1"), ("doctor",)):
        ran = call(*words)
        assert (ran.status, ran.code) == (3, "key_missing"), ran


def test_what_a_lost_database_left_is_kept_when_a_store_is_set_up_or_restored_there(
    call: Call, file: Path, folder: Path
) -> None:
    """The keys that lie there may be all that opens the rolling copies; a strange log would destroy the new file."""
    keys = (folder / "keys.json").read_bytes()
    (folder / "desk.db").unlink()
    (folder / "desk.db-wal").write_bytes(b"a log of another time")
    place = ("--store-code", "XH", "--store-name", "徐汇店", "--desk", "1")
    assert call("setup", *place, "--manager-id", MANAGER, "--manager-name", "赵文", clerk=MANAGER).status == 0
    assert (folder / "quarantine-1" / "keys.json").read_bytes() == keys
    assert (folder / "quarantine-1" / "desk.db-wal").read_bytes() == b"a log of another time"
    assert (folder / "keys.json").read_bytes() != keys
    (folder / "desk.db").unlink()
    assert bring_back(call, file, folder).status == 0
    assert (folder / "quarantine-2" / "keys.json").is_file()
    assert call("show", "T-1").status == 0
    assert bring_back(call, file, folder, "--force").status == 0
    assert {path.name for path in folder.glob("quarantine-*")} == {f"quarantine-{n}" for n in (1, 2, 3)}


def test_a_disk_without_any_room_is_full_and_not_broken(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "desk.db-wal").mkdir()
    assert call("find", "T-1").code == "disk_failed"
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 0))  # type: ignore[attr-defined]
    assert call("find", "T-1").code == "disk_full"
