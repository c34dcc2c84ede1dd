"""Whatever becomes of the processes that read a file: a typed error, nothing left behind, and the desk goes on."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store_desk.app.import_process import ask_process
from store_desk.app.importing import DeskImporting
from store_desk.domain.errors import DiskFailed, DiskFull, DomainError, FileUnreadable, ImportStopped, OutsideFailure
from tests.app import processes
from tests.app.exports import bring, importing, look, many, never, numbers, quiet, staged, write
from tests.shop import Shop

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are watched through /proc")
ROWS = 3_000
ENDS_WITHIN_S = 10.0
MIB = 1024 * 1024


def nothing_left(shop: Shop, seen: list[int]) -> None:
    assert staged(shop) == []
    # A process whose partner was killed ends when it next reads or writes the pipe between them.
    deadline = time.monotonic() + ENDS_WITHIN_S
    while processes.living(seen) and time.monotonic() < deadline:
        os.sched_yield()
    assert processes.living(seen) == []
    assert not set(processes.zombies()) & set(seen)


@contextmanager
def small_files_only(size: int) -> Iterator[None]:
    """As on a disk that is full but for so many bytes a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("which", [0, -1], ids=["the one that writes", "the one that reads"])
def test_a_killed_process_is_an_unreadable_file_and_leaves_nothing(shop: Shop, tmp_path: Path, which: int) -> None:
    file = many(tmp_path / "many.csv", ROWS)
    mapping = look(shop, file)
    seen: list[int] = []

    def kill(done: int, total: int) -> None:
        running = processes.readers()
        if len(running) > 1:
            seen.extend(running)
            processes.end(running[which])

    with pytest.raises(FileUnreadable) as refused:
        importing(shop).check(file, mapping, progress=kill, stop=never)
    assert refused.value.facts["detail"] == "the reader stopped"
    assert len(seen) > 1
    nothing_left(shop, seen)
    assert bring(shop, file).counts.added == ROWS


def test_stopping_ends_both_processes_at_once(shop: Shop, tmp_path: Path) -> None:
    file = many(tmp_path / "many.csv", ROWS)
    mapping = look(shop, file)
    seen: list[int] = []

    def stop() -> bool:
        seen.extend(processes.readers())
        return len(seen) > 1

    with pytest.raises(ImportStopped):
        importing(shop).check(file, mapping, progress=quiet, stop=stop)
    nothing_left(shop, seen)
    assert numbers(shop) == []


@pytest.mark.parametrize("mib", [24, 48, 96, 160])
def test_too_little_memory_is_an_unreadable_file(shop: Shop, tmp_path: Path, mib: int) -> None:
    file = many(tmp_path / "many.csv", 20_000)
    imports = DeskImporting(shop.desk, shop.opened.store, memory=mib * MIB)
    mapping = look(shop, file)
    try:
        counts = imports.check(file, mapping, progress=quiet, stop=never).counts
    except DomainError as error:
        assert isinstance(error, FileUnreadable | DiskFailed | DiskFull | OutsideFailure), error
        assert staged(shop) == []
    else:
        assert mib > 24, "nothing runs in so little"
        assert counts.added == 20_000
        imports.forget()


def test_a_full_disk_while_reading_is_said_and_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    file = many(tmp_path / "many.csv", ROWS)
    mapping = look(shop, file)
    with small_files_only(256 * 1024), pytest.raises((DiskFull, DiskFailed)):
        importing(shop).check(file, mapping, progress=quiet, stop=never)
    assert staged(shop) == []
    assert bring(shop, file).counts.added == ROWS


def test_a_full_disk_while_publishing_is_taken_back_at_the_next_start(shop: Shop, tmp_path: Path) -> None:
    from store_desk.store.undo import take_back_unfinished

    file = many(tmp_path / "many.csv", ROWS)
    imports = importing(shop)
    mapping = look(shop, file)
    imports.check(file, mapping, progress=quiet, stop=never)
    with small_files_only(shop.opened.store.path.stat().st_size + 512 * 1024), pytest.raises((DiskFull, DiskFailed)):
        imports.bring_in(shop.manager, file, mapping, progress=quiet, stop=never)
    assert staged(shop) == []
    take_back_unfinished(shop.opened.store, now=shop.clock())
    assert numbers(shop) == []
    assert bring(shop, file).counts.added == ROWS


def test_a_file_that_vanished_is_unreadable(shop: Shop, tmp_path: Path) -> None:
    file = write(tmp_path / "export.csv")
    mapping = look(shop, file)
    file.unlink()
    with pytest.raises(FileUnreadable):
        importing(shop).look(file)
    with pytest.raises(FileUnreadable):
        importing(shop).check(file, mapping, progress=quiet, stop=never)
    with pytest.raises(FileUnreadable):
        importing(shop).bring_in(shop.manager, file, mapping, progress=quiet, stop=never)
    file.mkdir()
    with pytest.raises(FileUnreadable):
        importing(shop).check(file, mapping, progress=quiet, stop=never)
    assert staged(shop) == []


ANSWERS = {
    "nothing at all": "",
    "no JSON": "print('Segmentation fault (core dumped)')",
    "JSON of another kind": "print('[1, 2, 3]')",
    "half a line": 'import sys; sys.stdout.write(\'{"result": {"a"\')',
    "bytes that are no text": "import sys; sys.stdout.buffer.write(bytes(range(128, 256)) * 9)",
    "progress that is none": 'print(\'{"progress": "soon"}\')',
    "a result that is none": "print('{\"result\": 5}')",
}


@pytest.mark.parametrize("code", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_nobody_understands_is_an_unreadable_file(code: str, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as refused:
        ask_process({"do": "look", "path": str(tmp_path / "x.csv")}, program=[sys.executable, "-c", code])
    assert refused.value.facts["file"] == "x.csv"


def test_an_error_of_an_unknown_kind_is_told_as_a_failure_outside(tmp_path: Path) -> None:
    code = f"print({json.dumps(json.dumps({'error': {'code': 'from_the_future', 'facts': {}}}))})"
    with pytest.raises(OutsideFailure):
        ask_process({"do": "look", "path": str(tmp_path)}, program=[sys.executable, "-c", code])


def test_what_a_process_says_before_it_ends_is_heard_even_if_it_never_read_the_request(tmp_path: Path) -> None:
    said = json.dumps({"error": {"code": "import_stopped", "facts": {}}})
    more_than_a_pipe_holds = "x" * 1_000_000
    with pytest.raises(ImportStopped):
        ask_process({"do": "look", "path": more_than_a_pipe_holds}, program=[sys.executable, "-c", f"print({said!r})"])


def test_a_process_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutsideFailure):
        ask_process({"do": "look", "path": "x"}, program=[str(tmp_path / "no such program")])


def test_a_process_that_says_nothing_is_still_stopped_and_waited_for() -> None:
    told: list[tuple[int, int]] = []
    before = set(processes.children(os.getpid()))
    with pytest.raises(ImportStopped):
        ask_process(
            {"do": "look", "path": "x"},
            program=[sys.executable, "-c", "import time; time.sleep(600)"],
            progress=lambda done, total: told.append((done, total)),
            stop=lambda: len(told) >= 3,
        )
    assert told == [(0, 1)] * 3
    assert set(processes.children(os.getpid())) <= before


def test_the_process_that_meets_the_file_never_gets_the_key(shop: Shop, tmp_path: Path) -> None:
    file = many(tmp_path / "many.csv", ROWS)
    mapping = look(shop, file)
    key = shop.opened.store.keys.database.hex().encode()
    seen: dict[int, bytes] = {}

    def watch(done: int, total: int) -> None:
        for pid in processes.readers():
            try:
                shown = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            seen[pid] = seen.get(pid, b"") + shown

    imports = importing(shop)
    imports.check(file, mapping, progress=watch, stop=never)
    imports.forget()
    assert len(seen) == 2
    assert all(key not in shown for shown in seen.values())
