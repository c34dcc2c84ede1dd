"""Files that verbs write: whole or not at all, and only where a file may stand."""

from __future__ import annotations

from pathlib import Path

from store_desk.domain.errors import FileNotWritten


def refuse_special(path: Path) -> None:
    """Raises FileNotWritten for a folder, a device or a pipe: writing in one step would put a file in its place."""
    try:
        special = path.exists() and not path.is_file()
    except OSError as error:
        raise FileNotWritten(file=str(path), detail=error.strerror or str(error)) from error
    if special:
        raise FileNotWritten(file=str(path), detail="not a file")


def write_file(path: Path, content: bytes) -> None:
    """Writes the file in one step; raises FileNotWritten or DiskFull."""
    from store_desk.app.printing import write_whole

    refuse_special(path)
    write_whole(path, content)
