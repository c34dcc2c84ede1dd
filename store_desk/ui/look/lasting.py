"""Keeps None, True and False alive under PySide6 6.12 on Python 3.11.

That PySide6 takes the three for immortal, as they are from Python 3.12 on: every Qt call that answers one of them gives
away a reference that it never took. Python 3.11 still counts them, and a window that paints for some minutes ends in
"deallocating None". Raising the counts once does what Python 3.12 does for good.
"""

from __future__ import annotations

import ctypes
import sys

# Room for a thousand years of painting; far from the sign bit.
REFERENCES = 1 << 60
IMMORTAL_SINCE = (3, 12)


def keep_constants() -> None:
    """Makes the three as good as immortal on a Python that counts their references; otherwise does nothing."""
    counts = sys.implementation.name == "cpython" and sys.version_info[:2] < IMMORTAL_SINCE and sys.maxsize > 2**32
    if not counts or hasattr(sys, "gettotalrefcount"):
        return
    for constant in (None, True, False):
        if sys.getrefcount(constant) < REFERENCES >> 1:
            # The count is the first field of every object in a release build.
            ctypes.c_ssize_t.from_address(id(constant)).value = REFERENCES
