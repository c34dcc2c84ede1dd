"""Signing what is printed or saved: the desk's certificate, kept and installed, and a slip that never waits for it.

The certificate is public and lies in the settings. The private key of the store's own follows from the desk's keys;
that of an installed one is wrapped (AES-256-GCM) with a key that follows from them. Neither is written in the clear.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from store_desk.domain.errors import (
    CertificateUnreadable,
    DatabaseLocked,
    DiskFailed,
    DiskFull,
    DomainError,
    FileNotSigned,
    OutsideFailure,
)
from store_desk.domain.roles import Right
from store_desk.domain.slip import SlipData
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.slips.certificates import (
    CertificateFacts,
    SigningIdentity,
    certificate_facts,
    identity_from,
    key_bytes,
    load_identity,
    make_certificate,
    read_pkcs12,
)
from store_desk.store.keys import DeskKeys, certificate_wrap, file_key

if TYPE_CHECKING:
    from store_desk.services.ports import UnitOfWork
    from store_desk.slips.time_stamp import HttpStamper
    from store_desk.slips.validation_data import Gatherer

OWN: Final = "certificate.own"
INSTALLED: Final = "certificate.installed"
# What the settings screen shows, because the window does not read certificates.
SHOWN: Final = "certificate.shown"
KNOWN: Final = "certificate.known"
STAMP_ADDRESS: Final = "signature.tsa"
NONCE_BYTES: Final = 12
# After a failure the authority is left alone for a while, so that not every slip waits for it.
STAMP_REST_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class CertificateState:
    """How the certificate stands: `why` is empty when files are signed, else a code; `facts` where it can be read."""

    why: str
    facts: CertificateFacts | None


class DeskSigning:
    """Signs for one desk. All calls block and read the database: the printer lane's, or the command line's."""

    def __init__(self, desk: Desk, keys: DeskKeys) -> None:
        self._desk = desk
        self._keys = keys
        self._lock = threading.Lock()
        self._held: tuple[tuple[str, str], SigningIdentity] | None = None
        self._rest_until = 0.0
        self._gatherer: Gatherer | None = None

    def signed(self, pdf: bytes, slip: SlipData, actor: Actor, *, ticket_id: str) -> bytes:
        """The file with its signature; without one, and with a journal entry that says why, when it cannot be made.

        Whatever is wrong with the certificate, the customer gets a slip.
        """
        try:
            identity = self.identity()
            now, facts = self._desk.clock(), identity.facts
            # A clock before the day on which this very desk made its certificate is a clock that fell back.
            fell_back = facts.self_issued and now < facts.not_before
            if not fell_back and not facts.valid_at(now):
                raise CertificateUnreadable(why="not_current")
            return self._signed(pdf, slip, identity, actor, ticket_id)
        except DomainError as error:
            # Also a disk that cannot take a new certificate: whatever it is, it is told when the print is recorded.
            with suppress(OutsideFailure, DiskFull, DiskFailed, DatabaseLocked):
                self._note(actor, "slip_not_signed", ticket_id, {"slip": slip.number, "why": str(error)[:300]})
            return pdf

    def _signed(self, pdf: bytes, slip: SlipData, identity: SigningIdentity, actor: Actor, ticket_id: str) -> bytes:
        from store_desk.slips.pdf_signature import sign_pdf

        reason = f"{slip.number} {slip.ticket_number}"
        # A slip written before there was a certificate is signed with the first moment of the certificate.
        at = max(slip.issued_at, identity.facts.not_before)
        stamper = self._stamper()
        if stamper is None:
            return sign_pdf(pdf, identity, reason=reason, at=at)
        try:
            stamped = sign_pdf(pdf, identity, reason=reason, at=at, stamper=stamper)
        except FileNotSigned as error:
            self._rest_until = time.monotonic() + STAMP_REST_S
            self._note(actor, "slip_not_stamped", ticket_id, {"slip": slip.number, "why": str(error)[:300]})
            return sign_pdf(pdf, identity, reason=reason, at=at)
        return self._kept_long(stamped, slip, stamper, actor, ticket_id)

    def _kept_long(self, stamped: bytes, slip: SlipData, stamper: HttpStamper, actor: Actor, ticket_id: str) -> bytes:
        """The stamped file made fit to be checked for long; as it is, with a journal entry, where that fails."""
        from store_desk.slips.long_term import certificates_of, lengthen_pdf
        from store_desk.slips.pdf_container import read_sealed
        from store_desk.slips.validation_data import Gatherer

        with self._lock:
            self._gatherer = self._gatherer or Gatherer()
            given = (*certificates_of(read_sealed(stamped)), *stamper.certificates)
            data = self._gatherer.gather(given, at=self._desk.clock())
        facts: dict[str, object] = {"slip": slip.number}
        if data.lacking:
            facts["why"] = f"no word on revocation: {'; '.join(data.lacking)}"[:300]
            self._note(actor, "slip_not_long_term", ticket_id, facts)
        try:
            return lengthen_pdf(stamped, data, stamper=stamper)
        except FileNotSigned as error:
            self._rest_until = time.monotonic() + STAMP_REST_S
            self._note(actor, "slip_not_long_term", ticket_id, facts | {"why": str(error)[:300]})
            return stamped

    def _stamper(self) -> HttpStamper | None:
        """The time stamp authority of the settings; None without one, and for a while after it failed."""
        with self._desk.read() as uow:
            address = _text(uow.settings.get(STAMP_ADDRESS) or "")
        if not address or time.monotonic() < self._rest_until:
            return None
        from store_desk.slips.time_stamp import HttpStamper

        return HttpStamper(address)

    def _note(self, actor: Actor, what: str, subject: str, facts: dict[str, object]) -> None:
        with self._desk.work() as uow:
            uow.journal.write(at=self._desk.clock(), actor=actor.id, what=what, subject=subject, facts=facts)

    def identity(self) -> SigningIdentity:
        """The certificate in use with its key, made when there is none; raises CertificateUnreadable."""
        with self._lock:
            with self._desk.read() as uow:
                own, installed = uow.settings.get(OWN), uow.settings.get(INSTALLED)
            known = (own or ensure_certificate(self._desk, self._keys), installed or "")
            if self._held is None or self._held[0] != known:
                self._held = (known, self._load(*known))
            return self._held[1]

    def _load(self, own: str, installed: str) -> SigningIdentity:
        try:
            if not installed:
                return load_identity(file_key(self._keys), base64.b64decode(json.loads(own), validate=True))
            parts = json.loads(installed)
            certificate = base64.b64decode(parts["certificate"], validate=True)
            chain = tuple(base64.b64decode(one, validate=True) for one in parts["chain"])
            key = _unwrapped(self._keys, base64.b64decode(parts["key"], validate=True), certificate)
        except (ValueError, TypeError, KeyError) as error:
            raise CertificateUnreadable(why="damaged") from error
        return identity_from(key, certificate, chain)

    def facts(self) -> CertificateFacts:
        """What is shown of the certificate in use; raises CertificateUnreadable."""
        return self.identity().facts

    def certificate_pem(self) -> str:
        """The certificate in use as PEM, for those who verify; raises CertificateUnreadable."""
        shown = base64.encodebytes(self.identity().certificate).decode("ascii").replace("\n", "")
        lines = [shown[at : at + 64] for at in range(0, len(shown), 64)]
        return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))

    def state(self) -> CertificateState:
        """How the certificate stands, for `doctor`; changes nothing but makes one where there is none."""
        try:
            facts = self.facts()
        except CertificateUnreadable as error:
            return CertificateState(str(error.facts["why"]), None)
        return CertificateState("" if facts.valid_at(self._desk.clock()) else "not_current", facts)

    def install(self, actor: Actor, content: bytes, *, passphrase: str) -> CertificateFacts:
        """Takes a store's own certificate from a PKCS #12 file into use; raises CertificateUnreadable, RightMissing."""
        demand(actor, Right.KEYS)
        identity = read_pkcs12(content, passphrase)
        if not identity.facts.valid_at(self._desk.clock()):
            raise CertificateUnreadable(why="not_current")
        parts = {
            "certificate": _encoded(identity.certificate),
            "chain": [_encoded(one) for one in identity.chain],
            "key": _encoded(_wrapped(self._keys, key_bytes(identity), identity.certificate)),
        }
        with self._desk.work() as uow:
            uow.settings.put(INSTALLED, json.dumps(parts))
            _put_shown(uow, identity.facts, own=False)
            self._write_change(uow, actor, identity.facts)
        return identity.facts

    def renew(self, actor: Actor) -> CertificateFacts:
        """Goes (back) to a certificate of the store's own, made now with the same key; an installed one is given up."""
        demand(actor, Right.KEYS)
        with self._desk.work() as uow:
            uow.settings.put(INSTALLED, "")
            facts = _make_own(self._desk, self._keys, uow)[1]
            self._write_change(uow, actor, facts)
        return facts

    def _write_change(self, uow: UnitOfWork, actor: Actor, facts: CertificateFacts) -> None:
        told: dict[str, object] = {"fingerprint": facts.fingerprint, "subject": facts.subject, "issuer": facts.issuer}
        uow.journal.write(at=self._desk.clock(), actor=actor.id, what="certificate_changed", facts=told)


def ensure_certificate(desk: Desk, keys: DeskKeys) -> str:
    """The setting that holds the store's own certificate, made in one transaction where there is none."""
    with desk.work() as uow:
        return uow.settings.get(OWN) or _make_own(desk, keys, uow)[0]


def _make_own(desk: Desk, keys: DeskKeys, uow: UnitOfWork) -> tuple[str, CertificateFacts]:
    identity = desk.identity
    certificate = make_certificate(
        file_key(keys),
        store_name=identity.store_name,
        store_code=identity.store_code,
        desk=identity.desk,
        at=desk.clock(),
    )
    text, facts = json.dumps(_encoded(certificate)), certificate_facts(certificate)
    uow.settings.put(OWN, text)
    _put_shown(uow, facts, own=True)
    return text, facts


def _put_shown(uow: UnitOfWork, facts: CertificateFacts, *, own: bool) -> None:
    shown = {"issuer": facts.issuer, "until": _day(facts.not_after), "fingerprint": facts.fingerprint, "own": own}
    uow.settings.put(SHOWN, json.dumps(shown, ensure_ascii=False))
    known = known_fingerprints(uow)
    uow.settings.put(KNOWN, json.dumps([*known, facts.fingerprint] if facts.fingerprint not in known else known))


def known_fingerprints(uow: UnitOfWork) -> list[str]:
    """The fingerprints of all certificates that ever signed here, so that older files still verify."""
    try:
        known = json.loads(uow.settings.get(KNOWN) or "[]")
    except ValueError:
        return []
    return [str(one) for one in known] if isinstance(known, list) else []


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _text(stored: str) -> str:
    """A stored JSON text; anything else counts as nothing."""
    try:
        value = json.loads(stored) if stored else ""
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _wrapped(keys: DeskKeys, secret: bytes, certificate: bytes) -> bytes:
    """The secret, encrypted; it opens with this desk's keys and beside this certificate only."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(certificate_wrap(keys)).encrypt(nonce, secret, certificate)


def _unwrapped(keys: DeskKeys, wrapped: bytes, certificate: bytes) -> bytes:
    """The secret; raises ValueError when it does not open."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(certificate_wrap(keys)).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], certificate)
    except InvalidTag as error:
        raise ValueError("the key does not open") from error
