"""A signed message (CMS, RFC 5652) in the only form that Store Desk writes, so that no byte of one is free.

A CMS message has parts that its signature does not cover: algorithm names, further certificates, unsigned attributes.
Here a message is read, written again from the parts that are covered, and must be the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store_desk.slips.der import INTEGER, NULL, OCTETS, SEQUENCE, SET, Element, der, elements, inside, only

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
DATA: Final = bytes.fromhex("06092a864886f70d010701")
STAMP_INFO: Final = bytes.fromhex("060b2a864886f70d0109100104")
_CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")
_ESS_CERTIFICATES: Final = bytes.fromhex("060b2a864886f70d010910022f")
_ESS_CERTIFICATES_SHA1: Final = bytes.fromhex("060b2a864886f70d010910020c")
_STAMP_ATTRIBUTE: Final = bytes.fromhex("060b2a864886f70d010910020e")

_FIRST, _ATTRIBUTES_TAG, _CERTIFICATES_TAG, _CRLS_TAG, _UNSIGNED_TAG = 0xA0, 0xA0, 0xA0, 0xA1, 0xA1
# Algorithm names by digest: of the digest, and of the signature with an elliptic curve or with RSA (RFC 5754).
_DIGESTS: Final = {
    "sha256": bytes.fromhex("0609608648016503040201"),
    "sha384": bytes.fromhex("0609608648016503040202"),
    "sha512": bytes.fromhex("0609608648016503040203"),
}
_WITH_CURVE: Final = {
    "sha256": bytes.fromhex("300a06082a8648ce3d040302"),
    "sha384": bytes.fromhex("300a06082a8648ce3d040303"),
    "sha512": bytes.fromhex("300a06082a8648ce3d040304"),
}
_WITH_RSA: Final = {
    "sha256": bytes.fromhex("300d06092a864886f70d01010b0500"),
    "sha384": bytes.fromhex("300d06092a864886f70d01010c0500"),
    "sha512": bytes.fromhex("300d06092a864886f70d01010d0500"),
}
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class MessageWrong(ValueError):
    """The message is not one that Store Desk wrote, or not signed by the certificate in it; says what is wrong."""


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """The parts of a message. `certificates` has the signer's first; `content` is empty where it stands outside.

    `attributes` are the signed ones, without tag and length; `stamp` is a time stamp's message, empty without one.
    """

    certificates: tuple[bytes, ...]
    digest: str
    content: bytes
    attributes: bytes
    signature: bytes
    stamp: bytes = b""


def write_message(message: SignedMessage) -> bytes:
    """The message's one encoding."""
    digest = der(SEQUENCE, _DIGESTS[message.digest], der(NULL))
    signer = message.certificates[0]
    parts = [der(INTEGER, b"\1"), _name_of(signer), digest, der(_ATTRIBUTES_TAG, message.attributes)]
    parts += [_signature_name(signer, message.digest), der(OCTETS, message.signature)]
    if message.stamp:
        stamp = der(SEQUENCE, _STAMP_ATTRIBUTE, der(SET, message.stamp))
        parts.append(der(_UNSIGNED_TAG, stamp))
    about = (STAMP_INFO, der(_FIRST, der(OCTETS, message.content))) if message.content else (DATA,)
    body = der(
        SEQUENCE,
        der(INTEGER, b"\3" if message.content else b"\1"),
        der(SET, digest),
        der(SEQUENCE, *about),
        der(_CERTIFICATES_TAG, *sorted(message.certificates)),
        der(SET, der(SEQUENCE, *parts)),
    )
    return der(SEQUENCE, _SIGNED_DATA, der(_FIRST, body))


def read_message(encoded: bytes) -> SignedMessage:
    """The parts of a message, also of a foreign one; raises MessageWrong for anything that cannot be one."""
    try:
        kind, wrapped = inside(encoded, SEQUENCE)
        if kind.whole != _SIGNED_DATA:
            raise MessageWrong("no signed message")
        return _read_body(inside(wrapped.content, SEQUENCE))
    except MessageWrong:
        raise
    except (ValueError, IndexError) as error:
        raise MessageWrong("the message cannot be read") from error


def _read_body(body: list[Element]) -> SignedMessage:
    about = elements(body[2].content)
    content = only(about[1].content, OCTETS).content if len(about) > 1 else b""
    if body[3].tag != _CERTIFICATES_TAG:
        raise MessageWrong("no certificate")
    certificates = [item.whole for item in elements(body[3].content)]
    rest = [part for part in body[4:] if part.tag != _CRLS_TAG]
    (signer,) = elements(rest[0].content)
    parts = elements(signer.content)
    attributes = parts[3]
    if attributes.tag != _ATTRIBUTES_TAG:
        raise MessageWrong("no signed attributes")
    own = [one for one in certificates if _name_of(one) == parts[1].whole]
    if len(own) != 1:
        raise MessageWrong("the signer's certificate is not there")
    digests = [name for name, oid in _DIGESTS.items() if parts[2].content.startswith(oid)]
    if not digests:
        raise MessageWrong("unknown digest")
    stamp = b""
    if len(parts) > 6:
        # Whatever else stands unsigned is not read, so that the message cannot be written again with it.
        kind, value = elements(elements(parts[6].content)[0].content)
        stamp = value.content if kind.whole == _STAMP_ATTRIBUTE else b""
    others = tuple(one for one in certificates if one != own[0])
    return SignedMessage((own[0], *others), digests[0], content, attributes.content, parts[5].content, stamp)


def verify_message(message: SignedMessage, *, content_digest: bytes, content_type: bytes = DATA) -> None:
    """Raises MessageWrong unless the signature covers this content and every certificate of the message."""
    if _attribute(message, _MESSAGE_DIGEST) != der(OCTETS, content_digest):
        raise MessageWrong("other content")
    if _attribute(message, _CONTENT_TYPE) != content_type:
        raise MessageWrong("another kind of content")
    if not _certificates_bound(message):
        raise MessageWrong("another certificate")
    _verify_signature(message)


def digest_with(name: str, content: bytes) -> bytes:
    """The digest by this name: sha256, sha384 or sha512; sha1 where older rules name a certificate by it."""
    return hashlib.new(name, content, usedforsecurity=False).digest()


def _attribute(message: SignedMessage, name: bytes) -> bytes:
    """The value of a signed attribute; empty where there is none, or more than one."""
    found = []
    for item in elements(message.attributes):
        kind, values = elements(item.content)
        if kind.whole == name:
            found.append(values.content)
    return found[0] if len(found) == 1 else b""


def _certificates_bound(message: SignedMessage) -> bool:
    """Whether the signed attributes name each certificate by its hash, the signer's first (RFC 5035).

    A time stamp may name more than it brings along; a slip's message brings all that it names.
    """
    value = _attribute(message, _ESS_CERTIFICATES)
    usual = "sha256"
    if not value:
        value, usual = _attribute(message, _ESS_CERTIFICATES_SHA1), "sha1"
    if not value:
        return False
    named = [_named(item, usual) for item in inside(inside(value, SEQUENCE)[0].whole, SEQUENCE)]
    if message.content:
        named = named[: len(message.certificates)]
    if len(named) != len(message.certificates):
        return False
    kinds = [kind for kind, _ in named]
    hashes = [hash_ for _, hash_ in named]
    own, *others = message.certificates
    first = hashes[0] == digest_with(kinds[0], own)
    rest = sorted(hashes[1:]) == sorted(digest_with(usual, one) for one in others)
    return first and rest and all(kind == usual for kind in kinds[1:])


def _named(item: Element, usual: str) -> tuple[str, bytes]:
    """The digest's name and the hash by which a certificate is named; the usual digest is left out."""
    parts = elements(item.content)
    if parts[0].tag == OCTETS:
        return usual, parts[0].content
    kinds = [name for name, oid in _DIGESTS.items() if parts[0].content.startswith(oid)]
    if not kinds:
        raise MessageWrong("unknown digest")
    return kinds[0], parts[1].content


def _verify_signature(message: SignedMessage) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

    key = public_key_of(message.certificates[0])
    hashed = _hash_of(message.digest)
    signed = der(SET, message.attributes)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(message.signature, signed, ec.ECDSA(hashed))
            if isinstance(key.curve, ec.SECP256R1) and not message.content:
                # (r, n - s) verifies as well as (r, s): only the smaller one is ours.
                _r, s = utils.decode_dss_signature(message.signature)
                if s > P256_ORDER // 2:
                    raise MessageWrong("not the one form of this signature")
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(message.signature, signed, padding.PKCS1v15(), hashed)
        else:
            raise MessageWrong("unknown kind of key")
    except InvalidSignature as error:
        raise MessageWrong("the signature does not fit") from error


def _hash_of(name: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes

    kinds: dict[str, type[HashAlgorithm]] = {
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
    return kinds[name]()


def public_key_of(certificate: bytes) -> object:
    """The public key of a certificate; raises MessageWrong."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise MessageWrong("the certificate cannot be read") from error


def _signature_name(certificate: bytes, digest: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import rsa

    names = _WITH_RSA if isinstance(public_key_of(certificate), rsa.RSAPublicKey) else _WITH_CURVE
    return names[digest]


def _name_of(certificate: bytes) -> bytes:
    """Issuer and serial number of a certificate, as a message names its signer."""
    try:
        parts = elements(inside(certificate, SEQUENCE)[0].content)
        # The version stands first, but for certificates of the first version.
        start = 1 if parts[0].tag == _FIRST else 0
        return der(SEQUENCE, parts[start + 2].whole, parts[start].whole)
    except (ValueError, IndexError) as error:
        raise MessageWrong("the certificate cannot be read") from error
