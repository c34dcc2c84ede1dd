"""The slip as it would be if the sheet were confirmed now: for the live preview, without a number."""

from __future__ import annotations

from store_desk.domain.case import CONFIRMED_STATES
from store_desk.domain.obligations import Obligation
from store_desk.domain.roles import Right
from store_desk.domain.slip import SlipData
from store_desk.domain.staff import Actor, demand
from store_desk.services.cancel import CancelTicket, case_for_preview
from store_desk.services.desk import Desk
from store_desk.services.rules import policy_in_force
from store_desk.services.slip_making import cancellation_slip, request_slip


def draft_slip(desk: Desk, actor: Actor, command: CancelTicket) -> SlipData:
    """What the slip would say, the provisional one where head office decides; incomplete evidence shows as it stands.

    Raises as preview_plan does.
    """
    demand(actor, Right.LOOK_UP)
    with desk.read() as uow:
        ticket, case, plan, obligations = case_for_preview(desk, uow, actor, command)
        shown: tuple[Obligation, ...] = obligations
        policy = policy_in_force(uow)
        make = cancellation_slip if case.state in CONFIRMED_STATES else request_slip
        return make(desk, uow, actor, ticket, case, plan, shown, policy=policy, approver=command.approver)
