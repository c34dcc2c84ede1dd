"""Writing a file so that it is either the old one or the new one, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from store_desk.domain.errors import IntoDataFolder

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


def lies_within(folder: Path, path: Path) -> bool:
    """Whether a file written at the path would stand in the folder or below it, by whatever way one gets there.

    False for a place that cannot be followed: it cannot be written to either, which is said when it is tried.
    """
    try:
        place, ours = path.parent.resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):
        return False
    return place.is_relative_to(ours) or any(_is_same(above, ours) for above in (place, *place.parents))


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names mean one folder, which a mount or a file system that ignores capitals makes possible."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def refuse_own(folder: Path, path: Path) -> None:
    """Raises IntoDataFolder for a file that somebody wants written into the data folder.

    It could take the place of the database or its keys, and a lost folder would take the file with it. To be asked
    wherever a person names the place of a file, before anything is done for it.
    """
    if lies_within(folder, path):
        raise IntoDataFolder(file=str(path))


def new_quarantine(folder: Path) -> Path:
    """Makes the next folder within the data folder into which files are put aside."""
    number = 1
    while (target := folder / f"quarantine-{number}").exists():
        number += 1
    target.mkdir(mode=0o700)
    return target


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
