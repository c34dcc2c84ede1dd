"""`import`: files brought in through the same reading and publishing as the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from store_desk.domain.policy import Policy
from tests.cli.conftest import MANAGER, Call, Ran

HEAD = "售后单号,订单号,客户姓名,联系电话,商品名称,状态,更新时间"
ROWS = (
    "A-1,SO-1,张伟,13900001111,冰箱,待审核,2026-05-01 10:00:00",
    "A-2,SO-2,李娜,13900002222,空调,处理中,2026-05-01 11:00:00",
    "A-3,SO-3,王芳,13900003333,洗衣机,已取消,2026-05-01 12:00:00",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of three tickets."""
    path = tmp_path / "export.csv"
    path.write_text("\n".join((HEAD, *ROWS)) + "\n", encoding="utf-8-sig")
    return path


def bring(call: Call, file: Path, *more: str, **options: str) -> Ran:
    return call("import", str(file), *more, clerk=MANAGER, **options)


def test_a_file_is_brought_in_and_counted(call: Call, file: Path) -> None:
    ran = bring(call, file)
    assert ran.status == 0
    assert {"rows", "added", "updated", "unchanged", "refused", "refused_file", "batch", "mapping"} <= ran.json.keys()
    assert (ran.json["rows"], ran.json["added"], ran.json["refused"]) == (3, 3, 0)
    assert ran.json["mapping"]["number"] == "售后单号"
    shown = call("show", "A-2").json["ticket"]
    assert (shown["review"], shown["work"], shown["customer"]) == ("in_process", "in_process", "李娜")
    assert call("show", "A-3").json["ticket"]["status"] == "cancelled"


def test_the_same_file_again_changes_nothing(call: Call, file: Path) -> None:
    bring(call, file)
    ran = bring(call, file)
    assert (ran.json["added"], ran.json["unchanged"]) == (0, 3)


def test_a_trial_counts_the_same_and_keeps_nothing(call: Call, file: Path) -> None:
    ran = bring(call, file, "--dry-run")
    assert ran.status == 0
    assert (ran.json["rows"], ran.json["added"], ran.json["batch"]) == (3, 3, None)
    assert call("show", "A-1").code == "ticket_not_found"


@pytest.mark.parametrize("trial", [(), ("--dry-run",)])
def test_a_file_of_garbage_is_refused_as_a_whole(call: Call, tmp_path: Path, trial: tuple[str, ...]) -> None:
    file = tmp_path / "garbage.csv"
    file.write_text(f"{HEAD}\n{ROWS[0]}\n" + "garbage\n" * 300_000, encoding="utf-8")
    ran = bring(call, file, *trial)
    assert (ran.status, ran.code) == (1, "not_a_ticket_export")
    facts = ran.json["error"]["facts"]
    assert (facts["refused"], facts["rows"]) == (Policy().import_refused_max + 1, 1)
    assert "garbage" in Path(facts["kept"]).read_text("utf-8-sig")
    assert call("show", "A-1").code == "ticket_not_found"


@pytest.mark.parametrize("trial", [(), ("--dry-run",)])
def test_words_that_nobody_explained_are_refused_by_name(call: Call, tmp_path: Path, trial: tuple[str, ...]) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(f"{HEAD}\nB-1,SO-9,张伟,13900001111,冰箱,飘在空中,2026-05-01\n", encoding="utf-8")
    ran = bring(call, file, *trial)
    assert (ran.status, ran.code) == (1, "values_unknown")
    assert ran.json["error"]["facts"]["field"] == "state"
    assert ran.json["error"]["facts"]["values"] == ["飘在空中"]
    assert "--value" in ran.json["error"]["hint"]
    assert call("show", "B-1").code == "ticket_not_found"


def test_a_word_is_explained_once_and_remembered(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(f"{HEAD}\nB-1,SO-9,张伟,13900001111,冰箱,飘:在=空中,2026-05-01\n", encoding="utf-8")
    ran = bring(call, file, "--value", "state:飘:在=空中=approved/assigned")
    assert ran.status == 0
    assert call("show", "B-1").json["ticket"]["work"] == "assigned"
    again = tmp_path / "again.csv"
    again.write_text(f"{HEAD}\nB-2,SO-9,张伟,13900001111,冰箱,飘:在=空中,2026-05-02\n", encoding="utf-8")
    assert bring(call, again).json["added"] == 1


def test_a_column_is_named_by_hand(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "strange.csv"
    file.write_text("zzz,客户姓名\nC-1,张伟\n", encoding="utf-8")
    unnamed = bring(call, file)
    assert (unnamed.status, unnamed.code) == (1, "mapping_incomplete")
    assert "--map" in unnamed.json["error"]["hint"]
    named = bring(call, file, "--map", "number=zzz")
    assert (named.status, named.json["mapping"]["number"]) == (0, "zzz")
    assert call("show", "C-1").json["ticket"]["customer"] == "张伟"


@pytest.mark.parametrize(
    "words",
    [
        ("--map", "nonsense=售后单号"),
        ("--map", "number=没有这一列"),
        ("--value", "state:x=nowhere/at_all"),
        ("--value", "nonsense:x=y"),
    ],
)
def test_a_mapping_to_what_is_not_there_is_wrong_use(call: Call, file: Path, words: tuple[str, str]) -> None:
    ran = bring(call, file, *words)
    assert (ran.status, ran.code) == (2, "mapping_invalid")
    assert ran.json["error"]["facts"]["known"]


def test_refused_rows_are_written_to_a_file(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "part.csv"
    file.write_text("\n".join((HEAD, ROWS[0], ",SO-8,无号,,,待审核,")) + "\n", encoding="utf-8")
    ran = bring(call, file)
    assert (ran.status, ran.json["added"], ran.json["refused"]) == (0, 1, 1)
    assert "SO-8" in Path(ran.json["refused_file"]).read_text("utf-8-sig") or Path(ran.json["refused_file"]).is_file()
    told = bring(call, file, "--lang", "en", STORE_DESK_PIN="246801")
    assert told.status == 0


def test_an_import_is_taken_back_as_a_whole(call: Call, file: Path) -> None:
    batch = bring(call, file).json["batch"]
    ran = call("import", "--undo", str(batch), clerk=MANAGER)
    assert (ran.status, ran.json["removed"], ran.json["restored"]) == (0, 3, 0)
    assert call("show", "A-1").code == "ticket_not_found"


def test_what_was_touched_since_stays_and_is_named(call: Call, file: Path) -> None:
    batch = bring(call, file).json["batch"]
    assert call("cancel", "A-1", "--reason", "mistake", "--consent", "verbal").status == 0
    ran = call("import", "--undo", str(batch), clerk=MANAGER)
    assert (ran.json["removed"], ran.json["kept"]) == (2, ["A-1"])


@pytest.mark.parametrize("batch", ["4711", str(2**63 - 1)])
def test_an_import_that_never_was_is_not_taken_back(call: Call, batch: str) -> None:
    ran = call("import", "--undo", batch, clerk=MANAGER)
    assert (ran.status, ran.code) == (1, "batch_not_found")


@pytest.mark.parametrize(
    ("content", "code"), [(None, "file_unreadable"), (b"%PDF-1.7\n%", "file_unreadable"), (b"", "file_empty")]
)
def test_a_file_that_is_no_table_is_told_apart(call: Call, tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    ran = bring(call, file)
    assert ran.code == code
    assert ran.status == (3 if code == "file_unreadable" else 1)


def test_importing_needs_a_manager(call: Call, file: Path) -> None:
    ran = call("import", str(file))
    assert (ran.status, ran.code) == (1, "right_missing")


def test_in_words_the_numbers_stand_on_one_line(call: Call, file: Path) -> None:
    ran = call("import", str(file), "--lang", "en", clerk=MANAGER, as_json=False)
    assert ran.status == 0
    assert "3 rows · 3 added" in ran.out
    assert "import" not in ran.err.lower()


@pytest.mark.req("REQ-RSN-06")
def test_a_ticket_that_was_imported_as_cancelled_bears_a_reason_too(call: Call, file: Path) -> None:
    bring(call, file)
    (case,) = call("show", "A-3").json["cases"]
    assert (case["origin"], case["state"], case["reason"], case["level"]) == ("import", "confirmed", "other", None)
