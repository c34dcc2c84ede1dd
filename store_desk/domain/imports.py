"""Bringing tickets in from a file: the fields a column can be matched to, and what reading one row can give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, Ticket, Work


class Field(Enum):
    """What a column of an export can be; the values are the names of the command line's `--map FIELD=HEADING`."""

    NUMBER = "number"
    ORDER_NUMBER = "order_number"
    CUSTOMER = "customer"
    PHONE = "phone"
    STORE = "store"
    CATEGORY = "category"
    PRODUCT = "product"
    BRAND = "brand"
    SERIAL = "serial"
    PROBLEM_TYPE = "problem_type"
    DESCRIPTION = "description"
    TYPE = "type"
    STATE = "state"
    REVIEW = "review"
    WORK = "work"
    CANCEL_REASON = "cancel_reason"
    AMOUNT = "amount"
    COMPENSATION = "compensation"
    CURRENCY = "currency"
    CREATED_AT = "created_at"
    CREATED_TIME = "created_time"
    UPDATED_AT = "updated_at"
    DUE_AT = "due_at"
    CLOSED_AT = "closed_at"
    ASSIGNEE = "assignee"
    CHANNEL = "channel"
    WARRANTY_UNTIL = "warranty_until"
    PURCHASED_ON = "purchased_on"
    WAYBILL = "waybill"
    CARRIER = "carrier"
    SOURCE_KEY = "source_key"


# Without these a row is no ticket; everything else may be missing.
REQUIRED = (Field.NUMBER,)

# Values of one state column by default: (review, work, cancelled).
StateValue = tuple[Review, Work, bool]
DEFAULT_STATES: dict[str, StateValue] = {
    "待审核": (Review.PENDING_REVIEW, Work.UNASSIGNED, False),
    "审核中": (Review.UNDER_REVIEW, Work.UNASSIGNED, False),
    "已通过": (Review.APPROVED, Work.UNASSIGNED, False),
    "待处理": (Review.APPROVED, Work.UNASSIGNED, False),
    "已分配": (Review.APPROVED, Work.ASSIGNED, False),
    "处理中": (Review.IN_PROCESS, Work.IN_PROCESS, False),
    "待确认": (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION, False),
    "已完成": (Review.APPROVED, Work.DONE, False),
    "已退款": (Review.APPROVED, Work.DONE, False),
    "已驳回": (Review.REJECTED, Work.UNASSIGNED, False),
    "已取消": (Review.PENDING_REVIEW, Work.UNASSIGNED, True),
    "已撤销": (Review.PENDING_REVIEW, Work.UNASSIGNED, True),
}


@dataclass(frozen=True, slots=True)
class FileShape:
    """What was found out about a file before its rows are read."""

    name: str
    format: str
    encoding: str
    separator: str
    sheet: str
    headings: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which heading feeds which field, and what their words mean.

    `columns` maps a field to a heading of the file. `values` maps (field name, their word) to our value:
    for state `REVIEW/WORK` or `cancelled`, for type a TicketType value, for cancel_reason a Reason value.
    `source` names the system that the file comes from (remembered with the headings).
    """

    columns: dict[Field, str]
    values: dict[tuple[str, str], str]
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that is a ticket. `line` is the line in the file (1 is the heading line; the row of a sheet).

    `cancelled` rows get a confirmed case of origin import, with `reason` (else other) and their words kept in the
    ticket's facts. `digest` is 16 bytes over the row's normalised values: equal digests mean nothing changed.
    """

    line: int
    ticket: Ticket
    cancelled: bool
    reason: Reason | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be taken: its line, the field, the value as it stood, and a code with words in both languages.

    Codes: number_missing, number_twice, value_unknown, currency_other, too_long, row_broken, time_unreadable,
    amount_unreadable, control_characters, digits_lost (a spreadsheet made 2.02402E+17 of the number),
    conflict_case (the ticket has a case here; it keeps its state).
    """

    line: int
    field: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The numbers of one import, or of its check."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    conflicts: int = 0
    without_phone: int = 0
