"""Pages painted through Qt, on a printer that writes a file: the size and the black are those of the slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from store_desk.domain.slip import Copy, Paper
from store_desk.slips.render import render_slip
from tests.slips import samples

pytest.importorskip("PySide6.QtPrintSupport")


def test_each_page_comes_out_in_its_own_size(qapp: object, tmp_path: Path) -> None:
    import pypdfium2
    from PySide6.QtPrintSupport import QPrinter

    from store_desk.printing.windows import paint_pages

    pdf = render_slip(samples.usual(), paper=Paper.A5, copies=(Copy.CUSTOMER, Copy.STORE))
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "out.pdf"))
    paint_pages(pdf, device)
    made = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    given = pypdfium2.PdfDocument(pdf)
    assert len(made) == 2
    assert made[0].get_size() == pytest.approx(given[0].get_size(), abs=1.5)
    shares = []
    for document in (made, given):
        histogram = document[0].render(scale=1, grayscale=True).to_pil().histogram()
        shares.append(sum(histogram[:128]) / sum(histogram))
    assert shares[0] == pytest.approx(shares[1], rel=0.25)
