"""A QR code as merged black rectangles; the mask is fixed, so the same text gives the same picture."""

from __future__ import annotations

import math
from functools import lru_cache

Rects = tuple[tuple[float, float, float, float], ...]

# Scoring all eight masks costs more than the rest of a slip; any mask is readable.
_MASK = 2
# A dot of the coarsest head that slips are printed with, in points, and how many of them a module takes.
DOT = 72 / 203
DOTS_MIN = 3
# White around the code that readers need, in modules.
QUIET_MODULES = 4


@lru_cache(maxsize=8)
def _modules(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """How many modules a side has (level M), and the black runs: column, row, length. Copies of a slip share it."""
    from reportlab.graphics.barcode import qrencoder

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    runs = []
    for row, cells in enumerate(code.modules):
        start = None
        for column, black in enumerate([*cells, False]):
            if black and start is None:
                start = column
            elif not black and start is not None:
                runs.append((start, row, column - start))
                start = None
    return code.getModuleCount(), tuple(runs)


def sheet_side(text: str, *, least: float) -> float:
    """The side of a code for a sheet: `least` points, more where a module would be under three dots."""
    count, _ = _modules(text)
    return max(least, count * DOTS_MIN * DOT)


def roll_side(text: str, *, least: float) -> float:
    """The side of a code whose modules are whole dots of a thermal head, `least` points or more."""
    count, _ = _modules(text)
    return count * max(DOTS_MIN, math.ceil(least / count / DOT - 1e-9)) * DOT


def quiet_zone(text: str, *, side: float) -> float:
    """The white that must stay around the code, in points."""
    count, _ = _modules(text)
    return QUIET_MODULES * side / count


def qr_rects(text: str, *, side: float) -> Rects:
    """Rectangles (x, y, width, height) in points of a QR code (level M) that fills a square of `side`."""
    count, runs = _modules(text)
    module = side / count
    return tuple((column * module, row * module, length * module, module) for column, row, length in runs)


def warm() -> None:
    """Loads the encoder, so that the first slip is as quick as the next."""
    _modules("SD1:")
