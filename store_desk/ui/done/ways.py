"""How this desk hands slips over, and the shop's numbers that the sheet after a cancellation counts with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from store_desk.domain.policy import Policy
from store_desk.domain.slip import Paper
from store_desk.services.desk import Desk
from store_desk.services.rules import read_policy, read_settings
from store_desk.ui.cancel.opening import usual_paper


@dataclass(frozen=True, slots=True)
class Ways:
    """The shop's numbers, the usual paper, and whether printing starts by itself."""

    policy: Policy
    paper: Paper
    prints_itself: bool


def read_ways(desk: Desk) -> Ways:
    """Reads them in one go; belongs on the database lane."""
    stored = read_settings(desk, "printer.").get("auto")
    return Ways(read_policy(desk), usual_paper(desk), bool(json.loads(stored)) if stored else True)
