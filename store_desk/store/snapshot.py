"""Takes over head office's whole copy of a store: staged for as long as it takes, visible at once, searched soon after.

Rows are staged beside the running desk (`snapshot_staging`), then published in one transaction: a desk shows either
all of the old or all of the new. In a desk that has little yet the indexes are made after the rows, which is several
times faster. A desk without any tickets gets the index of words ready made with them (`snapshot_words`): nobody works
there yet who would have to wait. Elsewhere words follow in short transactions, so that for a while a ticket that is new
is found by its numbers only.
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
from store_desk.store import snapshot_words
from store_desk.store.database import our_errors, raw_key
from store_desk.store.repositories.cases import CASE_COLUMNS, OBLIGATION_COLUMNS
from store_desk.store.rows import COLUMN_NAMES, COLUMNS, COLUMNS_N, KEY_COLUMNS, ticket_from
from store_desk.store.search_words import keys_of, spelling_words, words_of
from store_desk.store.snapshot_staging import SnapshotStaging, staged_record
from store_desk.store.snapshot_words import WordsFile
from store_desk.store.staging import throw_away

if TYPE_CHECKING:
    from store_desk.store.opening import Store

FILE = "snapshot.staging"
# From so many new rows on, and more than there are already, indexes are made afterwards.
BULK_ROWS = 20_000
# From so many on, the words of a first copy are indexed beside its staging.
WORDS_APART_ROWS = 5_000
# Tickets of one transaction that adds words: about thirty milliseconds.
WORDS_ROWS = 500
# A setting of the store's own: the row of a ticket after which some have no words yet.
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
_PLAN_OF_ALL = "INSERT INTO temp.snapshot_plan (n, action) SELECT n, 'add' FROM staging.row"
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
# ticket_id stays: rows come in its order, and cases need it. The others have nothing, or next to it, of a copy's rows.
_STAYING = ("ticket_id", "ticket_batch", "ticket_evicted", "ticket_unknown", "ticket_reopens")
_INDEXES = (
    "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = 'ticket'"
    f" AND name NOT IN ({', '.join(repr(name) for name in _STAYING)})"
)
# A ticket that was here before, or changed meanwhile, has its words already.
_WORDLESS = f"""
    SELECT {COLUMNS}, row, evicted = 1 OR EXISTS (SELECT 1 FROM ticket_words_docsize d WHERE d.id = ticket.row)
      FROM ticket WHERE row > ? ORDER BY row LIMIT {WORDS_ROWS}
"""
_ADD_WORDS = "INSERT INTO ticket_words (rowid, words) VALUES (?, ?)"
_ADD_SPELLINGS = "INSERT OR IGNORE INTO spelling (cut, word) SELECT cut, word FROM staging.spelling ORDER BY cut, word"
# Nothing that was here or is on its way to head office, so that row n of the copy becomes row n of the desk.
_NOTHING_HERE = """
    SELECT NOT EXISTS (SELECT 1 FROM ticket) AND NOT EXISTS (SELECT 1 FROM delivery)
       AND NOT EXISTS (SELECT 1 FROM ticket_words_docsize)
"""


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
        words = _words_apart(store, total)
        try:
            staging = SnapshotStaging(store.folder / FILE, store.keys.database, token=token, words=words)
            try:
                whole = staging.stage(rows, progress=lambda done: told("staged", done, total), stopped=stopped)
            finally:
                staging.close()
        finally:
            if words is not None:
                words.close()
        if not whole:
            return None
        with _attached(store, words=words is not None) as connection:
            loaded = _publish(store, connection, of_store=of_store, absorb=absorb, also=also, words=words is not None)
        told("published", staging.count, staging.count)
        _throw_away(store)
        # A stop leaves the rest of the words to the idle lane.
        if not stopped():
            add_words(store, waiting=stopped, told=told)
    return loaded


def _words_apart(store: Store, total: int) -> WordsFile | None:
    """A file for the words of a large copy, if this desk has no tickets yet."""
    if total < WORDS_APART_ROWS:
        return None
    with store.reading() as unit:
        (nothing_here,) = unit.connection.execute(_NOTHING_HERE).fetchone()
        (definition,) = unit.connection.execute(snapshot_words.DEFINITION).fetchone()
    if not nothing_here:
        return None
    return WordsFile(store.folder / snapshot_words.FILE, store.keys.database, definition=definition)


def _throw_away(store: Store) -> None:
    for name in (FILE, snapshot_words.FILE):
        throw_away(store.folder / name)


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
    if not words_are_owed(store) or not store.copying.acquire(blocking=False):
        return False
    try:
        return _add_words(store, waiting=waiting, told=told)
    finally:
        store.copying.release()


def _add_words(store: Store, *, waiting: Callable[[], bool], told: Told) -> bool:
    with store.reading() as unit:
        (top,) = unit.connection.execute("SELECT coalesce(max(row), 0) FROM ticket").fetchone()
    steps = 0
    while (at := _words_step(store)) is not None:
        steps += 1
        if steps % _CHECKPOINT_STEPS == 0:
            store.checkpoint()
            told("words", at, max(at, top))
        if waiting():
            return True
    # An earlier version of the program kept the copy until its words were there.
    _throw_away(store)
    return False


def _words_step(store: Store) -> int | None:
    """One transaction: the words of the next tickets, up to the row that is answered; None after the last."""
    with store.writing() as unit:
        owed = unit.settings.get(WORDS_OWED) or ""
        # An earlier version wrote something else here, with a space: then all tickets are looked at.
        after = int(owed) if owed.isdigit() else 0
        found = unit.connection.execute(_WORDLESS, (after,)).fetchall()
        if not found:
            unit.connection.execute("DELETE FROM setting WHERE name = ?", (WORDS_OWED,))
            return None
        tickets = [(row[COLUMNS_N], ticket_from(row)) for row in found if not row[COLUMNS_N + 1]]
        # One after the other: every other statement makes the index write what it holds so far.
        unit.connection.executemany(_ADD_WORDS, [(row, words_of(ticket, keys_of(ticket))) for row, ticket in tickets])
        for _, ticket in tickets:
            unit.spelling.learn(unit.connection, spelling_words(ticket))
        last = int(found[-1][COLUMNS_N])
        unit.settings.put(WORDS_OWED, str(last))
    return last


def _publish(
    store: Store,
    connection: Any,
    *,
    of_store: str | None,
    absorb: Callable[[UnitOfWork, TicketRecord], None] | None,
    also: Callable[[UnitOfWork, Loaded], None] | None,
    words: bool,
) -> Loaded:
    """One transaction; `words` says that their index is attached, ready made for a desk without tickets."""
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
        (nothing_here,) = connection.execute(_NOTHING_HERE).fetchone()
        top = _add(connection, counts.get("add", 0))
        if words and nothing_here:
            snapshot_words.take_over(connection)
            connection.execute(_ADD_SPELLINGS)
        else:
            unit.settings.put(WORDS_OWED, str(top))
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
    (nothing_here,) = connection.execute(_NOTHING_HERE).fetchone()
    connection.execute(_PLAN_OF_ALL if nothing_here else _PLAN)
    if not within:
        connection.execute("COMMIT")


def _add(connection: Any, count: int) -> int:
    """Adds the new tickets with their cases; of many, the indexes are made when all are there.

    Answers the row after which they come.
    """
    (top, there) = connection.execute("SELECT coalesce(max(row), 0), count(*) FROM ticket").fetchone()
    indexes = connection.execute(_INDEXES).fetchall() if count >= BULK_ROWS and count > there else []
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute(_ADD, {"base": top})
    for _, statement in indexes:
        connection.execute(statement)
    connection.execute(_ADD_CASES)
    connection.execute(_ADD_OWED)
    return int(top)


@contextmanager
def _attached(store: Store, *, words: bool) -> Iterator[Any]:
    """The lane's connection with the staging file attached, and the file of words."""
    store.connect_lane()
    connection = store.database.connection()
    files = {"staging": FILE, "words": snapshot_words.FILE} if words else {"staging": FILE}
    attached: list[str] = []
    try:
        with our_errors():
            for name, file in files.items():
                uri = f"{(store.folder / file).absolute().as_uri()}?mode=ro"
                connection.execute(f"ATTACH ? AS {name} KEY ?", (uri, raw_key(store.keys.database)))
                attached.append(name)
        yield connection
    finally:
        with our_errors():
            for name in attached:
                connection.execute(f"DETACH {name}")
