"""From a case to what its slip says: facts and sentences in both languages, frozen when the slip is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from store_desk.domain.case import CancellationCase, CaseState
from store_desk.domain.consent import Consent, Grade, text_hash
from store_desk.domain.level import rung_of
from store_desk.domain.obligations import HOLD_KINDS, MONEY_KINDS, Obligation, ObligationKind, ObligationState
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import Kind, Reason
from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant, StoreHead
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket, mask_phone
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.enrolment import enrolment_of
from store_desk.services.kept_plan import obligation_words
from store_desk.services.linked import correctable
from store_desk.services.ports import UnitOfWork
from store_desk.services.wording import day_words, moment_words, right_words, step_words
from store_desk.words import both, catalogue

NOTHING = Both("", "")
# A text with so many digits may be a telephone number, and not only the end of one.
NUMBER_DIGITS_MIN = 8


@lru_cache(maxsize=256)
def _word(key: str) -> Both:
    return both(key)


def store_head(identity: DeskIdentity) -> StoreHead:
    """The slip's head; the mark is the first character of the store's name."""
    name = Both(identity.store_name, identity.store_name_other)
    return StoreHead(identity.store_code, name, identity.address, identity.phone, identity.store_name[:1])


def cancellation_slip(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    ticket: Ticket,
    case: CancellationCase,
    plan: Plan,
    obligations: Sequence[Obligation],
    *,
    policy: Policy,
    approver: Actor | None,
) -> SlipData:
    """The final slip of a cancellation at a desk that is its own authority; its number is given by write_slip."""
    now = case.applied_at or case.opened_at
    read_back = Both(case.read_back_zh, case.read_back_en)
    year = now.astimezone(desk.zone).year
    return SlipData(
        variant=SlipVariant.CANCELLATION,
        status=SlipStatus.FINAL,
        number="",
        issued_at=now,
        zone=desk.identity.timezone,
        time_source=_word("slip.time_source"),
        store=store_head(desk.identity),
        desk=desk.identity.desk,
        ticket_number=ticket.number,
        ticket_type=_word(f"trade.type.{ticket.type.value}"),
        customer=Both(ticket.customer, ticket.facts.customer_other),
        customer_phone=mask_phone(ticket.phone),
        product=Both(ticket.product or ticket.category, ticket.facts.product_other),
        serial=ticket.serial,
        order_number=ticket.order_number,
        state=_state(desk, ticket, now),
        review=_word(f"trade.review.{ticket.review.value}"),
        work=_word(f"trade.work.{ticket.work.value}"),
        asked=_word(f"trade.channel.{case.channel.value}"),
        identity=_identity(case.identity),
        reason=_word(f"trade.reason.{case.reason.value}"),
        customer_words=case.note,
        evidence=_evidence(case, plan),
        currency=plan.currency,
        money=money_lines(desk, plan, obligations, now=now),
        money_total=money_total(plan, obligations),
        agreed=_agreed(desk, case),
        obligations=owed_lines(desk, obligations, currency=plan.currency, now=now),
        rights=tuple(right_words(r, currency=plan.currency, this_year=year) for r in plan.rights),
        next_steps=next_steps(desk, plan, now=now),
        promise=_word("slip.promise.final"),
        how_to_reopen=reopen_words(desk, policy, now=now),
        how_to_object=both("slip.object", phone=f" {desk.identity.phone}" if desk.identity.phone else ""),
        read_back=read_back,
        read_back_hash=text_hash(f"{read_back.zh}\n{read_back.en}"),
        consent=_word(f"trade.grade.{case.consent.grade.value}") if case.consent else NOTHING,
        consent_detail=_consent_detail(uow, case.consent),
        signer=_signer(ticket, case.consent),
        signed_at=now if case.strokes else None,
        strokes=case.strokes,
        clerk=signed_by(actor),
        approver=Both(f"{approver.name} {approver.id}", f"{approver.name_other or approver.name} {approver.id}")
        if approver and case.approver
        else None,
        legal=_word("slip.legal"),
        previous_hash=uow.slips.last_hash(),
        demo=desk.identity.demo,
    )


def request_slip(
    desk: Desk,
    uow: UnitOfWork,
    actor: Actor,
    ticket: Ticket,
    case: CancellationCase,
    plan: Plan,
    obligations: Sequence[Obligation],
    *,
    policy: Policy,
    approver: Actor | None,
) -> SlipData:
    """The provisional slip of a request that somebody else decides on: head office, or first an approver.

    It proves the request and nothing more: what it names is on hold, money is a deposit, and it says until when the
    answer is promised.
    """
    data = cancellation_slip(desk, uow, actor, ticket, case, plan, obligations, policy=policy, approver=approver)
    now = data.issued_at
    until = moment_words(now + timedelta(hours=policy.promise_h), desk.zone, now=now)
    parked = case.state is CaseState.PENDING_APPROVAL
    alone = enrolment_of(uow) is None
    promise = "store" if alone else "approval" if parked else "office"
    return replace(
        data,
        variant=SlipVariant.REQUEST,
        status=SlipStatus.PROVISIONAL,
        money=_deposits(desk, plan, obligations, now),
        money_total=_deposit_total(plan, obligations),
        obligations=_on_hold(desk, plan, obligations, now, parked=parked),
        next_steps=_until_answered(desk, plan, case, now, alone=alone),
        promise=both(f"slip.request.promise.{promise}", until=until, hours=policy.promise_h),
        how_to_reopen=_word("slip.request.take_back"),
    )


def signed_by(actor: Actor) -> Both:
    """A person as slips name them: name and number, the other form of the name where there is one."""
    other = f"{actor.name_other} {actor.id}" if actor.name_other else ""
    return Both(f"{actor.name} {actor.id}", other)


def _state(desk: Desk, ticket: Ticket, now: datetime) -> Both:
    state = _word(f"trade.rung.{rung_of(ticket.review, ticket.work).value}")
    visit = ticket.facts.visit
    if visit is None or visit.at is None:
        return state
    return both("slip.state.visit", state=state, time=moment_words(visit.at, desk.zone, now=now))


def _identity(kinds: Sequence[str]) -> Both:
    if not kinds:
        return _word("trade.identity.none")
    words = [_word(f"trade.identity.{kind}") for kind in kinds]
    return Both(" + ".join(w.zh for w in words), ", ".join(w.en for w in words))


def _evidence(case: CancellationCase, plan: Plan) -> tuple[Line, ...]:
    kinds = {item.name: item.kind for item in plan.evidence}
    is_number = correctable(dict(case.evidence).get("field", "")) == "phone"
    lines: list[Line] = []
    for name, value in case.evidence:
        if is_number and name in ("wrong", "right") and sum(sign.isdigit() for sign in value) >= NUMBER_DIGITS_MIN:
            # On paper a telephone number is never whole, the corrected one no more than the old.
            value = mask_phone(value)
        if value == case.note and name in ("how", "text"):
            # The customer's words stand under the reason already.
            continue
        text = Both(value)
        if kinds.get(name) is Kind.CHOICE and f"{name}.{value}" in catalogue("trade"):
            text = _word(f"trade.{name}.{value}")
        lines.append(Line(_word(f"trade.evidence.{name}"), text))
    return tuple(lines)


def _is_paid(obligations: Sequence[Obligation], kind: str) -> bool:
    return any(o.kind.value == kind and o.state is ObligationState.DONE for o in obligations)


def money_lines(desk: Desk, plan: Plan, obligations: Sequence[Obligation], *, now: datetime) -> tuple[Line, ...]:
    """What is paid in either direction, as it stands when the slip is made."""
    lines: list[Line] = []
    for step in plan.steps:
        if step.kind not in ("return_compensation", "pay_fee", "remedy") or (
            step.kind == "remedy" and not step.amount_minor
        ):
            continue
        title, sub = step_words(step, zone=desk.zone, currency=plan.currency, now=now)
        if step.amount_minor > 0:
            title = both("slip.collected" if _is_paid(obligations, step.kind) else "slip.owed", what=title)
        lines.append(Line(title, sub, step.amount_minor))
    return tuple(lines)


def money_total(plan: Plan, obligations: Sequence[Obligation]) -> Line | None:
    """The one total of all that."""
    paid = _is_paid(obligations, "return_compensation") or _is_paid(obligations, "pay_fee")
    # What was taken at the counter cannot be set off any more against what the store owes.
    owed = plan.store_pays_minor - (0 if paid else plan.customer_pays_minor)
    if owed > 0:
        return Line(_word("slip.total_store"), NOTHING, owed)
    if plan.customer_pays_minor:
        if paid:
            return Line(_word("slip.total_paid"), NOTHING, plan.customer_pays_minor)
        return Line(_word("slip.total_owed"), NOTHING, -owed)
    return None


def _agreed(desk: Desk, case: CancellationCase) -> tuple[Both, ...]:
    given = dict(case.evidence)
    lines: list[Both] = []
    if case.reason is Reason.AGREEMENT:
        due = day_words(date.fromisoformat(given["due"])) if given.get("due") else Both("…", "…")
        lines.append(both("slip.read_back.agreed", remedy=given.get("remedy", "…"), due=due))
    if case.reason is Reason.SELF_RESOLVED:
        lines.append(both("slip.solved_on", date=day_words(case.opened_at.astimezone(desk.zone).date())))
    if case.reason is Reason.WAIVED:
        lines.append(_word("slip.read_back.waiver"))
    if case.linked_ticket:
        key = "slip.kept_ticket" if case.reason is Reason.DUPLICATE else "slip.linked_ticket"
        lines.append(both(key, number=case.linked_ticket))
    return tuple(lines)


def owed_lines(desk: Desk, obligations: Sequence[Obligation], *, currency: str, now: datetime) -> tuple[Line, ...]:
    """What is open when the slip is made, in the plan's words, each with the day it is due."""
    lines: list[Line] = []
    for item in obligations:
        if item.state is not ObligationState.OPEN:
            continue
        title, _ = obligation_words(item, zone=desk.zone, currency=currency, now=now)
        lines.append(Line(title, _due(desk, item, now), item.amount_minor or None))
    return tuple(lines)


def _due(desk: Desk, item: Obligation, now: datetime) -> Both:
    if item.due_at is None:
        return NOTHING
    return both("slip.due", date=moment_words(item.due_at, desk.zone, now=now))


PAID_KINDS = MONEY_KINDS | {ObligationKind.REMEDY}
# How a hold is called in the plan's words while the answer is awaited.
_HOLD_WORDS = {
    ObligationKind.STOP_VISIT: "hold_visit",
    ObligationKind.STOP_WORK: "hold_work",
    ObligationKind.RECALL_GOODS: "hold_goods",
}


def _on_hold(
    desk: Desk, plan: Plan, obligations: Sequence[Obligation], now: datetime, *, parked: bool
) -> tuple[Line, ...]:
    """Visit, work and parcel as they are held, and what will be owed once the cancellation stands."""
    lines: list[Line] = []
    for item in obligations:
        # What is paid stands under money already.
        if item.state is not ObligationState.OPEN or (item.amount_minor and item.kind in PAID_KINDS):
            continue
        # Nobody is told to stop before the approver has agreed.
        held = item.kind in HOLD_KINDS and not parked
        code = _HOLD_WORDS[item.kind] if held else ""
        title, sub = obligation_words(item, zone=desk.zone, currency=plan.currency, now=now, code=code)
        if held:
            lines.append(Line(title, sub))
        else:
            lines.append(Line(both("slip.request.then", what=title), NOTHING, item.amount_minor or None))
    return tuple(lines)


def _deposits(desk: Desk, plan: Plan, obligations: Sequence[Obligation], now: datetime) -> tuple[Line, ...]:
    """What was taken as a deposit, and what would be paid if the cancellation stands."""
    lines: list[Line] = []
    for step in plan.steps:
        if step.kind not in ("return_compensation", "pay_fee", "remedy") or not step.amount_minor:
            continue
        title, sub = step_words(step, zone=desk.zone, currency=plan.currency, now=now)
        taken = step.amount_minor > 0 and _is_paid(obligations, step.kind)
        key = "slip.request.deposit" if taken else "slip.request.then"
        lines.append(Line(both(key, what=title), sub, step.amount_minor))
    return tuple(lines)


def _deposit_total(plan: Plan, obligations: Sequence[Obligation]) -> Line | None:
    taken = sum(item.amount_minor for item in obligations if item.state is ObligationState.DONE)
    if taken:
        return Line(_word("slip.request.total_deposit"), NOTHING, taken)
    if plan.customer_pays_minor or plan.store_pays_minor:
        return Line(_word("slip.request.total_nothing"), NOTHING, 0)
    return None


# What begins only when the cancellation stands; the others of the plan are told to stop at once.
_ONLY_THEN = frozenset({"recreate_ticket", "merge_into", "export_evidence"})


def _until_answered(desk: Desk, plan: Plan, case: CancellationCase, now: datetime, *, alone: bool) -> tuple[Both, ...]:
    """What happens from now on, and how the customer learns of the answer."""
    parked = case.state is CaseState.PENDING_APPROVAL
    shown = [_word("slip.request.unchanged" if parked else "slip.request.meanwhile")]
    for step in plan.steps:
        if step.obligation or step.kind in ("check_status", "return_compensation", "pay_fee", "tell_customer"):
            continue
        title, _ = step_words(step, zone=desk.zone, currency=plan.currency, now=now)
        then = parked or step.kind in _ONLY_THEN
        shown.append(both("slip.request.then", what=title) if then else title)
    shown.append(_word("slip.request.if_yes.store" if alone else "slip.request.if_yes"))
    shown.append(_word("slip.request.if_no"))
    return tuple(shown)


def next_steps(desk: Desk, plan: Plan, *, now: datetime) -> tuple[Both, ...]:
    """What happens without leaving anything owed."""
    shown = []
    for step in plan.steps:
        # What leaves something owed stands under what is open, or under money; nothing is printed twice.
        if step.obligation or step.kind in ("check_status", "return_compensation", "pay_fee", "tell_customer"):
            continue
        title, _ = step_words(step, zone=desk.zone, currency=plan.currency, now=now)
        shown.append(title)
    return tuple(shown)


def reopen_words(desk: Desk, policy: Policy, *, now: datetime) -> Both:
    """Until when this slip reopens the ticket."""
    until = (now.astimezone(desk.zone) + timedelta(days=policy.reopen_days)).date()
    return both("slip.reopen_until", date=until.isoformat())


def _consent_detail(uow: UnitOfWork, consent: Consent | None) -> Both:
    if consent is None:
        return NOTHING
    if consent.grade is Grade.PHONE:
        return both("slip.grade.phone_detail", reference=consent.reference)
    if consent.grade is Grade.PROXY:
        return both(
            "slip.grade.proxy_detail", name=consent.name, relation=consent.relation, authority=consent.authority
        )
    if consent.grade is Grade.REFUSED:
        who = uow.people.get(consent.witness)
        named = Both(f"{who.name} {who.id}", f"{who.name_other or who.name} {who.id}") if who else consent.witness
        return both("slip.grade.refused_detail", witness=named)
    return NOTHING


def _signer(ticket: Ticket, consent: Consent | None) -> Both:
    if consent is not None and consent.grade is Grade.PROXY:
        return Both(consent.name)
    return Both(ticket.customer, ticket.facts.customer_other)
