"""Files of tickets. Frozen: never changed once released, and it imports nothing of the program.

The content lies in the database, so that it is encrypted, backed up and restored with everything else; in a table of
its own, once for every hash, so that a list of attachments reads none of it.
"""

TABLES = (
    """
    CREATE TABLE attachment_content (
        n INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
        content BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE attachment (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ticket_id TEXT NOT NULL REFERENCES ticket (id),
        case_id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('photo', 'audio', 'document')),
        hash TEXT NOT NULL REFERENCES attachment_content (hash),
        size INTEGER NOT NULL CHECK (size > 0),
        added_at INTEGER NOT NULL,
        added_by TEXT NOT NULL
    )
    """,
)

INDEXES = ("CREATE INDEX attachment_ticket ON attachment (ticket_id)",)


def up(migrator, db):  # type: ignore[no-untyped-def]
    """Makes the two tables and the index."""
    for statement in TABLES + INDEXES:
        db.execute_sql(statement)
