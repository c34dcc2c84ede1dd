"""Creating and opening a store: keys, wrong keys, newer and damaged databases, two openers."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from store_desk.domain.errors import AlreadySetUp, DatabaseDamaged, DatabaseNewer, DiskFailed, KeyMissing, NotSetUp
from store_desk.store import create_store, exists, open_store, upgrade
from store_desk.store.database import PRAGMAS
from store_desk.store.guards import GUARDS
from store_desk.store.keys import KEYS_FILE, load_keys, new_keys, save_keys
from store_desk.store.opening import Store

from .conftest import IDENTITY, make_ticket


def test_a_folder_without_a_store_says_that_it_is_not_set_up(folder: Path) -> None:
    assert not exists(folder)
    with pytest.raises(NotSetUp):
        open_store(folder)
    assert not folder.exists()


def test_a_second_setup_changes_nothing(store: Store) -> None:
    before = store.path.read_bytes()
    with pytest.raises(AlreadySetUp):
        create_store(store.folder, identity=IDENTITY)
    assert store.path.read_bytes() == before


def test_the_identity_is_kept_and_carries_the_fingerprint_of_the_desks_key(store: Store) -> None:
    identity = store.identity
    assert (identity.store_name, identity.desk, identity.store_name_other) == ("星河电器", 2, "Xinghe")
    assert len(identity.fingerprint.split()) == 8


def test_every_connection_has_the_pragmas_that_durability_rests_on(store: Store) -> None:
    with store.reading() as unit:
        for name, wanted in PRAGMAS.items():
            assert unit.connection.execute(f"PRAGMA {name}").fetchone() == (wanted,), name


def test_nothing_of_a_ticket_can_be_read_in_the_files(store: Store) -> None:
    with store.work() as unit:
        unit.tickets.add(make_ticket(customer="Wang Xiulan 王秀兰", phone="13800136021"))
    raw = b"".join(path.read_bytes() for path in store.folder.iterdir())
    assert b"Xiulan" not in raw and "王秀兰".encode() not in raw and b"13800136021" not in raw
    assert not raw.startswith(b"SQLite format 3")


@pytest.mark.skipif(os.name == "nt", reason="file rights of this kind are POSIX")
def test_only_the_owner_may_read_keys_and_data(store: Store) -> None:
    for name in (KEYS_FILE, "desk.db"):
        assert stat.S_IMODE((store.folder / name).stat().st_mode) == 0o600


def test_without_its_keys_the_store_says_that_the_key_is_missing(store: Store) -> None:
    store.close()
    (store.folder / KEYS_FILE).unlink()
    with pytest.raises(KeyMissing):
        open_store(store.folder)


def test_the_keys_of_another_store_are_told_from_damage(store: Store) -> None:
    store.close()
    content = json.loads((store.folder / KEYS_FILE).read_text())
    other = store.folder.parent / "other"
    other.mkdir()
    save_keys(other, new_keys())
    content["keys"] = json.loads((other / KEYS_FILE).read_text())["keys"]
    (store.folder / KEYS_FILE).write_text(json.dumps(content))
    with pytest.raises(KeyMissing):
        open_store(store.folder)


@pytest.mark.parametrize("at", [3, 80, 4096 * 2 + 200, -300])
def test_one_flipped_bit_is_noticed_before_anything_is_shown(store: Store, at: int) -> None:
    store.close()
    raw = bytearray(store.path.read_bytes())
    raw[at] ^= 1
    store.path.write_bytes(raw)
    with pytest.raises(DatabaseDamaged):
        open_store(store.folder)


def test_a_crash_in_the_middle_of_setting_up_leaves_no_store_and_the_next_attempt_works(folder: Path) -> None:
    folder.mkdir()
    (folder / "desk.db.new").write_bytes(b"half")
    save_keys(folder, new_keys())
    with pytest.raises(NotSetUp):
        open_store(folder)
    create_store(folder, identity=IDENTITY).close()
    open_store(folder).close()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(store: Store) -> None:
    with store.writing() as unit:
        unit.connection.execute(
            "INSERT INTO schema_migration (name, applied) VALUES ('0999_from_the_future', '2030-01-01 00:00:00')"
        )
    store.close()
    before = store.path.read_bytes()
    with pytest.raises(DatabaseNewer):
        open_store(store.folder)
    assert store.path.read_bytes() == before


def test_an_installation_without_migrations_is_an_error_and_not_nothing_to_do(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr(upgrade, "MIGRATIONS", tmp_path / "nothing")
    with pytest.raises(DiskFailed):
        open_store(store.folder)


def test_guards_that_a_crash_left_out_are_put_back_at_the_next_opening(store: Store) -> None:
    with store.writing() as unit:
        unit.connection.execute("DROP TRIGGER journal_no_delete")
    store.close()
    again = open_store(store.folder)
    with again.reading() as unit:
        found = {name for (name,) in unit.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    again.close()
    assert found == set(GUARDS)


def test_an_upgrade_keeps_a_copy_first_and_the_data_survive(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make_ticket()
    with store.work() as unit:
        unit.tickets.add(ticket)
    store.close()
    later = tmp_path / "migrations"
    later.mkdir()
    for known in upgrade.MIGRATIONS.glob("0*.py"):
        (later / known.name).write_text(known.read_text())
    (later / "0999_later.py").write_text(
        'def up(migrator, db):\n    db.execute_sql("ALTER TABLE ticket ADD COLUMN later TEXT")\n'
    )
    monkeypatch.setattr(upgrade, "MIGRATIONS", later)
    upgraded = open_store(store.folder)
    with upgraded.reading() as unit:
        assert unit.tickets.get(ticket.id) == ticket
        unit.connection.execute("SELECT later FROM ticket").fetchall()
    upgraded.close()
    assert [path.name for path in (store.folder / "backups").iterdir()] == ["copy-000001-upgrade.db"]
    monkeypatch.undo()
    with pytest.raises(DatabaseNewer):
        open_store(store.folder)


def test_the_keys_survive_opening_again(store: Store) -> None:
    assert load_keys(store.folder) == store.keys
    assert "b'" not in repr(store.keys)
