"""A QR code as merged black rectangles; the mask is fixed, so the same text gives the same picture."""

from __future__ import annotations

# Scoring all eight masks costs more than the rest of a slip; any mask is readable.
_MASK = 2


def qr_rects(text: str, *, side: float) -> tuple[tuple[float, float, float, float], ...]:
    """Rectangles (x, y, width, height) in points of a QR code (level M) that fills a square of `side`."""
    from reportlab.graphics.barcode import qrencoder

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    count = code.getModuleCount()
    module = side / count
    rects = []
    for row, cells in enumerate(code.modules):
        start = None
        for column, black in enumerate([*cells, False]):
            if black and start is None:
                start = column
            elif not black and start is not None:
                rects.append((start * module, row * module, (column - start) * module, module))
                start = None
    return tuple(rects)
