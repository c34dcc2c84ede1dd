"""Canonical JSON, so that equal things have equal texts and equal hashes."""

from __future__ import annotations

import json
from datetime import datetime

from store_desk.domain.plan import Plan

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """The value with sorted keys, no white space, no NaN, and characters as they are."""
    return _ENCODER.encode(value)


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def plan_to_json(plan: Plan) -> str:
    """The agreed plan as it is kept with the case."""
    return canonical_json(
        {
            "level": plan.level,
            "reason": plan.reason.value,
            "channel": plan.channel.value,
            "ticket_version": plan.ticket_version,
            "because": list(plan.because),
            "conditions_version": plan.conditions_version,
            "customer_pays_minor": plan.customer_pays_minor,
            "store_pays_minor": plan.store_pays_minor,
            "currency": plan.currency,
            "offers": list(plan.offers),
            "rights": [[right.code, dict(right.facts)] for right in plan.rights],
            "steps": [
                {
                    "kind": step.kind,
                    "code": step.code,
                    "facts": dict(step.facts),
                    "amount_minor": step.amount_minor,
                    "automatic": step.automatic,
                    "due_at": _moment(step.due_at),
                }
                for step in plan.steps
            ],
        }
    )
