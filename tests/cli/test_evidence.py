"""`attach`, `evidence` and `stop-sheet` as a person calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import AUDITOR, CLERK, PINS, SUPERVISOR, Call

PHOTO = b"\xff\xd8\xff\xe0" + b"leak" * 50


@pytest.mark.req("REQ-EVD-01", "REQ-CND-09")
def test_evidence_leaves_signed_and_verifies(call: Call, tmp_path: Path) -> None:
    photo, out = tmp_path / "leak.jpg", tmp_path / "pack.zip"
    photo.write_bytes(PHOTO)
    attached = call("attach", "T-1", str(photo), "--kind", "photo")
    assert attached.status == 0 and attached.json["attachment"]["kind"] == "photo"
    done = call("cancel", "T-1", "--reason", "other_channel", "--evidence", "which=消协", "--consent", "verbal")
    assert done.status == 0
    ran = call("evidence", "T-1", "--out", str(out), clerk=SUPERVISOR)
    assert ran.status == 0 and "manifest.json" in ran.json["members"]
    assert call("verify", str(out), clerk="").json["verdict"] == "genuine"
    out.write_bytes(out.read_bytes().replace(b"leakleak", b"leekleak", 1))
    changed = call("verify", str(out), clerk="")
    assert (changed.status, changed.json["verdict"]) == (1, "changed")
    assert changed.json["changed"][0].startswith("attachments/")
    assert call("evidence", "T-1", "--out", str(tmp_path), clerk=AUDITOR).code == "file_not_written"


@pytest.mark.req("REQ-CND-09")
def test_the_clerk_of_a_case_that_goes_elsewhere_writes_its_pack_and_no_others(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    assert call("evidence", "T-1", "--out", str(out)).code == "right_missing"
    done = call("cancel", "T-1", "--reason", "other_channel", "--evidence", "which=消协", "--consent", "verbal")
    assert done.status == 0
    assert call("evidence", "T-1", "--out", str(out)).status == 0
    assert call("verify", str(out), clerk="").json["verdict"] == "genuine"
    other = ("--reason", "other_channel", "--evidence", "which=消协", "--consent", "verbal")
    assert call("cancel", "T-2", *other, clerk=SUPERVISOR).status == 0
    assert call("evidence", "T-2", "--out", str(out)).code == "right_missing"


def test_what_is_no_photo_is_refused(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "program.jpg"
    file.write_bytes(b"MZ" + b"\0" * 60)
    assert call("attach", "T-1", str(file)).code == "attachment_unsuitable"
    assert call("attach", "T-1", str(tmp_path / "nothing")).code == "file_unreadable"


@pytest.mark.req("REQ-NTF-01")
def test_a_stop_sheet_is_written_for_a_visit(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "stop.pdf"
    assert call("stop-sheet", "T-4", "--out", str(out)).code == "nothing_to_stop"
    done = call(
        "cancel",
        "T-4",
        *("--reason", "self_resolved", "--note", "好了", "--consent", "paper", "--approve-as", SUPERVISOR),
        clerk=CLERK,
        STORE_DESK_APPROVER_PIN=PINS[SUPERVISOR],
    )
    assert done.status == 0, done.json
    ran = call("stop-sheet", "T-4", "--out", str(out))
    assert ran.status == 0 and out.read_bytes().startswith(b"%PDF")
    assert call("slip", "T-4", "--out", str(out)).json["slip"]["number"] == done.json["slip"]["number"]
