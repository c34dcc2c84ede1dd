"""Slips with a proof, signed by a desk that tests know, and signed files of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store_desk.domain.proof import ProofFacts, Trust, TrustedKey, proof_of
from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.domain.slip_text import sealed_slip
from store_desk.slips.certificates import SigningIdentity, load_identity, make_certificate
from store_desk.slips.pdf_signature import sign_pdf
from store_desk.slips.render import render_slip
from store_desk.store.keys import DeskKeys, file_key

BOTH = (Copy.CUSTOMER, Copy.STORE)
KEYS = DeskKeys(b"d" * 32, b"p" * 32, b"s" * 32)
AT = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)


def private_key(keys: DeskKeys = KEYS) -> Ed25519PrivateKey:
    """The desk's signing key."""
    return Ed25519PrivateKey.from_private_bytes(keys.signing)


def public_key(keys: DeskKeys = KEYS) -> bytes:
    """Its public half."""
    return private_key(keys).public_key().public_bytes_raw()


@cache
def identity(keys: DeskKeys) -> SigningIdentity:
    """What signs the desk's files."""
    key = file_key(keys)
    return load_identity(key, make_certificate(key, store_name="徐汇店", store_code="XH", desk=2, at=AT))


def trust(**changes: Any) -> Trust:
    """The desk as a key file knows it."""
    entry = TrustedKey(public_key(), "XH", 2, certificates=(identity(KEYS).facts.fingerprint,))
    return Trust((replace(entry, **changes),))


def facts_of(data: SlipData, bare: str, **changes: Any) -> ProofFacts:
    """What the desk states of a slip."""
    facts = ProofFacts(
        key=public_key(),
        number=data.number,
        ticket=data.ticket_number,
        store=data.store.code,
        desk=data.desk,
        variant=data.variant,
        status=data.status,
        at=data.issued_at,
        reason="self_resolved",
        currency=data.currency,
        customer_pays_minor=12_000,
        store_pays_minor=0,
        grade="counter",
        read_back=data.read_back_hash,
        previous=data.previous_hash,
        slip=bare,
        case="0190c0ffee" + "ab" * 11,
        withdraws=data.withdraws,
        demo=data.demo,
    )
    return replace(facts, **changes)


def sealed(data: SlipData, *, keys: DeskKeys = KEYS, **changes: Any) -> SlipData:
    """The slip with its proof."""
    sign = private_key(keys).sign
    changes = {"key": public_key(keys), **changes}
    return sealed_slip(data, lambda bare: proof_of(facts_of(data, bare, **changes), sign=sign))[0]


def signed(pdf: bytes, *, keys: DeskKeys = KEYS) -> bytes:
    """The file with the desk's signature."""
    return sign_pdf(pdf, identity(keys), reason="slip", at=AT)


def file_of(data: SlipData, *, paper: Paper = Paper.A5, whole: SlipData | None = None, **how: Any) -> bytes:
    """A signed file of the slip."""
    return signed(render_slip(data, paper=paper, whole=whole, **{"copies": BOTH, **how}))
