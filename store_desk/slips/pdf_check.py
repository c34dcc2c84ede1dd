"""Whether a signed PDF is as it was signed: our own strict look at every byte, and pyHanko's validator behind it."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from store_desk.slips.certificates import fingerprint_of
from store_desk.slips.pdf_container import Broken, Changed, NotSigned, Sealed, read_sealed

State = Literal["valid", "changed", "unsigned", "broken"]
# Larger than any slip with its pictures; nothing beyond is read into memory by a caller who asks first.
PDF_BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PdfCheck:
    """What was found. `valid`: these are the bytes that the holder of `certificate` signed, and no byte is free.

    Who that holder is, the caller decides by fingerprint or certificate (DER). `signed_at` is the signer's own word,
    `stamped_at` that of the authority with `stamper_fingerprint`, whose standing is the caller's question as well.
    """

    state: State
    signer_fingerprint: str = ""
    detail: str = ""
    certificate: bytes = b""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamper_fingerprint: str = ""


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
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    # Whether anybody vouches for the certificate is not asked here, so its chain need not be complete.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = list(reader.embedded_signatures)
        if len(found) != 1:
            return PdfCheck("changed", detail="not one signature")
        context = ValidationContext(trust_roots=[], allow_fetching=False, revocation_mode="soft-fail")
        status = validate_pdf_signature(found[0], context, ts_validation_context=context)
        signed_at = found[0].self_reported_timestamp
    except (PdfError, SigningError, SignatureValidationError, ValueError, TypeError, LookupError, OSError) as error:
        return PdfCheck("broken", detail=str(error)[:200])
    sound = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not sound or status.docmdp_ok is False or found[0].signer_cert.dump() != sealed.certificate:
        return PdfCheck("changed", detail="the validator does not agree")
    return PdfCheck(
        "valid",
        fingerprint_of(sealed.certificate),
        "",
        sealed.certificate,
        signed_at,
        sealed.stamped_at,
        fingerprint_of(sealed.stamp_certificate) if sealed.stamp_certificate else "",
    )
