"""Writing a file so that it is either the old one or the new one, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
# Work of a moment that is still there after this long was left by a kill.
LEFTOVER_AGE_S = 3_600


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


def drop_leftovers(folder: Path, pattern: str) -> None:
    """Takes away files and folders of this pattern that a kill left behind; younger ones may be in use."""
    for left in folder.glob(pattern):
        # What cannot be taken away is in nobody's way.
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime <= LEFTOVER_AGE_S:
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
