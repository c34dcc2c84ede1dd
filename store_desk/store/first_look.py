"""What the sign-in window shows before anything else is loaded: tiles of staff, identity, look; without peewee.

Opens the database by itself, read only, and closes it again; a few milliseconds in all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from store_desk.store import DATABASE_FILE, exists

LOOK_PREFIX = "look."
STAFF_MAX = 200


@dataclass(frozen=True, slots=True)
class StaffTile:
    """A person as the sign-in window shows them; `locked_until_ms` is a moment in milliseconds since 1970 UTC."""

    id: str
    name: str
    name_other: str
    role: str
    pin_is_first: bool
    locked_until_ms: int | None


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Identity and look settings (JSON values by name, without prefix) and the tiles of people who may sign in."""

    identity: dict[str, object]
    look: dict[str, object]
    staff: tuple[StaffTile, ...]


def first_look(folder: Path) -> FirstLook | None:
    """What can be shown at once; None when there is no store or it cannot be read (opening it will say why)."""
    if not exists(folder):
        return None
    from sqlcipher3 import dbapi2 as sqlcipher

    from store_desk.domain.errors import KeyMissing
    from store_desk.store.high_water import notice
    from store_desk.store.keys import load_keys

    try:
        keys = load_keys(folder)
        uri = f"{(folder / DATABASE_FILE).absolute().as_uri()}?mode=rw"
        connection = sqlcipher.connect(uri, uri=True, isolation_level=None, timeout=1)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{keys.database.hex()}'\"")
            connection.execute("PRAGMA query_only=1")
            # Closing may fold the log in, so what it lacks has to be seen before.
            notice(folder, connection)
            settings = connection.execute(
                "SELECT name, value FROM setting WHERE name GLOB 'identity.*' OR name GLOB 'look.*'"
            ).fetchall()
            people = connection.execute(
                "SELECT id, name, name_other, role, pin_is_first, locked_until FROM staff WHERE enabled ORDER BY id"
                " LIMIT ?",
                (STAFF_MAX,),
            ).fetchall()
        finally:
            connection.close()
    except (KeyMissing, sqlcipher.Error):
        return None
    values = {name: json.loads(value) for name, value in settings}
    return FirstLook(
        {name[9:]: value for name, value in values.items() if name.startswith("identity.")},
        {name[5:]: value for name, value in values.items() if name.startswith(LOOK_PREFIX)},
        tuple(StaffTile(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in people),
    )
