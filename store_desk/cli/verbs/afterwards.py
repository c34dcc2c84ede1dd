"""`withdraw` and `reopen`: the case taken back exactly, and the ticket made again."""

from __future__ import annotations

from store_desk.cli.call import Answer, Call, unhurried
from store_desk.cli.shapes import case_json, obligation_json, slip_json, ticket_json
from store_desk.cli.verbs.looking import obligation_line, ticket_line
from store_desk.cli.verbs.sync import answered
from store_desk.domain.roles import Right
from store_desk.services import look_up
from store_desk.services.reopen import reopen_ticket
from store_desk.services.withdraw import withdraw_case


def withdraw(call: Call) -> Answer:
    """Takes the last case of the ticket back."""
    with call.at_desk(Right.WITHDRAW) as here:
        ticket_id = look_up.ticket_id_of(here.desk, here.actor, number=call.options.number)
        with unhurried():
            done = withdraw_case(here.desk, here.actor, ticket_id=ticket_id)
            answered(call, here)
        view = look_up.open_ticket(here.desk, here.actor, ticket_id=ticket_id)
        line, case = view.line, next((item for item in view.cases if item.id == done.case.id), done.case)
        zone, currency = here.desk.zone, done.ticket.currency
        body: dict[str, object] = {
            "case": case_json(case, zone),
            "ticket": ticket_json(line, zone),
            "obligations": [
                obligation_json(item, zone, text=call.say(f"trade.obligation.{item.kind.value}"))
                for item in done.left_over
            ],
            "slip": slip_json(done.slip) if done.slip else None,
        }
        lines = [
            call.say("cli.withdraw.done", number=done.ticket.number),
            ticket_line(call, line),
            *(obligation_line(call, here.desk, item, currency=currency) for item in done.left_over),
        ]
    if done.slip:
        lines.append(call.say("cli.slip.number", number=done.slip.number))
    return Answer(body, tuple(lines))


def reopen(call: Call) -> Answer:
    """Makes the linked ticket."""
    with call.at_desk(Right.REOPEN) as here:
        ticket_id = look_up.ticket_id_of(here.desk, here.actor, number=call.options.number)
        with unhurried():
            done = reopen_ticket(here.desk, here.actor, ticket_id=ticket_id, note=call.options.note)
            answered(call, here)
        line = look_up.open_ticket(here.desk, here.actor, ticket_id=done.ticket.id).line
        zone = here.desk.zone
    body: dict[str, object] = {
        "case": case_json(done.case, zone) if done.case else None,
        "ticket": ticket_json(line, zone),
    }
    done_words = call.say("cli.reopen.done", number=done.ticket.number, old=done.ticket.facts.reopens)
    return Answer(body, (done_words, ticket_line(call, line)))
