"""Where a signature lies in a PDF of ours, and whether it covers the file: every byte counts, none is free.

The signed bytes are all but the container of the signature. The container is upper-case hex of one message in its one
encoding, filled up with zeros; so a byte changed inside it shows as well (`signed_message`). A file kept for long has
one revision more, whose time stamp covers the whole in the same way; what else that revision may hold is asked of a
PDF library (`pdf_check`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from store_desk.slips.der import OCTETS, SEQUENCE, elements, inside
from store_desk.slips.signed_message import (
    STAMP_INFO,
    MessageWrong,
    SignedMessage,
    digest_with,
    read_message,
    verify_message,
    write_message,
)

HEADER: Final = b"%PDF-1."
END: Final = b"%%EOF\n"
_RANGE: Final = re.compile(rb"\n/ByteRange \[0 ([1-9]\d{0,9}) ([1-9]\d{0,9}) ([1-9]\d{0,9})\] *\n")
_RANGE_START: Final = b"\n/ByteRange ["
_CONTAINER: Final = b"/Contents <"
_HEX: Final = re.compile(rb"(?:[0-9A-F]{2})+")
# Any of these says that the file has, or had, a signature.
_TRACES: Final = (b"/ByteRange", b"/SubFilter /ETSI", b"/Type /Sig", b"/DocMDP", b"/TransformMethod")
_SECONDS: Final = re.compile(rb"\d{14}Z")


class NotSigned(ValueError):
    """A PDF without a signature."""


class Broken(ValueError):
    """No PDF, or one whose signature cannot be found or read; says what is wrong."""


class Changed(ValueError):
    """A PDF with bytes that its signature does not cover, or covers otherwise; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a signature that holds says: who signed, and the time stamps if there are any.

    `size`: so many bytes are signed; `kept_at` is the moment of the time stamp over the whole file behind them, by the
    holder of `keeper_certificate`. `above` are the other certificates of the signature.
    """

    certificate: bytes
    stamp_certificate: bytes = b""
    stamped_at: datetime | None = None
    above: tuple[bytes, ...] = ()
    size: int = 0
    kept_at: datetime | None = None
    keeper_certificate: bytes = b""


def read_sealed(pdf: bytes) -> Sealed:
    """The signature of the file; raises NotSigned, Broken, or Changed unless it covers every byte."""
    start, _end, digest, encoded, message = _last_message(pdf)
    if not message.content:
        return _sealed(message, encoded, digest, size=len(pdf))
    # What stands last is a time stamp over the whole file; before it a signed file must end.
    before = _signed_before(pdf, start)
    _start, _end, inner_digest, inner_encoded, inner = _last_message(before)
    if inner.content:
        raise Changed("a time stamp over a time stamp")
    sealed = _sealed(inner, inner_encoded, inner_digest, size=len(before))
    try:
        if write_message(message) != encoded or len(message.certificates) != 1:
            raise MessageWrong("the time stamp is not as it was written")
        certificate, at = _stamp_facts(message, None, imprint=digest)
    except (ValueError, KeyError, IndexError) as error:
        raise Changed(str(error)) from error
    return replace(sealed, kept_at=at, keeper_certificate=certificate)


def _last_message(pdf: bytes) -> tuple[int, int, bytes, bytes, SignedMessage]:
    """The last container of the file: where it is, the digest of all around it, and its message."""
    start, end, digest = _signed_range(pdf)
    try:
        encoded = _contents(pdf[start + 1 : end - 1])
        return start, end, digest, encoded, read_message(encoded)
    except MessageWrong as error:
        raise Broken(str(error)) from error


def _signed_before(pdf: bytes, end: int) -> bytes:
    """The file as it was signed, before a revision was appended whose container begins at `end`."""
    found = _RANGE.match(pdf, max(pdf.rfind(_RANGE_START, 0, end), 0))
    size = int(found[2]) + int(found[3]) if found else 0
    if not 0 < size < end:
        raise Changed("the time stamp covers no signature")
    return pdf[:size]


def _sealed(message: SignedMessage, encoded: bytes, digest: bytes, *, size: int) -> Sealed:
    """What the signature says; raises Changed unless it is one of these bytes in our form."""
    try:
        if write_message(message) != encoded:
            raise Changed("the container is not as it was written")
        verify_message(message, content_digest=digest)
        if message.digest != "sha256":
            raise Changed("the container is not as it was written")
        sealed = Sealed(message.certificates[0], above=message.certificates[1:], size=size)
        if not message.stamp:
            return sealed
        certificate, at = read_stamp(message.stamp, signature=message.signature)
        return replace(sealed, stamp_certificate=certificate, stamped_at=at)
    except (ValueError, KeyError, IndexError) as error:
        raise error if isinstance(error, Changed) else Changed(str(error)) from error


def _signed_range(pdf: bytes) -> tuple[int, int, bytes]:
    """Where the container begins and ends, and the digest of all around it."""
    if not pdf.startswith(HEADER):
        raise Broken("does not begin as a PDF")
    if not any(trace in pdf for trace in _TRACES):
        if not pdf.endswith(END):
            raise Broken("does not end as a PDF")
        raise NotSigned("no signature")
    # The last one: words of a customer that look like one stand before it, in the file that was signed.
    found = _RANGE.match(pdf, max(pdf.rfind(_RANGE_START), 0))
    if found is None:
        raise Broken("the signature's range cannot be read")
    start, end, rest = (int(found[group]) for group in (1, 2, 3))
    if end != found.start() or pdf[start - len(_CONTAINER) + 1 : start + 1] != _CONTAINER or pdf[end - 1 : end] != b">":
        raise Changed("the range does not fit the container")
    if end + rest != len(pdf):
        raise Changed("the signature does not cover the end")
    if not pdf.endswith(END):
        raise Changed("does not end as a PDF")
    hashed = hashlib.sha256(memoryview(pdf)[:start])
    hashed.update(memoryview(pdf)[end:])
    return start, end, hashed.digest()


def _contents(container: bytes) -> bytes:
    """The message in the container; raises Broken where that is no upper-case hex, Changed for filling not of zeros."""
    if not _HEX.fullmatch(container):
        raise Broken("the container is no hex")
    raw = bytes.fromhex(container.decode("ascii"))
    length = _length(raw)
    if any(raw[length:]):
        raise Changed("the container is not filled with zeros")
    return raw[:length]


def _length(raw: bytes) -> int:
    """How long the message at the start is, by its own head."""
    if len(raw) < 4 or raw[0] != SEQUENCE or not 0x81 <= raw[1] <= 0x83:
        raise Broken("the container holds no signature")
    count = raw[1] - 0x80
    return 2 + count + int.from_bytes(raw[2 : 2 + count], "big")


def read_stamp(stamp: bytes, *, signature: bytes) -> tuple[bytes, datetime]:
    """A time stamp's certificate and moment; raises ValueError unless it is a stamp of this signature in our form."""
    message = read_message(stamp)
    if write_message(message) != stamp or len(message.certificates) != 1:
        raise MessageWrong("the time stamp is not as it was written")
    return _stamp_facts(message, signature)


def plain_stamp(stamp: bytes, *, digest: bytes) -> bytes:
    """A time stamp as an authority sent it, in our form: without anything that its signature does not cover.

    Raises ValueError unless it is a sound stamp of a content with this SHA-256.
    """
    message = read_message(stamp)
    plain = SignedMessage(
        message.certificates[:1], message.digest, message.content, message.attributes, message.signature
    )
    _stamp_facts(plain, None, imprint=digest)
    return write_message(plain)


def _stamp_facts(
    message: SignedMessage, signature: bytes | None, *, imprint: bytes | None = None
) -> tuple[bytes, datetime]:
    if not message.content:
        raise MessageWrong("no time stamp")
    verify_message(message, content_digest=digest_with(message.digest, message.content), content_type=STAMP_INFO)
    if not _may_stamp(message.certificates[0]):
        raise MessageWrong("the certificate is not for time stamps")
    # version, policy, imprint, serial number, moment (RFC 3161, 2.4.2)
    parts = inside(message.content, SEQUENCE)
    hashed = elements(parts[2].content)[1]
    wanted = imprint if signature is None else hashlib.sha256(signature).digest()
    if hashed.tag != OCTETS or hashed.content != wanted:
        raise MessageWrong("the time stamp belongs to something else")
    moment = parts[4].content.split(b".")[0].rstrip(b"Z") + b"Z"
    if not _SECONDS.fullmatch(moment):
        raise MessageWrong("the time stamp's moment cannot be read")
    return message.certificates[0], datetime.strptime(moment.decode(), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _may_stamp(certificate: bytes) -> bool:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        extensions = x509.load_der_x509_certificate(certificate).extensions
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage
