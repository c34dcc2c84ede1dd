"""One row of a table made one ticket, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Protocol

from store_desk.domain.imports import (
    Field,
    FileShape,
    Mapping,
)
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import (
    Parcel,
    Review,
    Ticket,
    TicketFacts,
    Work,
)
from store_desk.exchange.amounts import AmountProblem, read_amount, read_currency
from store_desk.exchange.limits import (
    CACHE_ENTRIES,
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    OTHER_COLUMNS_MAX,
    OTHER_LENGTH_MAX,
    PRODUCT_LENGTH_MAX,
    WORD_LENGTH_MAX,
)
from store_desk.exchange.meanings import Meanings, Refusal
from store_desk.exchange.normalise import (
    clean_code,
    clean_description,
    clean_text,
    has_controls,
    is_unreadable,
)
from store_desk.exchange.phones import read_phone
from store_desk.exchange.times import TimeReader, TimeUnreadable, day_comes_first

# What a spreadsheet makes of a long number when it stores it as one: its last digits are gone.
_DIGITS_LOST: Final = re.compile(r"\d[.,]\d+E\+?\d{2}", re.IGNORECASE)
_NO_FACTS: Final = TicketFacts()
_TIME_FIELDS: Final = (Field.CREATED_AT, Field.UPDATED_AT, Field.DUE_AT, Field.CLOSED_AT, Field.PURCHASED_ON)
# The order in which a row is taken apart; `read` names its cells by it.
_ORDER: Final = (
    Field.NUMBER, Field.STATE, Field.REVIEW, Field.WORK, Field.TYPE, Field.PROBLEM_TYPE, Field.CANCEL_REASON,
    Field.CREATED_AT, Field.CREATED_TIME, Field.UPDATED_AT, Field.DUE_AT, Field.CLOSED_AT, Field.CURRENCY, Field.AMOUNT,
    Field.COMPENSATION, Field.PHONE, Field.CUSTOMER, Field.DESCRIPTION, Field.STORE, Field.SOURCE_KEY,
    Field.ORDER_NUMBER, Field.SERIAL, Field.PRODUCT, Field.BRAND, Field.CATEGORY, Field.ASSIGNEE, Field.CHANNEL,
    Field.WAYBILL, Field.CARRIER, Field.PURCHASED_ON, Field.WARRANTY_UNTIL,
)  # fmt: skip
_ONE_LINE: Final = re.compile(r"[^\n\r\t]*")
_word = lru_cache(maxsize=CACHE_ENTRIES)(clean_text)


class StoreDefaults(Protocol):
    """What the store is."""

    @property
    def store(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket read from a row; `essence` is all that the row said, for telling whether anything changed."""

    ticket: Ticket
    cancelled: bool
    reason: Reason | None
    essence: str


class RowReader:
    """Reads rows of one file into tickets of one store."""

    def __init__(
        self,
        shape: FileShape,
        columns: dict[Field, int],
        mapping: Mapping,
        defaults: StoreDefaults,
        new_id: Callable[[], str],
    ) -> None:
        self._source = mapping.source
        self._store = defaults.store
        self._own_currency = defaults.currency
        self._country = defaults.country
        self._now = defaults.now
        self._new_id = new_id
        self._meanings = Meanings(mapping.values)
        times = [row[columns[field]] for field in _TIME_FIELDS if field in columns for row in shape.sample]
        self._times = TimeReader(defaults.zone, day_first=day_comes_first(times, defaults.country))
        mapped = set(columns.values())
        others = [place for place in range(len(shape.headings)) if place not in mapped]
        self._others = [(shape.headings[place], place) for place in others[:OTHER_COLUMNS_MAX]]
        self._mapped = sorted(mapped)
        # Fields without a column read the empty cell that every row gets at its end.
        self._at = tuple(columns.get(field, -1) for field in _ORDER)

    def says_nothing(self, cells: list[str]) -> bool:
        """Whether all matched cells are empty: a blank row, or the further lines of a nested export."""
        return not cells[self._at[0]] and not any(cells[place].strip() for place in self._mapped)

    def read(self, cells: list[str]) -> Draft:
        """The row as a ticket. Raises Refusal."""
        (
            number, state, review_word, work_word, type_word, problem_word, cancel, created_at, created_time,
            updated_at, due_at, closed_at, currency, amount, compensation, phone, customer, description, store,
            source_key, order_number, serial, product, brand, category, assignee, channel, waybill, carrier,
            purchased, warranty,
        ) = map([*cells, ""].__getitem__, self._at)  # fmt: skip
        checked_number = _number(number)
        created = self._moment(Field.CREATED_AT, f"{created_at} {created_time}" if created_time else created_at)
        updated = self._moment(Field.UPDATED_AT, updated_at)
        due = self._moment(Field.DUE_AT, due_at)
        closed = self._moment(Field.CLOSED_AT, closed_at)
        review, work, cancelled = self._meanings.state(state, review_word, work_word)
        own_currency = self._currency(currency)
        amount_minor = self._amount(Field.AMOUNT, amount)
        problem = _words(Field.PROBLEM_TYPE, problem_word)
        kind = self._meanings.kind(type_word, problem)
        cancel_words = _words(Field.CANCEL_REASON, cancel)
        called = read_phone(phone, self._country)
        _bounded(Field.PHONE, called.number, NUMBER_LENGTH_MAX)
        others = self._other_words(cells) if self._others else ()
        facts = _NO_FACTS
        if cancel_words or called.note or waybill or carrier or purchased or warranty or others:
            facts = self._facts(cancel_words, called.note, (waybill, carrier), (purchased, warranty), others)
        last = updated or created or self._now
        over = cancelled or work is Work.DONE or review is Review.REJECTED
        ticket = Ticket(
            id=self._new_id(),
            number=checked_number,
            store=_words(Field.STORE, store) or self._store,
            customer=_name(customer),
            type=kind,
            review=review,
            work=work,
            created_at=created or last,
            updated_at=last,
            currency=own_currency,
            source=self._source,
            source_key=_code(Field.SOURCE_KEY, source_key, NAME_LENGTH_MAX),
            order_number=_code(Field.ORDER_NUMBER, order_number, NUMBER_LENGTH_MAX),
            phone=called.number,
            serial=_code(Field.SERIAL, serial, NUMBER_LENGTH_MAX),
            product=_words(Field.PRODUCT, product, PRODUCT_LENGTH_MAX),
            brand=_words(Field.BRAND, brand),
            category=_words(Field.CATEGORY, category),
            problem_type=problem,
            description=_description(description),
            amount_minor=amount_minor,
            compensation_minor=self._compensation(compensation) if compensation else 0,
            assignee=_words(Field.ASSIGNEE, assignee),
            origin_channel=_words(Field.CHANNEL, channel),
            due_at=due,
            review_since=last if review is Review.UNDER_REVIEW else None,
            closed_at=(closed or last) if over else None,
            facts=facts,
        )
        reason = self._meanings.reason(cancel_words) if cancelled else None
        return Draft(ticket, cancelled, reason, _essence(ticket, (created, updated, due, closed), cancelled))

    def _currency(self, text: str) -> str:
        own = self._own_currency
        if text and text != own and read_currency(text, own) != own:
            raise Refusal(Field.CURRENCY, text, "currency_other")
        return own

    def _amount(self, field: Field, text: str) -> int | None:
        if not text:
            return None
        amount = read_amount(text, self._own_currency)
        if isinstance(amount, AmountProblem):
            raise Refusal(field, text, amount.value)
        return amount

    def _compensation(self, text: str) -> int:
        amount = self._amount(Field.COMPENSATION, text) or 0
        if amount < 0:
            raise Refusal(Field.COMPENSATION, text, "amount_unreadable")
        return amount

    def _moment(self, field: Field, text: str) -> datetime | None:
        if not text:
            return None
        try:
            return self._times.time(text)
        except TimeUnreadable:
            raise Refusal(field, text, "time_unreadable") from None

    def _day(self, field: Field, text: str) -> date | None:
        try:
            return self._times.day(text)
        except TimeUnreadable:
            raise Refusal(field, text, "time_unreadable") from None

    def _facts(
        self,
        cancel_words: str,
        note: str,
        parcel: tuple[str, str],
        days: tuple[str, str],
        others: tuple[tuple[str, str], ...],
    ) -> TicketFacts:
        _bounded(Field.PHONE, note, NAME_LENGTH_MAX)
        waybill, carrier = _code(Field.WAYBILL, parcel[0], NUMBER_LENGTH_MAX), _words(Field.CARRIER, parcel[1])
        return TicketFacts(
            purchased_on=self._day(Field.PURCHASED_ON, days[0]),
            warranty_until=self._day(Field.WARRANTY_UNTIL, days[1]),
            parcel=Parcel(carrier=carrier, waybill=waybill) if waybill or carrier else None,
            cancel_words=cancel_words,
            contact_note=note,
            words=others,
        )

    def _other_words(self, cells: list[str]) -> tuple[tuple[str, str], ...]:
        """Columns that no field fits; what is too long for them is cut, because nothing depends on it."""
        found = []
        for heading, place in self._others:
            if cells[place] and (text := clean_text(cells[place])):
                kept = text[:OTHER_LENGTH_MAX]
                found.append((heading, kept.encode("utf-8", "replace").decode() if is_unreadable(kept) else kept))
        return tuple(found)


def _bounded(field: Field, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refusal(field, text, "too_long")
    if not text.isascii() and is_unreadable(text):
        raise Refusal(field, text.encode("utf-8", "replace").decode(), "row_broken")


def _number(text: str) -> str:
    number = _code(Field.NUMBER, text, NUMBER_LENGTH_MAX)
    if not number:
        raise Refusal(Field.NUMBER, "", "number_missing")
    if _DIGITS_LOST.fullmatch(number):
        raise Refusal(Field.NUMBER, number, "digits_lost")
    return number


def _code(field: Field, text: str, longest: int) -> str:
    if not text:
        return ""
    code = clean_code(text)
    if code.isalnum():
        if len(code) > longest:
            raise Refusal(field, code, "too_long")
        return code
    if not code.isprintable() and (has_controls(code) or not _ONE_LINE.fullmatch(code)):
        raise Refusal(field, "".join(c if c.isprintable() else "\ufffd" for c in code), "control_characters")
    _bounded(field, code, longest)
    return code


def _words(field: Field, text: str, longest: int = WORD_LENGTH_MAX) -> str:
    if not text:
        return ""
    words = _word(text)
    _bounded(field, words, longest)
    return words


def _name(text: str) -> str:
    name = clean_text(text)
    _bounded(Field.CUSTOMER, name, NAME_LENGTH_MAX)
    return name


def _description(text: str) -> str:
    _bounded(Field.DESCRIPTION, text, DESCRIPTION_LENGTH_MAX)
    return clean_description(text)


def _essence(ticket: Ticket, moments: tuple[datetime | None, ...], cancelled: bool) -> str:
    """All that the row said, normalised; the id and the moment of reading are no part of it."""
    facts = "" if ticket.facts is _NO_FACTS else repr(ticket.facts)
    return "\x1f".join(
        (
            ticket.number, ticket.store, ticket.customer, ticket.type.value, ticket.review.value, ticket.work.value,
            *map(_stamp, moments),
            ticket.currency, ticket.source_key, ticket.order_number, ticket.phone, ticket.serial, ticket.product,
            ticket.brand, ticket.category, ticket.problem_type, ticket.description, str(ticket.amount_minor),
            str(ticket.compensation_minor), ticket.assignee, ticket.origin_channel, facts, "x" if cancelled else "",
        )
    )  # fmt: skip


def _stamp(moment: datetime | None) -> str:
    return "" if moment is None else str(moment.timestamp())
