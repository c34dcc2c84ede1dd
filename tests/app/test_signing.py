"""What a desk prints or saves is signed by its certificate, and no certificate, however bad, stops a slip."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from store_desk.app import signing as signing_module
from store_desk.app.printing import DeskPrinting
from store_desk.app.signing import INSTALLED, OWN, SHOWN, STAMP_ADDRESS, DeskSigning
from store_desk.app.trust import own_key
from store_desk.app.wiring import open_desk
from store_desk.domain.errors import CertificateUnreadable, RightMissing
from store_desk.domain.proof import Outcome, Trust
from store_desk.domain.slip import Paper
from store_desk.slips.certificates import certificate_facts, key_bytes, make_certificate
from store_desk.slips.pdf_check import PdfCheck, check_pdf
from store_desk.slips.read_pdf import read_pdf
from store_desk.slips.verify import verify_file
from store_desk.store.backup import backup, restore
from store_desk.store.keys import file_key, keys_from_recovery, load_keys, recovery_sheet, save_keys
from tests.shop import Clock, Shop
from tests.slips.signing_hands import PHRASE, der, issued, pdfsig, rsa_key
from tests.slips.test_long_term import issuer, stamping_by
from tests.slips.test_pdf_signature import authority, stamping


def signing_of(shop: Shop) -> DeskSigning:
    return DeskSigning(shop.desk, shop.opened.store.keys)


def saved(shop: Shop, number: str, path: Path, *, signing: DeskSigning | None = None) -> PdfCheck:
    """The slip as a file, checked."""
    signing = signing or signing_of(shop)
    printing = DeskPrinting(shop.desk, shop.folder, lambda: shop.clerk, signing=signing)
    printing.save_slip(number, paper=Paper.A5, path=path)
    return check_pdf(path.read_bytes())


def slip(shop: Shop) -> str:
    """The number of a new slip."""
    return shop.cancel(shop.ticket()).slip.number


def journal(shop: Shop, what: str) -> list[dict[str, str]]:
    """What the journal says of one kind of event."""
    with shop.desk.read() as uow:
        return [json.loads(entry.facts) for entry in uow.journal.entries() if entry.what == what]


def put(shop: Shop, name: str, value: str) -> None:
    with shop.desk.work() as uow:
        uow.settings.put(name, value)


def setting(shop: Shop, name: str) -> str:
    with shop.desk.read() as uow:
        return uow.settings.get(name) or ""


def test_a_new_store_has_a_certificate_that_names_store_and_desk(shop: Shop) -> None:
    assert setting(shop, OWN)
    facts = signing_of(shop).facts()
    assert facts.subject == facts.issuer == "明禾家居电器 · 徐汇店 · XH 2"
    assert facts.valid_at(shop.clock() + timedelta(days=365 * 9))
    shown = json.loads(setting(shop, SHOWN))
    assert shown == {"issuer": facts.issuer, "until": "2036-05-12", "fingerprint": facts.fingerprint, "own": True}


def test_what_is_saved_and_what_is_printed_is_signed(shop: Shop, tmp_path: Path) -> None:
    number = slip(shop)
    found = saved(shop, number, tmp_path / "slip.pdf")
    assert found.state == "valid"
    assert found.signer_fingerprint == signing_of(shop).facts().fingerprint
    assert found.signed_at == shop.clock()
    assert "Signature is Valid." in pdfsig((tmp_path / "slip.pdf").read_bytes(), tmp_path)
    printing = DeskPrinting(shop.desk, shop.folder, lambda: shop.clerk, signing=signing_of(shop))
    put(shop, "printer.a5", json.dumps(f"folder:{tmp_path / 'out'}"))
    printing.print_slip(number, paper=Paper.A5, reprint=True)
    (printed,) = (tmp_path / "out").glob("*.pdf")
    assert check_pdf(printed.read_bytes()).state == "valid"
    assert journal(shop, "slip_not_signed") == []


def test_a_test_page_is_not_signed(shop: Shop, tmp_path: Path) -> None:
    put(shop, "printer.a5", json.dumps(f"folder:{tmp_path / 'out'}"))
    DeskPrinting(shop.desk, shop.folder, lambda: shop.clerk, signing=signing_of(shop)).test_page(Paper.A5)
    (printed,) = (tmp_path / "out").glob("*.pdf")
    assert check_pdf(printed.read_bytes()).state == "unsigned"


def test_a_store_from_before_gets_its_certificate_with_its_first_slip(shop: Shop, tmp_path: Path) -> None:
    number = slip(shop)
    shop.clock.forward(days=40)
    with shop.desk.work() as uow:
        for name in (OWN, SHOWN):
            uow.settings.put(name, "")
    found = saved(shop, number, tmp_path / "slip.pdf")
    assert found.state == "valid"
    # The slip is older than the certificate, so the signature names the certificate's first moment.
    assert found.signed_at == signing_of(shop).facts().not_before
    assert json.loads(setting(shop, SHOWN))["own"] is True


def test_a_clock_that_fell_back_leaves_no_file_unsigned(shop: Shop, tmp_path: Path) -> None:
    first = signing_of(shop).facts().not_before
    shop.clock.forward(days=-400)
    found = saved(shop, slip(shop), tmp_path / "slip.pdf")
    assert (found.state, found.signed_at) == ("valid", first)


def test_two_lanes_that_need_the_first_certificate_get_the_same(shop: Shop) -> None:
    put(shop, OWN, "")
    found: list[str] = []

    def ask() -> None:
        found.append(signing_of(shop).facts().fingerprint)
        shop.opened.store.close_lane()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize("own", ["nonsense", '"AAAA"', "17", '{"a": 1}', '"' + "A" * 900 + '"'])
def test_a_certificate_that_cannot_be_read_stops_no_slip(shop: Shop, tmp_path: Path, own: str) -> None:
    number = slip(shop)
    put(shop, OWN, own)
    found = saved(shop, number, tmp_path / "slip.pdf")
    assert found.state == "unsigned"
    (told,) = journal(shop, "slip_not_signed")
    assert told["slip"] == number
    assert "damaged" in told["why"]
    assert signing_of(shop).state().why == "damaged"
    facts = signing_of(shop).renew(shop.manager)
    assert saved(shop, number, tmp_path / "slip.pdf").signer_fingerprint == facts.fingerprint


def test_another_desks_certificate_signs_nothing(shop: Shop, tmp_path: Path) -> None:
    import base64

    other = make_certificate(bytes(31) + b"\5", store_name="x", store_code="XH", desk=9, at=shop.clock())
    put(shop, OWN, json.dumps(base64.b64encode(other).decode()))
    assert saved(shop, slip(shop), tmp_path / "slip.pdf").state == "unsigned"
    assert signing_of(shop).state().why == "no_key"


def test_an_expired_certificate_stops_no_slip(shop: Shop, tmp_path: Path) -> None:
    number = slip(shop)
    signing = signing_of(shop)
    assert signing.state().why == ""
    shop.clock.forward(days=365 * 11)
    assert saved(shop, number, tmp_path / "slip.pdf", signing=signing).state == "unsigned"
    (told,) = journal(shop, "slip_not_signed")
    assert "not_current" in told["why"]
    assert signing.state().why == "not_current"


def test_an_installed_certificate_signs_from_the_next_slip_on(shop: Shop, tmp_path: Path) -> None:
    number, given = slip(shop), issued(kind="rsa")
    signing = signing_of(shop)
    assert saved(shop, number, tmp_path / "a.pdf", signing=signing).certificate != der(given.certificate)
    facts = signing_of(shop).install(shop.manager, given.file(), passphrase=PHRASE)
    assert (facts.subject, facts.issuer) == ("徐汇店", "Issuing")
    # The other one stands for a window that is open meanwhile: it sees the change without being told.
    assert saved(shop, number, tmp_path / "b.pdf", signing=signing).certificate == der(given.certificate)
    assert json.loads(setting(shop, SHOWN))["issuer"] == "Issuing"
    (told,) = journal(shop, "certificate_changed")
    assert told["fingerprint"] == facts.fingerprint


def test_an_installed_private_key_is_nowhere_in_the_clear(shop: Shop) -> None:
    given = issued(kind="curve")
    signing = signing_of(shop)
    signing.install(shop.manager, given.file(), passphrase=PHRASE)
    secret = key_bytes(signing.identity())
    number = signing.identity().key.private_numbers().private_value.to_bytes(32, "big")  # type: ignore[union-attr]
    import base64

    wrapped = base64.b64decode(json.loads(setting(shop, INSTALLED))["key"])
    assert secret not in wrapped
    assert number not in wrapped
    shop.opened.store.checkpoint(truncate=True)
    for path in shop.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert secret not in content, path
            assert number not in content, path
    with shop.desk.read() as uow:
        texts = "".join(entry.facts for entry in uow.journal.entries())
    assert base64.b64encode(secret).decode()[:40] not in texts


def test_an_installed_key_does_not_open_beside_another_certificate(shop: Shop) -> None:
    signing = signing_of(shop)
    signing.install(shop.manager, issued(kind="curve").file(), passphrase=PHRASE)
    parts = json.loads(setting(shop, INSTALLED))
    import base64

    parts["certificate"] = base64.b64encode(der(issued(kind="rsa").certificate)).decode()
    put(shop, INSTALLED, json.dumps(parts))
    with pytest.raises(CertificateUnreadable):
        signing.identity()
    for damaged in ("{}", "[]", '{"certificate": "", "chain": [], "key": ""}', "nonsense"):
        put(shop, INSTALLED, damaged)
        assert signing.state().why == "damaged"


def test_only_a_manager_changes_the_certificate_and_only_for_one_in_force(shop: Shop) -> None:
    signing = signing_of(shop)
    before = signing.facts()
    with pytest.raises(RightMissing):
        signing.install(shop.supervisor, issued().file(), passphrase=PHRASE)
    with pytest.raises(RightMissing):
        signing.renew(shop.clerk)
    with pytest.raises(CertificateUnreadable) as refused:
        signing.install(shop.manager, issued().file(), passphrase="wrong")
    assert refused.value.facts["why"] == "passphrase"
    over = issued(kind="curve", ends=shop.clock() - timedelta(days=1))
    with pytest.raises(CertificateUnreadable) as refused:
        signing.install(shop.manager, over.file(), passphrase=PHRASE)
    assert refused.value.facts["why"] == "not_current"
    assert signing.facts() == before


@pytest.mark.parametrize("installed", [False, True])
def test_a_backup_brings_the_same_signature_back(shop: Shop, tmp_path: Path, installed: bool) -> None:
    number = slip(shop)
    if installed:
        signing_of(shop).install(shop.manager, issued(kind="curve").file(), passphrase=PHRASE)
    before = signing_of(shop).facts()
    backup(shop.opened.store, tmp_path / "b.backup", passphrase="correct horse battery", now=shop.clock())
    restore(tmp_path / "b.backup", tmp_path / "again", passphrase="correct horse battery")
    again = Shop(open_desk(tmp_path / "again", now=Clock(shop.clock())), Clock(shop.clock()))
    try:
        found = saved(again, number, tmp_path / "slip.pdf")
        assert (found.state, found.signer_fingerprint) == ("valid", before.fingerprint)
    finally:
        again.close()


def test_the_recovery_sheet_brings_the_same_signature_back(shop: Shop, tmp_path: Path) -> None:
    number, before = slip(shop), signing_of(shop).facts()
    sheet = recovery_sheet(shop.opened.store.keys)
    shop.opened.store.checkpoint(truncate=True)
    lost = tmp_path / "lost"
    shutil.copytree(shop.folder, lost)
    (lost / "keys.json").unlink()
    save_keys(lost, keys_from_recovery(sheet))
    assert file_key(load_keys(lost)) == file_key(shop.opened.store.keys)
    again = Shop(open_desk(lost, now=Clock(shop.clock())), Clock(shop.clock()))
    try:
        assert saved(again, number, tmp_path / "slip.pdf").signer_fingerprint == before.fingerprint
    finally:
        again.close()


def test_an_authority_stamps_slips_where_one_is_set(shop: Shop, tmp_path: Path) -> None:
    answer, made = stamping()
    with authority(answer) as address:
        put(shop, STAMP_ADDRESS, json.dumps(address))
        found = saved(shop, slip(shop), tmp_path / "slip.pdf")
    assert (found.state, found.profile) == ("valid", "B-LTA")
    assert found.stamped_at is not None and found.kept_at is not None
    assert found.stamper_fingerprint == certificate_facts(made).fingerprint
    verdict = verify_file(tmp_path / "slip.pdf", Trust((own_key(shop.opened),)))
    assert (verdict.outcome, verdict.changed, verdict.why) == (Outcome.GENUINE, (), "")


def test_a_slip_stamped_once_only_goes_out_as_it_is_and_the_journal_says_so(shop: Shop, tmp_path: Path) -> None:
    answer, _made = stamping()
    asked: list[bytes] = []

    def first_only(question: bytes) -> bytes:
        asked.append(question)
        return answer(question) if len(asked) == 1 else b"nonsense"

    with authority(first_only) as address:
        put(shop, STAMP_ADDRESS, json.dumps(address))
        found = saved(shop, slip(shop), tmp_path / "slip.pdf")
    assert (found.state, found.profile) == ("valid", "B-T")
    (told,) = journal(shop, "slip_not_long_term")
    assert "time stamp authority" in told["why"] or "time stamp" in told["why"]
    assert verify_file(tmp_path / "slip.pdf", Trust((own_key(shop.opened),))).outcome is Outcome.GENUINE


def test_an_issuer_that_does_not_answer_is_told_and_the_file_is_kept_for_long_all_the_same(
    shop: Shop, tmp_path: Path
) -> None:
    key = rsa_key()
    with issuer() as above:
        time = above.stamper(key)
        above.silent = True
        signing, number = signing_of(shop), slip(shop)
        with authority(stamping_by(time, key)) as address:
            put(shop, STAMP_ADDRESS, json.dumps(address))
            for name in ("a.pdf", "b.pdf"):
                assert saved(shop, number, tmp_path / name, signing=signing).profile == "B-LTA"
    (told,) = journal(shop, "slip_not_long_term")
    assert "CN=Time" in told["why"]


def test_without_a_network_the_slip_comes_and_says_which_clock_it_trusts(shop: Shop, tmp_path: Path) -> None:
    put(shop, STAMP_ADDRESS, json.dumps("http://127.0.0.1:9/"))
    found = saved(shop, slip(shop), tmp_path / "slip.pdf")
    assert (found.state, found.profile) == ("valid", "B-B")
    page = "".join(read_pdf((tmp_path / "slip.pdf").read_bytes()).texts)
    assert "本机时钟" in page and "thisdesk'sclock" in page


def test_without_an_answer_from_the_authority_the_slip_goes_out_with_the_desks_time(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def wrong(question: bytes) -> bytes:
        asked.append(question)
        return b"nonsense"

    signing, number = signing_of(shop), slip(shop)
    with authority(wrong) as address:
        put(shop, STAMP_ADDRESS, json.dumps(address))
        for _ in range(2):
            found = saved(shop, number, tmp_path / "slip.pdf", signing=signing)
            assert (found.state, found.stamped_at) == ("valid", None)
        assert len(asked) == 1, "left alone after a failure"
        assert len(journal(shop, "slip_not_stamped")) == 1
        monkeypatch.setattr(signing_module, "STAMP_REST_S", 0.0)
        saved(shop, number, tmp_path / "slip.pdf", signing=signing_of(shop))
    assert len(asked) == 2


@pytest.mark.parametrize("stored", ["nonsense", "17", '""', '"file:///etc/hostname"'])
def test_an_authority_that_is_no_address_is_none(shop: Shop, tmp_path: Path, stored: str) -> None:
    put(shop, STAMP_ADDRESS, stored)
    assert saved(shop, slip(shop), tmp_path / "slip.pdf").state == "valid"


def test_the_certificate_is_handed_out_as_pem(shop: Shop) -> None:
    from cryptography import x509

    pem = signing_of(shop).certificate_pem()
    assert x509.load_pem_x509_certificate(pem.encode()).subject.rfc4514_string()
