"""Backups, copies, restoring, damage, and what doctor says."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from store_desk.domain.errors import (
    AlreadySetUp,
    BackupUnreadable,
    DatabaseDamaged,
    DiskFull,
    FileNotWritten,
    IntoDataFolder,
    PassphraseTooShort,
    PassphraseWrong,
)
from store_desk.domain.roles import Role
from store_desk.domain.staff import Staff
from store_desk.store import health, open_store
from store_desk.store.backup import (
    MAGIC,
    backup,
    keep_rolling_copy,
    quarantine,
    read_head,
    restore,
    restore_copy,
    rolling_copies,
)
from store_desk.store.database import StoreDatabase, our_error
from store_desk.store.first_look import first_look
from store_desk.store.opening import Store

from .conftest import NOW, make_ticket

PHRASE = "correct horse battery"


@pytest.fixture
def ticket_id(store: Store) -> str:
    ticket = make_ticket(customer="王秀兰")
    with store.work() as unit:
        unit.tickets.add(ticket)
        unit.journal.write(at=NOW, actor="1", what="x", facts={})
    return ticket.id


@pytest.fixture
def saved(store: Store, ticket_id: str, tmp_path: Path) -> Path:
    out = tmp_path / "desk.backup"
    backup(store, out, passphrase=PHRASE, now=NOW)
    return out


def test_a_dead_computers_backup_is_a_whole_desk_again(
    saved: Path, store: Store, ticket_id: str, tmp_path: Path
) -> None:
    head = read_head(saved)
    assert (head.made_at, head.store, head.desk) == (NOW, "XH", 2)
    other = tmp_path / "other"
    restore(saved, other, passphrase=PHRASE)
    opened = open_store(other)
    with opened.read() as unit:
        assert unit.tickets.get(ticket_id) is not None
        assert unit.finder.find("wangxl", limit=5).hits[0].ticket_id == ticket_id
        assert unit.journal.head().n == 1
    assert opened.keys == store.keys and opened.identity == store.identity
    assert all(item.ok for item in health.check_deep(opened))
    opened.close()


def test_a_backup_holds_what_was_written_a_moment_before(saved: Path, store: Store, tmp_path: Path) -> None:
    with store.work() as unit:
        unit.tickets.add(make_ticket())
    again = tmp_path / "again.backup"
    backup(store, again, passphrase=PHRASE, now=NOW)
    restore(again, tmp_path / "b", passphrase=PHRASE)
    opened = open_store(tmp_path / "b")
    with opened.read() as unit:
        assert unit.tickets.count() == 2
    opened.close()


def test_nothing_of_a_backup_can_be_read_without_its_passphrase(saved: Path, store: Store, tmp_path: Path) -> None:
    raw = saved.read_bytes()
    assert "王秀兰".encode() not in raw and store.keys.database not in raw
    with pytest.raises(PassphraseWrong):
        restore(saved, tmp_path / "other", passphrase="wrong horse battery")
    assert not (tmp_path / "other").exists()


def test_a_short_passphrase_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(PassphraseTooShort):
        backup(store, tmp_path / "x", passphrase="123456789", now=NOW)
    assert not (tmp_path / "x").exists()


def test_any_flipped_byte_of_a_backup_is_noticed(saved: Path, tmp_path: Path) -> None:
    raw = bytearray(saved.read_bytes())
    for at in (0, 25, 60, 200, len(raw) // 2, len(raw) - 1):
        wrong = bytearray(raw)
        wrong[at] ^= 1
        bad = tmp_path / "bad.backup"
        bad.write_bytes(wrong)
        with pytest.raises((BackupUnreadable, PassphraseWrong)):
            restore(bad, tmp_path / "other", passphrase=PHRASE)
    for length in (0, 10, 100, len(raw) - 4096):
        bad.write_bytes(raw[:length])
        with pytest.raises(BackupUnreadable):
            restore(bad, tmp_path / "other", passphrase=PHRASE)
    with pytest.raises(BackupUnreadable):
        read_head(tmp_path / "nothing.backup")


def test_restoring_never_overwrites_a_store(saved: Path, store: Store) -> None:
    with pytest.raises(AlreadySetUp):
        restore(saved, store.folder, passphrase=PHRASE)


def test_a_backup_that_cannot_be_written_says_so_and_leaves_no_copy_behind(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten):
        backup(store, tmp_path / "no" / "such" / "folder.backup", passphrase=PHRASE, now=NOW)
    assert not [path for path in store.folder.iterdir() if path.name.endswith(".copy")]


def test_a_damaged_database_is_put_aside_and_a_copy_takes_its_place(store: Store, ticket_id: str) -> None:
    keep_rolling_copy(store.database.connection(), store.folder, why="import")
    store.close()
    raw = bytearray(store.path.read_bytes())
    raw[20_000] ^= 1
    store.path.write_bytes(raw)
    with pytest.raises(DatabaseDamaged) as damaged:
        open_store(store.folder)
    (copy,) = rolling_copies(store.folder)
    assert damaged.value.facts["backup"] == str(copy)
    aside = quarantine(store.folder)
    assert (aside / "desk.db").read_bytes() == raw
    restore_copy(copy, store.folder)
    opened = open_store(store.folder)
    with opened.read() as unit:
        assert unit.tickets.get(ticket_id) is not None
    opened.close()


def test_only_the_last_copies_are_kept(store: Store) -> None:
    for _ in range(5):
        keep_rolling_copy(store.database.connection(), store.folder, why="import")
    assert [path.name[5:11] for path in rolling_copies(store.folder)] == ["000003", "000004", "000005"]


def test_copies_that_are_made_at_the_same_moment_are_each_whole(store: Store, ticket_id: str) -> None:
    """Two imports that begin together each make one first."""
    begin, failed = threading.Barrier(2), []

    def copy() -> None:
        try:
            for _ in range(8):
                store.connect_lane()
                begin.wait(20)
                keep_rolling_copy(store.database.connection(), store.folder, why="import")
        except Exception as error:
            failed.append(error)
            begin.abort()
        finally:
            store.close_lane()

    lanes = [threading.Thread(target=copy) for _ in range(2)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert failed == []
    for path in rolling_copies(store.folder):
        database = StoreDatabase(path, store.keys.database)
        database.connect()
        assert database.connection().execute("SELECT count(*) FROM ticket").fetchone() == (1,)
        database.close()
    assert [path.name for path in path.parent.iterdir() if path.suffix == ".new"] == []


def test_a_sound_store_passes_every_check_and_says_what_protects_its_keys(store: Store, ticket_id: str) -> None:
    checks = {item.name: item for item in health.check(store) + health.check_deep(store)}
    assert [name for name, item in checks.items() if not item.ok] == ["key_protection"]
    assert "file" in checks["key_protection"].detail


def test_doctor_names_a_damaged_page(store: Store) -> None:
    with store.work() as unit:
        for _ in range(2_000):
            unit.tickets.add(make_ticket(description=os.urandom(600).hex()))
    store.close()
    raw = bytearray(store.path.read_bytes())
    assert len(raw) > 4 * 1024 * 1024
    raw[len(raw) // 2] ^= 4
    store.path.write_bytes(raw)
    opened = open_store(store.folder)
    checks = {item.name: item for item in health.check_deep(opened)}
    opened.close()
    assert not checks["page_codes"].ok and "page" in checks["page_codes"].detail


def test_mending_puts_guards_and_search_right_and_leaves_facts_alone(store: Store, ticket_id: str) -> None:
    with store.writing() as unit:
        unit.connection.execute("DROP TRIGGER journal_no_update")
        unit.connection.execute("INSERT INTO ticket_words (ticket_words) VALUES ('delete-all')")
        assert unit.finder.find("王秀兰", limit=5).hits == ()
    assert not {item.name: item for item in health.check(store)}["guards"].ok
    assert health.mend(store) == ["guards", "indexes", "search"]
    with store.read() as unit:
        assert [hit.ticket_id for hit in unit.finder.find("王秀兰", limit=5).hits] == [ticket_id]
        assert unit.journal.head().n == 1
    assert {item.name: item for item in health.check(store)}["guards"].ok


def test_the_sign_in_window_gets_its_tiles_without_peewee(store: Store) -> None:
    with store.work() as unit:
        unit.people.add(Staff("1001", "林", Role.CLERK, "Lin", locked_until=NOW))
        unit.people.add(Staff("1002", "王", Role.CLERK, enabled=False))
        unit.settings.put("look.theme", '"dark"')
    look = first_look(store.folder)
    assert look is not None
    assert look.identity["store_name"] == "星河电器" and look.look == {"theme": "dark"}
    assert [(tile.id, tile.name, tile.name_other, tile.role, tile.locked_until_ms) for tile in look.staff] == [
        ("1001", "林", "Lin", "clerk", int(NOW.timestamp() * 1000))
    ]
    assert first_look(store.folder / "nothing") is None


def test_the_first_look_imports_neither_peewee_nor_qt(store: Store) -> None:
    import subprocess
    import sys

    script = (
        "import sys, pathlib\n"
        "from store_desk.store.first_look import first_look\n"
        f"assert first_look(pathlib.Path({str(store.folder)!r})) is not None\n"
        "heavy = {'peewee', 'PySide6', 'cryptography', 'argon2', 'pypinyin'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parent.parent.parent)


def test_an_idle_desk_moves_its_log_into_the_file_and_joins_its_index(store: Store) -> None:
    for _ in range(30):
        with store.work() as unit:
            unit.tickets.add(make_ticket())
    while store.tidy():
        pass
    assert store.checkpoint()
    assert store.checkpoint(truncate=True)
    assert store.path.with_name("desk.db-wal").stat().st_size == 0
    with store.read() as unit:
        assert len(unit.finder.find("王秀兰", limit=50).hits) == 30


def test_no_room_for_the_shared_memory_is_a_full_disk() -> None:
    error = sqlcipher.OperationalError("disk I/O error")
    error.sqlite_errorcode = 4874
    assert isinstance(our_error(error), DiskFull)


@pytest.mark.parametrize(
    "change", [{"scrypt": [float("inf"), 8, 1]}, {"scrypt": [3, 8, 1]}, {"salt": 5}, {"keys": None}]
)
def test_a_head_that_makes_no_sense_is_unreadable(change: dict[str, Any], store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    backup(store, out, passphrase=PHRASE, now=NOW)
    raw = out.read_bytes()
    at = len(MAGIC) + 4
    end = at + int.from_bytes(raw[at - 4 : at], "big")
    head = json.dumps(json.loads(raw[at:end]) | change).encode()
    for put in (head, b"[" * 60_000):
        out.write_bytes(MAGIC + len(put).to_bytes(4, "big") + put + raw[end:])
        with pytest.raises(BackupUnreadable):
            restore(out, tmp_path / "new", passphrase=PHRASE)
    assert not (tmp_path / "new").exists()


def test_a_backup_is_not_put_beside_the_database(store: Store) -> None:
    with pytest.raises(IntoDataFolder):
        backup(store, store.folder / "keys.json", passphrase=PHRASE, now=NOW)
