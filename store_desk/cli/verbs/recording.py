"""`journal`: what happened at this desk, and whether its chain of hashes holds."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from store_desk.cli.call import Answer, AtDesk, Call, joined
from store_desk.cli.shapes import entry_json
from store_desk.cli.verbs.files import refuse_own, write_file
from store_desk.domain.errors import JournalBroken
from store_desk.domain.journal import Entry, first_broken
from store_desk.domain.roles import Right
from store_desk.words import catalogue

# How many of the last entries are shown.
LATEST = 20


def journal(call: Call) -> Answer:
    """Counts and checks the entries; `--verify` makes a broken chain a refusal, `--export` writes all of them.

    The file has one JSON object per line with the fields that the hashes are made of, so that anybody can check it.
    """
    refuse_own(call, call.options.export)
    with call.at_desk(Right.JOURNAL) as here:
        latest: deque[Entry] = deque(maxlen=LATEST)
        count = 0

        def counted(entries: Iterable[Entry]) -> Iterator[Entry]:
            nonlocal count
            for entry in entries:
                count += 1
                latest.append(entry)
                yield entry

        with here.desk.read() as uow:
            broken = first_broken(counted(uow.journal.entries()))
            if broken is not None:
                # The check stopped there; what follows is counted and shown all the same.
                for _ in counted(uow.journal.entries(after=latest[-1].n)):
                    pass
        file = call.options.export
        if file is not None:
            write_file(file, _lines(here))
            _note_export(here, file.name, count)
        zone = here.desk.zone
    if broken is not None and call.options.verify:
        raise JournalBroken(entry=broken, entries=count)
    shown = [entry_json(entry, zone) for entry in latest]
    body: dict[str, object] = {
        "entries": count,
        "verified": broken is None,
        "broken_at": broken,
        "latest": shown,
        "file": str(file) if file is not None else "",
    }
    lines = [] if call.options.verify else [_line(call, entry) for entry in shown]
    key = "cli.journal.holds" if broken is None else "cli.journal.broken"
    lines.append(call.say(key, n=count, entry=broken))
    return Answer(body, tuple(lines))


def _line(call: Call, entry: dict[str, Any]) -> str:
    """One entry for people; a kind that only a newer program knows is told by its code."""
    what = str(entry["what"])
    words = call.say(f"journal.{what}") if what in catalogue("journal") else what
    return joined([*(str(entry[part]) for part in ("n", "at", "actor")), words])


def _lines(here: AtDesk) -> bytes:
    with here.desk.read() as uow:
        return b"".join(
            json.dumps(
                {
                    "n": entry.n,
                    "at_ms": entry.at_ms,
                    "actor": entry.actor,
                    "what": entry.what,
                    "subject": entry.subject,
                    "facts": entry.facts,
                    "previous": entry.previous,
                    "hash": entry.hash,
                },
                ensure_ascii=False,
            ).encode("utf-8", "backslashreplace")
            + b"\n"
            for entry in uow.journal.entries()
        )


def _note_export(here: AtDesk, file: str, count: int) -> None:
    with here.desk.work() as uow:
        facts: dict[str, object] = {"file": file, "entries": count}
        uow.journal.write(at=here.desk.clock(), actor=here.actor.id, what="journal_exported", facts=facts)
