"""Takes over head office's whole copy of a store: staged for as long as it takes, visible at once, searched soon after.

Rows are staged beside the running desk (`snapshot_staging`), then published in one transaction: a desk shows either
all of the old or all of the new. In a desk that has little yet the indexes are made after the rows, which is several
times faster. The words of names follow in short transactions, so that for a minute a ticket of a large copy is found
by its numbers only.
"""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store_desk.domain.record import TicketRecord
from store_desk.services.messages import SnapshotRow, record_to_body
from store_desk.services.office_ports import MirrorRow
from store_desk.services.ports import UnitOfWork
from store_desk.store.database import our_errors, raw_key
from store_desk.store.repositories.cases import CASE_COLUMNS, OBLIGATION_COLUMNS
from store_desk.store.rows import COLUMN_NAMES, COLUMNS, KEY_COLUMNS
from store_desk.store.search_words import cuts_of
from store_desk.store.snapshot_staging import SnapshotStaging, staged_record
from store_desk.store.staging import throw_away

if TYPE_CHECKING:
    from store_desk.store.opening import Store

FILE = "snapshot.staging"
# From so many new rows on, and more than there are already, indexes are made afterwards.
BULK_ROWS = 20_000
# Rows of one transaction that adds words: about thirty milliseconds.
WORDS_ROWS = 500
SPELLINGS_ROWS = 300
# Settings of the store's own: which rows have their words already (by their number in the staging file).
WORDS_OWED = "store.snapshot_words"
_CHECKPOINT_STEPS = 20

_SAME = "({}) IS ({})".format(
    ", ".join(f"t.{name}" for name in COLUMN_NAMES), ", ".join(f"r.{name}" for name in COLUMN_NAMES)
)
_CASE_NAMES = (*CASE_COLUMNS.split(", "), "desk", "slip", "place")
_OTHER_CASE = "EXISTS (SELECT 1 FROM staging.told_case s LEFT JOIN cancellation_case c ON c.id = s.id"
_OTHER_OWED = "EXISTS (SELECT 1 FROM staging.owed s LEFT JOIN obligation o ON o.id = s.id"
_OWED_NAMES = OBLIGATION_COLUMNS.split(", ")
_PLAN = f"""
    INSERT INTO temp.snapshot_plan (n, action)
    SELECT r.n,
           CASE
               WHEN r.id IN (SELECT ticket_id FROM delivery WHERE state IN ('waiting', 'recheck')) THEN 'mirror'
               WHEN t.row IS NULL THEN 'add'
               WHEN t.evicted = 0 AND t.case_id IS NULLIF(r.standing, '') AND {_SAME}
                AND NOT {_OTHER_CASE} WHERE s.row_n = r.n
                                        AND ({", ".join("s." + name for name in _CASE_NAMES)})
                                     IS NOT ({", ".join("c." + name for name in _CASE_NAMES)}))
                AND NOT {_OTHER_OWED} WHERE s.row_n = r.n
                                        AND ({", ".join("s." + name for name in _OWED_NAMES)})
                                     IS NOT ({", ".join("o." + name for name in _OWED_NAMES)})) THEN 'same'
               ELSE 'put'
           END
      FROM staging.row r LEFT JOIN ticket t ON t.id = r.id
"""
_COUNTS = "SELECT action, count(*) FROM temp.snapshot_plan GROUP BY action"
_WITH_ACTION = "SELECT n FROM temp.snapshot_plan WHERE action = ? ORDER BY n"
_ADDED = "temp.snapshot_plan p JOIN staging.row r ON r.n = p.n WHERE p.action = 'add'"
_ADD = f"""
    INSERT INTO ticket (row, {COLUMNS}, {KEY_COLUMNS}, case_id, known)
    SELECT :base + r.n, {", ".join("r." + name for name in f"{COLUMNS}, {KEY_COLUMNS}".split(", "))},
           NULLIF(r.standing, ''), :base + r.n FROM {_ADDED} ORDER BY r.n
"""
_ADD_CASES = f"""
    INSERT INTO cancellation_case ({", ".join(_CASE_NAMES)})
    SELECT {", ".join("s." + name for name in _CASE_NAMES)} FROM staging.told_case s
      JOIN temp.snapshot_plan p ON p.n = s.row_n WHERE p.action = 'add' ORDER BY s.rowid
"""
_ADD_OWED = f"""
    INSERT INTO obligation ({OBLIGATION_COLUMNS})
    SELECT {", ".join("s." + name for name in _OWED_NAMES)} FROM staging.owed s
      JOIN temp.snapshot_plan p ON p.n = s.row_n WHERE p.action = 'add' ORDER BY s.rowid
"""
_KNOW = """
    UPDATE ticket SET known = row WHERE known = 0 AND id IN (
        SELECT r.id FROM temp.snapshot_plan p JOIN staging.row r ON r.n = p.n WHERE p.action = 'same')
"""
_LOST = """
    UPDATE OR IGNORE ticket SET known = 0 WHERE known > 0 AND evicted = 0 AND store = coalesce(?, store)
       AND id NOT IN (SELECT id FROM staging.row)
       AND id NOT IN (SELECT ticket_id FROM delivery WHERE state IN ('waiting', 'recheck'))
"""
# ticket_id stays: rows come in its order, and cases need it.
_INDEXES = (
    "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = 'ticket' AND name <> 'ticket_id'"
)
# A ticket that was here before, or changed meanwhile, has its words already.
_ADD_WORDS = """
    INSERT INTO ticket_words (rowid, words)
    SELECT t.row, r.words FROM staging.row r JOIN ticket t ON t.id = r.id
     WHERE r.n > :after AND r.n <= :upto AND t.evicted = 0
       AND NOT EXISTS (SELECT 1 FROM ticket_words_docsize d WHERE d.id = t.row) ORDER BY t.row
"""
_WORD_PAGE = "SELECT word FROM staging.word WHERE word > ? ORDER BY word LIMIT ?"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a copy did: tickets that were new, changed, as they were, kept back for waiting operations, and lost.

    `lost` tickets were known to head office and are no longer; they count as not known from now on.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    to_mirror: int = 0
    lost: int = 0


# Told of each page: staged, published or words; how many rows of how many (0: not known).
Told = Callable[[str, int, int], None]


def staged_so_far(store: Store, *, token: str) -> tuple[int, str]:
    """How many rows of this copy are staged, and the ticket of the last one: a download goes on after it."""
    with store.copying:
        _end_words(store)
        staging = SnapshotStaging(store.folder / FILE, store.keys.database, token=token)
        staging.close()
    return staging.count, staging.after


def load(
    store: Store,
    rows: Iterable[SnapshotRow],
    *,
    token: str,
    total: int = 0,
    of_store: str | None = None,
    absorb: Callable[[UnitOfWork, TicketRecord], None] | None = None,
    also: Callable[[UnitOfWork, Loaded], None] | None = None,
    told: Told = lambda _stage, _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Loaded | None:
    """Stages the rows, publishes them in one transaction, and adds their words; None when it was stopped before.

    Rows come in the order of ticket ids; those staged by an earlier run may be left out or given again. `token` names
    the copy (epoch, store and number of its last change). `of_store` limits which tickets can be lost. `absorb`
    writes a record over a ticket that is here and differs (else `records.put`), `also` runs in the same transaction.
    """
    with store.copying:
        _end_words(store, told=told)
        staging = SnapshotStaging(store.folder / FILE, store.keys.database, token=token)
        try:
            whole = staging.stage(rows, progress=lambda done: told("staged", done, total), stopped=stopped)
        finally:
            staging.close()
        if not whole:
            return None
        with _attached(store):
            loaded = _publish(store, of_store=of_store, absorb=absorb, also=also)
        told("published", staging.count, staging.count)
        # A stop leaves the rest of the words to `add_words`.
        add_words(store, waiting=stopped, told=told)
    return loaded


def _end_words(store: Store, *, told: Told = lambda _stage, _done, _total: None) -> None:
    """Adds what an earlier copy still owes, since its file is about to go."""
    while add_words(store, told=told):
        continue


def words_are_owed(store: Store) -> bool:
    """Whether a published copy still lacks words for the search, after a crash or a stop."""
    with store.reading() as unit:
        return unit.settings.get(WORDS_OWED) is not None


def add_words(
    store: Store, *, waiting: Callable[[], bool] = lambda: False, told: Told = lambda _stage, _done, _total: None
) -> bool:
    """Adds words in short transactions until somebody waits; true while there is more to do. For the idle lane.

    While another thread takes over a copy nothing is done: that one adds the words itself.
    """
    path = store.folder / FILE
    if not words_are_owed(store) or not store.copying.acquire(blocking=False):
        return False
    try:
        if not words_are_owed(store) or not path.exists():
            # Without the file the words are made again from the tickets: `health.mend`.
            return False
        return _add_words(store, waiting=waiting, told=told)
    finally:
        store.copying.release()


def _add_words(store: Store, *, waiting: Callable[[], bool], told: Told) -> bool:
    with _attached(store) as connection:
        (top,) = connection.execute("SELECT coalesce(max(n), 0) FROM staging.row").fetchone()
        steps = 0
        while _words_step(store, top):
            steps += 1
            if steps % _CHECKPOINT_STEPS == 0:
                store.checkpoint()
                told("words", _words_at(store)[0], top)
            if waiting():
                return True
    throw_away(store.folder / FILE)
    return False


def _words_at(store: Store) -> tuple[int, str]:
    with store.reading() as unit:
        row, _, word = (unit.settings.get(WORDS_OWED) or "0 ").partition(" ")
    return int(row), word


def _words_step(store: Store, top: int) -> bool:
    """One transaction: the words of some tickets, then the spellings of some words; false after the last."""
    with store.writing() as unit:
        at, _, word = (unit.settings.get(WORDS_OWED) or "0 ").partition(" ")
        after = int(at)
        if after < top:
            upto = min(top, after + WORDS_ROWS)
            unit.connection.execute(_ADD_WORDS, {"after": after, "upto": upto})
            unit.settings.put(WORDS_OWED, f"{upto} ")
            return True
        page = [found for (found,) in unit.connection.execute(_WORD_PAGE, (word, SPELLINGS_ROWS))]
        unit.connection.executemany(
            "INSERT OR IGNORE INTO spelling (cut, word) VALUES (?, ?)",
            [(cut, found) for found in page for cut in cuts_of(found)],
        )
        if page:
            unit.settings.put(WORDS_OWED, f"{top} {page[-1]}")
        else:
            unit.connection.execute("DELETE FROM setting WHERE name = ?", (WORDS_OWED,))
        return bool(page)


def _publish(
    store: Store,
    *,
    of_store: str | None,
    absorb: Callable[[UnitOfWork, TicketRecord], None] | None,
    also: Callable[[UnitOfWork, Loaded], None] | None,
) -> Loaded:
    connection = store.database.connection()
    with our_errors():
        _plan(connection)
        (seen,) = connection.execute("PRAGMA main.data_version").fetchone()
    with store.writing() as unit:
        (now,) = connection.execute("PRAGMA main.data_version").fetchone()
        if now != seen:
            # Somebody wrote meanwhile; from here on nobody can.
            _plan(connection, within=True)
        counts = dict(connection.execute(_COUNTS).fetchall())
        lost = connection.execute(_LOST, (of_store,)).rowcount
        _add(connection, counts.get("add", 0))
        for (n,) in connection.execute(_WITH_ACTION, ("put",)).fetchall():
            record = staged_record(connection, n)
            if absorb is None:
                unit.records.put(record)
            else:
                absorb(unit, record)
        for (n,) in connection.execute(_WITH_ACTION, ("mirror",)).fetchall():
            record = staged_record(connection, n)
            unit.mirror.put(MirrorRow(record.ticket.id, record.ticket.version, record_to_body(record)))
        connection.execute(_KNOW)
        unit.settings.put(WORDS_OWED, "0 ")
        loaded = Loaded(
            counts.get("add", 0), counts.get("put", 0), counts.get("same", 0), counts.get("mirror", 0), int(lost)
        )
        if also is not None:
            also(unit, loaded)
    with our_errors():
        connection.execute("DROP TABLE temp.snapshot_plan")
    store.checkpoint()
    return loaded


def _plan(connection: Any, *, within: bool = False) -> None:
    """Works out what each row does; outside a transaction nobody has to wait for it."""
    if not within:
        connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS snapshot_plan (n INTEGER PRIMARY KEY, action TEXT NOT NULL)")
    connection.execute("DELETE FROM temp.snapshot_plan")
    connection.execute(_PLAN)
    if not within:
        connection.execute("COMMIT")


def _add(connection: Any, count: int) -> None:
    """Adds the new tickets with their cases; of many, the indexes are made when all are there."""
    if not count:
        return
    (top, there) = connection.execute("SELECT coalesce(max(row), 0), count(*) FROM ticket").fetchone()
    indexes = connection.execute(_INDEXES).fetchall() if count >= BULK_ROWS and count > there else []
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute(_ADD, {"base": top})
    for _, statement in indexes:
        connection.execute(statement)
    connection.execute(_ADD_CASES)
    connection.execute(_ADD_OWED)


@contextmanager
def _attached(store: Store) -> Iterator[Any]:
    """The lane's connection with the staging file attached."""
    store.connect_lane()
    connection = store.database.connection()
    with our_errors():
        uri = f"{(store.folder / FILE).absolute().as_uri()}?mode=ro"
        connection.execute("ATTACH ? AS staging KEY ?", (uri, raw_key(store.keys.database)))
    try:
        yield connection
    finally:
        with our_errors():
            connection.execute("DETACH staging")
