"""`export`, `keys export` and `journal`: what leaves the desk, and what is written down about it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from store_desk.domain.journal import Entry, first_broken
from tests.cli.conftest import AUDITOR, CLERK, MANAGER, RUNGS, Call


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_ticket_goes_out_with_its_case(call: Call, tmp_path: Path) -> None:
    call("cancel", "T-1", "--reason", "mistake", "--consent", "verbal")
    out = tmp_path / "all.csv"
    ran = call("export", str(out), "--lang", "en", clerk=MANAGER)
    assert (ran.status, ran.json["rows"]) == (0, len(RUNGS))
    rows = rows_of(out)
    assert len(rows) == len(RUNGS)
    cancelled = [row for row in rows if row["Case state"]]
    assert [(row["Case state"], row["Case clerk"]) for row in cancelled] == [("confirmed", CLERK)]


def test_a_workbook_is_written_too(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "all.XLSX"
    assert call("export", str(out), clerk=AUDITOR).json["rows"] == len(RUNGS)
    assert out.read_bytes().startswith(b"PK")


def test_a_query_cuts_the_export_down(call: Call, tmp_path: Path) -> None:
    ran = call("export", str(tmp_path / "one.csv"), "--query", "T-4", clerk=MANAGER)
    assert "T-4" in (tmp_path / "one.csv").read_text("utf-8-sig")
    assert 1 <= ran.json["rows"] < len(RUNGS)


def test_an_export_needs_the_right_and_is_written_down(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    assert call("export", str(out)).code == "right_missing"
    assert not out.exists()
    call("export", str(out), clerk=MANAGER)
    latest = call("journal", clerk=MANAGER).json["latest"]
    assert [entry["facts"] for entry in latest if entry["what"] == "tickets_exported"] == [
        {"file": "all.csv", "query": "", "rows": len(RUNGS)}
    ]


@pytest.mark.parametrize(("name", "status"), [("all.txt", 2), ("all", 2), ("nowhere/all.csv", 3)])
def test_an_export_that_cannot_be_written_says_so(call: Call, tmp_path: Path, name: str, status: int) -> None:
    assert call("export", str(tmp_path / name), clerk=MANAGER).status == status


def test_the_public_key_goes_out_with_its_fingerprint(call: Call, folder: Path, tmp_path: Path) -> None:
    from store_desk.store.keys import fingerprint, load_keys, public_key

    out = tmp_path / "desk.keys"
    ran = call("keys", "export", str(out), clerk=MANAGER)
    keys = load_keys(folder)
    assert ran.json["fingerprint"] == fingerprint(keys)
    entry = json.loads(out.read_text("utf-8"))
    assert (entry["store"], entry["desk"], entry["fingerprint"]) == ("XH", 1, fingerprint(keys))
    assert bytes.fromhex(entry["public_key"]) == public_key(keys)
    assert (entry["vouched_by"], entry["revoked"]) == (None, False)
    assert entry["certificate_fingerprint"] in entry["certificates"]
    assert call("keys", "export", str(out)).code == "right_missing"


def test_the_journal_holds_and_counts_its_entries(call: Call) -> None:
    ran = call("journal", "--verify", clerk=AUDITOR)
    assert ran.status == 0
    assert ran.json["verified"] is True
    assert ran.json["entries"] > 5
    assert call("journal").code == "right_missing"


def test_an_exported_journal_can_be_checked_by_anybody(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "journal.jsonl"
    ran = call("journal", "--export", str(out), clerk=MANAGER)
    read = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(read) == ran.json["entries"]
    assert first_broken(Entry(**entry) for entry in read) is None


@pytest.mark.parametrize(("lang", "words"), [("zh", "新增人员"), ("en", "person added")])
def test_people_read_the_journal_in_words_and_programs_in_codes(call: Call, lang: str, words: str) -> None:
    call("staff", "add", "2077", "--name", "王五", "--role", "clerk", clerk=MANAGER, STORE_DESK_NEW_PIN="482915")
    assert call("journal", clerk=MANAGER).json["latest"][-2]["what"] == "staff_added"
    out = call("--lang", lang, "journal", clerk=MANAGER, as_json=False).out
    assert words in out and "staff_added" not in out


def test_a_journal_that_was_changed_is_refused(call: Call, folder: Path) -> None:
    from store_desk.store.opening import open_folder

    store = open_folder(folder)
    with store.writing() as unit:
        unit.connection.execute("DROP TRIGGER journal_no_update")
        unit.connection.execute("UPDATE journal SET actor = 'nobody' WHERE n = 3")
    store.close()
    ran = call("journal", "--verify", clerk=MANAGER)
    assert (ran.status, ran.code) == (1, "journal_broken")
    assert ran.json["error"]["facts"]["entry"] == 3
    seen = call("journal", clerk=MANAGER)
    assert (seen.status, seen.json["verified"], seen.json["broken_at"]) == (0, False, 3)
    assert seen.json["entries"] > 5
