"""Files that verbs write, whole or not at all and only where a file may stand, and small ones that they read."""

from __future__ import annotations

from pathlib import Path

from store_desk.cli.call import Call
from store_desk.domain.errors import FileNotWritten, FileUnreadable, WrongUse
from store_desk.store.files import lies_within


def refuse_own(call: Call, path: Path | None) -> None:
    """Raises WrongUse for a place within the data folder: a file put there could replace the database or its keys.

    To be called before anything is changed, so that no cancellation is made for a slip that has no place.
    """
    if path is not None and lies_within(call.folder, path):
        raise WrongUse(detail=call.say("cli.wrong.into_data", file=str(path)))


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


def read_within(path: Path, limit: int) -> bytes:
    """The bytes of a file of no more than `limit`; raises FileUnreadable, also for a folder, a device or a pipe.

    A device has no end and says that it is empty, so that only what was read tells how much there is.
    """
    try:
        if not path.is_file():
            raise FileUnreadable(file=str(path), detail="not a file" if path.exists() else "not found")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise FileUnreadable(file=str(path), detail=error.strerror or str(error)) from error
    if len(content) > limit:
        raise FileUnreadable(file=str(path), detail="too large")
    return content
