"""Publishing: each text is checked as desks will read it, numbered, and never changed; the latest one holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, LiteralString

from store_desk.domain.errors import DomainError, SettingInvalid
from store_desk.domain.reasons import Reason, all_evidence_fields
from store_desk.hub.asking import Asked
from store_desk.hub.enrolling import NEWER_RULES
from store_desk.hub.postgres.unit import PgUnit
from store_desk.hub.published import published
from store_desk.hub.refusals import Refused
from store_desk.services.canonical import canonical_json
from store_desk.services.rules import conditions_from_json, policy_from_json
from store_desk.wire.office import (
    AdminRequest,
    ConditionsPublish,
    ForceMajeureEvent,
    ForceMajeurePublish,
    PolicyPublish,
    PublishedText,
    PublishReply,
    TilesPublish,
)

# Texts are made once their number is known: the condition table bears it.
MakeText = Callable[[int], str]

_LATEST: LiteralString = "select coalesce(max(version), 0) from rules where name = %s"
_PUBLISH: LiteralString = """
    insert into rules(name, version, body, published_at, published_by) values (%s, %s, %s, %s, %s)"""


def read_conditions(asked: Asked, _request: AdminRequest) -> PublishedText:
    """The condition table."""
    return published(asked.unit, ("conditions",))[0]


def read_policy(asked: Asked, _request: AdminRequest) -> PublishedText:
    """The shop's numbers and tariffs."""
    return published(asked.unit, ("policy",))[0]


def read_force_majeure(asked: Asked, _request: AdminRequest) -> PublishedText:
    """The events of force majeure."""
    return published(asked.unit, ("force_majeure",))[0]


def read_tiles(asked: Asked, _request: AdminRequest) -> PublishedText:
    """The reasons with a digit of their own."""
    return published(asked.unit, ("tiles",))[0]


def publish_conditions(asked: Asked, request: ConditionsPublish) -> PublishReply:
    """The next version of the condition table."""
    text = conditions_text([row.model_dump() for row in request.rows])
    return _publish(asked, "conditions", text, request.expected_version, request.actor)


def publish_policy(asked: Asked, request: PolicyPublish) -> PublishReply:
    """The shop's numbers; one out of its bounds refuses them all."""
    text = canonical_json(request.values)
    _check("policy", lambda: policy_from_json(text))
    return _publish(asked, "policy", lambda _: text, request.expected_version, request.actor)


def publish_force_majeure(asked: Asked, request: ForceMajeurePublish) -> PublishReply:
    """The events; each code once, each day a day of the calendar."""
    codes = [event.code for event in request.events]
    if len(set(codes)) != len(codes):
        raise SettingInvalid(name="force_majeure", value="code")
    _check("force_majeure", lambda: _check_days(request.events))
    text = canonical_json([event.model_dump() for event in request.events])
    return _publish(asked, "force_majeure", lambda _: text, request.expected_version, request.actor)


def publish_tiles(asked: Asked, request: TilesPublish) -> PublishReply:
    """The tiles; each reason once."""
    _check("tiles", lambda: [Reason(code) for code in request.reasons])
    if len(set(request.reasons)) != len(request.reasons):
        raise SettingInvalid(name="tiles", value="twice")
    text = canonical_json(request.reasons)
    return _publish(asked, "tiles", lambda _: text, request.expected_version, request.actor)


def conditions_text(rows: list[dict[str, Any]]) -> MakeText:
    """The condition table as desks keep it; raises SettingInvalid for rows that could not be read again."""
    for row in rows:
        unknown = set(row.get("evidence") or ()) - all_evidence_fields()
        if unknown:
            raise SettingInvalid(name="conditions", value=", ".join(sorted(unknown))[:80])

    def text(version: int) -> str:
        # The table that is shipped is version 1.
        return canonical_json({"version": version + 1, "rows": rows})

    _check("conditions", lambda: conditions_from_json(text(1)))
    return text


def publish(unit: PgUnit, name: str, text: MakeText, *, expected: int | None, by: str, now: datetime) -> int:
    """Publishes under a name and answers the version; raises version_moved unless `expected` stands (None: any).

    Versions of all names come from one row, taken first: who publishes at the same moment waits here.
    """
    row = unit.connection.execute(NEWER_RULES).fetchone()
    latest = unit.connection.execute(_LATEST, (name,)).fetchone()
    present = int(latest[0]) if latest else 0
    if expected is not None and present != expected:
        raise Refused("version_moved", expected=expected, present=present)
    version = int(row[0]) if row else 1
    unit.connection.execute(_PUBLISH, (name, version, text(version), now, by))
    return version


def _publish(asked: Asked, name: str, text: MakeText, expected: int, by: str) -> PublishReply:
    told = f"{asked.desk.store}/{by}"
    version = publish(asked.unit, name, text, expected=expected, by=told, now=asked.now)
    return PublishReply(version=version, rules_version=version)


def _check(name: str, read: Callable[[], object]) -> None:
    try:
        read()
    except DomainError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise SettingInvalid(name=name, value=str(error)[:80]) from error


def _check_days(events: list[ForceMajeureEvent]) -> None:
    for event in events:
        begins = date.fromisoformat(event.begins)
        if event.ends is not None and date.fromisoformat(event.ends) < begins:
            raise ValueError(f"{event.code}: {event.ends}")
