"""A private copy of an attachment for the computer's own viewer, named by what is in it."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from store_desk.domain.attachments import HEAD_BYTES, Attachment
from store_desk.domain.errors import DiskFull, FileNotWritten

FOLDER: Final = "viewed"
# What a file begins with -> the ending under which the right program opens it.
_BEGINNINGS: Final = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
)
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "wav"}
_BRANDS: Final = {b"heic": "heic", b"heix": "heic", b"mif1": "heif", b"avif": "avif"}
# The ADTS header of AAC; every other frame of MPEG audio is an MP3's.
_ADTS: Final = (0xF0, 0xF6)


def ending_of(content: bytes) -> str:
    """The file ending that fits the content, without its dot.

    The name of an attachment says nothing about what it is: under its own ending a picture called `x.bat` would be run.
    """
    head = content[:HEAD_BYTES]
    for beginning, ending in _BEGINNINGS:
        if head.startswith(beginning):
            return ending
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "wav")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "m4a")
    return "aac" if len(head) > 1 and head[1] & _ADTS[1] == _ADTS[0] else "mp3"


def write_copy(data_folder: Path, attachment: Attachment, content: bytes) -> Path:
    """Writes the copy where only this user reads it; raises DiskFull or FileNotWritten."""
    stem = Path(attachment.name).stem or "file"
    try:
        folder = data_folder / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        # A folder of its own each time: the viewer may still hold the last copy open.
        path = Path(tempfile.mkdtemp(dir=folder)) / f"{stem}.{ending_of(content)}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull() from error
        raise FileNotWritten(file=attachment.name, detail=error.strerror or str(error)) from error
    return path


def remove_copies(data_folder: Path) -> None:
    """Removes every copy; one that a viewer still holds open stays until the next time."""
    shutil.rmtree(data_folder / FOLDER, ignore_errors=True)
