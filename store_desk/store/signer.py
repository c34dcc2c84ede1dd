"""The desk's signing key at work: opened once, when the first slip is signed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store_desk.store.keys import DeskKeys, public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class DeskSigner:
    """Implements `services.ports.Signer` over the desk's keys; safe on any thread."""

    def __init__(self, keys: DeskKeys) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return "DeskSigner(...)"

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._keys.signing)

    @cached_property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return public_key(self._keys)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature; about 0.1 ms."""
        return self._private.sign(message)
