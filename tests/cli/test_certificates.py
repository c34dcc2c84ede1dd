"""`keys import`, what `doctor` says of the certificate, and signed files from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store_desk.app.signing import OWN
from store_desk.app.wiring import open_desk
from store_desk.slips.pdf_check import check_pdf
from tests.cli.conftest import MANAGER, Call, Ran
from tests.slips.signing_hands import PHRASE, der, issued, pdfsig
from tests.slips.test_pdf_signature import authority, stamping


def bring(call: Call, file: Path, *, clerk: str = MANAGER, phrase: str = PHRASE) -> Ran:
    return call("keys", "import", str(file), clerk=clerk, STORE_DESK_CERTIFICATE_PASSPHRASE=phrase)


def certificate_check(call: Call) -> dict[str, object]:
    (found,) = [item for item in call("doctor", clerk="").json["checks"] if item["name"] == "certificate"]
    return dict(found)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A certificate that somebody issued to the store."""
    path = tmp_path / "store.p12"
    path.write_bytes(issued(kind="rsa").file())
    return path


def cancelled(call: Call, out: Path, number: str = "T-1") -> Ran:
    return call("cancel", number, "--reason", "mistake", "--consent", "paper", "--slip", str(out))


def test_cancelling_and_printing_again_write_signed_files(call: Call, tmp_path: Path) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    ran = cancelled(call, first)
    assert ran.status == 0, ran.err
    assert call("slip", "T-1", "--out", str(second), "--paper", "80mm").status == 0
    for path in (first, second):
        assert check_pdf(path.read_bytes()).state == "valid"
        assert "Signature is Valid." in pdfsig(path.read_bytes(), tmp_path)
    assert check_pdf(first.read_bytes()).signer_fingerprint in str(certificate_check(call)["text"])


def test_a_certificate_is_taken_shown_and_used(call: Call, file: Path, tmp_path: Path) -> None:
    ran = bring(call, file)
    assert ran.status == 0
    shown = ran.json["certificate"]
    assert (shown["subject"], shown["issuer"], shown["own"]) == ("徐汇店", "Issuing", False)
    assert shown["fingerprint"] in str(certificate_check(call)["text"])
    assert cancelled(call, tmp_path / "a.pdf").status == 0
    assert check_pdf((tmp_path / "a.pdf").read_bytes()).certificate == der(issued(kind="rsa").certificate)
    plain = call("keys", "import", str(file), clerk=MANAGER, as_json=False, STORE_DESK_CERTIFICATE_PASSPHRASE=PHRASE)
    assert "Issuing" in plain.out
    assert PHRASE not in plain.out + plain.err


def test_a_certificate_that_cannot_be_used_is_refused_in_words(call: Call, file: Path, tmp_path: Path) -> None:
    wrong = bring(call, file, phrase="wrong")
    assert (wrong.status, wrong.code) == (1, "certificate_unreadable")
    assert "口令不对" in wrong.json["error"]["message"]
    assert bring(call, file, clerk="2047").code == "right_missing"
    assert bring(call, tmp_path / "nothing.p12").code == "file_unreadable"
    assert bring(call, tmp_path).code == "file_unreadable"
    large = tmp_path / "large.p12"
    large.write_bytes(b"0" * (1024 * 1024 + 1))
    assert bring(call, large).code == "file_unreadable"
    unasked = bring(call, file, phrase="")
    assert (unasked.status, unasked.code) == (2, "wrong_use")


def test_an_authority_for_the_time_is_set_used_and_left_again(call: Call, tmp_path: Path) -> None:
    answer, _made = stamping()
    with authority(answer) as address:
        assert call("keys", "stamp", address, clerk=MANAGER).json["address"] == address
        assert cancelled(call, tmp_path / "a.pdf").status == 0
    assert check_pdf((tmp_path / "a.pdf").read_bytes()).stamped_at is not None
    assert call("keys", "stamp", "none", clerk=MANAGER).json["address"] == ""
    assert call("slip", "T-1", "--out", str(tmp_path / "b.pdf")).status == 0
    assert check_pdf((tmp_path / "b.pdf").read_bytes()).stamped_at is None
    assert call("keys", "stamp", "ftp://x", clerk=MANAGER).code == "wrong_use"
    assert call("keys", "stamp", "none", clerk="2047").code == "right_missing"


def test_a_damaged_certificate_is_told_by_doctor_and_mended(call: Call, folder: Path, tmp_path: Path) -> None:
    opened = open_desk(folder)
    with opened.desk.work() as uow:
        uow.settings.put(OWN, json.dumps("AAAA"))
    opened.close()
    told = certificate_check(call)
    assert told["ok"] is False
    assert "损坏" in str(told["text"])
    # Advice, no damage: the desk works on, and its slips say that they are not signed.
    assert call("doctor", clerk="").status == 0
    assert cancelled(call, tmp_path / "a.pdf").status == 0
    assert check_pdf((tmp_path / "a.pdf").read_bytes()).state == "unsigned"
    mended = call("doctor", "--mend", clerk=MANAGER)
    assert "certificate" in mended.json["mended"]
    assert certificate_check(call)["ok"] is True
    assert call("slip", "T-1", "--out", str(tmp_path / "b.pdf")).status == 0
    assert check_pdf((tmp_path / "b.pdf").read_bytes()).state == "valid"
