"""`keys import`, `keys stamp`, and the certificate that signs slip files as `doctor` sees and mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from store_desk.cli import secrets_asked
from store_desk.cli.call import Answer, Call, unhurried
from store_desk.cli.verbs.files import read_within
from store_desk.domain.errors import CertificateUnreadable, WrongUse
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor
from store_desk.services.rules import change_setting
from store_desk.words import say_error

if TYPE_CHECKING:
    from store_desk.app.wiring import OpenDesk
    from store_desk.slips.certificates import CertificateFacts
    from store_desk.store.health import Check

# A certificate with its chain is a few thousand bytes.
FILE_BYTES_MAX = 1024 * 1024
NO_STAMPS = "none"


def keys_import(call: Call) -> Answer:
    """Takes a certificate that somebody else issued into use; its private key is kept encrypted."""
    from store_desk.app.signing import DeskSigning

    with call.at_desk(Right.KEYS) as here:
        content = _read(call.options.file)
        phrase = secrets_asked.ask(call.terminal, secrets_asked.CERTIFICATE_PASSPHRASE)
        with unhurried():
            signing = DeskSigning(here.desk, here.opened.store.keys)
            facts = signing.install(here.actor, content, passphrase=phrase)
    shown = certificate_json(facts)
    return Answer({"certificate": shown}, (call.say("cli.certificate", **shown),))


def keys_stamp(call: Call) -> Answer:
    """Sets the authority that stamps the time of slip files, or none; a slip never waits long for it."""
    from store_desk.app.signing import STAMP_ADDRESS

    address = "" if call.options.address == NO_STAMPS else call.options.address
    if address and not _is_web(address):
        raise WrongUse(detail=call.say("cli.wrong.address"))
    with call.at_desk(Right.KEYS) as here:
        change_setting(here.desk, here.actor, name=STAMP_ADDRESS, value=json.dumps(address))
    line = call.say("cli.stamp.set", address=address) if address else call.say("cli.stamp.none")
    return Answer({"address": address}, (line,))


def _is_web(address: str) -> bool:
    """Whether the address names a place on the web, whoever may answer there."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _read(path: Path) -> bytes:
    return read_within(path, FILE_BYTES_MAX)


def certificate_json(facts: CertificateFacts) -> dict[str, object]:
    """A certificate as JSON."""
    return {
        "subject": facts.subject,
        "issuer": facts.issuer,
        "until": facts.not_after.date().isoformat(),
        "fingerprint": facts.fingerprint,
        "own": facts.self_issued,
    }


def certificate_check(call: Call, opened: OpenDesk) -> Check:
    """Whether files can be signed, and by which certificate."""
    from store_desk.app.signing import DeskSigning
    from store_desk.store.health import Check

    state = DeskSigning(opened.desk, opened.store.keys).state()
    if state.why:
        return Check("certificate", False, say_error(call.terminal.lang, CertificateUnreadable(why=state.why)))
    facts = state.facts
    if facts is None:
        return Check("certificate", True)
    return Check("certificate", True, f"{facts.subject}, {facts.not_after.date().isoformat()}, {facts.fingerprint}")


def mend_certificate(opened: OpenDesk, actor: Actor) -> list[str]:
    """A certificate that signs nothing gives way to a new one of the store's own; answers what was done."""
    from store_desk.app.signing import DeskSigning

    signing = DeskSigning(opened.desk, opened.store.keys)
    if not signing.state().why:
        return []
    signing.renew(actor)
    return ["certificate"]
