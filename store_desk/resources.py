"""Finds the files that ship with the program: from a checkout, an installed wheel or a frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resource_root() -> Path:
    """The folder with fonts, icons, sample and licences; raises FileNotFoundError when it is not there."""
    package = Path(__file__).resolve().parent
    bundle = getattr(sys, "_MEIPASS", None)
    places = [package / "_resources", package.parent / "resources"]
    if bundle is not None:
        places.insert(0, Path(bundle) / "resources")
    for place in places:
        if (place / "fonts").is_dir():
            return place
    raise FileNotFoundError(f"no resources beside {package}; the installation is not whole")


def resource(*parts: str) -> Path:
    """The path of one shipped file or folder, e.g. `resource("fonts", "NotoSansSC-Regular.ttf")`."""
    return resource_root().joinpath(*parts)
