"""`plan` and `cancel`: what cancelling would take, and the whole of it in one go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from store_desk.cli import secrets_asked
from store_desk.cli.arguments import reason_of
from store_desk.cli.call import Answer, AtDesk, Call, joined, unhurried
from store_desk.cli.shapes import Json, case_json, field_json, moment, obligation_json, ticket_json
from store_desk.cli.verbs.files import refuse_own
from store_desk.cli.verbs.looking import case_line, obligation_line, ticket_line
from store_desk.cli.verbs.slips import save_slip, saved_lines
from store_desk.cli.verbs.sync import answered
from store_desk.domain.case import CONFIRMED_STATES
from store_desk.domain.consent import Channel
from store_desk.domain.errors import ApproverIsRequester
from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan, PlanStep
from store_desk.domain.roles import Right
from store_desk.domain.slip import Paper, SlipVariant
from store_desk.domain.staff import Actor
from store_desk.services import look_up, people
from store_desk.services.cancel import Cancelled, CancelTicket, PlanView, cancel_ticket, needs_manager, preview_plan
from store_desk.services.wording import approval_words, moment_words, right_words, step_words

# Papers that go beside the one that tells of the outcome.
_BESIDE = frozenset({SlipVariant.STOP_SHEET, SlipVariant.FOLLOW_UP})


def _command(call: Call, here: AtDesk) -> CancelTicket:
    """The cancellation as asked for, without what only `cancel` takes."""
    reason = reason_of(call.options.reason)
    return CancelTicket(
        ticket_id=look_up.ticket_id_of(here.desk, here.actor, number=call.options.number),
        reason=reason,
        channel=Channel(call.options.channel),
        note=call.options.note,
        evidence=tuple(call.options.evidence),
    )


def plan(call: Call) -> Answer:
    """What cancelling would take; changes nothing."""
    with call.at_desk(Right.LOOK_UP) as here:
        view = preview_plan(here.desk, here.actor, _command(call, here))
        return Answer(_plan_json(call, here, view), tuple(_plan_lines(call, here, view)))


def _step_texts(call: Call, here: AtDesk, step: PlanStep, *, currency: str) -> tuple[str, str]:
    title, second = step_words(step, zone=here.desk.zone, currency=currency, now=here.desk.clock())
    return call.terminal.of(title), call.terminal.of(second)


def _step_json(call: Call, here: AtDesk, step: PlanStep, *, currency: str) -> dict[str, object]:
    text, detail = _step_texts(call, here, step, currency=currency)
    return {
        "kind": step.kind,
        "text": text,
        "amount_minor": step.amount_minor,
        "automatic": step.automatic,
        "detail": detail,
        "obligation": step.obligation,
        "owner": step.owner,
        "due_at": moment(step.due_at, here.desk.zone),
    }


def _rights(call: Call, here: AtDesk, made: Plan) -> list[str]:
    year = here.desk.clock().astimezone(here.desk.zone).year
    words = (right_words(right, currency=made.currency, this_year=year) for right in made.rights)
    return [call.terminal.of(text) for text in words]


def _plan_json(call: Call, here: AtDesk, view: PlanView) -> dict[str, object]:
    made = view.plan
    rights = zip(made.rights, _rights(call, here, made), strict=True)
    return {
        "level": made.level,
        "steps": [_step_json(call, here, step, currency=made.currency) for step in made.steps],
        "approval": {
            "needed": bool(made.because),
            "because": list(made.because),
            "approver": made.approver.value if made.because else "",
        },
        "money": {
            "customer_pays_minor": made.customer_pays_minor,
            "store_pays_minor": made.store_pays_minor,
            "currency": made.currency,
        },
        "evidence": [item.name for item in made.evidence],
        "consent": [grade.value for grade in made.consent],
        "rights_at_stake": [{"code": right.code, "text": text} for right, text in rights],
        "evidence_fields": [field_json(item) for item in made.evidence],
        "offers": [{"code": code, "text": call.say(f"plan.offer.{code}")} for code in made.offers],
        "read_back": {"zh": view.read_back_zh, "en": view.read_back_en},
        "number": view.ticket.number,
        "reason": made.reason.value,
        "conditions_version": made.conditions_version,
        "promise_h": made.promise_h,
    }


def _plan_lines(call: Call, here: AtDesk, view: PlanView) -> list[str]:
    made = view.plan
    reason = call.say(f"trade.reason.{made.reason.value}")
    lines = [joined((view.ticket.number, view.ticket.product, reason, call.say("cli.level", level=made.level)))]
    for place, step in enumerate(made.steps, start=1):
        text, detail = _step_texts(call, here, step, currency=made.currency)
        amount = format_minor(step.amount_minor, made.currency) if step.amount_minor else ""
        due = call.terminal.of(moment_words(step.due_at, here.desk.zone)) if step.due_at else ""
        lines.append(f"{place}. {joined((text, detail, amount, due))}")
    if made.customer_pays_minor:
        lines.append(call.say("cli.plan.collect", amount=format_minor(made.customer_pays_minor, made.currency)))
    if made.store_pays_minor:
        lines.append(call.say("cli.plan.pay", amount=format_minor(made.store_pays_minor, made.currency)))
    if made.because:
        key = "cli.plan.manager" if needs_manager(made) else "cli.plan.supervisor"
        lines.append(call.say(key, because=call.terminal.of(approval_words(made))))
    asked = [call.say(f"trade.evidence.{item.name}") + f" ({item.name})" for item in made.evidence]
    if asked:
        lines.append(call.say("cli.plan.evidence", fields=joined(asked)))
    grades = joined(call.say(f"trade.grade.{grade.value}") for grade in made.consent)
    lines.append(call.say("cli.plan.consent", grades=grades))
    lines += _rights(call, here, made)
    lines += [call.say(f"plan.offer.{code}") for code in made.offers]
    return lines


def cancel(call: Call) -> Answer:
    """Cancels the ticket, and writes the slip where `--slip` says.

    The record goes before the paper: when the file cannot be written, the cancellation stands and the answer is still
    a success, with an empty `file`, the error's code in `slip.error`, and a sentence on standard error. The slip stays
    owed, and `slip NUMBER --out FILE` writes it later.

    A desk with head office waits a moment for its answer: with one the case has its outcome and the slip is the final
    one, without one both are provisional.
    """
    given = call.options
    refuse_own(call, given.slip)
    with call.at_desk(Right.CANCEL) as here:
        command = _command(call, here)
        view = preview_plan(here.desk, here.actor, command)
        approver = _approver(call, here, view.plan)
        command = CancelTicket(
            ticket_id=command.ticket_id,
            reason=command.reason,
            channel=command.channel,
            seen_version=view.ticket.version,
            note=command.note,
            suggestion=given.suggestion,
            evidence=command.evidence,
            identity=tuple(given.identity),
            consent=given.consent,
            settlement=given.settle,
            approver=approver,
        )
        with unhurried():
            done = cancel_ticket(here.desk, here.actor, command)
            done = _with_outcome(call, here, done)
            out: Path | None = given.slip
            slip = save_slip(call, here, number=done.slip.number, paper=Paper(given.paper), path=out, lenient=True)
        after = look_up.open_ticket(here.desk, here.actor, ticket_id=done.ticket.id)
        return Answer(_done_json(call, here, done, after, slip), tuple(_done_lines(call, here, done, after, slip)))


def _with_outcome(call: Call, here: AtDesk, done: Cancelled) -> Cancelled:
    """The cancellation as head office's answer left it, with the paper that tells of it."""
    if not answered(call, here):
        return done
    view = look_up.open_ticket(here.desk, here.actor, ticket_id=done.ticket.id)
    case = next((item for item in view.cases if item.id == done.case.id), done.case)
    slips = [slip for slip in view.slips if slip.case_id == case.id and slip.variant not in _BESIDE]
    return replace(
        done,
        case=case,
        ticket=view.line.ticket,
        obligations=tuple(item for item in view.obligations if item.case_id == case.id),
        slip=slips[0] if slips else done.slip,
        checks=case.checks or done.checks,
    )


def _done_json(call: Call, here: AtDesk, done: Cancelled, after: look_up.TicketView, slip: Json) -> Json:
    zone = here.desk.zone
    return {
        "case": case_json(done.case, zone),
        "ticket": ticket_json(after.line, zone),
        "obligations": [
            obligation_json(item, zone, text=call.say(f"trade.obligation.{item.kind.value}"))
            for item in done.obligations
        ],
        "slip": slip,
        "checks": dict(done.checks),
        "linked_ticket": done.linked_number,
        "undo_left_s": after.undo_left_s,
    }


def _done_lines(call: Call, here: AtDesk, done: Cancelled, after: look_up.TicketView, slip: Json) -> list[str]:
    currency = done.ticket.currency
    number = done.ticket.number
    # What waits for an answer is not cancelled yet.
    stands = done.case.state in CONFIRMED_STATES
    title = call.say("cli.cancel.done", number=number) if stands else joined((call.say("ui_done.pending"), number))
    lines = [
        title,
        ticket_line(call, after.line),
        case_line(call, here.desk, done.case),
        *(obligation_line(call, here.desk, item, currency=currency) for item in done.obligations),
        *(_check_failed(call, name) for name, ok in done.checks if not ok),
        call.say("cli.cancel.linked", number=done.linked_number) if done.linked_number else "",
        *saved_lines(call, slip),
    ]
    return [line for line in lines if line]


def _check_failed(call: Call, name: str) -> str:
    return call.say("cli.cancel.check_failed", what=call.say(f"plan.check.{name}"))


def _approver(call: Call, here: AtDesk, made: Plan) -> Actor | None:
    """The second person of `--approve-as`, once the PIN is right."""
    who: str | None = call.options.approve_as
    if not who:
        return None
    # Said before a PIN is asked for.
    if who == here.actor.id:
        raise ApproverIsRequester(approver=who)
    pin = secrets_asked.ask(call.terminal, secrets_asked.APPROVER_PIN, who=who)
    return people.approver_by_pin(
        here.desk,
        requester=here.actor,
        staff_id=who,
        pin=pin,
        manager_only=needs_manager(made) and bool(made.because),
        first_pin=True,
    )
