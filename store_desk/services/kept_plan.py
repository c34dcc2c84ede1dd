"""A case's plan and obligations read back from the texts in which they are kept, and put into words again."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from string import Formatter
from typing import Any

from store_desk.domain.case import CancellationCase
from store_desk.domain.conditions import Approver
from store_desk.domain.obligations import Obligation, ObligationKind
from store_desk.domain.plan import Plan, PlanFact, PlanStep, RightAtStake
from store_desk.domain.reasons import CATALOGUE
from store_desk.domain.slip import Both
from store_desk.domain.ticket import Ticket
from store_desk.services.wording import step_words
from store_desk.words import both, catalogue

_OWED_KINDS = frozenset(kind.value for kind in ObligationKind)
# The one step of an obligation's kind that leaves nothing owed.
_OWES_NOTHING = "fee_visit_free"
NOTHING = Both("", "")


def plan_of(case: CancellationCase, ticket: Ticket) -> Plan:
    """The plan that was agreed; a case without one (imported) has an empty plan.

    What is not kept because the rules give it again (who may approve, consent grades) is left at its strictest.
    """
    kept: dict[str, Any] = json.loads(case.plan) if case.plan else {}
    return Plan(
        ticket_id=case.ticket_id,
        ticket_version=kept.get("ticket_version", ticket.version),
        reason=case.reason,
        channel=case.channel,
        level=kept.get("level", case.level or 0),
        steps=tuple(_step(step) for step in kept.get("steps", ())),
        because=tuple(kept.get("because", ())),
        approver=Approver.SUPERVISOR,
        evidence=CATALOGUE[case.reason].evidence,
        consent=(),
        rights=tuple(RightAtStake(code, tuple(facts.items())) for code, facts in kept.get("rights", ())),
        customer_pays_minor=kept.get("customer_pays_minor", 0),
        store_pays_minor=kept.get("store_pays_minor", 0),
        currency=kept.get("currency", ticket.currency),
        offers=tuple(kept.get("offers", ())),
        conditions_version=kept.get("conditions_version", case.conditions_version),
        promise_h=0,
        odd=False,
    )


def _step(kept: dict[str, Any]) -> PlanStep:
    return PlanStep(
        kind=kept["kind"],
        code=kept["code"],
        facts=tuple(kept["facts"].items()),
        amount_minor=kept["amount_minor"],
        automatic=kept["automatic"],
        obligation=kept["kind"] in _OWED_KINDS and kept["code"] != _OWES_NOTHING,
        due_at=datetime.fromisoformat(kept["due_at"]) if kept["due_at"] else None,
    )


def told_of(item: Obligation) -> tuple[str, dict[str, PlanFact]]:
    """The code and the facts of an obligation's text; neither where head office added it and named its kind alone."""
    try:
        told = json.loads(item.text)
    except ValueError:
        return "", {}
    if not isinstance(told, dict):
        return "", {}
    return str(told.get("code", "")), dict(told.get("facts", {}))


def obligation_words(
    item: Obligation, *, zone: tzinfo, currency: str, now: datetime, code: str = ""
) -> tuple[Both, Both]:
    """What is owed as a title and a second line; `code` says it otherwise than the obligation itself does."""
    own, facts = told_of(item)
    said = (code or own) if own else ""
    if f"{said}.sub" not in catalogue("plan"):
        return both(f"trade.obligation.{item.kind.value}"), NOTHING
    step = PlanStep(item.kind.value, said, tuple(facts.items()))
    title, sub = step_words(step, zone=zone, currency=currency, now=now)
    return title, NOTHING if _lacks(said, facts) else sub


def _lacks(code: str, facts: dict[str, PlanFact]) -> bool:
    """Whether the second line would name something that is not known; the carrier may stand in the waybill."""
    template, _ = catalogue("plan")[f"{code}.sub"]
    named = {name for _, name, _, _ in Formatter().parse(template) if name}
    return any(not facts.get(name) for name in named - {"carrier", "time", "until", "level", "percent"})
