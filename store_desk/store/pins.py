"""PIN hashes: Argon2id with a secret that only this desk has.

argon2-cffi offers no secret parameter, so the secret goes in first: HMAC-SHA256(secret, PIN) is what Argon2id hashes.
A stolen database is worth nothing without the secret, which is kept beside the database key, not in the database.
"""

from __future__ import annotations

import hashlib
import hmac

# Decisions 26; about a sixth of a second on a small computer.
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1
HASH_BYTES = 32
SALT_BYTES = 16


class Pins:
    """Hashes and checks PINs; implements `services.ports.PinHasher`. Safe from any thread."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def hash(self, pin: str) -> str:
        """A new hash of the PIN with its own salt, in the usual `$argon2id$…` form."""
        import os

        from argon2.low_level import Type, hash_secret

        return hash_secret(
            self._mixed(pin),
            os.urandom(SALT_BYTES),
            time_cost=PASSES,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            hash_len=HASH_BYTES,
            type=Type.ID,
        ).decode("ascii")

    def verify(self, pin_hash: str, pin: str) -> bool:
        """Whether the PIN belongs to the hash; false for anything that is no hash."""
        from argon2.exceptions import InvalidHashError, VerificationError
        from argon2.low_level import Type, verify_secret

        try:
            return verify_secret(pin_hash.encode("utf-8"), self._mixed(pin), Type.ID)
        except (VerificationError, InvalidHashError):
            return False

    def _mixed(self, pin: str) -> bytes:
        return hmac.new(self._secret, pin.encode("utf-8"), hashlib.sha256).digest()
