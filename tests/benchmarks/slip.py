"""A warm slip beside a bare ReportLab page with the same words, and a signed slip beside pyHanko signing that page."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from store_desk.domain.slip import Copy, Paper
from store_desk.resources import resource
from store_desk.slips.render import render_slip, warm
from tests.benchmarks.result import Result, median, p99
from tests.slips.samples import usual

ROUNDS = 60
SIGNED_GOAL_MS = 50.0
GOALS = {Paper.A5: 20.0, Paper.MM80: 15.0, Paper.A4: 20.0, Paper.MM58: 15.0}


def measure_all(size: int) -> list[Result]:
    """One row a paper; `size` does not matter here."""
    warm()
    data = usual()
    texts = [text for text in _texts(data) if text]
    _register()
    limit = median(_times(lambda: _bare(texts))[1])
    results = []
    for paper, goal in GOALS.items():
        wall, cpu = _times(lambda paper=paper: render_slip(data, paper=paper, copies=(Copy.CUSTOMER,)))  # type: ignore[misc]
        name = f"slip {paper.value}, warm"
        results.append(
            Result(
                name,
                median(wall),
                p99(wall),
                p99(cpu),
                limit,
                median(cpu) / limit,
                f"<= {goal:.0f} ms",
                median(cpu) <= goal,
            )
        )
    return [*results, _signed(_bare(texts))]


def _signed(bare: bytes) -> Result:
    """Drawing, signing and verifying an A5 slip, beside the library alone signing a bare page."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from store_desk.slips.certificates import load_identity, make_certificate
    from store_desk.slips.pdf_signature import sign_pdf

    data, key = usual(), bytes(range(1, 33))
    made = make_certificate(key, store_name=data.store.name.zh, store_code="XH", desk=2, at=data.issued_at)
    identity = load_identity(key, made)
    pkcs8 = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def whole() -> bytes:
        drawn = render_slip(data, paper=Paper.A5, copies=(Copy.CUSTOMER,))
        return sign_pdf(drawn, identity, reason=data.number, at=data.issued_at)

    limit_cpu = median(_times(lambda: _bare_signature(bare, made, pkcs8))[1])
    wall, cpu = _times(whole)
    ratio = median(cpu) / limit_cpu
    goal = f"<= {SIGNED_GOAL_MS:.0f} ms CPU"
    holds = median(cpu) <= SIGNED_GOAL_MS
    return Result("slip a5, drawn and signed", median(wall), p99(wall), p99(cpu), limit_cpu, ratio, goal, holds)


def _bare_signature(pdf: bytes, certificate: bytes, key: bytes) -> None:
    """pyHanko as its documentation has it, with the room said in advance."""
    from asn1crypto import keys, x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf, signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = signers.SimpleSigner(
        x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key), SimpleCertificateStore()
    )
    meta = PdfSignatureMetadata(field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer, bytes_reserved=8192)


def _times(work: Callable[[], object]) -> tuple[list[float], list[float]]:
    wall, cpu = [], []
    for _ in range(ROUNDS):
        at, spent = time.perf_counter(), time.thread_time()
        work()
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return wall[5:], cpu[5:]


def _texts(value: object) -> list[str]:
    from dataclasses import fields, is_dataclass

    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if is_dataclass(value) and not isinstance(value, type):
        return [text for item in fields(value) if item.name != "strokes" for text in _texts(getattr(value, item.name))]
    return []


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("BareNoto", str(resource("fonts", "slip", "NotoSansSC-Regular-GB2312.ttf"))))


def _bare(texts: list[str]) -> bytes:
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=True, initialFontName="BareNoto")
    canvas.setFont("BareNoto", 7)
    for index, text in enumerate(texts):
        canvas.drawString(30, 560 - 8 * (index % 66), text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
