"""Which desks' slips are known here: this desk's own key, those of its head office's desks, and of a key file."""

from __future__ import annotations

import json
from pathlib import Path

from store_desk.app.signing import DeskSigning, known_fingerprints
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.errors import CertificateUnreadable, DomainError
from store_desk.domain.proof import Trust, TrustedKey, Verdict
from store_desk.store import exists
from store_desk.store.keys import public_key

# Where what head office publishes of its desks is kept (`services.published`).
DESKS = "published.desks"


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
    if not exists(folder):
        return Trust()
    try:
        opened = open_desk(folder)
    except DomainError:
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
    from store_desk.slips.verify import verify_file, verify_text

    return verify_text(what, trust) if isinstance(what, str) else verify_file(what, trust)
