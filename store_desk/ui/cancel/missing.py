"""What is still missing before the ticket can be cancelled, in the order of the sheet's sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from enum import Enum

from store_desk.domain.conditions import Approver
from store_desk.domain.consent import Grade
from store_desk.domain.identity import AT_COUNTER, BY_PHONE, IdentityKind, possible
from store_desk.domain.plan import Plan
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import EvidenceField, Kind, Reason
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Ticket
from store_desk.services.evidence import FROM_NOTE, agreed, amount_minor_of
from store_desk.services.linked import correctable, is_usable
from store_desk.ui.cancel.entries import Entries, grade_in_force, takes_strokes


class Section(Enum):
    """The numbered sections of the sheet."""

    ASKING = "asking"
    REASON = "reason"
    PLAN = "plan"
    APPROVAL = "approval"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do yet; `code` names its words and where the cursor goes."""

    code: str
    section: Section


@dataclass(frozen=True, slots=True)
class Known:
    """What the sheet knows beside the entries: the ticket, the rules, the plan, and who agreed in person."""

    ticket: Ticket
    policy: Policy
    plan: Plan | None = None
    approver: Actor | None = None
    vouched: bool = False
    # To be sent to Approvals, where somebody decides later.
    parked: bool = False


def kinds_asked(entries: Entries, ticket: Ticket) -> tuple[IdentityKind, ...]:
    """What the customer can be asked for on this channel, as far as the ticket can answer it."""
    return possible(ticket, BY_PHONE if entries.by_phone else AT_COUNTER)


def identity_is_known(entries: Entries, known: Known) -> bool:
    """Whether it is clear who is asking: enough right answers, or a supervisor who vouches at the counter."""
    if entries.by_phone:
        return len(entries.answers) >= known.policy.identity_phone
    needed = known.policy.identity_counter
    kinds = kinds_asked(entries, known.ticket)
    if known.vouched or needed == 0:
        return True
    if not kinds:
        return entries.goods_seen
    return len(entries.answers) >= min(needed, len(kinds))


def needs_approval(entries: Entries, plan: Plan) -> bool:
    """Whether a second person must agree: what the plan says, or a cancellation that the store itself starts."""
    return bool(plan.because) or grade_in_force(entries, plan.consent) is Grade.STORE_STARTED


def only_manager(plan: Plan) -> bool:
    """Whether the second person must be a manager."""
    return plan.approver is Approver.MANAGER


def note_needed(plan: Plan) -> int:
    """The least length of the note where it stands for evidence; 0 where it is optional."""
    return max((item.at_least for item in plan.evidence if item.required and item.name in FROM_NOTE), default=0)


def own_fields(plan: Plan) -> tuple[EvidenceField, ...]:
    """The evidence that has a field of its own; the rest is what the note says."""
    return tuple(item for item in plan.evidence if item.name not in FROM_NOTE)


def field_is_right(item: EvidenceField, value: str, *, known: Known) -> bool:
    """Whether what was entered can stand for this evidence, as far as that shows without looking it up."""
    value = value.strip()
    if item.kind is Kind.TEXT:
        return len(value) >= item.at_least
    if item.kind is Kind.AMOUNT:
        return amount_minor_of(value, currency=known.ticket.currency) is not None
    if item.kind is Kind.DATE:
        return is_day(value, known=known)
    if item.kind is Kind.CHOICE:
        return value in item.choices
    return bool(value)


def is_day(value: str, *, known: Known) -> bool:
    """Whether this is a day of the calendar, in one of the forms that the service takes."""
    _, due = agreed((("due", value),), currency=known.ticket.currency, zone=known.ticket.created_at.tzinfo or UTC)
    return due is not None


def offer_must_be_declined(entries: Entries, plan: Plan) -> bool:
    """Whether the customer must first have been offered something better (level 5, unhappiness)."""
    return bool(plan.offers) and (plan.level == 5 or plan.reason is Reason.DISSATISFIED)


def missing_of(entries: Entries, known: Known) -> tuple[Missing, ...]:
    """Everything that is missing, first things first; empty when the ticket can be cancelled."""
    found: list[Missing] = []
    if not identity_is_known(entries, known):
        found.append(Missing("identity", Section.ASKING))
    if entries.reason is None:
        found.append(Missing("reason", Section.REASON))
    plan = known.plan
    if plan is None or entries.reason is None:
        return tuple(found)
    found += _missing_evidence(entries, known, plan)
    found += _missing_plan(entries, plan)
    if needs_approval(entries, plan) and known.approver is None and not known.parked:
        found.append(Missing("approval", Section.APPROVAL))
    found += _missing_consent(entries, plan)
    return tuple(found)


def _missing_evidence(entries: Entries, known: Known, plan: Plan) -> list[Missing]:
    found = [
        Missing(f"evidence.{item.name}", Section.REASON)
        for item in own_fields(plan)
        if item.required
        and not (
            field_is_right(item, entries.evidence_of(item.name), known=known) and _corrects(item, entries, known.ticket)
        )
    ]
    if len(entries.note.strip()) < note_needed(plan):
        found.append(Missing("note", Section.REASON))
    if offer_must_be_declined(entries, plan) and not entries.offer_declined:
        found.append(Missing("offer", Section.REASON))
    return found


def _corrects(item: EvidenceField, entries: Entries, ticket: Ticket) -> bool:
    """Whether a correction can be made: a detail that the ticket has, and another value that can stand in it.

    Any other evidence corrects nothing and is always right here.
    """
    field = correctable(entries.evidence_of("field"))
    if item.name == "field":
        return bool(field)
    if item.name == "right" and field:
        right = entries.evidence_of("right").strip()
        return is_usable(field, right) and right != str(getattr(ticket, field))
    return True


def _missing_plan(entries: Entries, plan: Plan) -> list[Missing]:
    found: list[Missing] = []
    if plan.level == 5 and entries.because_of_result is None:
        found.append(Missing("result", Section.PLAN))
    if plan.customer_pays_minor and not entries.by_phone and not entries.settlement:
        found.append(Missing("settlement", Section.PLAN))
    if plan.rights and not entries.rights_told:
        found.append(Missing("rights", Section.PLAN))
    return found


def _missing_consent(entries: Entries, plan: Plan) -> list[Missing]:
    grade = grade_in_force(entries, plan.consent)
    codes: list[str] = []
    if grade is Grade.PHONE and not entries.recording.strip():
        codes.append("recording")
    if grade in (Grade.PHONE, Grade.VERBAL) and not entries.read_back:
        codes.append("read_back")
    if grade in (Grade.PHONE, Grade.VERBAL) and not entries.said_yes:
        codes.append("said_yes")
    if grade is Grade.PROXY:
        proxy = (entries.proxy_name, entries.proxy_relation, entries.proxy_authority)
        if not all(text.strip() for text in proxy):
            codes.append("proxy")
    if grade is Grade.STORE_STARTED and not entries.read_back:
        codes.append("notice")
    if grade is Grade.REFUSED and not entries.witness:
        codes.append("witness")
    if takes_strokes(grade, by_phone=entries.by_phone) and not entries.strokes:
        codes.append("signature.proxy" if grade is Grade.PROXY else "signature")
    return [Missing(code, Section.CONSENT) for code in codes]
