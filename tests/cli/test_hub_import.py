"""`hub import`: a foreign file is read apart and to its end, and only then is anything written."""

# ruff: noqa: F811 (fixtures of another module are taken by their names)

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from store_desk.app import reading_apart
from store_desk.cli.verbs import hub as verbs
from tests.cli.test_hub import HEADINGS, Hub, _feed, _file, _row, empty, founded, hub  # noqa: F401  # fixtures
from tests.hub.conftest import postgres, template  # noqa: F401  # fixtures

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
# Many bits of nothing: a few kilobytes that unpack to half a gigabyte.
BOMB_BYTES = 512 * 1024 * 1024


def zip_bomb(path: Path) -> Path:
    """A workbook whose sheet unpacks to much more than it should."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="x" sheetId="1"/></sheets></workbook>')
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(SHEET.encode())
            page = b" " * (1024 * 1024)
            for _ in range(BOMB_BYTES // len(page)):
                sheet.write(page)
    return path


def cut_workbook(path: Path) -> Path:
    """The first half of a real workbook."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", SHEET + "<row/>" * 5_000)
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


HOSTILE: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "a zip bomb": ("bomb.xlsx", zip_bomb),
    "half a workbook": ("half.xlsx", cut_workbook),
    "nothing": ("nothing.csv", lambda path: written(path, b"")),
    "noughts": ("noughts.csv", lambda path: written(path, bytes(5_000))),
    "noise": ("noise.xlsx", lambda path: written(path, bytes(range(256)) * 300)),
    "a folder": ("folder.csv", lambda path: path.mkdir() or path),
    "no file": ("gone.csv", lambda path: path),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_broken_or_hostile_file_is_told_and_nothing_is_written(
    founded: Hub,
    empty: str,
    tmp_path: Path,
    kind: str,
) -> None:
    name, make = HOSTILE[kind]
    status, refused = founded("import", str(make(tmp_path / name)), "--store", "XH")
    error = refused["error"]
    assert status in (1, 2, 3) and error["code"] not in ("environment", "hub_fault"), error
    assert len(error["message"]) > 10 and "Traceback" not in error["message"]
    assert _feed(empty, "XH") == []


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/data is not beside this checkout")
def test_the_malformed_and_odd_exports_are_taken_or_told(founded: Hub, empty: str) -> None:
    seen = 0
    for folder in ("malformed", "edge"):
        for file in sorted((SHARED / folder).glob("*.csv")):
            before = len(_feed(empty, "XH"))
            status, said = founded("import", str(file), "--store", "XH")
            seen += 1
            if status:
                assert said["error"]["code"] in ("mapping_incomplete", "values_unknown", "file_unreadable"), said
                assert len(_feed(empty, "XH")) == before
            else:
                assert (
                    said["rows"]
                    == said["added"] + said["updated"] + said["unchanged"] + said["conflicts"] + said["refused"]
                )
    assert seen >= 3


def test_rows_that_are_no_tickets_are_counted_and_the_others_taken(
    founded: Hub,
    empty: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / "some.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows((HEADINGS, _row("A-1"), _row(""), _row("A-3", state="已取消")))
    status, done = founded("import", str(path))
    assert (status, done["rows"], done["added"], done["refused"]) == (0, 3, 2, 1), done
    assert [record.ticket.number for record in _feed(empty, "XH")] == ["A-1", "A-3"]


@pytest.mark.skipif(sys.platform == "win32", reason="memory is bounded where the system can")
def test_a_reader_that_needs_too_much_memory_is_an_unreadable_file(
    founded: Hub,
    empty: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_apart.look_apart, "__kwdefaults__", {"memory": 24 * 1024 * 1024})
    status, refused = founded("import", str(_file(tmp_path, _row("A-1"))))
    assert (status, refused["error"]["code"]) == (1, "file_unreadable") or status == 3
    assert _feed(empty, "XH") == []


def test_nothing_is_left_behind(founded: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(reading_apart.tempfile, "tempdir", str(place))
    assert founded("import", str(_file(tmp_path, _row("A-1"))))[0] == 0
    assert founded("import", str(_file(tmp_path, _row("A-2", state="奇怪的状态"))))[0] == 1
    assert list(place.iterdir()) == []
    assert verbs.import_.__doc__
