"""Files signed so that PDF readers take the signature for valid, on every paper, and with whatever certificate."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from store_desk.domain.errors import FileNotSigned
from store_desk.domain.slip import Copy, Paper, SlipVariant
from store_desk.slips.certificates import fingerprint_of, read_pkcs12
from store_desk.slips.pdf_check import check_pdf
from store_desk.slips.pdf_signature import sign_pdf
from store_desk.slips.render import render_slip
from store_desk.slips.time_stamp import HttpStamper
from tests.slips import samples
from tests.slips.samples import NOW
from tests.slips.signing_hands import PHRASE, certificate, der, identity, issued, pdfsig, rsa_key, signed, unsigned


@pytest.mark.req("REQ-EVD-03")
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("variant", SlipVariant)
def test_every_reader_takes_every_slip_on_every_paper_for_signed(
    variant: SlipVariant, paper: Paper, tmp_path: Path
) -> None:
    data = samples.of_variant(samples.longest(), variant)
    drawn = render_slip(data, paper=paper, copies=(Copy.CUSTOMER, Copy.STORE), reprint=1)
    pdf = sign_pdf(drawn, identity(), reason=data.number, at=data.issued_at)
    assert pdf.startswith(drawn)
    found = check_pdf(pdf)
    assert (found.state, found.signer_fingerprint) == ("valid", identity().facts.fingerprint)
    assert found.signed_at == data.issued_at
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    own = x509.Certificate.load(identity().certificate)
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[own], allow_fetching=False, moment=NOW + timedelta(hours=1))
    )
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    said = pdfsig(pdf, tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said


def test_the_same_slip_has_the_same_bytes_before_its_signature() -> None:
    first, second = (sign_pdf(unsigned(), identity(), reason="x", at=NOW) for _ in range(2))
    length = len(unsigned())
    assert first[:length] == second[:length] == unsigned()


def test_the_signature_permits_no_change_and_shows_nothing_on_the_page() -> None:
    (signature,) = PdfFileReader(io.BytesIO(signed())).embedded_signatures
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert [float(side) for side in signature.sig_field["/Rect"]] == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_an_issued_certificate_signs_with_those_above_it(kind: str, tmp_path: Path) -> None:
    given = issued(kind=kind)
    own = read_pkcs12(given.file(), PHRASE)
    pdf = sign_pdf(unsigned(), own, reason="x", at=NOW)
    found = check_pdf(pdf)
    assert (found.state, found.detail) == ("valid", "")
    assert found.certificate == der(given.certificate)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert {one.dump() for one in signature.other_embedded_certs} == {der(one) for one in given.above}
    assert "Signature is Valid." in pdfsig(pdf, tmp_path)


def test_a_file_that_is_no_pdf_is_not_signed_and_says_so() -> None:
    with pytest.raises(FileNotSigned):
        sign_pdf(b"not a PDF at all", identity(), reason="x", at=NOW)


# --- time stamps -------------------------------------------------------------------------------------------


Answering = Callable[[bytes], bytes]


@contextmanager
def authority(answer: Answering) -> Iterator[str]:
    """An authority on loopback that answers each question as the function says; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def stamping(*, stamps: bool = True) -> tuple[Answering, bytes]:
    """An authority's way to answer, and its certificate."""
    key = rsa_key()
    made = der(certificate("Time", key, stamps=stamps))
    private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stamper = DummyTimeStamper(x509.Certificate.load(made), private, fixed_dt=NOW + timedelta(seconds=5))

    def answer(question: bytes) -> bytes:
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump())

    return answer, made


def test_an_authority_stamps_the_time_and_no_byte_of_the_stamp_is_free(tmp_path: Path) -> None:
    answer, made = stamping()
    with authority(answer) as address:
        pdf = sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address))
    found = check_pdf(pdf)
    assert (found.state, found.detail) == ("valid", "")
    assert found.stamped_at == NOW + timedelta(seconds=5)
    assert found.stamper_fingerprint == fingerprint_of(made)
    assert "Signature is Valid." in pdfsig(pdf, tmp_path)
    start = pdf.rindex(b"/Contents <")
    for at in range(start, pdf.index(b">", start) + 2):
        wrong = bytearray(pdf)
        wrong[at] ^= 1
        assert check_pdf(bytes(wrong)).state != "valid", at


@pytest.mark.parametrize("answer", [b"", b"nonsense", b"0" * 70_000], ids=["nothing", "nonsense", "too long"])
def test_an_authority_that_answers_wrongly_gives_no_signature(answer: bytes) -> None:
    with authority(lambda _question: answer) as address, pytest.raises(FileNotSigned):
        sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address))


def test_a_stamp_by_a_certificate_for_other_things_is_not_taken() -> None:
    answer, _ = stamping(stamps=False)
    with authority(answer) as address, pytest.raises(FileNotSigned) as refused:
        sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address))
    assert "not for time stamps" in str(refused.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/hostname", "nothing"])
def test_an_authority_that_is_not_there_gives_no_signature(address: str) -> None:
    with pytest.raises(FileNotSigned):
        sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address))


def test_an_authority_that_never_answers_is_given_up() -> None:
    done = threading.Event()

    def silent(_question: bytes) -> bytes:
        done.wait(10)
        return b""

    with authority(silent) as address:
        try:
            with pytest.raises(FileNotSigned):
                sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=HttpStamper(address, limit_s=0.2))
        finally:
            done.set()


def test_an_authority_that_talks_on_and_on_before_it_answers_is_given_up() -> None:
    """Each line of its head comes in time, and there is always another."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.wait(0.1):
                    line.sendall(b"X-Wait: a little\r\n")

        talking = threading.Thread(target=talk)
        talking.start()
        stamper = HttpStamper(f"http://127.0.0.1:{listener.getsockname()[1]}/", limit_s=0.5)
        began = time.monotonic()
        try:
            with pytest.raises(FileNotSigned):
                sign_pdf(unsigned(), identity(), reason="x", at=NOW, stamper=stamper)
            assert time.monotonic() - began < 5.0
        finally:
            done.set()
            talking.join()
