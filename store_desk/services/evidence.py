"""Evidence that a reason asks for: checked against its kind, and put into one form."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo

from store_desk.domain.case import CONFIRMED_STATES, OPEN_STATES
from store_desk.domain.errors import EvidenceInvalid, EvidenceMissing
from store_desk.domain.money import digits_of
from store_desk.domain.plan import Plan
from store_desk.domain.reasons import EvidenceField, Kind, Reason
from store_desk.domain.ticket import Ticket
from store_desk.services.linked import correctable, is_usable
from store_desk.services.ports import UnitOfWork

VALUE_LENGTH_MAX = 2_000
# A note says the same as these fields, so it may stand for them: nobody types it twice.
FROM_NOTE = frozenset({"how", "text"})
AMOUNT_MINOR_MAX = 10**12
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def amount_minor_of(text: str, *, currency: str) -> int | None:
    """Minor units of an amount typed by a person (`1,299.50`, `¥120`), or None when it is none."""
    cleaned = text.strip().lstrip("¥￥$€£").replace("，", ",").removesuffix("元").strip()
    digits = digits_of(currency)
    # A comma groups thousands or nothing: `12,5` may be meant as twelve and a half, so it is asked again.
    if "," in cleaned and THOUSANDS.fullmatch(cleaned) is None:
        return None
    cleaned = cleaned.replace(",", "")
    whole, _, rest = cleaned.partition(".")
    if (
        not whole.isascii()
        or not whole.isdigit()
        or len(rest) > digits
        or (rest and not (rest.isascii() and rest.isdigit()))
    ):
        return None
    amount = int(whole) * 10**digits + (int(rest.ljust(digits, "0")) if digits else 0)
    return amount if amount <= AMOUNT_MINOR_MAX else None


def _day(text: str) -> date | None:
    cleaned = text.strip().replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    parts = cleaned.split("-")
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])) if len(parts) == 3 else None
    except ValueError:
        return None


def agreed(evidence: tuple[tuple[str, str], ...], *, currency: str, zone: tzinfo) -> tuple[int, datetime | None]:
    """The amount that the store owes under an agreement, and until when (the end of that day in the store's zone)."""
    given = dict(evidence)
    minor = amount_minor_of(given.get("amount", ""), currency=currency) or 0
    day = _day(given.get("due", ""))
    return minor, datetime.combine(day, time(23, 59, 59), tzinfo=zone) if day else None


def check(
    evidence: tuple[tuple[str, str], ...], *, note: str, plan: Plan, ticket: Ticket, uow: UnitOfWork
) -> tuple[tuple[str, str], ...]:
    """The evidence in its one form: amounts as `120.00`, days as ISO, tickets by number.

    Raises EvidenceMissing naming every field that is not there, EvidenceInvalid for one that cannot be right.
    """
    given = {name: value.strip() for name, value in evidence if value.strip()}
    wanted = {item.name: item for item in plan.evidence}
    for name, value in given.items():
        if name not in wanted:
            raise EvidenceInvalid(field=name, value=value[:80])
    for name in FROM_NOTE & wanted.keys():
        if name not in given and note.strip():
            given[name] = note.strip()
    missing = [item.name for item in plan.evidence if item.required and not _enough(item, given.get(item.name, ""))]
    if missing:
        raise EvidenceMissing(reason=plan.reason.value, fields=tuple(missing))
    if plan.reason is Reason.WRONG_INFORMATION:
        _check_correction(given, ticket)
    return tuple((name, _checked(wanted[name], value, ticket=ticket, uow=uow)) for name, value in sorted(given.items()))


def _check_correction(given: dict[str, str], ticket: Ticket) -> None:
    """The ticket is made again with the detail put right: a detail it has, with another value that can stand in it."""
    field = correctable(given["field"])
    if not field:
        raise EvidenceInvalid(field="field", value=given["field"][:80])
    if not is_usable(field, given["right"]) or given["right"] == getattr(ticket, field):
        raise EvidenceInvalid(field="right", value=given["right"][:80])


def _enough(item: EvidenceField, value: str) -> bool:
    return len(value) >= item.at_least if item.kind is Kind.TEXT else bool(value)


def _checked(item: EvidenceField, value: str, *, ticket: Ticket, uow: UnitOfWork) -> str:
    invalid = EvidenceInvalid(field=item.name, value=value[:80])
    if len(value) > VALUE_LENGTH_MAX:
        raise invalid
    if item.kind is Kind.AMOUNT:
        minor = amount_minor_of(value, currency=ticket.currency)
        if minor is None:
            raise invalid
        digits = digits_of(ticket.currency)
        return f"{minor // 10**digits}" + (f".{minor % 10**digits:0{digits}d}" if digits else "")
    if item.kind is Kind.DATE:
        day = _day(value)
        if day is None:
            raise invalid
        return day.isoformat()
    if item.kind is Kind.CHOICE and value not in item.choices:
        raise invalid
    if item.kind is Kind.TICKET:
        found = uow.tickets.by_number(value)
        if len(found) != 1 or found[0].id == ticket.id or _is_dead(found[0], uow):
            raise invalid
        return found[0].number
    return value


def _is_dead(ticket: Ticket, uow: UnitOfWork) -> bool:
    """Whether the ticket is being or has been cancelled, so that nothing would survive in it."""
    last = next(iter(uow.cases.of_ticket(ticket.id)), None)
    return last is not None and last.state in OPEN_STATES | CONFIRMED_STATES


def presentable(evidence: tuple[tuple[str, str], ...], *, plan: Plan) -> tuple[tuple[str, str], ...]:
    """What can be shown of unfinished evidence: fields of this reason that have a value of the right kind."""
    wanted = {item.name: item for item in plan.evidence}
    shown: list[tuple[str, str]] = []
    for name, value in sorted(dict(evidence).items()):
        item = wanted.get(name)
        if item is None or not value.strip():
            continue
        if item.kind is Kind.DATE:
            day = _day(value)
            if day is None:
                continue
            value = day.isoformat()
        shown.append((name, value.strip()))
    return tuple(shown)
