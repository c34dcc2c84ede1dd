"""Where the pieces of a store's copy lie until all of it is taken over: in the data folder, encrypted as all else."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX: Final = "copy-"
_NONCE: Final = 12
_PURPOSE: Final = b"store-desk-copy-1"


class CopyFiles:
    """The pieces of all copies; in memory without a folder."""

    def __init__(self, folder: Path | None, secret: bytes) -> None:
        """`secret` is the key of the desk's database, from which that of these files is derived."""
        self._folder = folder
        self._key = hashlib.sha256(_PURPOSE + secret).digest()

    def of(self, store: str, copy_id: str) -> Pieces:
        """The pieces of one copy of a store; those of its older copies are thrown away."""
        if self._folder is None:
            return Pieces(None, b"", {})
        place = hashlib.sha256(store.encode()).hexdigest()[:12]
        stem = f"{PREFIX}{place}-{copy_id}."
        for found in self._folder.glob(f"{PREFIX}{place}-*"):
            if not found.name.startswith(stem):
                with contextlib.suppress(OSError):
                    found.unlink()
        return Pieces(self._folder / stem, self._key, {})


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one copy by number; what cannot be read, or was altered, is as if it were not there."""

    stem: Path | None
    key: bytes
    held: dict[int, bytes]

    def read(self, n: int) -> bytes | None:
        """A piece, None when it is not there whole."""
        if self.stem is None or n in self.held:
            return self.held.get(n)
        from cryptography.exceptions import InvalidTag

        try:
            kept = self._file(n).read_bytes()
            return self._cipher().decrypt(kept[:_NONCE], kept[_NONCE:], self._name(n))
        except (OSError, InvalidTag, ValueError):
            return None

    def write(self, n: int, piece: bytes) -> None:
        """Keeps a piece. A full disk only costs fetching it again, so that it is held in memory then."""
        if self.stem is None:
            self.held[n] = piece
            return
        nonce = os.urandom(_NONCE)
        kept = nonce + self._cipher().encrypt(nonce, piece, self._name(n))
        path = self._file(n)
        fresh = path.with_name(path.name + ".new")
        try:
            fresh.write_bytes(kept)
            fresh.replace(path)
        except OSError:
            self.held[n] = piece

    def drop(self) -> None:
        """Throws the pieces away."""
        self.held.clear()
        if self.stem is not None:
            for found in self.stem.parent.glob(self.stem.name + "*"):
                with contextlib.suppress(OSError):
                    found.unlink()

    def _file(self, n: int) -> Path:
        if self.stem is None:
            raise ValueError("no folder")
        return self.stem.with_name(f"{self.stem.name}{n:06d}")

    def _name(self, n: int) -> bytes:
        return self._file(n).name.encode()

    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self.key)
