"""A database that lost committed work says so, keeps what is there, and never gives a printed number again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from store_desk.app.wiring import open_desk
from store_desk.domain.errors import WorkLost
from store_desk.domain.journal import JournalHead
from store_desk.services.feed import NUMBERS_LEFT_OUT
from store_desk.store import DATABASE_FILE, create_store
from store_desk.store.backup import backup, keep_rolling_copy, quarantine, restore, restore_copy, rolling_copies
from store_desk.store.first_look import first_look
from store_desk.store.health import check, mend
from store_desk.store.high_water import LOST_FILE, MARK_FILE, SLOT_BYTES, put_back, read_mark, work_lost
from store_desk.store.opening import Store
from store_desk.words import LANGS, say_error
from tests.shop import Shop
from tests.store.conftest import IDENTITY

PHRASE = "correct horse battery"
LOG = f"{DATABASE_FILE}-wal"


def head(store: Store) -> JournalHead:
    with store.reading() as unit:
        return unit.journal.head()


def taken(shop: Shop, target: Path, *, without: tuple[str, ...] = ()) -> Path:
    """The data folder as it lies on the disk at this moment, as after a power cut; some files may be missing."""
    shutil.copytree(shop.folder, target, ignore=shutil.ignore_patterns("*-shm", *without))
    return target


def opened_anew(folder: Path) -> WorkLost | None:
    """Opens and closes the desk of the folder; what it says to be missing."""
    open_desk(folder).close()
    return work_lost(folder)


def next_slip(folder: Path) -> int:
    """The number that the next slip of this folder would get."""
    opened = open_desk(folder)
    with opened.store.writing() as unit:
        number = unit.counters.next("slip")
    opened.close()
    return number


@pytest.fixture
def worked(shop: Shop) -> Shop:
    """A desk whose last three cancellations are in the log alone."""
    shop.opened.store.checkpoint(truncate=True)
    for _ in range(3):
        shop.cancel(shop.ticket())
    return shop


def test_the_mark_follows_the_journal_and_not_what_was_rolled_back(shop: Shop) -> None:
    shop.cancel(shop.ticket())
    at = head(shop.opened.store)
    mark = read_mark(shop.folder)
    assert mark is not None and (mark.n, mark.hash) == (at.n, at.hash)
    with pytest.raises(RuntimeError), shop.desk.work() as uow:
        uow.journal.write(at=shop.clock(), actor="1001", what="mended", facts={})
        raise RuntimeError
    assert read_mark(shop.folder) == mark


@pytest.mark.parametrize("first_look_first", [False, True])
def test_a_log_that_is_gone_is_seen_told_and_kept(worked: Shop, tmp_path: Path, first_look_first: bool) -> None:
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    if first_look_first:
        assert first_look(folder) is not None
    lost = opened_anew(folder)
    assert lost is not None and int(str(lost.facts["entries"])) >= 3
    for lang in LANGS:
        words = say_error(lang, lost)
        assert str(lost.facts["kept"]) in words and str(lost.facts["entries"]) in words
    kept = Path(str(lost.facts["kept"]))
    assert {DATABASE_FILE, MARK_FILE, "keys.json"} <= {path.name for path in kept.iterdir()}
    assert [path.name for path in folder.glob("quarantine-*")] == [kept.name]


def test_a_log_that_is_damaged_is_seen_and_its_copy_kept_as_it_was(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "cut")
    log = bytearray((folder / LOG).read_bytes())
    log[len(log) // 3] ^= 1
    (folder / LOG).write_bytes(log)
    assert first_look(folder) is not None
    lost = opened_anew(folder)
    assert lost is not None
    assert (Path(str(lost.facts["kept"])) / LOG).read_bytes() == bytes(log)


def test_a_number_that_may_be_on_paper_is_not_given_again(worked: Shop, tmp_path: Path) -> None:
    given = next_slip(taken(worked, tmp_path / "whole"))
    assert next_slip(taken(worked, tmp_path / "cut", without=(LOG,))) > given - 3 + NUMBERS_LEFT_OUT - 1


def test_it_is_told_until_somebody_deals_with_it_and_later_work_is_no_alarm(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    lost = opened_anew(folder)
    assert lost is not None
    opened = open_desk(folder)
    with opened.desk.work() as uow:
        uow.journal.write(at=worked.clock(), actor="1001", what="mended", facts={})
    (told,) = [item for item in check(opened.store) if item.name == "lost_work"]
    assert not told.ok
    opened.close()
    again = opened_anew(folder)
    assert again is not None and again.facts == lost.facts
    opened = open_desk(folder)
    assert "lost_work" in mend(opened.store)
    assert all(item.ok for item in check(opened.store) if item.name == "lost_work")
    opened.close()
    assert opened_anew(folder) is None


def test_a_program_that_stops_before_it_has_written_down_what_is_missing_says_it_next_time(
    worked: Shop, tmp_path: Path
) -> None:
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    mark = (folder / MARK_FILE).read_bytes()
    first = opened_anew(folder)
    # As if the mark had not been taken away yet.
    (folder / MARK_FILE).write_bytes(mark)
    again = opened_anew(folder)
    assert first is not None and again is not None and again.facts == first.facts


def test_whatever_a_kill_leaves_is_no_alarm(worked: Shop, tmp_path: Path) -> None:
    assert opened_anew(taken(worked, tmp_path / "after")) is None
    # Within a transaction: its frames are not there, the mark is that of the one before.
    with worked.desk.work() as uow:
        uow.journal.write(at=worked.clock(), actor="1001", what="mended", facts={})
        assert opened_anew(taken(worked, tmp_path / "within")) is None
    worked.cancel(worked.ticket())
    folder = taken(worked, tmp_path / "between")
    # After the commit, before the mark.
    whole = (folder / MARK_FILE).read_bytes()
    for torn in (b"", whole[:10], whole[: SLOT_BYTES + 40], whole[:SLOT_BYTES], os.urandom(512), b"\0" * 512):
        (folder / MARK_FILE).write_bytes(torn)
        assert opened_anew(folder) is None, torn


def test_half_a_mark_leaves_the_one_before_it(worked: Shop) -> None:
    newest = read_mark(worked.folder)
    path = worked.folder / MARK_FILE
    raw = bytearray(path.read_bytes())
    assert newest is not None and len(raw) == 2 * SLOT_BYTES
    at = next(at for at in (0, SLOT_BYTES) if f" {newest.hash} ".encode() in raw[at : at + SLOT_BYTES])
    raw[at + 50 : at + SLOT_BYTES] = b" " * (SLOT_BYTES - 50)
    path.write_bytes(raw)
    older = read_mark(worked.folder)
    assert older is not None and older.n < newest.n


def test_frames_that_were_never_committed_are_nothing_lost(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "cut")
    with (folder / LOG).open("ab") as log:
        log.write(os.urandom(9_000))
    assert opened_anew(folder) is None


def test_an_older_backup_is_put_back_without_alarm_and_numbers_go_on_behind_a_gap(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "desk.backup"
    backup(shop.opened.store, out, passphrase=PHRASE, now=shop.clock())
    shop.cancel(shop.ticket())
    folder = taken(shop, tmp_path / "data")
    given = next_slip(folder)
    quarantine(folder)
    restore(out, folder, passphrase=PHRASE)
    assert opened_anew(folder) is None and not list(folder.glob(MARK_FILE))
    assert next_slip(folder) > given
    assert opened_anew(folder) is None


def test_a_rolling_copy_is_put_back_without_alarm(shop: Shop, tmp_path: Path) -> None:
    store = shop.opened.store
    keep_rolling_copy(store.database.connection(), store.folder, why="import")
    shop.cancel(shop.ticket())
    folder = taken(shop, tmp_path / "data")
    quarantine(folder)
    restore_copy(rolling_copies(folder)[-1], folder)
    assert opened_anew(folder) is None


def test_what_was_missing_is_dealt_with_when_a_backup_is_put_back(worked: Shop, tmp_path: Path) -> None:
    out = tmp_path / "desk.backup"
    backup(worked.opened.store, out, passphrase=PHRASE, now=worked.clock())
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    assert opened_anew(folder) is not None
    kept = quarantine(folder)
    restore(out, folder, passphrase=PHRASE)
    assert opened_anew(folder) is None
    assert (kept / LOST_FILE).exists()


def test_another_store_s_mark_says_nothing(worked: Shop, store: Store, tmp_path: Path) -> None:
    for _ in range(head(worked.opened.store).n + 5):
        with store.writing() as unit:
            unit.journal.write(at=worked.clock(), actor="1001", what="mended", facts={"it": "is another"})
    folder = taken(worked, tmp_path / "other")
    shutil.copy(store.folder / MARK_FILE, folder / MARK_FILE)
    assert opened_anew(folder) is None


def test_two_programs_at_one_store_never_put_the_mark_ahead(worked: Shop, tmp_path: Path) -> None:
    beside = open_desk(worked.folder)
    for at in range(6):
        desk = (worked.desk, beside.desk)[at % 2]
        with desk.work() as uow:
            uow.journal.write(at=worked.clock(), actor="1001", what="mended", facts={})
        mark = read_mark(worked.folder)
        assert mark is not None and mark.n == head(worked.opened.store).n
        assert opened_anew(taken(worked, tmp_path / f"cut-{at}")) is None
    beside.store.close()


def test_a_mark_that_cannot_be_written_stops_nobody(worked: Shop) -> None:
    (worked.folder / MARK_FILE).unlink()
    (worked.folder / MARK_FILE).mkdir()
    worked.cancel(worked.ticket())
    assert read_mark(worked.folder) is None


def test_on_a_disk_without_room_for_the_copy_it_is_told_all_the_same(worked: Shop, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, before[1]))
    try:
        first_look(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    lost = opened_anew(folder)
    assert lost is not None and lost.facts["kept"] == ""
    assert not list(folder.glob("quarantine-*"))


def test_a_restore_that_was_ended_half_way_leaves_nothing_for_a_new_store(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "data")
    quarantine(folder)
    put_back(folder)
    create_store(folder, identity=IDENTITY).close()
    assert opened_anew(folder) is None
    assert next_slip(folder) == 1


def test_a_store_made_anew_beside_the_mark_of_one_that_is_gone_is_no_alarm(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "data")
    for name in (DATABASE_FILE, LOG):
        (folder / name).unlink()
    create_store(folder, identity=IDENTITY).close()
    assert opened_anew(folder) is None


def test_putting_files_aside_that_was_ended_half_way_tells_that_the_log_is_missing(
    worked: Shop, tmp_path: Path
) -> None:
    folder = taken(worked, tmp_path / "data")
    (folder / "quarantine-1").mkdir()
    (folder / LOG).replace(folder / "quarantine-1" / LOG)
    assert opened_anew(folder) is not None


# Where SQLite's lock lies that says that a database is in use (its `SHARED_FIRST` and `SHARED_SIZE`).
IN_USE_FROM, IN_USE_BYTES = 0x40000002, 510
TRY_ALONE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, int(sys.argv[3]), int(sys.argv[2]))
"""


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_others_see_that_the_desk_is_in_use_although_its_file_was_copied(worked: Shop, tmp_path: Path) -> None:
    folder = taken(worked, tmp_path / "cut", without=(LOG,))
    opened = open_desk(folder)
    asked = [sys.executable, "-c", TRY_ALONE, str(folder / DATABASE_FILE), str(IN_USE_FROM), str(IN_USE_BYTES)]
    assert subprocess.run(asked, capture_output=True, timeout=60).returncode != 0
    opened.close()
    assert subprocess.run(asked, capture_output=True, timeout=60).returncode == 0
