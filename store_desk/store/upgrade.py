"""Brings a database to the present shape, with the precautions that the migration runner leaves to its caller.

A newer database is refused; a copy is made before anything changes; foreign keys are checked and the guards put back
after; an empty folder of migrations (a broken installation) is an error and not "nothing to do".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playhouse.migrations import Runner

from store_desk.domain.errors import DatabaseDamaged, DatabaseNewer, DiskFailed
from store_desk.store.backup import keep_rolling_copy
from store_desk.store.database import APPLICATION_ID, StoreDatabase
from store_desk.store.guards import guards_missing, install_guards

MIGRATIONS = Path(__file__).parent / "migrations"


def migration_names() -> tuple[str, ...]:
    """The names of all migrations of this program in their order; raises DiskFailed when there are none."""
    names = tuple(sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py")))
    if not names:
        raise DiskFailed(detail=f"no migrations in {MIGRATIONS}")
    return names


def upgrade(database: StoreDatabase, folder: Path) -> tuple[str, ...]:
    """Applies what is missing and answers its names; quick when nothing is.

    Raises DatabaseNewer when the database knows migrations that this program does not.
    """
    known = migration_names()
    connection = database.connection()
    applied = _applied(connection)
    if set(applied) - set(known):
        raise DatabaseNewer()
    missing = tuple(name for name in known if name not in applied)
    if not missing:
        if guards_missing(connection):
            # A crash between the migration and its last step.
            _finish(connection)
        return ()
    if applied:
        keep_rolling_copy(connection, folder, why="upgrade")
    Runner(database, str(MIGRATIONS)).up()
    _finish(connection)
    return missing


def _applied(connection: Any) -> tuple[str, ...]:
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone()
    if table is None:
        return ()
    return tuple(name for (name,) in connection.execute("SELECT name FROM schema_migration ORDER BY name"))


def _finish(connection: Any) -> None:
    """Checks what the runner does not check; the copy made before is what to go back to."""
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if dangling is not None:
        raise DatabaseDamaged(detail=f"a row of {dangling[0]} points to nothing", backup="")
    connection.execute("BEGIN IMMEDIATE")
    install_guards(connection)
    connection.execute("COMMIT")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA foreign_keys = 1")
