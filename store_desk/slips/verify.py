"""Whether a slip is genuine, without any network: from its PDF, from a picture of the paper, or from its QR's text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from store_desk.domain.errors import FileUnreadable
from store_desk.domain.proof import Outcome, Proof, Trust, TrustedKey, Verdict, facts_shown, read_proof
from store_desk.slips.attached import AttachedSlip, slip_in
from store_desk.slips.compare import differing, is_chinese_only, lacking, of_proof, of_slip
from store_desk.slips.evidence_file import is_pack, verify_pack
from store_desk.slips.pdf_check import check_pdf
from store_desk.slips.read_pdf import PdfUnreadable, ReadPdf, read_pdf
from store_desk.slips.read_picture import PictureUnreadable, qr_texts_of_picture

# A photograph of 200 million pixels is smaller, a slip a thousand times.
FILE_BYTES_MAX: Final = 64 * 1024 * 1024
_TEXT_BYTES_MAX: Final = 4_096
_PDF_HEAD: Final = b"%PDF-"
# PDF readers look for the head of the file in so many bytes.
_HEAD_WITHIN: Final = 1_024


def verify_text(text: str, trust: Trust) -> Verdict:
    """The verdict on the text of a slip's QR."""
    try:
        proof = read_proof(text)
    except ValueError as error:
        return Verdict(Outcome.UNREADABLE, why=str(error))
    return _verdict(proof, trust)


def _verdict(proof: Proof, trust: Trust) -> Verdict:
    shown = facts_shown(proof)
    if not _is_signed(proof):
        return Verdict(Outcome.CHANGED, ("qr",), shown, "signature")
    known = trust.find(proof.facts.key)
    if known is None:
        return Verdict(Outcome.UNKNOWN_DESK, (), shown)
    verdict = Verdict(Outcome.REVOKED_DESK if known.revoked else Outcome.GENUINE, (), shown)
    # A desk's key speaks for that desk alone.
    wrong = (("store", known.store, proof.facts.store), ("desk", known.desk, proof.facts.desk))
    return verdict.with_changed(*(name for name, ours, theirs in wrong if ours and ours != theirs))


def _is_signed(proof: Proof) -> bool:
    """Whether the key that the proof names has signed it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(proof.facts.key).verify(proof.signature, proof.body)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_file(path: Path, trust: Trust) -> Verdict:
    """The verdict on a PDF, a picture, an evidence pack, or a file that holds the QR's text; raises FileUnreadable."""
    try:
        if not path.is_file():
            raise FileUnreadable(file=path.name, detail="not a file" if path.exists() else "not found")
        if is_pack(path):
            return verify_pack(path, trust)
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        detail = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise FileUnreadable(file=path.name, detail=detail) from error
    return verify_bytes(content, trust)


def verify_bytes(content: bytes, trust: Trust) -> Verdict:
    """The verdict on the content of a file, whatever it is."""
    if len(content) > FILE_BYTES_MAX:
        return Verdict(Outcome.UNREADABLE, why="too large")
    if _PDF_HEAD in content[:_HEAD_WITHIN]:
        return _verify_pdf(content, trust)
    if len(content) <= _TEXT_BYTES_MAX and content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"SD1:"):
        return verify_text(content.decode("utf-8-sig", "replace"), trust)
    return _verify_picture(content, trust)


def _verify_picture(content: bytes, trust: Trust) -> Verdict:
    try:
        texts = qr_texts_of_picture(content)
    except PictureUnreadable as error:
        return Verdict(Outcome.UNREADABLE, why=str(error))
    if len(texts) != 1:
        return Verdict(Outcome.UNREADABLE, why="several slips" if texts else "no qr")
    return verify_text(texts[0], trust)


def _verify_pdf(content: bytes, trust: Trust) -> Verdict:
    """The QR's verdict, then whether page, attachment and file signature agree with it."""
    try:
        read = read_pdf(content)
    except PdfUnreadable as error:
        return Verdict(Outcome.UNREADABLE, why=str(error))
    attached = _attached(read)
    if len(read.proofs) > 1:
        return _first_readable(read.proofs, trust).with_changed("qr")
    text = read.proofs[0] if read.proofs else attached.data.qr_text if attached else ""
    verdict = verify_text(text, trust)
    if verdict.outcome is Outcome.UNREADABLE:
        # A signed file that shows no code has had one; anything else may be any PDF at all.
        return verdict if not attached else Verdict(Outcome.CHANGED, ("qr",), why="no qr")
    proof = read_proof(text)
    changed = [] if read.proofs else ["qr"]
    changed += _on_page(proof, read, attached)
    why = _file_fault(content, trust.find(proof.facts.key))
    if why:
        changed.append("file")
    found = verdict.with_changed(*changed)
    return Verdict(found.outcome, found.changed, found.facts, found.why or why)


def _first_readable(texts: tuple[str, ...], trust: Trust) -> Verdict:
    verdicts = [verify_text(text, trust) for text in texts]
    return next((one for one in verdicts if one.outcome is not Outcome.UNREADABLE), verdicts[0])


def _attached(read: ReadPdf) -> AttachedSlip | None:
    try:
        return slip_in(read.attachment) if read.attachment else None
    except ValueError:
        return None


def _on_page(proof: Proof, read: ReadPdf, attached: AttachedSlip | None) -> tuple[str, ...]:
    """The facts that page or attachment tell otherwise than the proof."""
    copies = max(read.codes, 1)
    if attached is not None and attached.bare_hash.startswith(proof.facts.slip):
        chinese_only = is_chinese_only(attached.data, read.texts)
        return lacking(of_slip(attached.data, chinese_only=chinese_only), read.texts, copies=copies)
    named = differing(proof, attached.data) if attached is not None else ()
    return (*named, *lacking(of_proof(proof), read.texts, copies=copies))


def _file_fault(content: bytes, known: TrustedKey | None) -> str:
    """Why the file is not as the desk signed it; empty when it is, or when the desk is not known."""
    check = check_pdf(content)
    if check.state != "valid":
        return f"file {check.state}"
    if known is not None and check.signer_fingerprint not in known.certificates:
        return "file signer"
    return ""
