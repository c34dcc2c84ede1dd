"""The file's own signature: PAdES B-B, or B-T where an authority stamps the time (`long_term` makes B-LTA of it).

The signature is appended, so that a signed file begins with the bytes that were drawn. Everything happens in memory,
and what was signed is verified before anybody gets it. Belongs on the printer lane.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, core, tsp, x509  # type: ignore[import-untyped]  # has no types
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from store_desk.domain.errors import FileNotSigned
from store_desk.slips.certificates import SigningIdentity
from store_desk.slips.pdf_container import read_sealed
from store_desk.slips.signed_message import P256_ORDER, digest_with

FIELD: Final = "Signature"
# Digits of hex. Said in advance, because the library otherwise signs twice to learn the size.
RESERVED: Final = 8192
RESERVED_FOR_STAMP: Final = 16384

# What a library of this size can raise on its way; none of it may stop a slip.
FAULTS: Final = (PdfError, SigningError, OSError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


class _BoundCertificates(CMSAttributeProvider):
    """Names every certificate of the message by its hash, so that none can be put in the place of another."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificates: tuple[bytes, ...]) -> None:
        self._certificates = certificates

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        named = [tsp.ESSCertIDv2({"cert_hash": digest_with("sha256", one)}) for one in self._certificates]
        return tsp.SigningCertificateV2({"certs": named})


class _Attributes(SignedAttributeProviderSpec):
    """The signed attributes of PAdES, besides those that every message has."""

    def __init__(self, certificates: tuple[bytes, ...]) -> None:
        self._certificates = certificates

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterator[CMSAttributeProvider]:
        yield _BoundCertificates(self._certificates)


class _HeldKey(Signer):
    """Signs with a key that is parsed already."""

    def __init__(self, identity: SigningIdentity) -> None:
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        for one in identity.chain:
            registry.register(x509.Certificate.load(one))
        curve = isinstance(identity.key, ec.EllipticCurvePrivateKey)
        super().__init__(
            signing_cert=x509.Certificate.load(identity.certificate),
            cert_registry=registry,
            signature_mechanism=_mechanism("sha256_ecdsa" if curve else "sha256_rsa"),
        )
        self.signed_attr_prov_spec = _Attributes((identity.certificate, *identity.chain))
        self._key = identity.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), SHA256())
        r, s = utils.decode_dss_signature(self._key.sign(data, ec.ECDSA(SHA256())))
        # Of the two forms of the same signature the smaller one, so that there is only one.
        return utils.encode_dss_signature(r, min(s, P256_ORDER - s))


def _mechanism(name: str) -> algos.SignedDigestAlgorithm:
    made = algos.SignedDigestAlgorithm({"algorithm": name})
    if name.endswith("_rsa"):
        made["parameters"] = core.Null()
    return made


def sign_pdf(
    pdf: bytes, identity: SigningIdentity, *, reason: str, at: datetime, stamper: TimeStamper | None = None
) -> bytes:
    """The file with an invisible signature that permits no change; `at` is the time that the signature names.

    `stamper` adds an authority's time. Raises FileNotSigned; the caller hands out the file as it was then.
    """
    try:
        signed = _sign(pdf, identity, reason=reason, at=at, stamper=stamper)
        read_sealed(signed)
    except FAULTS as error:
        raise FileNotSigned(detail=str(error)[:200] or type(error).__name__) from error
    return signed


def _sign(pdf: bytes, identity: SigningIdentity, *, reason: str, at: datetime, stamper: TimeStamper | None) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
    )
    signer = PdfSigner(meta, signer=_HeldKey(identity), timestamper=stamper)
    session = signer.init_signing_session(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    session.system_time = at
    room = RESERVED + 2 * sum(map(len, identity.chain)) + (RESERVED_FOR_STAMP if stamper is not None else 0)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    out = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=out)
    asyncio.run(
        document.perform_signature(
            document_digest=prepared.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    return out.getvalue()
