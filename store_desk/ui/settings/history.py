"""What the settings read about the desk's past: the journal's chain, the imports, the last backup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from store_desk.domain.journal import Entry, first_broken
from store_desk.domain.policy import Policy
from store_desk.services.desk import Desk
from store_desk.services.ports import Batch
from store_desk.services.rules import policy_in_force

BATCHES_SHOWN: Final = 20
BACKUP_SETTING: Final = "backup.last"
# Older than this the backup row turns amber.
BACKUP_OLD_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class JournalCheck:
    """How many entries the journal has, and the first that does not hold (None when all do)."""

    entries: int
    broken: int | None


@dataclass(frozen=True, slots=True)
class Backup:
    """The last backup that was written from here."""

    at: datetime
    file: str


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import and until when it can be taken back; `undo_until` is None when it cannot."""

    batch: Batch
    undo_until: datetime | None


def check_journal(desk: Desk) -> JournalCheck:
    """Walks the whole chain."""
    seen = 0

    def counted(entries: Iterator[Entry]) -> Iterator[Entry]:
        nonlocal seen
        for entry in entries:
            seen += 1
            yield entry

    with desk.read() as uow:
        broken = first_broken(counted(uow.journal.entries()))
    return JournalCheck(seen, broken)


def past_imports(desk: Desk) -> tuple[PastImport, ...]:
    """The latest imports, newest first."""
    with desk.read() as uow:
        batches = uow.batches.all(limit=BATCHES_SHOWN)
        policy = policy_in_force(uow)
    newest_first = sorted(batches, key=lambda batch: batch.id, reverse=True)
    now = desk.clock()
    return tuple(PastImport(batch, _undo_until(batch, policy=policy, now=now)) for batch in newest_first)


def _undo_until(batch: Batch, *, policy: Policy, now: datetime) -> datetime | None:
    if batch.state != "done" or batch.finished_at is None:
        return None
    until = batch.finished_at + timedelta(hours=policy.import_undo_h)
    return until if now <= until else None


def last_backup(text: str) -> Backup | None:
    """The backup named by the stored setting; None when there is none or it cannot be read."""
    try:
        data = json.loads(text)
        return Backup(datetime.fromisoformat(data["at"]), str(data["file"]))
    except (ValueError, KeyError, TypeError):
        return None


def backup_text(*, at: datetime, file: Path) -> str:
    """What is stored about a backup; the reverse is last_backup()."""
    return json.dumps({"at": at.isoformat(timespec="seconds"), "file": str(file)}, ensure_ascii=False)
