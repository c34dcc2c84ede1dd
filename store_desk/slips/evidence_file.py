"""An evidence pack as one file: a ZIP whose bytes follow from its members alone, written, read and checked.

Members are stored as they are, in the order of their names, with one fixed time and no extra fields. Writing what was
read must therefore give the very file again: no byte of a pack is free.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from store_desk.domain.errors import FileTooLarge, FileUnreadable
from store_desk.domain.proof import Outcome, Trust, Verdict, key_fingerprint
from store_desk.services.evidence_pack import FORMAT, MANIFEST, SIGNATURE

MAGIC: Final = b"PK\x03\x04"
PACK_BYTES_MAX: Final = 512 * 1024 * 1024
MEMBERS_MAX: Final = 5_000
MANIFEST_BYTES_MAX: Final = 4 * 1024 * 1024
_MIB: Final = 1024 * 1024
# The earliest time that a ZIP can tell.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16


def pack_bytes(members: Mapping[str, bytes]) -> bytes:
    """The file of these members; raises FileTooLarge beyond `PACK_BYTES_MAX`."""
    if sum(map(len, members.values())) > PACK_BYTES_MAX:
        raise FileTooLarge(file="evidence.zip", limit=PACK_BYTES_MAX // _MIB)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = _UNIX
            info.external_attr = _MODE
            pack.writestr(info, members[name])
    return out.getvalue()


def is_pack(path: Path) -> bool:
    """Whether the file begins as a ZIP does; false as well when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):
        return False


def verify_pack(path: Path, trust: Trust) -> Verdict:
    """The verdict on a pack; `changed` names members. Raises FileUnreadable when the disk does not give the file."""
    try:
        with path.open("rb") as file:
            content = file.read(PACK_BYTES_MAX + MANIFEST_BYTES_MAX + 1)
    except OSError as error:
        detail = os.strerror(error.errno) if error.errno else str(error)
        raise FileUnreadable(file=path.name, detail=detail) from error
    try:
        members = _read(content)
        manifest = _manifest_of(members)
        key, signature = bytes.fromhex(manifest["key"]), bytes.fromhex(members[SIGNATURE].decode("ascii"))
        facts = _facts(manifest, key)
        listed = {str(name): str(one["sha256"]) for name, one in manifest["members"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Verdict(Outcome.UNREADABLE, why=f"no evidence pack: {error}"[:200])
    if not _is_signed(key, signature, members[MANIFEST]):
        return Verdict(Outcome.CHANGED, (MANIFEST,), facts, "signature")
    known = trust.find(key)
    if known is None:
        verdict = Verdict(Outcome.UNKNOWN_DESK, (), facts)
    else:
        verdict = Verdict(Outcome.REVOKED_DESK if known.revoked else Outcome.GENUINE, (), facts)
        wrong = (("store", known.store, manifest["store"]), ("desk", known.desk, manifest["desk"]))
        verdict = verdict.with_changed(*(name for name, ours, theirs in wrong if ours and ours != theirs))
    verdict = verdict.with_changed(*_changed(members, listed))
    whole = bool(verdict.changed) or pack_bytes(members) == content
    return verdict if whole else verdict.with_changed("file")


def _read(content: bytes) -> dict[str, bytes]:
    """The members; raises ValueError for what no pack is, before anything large is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            entries = pack.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MEMBERS_MAX or len(names) != len(entries):
                raise ValueError("too many or double members")
            if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
                raise ValueError("members are packed or encrypted")
            # Stored members cannot be larger together than the file, unless they lie over one another.
            if sum(entry.file_size for entry in entries) > len(content):
                raise ValueError("members lie over one another")
            return {entry.filename: _member(pack, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _member(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A member's bytes even where its own checksum fails: the manifest says which one it is."""
    with pack.open(entry) as member:
        member._expected_crc = None  # type: ignore[attr-defined]  # zipfile has no other way to read on
        return member.read()


def _manifest_of(members: Mapping[str, bytes]) -> dict[str, Any]:
    raw = members[MANIFEST]
    if len(raw) > MANIFEST_BYTES_MAX:
        raise ValueError("manifest too large")
    manifest = json.loads(raw)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError("another format")
    return manifest


def _facts(manifest: Mapping[str, Any], key: bytes) -> dict[str, object]:
    return {
        "ticket": str(manifest["ticket"]),
        "store": str(manifest["store"]),
        "desk": int(manifest["desk"]),
        "time": str(manifest["made_at"]),
        "members": len(manifest["members"]),
        "fingerprint": key_fingerprint(key),
    } | ({"demo": True} if manifest.get("demo") else {})


def _changed(members: Mapping[str, bytes], listed: Mapping[str, str]) -> list[str]:
    """Members that are not as the manifest says, are missing, or were added."""
    ours = {name: content for name, content in members.items() if name not in (MANIFEST, SIGNATURE)}
    other = [name for name, content in ours.items() if hashlib.sha256(content).hexdigest() != listed.get(name)]
    return sorted({*other, *(listed.keys() - ours.keys())})


def _is_signed(key: bytes, signature: bytes, manifest: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, manifest)
    except (InvalidSignature, ValueError):
        return False
    return True
