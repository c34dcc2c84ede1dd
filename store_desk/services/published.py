"""What head office publishes, taken over as this desk's rules; from then on nobody changes them here."""

from __future__ import annotations

import json
from dataclasses import replace

from store_desk.domain.errors import SettingInvalid
from store_desk.domain.reasons import Reason
from store_desk.services.desk import Desk
from store_desk.services.enrolment import contact_of, put_contact
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import conditions_from_json, policy_from_json

FORCE_MAJEURE = "force_majeure"


def take_rules(desk: Desk, *, version: int, texts: dict[str, str]) -> None:
    """Stores published texts, in one transaction; one that cannot be read is journalled and left as it was."""
    now = desk.clock()
    with desk.work() as uow:
        taken: list[str] = []
        unreadable: list[str] = []
        for name, text in sorted(texts.items()):
            try:
                _take(uow, name, text)
            except (ValueError, TypeError, KeyError, AttributeError, SettingInvalid):
                unreadable.append(name)
            else:
                taken.append(name)
        put_contact(uow, replace(contact_of(uow), rules_version=version))
        facts: dict[str, object] = {"version": version, "taken": taken, "unreadable": unreadable}
        uow.journal.write(at=now, actor="", what="rules_published", facts=facts)


def _take(uow: UnitOfWork, name: str, text: str) -> None:
    if name == "conditions":
        conditions_from_json(text)
        uow.settings.put("conditions", text)
    elif name == "policy":
        policy_from_json(text)
        for key, value in json.loads(text).items():
            uow.settings.put(f"policy.{key}", str(int(value)))
    elif name == "tiles":
        if not [Reason(code) for code in json.loads(text)]:
            raise ValueError("no tiles")
        uow.settings.put("reasons.tiles", text)
    else:
        json.loads(text)
        uow.settings.put(f"published.{name}", text)
