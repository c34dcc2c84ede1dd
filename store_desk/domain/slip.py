"""What a slip says: frozen facts and wording from which the paper is drawn, the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

# One stroke is a run of points (x, y, pressure, milliseconds since the first point); x and y are in units of the
# pad's width, so that the drawing keeps its shape; pressure runs from 0 to 1.
Point = tuple[float, float, float, int]
Stroke = tuple[Point, ...]


class SlipVariant(Enum):
    """Which paper it is."""

    CANCELLATION = "cancellation"
    REQUEST = "request"
    FOLLOW_UP = "follow_up"
    REFUSAL = "refusal"
    CHANGE = "change"
    VOID = "void"
    STOP_SHEET = "stop_sheet"


class SlipStatus(Enum):
    """Whether the last word has been spoken."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Paper(Enum):
    """Papers a slip can be drawn on."""

    A5 = "a5"
    MM80 = "80mm"
    A4 = "a4"
    MM58 = "58mm"


class Copy(Enum):
    """Whose copy it is."""

    CUSTOMER = "customer"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Both:
    """The same words in Chinese and English; `en` may be empty where there is only one text (a name, a note)."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled line; `amount_minor` is set on money lines only."""

    label: Both
    value: Both = Both("")
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class StoreHead:
    """The store as the slip's head shows it; `mark` is the one character of its sign."""

    code: str
    name: Both
    address: str = ""
    phone: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class SlipData:
    """Everything printed on one slip, in wording fixed when it was made.

    `number` is empty on a draft. `customer_phone` is masked already. `strokes` are the customer's, empty where the
    consent grade has none. `previous_hash` is the hash of this desk's slip before it (hex), `read_back_hash` that of
    the read-back text. `confirms` names the provisional slip that this one replaces; `withdraws` the slip it voids.
    """

    variant: SlipVariant
    status: SlipStatus
    number: str
    issued_at: datetime
    zone: str
    time_source: Both
    store: StoreHead
    desk: int
    ticket_number: str
    ticket_type: Both
    customer: Both
    customer_phone: str
    product: Both
    serial: str
    order_number: str
    state: Both
    review: Both
    work: Both
    asked: Both
    identity: Both
    reason: Both
    customer_words: str
    evidence: tuple[Line, ...]
    currency: str
    money: tuple[Line, ...]
    money_total: Line | None
    agreed: tuple[Both, ...]
    obligations: tuple[Line, ...]
    rights: tuple[Both, ...]
    next_steps: tuple[Both, ...]
    promise: Both
    how_to_reopen: Both
    how_to_object: Both
    read_back: Both
    read_back_hash: str
    consent: Both
    consent_detail: Both
    signer: Both
    signed_at: datetime | None
    strokes: tuple[Stroke, ...]
    clerk: Both
    approver: Both | None
    legal: Both
    previous_hash: str = ""
    confirms: str = ""
    withdraws: str = ""
    demo: bool = False
    qr_text: str = ""
    short_code: str = ""


def title_of(variant: SlipVariant) -> Both:
    """The paper's title."""
    return _TITLES[variant]


_TITLES = {
    SlipVariant.CANCELLATION: Both("售后工单撤销单", "After-sales cancellation slip"),
    SlipVariant.REQUEST: Both("撤销申请回执（待总部确认）", "Cancellation request, awaiting head office"),
    SlipVariant.FOLLOW_UP: Both("撤销后续通知", "Cancellation follow-up"),
    SlipVariant.REFUSAL: Both("撤销未通过通知", "Cancellation refused"),
    SlipVariant.CHANGE: Both("工单变更单", "Ticket change slip"),
    SlipVariant.VOID: Both("撤回通知", "Withdrawal notice"),
    SlipVariant.STOP_SHEET: Both("停止作业单", "Stop-work sheet"),
}
