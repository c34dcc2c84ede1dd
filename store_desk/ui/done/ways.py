"""How this desk hands slips over, and the shop's numbers that the sheet after a cancellation counts with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from store_desk.domain.policy import Policy
from store_desk.domain.slip import Paper
from store_desk.domain.staff import Staff
from store_desk.services.desk import Desk
from store_desk.services.people import people_here
from store_desk.services.rules import read_policy, read_settings
from store_desk.ui.cancel.opening import usual_paper

# So long printing waits for head office's answer, so that the slip is final (the sync design, 5).
ANSWER_WAIT_MS = 2_000


@dataclass(frozen=True, slots=True)
class Ways:
    """The shop's numbers, the usual paper, whether printing starts by itself, how long it waits for an answer, and
    the people here, by whose names it says who is told."""

    policy: Policy
    paper: Paper
    prints_itself: bool
    answer_wait_ms: int = ANSWER_WAIT_MS
    people: tuple[Staff, ...] = ()


def read_ways(desk: Desk) -> Ways:
    """Reads them in one go; belongs on the database lane."""
    stored = read_settings(desk, "printer.")
    auto, wait = stored.get("auto"), stored.get("answer_wait_ms")
    return Ways(
        read_policy(desk),
        usual_paper(desk),
        bool(json.loads(auto)) if auto else True,
        int(json.loads(wait)) if wait else ANSWER_WAIT_MS,
        people_here(desk),
    )
