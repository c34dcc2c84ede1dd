"""Files that prove something about a ticket: photos, recordings, documents; known by their content, not their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

NAME_LENGTH_MAX = 120
# Enough of a file to know what it is.
HEAD_BYTES = 16


class AttachmentKind(Enum):
    """What a person sees or hears in it."""

    PHOTO = "photo"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a ticket; `hash` is the SHA-256 of its content in hex, `case_id` empty outside a cancellation."""

    id: str
    ticket_id: str
    case_id: str
    name: str
    kind: AttachmentKind
    hash: str
    size: int
    added_at: datetime
    added_by: str


def kind_of(head: bytes) -> AttachmentKind | None:
    """The kind by the first `HEAD_BYTES` of the content; None for what is neither photo, recording nor PDF.

    The content decides, because a file's name says nothing about what opens it.
    """
    if head.startswith(b"%PDF-"):
        return AttachmentKind.DOCUMENT
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return AttachmentKind.PHOTO
    container, brand = head[:4], head[8:12]
    if container == b"RIFF":
        return {b"WEBP": AttachmentKind.PHOTO, b"WAVE": AttachmentKind.AUDIO}.get(brand)
    if head[4:8] == b"ftyp":
        if brand in (b"heic", b"heix", b"mif1", b"avif"):
            return AttachmentKind.PHOTO
        return AttachmentKind.AUDIO if brand in (b"M4A ", b"M4B ") else None
    if head.startswith((b"ID3", b"OggS", b"fLaC", b"#!AMR")) or _is_mpeg_frame(head):
        return AttachmentKind.AUDIO
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """Whether it begins with a frame of MPEG audio (MP3, AAC in ADTS)."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] not in (0xFF, 0xFE)


def safe_name(name: str) -> str:
    """The last part of a file's name, without what a file system or a reader could take for something else."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char if char.isalnum() or char in " ._-()（）" else "_" for char in last).strip(" .")
    if len(kept) > NAME_LENGTH_MAX:
        stem, dot, ending = kept.rpartition(".")
        kept = (
            f"{stem[: NAME_LENGTH_MAX - len(ending) - 1]}.{ending}"
            if dot and len(ending) < 10
            else kept[:NAME_LENGTH_MAX]
        )
    return kept or "file"
