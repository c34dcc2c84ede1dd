"""Files kept for long (PAdES B-LTA): what is added to them, that readers agree, and that nothing else can be added."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from store_desk.domain.errors import FileNotSigned
from store_desk.domain.proof import Outcome
from store_desk.slips.certificates import fingerprint_of
from store_desk.slips.long_term import certificates_of, lengthen_pdf
from store_desk.slips.pdf_check import check_pdf
from store_desk.slips.pdf_container import read_sealed
from store_desk.slips.pdf_signature import sign_pdf
from store_desk.slips.time_stamp import HttpStamper
from store_desk.slips.validation_data import Gatherer, ValidationData
from store_desk.slips.verify import verify_bytes
from tests.slips import proofs, samples
from tests.slips.samples import NOW
from tests.slips.signing_hands import Key, der, identity, pdfsig, rsa_key, unsigned
from tests.slips.test_pdf_check import STEP, states_of
from tests.slips.test_pdf_signature import authority, stamping

STAMPED = NOW + timedelta(seconds=5)


@cache
def stamped() -> bytes:
    """The usual slip, signed and stamped: B-T."""
    with authority(stamping()[0]) as address:
        return sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address))


def kept(
    pdf: bytes, *, write: Callable[[IncrementalPdfFileWriter], object] | None = None, shown: bool = False
) -> bytes:
    """The file under an authority's time stamp, with whatever else is written into the same revision."""

    async def made(address: str) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        if write is not None:
            write(writer)
        out = io.BytesIO()
        stamper = PdfTimeStamper(HttpStamper(address), field_name="Another")
        await stamper.async_timestamp_pdf(writer, "sha256", bytes_reserved=16_384, output=out)
        return out.getvalue()

    with authority(stamping()[0]) as address:
        return asyncio.run(made(address))


@cache
def long_term() -> bytes:
    """The usual slip as B-LTA."""
    with authority(stamping()[0]) as address:
        stamper = HttpStamper(address)
        pdf = sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=stamper)
        given = (*certificates_of(read_sealed(pdf)), *stamper.certificates)
        return lengthen_pdf(pdf, Gatherer().gather(given, at=NOW), stamper=stamper)


@pytest.mark.req("REQ-EVD-03")
def test_a_file_kept_for_long_is_valid_and_every_profile_is_named(tmp_path: Path) -> None:
    found = check_pdf(long_term())
    assert (found.state, found.detail, found.profile) == ("valid", "", "B-LTA")
    assert found.signer_fingerprint == identity().facts.fingerprint
    assert found.stamped_at == found.kept_at == STAMPED
    said = pdfsig(long_term(), tmp_path)
    assert "Signature is Valid." in said and "Total document signed" in said
    assert check_pdf(stamped()).profile == "B-T"
    assert check_pdf(sign_pdf(unsigned(), identity(), reason="x", at=NOW)).profile == "B-B"


def test_the_bytes_that_were_signed_stay_and_can_be_had_back() -> None:
    size = read_sealed(long_term()).size
    back = long_term()[:size]
    assert back.startswith(unsigned())
    assert (check_pdf(back).state, check_pdf(back).profile) == ("valid", "B-T")


@pytest.mark.req("REQ-EVD-03")
def test_no_byte_of_a_file_kept_for_long_can_change_unseen() -> None:
    pdf = long_term()
    assert states_of(pdf, range(0, len(pdf), STEP)) == {}


def test_no_byte_of_the_last_revision_can_change_be_taken_away_or_put_in_unseen() -> None:
    pdf = long_term()
    size = read_sealed(pdf).size
    start = pdf.rindex(b"/Contents <")
    dense = [*range(size, start + 300), *range(pdf.index(b">", start) - 20, len(pdf))]
    assert {at: state for at in dense for at, state in states_of(pdf, range(at, at + 1)).items()} == {}
    for at in (size, size + 1, start, start + 12, len(pdf) - 1):
        assert check_pdf(pdf[:at] + pdf[at + 1 :]).state != "valid", at
        for extra in (b"\n", b"0", b"00"):
            assert check_pdf(pdf[:at] + extra + pdf[at:]).state != "valid", at
    assert check_pdf(pdf + b"\n").state == "changed"


def write_language(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Lang"] = generic.TextStringObject("en")
    writer.update_root()


def write_page(writer: IncrementalPdfFileWriter) -> None:
    page_ref, _resources = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    black = writer.add_object(generic.StreamObject(stream_data=b"0 0 400 400 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), black])
    writer.update_container(page)


def write_note(writer: IncrementalPdfFileWriter) -> None:
    page_ref, _resources = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Contents"): generic.pdf_string("¥0.00"),
            generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 400, 400)]),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
    writer.update_container(page)


@pytest.mark.parametrize("write", [write_language, write_page, write_note])
def test_a_change_under_an_authoritys_time_stamp_is_still_a_change(
    write: Callable[[IncrementalPdfFileWriter], object],
) -> None:
    assert check_pdf(kept(stamped())).state == "valid", "by itself such a time stamp is nothing wrong"
    found = check_pdf(kept(stamped(), write=write))
    assert (found.state, found.detail) == ("changed", "the validator does not agree")


def test_a_second_time_stamp_or_one_without_a_signature_is_not_ours() -> None:
    assert check_pdf(kept(long_term())).state == "changed"
    assert check_pdf(kept(unsigned())).state in ("changed", "broken")


def test_a_signature_of_another_behind_the_time_stamp_shows() -> None:
    # Nor can such a file be signed again with our own means.
    with pytest.raises(FileNotSigned):
        sign_pdf(long_term(), identity(bytes(range(2, 34))), reason="x", at=NOW)


def test_verify_takes_a_file_kept_for_long_for_genuine_and_catches_changes() -> None:
    from store_desk.slips.render import render_slip

    data = proofs.sealed(samples.usual())

    def file_of(shown: object) -> bytes:
        drawn = render_slip(shown, paper=proofs.Paper.A5, copies=proofs.BOTH, whole=data)  # type: ignore[arg-type]
        with authority(stamping()[0]) as address:
            stamper = HttpStamper(address)
            pdf = sign_pdf(drawn, proofs.identity(proofs.KEYS), reason="slip", at=proofs.AT, stamper=stamper)
            return lengthen_pdf(pdf, ValidationData(), stamper=stamper)

    genuine = file_of(data)
    assert check_pdf(genuine).profile == "B-LTA"
    verdict = verify_bytes(genuine, proofs.trust())
    assert (verdict.outcome, verdict.changed, verdict.why) == (Outcome.GENUINE, (), "")
    assert verify_bytes(file_of(replace(data, serial="X")), proofs.trust()).changed == ("serial",)
    assert "file" in verify_bytes(kept(genuine[: read_sealed(genuine).size], write=write_page), proofs.trust()).changed
    for at in range(0, len(genuine), 2_003):
        wrong = bytearray(genuine)
        wrong[at] ^= 1
        assert verify_bytes(bytes(wrong), proofs.trust()).outcome in (Outcome.CHANGED, Outcome.UNREADABLE), at


def test_an_authority_that_fails_at_the_end_gives_no_file() -> None:
    with authority(lambda _question: b"nonsense") as address, pytest.raises(FileNotSigned):
        lengthen_pdf(stamped(), ValidationData(), stamper=HttpStamper(address))


# --- certificates and the issuers' word ----------------------------------------------------------------------


@dataclass
class Issuer:
    """An authority on loopback: its certificate, its list, its answers, and what it was asked for."""

    root_key: ec.EllipticCurvePrivateKey
    key: ec.EllipticCurvePrivateKey
    silent: bool = False
    address: str = ""
    asked: list[str] = field(default_factory=list)

    @cached_property
    def root(self) -> x509.Certificate:
        return self._certificate("Root", self.root_key, None, authority=True)

    @cached_property
    def own(self) -> x509.Certificate:
        """The issuing certificate, which only names the root's list."""
        return self._certificate("Issuing", self.key, self.root, authority=True, lists=True)

    def stamper(self, key: Key) -> x509.Certificate:
        """A certificate for time stamps, which names its issuer and the issuer's answers."""
        return self._certificate("Time", key, self.own, answers=True, stamps=True)

    def _certificate(self, name: str, key: Key, issuer: x509.Certificate | None, **how: bool) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(sum(name.encode()))
            .not_valid_before(NOW - timedelta(days=900))
            .not_valid_after(NOW + timedelta(days=900))
            .add_extension(x509.BasicConstraints(bool(how.get("authority")), None), critical=True)
        )
        if how.get("stamps"):
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if how.get("lists"):
            point = x509.DistributionPoint([self._url("list")], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if how.get("answers"):
            told = [
                x509.AccessDescription(AuthorityInformationAccessOID.OCSP, self._url("answer")),
                x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, self._url("issuer")),
            ]
            builder = builder.add_extension(x509.AuthorityInformationAccess(told), critical=False)
        signer = self.key if how.get("stamps") else self.root_key
        return builder.sign(signer, hashes.SHA256())

    def _url(self, what: str) -> x509.UniformResourceIdentifier:
        return x509.UniformResourceIdentifier(self.address + what)

    def reply(self, path: str, body: bytes) -> bytes:
        """What is said to a question."""
        self.asked.append(path)
        if self.silent:
            return b"nothing"
        if path == "/issuer":
            return der(self.own)
        if path == "/list":
            made = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject).last_update(NOW)
            return (
                made.next_update(NOW + timedelta(days=7))
                .sign(self.root_key, hashes.SHA256())
                .public_bytes(Encoding.DER)
            )
        question = ocsp.load_der_ocsp_request(body)
        answer = ocsp.OCSPResponseBuilder().add_response_by_hash(
            question.issuer_name_hash,
            question.issuer_key_hash,
            question.serial_number,
            question.hash_algorithm,
            ocsp.OCSPCertStatus.GOOD,
            NOW,
            NOW + timedelta(hours=1),
            None,
            None,
        )
        made = answer.responder_id(ocsp.OCSPResponderEncoding.NAME, self.own)
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


@contextmanager
def issuer() -> Iterator[Issuer]:
    """Such an authority, serving."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    made = Issuer(ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1()))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = made.reply(self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def stamping_by(made: x509.Certificate, key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    """How an authority with this certificate stamps."""
    private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stamper = DummyTimeStamper(asn1_x509.Certificate.load(der(made)), private, fixed_dt=STAMPED)
    return lambda question: bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump())


@pytest.mark.req("REQ-EVD-03")
def test_a_check_finds_every_certificate_and_the_issuers_word_in_the_file() -> None:
    key = rsa_key()
    with issuer() as above:
        time = above.stamper(key)
        with authority(stamping_by(time, key)) as address:
            stamper, gatherer = HttpStamper(address), Gatherer()
            pdf = sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=stamper)
            given = (*certificates_of(read_sealed(pdf)), *stamper.certificates)
            data = gatherer.gather(given, at=NOW)
            assert sorted(above.asked) == ["/answer", "/issuer", "/list"]
            assert gatherer.gather(given, at=NOW) == data
            assert len(above.asked) == 3, "what is known is not asked for again"
            made = lengthen_pdf(pdf, data, stamper=stamper)
    found = check_pdf(made)
    assert (found.state, found.profile, found.stamper_fingerprint) == ("valid", "B-LTA", fingerprint_of(der(time)))
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(made)))
    there = {one.subject.native["common_name"] for one in store.load_certs()}
    assert there == {identity().facts.subject, "Time", "Issuing"}
    assert (len(store.ocsps), len(store.crls), data.lacking) == (1, 1, ())


def test_a_validator_of_long_term_signatures_passes_the_file_with_no_network() -> None:
    from pyhanko.sign.validation.ades import AdESPassed, ades_lta_validation
    from pyhanko.sign.validation.policy_decl import (
        PdfSignatureValidationSpec,
        RevinfoOnlineFetchingRule,
        RevocationInfoGatheringSpec,
        SignatureValidationSpec,
    )
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
    from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    key = rsa_key()
    with issuer() as above, authority(stamping_by(above.stamper(key), key)) as address:
        stamper = HttpStamper(address)
        pdf = sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=stamper)
        given = (*certificates_of(read_sealed(pdf)), *stamper.certificates)
        made = lengthen_pdf(pdf, Gatherer().gather(given, at=NOW), stamper=stamper)
        root = asn1_x509.Certificate.load(der(above.root))
    policy = CertValidationPolicySpec(
        SimpleTrustManager.build(trust_roots=[asn1_x509.Certificate.load(identity().certificate), root]),
        CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail")),
    )
    local = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    wanted = SignatureValidationSpec(policy, local, ts_cert_validation_policy=policy)
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_regular_signatures
    later = NOW + timedelta(minutes=5)
    timing = ValidationTimingInfo(later, later, True)
    found = asyncio.run(ades_lta_validation(signature, PdfSignatureValidationSpec(wanted), timing_info=timing))
    assert found.ades_subindic is AdESPassed.OK
    assert found.oldest_evidence_record_timestamp == STAMPED


def test_a_silent_issuer_is_named_once_and_then_left_alone() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with issuer() as above:
        given = (der(above.stamper(key)),)
        above.silent = True
        gatherer = Gatherer()
        first = gatherer.gather(given, at=NOW)
        asked = len(above.asked)
        second = gatherer.gather(given, at=NOW)
    assert (first.lacking, second.lacking) == (("CN=Time",), ())
    assert len(above.asked) == asked > 0
    assert first.certificates == second.certificates == given
    assert (first.answers, first.lists) == ((), ())


@pytest.mark.parametrize("size", [1, 7, 400])
def test_an_issuer_that_talks_nonsense_stops_nothing(size: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with issuer() as above:
        given = (der(above.stamper(key)), der(above.own))
        above.reply = lambda _path, _body: b"\x30" * size  # type: ignore[method-assign]
        data = Gatherer().gather(given, at=NOW)
    assert set(data.lacking) == {"CN=Time", "CN=Issuing"}


def test_the_stores_own_certificate_asks_nobody() -> None:
    data = Gatherer(limit_s=0.0).gather((identity().certificate,), at=datetime(2026, 5, 14, tzinfo=NOW.tzinfo))
    assert data == ValidationData((identity().certificate,))
