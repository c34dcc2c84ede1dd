"""Keys, certificates and signed slips for tests, and poppler's word on a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.slips.certificates import SigningIdentity, load_identity, make_certificate
from store_desk.slips.pdf_signature import sign_pdf
from store_desk.slips.render import render_slip
from tests.conftest import MUST_RUN
from tests.slips.samples import NOW, usual

KEY = bytes(range(1, 33))
PHRASE = "an open door 7"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def identity(key: bytes = KEY) -> SigningIdentity:
    """A store's own identity."""
    made = make_certificate(key, store_name="明禾家居电器 · 徐汇店", store_code="XH", desk=2, at=NOW)
    return load_identity(key, made)


def unsigned(data: SlipData | None = None, paper: Paper = Paper.A5) -> bytes:
    """A slip as it is drawn."""
    return render_slip(data or usual(), paper=paper, copies=(Copy.CUSTOMER,))


@cache
def signed(paper: Paper = Paper.A5) -> bytes:
    """The usual slip, signed by the store's own identity."""
    return sign_pdf(unsigned(paper=paper), identity(), reason="XH2-26-S000457-K", at=NOW)


def certificate(
    name: str, key: Key, *, issuer: x509.Certificate | None = None, by: Key | None = None, **options: object
) -> x509.Certificate:
    """A certificate; `stamps` makes it one for time stamps, `authority` one that issues, `ends` sets its end."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends = options.get("ends", NOW + timedelta(days=900))
    assert isinstance(ends, datetime)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(NOW, ends) - timedelta(days=900))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(bool(options.get("authority")), None), critical=True)
    )
    if options.get("stamps"):
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if "usage" in options:
        usage = options["usage"]
        assert isinstance(usage, x509.KeyUsage)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(by or key, hashes.SHA256())


@dataclass(frozen=True)
class Issued:
    """A certificate that an authority issued through another, with its key, and the same as a PKCS #12 file."""

    key: Key
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]

    def file(self, phrase: str = PHRASE) -> bytes:
        """The PKCS #12 file under the passphrase."""
        encryption = BestAvailableEncryption(phrase.encode())
        return serialize_key_and_certificates(b"store", self.key, self.certificate, self.above, encryption)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """One RSA key for all tests: making one takes time."""
    return rsa.generate_private_key(65537, 2048)


@cache
def issued(*, kind: str = "rsa", ends: datetime | None = None) -> Issued:
    """A certificate for a store from a root through one in between."""
    root_key, middle_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    key: Key = rsa_key() if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    root = certificate("Root", root_key, authority=True)
    middle = certificate("Issuing", middle_key, issuer=root, by=root_key, authority=True)
    options: dict[str, object] = {"ends": ends} if ends else {}
    own = certificate("徐汇店", key, issuer=middle, by=middle_key, **options)
    return Issued(key, own, (middle, root))


def der(one: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return one.public_bytes(Encoding.DER)


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the file's signatures; skips where it is not installed, which must not be in CI."""
    program = shutil.which("pdfsig")
    if program is None:
        if os.environ.get(MUST_RUN):
            pytest.fail("pdfsig is not installed")
        pytest.skip("pdfsig (poppler-utils) is not installed")
    path = folder / "slip.pdf"
    path.write_bytes(pdf)
    words = [program, "-nocert", str(path)]
    environment = os.environ | {"LC_ALL": "C.UTF-8", "HOME": str(folder)}
    return subprocess.run(words, env=environment, capture_output=True, timeout=30, check=False).stdout.decode(
        errors="replace"
    )
