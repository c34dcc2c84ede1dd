"""What head office's people administer, as values: published sheets with their version, and desks' one-time codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

# What is published as a whole under one version.
SHEETS: Final = ("conditions", "policy", "force_majeure")
# Lists whose members are changed one at a time, each with its own version.
LISTS: Final = ("stores", "people", "desks")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One thing at head office: `body` is plain JSON data, `version` 0 before it was ever published.

    conditions: {version, rows: [{reason, type, level, allowed, approver, evidence}]} · policy: {name: number} ·
    force_majeure: [{code, zh, en, begins, ends}] · stores, people, desks: a list of objects with their members;
    a desk's `program` is the version that it last told, absent before that.
    """

    name: str
    version: int
    body: Any = None
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class NewCode:
    """A one-time code, told once and kept nowhere."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the connectivity test: link, name, reachable, clock, signed_in.

    `state` is ok, warn, bad, or skipped where an earlier one failed; `detail` a code of the words, `facts` fill it.
    """

    name: str
    state: str
    detail: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of joining: this desk at head office, with what was offered to it and what it said."""

    store: str
    desk: int
    role: str
    tickets: int = 0
    conflicts: int = 0
