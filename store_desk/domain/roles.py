"""Roles, rights, and who may do what: a right belongs to a transition, not to a button."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """What a person is at this store."""

    CLERK = "clerk"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"
    MANAGER = "manager"
    HEAD_OFFICE = "head_office"
    AUDITOR = "auditor"


class Right(Enum):
    """One right per transition or verb."""

    LOOK_UP = "look_up"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ATTACH = "attach"
    PRINT = "print"
    REVEAL = "reveal"
    SETTLE = "settle"
    APPROVE = "approve"
    ACKNOWLEDGE = "acknowledge"
    IMPORT = "import"
    EXPORT = "export"
    STAFF = "staff"
    SETTINGS = "settings"
    BACKUP = "backup"
    MEND = "mend"
    KEYS = "keys"
    JOURNAL = "journal"
    EVIDENCE = "evidence"
    DOCTOR = "doctor"
    INSIGHTS = "insights"


_COUNTER = frozenset(
    {
        Right.LOOK_UP,
        Right.CANCEL,
        Right.WITHDRAW,
        Right.REOPEN,
        Right.ATTACH,
        Right.PRINT,
        Right.REVEAL,
        Right.SETTLE,
        Right.DOCTOR,
    }
)
_SUPERVISOR = _COUNTER | {Right.APPROVE, Right.JOURNAL, Right.EVIDENCE}
_MANAGER = _SUPERVISOR | {
    Right.IMPORT,
    Right.EXPORT,
    Right.STAFF,
    Right.SETTINGS,
    Right.BACKUP,
    Right.MEND,
    Right.KEYS,
    Right.INSIGHTS,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CLERK: _COUNTER,
    Role.SENIOR: _COUNTER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.TECHNICIAN: frozenset({Right.LOOK_UP, Right.ACKNOWLEDGE}),
    Role.MANAGER: _MANAGER,
    Role.HEAD_OFFICE: _MANAGER,
    Role.AUDITOR: frozenset({Right.LOOK_UP, Right.EXPORT, Right.JOURNAL, Right.EVIDENCE, Right.DOCTOR, Right.INSIGHTS}),
}

# The highest level a role cancels without a second person; roles that are absent cancel nothing.
ROLE_LEVEL: dict[Role, int] = {
    Role.CLERK: 2,
    Role.SENIOR: 3,
    Role.SUPERVISOR: 5,
    Role.MANAGER: 5,
    Role.HEAD_OFFICE: 5,
}

APPROVERS = frozenset({Role.SUPERVISOR, Role.MANAGER})


def has_right(role: Role, right: Right) -> bool:
    """Whether the role carries the right."""
    return right in RIGHTS[role]
