"""`python -m tests.pictures OUT_DIR [--only NAME]`: pictures of every screen and slip from the real program."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")


def main(argv: list[str] | None = None) -> int:
    """Takes the pictures; 1 when the name fits none."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", allow_abbrev=False, description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="where the PNG files go; made when missing")
    parser.add_argument("--only", default="", metavar="NAME", help="only pictures whose name begins so, e.g. 02-cancel")
    options = parser.parse_args(argv)
    from store_desk.app.qt_start import work_around

    work_around()
    gc.disable()
    from tests.pictures.first_run import take_first_run
    from tests.pictures.office import take_office
    from tests.pictures.screens import take_screens
    from tests.pictures.slips import take_slips

    options.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with TemporaryDirectory(prefix="store-desk-pictures-") as work:
        taken = take_screens(options.out, Path(work), only=options.only)
        taken += take_office(options.out, Path(work), only=options.only)
        taken += take_first_run(options.out, Path(work), only=options.only)
        taken += take_slips(options.out, Path(work), only=options.only)
    if not taken:
        sys.stderr.write(f"no picture has a name that begins with {options.only!r}; without --only all are taken\n")
        return 1
    sys.stdout.write(f"{len(taken)} pictures in {time.monotonic() - began:.0f} s: {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
