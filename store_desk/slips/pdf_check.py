"""Whether a signed PDF is as it was signed: our own strict look at every byte, and pyHanko's validator behind it."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from store_desk.slips.certificates import fingerprint_of
from store_desk.slips.pdf_container import Broken, Changed, NotSigned, Sealed, read_sealed

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko_certvalidator import ValidationContext

State = Literal["valid", "changed", "unsigned", "broken"]
# Larger than any slip with its pictures; nothing beyond is read into memory by a caller who asks first.
PDF_BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PdfCheck:
    """What was found. `valid`: these are the bytes that the holder of `certificate` signed, and no byte is free.

    Who that holder is, the caller decides by fingerprint or certificate (DER). `signed_at` is the signer's own word,
    `stamped_at` that of the authority with `stamper_fingerprint`, whose standing is the caller's question as well.
    `kept_at` is the moment of a time stamp over the whole file, with which it can be checked for long. `profile` is the
    PAdES profile (ETSI EN 319 142-1) of a valid file: B-B, B-T or B-LTA.
    """

    state: State
    signer_fingerprint: str = ""
    detail: str = ""
    certificate: bytes = b""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamper_fingerprint: str = ""
    kept_at: datetime | None = None
    profile: str = ""


def check_pdf(pdf: bytes) -> PdfCheck:
    """Checks a file without any network; a file that is no PDF is an answer, not an error."""
    if len(pdf) > PDF_BYTES_MAX:
        return PdfCheck("broken", detail="too large")
    try:
        sealed = read_sealed(pdf)
    except NotSigned as error:
        return PdfCheck("unsigned", detail=str(error))
    except Changed as error:
        return PdfCheck("changed", detail=str(error))
    except Broken as error:
        return PdfCheck("broken", detail=str(error))
    return _second_opinion(pdf, sealed)


def _second_opinion(pdf: bytes, sealed: Sealed) -> PdfCheck:
    """pyHanko's verdict on a file that passed ours: how a PDF reader that knows nothing of us would take it."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation.errors import SignatureValidationError

    # Whether anybody vouches for the certificate is not asked here, so its chain need not be complete.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        detail = _signature_fault(reader, sealed) or (_keeping_fault(reader, sealed) if sealed.kept_at else "")
        signed_at = reader.embedded_regular_signatures[0].self_reported_timestamp if not detail else None
    except (PdfError, SigningError, SignatureValidationError, ValueError, TypeError, LookupError, OSError) as error:
        return PdfCheck("broken", detail=str(error)[:200])
    if detail:
        return PdfCheck("changed", detail=detail)
    return PdfCheck(
        "valid",
        fingerprint_of(sealed.certificate),
        "",
        sealed.certificate,
        signed_at,
        sealed.stamped_at,
        fingerprint_of(sealed.stamp_certificate) if sealed.stamp_certificate else "",
        sealed.kept_at,
        _profile(sealed),
    )


def _signature_fault(reader: PdfFileReader, sealed: Sealed) -> str:
    """Why the validator does not take the file for what we take it; empty when it does."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    stamps = 1 if sealed.kept_at else 0
    if len(reader.embedded_regular_signatures) != 1 or len(reader.embedded_signatures) != 1 + stamps:
        return "not one signature"
    found = reader.embedded_regular_signatures[0]
    context = _context()
    status = validate_pdf_signature(found, context, ts_validation_context=context)
    whole = SignatureCoverageLevel.ENTIRE_REVISION if stamps else SignatureCoverageLevel.ENTIRE_FILE
    sound = status.intact and status.valid and status.coverage == whole
    *_before, behind, length = (int(part) for part in found.byte_range)
    ours = found.signer_cert.dump() == sealed.certificate and behind + length == sealed.size
    if not sound or not ours or status.docmdp_ok is not True or _added_more(status.modification_level, stamps):
        return "the validator does not agree"
    return ""


def _added_more(level: ModificationLevel | None, stamps: int) -> bool:
    """Whether something was added behind the signature that is not there to keep the file for long."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    return level not in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES if stamps else None)


def _keeping_fault(reader: PdfFileReader, sealed: Sealed) -> str:
    """Why the validator does not take the last revision for a time stamp over the whole; empty when it does."""
    from pyhanko.sign.validation import validate_pdf_timestamp
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    (stamp,) = reader.embedded_timestamp_signatures
    status = validate_pdf_timestamp(stamp, _context())
    sound = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not sound or stamp.signer_cert.dump() != sealed.keeper_certificate:
        return "the validator does not agree"
    # A time stamp has nothing to show, so that no page can look otherwise for it.
    shown = "/AP" in stamp.sig_field or any(float(side) for side in stamp.sig_field["/Rect"])
    return "the time stamp shows on a page" if shown else ""


def _context() -> ValidationContext:
    """Nobody is trusted and nothing is fetched: who signed is another's question."""
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(trust_roots=[], allow_fetching=False, revocation_mode="soft-fail")


def _profile(sealed: Sealed) -> str:
    if sealed.kept_at is not None and sealed.stamped_at is not None:
        return "B-LTA"
    return "B-T" if sealed.stamped_at is not None else "B-B"
