"""`verify` and `keys export`: a slip checked by anybody, with the key file of the desk and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.proof import Trust
from tests.cli.conftest import CLERK, MANAGER, Call

CANCEL = ("--reason", "mistake", "--consent", "paper")
ALONE = Path(__file__).parents[2] / "packaging" / "verify_slip.py"


@pytest.fixture
def slip(call: Call, tmp_path: Path) -> Path:
    """A slip that a customer took home."""
    out = tmp_path / "slip.pdf"
    ran = call("cancel", "T-1", *CANCEL, "--slip", str(out))
    assert ran.status == 0, ran.err
    return out


@pytest.fixture
def keys(call: Call, tmp_path: Path) -> Path:
    """The desk's key file."""
    out = tmp_path / "desk.keys.json"
    assert call("keys", "export", str(out), clerk=MANAGER).status == 0
    return out


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A data folder without a desk."""
    return tmp_path / "elsewhere"


def qr_of(call: Call, folder: Path, number: str) -> str:
    """The text that a telephone shows."""
    from store_desk.app.wiring import open_desk
    from store_desk.domain.slip_text import slip_from_json

    opened = open_desk(folder)
    try:
        with opened.desk.read() as uow:
            row = uow.slips.get(number)
        assert row is not None
        return slip_from_json(row.body).qr_text
    finally:
        opened.close()


def test_a_slip_is_genuine_for_who_has_the_key_file(call: Call, slip: Path, keys: Path, nowhere: Path) -> None:
    ran = call("verify", str(slip), "--trust", str(keys), clerk="", data=nowhere)
    assert (ran.status, ran.json["verdict"], ran.json["changed"]) == (0, "genuine", [])
    facts = ran.json["facts"]
    assert (facts["ticket"], facts["reason"], facts["consent"], facts["store"]) == ("T-1", "mistake", "paper", "XH")
    assert not nowhere.exists()


def test_the_desk_knows_its_own_slips_without_a_key_file(call: Call, slip: Path) -> None:
    assert call("verify", str(slip), clerk="").json["verdict"] == "genuine"


def test_without_the_key_the_desk_is_unknown_and_its_fingerprint_is_shown(
    call: Call, slip: Path, nowhere: Path, keys: Path
) -> None:
    ran = call("verify", str(slip), clerk="", data=nowhere)
    assert (ran.status, ran.json["verdict"], ran.code) == (1, "unknown_desk", "slip_not_genuine")
    assert ran.json["facts"]["fingerprint"] == json.loads(keys.read_text("utf-8"))["fingerprint"]


def test_a_revoked_key_says_so(call: Call, slip: Path, keys: Path, nowhere: Path) -> None:
    entry = json.loads(keys.read_text("utf-8"))
    keys.write_text(json.dumps([{**entry, "revoked": True}]), "utf-8")
    ran = call("verify", str(slip), "--trust", str(keys), clerk="", data=nowhere)
    assert (ran.status, ran.json["verdict"]) == (1, "revoked_desk")


def test_a_changed_file_is_told(call: Call, slip: Path, keys: Path, nowhere: Path) -> None:
    content = bytearray(slip.read_bytes())
    content[len(content) // 2] ^= 1
    slip.write_bytes(bytes(content))
    ran = call("verify", str(slip), "--trust", str(keys), clerk="", data=nowhere)
    assert ran.status == 1
    assert ran.json["verdict"] in ("changed", "unreadable")


def test_every_paper_and_the_reprint_verify(call: Call, slip: Path, tmp_path: Path) -> None:
    for paper in ("a4", "80mm", "58mm"):
        out = tmp_path / f"{paper}.pdf"
        assert call("slip", "T-1", "--paper", paper, "--out", str(out)).status == 0
        assert call("verify", str(out), clerk="").json["verdict"] == "genuine", paper


def test_a_picture_and_the_text_verify(call: Call, slip: Path, folder: Path, tmp_path: Path) -> None:
    import pypdfium2

    picture = tmp_path / "photo.jpg"
    pypdfium2.PdfDocument(slip.read_bytes())[0].render(scale=3).to_pil().save(picture, quality=60)
    ran = call("verify", str(picture), clerk="")
    assert ran.json["verdict"] == "genuine"
    text = qr_of(call, folder, ran.json["facts"]["slip"])
    assert call("verify", text, clerk="").json["verdict"] == "genuine"
    swapped = text[:60] + ("0" if text[60] != "0" else "1") + text[61:]
    assert call("verify", swapped, clerk="").json["verdict"] in ("changed", "unreadable")


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4 nothing", b"\x89PNG"])
def test_what_is_no_slip_is_unreadable(call: Call, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "thing"
    file.write_bytes(content)
    ran = call("verify", str(file), clerk="")
    assert (ran.status, ran.json["verdict"], ran.json["changed"]) == (1, "unreadable", [])
    assert call("verify", "SD1:" + "A" * 5_000, clerk="").json["verdict"] == "unreadable"


def test_why_a_slip_is_not_genuine_is_said_in_chinese_throughout(call: Call, slip: Path, tmp_path: Path) -> None:
    text = call("verify", str(slip), clerk="").json["facts"]["short_code"]
    broken = tmp_path / "文件.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    for what in (str(broken), f"SD1:{text}", str(tmp_path / "没有.pdf")):
        ran = call("--lang", "zh", "verify", what, clerk="", as_json=False)
        assert ran.status != 0
        told = ran.out + ran.err
        for name in ("文件.pdf", "没有.pdf", str(tmp_path), "Store Desk", "PDF"):
            told = told.replace(name, "")
        assert not any(sign.isascii() and sign.isalpha() for sign in told), told


def test_a_missing_file_or_a_key_file_that_is_none_is_a_failure(call: Call, slip: Path, tmp_path: Path) -> None:
    assert call("verify", str(tmp_path / "none.pdf"), clerk="").code == "file_unreadable"
    bad = tmp_path / "bad.json"
    for text in ("", "{}", "[1]", '{"public_key": "zz", "store": "XH", "desk": 1}', "[" * 100_000):
        bad.write_text(text, "utf-8")
        assert call("verify", str(slip), "--trust", str(bad), clerk="").code == "file_unreadable", text[:20]


def test_people_read_the_verdict_in_their_language(call: Call, slip: Path) -> None:
    ran = call("--lang", "zh", "verify", str(slip), clerk="", as_json=False)
    assert ran.out.startswith("真实有效\n")
    assert "撤销原因：误操作提交" in ran.out
    assert call("--lang", "en", "verify", str(slip), clerk="", as_json=False).out.startswith("Genuine\n")


def test_a_withdrawal_has_a_proof_of_its_own(call: Call, slip: Path, tmp_path: Path) -> None:
    assert call("withdraw", "T-1").status == 0
    out = tmp_path / "void.pdf"
    assert call("slip", "T-1", "--out", str(out)).status == 0
    ran = call("verify", str(out), clerk="")
    assert (ran.json["verdict"], ran.json["facts"]["variant"]) == ("genuine", "void")
    assert ran.json["facts"]["withdraws"]


def test_a_slip_that_was_altered_in_the_store_breaks_the_chain(call: Call, slip: Path, folder: Path) -> None:
    checks = {check["name"]: check["ok"] for check in call("doctor", clerk=MANAGER).json["checks"]}
    assert checks["slip_chain"] is True
    from store_desk.app.wiring import open_desk

    opened = open_desk(folder)
    with opened.store.writing() as unit:
        unit.connection.execute("DROP TRIGGER IF EXISTS slip_no_change")
        for (name,) in unit.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            unit.connection.execute(f'DROP TRIGGER "{name}"')
        unit.connection.execute("UPDATE slip SET body = replace(body, 'XH', 'XJ')")
    opened.close()
    checks = {check["name"]: check["ok"] for check in call("doctor", clerk=MANAGER).json["checks"]}
    assert checks["slip_chain"] is False


@pytest.mark.parametrize("bare", [True, False])
def test_the_single_file_verifies_without_store_desk(
    call: Call, slip: Path, keys: Path, folder: Path, tmp_path: Path, bare: bool
) -> None:
    python = Path(sys.executable)
    if bare:
        venv.create(tmp_path / "bare", with_pip=False)
        python = tmp_path / "bare" / "bin" / "python"
        found = subprocess.run([python, "-c", "import cryptography"], capture_output=True, check=False)
        assert found.returncode != 0
    text = qr_of(call, folder, call("verify", str(slip), clerk="").json["facts"]["slip"])

    def ask(what: str, *more: str) -> tuple[int, dict[str, object]]:
        argv = [python, "-I", ALONE, what, "--json", *more]
        done = subprocess.run(argv, capture_output=True, check=False, encoding="utf-8")
        return done.returncode, json.loads(done.stdout)

    status, answer = ask(text, "--trust", str(keys))
    assert (status, answer["verdict"]) == (0, "genuine")
    assert answer["facts"] == call("verify", text, clerk="").json["facts"]
    assert ask(text)[1]["verdict"] == "unknown_desk"
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert ask(wrong, "--trust", str(keys))[0] == 1
    assert ask("SD1:GARBAGE")[1]["verdict"] == "unreadable"
    entry = json.loads(keys.read_text("utf-8"))
    keys.write_text(json.dumps([entry, {**entry, "revoked": True}]), "utf-8")
    assert ask(text, "--trust", str(keys))[1]["verdict"] == "revoked_desk"


def single_file() -> Any:
    """The single file as a module."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("verify_slip", ALONE)
    assert spec is not None
    assert spec.loader is not None
    alone = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(alone)
    return alone


@pytest.fixture
def pack(call: Call, slip: Path, folder: Path, tmp_path: Path) -> Path:
    """A real evidence pack: slips, journal, case, signature's read-back, and a photo."""
    photo, out = tmp_path / "leak.jpg", tmp_path / "pack.zip"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"leak" * 50)
    number = call("verify", str(slip), clerk="").json["facts"]["ticket"]
    assert call("attach", number, str(photo), "--kind", "photo").status == 0
    assert call("evidence", number, "--out", str(out), clerk=MANAGER).status == 0
    return out


@pytest.mark.req("REQ-EVD-03")
def test_the_single_file_answers_for_a_pack_as_store_desk_does(
    call: Call, pack: Path, keys: Path, tmp_path: Path
) -> None:
    import zipfile

    from store_desk.slips.evidence_file import pack_bytes
    from store_desk.slips.trust import read_trust
    from store_desk.slips.verify import verify_file

    alone, trust = single_file(), read_trust(keys)
    known = alone.read_keys(keys)

    def both(content: bytes) -> dict[str, Any]:
        """The two programs' one answer."""
        path = tmp_path / "handed-in.zip"
        path.write_bytes(content)
        verdict = verify_file(path, trust)
        answer: dict[str, Any] = alone.answer_to(str(path), known)
        assert answer["verdict"] == verdict.outcome.value
        assert answer["changed"] == list(verdict.changed)
        assert answer["facts"] == verdict.facts
        # What does not even begin as a pack is taken for a picture, of which each says something else.
        assert answer.get("why", "") == verdict.why or not content.startswith(b"PK")
        return answer

    content = pack.read_bytes()
    genuine = both(content)
    assert (genuine["verdict"], genuine["changed"]) == ("genuine", [])
    shown = call("verify", str(pack), clerk="").json
    assert (shown["verdict"], shown["facts"]) == (genuine["verdict"], genuine["facts"])
    with zipfile.ZipFile(pack) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    assert len(members) == genuine["facts"]["members"] + 2 > 8
    for name, old in members.items():
        middle = len(old) // 2
        changed = both(pack_bytes({**members, name: old[:middle] + bytes([old[middle] ^ 1]) + old[middle + 1 :]}))
        assert changed["verdict"] == "changed" or name.startswith("manifest."), name
        assert changed["verdict"] in ("changed", "unreadable"), name
        assert changed["verdict"] == "unreadable" or changed["changed"] in ([name], ["manifest.json"]), name
        assert both(pack_bytes({one: kept for one, kept in members.items() if one != name}))["verdict"] != "genuine"
    assert both(pack_bytes({**members, "extra.txt": b"x"}))["changed"] == ["extra.txt"]
    for place in (*range(0, len(content), 1_009), *range(len(content) - 40, len(content))):
        wrong = bytearray(content)
        wrong[place] ^= 1
        assert both(bytes(wrong))["verdict"] in ("changed", "unreadable"), place
    for other in (b"PK\x03\x04", content[:-1], content + b"\0"):
        assert both(other)["verdict"] in ("changed", "unreadable")
    entry = json.loads(keys.read_text("utf-8"))
    for revision, verdict in (({"revoked": True}, "revoked_desk"), ({"store": "ZZ"}, "changed")):
        keys.write_text(json.dumps(entry | revision), "utf-8")
        known, trust = alone.read_keys(keys), read_trust(keys)
        assert both(content)["verdict"] == verdict
    known, trust = {}, Trust()
    assert both(content)["verdict"] == "unknown_desk"


def test_the_single_file_reads_a_pack_where_nothing_is_installed(pack: Path, keys: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    argv = [tmp_path / "bare" / "bin" / "python", "-I", ALONE, pack, "--trust", keys]
    done = subprocess.run(argv, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "GENUINE")
    pack.write_bytes(pack.read_bytes().replace(b"leakleak", b"leekleak", 1))
    done = subprocess.run(argv, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "CHANGED")
    assert "attachments/" in done.stdout.split("changed:")[1]


def test_the_plain_signature_check_agrees_with_the_library() -> None:
    import random

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    alone = single_file()
    chance = random.Random(11)
    for _ in range(12):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(300))
        signature, public = key.sign(message), key.public_key().public_bytes_raw()
        assert alone.is_signed_slowly(public, signature, message)
        broken = bytearray(signature)
        broken[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert not alone.is_signed_slowly(public, bytes(broken), message)
        assert not alone.is_signed_slowly(public, signature, message + b"x")


def test_a_clerk_may_not_export_the_keys(call: Call, tmp_path: Path) -> None:
    assert call("keys", "export", str(tmp_path / "k"), clerk=CLERK).code == "right_missing"
