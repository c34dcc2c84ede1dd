"""Whether the store is sound, for `doctor` and the idle hour, and putting right what can be put right."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from store_desk.domain.errors import DatabaseDamaged, DiskFailed
from store_desk.domain.journal import GENESIS, first_broken
from store_desk.domain.proof import read_proof
from store_desk.domain.slip import SlipVariant
from store_desk.domain.slip_text import bare_hash, slip_from_json, slip_hash
from store_desk.store.database import PRAGMAS, check_pragmas
from store_desk.store.guards import guards_missing, install_guards
from store_desk.store.high_water import deal_with, work_lost
from store_desk.store.keys import kept_by
from store_desk.store.opening import Store
from store_desk.store.rows import COLUMNS, ticket_from
from store_desk.store.search_words import cuts_of, keys_of, spelling_words, words_of
from store_desk.store.snapshot import WORDS_OWED
from store_desk.store.unit_of_work import StoredWork

# Below this much room a warning is shown; a full disk refuses writes cleanly.
ROOM_MIN_BYTES = 512 * 1024 * 1024
# A write-ahead log of this size means that idle checkpoints do not happen.
WAL_ALARM_BYTES = 256 * 1024 * 1024
MEND_ROWS = 500
FAULTS_SHOWN = 3

_PAGE = f"SELECT {COLUMNS}, row FROM ticket WHERE row > ? AND evicted = 0 ORDER BY row LIMIT {MEND_ROWS}"
_ORPHAN_CASES = (
    "SELECT count(*) FROM ticket t WHERE t.case_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM cancellation_case c WHERE c.id = t.case_id)"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: a stable `name`, whether it is well, and a detail for people who help."""

    name: str
    ok: bool
    detail: str = ""


def check(store: Store) -> list[Check]:
    """The checks that take no time: pragmas, guards, room, log, keys, versions."""
    with store.reading() as unit:
        connection = unit.connection
        missing = guards_missing(connection)
        unfinished = len(unit.batches.unfinished())
        owed = unit.settings.get(WORDS_OWED) is not None
        try:
            # query_only is on inside a reading transaction; the others must be as they are set at opening.
            check_pragmas(connection)
            pragmas = ""
        except DiskFailed as error:
            pragmas = str(error.facts["detail"])
        (version,) = connection.execute("PRAGMA cipher_version").fetchone()
    room = shutil.disk_usage(store.folder).free
    log = store.path.with_name(store.path.name + "-wal")
    log_size = log.stat().st_size if log.exists() else 0
    protection = kept_by(store.folder)
    lost = work_lost(store.folder)
    return [
        Check("pragmas", not pragmas, pragmas or f"{len(PRAGMAS)} as set"),
        Check("guards", not missing, ", ".join(sorted(missing))),
        Check("disk_room", room >= ROOM_MIN_BYTES, f"{room // 1_000_000} MB free"),
        Check("write_ahead_log", log_size <= WAL_ALARM_BYTES, f"{log_size // 1_000_000} MB"),
        Check("lost_work", lost is None, str(lost) if lost is not None else ""),
        Check("imports", unfinished == 0, f"{unfinished} unfinished"),
        Check("search_words", not owed, "words of a copy are still being added" if owed else ""),
        Check("key_protection", protection == "keyring", f"keys are kept by: {protection}"),
        Check("encryption", bool(version), f"SQLCipher {version}"),
    ]


def check_deep(store: Store) -> list[Check]:
    """The checks that read everything: seconds at a hundred thousand tickets; for `doctor` and the idle hour."""
    # Page codes are read from the file alone: a page that a kill left torn there is whole in the log.
    store.checkpoint()
    checks = [_named("pages", store, _pages), _named("page_codes", store, _page_codes)]
    if all(item.ok for item in checks):
        checks += [
            _named("foreign_keys", store, _foreign_keys),
            _named("journal_chain", store, _journal_chain),
            _named("last_cases", store, _last_cases),
            _named("operation_numbers", store, _operation_numbers),
            _named("slips", store, _slips),
            _named("slip_chain", store, _slip_chain),
        ]
    return checks


def _named(name: str, store: Store, fault: Callable[[StoredWork], str]) -> Check:
    """The check by this name; reading a damaged page is its answer, not its failure."""
    try:
        with store.reading() as unit:
            found = fault(unit)
    except DatabaseDamaged as error:
        found = str(error.facts["detail"])
    return Check(name, not found, found)


def _pages(unit: StoredWork) -> str:
    (answer,) = unit.connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if answer == "ok" else str(answer)


def _page_codes(unit: StoredWork) -> str:
    rows = unit.connection.execute("PRAGMA cipher_integrity_check").fetchmany(FAULTS_SHOWN)
    return "; ".join(str(row[0]) for row in rows)


def _foreign_keys(unit: StoredWork) -> str:
    row = unit.connection.execute("PRAGMA foreign_key_check").fetchone()
    return "" if row is None else f"a row of {row[0]} points to nothing"


def _journal_chain(unit: StoredWork) -> str:
    entry = first_broken(unit.journal.entries())
    return "" if entry is None else f"entry {entry}"


def _last_cases(unit: StoredWork) -> str:
    (orphans,) = unit.connection.execute(_ORPHAN_CASES).fetchone()
    return f"{orphans} tickets name a case that is not there" if orphans else ""


def _operation_numbers(unit: StoredWork) -> str:
    (gaps,) = unit.connection.execute("SELECT coalesce(max(n), 0) - count(*) FROM operation").fetchone()
    return f"{gaps} numbers missing" if gaps else ""


def _slips(unit: StoredWork) -> str:
    known = {item.value for item in SlipVariant}
    rows = unit.connection.execute("SELECT DISTINCT variant FROM slip").fetchall()
    return ", ".join(variant for (variant,) in rows if variant not in known)


def _slip_chain(unit: StoredWork) -> str:
    """Every slip's own hash, the hash of the one before that it names, and what its QR states of it."""
    previous = GENESIS
    rows = unit.connection.execute("SELECT number, body, hash FROM slip ORDER BY n")
    for number, body, own in rows:
        try:
            data = slip_from_json(body)
            proof = read_proof(data.qr_text) if data.qr_text else None
        except ValueError:
            return f"slip {number} cannot be read"
        stated = proof is None or bare_hash(data).startswith(proof.facts.slip)
        if data.previous_hash != previous or slip_hash(data) != own or data.number != number or not stated:
            return f"slip {number}"
        previous = own
    return ""


def mend(store: Store) -> list[str]:
    """Puts right what follows from other data: guards, B-trees, keys and words of the search. Answers what was done.

    Facts (cases, slips, journal, operations) are never touched.
    """
    done = ["lost_work"] if deal_with(store.folder) else []
    with store.writing() as unit:
        if guards_missing(unit.connection):
            install_guards(unit.connection)
            done.append("guards")
        unit.connection.execute("REINDEX")
        done.append("indexes")
    rebuild_search(store)
    done.append("search")
    return done


def rebuild_search(store: Store) -> int:
    """Builds keys, words and spellings of every ticket again, in one transaction; answers how many tickets."""
    count = 0
    with store.writing() as unit:
        run = unit.connection.execute
        run("INSERT INTO ticket_words (ticket_words) VALUES ('delete-all')")
        run("DELETE FROM spelling")
        run("DELETE FROM setting WHERE name = ?", (WORDS_OWED,))
        known: set[str] = set()
        last = 0
        while page := run(_PAGE, (last,)).fetchall():
            for values in page:
                ticket = ticket_from(values)
                keys = keys_of(ticket)
                last = values[-1]
                run(
                    "UPDATE ticket SET number_key = ?, order_key = ?, phone_key = ?, serial_key = ?, tail = ?"
                    " WHERE row = ?",
                    (*keys, last),
                )
                run("INSERT INTO ticket_words (rowid, words) VALUES (?, ?)", (last, words_of(ticket, keys)))
                known.update(spelling_words(ticket))
            count += len(page)
        unit.connection.executemany(
            "INSERT OR IGNORE INTO spelling (cut, word) VALUES (?, ?)",
            [(cut, word) for word in sorted(known) for cut in cuts_of(word)],
        )
        unit.spelling.forget()
    return count
