"""What a slip's QR states and how it is signed, when the slip is written."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.case import CancellationCase
from store_desk.domain.proof import ProofFacts, proof_of
from store_desk.domain.slip import SlipData
from store_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Coded:
    """Facts of a case that stand on the slip in words only, and in its proof as codes and whole amounts."""

    case_id: str
    reason: str
    grade: str
    customer_pays_minor: int = 0
    store_pays_minor: int = 0


def coded(case: CancellationCase, *, customer_pays_minor: int = 0, store_pays_minor: int = 0) -> Coded:
    """The codes of a case; amounts as agreed in its plan."""
    grade = case.consent.grade.value if case.consent else ""
    return Coded(case.id, case.reason.value, grade, customer_pays_minor, store_pays_minor)


def seal(desk: Desk, data: SlipData, case: Coded, *, bare_hash: str) -> tuple[str, str]:
    """The QR's text and the short code of a numbered slip; both empty at a desk without a key."""
    signer = desk.signer
    if signer is None:
        return "", ""
    facts = ProofFacts(
        key=signer.public_key,
        number=data.number,
        ticket=data.ticket_number,
        store=data.store.code,
        desk=data.desk,
        variant=data.variant,
        status=data.status,
        at=data.issued_at,
        reason=case.reason,
        currency=data.currency,
        customer_pays_minor=case.customer_pays_minor,
        store_pays_minor=case.store_pays_minor,
        grade=case.grade,
        read_back=data.read_back_hash,
        previous=data.previous_hash,
        slip=bare_hash,
        case=case.case_id,
        withdraws=data.withdraws,
        demo=data.demo,
    )
    return proof_of(facts, sign=signer.sign)
