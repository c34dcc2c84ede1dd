"""The certificate that files are signed with: the store's own, made by itself, or one that somebody else issued.

The store's own names store and desk and is its own issuer: it shows that two slips come from one desk and that neither
was changed, and is worth what its fingerprint is worth to those who know it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from store_desk.domain.errors import CertificateUnreadable

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey

YEARS = 10
RSA_BITS_MIN = 2048
# What a directory name may hold (X.520, ub-common-name and its like), counted in bytes as strict readers do.
NAME_MAX = 64
# Id of the purpose "signing documents" (RFC 9336).
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
# The desk's clock may run ahead of a reader's; a certificate made this minute must be valid there too.
SLACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What people are shown of a certificate. `fingerprint`: 16 bytes of its SHA-256 in hex, in groups of four."""

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    self_issued: bool

    def valid_at(self, at: datetime) -> bool:
        """Whether the moment lies in the time for which the certificate was issued."""
        return self.not_before <= at <= self.not_after


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A certificate (DER), those above it, and the parsed private key, which checking once is slow enough."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key: PrivateKey
    facts: CertificateFacts

    def __repr__(self) -> str:
        return f"SigningIdentity({self.facts.fingerprint})"


def make_certificate(key: bytes, *, store_name: str, store_code: str, desk: int, at: datetime) -> bytes:
    """The store's own certificate (DER) for the P-256 key of these 32 bytes, for ten years from a day before `at`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID, ObjectIdentifier

    private = _curve_key(key)
    public = private.public_key()
    shown = f" · {store_code} {desk}"
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(store_name, NAME_MAX)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{store_code} {desk}"),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(store_name, NAME_MAX - len(shown.encode())) + shown),
        ]
    )
    start = at.replace(microsecond=0) - SLACK
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=round(YEARS * 365.25)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(DOCUMENT_SIGNING)]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(identifier.digest, None, None), critical=False)
    )
    return builder.sign(private, hashes.SHA256()).public_bytes(Encoding.DER)


def _cut(text: str, size: int) -> str:
    """As much of the text as the bytes hold, with no character cut in two."""
    return text.encode()[:size].decode(errors="ignore")


def _usage() -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _curve_key(key: bytes) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1())


def load_identity(key: bytes, certificate: bytes) -> SigningIdentity:
    """The store's own identity from its 32 bytes and its certificate; raises CertificateUnreadable."""
    return _identity(_curve_key(key), certificate, ())


def identity_from(key: bytes, certificate: bytes, chain: tuple[bytes, ...]) -> SigningIdentity:
    """An identity from a private key in PKCS #8 without encryption; raises CertificateUnreadable."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        parsed = load_der_private_key(key, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadable(why="damaged") from error
    return _identity(parsed, certificate, chain)


def read_pkcs12(content: bytes, passphrase: str) -> SigningIdentity:
    """The identity in a PKCS #12 file; raises CertificateUnreadable that says why it cannot be used."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    try:
        held = load_pkcs12(content, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadable(why="passphrase") from error
    if held.key is None or held.cert is None:
        raise CertificateUnreadable(why="no_key")
    certificate = held.cert.certificate.public_bytes(Encoding.DER)
    given = [one.certificate.public_bytes(Encoding.DER) for one in held.additional_certs]
    chain = tuple(dict.fromkeys(one for one in given if one != certificate))
    return _identity(held.key, certificate, chain)


def key_bytes(identity: SigningIdentity) -> bytes:
    """The private key in PKCS #8 without encryption, to be wrapped at once."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _identity(key: object, certificate: bytes, chain: tuple[bytes, ...]) -> SigningIdentity:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    strong = (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size >= RSA_BITS_MIN
    )
    if not strong or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise CertificateUnreadable(why="weak_key")
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        fits = parsed.public_key() == key.public_key()
        signs = _may_sign(parsed)
        for one in chain:
            x509.load_der_x509_certificate(one)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension) as error:
        raise CertificateUnreadable(why="damaged") from error
    if not fits:
        raise CertificateUnreadable(why="no_key")
    if not signs:
        raise CertificateUnreadable(why="not_for_signing")
    return SigningIdentity(certificate, chain, key, _facts(parsed, certificate))


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key may sign what people commit to; one that says nothing may."""
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return bool(usage.digital_signature or usage.content_commitment)


def certificate_facts(certificate: bytes) -> CertificateFacts:
    """What people are shown of a certificate (DER); raises CertificateUnreadable."""
    from cryptography import x509

    try:
        return _facts(x509.load_der_x509_certificate(certificate), certificate)
    except (ValueError, x509.InvalidVersion) as error:
        raise CertificateUnreadable(why="damaged") from error


def _facts(parsed: x509.Certificate, certificate: bytes) -> CertificateFacts:
    return CertificateFacts(
        _shown(parsed.subject),
        _shown(parsed.issuer),
        parsed.not_valid_before_utc,
        parsed.not_valid_after_utc,
        fingerprint_of(certificate),
        parsed.subject == parsed.issuer,
    )


def fingerprint_of(certificate: bytes) -> str:
    """The first 16 bytes of the certificate's SHA-256 in hex, in groups of four, to compare by eye."""
    shown = hashlib.sha256(certificate).hexdigest()[:32]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def _shown(name: x509.Name) -> str:
    """The common name, else the whole name."""
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
