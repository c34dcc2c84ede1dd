"""`find` and `show`: the one search box, and the whole of one ticket."""

from __future__ import annotations

from store_desk.cli.call import Answer, Call, joined
from store_desk.cli.shapes import case_json, entry_json, obligation_json, slip_json, ticket_json
from store_desk.domain.case import CancellationCase
from store_desk.domain.money import format_minor
from store_desk.domain.obligations import Obligation
from store_desk.domain.roles import Right
from store_desk.domain.ticket import mask_phone
from store_desk.services import look_up
from store_desk.services.desk import Desk
from store_desk.services.wording import moment_words

# More than the search gives at most.
FIND_LIMIT_MAX = 200


def find(call: Call) -> Answer:
    """What the search box finds, exact hits first."""
    limit: int = call.options.limit
    if not 1 <= limit <= FIND_LIMIT_MAX:
        from store_desk.domain.errors import WrongUse

        raise WrongUse(detail=call.say("cli.wrong.limit", most=FIND_LIMIT_MAX))
    with call.at_desk(Right.LOOK_UP) as here:
        found = look_up.find_tickets(here.desk, here.actor, text=" ".join(call.options.text), limit=limit)
        zone = here.desk.zone
    tickets = [ticket_json(line, zone) | {"matched": line.matched, "exact": line.exact} for line in found.lines]
    lines = [ticket_line(call, line) for line in found.lines]
    if not lines:
        call.terminal.tell(call.say("cli.find.nothing"))
    if found.more:
        call.terminal.tell(call.say("cli.find.more"))
    body: dict[str, object] = {
        "tickets": tickets,
        "more": found.more,
        "capped": found.capped,
        "guessed": found.guessed,
    }
    return Answer(body, tuple(lines))


def ticket_line(call: Call, line: look_up.TicketLine) -> str:
    """A ticket on one line, as a list shows it."""
    ticket = line.ticket
    return joined(
        (
            ticket.number,
            ticket.customer,
            mask_phone(ticket.phone),
            ticket.product,
            call.say(f"trade.rung.{line.rung.value}"),
            call.say("cli.level", level=line.level) if line.level else "",
            "" if line.settled else call.say("trade.settled.no"),
            call.say(f"trade.matched.{line.matched}") if line.matched else "",
        )
    )


def show(call: Call) -> Answer:
    """One ticket with its cases, what is owed, its slips and its part of the journal."""
    with call.at_desk(Right.LOOK_UP) as here:
        ticket_id = look_up.ticket_id_of(here.desk, here.actor, number=call.options.number)
        full = ""
        if call.options.reveal:
            full = look_up.reveal_phone(here.desk, here.actor, ticket_id=ticket_id, why=call.options.reveal)
        view = look_up.open_ticket(here.desk, here.actor, ticket_id=ticket_id)
        desk, zone = here.desk, here.desk.zone
    ticket = ticket_json(view.line, zone)
    if full:
        ticket["phone"] = full
    body: dict[str, object] = {
        "ticket": ticket,
        "cases": [case_json(case, zone) for case in view.cases],
        "obligations": [
            obligation_json(item, zone, text=call.say(f"trade.obligation.{item.kind.value}"))
            for item in view.obligations
        ],
        "journal": [entry_json(entry, zone) for entry in view.events],
        "slips": [slip_json(row) for row in view.slips],
        "others": view.others_count,
        "undo_left_s": view.undo_left_s,
    }
    return Answer(body, tuple(_view_lines(call, desk, view, phone=str(ticket["phone"]))))


def _view_lines(call: Call, desk: Desk, view: look_up.TicketView, *, phone: str) -> list[str]:
    ticket = view.line.ticket
    amount = "" if ticket.amount_minor is None else format_minor(ticket.amount_minor, ticket.currency)
    lines = [
        ticket_line(call, view.line),
        joined((ticket.customer, phone, ticket.order_number, ticket.serial, amount)),
        joined((call.say(f"trade.type.{ticket.type.value}"), ticket.problem_type, ticket.assignee)),
        ticket.description,
    ]
    lines += [case_line(call, desk, case) for case in view.cases]
    currency = ticket.currency
    lines += [obligation_line(call, desk, item, currency=currency) for item in view.obligations]
    lines += [joined((row.number, call.say(f"cli.slip.{row.variant.value}"))) for row in view.slips]
    for entry in view.events:
        shown = entry_json(entry, desk.zone)
        lines.append(joined((str(shown["at"]), entry.actor, entry.what)))
    return [line for line in lines if line]


def case_line(call: Call, desk: Desk, case: CancellationCase) -> str:
    """A case on one line."""
    at = case.decided_at or case.opened_at
    return joined(
        (
            call.say(f"trade.case.{case.state.value}"),
            call.say(f"trade.reason.{case.reason.value}"),
            call.say("cli.level", level=case.level) if case.level else "",
            call.terminal.of(moment_words(at, desk.zone)),
            case.requester,
            case.note,
        )
    )


def obligation_line(call: Call, desk: Desk, item: Obligation, *, currency: str) -> str:
    """An obligation on one line."""
    return joined(
        (
            call.say(f"trade.obligation.{item.kind.value}"),
            call.say(f"trade.obligation_state.{item.state.value}"),
            format_minor(item.amount_minor, currency) if item.amount_minor else "",
            call.terminal.of(moment_words(item.due_at, desk.zone)) if item.due_at else "",
        )
    )
