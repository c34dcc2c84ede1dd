"""Files that can still be checked when certificates have run out and authorities are gone: PAdES B-LTA.

To a file with a signature and its time stamp one revision is added: what the check needs (the document security store),
under an authority's time stamp over the whole file. The bytes that were signed stay as they are. Printer lane only.
"""

from __future__ import annotations

import asyncio
import io
from typing import Final

from asn1crypto import crl, ocsp, x509  # type: ignore[import-untyped]  # has no types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from store_desk.domain.errors import FileNotSigned
from store_desk.slips.pdf_container import Sealed, read_sealed
from store_desk.slips.pdf_signature import FAULTS, RESERVED_FOR_STAMP
from store_desk.slips.validation_data import ValidationData

FIELD: Final = "Timestamp"


def lengthen_pdf(pdf: bytes, data: ValidationData, *, stamper: TimeStamper) -> bytes:
    """The signed and stamped file with what its check needs, kept for long; raises FileNotSigned."""
    try:
        kept = asyncio.run(_kept(pdf, data, stamper))
        sealed = read_sealed(kept)
        if sealed.kept_at is None or sealed.size != len(pdf):
            raise ValueError("the file is not kept as it was signed")
    except FAULTS as error:
        raise FileNotSigned(detail=str(error)[:200] or type(error).__name__) from error
    return kept


async def _kept(pdf: bytes, data: ValidationData, stamper: TimeStamper) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(one) for one in data.certificates],
        ocsps=[ocsp.OCSPResponse.load(one) for one in data.answers],
        crls=[crl.CertificateList.load(one) for one in data.lists],
    )
    out = io.BytesIO()
    await PdfTimeStamper(stamper, field_name=FIELD).async_timestamp_pdf(
        writer, "sha256", bytes_reserved=RESERVED_FOR_STAMP, output=out
    )
    return out.getvalue()


def certificates_of(sealed: Sealed) -> tuple[bytes, ...]:
    """Every certificate that a signature names or brings along (DER), the signer's first."""
    return tuple(dict.fromkeys(one for one in (sealed.certificate, *sealed.above, sealed.stamp_certificate) if one))
