"""What the sign-in screen is handed before anything else is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in; `role` is a value of domain.roles.Role, the moment milliseconds since 1970 UTC."""

    id: str
    name: str
    name_other: str
    role: str
    locked_until_ms: int | None = None

    def name_in(self, lang: str) -> str:
        """The name for this language of the window."""
        return self.name_other if lang == "en" and self.name_other else self.name

    def locked_until(self, now: datetime) -> datetime | None:
        """The end of a lock that still holds, in local time."""
        if self.locked_until_ms is None:
            return None
        until = datetime.fromtimestamp(self.locked_until_ms / 1000, UTC)
        return until.astimezone() if until > now else None


@dataclass(frozen=True, slots=True)
class Recovery:
    """The two halves of a recovery, both called on the database lane.

    `check(sheet)` raises SetUpInvalid (field `recovery`, value the line) or KeyMissing for another store's sheet;
    `reset(sheet, staff id, new PIN)` checks again and gives the manager the PIN.
    """

    check: Callable[[str], None]
    reset: Callable[[str, str, str], None]
