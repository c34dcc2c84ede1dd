"""Writing a file so that it is either the old one or the new one, whatever happens meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE = 0o600


def sync_folder(folder: Path) -> None:
    """Makes names in the folder durable; systems that cannot open a folder need no such step."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Makes the file's bytes durable."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(written: Path, path: Path) -> None:
    """Gives a completely written file its final name, durably; replaces what stood there."""
    sync_file(written)
    written.replace(path)
    sync_folder(path.parent)


def write_private(path: Path, content: bytes) -> None:
    """Writes a small file that only its owner may read, in one step."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    put_in_place(fresh, path)
