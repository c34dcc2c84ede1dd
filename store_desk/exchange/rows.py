"""One row of a table made one ticket, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Protocol

from store_desk.domain.imports import DEFAULT_STATES, Field, FileShape, Mapping, StateValue
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Work
from store_desk.exchange.amounts import AmountProblem, read_amount, read_currency
from store_desk.exchange.folding import fold
from store_desk.exchange.limits import (
    CACHE_ENTRIES,
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    OTHER_COLUMNS_MAX,
    OTHER_LENGTH_MAX,
    WORD_LENGTH_MAX,
)
from store_desk.exchange.normalise import (
    clean_code,
    clean_description,
    clean_text,
    has_controls,
    is_unreadable,
)
from store_desk.exchange.phones import read_phone
from store_desk.exchange.times import TimeReader, TimeUnreadable, day_comes_first
from store_desk.exchange.vocabulary import REASONS, REVIEWS, STATES, TYPES, WORKS, parse_state, type_of_problem

# What a spreadsheet makes of a long number when it stores it as one: its last digits are gone.
_DIGITS_LOST: Final = re.compile(r"\d[.,]\d+E\+?\d{2}", re.IGNORECASE)
# An empty state cell: nobody has looked at the request yet.
_NO_STATE: Final = DEFAULT_STATES["待审核"]
_NO_FACTS: Final = TicketFacts()
_CLOSED_WORKS: Final = frozenset({Work.DONE})
_TIME_FIELDS: Final = (Field.CREATED_AT, Field.UPDATED_AT, Field.DUE_AT, Field.CLOSED_AT, Field.PURCHASED_ON)
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


class Refusal(Exception):
    """Why this row is no ticket."""

    def __init__(self, field: Field, value: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.value = value
        self.code = code


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket read from a row; `essence` is all that the row said, for telling whether anything changed."""

    ticket: Ticket
    cancelled: bool
    reason: Reason | None
    essence: str


@dataclass(frozen=True, slots=True)
class _Moments:
    created: datetime | None
    updated: datetime | None
    due: datetime | None
    closed: datetime | None


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
        self._at = columns
        self._source = mapping.source
        self._defaults = defaults
        self._new_id = new_id
        times = [row[columns[field]] for field in _TIME_FIELDS if field in columns for row in shape.sample]
        self._times = TimeReader(defaults.zone, day_first=day_comes_first(times, defaults.country))
        self._said = {(field, fold(word)): value for (field, word), value in mapping.values.items()}
        mapped = set(columns.values())
        others = [place for place in range(len(shape.headings)) if place not in mapped]
        self._others = [(shape.headings[place], place) for place in others[:OTHER_COLUMNS_MAX]]
        self._mapped = sorted(mapped)
        self._states: dict[str, StateValue] = {}
        self._types: dict[str, TicketType] = {}

    def says_nothing(self, cells: list[str]) -> bool:
        """Whether all matched cells are empty: a blank row, or the further lines of a nested export."""
        return not cells[self._at[Field.NUMBER]] and not any(cells[place].strip() for place in self._mapped)

    def read(self, cells: list[str]) -> Draft:
        """The row as a ticket. Raises Refusal."""
        number = self._number(cells)
        moments = self._moments(cells)
        review, work, cancelled = self._state(cells)
        currency = self._currency(cells)
        amount = self._amount(cells, Field.AMOUNT)
        compensation = self._amount(cells, Field.COMPENSATION) or 0
        if compensation < 0:
            raise Refusal(Field.COMPENSATION, self._cell(cells, Field.COMPENSATION), "amount_unreadable")
        problem = self._words(cells, Field.PROBLEM_TYPE)
        kind = self._type(cells, problem)
        cancel_words = self._words(cells, Field.CANCEL_REASON)
        reason = self._reason(cancel_words) if cancelled else None
        phone = read_phone(self._cell(cells, Field.PHONE), self._defaults.country)
        self._bounded(Field.PHONE, phone.number, NUMBER_LENGTH_MAX)
        facts = self._facts(cells, cancel_words, phone.note)
        created = moments.created or moments.updated or self._defaults.now
        updated = moments.updated or moments.created or self._defaults.now
        over = cancelled or work in _CLOSED_WORKS or review is Review.REJECTED
        ticket = Ticket(
            id=self._new_id(),
            number=number,
            store=self._words(cells, Field.STORE) or self._defaults.store,
            customer=self._name(cells),
            type=kind,
            review=review,
            work=work,
            created_at=created,
            updated_at=updated,
            currency=currency,
            source=self._source,
            source_key=self._code(cells, Field.SOURCE_KEY, NAME_LENGTH_MAX),
            order_number=self._code(cells, Field.ORDER_NUMBER, NUMBER_LENGTH_MAX),
            phone=phone.number,
            serial=self._code(cells, Field.SERIAL, NUMBER_LENGTH_MAX),
            product=self._words(cells, Field.PRODUCT),
            brand=self._words(cells, Field.BRAND),
            category=self._words(cells, Field.CATEGORY),
            problem_type=problem,
            description=self._description(cells),
            amount_minor=amount,
            compensation_minor=compensation,
            assignee=self._words(cells, Field.ASSIGNEE),
            origin_channel=self._words(cells, Field.CHANNEL),
            due_at=moments.due,
            review_since=updated if review is Review.UNDER_REVIEW else None,
            closed_at=(moments.closed or updated) if over else None,
            facts=facts,
        )
        return Draft(ticket, cancelled, reason, _essence(ticket, moments, cancelled))

    # --- one field each ------------------------------------------------------------------------------------

    def _cell(self, cells: list[str], field: Field) -> str:
        place = self._at.get(field)
        return "" if place is None else cells[place]

    def _bounded(self, field: Field, text: str, longest: int) -> None:
        if len(text) > longest:
            raise Refusal(field, text, "too_long")
        if text and not text.isascii() and is_unreadable(text):
            raise Refusal(field, text.encode("utf-8", "replace").decode(), "row_broken")

    def _number(self, cells: list[str]) -> str:
        number = self._code(cells, Field.NUMBER, NUMBER_LENGTH_MAX)
        if not number:
            raise Refusal(Field.NUMBER, "", "number_missing")
        if _DIGITS_LOST.fullmatch(number):
            raise Refusal(Field.NUMBER, number, "digits_lost")
        return number

    def _code(self, cells: list[str], field: Field, longest: int) -> str:
        place = self._at.get(field)
        if place is None or not cells[place]:
            return ""
        code = clean_code(cells[place])
        if not code.isalnum():
            if has_controls(code) or "\n" in code or "\t" in code or "\r" in code:
                shown = "".join(c if c.isprintable() else "\ufffd" for c in code)
                raise Refusal(field, shown, "control_characters")
            self._bounded(field, code, longest)
        elif len(code) > longest:
            raise Refusal(field, code, "too_long")
        return code

    def _words(self, cells: list[str], field: Field) -> str:
        place = self._at.get(field)
        if place is None or not cells[place]:
            return ""
        words = _word(cells[place])
        self._bounded(field, words, WORD_LENGTH_MAX)
        return words

    def _name(self, cells: list[str]) -> str:
        name = clean_text(self._cell(cells, Field.CUSTOMER))
        self._bounded(Field.CUSTOMER, name, NAME_LENGTH_MAX)
        return name

    def _description(self, cells: list[str]) -> str:
        text = self._cell(cells, Field.DESCRIPTION)
        self._bounded(Field.DESCRIPTION, text, DESCRIPTION_LENGTH_MAX)
        return clean_description(text)

    def _currency(self, cells: list[str]) -> str:
        own = self._defaults.currency
        text = self._cell(cells, Field.CURRENCY)
        if text and text != own and read_currency(text, own) != own:
            raise Refusal(Field.CURRENCY, text, "currency_other")
        return own

    def _amount(self, cells: list[str], field: Field) -> int | None:
        place = self._at.get(field)
        if place is None or not cells[place]:
            return None
        amount = read_amount(cells[place], self._defaults.currency)
        if isinstance(amount, AmountProblem):
            raise Refusal(field, cells[place], amount.value)
        return amount

    def _moments(self, cells: list[str]) -> _Moments:
        created = self._moment(cells, Field.CREATED_AT, self._cell(cells, Field.CREATED_TIME))
        return _Moments(
            created,
            self._moment(cells, Field.UPDATED_AT),
            self._moment(cells, Field.DUE_AT),
            self._moment(cells, Field.CLOSED_AT),
        )

    def _moment(self, cells: list[str], field: Field, clock: str = "") -> datetime | None:
        place = self._at.get(field)
        if place is None or not (text := cells[place]):
            return None
        try:
            return self._times.time(f"{text} {clock}" if clock.strip() else text)
        except TimeUnreadable:
            raise Refusal(field, text, "time_unreadable") from None

    def _day(self, cells: list[str], field: Field) -> date | None:
        text = self._cell(cells, field)
        if not text:
            return None
        try:
            return self._times.day(text)
        except TimeUnreadable:
            raise Refusal(field, text, "time_unreadable") from None

    # --- words with a meaning ------------------------------------------------------------------------------

    def _state(self, cells: list[str]) -> StateValue:
        word = self._cell(cells, Field.STATE)
        state = self._states.get(word)
        if state is None:
            state = self._states[word] = self._state_of(word)
        review, work, cancelled = state
        if Field.REVIEW in self._at and (text := self._cell(cells, Field.REVIEW).strip()):
            review = self._rung(Field.REVIEW, text)
        if Field.WORK in self._at and (text := self._cell(cells, Field.WORK).strip()):
            work = self._step(text)
        return review, work, cancelled

    def _state_of(self, word: str) -> StateValue:
        key = fold(clean_text(word))
        said = self._said.get((Field.STATE.value, key))
        if said is not None:
            return parse_state(said)
        if not key:
            return _NO_STATE
        if key not in STATES:
            raise Refusal(Field.STATE, word, "value_unknown")
        return STATES[key]

    def _rung(self, field: Field, text: str) -> Review:
        key = fold(clean_text(text))
        said = self._said.get((field.value, key))
        if said is not None:
            return Review(said)
        if key not in REVIEWS:
            raise Refusal(field, text, "value_unknown")
        return REVIEWS[key]

    def _step(self, text: str) -> Work:
        key = fold(clean_text(text))
        said = self._said.get((Field.WORK.value, key))
        if said is not None:
            return Work(said)
        if key not in WORKS:
            raise Refusal(Field.WORK, text, "value_unknown")
        return WORKS[key]

    def _type(self, cells: list[str], problem: str) -> TicketType:
        if (place := self._at.get(Field.TYPE)) is not None and (text := cells[place].strip()):
            key = fold(clean_text(text))
            said = self._said.get((Field.TYPE.value, key))
            if said is not None:
                return TicketType(said)
            if key not in TYPES:
                raise Refusal(Field.TYPE, text, "value_unknown")
            return TYPES[key]
        kind = self._types.get(problem)
        if kind is None:
            said = self._said.get((Field.PROBLEM_TYPE.value, fold(problem)))
            kind = TicketType(said) if said is not None else type_of_problem(problem)
            if len(self._types) < CACHE_ENTRIES:
                self._types[problem] = kind
        return kind

    def _reason(self, words: str) -> Reason | None:
        key = fold(words)
        said = self._said.get((Field.CANCEL_REASON.value, key))
        return Reason(said) if said is not None else REASONS.get(key)

    def _facts(self, cells: list[str], cancel_words: str, note: str) -> TicketFacts:
        others = self._other_words(cells) if self._others else ()
        waybill = self._code(cells, Field.WAYBILL, NUMBER_LENGTH_MAX)
        carrier = self._words(cells, Field.CARRIER)
        purchased = self._day(cells, Field.PURCHASED_ON)
        warranty = self._day(cells, Field.WARRANTY_UNTIL)
        if not (others or waybill or carrier or purchased or warranty or cancel_words or note):
            return _NO_FACTS
        self._bounded(Field.PHONE, note, NAME_LENGTH_MAX)
        return replace(
            _NO_FACTS,
            purchased_on=purchased,
            warranty_until=warranty,
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


def _essence(ticket: Ticket, moments: _Moments, cancelled: bool) -> str:
    """All that the row said, normalised; the id and the moment of reading are no part of it."""
    facts = "" if ticket.facts is _NO_FACTS else repr(ticket.facts)
    return "\x1f".join(
        (
            ticket.number, ticket.store, ticket.customer, ticket.type.value, ticket.review.value, ticket.work.value,
            _stamp(moments.created), _stamp(moments.updated), _stamp(moments.due), _stamp(moments.closed),
            ticket.currency, ticket.source_key, ticket.order_number, ticket.phone, ticket.serial, ticket.product,
            ticket.brand, ticket.category, ticket.problem_type, ticket.description, str(ticket.amount_minor),
            str(ticket.compensation_minor), ticket.assignee, ticket.origin_channel, facts, "x" if cancelled else "",
        )
    )  # fmt: skip


def _stamp(moment: datetime | None) -> str:
    return "" if moment is None else str(moment.timestamp())
