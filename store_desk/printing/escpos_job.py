"""The bytes of one job: set back, pictures in bands, feed, cut, and the drawer's pulse when it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_desk.domain.slip import Paper
from store_desk.printing.raster import Dots, bands, pages_in_dots

if TYPE_CHECKING:
    from escpos.printer import Dummy  # type: ignore[import-untyped]

# Printers with little memory take no picture higher than this.
BAND_ROWS = 256
# The library's cut feeds six lines first, which brings the last row past the knife.
_DRAWER_PIN = 2
_RASTER = b"\x1dv0\x00"


def slip_job(pdf: bytes, paper: Paper, *, copies: int, open_drawer: bool) -> tuple[list[bytes], int]:
    """The pieces to send for a slip, and how many rows of dots they print; ValueError where the PDF does not fit.

    The drawer opens after the last cut: whoever hands out money has the slip in the other hand.
    """
    pages = pages_in_dots(pdf, paper)
    pieces = [_begin()]
    for _ in range(max(1, copies)):
        for page in pages:
            pieces += [_picture(band) for band in bands(page, BAND_ROWS)]
            pieces.append(_cut())
    if open_drawer:
        pieces.append(_pulse())
    return pieces, sum(page.height for page in pages) * max(1, copies)


def drawer_job() -> list[bytes]:
    """The pieces that open the drawer and print nothing."""
    return [_begin(), _pulse()]


def _writer() -> Dummy:
    from escpos.printer import Dummy

    return Dummy()


def _begin() -> bytes:
    writer = _writer()
    writer.hw("INIT")
    return bytes(writer.output)


def _picture(band: Dots) -> bytes:
    # The library would turn the picture into colours and back for every band and writes to the terminal on the way.
    width = band.width // 8
    return _RASTER + width.to_bytes(2, "little") + band.height.to_bytes(2, "little") + band.rows


def _cut() -> bytes:
    writer = _writer()
    writer.cut()
    return bytes(writer.output)


def _pulse() -> bytes:
    writer = _writer()
    writer.cashdraw(_DRAWER_PIN)
    return bytes(writer.output)
