"""The way to head office and back. Frozen: never changed once released, and it imports nothing of the program.

`ticket.known` is 0 until head office knows the ticket, then the row's own number: so the unique index holds only what
this desk made or imported itself, and a row of head office's can never be refused for its number. An evicted ticket's
row stays for the cases and slips that point to it; it is in no list, and its keys and words are taken out.
"""

COLUMNS = (
    "ALTER TABLE ticket ADD COLUMN known INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE ticket ADD COLUMN evicted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cancellation_case ADD COLUMN desk TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cancellation_case ADD COLUMN slip TEXT NOT NULL DEFAULT ''",
    # The case's place among the ticket's cases at head office; NULL while it is only here.
    "ALTER TABLE cancellation_case ADD COLUMN place INTEGER",
)

TABLES = (
    """
    CREATE TABLE delivery (
        op_id TEXT NOT NULL PRIMARY KEY,
        inc INTEGER NOT NULL,
        n INTEGER NOT NULL CHECK (n > 0),
        kind TEXT NOT NULL,
        ticket_id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        signature BLOB NOT NULL,
        actor TEXT NOT NULL,
        role TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        offset_ms INTEGER,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'recheck', 'answered')),
        made_at INTEGER NOT NULL,
        sent_n INTEGER NOT NULL,
        sent_at INTEGER,
        answer TEXT,
        answered_at INTEGER,
        result TEXT,
        handled_at INTEGER,
        handled_by TEXT NOT NULL,
        handled_how TEXT NOT NULL,
        UNIQUE (inc, n)
    )
    """,
    "CREATE TABLE mirror (ticket_id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)",
    """
    CREATE TABLE feed_position (
        store TEXT NOT NULL PRIMARY KEY,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE answer_position (
        inc INTEGER NOT NULL PRIMARY KEY,
        settled INTEGER NOT NULL,
        chain BLOB NOT NULL
    )
    """,
)

INDEXES = (
    "DROP INDEX ticket_source_number",
    "DROP INDEX ticket_open",
    "DROP INDEX ticket_closed",
    "CREATE UNIQUE INDEX ticket_source_number ON ticket (source, store, number, known)",
    "CREATE INDEX ticket_open ON ticket (due_at, row)"
    " WHERE closed_at IS NULL AND work <> 'done' AND review <> 'rejected' AND evicted = 0",
    "CREATE INDEX ticket_closed ON ticket (closed_at) WHERE closed_at IS NOT NULL AND evicted = 0",
    "CREATE INDEX ticket_evicted ON ticket (id) WHERE evicted = 1",
    "CREATE INDEX ticket_unknown ON ticket (id) WHERE known = 0 AND evicted = 0",
    # Most tickets have no facts at all, and few of those that have were made by reopening another.
    "CREATE INDEX ticket_reopens ON ticket (json_extract(facts, '$.reopens')) WHERE instr(facts, '\"reopens\":') > 0",
    "CREATE INDEX delivery_unanswered ON delivery (inc, n, state, made_at) WHERE state IN ('waiting', 'recheck')",
    "CREATE INDEX delivery_ticket ON delivery (ticket_id)",
    "CREATE INDEX delivery_to_handle ON delivery (made_at, inc, n) WHERE state = 'answered' AND handled_at IS NULL"
    " AND result NOT IN ('accepted', 'already_over')",
    "CREATE INDEX delivery_made ON delivery (made_at, inc, n)",
    # What is counted for the Sync line is in the index itself: the rows are long, and a day has thousands of them.
    "CREATE INDEX delivery_answered ON delivery (answered_at, sent_at, result) WHERE state = 'answered'",
)


def up(migrator, db):  # type: ignore[no-untyped-def]
    """Adds the columns, makes the tables, then the indexes."""
    for statement in COLUMNS + TABLES + INDEXES:
        db.execute_sql(statement)
