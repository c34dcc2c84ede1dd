"""Names in the window's language where a plan holds one name only: the other is looked up among the people here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from store_desk.domain.plan import PlanStep
from store_desk.domain.staff import Staff


def with_other_name(step: PlanStep, people: Iterable[Staff]) -> PlanStep:
    """The step with the second name of whom it tells; as it is where nobody here, or no second name, is known.

    A reviewer is written on the ticket by name, in one language; who is assigned carries both names already.
    """
    facts = dict(step.facts)
    who = facts.get("who")
    if not who or facts.get("who_en"):
        return step
    for person in people:
        if person.name == who and person.name_other:
            return replace(step, facts=(*step.facts, ("who_en", person.name_other)))
    return step
