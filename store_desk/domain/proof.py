"""The proof on the paper: which facts it states, how they are packed and signed, and what a check can answer.

A proof is `SD1:` and, in base45, an Ed25519 signature (64 bytes) followed by the facts it signs in canonical CBOR.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from store_desk.domain.proof_text import CborValue, from_base45, from_cbor, short_code, to_base45, to_cbor
from store_desk.domain.slip import SlipStatus, SlipVariant

PREFIX: Final = "SD1:"
VERSION: Final = 1
SIGNATURE_BYTES: Final = 64
KEY_BYTES: Final = 32
# Half a SHA-256 tells texts apart for good; the slip before is told by its own proof too, so it needs less.
HASH_BYTES: Final = 16
PREVIOUS_BYTES: Final = 8
# A longer text goes in as its hash, so that the QR's modules stay three printer dots wide.
TEXT_BYTES_MAX: Final = 40
# 77 modules on 30 mm are three dots of a 203 dpi head each; such a QR holds 600 characters.
PROOF_LENGTH_MAX: Final = 600

_VERSION, _KEY, _SLIP, _TICKET, _STORE, _DESK, _VARIANT, _STATUS, _TIME, _REASON, _CURRENCY = range(11)
_CUSTOMER_PAYS, _STORE_PAYS, _GRADE, _READ_BACK, _PREVIOUS, _HASH, _CASE, _WITHDRAWS, _DEMO = range(11, 20)
_STATUSES: Final = (SlipStatus.PROVISIONAL, SlipStatus.FINAL)
_VARIANTS: Final = (
    SlipVariant.CANCELLATION,
    SlipVariant.REQUEST,
    SlipVariant.FOLLOW_UP,
    SlipVariant.REFUSAL,
    SlipVariant.CHANGE,
    SlipVariant.VOID,
    SlipVariant.STOP_SHEET,
)
# A hash where a text was expected.
HASHED: Final = "sha256:"
_IS_HASHED: Final = re.compile(f"{HASHED}[0-9a-f]{{{2 * HASH_BYTES}}}")


class Outcome(Enum):
    """What a check answers."""

    GENUINE = "genuine"
    CHANGED = "changed"
    UNKNOWN_DESK = "unknown_desk"
    REVOKED_DESK = "revoked_desk"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What the QR of a slip states. Hashes are hex: `read_back` and `slip` of 16 bytes, `previous` of 8.

    `slip` is the hash of everything on the paper, the QR and the short code apart. A text too long for the QR reads
    `sha256:` and the first 16 bytes of its hash.
    """

    key: bytes
    number: str
    ticket: str
    store: str
    desk: int
    variant: SlipVariant
    status: SlipStatus
    at: datetime
    reason: str
    currency: str
    customer_pays_minor: int
    store_pays_minor: int
    grade: str
    read_back: str
    previous: str
    slip: str
    case: str
    withdraws: str = ""
    demo: bool = False

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key that signed, as the slip and the desk show it."""
        return key_fingerprint(self.key)


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof read from its text: the facts, the bytes they stand in, and the signature over those."""

    facts: ProofFacts
    body: bytes
    signature: bytes

    @property
    def short_code(self) -> str:
        """The code printed beside the QR."""
        return short_code(self.signature + self.body)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A desk's key as `keys export` writes it. `certificates` are fingerprints of those that sign or signed its files.

    `vouched_by` is the fingerprint of the organisation's key that stands for it, None for a store on its own.
    """

    key: bytes
    store: str
    desk: int
    desk_id: str = ""
    certificates: tuple[str, ...] = ()
    vouched_by: str | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """The desks whose slips are known."""

    keys: tuple[TrustedKey, ...] = ()

    def find(self, key: bytes) -> TrustedKey | None:
        """The entry of a key; a revoked one goes before any other."""
        found = [entry for entry in self.keys if entry.key == key]
        return next((entry for entry in found if entry.revoked), found[0] if found else None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a check: which facts were changed, what the proof states, and why it could not be read."""

    outcome: Outcome
    changed: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
    why: str = ""

    def with_changed(self, *names: str) -> Verdict:
        """The verdict after more facts were found changed; what was not genuine for a graver reason stays so."""
        if not names:
            return self
        graver = self.outcome in (Outcome.UNKNOWN_DESK, Outcome.REVOKED_DESK, Outcome.UNREADABLE)
        together = tuple(dict.fromkeys((*self.changed, *names)))
        return replace(self, outcome=self.outcome if graver else Outcome.CHANGED, changed=together)


def key_fingerprint(key: bytes) -> str:
    """The first 16 bytes of the key's SHA-256 in hex, in groups of four, to compare by eye."""
    shown = hashlib.sha256(key).hexdigest()[:32]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def proof_of(facts: ProofFacts, *, sign: Callable[[bytes], bytes]) -> tuple[str, str]:
    """The text for the QR and its short code."""
    body = pack(facts)
    signed = sign(body) + body
    return PREFIX + to_base45(signed), short_code(signed)


def read_proof(text: str) -> Proof:
    """The proof in a QR's text, its signature not yet checked; raises ValueError when it is none."""
    # Base45 of whole bytes never ends with its space, so that white space around the text says nothing.
    text = text.strip()
    if not text.startswith(PREFIX):
        raise ValueError("no proof of Store Desk")
    if len(text) > PROOF_LENGTH_MAX:
        raise ValueError("too long")
    raw = from_base45(text[len(PREFIX) :])
    if len(raw) <= SIGNATURE_BYTES:
        raise ValueError("cut off")
    return Proof(unpack(raw[SIGNATURE_BYTES:]), raw[SIGNATURE_BYTES:], raw[:SIGNATURE_BYTES])


def pack(facts: ProofFacts) -> bytes:
    """The facts in canonical CBOR; facts that a slip lacks are left out."""
    written: dict[int, CborValue] = {
        _VERSION: VERSION,
        _KEY: facts.key,
        _SLIP: _short(facts.number),
        _TICKET: _short(facts.ticket),
        _STORE: _short(facts.store),
        _DESK: facts.desk,
        _VARIANT: _VARIANTS.index(facts.variant),
        _STATUS: _STATUSES.index(facts.status),
        _TIME: int(facts.at.timestamp()),
        _REASON: _short(facts.reason),
        _CURRENCY: _short(facts.currency),
        _CUSTOMER_PAYS: facts.customer_pays_minor,
        _STORE_PAYS: facts.store_pays_minor,
        _GRADE: _short(facts.grade),
        _READ_BACK: bytes.fromhex(facts.read_back)[:HASH_BYTES],
        _PREVIOUS: bytes.fromhex(facts.previous)[:PREVIOUS_BYTES],
        _HASH: bytes.fromhex(facts.slip)[:HASH_BYTES],
        _CASE: _compact(facts.case),
    }
    if facts.withdraws:
        written[_WITHDRAWS] = _short(facts.withdraws)
    if facts.demo:
        written[_DEMO] = True
    return to_cbor(written)


def _short(text: str) -> str | bytes:
    if _IS_HASHED.fullmatch(text):
        return bytes.fromhex(text[len(HASHED) :])
    # Half a surrogate pair has no UTF-8; a proof must never fail for what someone typed.
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > TEXT_BYTES_MAX or raw != text.encode("utf-8", "replace"):
        return hashlib.sha256(raw).digest()[:HASH_BYTES]
    return text


def stated(text: str) -> str:
    """The text as a proof states it: itself, or `sha256:…` when it is too long."""
    value = _short(text)
    return value if isinstance(value, str) else HASHED + value.hex()


def _compact(identifier: str) -> str | bytes:
    """An identifier as its 16 bytes where it is one, else as text."""
    try:
        raw = bytes.fromhex(identifier)
    except ValueError:
        return _short(identifier)
    return raw if len(raw) == HASH_BYTES and raw.hex() == identifier else _short(identifier)


def unpack(body: bytes) -> ProofFacts:
    """The facts of packed bytes; raises ValueError unless `pack` wrote them."""
    written = from_cbor(body)
    if written.get(_VERSION) != VERSION:
        raise ValueError("another version")
    key = _bytes(written, _KEY)
    if len(key) != KEY_BYTES:
        raise ValueError("no key")
    case = written.get(_CASE)
    try:
        facts = ProofFacts(
            key=key,
            number=_text(written, _SLIP),
            ticket=_text(written, _TICKET),
            store=_text(written, _STORE),
            desk=_whole(written, _DESK),
            variant=_VARIANTS[_place(written, _VARIANT)],
            status=_STATUSES[_place(written, _STATUS)],
            at=datetime.fromtimestamp(_whole(written, _TIME), UTC),
            reason=_text(written, _REASON),
            currency=_text(written, _CURRENCY),
            customer_pays_minor=_whole(written, _CUSTOMER_PAYS),
            store_pays_minor=_whole(written, _STORE_PAYS),
            grade=_text(written, _GRADE),
            read_back=_bytes(written, _READ_BACK).hex(),
            previous=_bytes(written, _PREVIOUS).hex(),
            slip=_bytes(written, _HASH).hex(),
            case=case.hex() if isinstance(case, bytes) and len(case) == HASH_BYTES else _text(written, _CASE),
            withdraws=_text(written, _WITHDRAWS) if _WITHDRAWS in written else "",
            demo=written.get(_DEMO) is True,
        )
    except (IndexError, OverflowError, OSError) as error:
        raise ValueError("a fact out of its bounds") from error
    if pack(facts) != body:
        raise ValueError("facts that no slip has")
    return facts


def _text(written: dict[int, CborValue], key: int) -> str:
    value = written.get(key)
    if isinstance(value, bytes):
        return HASHED + value.hex()
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _bytes(written: dict[int, CborValue], key: int) -> bytes:
    value = written.get(key)
    if not isinstance(value, bytes):
        raise ValueError("a hash is missing")
    return value


def _whole(written: dict[int, CborValue], key: int) -> int:
    value = written.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a number is missing")
    return value


def _place(written: dict[int, CborValue], key: int) -> int:
    value = _whole(written, key)
    if value < 0:
        raise ValueError("a fact out of its bounds")
    return value


def facts_shown(proof: Proof) -> dict[str, object]:
    """The facts by the names under which checks show them and name what was changed."""
    facts = proof.facts
    shown: dict[str, object] = {
        "slip": facts.number,
        "ticket": facts.ticket,
        "store": facts.store,
        "desk": facts.desk,
        "variant": facts.variant.value,
        "status": facts.status.value,
        "time": facts.at.isoformat(),
        "reason": facts.reason,
        "currency": facts.currency,
        "customer_pays_minor": facts.customer_pays_minor,
        "store_pays_minor": facts.store_pays_minor,
        "consent": facts.grade,
        "read_back_hash": facts.read_back,
        "previous_slip": facts.previous,
        "slip_hash": facts.slip,
        "case": facts.case,
        "withdraws": facts.withdraws,
        "demo": facts.demo,
        "short_code": proof.short_code,
        "fingerprint": facts.fingerprint,
    }
    return {name: value for name, value in shown.items() if name not in ("withdraws", "demo") or value}
