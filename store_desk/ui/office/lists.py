"""Conditions, force majeure, stores and people: what their rows say and what their forms ask."""

from __future__ import annotations

import json
from typing import Any

from store_desk.domain.conditions import SHIPPED, Approver
from store_desk.domain.reasons import Reason, all_evidence_fields
from store_desk.domain.roles import Role
from store_desk.domain.ticket import TicketType
from store_desk.services.rules import conditions_to_json
from store_desk.ui.office.form import Ask
from store_desk.ui.office.section import ListSection
from store_desk.ui.office.table import Line

YES, NO, ANY = "yes", "no", ""
# The form's word for "as the reason's own catalogue asks" and for "nothing".
USUAL, NOTHING = "usual", "nothing"


class ConditionsSection(ListSection):
    """Reason x type x level -> allowed, approver, evidence; published as a whole."""

    source = "conditions"
    whole = True
    columns = (
        ("reason", 0.24),
        ("type", 0.12),
        ("level", 0.10),
        ("allowed", 0.12),
        ("approver", 0.18),
        ("evidence", 0.24),
    )

    def items_of(self, body: Any) -> list[dict[str, Any]]:
        if not body:
            # Before anything was published, the table that ships is in force.
            body = json.loads(conditions_to_json(SHIPPED))
        return [dict(row) for row in body["rows"]]

    def body_of(self, items: list[dict[str, Any]]) -> Any:
        return {"rows": items}

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        say = self.bench.language.say
        reason = say(f"trade.reason.{item['reason']}")
        kind = say(f"trade.type.{item['type']}") if item.get("type") else self.say("any")
        level = str(item["level"]) if item.get("level") else self.say("any")
        allowed = bool(item.get("allowed", True))
        approver = self.say(f"approver.{item.get('approver', 'role')}")
        cells = (reason, kind, level, self.say(f"allowed.{YES if allowed else NO}"), approver, self._evidence(item))
        return Line(str(place), cells, () if allowed else ((3, "bad"),))

    def _evidence(self, item: dict[str, Any]) -> str:
        fields = item.get("evidence")
        if fields is None:
            return self.say("evidence.usual")
        joiner = ", " if self.bench.language.now == "en" else "、"
        words = [self.bench.language.say(f"trade.evidence.{name}") for name in fields]
        return joiner.join(words) or self.say("evidence.nothing")

    def asks(self) -> tuple[Ask, ...]:
        say = self.bench.language.say
        any_ = (ANY, self.say("any"))
        reasons = tuple((reason.value, say(f"trade.reason.{reason.value}")) for reason in Reason)
        types = (any_, *((kind.value, say(f"trade.type.{kind.value}")) for kind in TicketType))
        levels = (any_, *((str(level), str(level)) for level in range(1, 6)))
        allowed = ((YES, self.say("allowed.yes")), (NO, self.say("allowed.no")))
        approvers = tuple((who.value, self.say(f"approver.{who.value}")) for who in Approver)
        fields = tuple((name, say(f"trade.evidence.{name}")) for name in sorted(all_evidence_fields()))
        usual = ((USUAL, self.say("evidence.usual")), (NOTHING, self.say("evidence.nothing")))
        more = ((ANY, "–"), *fields)
        given = (
            ("reason", reasons),
            ("type", types),
            ("level", levels),
            ("allowed", allowed),
            ("approver", approvers),
            ("evidence", (*usual, *fields)),
            ("evidence2", more),
            ("evidence3", more),
        )
        return tuple(Ask(name, self.say(f"col.{name}"), "choice", options) for name, options in given)

    def values_of(self, item: dict[str, Any]) -> dict[str, Any]:
        fields = item.get("evidence")
        first = USUAL if fields is None else fields[0] if fields else NOTHING
        more = [*list(fields or ())[1:3], "", ""]
        return {
            "reason": item["reason"],
            "type": item.get("type") or ANY,
            "level": str(item.get("level") or ANY),
            "allowed": YES if item.get("allowed", True) else NO,
            "approver": item.get("approver", "role"),
            "evidence": first,
            "evidence2": more[0],
            "evidence3": more[1],
        }

    def item_of(self, values: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
        first = values["evidence"]
        fields: list[str] | None = None
        if first != USUAL:
            named = [values[name] for name in ("evidence", "evidence2", "evidence3")]
            fields = list(dict.fromkeys(name for name in named if name not in (ANY, NOTHING)))
            # More than the form shows stay as they were.
            fields += [name for name in (old.get("evidence") or ())[3:] if name not in fields]
        return {
            "reason": values["reason"],
            "type": values["type"] or None,
            "level": int(values["level"]) if values["level"] else None,
            "allowed": values["allowed"] == YES,
            "approver": values["approver"],
            "evidence": fields,
        }


class ForceMajeureSection(ListSection):
    """Events that the reason force majeure may name; published as a whole."""

    source = "force_majeure"
    whole = True
    columns = (("code", 0.18), ("zh", 0.26), ("en", 0.26), ("begins", 0.15), ("ends", 0.15))

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        ends = str(item.get("ends") or self.say("open_end"))
        return Line(
            str(place), (str(item["code"]), str(item["zh"]), str(item.get("en", "")), str(item["begins"]), ends)
        )

    def asks(self) -> tuple[Ask, ...]:
        return (
            Ask("code", self.say("col.code"), needed=True),
            Ask("zh", self.say("col.zh"), needed=True),
            Ask("en", self.say("col.en")),
            Ask("begins", self.say("col.begins.form"), needed=True),
            Ask("ends", self.say("col.ends.form")),
        )

    def item_of(self, values: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
        return {**values, "ends": values["ends"] or None}


class StoresSection(ListSection):
    """The chain's stores."""

    source = "stores"
    columns = (("code", 0.12), ("name", 0.30), ("name_other", 0.26), ("zone", 0.18), ("state", 0.14))

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        closed = bool(item.get("closed"))
        state = self.say("store.closed" if closed else "store.open")
        cells = (
            str(item["code"]),
            str(item["name"]),
            str(item.get("name_other", "")),
            str(item.get("zone", "")),
            state,
        )
        return Line(str(item["code"]), cells, ((4, "text3"),) if closed else ((4, "ok"),))

    def asks(self) -> tuple[Ask, ...]:
        state = (("no", self.say("store.open")), ("yes", self.say("store.closed")))
        return (
            Ask("code", self.say("col.code"), fixed=True, needed=True),
            Ask("name", self.say("col.name"), needed=True),
            Ask("name_other", self.say("col.name_other")),
            Ask("zone", self.say("col.zone"), needed=True),
            Ask("currency", self.say("col.currency"), needed=True),
            Ask("country", self.say("col.country"), needed=True),
            Ask("closed", self.say("col.state"), "choice", state),
        )

    def values_of(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "closed": "yes" if item.get("closed") else "no"}

    def on_add(self) -> None:
        identity = self.bench.desk.identity
        usual = {"zone": identity.timezone, "currency": identity.currency, "country": identity.country, "closed": "no"}
        self._editing = None
        self.form.ask(self.say("form.new"), self.asks(), usual, old=False, save=self.say("form.save"))

    def item_of(self, values: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
        return {**old, **values, "code": values["code"].upper(), "closed": values["closed"] == "yes"}


class PeopleSection(ListSection):
    """People whom head office knows; a PIN is known at their desk alone."""

    source = "people"
    columns = (("store", 0.14), ("id", 0.14), ("name", 0.24), ("name_other", 0.22), ("role", 0.14), ("state", 0.12))

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        enabled = bool(item.get("enabled", True))
        role = self.bench.language.say(f"trade.role.{item['role']}")
        state = self.say("person.on" if enabled else "person.off")
        cells = (str(item["store"]), str(item["id"]), str(item["name"]), str(item.get("name_other", "")), role, state)
        return Line(f"{item['store']}/{item['id']}", cells, ((5, "ok" if enabled else "text3"),))

    def asks(self) -> tuple[Ask, ...]:
        roles = tuple((role.value, self.bench.language.say(f"trade.role.{role.value}")) for role in Role)
        state = (("yes", self.say("person.on")), ("no", self.say("person.off")))
        return (
            Ask("store", self.say("col.store"), fixed=True, needed=True),
            Ask("id", self.say("col.id"), fixed=True, needed=True),
            Ask("name", self.say("col.name"), needed=True),
            Ask("name_other", self.say("col.name_other")),
            Ask("role", self.say("col.role"), "choice", roles),
            Ask("enabled", self.say("col.state"), "choice", state),
        )

    def values_of(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "enabled": "yes" if item.get("enabled", True) else "no"}

    def item_of(self, values: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
        return {**old, **values, "store": values["store"].upper(), "enabled": values["enabled"] != "no"}
