"""Which desks' slips are known here: this desk's own key, those of its head office's desks, and of a key file."""

from __future__ import annotations

import json
import time
from pathlib import Path

from store_desk.app.signing import DeskSigning, known_fingerprints
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.errors import CertificateUnreadable, DomainError, FileUnreadable, ImportStopped
from store_desk.domain.proof import KEY_BYTES, Outcome, Trust, TrustedKey, Verdict
from store_desk.store import exists
from store_desk.store.keys import public_key

# Where what head office publishes of its desks is kept (`services.published`).
DESKS = "published.desks"
# What reading one slip may cost: a photograph of 60 million pixels needs half of either. A pack is larger, but is read
# without unpacking anything.
LIMIT_S = 30.0
MEMORY_BYTES_MAX = 1536 * 1024 * 1024


def own_key(opened: OpenDesk) -> TrustedKey:
    """This desk's entry: its key and every certificate that signed its files, the one in use last."""
    desk, keys = opened.desk, opened.store.keys
    try:
        used = DeskSigning(desk, keys).facts().fingerprint
    except CertificateUnreadable:
        used = ""
    with desk.read() as uow:
        known = known_fingerprints(uow)
    certificates = (*(one for one in known if one != used), *([used] if used else []))
    return TrustedKey(
        public_key(keys), desk.identity.store_code, desk.identity.desk, desk.identity.desk_id, certificates
    )


def known_keys(opened: OpenDesk) -> tuple[TrustedKey, ...]:
    """This desk's own entry, and those of all desks that its head office has told of, revoked ones marked."""
    own = own_key(opened)
    with opened.desk.read() as uow:
        text = uow.settings.get(DESKS)
    others: list[TrustedKey] = []
    for item in json.loads(text) if text else ():
        try:
            key = bytes.fromhex(item["public_key"])
            entry = TrustedKey(key, item["store"], item["desk"], item["desk_id"], revoked=item["revoked"])
        except (KeyError, TypeError, ValueError):
            # One that this program cannot read is one that it does not know.
            continue
        if entry.key != own.key or entry.revoked:
            others.append(entry)
    return (own, *others)


def own_trust(folder: Path) -> Trust:
    """The keys that the desk in the folder knows; none where there is no desk or it cannot be opened."""
    try:
        if not exists(folder):
            return Trust()
        opened = open_desk(folder)
    except (DomainError, OSError):
        return Trust()
    try:
        return Trust(known_keys(opened))
    finally:
        opened.store.close()


def key_file(opened: OpenDesk) -> bytes:
    """What `keys export` writes."""
    from store_desk.slips.trust import key_to_json

    return (json.dumps(key_to_json(own_key(opened)), ensure_ascii=False, indent=2) + "\n").encode()


def check(what: Path | str, trust: Trust) -> Verdict:
    """The verdict on a file or on a QR's text; raises FileUnreadable."""
    if isinstance(what, Path):
        return check_file(what, trust)
    from store_desk.slips.verify import verify_text

    return verify_text(what, trust)


def check_file(path: Path, trust: Trust, *, limit_s: float = LIMIT_S) -> Verdict:
    """The verdict on a file, read by a process of its own: a few hundred bytes can ask for all memory or for hours.

    What needs more than a slip does, or breaks what reads it, is unreadable. Raises FileUnreadable.
    """
    from store_desk.app.import_process import STOPPED, ask_process
    from store_desk.slips.evidence_file import is_pack
    from store_desk.slips.trust import key_to_json

    keys = json.dumps([key_to_json(key) for key in trust.keys if len(key.key) == KEY_BYTES])
    until = time.monotonic() + limit_s
    try:
        said = ask_process(
            {"do": "verify", "path": str(path), "keys": keys, "memory": MEMORY_BYTES_MAX * (2 if is_pack(path) else 1)},
            stop=lambda: time.monotonic() > until,
        )
    except ImportStopped:
        return Verdict(Outcome.UNREADABLE, why="it takes too long to read")
    except FileUnreadable as error:
        # The reading process died, or had no memory left.
        if error.facts["detail"] not in (STOPPED, MemoryError.__name__):
            raise
        return Verdict(Outcome.UNREADABLE, why="it takes too much to read")
    return Verdict(Outcome(said["outcome"]), tuple(said["changed"]), said["facts"], said["why"])
