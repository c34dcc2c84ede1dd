"""What a check of a signature needs long after: certificates, and the issuers' word that none of them is revoked.

The issuer's word is an OCSP answer (RFC 6960) or a revocation list (RFC 5280), asked for where the certificate itself
says. A slip never waits long: answers are kept until they run out, and who does not answer is left alone for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from store_desk.slips.web import fetch

if TYPE_CHECKING:
    from cryptography import x509

LIMIT_S: Final = 3.0
ANSWER_MAX: Final = 1024 * 1024
_OCSP_HEADS: Final = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
# No authority is further from a root.
CERTIFICATES_MAX: Final = 12
# How long an answer serves that does not say, the longest that one serves, and how long a silent issuer is left alone.
KEPT_S: Final = 3_600.0
KEPT_MAX_S: Final = 86_400.0
REST_S: Final = 300.0

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ValidationData:
    """Everything in DER. `lacking` are the names of certificates whose issuer did not answer when asked just now."""

    certificates: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    """What is known of one certificate until a moment of the monotonic clock."""

    until: float
    answer: bytes = b""
    revoked: bytes = b""


@dataclass(slots=True)
class Gatherer:
    """Gathers such data and remembers them for the process. Not for several threads at once."""

    limit_s: float = LIMIT_S
    _known: dict[bytes, _Known] = field(default_factory=dict)
    _issuers: dict[bytes, bytes] = field(default_factory=dict)

    def gather(self, certificates: tuple[bytes, ...], *, at: datetime) -> ValidationData:
        """The data for these certificates (DER) and those above them; whatever cannot be had is left out."""
        from cryptography import x509

        until = time.monotonic() + self.limit_s
        parsed = {one: x509.load_der_x509_certificate(one) for one in dict.fromkeys(certificates)}
        waiting = list(parsed)
        known, lacking = [], []
        while waiting:
            der = waiting.pop(0)
            one = parsed[der]
            # Nobody but itself vouches for it: there is no one to ask.
            if one.subject == one.issuer:
                continue
            found, asked = self._about(der, one, list(parsed.values()), at=at, until=until)
            known.append(found)
            above = self._issuers.get(der)
            if above and above not in parsed and len(parsed) < CERTIFICATES_MAX:
                parsed[above] = x509.load_der_x509_certificate(above)
                waiting.append(above)
            if asked and not found.answer and not found.revoked:
                lacking.append(one.subject.rfc4514_string())
        return ValidationData(
            tuple(parsed),
            tuple(dict.fromkeys(one.answer for one in known if one.answer)),
            tuple(dict.fromkeys(one.revoked for one in known if one.revoked)),
            tuple(lacking),
        )

    def _about(
        self, der: bytes, one: x509.Certificate, others: list[x509.Certificate], *, at: datetime, until: float
    ) -> tuple[_Known, bool]:
        """What is known of the certificate, and whether somebody was asked for it in vain or not just now."""
        held = self._known.get(der)
        if held is not None and time.monotonic() < held.until:
            return held, False
        places = _places(one)
        issuer = next((other for other in others if _issued(other, one)), None)
        if issuer is None:
            issuer = _first(places.issuers, lambda url: _issuer_from(_get(url, until), one))
            if issuer is not None:
                self._issuers[der] = _der(issuer)
        found = None
        if issuer is not None:
            above = issuer
            found = _first(places.answers, lambda url: _answer(url, one, above, at=at, until=until))
        # A root need not be at hand: then its list is taken as it is, for the check to judge.
        found = found or _first(places.lists, lambda url: _list(_get(url, until), one, issuer, at=at))
        kept = found or _Known(time.monotonic() + REST_S)
        self._known[der] = kept
        return kept, bool(places.answers or places.lists)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a certificate says that its issuer, the issuer's answers, and its lists are found."""

    issuers: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def _places(one: x509.Certificate) -> _Places:
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID as Access

    issuers: list[str] = []
    answers: list[str] = []
    lists: list[str] = []
    try:
        for extension in one.extensions:
            value = extension.value
            if isinstance(value, x509.OCSPNoCheck):
                return _Places()
            if isinstance(value, x509.AuthorityInformationAccess):
                for access in value:
                    kind = {Access.OCSP: answers, Access.CA_ISSUERS: issuers}.get(access.access_method)
                    if kind is not None and isinstance(access.access_location, x509.UniformResourceIdentifier):
                        kind.append(access.access_location.value)
            elif isinstance(value, x509.CRLDistributionPoints):
                names = [name for point in value for name in point.full_name or ()]
                lists += [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    except (ValueError, x509.DuplicateExtension):
        return _Places()
    return _Places(tuple(issuers), tuple(answers), tuple(lists))


def _first(places: tuple[str, ...], ask: Callable[[str], Found | None]) -> Found | None:
    """The first place's answer that will do; a place that fails is passed over."""
    for place in places:
        try:
            found = ask(place)
        except (OSError, ValueError):
            continue
        if found is not None:
            return found
    return None


def _get(url: str, until: float, *, body: bytes | None = None) -> bytes:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time is left")
    return fetch(url, limit_s=left, size_max=ANSWER_MAX, body=body, heads=_OCSP_HEADS if body else None)


def _issued(issuer: x509.Certificate, one: x509.Certificate) -> bool:
    """Whether the one certificate issued the other."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if issuer.subject != one.issuer:
        return False
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _issuer_from(content: bytes, one: x509.Certificate) -> x509.Certificate | None:
    from cryptography import x509

    pem = content.lstrip().startswith(b"-----BEGIN")
    found = x509.load_pem_x509_certificate(content) if pem else x509.load_der_x509_certificate(content)
    return found if _issued(found, one) else None


def _answer(url: str, one: x509.Certificate, issuer: x509.Certificate, *, at: datetime, until: float) -> _Known | None:
    """The issuer's answer about the one certificate, as it came; None unless it is about this certificate."""
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import ocsp

    # SHA-1 names the certificate, as every responder takes it (RFC 5019); nothing is signed with it.
    asked = ocsp.OCSPRequestBuilder().add_certificate(one, issuer, SHA1()).build()
    content = _get(url, until, body=asked.public_bytes(Encoding.DER))
    told = ocsp.load_der_ocsp_response(content)
    if told.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or told.serial_number != one.serial_number:
        return None
    return _Known(_until(told.next_update_utc, at), answer=content)


def _list(content: bytes, one: x509.Certificate, issuer: x509.Certificate | None, *, at: datetime) -> _Known | None:
    """The list of the certificate's issuer, as it came; None unless it has the issuer's name and signature."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    found = x509.load_der_x509_crl(content)
    if found.issuer != one.issuer:
        return None
    if issuer is not None:
        key = issuer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) or not found.is_signature_valid(key):
            return None
    return _Known(_until(found.next_update_utc, at), revoked=content)


def _until(ends: datetime | None, at: datetime) -> float:
    """Until when (on the monotonic clock) what ends at a moment serves."""
    seconds = KEPT_S if ends is None else (ends - at).total_seconds()
    return time.monotonic() + min(max(seconds, 0.0), KEPT_MAX_S)


def _der(one: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return one.public_bytes(Encoding.DER)
