"""The first shape of the database. Frozen: never changed once released, and it imports nothing of the program."""

TABLES = (
    """
    CREATE TABLE ticket (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        number TEXT NOT NULL CHECK (length(number) > 0),
        store TEXT NOT NULL,
        customer TEXT NOT NULL,
        type TEXT NOT NULL,
        review TEXT NOT NULL,
        work TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        currency TEXT NOT NULL,
        source TEXT NOT NULL,
        source_key TEXT NOT NULL,
        order_number TEXT NOT NULL,
        phone TEXT NOT NULL,
        serial TEXT NOT NULL,
        product TEXT NOT NULL,
        brand TEXT NOT NULL,
        category TEXT NOT NULL,
        problem_type TEXT NOT NULL,
        description TEXT NOT NULL,
        amount_minor INTEGER,
        compensation_minor INTEGER NOT NULL,
        assignee TEXT NOT NULL,
        origin_channel TEXT NOT NULL,
        due_at INTEGER,
        review_since INTEGER,
        closed_at INTEGER,
        version INTEGER NOT NULL CHECK (version > 0),
        facts TEXT NOT NULL,
        number_key TEXT NOT NULL,
        order_key TEXT NOT NULL,
        phone_key TEXT NOT NULL,
        serial_key TEXT NOT NULL,
        tail TEXT NOT NULL,
        case_id TEXT,
        import_batch INTEGER,
        import_version INTEGER,
        digest BLOB
    )
    """,
    """
    CREATE TABLE cancellation_case (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ticket_id TEXT NOT NULL REFERENCES ticket (id),
        state TEXT NOT NULL,
        reason TEXT NOT NULL CHECK (length(reason) > 0),
        level INTEGER CHECK (level IS NULL OR level BETWEEN 0 AND 5),
        channel TEXT NOT NULL,
        origin TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        requester TEXT NOT NULL,
        approver TEXT NOT NULL,
        applied_at INTEGER,
        decided_at INTEGER,
        ended_at INTEGER,
        body TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE obligation (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        case_id TEXT NOT NULL REFERENCES cancellation_case (id),
        kind TEXT NOT NULL,
        owner TEXT NOT NULL,
        state TEXT NOT NULL,
        due_at INTEGER,
        amount_minor INTEGER NOT NULL,
        text TEXT NOT NULL,
        result TEXT NOT NULL,
        closed_at INTEGER
    )
    """,
    """
    CREATE TABLE notice (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        case_id TEXT NOT NULL REFERENCES cancellation_case (id),
        recipient TEXT NOT NULL,
        what TEXT NOT NULL,
        state TEXT NOT NULL,
        leaves_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE slip (
        n INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        case_id TEXT NOT NULL REFERENCES cancellation_case (id),
        ticket_id TEXT NOT NULL REFERENCES ticket (id),
        variant TEXT NOT NULL,
        body TEXT NOT NULL,
        hash TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        printed_n INTEGER NOT NULL CHECK (printed_n >= 0),
        reprints INTEGER NOT NULL CHECK (reprints >= 0),
        owed INTEGER NOT NULL CHECK (owed IN (0, 1)),
        failure TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE operation (
        inc INTEGER NOT NULL,
        n INTEGER NOT NULL,
        op_id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        ticket_id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        digest BLOB NOT NULL,
        sig BLOB,
        actor TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        result TEXT,
        settled_at INTEGER,
        PRIMARY KEY (inc, n)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE journal (
        n INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        what TEXT NOT NULL,
        subject TEXT NOT NULL,
        facts TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE staff (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        name_other TEXT NOT NULL,
        role TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        pin_hash TEXT NOT NULL,
        pin_is_first INTEGER NOT NULL,
        wrong_pins INTEGER NOT NULL,
        lockouts INTEGER NOT NULL,
        locked_until INTEGER
    ) WITHOUT ROWID
    """,
    "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE draft (
        ticket_id TEXT NOT NULL PRIMARY KEY REFERENCES ticket (id),
        clerk TEXT NOT NULL,
        body TEXT NOT NULL,
        saved_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE import_batch (
        id INTEGER PRIMARY KEY,
        file TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        started_by TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone', 'stopped')),
        counts TEXT NOT NULL,
        mapping TEXT NOT NULL,
        refused_file TEXT NOT NULL,
        finished_at INTEGER
    )
    """,
    """
    CREATE TABLE import_change (
        batch INTEGER NOT NULL REFERENCES import_batch (id),
        ticket_row INTEGER NOT NULL,
        version INTEGER NOT NULL,
        before TEXT NOT NULL,
        case_id TEXT,
        PRIMARY KEY (batch, ticket_row)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE spelling (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) WITHOUT ROWID",
    """
    CREATE VIRTUAL TABLE ticket_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5 6', tokenize="ascii tokenchars '#'"
    )
    """,
)

INDEXES = (
    "CREATE UNIQUE INDEX ticket_id ON ticket (id)",
    "CREATE UNIQUE INDEX ticket_source_number ON ticket (source, store, number)",
    "CREATE INDEX ticket_number_key ON ticket (number_key)",
    "CREATE INDEX ticket_order_key ON ticket (order_key) WHERE order_key <> ''",
    "CREATE INDEX ticket_phone_key ON ticket (phone_key) WHERE phone_key <> ''",
    "CREATE INDEX ticket_serial_key ON ticket (serial_key) WHERE serial_key <> ''",
    "CREATE INDEX ticket_source_key ON ticket (source_key) WHERE source_key <> ''",
    "CREATE INDEX ticket_tail_6 ON ticket (substr(tail, -6))",
    "CREATE INDEX ticket_serial_6 ON ticket (substr(serial_key, -6)) WHERE serial_key <> ''",
    "CREATE INDEX ticket_open ON ticket (due_at, row)"
    " WHERE closed_at IS NULL AND work <> 'done' AND review <> 'rejected'",
    "CREATE INDEX ticket_closed ON ticket (closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX ticket_batch ON ticket (import_batch) WHERE import_batch IS NOT NULL",
    "CREATE UNIQUE INDEX case_one_open ON cancellation_case (ticket_id) WHERE state IN"
    " ('requested', 'pending_approval', 'agreed', 'applied', 'pending_head_office', 'expired')",
    "CREATE INDEX case_ticket ON cancellation_case (ticket_id)",
    "CREATE INDEX case_waiting ON cancellation_case (state) WHERE state IN"
    " ('requested', 'pending_approval', 'agreed', 'applied', 'pending_head_office', 'expired')",
    "CREATE INDEX case_applied ON cancellation_case (applied_at) WHERE applied_at IS NOT NULL",
    "CREATE INDEX obligation_case ON obligation (case_id)",
    "CREATE INDEX obligation_open ON obligation (due_at) WHERE state IN ('open', 'waiting')",
    "CREATE INDEX notice_case ON notice (case_id)",
    "CREATE INDEX slip_ticket ON slip (ticket_id)",
    "CREATE INDEX slip_case ON slip (case_id)",
    "CREATE INDEX slip_owed ON slip (n) WHERE owed = 1",
    "CREATE INDEX operation_ticket ON operation (ticket_id)",
    "CREATE INDEX journal_subject ON journal (subject) WHERE subject <> ''",
    "CREATE INDEX journal_at ON journal (at)",
)

# Rewriting a segment because a tenth of it was deleted would hold the lane for seconds after an undo.
SETTINGS = ("INSERT INTO ticket_words (ticket_words, rank) VALUES ('deletemerge', 0)",)


def up(migrator, db):  # type: ignore[no-untyped-def]
    """Makes every table, then every index."""
    for statement in TABLES + INDEXES + SETTINGS:
        db.execute_sql(statement)
