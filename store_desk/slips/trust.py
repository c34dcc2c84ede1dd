"""Key files: the public keys that verify slips, as `keys export` writes them and `verify --trust` reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from store_desk.domain.errors import FileUnreadable
from store_desk.domain.proof import KEY_BYTES, Trust, TrustedKey, key_fingerprint

KIND: Final = "store-desk-keys"
# A chain of a thousand stores fits several times.
SIZE_MAX: Final = 4 * 1024 * 1024


def key_to_json(key: TrustedKey) -> dict[str, object]:
    """One desk's entry; `certificate_fingerprint` is the certificate in use, `certificates` all that ever signed."""
    return {
        "kind": KIND,
        "version": 1,
        "desk_id": key.desk_id,
        "store": key.store,
        "desk": key.desk,
        "public_key": key.key.hex(),
        "fingerprint": key_fingerprint(key.key),
        "certificate_fingerprint": key.certificates[-1] if key.certificates else "",
        "certificates": list(key.certificates),
        "vouched_by": key.vouched_by,
        "revoked": key.revoked,
    }


def read_trust(path: Path) -> Trust:
    """The keys of a file with one entry or a list of them; raises FileUnreadable."""
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_MAX + 1)
    except (OSError, ValueError) as error:
        raise FileUnreadable(file=path.name, detail=getattr(error, "strerror", "") or str(error)) from error
    try:
        if len(content) > SIZE_MAX:
            raise ValueError("too large")
        return trust_from_text(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FileUnreadable(file=path.name, detail="not a file of keys") from error


def trust_from_text(text: str) -> Trust:
    """The keys of the text; raises ValueError."""
    raw = json.loads(text)
    return Trust(tuple(_key(entry) for entry in (raw if isinstance(raw, list) else [raw])))


def _key(raw: object) -> TrustedKey:
    if not isinstance(raw, dict):
        raise ValueError("an entry that is no key")
    try:
        public, desk, revoked = raw["public_key"], raw["desk"], raw.get("revoked", False)
        key = bytes.fromhex(public)
        certificates = raw.get("certificates") or [raw.get("certificate_fingerprint", "")]
        # Only a plain `false` says that a key is good.
        bad = revoked is not False
        made = TrustedKey(
            key,
            str(raw["store"]),
            int(desk),
            str(raw.get("desk_id", "")),
            tuple(str(one) for one in certificates if one),
            None if raw.get("vouched_by") is None else str(raw["vouched_by"]),
            bad,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("an entry that is no key") from error
    if len(key) != KEY_BYTES or raw.get("fingerprint", key_fingerprint(key)) != key_fingerprint(key):
        raise ValueError("key and fingerprint differ")
    return made
