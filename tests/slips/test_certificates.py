"""The store's own certificate, and those that others issued."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID, ObjectIdentifier

from store_desk.domain.errors import CertificateUnreadable
from store_desk.slips.certificates import (
    DOCUMENT_SIGNING,
    certificate_facts,
    identity_from,
    key_bytes,
    load_identity,
    make_certificate,
    read_pkcs12,
)
from tests.slips.samples import NOW
from tests.slips.signing_hands import KEY, PHRASE, Issued, certificate, der, identity, issued


def test_the_own_certificate_says_whose_it_is_and_that_it_signs_documents() -> None:
    own = x509.load_der_x509_certificate(identity().certificate)
    (name,) = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "明禾家居电器 · 徐汇店 · XH 2"
    assert own.issuer == own.subject
    usage = own.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    purposes = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ObjectIdentifier(DOCUMENT_SIGNING)]
    subject_key = own.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert own.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier == subject_key
    assert own.not_valid_before_utc <= NOW <= own.not_valid_after_utc
    assert own.not_valid_after_utc - own.not_valid_before_utc == timedelta(days=3652)
    own.verify_directly_issued_by(own)


def test_the_same_key_keeps_its_key_identifier_in_a_new_certificate() -> None:
    made = [make_certificate(KEY, store_name="x", store_code="XH", desk=1, at=NOW) for _ in range(2)]
    assert made[0] != made[1]
    first, second = (x509.load_der_x509_certificate(one).public_key() for one in made)
    assert first == second


@pytest.mark.parametrize("name", ["店" * 80, "A" * 80, "x"])
def test_a_long_store_name_still_gives_a_certificate(name: str) -> None:
    made = make_certificate(KEY, store_name=name, store_code="ABCDEFGH", desk=999, at=NOW)
    assert certificate_facts(made).subject.endswith(" · ABCDEFGH 999")
    assert load_identity(KEY, made).facts.self_issued


@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_a_pkcs12_file_brings_key_certificate_and_those_above(kind: str) -> None:
    given = issued(kind=kind)
    read = read_pkcs12(given.file(), PHRASE)
    assert read.certificate == der(given.certificate)
    assert set(read.chain) == {der(one) for one in given.above}
    assert (read.facts.subject, read.facts.issuer, read.facts.self_issued) == ("徐汇店", "Issuing", False)
    again = identity_from(key_bytes(read), read.certificate, read.chain)
    assert again.facts == read.facts
    assert again.key.public_key() == read.key.public_key()
    assert "key" not in repr(read).lower()


def refusal(content: bytes, phrase: str = PHRASE) -> str:
    with pytest.raises(CertificateUnreadable) as refused:
        read_pkcs12(content, phrase)
    return str(refused.value.facts["why"])


def test_a_file_that_cannot_be_used_says_why() -> None:
    given = issued(kind="curve")
    assert refusal(given.file(), "wrong") == "passphrase"
    assert refusal(given.file()[:200]) == "passphrase"
    assert refusal(b"nonsense") == "passphrase"
    assert refusal(given.file(), "") == "passphrase"
    bare = serialize_key_and_certificates(b"x", None, given.certificate, None, NoEncryption())
    assert refusal(bare, "") == "no_key"


def test_weak_keys_and_certificates_for_other_things_are_refused() -> None:
    small = rsa.generate_private_key(65537, 1024)  # weak on purpose
    assert refusal(Issued(small, certificate("x", small), ()).file()) == "weak_key"
    other = ec.generate_private_key(ec.SECP384R1())
    assert refusal(Issued(other, certificate("x", other), ()).file()) == "weak_key"
    key = ec.generate_private_key(ec.SECP256R1())
    only_agrees = x509.KeyUsage(False, False, False, False, True, False, False, False, False)
    assert refusal(Issued(key, certificate("x", key, usage=only_agrees), ()).file()) == "not_for_signing"


def test_a_key_that_does_not_belong_to_the_certificate_is_refused() -> None:
    with pytest.raises(CertificateUnreadable) as refused:
        load_identity(bytes(31) + b"\7", identity().certificate)
    assert refused.value.facts["why"] == "no_key"
    for damaged in (b"", b"nonsense", identity().certificate[:-9], b"0" + identity().certificate):
        with pytest.raises(CertificateUnreadable) as refused:
            load_identity(KEY, damaged)
        assert refused.value.facts["why"] == "damaged"
