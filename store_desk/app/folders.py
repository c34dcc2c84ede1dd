"""Where the data lie; light, because the first window asks before anything else is imported."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "STORE_DESK_DATA"


def default_folder() -> Path:
    """The platform's usual place for the data, unless the environment names another."""
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("store-desk", appauthor=False)
