"""Whatever the window saves where somebody says, it never writes into the data folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store_desk.app.bench import make_bench
from store_desk.app.setting_up import save_sheet
from store_desk.domain.errors import IntoDataFolder
from store_desk.domain.imports import RefusedRow
from store_desk.domain.slip import Paper
from store_desk.store import BACKUP_FOLDER, DATABASE_FILE
from store_desk.store.files import lies_within
from store_desk.store.keys import KEYS_FILE, recovery_sheet
from store_desk.ui.bench import Bench
from store_desk.ui.language import Language
from store_desk.ui.setup.form import SetUpDone
from store_desk.words import LANGS, say_error
from tests.shop import Shop

SAVES = ("slip", "refused rows", "evidence pack", "recovery sheet", "backup")


class Lanes:
    """Lanes that nobody uses here: what is saved is saved where it is asked for."""

    database = printer = files = None

    def __init__(self) -> None:
        self.language = Language("zh")


@pytest.fixture
def bench(shop: Shop) -> Bench:
    bench = make_bench(shop.opened, Lanes())
    bench.session.actor = shop.manager
    return bench


def saving(what: str, shop: Shop, bench: Bench) -> Callable[[Path], Any]:
    """What the window's dialog for this does with the chosen name."""
    slip = shop.cancel(shop.ticket()).slip.number
    with shop.desk.read() as uow:
        manager = uow.people.get(shop.manager.id)
        number = uow.tickets.get(uow.slips.get(slip).ticket_id).number  # type: ignore[union-attr]
    done = SetUpDone(shop.desk.identity, manager, recovery_sheet(shop.opened.store.keys))  # type: ignore[arg-type]
    saves: dict[str, Callable[[Path], Any]] = {
        "slip": lambda path: bench.printing.save_slip(slip, paper=Paper.A5, path=path),
        "refused rows": lambda path: bench.importing.save_refused((RefusedRow(2, "", "x", "row_broken"),), path),
        "evidence pack": lambda path: bench.save_evidence(shop.manager, number, path),  # type: ignore[misc]
        "recovery sheet": lambda path: save_sheet(done, path, folder=shop.folder),
        "backup": lambda path: bench.backup(path, "correct horse battery"),
    }
    return saves[what]


@pytest.mark.parametrize("what", SAVES)
def test_nothing_is_saved_over_the_program_s_own_files(what: str, shop: Shop, bench: Bench, tmp_path: Path) -> None:
    save = saving(what, shop, bench)
    linked = tmp_path / "elsewhere"
    linked.symlink_to(shop.folder, target_is_directory=True)
    (shop.folder / BACKUP_FOLDER).mkdir(exist_ok=True)
    before = {path: path.read_bytes() for path in shop.folder.rglob("*") if path.is_file()}
    for place in (
        shop.folder / DATABASE_FILE,
        shop.folder / f"{DATABASE_FILE}-wal",
        shop.folder / BACKUP_FOLDER / "copy-000001-x.db",
        linked / KEYS_FILE,
        shop.folder / "not-there" / "file",
    ):
        with pytest.raises(IntoDataFolder) as refused:
            save(place)
        for lang in LANGS:
            assert str(place) in say_error(lang, refused.value)
    after = {path: path.read_bytes() for path in shop.folder.rglob("*") if path.is_file()}
    assert after == before
    save(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").stat().st_size > 20


def test_a_folder_beside_the_data_is_not_within_it(tmp_path: Path) -> None:
    for name in ("data", "data-2"):
        (tmp_path / name).mkdir()
    assert lies_within(tmp_path / "data", tmp_path / "data" / "a" / "b.pdf")
    assert not lies_within(tmp_path / "data", tmp_path / "data-2" / "b.pdf")
    assert not lies_within(tmp_path / "data", tmp_path / "data")
