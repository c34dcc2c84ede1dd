"""The journal's hash chain: every entry holds the hash of the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened at this desk. `facts` is canonical JSON; `at_ms` milliseconds since 1970 UTC."""

    n: int
    at_ms: int
    actor: str
    what: str
    subject: str
    facts: str
    previous: str
    hash: str


def entry_hash(*, n: int, at_ms: int, actor: str, what: str, subject: str, facts: str, previous: str) -> str:
    """SHA-256 over the entry's fields, each with its length before it so that no two entries read the same."""
    digest = hashlib.sha256(bytes.fromhex(previous))
    for text in (str(n), str(at_ms), actor, what, subject, facts):
        raw = text.encode()
        digest.update(b"%d:" % len(raw) + raw)
    return digest.hexdigest()


def first_broken(entries: Iterable[Entry], *, previous: str = GENESIS, n: int = 0) -> int | None:
    """The number of the first entry that does not hold, or None; entries come in order, after entry `n`."""
    for entry in entries:
        n += 1
        right = entry_hash(
            n=n,
            at_ms=entry.at_ms,
            actor=entry.actor,
            what=entry.what,
            subject=entry.subject,
            facts=entry.facts,
            previous=previous,
        )
        if entry.n != n or entry.previous != previous or entry.hash != right:
            return n
        previous = entry.hash
    return None


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Where the chain ends, and since when."""

    n: int
    hash: str
    at: datetime | None = None
