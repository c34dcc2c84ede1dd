"""A folder in place of a printer: for the demonstration, and where none is set."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from store_desk.domain.errors import DiskFull, DomainError, FileNotWritten
from store_desk.domain.slip import Paper
from store_desk.printing.model import PrinterStatus, PrintReceipt

# Characters that some file system refuses in a name.
_UNFIT = frozenset('<>:"/\\|?*')
_NAME_BYTES_MAX = 120
# A second slip of the same title gets a number; nobody prints one slip this often.
_SAME_MAX = 1000


class FilePrinter:
    """Writes each slip as a PDF into a folder, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def status(self) -> PrinterStatus:
        """Ready where the folder is there or can be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return PrinterStatus(False, ("folder",), error.strerror or str(error))
        return PrinterStatus(True)

    def print_pdf(
        self, pdf: bytes, *, title: str, paper: Paper, copies: int, open_drawer: bool = False
    ) -> PrintReceipt:
        """Writes the file, flushed to the disk before it gets its name; raises DiskFull or FileNotWritten.

        `copies` changes nothing: a file can be printed as often as one likes.
        """
        wanted = self.folder / f"{_file_name(title)}.pdf"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return PrintReceipt("folder:" + str(self.folder), where=str(_write_new(wanted, pdf)))
        except OSError as error:
            raise _failure(error, wanted) from error


def _write_new(wanted: Path, content: bytes) -> Path:
    """Writes beside the place and renames, under the first name that is not taken."""
    handle, temporary = tempfile.mkstemp(prefix=".slip-", suffix=".part", dir=wanted.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        place = _free_place(wanted)
        Path(temporary).replace(place)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(place.parent)
    return place


def _free_place(wanted: Path) -> Path:
    for count in range(1, _SAME_MAX):
        place = wanted if count == 1 else wanted.with_stem(f"{wanted.stem} ({count})")
        if not place.exists():
            return place
    raise FileExistsError(errno.EEXIST, "too many files of this name", str(wanted))


def _flush_folder(folder: Path) -> None:
    """Makes the new name itself last through a power cut; Windows has no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file_name(title: str) -> str:
    fit = "".join("_" if char in _UNFIT or not char.isprintable() else char for char in title)
    return fit.encode()[:_NAME_BYTES_MAX].decode("utf-8", "ignore").strip(" .") or "slip"


def _failure(error: OSError, place: Path) -> DomainError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC):
        return DiskFull()
    return FileNotWritten(file=str(place), detail=error.strerror or str(error))
