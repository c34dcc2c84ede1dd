"""A foreign file read apart, as a desk reads it, for head office: bounded, checked to its end, then given row by row.

The same two processes do the reading, with the same bounds. What they read waits in a file that is encrypted with a key
of its own, which nobody keeps. So a file that is broken, or made to do harm, is refused before anything is written.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store_desk.app.import_child import MEMORY_BYTES_MAX, mapping_from, mapping_to
from store_desk.app.import_process import Progress, Stop, ask_process
from store_desk.app.importing import shape_from
from store_desk.domain.imports import FileShape, Mapping, ReadRow
from store_desk.domain.policy import Policy

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class ReadApart:
    """A file that was read to its end.

    `unknown` are required words that nobody has explained: field, word, how often, our best guess.
    """

    rows: Iterator[ReadRow]
    total: int
    refused: int
    unknown: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What a row is taken to mean where it does not say: store, currency, time zone, country of telephone numbers."""

    store: str
    currency: str
    zone: str
    country: str


def look_apart(path: Path, *, source: str, stop: Stop, memory: int = MEMORY_BYTES_MAX) -> tuple[FileShape, Mapping]:
    """What the file is and the proposed mapping; raises FileUnreadable, or what else is wrong with the file."""
    asked = {"do": "look", "path": str(path), "remembered": {}, "memory": memory}
    result = ask_process(asked, stop=stop)
    return shape_from(result["shape"]), mapping_from({"columns": result["columns"], "values": [], "source": source})


@contextmanager
def read_apart(
    path: Path,
    mapping: Mapping,
    home: Home,
    *,
    now: datetime,
    progress: Progress,
    stop: Stop,
    memory: int = MEMORY_BYTES_MAX,
) -> Iterator[ReadApart]:
    """Reads the whole file; raises FileUnreadable, DiskFull or ImportStopped, and nothing is left behind."""
    key = secrets.token_bytes(KEY_BYTES)
    with tempfile.TemporaryDirectory(prefix="store-desk-import-") as folder:
        staging = Path(folder) / "rows.staging"
        request = {
            "do": "stage",
            "path": str(path),
            "mapping": mapping_to(mapping),
            "defaults": {
                "store": home.store,
                "currency": home.currency,
                "zone": home.zone,
                "country": home.country,
                "now": now.isoformat(),
            },
            "staging": str(staging),
            "refused_max": Policy().import_refused_max,
            "memory": memory,
            "key": key.hex(),
        }
        result = ask_process(request, progress=progress, stop=stop)
        from store_desk.store.staging import refused_count, staged_rows

        unknown = tuple((field, word, n, guess) for field, word, n, guess, needed in result["unknown"] if needed)
        refused = refused_count(staging, key=key)
        # Closed before the folder goes, since not every system removes a file that is open.
        with closing(staged_rows(staging, key=key)) as rows:
            yield ReadApart(rows, result["shape"]["rows"], refused, unknown)
