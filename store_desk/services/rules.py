"""The rules in force at this desk: policy and conditions as stored in the settings, with the shipped defaults."""

from __future__ import annotations

import json

from store_desk.domain.conditions import SHIPPED, Approver, Condition, Conditions
from store_desk.domain.errors import SettingInvalid
from store_desk.domain.policy import Policy, policy_from
from store_desk.domain.reasons import DEFAULT_TILES, TILES, Reason
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.domain.ticket import TicketType
from store_desk.services.desk import Desk
from store_desk.services.ports import UnitOfWork


def policy_in_force(uow: UnitOfWork) -> Policy:
    """The shop's numbers."""
    stored = uow.settings.under("policy.")
    return policy_from({name: int(value) for name, value in stored.items()}) if stored else Policy()


def conditions_in_force(uow: UnitOfWork) -> Conditions:
    """The latest published version of the condition table, else the shipped one."""
    text = uow.settings.get("conditions")
    return conditions_from_json(text) if text else SHIPPED


def policy_from_json(text: str) -> Policy:
    """The numbers from a JSON object of names and whole numbers; the reverse is policy_to_json."""
    return policy_from({name: int(value) for name, value in json.loads(text).items()})


def conditions_from_json(text: str) -> Conditions:
    """The table from its JSON form; the reverse is conditions_to_json."""
    data = json.loads(text)
    rows = tuple(
        Condition(
            Reason(row["reason"]),
            TicketType(row["type"]) if row.get("type") else None,
            row.get("level"),
            row.get("allowed", True),
            Approver(row.get("approver", "role")),
            tuple(row["evidence"]) if row.get("evidence") is not None else None,
        )
        for row in data["rows"]
    )
    return Conditions(int(data["version"]), rows)


def conditions_to_json(conditions: Conditions) -> str:
    """The table as JSON; the reverse is conditions_from_json."""
    rows = [
        {
            "reason": row.reason.value,
            "type": row.type.value if row.type else None,
            "level": row.level,
            "allowed": row.allowed,
            "approver": row.approver.value,
            "evidence": list(row.evidence) if row.evidence is not None else None,
        }
        for row in conditions.rows
    ]
    return json.dumps({"version": conditions.version, "rows": rows}, sort_keys=True)


def tiles_in_force(uow: UnitOfWork) -> tuple[Reason, ...]:
    """The nine reasons that have a digit of their own, in the manager's order."""
    text = uow.settings.get("reasons.tiles")
    if not text:
        return DEFAULT_TILES
    return tuple(Reason(code) for code in json.loads(text))[:TILES]


def read_settings(desk: Desk, prefix: str = "") -> dict[str, str]:
    """All settings under the prefix, their values as stored (JSON texts)."""
    with desk.read() as uow:
        return uow.settings.under(prefix)


def read_policy(desk: Desk) -> Policy:
    """The shop's numbers, read in a transaction of its own."""
    with desk.read() as uow:
        return policy_in_force(uow)


def read_tiles(desk: Desk) -> tuple[Reason, ...]:
    """The nine tiles, read in a transaction of its own."""
    with desk.read() as uow:
        return tiles_in_force(uow)


# Settings that belong to the desk's looks and devices, which every clerk may change.
FREE_PREFIXES = ("look.", "printer.", "scanner.", "slip.", "imports.", "backup.")
# Of the signature only which screen shows the pad: certificate and time stamps decide what a slip proves.
FREE_SETTINGS = frozenset({"signature.screen"})


def needs_manager(name: str) -> bool:
    """Whether only a person with the right to change settings may change this one."""
    return name not in FREE_SETTINGS and not name.startswith(FREE_PREFIXES)


def _check_setting(name: str, value: str) -> None:
    """Raises SettingInvalid for a rule that could not be read again: it would stop every cancellation."""
    try:
        if name.startswith("policy."):
            policy_from({name.removeprefix("policy."): int(value)})
        elif name == "conditions":
            conditions_from_json(value)
        elif name == "reasons.tiles":
            [Reason(code) for code in json.loads(value)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingInvalid(name=name, value=value[:80]) from error


def change_setting(desk: Desk, actor: Actor, *, name: str, value: str) -> None:
    """Stores one setting; rules need a manager, looks and devices do not. `value` is a JSON text.

    Raises SettingInvalid for a number out of bounds, RightMissing for a rule changed by anybody else.
    """
    if needs_manager(name):
        demand(actor, Right.SETTINGS)
    _check_setting(name, value)
    with desk.work() as uow:
        before = uow.settings.get(name)
        uow.settings.put(name, value)
        uow.journal.write(
            at=desk.clock(),
            actor=actor.id,
            what="setting_changed",
            subject=name,
            facts={"before": before, "after": value},
        )
